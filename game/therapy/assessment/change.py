"""When a change may be called one: beyond 1.96·√2·SEM of the patient's own first two assessments.

SEM is the standard error of measurement: the SD of the same hand measured again. From two
assessments it is |a − b|/√2, which by chance may be next to nothing; so it is never taken smaller
than the error that the two tests have in themselves (the interval of each).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from game.core.statistics import Z_95
from game.therapy.assessment.figures import Figure


class Verdict(StrEnum):
    """What may be said of a figure beside the patient's own first two."""

    NOT_YET = "not yet"  # there are no two to compare with, or no figure now
    NO_CHANGE_SHOWN = "no change shown"
    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True)
class Baseline:
    """The mean of the first two, their standard error of measurement, and the least change."""

    value: float
    sem: float

    @property
    def least_change(self) -> float:
        """1.96·√2·SEM: chance alone moves a figure further once in twenty times."""
        return Z_95 * sqrt(2) * self.sem


@dataclass(frozen=True)
class Compared:
    """A figure beside the baseline; ``difference`` is None where there is nothing to compare."""

    verdict: Verdict
    difference: float | None = None
    least_change: float | None = None


def baseline(first_two: Sequence[Figure]) -> Baseline | None:
    """The baseline of the first two assessments of one hand, kind of input and test; None if there
    are not two that gave a figure."""
    values = [figure.value for figure in first_two[:2]]
    if len(values) < 2:
        return None
    one, other = values
    if one is None or other is None:
        return None
    errors = [figure.error for figure in first_two[:2] if figure.error is not None]
    within = sqrt(sum(error**2 for error in errors) / len(errors)) if errors else 0.0
    return Baseline((one + other) / 2, max(abs(one - other) / sqrt(2), within))


def compared(first_two: Sequence[Figure], now: Figure, *, more_is_better: bool = True) -> Compared:
    """``now`` beside the baseline of ``first_two``. Exactly at the least change is none yet."""
    base = baseline(first_two)
    if base is None or now.value is None:
        return Compared(Verdict.NOT_YET)
    difference = now.value - base.value
    # Without any error in either test, nothing could be told from chance.
    if base.sem == 0 or abs(difference) <= base.least_change:
        return Compared(Verdict.NO_CHANGE_SHOWN, difference, base.least_change)
    better = (difference > 0) == more_is_better
    return Compared(Verdict.BETTER if better else Verdict.WORSE, difference, base.least_change)
