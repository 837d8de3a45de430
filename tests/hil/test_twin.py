"""The virtual glove's firmware says what the firmware in C says, command by command."""

from itertools import pairwise
from typing import NamedTuple

import pytest

from firmware_bridge import protocol
from firmware_bridge.device import Device
from firmware_bridge.protocol import (
    PROFILES,
    RESET_MAGIC,
    STREAM_EVENT,
    STREAM_OFF,
    STREAM_ON,
    AskHello,
    Diag,
    Hello,
    Message,
    Out,
    Ping,
    Pong,
    Reset,
    SetRate,
    State,
    Stream,
)
from tests.firmware_bridge.test_reception import Hand
from tests.hil.conftest import RunScript
from tests.hil.simulator_process import wire

MS = 1_000

#: What is sent to the glove: at which time since its boot, and which bytes.
Script = list[tuple[int, bytes]]

STANDARD, SAFE = PROFILES["standard"], PROFILES["safe"]


def rate(tag: int, profile: protocol.Profile) -> SetRate:
    return SetRate(tag, profile.scan_hz, profile.hop, profile.history)


def raw(*payloads: bytes) -> bytes:
    return b"\0" + b"".join(map(protocol.frame, payloads))


SCRIPTS: dict[str, Script] = {
    "questions": [
        (300 * MS, wire(AskHello())),
        (310 * MS, wire(AskHello(), Ping(1, 77))),
        (700 * MS, wire(*(Ping(k, k) for k in range(2, 12)))),
    ],
    "rates": [
        (200 * MS, wire(rate(1, SAFE))),
        (300 * MS, wire(rate(1, SAFE))),  # again: no new epoch
        (600 * MS, wire(rate(2, STANDARD), rate(3, SAFE), Ping(4, 4))),
        (700 * MS, wire(SetRate(5, 2_000, 2, 8), SetRate(6, 100, 1, 1))),
        (1_300 * MS, wire(rate(7, STANDARD))),
        (1_400 * MS, wire(rate(8, SAFE))),
    ],
    "rates that are refused": [
        (100 * MS + 20 * MS * k, wire(SetRate(k, *setting)))
        for k, setting in enumerate(
            [
                (99, 1, 4), (100, 1, 4), (4_000, 4, 8), (4_001, 4, 8), (0, 1, 4), (65_535, 1, 4),
                (1_000, 0, 1), (1_000, 1, 0), (1_000, 5, 4), (1_000, 4, 4), (4_000, 8, 50),
                (4_000, 8, 51), (4_000, 1, 1), (2_000, 1, 8), (2_000, 1, 9), (1_000, 255, 255),
            ]
        )
    ],
    "streaming": [
        (200 * MS, wire(Stream(1, STREAM_OFF))),
        (600 * MS, wire(Stream(2, STREAM_EVENT), Ping(3, 3))),
        (800 * MS, wire(Stream(4, 3), Stream(5, 255))),
        (1_200 * MS, wire(Stream(6, STREAM_ON))),
    ],
    "cues": [
        (200 * MS, wire(Out(1, 0b10101, 255, 100), Out(1, 0b10101, 255, 100))),
        (300 * MS, wire(Out(2, 0x20, 255, 100), Out(3, 0, 0, 65_535))),
    ],
    "what is no command": [
        (80 * MS, b"\x11\x22\x33\x44"),  # before the first zero: no error
        (100 * MS, raw(b"\x01\x02\x03", b"\x90\x01")),
        (150 * MS, raw(b"\x85\x09\x01", b"\x82", b"\x81\x07", b"\x83\x05" + bytes(40))),
        (200 * MS, b"\x05" * 200 + b"\0"),
        (210 * MS, b"\x03\x01\x02\0" + wire(Ping(3, 3))),
    ],
    "a reset": [
        (200 * MS, wire(rate(1, SAFE), Stream(2, STREAM_EVENT))),
        (300 * MS, wire(Reset(3, RESET_MAGIC ^ 1))),
        (310 * MS, wire(Ping(4, 4), Reset(5, RESET_MAGIC), Ping(6, 6))),
        (700 * MS, wire(rate(7, SAFE))),
        (800 * MS, wire(Reset(8, RESET_MAGIC))),
    ],
}  # fmt: skip


class Said(NamedTuple):
    """What came in one run: all but STATE as it was, STATE summed up between two of them."""

    messages: list[Message]
    states: list[tuple[set[tuple[int, int, int]], int]]  # {(epoch, masks, µs between)}, frames


def told(data: bytes) -> Said:
    """In the words that must be the same: without what makes one glove differ from another."""
    messages: list[Message] = []
    states: list[list[State]] = [[]]
    for run in data.split(b"\0")[:-1]:
        if not run:
            continue
        message = protocol.decode(protocol.unframe(run))
        match message:
            case State():
                states[-1].append(message)
                continue
            case Hello():
                message = message._replace(firmware_major=0, firmware_minor=0, serial_number=b"")
            case Diag():
                message = message._replace(supply_mv=0, adc=b"")
            case Pong():
                message = message._replace(device_us=message.device_us // (40 * MS))
        messages.append(message)
        states.append([])
    kinds = [
        {
            (b.flags >> protocol.FLAG_EPOCH_SHIFT, len(b.masks), (b.device_us - a.device_us))
            for a, b in pairwise(part)
        }
        for part in states
    ]
    return Said(messages, list(zip(kinds, map(len, states), strict=True)))


def virtual(script: Script, until_us: int) -> bytes:
    device = Device(Hand(), 0, skew_ppm=0, boot_us=0, boot_nonce=0)
    data = b""
    for at, sent in script:
        data += device.advance(at).data
        device.receive(sent, at)
    return data + device.advance(until_us).data


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_virtual_firmware_answers_as_the_real_one(run_script: RunScript, name: str) -> None:
    script, until = SCRIPTS[name], 1_750 * MS
    run = run_script([(at, "send " + sent.hex()) for at, sent in script], until)
    real, ours = told(run.data), told(virtual(script, until))
    assert ours.messages == real.messages
    assert len([m for m in real.messages if not isinstance(m, Diag)]) >= 3
    # The watchdog of a chip resets it after 15 ms, that of simavr after 250 ms.
    near = 260 if name == "a reset" else 12
    for (kinds, count), (expected, about) in zip(ours.states, real.states, strict=True):
        assert kinds == expected or min(count, about) < 5
        assert count == pytest.approx(about, abs=near)
