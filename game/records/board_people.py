"""From the kept plays to the people on the boards.

A clinic's board is worked out again whenever somebody played, over millions of plays. So the plays
are read by their day: the week and the weeks just before it are one stretch of the index, which
nearly always holds the last plays of everybody who counts. Only whose do not lie there are asked
for one by one: somebody who came back after months, or changes between hands.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, select, type_coerce

from game.records.boards import (
    BASELINE_PLAYS,
    DAYS_A_WEEK,
    MINUTES_A_DAY,
    TEAM_DAYS,
    BoardPlay,
    Person,
    Week,
)
from game.records.patients import shown_name
from game.records.prescriptions import planned
from game.records.schema import patients, plays
from game.records.types import TEXT

#: So many days before a week hold the last ten plays of whoever plays twice a week.
_NEAR_DAYS = 42

_COLUMNS = (
    plays.c.id,
    plays.c.patient_id,
    type_coerce(plays.c.started_at, TEXT).label("started_at"),  # its order is all that is asked
    plays.c.local_date,
    plays.c.song_key,
    plays.c.song_title,
    plays.c.hand,
    plays.c.input_kind,
    plays.c.counted,
    case((plays.c.interrupted == 0, plays.c.level)).label("level"),
)


def board_people(connection: Connection, day: date) -> list[Person]:
    """Those who chose the boards and are not hidden, with what the boards of ``day``'s week need.

    That is, of those who played in the week or the four weeks before it, all plays of the week and
    the last few with a level before it: of each hand and kind of input that was played in the week,
    and of any. Nobody else counts on any board.
    """
    week = Week.of(day)
    chosen = and_(patients.c.on_board == 1, patients.c.board_hidden == 0)
    return _people(connection, week, chosen, gone_too=False)


def person_on_boards(connection: Connection, patient_id: str, day: date) -> Person:
    """One patient as the boards of ``day``'s week know them, whether they chose the boards or
    not, and however long ago they played."""
    (person,) = _people(connection, Week.of(day), patients.c.id == patient_id, gone_too=True)
    return person


def _people(
    connection: Connection, week: Week, who: ColumnElement[bool], *, gone_too: bool
) -> list[Person]:
    """Those who are ``who``. Of whoever has not played for so long that no board counts them
    nothing is read, unless they are wanted, too (``gone_too``)."""
    last = week.last_day.isoformat()
    lately = (week.first_day - timedelta(days=TEAM_DAYS)).isoformat()
    near = week.first_day - timedelta(days=_NEAR_DAYS)

    of_patient: dict[str, list[Any]] = {}
    rows = connection.execute(
        select(*_COLUMNS)
        .select_from(plays.join(patients, patients.c.id == plays.c.patient_id))
        .where(who, plays.c.local_date.between(near.isoformat(), last))
        .order_by(plays.c.started_at, plays.c.id)
    )
    for row in rows:
        of_patient.setdefault(row.patient_id, []).append(row)
    people = connection.execute(select(patients).where(who).order_by(patients.c.code_key)).all()
    plans = planned(connection)
    found = []
    for person in people:
        minutes, days = plans.get(person.id, (MINUTES_A_DAY, DAYS_A_WEEK))
        own = of_patient.get(person.id, [])
        last_played = max((row.local_date for row in own), default="")
        if last_played < lately and not gone_too:
            own, last_played = [], ""
        needed = _needed(connection, person.id, own, week, near) if own or gone_too else []
        found.append(
            Person(
                id=person.id,
                name=shown_name(person.nickname, person.picture),
                picture=person.picture,
                plays=tuple(_board_play(row) for row in needed),
                last_played=date.fromisoformat(last_played) if last_played else None,
                minutes=minutes * days,
                days=days,
            )
        )
    return found


def _needed(
    connection: Connection, patient_id: str, own: Sequence[Any], week: Week, near: date
) -> list[Any]:
    """The plays of the week and the last with a level before it, in time order; ``own`` are all
    plays of this person since ``near``."""
    first = week.first_day.isoformat()
    this_week = [row for row in own if row.local_date >= first]
    before = [row for row in own if row.local_date < first and row.level is not None]
    needed = {row.id: row for row in this_week}
    earlier_ones = True
    # Any kind first: whoever has nothing earlier of any need not be asked for the others.
    for kind in (None, *dict.fromkeys((row.hand, row.input_kind) for row in this_week)):
        last = [row for row in before if kind in (None, (row.hand, row.input_kind))]
        if len(last) < BASELINE_PLAYS and earlier_ones:
            more = _earlier(connection, patient_id, near, kind, BASELINE_PLAYS - len(last))
            earlier_ones = kind is not None or bool(more)
            last = [*more, *last]
        needed.update((row.id, row) for row in last[-BASELINE_PLAYS:])
    return sorted(needed.values(), key=lambda row: (row.started_at, row.id))


def _earlier(
    connection: Connection, patient_id: str, near: date, kind: tuple[str, str] | None, count: int
) -> list[Any]:
    """The last ``count`` plays with a level before ``near``, in time order."""
    # A day begins up to 14 hours before it does in Greenwich; the index is by the instant.
    not_after = datetime.combine(near, time(), UTC) + timedelta(days=1)
    query = select(*_COLUMNS).where(
        plays.c.patient_id == patient_id,
        plays.c.started_at < not_after,
        plays.c.local_date < near.isoformat(),
        plays.c.level.is_not(None),
        plays.c.interrupted == 0,
    )
    if kind is not None:
        query = query.where(plays.c.hand == kind[0], plays.c.input_kind == kind[1])
    latest = query.order_by(plays.c.started_at.desc(), plays.c.id.desc()).limit(count)
    return list(reversed(connection.execute(latest).all()))


def _board_play(row: Any) -> BoardPlay:
    return BoardPlay(
        day=date.fromisoformat(row.local_date),
        song_key=row.song_key,
        song_title=row.song_title,
        hand=row.hand,
        input_kind=row.input_kind,
        counted=row.counted,
        level=row.level,
    )
