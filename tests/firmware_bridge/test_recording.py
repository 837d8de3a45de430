"""The file of a recording: written as it happens, read back whole, refused in one line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.errors import GloveError
from firmware_bridge.glove import Glove
from firmware_bridge.recording import Event, Kind, Recorder, pack, read_recording
from tests.firmware_bridge.test_glove import SECOND, ManualClock, play

START_US = 1_000_000


def tell(recorder: Recorder, events: list[Event]) -> None:
    for kind, at, data in events:
        match kind:
            case Kind.RECEIVED:
                recorder.received(data, np.array([len(data)]), np.array([at]))
            case Kind.SENT:
                recorder.sent(data, at)
            case Kind.SILENT:
                recorder.silent(at)
            case Kind.UNPLUGGED:
                recorder.unplugged(at)
            case Kind.REOPENED:
                recorder.reopened(at)


def write(path: Path, events: list[Event], *, begun_us: int | None = None) -> None:
    recorder = Recorder(path, program="griptune 9.9", overwrite=True)
    recorder.opened("serial:/dev/ttyUSB7?baud=115200", 115_200, START_US)
    recorder.start()
    tell(recorder, events)
    if begun_us is not None:
        recorder.begun(begun_us, START_US)
    recorder.close()


_kinds = st.sampled_from([kind for kind in Kind if kind is not Kind.BEGUN])


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    at, events = START_US, []
    for kind, step, data in draw(
        st.lists(
            st.tuples(_kinds, st.integers(0, 10**7), st.binary(max_size=40)),
            min_size=1,
            max_size=12,
        )
    ):
        at += step
        payload = data if kind in (Kind.RECEIVED, Kind.SENT) else b""
        events.append(Event(kind, at, payload))
    return events


@settings(max_examples=25, deadline=None)
@given(histories(), st.one_of(st.none(), st.integers(0, 10**9)))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event], begun_us: int | None
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.glove"
    write(path, events, begun_us=begun_us)
    recording = read_recording(path)
    assert list(recording.events) == events
    assert recording.begun_us == (events[0].host_us if begun_us is None else begun_us)
    assert (recording.program, recording.baud) == ("griptune 9.9", 115_200)
    assert recording.port == "serial:/dev/ttyUSB7?baud=115200"
    assert recording.started.startswith("20")
    assert recording.seconds == (events[-1].host_us - events[0].host_us) / 1e6
    assert not recording.cut_off


HISTORY = [Event(Kind.RECEIVED, START_US + k * 1000, bytes([k]) * (k + 1)) for k in range(8)]


def test_the_beginning_of_a_file_can_be_read_by_a_person(tmp_path: Path) -> None:
    write(tmp_path / "a.glove", HISTORY)
    first, second, _ = (tmp_path / "a.glove").read_bytes().split(b"\n", 2)
    assert first == b"GRIPTUNE GLOVE RECORDING 1"
    header = json.loads(second)
    assert set(header) == {"program", "port", "baud", "started", "started_us"}


def test_a_file_that_was_cut_off_holds_every_whole_event(tmp_path: Path) -> None:
    path = tmp_path / "a.glove"
    write(path, HISTORY)
    content = path.read_bytes()
    last = len(content) - len(pack(HISTORY[-1]))
    for size in range(last + 1, len(content)):
        path.write_bytes(content[:size])
        recording = read_recording(path)
        assert list(recording.events) == HISTORY[:-1]
        assert recording.cut_off
        # After a power failure, zeros may stand where the rest should be.
        path.write_bytes(content[:size] + bytes(300))
        assert list(read_recording(path).events) == HISTORY[:-1]
    path.write_bytes(content[:last])
    assert not read_recording(path).cut_off


def test_what_is_damaged_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.glove"
    write(path, HISTORY)
    content = bytearray(path.read_bytes())
    at = len(content) - len(pack(HISTORY[-1])) - 5
    content[at] ^= 0x10
    path.write_bytes(content)
    with pytest.raises(GloveError, match=r"a\.glove is damaged at byte \d+$"):
        read_recording(path)


GOOD_HEADER = b'GRIPTUNE GLOVE RECORDING 1\n{"baud": 500000, "started_us": 0}\n'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is not a recording of a glove"),
        (b"MThd\0\0\0\6", "is not a recording of a glove"),
        (b"GRIPTUNE GLOVE RECORDING 2\n{}\n", "has format 2, this program reads 1"),
        (b"GRIPTUNE GLOVE RECORDING 1", "is damaged at its beginning"),
        (b"GRIPTUNE GLOVE RECORDING 1\n{", "is damaged at its beginning"),
        (b"GRIPTUNE GLOVE RECORDING 1\n[]\n", "is damaged at its beginning"),
        (b'GRIPTUNE GLOVE RECORDING 1\n{"baud": true, "started_us": 0}\n', "at its beginning"),
        (b'GRIPTUNE GLOVE RECORDING 1\n{"baud": 9e9, "started_us": 0}\n', "at its beginning"),
        (GOOD_HEADER, "holds nothing"),
        (GOOD_HEADER + b"\1\2\3", "holds nothing"),
        (GOOD_HEADER + b"this is a text and no event", "is damaged at byte"),
        (
            GOOD_HEADER + pack(Event(Kind.SILENT, 5, b"")) + pack(Event(Kind.SILENT, 4, b"")),
            "its times run back",
        ),
        (GOOD_HEADER + pack(Event(Kind.SILENT, 1 << 62, b"")), "its times run back"),
    ],
)
def test_what_is_no_recording_is_told_in_one_line(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "x.glove"
    path.write_bytes(content)
    with pytest.raises(GloveError) as caught:
        Glove.open(f"replay:{path}")
    assert why in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(GloveError, match="there is no recording"):
        read_recording(tmp_path / "none")
    with pytest.raises(GloveError, match="cannot be read: Is a directory"):
        read_recording(tmp_path)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("real") / "real.glove"
    clock = ManualClock()
    recorder = Recorder(path, program="test")
    with Glove.open(
        "virtual:steady?success=1", clock=clock, lockstep=True, recorder=recorder
    ) as glove:
        recorder.start()
        glove.begin(clock.now_us)
        glove.cue(clock.now_us + SECOND, 0)
        play(glove, clock, 2, [10_000])
    recorder.close()
    return path.read_bytes()


@pytest.mark.parametrize("seed", range(40))
def test_no_change_to_a_file_breaks_the_replay(real: bytes, tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    content = bytearray(real)
    for _ in range(random.randrange(1, 4)):
        at = random.randrange(min(len(content), 400) if seed % 2 else len(content))
        content[at : at + random.randrange(3)] = random.randbytes(random.randrange(3))
    path = tmp_path / "mutated.glove"
    path.write_bytes(content)
    clock = ManualClock()
    try:
        glove = Glove.open(f"replay:{path}", clock=clock, lockstep=True)
    except GloveError:
        return
    glove.begin(clock.now_us)
    play(glove, clock, 3, [50_000])
    assert glove.health.link in ("ok", "waiting", "none", "degraded", "lost")


@settings(max_examples=30, deadline=None)
@given(histories())
def test_any_events_can_be_replayed(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.glove"
    write(path, events)
    clock = ManualClock()
    with Glove.open(f"replay:{path}", clock=clock, lockstep=True) as glove:
        glove.begin(clock.now_us)
        for _ in range(130):
            clock.now_us += SECOND
            glove.poll()


# -- writing --------------------------------------------------------------------------------------


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "precious"
    path.write_text("precious")
    with pytest.raises(GloveError, match="is there already; choose another name, or --force"):
        Recorder(path, program="test")
    assert path.read_text() == "precious"
    # A file that comes while the glove is being looked for is kept as well.
    recorder = Recorder(tmp_path / "late", program="test")
    (tmp_path / "late").write_text("precious")
    with pytest.raises(GloveError, match="is there already"):
        recorder.start()
    assert (tmp_path / "late").read_text() == "precious"


def test_a_glove_that_cannot_be_opened_costs_no_old_recording(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_text("old")
    recorder = Recorder(path, program="test", overwrite=True)
    with pytest.raises(GloveError, match="there is no serial port"):
        Glove.open("serial:/dev/nowhere", recorder=recorder)
    recorder.close()
    assert path.read_text() == "old"


def test_a_folder_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(GloveError, match="there is no folder"):
        Recorder(tmp_path / "no" / "a.glove", program="test")
    with pytest.raises(GloveError, match="cannot be written: Is a directory"):
        Recorder(tmp_path, program="test", overwrite=True).start()


@pytest.mark.parametrize("spec", ["keyboard", "replay:x"])
def test_what_has_no_wire_cannot_be_recorded(tmp_path: Path, spec: str) -> None:
    with pytest.raises(GloveError, match="has no wire that could be recorded"):
        Glove.open(spec, recorder=Recorder(tmp_path / "a", program="test"))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_full_disk_is_told_and_what_was_written_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "full.glove"
    program = """
import resource, signal, sys
from pathlib import Path
from tests.firmware_bridge.test_recording import HISTORY, Kind, Event, tell
from firmware_bridge.errors import GloveError
from firmware_bridge.recording import Recorder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
recorder = Recorder(Path(sys.argv[1]), program="test")
recorder.opened("serial:x", 500_000, 0)
recorder.start()
resource.setrlimit(resource.RLIMIT_FSIZE, (5_003, 5_003))
tell(recorder, [Event(Kind.RECEIVED, k, b"abc") for k in range(2_000)])
try:
    recorder.close()
except GloveError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"PYTHONPATH": "."},
    )
    assert done.stdout == f"the recording {path} is cut short: File too large\n"
    recording = read_recording(path)
    assert 200 < len(recording.events) < 300
