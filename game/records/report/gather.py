"""From the records to the material of a report: one transaction that only reads."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, func, select

from game.records.patient_rows import patient_of, patient_row
from game.records.play_rows import read_plays
from game.records.prescriptions import every_version
from game.records.report.figures import weeks_back
from game.records.report.material import (
    Activity,
    Felt,
    Material,
    Measure,
    Sitting,
    Step,
    measured,
)
from game.records.said_and_done import (
    Activity as KeptActivity,
)
from game.records.said_and_done import (
    Assessed,
    CheckInKept,
    Fact,
    Goal,
    Note,
    OutcomeTest,
    kept_facts,
)
from game.records.schema import difficulty_changes, plays
from game.records.sessions import sessions_of
from game.records.store_base import StoreBase

#: A report speaks of so many weeks if nobody says otherwise: a plan is looked at again by then.
WEEKS = 8

#: Less than this makes no picture of days.
_SHORTEST = timedelta(days=13)

#: What the result of an assessment is measured in.
_UNITS = {"speed": "/s", "dexterity": "/s", "tapping": "/s", "paced-tapping": "CV"}

F = TypeVar("F", bound=Fact)


def gather(
    store: StoreBase,
    code: str,
    *,
    first: date | None = None,
    last: date | None = None,
    software: str = "",
    hand: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Material:
    """What the records say of a patient from ``first`` to ``last``, for one hand.

    Without dates: the last 8 weeks, or since the first play if that is less, two at least. Without
    a hand: the one that trains now. ``progress`` is told how much is read, 0 to 1. Raises
    RecordsError for an unknown code and for plays whose data are damaged.
    """
    now = store.clock().astimezone()
    last = now.date() if last is None else last
    with store.reading() as connection:
        patient = patient_of(patient_row(connection, code))
        hand = patient.hand if hand is None else hand
        first = _since(connection, patient.id, last) if first is None else first
        days = plays.c.local_date.between(first.isoformat(), last.isoformat())
        own = connection.execute(
            select(plays)
            .where(plays.c.patient_id == patient.id, plays.c.hand == hand, days)
            .order_by(plays.c.started_at, plays.c.id)
        ).all()
        others = connection.execute(
            select(func.count())
            .select_from(plays)
            .where(plays.c.patient_id == patient.id, plays.c.hand != hand, days)
        ).scalar_one()
        found = []
        for number, play in enumerate(read_plays(connection, own), start=1):
            # The arrays go: a year of them need not be in memory.
            found.append(measured(play))
            if progress is not None:
                progress(number / len(own))

        def kept(kind: type[F]) -> list[F]:
            facts = kept_facts(connection, kind, patient.id, first)
            return [one for one in reversed(facts) if one.day is not None and one.day <= last]

        return Material(
            patient=patient,
            hand=hand,
            first=first,
            last=last,
            made=now,
            software=software,
            plays=found,
            other_plays=others,
            plans=list(reversed(every_version(connection, patient.id))),
            steps=_steps(connection, patient.id, hand, [row.id for row in own]),
            felt=[_felt(one) for one in kept(CheckInKept)],
            # Their first results may lie long before the period.
            assessments=[
                _assessed(one)
                for one in reversed(kept_facts(connection, Assessed, patient.id))
                if one.day is not None and one.day <= last
            ],
            outcomes=[
                _typed(one)
                for one in reversed(kept_facts(connection, OutcomeTest, patient.id))
                if one.day is not None and one.day <= last
            ],
            sittings=[
                Sitting(
                    one.local_date, one.play_us / 60e6, one.ended or "", one.flags, one.day_kept
                )
                for one in reversed(sessions_of(connection, patient.id, first, None))
                if one.local_date <= last
            ],
            activities=[_activity(one) for one in kept(KeptActivity)],
            notes=[(one.day, one.author, one.words) for one in kept(Note) if one.day is not None],
            goals=[
                (one.words, one.reached)
                for one in reversed(kept_facts(connection, Goal, patient.id))
                if one.day is not None
                and one.day <= last
                and (one.closed_on is None or one.closed_on >= first)
            ],
        )


def _since(connection: Connection, patient_id: str, last: date) -> date:
    earliest = weeks_back(last, WEEKS)
    began = connection.execute(
        select(func.min(plays.c.local_date)).where(plays.c.patient_id == patient_id)
    ).scalar_one()
    if began is None:
        return earliest
    return min(max(earliest, date.fromisoformat(began)), last - _SHORTEST)


def _steps(connection: Connection, patient_id: str, hand: str, play_ids: list[str]) -> list[Step]:
    table = difficulty_changes
    rows = connection.execute(
        select(table.c.play_id, table.c.song_us, table.c.after_x)
        .where(
            table.c.patient_id == patient_id,
            table.c.hand == hand,
            table.c.song_us.is_not(None),
            table.c.play_id.is_not(None),
        )
        .order_by(table.c.changed_at, table.c.sequence)
    )
    wanted = set(play_ids)
    return [Step(row.play_id, row.song_us, row.after_x) for row in rows if row.play_id in wanted]


def _felt(kept: CheckInKept) -> Felt:
    assert kept.at is not None
    assert kept.day is not None
    # The day is the patient's own; the instant only puts the answers in order.
    at = datetime.combine(kept.day, kept.at.time(), kept.at.tzinfo)
    return Felt(
        at=at,
        when=kept.when,
        pain=kept.pain,
        fatigue=kept.fatigue,
        sharp=kept.sharp,
        new_signs=bool(kept.new_signs),
        sitting=kept.session_id,
    )


def _assessed(kept: Assessed) -> Measure:
    assert kept.day is not None
    main = kept.document.get("main")
    main = main if isinstance(main, dict) else {}
    return Measure(
        day=kept.day,
        name=kept.kind,
        low=_bound(main.get("low")),
        high=_bound(main.get("high")),
        hand=kept.hand,
        value=kept.result,
        unit=_UNITS.get(kept.kind, ""),
        input_kind=kept.input_kind,
    )


def _bound(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _typed(kept: OutcomeTest) -> Measure:
    assert kept.day is not None
    return Measure(kept.day, kept.test, kept.hand, kept.value, kept.unit, kept.author)


def _activity(kept: KeptActivity) -> Activity:
    assert kept.day is not None
    return Activity(kept.day, kept.kind, kept.name, kept.seconds)
