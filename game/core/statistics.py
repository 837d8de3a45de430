"""The figures of a play, of a phrase, of a patient's month: counts and spreads, plain numpy.

Everything is computed from targets, judgements and edges, never from one another, so that any
part of a play can be totalled: choose its targets with a mask and its presses with a span of time.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from game.core.data import (
    EXTRA,
    HIT,
    MISS_EARLY,
    MISS_LATE,
    MISS_OMISSION,
    MISS_WRONG_GRIP,
    NEAR,
    WRONG_GRIP,
    Judgements,
    Mask,
    Rows,
    Window,
)
from game.core.grips import ACROSS_THE_HAND, GRIPS

#: A press that is not a hit but lies this close to one came with it.
CHORD_US = 40_000

#: With this many contacts closed a hit was made by closing the hand (docs/therapy.md).
FIST_CONTACTS = 3

#: A press further than this from a target says nothing about it (docs/therapy.md).
NEAREST_PRESS_US = 400_000

#: Two-sided 95 % point of the standard normal distribution.
Z_95 = 1.959963984540054

#: MAD × this estimates the standard deviation of a normal distribution: 1 / Φ⁻¹(3/4), rounded as
#: is usual (Rousseeuw and Croux 1993, J Am Stat Assoc 88:1273).
MAD_TO_SD = 1.4826

#: Counts per grip, shape (5,), in code order.
PerGrip = NDArray[np.int64]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Timing:
    """How well in time, from the asynchronies of ``hits`` hits; NaN where there are too few.

    The median is the bias and no error in itself; the spread is the skill (Repp and Su 2013).
    ``sd_us`` is the sample standard deviation (n − 1), ``spread_us`` 1.4826·MAD, which a few wild
    presses do not move; ``within_50_ms`` and ``within_100_ms`` are shares of the hits, ends
    included.
    """

    hits: int
    median_us: float
    sd_us: float
    spread_us: float
    within_50_ms: float
    within_100_ms: float


@dataclass(frozen=True)
class Dwell:
    """How long the hits were held, from the ``released`` of them; NaN without any.

    ``iqr_us`` is the distance between the quartiles (linear interpolation, as numpy's default).
    """

    released: int
    median_us: float
    iqr_us: float


@dataclass(frozen=True, eq=False)
class Totals:
    """Totals of a play or a part of it. Counts are per grip, shape (5,), in code order.

    Of the targets, by the grip that was asked: ``asked`` = ``hits`` + ``misses``, and ``misses`` =
    ``missed_omission`` + ``missed_early`` + ``missed_late`` + ``missed_wrong_grip``; ``fist_hits``
    are the hits with three or more contacts closed, ``trailing_hits`` the hits in a row at the end.

    Of the presses, by the grip that was made: ``repetitions`` are all of them, ``counted`` those
    that hit or were near, ``near``, ``wrong`` and ``extra`` the rest, so that always
    ``repetitions`` = ``counted`` + ``wrong`` + ``extra``. Over a whole play ``counted`` = ``hits``
    + ``near``; in a part of one, a press in its span may have hit a target just outside it.

    ``selectivity[asked, made]``, shape (5, 5), counts the presses that hit or were noted against a
    target, chords left out. ``timing`` and ``dwell`` are over all grips, ``timing_of_grip`` and
    ``dwell_of_grip`` have one entry per grip.
    """

    asked: PerGrip
    hits: PerGrip
    misses: PerGrip
    missed_omission: PerGrip
    missed_early: PerGrip
    missed_late: PerGrip
    missed_wrong_grip: PerGrip
    fist_hits: PerGrip
    trailing_hits: PerGrip
    repetitions: PerGrip
    counted: PerGrip
    near: PerGrip
    wrong: PerGrip
    extra: PerGrip
    chords: PerGrip
    selectivity: NDArray[np.int64]
    timing: Timing
    timing_of_grip: tuple[Timing, ...]
    dwell: Dwell
    dwell_of_grip: tuple[Dwell, ...]


def totals(
    targets: Rows,
    judgements: Judgements,
    edges: Rows,
    asked: Mask | None = None,
    during: tuple[int, int] | None = None,
) -> Totals:
    """Total a play, or the part of it with the targets ``asked`` and the presses ``during``.

    ``targets`` (TARGET) and ``edges`` (EDGE) are all that were judged, in the same order; ``asked``
    is a mask over targets; ``during`` is (start, end) in the clock of the edges, the end left out,
    so that the spans of consecutive phrases share no press and lose none. Raises ValueError if
    lengths do not fit one another.
    """
    judged, presses = judgements.targets, judgements.presses
    if len(judged) != len(targets):
        raise ValueError(f"{len(targets)} targets cannot have {len(judged)} judgements")
    chosen = np.ones(len(targets), np.bool_) if asked is None else np.asarray(asked)
    if chosen.dtype != np.bool_ or chosen.shape != (len(targets),):
        raise ValueError(f"asked must be {len(targets)} booleans, one per target")

    press_edges = _press_edges(judgements, edges)
    press_us, press_grip = press_edges["time_us"], press_edges["grip"]
    outcome = presses["outcome"]
    pressed = np.ones(len(presses), np.bool_)
    if during is not None:
        pressed = (press_us >= during[0]) & (press_us < during[1])

    grip, hit, miss = targets["grip"], judged["hit"], judged["miss"]
    fist = np.zeros(len(targets), np.bool_)
    hit_press = judged["press_index"][hit]
    fist[hit] = contacts_closed(edges, press_edges[hit_press]) >= FIST_CONTACTS
    chord = chords(judgements, edges)
    noted = pressed & (presses["target_index"] >= 0) & ~chord
    selectivity = np.zeros((len(GRIPS), len(GRIPS)), np.int64)
    np.add.at(selectivity, (grip[presses["target_index"][noted]], press_grip[noted]), 1)

    def of_targets(mask: Mask) -> PerGrip:
        return _per_grip(grip[chosen & mask])

    def of_presses(mask: Mask) -> PerGrip:
        return _per_grip(press_grip[pressed & mask])

    timed = [chosen & hit, *(chosen & hit & (grip == g) for g in GRIPS)]
    timings = [timing(judged["asynchrony_us"][mask]) for mask in timed]
    dwells = [dwell(judged["dwell_us"][mask]) for mask in timed]
    return Totals(
        asked=of_targets(chosen),
        hits=of_targets(hit),
        misses=of_targets(~hit),
        missed_omission=of_targets(miss == MISS_OMISSION),
        missed_early=of_targets(miss == MISS_EARLY),
        missed_late=of_targets(miss == MISS_LATE),
        missed_wrong_grip=of_targets(miss == MISS_WRONG_GRIP),
        fist_hits=of_targets(fist),
        trailing_hits=trailing_hits(grip[chosen], hit[chosen]),
        repetitions=of_presses(pressed),
        counted=of_presses((outcome == HIT) | (outcome == NEAR)),
        near=of_presses(outcome == NEAR),
        wrong=of_presses(outcome == WRONG_GRIP),
        extra=of_presses(outcome == EXTRA),
        chords=of_presses(chord),
        selectivity=selectivity,
        timing=timings[0],
        timing_of_grip=tuple(timings[1:]),
        dwell=dwells[0],
        dwell_of_grip=tuple(dwells[1:]),
    )


def repetitions(judgements: Judgements) -> int:
    """How many presses there were, of any kind."""
    return len(judgements.presses)


def counted(judgements: Judgements) -> int:
    """How many presses hit a target or were near one: what doses, goals and boards use."""
    outcome = judgements.presses["outcome"]
    return int(np.count_nonzero((outcome == HIT) | (outcome == NEAR)))


def chords(judgements: Judgements, edges: Rows) -> Mask:
    """Per press: whether it is no hit but came within 40 ms (ends included) of one that is."""
    times = _press_edges(judgements, edges)["time_us"]
    is_hit: Mask = judgements.presses["outcome"] == HIT
    hits = times[is_hit]
    # Presses are in order of time, so hits are as well: is there one in [u − 40 ms, u + 40 ms]?
    first = np.searchsorted(hits, times - CHORD_US, side="left")
    stop = np.searchsorted(hits, times + CHORD_US, side="right")
    return ~is_hit & (stop > first)


def contacts_closed(edges: Rows, presses: Rows) -> NDArray[np.int64]:
    """How many contacts were closed at the moment of each press (EDGE rows), its own among them.

    A contact is closed from its press, included, to its release, left out. Presses at one time
    all see one another, whatever order they were read in.
    """
    closed = np.zeros(len(presses), np.int64)
    for grip in GRIPS:
        own = edges[edges["grip"] == grip]
        # A release may have been fed after later presses of other grips, and edges of one grip at
        # one time keep their order: hence stable.
        own = own[np.argsort(own["time_us"], kind="stable")]
        latest = np.searchsorted(own["time_us"], presses["time_us"], side="right") - 1
        down = np.zeros(len(presses), np.bool_)
        down[latest >= 0] = own["down"][latest[latest >= 0]]
        closed += down | (presses["grip"] == grip)
    return closed


def trailing_hits(grip: NDArray[np.uint8], hit: Mask) -> PerGrip:
    """Per grip: how many of its targets, counted back from the last, were hit in a row."""
    runs = np.zeros(len(GRIPS), np.int64)
    for g in GRIPS:
        missed = ~hit[grip == g][::-1]
        runs[g] = np.argmax(missed) if missed.any() else len(missed)
    return runs


def wilson(hits: ArrayLike, asked: ArrayLike, z: float = Z_95) -> tuple[Floats, Floats]:
    """Wilson's score interval of hits / asked: (low, high), 95 % by default; (0, 1) of nothing.

    Element by element; numbers give numbers. Wilson 1927 (J Am Stat Assoc 22:209), recommended in
    Brown, Cai and DasGupta 2001 (Stat Sci 16:101). Unlike the usual p ± 1.96 SE it stays within
    0 and 1 and is of use at 0 of 10 or 10 of 10. Raises ValueError unless 0 ≤ hits ≤ asked.
    """
    h, n = np.asarray(hits, np.float64), np.asarray(asked, np.float64)
    if np.any((h < 0) | (h > n)):
        raise ValueError("hits must lie between 0 and asked")
    # Written with the denominators multiplied out, so that nothing asked needs no special case.
    middle = h + z * z / 2
    half = z * np.sqrt(h * (n - h) / np.maximum(n, 1) + z * z / 4)
    whole = n + z * z
    low = np.where(h == 0, 0.0, (middle - half) / whole)
    high = np.where(h == n, 1.0, (middle + half) / whole)
    return low[()], high[()]


def timing(asynchrony_us: NDArray[np.int64]) -> Timing:
    """The timing figures of the hits with these asynchronies."""
    n = len(asynchrony_us)
    if n == 0:
        return Timing(0, np.nan, np.nan, np.nan, np.nan, np.nan)
    median = float(np.median(asynchrony_us))
    distance = np.abs(asynchrony_us)
    return Timing(
        hits=n,
        median_us=median,
        sd_us=float(np.std(asynchrony_us, ddof=1)) if n > 1 else np.nan,
        spread_us=MAD_TO_SD * float(np.median(np.abs(asynchrony_us - median))),
        within_50_ms=float(np.mean(distance <= 50_000)),
        within_100_ms=float(np.mean(distance <= 100_000)),
    )


def dwell(dwell_us: NDArray[np.int64]) -> Dwell:
    """The dwell figures of the hits held this long; −1, not released, is left out."""
    released = dwell_us[dwell_us >= 0]
    if not len(released):
        return Dwell(0, np.nan, np.nan)
    low, median, high = np.quantile(released, [0.25, 0.5, 0.75])
    return Dwell(len(released), float(median), float(high - low))


def own_share(selectivity: NDArray[np.int64]) -> Floats:
    """Per grip asked: the share of presses made with the grip itself; NaN without any."""
    return _share(np.diagonal(selectivity), selectivity.sum(axis=1))


def neighbour_share(selectivity: NDArray[np.int64]) -> Floats:
    """Per grip asked: the share of presses made with a grip beside it across the hand (key,
    index, middle, ring, little); NaN without any."""
    beside = np.zeros(len(GRIPS), np.int64)
    for one, other in pairwise(ACROSS_THE_HAND):
        beside[one] += selectivity[one, other]
        beside[other] += selectivity[other, one]
    return _share(beside, selectivity.sum(axis=1))


def nearest_press_us(targets: Rows, edges: Rows) -> Floats:
    """Per target: asynchrony, µs, of the nearest press of its grip, hit or not; NaN without any.

    The window cuts the asynchronies of hits off at its ends, which makes a scattered hand look
    steadier than it is; this does not. Only presses within min(½ gap, 400 ms) count, ends included,
    where the gap is the distance to the nearest other target of the grip; of two equally near the
    earlier (docs/therapy.md).
    """
    nearest = np.full(len(targets), np.nan)
    for grip in GRIPS:
        own = np.flatnonzero(targets["grip"] == grip)
        presses = edges["time_us"][edges["down"] & (edges["grip"] == grip)]
        if not len(own) or not len(presses):
            continue
        times = targets["time_us"][own]
        gaps = np.diff(times.astype(np.float64), prepend=-np.inf, append=np.inf)
        limit = np.minimum(np.minimum(gaps[:-1], gaps[1:]) / 2, NEAREST_PRESS_US)
        after = np.searchsorted(presses, times, side="left")
        behind = np.where(after > 0, presses[after - 1] - times, -np.inf)
        ahead = np.where(
            after < len(presses), presses[np.minimum(after, len(presses) - 1)] - times, np.inf
        )
        asynchrony = np.where(-behind <= ahead, behind, ahead)
        nearest[own] = np.where(np.abs(asynchrony) <= limit, asynchrony, np.nan)
    return nearest


def outside_faults(
    targets: Rows, judgements: Judgements, window: Window, faults_us: ArrayLike
) -> Mask:
    """Per target: whether it counts as asked, given the times at which the glove was at fault.

    ``faults_us`` has shape (n, 2): start and end, in the clock of the targets, both included. A
    target whose window [t − early, t + late] touches a fault is left out, unless it was hit all
    the same: then it was plainly seen, and every repetition stays counted.
    """
    times = targets["time_us"]
    asked = np.ones(len(targets), np.bool_)
    for start_us, end_us in np.asarray(faults_us, np.int64).reshape(-1, 2):
        asked &= (times + window.late_us < start_us) | (times - window.early_us > end_us)
    asked |= judgements.targets["hit"]
    return asked


def _press_edges(judgements: Judgements, edges: Rows) -> Rows:
    """The edge of every press."""
    if np.count_nonzero(edges["down"]) != len(judgements.presses):
        raise ValueError(
            f"{np.count_nonzero(edges['down'])} presses among the edges cannot have "
            f"{len(judgements.presses)} judgements"
        )
    press_edges: Rows = edges[edges["down"]]
    return press_edges


def _per_grip(grips: NDArray[np.uint8]) -> PerGrip:
    return np.bincount(grips, minlength=len(GRIPS))


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> Floats:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share
