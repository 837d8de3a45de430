"""Read a MIDI file into a :class:`~game.music.song.Song`."""

import hashlib
import re
import stat
from collections import defaultdict
from pathlib import Path

import numpy as np

from game.music.author import AuthorNotes, read_author_notes
from game.music.beside import audio_fingerprint, find_recorded
from game.music.errors import MusicError
from game.music.events import CHART_TRACK, MAX_TEXTS, Events, collect
from game.music.melody import Melody, find_melody
from game.music.midi_file import MAX_BYTES, MidiTracks, read_tracks
from game.music.song import AUTHORED, CONTROL, NOTE, PROGRAM, Recorded, Song
from game.music.timing import Metre, TimeMap, beats_and_bars, metre, pickup_beats
from game.music.words import karaoke_title, sung_words

LONGEST_US = 30 * 60 * 1_000_000
#: Beyond this many µs, about 30 years, times are no longer counted exactly.
MOST_US = 1e15
MAX_NOTES = 60_000
#: A note that is never let go sounds this long: what a piano string does by itself.
LOST_NOTE_OFF_US = 4_000_000
DRUM_CHANNEL = 9

#: Names of tracks that say nothing of the song.
_PLAIN_NAMES = frozenset(
    {"", "untitled", "track", "track 1", "control track", "conductor", "tempo track"}
    | {"melody", "lead", "vocal", "vocals", "voice", "piano", "harmony", "bass", "drums"}
    | {"strings", "words", "lyrics", "soft karaoke", "griptune"}
)


def read_song(path: str | Path) -> Song:
    """Read ``path`` (and the ``.toml`` and the recording beside it).

    Raises MusicError, one sentence naming the file, if it is no MIDI file, is of type 2, is
    broken beyond saving, has no notes to play, or is longer or larger than any song.
    """
    path = Path(path)
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            # A pipe would keep the reader waiting for ever.
            raise MusicError(f"{path}: this is no file; choose a MIDI file.")
        size = about.st_size
        if size > MAX_BYTES:
            raise MusicError(
                f"{path}: {size / 1e6:.0f} MB is no song; MIDI files up to 8 MB are read."
            )
        data = path.read_bytes()
    except OSError as error:
        raise MusicError(f"{path}: cannot be read ({error.strerror or error}).") from None
    except ValueError:
        raise MusicError(f"{path!s}: this is not the name of a file.") from None
    author, author_bytes, author_problem = read_author_notes(path)
    midi = read_tracks(path, data)
    recorded = find_recorded(path, author.audio.offset_s if author.audio else 0.0)
    try:
        song = _song(path, midi, author, recorded)
    except OverflowError:
        raise MusicError(f"{path}: the times in this file are absurd; it is broken.") from None
    problems = (*song.problems, author_problem) if author_problem else song.problems
    digest = hashlib.sha256(data)
    digest.update(b"\0toml\0" + author_bytes)
    if recorded:
        digest.update(b"\0audio\0" + audio_fingerprint(recorded))
    return _with(song, content_hash=digest.hexdigest(), problems=problems)


def _with(song: Song, **changes: object) -> Song:
    return Song(**{**song.__dict__, **changes})


def _song(path: Path, midi: MidiTracks, author: AuthorNotes, recorded: Recorded | None) -> Song:
    events = collect(midi)
    written = len(events.notes) + len(events.authored)
    if not events.notes and not (events.authored and recorded):
        raise MusicError(
            f"{path}: this MIDI file has a chart but no notes, and there is no recording beside it."
            if events.authored
            else f"{path}: this MIDI file has no notes to play."
        )
    if written > MAX_NOTES:
        raise MusicError(
            f"{path}: {written} notes are more than any song; up to {MAX_NOTES} are read."
        )
    last_tick = max(max(note[:2]) for note in [*events.notes, *events.authored])
    if last_tick > 2**52:
        raise MusicError(f"{path}: the times in this file are absurd; it is broken.")
    time_map = TimeMap(midi.division, [t for t in events.tempi if t[0] <= last_tick])
    notes = _note_array(events, time_map)
    authored = _authored_array(events, time_map)
    end_us = max(
        int((rows["time_us"] + rows["duration_us"]).max(initial=0)) for rows in (notes, authored)
    )
    if recorded:
        # The recording may go on after the last note; the end of the tracks says how long.
        end_us = max(end_us, min(round(float(time_map.us(events.end_tick))), LONGEST_US))
    if end_us > LONGEST_US:
        raise MusicError(
            f"{path}: the music lasts {end_us / 60e6:.0f} minutes; songs of up to 30 are read."
        )
    beats_us, bar_beats = _beats(path, midi, events, time_map, notes, authored, end_us, author)

    lyrics = sung_words(
        events.lyrics,
        events.texts,
        karaoke=path.suffix.lower() == ".kar",
        apart_ticks=2 * abs(midi.division),
    )
    place = author.melody
    found = find_melody(
        notes,
        events.names,
        beats_us,
        np.sort(time_map.us([float(tick) for tick, _ in lyrics if tick <= last_tick])),
        wanted_track=place.track if place else None,
        wanted_channel=place.channel - 1 if place and place.channel else None,
    )
    if found is None and len(authored):
        found = Melody(np.zeros(0, np.int32), -1, "there is none; the author wrote the targets")
    if found is None:
        raise MusicError(f"{path}: this MIDI file has only drums, no notes to play to.")
    problems = [*midi.problems, *found.problems]
    problems += _left_out(events)

    length_us = int(beats_us[-1])
    meta = author.model_dump(exclude_none=True)
    title = author.title or karaoke_title(events.lyrics, events.texts) or _title(events, path)
    for array in (notes, authored, beats_us, bar_beats, found.notes):
        array.flags.writeable = False
    controls = _control_array(events, time_map)
    tempo_map = time_map.table()
    controls.flags.writeable = False
    tempo_map.flags.writeable = False
    return Song(
        path=path,
        title=title,
        notes=notes,
        controls=controls,
        tempo_map=tempo_map,
        beats_us=beats_us,
        bar_beats=bar_beats,
        melody=found.notes,
        melody_track=found.track,
        melody_reason=found.reason,
        length_us=length_us,
        content_hash="",
        track_names=tuple(events.names),
        lyrics=_timed(lyrics, time_map, length_us),
        sections=_timed(events.markers, time_map, length_us),
        meta=meta,
        problems=tuple(problems),
        authored=authored,
        recorded=recorded,
    )


def _left_out(events: Events) -> list[str]:
    """Sentences on what was broken in the events, and was mended or left out."""
    said = (
        (
            events.lost_note_offs,
            "1 note is never let go; it was ended after 4 s",
            "{} notes are never let go; they were ended after 4 s",
        ),
        (
            events.odd_pitches,
            f"1 note of the track “{CHART_TRACK}” is no grip (60 to 64) and was left out",
            f"{{}} notes of the track “{CHART_TRACK}” are no grips (60 to 64) and were left out",
        ),
        (
            events.odd_tempi,
            "1 impossible tempo change was left out",
            "{} impossible tempo changes were left out",
        ),
        (
            events.odd_metres,
            "1 impossible time signature was left out",
            "{} impossible time signatures were left out",
        ),
        (
            events.lost_texts,
            f"1 text after the first {MAX_TEXTS} was left out",
            f"{{}} texts after the first {MAX_TEXTS} were left out",
        ),
    )
    return [(one if count == 1 else many).format(count) for count, one, many in said if count]


def _times(rows: np.ndarray, time_map: TimeMap) -> tuple[np.ndarray, np.ndarray]:
    """Start and length in µs of rows that begin with start and end in ticks (−1: not let go).

    Raises OverflowError for times that no song has.
    """
    start_us = time_map.us(rows[:, 0])
    end_us = time_map.us(np.maximum(rows[:, 1], rows[:, 0]))
    if not end_us.max(initial=0.0) < MOST_US:
        raise OverflowError
    start, end = np.rint(start_us).astype(np.int64), np.rint(end_us).astype(np.int64)
    end[rows[:, 1] < 0] = start[rows[:, 1] < 0] + LOST_NOTE_OFF_US
    return start, np.maximum(end - start, 1)


def _authored_array(events: Events, time_map: TimeMap) -> np.ndarray:
    rows = np.array(events.authored, dtype=np.int64).reshape(-1, 4)
    authored = np.zeros(len(rows), AUTHORED)
    authored["time_us"], authored["duration_us"] = _times(rows, time_map)
    authored["grip"], authored["level"] = rows[:, 2], rows[:, 3]
    return np.sort(authored, order=("time_us", "level", "grip"))


def _note_array(events: Events, time_map: TimeMap) -> np.ndarray:
    rows = np.array(events.notes, dtype=np.int64).reshape(-1, 7)
    notes = np.zeros(len(rows), NOTE)
    notes["time_us"], notes["duration_us"] = _times(rows, time_map)
    for column, name in enumerate(("pitch", "velocity", "channel", "program", "track"), start=2):
        notes[name] = rows[:, column]
    notes["drum"] = notes["channel"] == DRUM_CHANNEL
    _programs_of_other_tracks(notes, events, time_map)
    return notes[np.lexsort((notes["pitch"], notes["track"], notes["time_us"]))]


def _programs_of_other_tracks(notes: np.ndarray, events: Events, time_map: TimeMap) -> None:
    """A channel's sound may be chosen in another track than its notes (type 1)."""
    changes = defaultdict(list)
    for tick, channel, kind, value in events.controls:
        if kind == PROGRAM:
            changes[channel].append((tick, value))
    for channel, rows in changes.items():
        rows.sort(key=lambda row: row[0])
        times = np.rint(time_map.us([tick for tick, _ in rows]))
        mine = np.flatnonzero(notes["channel"] == channel)
        at = np.searchsorted(times, notes["time_us"][mine], side="right") - 1
        values = np.array([value for _, value in rows], dtype=np.uint8)
        # Before its first program change a channel has sound 0; files that choose it a tick late
        # mean it for the first note too.
        notes["program"][mine] = values[np.maximum(at, 0)]


def _control_array(events: Events, time_map: TimeMap) -> np.ndarray:
    rows = np.zeros(len(events.controls), CONTROL)
    if events.controls:
        values = np.array([[c, k, v] for _, c, k, v in events.controls])
        us = time_map.us([float(tick) for tick, *_ in events.controls])
        rows["time_us"] = np.rint(np.minimum(us, 2e3 * LONGEST_US))
        rows["channel"], rows["kind"], rows["value"] = values.T
    return rows[np.argsort(rows["time_us"], kind="stable")]


def _beats(
    path: Path,
    midi: MidiTracks,
    events: Events,
    time_map: TimeMap,
    notes: np.ndarray,
    authored: np.ndarray,
    end_us: int,
    author: AuthorNotes,
) -> tuple[np.ndarray, np.ndarray]:
    metres: list[Metre] = []
    for tick, numerator, denominator in sorted(events.metres, key=lambda row: row[0]):
        if midi.division > 0:
            quarter = tick / midi.division
        else:
            quarter = time_map.quarters_at(float(time_map.us(tick)))
        this = metre(quarter, numerator, denominator)
        if metres and metres[-1].quarter == quarter:
            metres.pop()
        if not metres or (this.beats, this.length) != (metres[-1].beats, metres[-1].length):
            metres.append(this)
    # A note held a moment past the last bar line does not open another bar.
    beat_us = float(np.median(time_map.table()["us_per_beat"]))
    last_onset = max(int(rows["time_us"].max(initial=0)) for rows in (notes, authored))
    end = max(end_us - beat_us / 4, last_onset + beat_us / 100)
    found = beats_and_bars(time_map, metres, end)
    if found is None:
        raise MusicError(f"{path}: the beats of this file are absurdly short; it is broken.")
    upbeat = author.pickup_beats
    if upbeat is None and len(metres) <= 1:
        upbeat = pickup_beats(notes, found[0], metres[0].beats if metres else 4)
    if upbeat:
        found = beats_and_bars(time_map, metres, end, upbeat) or found
    return found


def _timed(
    rows: list[tuple[int, str]], time_map: TimeMap, length_us: int
) -> tuple[tuple[int, str], ...]:
    rows = sorted((row for row in rows if row[1]), key=lambda row: row[0])
    us = np.rint(time_map.us([float(tick) for tick, _ in rows]))
    inside = int(np.searchsorted(us, length_us, side="right"))
    return tuple((int(at), text) for at, (_, text) in zip(us, rows[:inside], strict=False))


def _title(events: Events, path: Path) -> str:
    """The name of the first track if that names the song, else the file's name in words."""
    first = events.names[0] if events.names else ""
    has_notes = any(note[6] == 0 for note in events.notes)
    named = not has_notes or len(events.names) == 1
    if named and first.lower() not in _PLAIN_NAMES and len(first) <= 80:
        return first
    return re.sub(r"[\s_-]+", " ", path.stem).strip().capitalize() or path.name
