"""One message on the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import protocol
from firmware_bridge.protocol import Ack, Diag, Hello, Out, Ping, Pong, SetRate, State

MESSAGES = {
    "01 34 12 78 56 34 12 10 01 00": State(0x1234, 0x12345678, 0x10, b"\x01\x00"),
    "02 01 00 03 05 08 04 02 01 00 a0 0f ef be 47 4c 4f 56 45 30 30 31": Hello(
        1, 0, 3, 5, 8, 4, 2, 1, 0, 4_000, 0xBEEF, b"GLOVE001"
    ),
    "03 07 04 03 02 01 ff ff ff ff": Pong(7, 0x01020304, 0xFFFFFFFF),
    "04 07 83 03": Ack(7, 0x83, protocol.ACK_OVER_BANDWIDTH),
    "05 88 13 ff 00 01 02 03 01 00 02 00 03 00 04 00": Diag(
        5_000, b"\xff\x00\x01\x02\x03", 1, 2, 3, 4
    ),
    "81": protocol.AskHello(),
    "82 09 04 03 02 01": Ping(9, 0x01020304),
    "83 09 a0 0f 04 08": SetRate(9, 4_000, 4, 8),
    "84 09 02": protocol.Stream(9, protocol.STREAM_EVENT),
    "85 09 10 ff 78 00": Out(9, 0x10, 255, 120),
    "86 09 42 4f 4f 54": protocol.Reset(9, protocol.RESET_MAGIC),
}


def test_the_crc_has_its_check_value() -> None:
    assert protocol.crc16(b"123456789") == 0x29B1


def test_the_table_of_the_kernels_is_the_same_crc() -> None:
    table = protocol.crc_table()
    crc = 0xFFFF
    for byte in b"123456789":
        crc = (crc << 8 & 0xFFFF) ^ int(table[crc >> 8 ^ byte])
    assert crc == 0x29B1


@pytest.mark.parametrize(("text", "message"), MESSAGES.items())
def test_every_message_has_its_bytes(text: str, message: protocol.Message) -> None:
    payload = bytes.fromhex(text)
    assert protocol.encode(message) == payload
    assert protocol.decode(payload) == message


def test_the_table_has_a_sample_of_every_message() -> None:
    assert {type(m) for m in MESSAGES.values()} == {row.message for row in protocol.LAYOUTS}


@pytest.mark.parametrize("text", [t for t in MESSAGES if not t.startswith("01")])
def test_a_length_that_is_wrong_by_one_is_refused(text: str) -> None:
    payload = bytes.fromhex(text)
    with pytest.raises(ValueError, match="length"):
        protocol.decode(payload + b"\0")
    with pytest.raises(ValueError, match=r"length|unknown"):
        protocol.decode(payload[:-1])


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "unknown"),
        (b"\x06", "unknown"),
        (b"\x01\0\0\0\0\0\0\0", "length"),
        (b"\x01\0\0\0\0\0\0\0" + bytes(51), "length"),
        (b"\x01\0\0\0\0\0\0\x40\0", "reserved"),
        (b"\x01\0\0\0\0\0\0\0\0\x20", "reserved"),
    ],
)
def test_what_cannot_be_is_refused(payload: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        protocol.decode(payload)


@pytest.mark.parametrize("masks", [b"", bytes(51)])
def test_a_state_needs_masks_that_fit(masks: bytes) -> None:
    with pytest.raises(ValueError, match="masks"):
        protocol.encode(State(0, 0, 0, masks))


def test_a_field_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        protocol.encode(Ping(256, 0))


@given(st.binary(max_size=254))
def test_stuffing_removes_every_zero_and_can_be_undone(data: bytes) -> None:
    run = protocol.cobs(data)
    assert 0 not in run
    assert len(run) == len(data) + 1
    assert protocol.uncobs(run) == data


@given(st.binary(min_size=1, max_size=58), st.data())
def test_one_wrong_bit_is_always_found(payload: bytes, data: st.DataObject) -> None:
    framed = protocol.frame(payload)
    bit = data.draw(st.integers(0, 8 * (len(framed) - 1) - 1))
    broken = bytearray(framed[:-1])
    broken[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ValueError):
        protocol.unframe(bytes(broken))


@pytest.mark.parametrize(
    ("name", "frame_bytes", "percent", "covered"),
    [("standard", 20, 40, 1), ("safe", 16, 32, 3), ("fast", 16, 32, 3), ("lite", 16, 69, 1)],
)
def test_the_profiles_are_those_of_the_table(
    name: str, frame_bytes: int, percent: int, covered: int
) -> None:
    profile = protocol.PROFILES[name]
    assert profile.frame_bytes == frame_bytes
    assert len(protocol.frame(protocol.encode(State(1, 1, 0, bytes(profile.history))))) == (
        frame_bytes
    )
    assert round(100 * profile.line_use) == percent
    assert profile.frames_covered == covered


def test_a_rate_that_lost_a_third_of_its_frames_is_over_the_limit() -> None:
    assert protocol.line_use(1_000, 1, 4, 115_200) > protocol.MAX_LINE_USE


@given(
    st.lists(st.sampled_from(list(MESSAGES.values())), max_size=8),
    st.binary(max_size=20),
    st.lists(st.integers(1, 30), min_size=1),
)
def test_commands_are_split_the_same_in_any_chunks(
    messages: list[protocol.Message], noise: bytes, sizes: list[int]
) -> None:
    stream = noise + b"\0" + b"".join(protocol.frame(protocol.encode(m)) for m in messages)
    whole, pieces = protocol.Splitter(), protocol.Splitter()
    expected = whole.feed(stream)
    found = []
    position = 0
    while position < len(stream):
        size = sizes[position % len(sizes)]
        found += pieces.feed(stream[position : position + size])
        position += size
    assert found == expected
    assert found[len(found) - len(messages) :] == [protocol.encode(m) for m in messages]
    assert pieces.refused == whole.refused


def test_a_run_without_end_does_not_grow() -> None:
    splitter = protocol.Splitter()
    assert splitter.feed(b"\x81\0") == [], "what comes before the first zero is no error"
    for _ in range(100):
        assert splitter.feed(b"\x01" * 1_000) == []
    assert splitter.feed(b"\0" + protocol.frame(b"\x81")) == [b"\x81"]
    assert splitter.refused == 1
