"""Reading, arranging and rendering the bundled songs, and how good their charts are."""

import time
from collections.abc import Iterator

import mido

from benchmarks.measure import Figure, percentiles
from game.music.arranging import arrange
from game.music.library import Library, bundled_folder
from game.music.quality import measure, summary
from game.music.reading import read_song
from game.music.sound import render


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
    lower_is_better = {"mix_error", "longest_gap_s", "crowding"}
    for name, value in summary([measure(song, chart) for song, chart in charts]).items():
        yield Figure(f"charts: {name.replace('_', ' ')}", value, "", name not in lower_is_better)
    song = min((song for song, _ in charts), key=lambda song: abs(song.length_us - 100_000_000))
    render(song)  # the kernels compile, the SoundFont is read
    began = time.perf_counter()
    stems = render(song)
    took = time.perf_counter() - began
    yield Figure("render a song of 100 s", stems.length_us / 1e6 / took, "x real time")
