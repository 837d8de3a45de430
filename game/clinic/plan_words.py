"""A plan in words: its ways of practising, tasks, tests, grips, and one version in a line."""

from collections.abc import Mapping

from game.core.say import mark
from game.therapy.prescription import Assessment, Mode, Prescription, Task
from game.therapy.session_note import GRIP_NAMES, HAND_NAMES
from game.therapy.tasks import SHEETS
from game.words import Words

_GRIPS = {grip.label: name for grip, name in GRIP_NAMES.items()}

#: What may be chosen of each list of a plan, and what it is called.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "modes": {
        Mode.PLAY.value: mark("Play"),
        Mode.PRACTICE.value: mark("Practice"),
        Mode.MIRROR.value: mark("Mirror"),
        Mode.MENTAL.value: mark("Mental practice"),
        Mode.ASSISTED.value: mark("With the other hand's help"),
    },
    "tasks": {task.value: SHEETS[task].title for task in Task},
    "assessments": {
        Assessment.SPEED.value: mark("Speed"),
        Assessment.DEXTERITY.value: mark("Dexterity"),
        Assessment.TAPPING.value: mark("Tapping"),
    },
}


def grip_word(grip: str, words: Words) -> str:
    """A grip by its name in code, as it is called."""
    return words.tr(_GRIPS.get(grip, grip))


def plan_line(plan: Prescription, words: Words) -> str:
    """One version of a plan in a line, for those who compare."""
    rates = f"{words.decimal(plan.rate_min, 2)}–{words.decimal(plan.rate_max, 2)}/s"
    grips = [
        f"{grip_word(grip, words)} {words.decimal(weight, 0 if weight == round(weight) else 1)}"
        for grip, weight in plan.grips.items()
    ]
    told = [
        words.tr(HAND_NAMES[plan.hand]),
        f"{words.number(plan.minutes)} min × {words.number(plan.days)}",
        rates,
        words.percent(plan.success_target),
        *grips,
    ]
    return ", ".join([*told, words.tr("locked")] if plan.locked else told)
