"""A small, independent reader of the ABC notation that the bundled songs use.

It shares nothing with abc2midi: the notation is read twice, once by the build and once here, and
the tests compare. It knows what these files use and raises AssertionError on anything else.
"""

import re
from dataclasses import dataclass, field
from fractions import Fraction

FIFTHS = {
    key: fifths
    for fifths, keys in enumerate(
        ["Ab Fm", "Eb Cm", "Bb Gm", "F Dm", "C Am", "G Em", "D Bm", "A F#m", "E C#m"], -4
    )
    for key in keys.split()
}
ORDER_OF_SHARPS = "FCGDAEB"
SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}

LENGTH = r"[0-9]*/*[0-9]*"
PITCH = r"(\^\^|\^|__|_|=)?([A-Ga-g])([,']*)"
TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<bar>\|\]|\|)"
    r"|(?P<field>\[[A-Z]:[^\]]*\])"
    r"|(?P<triplet>\(3)"
    r"|(?P<staccato>\.)"
    rf"|\[(?P<chord>[^\]]+)\](?P<chord_length>{LENGTH})"
    rf"|z(?P<rest_length>{LENGTH})"
    rf"|(?P<note>{PITCH})(?P<note_length>{LENGTH})(?P<tie>-?)"
    r"|(?P<dotted>>)"
)

Note = tuple[Fraction, Fraction, int]
"""Start and duration in quarter notes, MIDI pitch."""


@dataclass
class Voice:
    """The notes of one voice, and where its bar lines are (in quarter notes)."""

    notes: list[Note] = field(default_factory=list)
    bar_lines: list[Fraction] = field(default_factory=lambda: [Fraction(0)])
    end: Fraction = Fraction(0)


@dataclass
class Tune:
    """The header fields, the voices by name, the length of a bar in quarters, the w: lines."""

    header: dict[str, str]
    voices: dict[str, Voice]
    bar: Fraction
    words: list[str]


def factor(text: str) -> Fraction:
    """What a length such as ``3``, ``/`` or ``3/2`` multiplies the unit by."""
    match = re.fullmatch(r"([0-9]*)(/*)([0-9]*)", text)
    assert match, text
    above, slashes, below = match.groups()
    value = Fraction(int(above or 1))
    if slashes:
        value /= int(below) if below else 2 ** len(slashes)
    return value


def key_signature(key: str) -> dict[str, int]:
    """Letter -> alteration, for a key such as ``G`` or ``Em``."""
    fifths = FIFTHS[key]
    if fifths >= 0:
        return dict.fromkeys(ORDER_OF_SHARPS[:fifths], 1)
    return dict.fromkeys(ORDER_OF_SHARPS[::-1][:-fifths], -1)


class VoiceReader:
    """Reads the lines of one voice in turn."""

    def __init__(self, key: str, unit: Fraction) -> None:
        self.voice = Voice()
        self.signature = key_signature(key)
        self.unit = unit
        self.altered: dict[str, int] = {}
        self.tied: int | None = None
        self.left_in_triplet = 0
        self.shortened = False
        self.staccato = False

    def pitch(self, accidental: str, letter: str, octave: str) -> int:
        """An accidental holds for its letter in every octave until the bar line."""
        name = letter.upper()
        if accidental:
            self.altered[name] = ACCIDENTALS[accidental]
        alteration = self.altered.get(name, self.signature.get(name, 0))
        raised = letter.islower() + octave.count("'") - octave.count(",")
        return 60 + SEMITONES[name] + alteration + 12 * raised

    def sound(self, pitches: list[int], length: str, tie: str = "") -> None:
        duration = factor(length) * self.unit
        if self.shortened:
            duration /= 2
            self.shortened = False
        if self.left_in_triplet:
            duration *= Fraction(2, 3)
            self.left_in_triplet -= 1
        notes = self.voice.notes
        if self.tied is not None:
            start, long, pitch = notes[self.tied]
            assert pitches == [pitch], "a tie joins two notes of one pitch"
            notes[self.tied] = (start, long + duration, pitch)
        else:
            # abc2midi plays a staccato note for half its time.
            long = duration / 2 if self.staccato else duration
            notes.extend((self.voice.end, long, pitch) for pitch in pitches)
        self.tied = (len(notes) - 1 if self.tied is None else self.tied) if tie else None
        self.voice.end += duration
        self.staccato = False

    def line(self, text: str) -> None:
        position = 0
        while position < len(text):
            token = TOKEN.match(text, position)
            assert token, f"cannot read {text[position:]!r}"
            position = token.end()
            if token["bar"]:
                self.altered = {}
                self.voice.bar_lines.append(self.voice.end)
            elif token["triplet"]:
                self.left_in_triplet = 3
            elif token["staccato"]:
                self.staccato = True
            elif token["chord"]:
                parts = re.findall(PITCH, token["chord"])
                self.sound([self.pitch(*part) for part in parts], token["chord_length"])
            elif token["rest_length"] is not None:
                self.sound([], token["rest_length"])
            elif token["note"]:
                parts = re.findall(PITCH, token["note"])
                self.sound([self.pitch(*parts[0])], token["note_length"], token["tie"])
            elif token["dotted"]:
                start, long, pitch = self.voice.notes[-1]
                self.voice.notes[-1] = (start, long * Fraction(3, 2), pitch)
                self.voice.end += long / 2
                self.shortened = True


def read_tune(text: str) -> Tune:
    """Read one tune; raises AssertionError naming what it could not read."""
    header: dict[str, str] = {}
    names: dict[str, str] = {}
    readers: dict[str, VoiceReader] = {}
    words: list[str] = []
    current = ""
    for line in text.splitlines():
        if not line.strip() or line.startswith("%"):
            continue
        voice = re.fullmatch(r'V:(\S+)(?: name="([^"]*)")?', line)
        if voice:
            current = voice[1]
            if voice[2]:
                names[current] = voice[2]
            elif current not in readers:
                readers[current] = VoiceReader(header["K"], Fraction(header["L"]) * 4)
        elif line.startswith("w:"):
            words.append(line[2:].strip())
        elif re.match(r"[A-Z]:", line):
            header.setdefault(line[0], line[2:].strip())
        else:
            readers[current].line(line)
    above, below = (int(part) for part in header["M"].split("/"))
    voices = {names[key]: reader.voice for key, reader in readers.items()}
    return Tune(header, voices, Fraction(4 * above, below), words)
