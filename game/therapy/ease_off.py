"""Ease-off: after three misses in a row, half the targets to the end of the phrase."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

#: So many misses in a row ease the rest of the phrase.
EASE_OFF_MISSES = 3


def misses_in_a_row(outcomes: Iterable[bool]) -> int:
    """How many misses the outcomes (hit or not, in the order of the targets) end with."""
    run = 0
    for hit in outcomes:
        run = 0 if hit else run + 1
    return run


def eases_off(outcomes: Iterable[bool]) -> bool:
    """Whether the last targets of which the outcome is known ask for ease-off."""
    return misses_in_a_row(outcomes) >= EASE_OFF_MISSES


def staying(tiers: Sequence[int] | NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which of the following targets of a phrase stay when it is eased off.

    ``tiers`` are those of the phrase's remaining targets *that are not yet in view*, in time
    order. Of every two neighbours one stays: the one of the lower tier, which is the stronger
    beat, or of equals the later one, so that the first thing to come is a pause. An odd one left
    over stays. The result is a mask as long as ``tiers``.
    """
    ranks = np.asarray(tiers, dtype=np.int64)
    keep = np.ones(len(ranks), dtype=np.bool_)
    first, second = ranks[0 : len(ranks) - 1 : 2], ranks[1::2]
    keep[0 : len(ranks) - 1 : 2] = first < second
    keep[1::2] = first >= second
    return keep
