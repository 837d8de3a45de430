"""Level and fatigue over the weeks.

*Level*: a play's level is the median of x over its second half; a day's is the mean of its plays'.
Its error band is 1.96 · s / √n, where s is the scatter of plays within a day, pooled over all
days with two plays or more, and n the plays of that day: the range in which a day's level would lie
19 times of 20 if only chance moved it.

*Fatigue*: within a sitting (a new one begins after two hours without play) the slope of x over
minutes of play, least squares, in octaves per 10 min, and the same of dwell in ms; adaptation hides
fatigue in success, so it shows here. A sitting needs six steps over five minutes at least. Flagged
below −0.4 octaves per 10 min.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from game.core.statistics import Z_95
from game.records.report.material import MeasuredPlay, Step

FLAGGED_BELOW = -0.4
NEW_SITTING = timedelta(hours=2)
LEAST_STEPS, LEAST_MINUTES = 6, 5.0


@dataclass(frozen=True)
class LevelDay:
    """The level of one day, targets/s, with its error band (None: too few plays to tell)."""

    day: date
    plays: int
    rate: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class SittingSlope:
    """One sitting: its slope of x (octaves per 10 min) and of dwell (ms per 10 min, or None)."""

    day: date
    minutes: float
    slope: float
    dwell_slope: float | None

    @property
    def flagged(self) -> bool:
        """Whether the level fell faster than −0.4 octaves per 10 min."""
        return self.slope < FLAGGED_BELOW


@dataclass(frozen=True)
class Fatigue:
    """The sittings that were long enough, and their medians."""

    sittings: tuple[SittingSlope, ...]
    median: float | None
    dwell_median: float | None

    @property
    def flagged(self) -> int:
        """How many sittings are flagged."""
        return sum(s.flagged for s in self.sittings)


def level_scatter(levels: Sequence[tuple[date, float]]) -> float | None:
    """The SD of plays' levels within a day, octaves, pooled; None without a day of two plays."""
    squares, freedom = 0.0, 0
    for values in _by_day(levels).values():
        if len(values) > 1:
            squares += float(np.sum((np.array(values) - np.mean(values)) ** 2))
            freedom += len(values) - 1
    return math.sqrt(squares / freedom) if freedom else None


def level_days(levels: Sequence[tuple[date, float]]) -> tuple[LevelDay, ...]:
    """The level of every day that has one, from (day, level of a play in octaves)."""
    scatter = level_scatter(levels)
    rows = []
    for day, values in sorted(_by_day(levels).items()):
        x = float(np.mean(values))
        half = None if scatter is None else Z_95 * scatter / math.sqrt(len(values))
        rows.append(
            LevelDay(
                day=day,
                plays=len(values),
                rate=2.0**x,
                low=None if half is None else 2.0 ** (x - half),
                high=None if half is None else 2.0 ** (x + half),
            )
        )
    return tuple(rows)


def fatigue_of(plays: Sequence[MeasuredPlay], steps: Sequence[Step]) -> Fatigue:
    """The slopes of every sitting in ``plays`` (the earliest first) that was long enough."""
    of_play: dict[str, list[Step]] = {}
    for step in steps:
        of_play.setdefault(step.play_id, []).append(step)
    rows = []
    for sitting in _sittings(plays):
        minutes, levels, dwell_at, dwell_ms = 0.0, [], [], []
        for measured in sitting:
            for step in of_play.get(measured.play.id, []):
                levels.append((minutes + step.song_us / 60e6, step.x))
            released = measured.dwell_us >= 0
            dwell_at.append(minutes + measured.hit_us[released] / 60e6)
            dwell_ms.append(measured.dwell_us[released] / 1000)
            minutes += measured.play.duration_us / 60e6
        at = np.array([time for time, _ in levels])
        x = np.array([level for _, level in levels])
        if len(x) < LEAST_STEPS or at[-1] - at[0] < LEAST_MINUTES:
            continue
        rows.append(
            SittingSlope(
                day=sitting[0].play.local_date,
                minutes=minutes,
                slope=_slope(at, x) * 10,
                dwell_slope=_dwell_slope(np.concatenate(dwell_at), np.concatenate(dwell_ms)),
            )
        )
    slopes = [row.slope for row in rows]
    dwells = [row.dwell_slope for row in rows if row.dwell_slope is not None]
    return Fatigue(
        tuple(rows),
        float(np.median(slopes)) if slopes else None,
        float(np.median(dwells)) if dwells else None,
    )


def _by_day(levels: Sequence[tuple[date, float]]) -> dict[date, list[float]]:
    days: dict[date, list[float]] = {}
    for day, level in levels:
        days.setdefault(day, []).append(level)
    return days


def _sittings(plays: Sequence[MeasuredPlay]) -> list[list[MeasuredPlay]]:
    sittings: list[list[MeasuredPlay]] = []
    for measured in plays:
        began = measured.play.started_at
        if sittings:
            last = sittings[-1][-1].play
            ended = last.started_at + timedelta(microseconds=last.duration_us)
            if began - ended <= NEW_SITTING:
                sittings[-1].append(measured)
                continue
        sittings.append([measured])
    return sittings


def _dwell_slope(at: np.ndarray, dwell_ms: np.ndarray) -> float | None:
    return _slope(at, dwell_ms) * 10 if len(at) >= LEAST_STEPS else None


def _slope(at: np.ndarray, values: np.ndarray) -> float:
    """Least squares; 0 if all lies at one time."""
    away = at - at.mean()
    square = float(away @ away)
    return float(away @ (values - values.mean())) / square if square > 0 else 0.0
