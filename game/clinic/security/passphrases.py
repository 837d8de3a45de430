"""Passphrases: what is kept of one (scrypt, RFC 7914), and whether a word is it.

A kept passphrase is ``scrypt$log2(N)$r$p$salt$key`` with salt and key in base64, so that the cost
can be raised later and old ones still verify.
"""

import base64
import hashlib
import hmac
import os
import threading
import unicodedata
from dataclasses import dataclass

#: Four common words are about 20 letters; twelve is the least that a guesser cannot try out.
LEAST_LETTERS = 12
MOST_LETTERS = 200

_SALT_BYTES = 16
_KEY_BYTES = 32

#: Each verification holds 32 MB for a fifth of a second: many at once are made to wait.
_at_once = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Cost:
    """What one guess costs: N = 2 ** ``log2_n``, block size ``r``, ``p`` in sequence.

    The default is one of OWASP's equivalent choices (32 MB, Password Storage Cheat Sheet).
    """

    log2_n: int = 15
    r: int = 8
    p: int = 3

    @property
    def memory(self) -> int:
        """Bytes that OpenSSL has to be allowed."""
        return 128 * self.r * ((1 << self.log2_n) + self.p + 2)


USUAL_COST = Cost()


def checked_passphrase(text: str, name: str = "") -> str:
    """``text`` as a passphrase, normalised, so that it is the same on every keyboard.

    Raises ValueError with one sentence if it is too short, too long, or the account's own name.
    """
    passphrase = unicodedata.normalize("NFKC", text)
    if len(passphrase) < LEAST_LETTERS:
        raise ValueError(
            f"a passphrase needs at least {LEAST_LETTERS} letters: four words are easy to keep"
        )
    if len(passphrase) > MOST_LETTERS:
        raise ValueError(f"a passphrase has at most {MOST_LETTERS} letters")
    if len(set(passphrase)) < 5 or (name and passphrase.casefold() == name.casefold()):
        raise ValueError("that passphrase is too easy to guess: take four words")
    return passphrase


def kept_passphrase(passphrase: str, cost: Cost = USUAL_COST, salt: bytes | None = None) -> str:
    """What is kept of ``passphrase``; ``salt`` is 16 random bytes unless given."""
    salt = os.urandom(_SALT_BYTES) if salt is None else salt
    key = _key(passphrase, salt, cost)
    return f"scrypt${cost.log2_n}${cost.r}${cost.p}${_text(salt)}${_text(key)}"


def is_passphrase(passphrase: str, kept: str) -> bool:
    """Whether ``kept`` was made of ``passphrase``. Takes as long whether it is or not."""
    _, log2_n, r, p, salt, key = kept.split("$")
    cost = Cost(int(log2_n), int(r), int(p))
    normal = unicodedata.normalize("NFKC", passphrase)[: 2 * MOST_LETTERS]
    return hmac.compare_digest(_key(normal, base64.b64decode(salt), cost), base64.b64decode(key))


def nobodys(cost: Cost = USUAL_COST) -> str:
    """A kept passphrase that nothing is: verified for names that are nobody's, so that how long an
    answer takes does not tell who has an account."""
    return kept_passphrase(os.urandom(_KEY_BYTES).hex(), cost)


def _key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    with _at_once:
        return hashlib.scrypt(
            passphrase.encode(),
            salt=salt,
            n=1 << cost.log2_n,
            r=cost.r,
            p=cost.p,
            maxmem=2 * cost.memory,
            dklen=_KEY_BYTES,
        )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
