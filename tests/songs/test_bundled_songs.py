"""The bundled songs: complete, correct as music, balanced, and what their ``.toml`` says."""

import re
import tomllib
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

import mido
import pytest

import songs
from tests.songs.notation import Tune, read_tune
from tests.songs.performance import Note, Performance, Track, read_performance

FOLDER = Path(songs.__file__).parent
KEYS = sorted(path.stem for path in FOLDER.glob("*.abc"))

MOODS = {"calm", "steady", "lively"}
TEXTURES = {"Drums", "Strings"}
CHORDS = [
    *([0, 4, 7], [0, 3, 7], [0, 3, 6], [0, 4, 8], [0, 5, 7]),
    *([0, 4, 7, 10], [0, 3, 7, 10], [0, 4, 7, 11], [0, 3, 6, 10], [0, 3, 6, 9]),
]
"""Triads, suspended fourths and seventh chords, in semitones above the root."""


@cache
def played(key: str) -> Performance:
    return read_performance(FOLDER / f"{key}.mid")


@cache
def written(key: str) -> Tune:
    return read_tune((FOLDER / f"{key}.abc").read_text(encoding="utf-8"))


@cache
def said(key: str) -> dict[str, object]:
    return tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))


def tempi(song: Performance) -> list[float]:
    return [mido.tempo2bpm(message.tempo) for _, message in song.conductor.of_type("set_tempo")]


def sung(key: str) -> list[tuple[int, str]]:
    return [(time, message.text) for time, message in played(key).melody.of_type("lyrics")]


def test_there_are_enough_songs_and_the_one_that_everybody_knows() -> None:
    assert len(KEYS) >= 30
    assert "ode-to-joy" in KEYS


def test_every_song_has_its_notation_its_sound_and_its_description() -> None:
    for suffix in ("mid", "toml"):
        assert sorted(path.stem for path in FOLDER.glob(f"*.{suffix}")) == KEYS


def test_the_songs_differ() -> None:
    programs = {played(key).melody.of_type("program_change")[0][1].program for key in KEYS}
    countries = {said(key)["origin"] for key in KEYS}
    assert len(programs) >= 8
    assert len(countries) >= 8
    assert {said(key)["mood"] for key in KEYS} == MOODS
    assert {written(key).header["M"] for key in KEYS} >= {"4/4", "3/4", "6/8"}


def test_at_least_five_songs_can_be_sung() -> None:
    assert sum(bool(sung(key)) for key in KEYS) >= 15


@pytest.mark.parametrize("key", KEYS)
class TestDescription:
    def test_says_what_it_is_and_why_it_is_free(self, key: str) -> None:
        notes = said(key)
        for name in ("title", "composer", "origin", "public_domain"):
            assert isinstance(notes[name], str), name
            assert notes[name].strip() == notes[name] != "", name
        assert re.search(r"\([^)]*\d{4}\)|traditional", str(notes["composer"]))
        assert isinstance(notes["year"], int)
        assert 1400 < notes["year"] <= 1925
        assert notes["mood"] in MOODS

    def test_names_the_melody_track_of_the_file(self, key: str) -> None:
        assert said(key)["melody"] == {"track": "Melody"}
        assert "Melody" in played(key).voices

    def test_gives_the_author_of_the_words_exactly_if_there_are_words(self, key: str) -> None:
        assert ("lyrics" in said(key)) == ("lyrics_language" in said(key)) == bool(sung(key))

    def test_agrees_with_the_notation_and_the_file(self, key: str) -> None:
        assert said(key)["title"] == written(key).header["T"] == played(key).conductor.name
        assert str(said(key)["origin"]) == written(key).header["O"]


@pytest.mark.parametrize("key", KEYS)
class TestNotation:
    def test_bars_are_full(self, key: str) -> None:
        tune = written(key)
        for name, voice in tune.voices.items():
            lengths = [b - a for a, b in pairwise(voice.bar_lines)]
            assert set(lengths) == {tune.bar}, name
            assert voice.bar_lines[-1] == voice.end, f"{name} ends within a bar"

    def test_voices_are_equally_long(self, key: str) -> None:
        assert len({voice.end for voice in written(key).voices.values()}) == 1

    def test_is_what_the_file_plays(self, key: str) -> None:
        song = played(key)
        for name, voice in written(key).voices.items():
            if name == "Drums":
                continue  # their letters stand for instruments
            ticks = [
                (start * song.ticks_per_beat, (start + long) * song.ticks_per_beat, pitch)
                for start, long, pitch in voice.notes
            ]
            # abc2midi ends every note a tick early, so that a repeated one starts afresh.
            heard = [(note.start, note.end + 1, note.pitch) for note in song.voices[name].notes]
            assert heard == sorted(ticks, key=lambda note: (note[0], note[2])), name

    def test_says_something_about_the_arrangement(self, key: str) -> None:
        text = (FOLDER / f"{key}.abc").read_text(encoding="utf-8")
        remarks = re.findall(r"^% (?!==)(.+)$", text.split("\nK:")[0], flags=re.MULTILINE)
        assert len(" ".join(remarks)) > 80

    def test_fits_the_width_of_a_page(self, key: str) -> None:
        text = (FOLDER / f"{key}.abc").read_text(encoding="utf-8")
        assert max(len(line) for line in text.splitlines()) <= 180


@pytest.mark.parametrize("key", KEYS)
class TestFile:
    def test_lasts_one_to_three_minutes(self, key: str) -> None:
        assert 60 <= played(key).seconds <= 200

    def test_keeps_a_tempo_one_can_follow(self, key: str) -> None:
        assert all(59.9 <= tempo <= 140.1 for tempo in tempi(played(key)))

    def test_has_four_tracks_that_end_together_on_a_bar_line(self, key: str) -> None:
        song = played(key)
        *names, texture = song.voices
        assert names == ["Melody", "Harmony", "Bass"]
        assert texture in TEXTURES
        assert {track.end for track in song.voices.values()} == {song.conductor.end}
        assert song.conductor.end % song.bar == 0

    def test_drums_are_on_their_channel_and_nothing_else_is(self, key: str) -> None:
        for name, track in played(key).voices.items():
            channels = {message.channel for _, message in track.events if not message.is_meta}
            assert channels == ({9} if name == "Drums" else channels - {9})
            assert len(channels) == 1

    def test_sections_begin_on_bar_lines(self, key: str) -> None:
        song = played(key)
        marks = song.conductor.of_type("marker")
        assert len(marks) >= 4
        assert marks[0][0] == 0
        assert [time for time, _ in marks] == sorted({time for time, _ in marks})
        assert all(time % song.bar == 0 and time < song.conductor.end for time, _ in marks)

    def test_dynamics_change_within_the_song(self, key: str) -> None:
        velocities = [note.velocity for note in played(key).melody.notes]
        assert max(velocities) - min(velocities) >= 12

    def test_melody_stands_out(self, key: str) -> None:
        """In what MIDI prescribes; how loud the instruments are was measured and set by CC 7."""
        mean = {name: mean_velocity(track) for name, track in played(key).voices.items()}
        assert mean.pop("Melody") >= max(mean.values())


@pytest.mark.parametrize("key", KEYS)
class TestMelody:
    def test_is_one_voice_in_a_singing_range(self, key: str) -> None:
        notes = played(key).melody.notes
        assert all(a.end <= b.start for a, b in pairwise(notes))
        assert min(note.pitch for note in notes) >= 55
        assert max(note.pitch for note in notes) <= 88

    def test_begins_soon_and_never_leaves_the_player_alone(self, key: str) -> None:
        song = played(key)
        times = [0.0, *(song.seconds_at(note.start) for note in song.melody.notes)]
        assert max(b - a for a, b in pairwise(times)) <= 8
        assert song.seconds - times[-1] <= 8

    def test_is_at_home_in_the_harmony(self, key: str) -> None:
        song = played(key)
        assert share_of_chord_tones(song) >= 0.7

    def test_does_not_rub_against_the_held_notes(self, key: str) -> None:
        """No minor second or its octaves, for a beat or longer, between melody and the others."""
        song = played(key)
        others = [note for name in other_voices(song) for note in song.voices[name].notes]
        rubbing = [
            (note, other)
            for note in song.melody.notes
            for other in sounding_with(note, others)
            if abs(note.pitch - other.pitch) % 12 in {1, 11}
            and min(note.end, other.end) - max(note.start, other.start) >= song.ticks_per_beat - 1
        ]
        assert rubbing == []


@pytest.mark.parametrize("key", [key for key in KEYS if sung(key)])
class TestLyrics:
    def test_every_syllable_falls_on_a_note_of_the_melody(self, key: str) -> None:
        times = [time for time, _ in sung(key)]
        assert times == sorted(set(times))
        assert set(times) <= {note.start for note in played(key).melody.notes}

    def test_reads_as_the_words_under_the_notes(self, key: str) -> None:
        lines = "".join(text for _, text in sung(key)).split("\r")
        under = [re.sub(r"\\-", "\N{HYPHEN}", words) for words in written(key).words if words]
        plain = [re.sub(r"[-_*]", "", words).replace("~", " ") for words in under]
        assert lines == [*(words.replace("\N{HYPHEN}", "-") for words in plain), ""]

    def test_lines_are_short_enough_to_show(self, key: str) -> None:
        assert all(text.strip() for _, text in sung(key))
        assert len(sung(key)) >= 40


def mean_velocity(track: Track) -> Fraction:
    return Fraction(sum(note.velocity for note in track.notes), len(track.notes))


def other_voices(song: Performance) -> list[str]:
    return [name for name in song.voices if name not in {"Melody", "Drums"}]


def sounding_with(note: Note, others: Iterable[Note]) -> list[Note]:
    return [other for other in others if other.start < note.end and other.end > note.start]


def share_of_chord_tones(song: Performance) -> float:
    """The share of melody notes on strong beats that belong to the chord sounding under them.

    Strong are the first beat of each bar and its middle where the bar has one (2/4, 4/4, 6/8). The
    note belongs to the chord if what sounds on the beat makes a triad or a seventh chord; of a
    broken chord, what comes until the next strong beat counts as well.
    """
    ((_, meter),) = song.conductor.of_type("time_signature")
    strong = song.bar if meter.numerator == 3 else song.bar // 2
    others = [note for name in other_voices(song) for note in song.voices[name].notes]
    fitting = []
    for note in song.melody.notes:
        if note.start % strong:
            continue
        chord = sounding_with(Note(note.start, note.start + 1, 0, 0), others)
        if len({other.pitch % 12 for other in chord}) < 2:
            chord = sounding_with(Note(note.start, note.start + strong, 0, 0), others)
        if chord:
            fitting.append(is_a_chord({note.pitch, *(other.pitch for other in chord)}))
    assert len(fitting) >= 20, "too few strong beats with a chord to say anything"
    return sum(fitting) / len(fitting)


def is_a_chord(pitches: set[int]) -> bool:
    classes = {pitch % 12 for pitch in pitches}
    return any(
        classes <= {(root + step) % 12 for step in chord} for chord in CHORDS for root in range(12)
    )
