"""Erasing somebody with every trace: their facts, and what was noted of sending those.

All that stays is a hash of their identifier, so that neither a backup nor a late delivery brings
them back. Every function works inside the transaction it is given.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from game.records.fact_kinds import KINDS, of_patient
from game.records.identifiers import tombstone
from game.records.schema import erased, patients
from game.records.schema_clinic import outbox, received


def erase(connection: Connection, patient_id: str, now: datetime) -> None:
    """Erase the patient of this identifier and everything that is kept of them."""
    forget_deliveries(connection, patient_id)
    connection.execute(delete(patients).where(patients.c.id == patient_id))
    connection.execute(insert(erased), {"digest": tombstone(patient_id), "erased_at": now})


def forget_deliveries(connection: Connection, patient_id: str) -> None:
    """Forget what of this patient was sent and received: it is named by identifiers that tell when
    somebody played. What still belongs to somebody afterwards is sent anew."""
    for kind in KINDS.values():
        theirs = of_patient(kind, patient_id).with_only_columns(kind.key)
        for table in (outbox, received):
            connection.execute(
                delete(table).where(table.c.kind == kind.name, table.c.id.in_(theirs))
            )


def erase_by_digest(connection: Connection, digest: str, now: datetime) -> bool:
    """Erase whoever has the identifier with this hash (:func:`tombstone`); whether that is news.

    The hash is kept even where nobody has it. What is no hash is passed over.
    """
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        return False
    if connection.execute(select(erased.c.digest).where(erased.c.digest == digest)).first():
        return False
    for patient_id in connection.execute(select(patients.c.id)).scalars().all():
        if tombstone(patient_id) == digest:
            erase(connection, patient_id, now)
            return True
    connection.execute(insert(erased), {"digest": digest, "erased_at": now})
    return True
