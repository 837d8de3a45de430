"""A large library is there quickly: beside ``mido`` alone the first time, at once the second."""

import os
import shutil
import time
from pathlib import Path

import mido
import pytest

from benchmarks.library import fill
from game.music.library import Library, bundled_folder
from game.music.library.crew import cores

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"
SONGS = 1_000 if SOAK else 400

#: How much longer than the figures a test lets it take: shared machines stall. A quiet one is asked
#: for by the soak, and the benchmark shows the figures.
PATIENCE = 1.0 if SOAK else 2.5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("songs")
    fill(folder, SONGS)
    return folder


def scan(folder: Path, index: Path) -> float:
    began = time.perf_counter()
    with Library([folder], index=index) as library:
        library.scan()
        took = time.perf_counter() - began
        assert sum(entry.ok for entry in library.songs) == SONGS
    return took


def mido_alone(folder: Path) -> float:
    began = time.perf_counter()
    for path in folder.glob("*.mid"):
        mido.MidiFile(path)
    return time.perf_counter() - began


def processor_s() -> float:
    """Processor time of this process and of those that it has seen the end of, seconds."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def busy() -> bool:
    """Whether others want the processors too, so that the clock on the wall tells nothing."""
    return hasattr(os, "getloadavg") and os.getloadavg()[0] > cores() + 1


def test_a_first_scan_takes_at_most_a_fifth_longer_than_mido_alone(
    folder: Path, tmp_path: Path
) -> None:
    """Divided by the processors in use. The best of a few counts; on a machine that is busy with
    other things it is the processor time, of all processes together."""
    ratios = []
    for attempt in range(3):
        began = processor_s()
        alone = mido_alone(folder)
        between = processor_s()
        first = scan(folder, tmp_path / f"{attempt}.sqlite")
        spent = (processor_s() - between) / (between - began)
        ratios.append(spent if busy() else first / (alone / cores()))
        if ratios[-1] <= 1.2 * PATIENCE:
            break
    assert min(ratios) <= 1.2 * PATIENCE, ratios


def test_a_second_scan_takes_at_most_half_a_second(folder: Path, tmp_path: Path) -> None:
    scan(folder, tmp_path / "songs.sqlite")
    assert min(scan(folder, tmp_path / "songs.sqlite") for _ in range(3)) <= 0.5 * PATIENCE


def test_in_a_large_library_a_dropped_song_is_there_within_two_seconds(
    folder: Path, tmp_path: Path
) -> None:
    with Library([folder], index=tmp_path / "songs.sqlite") as library:
        library.scan()
        times = []
        for attempt in range(3):
            key = f"dropped-{attempt}"
            shutil.copy(bundled_folder() / "ode-to-joy.mid", folder / f"{key}.mid")
            began = time.perf_counter()
            while not any(entry.key == key for entry in library.songs):
                library.poll()
                time.sleep(0.05)
                assert time.perf_counter() - began < 30
            times.append(time.perf_counter() - began)
            (folder / f"{key}.mid").unlink()
        # The game polls every 0.7 s and may have to do so twice.
        assert min(times) + 0.7 <= 2.0 * PATIENCE, times
