"""Prescriptions as the records keep them: every version, who wrote it, when; the last one holds.

Every function works inside the transaction it is given.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select

from game.records.errors import RecordsError
from game.records.identifiers import new_identifier
from game.records.patient_rows import change_patient
from game.records.schema import prescriptions
from game.therapy.prescription import Prescription, read_prescription


@dataclass(frozen=True)
class KeptPrescription:
    """One version of a patient's plan; versions count from 1. ``author`` is who wrote it."""

    version: int
    prescription: Prescription
    author: str
    created_at: datetime


def latest(connection: Connection, patient_id: str) -> KeptPrescription | None:
    """The plan that holds; None if nothing was ever prescribed.

    Raises RecordsError if it was written by a later program and cannot be understood.
    """
    rows = connection.execute(
        select(prescriptions)
        .filter_by(patient_id=patient_id)
        .order_by(prescriptions.c.version.desc())
        .limit(1)
    )
    return next((_kept(row) for row in rows), None)


def planned(connection: Connection) -> dict[str, tuple[int, int]]:
    """Minutes a day and days a week of everybody's plan that holds, by the patient's identifier.

    Who has none, or one of a later program that says neither, is left out.
    """
    table = prescriptions
    newest = (
        select(table.c.patient_id, func.max(table.c.version).label("version"))
        .group_by(table.c.patient_id)
        .subquery()
    )
    rows = connection.execute(
        select(table.c.patient_id, table.c.document).join(
            newest,
            and_(table.c.patient_id == newest.c.patient_id, table.c.version == newest.c.version),
        )
    )
    plans = {
        row.patient_id: (row.document.get("minutes"), row.document.get("days")) for row in rows
    }
    return {
        patient_id: (minutes, days)
        for patient_id, (minutes, days) in plans.items()
        if isinstance(minutes, int) and isinstance(days, int) and minutes > 0 and days > 0
    }


def every_version(connection: Connection, patient_id: str) -> list[KeptPrescription]:
    """All versions, the latest first."""
    rows = connection.execute(
        select(prescriptions)
        .filter_by(patient_id=patient_id)
        .order_by(prescriptions.c.version.desc())
    )
    return [_kept(row) for row in rows]


def add_version(
    connection: Connection,
    patient_id: str,
    prescription: Prescription,
    author: str,
    now: datetime,
    based_on: int | None = None,
) -> KeptPrescription:
    """Write a new version, and make its hand the one the patient trains.

    ``based_on`` is the version the author was looking at (0: none): if another was written
    meanwhile, RecordsError says so and nothing is changed. The same plan twice is one version.
    """
    held = latest(connection, patient_id)
    number = 0 if held is None else held.version
    if based_on is not None and based_on != number:
        raise RecordsError(
            f"the plan was changed meanwhile (version {number}): look at it and change it again"
        )
    if held is not None and held.prescription == prescription:
        return held
    connection.execute(
        insert(prescriptions),
        {
            "id": new_identifier(now),
            "patient_id": patient_id,
            "version": number + 1,
            "document": prescription.document(),
            "author": author,
            "created_at": now,
        },
    )
    change_patient(connection, patient_id, now, hand=prescription.hand)
    return KeptPrescription(number + 1, prescription, author, now)


def _kept(row: Row[Any]) -> KeptPrescription:
    try:
        plan = read_prescription(row.document)
    except ValueError as error:
        raise RecordsError(
            f"version {row.version} of a plan cannot be read ({error}): update Griptune, or "
            "prescribe anew"
        ) from error
    return KeptPrescription(row.version, plan, row.author, row.created_at)
