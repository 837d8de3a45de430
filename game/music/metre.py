"""Which melody notes come first: the ladder of steady periods, from eight bars to every note.

Each melody note gets the rung on which it enters the chart. The rungs of a song in four are

    phrases   the first beat of every fourth, every second, every phrase
    bars      the first beat of every fourth, every second, every bar
    half bars beats 1 and 3
    beats     every beat
    halves    the notes between the beats
    rest      everything else: semiquavers, triplets, ornaments
"""

from dataclasses import dataclass

import numpy as np

from game.music.song import Song

(
    FOURTH_PHRASE,
    SECOND_PHRASE,
    PHRASE,
    FOUR_BARS,
    TWO_BARS,
    BAR,
    HALF_BAR,
    BEAT,
    HALF_BEAT,
    REST,
) = range(10)

#: How far from a beat, in beats, a note may begin and still be on it: people play so.
ON_BEAT = 0.13


@dataclass(frozen=True)
class Candidates:
    """The melody at the played tempo, one row per note, sorted by time; all times in µs.

    ``beat`` is the place in beats from the start of the song (2.5: half a beat after the third
    beat), ``phrase`` the index of its phrase, ``accent`` how much the note stands out of the
    line (0 to about 3), ``rung`` where it enters the ladder, ``single`` whether the notes of that
    rung enter one by one and not phrase by phrase.
    """

    time_us: np.ndarray
    duration_us: np.ndarray
    pitch: np.ndarray
    beat: np.ndarray
    phrase: np.ndarray
    accent: np.ndarray
    rung: np.ndarray
    single: np.ndarray


def candidates(
    song: Song, line: np.ndarray, phrases: np.ndarray, tempo: float, first_by_us: int
) -> Candidates:
    """Put every note of ``line`` (:data:`~game.music.song.NOTE`, sorted by time) on its rung.

    ``phrases`` are rows (first bar, bar after the last). The first target of all tiers is found
    among the notes up to ``first_by_us`` (played time), if there are any.
    """
    # Two notes at one instant would be two targets at once; the later of the two is the higher.
    melody = line[np.append(np.diff(line["time_us"]) > 0, True)]
    onset = melody["time_us"]
    beats = song.beats_us
    index = np.clip(np.searchsorted(beats, onset, side="right") - 1, 0, len(beats) - 2)
    length = np.maximum(np.diff(beats)[index], 1)
    beat = index + (onset - beats[index]) / length
    starts = song.bars_us[phrases[:, 0]]
    phrase = np.maximum(np.searchsorted(starts, onset, side="right") - 1, 0)

    accent = _accents(melody, length)
    sounds_until = beat + melody["duration_us"] / length
    rung = _rungs(song, phrases, beat, sounds_until, accent)
    time_us = np.rint(onset / tempo).astype(np.int64)
    return Candidates(
        time_us=time_us,
        duration_us=np.maximum(np.rint(melody["duration_us"] / tempo), 1).astype(np.int64),
        pitch=melody["pitch"].astype(np.int64),
        beat=beat,
        phrase=phrase,
        accent=accent,
        rung=enter_early(rung, time_us, first_by_us),
        single=rung > BEAT,
    )


def enter_early(rung: np.ndarray, time_us: np.ndarray, first_by_us: int) -> np.ndarray:
    """``rung``, but one of the notes up to ``first_by_us`` is on the lowest if there are any."""
    rung = rung.copy()
    early = np.flatnonzero(time_us <= first_by_us)
    if len(early) and not (rung[early] == FOURTH_PHRASE).any():
        rung[early[rung[early].argmin()]] = FOURTH_PHRASE
    return rung


def _accents(melody: np.ndarray, beat_us: np.ndarray) -> np.ndarray:
    """How much each note stands out: long, loud, or a peak of the line."""
    accent = np.clip(melody["duration_us"] / beat_us, 0, 2) * 0.5
    velocity = melody["velocity"].astype(float)
    spread = velocity.std()
    if spread > 1:
        accent += np.clip((velocity - velocity.mean()) / spread, -1, 1) * 0.5
    pitch = melody["pitch"].astype(int)
    if len(pitch) > 2:
        peak = (pitch[1:-1] > pitch[:-2]) & (pitch[1:-1] >= pitch[2:])
        accent[1:-1] += peak * 0.5
    return accent


def bar_pattern(beats: int) -> dict[int, int]:
    """The rung of every beat after the first in a bar of so many beats."""
    pattern = dict.fromkeys(range(1, beats), BEAT)
    if beats > 1:
        # Of a waltz bar the third beat leads on to the next first: heavy, –, light.
        pattern[2 if beats == 3 else (beats + 1) // 2] = HALF_BAR
    return pattern


def _rungs(
    song: Song,
    phrases: np.ndarray,
    beat: np.ndarray,
    sounds_until: np.ndarray,
    accent: np.ndarray,
) -> np.ndarray:
    """The rung of every note that begins at ``beat`` and ends at ``sounds_until``."""
    rung = np.full(len(beat), REST)
    if not len(beat):
        return rung
    nearest = np.rint(beat)
    on_beat = np.abs(beat - nearest) <= ON_BEAT
    rung[np.abs(beat - np.floor(beat) - 0.5) <= ON_BEAT] = HALF_BEAT

    bar_beats = np.append(song.bar_beats, len(song.beats_us) - 1)
    slots: list[tuple[int, int, int]] = []
    filled = 0
    for first, end in phrases:
        # A pickup leads to the first bar; the phrase is counted from there.
        if first == 0 and end - first > 1 and bar_beats[1] < bar_beats[2] - bar_beats[1]:
            slots += [(BEAT, int(b), 1) for b in range(bar_beats[1])]
            first = 1
        has_notes = bool(((beat >= bar_beats[first] - ON_BEAT) & (beat < bar_beats[end])).any())
        bars = end - first
        for i in range(bars):
            bar = first + i
            start, beats = int(bar_beats[bar]), int(bar_beats[bar + 1] - bar_beats[bar])
            slots.append((_bar_rung(i, bars, filled), start, beats))
            slots += [(level, start + at, beats) for at, level in bar_pattern(beats).items()]
        filled += has_notes

    # From coarse to fine, every place takes the note on it. A bar or half bar whose first beat
    # has no note of its own (tied over, a rest, syncopation) takes the note that stands for it.
    chosen = np.zeros(len(beat), bool)
    for level, place, beats in sorted(slots, key=lambda slot: (slot[0], slot[1])):
        low, high = np.searchsorted(beat, (place - ON_BEAT, place + ON_BEAT + 1e-9))
        if low < high:
            note = low + int(np.abs(beat[low:high] - place).argmin())
            if not chosen[low:high].any():
                chosen[note] = True
                rung[note] = level
            continue
        if level <= BAR:
            reach = (place - 0.6, place + beats - 0.25)
        elif level == HALF_BAR:
            reach = (place - 0.6, place + 0.6)
        else:
            continue
        low, high = np.searchsorted(beat, reach)
        if low >= high or chosen[low:high].any():
            continue
        near = np.arange(low, high)
        strength = on_beat[near] * 1.0 + (np.abs(nearest[near] - place - beats // 2) < 0.1) * 0.5
        # A note that came early and is held over the place is what is heard there.
        strength += (beat[near] < place) & (sounds_until[near] > place + 0.25)
        value = strength + 0.3 * accent[near] - 0.4 * np.abs(beat[near] - place)
        note = int(near[value.argmax()])
        neighbours = beat[chosen]
        if level > BAR and len(neighbours) and np.abs(neighbours - beat[note]).min() < 0.9:
            continue
        chosen[note] = True
        rung[note] = level
    # What is on a beat but beside every slot (a second note within the tolerance).
    left = on_beat & ~chosen
    rung[left] = np.maximum(rung[left], HALF_BEAT)
    return rung


def _bar_rung(i: int, bars: int, phrase: int) -> int:
    """The rung of the first beat of bar ``i`` of a phrase of ``bars`` bars."""
    if i == 0:
        if phrase % 4 == 0:
            return FOURTH_PHRASE
        return SECOND_PHRASE if phrase % 2 == 0 else PHRASE
    if i % 4 == 0 and i + 4 <= bars:
        return FOUR_BARS
    if i % 2 == 0 and i + 2 <= bars:
        return TWO_BARS
    return BAR
