"""Musical phrases: where difficulty may change without being heard as a break.

A phrase is 2 to 8 bars and ends at a bar line. Which bar lines is found as the cheapest way
through the song: four bars cost nothing, other lengths a little, and bar lines where the music
breathes (a section begins, the melody rests or has held a long note, a theme comes back) pay for
being used.
"""

import numpy as np

from game.music.song import Song

#: What a phrase of so many bars costs; four is what songs are made of.
_LENGTH_COST = {2: 0.9, 3: 1.1, 4: 0.0, 5: 1.2, 6: 0.7, 7: 1.4, 8: 0.5}
#: Phrases much longer than this change difficulty too seldom: it updates after 12 targets or 30 s.
_LONG_PHRASE_S = 20.0
#: What using any bar line costs, so that a slight breath does not cut a phrase in two.
_BOUNDARY_COST = 0.3


def phrase_bars(song: Song) -> np.ndarray:
    """The phrases as rows (first bar, bar after the last), int32, covering all bars in order.

    Every phrase has 2 to 8 bars; a pickup counts with the bar it leads to. Only a song that
    is shorter than two bars has a shorter phrase.
    """
    bars_us = song.bars_us
    bars = len(bars_us) - 1
    first = 1 if _has_pickup(song) and bars > 2 else 0
    if bars - first < 4:
        return np.array([[0, bars]], dtype=np.int32)
    gain = _breathing(song, first)
    seconds = bars_us / 1e6
    # cheapest[b]: the cost of the best phrases from `first` up to bar line b.
    cheapest = np.full(bars + 1, np.inf)
    cheapest[first] = 0.0
    came_from = np.zeros(bars + 1, dtype=int)
    for end in range(first + 2, bars + 1):
        for length, cost in _LENGTH_COST.items():
            start = end - length
            if start < first or not np.isfinite(cheapest[start]):
                continue
            long = max(0.0, (seconds[end] - seconds[start]) / _LONG_PHRASE_S - 1)
            total = cheapest[start] + cost + _BOUNDARY_COST - gain[end] + long
            if total < cheapest[end] - 1e-9:
                cheapest[end] = total
                came_from[end] = start
    lines = [bars]
    while lines[-1] > first:
        lines.append(int(came_from[lines[-1]]))
    lines.reverse()
    lines[0] = 0
    return np.column_stack([lines[:-1], lines[1:]]).astype(np.int32)


def _has_pickup(song: Song) -> bool:
    """Whether the first bar is shorter than the second."""
    beats = np.diff(song.bar_beats)
    return len(beats) > 1 and beats[0] < beats[1]


def _breathing(song: Song, first: int) -> np.ndarray:
    """For each bar line how much it sounds like the beginning of a phrase, 0 to about 4."""
    bars_us = song.bars_us
    bars = len(bars_us) - 1
    gain = np.zeros(bars + 1)
    beat_us = float(np.median(np.diff(song.beats_us)))

    for time_us, _ in song.sections:
        line = int(np.abs(bars_us - time_us).argmin())
        if abs(bars_us[line] - time_us) < beat_us:
            gain[line] += 2.5

    melody = song.line
    onsets = melody["time_us"]
    steps = np.diff(onsets)
    usual = max(float(np.median(steps)), beat_us / 4) if len(steps) else beat_us
    for line in range(1, bars):
        # The breath before a phrase ends at its first note: at the bar line, or up to a beat
        # and a half earlier when it starts with an upbeat.
        window = (onsets[1:] > bars_us[line] - 1.55 * beat_us) & (
            onsets[1:] < bars_us[line] + 1.05 * beat_us
        )
        if window.any():
            breath = float(steps[window].max())
            gain[line] += min(max(breath / usual - 1.2, 0.0) / 2.0, 1.0)

    patterns = bar_patterns(song)
    # A theme that comes back: here begins a run of bars that were there before.
    seen: dict[tuple[object, object], int] = {}
    for bar in range(first, bars - 1):
        pair = (patterns[bar], patterns[bar + 1])
        if not patterns[bar]:
            continue
        if pair in seen:
            then = seen[pair]
            begins = then == first or patterns[bar - 1] != patterns[then - 1]
            gain[bar] += 0.4 * begins
        seen.setdefault(pair, bar)
    # The melody enters after an introduction, perhaps with an upbeat.
    if len(onsets):
        entry = int(np.searchsorted(bars_us, onsets[0] + 1.55 * beat_us, side="right")) - 1
        if first < entry < bars:
            gain[entry] += 1.0
    return gain


def bar_patterns(song: Song) -> list[tuple[tuple[int, int], ...]]:
    """For each bar its melody as (place in twelfths of a beat, pitch): equal music, equal tuple."""
    melody = song.line
    bars_us = song.bars_us
    bars = len(bars_us) - 1
    beats = song.beats_us
    beat = np.clip(np.searchsorted(beats, melody["time_us"], side="right") - 1, 0, len(beats) - 2)
    share = (melody["time_us"] - beats[beat]) / np.maximum(np.diff(beats)[beat], 1)
    place = np.rint((beat + share) * 12).astype(int)
    bar = np.clip(np.searchsorted(song.bar_beats, place // 12, side="right") - 1, 0, bars - 1)
    patterns: list[list[tuple[int, int]]] = [[] for _ in range(bars)]
    for b, p, pitch in zip(bar, place, melody["pitch"], strict=True):
        patterns[b].append((int(p - 12 * song.bar_beats[b]), int(pitch)))
    return [tuple(pattern) for pattern in patterns]
