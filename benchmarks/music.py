"""Reading, arranging and rendering the bundled songs, and how good their charts are."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import mido

from benchmarks.measure import Figure, percentiles
from game.music.arranging import arrange
from game.music.library import Library, bundled_folder
from game.music.quality import Quality, measure, summary
from game.music.reading import read_song
from tests.music.corpus import corpus

#: So many composed songs are arranged beside the bundled ones, and none shorter than this.
COMPOSED, SHORTEST_US = 120, 20_000_000


def figures() -> Iterator[Figure]:
    library = Library([bundled_folder()])
    library.scan()
    paths = [entry.path for entry in library.songs if entry.ok]
    parsing, reading, arranging, charts = [], [], [], []
    for path in paths:
        began = time.perf_counter()
        mido.MidiFile(path)
        parsed = time.perf_counter()
        song = read_song(path)
        read = time.perf_counter()
        chart = arrange(song)
        arranging.append((time.perf_counter() - read) * 1e3)
        parsing.append((parsed - began) * 1e3)
        reading.append((read - parsed) * 1e3)
        charts.append((song, chart))
    yield Figure("read a song, median", percentiles(reading, 50)[0], "ms", False)
    yield Figure("parse it with mido alone, median", percentiles(parsing, 50)[0], "ms", False)
    yield Figure("arrange a song, median", percentiles(arranging, 50)[0], "ms", False)
    yield Figure("arrange a song, slowest", max(arranging), "ms", False)
    yield from _quality("charts", [measure(song, chart) for song, chart in charts])
    with tempfile.TemporaryDirectory() as folder:
        composed = [read_song(path) for path in corpus(Path(folder))[:COMPOSED]]
        others = [song for song in composed if song.length_us > SHORTEST_US]
        yield from _quality(
            f"{len(others)} composed songs", [measure(song, arrange(song)) for song in others]
        )


def _quality(whose: str, qualities: list[Quality]) -> Iterator[Figure]:
    """The figures of many charts."""
    lower_is_better = {"mix_error", "longest_gap_s", "gap", "crowding", "crowded"}
    for name, value in summary(qualities).items():
        yield Figure(f"{whose}: {name.replace('_', ' ')}", value, "", name not in lower_is_better)
