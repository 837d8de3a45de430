"""``notes.mid``: a MIDI file whose notes are frets.

"Guitar Game Chart Formats", .mid: 5-Fret Guitar, Global Events, Vocals. A difficulty is an
octave: easy from 60, medium from 72, hard from 84, expert from 96, green lowest. What lies
between (forced notes at +5 and +6) and above (solo 103, taps 104, star power 116, lanes 126, 127)
is about a plastic guitar and is passed over. Open strings are marked one below green, if a text
says ``ENHANCED_OPENS``, or by a system exclusive message over green notes, which then are green.
"""

import re
from collections import defaultdict
from pathlib import Path

import mido

from game.music.errors import MusicError
from game.music.importing.fretted import MAX_NOTES, MAX_TICK, Difficulty, FretNote, FretSong
from game.music.importing.syllables import words
from game.music.importing.text import decoded, plain
from game.music.midi_file import read_tracks

_TRACKS = {
    "part guitar": "guitar",
    "t1 gems": "guitar",
    "part guitar coop": "coop",
    "part rhythm": "rhythm",
    "part bass": "bass",
    "part keys": "keys",
}
#: The singer's track, and the first of three where a song is sung in harmony.
_SUNG = ("part vocals", "harm1", "part harm1")
#: Tracks of other instruments; a file that has one of them names its tracks.
_NAMED = re.compile(r"part |harm\d|t1 gems|events$|beat$|venue$|pro |real_")
_GREEN = {60: Difficulty.EASY, 72: Difficulty.MEDIUM, 84: Difficulty.HARD, 96: Difficulty.EXPERT}
_PITCHES = {
    green + fret: (difficulty, fret) for green, difficulty in _GREEN.items() for fret in range(5)
}
_OPEN = {green - 1: (difficulty, 0) for green, difficulty in _GREEN.items()}
#: The note that marks a line of words.
_PHRASE = (105, 106)
_SECTION = re.compile(r"\[?(?:section|prc)[ _]+([^\]]+)\]?", re.IGNORECASE)


def read_notes_mid(path: Path, data: bytes) -> FretSong:
    """Read the bytes of a ``notes.mid``; ``path`` only names it in the errors.

    Raises MusicError for what is no MIDI file, counts film frames, or is longer than any song.
    """
    midi = read_tracks(path, data)
    if midi.division < 0:
        raise MusicError(f"{path}: it counts film frames and not beats; no chart does that.")
    tracks = [_absolute(track) for track in midi.tracks]
    if any(rows and rows[-1][0] > MAX_TICK for rows in tracks):
        raise MusicError(f"{path}: the times in this file are absurd; it is broken.")

    names = [_name(track) for track in midi.tracks]
    charts: dict[tuple[str, Difficulty], list[FretNote]] = {}
    for name, rows in zip(names, tracks, strict=True):
        if name in _TRACKS:
            for difficulty, notes in _fret_notes(path, rows).items():
                charts.setdefault((_TRACKS[name], difficulty), notes)
    if not any(_NAMED.match(name) for name in names):
        # Frets on Fire plays whatever track has notes in its octaves.
        for rows in tracks:
            for difficulty, notes in _fret_notes(path, rows).items():
                charts.setdefault(("guitar", difficulty), notes)

    events = [row for rows in tracks for row in rows]
    sung = next((names.index(name) for name in _SUNG if name in names), None)
    return FretSong(
        resolution=midi.division,
        tempi=sorted((tick, m.tempo) for tick, m in events if m.type == "set_tempo" and m.tempo),
        metres=sorted(
            (tick, m.numerator, m.denominator)
            for tick, m in events
            if m.type == "time_signature" and 1 <= m.numerator <= 64 and m.denominator <= 64
        ),
        sections=_sections(names, tracks),
        lyrics=[] if sung is None else _lyrics(tracks[sung]),
        charts=charts,
    )


_Rows = list[tuple[int, mido.Message]]


def _absolute(track: mido.MidiTrack) -> _Rows:
    """The messages with their ticks from the start."""
    rows: _Rows = []
    tick = 0
    for message in track:
        tick += message.time
        rows.append((tick, message))
    return rows


def _name(track: mido.MidiTrack) -> str:
    for message in track:
        if message.type == "track_name":
            return " ".join(_text(message.name).split()).casefold()
    return ""


def _text(latin: str) -> str:
    """mido hands the bytes of a text over as Latin-1."""
    return decoded(latin.encode("latin-1", errors="replace"))


def _fret_notes(path: Path, rows: _Rows) -> dict[Difficulty, list[FretNote]]:
    """The notes of each difficulty of one track, sorted."""
    pitches = dict(_PITCHES)
    if any(m.type == "text" and _text(m.text).strip("[] ") == "ENHANCED_OPENS" for _, m in rows):
        pitches |= _OPEN
    made: dict[Difficulty, list[FretNote]] = defaultdict(list)
    open_since: dict[int, int] = {}
    for tick, message in rows:
        if message.type not in ("note_on", "note_off") or message.note not in pitches:
            continue
        difficulty, fret = pitches[message.note]
        if message.note in open_since:
            since = open_since.pop(message.note)
            made[difficulty].append(FretNote(since, tick - since, fret))
            if len(made[difficulty]) > MAX_NOTES:
                raise MusicError(f"{path}: more than {MAX_NOTES} notes are more than any song.")
        if message.type == "note_on" and message.velocity:
            open_since[message.note] = tick
    return {difficulty: sorted(notes) for difficulty, notes in made.items()}


def _sections(names: list[str], tracks: list[_Rows]) -> list[tuple[int, str]]:
    """The named sections, which are texts of the track called EVENTS."""
    found = []
    for name, rows in zip(names, tracks, strict=True):
        if name == "events":
            for tick, message in rows:
                if message.type in ("text", "marker", "lyrics"):
                    named = _SECTION.match(_text(message.text).strip())
                    if named:
                        found.append((tick, plain(named[1].replace("_", " "), 80)))
    return sorted(found)


def _lyrics(rows: _Rows) -> list[tuple[int, str]]:
    """The words of the singer's track: lyric events, or texts that are no commands in [ ]."""
    lines = [tick for tick, m in rows if m.type == "note_on" and m.velocity and m.note in _PHRASE]
    told = [(tick, _text(m.text)) for tick, m in rows if m.type in ("lyrics", "text")]
    return words([row for row in told if not row[1].startswith("[")], lines)
