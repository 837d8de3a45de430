"""Sittings as they are kept: an opening, an event at every change of stage, one closing.

The state as it stands is the document of the latest event, so a killed process is taken up where
it was. Every function works inside the transaction it is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from game.records.errors import RecordsError
from game.records.identifiers import new_identifier
from game.records.moments import Moment, day_of
from game.records.plays import at_the_station
from game.records.schema_sessions import session_closings, session_events, sessions


@dataclass(frozen=True)
class KeptSession:
    """A sitting. ``document`` is its state as it stands, ``who`` whose it was
    (:class:`game.therapy.session.Who`). Until it is closed ``ended_at`` and ``ended`` are None, and
    the figures nothing. ``day_kept``: it counts as a day of the plan that was kept.
    """

    id: str
    patient_id: str
    started_at: datetime
    local_date: date
    hand: str
    who: str
    document: Mapping[str, Any]
    ended_at: datetime | None = None
    ended: str | None = None
    flags: tuple[str, ...] = ()
    play_us: int = 0
    repetitions: int = 0
    day_kept: bool = False


@dataclass(frozen=True)
class SessionClosing:
    """How a sitting ended: why, flags for the therapist, what was played and pressed in it."""

    ended: str
    flags: tuple[str, ...]
    play_us: int
    repetitions: int
    day_kept: bool
    document: Mapping[str, Any]


def open_session(
    connection: Connection,
    patient_id: str,
    moment: Moment,
    hand: str,
    who: str,
    document: Mapping[str, Any],
) -> KeptSession:
    """Write the opening."""
    session_id = new_identifier(moment.at)
    connection.execute(
        insert(sessions),
        {
            "id": session_id,
            "patient_id": patient_id,
            "started_at": moment.at,
            "utc_offset_s": moment.utc_offset_s,
            "local_date": moment.local_date,
            "hand": hand,
            "who": str(who),
            "document": dict(document),
        },
    )
    return _session(connection, session_id)


def note_session(
    connection: Connection, session_id: str, moment: Moment, document: Mapping[str, Any], kind: str
) -> None:
    """Write the state as it stands now. Raises RecordsError for a sitting that is over."""
    _still_open(connection, session_id)
    last = connection.execute(
        select(func.max(session_events.c.sequence)).where(session_events.c.session_id == session_id)
    ).scalar_one()
    connection.execute(
        insert(session_events),
        {
            "id": new_identifier(moment.at),
            "session_id": session_id,
            "sequence": 0 if last is None else last + 1,
            "at": moment.at,
            "kind": str(kind),
            "document": dict(document),
        },
    )


def close_session(
    connection: Connection, session_id: str, moment: Moment, closing: SessionClosing
) -> KeptSession:
    """Write the closing. Raises RecordsError for a sitting that is over."""
    _still_open(connection, session_id)
    connection.execute(
        insert(session_closings),
        {
            "session_id": session_id,
            "ended_at": moment.at,
            "ended": str(closing.ended),
            "flags": [str(flag) for flag in closing.flags],
            "play_us": int(closing.play_us),
            "repetitions": int(closing.repetitions),
            "day_kept": bool(closing.day_kept),
            "document": dict(closing.document),
        },
    )
    return _session(connection, session_id)


def sessions_of(
    connection: Connection, patient_id: str, since: date | None, limit: int | None
) -> list[KeptSession]:
    """The patient's sittings, the latest first."""
    query = _query().where(sessions.c.patient_id == patient_id)
    if since is not None:
        query = query.where(sessions.c.local_date >= since.isoformat())
    query = query.order_by(sessions.c.started_at.desc(), sessions.c.id.desc()).limit(limit)
    return _kept(connection, connection.execute(query).all())


def open_session_of(connection: Connection, patient_id: str) -> KeptSession | None:
    """The patient's latest sitting that was not closed."""
    query = (
        _query()
        .where(sessions.c.patient_id == patient_id, session_closings.c.session_id.is_(None))
        .order_by(sessions.c.started_at.desc(), sessions.c.id.desc())
        .limit(1)
    )
    return next(iter(_kept(connection, connection.execute(query).all())), None)


def _query() -> Any:
    closing = session_closings.c
    return select(
        sessions,
        closing.ended_at,
        closing.ended,
        closing.flags,
        closing.play_us,
        closing.repetitions,
        closing.day_kept,
        closing.document.label("last_document"),
    ).select_from(sessions.outerjoin(session_closings))


def _session(connection: Connection, session_id: str) -> KeptSession:
    rows = connection.execute(_query().where(sessions.c.id == session_id)).all()
    if not rows:
        raise RecordsError(f"there is no session {session_id}")
    return _kept(connection, rows)[0]


def _still_open(connection: Connection, session_id: str) -> None:
    kept = _session(connection, session_id)
    if kept.ended_at is not None:
        raise RecordsError(f"the session {session_id} is over; nothing was changed")


def _kept(connection: Connection, rows: Sequence[Row[Any]]) -> list[KeptSession]:
    latest = _latest_documents(connection, [row.id for row in rows if row.ended_at is None])
    return [
        KeptSession(
            id=row.id,
            patient_id=row.patient_id,
            started_at=at_the_station(row.started_at, row.utc_offset_s),
            local_date=day_of(row.local_date),
            hand=row.hand,
            who=row.who,
            document=(
                latest.get(row.id, row.document) if row.ended_at is None else row.last_document
            ),
            ended_at=None
            if row.ended_at is None
            else at_the_station(row.ended_at, row.utc_offset_s),
            ended=row.ended,
            flags=tuple(row.flags or ()),
            play_us=row.play_us or 0,
            repetitions=row.repetitions or 0,
            day_kept=bool(row.day_kept),
        )
        for row in rows
    ]


def _latest_documents(connection: Connection, ids: Sequence[str]) -> dict[str, Any]:
    """The document of the latest event of each of these open sittings, of which there are few."""
    found = {}
    for session_id in ids:
        query = (
            select(session_events.c.document)
            .where(session_events.c.session_id == session_id)
            .order_by(session_events.c.sequence.desc())
            .limit(1)
        )
        for document in connection.execute(query).scalars():
            found[session_id] = document
    return found
