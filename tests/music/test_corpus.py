"""Over a mixed corpus of valid files: notes are where another reader finds them."""

import os
import warnings
from pathlib import Path

import numpy as np
import pretty_midi
import pytest

from game.music.arranging import arrange
from game.music.events import CHART_TRACK
from game.music.reading import read_song
from tests.music.corpus import compose, corpus

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return corpus(tmp_path_factory.mktemp("corpus"))


def heard_by_pretty_midi(path: Path) -> list[tuple[float, float, int, bool]]:
    """Start and end in s, pitch, drum, of every note that is heard.

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
    assert len(files) >= 200 + 14
    for path in files:
        song = read_song(path)
        ours = sorted(
            (int(n["time_us"]) / 1e6, int(n["duration_us"]) / 1e6, int(n["pitch"]), bool(n["drum"]))
            for n in song.notes
        )
        theirs = heard_by_pretty_midi(path)
        assert len(ours) == len(theirs), path.name
        by_pitch = sorted(ours, key=lambda row: (row[2], row[3], row[0]))
        expected = sorted(theirs, key=lambda row: (row[2], row[3], row[0]))
        for mine, other in zip(by_pitch, expected, strict=True):
            assert mine[2:] == other[2:], path.name
            assert abs(mine[0] - other[0]) < 0.001, path.name
            assert abs(mine[0] + mine[1] - other[1]) < 0.001, path.name


def test_every_valid_file_is_arranged_without_a_word_about_damage(files: list[Path]) -> None:
    for path in files if SOAK else files[:60]:
        song = read_song(path)
        assert song.problems == (), path.name
        assert arrange(song).rates[0] > 0


def test_the_corpus_has_every_variety(tmp_path: Path) -> None:
    made = [compose(seed) for seed in range(200)]
    assert {file.type for file in made} == {0, 1}
    assert len({file.ticks_per_beat for file in made}) >= 9
    kinds = {message.type for file in made for track in file.tracks for message in track}
    assert {"lyrics", "marker", "sysex", "pitchwheel", "smpte_offset", "note_off"} <= kinds
    changes = [sum(m.type == "set_tempo" for t in file.tracks for m in t) for file in made]
    assert max(changes) > 300
    songs = [read_song(path) for path in corpus(tmp_path, 60)[:60]]
    assert any(len(song.authored) for song in songs)
    assert any(song.bar_beats[1] == 1 for song in songs)  # a pickup
    assert np.ptp([song.length_us for song in songs]) > 60e6
