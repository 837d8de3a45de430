"""Patients as rows: found by code, changed, and every version of them kept.

Every function works inside the transaction it is given.
"""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from game.records.errors import RecordsError
from game.records.identifiers import new_identifier
from game.records.patients import PICTURES, Patient, code_key, unknown_patient
from game.records.schema import patient_versions, patients


def patient_of(row: Row[Any]) -> Patient:
    """The patient of a row."""
    return Patient(**{f.name: getattr(row, f.name) for f in fields(Patient)})


def patient_row(connection: Connection, code: str) -> Row[Any]:
    """The row of this code, capitals or not. Raises RecordsError, naming near matches."""
    if not code.isprintable():  # bytes that are no text never were a code, nor can they be asked
        raise RecordsError(f"there is no patient {code!a}; see griptune patient list")
    row = connection.execute(
        select(patients).where(patients.c.code_key == code_key(code))
    ).one_or_none()
    if row is None:
        codes = connection.execute(select(patients.c.code).order_by(patients.c.code_key))
        raise unknown_patient(code, codes.scalars())
    return row


def patient_id_of(connection: Connection, code: str) -> str:
    """The identifier of the patient of this code."""
    return str(patient_row(connection, code).id)


def insert_patient(connection: Connection, patient: Patient) -> None:
    """Take in a patient. The first version has the patient's own identifier."""
    row = {f.name: getattr(patient, f.name) for f in fields(Patient)}
    connection.execute(insert(patients), {**row, "code_key": code_key(patient.code)})
    _put_version(connection, patient, patient.id, patient.created_at)


def change_patient(
    connection: Connection, patient_id: str, now: datetime, **values: Any
) -> Patient:
    """Change columns of a patient; what they became is a new version, if anything changed."""
    this = patients.c.id == patient_id
    before = patient_of(connection.execute(select(patients).where(this)).one())
    connection.execute(update(patients).where(this).values(**values))
    after = patient_of(connection.execute(select(patients).where(this)).one())
    if after != before:
        _put_version(connection, after, new_identifier(now), now)
    return after


def free_picture(connection: Connection) -> str:
    """A picture that few others have."""
    counts = dict.fromkeys(PICTURES, 0)
    for picture, count in connection.execute(
        select(patients.c.picture, func.count()).group_by(patients.c.picture)
    ):
        counts[picture] = count
    return min(PICTURES, key=lambda picture: counts[picture])


def _put_version(connection: Connection, patient: Patient, version_id: str, now: datetime) -> None:
    document: dict[str, Any] = {f.name: getattr(patient, f.name) for f in fields(Patient)}
    document["created_at"] = patient.created_at.isoformat()
    if patient.glove_size is None:  # then an older program can read it as well
        del document["glove_size"]
    last = connection.execute(
        select(func.max(patient_versions.c.version)).where(
            patient_versions.c.patient_id == patient.id
        )
    ).scalar_one()
    connection.execute(
        insert(patient_versions),
        {
            "id": version_id,
            "patient_id": patient.id,
            "version": (last or 0) + 1,
            "document": document,
            "changed_at": now,
        },
    )
