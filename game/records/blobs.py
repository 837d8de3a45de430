"""Arrays and a JSON document in one compressed, versioned block of bytes.

Format 1: the eight letters ``GRIPTUNE``, one byte 1, then a zlib stream of: the length of the
header (4 bytes, little-endian), the header (JSON: ``arrays``, a list of name, type, shape; and
``document``), and the arrays' bytes one after the other, little-endian, in that order.

No pickle: reading a block can give wrong numbers, never run anything.
"""

import hashlib
import json
import math
import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from game.records.types import to_json

_MAGIC = b"GRIPTUNE\x01"

#: No play is larger unpacked (a day of edges every millisecond is 860 MB and not a play either).
MOST_BYTES = 256 * 1024 * 1024

#: Booleans and numbers; nothing that holds a reference.
_KINDS = frozenset("biuf")

_PLAIN = re.compile(r"[<|][biuf](1|2|4|8)")


def encode(arrays: Mapping[str, np.ndarray], document: Any = None) -> bytes:
    """The block that :func:`decode` turns back into ``arrays``, byte for byte, and ``document``.

    Arrays may be structured and of any shape. Raises ValueError for types that are not numbers or
    booleans, TypeError for what JSON does not know.
    """
    return _MAGIC + zlib.compress(_payload(arrays, document))


def digest(arrays: Mapping[str, np.ndarray], document: Any = None) -> str:
    """SHA-256 of what a block holds, independent of how it was compressed."""
    return hashlib.sha256(_payload(arrays, document)).hexdigest()


def decode(block: bytes) -> tuple[dict[str, np.ndarray], Any]:
    """The arrays (new and writable) and the document in ``block``.

    Raises ValueError if it is not such a block, damaged, or of a later format.
    """
    if not block.startswith(_MAGIC):
        raise ValueError("not a block of play data, or one of a later format")
    unpacker = zlib.decompressobj()
    try:
        payload = unpacker.decompress(block[len(_MAGIC) :], MOST_BYTES)
    except zlib.error as error:
        raise ValueError(f"the play data are damaged ({error})") from None
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("the play data are damaged (cut short, too long or followed by more)")
    try:
        return _unpack(payload)
    except (struct.error, TypeError, KeyError, IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"the play data are damaged ({error})") from None


def _payload(arrays: Mapping[str, np.ndarray], document: Any) -> bytes:
    listed = []
    pieces = []
    for name, array in arrays.items():
        _check_type(array.dtype)
        # Other byte orders exist on other machines; in the file there is one.
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        listed.append([name, _described(little.dtype), list(little.shape)])
        pieces.append(little.tobytes())
    header = to_json({"arrays": listed, "document": document}).encode()
    return b"".join([struct.pack("<I", len(header)), header, *pieces])


def _unpack(payload: bytes) -> tuple[dict[str, np.ndarray], Any]:
    (length,) = struct.unpack_from("<I", payload)
    start = 4 + length
    header = json.loads(payload[4:start])
    arrays = {}
    for name, described, shape in header["arrays"]:
        dtype = _dtype(described)
        _check_type(dtype)
        if any(not isinstance(n, int) or n < 0 for n in shape):
            raise ValueError("the play data are damaged (an array of impossible shape)")
        count = math.prod(shape)
        end = start + count * dtype.itemsize
        if end > len(payload):
            raise ValueError("the play data are damaged (an array is cut short)")
        array = np.frombuffer(payload, dtype, count, start) if count else np.zeros(0, dtype)
        arrays[name] = array.reshape(shape).astype(dtype.newbyteorder("="), copy=True)
        start = end
    if start != len(payload):
        raise ValueError("the play data are damaged (followed by more)")
    return arrays, header["document"]


def _described(dtype: np.dtype) -> Any:
    return dtype.str if dtype.names is None else [[n, dtype[n].str] for n in dtype.names]


def _dtype(described: Any) -> np.dtype:
    if isinstance(described, str):
        return _plain(described)
    return np.dtype([(name, _plain(kind)) for name, kind in described])


def _plain(described: str) -> np.dtype:
    # Of the little language numpy reads here only this much is ever written.
    if not _PLAIN.fullmatch(described):
        raise ValueError(f"the play data are damaged (“{described}” is no type)")
    return np.dtype(described)


def _check_type(dtype: np.dtype) -> None:
    fields = [dtype] if dtype.names is None else [dtype[name] for name in dtype.names]
    if any(field.kind not in _KINDS or field.shape for field in fields):
        raise ValueError(f"an array of {dtype} cannot be kept: numbers and booleans only")
