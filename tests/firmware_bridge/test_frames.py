"""A stream of bytes -> samples: every rule for bad input, and any chunking."""

import os
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge import protocol
from firmware_bridge.frames import Counters, Decoder
from tests.firmware_bridge.streams import hello, state, states
from tests.firmware_bridge.twins import decode_slowly

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"


@dataclass
class Read:
    """All that a stream gave, over all chunks."""

    samples: list[tuple[int, int, int]] = field(default_factory=list)
    frames: list[tuple[int, int]] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    counters: Counters | None = None


def read(*chunks: bytes) -> Read:
    decoder, out, base = Decoder(), Read(), 0
    for chunk in chunks:
        got = decoder.feed(chunk)
        out.samples += zip(
            got.device_us.tolist(), got.mask.tolist(), got.unbroken.tolist(), strict=True
        )
        out.frames += zip(got.frame_us.tolist(), got.frame_restart.tolist(), strict=True)
        out.ends += [base + end for end in got.frame_end.tolist()]
        out.messages += [payload for payload, _ in got.messages]
        assert got.frame_sample[-1] == got.device_us.size
        base += len(chunk)
    out.counters = decoder.counters
    return out


def counted(stream: bytes) -> dict[str, int]:
    counters = read(stream).counters
    assert counters is not None
    return {name: n for name, n in counters._asdict().items() if n}


HELLO = b"\0" + hello()
STATE = state(0, 1_000_000)


def test_a_state_gives_its_masks_oldest_first_one_scan_apart() -> None:
    got = read(HELLO + state(0, 5_000, bytes([8, 7, 6, 5, 4, 3, 2, 1])))
    assert [(t, m) for t, m, _ in got.samples] == [
        (5_000 - 250 * age, 8 - age) for age in range(7, -1, -1)
    ]


def test_overlapping_history_is_handed_out_once() -> None:
    got = read(HELLO + states(10))
    assert [t for t, _, _ in got.samples] == list(range(1_000_000 - 1_750, 1_009_001, 250))


def test_an_end_is_the_place_just_after_the_frame() -> None:
    stream = HELLO + STATE + states(2, first=1, start_us=1_001_000)
    assert read(stream).ends == [len(HELLO) + 20, len(HELLO) + 40, len(HELLO) + 60]


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"\xff\x10 noise \0" + HELLO + STATE, {"frames": 1, "messages": 1}),
        (bytes([7]) * 500 + HELLO + STATE, {"frames": 1, "messages": 1}),
        (hello() + STATE, {"frames": 1, "messages": 1}),
        (HELLO + b"\0\0\0\0" + STATE, {"frames": 1, "messages": 1}),
        (HELLO + bytes([7]) * 62 + b"\0" + STATE, {"frames": 1, "messages": 1, "bad_length": 1}),
        (HELLO + bytes([7]) * 5000 + b"\0" + STATE, {"frames": 1, "messages": 1, "bad_length": 1}),
        (HELLO + bytes([7]) * 5000, {"messages": 1, "bad_length": 1}),
        (HELLO + bytes([7]) * 61, {"messages": 1}),
        (HELLO + bytes([7]) * 62, {"messages": 1, "bad_length": 1}),
        (HELLO + b"\x09\x01\0" + STATE, {"frames": 1, "messages": 1, "bad_length": 1}),
        (HELLO + b"\x03\x01\x02\0" + STATE, {"frames": 1, "messages": 1, "bad_length": 1}),
        (HELLO + STATE[:9] + bytes([STATE[9] ^ 4]) + STATE[10:], {"messages": 1, "bad_crc": 1}),
        (HELLO + protocol.frame(b"\x66abc") + STATE, {"frames": 1, "messages": 1, "unknown": 1}),
        (HELLO + protocol.frame(b"\x82\1\1\1\1\1"), {"messages": 1, "unknown": 1}),
        (HELLO + protocol.frame(b"\x03\1"), {"messages": 1, "bad_length": 1}),
        (HELLO + state(0, 0, bytes(7)), {"messages": 1, "bad_length": 1}),
        (HELLO + protocol.frame(b"\x01" + bytes(7)), {"messages": 1, "bad_length": 1}),
        (HELLO + state(0, 0, b"\x20" + bytes(7)), {"messages": 1, "bad_value": 1}),
        (HELLO + state(0, 0, flags=0x80), {"messages": 1, "bad_value": 1}),
        (b"\0" + hello(scan_hz=0) + STATE, {"bad_value": 1, "unmatched": 1}),
        (b"\0" + hello(history=51) + STATE, {"bad_value": 1, "unmatched": 1}),
        (b"\0" + hello(epoch=4) + STATE, {"bad_value": 1, "unmatched": 1}),
        (
            b"\0" + STATE + hello() + state(1, 1_001_000),
            {"frames": 1, "messages": 1, "unmatched": 1},
        ),
        (HELLO + state(0, 0, flags=0x10), {"messages": 1, "unmatched": 1}),
        (b"\0" + hello(version=2) + STATE, {"messages": 1, "unmatched": 1}),
        (HELLO + STATE + STATE, {"frames": 2, "messages": 1}),
    ],
)
def test_bad_input_is_counted_and_the_stream_goes_on(
    stream: bytes, expected: dict[str, int]
) -> None:
    assert counted(stream) == expected


def test_a_corrupt_frame_costs_only_itself() -> None:
    one, two, three = state(0, 1_000_000), state(1, 1_001_000), state(2, 1_002_000)
    broken = two[:10] + bytes([two[10] ^ 0xFF or 1]) + two[11:]
    got = read(HELLO + one + broken + three)
    assert [t for t, _ in got.frames] == [1_000_000, 1_002_000]
    assert [t for t, _, _ in got.samples][-8:] == list(range(1_000_250, 1_002_001, 250))
    assert got.counters is not None
    assert (got.counters.gaps, got.counters.missing, got.counters.repaired) == (1, 1, 1)
    assert all(unbroken for _, _, unbroken in got.samples[1:])


def test_two_frames_lost_are_more_than_history_covers() -> None:
    got = read(HELLO + state(0, 1_000_000) + state(3, 1_003_000))
    assert got.counters is not None
    assert (got.counters.gaps, got.counters.missing, got.counters.repaired) == (1, 2, 0)
    assert [unbroken for t, _, unbroken in got.samples if t > 1_000_000] == [0] + [1] * 7


def test_the_sequence_wraps_without_a_gap() -> None:
    assert counted(HELLO + states(4, first=65_534)) == {"frames": 4, "messages": 1}


def test_device_time_goes_on_when_its_32_bits_wrap() -> None:
    got = read(HELLO + states(4, start_us=2**32 - 1_500))
    assert [t for t, _ in got.frames] == [2**32 - 1_500 + 1_000 * n for n in range(4)]
    assert [restart for _, restart in got.frames] == [1, 0, 0, 0]


def test_time_running_back_is_a_restart() -> None:
    got = read(HELLO + state(0, 9_000_000) + state(1, 8_999_000))
    assert got.frames == [(9_000_000, 1), (8_999_000, 1)]


def test_a_new_boot_nonce_is_a_restart_and_the_same_one_is_not() -> None:
    stream = HELLO + state(0, 9_000_000) + hello() + state(1, 9_001_000)
    assert [restart for _, restart in read(stream).frames] == [1, 0]
    stream = HELLO + state(0, 9_000_000) + hello(nonce=8) + state(1, 9_001_000)
    assert [restart for _, restart in read(stream).frames] == [1, 1]


def test_a_new_setting_changes_the_spacing_of_history_from_its_hello_on() -> None:
    slow = hello(epoch=1, history=4, hop=1, scan_hz=1_000)
    stream = HELLO + STATE + state(1, 1_001_000, bytes(4), flags=0x10) + slow
    stream += state(2, 1_010_000, bytes(4), flags=0x10)
    got = read(stream)
    assert got.counters is not None
    assert got.counters.unmatched == 1
    assert [t for t, _, _ in got.samples][-4:] == [1_007_000, 1_008_000, 1_009_000, 1_010_000]
    assert [restart for _, restart in got.frames] == [1, 0]


def test_other_messages_are_handed_out_whole_and_in_order() -> None:
    pong = protocol.encode(protocol.Pong(1, 0, 0))
    ack = protocol.encode(protocol.Ack(1, 0x85, 0))
    stream = HELLO + protocol.frame(pong) + STATE + protocol.frame(ack)
    assert read(stream).messages == [protocol.unframe(hello()[:-1]), pong, ack]


def test_a_stamp_near_the_newest_sample_is_unwrapped_to_either_side() -> None:
    decoder = Decoder()
    decoder.feed(HELLO + states(3, start_us=2**32 - 1_000))
    assert decoder.unwrap(500) == 2**32 + 500
    assert decoder.unwrap(2**32 - 5_000) == 2**32 - 5_000


def test_after_reconnecting_a_hello_is_awaited_again_and_the_counters_go_on() -> None:
    decoder = Decoder()
    decoder.feed(HELLO + STATE + b"\x05half")
    decoder.reconnect()
    decoder.feed(b"of a frame\0" + STATE + hello() + state(1, 1_000))
    assert decoder.counters == Counters(2, 2, 0, 0, 0, 0, 1, 0, 0, 0)


# -- properties ---------------------------------------------------------------------------------

_pieces = st.one_of(
    st.builds(
        lambda n, t, m, f: state(n, t * 250, bytes(m), flags=f),
        st.integers(0, 40),
        st.one_of(st.integers(0, 200), st.just(2**34 // 1000)),
        st.lists(st.integers(0, 33), min_size=7, max_size=9),
        st.sampled_from([0, 0, 0, 0x10, 0x40]),
    ),
    st.integers(0, 60).map(lambda n: state(n, n * 1_000, bytes([n % 32] * 8))),
    st.integers(0, 60).map(lambda n: states(5, first=n, start_us=n * 1_000, mask=n % 32)),
    st.builds(hello, nonce=st.sampled_from([7, 7, 8]), epoch=st.sampled_from([0, 0, 1, 5])),
    st.builds(hello, history=st.just(4), scan_hz=st.sampled_from([0, 1_000, 3_000])),
    st.just(hello(version=2)),
    st.binary(max_size=80),
    st.binary(max_size=58).map(lambda p: protocol.frame(p)),
    st.just(b"\x05" * 70),
    st.just(b"\0"),
)


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """A stream that is mostly right, with some of its bytes changed, lost or added."""
    stream = bytearray(b"".join(draw(st.lists(_pieces, max_size=20))))
    if draw(st.booleans()):
        stream[:0] = HELLO
    for place, kind, byte in draw(
        st.lists(
            st.tuples(st.integers(0, 5_000), st.integers(0, 2), st.integers(0, 255)), max_size=5
        )
    ):
        if stream:
            at = place % len(stream)
            if kind == 0:
                stream[at] = byte
            elif kind == 1:
                del stream[at]
            else:
                stream.insert(at, byte)
    return bytes(stream)


def cut(stream: bytes, sizes: list[int]) -> list[bytes]:
    chunks, position, n = [], 0, 0
    while position < len(stream):
        size = sizes[n % len(sizes)]
        chunks.append(stream[position : position + size])
        position += size
        n += 1
    return chunks


@settings(max_examples=5_000 if SOAK else 300, deadline=None)
@given(streams())
def test_the_kernel_reads_what_its_twin_reads(stream: bytes) -> None:
    got, twin = read(stream), decode_slowly(stream)
    assert got.counters is not None
    assert {k: v for k, v in got.counters._asdict().items() if v} == {
        k: v for k, v in twin.counters.items() if v
    }
    assert got.samples == twin.samples
    assert got.frames == twin.frames
    assert got.messages == twin.messages


@settings(max_examples=5_000 if SOAK else 300, deadline=None)
@given(streams(), st.lists(st.integers(0, 40), min_size=1, max_size=20).filter(any))
def test_how_a_stream_is_cut_changes_nothing(stream: bytes, sizes: list[int]) -> None:
    assert read(*cut(stream, sizes)) == read(stream)


def test_ten_megabytes_of_noise_raise_nothing_and_leave_the_stream_readable() -> None:
    random = np.random.default_rng(1)
    decoder = Decoder()
    for _ in range(10):
        decoder.feed(random.integers(0, 256, 1_000_000, np.uint8).tobytes())
    decoder.feed(b"\0")
    before = decoder.counters
    decoder.feed(HELLO + states(100))
    after = decoder.counters
    assert after.frames - before.frames == 100
    assert after.refused == before.refused
    assert before.refused > 30_000
