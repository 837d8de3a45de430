"""A library of a thousand songs: scanned the first time, the second time, and watched.

The songs are the bundled ones over and over, each time a little different (their tempo), so that
no two have the same content. ``mido`` alone parses the same files in the same run, in one process;
what a scan may take beside it is divided by the processes that read.
"""

import os
import shutil
import struct
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import mido

from benchmarks.measure import Figure
from game.music.library import Library, bundled_folder
from game.music.library.crew import cores

SONGS = 1_000


def fill(folder: Path, count: int = SONGS) -> None:
    """``count`` songs that are all different, made of the bundled ones."""
    sources = [path.read_bytes() for path in sorted(bundled_folder().glob("*.mid"))]
    for number in range(count):
        data = sources[number % len(sources)]
        tempo = b"\xff\x51\x03"
        at = data.index(tempo) + len(tempo)
        us = struct.unpack(">L", b"\0" + data[at : at + 3])[0] + number
        path = folder / f"song-{number:04}.mid"
        path.write_bytes(data[:at] + struct.pack(">L", us)[1:] + data[at + 3 :])


def _first_scan(folder: Path, index: Path) -> float:
    index.unlink(missing_ok=True)
    began = time.perf_counter()
    with Library([folder], index=index) as library:
        library.scan()
        took = time.perf_counter() - began
        assert sum(entry.ok for entry in library.songs) == SONGS
    return took


def _second_scan(folder: Path, index: Path) -> float:
    began = time.perf_counter()
    with Library([folder], index=index) as library:
        library.scan()
        took = time.perf_counter() - began
        assert len(library.songs) == SONGS
    return took


def _until(library: Library, key: str, there: bool) -> float:
    began = time.perf_counter()
    while any(entry.key == key for entry in library.songs) != there:
        library.poll()
        time.sleep(0.7)  # as often as the game polls
    return time.perf_counter() - began


def _mido_alone(folder: Path) -> float:
    began = time.perf_counter()
    for path in sorted(folder.glob("*.mid")):
        mido.MidiFile(path)
    return time.perf_counter() - began


def _spent(folder: Path, index: Path) -> float:
    """Processor time of a first scan, of all processes together, beside that of mido alone: the
    same however busy the machine is."""
    times = [os.times()]
    _mido_alone(folder)
    times.append(os.times())
    _first_scan(folder, index)
    times.append(os.times())
    alone, ours = (sum(after[:4]) - sum(before[:4]) for before, after in pairwise(times))
    return ours / alone


def figures() -> Iterator[Figure]:
    place = Path(tempfile.mkdtemp())
    try:
        folder, index = place / "songs", place / "songs.sqlite"
        folder.mkdir()
        fill(folder)
        alone = min(_mido_alone(folder) for _ in range(2))
        first = min(_first_scan(folder, index) for _ in range(3))
        yield Figure(f"parse {SONGS} songs with mido alone, one process", alone, "s", False)
        yield Figure(f"first scan of {SONGS} songs, {cores()} processes", first, "s", False)
        yield Figure(
            "first scan beside mido alone over the processes", first * cores() / alone, "x", False
        )
        yield Figure("the same in processor time", _spent(folder, index), "x", False)
        second = min(_second_scan(folder, index) for _ in range(5))
        yield Figure(f"second scan of {SONGS} songs", second, "s", False)
        with Library([folder], index=index) as library:
            library.scan()
            began = time.perf_counter()
            library.poll()
            yield Figure("a poll of the game", (time.perf_counter() - began) * 1e3, "ms", False)
            shutil.copy(bundled_folder() / "ode-to-joy.mid", folder / "dropped.mid")
            yield Figure(
                "a dropped song is there after", _until(library, "dropped", True), "s", False
            )
            (folder / "dropped.mid").unlink()
            yield Figure(
                "a deleted one is gone after", _until(library, "dropped", False), "s", False
            )
    finally:
        shutil.rmtree(place, ignore_errors=True)
