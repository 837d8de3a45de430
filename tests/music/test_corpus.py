"""Over a mixed corpus of valid files: notes are where another reader finds them."""

import os
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pretty_midi
import pytest

from game.music.arranging import arrange
from game.music.events import CHART_TRACK
from game.music.reading import read_song
from tests.music.corpus import compose, corpus

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"

#: A note: start and end in s, pitch, whether it is a drum.
Heard = tuple[float, float, int, bool]


#: Composed songs beside the bundled and installed ones.
COMPOSED = 200 if SOAK else 60


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return corpus(tmp_path_factory.mktemp("corpus"), COMPOSED)


def heard_by_pretty_midi(path: Path) -> list[Heard]:
    """Every note that is heard.

    A note that begins twice at once in one part is heard once.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it speaks of bundled songs with several tempo tracks
        midi = pretty_midi.PrettyMIDI(str(path))
    return [
        row
        for instrument in midi.instruments
        if instrument.name.strip().casefold() != CHART_TRACK
        for row in {
            (float(note.start), float(note.end), note.pitch, instrument.is_drum)
            for note in instrument.notes
        }
    ]


def test_note_times_agree_with_pretty_midi_within_a_millisecond(files: list[Path]) -> None:
    assert len(files) >= COMPOSED + 30
    for path in files:
        song = read_song(path)
        begin, length = song.notes["time_us"] / 1e6, song.notes["duration_us"] / 1e6
        ours = in_order(
            zip(begin, begin + length, song.notes["pitch"], song.notes["drum"], strict=True)
        )
        theirs = in_order(heard_by_pretty_midi(path))
        assert [row[2:] for row in ours] == [row[2:] for row in theirs], path.name
        for i, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            assert abs(mine[0] - other[0]) < 0.001, path.name
            # A note that is struck again while it sounds ends there; pretty_midi lets it sound on.
            again = theirs[i + 1 : i + 2]
            if not (again and again[0][2:] == other[2:] and again[0][0] < other[1]):
                assert abs(mine[1] - other[1]) < 0.001, path.name


def in_order(rows: Iterable[Heard]) -> list[Heard]:
    """By pitch and start; of notes of several parts that begin together the shorter first."""
    return sorted(rows, key=lambda row: (row[2], row[3], round(row[0], 4), row[1]))


def test_every_valid_file_is_arranged_without_a_word_about_damage(files: list[Path]) -> None:
    for path in files if SOAK else files[:30]:
        song = read_song(path)
        assert song.problems == (), path.name
        assert arrange(song).rates[0] > 0


def test_the_corpus_has_every_variety(files: list[Path]) -> None:
    made = [compose(seed) for seed in range(COMPOSED)]
    assert {file.type for file in made} == {0, 1}
    assert len({file.ticks_per_beat for file in made}) >= 9
    kinds = {message.type for file in made for track in file.tracks for message in track}
    assert {"lyrics", "marker", "sysex", "pitchwheel", "smpte_offset", "note_off"} <= kinds
    changes = [sum(m.type == "set_tempo" for t in file.tracks for m in t) for file in made]
    assert max(changes) > 300
    songs = [read_song(path) for path in files[:60]]
    assert any(len(song.authored) for song in songs)
    assert any(song.bar_beats[1] == 1 for song in songs)  # a pickup
    assert np.ptp([song.length_us for song in songs]) > 60e6
