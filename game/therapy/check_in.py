"""Pain, fatigue and new signs: what is asked before, between and after, and what follows from it.

Defaults a therapist can change are in :class:`Gates`; the rules are those of ``docs/therapy.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from game.therapy.totals import Flag


class Sign(StrEnum):
    """Something new or worse that is asked about. The value is what is kept."""

    NUMBNESS = "numbness"
    SWELLING = "swelling"
    WOUND = "wound"
    WEAKNESS = "weakness"
    FACE = "drooping face"
    SPEECH = "trouble speaking"
    CHEST = "chest pain"

    @property
    def is_emergency(self) -> bool:
        """Whether one calls emergency services, and not the therapist."""
        return self in (Sign.WEAKNESS, Sign.FACE, Sign.SPEECH, Sign.CHEST)


@dataclass(frozen=True)
class CheckIn:
    """Answers to one check-in: ``pain`` and ``fatigue`` 0 to 10.

    ``new_signs``: what is new or worse since the last time. ``sharp``: the pain is sharp, stabbing
    or radiating. ``skin_ok``: how the skin under the glove looks, None where it was not asked.
    Raises ValueError for what is not on the scale and for a sign that does not exist.
    """

    pain: int
    fatigue: int
    new_signs: tuple[Sign, ...] = ()
    sharp: bool = False
    skin_ok: bool | None = None

    def __post_init__(self) -> None:
        for name in ("pain", "fatigue"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10:
                raise ValueError(f"{name} is a number from 0 to 10, not {value!r}")
        try:
            signs = {Sign(sign) for sign in self.new_signs}
        except ValueError:
            known = ", ".join(sign.value for sign in Sign)
            raise ValueError(f"a new sign is one of {known}") from None
        # In the order of the list, each once: what is said twice is no more.
        object.__setattr__(self, "new_signs", tuple(sign for sign in Sign if sign in signs))

    @property
    def is_emergency(self) -> bool:
        """Whether one of the signs calls for emergency services."""
        return any(sign.is_emergency for sign in self.new_signs)

    def document(self) -> dict[str, Any]:
        """The answers as JSON; :func:`read_check_in` reads them."""
        return {
            "pain": self.pain,
            "fatigue": self.fatigue,
            "new_signs": [sign.value for sign in self.new_signs],
            "sharp": self.sharp,
            "skin_ok": self.skin_ok,
        }


def read_check_in(document: Mapping[str, Any]) -> CheckIn:
    """The answers that :meth:`CheckIn.document` wrote. Raises ValueError with one sentence."""
    known = {"pain", "fatigue", "new_signs", "sharp", "skin_ok"}
    if not isinstance(document, Mapping) or set(document) != known:
        raise ValueError(f"a check-in has {', '.join(sorted(known))}, and nothing else")
    sharp, skin = document["sharp"], document["skin_ok"]
    if not isinstance(sharp, bool) or not (skin is None or isinstance(skin, bool)):
        raise ValueError("a check-in says true or false to sharp pain and to the skin")
    if not isinstance(document["new_signs"], list | tuple):
        raise ValueError("the new signs of a check-in are a list")
    return CheckIn(document["pain"], document["fatigue"], tuple(document["new_signs"]), sharp, skin)


@dataclass(frozen=True)
class Gates:
    """Where the lines are. Pain and fatigue on their scales of 0 to 10."""

    no_play_pain: int = 7
    spared_pain: int = 4
    stop_pain: int = 5
    stop_rise: int = 2
    hold_rise: int = 2
    tired: int = 7


class Verdict(StrEnum):
    """What follows from a check-in."""

    GO_ON = "go on"
    ASK_AGAIN = "ask again"  # an answer of 7 or more is asked once more
    SPARE = "spare"  # one short block, no increases
    TIRED = "tired"  # a long rest, then half density
    STOP = "stop"  # cool down, flag
    NO_PLAY = "no play"  # call your therapist
    EMERGENCY = "emergency"  # call emergency services; nothing else now


def before_play(answer: CheckIn, *, asked_again: bool, gates: Gates) -> Verdict:
    """What follows from the check-in before a session.

    Pain of 7 or more (once confirmed) or any new sign: no play. Sharp pain: the same, for it would
    stop the play anyway. Pain of 4 to 6: one short block without increases.
    """
    if answer.is_emergency:
        return Verdict.EMERGENCY
    if answer.new_signs or answer.sharp:
        return Verdict.NO_PLAY
    if answer.pain >= gates.no_play_pain:
        return Verdict.NO_PLAY if asked_again else Verdict.ASK_AGAIN
    if answer.pain >= gates.spared_pain:
        return Verdict.SPARE
    return Verdict.TIRED if answer.fatigue >= gates.tired else Verdict.GO_ON


def between_blocks(before: CheckIn | None, answer: CheckIn, *, gates: Gates) -> Verdict:
    """What follows from the check-in after a block; ``before`` is the one at the start.

    Started at 0 to 3: a rise by 2 or pain of 5 stops. Started at 4 to 6: any rise. Sharp pain and
    new signs always, and the signs of an emergency more than any. Without an answer at the start
    it counts as 0.
    """
    start = 0 if before is None else before.pain
    rise = answer.pain - start
    if answer.is_emergency:
        return Verdict.EMERGENCY
    if answer.sharp or answer.new_signs:
        return Verdict.STOP
    if start >= gates.spared_pain:
        worse = rise > 0
    else:
        worse = rise >= gates.stop_rise or answer.pain >= gates.stop_pain
    if worse:
        return Verdict.STOP
    return Verdict.TIRED if answer.fatigue >= gates.tired else Verdict.GO_ON


def holds(before: CheckIn | None, answer: CheckIn, *, gates: Gates) -> set[Flag]:
    """Why the difficulty may only hold or fall after ``answer``.

    Pain of 4 or more or a rise by 2; fatigue of 7 or more.
    """
    start = answer.pain if before is None else before.pain
    flags = set()
    if answer.pain >= gates.spared_pain or answer.pain - start >= gates.hold_rise:
        flags.add(Flag.PAIN)
    if answer.fatigue >= gates.tired:
        flags.add(Flag.FATIGUE)
    return flags
