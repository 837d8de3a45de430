"""Building the songs: the same notation gives the same bytes, and what is wrong is said."""

import shutil
import subprocess
import sys
from pathlib import Path

import mido
import pytest

from songs import build

needs_abc2midi = pytest.mark.skipif(
    shutil.which("abc2midi") is None,
    reason="abc2midi is not installed (Debian package abcmidi; .ci/run installs it)",
)

TUNE = """\
X:1
T:A Tune
M:3/4
L:1/4
Q:1/4=90
V:1 name="Melody"
V:2 name="Bass"
K:G
V:1
%%MIDI channel 1
V:2
%%MIDI channel 2
% == Intro ==
V:1
z3 | z2 D |
w: A\\--
V:2
G,,3 | z3 |
% == Verse ==
V:1
G2 B/A/ | d3 |]
w: maz-ing_ grace~now
V:2
G,,3 | G,,3 |]
"""


def build_text(text: str, folder: Path, name: str = "tune") -> mido.MidiFile:
    source = folder / f"{name}.abc"
    source.write_text(text, encoding="utf-8")
    build.build_song(source, folder / f"{name}.mid")
    return mido.MidiFile(folder / f"{name}.mid", charset="utf-8")


def timed(track: mido.MidiTrack, kind: str) -> list[tuple[int, mido.MetaMessage]]:
    return [event for event in zip_ticks(track) if event[1].type == kind]


def zip_ticks(track: mido.MidiTrack) -> list[tuple[int, mido.MetaMessage]]:
    now, events = 0, []
    for message in track:
        now += message.time
        events.append((now, message))
    return events


@needs_abc2midi
def test_the_bundled_songs_are_what_their_notation_says() -> None:
    assert build.outdated() == []


@needs_abc2midi
def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    build_text(TUNE, tmp_path, "first")
    build_text(TUNE, tmp_path, "second")
    assert (tmp_path / "first.mid").read_bytes() == (tmp_path / "second.mid").read_bytes()


@needs_abc2midi
def test_tracks_sections_words_and_ends(tmp_path: Path) -> None:
    midi = build_text(TUNE, tmp_path)
    conductor, melody, bass = midi.tracks
    bar = 3 * midi.ticks_per_beat
    assert [track.name for track in midi.tracks] == ["A Tune", "Melody", "Bass"]
    sections = [(time, message.text) for time, message in timed(conductor, "marker")]
    assert sections == [(0, "Intro"), (2 * bar, "Verse")]
    words = [(time, message.text) for time, message in timed(melody, "lyrics")]
    assert words == [
        (bar * 5 // 3, "A-\r"),
        (2 * bar, "maz"),
        (bar * 8 // 3, "ing "),
        (3 * bar, "grace now\r"),
    ]
    assert {zip_ticks(track)[-1][0] for track in midi.tracks} == {4 * bar}
    assert [time for time, _ in timed(bass, "note_on")] == [0, 2 * bar, 3 * bar]


@needs_abc2midi
@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (TUNE.replace("B/A/", "B/"), "Bar"),
        (TUNE.replace("G,,3 | G,,3 |]", "G,,3 |]"), "Track"),
        (TUNE.replace("d3 |]", "d3 H~ |]"), "abc2midi"),
        (TUNE.replace("grace~now", "grace now and more"), "more syllables"),
    ],
    ids=["a bar that is not full", "a voice that is too short", "nonsense", "too many words"],
)
def test_a_mistake_in_the_notation_is_named(tmp_path: Path, wrong: str, named: str) -> None:
    with pytest.raises(build.BuildError, match=named) as caught:
        build_text(wrong, tmp_path)
    assert "tune.abc" in str(caught.value)


@needs_abc2midi
def test_outdated_names_what_a_build_would_change_add_or_remove(tmp_path: Path) -> None:
    for name in ("same", "changed", "new"):
        build_text(TUNE, tmp_path, name)
    (tmp_path / "changed.abc").write_text(TUNE.replace("G2 B", "G2 c"), encoding="utf-8")
    (tmp_path / "new.mid").unlink()
    (tmp_path / "orphan.mid").write_bytes(b"")
    assert build.outdated(tmp_path) == ["changed.mid", "new.mid", "orphan.mid"]


def test_without_abc2midi_the_build_says_what_to_install() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "songs.build", "--check"],
        capture_output=True,
        text=True,
        cwd=Path(build.__file__).parent.parent,
        env={"PATH": ""},
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr == "abc2midi is not installed: install the Debian package abcmidi.\n"
    assert run.stdout == ""
