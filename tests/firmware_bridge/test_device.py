"""The virtual firmware: its frames, its answers, and that steps of time do not matter."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge import protocol
from firmware_bridge.device import Burst, Device
from firmware_bridge.encoder import encode_states
from firmware_bridge.protocol import State
from firmware_bridge.virtual import Contact
from tests.firmware_bridge.test_reception import MS, Hand


def payloads(burst: Burst) -> Iterator[protocol.Message]:
    for run in burst.data.split(b"\0"):
        if run:
            yield protocol.decode(protocol.unframe(run))


def sent(device: Device, until_us: int) -> list[protocol.Message]:
    return list(payloads(device.advance(until_us)))


def ask(device: Device, message: protocol.Message, host_us: int) -> None:
    device.receive(b"\0" + protocol.frame(protocol.encode(message)), host_us)


def test_the_encoder_writes_what_the_one_message_encoder_writes() -> None:
    random = np.random.default_rng(4)
    masks = random.integers(0, 3, 500).astype(np.uint8) * 16
    newest = np.arange(8, 500, 4)
    stamps = 2**32 - 40_000 + newest * 250
    out = np.empty(newest.size * 20, np.uint8)
    ends = np.empty(newest.size, np.int64)
    size = encode_states(newest, stamps, 65_500, 0x20, masks, 8, protocol.crc_table(), out, ends)
    expected = [
        State((65_500 + i) % 2**16, int(stamps[i]) % 2**32, 0x20, bytes(masks[n - 7 : n + 1][::-1]))
        for i, n in enumerate(newest.tolist())
    ]
    frames = [protocol.frame(protocol.encode(state)) for state in expected]
    assert out[:size].tobytes() == b"".join(frames)
    assert ends.tolist() == np.cumsum([len(f) for f in frames]).tolist()


def test_it_streams_a_thousand_frames_a_second_with_hello_and_diag_once_a_second() -> None:
    messages = sent(Device(Hand(), 0, skew_ppm=0), 5_000 * MS)
    kinds = [type(m).__name__ for m in messages]
    assert kinds[0] == "Hello"
    assert 4_995 <= kinds.count("State") <= 5_000
    assert kinds.count("Hello") in (5, 6)
    assert kinds.count("Diag") == 5
    states = [m for m in messages if isinstance(m, State)]
    assert [s.sequence for s in states] == list(range(len(states)))


def test_a_frame_has_left_one_wire_time_after_its_sample() -> None:
    burst = Device(Hand(), 7_000_000).advance(8_000_000)
    states = burst.sampled_us >= 0
    assert set((burst.arrivals - burst.sampled_us)[states].tolist()) == {400}
    assert burst.arrivals.max() <= 8_000_000
    assert (np.diff(burst.arrivals) > 0).all()
    assert burst.ends[-1] == len(burst.data)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(3_000, 1_500_000), min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 300), st.integers(0, 4)), max_size=8),
)
def test_steps_of_time_change_nothing(
    steps: list[int], touches: list[tuple[int, int, int]]
) -> None:
    made = [Contact(at * MS, (at + dwell) * MS, grip) for at, dwell, grip in touches]
    stepwise(made, steps, 3_000 * MS)


def test_not_even_steps_shorter_than_a_scan() -> None:
    stepwise([Contact(100 * MS, 100_260, 0)], [97, 1, 350], 250 * MS)


def stepwise(made: list[Contact], steps: list[int], until: int) -> None:
    whole = Device(Hand(*made), 0).advance(until)
    device = Device(Hand(*made), 0)
    data, arrivals, now, n = b"", [], 0, 0
    while now < until:
        now = min(now + steps[n % len(steps)], until)
        burst = device.advance(now)
        data += burst.data
        arrivals += burst.arrivals.tolist()
        n += 1
    assert data == whole.data
    assert arrivals == whole.arrivals.tolist()


def test_ping_is_answered_with_the_device_time_at_which_the_answer_leaves() -> None:
    device = Device(Hand(), 0, skew_ppm=0, boot_us=500)
    device.advance(100 * MS)
    ask(device, protocol.Ping(3, 99), 100 * MS)
    burst = device.advance(110 * MS)
    runs = burst.data.split(b"\0")[:-1]
    [(pong, left_us, run)] = [
        (message, left_us, run)
        for message, left_us, run in zip(payloads(burst), burst.arrivals, runs, strict=True)
        if isinstance(message, protocol.Pong)
    ]
    # What was being sent is ended first.
    assert pong.device_us - 500 - 100 * MS < 400
    assert pong == protocol.Pong(3, 99, left_us - protocol.wire_us(len(run) + 1, 500_000) + 500)


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (protocol.SetRate(1, 1_000, 1, 4), protocol.ACK_OK),
        (protocol.SetRate(1, 0, 1, 4), protocol.ACK_BAD_VALUE),
        (protocol.SetRate(1, 99, 1, 4), protocol.ACK_BAD_VALUE),
        (protocol.SetRate(1, 4_001, 4, 8), protocol.ACK_BAD_VALUE),
        (protocol.SetRate(1, 1_000, 5, 4), protocol.ACK_BAD_VALUE),
        (protocol.SetRate(1, 1_000, 1, 51), protocol.ACK_BAD_VALUE),
        (protocol.SetRate(1, 4_000, 1, 8), protocol.ACK_OVER_BANDWIDTH),
        (protocol.Stream(1, 3), protocol.ACK_BAD_VALUE),
        (protocol.Out(1, 0x20, 1, 1), protocol.ACK_BAD_VALUE),
        (protocol.Reset(1, 1), protocol.ACK_BAD_VALUE),
    ],
)
def test_commands_are_acknowledged(message: protocol.Message, status: int) -> None:
    device = Device(Hand(), 0)
    device.advance(50 * MS)
    ask(device, message, 50 * MS)
    kind = protocol.BY_MESSAGE[type(message)].code
    assert protocol.Ack(1, kind, status) in sent(device, 60 * MS)


def test_a_command_of_the_wrong_length_says_so() -> None:
    device = Device(Hand(), 0)
    device.receive(b"\0" + protocol.frame(b"\x85\x09\x01"), 0)
    assert protocol.Ack(9, 0x85, protocol.ACK_BAD_LENGTH) in sent(device, 20 * MS)


def test_a_new_rate_has_a_new_epoch_and_says_hello() -> None:
    device = Device(Hand(Contact(1_000 * MS, 2_000 * MS, 0)), 0)
    device.advance(500 * MS)
    ask(device, protocol.SetRate(1, 1_000, 1, 4), 500 * MS)
    messages = sent(device, 1_500 * MS)
    hello = next(m for m in messages if isinstance(m, protocol.Hello))
    assert (hello.scan_hz, hello.hop, hello.history, hello.epoch) == (1_000, 1, 4, 1)
    states = [m for m in messages if isinstance(m, State)]
    assert {len(s.masks) for s in states} == {4}
    assert {s.flags >> 4 for s in states} == {1}
    assert {b.device_us - a.device_us for a, b in pairwise(states)} == {1_000}


def test_streaming_can_be_switched_off_and_on() -> None:
    device = Device(Hand(), 0)
    device.advance(100 * MS)
    ask(device, protocol.Stream(1, protocol.STREAM_OFF), 100 * MS)
    assert State not in {type(m) for m in sent(device, 1_500 * MS)[2:]}
    ask(device, protocol.Stream(2, protocol.STREAM_ON), 1_500 * MS)
    assert State in {type(m) for m in sent(device, 1_600 * MS)}


def test_event_mode_sends_changes_and_a_sign_of_life_every_20_ms() -> None:
    device = Device(Hand(Contact(1_005 * MS, 1_105 * MS, 4)), 0, skew_ppm=0, boot_us=0)
    ask(device, protocol.Stream(1, protocol.STREAM_EVENT), 0)
    states = [m for m in sent(device, 2_000 * MS) if isinstance(m, State)]
    times = [s.device_us for s in states]
    assert max(b - a for a, b in pairwise(times)) <= 20_000
    assert 95 <= len(states) <= 110
    assert any(1_005_000 <= t < 1_006_000 for t in times)
    assert any(1_105_000 <= t < 1_106_000 for t in times)
    assert [s.sequence for s in states] == list(range(len(states)))


def test_reset_boots_with_a_new_nonce_and_a_clock_from_zero() -> None:
    device = Device(Hand(), 0)
    before = sent(device, 500 * MS)[0]
    ask(device, protocol.Reset(1, protocol.RESET_MAGIC), 500 * MS)
    messages = sent(device, 600 * MS)
    hello = next(m for m in messages if isinstance(m, protocol.Hello))
    assert isinstance(before, protocol.Hello)
    assert hello.boot_nonce != before.boot_nonce
    assert all(m.device_us < 101 * MS for m in messages[2:] if isinstance(m, State))


def test_a_command_that_is_repeated_is_answered_again_but_done_once() -> None:
    shown = []
    device = Device(Hand(), 0, on_out=lambda mask, host_us: shown.append((mask, host_us)))
    for host_us in (0, 100 * MS, 200 * MS, 700 * MS):
        ask(device, protocol.Out(5, 0x04, 255, 100), host_us)
    assert [mask for mask, _ in shown] == [4, 4]
    came_us = protocol.wire_us(11, 500_000)  # a zero, and 10 bytes of OUT
    assert [at for _, at in shown] == [came_us, 700 * MS + came_us]
    assert sent(device, 800 * MS).count(protocol.Ack(5, 0x85, 0)) == 4


def test_dropped_frames_are_told_in_the_flags_and_in_diag() -> None:
    device = Device(Hand(), 0)
    device.advance(100 * MS)
    device.mark_dropped(3)
    messages = sent(device, 1_000 * MS)
    states = [m for m in messages if isinstance(m, State)]
    assert states[0].flags & protocol.FLAG_QUEUE_DROP
    assert not states[-1].flags & protocol.FLAG_QUEUE_DROP
    assert next(m for m in messages if isinstance(m, protocol.Diag)).queue_drops == 3
