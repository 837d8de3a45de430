"""A plan, and what a new version of it changed, in words."""

from game.core.grips import ACROSS_THE_HAND
from game.records.prescriptions import KeptPrescription

#: The fields of a plan in the words of a report, with their units.
_FIELDS = {
    "hand": ("hand", ""),
    "grips": ("grips", ""),
    "minutes": ("minutes a day", ""),
    "days": ("days a week", ""),
    "rate_min": ("lowest rate", " /s"),
    "rate_max": ("highest rate", " /s"),
    "success_target": ("success to aim for", ""),
    "early_ms": ("early window", " ms"),
    "late_ms": ("late window", " ms"),
    "modes": ("ways of practising", ""),
    "tasks": ("tasks", ""),
    "assessments": ("assessments", ""),
    "start": ("start", ""),
    "review": ("review", ""),
    "locked": ("locked", ""),
    "note": ("note", ""),
}


def plan_difference(before: KeptPrescription | None, after: KeptPrescription) -> tuple[str, ...]:
    """What version ``after`` changed, in words; of the first version, what it says."""
    new = after.prescription.document()
    if before is None:
        return (f"first plan: {plan_in_words(after)}",)
    old = before.prescription.document()
    words = []
    for name, value in new.items():
        if value == old.get(name):
            continue
        label, unit = _FIELDS.get(name, (name.replace("_", " "), ""))
        words.append(f"{label} {_told(name, old.get(name))} → {_told(name, value)}{unit}")
    return tuple(words) or ("nothing changed",)


def plan_in_words(plan: KeptPrescription) -> str:
    """The plan in one line."""
    given = plan.prescription
    grips = ", ".join(name for name in (g.label for g in ACROSS_THE_HAND) if name in given.grips)
    locked = ", locked" if given.locked else ""
    return (
        f"{given.hand} hand, {given.days} days a week, {given.minutes} min a day, {grips}, "
        f"{given.rate_min:g} to {given.rate_max:g} targets/s, "
        f"success {given.success_target * 100:.0f} %, "
        f"window −{given.early_ms}/+{given.late_ms} ms{locked}"
    )


def _told(name: str, value: object) -> str:
    if name == "success_target" and isinstance(value, float):
        return f"{value * 100:.0f} %"
    if isinstance(value, dict):
        return ", ".join(k if v == 1 else f"{k} ×{v:g}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(v) for v in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value) if value not in (None, "") else "none"
    return f"“{text}”" if name == "note" and value else text
