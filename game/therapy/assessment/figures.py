"""A figure and how sure it is: a value with its 95 % interval and what it was taken of.

All intervals are the plain ones of the textbooks, named where they are computed. They say how far
chance alone may have moved the value in *this* test; whether a patient changed between two tests
is another question (:mod:`.change`).
"""

from dataclasses import dataclass
from math import exp, isfinite, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.core.statistics import Z_95, wilson


@dataclass(frozen=True)
class Figure:
    """``value`` between ``low`` and ``high``, from ``n`` observations. None: too few to say."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0

    @property
    def error(self) -> float | None:
        """The standard error that the interval stands for."""
        if self.low is None or self.high is None:
            return None
        return (self.high - self.low) / (2 * Z_95)

    def document(self) -> dict[str, Any]:
        """Plain numbers, fit for JSON."""
        return dict(vars(self))


NOTHING = Figure(None)


def share(hits: int, asked: int) -> Figure:
    """hits / asked with Wilson's interval; nothing of nothing."""
    if asked == 0:
        return NOTHING
    low, high = wilson(hits, asked)
    return Figure(hits / asked, float(low), float(high), asked)


def median(values: NDArray[np.float64] | NDArray[np.int64]) -> Figure:
    """The median, with the interval between two order statistics (Conover 1999, 3.2); None without
    values, no interval on fewer than six, which cannot give one of 95 %."""
    n = len(values)
    if n == 0:
        return NOTHING
    ordered = np.sort(values.astype(np.float64))
    value = float(np.median(ordered))
    if n < 6:
        return Figure(value, None, None, n)
    below = max(0, int(np.ceil(n / 2 - Z_95 * sqrt(n) / 2)) - 1)
    return Figure(value, float(ordered[below]), float(ordered[n - 1 - below]), n)


def deviation(values: NDArray[np.float64] | NDArray[np.int64]) -> Figure:
    """The sample standard deviation; its logarithm has about the variance 1/(2(n − 1))."""
    n = len(values)
    if n < 3:
        return Figure(None, None, None, n)
    value = float(np.std(values, ddof=1))
    return around(value, sqrt(1 / (2 * (n - 1))), n)


def robust_deviation(values: NDArray[np.float64] | NDArray[np.int64]) -> Figure:
    """1.4826·MAD. It is worth 36.8 % of the observations of an SD (Rousseeuw and Croux 1993), so
    its logarithm has about the variance 1/(2·0.368·n)."""
    n = len(values)
    if n < 3:
        return Figure(None, None, None, n)
    value = 1.4826 * float(np.median(np.abs(values - np.median(values))))
    return around(value, sqrt(1 / (2 * 0.368 * n)), n)


def variation(values: NDArray[np.float64]) -> Figure:
    """The coefficient of variation, SD/mean; the variance of its logarithm is about
    1/(2(n − 1)) + cv²/n (McKay 1932)."""
    n = len(values)
    if n < 3 or not float(np.mean(values)) > 0:
        return Figure(None, None, None, n)
    value = float(np.std(values, ddof=1) / np.mean(values))
    return around(value, sqrt(1 / (2 * (n - 1)) + value * value / n), n)


def around(value: float, error_of_logarithm: float, n: int) -> Figure:
    """A positive value with an interval that is even on a logarithmic scale."""
    factor = exp(Z_95 * error_of_logarithm)
    if not isfinite(factor):
        return Figure(value, None, None, n)
    return Figure(value, value / factor, value * factor, n)
