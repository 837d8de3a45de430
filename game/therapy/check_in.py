"""Pain, fatigue and new signs: what is asked before, between and after, and what follows from it.

Defaults a therapist can change are in :class:`Gates`; the rules are those of ``docs/therapy.md``.
"""

from dataclasses import dataclass
from enum import StrEnum

from game.therapy.totals import Flag


@dataclass(frozen=True)
class CheckIn:
    """Answers to one check-in: ``pain`` and ``fatigue`` 0 to 10.

    ``new_signs``: new numbness, swelling or a wound. ``sharp``: the pain is sharp, stabbing or
    radiating. Raises ValueError for what is not on the scale.
    """

    pain: int
    fatigue: int
    new_signs: bool = False
    sharp: bool = False

    def __post_init__(self) -> None:
        for name in ("pain", "fatigue"):
            value = getattr(self, name)
            if not 0 <= value <= 10:
                raise ValueError(f"{name} is a number from 0 to 10, not {value}")


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


def before_play(answer: CheckIn, *, asked_again: bool, gates: Gates) -> Verdict:
    """What follows from the check-in before a session.

    Pain of 7 or more (once confirmed) or any new sign: no play. Sharp pain: the same, for it would
    stop the play anyway. Pain of 4 to 6: one short block without increases.
    """
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
    new signs always. Without an answer at the start it counts as 0.
    """
    start = 0 if before is None else before.pain
    rise = answer.pain - start
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
