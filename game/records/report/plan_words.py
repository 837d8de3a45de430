"""A plan, and what a new version of it changed, in words."""

from game.core.grips import ACROSS_THE_HAND
from game.core.say import Language, mark
from game.records.prescriptions import KeptPrescription
from game.records.report.naming import (
    activity_name,
    grip_names,
    hand_name,
    task_name,
    test_name,
    which_hand,
)
from game.records.report.wording import NOTHING, number, percent
from game.therapy.prescription import FIELD_NAMES

#: The fields of a plan in the words of a report, which has less room than a form.
_FIELDS = {
    **FIELD_NAMES,
    "early_ms": mark("early window"),
    "late_ms": mark("late window"),
    "tasks": mark("tasks"),
    "assessments": mark("assessments"),
    "start": mark("start"),
    "review": mark("review"),
}

_UNITS = {"rate_min": " /s", "rate_max": " /s", "early_ms": " ms", "late_ms": " ms"}

#: What a list of the plan names.
_NAMES = {"modes": activity_name, "tasks": task_name, "assessments": test_name}


def plan_difference(
    words: Language, before: KeptPrescription | None, after: KeptPrescription
) -> tuple[str, ...]:
    """What version ``after`` changed, in words; of the first version, what it says."""
    new = after.prescription.document()
    if before is None:
        return (words.tr("first plan: {plan}", plan=plan_in_words(words, after)),)
    old = before.prescription.document()
    told = []
    for name, value in new.items():
        if value == old.get(name):
            continue
        label = words.tr(_FIELDS[name]) if name in _FIELDS else name.replace("_", " ")
        if name == "grips":
            change = _weights(words, old.get(name) or {}, value)
        else:
            change = f"{_told(words, name, old.get(name))} → {_told(words, name, value)}"
        told.append(f"{label} {change}{_UNITS.get(name, '')}")
    return tuple(told) or (words.tr("nothing changed"),)


def plan_in_words(words: Language, plan: KeptPrescription) -> str:
    """The plan in one line."""
    given = plan.prescription
    told = words.tr(
        "{hand}, {days} days a week, {minutes} min a day, {grips}, {slowest} to {fastest} "
        "targets/s, success {success}, window −{early}/+{late} ms",
        hand=which_hand(words, given.hand),
        days=given.days,
        minutes=given.minutes,
        grips=grip_names(words, [g.label for g in ACROSS_THE_HAND if g.label in given.grips]),
        slowest=number(words, given.rate_min, most=2),
        fastest=number(words, given.rate_max, most=2),
        success=percent(words, given.success_target),
        early=given.early_ms,
        late=given.late_ms,
    )
    return f"{told}, {words.tr('locked')}" if given.locked else told


def _weights(words: Language, before: dict[str, float], after: dict[str, float]) -> str:
    """The grips whose weight is another now; a dash where one is not prescribed."""

    def weight(of: dict[str, float], label: str) -> str:
        return f"×{number(words, of[label], most=2)}" if label in of else NOTHING

    labels = [g.label for g in ACROSS_THE_HAND if before.get(g.label) != after.get(g.label)]
    return ", ".join(
        f"{grip_names(words, [label])} {weight(before, label)} → {weight(after, label)}"
        for label in labels
    )


def _told(words: Language, name: str, value: object) -> str:
    if name == "success_target" and isinstance(value, float):
        return percent(words, value)
    if name == "hand":
        return hand_name(words, str(value))
    if isinstance(value, list | tuple):
        named = _NAMES.get(name, test_name)
        return ", ".join(named(words, str(v)) for v in value) or words.tr("none")
    if isinstance(value, bool):
        return words.tr("yes") if value else words.tr("no")
    if isinstance(value, float):
        return number(words, value, most=2)
    if value in (None, ""):
        return words.tr("none")
    return f"“{value}”" if name == "note" else str(value)
