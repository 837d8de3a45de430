"""Names of grips, hands, inputs, ways of practising, tests and flags, for whoever reads a report.

What the records hold under a short name is a message here; a name that a later program wrote is
shown as it is.
"""

from game.core.grips import Grip
from game.core.say import Language, mark
from game.therapy.session_note import GRIP_NAMES, HAND_NAMES, WAY_NAMES, WHY
from game.therapy.session_state import Why
from game.therapy.tasks import SHEETS

#: Says where a long word may part; on paper it is either a hyphen or nothing.
_SOFT_HYPHEN = "\u00ad"

_GRIPS: dict[Grip, str] = {
    Grip.INDEX: mark("Index"),
    Grip.MIDDLE: mark("Middle"),
    Grip.RING: mark("Ring"),
    Grip.LITTLE: mark("Little"),
    Grip.KEY: mark("Key"),
}

_HANDS = {"left": mark("left"), "right": mark("right")}

_INPUTS = {
    "glove": mark("glove"),
    "keyboard": mark("keyboard"),
    "gamepad": mark("gamepad"),
    "touch": mark("touch screen"),
    "mixed": mark("several inputs"),
    "virtual": mark("virtual"),
}

_TESTS = {
    "speed": mark("Speed"),
    "dexterity": mark("Dexterity"),
    "tapping": mark("Tapping"),
    "paced-tapping": mark("Tapping in time"),
}

_UNITS = {
    "blocks": mark("blocks"),
    "blocks/min": mark("blocks/min"),
    "points": mark("points"),
}

_ACTIVITIES = {
    "exercise": mark("exercise"),
    "task": mark("task"),
    "cool-down": mark("cool-down"),
    "play": mark("play"),
    **WAY_NAMES,
}

_TASKS = {task.value: sheet.title for task, sheet in SHEETS.items()}


def grip_name(words: Language, grip: Grip) -> str:
    """The grip at the beginning of a row."""
    return words.tr(_GRIPS[grip]).replace(_SOFT_HYPHEN, "")


def folded_grip_name(words: Language, grip: Grip) -> str:
    """The grip in two short lines, where its name can part."""
    told = words.tr(_GRIPS[grip])
    return told.replace(_SOFT_HYPHEN, "-\n").replace(" ", "\n")


def grip_names(words: Language, labels: list[str]) -> str:
    """These grips within a sentence."""
    names = {grip.label: name for grip, name in GRIP_NAMES.items()}
    told = ", ".join(words.tr(names[label]) for label in labels)
    return told.replace(_SOFT_HYPHEN, "")


def hand_name(words: Language, hand: str) -> str:
    """``left`` in a table."""
    return words.tr(_HANDS[hand])


def which_hand(words: Language, hand: str) -> str:
    """``left hand``."""
    return words.tr(HAND_NAMES[hand])


def input_name(words: Language, kind: str) -> str:
    """A kind of input."""
    return _known(words, _INPUTS, kind)


def test_name(words: Language, name: str) -> str:
    """An assessment of ours, or an outcome test as it is called everywhere."""
    return _known(words, _TESTS, name)


def unit_name(words: Language, unit: str) -> str:
    """What a test is measured in."""
    return _known(words, _UNITS, unit)


def activity_name(words: Language, kind: str) -> str:
    """A way of practising, or what was done beside the songs."""
    return _known(words, _ACTIVITIES, kind)


def task_name(words: Language, task: str) -> str:
    """A task, an exercise or a song, as it was kept."""
    return _known(words, _TASKS, task)


def flag_name(words: Language, flag: str) -> str:
    """What a session was flagged for."""
    return _known(words, {why.value: WHY[why] for why in Why}, flag)


def _known(words: Language, names: dict[str, str], name: str) -> str:
    found = names.get(name)
    return name if found is None else words.tr(found).replace(_SOFT_HYPHEN, "")
