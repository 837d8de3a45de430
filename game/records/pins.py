"""A PIN of four digits against mix-ups at a station: kept as a salted hash.

It keeps two patients apart who look alike on a list. It is no secret worth the name: there are
10,000 of them, and whoever has the records can try them all.
"""

import hashlib
import hmac
import os

from game.records.errors import RecordsError

PIN_DIGITS = 4

_SALT_BYTES = 16
_COST, _BLOCK, _LANES = 2**12, 8, 1


def checked_pin(text: str) -> str:
    """``text`` as a PIN. Raises RecordsError, without the text, unless it is four digits 0 to 9."""
    if len(text) != PIN_DIGITS or not (text.isascii() and text.isdigit()):
        raise RecordsError(f"a PIN is {PIN_DIGITS} digits, such as 0417")
    return text


def hash_of(pin: str) -> str:
    """What is kept of a PIN: salt and hash, in hexadecimal."""
    salt = os.urandom(_SALT_BYTES)
    return f"{salt.hex()}:{_digest(checked_pin(pin), salt).hex()}"


def is_pin(pin: str, kept: str) -> bool:
    """Whether ``pin`` is the one that ``kept`` was made of."""
    salt, _, digest = kept.partition(":")
    made = _digest(pin, bytes.fromhex(salt))
    return hmac.compare_digest(made, bytes.fromhex(digest))


def _digest(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, dklen=32)
