"""A station's outbox: every fact of its records, once, until the server said that it has it.

The outbox is filled by looking for facts that are not in it, not by whoever writes them: so no part
of the game can forget to, a crash between two steps loses nothing, and records from before the
station was paired go along.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, func, insert, select, update

from game.clinic.sync import forms
from game.records.errors import RecordsError
from game.records.fact_kinds import KINDS
from game.records.facts import content_digest, fact
from game.records.schema_clinic import outbox
from game.records.types import to_json


@dataclass(frozen=True)
class Waiting:
    """A fact on its way: its place in the outbox, kind, identifier, digest and content."""

    sequence: int
    kind: str
    id: str
    digest: str
    fact: dict[str, Any]

    def document(self) -> dict[str, Any]:
        """As it is sent."""
        return {"kind": self.kind, "digest": self.digest, "fact": self.fact}


def queue_new(connection: Connection, now: datetime, most: int = 500) -> int:
    """Put facts that are not in the outbox into it, parents first; how many."""
    sequence = connection.execute(select(func.max(outbox.c.sequence))).scalar_one() or 0
    queued = 0
    for kind in KINDS.values():
        if queued >= most:
            break
        there = exists().where(and_(outbox.c.kind == kind.name, outbox.c.id == kind.key))
        query = select(kind.key).where(~there).order_by(*kind.order).limit(most - queued)
        for id in connection.execute(query).scalars().all():
            sequence, queued = sequence + 1, queued + 1
            connection.execute(
                insert(outbox),
                {
                    "sequence": sequence,
                    "kind": kind.name,
                    "id": id,
                    "digest": content_digest(fact(connection, kind.name, id)),
                    "queued_at": now,
                    "sent_at": None,
                },
            )
    return queued


def anything_new(connection: Connection) -> bool:
    """Whether there is a fact that was not queued, or one that was not sent."""
    if waiting_count(connection):
        return True
    for kind in KINDS.values():
        there = exists().where(and_(outbox.c.kind == kind.name, outbox.c.id == kind.key))
        if connection.execute(select(kind.key).where(~there).limit(1)).first() is not None:
            return True
    return False


def waiting_count(connection: Connection) -> int:
    """How many facts the server has not acknowledged."""
    return connection.execute(select(func.count()).where(outbox.c.sent_at.is_(None))).scalar_one()


def next_batch(connection: Connection, after: int, most: int = forms.MOST_FACTS) -> list[Waiting]:
    """The next facts that wait behind the place ``after``, at most ``most``, and not too large."""
    rows = connection.execute(
        select(outbox)
        .where(outbox.c.sent_at.is_(None), outbox.c.sequence > after)
        .order_by(outbox.c.sequence)
        .limit(most)
    ).all()
    batch: list[Waiting] = []
    size = 0
    for row in rows:
        try:
            document = fact(connection, row.kind, row.id)
        except RecordsError:
            continue  # erased here meanwhile: `drop_gone` takes it out
        size += len(to_json(document))
        if batch and size > forms.MOST_BATCH_BYTES:
            break
        batch.append(Waiting(row.sequence, row.kind, row.id, content_digest(document), document))
    return batch


def acknowledge(connection: Connection, sequences: list[int], now: datetime) -> None:
    """The server has these, or will never take them."""
    if sequences:
        connection.execute(
            update(outbox).where(outbox.c.sequence.in_(sequences)).values(sent_at=now)
        )


def came_from_server(
    connection: Connection, kind: str, id: str, digest: str, now: datetime
) -> None:
    """A fact that was pulled need not be pushed."""
    there = connection.execute(
        select(outbox.c.sequence).where(outbox.c.kind == kind, outbox.c.id == id)
    ).first()
    if there is None:
        sequence = connection.execute(select(func.max(outbox.c.sequence))).scalar_one() or 0
        connection.execute(
            insert(outbox),
            {
                "sequence": sequence + 1,
                "kind": kind,
                "id": id,
                "digest": digest,
                "queued_at": now,
                "sent_at": now,
            },
        )


def drop_gone(connection: Connection) -> None:
    """Take out what waits and is no more: its patient was erased here."""
    for kind in KINDS.values():
        there = exists().where(kind.key == outbox.c.id)
        connection.execute(
            delete(outbox).where(
                and_(outbox.c.kind == kind.name, outbox.c.sent_at.is_(None), ~there)
            )
        )
