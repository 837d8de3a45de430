"""The notes of a MIDI file, track by track, read with mido alone."""

from dataclasses import dataclass
from pathlib import Path

import mido


@dataclass(frozen=True)
class Note:
    """One note: ticks, MIDI pitch, velocity."""

    start: int
    end: int
    pitch: int
    velocity: int


@dataclass(frozen=True)
class Track:
    """One track: its notes by start, its other events with their ticks, and where it ends."""

    name: str
    notes: tuple[Note, ...]
    events: tuple[tuple[int, mido.Message | mido.MetaMessage], ...]
    end: int

    def of_type(self, kind: str) -> list[tuple[int, mido.Message | mido.MetaMessage]]:
        return [(time, message) for time, message in self.events if message.type == kind]


@dataclass(frozen=True)
class Performance:
    """A whole file; the first track is the conductor's."""

    seconds: float
    ticks_per_beat: int
    conductor: Track
    voices: dict[str, Track]

    @property
    def bar(self) -> int:
        """Ticks in a bar."""
        ((_, meter),) = self.conductor.of_type("time_signature")
        return self.ticks_per_beat * 4 * meter.numerator // meter.denominator

    def seconds_at(self, tick: int) -> float:
        """When a tick comes, by the tempi of the conductor."""
        tempi = self.conductor.of_type("set_tempo")
        ends = [*(time for time, _ in tempi[1:]), tick]
        return sum(
            mido.tick2second(min(end, tick) - time, self.ticks_per_beat, message.tempo)
            for (time, message), end in zip(tempi, ends, strict=True)
            if time < tick
        )

    @property
    def melody(self) -> Track:
        return self.voices["Melody"]


def read_track(track: mido.MidiTrack) -> Track:
    now = 0
    sounding: dict[int, tuple[int, int]] = {}
    notes = []
    events = []
    for message in track:
        now += message.time
        if message.type == "note_on" and message.velocity:
            assert message.note not in sounding, f"{track.name}: {message} sounds already"
            sounding[message.note] = (now, message.velocity)
        elif message.type in {"note_on", "note_off"}:
            start, velocity = sounding.pop(message.note)
            notes.append(Note(start, now, message.note, velocity))
        else:
            events.append((now, message))
    assert not sounding, f"{track.name}: notes without an end"
    notes.sort(key=lambda note: (note.start, note.pitch))
    return Track(track.name, tuple(notes), tuple(events), now)


def read_performance(path: Path) -> Performance:
    """Read a file; raises AssertionError if a note has no end or sounds twice at once."""
    midi = mido.MidiFile(path, charset="utf-8")
    conductor, *voices = (read_track(track) for track in midi.tracks)
    named = {voice.name: voice for voice in voices}
    assert len(named) == len(voices), "two tracks have one name"
    return Performance(midi.length, midi.ticks_per_beat, conductor, named)
