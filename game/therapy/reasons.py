"""Why the difficulty is what it is: codes for programs, plain English for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from game.therapy.difficulty import Change


class Reason(StrEnum):
    """The machine code of a change of difficulty. The values are kept in the records."""

    RAISED = "raised"
    LOWERED = "lowered"
    STEADY = "steady"
    AT_HIGHEST = "at_highest"
    AT_LOWEST = "at_lowest"
    LIMITS = "limits"
    SESSION_START = "session_start"
    RAMP = "ramp"
    RAMP_NO_RATE = "ramp_no_rate"
    RAMP_TOO_SHORT = "ramp_too_short"
    RAMP_EMPTY_HITS = "ramp_empty_hits"
    HELD_LOCK = "held_lock"
    HELD_PAIN = "held_pain"
    HELD_FATIGUE = "held_fatigue"
    HELD_FAULT = "held_fault"
    HELD_ASSISTED = "held_assisted"
    HELD_COOL_DOWN = "held_cool_down"
    HELD_SORE = "held_sore"
    HELD_PARTLY_PLAYED = "held_partly_played"
    HELD_FIST = "held_fist"
    HELD_MANY_PRESSES = "held_many_presses"
    HELD_SPARSE_CHART = "held_sparse_chart"

    @property
    def is_hold(self) -> bool:
        """Whether the hits would have raised the level and something else kept it."""
        return self.value.startswith("held_")


_SENTENCES = {
    Reason.RAISED: "{hits:.0f} of {asked:.0f} targets were hit, more than the {success_target:.0%} "
    "aimed for, so the rate rose from {before:.2f} to {after:.2f} targets/s.",
    Reason.LOWERED: "{hits:.0f} of {asked:.0f} targets were hit, fewer than the "
    "{success_target:.0%} aimed for, so the rate went from {before:.2f} to {after:.2f} targets/s.",
    Reason.STEADY: "{hits:.0f} of {asked:.0f} targets were hit, so the rate stays at "
    "{after:.2f} targets/s.",
    Reason.AT_HIGHEST: "{hits:.0f} of {asked:.0f} targets were hit; the rate is at the highest "
    "allowed, {after:.2f} targets/s.",
    Reason.AT_LOWEST: "{hits:.0f} of {asked:.0f} targets were hit; the rate is at the lowest "
    "allowed, {after:.2f} targets/s.",
    Reason.LIMITS: "The rate was brought from {before:.2f} to {after:.2f} targets/s, within the "
    "therapist's limits.",
    Reason.SESSION_START: "A new session starts at {share:.0%} of the last rate: "
    "{after:.2f} after {before:.2f} targets/s.",
    Reason.RAMP: "In the first song {good_rate:.2f} targets/s still went well, so play starts at "
    "{after:.2f} targets/s.",
    Reason.RAMP_NO_RATE: "In the first song no rate went well yet, so play starts at the lowest, "
    "{after:.2f} targets/s.",
    Reason.RAMP_TOO_SHORT: "The first song ended after {asked:.0f} targets, too few to know, so "
    "play starts at a cautious {after:.2f} targets/s.",
    Reason.RAMP_EMPTY_HITS: "In the first song there were {presses:.0f} presses for {asked:.0f} "
    "targets and {fist_hits:.0f} hits with the fist closed, which shows no pace, so play starts "
    "at {after:.2f} targets/s.",
}

_HOLDS = {
    Reason.HELD_LOCK: "the therapist has locked it",
    Reason.HELD_PAIN: "pain was reported",
    Reason.HELD_FATIGUE: "fatigue was reported",
    Reason.HELD_FAULT: "the glove had a fault",
    Reason.HELD_ASSISTED: "the hand was helped",
    Reason.HELD_COOL_DOWN: "this was the cool-down",
    Reason.HELD_SORE: "the hand had been sore for more than a day",
    Reason.HELD_PARTLY_PLAYED: "only {played_share:.0%} of a phrase was played",
    Reason.HELD_FIST: "{fist_hits:.0f} of the hits came with the fist closed",
    Reason.HELD_MANY_PRESSES: "there were {presses:.0f} presses for {asked:.0f} targets",
    Reason.HELD_SPARSE_CHART: "the chart had only {tier_rate:.2f} targets/s where "
    "{rate_at_commit:.2f} were wanted",
}


#: What is said of a step whose figures are not those this version knows.
_PLAINLY = "The rate went from {before:.2f} to {after:.2f} targets/s."


def explain(change: Change) -> str:
    """What changed and why, in plain English with the figures, for therapist and log."""
    return explain_kept(
        change.reason.value,
        change.before,
        change.after,
        change.evidence,
        [grip.label for grip in change.rested],
        [grip.label for grip in change.returned],
    )


def explain_kept(
    reason: str,
    before: float,
    after: float,
    evidence: Mapping[str, Any],
    rested: Sequence[str] = (),
    returned: Sequence[str] = (),
) -> str:
    """The same for a change as the records keep it: ``before`` and ``after`` are x in octaves,
    ``rested`` and ``returned`` labels of grips. A reason that this version does not know, or
    evidence that it lacks, leaves the plain fact."""
    numbers = {**evidence, "before": 2.0**before, "after": 2.0**after}
    try:
        sentence = _sentence(Reason(reason)).format(**numbers)
    except (ValueError, KeyError, TypeError):
        sentence = _PLAINLY.format(**numbers)
    parts = [sentence]
    parts += [f"The grip “{grip}” rests: fewer than 3 in 10 were hit." for grip in rested]
    parts += [f"The grip “{grip}” is back from its rest." for grip in returned]
    return " ".join(parts)


def why_held(reason: str) -> str:
    """Why a change was held, in a few words without figures: "pain was reported".

    Raises ValueError for a reason that holds nothing.
    """
    known = Reason(reason)
    if not known.is_hold:
        raise ValueError(f"“{reason}” holds nothing")
    return _HELD_SHORT.get(known) or _HOLDS[known]


#: Where the sentence has figures in it, the short form.
_HELD_SHORT = {
    Reason.HELD_PARTLY_PLAYED: "a phrase was played only in part",
    Reason.HELD_FIST: "hits came with the fist closed",
    Reason.HELD_MANY_PRESSES: "there were many more presses than targets",
    Reason.HELD_SPARSE_CHART: "the chart had fewer targets than were wanted",
}


def _sentence(reason: Reason) -> str:
    if not reason.is_hold:
        return _SENTENCES[reason]
    return (
        "{hits:.0f} of {asked:.0f} targets were hit; the rate does not rise and stays at "
        f"{{after:.2f}} targets/s, because {_HOLDS[reason]}."
    )
