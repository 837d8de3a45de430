"""The adaptive difficulty: from totals of phrases to the level and the grips of what comes next.

``docs/therapy.md``. One axis, the cue rate (targets per second): x = log2(rate) follows a
weighted up-down rule (:mod:`game.therapy.updown`), bounded by the therapist's limits, and never
rises when the hits prove nothing or the patient should be spared (:func:`holds`). Beside it goes
the memory of the grips (:mod:`game.therapy.grip_mix`).

Everything is a pure function of the saved state, the limits and the totals, and every change
comes with its reason and the figures behind it.

A play whose rate was fixed by hand (``--rate``) changes *nothing*: neither the level nor what is
remembered of the grips, for at a rate far from the patient's own a grip that fails says more of the
rate than of the grip. The caller simply leaves out the update. The same goes for the ramp, for
tests, and for play as a guest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2

from game.core.grips import Grip
from game.therapy import grip_mix
from game.therapy.limits import Limits
from game.therapy.reasons import Reason
from game.therapy.state import FIRST_RATE, DifficultyState
from game.therapy.totals import Flag, PhraseTotals, is_due
from game.therapy.updown import bounded, mean_step, movement

__all__ = [
    "FIRST_RATE",
    "Change",
    "DifficultyState",
    "Flag",
    "Limits",
    "PhraseTotals",
    "Reason",
    "end_of_song",
    "holds",
    "is_due",
    "mix",
    "proves_nothing",
    "resting",
    "start_of_session",
    "update",
]

#: A tier below this share of the wanted rate proves nothing about it (a slow lullaby must not wind
#: the level up for the next song).
PROVING_SHARE = 0.9

#: More presses than this per target is opening and closing the fist, which at 2.6 times a second
#: hit 60 targets of 60.
MOST_PRESSES_PER_TARGET = 2.0

#: From this share of hits with three or more contacts closed, a phrase was played with the fist.
FIST_SHARE = 0.30

#: A phrase of which less was played does not count upwards.
LEAST_PLAYED_SHARE = 0.80

#: A session starts at this share of the last rate, and with the steps of a state that has seen no
#: more than so many targets.
SESSION_START_SHARE, SESSION_START_SEEN = 0.90, 34


@dataclass(frozen=True)
class Change:
    """A step of the difficulty, for the log: the state after it, why, and on what evidence.

    ``before`` and ``after`` are x = log2(rate). ``evidence`` holds plain numbers under fixed
    names. ``rested`` and ``returned`` are grips that began and ended a rest with this change;
    the therapist is told. :func:`game.therapy.reasons.explain` says it in English.
    """

    state: DifficultyState
    before: float
    after: float
    reason: Reason
    evidence: Mapping[str, float]
    rested: tuple[Grip, ...] = ()
    returned: tuple[Grip, ...] = ()

    @property
    def rate_before(self) -> float:
        """The cue rate before the change, targets per second."""
        return float(2.0**self.before)

    @property
    def rate_after(self) -> float:
        """The cue rate after the change, targets per second."""
        return float(2.0**self.after)


_FLAG_HOLDS = {
    Flag.PAIN: Reason.HELD_PAIN,
    Flag.FATIGUE: Reason.HELD_FATIGUE,
    Flag.FAULT: Reason.HELD_FAULT,
    Flag.ASSISTED: Reason.HELD_ASSISTED,
    Flag.COOL_DOWN: Reason.HELD_COOL_DOWN,
    Flag.SORE: Reason.HELD_SORE,
}


def holds(limits: Limits, phrases: Sequence[PhraseTotals]) -> tuple[Reason, ...]:
    """Why the level may not rise after ``phrases``, the weightiest reason first; empty if it may.

    One phrase in which a rule holds is enough to hold all that are updated together; only presses
    and targets are summed, since a phrase of two targets easily has five presses.
    """
    found: list[Reason] = []
    if limits.locked:
        found.append(Reason.HELD_LOCK)
    found += [hold for flag, hold in _FLAG_HOLDS.items() if any(flag in p.flags for p in phrases)]
    if any(phrase.played_share < LEAST_PLAYED_SHARE for phrase in phrases):
        found.append(Reason.HELD_PARTLY_PLAYED)
    return tuple(found) + _empty_hits(phrases) + _sparse_chart(phrases)


def update(state: DifficultyState, limits: Limits, phrases: Sequence[PhraseTotals]) -> Change:
    """The state after whole ``phrases``, those gathered since the last update (see :func:`is_due`).

    The level moves by the up-down rule, cut to × 1.08 up and ÷ 1.20 down, not up at all if
    anything :func:`holds` it, and stays between the limits. Should the limits have moved past it,
    it goes to the nearer one at once: the therapist's bounds weigh more than the size of a step.

    The grips' records take every phrase in turn, except where the play was assisted (that is
    scored apart). Hits of a fist or of a hand that presses all the time bring no grip back from
    its rest.
    """
    asked = sum(sum(phrase.asked) for phrase in phrases)
    hits = sum(sum(phrase.hits) for phrase in phrases)
    start = limits.clip(state.x)
    wanted = movement(state.seen, asked, hits, limits.success_target)
    delta = bounded(wanted)
    held = holds(limits, phrases)
    after = limits.clip(start + (min(delta, 0.0) if held else delta))

    records, rested, returned = _grips_after(state, limits, phrases)
    return Change(
        state=replace(state, x=after, seen=state.seen + asked, grips=records),
        before=state.x,
        after=after,
        reason=_reason(state.x, start, after, delta, held),
        evidence=_evidence(state, limits, phrases, wanted, delta),
        rested=rested,
        returned=returned,
    )


def proves_nothing(asked: int, hits: int, presses: int, fist_hits: int) -> bool:
    """Whether so many hits show no skill: made with the fist, or by pressing all the time."""
    return _was_fist(hits, fist_hits) or _was_mashing(asked, presses)


def end_of_song(state: DifficultyState, limits: Limits, asked: int, hits: int) -> DifficultyState:
    """The state after a song in which ``hits`` of ``asked`` targets were hit.

    The level has had its updates already; this decides whether the next song is an easy win, and
    ends the one that was.
    """
    poor = grip_mix.was_poor(asked, hits, limits.success_target)
    return replace(state, easy_win=poor)


def start_of_session(state: DifficultyState, limits: Limits) -> Change:
    """The state with which a later session starts: 90 % of the last rate, somewhat larger steps."""
    after = limits.clip(state.x + log2(SESSION_START_SHARE))
    return Change(
        state=replace(state, x=after, seen=min(state.seen, SESSION_START_SEEN)),
        before=state.x,
        after=after,
        reason=Reason.SESSION_START,
        evidence={"last_rate": state.rate, "share": SESSION_START_SHARE, "seen": state.seen},
    )


def mix(state: DifficultyState, limits: Limits) -> tuple[float, ...]:
    """The share of each grip in the next song, in code order, summing to 1."""
    return grip_mix.mix(state.grips, limits, state.easy_win)


def resting(state: DifficultyState, limits: Limits) -> tuple[Grip, ...]:
    """The prescribed grips that rest in the next song."""
    return grip_mix.resting_grips(state.grips, limits)


def _empty_hits(phrases: Sequence[PhraseTotals]) -> tuple[Reason, ...]:
    """Why hits of these phrases are no pinches made on purpose."""
    found: list[Reason] = []
    if any(_was_fist(sum(p.hits), sum(p.fist_hits)) for p in phrases):
        found.append(Reason.HELD_FIST)
    asked = sum(sum(phrase.asked) for phrase in phrases)
    presses = sum(sum(phrase.presses) for phrase in phrases)
    if _was_mashing(asked, presses):
        found.append(Reason.HELD_MANY_PRESSES)
    return tuple(found)


def _was_fist(hits: int, fist_hits: int) -> bool:
    return hits > 0 and fist_hits >= FIST_SHARE * hits


def _was_mashing(asked: int, presses: int) -> bool:
    return presses > MOST_PRESSES_PER_TARGET * asked


def _sparse_chart(phrases: Sequence[PhraseTotals]) -> tuple[Reason, ...]:
    if any(p.tier_rate < PROVING_SHARE * 2.0**p.x_at_commit for p in phrases):
        return (Reason.HELD_SPARSE_CHART,)
    return ()


def _grips_after(
    state: DifficultyState, limits: Limits, phrases: Sequence[PhraseTotals]
) -> tuple[tuple[grip_mix.GripRecord, ...], tuple[Grip, ...], tuple[Grip, ...]]:
    records = state.grips
    for phrase in phrases:
        if Flag.ASSISTED in phrase.flags:
            continue
        records = tuple(
            record.after(
                phrase.asked[grip],
                phrase.hits[grip],
                phrase.trailing_hits[grip],
                limits.success_target,
            )
            for grip, record in enumerate(records)
        )
    if _empty_hits(phrases):
        records = tuple(replace(record, run=0) for record in records)
    return grip_mix.rest_and_return(records, limits)


def _reason(
    before: float, start: float, after: float, delta: float, held: Sequence[Reason]
) -> Reason:
    if start != before:
        return Reason.LIMITS
    if delta > 0 and held:
        return held[0]
    if after > start:
        return Reason.RAISED
    if after < start:
        return Reason.LOWERED
    if delta > 0:
        return Reason.AT_HIGHEST
    if delta < 0:
        return Reason.AT_LOWEST
    return Reason.STEADY


def _evidence(
    state: DifficultyState,
    limits: Limits,
    phrases: Sequence[PhraseTotals],
    wanted: float,
    delta: float,
) -> dict[str, float]:
    asked = sum(sum(phrase.asked) for phrase in phrases)
    evidence: dict[str, float] = {
        "asked": asked,
        "hits": sum(sum(phrase.hits) for phrase in phrases),
        "presses": sum(sum(phrase.presses) for phrase in phrases),
        "fist_hits": sum(sum(phrase.fist_hits) for phrase in phrases),
        "success_target": limits.success_target,
        "seen": state.seen,
        "step": mean_step(state.seen, asked),
        "wanted_octaves": wanted,
        "bounded_octaves": delta,
    }
    if phrases:
        sparsest = min(phrases, key=lambda p: p.tier_rate / 2.0**p.x_at_commit)
        evidence["tier_rate"] = sparsest.tier_rate
        evidence["rate_at_commit"] = 2.0**sparsest.x_at_commit
        evidence["played_share"] = min(phrase.played_share for phrase in phrases)
    return evidence
