"""The boundary: whatever is in a file, the answer is a song or one MusicError that names it."""

import io
import os
import struct
from pathlib import Path

import mido
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.music.errors import MusicError
from game.music.midi_file import MAX_BYTES
from game.music.reading import read_song
from game.music.song import Song
from tests.music import songs as made

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"


def header(kind: int = 1, tracks: int = 1, division: int = 480) -> bytes:
    return struct.pack(">4sLHHh", b"MThd", 6, kind, tracks, division)


def chunk(body: bytes, name: bytes = b"MTrk", size: int | None = None) -> bytes:
    return struct.pack(">4sL", name, len(body) if size is None else size) + body


END = b"\x00\xff\x2f\x00"
NOTE_ON_OFF = b"\x00\x90\x40\x50\x60\x80\x40\x00"
MANY = NOTE_ON_OFF * 10


def song_of(tmp_path: Path, data: bytes) -> Song:
    path = tmp_path / "file.mid"
    path.write_bytes(data)
    return read_song(path)


def outcome(tmp_path: Path, data: bytes) -> tuple[str, Song | None]:
    """What reading ``data`` ends in: why it was refused, or the song."""
    try:
        return "", song_of(tmp_path, data)
    except MusicError as refused:
        return str(refused), None


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a MIDI file"),
        (b"MThd", "not a MIDI file"),
        (b"ID3\x03 this is music of another kind", "not a MIDI file"),
        (header(kind=2) + chunk(MANY + END), "type 2"),
        (header(kind=9) + chunk(MANY + END), "header"),
        (header(division=0) + chunk(MANY + END), "length of a beat"),
        (header(), "no tracks"),
        (header() + chunk(END), "no notes to play"),
        (header() + chunk(b"\x00\x99\x24\x50\x60\x89\x24\x00" * 9 + END), "only drums"),
        (header() + chunk(b"\x81\x80\x80\x00" + NOTE_ON_OFF[1:] + END), "minutes"),
        (header() + chunk(b"\x90" + b"\x80" * 7 + b"\x00\x90\x40\x50"), "absurd"),
        # times beyond what a whole number can hold
        (
            header(division=1)
            + chunk(b"\x00\xff\x51\x03\xff\xff\xff" + b"\xff" * 6 + b"\x7f" + NOTE_ON_OFF[1:]),
            "absurd",
        ),
    ],
)
def test_what_cannot_be_played_is_refused_with_its_reason(
    tmp_path: Path, data: bytes, says: str
) -> None:
    with pytest.raises(MusicError) as refused:
        song_of(tmp_path, data)
    assert says in str(refused.value)
    assert "file.mid" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_files_that_are_not_there_or_not_files_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.mid", tmp_path, Path("a\0b.mid")):
        with pytest.raises(MusicError):
            read_song(path)


def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "large.mid"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(MusicError, match="8 MB"):
        read_song(path)


@pytest.mark.parametrize(
    "data",
    [
        header() + chunk(b"junk", b"XFIH") + chunk(MANY + END),  # foreign chunks are skipped
        b"RIFF\x00\x00\x00\x00RMIDdata\x00\x00\x00\x00" + header() + chunk(MANY + END),
        header(tracks=7) + chunk(MANY + END),  # fewer tracks than the header says
        header() + chunk(MANY),  # no end of track
        header() + chunk(b"\x00\xff\x59\x02\x63\x07" + MANY + END),  # an impossible key
        header() + chunk(b"\x00\xff\x54\x01\x00" + MANY + END),  # a short SMPTE offset
        header() + chunk(MANY + b"\x00\x90\x40", size=500),  # cut off
        header() + chunk(MANY + b"\x00\xf4\x00" + END),  # an undefined status
        # running status goes on after a meta event, in a track that has to be saved
        header()
        + chunk(
            MANY[:-8]
            + b"\x00\xff\x01\x00"
            + b"\x00\x90\x40\x50"
            + b"\x60\xff\x01\x00"
            + b"\x00\x40\x00"
            + b"\x00\xff\x54\x01\x00"
            + END
        ),
        header(tracks=2) + chunk(MANY + END, size=20) + chunk(END),  # a length too short
        header(tracks=2) + chunk(MANY + END, size=5000) + chunk(END),  # a length too long
        header() + chunk(MANY + END) + b"\x00" * 9,  # padding at the end
        header() + chunk(b"\x00\x90\x40\xd0\x60\x80\x40\x00" + NOTE_ON_OFF * 9 + END),  # clipped
    ],
)
def test_what_can_be_saved_of_a_damaged_file_is_saved(tmp_path: Path, data: bytes) -> None:
    assert len(song_of(tmp_path, data).melody) == 10


def test_a_damaged_track_costs_only_itself(tmp_path: Path) -> None:
    data = header(tracks=2) + chunk(b"\x90\x40\x40") + chunk(MANY + END)
    song = song_of(tmp_path, data)
    assert len(song.notes) == 10
    assert set(song.notes["track"]) == {1}
    assert "damaged" in song.problems[0]


def test_absurd_tempi_and_metres_are_left_out(tmp_path: Path) -> None:
    body = b"\x00\xff\x51\x03\x00\x00\x00\x00\xff\x58\x04\x00\x02\x18\x08" + MANY
    body += b"\x00\xff\x58\x04\x04\xff\x18\x08" + END
    song = song_of(tmp_path, header() + chunk(body))
    assert int(song.beats_us[1]) == 500_000
    assert len(song.problems) == 2


def a_valid_file() -> bytes:
    file = mido.MidiFile(type=1, ticks_per_beat=480)
    words = mido.MidiTrack([mido.MetaMessage("lyrics", text="la", time=480) for _ in range(8)])
    marks = mido.MidiTrack(
        [mido.MetaMessage("marker", text="A"), mido.MetaMessage("key_signature")]
    )
    file.tracks += [made.conductor(), words, marks, made.track(made.ODE_A), made.drums(4)]
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


VALID = a_valid_file()


@settings(
    max_examples=20_000 if SOAK else 300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)), min_size=1, max_size=12
    ),
    cut=st.one_of(st.none(), st.integers(0, len(VALID))),
)
def test_a_mutated_file_is_a_song_or_a_music_error(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int | None
) -> None:
    data = bytearray(VALID)
    for at, value in changes:
        data[at] = value
    said, song = outcome(tmp_path, bytes(data[:cut]))
    assert "file.mid" in said or (song is not None and len(song.melody) and song.length_us > 0)


@settings(
    max_examples=5_000 if SOAK else 100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=st.binary(max_size=300))
def test_a_track_of_rubbish_is_a_song_or_a_music_error(tmp_path: Path, body: bytes) -> None:
    said, song = outcome(tmp_path, header() + chunk(body))
    assert "file.mid" in said or (song is not None and len(song.melody))
