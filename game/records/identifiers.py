"""Identifiers: UUIDv7 (RFC 9562), so that rows made later sort later and stations never collide."""

import hashlib
import os
import re
from datetime import UTC, datetime

_HEX = re.compile(r"[0-9a-f]{1,32}")


def utc_now() -> datetime:
    """The present, aware, in UTC: the clock used wherever none is passed in."""
    return datetime.now(UTC)


def new_identifier(at: datetime, entropy: bytes | None = None) -> str:
    """A UUIDv7 for ``at`` in its canonical form: 36 characters, lower case, hyphens.

    48 bits of milliseconds since 1970, then 74 random bits from ``entropy`` (10 bytes; fresh ones
    by default). Raises ValueError for a naive ``at``, one before 1970, or other entropy lengths.
    """
    if at.tzinfo is None:
        raise ValueError("an identifier needs a time with a time zone")
    milliseconds = int(at.timestamp() * 1000)
    if not 0 <= milliseconds < 1 << 48:
        raise ValueError(f"no identifier can be made for the year {at.year}")
    if entropy is None:
        entropy = os.urandom(10)
    if len(entropy) != 10:
        raise ValueError(f"an identifier takes 10 random bytes, not {len(entropy)}")
    random = int.from_bytes(entropy, "big")
    value = (
        milliseconds << 80
        | 0x7 << 76
        | (random >> 62 & 0xFFF) << 64
        | 0b10 << 62
        | (random & (1 << 62) - 1)
    )
    return _with_hyphens(f"{value:032x}")


def milliseconds_of(identifier: str) -> int:
    """When ``identifier`` was made: milliseconds since 1970."""
    return int(identifier.replace("-", "")[:12], 16)


def identifier_prefix(text: str) -> str | None:
    """``text`` as the beginning of a stored identifier, or None if it cannot be one.

    Hyphens may be left out or misplaced, and capitals are accepted.
    """
    digits = text.strip().lower().replace("-", "")
    return _with_hyphens(digits) if _HEX.fullmatch(digits) else None


def _with_hyphens(digits: str) -> str:
    pieces = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "-".join(piece for piece in pieces if piece)


def tombstone(identifier: str) -> str:
    """What is kept of an identifier that was erased: enough to know it again, and nothing else.

    An identifier tells when it was made; its hash does not.
    """
    return hashlib.sha256(f"griptune erased {identifier}".encode()).hexdigest()
