"""What each electrode of a glove is like, for the picture of the hand: data in, words out. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from firmware_bridge.diagnosis import GOOD_LEVEL, Code, Finding, Reading, finding, leaky, measured
from firmware_bridge.health import Health
from game.core.grips import GRIPS, Grip
from game.core.say import mark


class Condition(Enum):
    """What is known of one electrode. The value is the message that says it."""

    UNHEARD = mark("not heard")
    UNTRIED = mark("pinch to try")
    GOOD = mark("good")
    STUCK = mark("always touching")
    SHORT = mark("touches a neighbour")
    DAMP = mark("damp")
    WEAK = mark("weak contact")
    MISSING = mark("no contact")
    SWAPPED = mark("swapped")

    @property
    def is_fault(self) -> bool:
        """Whether something ought to be done about it."""
        return self not in (Condition.UNHEARD, Condition.UNTRIED, Condition.GOOD)


#: What a finding says of the electrodes it names.
_OF_CODE = {
    Code.STUCK: Condition.STUCK,
    Code.BRIDGED: Condition.SHORT,
    Code.LEAKY: Condition.DAMP,
    Code.WEAK: Condition.WEAK,
    Code.OPEN: Condition.MISSING,
    Code.SWAPPED: Condition.SWAPPED,
    Code.MISPLACED: Condition.SWAPPED,
}

#: What a finding says of every electrode.
_OF_ALL = {Code.WET: Condition.DAMP, Code.THUMB: Condition.MISSING}


@dataclass(frozen=True)
class GloveState:
    """What is wrong with a glove, the most telling first, and what each electrode is like."""

    findings: tuple[Finding, ...]
    conditions: dict[Grip, Condition]


def state_of(health: Health, felt: int, checked: Iterable[Finding] = ()) -> GloveState:
    """What ``health`` tells now, with what a guided check found (``checked``).

    ``felt`` is the mask of the electrodes that closed and opened again while one looked.
    """
    found = [*health.findings]
    if health.link in ("ok", "degraded"):
        found += _of_levels(health)
    seen = {one.code for one in found}
    found += [one for one in checked if one.fault and one.code not in seen]
    if health.link not in ("ok", "degraded"):
        return GloveState(tuple(found), dict.fromkeys(GRIPS, Condition.UNHEARD))
    good = Condition.GOOD
    conditions = {grip: good if felt >> grip & 1 else Condition.UNTRIED for grip in GRIPS}
    # The most telling finding has the last word.
    for one in reversed(found):
        if one.code in _OF_ALL:
            conditions = dict.fromkeys(GRIPS, _OF_ALL[one.code])
        elif one.code in _OF_CODE:
            conditions |= {Grip(grip): _OF_CODE[one.code] for grip in one.grips}
    return GloveState(tuple(found), conditions)


def _of_levels(health: Health) -> list[Finding]:
    """What the levels of the electrodes say, where a glove tells them, beyond a wet glove."""
    reading = Reading(health.levels, health.levels_closed)
    if health.wet or not measured([reading]):
        return []
    found = []
    damp = leaky(reading)
    if damp:
        found.append(finding(Code.LEAKY, damp))
    poor = [
        grip
        for grip, level in enumerate(reading.levels)
        if reading.closed >> grip & 1 and level > GOOD_LEVEL
    ]
    if poor:
        found.append(finding(Code.WEAK, poor))
    return found
