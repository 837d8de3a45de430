import os
import struct
from pathlib import Path

import mido
import numpy as np
import pytest

from game.music.library.folders import content_of
from game.music.reading import read_song
from game.music.song import BEND, PEDAL, PROGRAM
from tests.music import songs as made


def note(
    kind: str, pitch: int, time: int = 0, velocity: int = 80, channel: int = 0
) -> mido.Message:
    return mido.Message(kind, note=pitch, velocity=velocity, time=time, channel=channel)


def a_track(*messages: mido.Message | mido.MetaMessage) -> mido.MidiTrack:
    return mido.MidiTrack(messages)


def smpte(path: Path, frames: int, ticks: int, body: bytes) -> Path:
    division = struct.pack("bB", -frames, ticks)
    header = struct.pack(">4sLHH", b"MThd", 6, 1, 1) + division
    path.write_bytes(header + struct.pack(">4sL", b"MTrk", len(body)) + body)
    return path


def test_a_song_has_what_its_file_says(tmp_path: Path) -> None:
    song = read_song(made.ode(tmp_path / "ode.mid"))
    assert song.title == "Ode to joy"
    assert song.length_us == 64_000_000
    assert song.melody_name == "Melody"
    assert [int(p) for p in song.melody_notes["pitch"][:5]] == [64, 64, 65, 67, 67]
    assert np.diff(song.beats_us).tolist() == [500_000] * 128
    assert song.bars_us.tolist() == list(range(0, 64_000_001, 2_000_000))
    assert song.notes["drum"].sum() == 128
    assert not song.notes.flags.writeable
    assert song.problems == ()


def test_type_0_is_read_by_channel(tmp_path: Path) -> None:
    events = []
    for i, (pitch, _) in enumerate(made.ODE_A):
        events.append((float(i), 1, note("note_on", pitch or 60)))
        events.append((i + 0.9, 0, note("note_off", pitch or 60)))
        events.append((float(i), 1, note("note_on", 40, channel=1)))
        events.append((i + 0.9, 0, note("note_off", 40, channel=1)))
    path = made.save(tmp_path / "zero.mid", [made.from_events(events)], kind=0)
    song = read_song(path)
    assert len(song.melody) == len(made.ODE_A)
    assert set(song.melody_notes["channel"]) == {0}


@pytest.mark.parametrize(
    ("frames", "ticks", "tick_us"),
    [(25, 40, 1000.0), (24, 4, 1e6 / 96), (30, 80, 1e6 / 2400), (29, 100, 1001 / 3)],
)
def test_smpte_ticks_have_their_own_length(
    tmp_path: Path, frames: int, ticks: int, tick_us: float
) -> None:
    # Given two notes 100 ticks apart, and a tempo that must not matter for when they sound.
    body = b"\x00\xff\x51\x03\x0f\x42\x40\x00\x90\x40\x40\x64\x80\x40\x00\x00\x90\x43\x40"
    body += b"\x64\x80\x43\x00\x00\xff\x2f\x00"
    song = read_song(smpte(tmp_path / "smpte.mid", frames, ticks, body))
    assert song.notes["time_us"].tolist() == [0, round(100 * tick_us)]
    # Beats follow the tempo event: one second each.
    assert song.beats_us[1] == 1_000_000


def test_tempo_changes_move_what_comes_after(tmp_path: Path) -> None:
    conductor = a_track(
        mido.MetaMessage("set_tempo", tempo=500_000, time=0),
        mido.MetaMessage("set_tempo", tempo=1_000_000, time=960),
        mido.MetaMessage("set_tempo", tempo=250_000, time=480),
    )
    melody = made.track([(60, 1.0)] * 8, name="Melody")
    song = read_song(made.save(tmp_path / "t.mid", [conductor, melody]))
    assert (song.notes["time_us"] // 1000).tolist() == [0, 500, 1000, 2000, 2250, 2500, 2750, 3000]
    assert song.tempo_map["us_per_beat"].tolist() == [500_000, 1_000_000, 250_000]


def test_hundreds_of_tempo_changes_agree_with_the_sum_of_their_steps(tmp_path: Path) -> None:
    tempi = [400_000 + 1_237 * (i % 97) for i in range(400)]
    conductor = a_track(
        *(mido.MetaMessage("set_tempo", tempo=t, time=480 if i else 0) for i, t in enumerate(tempi))
    )
    melody = made.track([(60 + i % 5, 1.0) for i in range(400)], name="Melody")
    song = read_song(made.save(tmp_path / "t.mid", [conductor, melody]))
    wanted = np.concatenate([[0], np.cumsum(tempi[:-1])])
    assert np.abs(song.notes["time_us"] - wanted).max() <= 1


@pytest.mark.parametrize(
    ("metre", "beats", "beat_us"),
    [
        ((4, 4), 4, 500_000),
        ((3, 4), 3, 500_000),
        ((2, 2), 2, 1_000_000),
        ((6, 8), 2, 750_000),
        ((12, 8), 4, 750_000),
        ((3, 8), 3, 250_000),
        ((5, 4), 5, 500_000),
        ((7, 8), 7, 250_000),
    ],
)
def test_beats_are_what_a_listener_taps(
    tmp_path: Path, metre: tuple[int, int], beats: int, beat_us: int
) -> None:
    song = read_song(made.melody_only(tmp_path / "m.mid", [(60, 1.0)] * 40, metre=metre))
    assert int(song.beats_us[1]) == beat_us
    assert int(song.bar_beats[1]) == beats


def test_a_metre_that_changes_starts_a_bar(tmp_path: Path) -> None:
    conductor = a_track(
        mido.MetaMessage("time_signature", numerator=3, denominator=4, time=0),
        mido.MetaMessage("time_signature", numerator=2, denominator=4, time=3 * 480 * 2),
    )
    melody = made.track([(60, 1.0)] * 10, name="Melody")
    song = read_song(made.save(tmp_path / "m.mid", [conductor, melody]))
    assert song.bar_beats.tolist() == [0, 3, 6, 8]
    assert song.beats_us[-1] == 10 * 500_000


def test_a_pickup_written_as_a_short_bar_is_one(tmp_path: Path) -> None:
    conductor = a_track(
        mido.MetaMessage("time_signature", numerator=1, denominator=4, time=0),
        mido.MetaMessage("time_signature", numerator=4, denominator=4, time=480),
    )
    melody = made.track([(60, 1.0)] * 17, name="Melody")
    song = read_song(made.save(tmp_path / "m.mid", [conductor, melody]))
    assert song.bar_beats.tolist() == [0, 1, 5, 9, 13]


def test_a_pickup_that_the_file_hides_is_heard_from_the_accompaniment(tmp_path: Path) -> None:
    tracks = [
        made.conductor(120, (3, 4)),
        made.track([(67, 1.0), *[(72, 2.0), (67, 1.0)] * 16], name="Melody"),
        made.track([(48, 3.0), (43, 3.0)] * 8, name="Bass", channel=2, start=1),
        made.chords(0),
    ]
    song = read_song(made.save(tmp_path / "upbeat.mid", tracks))
    assert song.bar_beats[:3].tolist() == [0, 1, 4]


def test_no_pickup_is_heard_where_there_is_none(tmp_path: Path) -> None:
    song = read_song(made.ode(tmp_path / "ode.mid"))
    assert song.bar_beats[:3].tolist() == [0, 4, 8]


def test_the_author_can_say_the_pickup(tmp_path: Path) -> None:
    path = made.melody_only(tmp_path / "m.mid", [(60, 1.0)] * 24)
    path.with_suffix(".toml").write_text("pickup_beats = 3\n")
    assert read_song(path).bar_beats[:3].tolist() == [0, 3, 7]


def test_notes_that_overlap_themselves_or_never_end_are_ended(tmp_path: Path) -> None:
    melody = a_track(
        note("note_on", 60),
        note("note_on", 60, 240),  # struck again while it sounds
        note("note_off", 60, 240),
        note("note_on", 64, 0),
        note("note_on", 64, 0, velocity=100),  # twice at once
        note("note_off", 64, 480),
        note("note_off", 64, 0),
        note("note_on", 67, 0),  # never let go
        note("note_off", 70, 0),  # never struck
    )
    song = read_song(made.save(tmp_path / "odd.mid", [made.conductor(), melody]))
    rows = [(int(n["time_us"]), int(n["duration_us"]), int(n["pitch"])) for n in song.notes]
    assert rows == [
        (0, 250_000, 60),
        (250_000, 250_000, 60),
        (500_000, 500_000, 64),
        (1_000_000, 4_000_000, 67),
    ]
    assert int(song.notes["velocity"][2]) == 100
    assert "never let go" in song.problems[0]


def test_controls_and_programs_reach_the_song(tmp_path: Path) -> None:
    setup = a_track(mido.Message("program_change", program=73, channel=0))
    melody = a_track(
        mido.Message("control_change", control=64, value=127, time=480),
        mido.Message("pitchwheel", pitch=-4096, time=0),
        note("note_on", 60, 0),
        note("note_off", 60, 480),
    )
    song = read_song(made.save(tmp_path / "c.mid", [setup, melody]))
    rows = [(int(c["time_us"]), int(c["kind"]), int(c["value"])) for c in song.controls]
    assert rows == [(0, PROGRAM, 73), (500_000, PEDAL, 127), (500_000, BEND, -4096)]
    assert int(song.notes["program"][0]) == 73


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_lyrics_are_read_in_the_encoding_they_are_in(tmp_path: Path, encoding: str) -> None:
    syllables = ["Freu-", "de ", "schö-", "ner ", "Göt-", "ter-", "fun-", "ken"]
    words = mido.MidiTrack()
    for i, text in enumerate(syllables):
        raw = text.encode(encoding).decode("latin-1")
        words.append(mido.MetaMessage("lyrics", text=raw, time=480 if i else 0))
    song = read_song(made.save(tmp_path / "l.mid", [words, made.track(made.ODE_A, name="Piano")]))
    assert [text for _, text in song.lyrics] == syllables
    assert [us for us, _ in song.lyrics] == [i * 500_000 for i in range(8)]


def test_karaoke_text_becomes_lyrics_and_a_title(tmp_path: Path) -> None:
    words = mido.MidiTrack(
        [
            mido.MetaMessage("text", text="@KMIDI KARAOKE FILE"),
            mido.MetaMessage("text", text="@TAuld Lang Syne"),
            mido.MetaMessage("text", text="@TRobert Burns"),
            mido.MetaMessage("text", text="\\Should ", time=480),
            mido.MetaMessage("text", text="auld ", time=480),
            mido.MetaMessage("text", text="/And ", time=480),
        ]
    )
    path = made.save(tmp_path / "song.kar", [words, made.track(made.ODE_A)])
    song = read_song(path)
    assert song.title == "Auld Lang Syne"
    assert [text for _, text in song.lyrics] == ["\nShould ", "auld ", "\nAnd "]


def test_markers_become_sections(tmp_path: Path) -> None:
    marks = a_track(
        mido.MetaMessage("marker", text="Verse", time=0),
        mido.MetaMessage("marker", text="Refrain", time=480 * 16),
    )
    song = read_song(made.save(tmp_path / "s.mid", [marks, made.track(made.ODE)]))
    assert song.sections == ((0, "Verse"), (8_000_000, "Refrain"))


def test_the_toml_beside_the_file_counts(tmp_path: Path) -> None:
    path = made.ode(tmp_path / "ode.mid")
    path.with_suffix(".toml").write_text(
        'title = "An die Freude"\ncomposer = "Beethoven"\nyear = 1824\n[melody]\ntrack = "Bass"\n',
        encoding="utf-8",
    )
    song = read_song(path)
    assert (song.title, song.melody_name) == ("An die Freude", "Bass")
    assert song.meta["composer"] == "Beethoven"
    assert song.meta["year"] == 1824
    assert "author" in song.melody_reason


def test_the_hash_changes_with_the_toml(tmp_path: Path) -> None:
    path = made.ode(tmp_path / "ode.mid")
    before = read_song(path).content_hash
    assert read_song(path).content_hash == before
    path.with_suffix(".toml").write_text('title = "Other"\n')
    assert read_song(path).content_hash != before


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        (b"title = ", "not valid TOML"),
        (b"title = 3\n", "title: this is a text, in quotation marks"),
        (b"audio = 3\n", "audio: this is a table"),
        (b"[melody]\nchannel = 17\n", "melody.channel"),
        (b"[melody]\ntrak = 1\n", "melody.trak"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'[melody]\ntrack = "Vocals"\n', "“Vocals”"),
    ],
)
def test_a_broken_toml_is_a_clear_problem_and_the_song_still_plays(
    tmp_path: Path, toml: bytes, says: str
) -> None:
    path = made.ode(tmp_path / "ode.mid")
    path.with_suffix(".toml").write_bytes(toml)
    song = read_song(path)
    assert song.melody_name == "Melody"
    assert any(says in problem for problem in song.problems)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a file that never answers")
def test_notes_that_are_none_keep_nobody_waiting(tmp_path: Path) -> None:
    path = made.ode(tmp_path / "ode.mid")
    os.mkfifo(path.with_suffix(".toml"))  # opening it waits for somebody to write
    assert any("ode.toml is no file" in problem for problem in read_song(path).problems)
    assert content_of(path)
    path.with_suffix(".toml").unlink()
    path.with_suffix(".toml").write_bytes(b"#" * 100_001)
    assert any("longer than 100 kB" in problem for problem in read_song(path).problems)


def test_a_file_without_a_name_inside_is_called_by_its_file_name(tmp_path: Path) -> None:
    path = made.save(tmp_path / "greensleeves_in-d.mid", [made.track(made.ODE_A)])
    assert read_song(path).title == "Greensleeves in d"
