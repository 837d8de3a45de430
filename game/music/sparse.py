"""The sparsest tiers: below a target in three seconds, where even periods would be a dead end.

Up to ``max(2, 1 + 1.5 · rate · T)`` targets may lie in T seconds, 4 or more. An even period of
Q > 3 seconds keeps that limit but cannot be left within it: whatever joins falls into a gap of Q,
and three targets then lie where two are allowed, until a third of all gaps is filled. Steps are at
most 15 %. So the tiers down there are not steps from one even period to the next. They are found
from above: of a tier that keeps the limit (:mod:`game.music.tiers` made it) those targets go, one
after the other, whose leaving makes the song least crowded anywhere, of equal ones those on the
weakest beats. Gaps then differ by up to two to one all over the song, like those of a sequence that
stays spread out however long it grows (de Bruijn and Erdős, “Sequences of points on a circle”,
1949), and of the sets on the way those that keep the limit become tiers. The last even period is
that of at most three seconds, about as slow as anybody feels one.
"""

import numpy as np

from game.music.tiers import (
    GAP_FACTOR,
    GAP_US,
    MAX_STEP,
    MAX_TIERS,
    STRETCH_US,
    USUAL_STEP,
    busiest,
)

#: What is tried in turn, until no tier is crowded: where to begin from, in targets a second, how
#: much the most crowded places count beside the others (a power), and by how much more crowded the
#: song may be for a target that lies one rung lower (a share).
_TRIES = (
    *((0.36, 24, 0.001), (0.36, 24, 0.0), (0.36, 12, 0.0), (0.36, 48, 0.0)),
    *((0.42, 24, 0.0005), (0.42, 24, 0.0), (0.42, 12, 0.0), (0.42, 48, 0.0)),
)
#: Targets further apart than so many others are not looked at: they even out.
_NEIGHBOURS = 10
#: What a second beyond the largest gap counts.
_GAP_COUNTS = 1.0


def spread(
    time_us: np.ndarray,
    tier: np.ndarray,
    rung: np.ndarray,
    length_us: int,
    first_by_us: int,
) -> np.ndarray:
    """``tier`` (int64, from 1; 0: in none) with its sparse tiers made anew.

    ``time_us`` is sorted. The first tier keeps its size, and the first target comes by
    ``first_by_us`` if it did before. Where no other tiers are less crowded they stay as they are.
    """
    fewest = int((tier == 1).sum())
    sizes = np.cumsum(np.bincount(tier, minlength=1)[1:])
    seconds = length_us / 1e6
    crowded_now = [
        busiest(time_us[(tier > 0) & (tier <= number)], size / seconds) > 1
        for number, size in enumerate(sizes, start=1)
    ]
    fewest_crowded, best = sum(crowded_now), tier
    for rate, sharpness, by_rung in _TRIES:
        number = int(np.searchsorted(sizes, rate * seconds)) + 1
        if number > len(sizes) or not fewest_crowded:
            break
        members = np.flatnonzero((tier > 0) & (tier <= number))
        if len(members) <= fewest or crowded_now[number - 1]:
            continue
        going = _order(
            time_us[members], rung[members], seconds, fewest, first_by_us, sharpness, by_rung
        )
        counts, crowded = _steps_up(time_us[members], going, seconds, fewest)
        crowded += sum(crowded_now[number:])
        if crowded < fewest_crowded and len(sizes) + len(counts) + 1 - number <= MAX_TIERS:
            fewest_crowded, best = crowded, np.where(tier > 0, tier + len(counts) + 1 - number, 0)
            # The last to go were the first to come.
            place = np.empty(len(members), np.int64)
            place[going[::-1]] = np.arange(len(members))
            best[members] = np.searchsorted(counts, place, side="right") + 1
    return best


def _order(
    time_us: np.ndarray,
    rung: np.ndarray,
    seconds: float,
    fewest: int,
    first_by_us: int,
    sharpness: int,
    by_rung: float,
) -> np.ndarray:
    """The targets in the order in which they go; the ``fewest`` that stay come last."""
    time = time_us / 1e6
    left = np.arange(len(time))
    gone: list[int] = []
    while len(left) > fewest:
        at = time[left]
        largest = max(GAP_US / 1e6, GAP_FACTOR * seconds / (len(left) - 1))
        gap = np.concatenate([[0.0], at[2:] - at[:-2], [0.0]])
        cost = np.log(_crowding_without(at, sharpness)) / sharpness
        cost += _GAP_COUNTS * np.maximum(gap - largest, 0)
        # Of those that differ by less than a thousandth the one on the weakest beat goes.
        cost = np.round(cost, 3) - max(by_rung, 1e-6) * rung[left]
        if len(at) < 2 or at[1] > first_by_us / 1e6:
            cost[0] = np.inf
        worst = int(cost.argmin())
        gone.append(int(left[worst]))
        left = np.delete(left, worst)
    # Of those that stay the first is the last to go.
    return np.array([*gone, *left[::-1]], np.int64)


def _crowding_without(at: np.ndarray, sharpness: int) -> np.ndarray:
    """How crowded the targets at these seconds are in all without each of them.

    The sum over all pairs of (targets a second between them) to the power of ``sharpness``.
    """
    count = len(at)
    place = np.arange(count)
    steps = place[None, :] - place[:, None]
    span = np.maximum(at[None, :] - at[:, None], STRETCH_US / 1e6)
    near = (steps > 1) & (steps <= _NEIGHBOURS)
    crowd = np.where(near, _sharp(steps / span, sharpness), 0.0)
    # Without one between them two targets are a step nearer to each other.
    fewer = np.where(near & (steps > 2), _sharp((steps - 1) / span, sharpness), 0.0)
    saved = np.zeros((count + 1, count + 1))
    saved[1:, :-1] = np.cumsum(np.cumsum((crowd - fewer)[:, ::-1], axis=1)[:, ::-1], axis=0)
    between = saved[place, place + 1]
    own = crowd.sum(axis=0) + crowd.sum(axis=1)
    return np.asarray(np.maximum(crowd.sum() - own - between, 0.0) + 1e-30)


def _sharp(density: np.ndarray, sharpness: int) -> np.ndarray:
    """``density`` to the power of ``sharpness`` (12, 24 or 48), by multiplying: numpy's own power
    takes six times as long."""
    power = density * density * density
    while sharpness > 3:
        power = power * power
        sharpness //= 2
    return power


def _steps_up(
    time_us: np.ndarray, going: np.ndarray, seconds: float, fewest: int
) -> tuple[np.ndarray, int]:
    """How many targets the tiers have from ``fewest`` to all, the last left out, and how many of
    them are crowded: as few as steps of 15 % or one target allow."""
    total = len(going)
    crowded = {
        size: busiest(np.sort(time_us[going[total - size :]]), size / seconds)
        for size in range(fewest, total)
    }
    counts = [fewest]
    while True:
        size = counts[-1]
        furthest = size + max(1, int(MAX_STEP * size))
        if furthest >= total and all(crowded[n] > 1 for n in range(size + 1, total)):
            break
        reach = range(size + 1, min(furthest, total - 1) + 1)
        if not reach:
            break
        # A usual step or a little more or less, to one that keeps the limit; where there is none,
        # as far as a step goes.
        kept = [n for n in reach if crowded[n] <= 1]
        usual = [n for n in kept if n >= size + max(1, round(USUAL_STEP * size))]
        counts.append((usual[:1] or kept[-1:] or reach[-1:])[0])
    return np.array(counts), sum(crowded[n] > 1 for n in counts)
