"""Build the bundled songs: ``python -m songs.build`` turns every ``.abc`` into the ``.mid`` beside it.

The notation is the source. Debian's ``abc2midi`` reads it; what it writes is then brought into the
shape that players and readers expect:

- voice names become track names (``Melody``, ``Harmony``, ``Bass``, ``Drums`` or another texture);
- comments of the form ``% == Verse 1 ==`` become markers in the conductor track, so that a reader
  finds the sections;
- karaoke text becomes lyric events in the Melody track, written as recommended practice RP-017 of
  the MIDI association says: a space ends a word, a carriage return ends a line;
- every event moves one tick earlier, since abc2midi starts at tick 1, and all tracks end together.

The result depends on the notation alone: the same input gives the same bytes.

``python -m songs.build --check`` builds into a temporary folder and compares.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import mido

FOLDER = Path(__file__).parent
"""Where the songs live."""

MELODY = "Melody"
SECTION = re.compile(r"\s*== (?P<name>.+) ==\s*")
VOICE = re.compile(r'V:\s*\S+.*name="(?P<name>[^"]+)"')

HARMLESS = ("Line of music without lyrics",)
"""Warnings of abc2midi that say nothing about the notes: an intro has no words."""

Timed = tuple[int, mido.MetaMessage | mido.Message]


class BuildError(Exception):
    """The notation cannot be built; the text says which file, what is wrong and what to do."""


def build_song(source: Path, target: Path) -> None:
    """Write the MIDI file ``target`` from the notation ``source``.

    Raises BuildError if abc2midi is missing or finds anything wrong with the notation, such as a
    bar that is not full or voices of different lengths.
    """
    if shutil.which("abc2midi") is None:
        raise BuildError("abc2midi is not installed: install the Debian package abcmidi.")
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.mid"
        run = subprocess.run(
            ["abc2midi", str(source), "-o", str(raw)],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        complaints = [
            line
            for line in (run.stdout + run.stderr).splitlines()
            if ("Warning" in line or "Error" in line) and not line.endswith(HARMLESS)
        ]
        if complaints or not raw.exists():
            raise BuildError(
                f"{source.name}: abc2midi says: {'; '.join(complaints) or 'nothing was written'}. "
                "Correct the notation there and build again."
            )
        midi = mido.MidiFile(raw, charset="utf-8")
    arrange_tracks(midi, voice_names(source)).save(target)


def voice_names(source: Path) -> list[str]:
    """The names that the header gives to the voices, in the order of their tracks."""
    names = VOICE.finditer(source.read_text(encoding="utf-8"))
    return list(dict.fromkeys(match["name"] for match in names))


def arrange_tracks(raw: mido.MidiFile, names: Sequence[str]) -> mido.MidiFile:
    """The file that is kept, from the file that abc2midi wrote for voices with these names."""
    conductor, *voices = ([*timed(track)] for track in raw.tracks)
    if len(voices) != len(names):
        raise BuildError(f"{len(names)} voices are named, but {len(voices)} have music.")
    end = max(time for track in voices for time, message in track if message.type == "note_off")

    tracks: list[tuple[str, list[Timed]]] = []
    title = next(message.name for _, message in conductor if message.type == "track_name")
    beats = [
        (time, message)
        for time, message in conductor
        if message.type in {"set_tempo", "time_signature", "key_signature"}
    ]
    sections = sorted(
        (time, match["name"])
        for track in voices
        for time, message in track
        if message.type == "text" and (match := SECTION.fullmatch(message.text))
    )
    markers = [(time, mido.MetaMessage("marker", text=name)) for time, name in sections]
    tracks.append((title, sorted(beats + markers, key=lambda event: event[0])))

    for name, track in zip(names, voices, strict=True):
        events = [event for event in track if not event[1].is_meta]
        if name == MELODY:
            # A syllable stands before the note that it is sung on.
            events = sorted(lyrics(track) + events, key=lambda event: event[0])
        tracks.append((name, events))

    kept = mido.MidiFile(type=1, ticks_per_beat=raw.ticks_per_beat, charset="utf-8")
    # The last notes of all voices end one tick before the bar line, as all notes do.
    kept.tracks.extend(written(name, events, end + 1) for name, events in tracks)
    return kept


def timed(track: Iterable[mido.Message]) -> Iterator[Timed]:
    """The events of a track with their absolute ticks, one tick earlier than abc2midi put them."""
    now = 0
    for message in track:
        now += message.time
        yield max(0, now - 1), message


def lyrics(track: Sequence[Timed]) -> list[Timed]:
    r"""Lyric events from the karaoke text of abc2midi.

    There, a leading ``/`` or ``\`` begins a line and a leading space begins a word. Here, the
    syllable before says what follows it.
    """
    syllables = [
        (time, message.text)
        for time, message in track
        if message.type == "text" and not SECTION.fullmatch(message.text) and is_sung(message.text)
    ]
    events: list[Timed] = []
    for (time, text), (_, following) in zip(syllables, [*syllables[1:], (0, "/")], strict=True):
        ending = "\r" if following[0] in "/\\" else " " if following[0] == " " else ""
        events.append((time, mido.MetaMessage("lyrics", text=text.lstrip("/\\ ") + ending)))
    return events


def is_sung(text: str) -> bool:
    """Whether this text is a syllable: abc2midi also writes a remark of its own at the start."""
    return text not in {"notes/lyric track", "note track"}


def written(name: str, events: Iterable[Timed], end: int) -> mido.MidiTrack:
    """A track with this name whose events are at these ticks and that ends at tick ``end``."""
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=name, time=0)])
    now = 0
    for time, message in events:
        track.append(message.copy(time=time - now))
        now = time
    track.append(mido.MetaMessage("end_of_track", time=end - now))
    return track


def build_all(target: Path, folder: Path = FOLDER) -> list[Path]:
    """Build every song of ``folder`` into the folder ``target``; the files written, by name."""
    built = []
    for source in sorted(folder.glob("*.abc")):
        path = target / source.with_suffix(".mid").name
        build_song(source, path)
        built.append(path)
    return built


def outdated(folder: Path = FOLDER) -> list[str]:
    """Names of the MIDI files that a fresh build would change, add or remove."""
    with tempfile.TemporaryDirectory() as fresh:
        built = {path.name: path.read_bytes() for path in build_all(Path(fresh), folder)}
    present = {path.name: path.read_bytes() for path in folder.glob("*.mid")}
    names = sorted(built.keys() | present.keys())
    return [name for name in names if built.get(name) != present.get(name)]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit code is 0 if all is well, 1 if files are outdated, 2 on errors."""
    parser = argparse.ArgumentParser(prog="python -m songs.build", description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare with a fresh build")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            names = outdated()
            for name in names:
                print(f"{name}: differs from its notation; run python -m songs.build")
            return 1 if names else 0
        print(f"{len(build_all(FOLDER))} songs built")
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
