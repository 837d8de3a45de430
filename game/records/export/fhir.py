"""A patient's records as a FHIR R4 Bundle, for a clinic's own system.

A collection of Patient, Device, ServiceRequest (each version of the plan), CarePlan (the present
one), Goal, Procedure (each sitting), Observation (exercise duration and activity, pain, each play,
level, assessments, outcome tests), QuestionnaireResponse (each check-in) and Provenance. Codes are
LOINC's where there is one (55411-3 exercise duration, 73985-4 exercise activity, 72514-3 pain 0 to
10); the rest are our own (:data:`.fhir_values.LOCAL`). Units are UCUM. Identifiers are those of the
records, or derived from them, so that the same records give the same bundle.

Nothing in it is a finding: plays are counts and times from a game, and every Observation of ours
says so in its category.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from game.core.grips import ACROSS_THE_HAND
from game.records.errors import RecordsError
from game.records.export.fhir_values import (
    CODES,
    Resource,
    at_,
    component,
    count_of,
    derived,
    local,
    loinc,
    quantity,
    refer,
    side_of,
)
from game.records.export.people import Counter, Progress, chosen
from game.records.export.sink import whole_file
from game.records.patients import Patient
from game.records.play_rows import summaries
from game.records.plays import PlaySummary
from game.records.prescriptions import KeptPrescription, every_version
from game.records.said_and_done import Assessed, CheckInKept, Goal, OutcomeTest, kept_facts
from game.records.schema import plays
from game.records.sessions import KeptSession, sessions_of
from game.records.store_base import StoreBase
from game.records.types import to_json


def write_fhir(
    store: StoreBase,
    path: Path,
    codes: Sequence[str] | None = None,
    *,
    software: str = "",
    progress: Progress | None = None,
) -> int:
    """Write the bundle of one patient, or of several, to ``path``; returns how many resources.

    A resource a line: it is written with few of them in memory. Raises RecordsError.
    """
    with store.reading() as connection, whole_file(path) as out:
        people = chosen(connection, codes)
        if not people:
            raise RecordsError("there is no patient to export")
        counter = Counter(len(people), progress)
        made = store.clock().astimezone(UTC)
        head = to_json({"resourceType": "Bundle", "type": "collection", "timestamp": at_(made)})
        out.write(head[:-1].encode() + b',"entry":[')
        separator, count = b"\n", 0
        for patient in people:
            for resource in resources(connection, patient, software, made):
                entry = {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
                out.write(separator + to_json(entry).encode())
                separator = b",\n"
                count += 1
            counter.one_more()
        out.write(b"\n]}\n")
    return count


def resources(
    connection: Connection, patient: Patient, software: str, made: datetime
) -> Iterator[Resource]:
    """Everything of one patient, what others refer to first; a Provenance for all of it last."""
    targets: list[str] = []
    for resource in _resources(connection, patient, software):
        targets.append(resource["id"])
        yield resource
    yield {
        "resourceType": "Provenance",
        "id": derived(patient.id, "provenance"),
        "target": [refer(target) for target in targets],
        "recorded": at_(made),
        "activity": {"text": "Exported from Griptune"},
        "agent": [
            {
                "type": {"text": "software"},
                "who": refer(derived(patient.id, "software")) | {"display": "Griptune"},
            }
        ],
    }


def _resources(connection: Connection, patient: Patient, software: str) -> Iterator[Resource]:
    yield _patient(patient)
    yield {
        "resourceType": "Device",
        "id": derived(patient.id, "software"),
        "status": "active",
        "deviceName": [{"name": "Griptune", "type": "user-friendly-name"}],
        "version": [{"value": software or "unknown"}],
        "type": {"text": "rhythm game for hand therapy; not a medical device"},
    }
    rows = connection.execute(
        select(plays).where(plays.c.patient_id == patient.id).order_by(plays.c.started_at)
    ).all()
    played = summaries(connection, rows)
    inputs = sorted({(p.input_kind, p.input_description) for p in played})
    for kind, description in inputs:
        yield {
            "resourceType": "Device",
            "id": _device(patient, kind, description),
            "status": "active",
            "deviceName": [{"name": description or kind, "type": "user-friendly-name"}],
            "type": {"text": f"input: {kind}"},
        }
    plans = list(reversed(every_version(connection, patient.id)))
    for plan in plans:
        yield _request(patient, plan, plan is plans[-1])
    goals = list(reversed(kept_facts(connection, Goal, patient.id)))
    for goal in goals:
        yield _goal(patient, goal)
    if plans:
        yield _care_plan(patient, plans[-1], goals)
    sittings = list(reversed(sessions_of(connection, patient.id, None, None)))
    yield from _sittings(patient, sittings, played)
    for play in played:
        yield _play(patient, play)
    for check_in in reversed(kept_facts(connection, CheckInKept, patient.id)):
        yield _answers(patient, check_in)
        if check_in.pain is not None:
            yield _pain(patient, check_in)
    for assessed in reversed(kept_facts(connection, Assessed, patient.id)):
        yield _assessed(patient, assessed)
    for test in reversed(kept_facts(connection, OutcomeTest, patient.id)):
        yield _outcome(patient, test)


def _patient(patient: Patient) -> Resource:
    resource: Resource = {
        "resourceType": "Patient",
        "id": patient.id,
        "identifier": [{"system": CODES, "value": patient.code}],
        "active": True,
    }
    if patient.nickname:
        resource["name"] = [{"use": "nickname", "text": patient.nickname}]
    return resource


def _request(patient: Patient, plan: KeptPrescription, latest: bool) -> Resource:
    given = plan.prescription
    resource: Resource = {
        "resourceType": "ServiceRequest",
        "id": _plan(patient, plan),
        "identifier": [{"system": "urn:griptune:plan-version", "value": str(plan.version)}],
        "status": "active" if latest else "revoked",
        "intent": "plan",
        "code": {"text": "Hand exercises with Griptune"},
        "subject": refer(patient.id),
        "authoredOn": at_(plan.created_at),
        "requester": {"display": plan.author or "unknown"},
        "bodySite": [side_of(given.hand)],
        "occurrenceTiming": {
            "repeat": {
                "boundsPeriod": {"start": str(given.start), "end": str(given.review)},
                "frequency": given.days,
                "period": 1,
                "periodUnit": "wk",
                "duration": given.minutes,
                "durationUnit": "min",
            }
        },
        "orderDetail": [
            {"text": f"grips: {', '.join(f'{name} ×{w:g}' for name, w in given.grips.items())}"},
            {"text": f"rate: {given.rate_min:g} to {given.rate_max:g} targets/s"},
            {"text": f"success to aim for: {given.success_target * 100:.0f} %"},
            {"text": f"window: {given.early_ms} ms early, {given.late_ms} ms late"},
            {"text": f"difficulty {'locked' if given.locked else 'may rise'}"},
        ],
    }
    if given.note.strip():
        resource["note"] = [{"text": given.note}]
    return resource


def _care_plan(patient: Patient, plan: KeptPrescription, goals: Sequence[Goal]) -> Resource:
    resource: Resource = {
        "resourceType": "CarePlan",
        "id": derived(patient.id, "care-plan"),
        "status": "active",
        "intent": "plan",
        "title": "Hand exercises with Griptune",
        "subject": refer(patient.id),
        "period": {
            "start": str(plan.prescription.start),
            "end": str(plan.prescription.review),
        },
        "created": at_(plan.created_at),
        "activity": [{"reference": refer(_plan(patient, plan))}],
    }
    if goals:
        resource["goal"] = [refer(goal.id) for goal in goals]
    return resource


def _goal(patient: Patient, goal: Goal) -> Resource:
    status = {None: "active", True: "completed", False: "cancelled"}[goal.reached]
    resource: Resource = {
        "resourceType": "Goal",
        "id": goal.id,
        "lifecycleStatus": status,
        "description": {"text": goal.words.strip() or "a goal without words"},
        "subject": refer(patient.id),
        "expressedBy": refer(patient.id),
    }
    if goal.day is not None:
        resource["startDate"] = str(goal.day)
    if goal.closed_on is not None:
        resource["statusDate"] = str(goal.closed_on)
    if goal.reached:
        resource["achievementStatus"] = {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/goal-achievement",
                    "code": "achieved",
                }
            ]
        }
    if goal.area.strip():
        resource["category"] = [{"text": goal.area}]
    return resource


def _sittings(
    patient: Patient, sittings: Sequence[KeptSession], played: Sequence[PlaySummary]
) -> Iterator[Resource]:
    """A Procedure per sitting, and one per day for what was played without; each with how long
    and what it was."""
    for sitting in sittings:
        own = [p for p in played if p.session_id == sitting.id]
        resource: Resource = {
            "resourceType": "Procedure",
            "id": sitting.id,
            "status": "in-progress" if sitting.ended is None else "completed",
            "code": {"text": "Session of hand exercises with Griptune"},
            "subject": refer(patient.id),
            "performedPeriod": {"start": at_(sitting.started_at)},
            "bodySite": [side_of(sitting.hand)],
        }
        if sitting.ended_at is not None:
            resource["performedPeriod"]["end"] = at_(sitting.ended_at)
        notes = [f"ended: {sitting.ended}"] if sitting.ended else []
        notes += [f"flag: {flag}" for flag in sitting.flags]
        if notes:
            resource["note"] = [{"text": text} for text in notes]
        yield resource
        us = sitting.play_us or sum(p.duration_us for p in own)
        yield from _exercise(patient, sitting.id, sitting.started_at, us)
    days: dict[date, list[PlaySummary]] = {}
    known = {sitting.id for sitting in sittings}
    for play in played:
        if play.session_id not in known:
            days.setdefault(play.local_date, []).append(play)
    for day, own in days.items():
        last = own[-1]
        procedure_id = derived(patient.id, f"day {day}")
        yield {
            "resourceType": "Procedure",
            "id": procedure_id,
            "status": "completed",
            "code": {"text": "Hand exercises with Griptune outside a session"},
            "subject": refer(patient.id),
            "performedPeriod": {
                "start": at_(own[0].started_at),
                "end": at_(last.started_at + timedelta(microseconds=last.duration_us)),
            },
            "bodySite": [side_of(own[0].hand)],
        }
        us = sum(p.duration_us for p in own)
        yield from _exercise(patient, procedure_id, own[0].started_at, us)


def _exercise(
    patient: Patient, procedure_id: str, at: datetime, duration_us: int
) -> Iterator[Resource]:
    duration = _observation(
        patient, derived(procedure_id, "duration"), loinc("55411-3", "Exercise duration"), at
    )
    duration["valueQuantity"] = quantity(round(duration_us / 60e6, 2), "min", "min")
    activity = _observation(
        patient, derived(procedure_id, "activity"), loinc("73985-4", "Exercise activity"), at
    )
    activity["valueCodeableConcept"] = {"text": "Pinch grips in time to music"}
    for resource in (duration, activity):
        resource["partOf"] = [refer(procedure_id)]
        yield resource


def _play(patient: Patient, play: PlaySummary) -> Resource:
    resource = _observation(patient, play.id, local("play", "A song played"), play.started_at)
    resource["effectivePeriod"] = {
        "start": at_(play.started_at),
        "end": at_(play.started_at + timedelta(microseconds=play.duration_us)),
    }
    del resource["effectiveDateTime"]
    resource["bodySite"] = side_of(play.hand)
    resource["device"] = refer(_device(patient, play.input_kind, play.input_description))
    parent = play.session_id or derived(patient.id, f"day {play.local_date}")
    resource["partOf"] = [refer(parent)]
    resource["note"] = [{"text": f"{play.song_title} ({play.mode})"}]
    counts = (
        ("asked", "Targets asked", play.asked),
        ("hits", "Targets hit", play.hits),
        ("missed-omission", "Missed: no pinch", play.missed.omission),
        ("missed-early", "Missed: early", play.missed.early),
        ("missed-late", "Missed: late", play.missed.late),
        ("missed-wrong-grip", "Missed: another grip", play.missed.wrong_grip),
        ("counted", "Counted grips", play.counted),
        ("repetitions", "Pinches of any kind", play.repetitions),
    )
    components = [component(code, words, count_of(value)) for code, words, value in counts]
    for grip in ACROSS_THE_HAND:
        of_grip = play.of_grip(grip)
        label = grip.label
        components += [
            component(f"{label}-asked", f"Targets asked, {label}", count_of(of_grip.presented)),
            component(f"{label}-hits", f"Targets hit, {label}", count_of(of_grip.hits)),
            component(f"{label}-counted", f"Counted grips, {label}", count_of(of_grip.counted)),
        ]
    for code, words, value in (
        ("asynchrony-median", "Median asynchrony, negative early", play.asynchrony_median_ms),
        ("asynchrony-sd", "SD of asynchrony", play.asynchrony_sd_ms),
        ("dwell-median", "Median dwell", play.dwell_median_ms),
    ):
        if value is not None:
            components.append(component(code, words, quantity(value, "ms", "ms")))
    if play.level is not None:
        rate = quantity(round(2.0**play.level, 4), "targets/s", "/s")
        components.append(component("level", "Level, targets per second", rate))
    resource["component"] = components
    return resource


def _answers(patient: Patient, kept: CheckInKept) -> Resource:
    items: list[Resource] = []

    def answered(link: str, text: str, **value: Any) -> None:
        items.append({"linkId": link, "text": text, "answer": [value]})

    answered("when", "When", valueString=kept.when)
    if kept.pain is not None:
        answered("pain", "Pain, 0 to 10", valueInteger=kept.pain)
    if kept.fatigue is not None:
        answered("fatigue", "Fatigue, 0 to 10", valueInteger=kept.fatigue)
    answered("sharp", "Sharp, stabbing or radiating pain", valueBoolean=kept.sharp)
    for number, sign in enumerate(kept.new_signs):
        answered(f"new-sign-{number + 1}", "New sign", valueString=sign)
    if kept.skin_ok is not None:
        answered("skin", "The skin under the glove is fine", valueBoolean=kept.skin_ok)
    if kept.sore_hours is not None:
        answered("sore", "Hours sore afterwards", valueDecimal=kept.sore_hours)
    assert kept.at is not None
    resource: Resource = {
        "resourceType": "QuestionnaireResponse",
        "id": kept.id,
        "status": "completed",
        "subject": refer(patient.id),
        "source": refer(patient.id),
        "authored": at_(kept.at),
        "item": items,
    }
    if kept.session_id is not None:
        resource["partOf"] = [refer(kept.session_id)]
    return resource


def _pain(patient: Patient, kept: CheckInKept) -> Resource:
    assert kept.at is not None
    code = loinc("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")
    resource = _observation(patient, derived(kept.id, "pain"), code, kept.at, "survey")
    resource["valueInteger"] = kept.pain
    resource["derivedFrom"] = [refer(kept.id)]
    return resource


def _assessed(patient: Patient, kept: Assessed) -> Resource:
    assert kept.at is not None
    code = local(f"assessment-{kept.kind}", f"Griptune assessment: {kept.kind}")
    resource = _observation(patient, kept.id, code, kept.at)
    resource["bodySite"] = side_of(kept.hand)
    if kept.result is None:
        resource["dataAbsentReason"] = {"text": "there was no result"}
    else:
        resource["valueQuantity"] = {"value": kept.result}
    return resource


def _outcome(patient: Patient, kept: OutcomeTest) -> Resource:
    assert kept.at is not None
    code = local(f"outcome-{kept.test}", kept.test)
    resource = _observation(patient, kept.id, code, kept.at, "exam")
    resource["effectiveDateTime"] = str(kept.day)
    resource["bodySite"] = side_of(kept.hand)
    resource["valueQuantity"] = {"value": kept.value}
    if kept.unit.strip():
        resource["valueQuantity"]["unit"] = kept.unit
    resource["performer"] = [{"display": kept.author or "unknown"}]
    return resource


def _observation(
    patient: Patient, id: str, code: Resource, at: datetime, category: str = "activity"
) -> Resource:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": category,
                    }
                ]
            }
        ],
        "code": code,
        "subject": refer(patient.id),
        "effectiveDateTime": at_(at),
    }


def _plan(patient: Patient, plan: KeptPrescription) -> str:
    return derived(patient.id, f"plan {plan.version} {at_(plan.created_at)}")


def _device(patient: Patient, kind: str, description: str) -> str:
    return derived(patient.id, f"input {kind} {description}")
