"""Noise and damage in bulk: nothing raises, nothing damaged is taken, and cutting changes nothing.

Small by default; ``GRIPTUNE_SOAK=1`` makes it 100 MB of noise and a million damaged streams.
"""

import binascii
import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from firmware_bridge import protocol
from firmware_bridge.frames import Counters, Decoded, Decoder
from tests.firmware_bridge.streams import hello, state

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"
NOISE_BYTES = 100_000_000 if SOAK else 3_000_000
STREAMS = 1_000_000 if SOAK else 10_000

_CHUNK = 1_000_000


def unstuffed(run: bytes) -> bytes | None:
    """COBS undone, written apart from the program's; None for what is no COBS."""
    out = bytearray()
    at = 0
    while at < len(run):
        code = run[at]
        if at + code > len(run):
            return None
        out += run[at + 1 : at + code]
        at += code
        if at < len(run):
            out.append(0)
    return bytes(out)


def is_whole(run: bytes) -> bool:
    """Whether the bytes between two zeros hold a payload with its own CRC."""
    data = unstuffed(run)
    if data is None or len(data) < 3:
        return False
    return binascii.crc_hqx(data[:-2], 0xFFFF) == int.from_bytes(data[-2:], "little")


def run_before(stream: bytes, end: int) -> bytes:
    """The bytes between the zero that closes at ``end`` and the zero before it."""
    assert stream[end - 1] == 0
    return stream[stream.rfind(b"\0", 0, end - 1) + 1 : end - 1]


def assert_all_whole(stream: bytes, ends: list[int]) -> None:
    """Everything that was taken carries the checksum of what it holds."""
    for end in ends:
        run = run_before(stream, end)
        assert is_whole(run), run.hex()


@dataclass
class Taken:
    """All that was taken from a stream, whatever its cutting."""

    arrays: list[list[np.ndarray]] = field(default_factory=lambda: [[], [], [], [], []])
    messages: list[tuple[bytes, int]] = field(default_factory=list)
    counters: Counters | None = None

    def add(self, got: Decoded, base: int) -> None:
        arrays: tuple[np.ndarray, ...] = (
            got.device_us, got.mask, got.unbroken, got.frame_us, got.frame_restart,
        )  # fmt: skip
        for kept, one in zip(self.arrays, arrays, strict=True):
            kept.append(one)
        self.messages += [(payload, base + end) for payload, end in got.messages]

    def same_as(self, other: "Taken") -> bool:
        return (
            self.counters == other.counters
            and self.messages == other.messages
            and all(
                np.array_equal(np.concatenate(a), np.concatenate(b))
                for a, b in zip(self.arrays, other.arrays, strict=True)
            )
        )


def taken(chunks: Iterator[bytes]) -> tuple[Taken, list[int]]:
    """What a decoder takes from ``chunks``, and where in the stream each frame ended."""
    decoder, all_of_it, ends, base = Decoder(), Taken(), [], 0
    for chunk in chunks:
        got = decoder.feed(chunk)
        all_of_it.add(got, base)
        ends += [base + end for end in got.frame_end.tolist()]
        ends += [base + end for _, end in got.messages]
        base += len(chunk)
    all_of_it.counters = decoder.counters
    return all_of_it, ends


def cut(stream: bytes, random: np.random.Generator, mean: float) -> Iterator[bytes]:
    at = 0
    while at < len(stream):
        step = 1 + int(random.exponential(mean))
        yield stream[at : at + step]
        at += step


def noise(random: np.random.Generator, kind: int) -> bytes:
    """A megabyte that hits ever deeper: any bytes, many short runs, runs that are COBS."""
    if kind == 0:
        return random.integers(0, 256, _CHUNK, np.uint8).tobytes()
    data = random.integers(0, 256, _CHUNK, np.uint8)
    lengths = random.integers(4, 62, _CHUNK // 4)
    ends = np.cumsum(lengths)
    ends = ends[ends < _CHUNK]
    if kind == 2:
        # One block from end to end, so that every run comes to its checksum.
        data[data == 0] = 1
        starts = np.concatenate(([0], ends[:-1] + 1))
        data[starts] = (ends - starts).astype(np.uint8)
    data[ends] = 0
    return data.tobytes()


@pytest.mark.timeout(3_600)
def test_noise_raises_nothing_and_what_is_taken_has_its_checksum() -> None:
    random = np.random.default_rng(31)
    checked = 0
    whole, pieces = Decoder(), Decoder()
    for n in range(NOISE_BYTES // _CHUNK):
        # Each ends with a run of its own, so that every run lies within one megabyte.
        stream = noise(random, n % 3) + b"\0"
        one = Taken()
        got = whole.feed(stream)
        one.add(got, 0)
        one_ends = got.frame_end.tolist() + [end for _, end in got.messages]
        cuts, base = Taken(), 0
        for chunk in cut(stream, random, 3_000):
            cuts.add(pieces.feed(chunk), base)
            base += len(chunk)
        one.counters, cuts.counters = whole.counters, pieces.counters
        assert one.same_as(cuts)
        assert_all_whole(stream, one_ends)
        checked += len(one_ends)
    counters = whole.counters
    # One run in 65 536 has the right checksum by chance; nearly all of those are of no known type.
    assert counters.bad_crc > NOISE_BYTES // 200
    assert counters.good < counters.bad_crc / 10_000
    assert checked == counters.messages + counters.frames


_HELLOS = (
    hello(),
    hello(nonce=8),
    hello(epoch=1, history=4, hop=1, scan_hz=1_000),
    hello(version=2),
)
_OTHERS = tuple(
    protocol.frame(protocol.encode(message))
    for message in (
        protocol.Pong(1, 2, 3),
        protocol.Ack(1, 0x85, 0),
        protocol.Diag(5_000, bytes(range(5)), 0, 0, 0, 0),
    )
)


def valid(random: np.random.Generator) -> bytearray:
    """A short stream as a glove sends it."""
    stream = bytearray(b"\0" + _HELLOS[0])
    sequence, time_us = int(random.integers(0, 2**16)), int(random.integers(0, 2**32))
    masks = random.integers(0, 32, 40, np.uint8).tobytes()
    for n in range(int(random.integers(2, 5))):
        stream += state(sequence + n, time_us + 1_000 * n, masks[8 * n : 8 * n + 8])
    other = int(random.integers(0, 12))
    if other < len(_OTHERS):
        stream += _OTHERS[other]
    elif other < len(_OTHERS) + len(_HELLOS):
        stream += _HELLOS[other - len(_OTHERS)]
    stream += state(sequence + 5, time_us + 5_000, masks[:8])
    return stream


def damage(stream: bytearray, random: np.random.Generator) -> None:
    """One to four wounds: a bit, a byte, a loss, a doubling, two pieces swapped."""
    for kind, place, other, byte in random.integers(
        0, (6, 2**16, 2**16, 256), (int(random.integers(1, 5)), 4)
    ).tolist():
        at = place % len(stream)
        to = min(len(stream), at + 1 + other % 30)
        if kind == 0:
            stream[at] ^= 1 << (byte & 7)
        elif kind == 1:
            stream[at] = byte
        elif kind == 2:
            del stream[at:to]
        elif kind == 3:
            stream[at:at] = stream[at:to]
        elif kind == 4:
            stream.insert(at, byte)
        else:
            stream[at:to] = stream[at:to][::-1]
        if len(stream) < 2:
            stream += b"\0\0"


@pytest.mark.timeout(3_600)
def test_damaged_streams_raise_nothing_and_give_only_whole_frames() -> None:
    random = np.random.default_rng(47)
    frames = refused = 0
    for _ in range(STREAMS):
        stream = valid(random)
        damage(stream, random)
        data = bytes(stream)
        one, ends = taken(iter((data,)))
        assert_all_whole(data, ends)
        # Cut in two anywhere, and now and then into single bytes.
        at = int(random.integers(0, len(data) + 1))
        halves, _ = taken(iter((data[:at], data[at:])))
        assert one.same_as(halves), data.hex()
        if at % 64 == 0:
            crumbs, _ = taken(data[n : n + 1] for n in range(len(data)))
            assert one.same_as(crumbs), data.hex()
        assert one.counters is not None
        frames += one.counters.frames
        refused += one.counters.refused
    # The sample reaches both sides: most frames come through, and damage is seen.
    assert frames > STREAMS
    assert refused > STREAMS // 4
