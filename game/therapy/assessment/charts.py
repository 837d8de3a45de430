"""The tests as targets: fixed for everyone, always at ±200 ms, never adapted (Friedman 2014).

*Speed* asks the prescribed grips in order across the hand, 14 of each; *dexterity* asks them
shuffled, 18 of each, always in the same shuffle. Gaps shrink geometrically from 2.2 s to 0.45 s.
Eight misses in a row end either. *Tapping*: the index grip for 15 s, as fast as it will go, with
nothing asked; *paced tapping* at 1.25 Hz (Calautti 2006).
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from game.core.data import TARGET, Window
from game.core.grips import ACROSS_THE_HAND, GRIPS, Grip


class AssessmentKind(StrEnum):
    """The tests. The value is what is kept."""

    SPEED = "speed"
    DEXTERITY = "dexterity"
    TAPPING = "tapping"
    PACED_TAPPING = "paced-tapping"


#: Every test is judged through this window, whatever is prescribed for songs.
TEST_WINDOW = Window(early_us=200_000, late_us=200_000, near_us=500_000)

#: Targets of each grip, and the first and the last gap of the ramp.
SPEED_TARGETS, DEXTERITY_TARGETS = 14, 18
FIRST_GAP_US, LAST_GAP_US = 2_200_000, 450_000

#: So many misses in a row end a ramp test: nobody is made to fail for longer.
GIVE_UP_MISSES = 8

#: Tapping lasts so long; paced, it is asked at 1.25 Hz, thirty times (a default).
TAPPING_US = 15_000_000
PACE_US, PACED_TAPS = 800_000, 30

#: The first target comes so long after the test begins.
LEAD_US = 4_000_000

#: The tone of each grip, rising across the hand: C, D, E, G, A.
_PITCH = dict(zip(ACROSS_THE_HAND, (60, 62, 64, 67, 69), strict=True))

#: The shuffle is written out here and not left to a library, whose generators may change: the test
#: of ten years from now has to be the test of today (Numerical Recipes' 32-bit generator).
_SHUFFLE_SEED = 2014


def targets_of(test: AssessmentKind, grips: Sequence[Grip] = GRIPS) -> np.ndarray:
    """The targets of a test (TARGET, song time), of the prescribed ``grips`` where it asks for any.

    Free tapping asks nothing, so it has none. Raises ValueError without a grip.
    """
    if test is AssessmentKind.TAPPING:
        return _targets([], [])
    if test is AssessmentKind.PACED_TAPPING:
        times = [LEAD_US + k * PACE_US for k in range(PACED_TAPS)]
        return _targets(times, [Grip.INDEX] * PACED_TAPS)
    across = [grip for grip in ACROSS_THE_HAND if grip in grips]
    if not across:
        raise ValueError("a test needs at least one grip")
    speed = test is AssessmentKind.SPEED
    order = across * SPEED_TARGETS if speed else _shuffled(across * DEXTERITY_TARGETS)
    return _targets(_ramp_times(len(order)), order)


def seconds_of(test: AssessmentKind, grips: Sequence[Grip] = GRIPS) -> float:
    """How long a test takes at most, its lead included."""
    if test is AssessmentKind.TAPPING:
        return (LEAD_US + TAPPING_US) / 1e6
    last_us = int(targets_of(test, grips)["time_us"][-1])
    return (last_us + TEST_WINDOW.reach_us) / 1e6


def gives_up(outcomes: Sequence[bool]) -> bool:
    """Whether the targets known so far (hit or not, in order) end a ramp test."""
    return len(outcomes) >= GIVE_UP_MISSES and not any(outcomes[-GIVE_UP_MISSES:])


def _ramp_times(count: int) -> list[int]:
    """``count`` times whose gaps shrink geometrically from the first gap to the last, µs."""
    times, at = [LEAD_US], float(LEAD_US)
    gaps = count - 1
    for k in range(gaps):
        share = k / (gaps - 1) if gaps > 1 else 0.0
        at += FIRST_GAP_US * (LAST_GAP_US / FIRST_GAP_US) ** share
        times.append(round(at))
    return times


def _shuffled(grips: list[Grip]) -> list[Grip]:
    """Fisher and Yates' shuffle, then no grip more than twice in a row."""
    state, order = _SHUFFLE_SEED, list(grips)
    for last in range(len(order) - 1, 0, -1):
        state = (1_664_525 * state + 1_013_904_223) % 2**32
        other = (state * (last + 1)) >> 32
        order[last], order[other] = order[other], order[last]
    for place in range(2, len(order)):
        if order[place] == order[place - 1] == order[place - 2]:
            for later in [*range(place + 1, len(order)), *range(place - 2)]:
                if order[later] != order[place] and _fits(order, later, order[place]):
                    order[place], order[later] = order[later], order[place]
                    break
    return order


def _fits(order: list[Grip], place: int, grip: Grip) -> bool:
    """Whether ``grip`` may stand at ``place`` without three in a row around it."""
    around = [*order[max(0, place - 2) : place], grip, *order[place + 1 : place + 3]]
    return not any(around[k] == around[k + 1] == around[k + 2] for k in range(len(around) - 2))


def _targets(times: Sequence[int], grips: Sequence[Grip]) -> np.ndarray:
    targets = np.zeros(len(times), TARGET)
    for k, (time_us, grip) in enumerate(zip(times, grips, strict=True)):
        targets[k] = (time_us, grip, 200_000, _PITCH[grip], 1, k // 8)
    targets.flags.writeable = False
    return targets
