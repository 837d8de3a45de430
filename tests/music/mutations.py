"""Ways to break a MIDI file, as disks, transfers and bad programs do."""

import random
import struct
from collections.abc import Callable


def flip_bits(data: bytearray, draw: random.Random) -> None:
    for _ in range(draw.choice((1, 1, 2, 5, 20))):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)


def overwrite(data: bytearray, draw: random.Random) -> None:
    at, size = draw.randrange(len(data)), draw.randrange(1, 40)
    data[at : at + size] = draw.randbytes(min(size, len(data) - at))


def cut_off(data: bytearray, draw: random.Random) -> None:
    del data[draw.randrange(len(data)) :]


def take_out(data: bytearray, draw: random.Random) -> None:
    at = draw.randrange(len(data))
    del data[at : at + draw.randrange(1, 300)]


def splice(data: bytearray, draw: random.Random) -> None:
    """A piece of the file once more, somewhere else."""
    at, size = draw.randrange(len(data)), draw.randrange(1, 2000)
    piece = data[at : at + size]
    to = draw.randrange(len(data))
    data[to:to] = piece


def swap_chunks(data: bytearray, draw: random.Random) -> None:
    """A chunk head in the middle of another chunk."""
    at = draw.randrange(len(data))
    data[at:at] = draw.choice((b"MTrk", b"MThd", b"XFIH")) + draw.randbytes(4)


def lie_about_length(data: bytearray, draw: random.Random) -> None:
    """A track that says it is shorter or longer than it is."""
    heads = [at for at in range(len(data) - 8) if data[at : at + 4] == b"MTrk"]
    if heads:
        at = draw.choice(heads)
        size = draw.choice((0, 1, 7, 0x7FFFFFFF, 0xFFFFFFFF, draw.randrange(2 * len(data))))
        data[at + 4 : at + 8] = struct.pack(">L", size)


def huge_number(data: bytearray, draw: random.Random) -> None:
    """A variable-length number of absurd size: a time or the length of an event."""
    at = draw.randrange(14, len(data)) if len(data) > 14 else 0
    number = bytes([0xFF] * draw.choice((3, 3, 4, 9, 200))) + b"\x7f"
    data[at : at + draw.choice((0, 1))] = number


def other_head(data: bytearray, draw: random.Random) -> None:
    """Another type, number of tracks or division."""
    data[8:14] = struct.pack(
        ">HHH", draw.randrange(4), draw.choice((0, 1, 3, 65_535)), draw.randrange(65_536)
    )


def strange_event(data: bytearray, draw: random.Random) -> None:
    """A tempo, time signature, key or text of any content."""
    at = draw.randrange(len(data))
    kind, size = draw.choice(((0x51, 3), (0x58, 4), (0x59, 2), (0x54, 5), (0x05, 9), (0x2F, 0)))
    data[at:at] = bytes([0, 0xFF, kind, size]) + draw.randbytes(size)


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(flip_bits, overwrite, cut_off, take_out, splice),
    *(swap_chunks, lie_about_length, huge_number, other_head, strange_event),
)


def mutated(data: bytes, draw: random.Random) -> bytes:
    """``data`` broken in one to three ways."""
    broken = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        if broken:
            draw.choice(MUTATIONS)(broken, draw)
    return bytes(broken)
