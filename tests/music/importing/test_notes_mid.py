"""``notes.mid``: frets as the notes of a MIDI file."""

import os
import random
from pathlib import Path

import mido
import pytest

from game.music.errors import MusicError
from game.music.importing.fretted import Difficulty, FretNote
from game.music.importing.notes_mid import read_notes_mid
from tests.music.importing.foreign import TICKS, guitar_track, notes_mid, track

MUTATIONS = 20_000 if os.environ.get("GRIPTUNE_SOAK") == "1" else 150


def read(path: Path):
    return read_notes_mid(path, path.read_bytes())


def note(pitch: int, start: int, length: int = 60):
    return [
        (start, mido.Message("note_on", note=pitch, velocity=100)),
        (start + length, mido.Message("note_on", note=pitch, velocity=0)),
    ]


def text(words: str, tick: int = 0, kind: str = "text"):
    return (tick, mido.MetaMessage(kind, text=words))


@pytest.mark.parametrize("name", ["PART GUITAR", "T1 GEMS", "part guitar ", "lead", ""])
def test_the_guitar_is_found_by_its_name_or_as_the_only_track_there_is(tmp_path, name):
    song = read(notes_mid(tmp_path / "notes.mid", [guitar_track(2, name)]))
    frets = [n.fret for n in song.charts["guitar", Difficulty.EXPERT]]
    assert frets == [0, 2, 1, 4] * 2
    assert [n.tick for n in song.charts["guitar", Difficulty.EXPERT]] == [
        beat * TICKS for beat in range(8)
    ]
    assert len(song.charts["guitar", Difficulty.EASY]) == 2
    assert song.tempi == [(0, 500_000)]
    assert song.metres == [(0, 4, 4)]


def test_other_instruments_are_not_taken_for_a_guitar(tmp_path):
    song = read(notes_mid(tmp_path / "notes.mid", [guitar_track(2, "PART DRUMS")]))
    assert song.hardest() is None


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("PART BASS", "bass"),
        ("PART RHYTHM", "rhythm"),
        ("PART KEYS", "keys"),
        ("PART GUITAR COOP", "coop"),
    ],
)
def test_other_parts_of_five_frets_are_known(tmp_path, name, part):
    song = read(notes_mid(tmp_path / "notes.mid", [guitar_track(2, name)]))
    assert song.hardest() == (part, Difficulty.EXPERT)


def test_markers_are_no_notes_and_open_strings_are_where_they_are_announced(tmp_path):
    markers = [n for p in (101, 102, 103, 104, 105, 116, 126, 127) for n in note(p, 0, 400)]
    plain = track([*note(95, 100), *note(96, 0), *markers], "PART GUITAR")
    song = read(notes_mid(tmp_path / "a.mid", [plain]))
    assert song.charts["guitar", Difficulty.EXPERT] == [FretNote(0, 60, 0)]
    opened = track(
        [text("[ENHANCED_OPENS]"), *note(95, 100), *note(96, 0), *markers], "PART GUITAR"
    )
    song = read(notes_mid(tmp_path / "b.mid", [opened]))
    assert song.charts["guitar", Difficulty.EXPERT] == [FretNote(0, 60, 0), FretNote(100, 60, 0)]


def test_sections_and_words_are_read(tmp_path):
    events = track([text("[section Big Rock]"), text("[prc_end_of_it]", 960)], "EVENTS")
    sung = track(
        [
            *note(105, 0, 900),
            text("Où-", 0, "lyrics"),
            text("là", 100, "lyrics"),
            text("[idle]", 150),
            text("yes", 200, "lyrics"),
            *note(105, 1000, 900),
            text("Sing#", 1000),
            text("+", 1100, "lyrics"),
        ],
        "PART VOCALS",
    )
    song = read(notes_mid(tmp_path / "notes.mid", [guitar_track(4), events, sung]))
    assert song.sections == [(0, "Big Rock"), (960, "end of it")]
    assert song.lyrics == [(0, "Où"), (100, "là "), (200, "yes "), (1000, "\nSing ")]


def test_frames_of_film_are_refused(tmp_path):
    path = notes_mid(tmp_path / "notes.mid", [guitar_track(2)])
    data = bytearray(path.read_bytes())
    data[12:14] = b"\xe7\x28"
    with pytest.raises(MusicError, match="film frames"):
        read_notes_mid(path, bytes(data))


def test_damaged_files_are_read_or_refused_and_nothing_else(tmp_path):
    sung = track([*note(105, 0, 900), text("la", 0, "lyrics")], "PART VOCALS")
    whole = notes_mid(tmp_path / "notes.mid", [guitar_track(3), sung]).read_bytes()
    dice = random.Random(2)
    read_or_not = [0, 0]
    for _ in range(MUTATIONS):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 12)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        try:
            song = read_notes_mid(Path("notes.mid"), bytes(data[: dice.randint(10, len(data))]))
        except MusicError:
            read_or_not[1] += 1
            continue
        read_or_not[0] += 1
        for notes in song.charts.values():
            assert all(0 <= n.fret <= 4 and n.tick >= 0 and n.length >= 0 for n in notes)
    assert min(read_or_not) > 0
