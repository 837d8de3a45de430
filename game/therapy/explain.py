"""Why the difficulty is what it is, in words: from the state, the limits and the kept changes.

For the therapist (``griptune patient explain CODE``); plain English, every figure with its unit.
The patient is never told of a demotion: what is said to them is in :mod:`game.therapy.to_music`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from game.core.grips import GRIPS, Grip
from game.therapy.difficulty import mix, resting
from game.therapy.limits import Limits
from game.therapy.reasons import Reason, explain_kept, why_held
from game.therapy.state import DifficultyState


@dataclass(frozen=True)
class Step:
    """A change of the difficulty as the records keep it.

    ``before`` and ``after`` are x = log2(rate); ``evidence`` may name the grips that ``rested`` and
    ``returned``.
    """

    day: date
    reason: str
    before: float
    after: float
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What changed and why."""
        rested, returned = (self.evidence.get(name, ()) for name in ("rested", "returned"))
        return explain_kept(self.reason, self.before, self.after, self.evidence, rested, returned)

    @property
    def is_hold(self) -> bool:
        """Whether something else than the hits kept the level."""
        return self.reason.startswith("held_")


@dataclass(frozen=True)
class Explanation:
    """Why one hand's difficulty, on one kind of input, is what it is.

    ``code`` names the weightiest reason: ``not_begun``, ``locked``, a :class:`Reason`, or what a
    later version wrote. ``sentences`` say all of it. ``rate`` is what the next song asks, targets
    per second; None before the first song.
    """

    hand: str
    input_kind: str
    code: str
    rate: float | None
    success_target: float
    rate_min: float
    rate_max: float
    locked: bool
    grips: dict[str, dict[str, Any]]
    steps: dict[str, int]
    sentences: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """All of it, fit for JSON."""
        named = {**vars(self), "sentences": list(self.sentences)}
        return {**named, "rate": None if self.rate is None else round(self.rate, 4)}


def explain_difficulty(
    hand: str,
    input_kind: str,
    state: DifficultyState | None,
    limits: Limits,
    steps: Sequence[Step],
    *,
    first_week: bool = False,
) -> Explanation:
    """Explain the present difficulty. ``steps`` are all changes of this hand and input, in the
    order they were made; ``limits`` those that hold today, ``first_week`` says that they aim
    higher because the plan has just begun."""
    latest = [step for step in steps if steps and step.day == steps[-1].day]
    rate = None if state is None else limits.rate_within(state.rate)
    sentences = [_now(hand, input_kind, rate, limits, first_week)]
    sentences += _bounds(state, limits)
    sentences += _beginning(steps)
    sentences += _latest_day(latest)
    sentences += _grip_sentences(state, limits)
    return Explanation(
        hand=hand,
        input_kind=input_kind,
        code=_code(state, limits, steps),
        rate=rate,
        success_target=limits.success_target,
        rate_min=limits.rate_min,
        rate_max=limits.rate_max,
        locked=limits.locked,
        grips=_grip_figures(state, limits),
        steps=dict(Counter(step.reason for step in latest)),
        sentences=tuple(sentences),
    )


def input_words(input_kind: str) -> str:
    """What a hand plays with, as a sentence names it: a virtual one is a virtual glove."""
    return "virtual glove" if input_kind == "virtual" else input_kind


def _code(state: DifficultyState | None, limits: Limits, steps: Sequence[Step]) -> str:
    if state is None:
        return "not_begun"
    if limits.locked:
        return "locked"
    if not limits.x_min <= state.x <= limits.x_max:
        return Reason.LIMITS.value
    return steps[-1].reason if steps else Reason.STEADY.value


def _now(hand: str, input_kind: str, rate: float | None, limits: Limits, first_week: bool) -> str:
    if rate is None:
        return (
            f"Nothing is known yet of the {hand} hand with the {input_words(input_kind)}: its "
            "first song is a ramp from slow to quick that finds where to begin."
        )
    why = ", because the plan is in its first week" if first_week else ""
    return (
        f"The {hand} hand with the {input_words(input_kind)} is asked for {rate:.2f} targets/s, "
        f"so that about {limits.success_target:.0%} are hit{why}."
    )


def _bounds(state: DifficultyState | None, limits: Limits) -> list[str]:
    found = []
    span = f"{limits.rate_min:.2f} to {limits.rate_max:.2f} targets/s"
    if limits.locked:
        found.append("The therapist has locked it: it may fall, and does not rise.")
    if state is None:
        return found
    if state.x > limits.x_max:
        found.append(f"It had come to {state.rate:.2f} and is held within {span}.")
    elif state.x < limits.x_min:
        found.append(f"It had fallen to {state.rate:.2f} and is raised to within {span}.")
    elif state.x == limits.x_max:
        found.append(f"That is the highest that is allowed ({span}).")
    elif state.x == limits.x_min:
        found.append(f"That is the lowest that is allowed ({span}).")
    return found


def _beginning(steps: Sequence[Step]) -> list[str]:
    ramps = [step for step in steps if step.reason.startswith("ramp")]
    if not ramps:
        return []
    return [f"On {ramps[-1].day.isoformat()}: {ramps[-1].sentence}"]


def _latest_day(latest: Sequence[Step]) -> list[str]:
    """What happened on the last day with a change, summed up, and its last step in full."""
    steps = [step for step in latest if not step.reason.startswith("ramp")]
    if not steps:
        return []
    held = Counter(step.reason for step in steps if step.is_hold)
    rose = sum(not step.is_hold and step.after > step.before for step in steps)
    fell = sum(step.after < step.before for step in steps if step.reason != "session_start")
    day = steps[-1].day.isoformat()
    parts = [f"rose {_times(rose)}", f"fell {_times(fell)}"]
    parts += [f"was held {_times(count)} because {_why(reason)}" for reason, count in held.items()]
    first, last = 2.0 ** steps[0].before, 2.0 ** steps[-1].after
    found = [f"On {day} it went from {first:.2f} to {last:.2f} targets/s: it {_listed(parts)}."]
    start = [step for step in steps if step.reason == Reason.SESSION_START.value]
    if start and steps[-1] is not start[-1]:
        found.append(start[-1].sentence)
    found.append(f"Last: {steps[-1].sentence}")
    return found


def _why(reason: str) -> str:
    try:
        return why_held(reason)
    except ValueError:
        return "of something that this version does not know"


def _times(count: int) -> str:
    return {0: "not once", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _grip_figures(state: DifficultyState | None, limits: Limits) -> dict[str, dict[str, Any]]:
    if state is None:
        return {}
    shares, rests = mix(state, limits), resting(state, limits)
    return {
        grip.label: {
            "share": round(shares[grip], 4),
            "success": round(state.grips[grip].success, 4),
            "seen": state.grips[grip].seen,
            "resting": grip in rests,
        }
        for grip in GRIPS
        if grip in limits.grips
    }


def _grip_sentences(state: DifficultyState | None, limits: Limits) -> list[str]:
    if state is None:
        return []
    found = []
    shares, rests = mix(state, limits), resting(state, limits)
    for grip in rests:
        found.append(
            f"The grip “{Grip(grip).label}” rests: it went too badly lately and is asked once in "
            "twenty targets at most, until three in a row are hit."
        )
    if state.easy_win:
        found.append("The last song went badly, so the next one leans on the grips that go best.")
    base = sum(limits.weights[grip] for grip in limits.grips if grip not in rests)
    more = [
        grip
        for grip in sorted(limits.grips)
        if grip not in rests and shares[grip] > 1.15 * limits.weights[grip] / base
    ]
    if more and not state.easy_win:
        names = _listed([f"“{Grip(grip).label}” ({shares[grip]:.0%})" for grip in more])
        found.append(
            f"Asked more often than prescribed, as it goes worse than the others: {names}."
        )
    return found
