"""Find the melody: the line a listener would sing.

Every pair of track and channel that is not drums is a part. A part is scored by what it is
called, on which channel it is, whether it sings one note at a time, in which register, through how
much of the song, how loud, at which pace, and whether the words fall on its notes. From the winning
part the top line is taken, which of a single-voiced part is the part itself.
"""

import re
from dataclasses import dataclass

import numpy as np

#: Words in track names, in several languages, and what they say about the part. The first that
#: is found counts.
_NAMES: tuple[tuple[str, float], ...] = (
    (r"melod|melodie|melodía|vocal|voice|voix|stimme|gesang|canto|lead|sing|solo|tune|theme", 4.0),
    (r"soprano|chant|right|\brh\b|rechte|discant|treble|descant", 2.0),
    (r"backing|choir|chorus|harmon|chord|akkord|accomp|begleit|pad|string|rhythm|comp\b", -2.0),
    (r"bass|left|\blh\b|linke|drum|perc|kick|snare|hat", -4.0),
)
#: Where melodies usually are, and what that says: channel 4 is the melody's in karaoke files, and
#: channel 1 what most programs begin with.
_CHANNELS = {0: 0.25, 3: 0.5}
#: Sounds that accompany: basses (32–39), percussive (112–119) and effects (120–127).
_BASS_PROGRAMS = range(32, 40)
_NOISE_PROGRAMS = range(112, 128)

#: Notes that begin within this of each other begin together (a rolled or uneven chord).
TOGETHER_US = 35_000
#: A melody that is silent for longer than this lets another part come to the fore.
LONG_REST_US = 7_000_000
#: So much of the rest is left free at both ends.
_MARGIN_US = 500_000


@dataclass(frozen=True)
class Melody:
    """Where the melody is: indices into the notes (int32, in order), the track and why."""

    notes: np.ndarray
    track: int
    reason: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    track: int
    channel: int
    indices: np.ndarray
    score: float
    reasons: tuple[str, ...]


def find_melody(
    notes: np.ndarray,
    track_names: list[str],
    beats_us: np.ndarray,
    words_us: np.ndarray,
    *,
    wanted_track: str | int | None = None,
    wanted_channel: int | None = None,
) -> Melody | None:
    """The melody in ``notes`` (:data:`~game.music.song.NOTE`, sorted by time).

    ``words_us`` are the times of sung words, ``wanted_track`` (name, or number from 1) and
    ``wanted_channel`` (from 0) what the author says; if no part is there, that becomes a problem
    and the melody is looked for. None if there is nothing but drums.
    """
    pitched = np.flatnonzero(~notes["drum"])
    if not len(pitched):
        return None
    keys = notes["track"][pitched].astype(np.int64) * 16 + notes["channel"][pitched]
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    groups = [pitched[np.sort(group)] for group in np.split(order, starts[1:])]

    problems: tuple[str, ...] = ()
    if wanted_track is not None or wanted_channel is not None:
        wanted = _wanted(notes, groups, track_names, wanted_track, wanted_channel)
        if len(wanted):
            line = top_line(notes, wanted)
            track = int(np.bincount(notes["track"][wanted]).argmax())
            return Melody(line, track, "the author says so in the .toml file")
        place = f"track “{wanted_track}”" if wanted_track is not None else ""
        channel = f"channel {wanted_channel + 1}" if wanted_channel is not None else ""
        problems = (
            f"the .toml file names {' and '.join(filter(None, (place, channel)))} as the melody, "
            "but there are no notes there; it was looked for",
        )
    loudest = max(float(notes["velocity"][group].mean()) for group in groups)
    names = [*track_names, *[""] * (int(notes["track"].max()) + 1 - len(track_names))]
    parts = [
        _judge(notes, group, names[notes["track"][group[0]]], beats_us, words_us, loudest)
        for group in groups
    ]
    best = max(parts, key=lambda part: part.score)
    reason = ", ".join(best.reasons)
    if len(parts) == 1:
        reason = ", ".join(("it is the only part", *best.reasons[-1:]))
    line = top_line(notes, best.indices)
    others = sorted((p for p in parts if p is not best), key=lambda part: -part.score)
    filled = _fill_rests(notes, line, others, int(beats_us[-1]))
    if len(filled) > len(line):
        reason += "; where it rests for long, other parts take over"
    return Melody(filled, best.track, reason, problems)


def _fill_rests(
    notes: np.ndarray, line: np.ndarray, others: list[_Part], end_us: int
) -> np.ndarray:
    """``line`` with its long rests filled from the other parts, the most melodious first."""
    for part in others:
        onsets = notes["time_us"][line]
        ends = onsets + notes["duration_us"][line]
        from_us = np.concatenate([[-_MARGIN_US], ends])
        to_us = np.concatenate([onsets, [end_us + _MARGIN_US]])
        rests = np.flatnonzero(to_us - from_us > LONG_REST_US)
        if not len(rests):
            break
        other = top_line(notes, part.indices)
        time = notes["time_us"][other]
        rest = np.searchsorted(from_us[rests], time, side="right") - 1
        inside = (rest >= 0) & (time >= from_us[rests][rest] + _MARGIN_US)
        inside &= time <= to_us[rests][rest] - _MARGIN_US
        line = np.sort(np.concatenate([line, other[inside]])).astype(np.int32)
    return line


def _wanted(
    notes: np.ndarray,
    groups: list[np.ndarray],
    track_names: list[str],
    track: str | int | None,
    channel: int | None,
) -> np.ndarray:
    """All notes at the author's place, sorted by time; empty if there are none."""
    found = []
    for group in groups:
        number = int(notes["track"][group[0]])
        name = track_names[number] if number < len(track_names) else ""
        right_track = (
            track is None
            or (isinstance(track, int) and track == number + 1)
            or (isinstance(track, str) and track.strip().lower() == name.lower())
        )
        if right_track and (channel is None or channel == int(notes["channel"][group[0]])):
            found.append(group)
    return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _judge(
    notes: np.ndarray,
    group: np.ndarray,
    name: str,
    beats_us: np.ndarray,
    words_us: np.ndarray,
    loudest: float,
) -> _Part:
    part = notes[group]
    line = notes[top_line(notes, group)]
    score = 0.0
    reasons: list[str] = []

    for pattern, value in _NAMES:
        if re.search(pattern, name.lower()):
            score += value
            if value > 0:
                reasons.append(f"its track is called “{name}”")
            break
    if len(words_us) >= 8 and len(line):
        at = np.searchsorted(line["time_us"], words_us)
        after = np.abs(line["time_us"][np.minimum(at, len(line) - 1)] - words_us)
        before = np.abs(line["time_us"][np.maximum(at - 1, 0)] - words_us)
        sung = float((np.minimum(after, before) < 60_000).mean())
        score += 4.0 * max(0.0, sung - 0.5)
        if sung > 0.8:
            reasons.append("the words fall on its notes")

    if part["channel"][0] != 3 or len(words_us):
        score += _CHANNELS.get(int(part["channel"][0]), 0.0)

    # Share of notes that begin alone and are not still covered by the one before.
    step = np.diff(part["time_us"])
    single = 1.0
    if len(part) > 1:
        overlap = (part["time_us"] + part["duration_us"])[:-1] - part["time_us"][1:]
        single = float(((step > TOGETHER_US) & (overlap < part["duration_us"][:-1] * 0.5)).mean())
    score += 2.0 * single
    if single > 0.9:
        reasons.append("it sings one note at a time")

    pitch = float(np.median(line["pitch"]))
    # A singing register, F3 to F5 in its middle, falling off over an octave.
    away = max(0.0, 60 - pitch, pitch - 84)
    score += 1.5 * (1 - min(away / 12, 1.5))
    if away == 0:
        reasons.append("in a singing register")

    beat = np.searchsorted(beats_us, line["time_us"], side="right") // 4
    quarters = max(1, len(beats_us) // 4)
    coverage = min(1.0, len(np.unique(beat)) / quarters)
    score += 2.0 * coverage
    reasons.append(f"through {coverage:.0%} of the song")

    score += 1.0 * float(part["velocity"].mean()) / max(loudest, 1.0)

    seconds = max(1.0, (line["time_us"][-1] - line["time_us"][0]) / 1e6)
    pace = len(line) / seconds / max(coverage, 0.1)
    score += 1.0 if 0.5 <= pace <= 4.5 else 0.0
    # A line that stays on two pitches is a drone or a riff.
    score += min(len(np.unique(line["pitch"])), 6) / 6
    programs = int(np.bincount(part["program"]).argmax())
    if programs in _BASS_PROGRAMS or programs in _NOISE_PROGRAMS:
        score -= 3.0
    if len(line) < 8:
        score -= 2.0
    return _Part(int(part["track"][0]), int(part["channel"][0]), group, score, tuple(reasons))


def top_line(notes: np.ndarray, indices: np.ndarray) -> np.ndarray:
    """The top line (skyline) of the notes at ``indices`` (sorted by time), as int32 indices.

    Of notes that begin together the highest is taken. A note under one that sounds on is
    accompaniment, and so is one far below the line around it.
    """
    part = notes[indices]
    time = part["time_us"]
    kept: list[int] = []
    i = 0
    while i < len(part):
        j = i + 1
        while j < len(part) and time[j] - time[i] <= TOGETHER_US:
            j += 1
        kept.append(i + int(part["pitch"][i:j].argmax()))
        i = j
    if len(kept) == len(part):
        overlapping = np.diff(time) < part["duration_us"][:-1] * 0.6
        if not overlapping.any():
            return indices.astype(np.int32)
    pitches = part["pitch"].astype(int)
    ends = time + part["duration_us"]
    line: list[int] = []
    held_pitch, held_end, held_start = -1, 0, 0
    for note in kept:
        # Singers and pianists overlap neighbouring notes a little: only what sounds on for
        # a good while after this note begins covers it.
        rest = held_end - time[note]
        covered = pitches[note] < held_pitch and rest > 0.4 * (held_end - held_start)
        if covered and rest > TOGETHER_US:
            continue
        line.append(note)
        held_pitch, held_end, held_start = pitches[note], ends[note], time[note]
    around = pitches[line]
    if len(line) > 4:
        padded = np.pad(around, 4, mode="reflect")
        local = np.median(np.lib.stride_tricks.sliding_window_view(padded, 9), axis=1)
        # An accompaniment figure that shows through while the melody rests. A melody that leaps
        # an octave down on its own keeps its note.
        polyphonic = len(line) < 0.8 * len(part)
        if polyphonic:
            line = [n for n, p, m in zip(line, around, local, strict=True) if p > m - 13]
    return indices[np.array(line, dtype=np.int64)].astype(np.int32)
