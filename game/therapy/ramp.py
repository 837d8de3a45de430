"""The first song of a hand: a ramp from .15 to 2 targets per second that finds where to start.

It is played as a song, not as a test: the targets grow closer (geometrically, 40 of them), and
when the hand no longer keeps up, or at the end, four easy targets close it. While it lasts there
is no ease-off, and neither level nor grips are updated; :func:`ramp_result` sets both at its end.

The play asks for one target after the other as they come into view, three seconds ahead, so what
became of the last few is not known yet. It keeps the immutable :class:`Ramp` and hands in what
it knows::

    ramp = Ramp()
    while (step := ramp.next_step(limits, outcomes)) is not None:
        index = next_ramp_target(candidate_times_us, last_time_us, step.spacing_us)
        if index is None:
            break                       # the song is over before the ramp
        ...                             # show that target; judge what has been played
        ramp = ramp.asked_one(step)
    change = ramp_result(ramp, limits, target_times_us, outcomes)

``outcomes`` are hit or not, one per target in the order they were asked; ``None`` is a target
whose outcome is not known yet, or that was left out because of a glove fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from game.therapy.difficulty import Change, proves_nothing
from game.therapy.limits import Limits
from game.therapy.reasons import Reason
from game.therapy.state import FIRST_RATE, DifficultyState

#: The rising part: so many targets, from and to these rates (targets per second).
RAMP_TARGETS, RAMP_FIRST_RATE, RAMP_LAST_RATE = 40, 0.15, 2.0

#: It ends when of the last 8 fewer than 40 % were hit, or after 4 misses in a row.
RUNNING_TARGETS, GIVE_UP_BELOW, GIVE_UP_MISSES = 8, 0.40, 4

#: A rate went well if of the last 8 targets up to it at least 75 % were hit; play starts at this
#: share of the last rate that did.
WENT_WELL, START_SHARE = 0.75, 0.8

#: So many easy targets close it, at this share of the last rate that went well, but never closer
#: or further apart than these rates.
CLOSING_TARGETS, CLOSING_SHARE = 4, 0.5
CLOSING_SLOWEST, CLOSING_FASTEST = 0.1, 1.0

#: How much closer than wanted the next target may lie, as a share of the spacing, and how much more
#: a target that comes too early counts than one as much too late.
EARLIEST_SHARE, EARLY_WEIGHT = 0.8, 2.0

#: Over so many gaps the rate that was really played is compared with the one that was meant.
_PLAYED_GAPS = 3


def ramp_rate(index: int, limits: Limits) -> float:
    """The rate meant at target ``index`` (from 0) of the rising part, targets per second.

    .15·(2/.15)^(index/39), and never above the highest rate prescribed, where it goes on flat.
    """
    share = min(max(index, 0), RAMP_TARGETS - 1) / (RAMP_TARGETS - 1)
    rate: float = RAMP_FIRST_RATE * (RAMP_LAST_RATE / RAMP_FIRST_RATE) ** share
    return min(rate, limits.rate_max)


@dataclass(frozen=True)
class RampStep:
    """The next target of the ramp: how long after the last one it should come.

    ``spacing_us`` is 0 for the very first, which comes as early as the song has it; ``rate`` is
    in targets per second; ``closing`` says that it is one of the easy targets at the end.
    """

    spacing_us: int
    rate: float
    closing: bool


@dataclass(frozen=True)
class Ramp:
    """How far the ramp has come: ``asked`` targets, easy ones from number ``closing_from`` on."""

    asked: int = 0
    closing_from: int | None = None

    def next_step(self, limits: Limits, outcomes: Sequence[bool | None]) -> RampStep | None:
        """The next target, given what is known of those before; None when the ramp is over."""
        closing = self.closing_from is not None or _has_ended(self.asked, outcomes)
        begun = self.asked if self.closing_from is None else self.closing_from
        if closing and self.asked >= begun + CLOSING_TARGETS:
            return None
        known = outcomes[:begun]
        rate = _closing_rate(known, limits) if closing else ramp_rate(self.asked, limits)
        spacing_us = round(1_000_000 / rate) if self.asked else 0
        return RampStep(spacing_us=spacing_us, rate=rate, closing=closing)

    def asked_one(self, step: RampStep) -> "Ramp":
        """The ramp after the target of ``step`` was asked. Once closing, it stays so."""
        if step.closing and self.closing_from is None:
            return Ramp(asked=self.asked + 1, closing_from=self.asked)
        return replace(self, asked=self.asked + 1)


def next_ramp_target(
    candidate_times_us: Sequence[int] | NDArray[np.int64], last_time_us: int, spacing_us: int
) -> int | None:
    """The index of the song's note that best takes the place of the next target, or None.

    ``candidate_times_us`` (sorted) are the targets of the song's densest chart, so each of them is
    a note of the melody; ``last_time_us`` the target asked last. The note nearest to the wanted
    time is taken, one that is too early counting double, and none closer than 0.8 of the
    spacing: a gap in the melody makes the ramp wait, not hurry. None if the song has no such note
    left.
    """
    times = np.asarray(candidate_times_us, dtype=np.int64)
    wanted = last_time_us + spacing_us
    earliest = last_time_us + max(1, round(spacing_us * EARLIEST_SHARE))
    first = int(np.searchsorted(times, earliest, side="left"))
    if first == len(times):
        return None
    late = times[first:] - wanted
    cost = np.where(late < 0, -EARLY_WEIGHT * late, late)
    return first + int(np.argmin(cost))


def ramp_result(
    ramp: Ramp,
    limits: Limits,
    times_us: Sequence[int],
    outcomes: Sequence[bool | None],
    *,
    presses: int,
    fist_hits: int,
) -> Change:
    """The first state of a hand, from the ramp as it was played.

    ``times_us`` and ``outcomes`` belong to the targets that were asked, easy ones included. Play
    starts at 0.8 × the last rate that went well: the rate meant at the last target up to which at
    least 6 of 8 in a row were hit, or less if the song had no notes to come as close as meant.
    If none went well, at the lowest rate. If the song ended before 8 targets were known, and not
    because the hand gave up, at .3 targets per second or, when fewer than 75 % of the few were hit,
    at the ramp's first rate.

    ``presses`` counts every press of the song and ``fist_hits`` the hits with three or more
    contacts closed. A hand that was opened and closed all the time hits everything and shows
    nothing: then play starts at .3 targets per second at most, as it would without a ramp.

    Raises ValueError if times and outcomes do not belong together.
    """
    if len(times_us) != len(outcomes) or len(times_us) != ramp.asked:
        raise ValueError(
            f"the ramp asked {ramp.asked} targets, but {len(times_us)} times and "
            f"{len(outcomes)} outcomes were given"
        )
    rising = ramp.asked if ramp.closing_from is None else ramp.closing_from
    known = [outcome for outcome in outcomes[:rising] if outcome is not None]
    good = _last_good_target(outcomes[:rising])
    evidence: dict[str, float] = {"asked": len(known), "hits": sum(known)}
    if good is not None:
        good_rate = ramp_rate(good, limits) * _share_played(good, limits, times_us)
        rate, reason = START_SHARE * good_rate, Reason.RAMP
        evidence["good_rate"] = good_rate
    elif ramp.closing_from is not None or _has_ended(ramp.asked, known):
        # The hand gave up, perhaps on the last targets of the song.
        rate, reason = limits.rate_min, Reason.RAMP_NO_RATE
    else:
        went_well = sum(known) >= WENT_WELL * len(known)
        rate, reason = (FIRST_RATE if went_well else RAMP_FIRST_RATE), Reason.RAMP_TOO_SHORT
    every_hit = sum(outcome for outcome in outcomes if outcome is not None)
    if rate > FIRST_RATE and proves_nothing(ramp.asked, every_hit, presses, fist_hits):
        rate, reason = FIRST_RATE, Reason.RAMP_EMPTY_HITS
        evidence |= {"presses": presses, "fist_hits": fist_hits}
    state = DifficultyState.first(limits, rate)
    before = DifficultyState.first(limits).x
    return Change(state=state, before=before, after=state.x, reason=reason, evidence=evidence)


def _has_ended(asked: int, outcomes: Sequence[bool | None]) -> bool:
    if asked >= RAMP_TARGETS:
        return True
    known = [outcome for outcome in outcomes if outcome is not None]
    if _misses_at_end(known) >= GIVE_UP_MISSES:
        return True
    last = known[-RUNNING_TARGETS:]
    return len(last) == RUNNING_TARGETS and sum(last) < GIVE_UP_BELOW * RUNNING_TARGETS


def _misses_at_end(known: Sequence[bool]) -> int:
    run = 0
    for hit in reversed(known):
        if hit:
            break
        run += 1
    return run


def _last_good_target(outcomes: Sequence[bool | None]) -> int | None:
    """The index of the last target up to which 75 % of 8 known ones in a row were hit."""
    known = [(index, outcome) for index, outcome in enumerate(outcomes) if outcome is not None]
    for end in range(len(known), RUNNING_TARGETS - 1, -1):
        window = known[end - RUNNING_TARGETS : end]
        if sum(hit for _, hit in window) >= WENT_WELL * RUNNING_TARGETS:
            return window[-1][0]
    return None


def _closing_rate(outcomes: Sequence[bool | None], limits: Limits) -> float:
    good = _last_good_target(outcomes)
    if good is None:
        return min(CLOSING_SLOWEST, limits.rate_max)
    rate = CLOSING_SHARE * ramp_rate(good, limits)
    return min(max(rate, CLOSING_SLOWEST), CLOSING_FASTEST, limits.rate_max)


def _share_played(index: int, limits: Limits, times_us: Sequence[int]) -> float:
    """Rate played ÷ rate meant over the last gaps up to ``index``, at most 1.

    Where the melody is too sparse for the ramp, the hand has only shown what it was asked for.
    """
    first = max(index - _PLAYED_GAPS, 0)
    meant = sum(1_000_000 / ramp_rate(k, limits) for k in range(first + 1, index + 1))
    played = times_us[index] - times_us[first]
    return min(1.0, meant / played) if played > 0 else 1.0
