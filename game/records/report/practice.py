"""Plan against done: pinches and minutes day by day, and week by week beside the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from game.core.grips import ACROSS_THE_HAND
from game.records.plays import PlaySummary
from game.records.prescriptions import KeptPrescription


@dataclass(frozen=True)
class Day:
    """One day: plays, minutes of play, and pinches; ``counted`` per grip in the order of the hand.

    A day without play has zeros.
    """

    day: date
    plays: int
    minutes: float
    counted: tuple[int, ...]
    repetitions: int


@dataclass(frozen=True)
class Week:
    """One week from Monday: what was planned (None: no plan then) and what was done.

    ``days_in_period`` is how many of its days the report covers: a plan of a week that is only
    partly covered is not compared day by day.
    """

    monday: date
    days_in_period: int
    planned_days: int | None
    planned_minutes: int | None
    done_days: int
    done_minutes: float
    counted: int


def days_of(plays: Sequence[PlaySummary], first: date, last: date) -> tuple[Day, ...]:
    """Every day from ``first`` to ``last``, with the plays of that local day."""
    by_day: dict[date, list[PlaySummary]] = {}
    for play in plays:
        by_day.setdefault(play.local_date, []).append(play)
    days = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        of_day = by_day.get(day, [])
        days.append(
            Day(
                day=day,
                plays=len(of_day),
                minutes=sum(p.duration_us for p in of_day) / 60e6,
                counted=tuple(sum(p.of_grip(g).counted for p in of_day) for g in ACROSS_THE_HAND),
                repetitions=sum(p.repetitions for p in of_day),
            )
        )
    return tuple(days)


def weeks_of(
    days: Sequence[Day], plans: Sequence[KeptPrescription], first: date, last: date
) -> tuple[Week, ...]:
    """The weeks that ``days`` lie in; the plan of a week is the one that held at its end."""
    weeks: dict[date, list[Day]] = {}
    for day in days:
        weeks.setdefault(day.day - timedelta(days=day.day.weekday()), []).append(day)
    rows = []
    for monday, of_week in weeks.items():
        sunday = monday + timedelta(days=6)
        held = [
            p.prescription
            for p in plans
            if p.created_at.astimezone().date() <= min(sunday, last)
            and p.prescription.start <= sunday
        ]
        plan = held[-1] if held else None
        rows.append(
            Week(
                monday=monday,
                days_in_period=len(of_week),
                planned_days=None if plan is None else plan.days,
                planned_minutes=None if plan is None else plan.days * plan.minutes,
                done_days=sum(1 for d in of_week if d.plays),
                done_minutes=sum(d.minutes for d in of_week),
                counted=sum(sum(d.counted) for d in of_week),
            )
        )
    return tuple(rows)
