"""A large library is there quickly: read once by several processes, then from the index.

What it takes in seconds the benchmark ("library") shows. ``GRIPTUNE_SOAK=1`` asks for the figures
on a thousand songs; a smaller library has to behave in the ways that make them possible.
"""

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
SONGS = 1_000 if SOAK else 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("songs")
    fill(folder, SONGS)
    return folder


@pytest.fixture(autouse=True)
def _large_enough_for_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("game.music.library.library.MANY", 50)


def scan(folder: Path, index: Path) -> tuple[float, list[tuple[int, int]]]:
    """Seconds of a scan, and what was told of its progress."""
    told: list[tuple[int, int]] = []
    began = time.perf_counter()
    with Library([folder], index=index) as library:
        library.scan(lambda done, total: told.append((done, total)))
        took = time.perf_counter() - began
        assert sum(entry.ok for entry in library.songs) == SONGS
    return took, told


def mido_alone(folder: Path) -> float:
    began = time.perf_counter()
    for path in folder.glob("*.mid"):
        mido.MidiFile(path)
    return time.perf_counter() - began


def test_a_first_scan_reads_every_song_once_and_shows_it(folder: Path, tmp_path: Path) -> None:
    """In the soak: in at most 1.2 times the time of mido alone, divided by the processors."""
    ratios = []
    for attempt in range(3 if SOAK else 1):
        alone = mido_alone(folder) if SOAK else 0.0
        took, told = scan(folder, tmp_path / f"{attempt}.sqlite")
        assert told == [(number, SONGS) for number in range(1, SONGS + 1)]
        ratios.append(took * cores() / alone if SOAK else 0.0)
    assert min(ratios) <= 1.2, ratios


def test_a_second_scan_reads_nothing(folder: Path, tmp_path: Path) -> None:
    """In the soak: in at most half a second."""
    scan(folder, tmp_path / "songs.sqlite")
    times = []
    for _ in range(3 if SOAK else 1):
        took, told = scan(folder, tmp_path / "songs.sqlite")
        assert told == [], "everything is known from the index"
        times.append(took)
    assert not SOAK or min(times) <= 0.5, times


def test_in_a_large_library_a_dropped_song_is_there_at_the_next_look(
    folder: Path, tmp_path: Path
) -> None:
    """In the soak: within two seconds, with the game's 0.7 s from poll to poll."""
    with Library([folder], index=tmp_path / "songs.sqlite") as library:
        library.scan()
        times = []
        for attempt in range(3 if SOAK else 1):
            key = f"dropped-{attempt}"
            shutil.copy(bundled_folder() / "ode-to-joy.mid", folder / f"{key}.mid")
            began = time.perf_counter()
            while not any(entry.key == key for entry in library.songs):
                library.poll()
                time.sleep(0.05)
                assert time.perf_counter() - began < 60
            times.append(time.perf_counter() - began)
            (folder / f"{key}.mid").unlink()
        assert not SOAK or min(times) + 0.7 <= 2.0, times
