"""Plays whose process died: closed at the next start, with what they counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from game.records.judged import asked_targets, judged_play
from game.records.owners import is_ours, owner_lock
from game.records.play_rows import has_patient, has_play, insert_play
from game.records.plays import DifficultyChange, PlayRecord, PlayStart
from game.records.schema import journal, open_plays
from game.records.store import Store
from game.records.writer import Chunk


@dataclass(frozen=True)
class ClosedPlays:
    """What :func:`close_interrupted` did.

    ``kept`` are the identifiers of plays that were kept, ``empty`` how many had counted nothing
    and were let go, ``problems`` sentences about those that could not be read, which stay.
    """

    kept: tuple[str, ...] = ()
    empty: int = 0
    problems: tuple[str, ...] = ()


def close_interrupted(store: Store) -> ClosedPlays:
    """Close the plays in ``store`` whose process died, each judged as far as its journal goes.

    A play that still runs, here or in another process, is known by its writer's lock and left
    alone. Raises RecordsError if the database cannot be used.
    """
    with store.reading() as connection:
        owners = connection.execute(select(open_plays.c.owner).distinct()).scalars().all()
    kept: list[str] = []
    empty = 0
    problems: list[str] = []
    for owner in owners:
        if not is_ours(store, owner):
            continue
        lock = owner_lock(store, owner)
        lock.path.parent.mkdir(mode=0o700, exist_ok=True)
        with lock:
            if not lock.acquire():
                continue
            with store.reading() as connection:
                rows = _open_plays_of(connection, owner)
            known_problems = len(problems)
            for row in rows:
                try:
                    if _close(store, row.id):
                        kept.append(row.id)
                    else:
                        empty += 1
                except (ValueError, KeyError, TypeError) as error:
                    problems.append(
                        f"the interrupted play {row.id} could not be read and was left: {error}"
                    )
        if len(problems) == known_problems:
            lock.remove()
    return ClosedPlays(tuple(kept), empty, tuple(problems))


def _open_plays_of(connection: Connection, owner: str) -> Sequence[Row[Any]]:
    query = select(open_plays.c.id).where(open_plays.c.owner == owner)
    return connection.execute(query.order_by(open_plays.c.id)).all()


def _close(store: Store, play_id: str) -> bool:
    """Fold one journal into a play; False if there was nothing to keep."""
    with store.reading() as connection:
        opened = connection.execute(
            select(open_plays).where(open_plays.c.id == play_id)
        ).one_or_none()
        if opened is None:  # the patient was erased a moment ago
            return False
        blocks = connection.execute(
            select(journal.c.chunk).where(journal.c.play_id == play_id).order_by(journal.c.sequence)
        ).scalars()
        whole = Chunk()
        for block in blocks:
            whole.add(Chunk.decode(block))
    # Judged outside the transaction: a cold judge takes seconds, and others want to write.
    record = _judged(PlayStart.from_opening(opened.opening), whole)
    changes = [DifficultyChange(**document) for document in whole.changes]
    with store.writing() as connection:
        connection.execute(delete(open_plays).where(open_plays.c.id == play_id))
        known = record.patient_id is None or has_patient(connection, record.patient_id)
        worth_keeping = known and bool(len(record.targets) or record.repetitions)
        if worth_keeping and not has_play(connection, play_id):
            insert_play(connection, record, changes, whole.state, store.clock())
    return worth_keeping


def _judged(start: PlayStart, whole: Chunk) -> PlayRecord:
    arrays = whole.arrays()
    reached_us = whole.reached_us or 0
    return judged_play(
        start,
        targets=asked_targets(arrays["targets"], arrays["edges"], start.window, reached_us),
        edges=arrays["edges"],
        raw_edges=arrays["raw_edges"],
        segments=whole.segments or (),
        duration_us=reached_us,
        interrupted=True,
        x_after=None if whole.state is None else float(whole.state["x"]),
        events=whole.events,
    )
