"""What is kept around the plays: check-ins, activities, diary, goals, assessments, tests, notes.

One shape for all: a frozen dataclass goes in, and comes out with ``id``, ``at`` (UTC) and ``day``
(the day where it happened) filled in. All are facts, written once. Every function works inside the
transaction it is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, Row, Table, insert, select

from game.records.errors import RecordsError
from game.records.identifiers import new_identifier
from game.records.moments import Moment, day_of
from game.records.plays import HANDS
from game.records.schema_sessions import (
    activities,
    assessments,
    check_ins,
    diary,
    goal_closings,
    goals,
    notes,
    outcome_tests,
)

CheckInMoment = Literal["before", "between", "after", "next day"]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What the store knows of every fact: empty until it was kept."""

    id: str = ""
    at: datetime | None = None
    day: date | None = None


@dataclass(frozen=True)
class CheckInKept(Fact):
    """Answers to one check-in; ``pain`` and ``fatigue`` 0 to 10, None where it was not asked.

    ``new_signs`` names what is new (numbness, swelling, a wound), ``sore_hours`` is how long the
    hand was sore after the last session.
    """

    when: CheckInMoment
    pain: int | None = None
    fatigue: int | None = None
    sharp: bool = False
    new_signs: tuple[str, ...] = ()
    skin_ok: bool | None = None
    sore_hours: float | None = None
    session_id: str | None = None

    def __post_init__(self) -> None:
        if self.when not in ("before", "between", "after", "next day"):
            raise ValueError(f"there is no check-in “{self.when}”")
        for name in ("pain", "fatigue"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 10:
                raise ValueError(f"{name} is a number from 0 to 10, not {value}")


@dataclass(frozen=True)
class Activity(Fact):
    """Something done beside the songs: ``sets`` of ``amount``, in ``seconds``.

    ``kind`` is exercise, task, mirror, mental, assisted, warm-up or cool-down; ``form`` easier,
    usual, harder, or empty.
    """

    kind: str
    name: str
    form: str = ""
    sets: int = 0
    amount: int = 0
    seconds: float = 0.0
    session_id: str | None = None


@dataclass(frozen=True)
class DiaryEntry(Fact):
    """What the patient says of a day: how the hand felt, and what worked."""

    felt: str
    worked: str


@dataclass(frozen=True)
class Goal(Fact):
    """Something the patient wants to be able to do, and in which area of life.

    ``closed_at`` and ``reached`` are None while it is open.
    """

    words: str
    area: str
    closed_at: datetime | None = None
    closed_on: date | None = None
    reached: bool | None = None


@dataclass(frozen=True)
class Assessed(Fact):
    """An assessment by the game; ``result`` in the unit of its ``kind``, ``document`` the rest.

    ``kind`` is speed, dexterity, tapping or paced-tapping.
    """

    kind: str
    hand: str
    input_kind: str
    document: Mapping[str, Any] = field(default_factory=dict)
    result: float | None = None
    play_id: str | None = None
    session_id: str | None = None

    def __post_init__(self) -> None:
        _checked_hand(self.hand)


@dataclass(frozen=True)
class OutcomeTest(Fact):
    """A test done by staff and typed in, never estimated. ``day`` is when it was done."""

    test: str
    value: float
    unit: str
    hand: str
    author: str

    def __post_init__(self) -> None:
        _checked_hand(self.hand)


@dataclass(frozen=True)
class Note(Fact):
    """A therapist's words."""

    author: str
    words: str


def _checked_hand(hand: str) -> None:
    if hand not in HANDS:
        raise ValueError(f"a hand is “left” or “right”, not “{hand}”")


_TABLES: dict[type[Fact], Table] = {
    CheckInKept: check_ins,
    Activity: activities,
    DiaryEntry: diary,
    Goal: goals,
    Assessed: assessments,
    OutcomeTest: outcome_tests,
    Note: notes,
}

#: Where a field is kept under another name; ``day`` is the local date.
_COLUMNS = {"when": "moment", "day": "local_date"}

_OWN = {"closed_at", "closed_on", "reached"}

F = TypeVar("F", bound=Fact)


def keep(connection: Connection, patient_id: str, fact: F, moment: Moment) -> F:
    """Write ``fact``; returns it as it is kept. A ``day`` it has is the one it speaks of."""
    row: dict[str, Any] = {
        _COLUMNS.get(f.name, f.name): _plain(getattr(fact, f.name))
        for f in fields(fact)
        if f.name not in _OWN
    }
    row.update(
        id=new_identifier(moment.at),
        patient_id=patient_id,
        at=moment.at,
        local_date=moment.local_date if fact.day is None else fact.day.isoformat(),
    )
    table = _TABLES[type(fact)]
    connection.execute(insert(table), row)
    (kept,) = _read(connection, type(fact), table.c.id == row["id"])
    return kept


def kept_facts(
    connection: Connection, kind: type[F], patient_id: str, since: date | None = None
) -> list[F]:
    """The patient's facts of one kind, the latest first; from a local day on, if asked for."""
    table = _TABLES[kind]
    conditions = [table.c.patient_id == patient_id]
    if since is not None:
        conditions.append(table.c.local_date >= since.isoformat())
    return _read(connection, kind, *conditions)


def close_goal(connection: Connection, goal_id: str, reached: bool, moment: Moment) -> None:
    """Write that a goal was reached, or given up. Raises RecordsError if it is closed already."""
    known = connection.execute(select(goals.c.id).where(goals.c.id == goal_id)).first()
    closed = connection.execute(
        select(goal_closings.c.goal_id).where(goal_closings.c.goal_id == goal_id)
    ).first()
    if known is None or closed is not None:
        raise RecordsError(
            f"there is no goal {goal_id}" if known is None else "this goal is closed already"
        )
    connection.execute(
        insert(goal_closings),
        {
            "goal_id": goal_id,
            "at": moment.at,
            "local_date": moment.local_date,
            "reached": bool(reached),
        },
    )


def _read(connection: Connection, kind: type[F], *conditions: Any) -> list[F]:
    table = _TABLES[kind]
    query = select(table)
    if kind is Goal:
        query = query.add_columns(
            goal_closings.c.at.label("closed_at"),
            goal_closings.c.local_date.label("closed_on"),
            goal_closings.c.reached,
        ).select_from(goals.outerjoin(goal_closings))
    query = query.where(*conditions).order_by(
        table.c.local_date.desc(), table.c.at.desc(), table.c.id.desc()
    )
    return [_fact(kind, row) for row in connection.execute(query)]


def _fact(kind: type[F], row: Row[Any]) -> F:
    values = {f.name: getattr(row, _COLUMNS.get(f.name, f.name)) for f in fields(kind)}
    values["day"] = day_of(values["day"])
    if values.get("closed_on") is not None:
        values["closed_on"] = day_of(values["closed_on"])
    if "new_signs" in values:
        values["new_signs"] = tuple(values["new_signs"])
    return kind(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        # What was typed or dictated may hold what is no text; PostgreSQL knows no NUL.
        return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
    if isinstance(value, tuple):
        return [str(one) for one in value]
    return dict(value) if isinstance(value, Mapping) else value
