"""A song with its own chart (a track named griptune) and a song with recorded audio."""

from pathlib import Path

import mido
import pytest

from game.music.errors import MusicError
from game.music.reading import read_song
from tests.music import songs as made


def chart_track(
    *rows: tuple[float, int, int], name: str = "griptune", channel: int = 0
) -> mido.MidiTrack:
    """A track of (beat, pitch, velocity), each half a beat long."""
    events = []
    for beat, pitch, velocity in rows:
        on = mido.Message("note_on", note=pitch, velocity=velocity, channel=channel)
        events += [(beat, 1, on), (beat + 0.5, 0, on.copy(velocity=0))]
    return made.from_events(events, name)


def recording(midi: Path, ending: str = ".ogg", content: bytes = b"sound") -> Path:
    path = midi.with_name(midi.stem + ending)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", ["griptune", "Griptune", "  GRIPTUNE "])
def test_the_track_called_griptune_is_the_chart_and_is_silent(tmp_path: Path, name: str) -> None:
    chart = chart_track((0, 60, 127), (1, 61, 112), (2, 62, 111), (3, 64, 1), name=name)
    song = read_song(made.save(tmp_path / "s.mid", [chart, made.track(made.ODE, name="Lead")]))
    assert song.authored.tolist() == [
        (0, 250_000, 0, 1),
        (500_000, 250_000, 1, 1),
        (1_000_000, 250_000, 2, 2),
        (1_500_000, 250_000, 4, 8),
    ]
    assert not song.authored.flags.writeable
    assert song.melody_name == "Lead"
    assert len(song.notes) == len(made.ODE)


def test_drum_channels_and_odd_pitches_of_the_chart(tmp_path: Path) -> None:
    chart = chart_track((0, 63, 127), (1, 59, 127), (2, 65, 127), channel=9)
    song = read_song(made.save(tmp_path / "s.mid", [chart, made.track(made.ODE)]))
    assert song.authored["grip"].tolist() == [3]
    assert any("2 notes of the track “griptune”" in problem for problem in song.problems)


def test_a_chart_alone_needs_a_recording(tmp_path: Path) -> None:
    path = made.save(tmp_path / "s.mid", [chart_track(*((i, 60 + i % 5, 127) for i in range(9)))])
    with pytest.raises(MusicError, match="no recording beside it"):
        read_song(path)
    recording(path)
    song = read_song(path)
    assert (len(song.authored), len(song.notes), len(song.melody)) == (9, 0, 0)
    assert song.melody_track == -1
    assert song.length_us == 6_000_000


@pytest.mark.parametrize("ending", [".ogg", ".opus", ".mp3", ".flac", ".wav"])
def test_audio_of_the_same_name_is_the_recording(tmp_path: Path, ending: str) -> None:
    path = made.ode(tmp_path / "my.song.mid")
    assert read_song(path).recorded is None
    audio = recording(path, ending)
    found = read_song(path).recorded
    assert found is not None
    assert (found.path, found.lead, found.offset_us) == (audio, None, 0)
    lead = recording(path, f".lead{ending}")
    path.with_suffix(".toml").write_text("[audio]\noffset_s = -1.25\n")
    found = read_song(path).recorded
    assert found is not None
    assert (found.path, found.lead, found.offset_us) == (audio, lead, -1_250_000)


def test_a_recorded_song_lasts_as_long_as_its_tracks(tmp_path: Path) -> None:
    track = made.track(made.ODE_A, name="Melody")
    track.append(mido.MetaMessage("end_of_track", time=4 * 4 * made.TICKS))
    path = made.save(tmp_path / "s.mid", [track])
    assert read_song(path).length_us == 16_000_000
    recording(path)
    assert read_song(path).length_us == 24_000_000


def test_the_hash_changes_with_the_recording(tmp_path: Path) -> None:
    path = made.ode(tmp_path / "ode.mid")
    seen = {read_song(path).content_hash}
    for ending, content in (
        (".ogg", b"one"),
        (".ogg", b"two"),
        (".lead.ogg", b"three"),
        (".lead.ogg", b"\0" * 200_000),
        (".lead.ogg", b"\0" * 200_001),
    ):
        recording(path, ending, content)
        seen.add(read_song(path).content_hash)
    assert len(seen) == 6


@pytest.mark.parametrize("offset", ["nan", "601.0", '"soon"'])
def test_an_impossible_offset_is_a_problem(tmp_path: Path, offset: str) -> None:
    path = made.ode(tmp_path / "ode.mid")
    path.with_suffix(".toml").write_text(f"[audio]\noffset_s = {offset}\n")
    assert any("audio.offset_s" in problem for problem in read_song(path).problems)
