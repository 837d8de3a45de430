"""Simulated patients: models of a hand that answers cues, for tests, benchmarks and virtual gloves.

A :class:`VirtualPatient` says how a hand is: how long it needs from one pinch to the next, how
often a grip fails, how it is timed. A :class:`SimulatedPatient` is that hand during one play: it
is told of the targets (``cue``) and says which contacts closed and opened (``contacts``).

The hand is a single server. After a pinch it needs a lognormal *movement time* for the next; if the
next target comes sooner than the hand can get there, the pinch comes late, and if it would
come too late altogether the target is let go. So success falls smoothly as targets grow closer,
which is what an adaptive difficulty needs to find a level. On top of that every grip fails
sometimes (mostly no contact at all, as in the logs of the original: ``docs/therapy.md``,
"what fails in impaired hands"; now and then a neighbour), presses scatter with SD 72 to 99 ms and
lie a little early, fatigue slows the hand by 30 % per 500 targets, and practice makes it faster.

One seed gives one patient, and with the number of the play one sequence of pinches, however
often ``contacts`` is asked, as long as cues come before the hand has to answer them (a second
ahead is enough). The model is a test instrument, fitted to nobody.
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import exp, inf
from typing import NamedTuple

import numpy as np

from game.core.grips import ACROSS_THE_HAND, GRIPS, Grip

#: How much longer than the plain movement time each grip takes, and how much more often it fails,
#: in code order: the little finger is the hardest.
_GRIP_SLOWNESS = (1.00, 1.05, 1.15, 1.25, 0.95)
_GRIP_FAILURE = (0.8, 0.9, 1.1, 1.4, 0.8)

#: How much the patients of one severity differ: SD of the logarithm of speed and of failure.
_SPEED_DIFFERS, _FAILURE_DIFFERS = 0.12, 0.20

_SHORTEST_CONTACT_US = 30_000


class Contact(NamedTuple):
    """One contact of the electrodes of ``grip``, from ``start_us`` to ``end_us`` (host time)."""

    start_us: int
    end_us: int
    grip: int


@dataclass(frozen=True)
class VirtualPatient:
    """How a simulated hand is. Times in microseconds, tuples one value per grip in code order.

    ``movement_us`` is the median time from the end of one pinch to the start of the next,
    ``movement_spread`` the SD of its logarithm; ``failure`` the probability that a grip does not
    come about, ``wrong_share`` the part of those in which a neighbouring grip is made instead;
    ``timing_sd_us`` and ``bias_us`` (negative: early) the timing of an unhurried pinch;
    ``patience_us`` how late a pinch may come before the target is let go; ``dwell_us`` and
    ``dwell_spread`` how long contacts last; ``fatigue`` the growth of movement time per target, and
    ``learning`` the share by which it shrinks per play before this one.

    ``hold`` is the probability that a grip does not open again for ``hold_us`` (spasticity),
    ``closing_along`` that a neighbour closes with it; ``chatter`` that a contact trembles;
    ``mashing_us``, if not 0, makes a hand that ignores the cues and closes the whole fist
    so often.
    """

    severity: str
    movement_us: tuple[float, ...]
    movement_spread: float
    failure: tuple[float, ...]
    wrong_share: float
    timing_sd_us: float
    bias_us: float
    patience_us: float
    dwell_us: float
    dwell_spread: float
    fatigue: float = 0.30 / 500
    learning: float = 0.02
    hold: float = 0.0
    hold_us: float = 0.0
    closing_along: float = 0.0
    chatter: float = 0.0
    mashing_us: float = 0.0

    def slowness(self, targets: int, play: int) -> float:
        """The factor on movement time after ``targets`` targets of play ``play`` (from 0)."""
        return (1.0 + self.fatigue * targets) * (1.0 - self.learning) ** play


def _hand(
    severity: str,
    movement_us: float,
    spread: float,
    failure: float,
    timing_sd_us: float,
    dwell_us: float,
) -> VirtualPatient:
    return VirtualPatient(
        severity=severity,
        movement_us=tuple(movement_us * slowness for slowness in _GRIP_SLOWNESS),
        movement_spread=spread,
        failure=tuple(failure * share for share in _GRIP_FAILURE),
        wrong_share=0.10,
        timing_sd_us=timing_sd_us,
        bias_us=-35_000.0,
        patience_us=250_000.0,
        dwell_us=dwell_us,
        dwell_spread=0.25,
    )


_MILD = _hand("mild", 540_000, 0.38, 0.02, 72_000, 90_000)
_MODERATE = _hand("moderate", 800_000, 0.35, 0.04, 85_000, 160_000)
_SEVERE = _hand("severe", 2_200_000, 0.40, 0.06, 97_000, 300_000)


def _impossible(hand: VirtualPatient) -> VirtualPatient:
    """One grip that never comes about, in a hand that can do the others."""
    failure = tuple(1.0 if g == Grip.LITTLE else hand.failure[g] for g in GRIPS)
    return replace(hand, failure=failure)


def _masher(hand: VirtualPatient) -> VirtualPatient:
    """Opens and closes the fist 2.6 times a second, whatever is asked."""
    return replace(hand, mashing_us=1_000_000 / 2.6)


def _spastic(hand: VirtualPatient) -> VirtualPatient:
    """Grips that do not open again for a second or two, neighbours that close along."""
    return replace(
        hand,
        hold=0.12,
        hold_us=1_500_000.0,
        closing_along=0.15,
        dwell_us=max(hand.dwell_us, 250_000.0),
    )


def _tremor(hand: VirtualPatient) -> VirtualPatient:
    """Contacts that open and close for some milliseconds while they last."""
    return replace(hand, chatter=0.8, timing_sd_us=max(hand.timing_sd_us, 95_000.0))


#: What a hand of any severity may have besides.
KINDS: Mapping[str, Callable[[VirtualPatient], VirtualPatient]] = {
    "impossible": _impossible,
    "masher": _masher,
    "spastic": _spastic,
    "tremor": _tremor,
}

_OF_SEVERITY = {"mild": _MILD, "moderate": _MODERATE, "severe": _SEVERE}

#: The average hand of every severity, and of every kind where it is usual: a kind alone may stand
#: in the place of a severity. :func:`virtual_patient` varies them by seed.
TYPICAL: Mapping[str, VirtualPatient] = {
    **_OF_SEVERITY,
    "impossible": replace(_impossible(_MODERATE), severity="impossible"),
    "masher": replace(_masher(_MILD), severity="masher"),
    "spastic": replace(_spastic(_MODERATE), severity="spastic"),
    "tremor": replace(_tremor(_MODERATE), severity="tremor"),
}

SEVERITIES: tuple[str, ...] = tuple(TYPICAL)


def virtual_patient(severity: str, seed: int, kind: str = "") -> VirtualPatient:
    """The patient number ``seed`` of a severity: the typical hand, varied in speed and sureness.

    With a ``kind`` it is the same hand, and besides an impossible grip, a masher, a spastic or a
    trembling one. Raises ValueError with one sentence for a severity or kind that does not exist,
    or a negative seed.
    """
    if kind and kind not in KINDS:
        raise ValueError(f"there is no simulated patient of kind “{kind}”; {', '.join(KINDS)}")
    if kind and severity in TYPICAL and severity not in _OF_SEVERITY:
        raise ValueError(
            f"“{severity}” is a kind itself; beside kind={kind} the severity is one of "
            f"{', '.join(_OF_SEVERITY)}"
        )
    if severity not in TYPICAL:
        raise ValueError(
            f"there is no simulated patient “{severity}”; there are {', '.join(SEVERITIES)}"
        )
    typical = TYPICAL[severity]
    rng = np.random.default_rng([_natural(seed, "seed"), SEVERITIES.index(severity)])
    speed = exp(_SPEED_DIFFERS * rng.standard_normal())
    each = np.exp(0.5 * _SPEED_DIFFERS * rng.standard_normal(len(GRIPS)))
    fails = np.exp(_FAILURE_DIFFERS * rng.standard_normal(len(GRIPS)))
    patient = replace(
        typical,
        movement_us=tuple(
            float(us * speed * own) for us, own in zip(typical.movement_us, each, strict=True)
        ),
        failure=tuple(
            float(min(p * own, 0.9)) if p < 1.0 else 1.0
            for p, own in zip(typical.failure, fails, strict=True)
        ),
    )
    return KINDS[kind](patient) if kind else patient


def simulated_patient(
    severity: str,
    seed: int,
    play: int = 0,
    *,
    play_seed: int = 0,
    targets_before: int = 0,
    kind: str = "",
) -> "SimulatedPatient":
    """The hand of patient ``seed`` in play number ``play`` (from 0), fit for a virtual glove.

    ``play_seed`` varies what happens in the play without varying the patient; ``targets_before``
    have tired the hand in this session already. Raises ValueError as :func:`virtual_patient`
    does.
    """
    patient = virtual_patient(severity, seed, kind)
    rng = np.random.default_rng([seed, _natural(play, "play"), _natural(play_seed, "play's seed")])
    return SimulatedPatient(patient, rng, play=play, targets_before=targets_before)


def patient_from_params(params: Mapping[str, str], *, play_seed: int = 0) -> "SimulatedPatient":
    """The patient that a glove specification asks for: ``severity=moderate&seed=3``, and if wanted
    ``kind=spastic`` and ``play=0``.

    Raises ValueError with one sentence for an unknown name, an unknown severity or kind, or a seed
    or play that is not a whole number of at least 0.
    """
    unknown = sorted(set(params) - {"severity", "kind", "seed", "play"})
    if unknown:
        raise ValueError(
            f"a simulated patient has no “{unknown[0]}”; it takes severity, kind, seed and play"
        )
    return simulated_patient(
        params.get("severity", "moderate"),
        _whole(params.get("seed", "0"), "seed"),
        _whole(params.get("play", "0"), "play"),
        play_seed=play_seed,
        kind=params.get("kind", ""),
    )


class SimulatedPatient:
    """One hand during one play, as an actor of a virtual glove.

    ``cue(at_us, grip)`` tells it of a target, ``contacts(until_us)`` gives every contact that
    starts before ``until_us`` and was not given yet, in order of start; both in host time.
    """

    def __init__(
        self,
        patient: VirtualPatient,
        rng: np.random.Generator,
        *,
        play: int = 0,
        targets_before: int = 0,
    ) -> None:
        self.patient = patient
        self._rng = rng
        self._play = play
        self._targets = targets_before
        self._free_us = -inf
        self._until_us = -inf
        self._planned: list[Contact] = []
        self._next_fist_us: float | None = None

    def cue(self, at_us: int, grip: int) -> None:
        """Announce a target. Cues come in order of time, before the hand has to answer them."""
        slowness = self.patient.slowness(self._targets, self._play)
        self._targets += 1
        if self.patient.mashing_us:
            if self._next_fist_us is None:
                self._next_fist_us = max(at_us - 500_000, self._until_us)
            return
        self._answer(at_us, grip, slowness)

    def contacts(self, until_us: int) -> list[Contact]:
        """All contacts that start before ``until_us`` and were not returned yet."""
        while self._next_fist_us is not None and self._next_fist_us < until_us:
            self._close_fist(self._next_fist_us)
        started: list[Contact] = []
        while self._planned and self._planned[0].start_us < until_us:
            started.append(heapq.heappop(self._planned))
        self._until_us = max(self._until_us, until_us)
        return started

    def cancel_cues(self) -> None:
        """What was announced and not yet begun is not wanted any more: the play was paused."""
        self._planned.clear()
        self._next_fist_us = None

    def _answer(self, at_us: int, grip: int, slowness: float) -> None:
        patient = self.patient
        # Every draw is made when the cue comes, and in the order of the cues, so that what happens
        # cannot depend on when anybody looks.
        moving, timing, dwelling, holding = self._rng.standard_normal(4)
        fails, wrong, side, holds, along, trembles = self._rng.random(6)

        movement = patient.movement_us[grip] * slowness * exp(patient.movement_spread * moving)
        unhurried = at_us + patient.bias_us + patient.timing_sd_us * timing
        start = max(unhurried, self._free_us + movement, self._until_us)
        if start > at_us + patient.patience_us:
            # Seen to be out of reach: the hand turns to the next target when this one passes.
            self._free_us = max(self._free_us, at_us)
            return
        dwell = max(patient.dwell_us * exp(patient.dwell_spread * dwelling), _SHORTEST_CONTACT_US)
        if holds < patient.hold:
            dwell = patient.hold_us * exp(0.4 * holding)
        self._free_us = start + dwell
        if fails < patient.failure[grip]:
            if wrong >= patient.wrong_share:
                return  # tried, but thumb and finger did not meet
            grip = _neighbour(grip, side)
        begin, end = round(start), round(start + dwell)
        if trembles < patient.chatter:
            self._tremble(begin, end, grip)
        else:
            self._plan(begin, end, grip)
        if along < patient.closing_along:
            self._plan(begin + 10_000, end, _neighbour(grip, side))

    def _tremble(self, begin: int, end: int, grip: int) -> None:
        """A contact that opens for 4 to 15 ms every 10 to 40 ms: one press, once debounced."""
        while begin < end:
            touch = min(begin + int(self._rng.integers(10_000, 40_000)), end)
            self._plan(begin, touch, grip)
            begin = touch + int(self._rng.integers(4_000, 15_000))

    def _close_fist(self, at_us: float) -> None:
        spread = self._rng.integers(0, 25_000, len(GRIPS))
        for grip, late in zip(GRIPS, spread, strict=True):
            start = round(at_us) + int(late)
            self._plan(start, start + 160_000, grip)
        jitter = 1.0 + 0.05 * float(np.clip(self._rng.standard_normal(), -3.0, 3.0))
        self._next_fist_us = at_us + self.patient.mashing_us * jitter

    def _plan(self, start_us: int, end_us: int, grip: int) -> None:
        heapq.heappush(self._planned, Contact(start_us, end_us, int(grip)))


def _neighbour(grip: int, side: float) -> int:
    """The grip beside ``grip`` across the hand; at its edges there is only one."""
    place = ACROSS_THE_HAND.index(Grip(grip)) + (-1 if side < 0.5 else 1)
    if place < 0:
        place = 1
    elif place == len(ACROSS_THE_HAND):
        place = len(ACROSS_THE_HAND) - 2
    return int(ACROSS_THE_HAND[place])


def _natural(value: int, name: str) -> int:
    if value < 0:
        raise ValueError(f"the {name} must be a whole number of at least 0, not {value}")
    return value


def _whole(text: str, name: str) -> int:
    try:
        return _natural(int(text), name)
    except ValueError:
        raise ValueError(f"the {name} must be a whole number of at least 0, not “{text}”") from None
