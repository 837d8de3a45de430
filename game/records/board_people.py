"""From the kept plays to the people on the boards."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from game.records.boards import BASELINE_PLAYS, TEAM_DAYS, BoardPlay, Person, Week
from game.records.patients import shown_name
from game.records.schema import patients, plays


def board_people(connection: Connection, day: date) -> list[Person]:
    """Those who chose the boards and are not hidden, with what the boards of ``day``'s week need.

    That is all plays of the week, and of each hand and kind of input the last few with a level
    before it.
    """
    week = Week.of(day)
    first, last = week.first_day.isoformat(), week.last_day.isoformat()
    lately = (week.first_day - timedelta(days=TEAM_DAYS)).isoformat()
    chosen = and_(patients.c.on_board == 1, patients.c.board_hidden == 0)
    of_the_shown = plays.join(patients, patients.c.id == plays.c.patient_id)
    has_level = and_(plays.c.level.is_not(None), plays.c.interrupted == 0)

    this_week = (
        select(plays.c.id)
        .select_from(of_the_shown)
        .where(chosen, plays.c.local_date.between(first, last))
    )
    from_latest = (
        func.row_number()
        .over(
            partition_by=(plays.c.patient_id, plays.c.hand, plays.c.input_kind),
            order_by=(plays.c.started_at.desc(), plays.c.id.desc()),
        )
        .label("from_latest")
    )
    before = (
        select(plays.c.id, from_latest)
        .select_from(of_the_shown)
        .where(chosen, has_level, plays.c.local_date < first)
        .subquery()
    )
    needed = select(before.c.id).where(before.c.from_latest <= BASELINE_PLAYS)
    rows = connection.execute(
        select(plays)
        .where(or_(plays.c.id.in_(this_week), plays.c.id.in_(needed)))
        .order_by(plays.c.started_at, plays.c.id)
    )
    of_patient: dict[str, list[BoardPlay]] = {}
    for row in rows:
        of_patient.setdefault(row.patient_id, []).append(_board_play(row))

    last_played = dict(
        connection.execute(
            select(plays.c.patient_id, func.max(plays.c.local_date))
            .select_from(of_the_shown)
            .where(chosen, plays.c.local_date.between(lately, last))
            .group_by(plays.c.patient_id)
        ).all()
    )
    return [
        Person(
            id=row.id,
            name=shown_name(row.nickname, row.picture),
            picture=row.picture,
            plays=tuple(of_patient.get(row.id, ())),
            last_played=date.fromisoformat(last_played[row.id]) if row.id in last_played else None,
        )
        for row in connection.execute(select(patients).where(chosen).order_by(patients.c.code_key))
    ]


def _board_play(row: Row[Any]) -> BoardPlay:
    return BoardPlay(
        day=date.fromisoformat(row.local_date),
        song_key=row.song_key,
        song_title=row.song_title,
        hand=row.hand,
        input_kind=row.input_kind,
        counted=row.counted,
        level=None if row.interrupted else row.level,
    )
