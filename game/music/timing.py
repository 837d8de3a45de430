"""When things are: ticks to microseconds, beats and bars from the metres a file names."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from game.music.song import TEMPO

#: A quarter note before the first tempo event: 120 a minute, as the MIDI file format says.
DEFAULT_US_PER_QUARTER = 500_000
MAX_BEATS = 20_000

KICKS = (35, 36)


class TimeMap:
    """Piecewise linear map between ticks, quarter notes and microseconds.

    ``tempi`` are pairs (tick, microseconds per quarter note) in any order; of several at one
    tick the last counts. ``division`` as in the file's header: with SMPTE divisions a tick has a
    fixed length, and tempo only says how long a beat is.
    """

    def __init__(self, division: int, tempi: list[tuple[int, int]]) -> None:
        changes = {0: DEFAULT_US_PER_QUARTER} | dict(sorted(tempi, key=lambda change: change[0]))
        ticks = np.array(list(changes), dtype=float)
        self._us_per_quarter = np.array(list(changes.values()), dtype=float)
        steps = np.diff(ticks)
        if division > 0:
            self._us_per_tick = self._us_per_quarter / division
            quarters = steps / division
        else:
            frames_per_second = 256 - (division >> 8 & 0xFF)
            # 29 frames a second stands for the drop-frame 30 000 / 1001.
            rate = 30_000 / 1001 if frames_per_second == 29 else frames_per_second
            tick_us = 1e6 / (rate * (division & 0xFF))
            self._us_per_tick = np.full(len(ticks), tick_us)
            quarters = steps * tick_us / self._us_per_quarter[:-1]
        self._ticks = ticks
        self._us = np.concatenate([[0.0], np.cumsum(steps * self._us_per_tick[:-1])])
        self._quarters = np.concatenate([[0.0], np.cumsum(quarters)])

    def us(self, ticks: ArrayLike) -> Any:
        """Microseconds (float) of ``ticks``, an array or a number."""
        at = np.asarray(ticks, dtype=float)
        i = np.searchsorted(self._ticks, at, side="right") - 1
        return self._us[i] + (at - self._ticks[i]) * self._us_per_tick[i]

    def quarters_at(self, us: float) -> float:
        """How many quarter notes have passed at ``us``."""
        i = int(np.searchsorted(self._us, us, side="right")) - 1
        return float(self._quarters[i] + (us - self._us[i]) / self._us_per_quarter[i])

    def us_of_quarters(self, quarters: np.ndarray) -> np.ndarray:
        """Microseconds (float) at which ``quarters`` quarter notes have passed."""
        i = np.searchsorted(self._quarters, quarters, side="right") - 1
        return self._us[i] + (quarters - self._quarters[i]) * self._us_per_quarter[i]

    def table(self) -> np.ndarray:
        """The tempo map as a :data:`~game.music.song.TEMPO` array."""
        rows = np.zeros(len(self._us), TEMPO)
        rows["time_us"] = np.rint(self._us)
        rows["us_per_beat"] = self._us_per_quarter
        return rows


@dataclass(frozen=True)
class Metre:
    """A time signature from ``quarter`` on: ``beats`` beats a bar of ``length`` quarters each."""

    quarter: float
    beats: int
    length: float


def metre(quarter: float, numerator: int, denominator: int) -> Metre:
    """The beats a listener taps in a time signature.

    6/8, 9/8 and 12/8 are felt in dotted quarters; 3/8 is too slow to be one beat a bar for a
    hand, so it keeps its eighths; everything else is felt in its denominator.
    """
    if denominator >= 8 and numerator % 3 == 0 and numerator > 3:
        return Metre(quarter, numerator // 3, 12 / denominator)
    return Metre(quarter, numerator, 4 / denominator)


def beats_and_bars(
    time_map: TimeMap, metres: list[Metre], end_us: float, pickup_beats: int = 0
) -> tuple[np.ndarray, np.ndarray] | None:
    """Beats (µs, the last one the end of the song) and the indices of those that start a bar.

    The song ends with the bar in which ``end_us`` lies. A metre that changes inside a bar starts
    a new one. The first bar has ``pickup_beats`` beats if that is more than 0. None if there
    were more beats than any song has.
    """
    end = time_map.quarters_at(end_us)
    if not metres or metres[0].quarter > 0:
        metres = [Metre(0.0, 4, 1.0), *metres]
    quarters: list[float] = []
    bars: list[int] = []
    for this, following in pairwise([*metres, Metre(np.inf, 4, 1.0)]):
        stop = min(following.quarter, np.inf)
        at = this.quarter
        in_bar = (this.beats - pickup_beats) % this.beats if not quarters else 0
        first = True
        while at < stop - 1e-6:
            if in_bar == 0 or first:
                if at >= end - 1e-6 and quarters:
                    break
                bars.append(len(quarters))
            first = False
            quarters.append(at)
            if len(quarters) > MAX_BEATS:
                return None
            at += this.length
            in_bar = (in_bar + 1) % this.beats
        else:
            continue
        break
    quarters.append(min(at, stop) if stop < np.inf else at)
    beats_us = np.rint(time_map.us_of_quarters(np.array(quarters))).astype(np.int64)
    return beats_us, np.array(bars, dtype=np.int32)


def pickup_beats(notes: np.ndarray, beats_us: np.ndarray, beats_per_bar: int) -> int:
    """How many beats come before the first full bar, when the file does not say.

    Files written from notation with an upbeat often let the upbeat start at tick 0 and keep the
    nominal metre, so that every bar line of the file lies inside a bar of the music. The bar
    lines are where the bass changes, the kick drum falls, notes are louder and notes are long;
    another place than the file's is taken only if it is clearly better.
    """
    beats = len(beats_us) - 1
    if beats_per_bar < 2 or beats < 6 * beats_per_bar or not len(notes):
        return 0
    length = np.diff(beats_us).mean()
    beat = np.searchsorted(beats_us, notes["time_us"] + length * 0.1, side="right") - 1
    beat = np.clip(beat, 0, beats - 1)
    on_beat = np.abs(notes["time_us"] - beats_us[beat]) < length * 0.1
    drum = notes["drum"]
    evidence = np.zeros(beats)

    pitched = on_beat & ~drum
    if not pitched.any():
        return 0
    lowest = np.full(beats, 128)
    np.minimum.at(lowest, beat[pitched], notes["pitch"][pitched])
    bass = np.percentile(notes["pitch"][pitched], 30)
    evidence += (lowest <= bass) * 1.0
    longest = np.zeros(beats)
    np.maximum.at(longest, beat[pitched], notes["duration_us"][pitched] / length)
    evidence += np.clip(longest, 0, 4) * 0.4
    loudness = np.zeros(beats)
    np.maximum.at(loudness, beat[pitched], notes["velocity"][pitched].astype(float))
    spread = notes["velocity"][pitched].std()
    if spread > 2:
        evidence += np.clip((loudness - notes["velocity"][pitched].mean()) / spread, -1, 1) * 0.7
    kick = on_beat & drum & np.isin(notes["pitch"], KICKS)
    struck = np.zeros(beats, bool)
    struck[beat[kick]] = True
    evidence += struck * 1.0

    score = np.array([evidence[phase::beats_per_bar].mean() for phase in range(beats_per_bar)])
    best = int(score.argmax())
    clear = score[best] > 1.35 * max(score[0], 0.1)
    # An upbeat is light: if the accompaniment is there from the start, so is the bar.
    return best if clear and evidence[0] < score[best] else 0
