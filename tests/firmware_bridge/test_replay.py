"""A recording replays to the edges of the session that was recorded, to the microsecond."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.device import Device
from firmware_bridge.glove import Glove
from firmware_bridge.host_clock import host_us
from firmware_bridge.protocol import STANDARD
from firmware_bridge.recording import Kind, Recorder, read_recording
from firmware_bridge.virtual import Contact
from firmware_bridge.warm import warm_up
from tests.firmware_bridge.test_glove import SECOND, ManualClock, Told, play, presses
from tests.firmware_bridge.test_link import Plug, eventually, plug, polled
from tests.firmware_bridge.test_reception import Hand

__all__ = ["plug"]

MS = 1_000


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm_up()


def since(begin_us: int, told: Told) -> Told:
    return sorted((us - begin_us, grip, down) for us, grip, down in told)


def recorded(path: Path, spec: str = "virtual:steady?success=1&seed=3") -> Told:
    """A lockstep session of 18 cues, recorded in ``path``; its edges since song time 0."""
    clock = ManualClock()
    recorder = Recorder(path, program="test")
    with Glove.open(spec, clock=clock, lockstep=True, recorder=recorder) as glove:
        recorder.start()
        begin = clock.now_us + SECOND
        glove.begin(begin)
        for k in range(18):
            glove.cue(begin + 300_000 + k * 300_000, k % 5)
        told = play(glove, clock, 8, [10_000])
    recorder.close()
    return since(begin, told)


def replayed(path: Path, steps: list[int], *, lead_us: int, start_us: int = 7 * SECOND) -> Told:
    clock = ManualClock(start_us)
    with Glove.open(f"replay:{path}", clock=clock, lockstep=True) as glove:
        assert play(glove, clock, 0.5, [10_000]) == [], "nothing before song time 0 is set"
        begin = clock.now_us + lead_us
        glove.begin(begin)
        return since(begin, play(glove, clock, 12, steps))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Told]:
    path = tmp_path_factory.mktemp("recordings") / "session.glove"
    return path, recorded(path)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.integers(8_000, 3_000_000), min_size=1, max_size=12),
    st.integers(0, 3_000_000),
    st.integers(0, 10**13),
)
def test_edges_are_the_same_whenever_and_however_often_they_are_polled(
    session: tuple[Path, Told], steps: list[int], lead_us: int, start_us: int
) -> None:
    path, told = session
    assert len(presses(told)) == 18
    assert replayed(path, steps, lead_us=lead_us, start_us=start_us) == told


def test_a_recording_can_begin_again_from_its_beginning(session: tuple[Path, Told]) -> None:
    path, told = session
    clock = ManualClock()
    with Glove.open(f"replay:{path}", clock=clock, lockstep=True) as glove:
        assert glove.kind == "replay"
        assert glove.description == "recording session.glove"
        for _ in range(2):
            begin = clock.now_us + SECOND
            glove.begin(begin)
            assert since(begin, play(glove, clock, 12, [16_000])) == told


def test_health_is_that_of_the_glove_that_was_recorded(session: tuple[Path, Told]) -> None:
    path, _ = session
    clock = ManualClock()
    with Glove.open(f"replay:{path}", clock=clock, lockstep=True) as glove:
        assert glove.health.link == "none"
        glove.begin(clock.now_us)
        play(glove, clock, 3, [16_000])
        assert glove.health.link == "ok"
        assert glove.health.serial_number == "VIRTUAL1"
        assert glove.health.frames > 2_000
        for _ in range(12):
            clock.now_us += SECOND
            glove.poll()
        assert glove.health.link == "none", "the recording is over: nothing is lost"
        assert glove.health.sentence is None


@pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals")
def test_a_session_on_a_real_terminal_replays_to_identical_edges(tmp_path: Path) -> None:
    path = tmp_path / "live.glove"
    recorder = Recorder(path, program="test")
    with Glove.open("virtual:steady?success=1&seed=5", recorder=recorder) as glove:
        recorder.start()
        begin = host_us() + 300 * MS
        glove.begin(begin)
        for k in range(12):
            glove.cue(begin + (300 + k * 170) * MS, k % 5)
        told = since(begin, polled(glove, begin + 12 * 170 * MS + 800 * MS))
    recorder.close()
    assert len(presses(told)) == 12
    recording = read_recording(path)
    assert {event.kind for event in recording.events} == {Kind.RECEIVED, Kind.SENT}
    assert not recording.cut_off
    assert replayed(path, [16_667], lead_us=SECOND) == told
    assert replayed(path, [5_000, 900_000], lead_us=0) == told
    # And once more in real time.
    with Glove.open(f"replay:{path}") as glove:
        begin = host_us()
        glove.begin(begin)
        assert since(begin, polled(glove, begin + 12 * 170 * MS + 900 * MS)) == told


def test_a_busy_start_promises_nothing_beyond_the_present(tmp_path: Path) -> None:
    # The first frames are all late, so that the first line through them is, too: for a while
    # later frames are dated after they came.
    path = tmp_path / "busy.glove"
    recorder = Recorder(path, program="test")
    recorder.opened("test", STANDARD.baud, 0)
    recorder.start()
    recorder.begun(0, 0)
    device = Device(Hand(Contact(SECOND, SECOND + 100 * MS, 2)), 0)
    for until in range(MS, 2 * SECOND, MS):
        burst = device.advance(until)
        if burst.data:
            came = until + 60 * MS if until < 280 * MS else max(until, 340 * MS)
            recorder.received(burst.data, np.array([len(burst.data)]), np.array([came]))
    recorder.close()
    found = replayed(path, [2_000], lead_us=0)
    assert [(grip, down) for _, grip, down in found] == [(2, True), (2, False)]


def test_unplugging_and_plugging_in_again_are_part_of_a_recording(
    plug: Plug, tmp_path: Path
) -> None:
    port, path = tmp_path / "port", tmp_path / "unplugged.glove"
    now = host_us()
    first = plug(Device(Hand(Contact(now + 1_200 * MS, now + 60 * SECOND, 2)), now))
    port.symlink_to(first.path)
    recorder = Recorder(path, program="test")
    with Glove.open(f"serial:{port}", recorder=recorder) as glove:
        recorder.start()
        begin = host_us()
        glove.begin(begin)
        told: Told = []

        def heard(count: int) -> bool:
            told.extend(glove.poll()[0].tolist())
            return len(told) >= count

        assert eventually(lambda: heard(1))
        time.sleep(0.1)
        first.unplug()
        port.unlink()
        assert eventually(lambda: heard(2))
        now = host_us()
        made = [Contact(now + k * 400 * MS, now + k * 400 * MS + 100 * MS, 1) for k in range(99)]
        second = plug(Device(Hand(*made), now, boot_nonce=2))
        port.symlink_to(second.path)
        assert eventually(lambda: heard(6))
        time.sleep(0.05)
        heard(0)
    recorder.close()
    kinds = [event.kind for event in read_recording(path).events]
    assert Kind.UNPLUGGED in kinds
    assert Kind.REOPENED in kinds
    told = since(begin, told)
    found = replayed(path, [16_000], lead_us=0)
    assert found[: len(told)] == told
    assert len(found) - len(told) <= 2, "what was not polled any more before closing"
