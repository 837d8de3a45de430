"""Whoever was erased in one place is erased in all, and the traces of their facts with them."""

from datetime import datetime

from sqlalchemy import Connection, Table, and_, delete, exists, insert, select

from game.records.fact_kinds import KINDS
from game.records.identifiers import tombstone
from game.records.schema import erased, patients
from game.records.schema_clinic import outbox, received


def erase_by_digest(connection: Connection, digest: str, now: datetime) -> bool:
    """Erase the patient whose identifier has this hash; whether there was one.

    The hash is kept either way, so that no late delivery brings them back.
    """
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        return False
    if connection.execute(select(erased.c.digest).where(erased.c.digest == digest)).first():
        return False
    connection.execute(insert(erased), {"digest": digest, "erased_at": now})
    for patient_id in connection.execute(select(patients.c.id)).scalars().all():
        if tombstone(patient_id) == digest:
            connection.execute(delete(patients).where(patients.c.id == patient_id))
            forget_what_is_gone(connection)
            return True
    return False


def forget_what_is_gone(connection: Connection) -> None:
    """Take identifiers of facts that are no more out of what was sent and received: they tell when
    somebody played."""
    for table in (outbox, received):
        for kind in KINDS.values():
            _forget(connection, table, kind.name)


def _forget(connection: Connection, table: Table, name: str) -> None:
    kind = KINDS[name]
    there = exists().where(kind.key == table.c.id)
    connection.execute(delete(table).where(and_(table.c.kind == name, ~there)))
