"""From mido's messages to lists: notes, controls, tempi, metres and texts, times in ticks."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from game.music.encoding import decode, encoding_of
from game.music.midi_file import MidiTracks
from game.music.song import BEND, LEVEL_VELOCITIES, PROGRAM
from game.music.words import Text

#: The track with the author's own chart, and the pitches that are its grips, index to key.
CHART_TRACK = "griptune"
CHART_PITCHES = range(60, 65)
#: An opera has fewer syllables; more would fill the memory.
MAX_TEXTS = 20_000

#: The controllers that synthesis may honour; others (lights, program banks of one maker) go.
_CONTROLLERS = frozenset(
    {0, 1, 5, 6, 7, 10, 11, 32, 38, 64, 65, 66, 67, 84, 91, 93, 98, 99, 100, 101, 120, 121, 123}
)
#: One note: start, end (−1: it is never let go), pitch, velocity, channel, program, track.
Note = tuple[int, int, int, int, int, int, int]


@dataclass
class Events:
    """What was found in the tracks, times in ticks."""

    notes: list[Note] = field(default_factory=list)
    controls: list[tuple[int, int, int, int]] = field(default_factory=list)
    tempi: list[tuple[int, int]] = field(default_factory=list)
    metres: list[tuple[int, int, int]] = field(default_factory=list)
    authored: list[tuple[int, int, int, int]] = field(default_factory=list)
    lyrics: list[Text] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    markers: list[tuple[int, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    lost_note_offs: int = 0
    lost_texts: int = 0
    odd_tempi: int = 0
    odd_metres: int = 0
    odd_pitches: int = 0
    end_tick: int = 0


def collect(midi: MidiTracks) -> Events:
    """All events of all tracks, with note-offs matched to their note-ons."""
    events = Events()
    encoding = encoding_of(_texts_of(midi))

    def text_of(latin: str) -> str:
        return decode(_raw(latin), encoding)

    texts = 0
    for number, track in enumerate(midi.tracks):
        tick = 0
        name = next(
            (text_of(m.name).strip() for m in track if m.type == "track_name" and m.name), ""
        )
        notes = [] if name.casefold() == CHART_TRACK else events.notes
        sounding: dict[tuple[int, int], deque[tuple[int, int]]] = defaultdict(deque)
        programs = [0] * 16
        for message in track:
            tick += message.time
            kind = message.type
            if kind == "note_on" or kind == "note_off":
                channel, pitch = key = (message.channel, message.note)
                open_notes = sounding[key]
                begins = message.velocity if kind == "note_on" else 0
                if open_notes:
                    start, velocity = open_notes.popleft()
                    if begins and start == tick:
                        # The same note twice at once sounds once, as loud as the louder.
                        open_notes.append((tick, max(velocity, begins)))
                        continue
                    program = programs[channel]
                    notes.append((start, tick, pitch, velocity, channel, program, number))
                if begins:
                    open_notes.append((tick, begins))
            elif kind == "control_change":
                if message.control in _CONTROLLERS:
                    events.controls.append((tick, message.channel, message.control, message.value))
            elif kind == "program_change":
                programs[message.channel] = message.program
                events.controls.append((tick, message.channel, PROGRAM, message.program))
            elif kind == "pitchwheel":
                events.controls.append((tick, message.channel, BEND, message.pitch))
            elif kind == "set_tempo":
                if message.tempo >= 10_000:
                    events.tempi.append((tick, message.tempo))
                else:
                    events.odd_tempi += 1
            elif kind == "time_signature":
                if 1 <= message.numerator <= 64 and message.denominator <= 64:
                    events.metres.append((tick, message.numerator, message.denominator))
                else:
                    events.odd_metres += 1
            elif kind in ("lyrics", "text", "marker"):
                texts += 1
                if texts > MAX_TEXTS:
                    continue
                text = text_of(message.text)
                if kind == "marker":
                    events.markers.append((tick, text.strip()))
                else:
                    rows = events.lyrics if kind == "lyrics" else events.texts
                    rows.append((tick, text, number))
        for (channel, pitch), lost in sounding.items():
            for start, velocity in lost:
                events.lost_note_offs += 1
                notes.append((start, -1, pitch, velocity, channel, programs[channel], number))
        events.names.append(name)
        events.end_tick = max(events.end_tick, tick)
        if notes is not events.notes:
            _take_chart(events, notes)
    events.lost_texts = max(0, texts - MAX_TEXTS)
    return events


def _take_chart(events: Events, notes: list[Note]) -> None:
    """The notes of the author's own chart as (start, end, grip, level)."""
    for start, end, pitch, velocity, *_ in notes:
        if pitch in CHART_PITCHES:
            level = 1 + (127 - velocity) // LEVEL_VELOCITIES
            events.authored.append((start, end, pitch - CHART_PITCHES.start, level))
        else:
            events.odd_pitches += 1


def _raw(latin: str) -> bytes:
    """The bytes of a text: mido hands them over as Latin-1."""
    return latin.encode("latin-1", errors="replace")


def _texts_of(midi: MidiTracks) -> Iterator[bytes]:
    """Every text that is used, as it stands in the file."""
    for track in midi.tracks:
        for message in track:
            if message.type in ("lyrics", "text", "marker"):
                yield _raw(message.text)
            elif message.type == "track_name":
                yield _raw(message.name)
