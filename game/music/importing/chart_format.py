"""The ``.chart`` format: text in named sections, each line a tick and an event.

"Guitar Game Chart Formats", .chart: Overview, 5-Fret Guitar, Lyrics. Forced, tapped and star
power notes are about a plastic guitar and are passed over, and so is every line that is not
understood: charts are written by hand and by a dozen editors.
"""

import re
from collections import defaultdict
from pathlib import Path

from game.music.errors import MusicError
from game.music.importing.fretted import MAX_NOTES, MAX_TICK, Difficulty, FretNote, FretSong
from game.music.importing.syllables import words
from game.music.importing.text import decoded, plain

MAX_BYTES = 16_000_000
#: What editors write where the file does not say it.
_RESOLUTION = 192

_PARTS = {
    "Single": "guitar",
    "DoubleGuitar": "coop",
    "DoubleRhythm": "rhythm",
    "DoubleBass": "bass",
    "Keyboard": "keys",
}
_TRACKS = {
    f"{difficulty.name.title()}{name}".casefold(): (part, difficulty)
    for name, part in _PARTS.items()
    for difficulty in Difficulty
}
#: Note type 7 is an open string; 5 and 6 change how a note is struck.
_FRETS = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 7: 0}

_HEADING = re.compile(r"\[([^\]]{1,100})\]\s*\{?$")
_SECTION = re.compile(r"(?:section|prc)[ _]+(.+)", re.IGNORECASE)


def read_chart(path: Path, data: bytes) -> FretSong:
    """Read the bytes of a ``.chart`` file; ``path`` only names it in the errors.

    Raises MusicError if it is no such file, is larger or longer than any song, or its resolution
    is no number of ticks.
    """
    if len(data) > MAX_BYTES:
        raise MusicError(f"{path}: {len(data) / 1e6:.0f} MB is no chart; up to 16 MB are read.")
    sections = _sections(decoded(data))
    if not sections:
        raise MusicError(f"{path}: this is not a .chart file; it has no [sections].")
    about = {key.casefold(): _unquoted(value) for key, value in sections.get("song", [])}
    resolution = _whole(about.get("resolution", str(_RESOLUTION)))
    if resolution is None or not 1 <= resolution <= 32_767:
        raise MusicError(f"{path}: its resolution is no number of ticks; the file is broken.")

    tempi: list[tuple[int, int]] = []
    metres: list[tuple[int, int, int]] = []
    for tick, kind, values in _events(sections.get("synctrack", [])):
        numbers = [_whole(value) for value in values.split()]
        if kind == "B" and numbers and numbers[0]:
            tempi.append((tick, round(60e9 / numbers[0])))
        elif kind == "TS" and numbers and numbers[0] is not None:
            power = numbers[1] if len(numbers) > 1 and numbers[1] is not None else 2
            if 1 <= numbers[0] <= 64 and power <= 6:
                metres.append((tick, numbers[0], 2**power))

    charts: dict[tuple[str, Difficulty], list[FretNote]] = defaultdict(list)
    for name, track in _TRACKS.items():
        for tick, kind, values in _events(sections.get(name, [])):
            numbers = [_whole(value) for value in values.split()]
            if kind != "N" or len(numbers) < 2 or numbers[0] not in _FRETS:
                continue
            length = min(numbers[1] or 0, MAX_TICK)
            charts[track].append(FretNote(tick, length, _FRETS[numbers[0]]))
            if len(charts[track]) > MAX_NOTES:
                raise MusicError(f"{path}: more than {MAX_NOTES} notes are more than any song.")
        charts[track].sort()

    titles, lyrics = _texts(sections.get("events", []))
    return FretSong(
        resolution=resolution,
        tempi=sorted(tempi),
        metres=sorted(metres),
        sections=titles,
        lyrics=lyrics,
        charts=charts,
        about=about,
    )


def _sections(text: str) -> dict[str, list[tuple[str, str]]]:
    """The pairs of every section by its name in lower case; of two equal names the first."""
    found: dict[str, list[tuple[str, str]]] = {}
    here: list[tuple[str, str]] | None = None
    for raw in text.splitlines():
        line = raw.strip()
        heading = _HEADING.match(line)
        if heading:
            name = heading[1].strip().casefold()
            here = [] if name not in found else None
            if here is not None:
                found[name] = here
        elif here is not None:
            key, equals, value = line.partition("=")
            if equals and len(line) <= 2_000:
                here.append((key.strip(), value.strip()))
    return found


def _events(pairs: list[tuple[str, str]]) -> list[tuple[int, str, str]]:
    """(tick, type code, the rest) of the pairs that are events of a track, in their order."""
    made = []
    for key, value in pairs:
        tick = _whole(key)
        if tick is not None and tick <= MAX_TICK:
            kind, _, values = value.partition(" ")
            made.append((tick, kind, values.strip()))
    return made


def _texts(
    pairs: list[tuple[str, str]],
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The names of the song's sections, and its words."""
    titles: list[tuple[int, str]] = []
    syllables: list[tuple[int, str]] = []
    lines: list[int] = []
    for tick, kind, values in _events(pairs):
        if kind != "E":
            continue
        text = _unquoted(values).strip("[] ")
        named = _SECTION.match(text)
        if named:
            titles.append((tick, plain(named[1].replace("_", " "), 80)))
        elif text.startswith("lyric "):
            syllables.append((tick, text[6:]))
        elif text == "phrase_start":
            lines.append(tick)
    return sorted(titles), words(syllables, lines)


def _unquoted(value: str) -> str:
    """``value`` without the quotation marks around it; those inside belong to it."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def _whole(text: str) -> int | None:
    """The number 0 or more that ``text`` is, else None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None
