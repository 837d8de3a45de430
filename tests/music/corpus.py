"""A mixed corpus of valid MIDI files: composed from seeds in every variety, bundled, installed.

What is composed has a form as songs do (phrases that come back, a bass, chords, drums), so that it
serves for judging charts as well as for reading.
"""

import random
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import mido

from game.music.library import bundled_folder

METRES = ((4, 4), (4, 4), (4, 4), (3, 4), (3, 4), (6, 8), (2, 4), (2, 2), (5, 4), (12, 8), (3, 8))
DIVISIONS = (480, 480, 96, 120, 192, 384, 960, 24, 1024, 101)
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 1, 4, 5, 7, 8, 11))
#: Rhythms of one beat, in parts of it; the last stand for two and four beats and for silence.
RHYTHMS = ((1.0,), (1.0,), (1.0,), (0.5, 0.5), (0.5, 0.5), (0.75, 0.25), (0.25,) * 4, (1 / 3,) * 3)
SYLLABLES = ("la ", "lü-", "lo", "na\r", "schö-", "ner ", "été ", "/Mor-", "ning ")

#: A message at a tick. Of equal ticks note-offs come first, as sequencers write them.
Event = tuple[int, int, mido.Message | mido.MetaMessage]


def compose(seed: int) -> mido.MidiFile:
    """A valid MIDI file; every variety turns up within a few dozen seeds."""
    draw = random.Random(seed)
    song = _Song(draw)
    file = mido.MidiFile(type=draw.choice((0, 1, 1, 1)), ticks_per_beat=song.division)
    tracks = [song.conductor(), *song.parts(own_chart=file.type == 1)]
    if file.type == 0:
        # One track has one name, so it cannot hold a chart beside the music.
        tracks = [sorted((event for track in tracks for event in track), key=lambda e: e[:2])]
    for events in tracks:
        track = mido.MidiTrack()
        tick = 0
        for at, _, message in sorted(events, key=lambda event: event[:2]):
            track.append(message.copy(time=at - tick))
            tick = at
        track.append(mido.MetaMessage("end_of_track", time=draw.choice((0, 0, song.division))))
        file.tracks.append(track)
    return file


class _Song:
    """The decisions of one song, and its tracks as events."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.division = draw.choice(DIVISIONS)
        numerator, denominator = self.metre = draw.choice(METRES)
        self.beat = self.division * 4 // denominator
        self.beats = numerator
        self.bars = draw.choice((4, 8, 16, 16, 24, 32))
        self.pickup = draw.choice((0, 0, 0, 1))
        self.scale = draw.choice(SCALES)
        self.key = draw.randrange(55, 68)
        self.loudness = draw.randrange(50, 110)
        self.offs_as_ons = draw.random() < 0.5

    def at(self, bar: int, beat: float = 0.0) -> int:
        return round((bar * self.beats + self.pickup + beat) * self.beat)

    def conductor(self) -> list[Event]:
        draw, (numerator, denominator) = self.draw, self.metre
        events: list[Event] = [
            (0, 0, mido.MetaMessage("track_name", name=draw.choice(("", "Song", "Été à Paris")))),
            (0, 0, mido.MetaMessage("key_signature", key=draw.choice(("C", "F#m", "Bb")))),
        ]
        if self.pickup:
            events.append((0, 0, _metre(self.pickup, denominator)))
        events.append((self.at(0), 0, _metre(numerator, denominator)))
        tempo = mido.bpm2tempo(draw.randrange(56, 180))
        kind = draw.choice(("one", "one", "none", "some", "ramp", "hundreds"))
        if kind != "none":
            events.append((0, 0, _tempo(tempo)))
        if kind == "some":
            for _ in range(5):
                at = draw.randrange(self.at(self.bars))
                events.append((at, 0, _tempo(round(tempo * draw.uniform(0.6, 1.6)))))
        if kind in ("ramp", "hundreds"):
            steps = 20 if kind == "ramp" else 400
            for step in range(steps):
                at = self.at(self.bars) * step // steps
                factor = 1 + 0.5 * step / steps if kind == "ramp" else draw.uniform(0.9, 1.1)
                events.append((at, 0, _tempo(round(tempo * factor))))
        if draw.random() < 0.4:
            for bar in range(0, self.bars, 8):
                events.append((self.at(bar), 0, mido.MetaMessage("marker", text=f"Part {bar}")))
        if draw.random() < 0.3:
            events.append((0, 0, mido.Message("sysex", data=(0x7E, 0x7F, 9, 1))))
            events.append((0, 0, mido.MetaMessage("smpte_offset")))
        # Changes at one tick are one change; which one counts would be a matter of taste.
        unique = {(at, message.type): (at, order, message) for at, order, message in events}
        return list(unique.values())

    def parts(self, own_chart: bool) -> list[list[Event]]:
        draw = self.draw
        parts = [self._melody()]
        if draw.random() < 0.8:
            parts.append(self._bass())
        if draw.random() < 0.7:
            parts.append(self._chords())
        if draw.random() < 0.5:
            parts.append(self._drums())
        if own_chart and draw.random() < 0.2:
            parts.append(self._chart())
        if draw.random() < 0.4:
            parts[1:] = draw.sample(parts[1:], len(parts) - 1)
        return parts

    def _melody(self) -> list[Event]:
        draw = self.draw
        phrases = {name: self._phrase() for name in "AB"}
        form = draw.choice(("AABA", "ABAB", "AAAA", "ABBA"))
        channel, words = draw.randrange(9), draw.random() < 0.3
        name = draw.choice(("Melody", "Voice", "", "Flute", "Piano"))
        events = self._head(name, channel, draw.choice((0, 0, 40, 56, 73)))
        count = 0
        if self.pickup:
            events += self._note(0, self.beat * 0.9, self.key, channel)
        for bar in range(0, self.bars, 4):
            for start, length, pitch in phrases[form[bar // 4 % 4]]:
                if start >= (self.bars - bar) * self.beats:
                    break
                at = self.at(bar, start)
                events += self._note(at, length * self.beat * 0.93, pitch, channel)
                if words:
                    text = SYLLABLES[count % len(SYLLABLES)]
                    events.append((at, 0, mido.MetaMessage("lyrics", text=text)))
                    count += 1
        return events

    def _phrase(self) -> list[tuple[float, float, int]]:
        """Four bars: (beat, length in beats, pitch), a walk through the scale with rests."""
        draw = self.draw
        notes = []
        beat, step = 0.0, draw.randrange(-2, 5)
        while beat < 4 * self.beats - 1:
            for length in draw.choice(((2.0,), (4.0,)) if draw.random() < 0.15 else RHYTHMS):
                step = max(-4, min(9, step + draw.choice((-2, -1, -1, 0, 1, 1, 2))))
                octave, degree = divmod(step, len(self.scale))
                if draw.random() > 0.06 and beat + length <= 4 * self.beats:
                    notes.append((beat, length, self.key + 12 * octave + self.scale[degree]))
                beat += length
        return notes

    def _bass(self) -> list[Event]:
        events = self._head("Bass", 10, 33)
        for bar in range(self.bars):
            pitch = self.key - 24 + self.scale[(0, 3, 4, 0)[bar % 4] % len(self.scale)]
            events += self._note(self.at(bar), self.beats * self.beat * 0.9, pitch, 10)
        return events

    def _chords(self) -> list[Event]:
        events = self._head("Strings", 11, 48)
        events.append((0, 0, mido.Message("control_change", control=64, value=127, channel=11)))
        for bar in range(self.bars):
            for third in (0, 2, 4):
                degree = (third + bar) % len(self.scale)
                pitch = self.key - 12 + self.scale[degree]
                events += self._note(self.at(bar), self.beats * self.beat * 0.95, pitch, 11)
        return events

    def _drums(self) -> list[Event]:
        events = self._head("Drums", 9, 0)
        for bar in range(self.bars):
            for beat in range(self.beats):
                pitch = 36 if beat == 0 else 42
                events += self._note(self.at(bar, beat), self.beat * 0.4, pitch, 9)
        return events

    def _chart(self) -> list[Event]:
        """The author's own chart, on beats, in up to three levels."""
        events: list[Event] = [(0, 0, mido.MetaMessage("track_name", name="Griptune"))]
        for beat in range(0, self.bars * self.beats, 2):
            velocity = (120, 88, 104, 88)[beat // 2 % 4]
            pitch = 60 + self.draw.randrange(5)
            on = mido.Message("note_on", note=pitch, velocity=velocity, channel=15)
            events.append((self.at(0, beat), 1, on))
            events.append((self.at(0, beat + 0.5), 0, on.copy(velocity=0)))
        return events

    def _head(self, name: str, channel: int, program: int) -> list[Event]:
        events: list[Event] = [
            (0, 0, mido.MetaMessage("track_name", name=name)),
            (0, 0, mido.Message("program_change", program=program, channel=channel)),
            (0, 0, mido.Message("control_change", control=7, value=100, channel=channel)),
        ]
        if self.draw.random() < 0.2:
            for i in range(20):
                bend = mido.Message("pitchwheel", pitch=i * 100, channel=channel)
                events.append((i * self.beat, 0, bend))
        return events

    def _note(self, start: int, length: float, pitch: int, channel: int) -> list[Event]:
        velocity = max(1, min(127, self.loudness + self.draw.randrange(-12, 13)))
        on = mido.Message("note_on", note=pitch, velocity=velocity, channel=channel)
        off: mido.Message = on.copy(velocity=0)
        if not self.offs_as_ons:
            off = mido.Message("note_off", note=pitch, velocity=64, channel=channel)
        return [(start, 1, on), (start + max(1, int(length)), 0, off)]


def _tempo(us_per_quarter: int) -> mido.MetaMessage:
    return mido.MetaMessage("set_tempo", tempo=us_per_quarter)


def _metre(numerator: int, denominator: int) -> mido.MetaMessage:
    return mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator)


def installed_files() -> Iterator[Path]:
    """MIDI files that came with installed packages (their examples and test data)."""
    for place in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        yield from sorted(Path(place).rglob("*.mid"))


def corpus(folder: Path, composed: int = 200) -> list[Path]:
    """Every file: those composed from the seeds 0 to ``composed``, written to ``folder``, first."""
    paths = []
    for seed in range(composed):
        path = folder / f"composed-{seed:04}.mid"
        compose(seed).save(path)
        paths.append(path)
    return [*paths, *sorted(bundled_folder().glob("*.mid")), *installed_files()]
