"""A glove is found at whatever speed its line has, and its board is reset no more than once."""

import time
from pathlib import Path

import pytest

from firmware_bridge.errors import NoGloveError
from firmware_bridge.frames import Decoder
from firmware_bridge.glove import Glove
from firmware_bridge.host_clock import host_us
from firmware_bridge.ports import PortInfo
from firmware_bridge.probe import probe
from firmware_bridge.recording import Recorder, read_recording
from tests.hil.conftest import MakeGlove
from tests.hil.simulator_process import PATIENCE_S, Simulator

pytestmark = pytest.mark.usefixtures("warm")

SPEEDS = (500_000, 115_200, 1_000_000)


def port_of(simulator: Simulator) -> PortInfo:
    return PortInfo(simulator.path, "a glove", "")


def resets(simulator: Simulator) -> int:
    """How often the board was reset: it boots when it gets its power, too."""
    return len(simulator.told("boot")) - 1


def test_every_speed_is_found_by_listening_to_all_ports_at_once(make_glove: MakeGlove) -> None:
    gloves = [make_glove("--tuned", "--reset-on-open", 700, BAUD=baud) for baud in SPEEDS]
    begin = time.perf_counter()
    heard = probe([port_of(one) for one in gloves], host_us, PATIENCE_S)
    print(f"\nthree boards that reset, at three speeds: {time.perf_counter() - begin:.1f} s")
    assert [(one.glove, one.trouble) for one in heard] == [(True, "")] * 3
    assert tuple(one.baud for one in heard) == SPEEDS
    assert [resets(one) for one in gloves] == [1, 1, 1]


@pytest.mark.parametrize("baud", SPEEDS)
def test_a_glove_is_opened_at_the_speed_it_has(make_glove: MakeGlove, baud: int) -> None:
    simulator = make_glove("--tuned", "--reset-on-open", 700, BAUD=baud)
    ports = [port_of(simulator)]
    with Glove.open("auto", ports=lambda: ports, wait_s=PATIENCE_S) as glove:
        assert glove.health.link == "ok"
        assert glove.health.serial_number == "GLOVE001"
        assert glove.health.refused == 0, "noise at other speeds is not counted against it"
    assert resets(simulator) == 1


def test_a_recording_holds_the_right_speed_and_no_noise(
    make_glove: MakeGlove, tmp_path: Path
) -> None:
    simulator = make_glove("--tuned", BAUD=115_200)
    recorder = Recorder(tmp_path / "lite.glove", program="test")
    with Glove.open(f"serial:{simulator.path}", recorder=recorder, wait_s=PATIENCE_S):
        recorder.start()
        time.sleep(0.3)
    recorder.close()
    recording = read_recording(recorder.path)
    assert recording.baud == 115_200
    heard = b"".join(event.data for event in recording.events if event.kind.name == "RECEIVED")
    assert b"GLOVE001" in heard
    decoder = Decoder()
    decoder.feed(heard)
    assert decoder.counters.frames > 50
    assert decoder.counters.refused == 0


def test_a_speed_that_is_named_is_the_only_one_tried(make_glove: MakeGlove) -> None:
    simulator = make_glove("--tuned", BAUD=115_200)
    with pytest.raises(NoGloveError, match="is 500000 the speed of its line"):
        Glove.open(f"serial:{simulator.path}?baud=500000", wait_s=1.0)


def test_what_speaks_but_is_no_glove_is_told_apart_from_silence(make_glove: MakeGlove) -> None:
    noisy, silent = make_glove(), make_glove()
    silent.command("stall 60000")
    noisy.command("corrupt 1")
    heard = probe([port_of(noisy), port_of(silent)], host_us, 1.0)
    assert [one.glove for one in heard] == [False, False]
    assert heard[0].trouble == "speaks, but not as a glove does, so it is no glove"
    assert heard[1].trouble == "silent for 1 s, so it is no glove"
    assert resets(noisy) == resets(silent) == 0
