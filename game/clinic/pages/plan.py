"""Prescribing: every field of a plan, checked; a change is a new version."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from game.clinic.audit_trail import note
from game.clinic.pages.patient import patient_of
from game.clinic.security.errors import RefusedError
from game.clinic.visit import Visit
from game.core.grips import GRIPS
from game.core.say import mark
from game.records.patients import Patient
from game.therapy.prescription import (
    PRESETS,
    Assessment,
    Mode,
    Prescription,
    Task,
    preset,
    read_prescription,
)

_WHOLE = ("minutes", "days", "early_ms", "late_ms")
_NUMBERS = ("rate_min", "rate_max", "success_target")
_LISTS: Mapping[str, Any] = {"modes": Mode, "tasks": Task, "assessments": Assessment}


def page(visit: Visit) -> Response:
    """The form, filled with the plan that holds, or with a preset to begin with."""
    patient = patient_of(visit)
    held = visit.clinic.store.prescription(patient.code)
    wanted = visit.request.query_params.get("preset", "")
    if wanted in PRESETS:
        plan = preset(wanted, visit.clinic.today, patient.hand)
    elif held is not None:
        plan = held.prescription
    else:
        plan = preset("middle", visit.clinic.today, patient.hand)
    note(visit.clinic, visit.account.name, "view", "a patient's plan", patient.code)
    return _show(visit, patient, plan.document(), 0 if held is None else held.version)


def prescribe(visit: Visit) -> Response:
    """A new version; if somebody else wrote one meanwhile, or a field cannot be, the form again."""
    patient = patient_of(visit)
    based_on = int(visit.field("based_on", 9)) if visit.field("based_on", 9).isdigit() else -1
    document = _document(visit)
    try:
        plan = read_prescription(document)
    except ValueError as error:
        return _show(visit, patient, document, based_on, str(error), 422)
    visit.clinic.store.prescribe(patient.code, plan, visit.account.name, based_on=based_on)
    note(visit.clinic, visit.account.name, "edit", "plan", patient.code)
    return visit.go(f"/patients/{patient.id}", "saved")


def _document(visit: Visit) -> dict[str, Any]:
    """The form as a plan's document: text where a number was meant is left for the check."""
    document: dict[str, Any] = {name: visit.field(name, 40) for name in ("hand", "start", "review")}
    document["note"] = visit.field("note", 2_000)
    document["locked"] = visit.field("locked", 10) == "yes"
    for name in (*_WHOLE, *_NUMBERS):
        text = visit.field(name, 40).replace(",", ".")
        document[name] = _plain_number(text)
    weights = {g.label: visit.field(f"weight-{g.label}", 40).replace(",", ".") for g in GRIPS}
    document["grips"] = {
        name: _plain_number(text) for name, text in weights.items() if text not in ("", "0")
    }
    for name in _LISTS:
        document[name] = visit.fields(name)
    return document


def _plain_number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _show(
    visit: Visit,
    patient: Patient,
    document: Mapping[str, Any],
    based_on: int,
    wrong: str = "",
    status: int = 200,
) -> Response:
    if based_on < 0:
        raise RefusedError(400, mark("That form cannot be read."))
    return visit.show(
        "plan.html",
        status=status,
        patient=patient,
        plan=document,
        based_on=based_on,
        wrong=wrong,
        presets=list(PRESETS),
        grips=[g.label for g in GRIPS],
        choices={name: [one.value for one in kind] for name, kind in _LISTS.items()},
        versions=visit.clinic.store.prescriptions(patient.code),
        differences=_differences,
    )


def _differences(plan: Prescription) -> str:
    """One version in a line."""
    grips = ", ".join(f"{name} {weight:g}" for name, weight in plan.grips.items())
    return (
        f"{plan.hand}, {plan.minutes} min × {plan.days}, {plan.rate_min:g}–{plan.rate_max:g}/s, "
        f"{plan.success_target:.0%}, {grips}" + (", locked" if plan.locked else "")
    )
