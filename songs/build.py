"""Build the bundled songs: ``python -m songs.build`` turns each ``.abc`` into a ``.mid`` beside it.

The notation is the source. Debian's ``abc2midi`` reads it; what it writes is then brought into the
shape that players and readers expect:

- voice names become track names (``Melody``, ``Harmony``, ``Bass``, ``Drums`` or another texture);
- comments of the form ``% == Verse 1 ==``, which stand where all voices are at a bar line, become
  markers in the conductor track, so that a reader finds the sections;
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
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import mido

FOLDER = Path(__file__).parent
"""Where the songs live."""

MELODY = "Melody"
SECTION = re.compile(r"% == (?P<name>.+) ==")
FIELD = re.compile(r"[A-Za-z]:")
REMARK = re.compile(r"[A-Z]:|note track$|notes/lyric track$")
"""Text that abc2midi writes of its own accord, beside the syllables."""

SYLLABLE = re.compile(r"(?:\\-|[^\s_*|-])+|-")
VOICE = re.compile(r'V:\s*(?P<key>\S+)(?:.*name="(?P<name>[^"]+)")?')

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
            ["abc2midi", str(source), "-NCOM", "-o", str(raw)],
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
    lines = source.read_text(encoding="utf-8").splitlines()
    try:
        kept = arrange_tracks(midi, voice_names(lines), sections(lines), syllables(lines))
    except BuildError as error:
        raise BuildError(f"{source.name}: {error}") from error
    kept.save(target)


def voice_names(lines: Sequence[str]) -> list[str]:
    """The names that the header gives to the voices, in the order of their tracks."""
    return [match["name"] for line in lines if (match := VOICE.match(line)) and match["name"]]


def sections(lines: Sequence[str]) -> list[tuple[int, str]]:
    """The sections: how many bars come before each, and its name.

    abc2midi would put a comment that follows a rest at the beginning of that rest, so the bar
    lines of the voice above the comment are counted here instead.
    """
    found = []
    bars: Counter[str] = Counter()
    voice = ""
    for line in lines:
        if match := SECTION.fullmatch(line):
            found.append((bars[voice], match["name"]))
        elif match := VOICE.match(line):
            voice = match["key"]
        elif not line.startswith("%") and not FIELD.match(line):
            bars[voice] += line.count("|")
    return found


def arrange_tracks(
    raw: mido.MidiFile,
    names: Sequence[str],
    sections: Sequence[tuple[int, str]],
    words: Sequence[tuple[str, str]],
) -> mido.MidiFile:
    """The file that is kept, from what abc2midi wrote for voices with these names.

    ``sections`` are pairs of the bars before a section and its name; ``words`` are the syllables
    that the melody sings, each with what follows it.
    """
    conductor, *voices = ([*timed(track)] for track in raw.tracks)
    if len(voices) != len(names):
        raise BuildError(f"{len(names)} voices have a name=, but {len(voices)} have music.")
    title = next(message.name for _, message in conductor if message.type == "track_name")
    meter = next(message for _, message in conductor if message.type == "time_signature")
    bar = raw.ticks_per_beat * 4 * meter.numerator // meter.denominator
    last = max(time for track in voices for time, message in track if message.type == "note_off")
    end = -(-last // bar) * bar

    beats = [
        (time, message)
        for time, message in conductor
        if message.type in {"set_tempo", "time_signature", "key_signature"}
    ]
    markers = [(before * bar, mido.MetaMessage("marker", text=name)) for before, name in sections]
    tracks = [(title, in_order(beats + markers))]
    for name, track in zip(names, voices, strict=True):
        events = [event for event in track if not event[1].is_meta]
        # A syllable stands before the note that it is sung on.
        tracks.append((name, in_order(lyrics(track, words) + events) if name == MELODY else events))

    kept = mido.MidiFile(type=1, ticks_per_beat=raw.ticks_per_beat, charset="utf-8")
    kept.tracks.extend(written(name, events, end) for name, events in tracks)
    return kept


def in_order(events: Iterable[Timed]) -> list[Timed]:
    """By time; what happens at the same time stays as it is."""
    return sorted(events, key=lambda event: event[0])


def timed(track: Iterable[mido.Message]) -> Iterator[Timed]:
    """The events of a track with their absolute ticks, one tick earlier than abc2midi put them."""
    now = 0
    for message in track:
        now += message.time
        yield max(0, now - 1), message


def lyrics(track: Sequence[Timed], words: Sequence[tuple[str, str]]) -> list[Timed]:
    """Lyric events: when each syllable is sung is known to abc2midi, what follows it to the source.

    ``words`` are the syllables as ``syllables`` gives them.
    """
    sung = [
        (time, message.text.lstrip("/\\ "))
        for time, message in track
        if message.type == "text" and not REMARK.match(message.text)
    ]
    # What is left over without a note comes at the end of the line or of the track.
    notes = {time for time, message in track if message.type == "note_on"}
    times = [time for time, _ in sung]
    if times != sorted(set(times)) or not notes.issuperset(times):
        raise BuildError("a w: line has more syllables than notes.")
    if [text for _, text in sung] != [text for text, _ in words]:
        raise BuildError("a w: line has a sign that this script does not know.")
    return [
        (time, mido.MetaMessage("lyrics", text=text + ending))
        for (time, _), (text, ending) in zip(sung, words, strict=True)
    ]


def syllables(lines: Iterable[str]) -> list[tuple[str, str]]:
    """The syllables of the ``w:`` lines, each with what follows it: nothing, a space or a new line.

    abc2midi itself forgets the space after some words that are held over several notes.
    """
    found: list[tuple[str, str]] = []
    for line in lines:
        if not line.startswith("w:"):
            continue
        before = len(found)
        for token in SYLLABLE.findall(line[2:]):
            if token == "-":
                found[-1] = (found[-1][0], "")
            else:
                found.append((token.replace("~", " ").replace("\\-", "-"), " "))
        if len(found) > before:
            found[-1] = (found[-1][0], "\r")
    return found


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
    parser = argparse.ArgumentParser(
        prog="python -m songs.build", description="Build the bundled songs from their notation."
    )
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
