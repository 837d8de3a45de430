"""The simulated glove on a real terminal, opened as a serial glove."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

if sys.platform == "win32":
    pytest.skip("needs pseudo-terminals", allow_module_level=True)

from firmware_bridge.errors import GloveError
from firmware_bridge.frames import Decoder
from firmware_bridge.glove import Glove
from firmware_bridge.host_clock import host_us
from firmware_bridge.simulator import simulate
from tests.firmware_bridge.test_link import MS, _warm, eventually, polled

__all__ = ["_warm"]


class Running:
    """``simulate`` in a thread; ``stop()`` gives what it counted."""

    def __init__(self, link: Path, success: float = 1.0) -> None:
        self.link = link
        self._stop, self._started = threading.Event(), threading.Event()
        self._presses: tuple[int, ...] | None = None

        def run() -> None:
            self._presses = simulate(
                link, self._stop, started=lambda _: self._started.set(), success=success
            )

        self._thread = threading.Thread(target=run)
        self._thread.start()
        assert self._started.wait(10)

    def stop(self) -> tuple[int, ...]:
        self._stop.set()
        self._thread.join(10)
        assert self._presses is not None
        return self._presses


@contextlib.contextmanager
def running(link: Path, success: float = 1.0) -> Iterator[Running]:
    one = Running(link, success)
    try:
        yield one
    finally:
        one.stop()


def counted(told: list[tuple[int, int, bool]]) -> tuple[int, ...]:
    return tuple(sum(1 for _, g, d in told if d and g == grip) for grip in range(5))


def test_it_presses_what_out_shows_and_counts_what_a_reader_finds(tmp_path: Path) -> None:
    with running(tmp_path / "glove") as simulation:
        told: list[tuple[int, int, bool]] = []
        with Glove.open(f"serial:{simulation.link}") as glove:
            assert "SIMULATE" in glove.description
            begin = host_us() + 200 * MS
            cues = [(begin + k * 200 * MS, k % 2) for k in range(10)]
            for at, grip in cues:
                glove.cue(at, grip)
            told = polled(glove, begin + 10 * 200 * MS + 500 * MS)
        presses = [(us, grip) for us, grip, down in told if down]
        assert counted(told) == (5, 5, 0, 0, 0)
        assert [grip for _, grip in presses] == [grip for _, grip in cues]
        late = [us - at for (us, _), (at, _) in zip(presses, cues, strict=True)]
        assert min(late) > -4 * MS
        assert median(late) < 25 * MS
        assert simulation.stop() == (5, 5, 0, 0, 0)
    assert not os.path.lexists(simulation.link)


def test_it_survives_readers_that_come_and_go_and_counts_for_all_of_them(tmp_path: Path) -> None:
    found = [0] * 5
    with running(tmp_path / "glove") as simulation:
        for grip in range(3):
            with Glove.open(f"serial:{simulation.link}") as glove:
                glove.cue(host_us() + 50 * MS, grip)
                told = polled(glove, host_us() + 800 * MS)
            for k, n in enumerate(counted(told)):
                found[k] += n
            time.sleep(0.3)
        assert tuple(found) == (1, 1, 1, 0, 0)
        assert simulation.stop() == tuple(found)


def test_nothing_old_waits_for_the_next_reader(tmp_path: Path) -> None:
    with running(tmp_path / "glove") as simulation:
        reader = os.open(simulation.link, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        time.sleep(1.0)  # 20 000 bytes that nobody reads
        os.close(reader)
        time.sleep(0.5)
        reader = os.open(simulation.link, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            data, until = b"", time.monotonic() + 0.3
            while time.monotonic() < until:
                with contextlib.suppress(BlockingIOError):
                    data += os.read(reader, 65_536)
                time.sleep(0.005)
        finally:
            os.close(reader)
    decoder = Decoder()
    frames = decoder.feed(b"\0" + data).frame_us
    assert decoder.counters.refused == 0
    assert frames.size > 50
    # Nothing of the first second, and nothing of the half second in which nobody was there.
    assert frames[-1] - frames[0] < 450_000


def test_a_reader_that_does_not_read_loses_frames_but_never_part_of_one(tmp_path: Path) -> None:
    with running(tmp_path / "glove") as simulation:
        reader = os.open(simulation.link, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            time.sleep(4.5)
            data, until = b"", time.monotonic() + 1.0
            while time.monotonic() < until:
                with contextlib.suppress(BlockingIOError):
                    data += os.read(reader, 65_536)
                time.sleep(0.005)
        finally:
            os.close(reader)
    decoder = Decoder()
    decoder.feed(data)
    assert decoder.counters.refused == 0
    assert decoder.counters.frames > 500
    assert decoder.counters.missing > 100


def test_success_of_zero_presses_nothing(tmp_path: Path) -> None:
    with running(tmp_path / "glove", success=0.0) as simulation:
        with Glove.open(f"serial:{simulation.link}") as glove:
            glove.cue(host_us(), 0)
            assert counted(polled(glove, host_us() + 300 * MS)) == (0,) * 5
        assert simulation.stop() == (0,) * 5


def test_an_old_link_is_replaced_and_a_file_is_not(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    (tmp_path / "old").symlink_to("/dev/pts/none")
    assert simulate(tmp_path / "old", stop) == (0,) * 5
    (tmp_path / "file").write_text("precious")
    with pytest.raises(GloveError, match="is there already and is no link"):
        simulate(tmp_path / "file", stop)
    assert (tmp_path / "file").read_text() == "precious"
    with pytest.raises(GloveError, match="cannot be made"):
        simulate(tmp_path / "no" / "folder", stop)


def test_the_glove_may_go_and_another_come_under_the_same_name(tmp_path: Path) -> None:
    with running(tmp_path / "glove") as first, Glove.open(f"serial:{first.link}") as glove:
        first.stop()
        assert eventually(lambda: glove.health.link == "lost")
        with running(tmp_path / "glove") as second:
            assert eventually(lambda: glove.health.link == "ok")
            glove.cue(host_us(), 4)
            told: list[tuple[int, int, bool]] = []

            def heard() -> bool:
                told.extend(glove.poll()[0].tolist())
                return len(told) >= 2

            assert eventually(heard)
            assert second.stop() == (0, 0, 0, 0, 1)
