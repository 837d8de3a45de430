"""What a report is made from, as plain values: plays that were judged again, and what was noted.

A play is measured by itself (:func:`measured`), so that a year of plays goes through memory one
after the other and only their sums stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np

from game.core.grips import GRIPS
from game.records.input_timing import is_coarse
from game.records.judged import really_asked
from game.records.patients import Patient
from game.records.plays import PlayRecord, PlaySummary
from game.records.prescriptions import KeptPrescription


@dataclass(frozen=True, eq=False)
class MeasuredPlay:
    """One play in sums. ``missed[grip, kind]`` counts misses (omission, early, late, wrong grip);
    ``selectivity[asked, made]`` presses; ``chords`` presses that came with a hit. The rest are of
    the hits, a row each: ``hit_grip``, ``asynchrony_us``, ``dwell_us`` (−1: not released) and
    ``hit_us``, when in the song. ``nearest_us`` are the asynchronies of the nearest presses, hit
    or not, and ``nearest_grip`` their grips.
    """

    play: PlaySummary
    missed: np.ndarray
    selectivity: np.ndarray
    chords: int
    hit_grip: np.ndarray
    asynchrony_us: np.ndarray
    dwell_us: np.ndarray
    hit_us: np.ndarray
    nearest_grip: np.ndarray
    nearest_us: np.ndarray

    @property
    def coarse(self) -> bool:
        """Whether its timing is left out."""
        return is_coarse(self.play.input_kind, self.play.input_description)


def measured(play: PlayRecord) -> MeasuredPlay:
    """The sums of ``play``, judged again. Imports the judge's kernels, which takes a moment."""
    from game.core.judge import judge
    from game.core.statistics import chords, nearest_press_us

    targets, edges = play.targets, play.edges
    judgements = judge(targets, edges, play.window)
    judged, presses = judgements.targets, judgements.presses
    hit = judged["hit"]
    # Only what a report needs of game.core.statistics.totals, which takes three times as long.
    counts = really_asked(play, judgements)
    missed = np.zeros((len(GRIPS), 5), np.int64)
    np.add.at(missed, (targets["grip"][counts], judged["miss"][counts]), 1)
    together = chords(judgements, edges)
    noted = (presses["target_index"] >= 0) & ~together
    asked = targets["grip"][presses["target_index"][noted]]
    selectivity = np.zeros((len(GRIPS), len(GRIPS)), np.int64)
    np.add.at(selectivity, (asked, edges["grip"][presses["edge_index"][noted]]), 1)
    nearest = nearest_press_us(targets, edges)
    known = counts & ~np.isnan(nearest)
    return MeasuredPlay(
        play=play,
        missed=missed[:, 1:],  # without those that were not missed
        selectivity=selectivity,
        chords=int(together.sum()),
        hit_grip=targets["grip"][hit],
        asynchrony_us=judged["asynchrony_us"][hit],
        dwell_us=judged["dwell_us"][hit],
        hit_us=targets["time_us"][hit],
        nearest_grip=targets["grip"][known],
        nearest_us=nearest[known],
    )


@dataclass(frozen=True)
class Step:
    """The difficulty after a phrase or song: x in octaves, and when in which play."""

    play_id: str
    song_us: int
    x: float


@dataclass(frozen=True)
class Felt:
    """One answer about pain and fatigue, 0 to 10; ``when`` is before, between or after play.

    ``sitting`` tells which answers belong together.
    """

    at: datetime
    when: str
    pain: int | None
    fatigue: int | None
    sharp: bool = False
    new_signs: bool = False
    sitting: str | None = None


@dataclass(frozen=True)
class Measure:
    """An assessment of ours or an outcome test that staff typed in: one result on one day.

    ``low`` and ``high`` bound a result of ours (95 %) where the test tells its own error.
    """

    day: date
    name: str
    hand: str
    value: float | None
    unit: str = ""
    author: str = ""
    input_kind: str = ""
    low: float | None = None
    high: float | None = None
    n: int = 0


@dataclass(frozen=True)
class Sitting:
    """A session as it was kept: its day, minutes of play, how it ended, and its flags."""

    day: date
    minutes: float
    ended: str
    flags: tuple[str, ...] = ()
    day_kept: bool = True


@dataclass(frozen=True)
class Activity:
    """Something done away from the targets: exercises, tasks, mirror, mental or assisted play."""

    day: date
    kind: str
    name: str
    seconds: float


@dataclass(frozen=True)
class Material:
    """Everything a report may speak of, for ``first`` to ``last`` (both included).

    ``plays`` are those of the trained ``hand`` in the period, the earliest first; ``other_plays``
    how many there were with the other hand. ``plans`` are all versions, the earliest first.
    """

    patient: Patient
    hand: str
    first: date
    last: date
    made: datetime
    software: str
    plays: Sequence[MeasuredPlay]
    other_plays: int = 0
    plans: Sequence[KeptPrescription] = ()
    steps: Sequence[Step] = ()
    felt: Sequence[Felt] = ()
    assessments: Sequence[Measure] = ()
    outcomes: Sequence[Measure] = ()
    sittings: Sequence[Sitting] = ()
    activities: Sequence[Activity] = ()
    notes: Sequence[tuple[date, str, str]] = field(default_factory=tuple)
    goals: Sequence[tuple[str, bool | None]] = field(default_factory=tuple)


def no_misses() -> np.ndarray:
    """Nothing missed: one row per grip, one column per kind."""
    return np.zeros((len(GRIPS), 4), np.int64)


def joined(rows: Sequence[Any], dtype: str) -> np.ndarray:
    """The arrays one after the other; an empty one of none."""
    return np.concatenate([np.zeros(0, dtype), *rows])
