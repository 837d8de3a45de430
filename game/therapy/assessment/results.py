"""What a test showed: the rate of a ramp, the taps and the regularity of tapping.

The results are measures of the hand in the test, and nothing else: no formula turns them into Box
and Block or any other score, and none is printed.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.core.grips import Grip
from game.therapy.assessment.charts import LEAD_US, PACE_US, PACED_TAPS, TAPPING_US, AssessmentKind
from game.therapy.assessment.figures import NOTHING, Figure, deviation, median, share, variation

#: The running success of a ramp test: over so many targets, and where it crosses.
RUNNING, CROSSING = 8, 0.75

#: An interval between taps that is further than this share from the pace is a slip (one tap left
#: out, or two for one) and no irregularity; slips are counted apart. A default.
_SLIP = 0.5


@dataclass(frozen=True)
class Result:
    """The result of one test.

    ``main`` is the figure that is compared from time to time: for the ramps the rate in targets per
    second, for tapping taps per second, for paced tapping the coefficient of variation of its
    intervals. ``more`` holds further figures by name. ``ceiling``: the ramp was over before the
    hand's edge showed, so the rate is a lower bound. ``given_up``: it ended early.
    """

    test: AssessmentKind
    main: Figure
    more: dict[str, Figure] = field(default_factory=dict)
    ceiling: bool = False
    given_up: bool = False

    def document(self) -> dict[str, Any]:
        """Plain numbers, fit for JSON and for the records."""
        return {
            "test": self.test.value,
            "main": self.main.document(),
            "more": {name: figure.document() for name, figure in self.more.items()},
            "ceiling": self.ceiling,
            "given_up": self.given_up,
        }


def ramp_result(
    test: AssessmentKind,
    times_us: NDArray[np.int64],
    hit: NDArray[np.bool_],
    *,
    given_up: bool = False,
) -> Result:
    """The result of *speed* or *dexterity*, from the targets asked (in order) and what was hit.

    The rate is the one at which the success over the last 8 targets crosses 75 %. Where it crosses
    more than once, it is the (geometric) middle between the first fall below and the last rise
    above; the interval then reaches half a running window beyond both: the span in which the
    crossing lies, rather than one of chance. None if it never came to 75 %.

    Raises ValueError if times and hits do not belong together.
    """
    if len(times_us) != len(hit):
        raise ValueError(f"{len(times_us)} targets cannot have {len(hit)} outcomes")
    more = {"hit": share(int(hit.sum()), len(hit))}
    n = len(hit)
    if n < RUNNING:
        return Result(test, Figure(None, None, None, n), more, given_up=given_up)
    running = np.convolve(hit.astype(np.float64), np.ones(RUNNING) / RUNNING, "valid")
    good = running >= CROSSING - 1e-9
    if not good.any():
        return Result(test, Figure(None, None, None, n), more, given_up=given_up)
    last_good = int(np.flatnonzero(good)[-1]) + RUNNING - 1  # as a target's index
    first_good = int(np.flatnonzero(good)[0])
    falls = np.flatnonzero(~good[first_good:])
    first_fall = int(falls[0]) + first_good + RUNNING - 1 if len(falls) else last_good + 1
    early, late = sorted((max(first_fall - 1, 0), last_good))
    rate = float(np.sqrt(_rate(times_us, early) * _rate(times_us, late)))
    low, high = _rate(times_us, early - RUNNING // 2), _rate(times_us, late + RUNNING // 2)
    ceiling = last_good == n - 1 and not given_up
    return Result(test, Figure(rate, low, high, n), more, ceiling=ceiling, given_up=given_up)


def _rate(times_us: NDArray[np.int64], index: int) -> float:
    """Targets per second at target ``index``: one over the gap that leads to it."""
    index = min(max(index, 1), len(times_us) - 1)
    return 1e6 / float(times_us[index] - times_us[index - 1])


def tapping_result(
    test: AssessmentKind, press_us: NDArray[np.int64], grips: NDArray[np.uint8]
) -> Result:
    """The result of *tapping* or *paced tapping*, from all presses (song time) and their grips.

    Taps are those of the index grip within the time of the test. Further figures: the coefficient
    of variation, and ``wrong`` as the share of presses with other grips; paced also ``slips``, the
    share of intervals that are no single tap, and bias and spread around the beat in ms.
    """
    start_us, end_us = LEAD_US, LEAD_US + TAPPING_US
    if test is AssessmentKind.PACED_TAPPING:
        # The first tap may be early; after the last beat nobody is told to stop at once.
        start_us, end_us = LEAD_US - PACE_US // 2, LEAD_US + PACED_TAPS * PACE_US - PACE_US // 2
    inside = (press_us >= start_us) & (press_us < end_us)
    taps = np.sort(press_us[inside & (grips == Grip.INDEX)])
    intervals = np.diff(taps).astype(np.float64)
    wrong = share(int(np.count_nonzero(inside)) - len(taps), int(np.count_nonzero(inside)))
    if test is AssessmentKind.TAPPING:
        return Result(test, _taps_a_second(intervals), {"cv": variation(intervals), "wrong": wrong})
    regular = np.abs(intervals / PACE_US - 1) <= _SLIP
    kept = intervals[regular]
    beat = np.rint((taps - LEAD_US) / PACE_US) * PACE_US + LEAD_US
    off_ms = (taps - beat) / 1000
    more = {
        "slips": share(int(np.count_nonzero(~regular)), len(intervals)),
        "bias_ms": median(off_ms),
        "spread_ms": deviation(off_ms),
        "wrong": wrong,
    }
    return Result(test, variation(kept), more)


def _taps_a_second(intervals: NDArray[np.float64]) -> Figure:
    """Taps per second from the mean interval, with the interval of that mean (normal)."""
    n = len(intervals)
    if n < 3:
        return Figure(None, None, None, n) if n else NOTHING
    mean = float(np.mean(intervals))
    half = 1.96 * float(np.std(intervals, ddof=1)) / np.sqrt(n)
    high = 1e6 / (mean - half) if mean > half else None
    return Figure(1e6 / mean, 1e6 / (mean + half), high, n)
