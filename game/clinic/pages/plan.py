"""Prescribing: every field of a plan, checked; a change is a new version."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from game.clinic.audit_trail import note
from game.clinic.pages.patient import patient_of
from game.clinic.plan_words import CHOICES, grip_word, plan_line
from game.clinic.security.errors import RefusedError
from game.clinic.visit import Visit
from game.core.grips import GRIPS
from game.core.say import Say, mark
from game.records.errors import RecordsError
from game.records.patients import Patient
from game.therapy.prescription import (
    PRESET_NAMES,
    PRESETS,
    WHOLE_FIELDS,
    preset,
    read_prescription,
)

_NUMBERS = ("rate_min", "rate_max", "success_target")


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
        return _show(visit, patient, document, based_on, error.args[0], 422)
    store = visit.clinic.store
    try:
        store.prescribe(patient.code, plan, visit.account.name, based_on=based_on)
    except RecordsError:
        held = store.prescription(patient.code)
        if held is None or held.version == based_on:
            raise
        # What was typed in stays in the form; the other version is listed below it.
        changed = Say(
            "the plan was changed meanwhile (version {number}, below): look at it and change "
            "it again",
            number=held.version,
        )
        return _show(visit, patient, document, held.version, changed, 409)
    note(visit.clinic, visit.account.name, "edit", "plan", patient.code)
    return visit.go(f"/patients/{patient.id}", "saved")


def _document(visit: Visit) -> dict[str, Any]:
    """The form as a plan's document: text where a number was meant is left for the check."""
    document: dict[str, Any] = {name: visit.field(name, 40) for name in ("hand", "start", "review")}
    document["note"] = visit.field("note", 2_000)
    document["locked"] = visit.field("locked", 10) == "yes"
    for name in (*WHOLE_FIELDS, *_NUMBERS):
        text = visit.field(name, 40).replace(",", ".")
        document[name] = _plain_number(text)
    weights = {g.label: visit.field(f"weight-{g.label}", 40).replace(",", ".") for g in GRIPS}
    document["grips"] = {
        name: _plain_number(text) for name, text in weights.items() if text not in ("", "0")
    }
    for name in CHOICES:
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
        presets={name: (words, PRESETS[name]) for name, words in PRESET_NAMES.items()},
        grips={g.label: grip_word(g.label, visit.words) for g in GRIPS},
        choices=CHOICES,
        versions=[
            (one, plan_line(one.prescription, visit.words))
            for one in visit.clinic.store.prescriptions(patient.code)
        ],
    )
