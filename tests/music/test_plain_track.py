"""The quick parser gives what mido gives, or leaves the track to mido."""

import io
import os
import struct
from importlib.util import find_spec
from pathlib import Path

import mido
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from game.music.errors import MusicError
from game.music.library import bundled_folder
from game.music.midi_file import MAX_BYTES, read_tracks
from game.music.plain_track import TooLongError, plain_track
from game.music.reading import read_song
from tests.music import songs as made

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"
END = b"\x00\xff\x2f\x00"

#: A file made elsewhere, which comes with pygame.
FOREIGN = Path(find_spec("pygame").origin).parent / "examples" / "data" / "MIDI_sample.mid"


def by_mido(body: bytes) -> list[mido.Message] | None:
    header = struct.pack(">4sLHHH4sL", b"MThd", 6, 1, 1, 480, b"MTrk", len(body))
    try:
        return list(mido.MidiFile(file=io.BytesIO(header + body), clip=True).tracks[0])
    except Exception:
        return None


def bodies(data: bytes) -> list[bytes]:
    found = []
    at = 14
    while at + 8 <= len(data):
        size = struct.unpack(">L", data[at + 4 : at + 8])[0]
        found.append(data[at + 8 : at + 8 + size])
        at += 8 + size
    return found


def a_file(tmp_path: Path, body: bytes) -> tuple[Path, bytes]:
    header = struct.pack(">4sLHHH4sL", b"MThd", 6, 1, 1, 480, b"MTrk", len(body))
    return tmp_path / "file.mid", header + body


@pytest.mark.parametrize(
    "path", [*sorted(bundled_folder().glob("*.mid")), FOREIGN], ids=lambda p: p.stem
)
def test_whole_files_are_read_as_mido_reads_them(path: Path) -> None:
    for body in bodies(path.read_bytes()):
        ours = plain_track(body, 100_000)
        assert ours is not None
        assert [vars(m) for m in ours] == [vars(m) for m in by_mido(body) or []]
        assert [type(m) for m in ours] == [type(m) for m in by_mido(body) or []]


EVENTS = st.one_of(
    st.tuples(st.integers(0x80, 0xBF), st.integers(0, 255), st.integers(0, 255)).map(bytes),
    st.tuples(st.integers(0xC0, 0xDF), st.integers(0, 255)).map(bytes),
    st.tuples(st.integers(0xE0, 0xEF), st.integers(0, 255), st.integers(0, 255)).map(bytes),
    st.tuples(st.integers(0, 127), st.integers(0, 127)).map(bytes),  # running status
    st.binary(max_size=9).map(lambda b: b"\xf0" + bytes([len(b)]) + b),
    st.binary(max_size=9).map(lambda b: b"\xf7" + bytes([len(b)]) + b),
    st.tuples(st.integers(0, 127), st.binary(max_size=9)).map(
        lambda e: b"\xff" + bytes([e[0], len(e[1])]) + e[1]
    ),
    st.sampled_from([b"\xff\x51\x03\x07\xa1\x20", b"\xff\x58\x04\x03\x02\x18\x08", b"\xf1\x01"]),
)
DELTAS = st.sampled_from([b"\x00", b"\x60", b"\x81\x00", b"\xff\x7f", b"\x80\x80\x80\x80\x10"])
TRACKS = st.lists(st.tuples(DELTAS, EVENTS), max_size=12).map(
    lambda rows: b"".join(delta + event for delta, event in rows)
)


@settings(
    max_examples=50_000 if SOAK else 1_000,
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
)
@given(TRACKS, st.booleans(), st.data())
@example(b"\x00\xff\x7f", False, None)
@example(b"\x00\x90\x40\x50\x00\xff\x2f", False, None)
def test_any_track_is_read_as_mido_reads_it_or_left_to_mido(body: bytes, ended: bool, data) -> None:
    if ended:
        body += END
    if data is not None and body and data.draw(st.integers(0, 3)) == 0:
        body = body[: data.draw(st.integers(0, len(body)))]
    ours, midos = plain_track(body, 100_000), by_mido(body)
    if ours is not None:
        assert midos is not None, "mido refuses what the quick parser takes"
        assert [vars(m) for m in ours] == [vars(m) for m in midos]


def test_only_so_many_messages_are_read() -> None:
    body = b"\x00\x90\x40\x50" * 100
    assert len(plain_track(body, 100) or []) == 100
    with pytest.raises(TooLongError):
        plain_track(body, 99)


@pytest.mark.parametrize(
    "lead", [b"", b"\x00\xf1\x01", b"\x00\xff\x01"], ids=["first", "after a system message", "text"]
)
def test_a_number_without_an_end_takes_no_time(tmp_path: Path, lead: bytes) -> None:
    path, data = a_file(tmp_path, lead + b"\x81" * (MAX_BYTES - 1_000))
    path.write_bytes(data)
    with pytest.raises(MusicError, match="no notes"):
        read_song(path)


def test_long_foreign_words_are_no_endless_number(tmp_path: Path) -> None:
    words = "月亮代表我的心".encode() * 4
    body = b"\x00\xff\x05" + bytes([len(words)]) + words + b"\x00\x90\x40\x50" + END
    kept = read_tracks(*a_file(tmp_path, body))
    assert not kept.problems
    assert [m.type for m in kept.tracks[0]] == ["lyrics", "note_on", "end_of_track"]


def test_the_quick_parser_is_the_one_that_reads_songs(tmp_path: Path) -> None:
    path = made.ode(tmp_path / "ode.mid")
    data = path.read_bytes()
    ours = read_tracks(path, data)
    assert [list(t) for t in ours.tracks] == [list(t) for t in mido.MidiFile(path).tracks]
