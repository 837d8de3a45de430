"""Who is on track and who needs a look, and why. Pure: what was kept lately in, reasons out.

The figures are defaults of ours, not findings; a therapist decides. They are set so that a look is
asked for while a small change still helps, and that a good week is left in peace.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from typing import Any

#: Days looked back over; a plan's first days are too few to miss any.
LOOK_BACK_DAYS = 14
FIRST_DAYS = 4
#: Missed: fewer than this share of the days that were planned.
KEPT_SHARE = 0.6
#: Or nothing at all for so many days.
AWAY_DAYS = 7

PAIN = 5
PAIN_DAYS = 7
#: Sore for longer than a day after a session.
SORE_HOURS = 24

#: Falling: the last plays' level this much below that of those before, in octaves (19 %).
LEVEL_FALL = 0.25
_LATEST, _BEFORE = 4, 8

GLOVE_DAYS = 7
GLOVE_PLAYS = 2


class Why(StrEnum):
    """Reasons for a look, the most pressing first."""

    NEW_SIGNS = "new signs"
    PAIN = "pain"
    SORE = "sore"
    FALLING = "falling level"
    RESTING = "resting grip"
    MISSED = "missed days"
    AWAY = "away"
    GLOVE = "glove trouble"
    TWO_PLANS = "two plans"
    REVIEW = "review"
    NO_PLAN = "no plan"


@dataclass(frozen=True)
class Answer:
    """A check-in: the local day, pain 0 to 10 (None: not asked), and what else was said."""

    day: date
    pain: int | None = None
    sharp: bool = False
    new_signs: bool = False
    sore_hours: float | None = None


@dataclass(frozen=True)
class Lately:
    """What is known of a patient's last weeks.

    ``plan_start`` and ``review`` are of the present plan (None: there is none), ``days_a_week``
    as planned. ``played`` are local days with a play. ``levels`` are of plays that adapted, oldest
    first, of one hand and kind of input, in octaves. ``resting`` are names of grips; ``glove_days``
    days of plays in which the glove was at fault; ``two_plans`` the day on which two people
    changed the plan at once (None: never).
    """

    plan_start: date | None = None
    review: date | None = None
    days_a_week: int = 5
    played: frozenset[date] = frozenset()
    answers: tuple[Answer, ...] = ()
    levels: tuple[float, ...] = ()
    resting: tuple[str, ...] = ()
    glove_days: tuple[date, ...] = ()
    two_plans: date | None = None


@dataclass(frozen=True)
class Reason:
    """One reason, with the figures that its words need."""

    why: Why
    values: dict[str, Any]


def reasons(lately: Lately, today: date) -> tuple[Reason, ...]:
    """Why this patient needs a look today; nothing if they are on track."""
    found = [
        *_said(lately.answers, today),
        *_falling(lately.levels),
        *([Reason(Why.RESTING, {"grips": lately.resting})] if lately.resting else []),
        *_days(lately, today),
        *_glove(lately.glove_days, today),
        *_plan(lately, today),
    ]
    order = list(Why)
    return tuple(sorted(found, key=lambda reason: order.index(reason.why)))


def planned_days(lately: Lately, today: date) -> int:
    """How many of the days looked back over were days to practise, by the plan."""
    if lately.plan_start is None:
        return 0
    # Today is not over yet.
    days = min(LOOK_BACK_DAYS, (today - lately.plan_start).days)
    return max(0, round(days * lately.days_a_week / 7))


def kept_days(lately: Lately, today: date) -> int:
    """On how many of them there was a play."""
    if lately.plan_start is None:
        return 0
    since = max(lately.plan_start, today - timedelta(days=LOOK_BACK_DAYS))
    return sum(since <= day < today for day in lately.played)


def _said(answers: Sequence[Answer], today: date) -> list[Reason]:
    since = today - timedelta(days=PAIN_DAYS)
    lately = [answer for answer in answers if since <= answer.day <= today]
    found = []
    signs = [a.day for a in lately if a.new_signs]
    if signs:
        found.append(Reason(Why.NEW_SIGNS, {"day": max(signs)}))
    worst = max((a.pain for a in lately if a.pain is not None), default=0)
    sharp = [a.day for a in lately if a.sharp]
    if worst >= PAIN or sharp:
        found.append(Reason(Why.PAIN, {"pain": worst, "sharp": bool(sharp)}))
    sore = max((a.sore_hours for a in lately if a.sore_hours is not None), default=0.0)
    if sore > SORE_HOURS:
        found.append(Reason(Why.SORE, {"hours": round(sore)}))
    return found


def _falling(levels: Sequence[float]) -> list[Reason]:
    latest, before = levels[-_LATEST:], levels[-_LATEST - _BEFORE : -_LATEST]
    # A day may go badly: as many as that on both sides, or it is not a trend.
    if len(latest) < _LATEST or len(before) < _LATEST:
        return []
    fall = median(before) - median(latest)
    if fall < LEVEL_FALL:
        return []
    return [Reason(Why.FALLING, {"percent": round((1 - 2**-fall) * 100)})]


def _days(lately: Lately, today: date) -> list[Reason]:
    if lately.plan_start is None or (today - lately.plan_start).days < FIRST_DAYS:
        return []
    planned, kept = planned_days(lately, today), kept_days(lately, today)
    last = max((day for day in lately.played if day <= today), default=lately.plan_start)
    away = (today - last).days
    if away >= AWAY_DAYS:
        return [Reason(Why.AWAY, {"days": away})]
    if planned and kept < KEPT_SHARE * planned:
        return [Reason(Why.MISSED, {"kept": kept, "planned": planned})]
    return []


def _glove(days: Sequence[date], today: date) -> list[Reason]:
    since = today - timedelta(days=GLOVE_DAYS)
    plays = sum(since <= day <= today for day in days)
    return [Reason(Why.GLOVE, {"plays": plays})] if plays >= GLOVE_PLAYS else []


def _plan(lately: Lately, today: date) -> list[Reason]:
    found = []
    if lately.two_plans is not None and (today - lately.two_plans).days <= LOOK_BACK_DAYS:
        found.append(Reason(Why.TWO_PLANS, {}))
    if lately.plan_start is None:
        found.append(Reason(Why.NO_PLAN, {}))
    elif lately.review is not None and lately.review <= today:
        found.append(Reason(Why.REVIEW, {"day": lately.review}))
    return found
