"""What is wrong with a glove, in words a patient's daughter understands. Pure.

Levels are a glove's own readings of its electrodes (DIAG, an 8-bit ADC against the supply). Every
electrode has a pull-up R of 4.7 to 10 kΩ, and a contact of resistance C pulls it down to
255 · C / (R + C); the 1 kΩ in series with the pin carries no current and changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from firmware_bridge.edges import GRIP_COUNT

#: An open electrode below this leaks: 255 · C / (R + C) < 230 is C < 9.2 R, less than 43 to 92 kΩ.
#: Dry fabric has megohms; fabric damp with sweat 10 to 50 kΩ.
DRY_LEVEL = 230

#: Above this a processor need not read an electrode as closed (0.3 of the supply).
CLOSED_LEVEL = 76

#: A closed contact above this is poor: 255 · C / (R + C) > 51 is C > R / 4, more than 1.2 to
#: 2.5 kΩ, where conductive fabric has at most some hundred ohms. At 0.43 R it would no longer be
#: sure to read as closed.
GOOD_LEVEL = 51

#: This many electrodes leaking at once are a wet glove, fewer are dirt on those.
WET_ELECTRODES = 4

#: An electrode closed for this share of the time in which the hand was open is stuck.
STUCK_SHARE = 0.9

#: Two electrodes that are bridged close with the same scan. Fingers of a fist close some 10 ms
#: apart, so that one of them within 1 ms of another is rare, and six times in a row does not
#: happen.
TOGETHER_US = 1_000

#: As many pinches of each of two electrodes must have come together.
TOGETHER_PINCHES = 6
TOGETHER_PINCHES_ASKED = 2  # of each when each was asked for alone

#: Another grip that came as often as this, while the one that was asked never did, answered it.
ANSWERS = 2


class Code(StrEnum):
    """What a finding is."""

    MISSING = "missing"  #: no glove is there
    LOST = "lost"  #: it was there and is not heard any more
    SILENT = "silent"  #: its port is there, but no reading comes
    NOISY = "noisy"  #: much of what it says arrives damaged
    WET = "wet"  #: most electrodes leak
    LEAKY = "leaky"  #: one or a few leak
    STUCK = "stuck"  #: closed all the time
    BRIDGED = "short"  #: two or more always close together
    OPEN = "open"  #: never closes
    THUMB = "thumb"  #: none ever closes, so it is what they have in common
    SWAPPED = "swapped"  #: two answer for each other
    MISPLACED = "misplaced"  #: another answered
    WEAK = "weak"  #: closes, but poorly
    UNMEASURED = "unmeasured"  #: the glove gives no levels


#: Findings that are told, but are no fault.
NOTES = (Code.UNMEASURED,)


class Finding(NamedTuple):
    """One thing that was found: what, on which electrodes (grip numbers), and in plain words."""

    code: Code
    grips: tuple[int, ...]
    words: str

    @property
    def fault(self) -> bool:
        """Whether something ought to be done about it."""
        return self.code not in NOTES


FINGERS = ("index", "middle", "ring", "little", "side of the index finger")

_PLACES = (
    "index fingertip",
    "middle fingertip",
    "ring fingertip",
    "little fingertip",
    "side of the index finger",
)


def finding(code: Code, grips: Iterable[int] = ()) -> Finding:
    """The finding ``code`` on these electrodes, with its words."""
    where = tuple(grips)
    return Finding(code, where, _words(code, where))


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]


def _words(code: Code, grips: tuple[int, ...]) -> str:
    places = "The " + _listed([_PLACES[grip] for grip in grips])
    fingers = _listed([FINGERS[grip] for grip in grips])
    fingers = fingers[:1].upper() + fingers[1:]
    one = len(grips) == 1
    match code:
        case Code.MISSING:
            return "No glove was found. Check that its cable is plugged in at both ends."
        case Code.LOST:
            return "The glove does not answer any more. Check its cable at both ends."
        case Code.SILENT:
            return "The glove is not speaking yet. If this stays, unplug it and plug it in again."
        case Code.NOISY:
            return "The glove is hard to hear. Try another cable, or another USB port."
        case Code.WET:
            return "The glove is damp. Let it dry before you play on."
        case Code.LEAKY:
            return f"{places} {'is' if one else 'are'} damp or dirty. Clean and dry the fabric."
        case Code.STUCK if len(grips) == GRIP_COUNT:
            return "Every finger seems to touch the thumb. Open the hand, or let the glove dry."
        case Code.STUCK:
            return (
                f"{places} {'seems' if one else 'seem'} to touch the thumb all the time. "
                "Open the hand, and look for a wire or damp fabric there."
            )
        case Code.BRIDGED:
            return (
                f"{fingers} always close together: something bridges them. "
                "Look for touching wires or damp fabric between them."
            )
        case Code.OPEN:
            return (
                f"{places} never made contact. "
                f"Check the {'snap on that finger' if one else 'snaps on those fingers'}."
            )
        case Code.THUMB:
            return "No finger ever made contact. Check the snap on the thumb."
        case Code.SWAPPED:
            return f"{fingers} are swapped. Change their two snaps over."
        case Code.MISPLACED:
            asked, came = (FINGERS[grip] for grip in grips)
            return f"Asked for {asked}, {came} answered. Check that each snap is on its own finger."
        case Code.WEAK:
            return (
                f"{places} {'makes' if one else 'make'} poor contact. "
                "Clean the fabric and press the snap on firmly."
            )
        case Code.UNMEASURED:
            return (
                "This glove does not measure how good its contacts are; "
                "only whether they close was checked."
            )


class Reading(NamedTuple):
    """The levels a glove told, and the contacts that were closed when it did (a mask)."""

    levels: tuple[int, ...]
    closed: int


class Answer(NamedTuple):
    """What came while ``asked`` was asked for: the presses, as (time in µs, grip)."""

    asked: int
    presses: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Evidence:
    """What a guided check saw."""

    rest_closed: tuple[float, ...] = (0.0,) * GRIP_COUNT
    """For each electrode, the share of the time with an open hand in which it was closed."""
    readings: tuple[Reading, ...] = ()
    """All readings of the levels."""
    answers: tuple[Answer, ...] = ()
    """What came for each grip that was asked for."""
    lost: bool = False
    """Whether the link was lost meanwhile."""
    noisy: bool = False
    """Whether the link was degraded meanwhile."""


def measured(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """The readings that can be believed: a glove without an ADC tells zeros of open electrodes."""
    every = (1 << GRIP_COUNT) - 1
    return tuple(
        r for r in readings if len(r.levels) == GRIP_COUNT and (any(r.levels) or r.closed == every)
    )


def leaky(reading: Reading) -> tuple[int, ...]:
    """The electrodes that leak: open, and neither dry nor pulled down by a contact just missed."""
    return tuple(
        grip
        for grip, level in enumerate(reading.levels)
        if CLOSED_LEVEL < level < DRY_LEVEL and not reading.closed >> grip & 1
    )


def is_wet(reading: Reading) -> bool:
    """Whether this is a wet glove: most electrodes leak or, being wetter still, read closed."""
    damp = leaky(reading)
    poor = [
        grip
        for grip, level in enumerate(reading.levels)
        if reading.closed >> grip & 1 and level > GOOD_LEVEL
    ]
    return len(damp) + len(poor) >= WET_ELECTRODES


def bridges(pairs: Iterable[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """Bridged electrodes: the pairs, joined where they share one."""
    groups: list[set[int]] = []
    for pair in pairs:
        joined = set(pair)
        apart = []
        for group in groups:
            if group & joined:
                joined |= group
            else:
                apart.append(group)
        groups = [*apart, joined]
    return tuple(sorted(tuple(sorted(group)) for group in groups))


def diagnose(evidence: Evidence) -> tuple[Finding, ...]:
    """What a guided check found, the most telling first; empty if nothing is to be said.

    One cause is told once: an electrode that is stuck is not also told to be silent, and of a
    glove that was unplugged nothing is told but that.
    """
    if evidence.lost:
        return (finding(Code.LOST),)
    found: list[Finding] = []
    if evidence.noisy:
        found.append(finding(Code.NOISY))
    readings = measured(evidence.readings)
    stuck = [g for g, share in enumerate(evidence.rest_closed) if share >= STUCK_SHARE]
    wet = 2 * sum(is_wet(reading) for reading in readings) > len(readings)
    if wet:
        found.append(finding(Code.WET))
    elif stuck:
        found.append(finding(Code.STUCK, stuck))
    pairs = _bridged_pairs(evidence.answers, stuck)
    found += [finding(Code.BRIDGED, group) for group in bridges(pairs)]
    found += _of_answers(evidence.answers, stuck, pairs)
    if not wet:
        damp = [g for g in range(GRIP_COUNT) if g not in stuck and _mostly_leaky(g, readings)]
        if damp:
            found.append(finding(Code.LEAKY, damp))
        poor = [g for g in range(GRIP_COUNT) if _mostly_poor(g, readings)]
        if poor:
            found.append(finding(Code.WEAK, poor))
    if not readings:
        found.append(finding(Code.UNMEASURED))
    return tuple(found)


def _mostly_leaky(grip: int, readings: tuple[Reading, ...]) -> bool:
    open_ones = [r for r in readings if not r.closed >> grip & 1]
    return 2 * sum(grip in leaky(r) for r in open_ones) > len(open_ones)


def _mostly_poor(grip: int, readings: tuple[Reading, ...]) -> bool:
    # A level of an open electrode is not of the contact, which had just opened or was to close.
    levels = [
        r.levels[grip] for r in readings if r.closed >> grip & 1 and r.levels[grip] < DRY_LEVEL
    ]
    return 2 * sum(level > GOOD_LEVEL for level in levels) > len(levels)


def _bridged_pairs(answers: tuple[Answer, ...], stuck: list[int]) -> list[tuple[int, int]]:
    """The pairs of which every pinch of either came with one of the other."""
    asked = {answer.asked for answer in answers}
    times: list[list[int]] = [[] for _ in range(GRIP_COUNT)]
    for answer in answers:
        for time_us, grip in answer.presses:
            times[grip].append(time_us)
    return [
        (one, other)
        for one in range(GRIP_COUNT)
        for other in range(one + 1, GRIP_COUNT)
        if asked & {one, other}
        and not {one, other} & set(stuck)
        and _all_near(times[one], times[other])
        and _all_near(times[other], times[one])
    ]


def _all_near(times: list[int], others: list[int]) -> bool:
    return len(times) >= TOGETHER_PINCHES_ASKED and all(
        any(abs(time - other) <= TOGETHER_US for other in others) for time in times
    )


def _of_answers(
    answers: tuple[Answer, ...], stuck: list[int], pairs: list[tuple[int, int]]
) -> list[Finding]:
    silent: list[int] = []
    came_for: dict[int, int] = {}
    tested = [answer for answer in answers if answer.asked not in stuck]
    for answer in tested:
        counts = [0] * GRIP_COUNT
        for _, grip in answer.presses:
            counts[grip] += 1
        if counts[answer.asked]:
            continue
        most = max(range(GRIP_COUNT), key=lambda grip: counts[grip])
        if counts[most] >= ANSWERS:
            came_for[answer.asked] = most
        else:
            silent.append(answer.asked)
    found = []
    told: set[int] = set()
    for asked, came in came_for.items():
        if asked in told or tuple(sorted((asked, came))) in pairs:
            continue
        if came_for.get(came) == asked:
            told |= {asked, came}
            found.append(finding(Code.SWAPPED, sorted((asked, came))))
        else:
            found.append(finding(Code.MISPLACED, (asked, came)))
    if silent and len(silent) == len(tested) > 1:
        found.append(finding(Code.THUMB))
    elif silent:
        found.append(finding(Code.OPEN, silent))
    return found
