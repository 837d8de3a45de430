"""MIDI files made for the tests: a small notation, and songs written in it."""

from collections.abc import Sequence
from pathlib import Path

import mido

TICKS = 480
NAMES = dict(zip("cdefgab", (0, 2, 4, 5, 7, 9, 11), strict=True))

#: Pitch and length in beats; None is a rest.
Tune = Sequence[tuple[int | None, float]]


def tune(text: str) -> list[tuple[int | None, float]]:
    """``"e4 e f2 -"``: name, ``#`` or ``b``, ``'`` an octave up, ``,`` down, ``:beats``."""
    notes: list[tuple[int | None, float]] = []
    for word in text.split():
        name, _, length = word.partition(":")
        beats = float(length) if length else 1.0
        if name[0] == "-":
            notes.append((None, beats))
            continue
        pitch = 60 + NAMES[name[0]] + name.count("#") - name[1:].count("b")
        notes.append((pitch + 12 * name.count("'") - 12 * name.count(","), beats))
    return notes


ODE_A = tune("e e f g g f e d c c d e e:1.5 d:.5 d:2 e e f g g f e d c c d e d:1.5 c:.5 c:2")
ODE_B = tune(
    "d d e c d e:.5 f:.5 e c d e:.5 f:.5 e d c d g,:2 e e f g g f e d c c d e d:1.5 c:.5 c:2"
)
ODE = [*ODE_A, *ODE_B, *ODE_A, *ODE_B]


def track(
    notes: Tune, *, name: str = "", channel: int = 0, velocity: int = 90, start: float = 0.0
) -> mido.MidiTrack:
    """One line of notes as a track."""
    events: list[tuple[float, int, mido.Message | mido.MetaMessage]] = []
    at = start
    for pitch, beats in notes:
        if pitch is not None:
            on = mido.Message("note_on", note=pitch, velocity=velocity, channel=channel)
            off = mido.Message("note_off", note=pitch, channel=channel)
            events.append((at, 1, on))
            events.append((at + beats * 0.95, 0, off))
        at += beats
    return from_events(events, name)


def from_events(
    events: Sequence[tuple[float, int, mido.Message | mido.MetaMessage]], name: str = ""
) -> mido.MidiTrack:
    """A track from (beat, order among equals, message)."""
    made = mido.MidiTrack()
    if name:
        made.append(mido.MetaMessage("track_name", name=name, time=0))
    tick = 0
    for beat, _, message in sorted(events, key=lambda event: event[:2]):
        at = round(beat * TICKS)
        made.append(message.copy(time=at - tick))
        tick = at
    return made


def conductor(
    bpm: float = 120.0, metre: tuple[int, int] = (4, 4), name: str = ""
) -> mido.MidiTrack:
    """The track with tempo and time signature."""
    made = mido.MidiTrack()
    if name:
        made.append(mido.MetaMessage("track_name", name=name))
    made.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm)))
    made.append(mido.MetaMessage("time_signature", numerator=metre[0], denominator=metre[1]))
    return made


def bass(bars: int, beats: int = 4) -> list[tuple[int | None, float]]:
    return [(36 + (7 if bar % 2 else 0), float(beats)) for bar in range(bars)]


def chords(bars: int, beats: int = 4, channel: int = 1) -> mido.MidiTrack:
    events: list[tuple[float, int, mido.Message | mido.MetaMessage]] = []
    for bar in range(bars):
        for pitch in (52, 55, 60):
            note = mido.Message("note_on", note=pitch, velocity=60, channel=channel)
            events.append((bar * beats, 1, note))
            events.append((bar * beats + beats - 0.1, 0, note.copy(velocity=0)))
    return from_events(events, "Harmony")


def drums(bars: int, beats: int = 4) -> mido.MidiTrack:
    notes: list[tuple[int | None, float]] = []
    for _ in range(bars):
        notes += [(36, 1.0)] + [(42, 1.0)] * (beats - 1)
    return track(notes, name="Drums", channel=9)


def save(path: Path, tracks: Sequence[mido.MidiTrack], kind: int = 1) -> Path:
    file = mido.MidiFile(type=kind, ticks_per_beat=TICKS)
    file.tracks.extend(tracks)
    file.save(path)
    return path


def ode(path: Path, bpm: float = 120.0) -> Path:
    """Ode to joy, twice through, 32 bars, with harmony, bass and drums."""
    return save(
        path,
        [
            conductor(bpm, name="Ode to joy"),
            track(bass(32), name="Bass", channel=2),
            chords(32),
            track(ODE, name="Melody"),
            drums(32),
        ],
    )


def melody_only(
    path: Path, notes: Tune, bpm: float = 120.0, metre: tuple[int, int] = (4, 4)
) -> Path:
    return save(path, [conductor(bpm, metre), track(notes, name="Melody")])
