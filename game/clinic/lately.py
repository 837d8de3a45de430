"""What the list of patients needs of everybody's last weeks, in a handful of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, case, func, select

from game.clinic.triage import LOOK_BACK_DAYS, Answer, Lately
from game.core.grips import GRIPS
from game.records.errors import RecordsError
from game.records.patient_rows import patient_of
from game.records.patients import Patient
from game.records.schema import (
    difficulty_changes,
    difficulty_states,
    patients,
    plays,
    prescriptions,
)
from game.records.schema_sessions import audit_log, check_ins
from game.records.store import Store
from game.therapy.prescription import Prescription, read_prescription
from game.therapy.reasons import Reason

#: What the audit log says when two people changed one plan at once.
TWO_PLANS = "two plans"

#: So far back plays are read for the trend of the level.
_TREND_DAYS = 42


@dataclass(frozen=True)
class PatientLately:
    """A patient with what the rule needs, and the day of their last play."""

    patient: Patient
    lately: Lately
    last_played: date | None


def everybody_lately(store: Store, today: date) -> list[PatientLately]:
    """Every patient, by code."""
    with store.reading() as connection:
        people = [
            patient_of(row)
            for row in connection.execute(select(patients).order_by(patients.c.code_key))
        ]
        return _together(connection, people, today)


def one_lately(store: Store, patient_id: str, today: date) -> PatientLately:
    """The patient with this identifier. Raises RecordsError if there is none."""
    with store.reading() as connection:
        row = connection.execute(select(patients).where(patients.c.id == patient_id)).one_or_none()
        if row is None:
            raise RecordsError("there is no such patient")
        return _together(connection, [patient_of(row)], today)[0]


def _together(connection: Connection, people: list[Patient], today: date) -> list[PatientLately]:
    only = people[0].id if len(people) == 1 else None
    plans = _plans(connection, only)
    played, levels = _plays(connection, today, only)
    answers = _answers(connection, today, only)
    resting = _resting(connection, only)
    faults = _faults(connection, today, only)
    two_plans = _two_plans(connection, only)
    found = []
    for person in people:
        plan = plans.get(person.id)
        lately = Lately(
            plan_start=plan.start if plan else None,
            review=plan.review if plan else None,
            days_a_week=plan.days if plan else 5,
            played=frozenset(played[person.id]),
            answers=tuple(answers[person.id]),
            levels=tuple(levels[person.id]),
            resting=resting.get(person.id, ()),
            glove_days=tuple(faults[person.id]),
            two_plans=two_plans.get(person.id),
        )
        found.append(PatientLately(person, lately, max(played[person.id], default=None)))
    return found


def _of(query: Any, column: Any, only: str | None) -> Any:
    return query if only is None else query.where(column == only)


def _plans(connection: Connection, only: str | None) -> dict[str, Prescription]:
    table = prescriptions.c
    newest = (
        select(table.patient_id, func.max(table.version).label("version"))
        .group_by(table.patient_id)
        .subquery()
    )
    query = select(table.patient_id, table.document).join(
        newest,
        (newest.c.patient_id == table.patient_id) & (newest.c.version == table.version),
    )
    found = {}
    for row in connection.execute(_of(query, table.patient_id, only)):
        try:
            found[row.patient_id] = read_prescription(row.document)
        except ValueError:
            continue  # of a later program: shown as none here, and as it is on the patient's page
    return found


def _plays(
    connection: Connection, today: date, only: str | None
) -> tuple[dict[str, set[date]], dict[str, list[float]]]:
    since = (today - timedelta(days=_TREND_DAYS)).isoformat()
    query = (
        select(
            plays.c.patient_id,
            plays.c.local_date,
            plays.c.hand,
            plays.c.input_kind,
            case((plays.c.interrupted == 0, plays.c.level)),
        )
        .where(plays.c.local_date >= since, plays.c.patient_id.is_not(None))
        .order_by(plays.c.started_at, plays.c.id)
    )
    days: dict[str, set[str]] = defaultdict(set)
    by_kind: dict[str, dict[tuple[str, str], list[float]]] = defaultdict(dict)
    latest: dict[str, tuple[str, str]] = {}
    # Thousands of rows: what is done with each is what a list of a year's plays takes.
    for patient_id, day, hand, input_kind, level in connection.execute(
        _of(query, plays.c.patient_id, only)
    ):
        days[patient_id].add(day)
        if level is not None:
            latest[patient_id] = kind = (hand, input_kind)
            by_kind[patient_id].setdefault(kind, []).append(level)
    played: dict[str, set[date]] = defaultdict(set)
    for patient_id, own in days.items():
        played[patient_id] = {date.fromisoformat(day) for day in own}
    # The trend is of what they play with now: a keyboard is not a glove.
    levels: dict[str, list[float]] = defaultdict(list)
    for patient_id, kind in latest.items():
        levels[patient_id] = by_kind[patient_id][kind]
    return played, levels


def _answers(connection: Connection, today: date, only: str | None) -> dict[str, list[Answer]]:
    since = (today - timedelta(days=LOOK_BACK_DAYS)).isoformat()
    query = select(check_ins).where(check_ins.c.local_date >= since).order_by(check_ins.c.at)
    found: dict[str, list[Answer]] = defaultdict(list)
    for row in connection.execute(_of(query, check_ins.c.patient_id, only)):
        found[row.patient_id].append(
            Answer(
                day=date.fromisoformat(row.local_date),
                pain=row.pain,
                sharp=row.sharp,
                new_signs=bool(row.new_signs),
                sore_hours=row.sore_hours,
            )
        )
    return found


def _resting(connection: Connection, only: str | None) -> dict[str, tuple[str, ...]]:
    table = difficulty_states.c
    query = select(table.patient_id, table.state, table.hand).join(
        patients, (patients.c.id == table.patient_id) & (patients.c.hand == table.hand)
    )
    query = query.order_by(table.updated_at)
    found = {}
    for row in connection.execute(_of(query, table.patient_id, only)):
        grips = row.state.get("grips", {}) if isinstance(row.state, dict) else {}
        found[row.patient_id] = tuple(
            grip.label for grip in GRIPS if grips.get(grip.label, {}).get("resting") is True
        )
    return found


def _faults(connection: Connection, today: date, only: str | None) -> dict[str, list[date]]:
    since = (today - timedelta(days=LOOK_BACK_DAYS)).isoformat()
    query = (
        select(plays.c.patient_id, plays.c.id, plays.c.local_date)
        .join(difficulty_changes, difficulty_changes.c.play_id == plays.c.id)
        .where(
            plays.c.local_date >= since,
            plays.c.patient_id.is_not(None),
            difficulty_changes.c.reason == Reason.HELD_FAULT.value,
        )
        .distinct()
    )
    found: dict[str, list[date]] = defaultdict(list)
    for row in connection.execute(_of(query, plays.c.patient_id, only)):
        found[row.patient_id].append(date.fromisoformat(row.local_date))
    return found


def _two_plans(connection: Connection, only: str | None) -> dict[str, date]:
    query = (
        select(audit_log.c.patient_id, func.max(audit_log.c.at).label("at"))
        .where(audit_log.c.action == TWO_PLANS, audit_log.c.patient_id.is_not(None))
        .group_by(audit_log.c.patient_id)
    )
    return {
        row.patient_id: _day(row.at)
        for row in connection.execute(_of(query, audit_log.c.patient_id, only))
    }


def _day(at: Any) -> date:
    return date.fromisoformat(str(at)[:10]) if isinstance(at, str) else at.date()
