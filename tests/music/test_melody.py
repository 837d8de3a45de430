from pathlib import Path

import mido
import numpy as np
import pytest

from game.music.library import bundled_folder
from game.music.melody import top_line
from game.music.reading import read_song
from game.music.song import NOTE, Song
from tests.music import songs as made

BUNDLED = sorted(bundled_folder().glob("*.mid"))


def notes(*rows: tuple[int, int, int]) -> np.ndarray:
    """Notes from (start ms, length ms, pitch)."""
    made_notes = np.zeros(len(rows), NOTE)
    for i, (start, length, pitch) in enumerate(rows):
        made_notes[i]["time_us"], made_notes[i]["duration_us"] = start * 1000, length * 1000
        made_notes[i]["pitch"], made_notes[i]["velocity"] = pitch, 80
    return made_notes


@pytest.mark.parametrize("name", ["Melody", "Vocals", "Lead voice", "Gesang", "melodie"])
def test_the_track_that_is_called_so_is_the_melody(tmp_path: Path, name: str) -> None:
    tracks = [
        made.track(made.bass(16), name="Bass", channel=1),
        made.track(made.ODE, name=name, velocity=60),
        made.track([(76, 0.5), (79, 0.5)] * 64, name="Harmony", channel=3, velocity=100),
    ]
    song = read_song(made.save(tmp_path / "s.mid", tracks))
    assert song.melody_name == name
    assert f"“{name}”" in song.melody_reason


def test_without_names_the_singing_part_is_the_melody(tmp_path: Path) -> None:
    tracks = [
        made.track(made.bass(16), channel=1),
        made.chords(16),
        made.track(made.ODE, channel=4),
        made.drums(16),
    ]
    for one in tracks:
        one[:] = [m for m in one if m.type != "track_name"]
    song = read_song(made.save(tmp_path / "s.mid", tracks))
    assert set(song.melody_notes["channel"]) == {4}


def test_drums_are_never_the_melody_whatever_they_are_called(tmp_path: Path) -> None:
    drums = made.track([(60, 1.0)] * 64, name="Melody", channel=9)
    song = read_song(made.save(tmp_path / "s.mid", [drums, made.track(made.ODE, name="Flute")]))
    assert song.melody_name == "Flute"


def test_of_two_like_parts_the_channel_decides(tmp_path: Path) -> None:
    tracks = [made.track(made.ODE_A, channel=channel) for channel in (5, 0, 4)]
    song = read_song(made.save(tmp_path / "s.mid", tracks))
    assert set(song.melody_notes["channel"]) == {0}
    words = mido.MidiTrack([mido.MetaMessage("lyrics", text="la", time=480) for _ in range(20)])
    tracks = [words, *(made.track(made.ODE_A, channel=channel) for channel in (5, 0, 3))]
    song = read_song(made.save(tmp_path / "words.mid", tracks))
    assert set(song.melody_notes["channel"]) == {3}


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_the_melody_of_every_bundled_song_is_found_without_its_name(
    tmp_path: Path, path: Path
) -> None:
    wanted = read_song(path)
    source = mido.MidiFile(path)
    told = ("track_name", "lyrics")
    tracks = [
        mido.MidiTrack(
            mido.MetaMessage("text", time=m.time) if m.type in told else m for m in track
        )
        for track in source.tracks
    ]
    for kind, kept in ((1, tracks), (0, [mido.merge_tracks(tracks)])):
        file = mido.MidiFile(type=kind, ticks_per_beat=source.ticks_per_beat)
        file.tracks.extend(kept)
        file.save(tmp_path / "nameless.mid")
        found = read_song(tmp_path / "nameless.mid")
        # Where it rests for long, other parts take over, so there may be a little more.
        assert len(sung(wanted) & sung(found)) >= 0.95 * len(sung(wanted))
        assert len(sung(found)) <= 1.15 * len(sung(wanted))


def sung(song: Song) -> set[tuple[int, int]]:
    """The melody as ms and pitch."""
    notes = song.melody_notes
    return set(zip((notes["time_us"] // 1000).tolist(), notes["pitch"].tolist(), strict=True))


def test_the_part_the_words_fall_on_is_the_melody(tmp_path: Path) -> None:
    words = mido.MidiTrack()
    tune = made.tune("c:1.5 d:.5 e f:1.5 e:.5 d g, c:2") * 4
    at = last = 0.0
    for _, beats in tune:
        words.append(mido.MetaMessage("lyrics", text="la", time=round((at - last) * made.TICKS)))
        last, at = at, at + beats
    tracks = [
        words,
        made.track([(72, 1.0), (76, 1.0), (74, 1.0), (71, 1.0)] * 9, channel=1, velocity=110),
        made.track(tune, channel=2, velocity=70),
    ]
    song = read_song(made.save(tmp_path / "s.mid", tracks))
    assert set(song.melody_notes["channel"]) == {2}
    assert "words" in song.melody_reason


def test_where_the_melody_rests_for_long_another_part_takes_over(tmp_path: Path) -> None:
    tracks = [
        made.track(made.ODE_A, name="Melody", start=32),
        made.track(made.tune("c e g e") * 16, name="Guitar", channel=1),
    ]
    song = read_song(made.save(tmp_path / "s.mid", tracks))
    assert song.melody_name == "Melody"
    assert song.melody_notes["time_us"][0] < 1_000_000
    inside = song.melody_notes["time_us"] >= 16_000_000
    assert set(song.melody_notes["track"][inside]) == {0}


@pytest.mark.parametrize(
    ("rows", "pitches"),
    [
        # a chord: its highest note, also if it is rolled a little
        ([(0, 500, 60), (10, 490, 64), (20, 480, 67), (500, 500, 72)], [67, 72]),
        # accompaniment under a held note
        ([(0, 2000, 72), (500, 400, 48), (1000, 400, 52), (2000, 500, 74)], [72, 74]),
        # a singer who overlaps a little going down keeps both notes
        ([(0, 550, 72), (500, 550, 71), (1000, 500, 69)], [72, 71, 69]),
        # a line alone keeps every leap
        ([(0, 400, 72), (500, 400, 48), (1000, 400, 72)], [72, 48, 72]),
    ],
)
def test_the_top_line(rows: list[tuple[int, int, int]], pitches: list[int]) -> None:
    played = notes(*rows)
    line = top_line(played, np.arange(len(played)))
    assert played["pitch"][line].tolist() == pitches


def test_a_piano_piece_gives_its_upper_voice(tmp_path: Path) -> None:
    events = []
    at = 0.0
    for pitch, beats in made.ODE:
        assert pitch is not None
        events += [
            (at, 1, mido.Message("note_on", note=pitch + 12, velocity=80)),
            (at + beats * 0.95, 0, mido.Message("note_off", note=pitch + 12)),
        ]
        at += beats
    for eighth in range(round(at) * 2):
        low = (48, 55, 52, 55)[eighth % 4]
        events += [
            (eighth / 2, 1, mido.Message("note_on", note=low, velocity=60)),
            (eighth / 2 + 0.45, 0, mido.Message("note_off", note=low)),
        ]
    song = read_song(made.save(tmp_path / "piano.mid", [made.from_events(events)]))
    wanted = [pitch + 12 for pitch, _ in made.ODE if pitch is not None]
    assert song.melody_notes["pitch"].tolist() == wanted
