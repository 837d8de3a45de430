"""Who looked at a patient's records, took them out, or changed them.

Every function works inside the transaction it is given.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from game.records.identifiers import new_identifier
from game.records.schema import patients
from game.records.schema_sessions import audit_log


@dataclass(frozen=True)
class Audited:
    """One line of the log; ``code`` is None where it was nobody's, or of somebody erased."""

    at: datetime
    actor: str
    action: str
    what: str
    code: str | None


def write(
    connection: Connection,
    now: datetime,
    actor: str,
    action: str,
    what: str,
    patient_id: str | None,
) -> None:
    """Write one line. ``what`` must not say who the patient is: it outlives them."""
    connection.execute(
        insert(audit_log),
        {
            "id": new_identifier(now),
            "at": now,
            "actor": actor,
            "action": action,
            "what": what,
            "patient_id": patient_id,
        },
    )


def read(connection: Connection, limit: int | None, patient_id: str | None) -> list[Audited]:
    """The log, the latest first; of one patient, if asked for."""
    query = select(audit_log, patients.c.code).select_from(audit_log.outerjoin(patients))
    if patient_id is not None:
        query = query.where(audit_log.c.patient_id == patient_id)
    query = query.order_by(audit_log.c.at.desc(), audit_log.c.id.desc()).limit(limit)
    return [
        Audited(row.at, row.actor, row.action, row.what, row.code)
        for row in connection.execute(query)
    ]
