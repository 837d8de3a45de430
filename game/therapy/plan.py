"""Today's plan, the days of the week that were kept, goals in the patient's words, milestones.

Rest days are neutral: nothing here counts days in a row, and a day without play is a rest and no
failure. A day on which the rules ordered a stop is a day kept.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from game.core.grips import GRIPS, Grip
from game.core.say import mark
from game.therapy.feedback import ENOUGH_TARGETS
from game.therapy.prescription import Mode, Prescription, Task
from game.therapy.tasks import Ticked, to_do

MINUTE_US = 60_000_000


@dataclass(frozen=True)
class DayDone:
    """What was done on one local day: play in µs, and whether a session said the day was kept."""

    day: date
    play_us: int = 0
    kept: bool = False


class DayState(StrEnum):
    """What a day of the week is in the picture of the week. There is no state for "missed"."""

    KEPT = "kept"
    BEGUN = "begun"  # some play, less than the plan
    REST = "rest"
    TODAY = "today"
    AHEAD = "ahead"


@dataclass(frozen=True)
class WeekKept:
    """A week from Monday: "``kept`` of ``planned`` days", and what each of the seven days was.

    ``kept`` never exceeds ``planned``: more than the plan is no more of a week.
    """

    kept: int
    planned: int
    days: tuple[DayState, ...]

    @property
    def full(self) -> bool:
        """Whether the week's plan is done, so that what is left of it may all be rest."""
        return self.kept >= self.planned


def week_kept(plan: Prescription | None, done: Sequence[DayDone], today: date) -> WeekKept:
    """The week ``today`` lies in. Days of other weeks in ``done`` are left out.

    Without a plan the default of 5 days and 25 minutes holds. Days of one date are taken together.
    """
    minutes, planned = (plan.minutes, plan.days) if plan is not None else (25, 5)
    monday = today - timedelta(days=today.weekday())
    states = []
    for offset in range(7):
        day = monday + timedelta(days=offset)
        own = [one for one in done if one.day == day]
        play_us = sum(one.play_us for one in own)
        if any(one.kept for one in own) or play_us >= minutes * MINUTE_US:
            states.append(DayState.KEPT)
        elif day > today:
            states.append(DayState.AHEAD)
        elif play_us > 0:
            states.append(DayState.BEGUN)
        else:
            states.append(DayState.TODAY if day == today else DayState.REST)
    return WeekKept(min(states.count(DayState.KEPT), planned), planned, tuple(states))


@dataclass(frozen=True)
class TodaysPlan:
    """What today holds. Minutes are of play; ``tasks`` are those off the screen with their ticks.

    ``rest_is_fine``: the week's days are done already, and today may be a rest. ``review_in`` are
    the days until the plan is looked at again, negative once that is overdue. ``begins_in`` are
    the days until a plan that lies ahead begins, 0 from then on.
    """

    minutes: int
    minutes_done: int
    grips: tuple[Grip, ...]
    modes: tuple[Mode, ...]
    tasks: tuple[Ticked, ...]
    week: WeekKept
    rest_is_fine: bool
    first_week: bool
    review_in: int
    begins_in: int

    @property
    def minutes_left(self) -> int:
        """Minutes of play that are still in today's plan."""
        return max(0, self.minutes - self.minutes_done)

    @property
    def done(self) -> bool:
        """Whether today's minutes are played and every task is ticked off."""
        return self.minutes_left == 0 and all(task.done for task in self.tasks)


def todays_plan(
    plan: Prescription,
    today: date,
    done: Sequence[DayDone] = (),
    ticked: Sequence[Ticked] = (),
) -> TodaysPlan:
    """Today's plan; ``done`` are the days of this week so far, ``ticked`` today's tasks."""
    week = week_kept(plan, done, today)
    played_us = sum(one.play_us for one in done if one.day == today)
    kept_today = week.days[today.weekday()] is DayState.KEPT
    return TodaysPlan(
        minutes=plan.minutes,
        # Rounded down: "24 of 25" is not yet done.
        minutes_done=played_us // MINUTE_US,
        grips=tuple(grip for grip in GRIPS if grip.label in plan.grips),
        modes=plan.modes,
        tasks=to_do(plan.tasks, ticked),
        week=week,
        rest_is_fine=week.full and not kept_today,
        first_week=plan.start <= today < plan.start + timedelta(weeks=1),
        review_in=(plan.review - today).days,
        begins_in=max(0, (plan.start - today).days),
    )


# ---------------------------------------------------------------- goals in the patient's words


class Area(StrEnum):
    """What a goal is about. The value is what is kept."""

    BUTTON = "button"
    KEY = "key"
    CUP = "cup"
    JAR = "jar"
    WRITING = "writing"
    OWN = "own"


#: What an area is called on the screen.
AREAS: dict[Area, str] = {
    Area.BUTTON: mark("Doing up buttons"),
    Area.KEY: mark("Turning a key"),
    Area.CUP: mark("Holding a cup"),
    Area.JAR: mark("Opening a jar"),
    Area.WRITING: mark("Writing with a pen"),
    Area.OWN: mark("Something of my own"),
}

#: The grips that an area leans on, for choosing exercises; a default of ours, and no promise.
AREA_GRIPS: dict[Area, tuple[Grip, ...]] = {
    Area.BUTTON: (Grip.INDEX, Grip.MIDDLE),
    Area.KEY: (Grip.KEY,),
    Area.CUP: (Grip.INDEX, Grip.MIDDLE, Grip.RING),
    Area.JAR: (Grip.RING, Grip.LITTLE),
    Area.WRITING: (Grip.INDEX, Grip.MIDDLE, Grip.KEY),
    Area.OWN: (),
}

#: Tasks off the screen that go with an area.
AREA_TASKS: dict[Area, tuple[Task, ...]] = {
    Area.BUTTON: (Task.COIN_FLIPS,),
    Area.KEY: (Task.CLOTHESPIN,),
    Area.CUP: (Task.PUTTY_SQUEEZE, Task.RUBBER_BAND),
    Area.JAR: (Task.TOWEL_WRING, Task.PUTTY_SQUEEZE),
    Area.WRITING: (Task.COIN_FLIPS, Task.CLOTHESPIN),
    Area.OWN: (),
}

#: What a grip is for in a day, in a few words.
GRIP_IS_FOR: dict[Grip, str] = {
    Grip.KEY: mark("keys and plates"),
    Grip.INDEX: mark("buttons and coins"),
    Grip.MIDDLE: mark("pens and cutlery"),
    Grip.RING: mark("cups and handles"),
    Grip.LITTLE: mark("jars and bags"),
}

_LONGEST_LINE = 200


def checked_line(text: str) -> str:
    """A goal or a diary line as it is kept: one line without spaces at its ends.

    Raises ValueError for one that is longer than 200 letters.
    """
    line = " ".join(text.split())
    line = "".join(letter for letter in line if letter.isprintable())
    if len(line) > _LONGEST_LINE:
        raise ValueError(f"a line has at most {_LONGEST_LINE} letters; this one has {len(line)}")
    return line


@dataclass(frozen=True)
class DiaryLine:
    """One line a day: what it felt like, what worked. Either may be empty, not both.

    Raises ValueError for lines that are too long, or if nothing was written.
    """

    day: date
    felt: str = ""
    worked: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "felt", checked_line(self.felt))
        object.__setattr__(self, "worked", checked_line(self.worked))
        if not self.felt and not self.worked:
            raise ValueError("a diary line needs a word: how it felt, or what worked")

    def __str__(self) -> str:
        return " · ".join(part for part in (self.felt, self.worked) if part)


# ---------------------------------------------------------------- milestones


class Milestone(StrEnum):
    """What was reached for the first time. The value is what is kept."""

    DAYS = "days"  #: ``count`` days kept in all, never in a row
    PINCHES = "pinches"  #: ``count`` counted pinches in all
    GRIP_MET = "grip_met"  #: a grip met four in five of what was asked, ``count`` targets or more
    GRIP_BACK = "grip_back"  #: a grip that rested came back


@dataclass(frozen=True)
class Reached:
    """A milestone with its figures; the words are the stage's, with :data:`GRIP_IS_FOR`."""

    milestone: Milestone
    count: int = 0
    grip: Grip | None = None


@dataclass(frozen=True)
class Sofar:
    """What somebody did in all up to a moment; ``met`` gives hits and targets of the latest plays
    per grip, ``back`` the grips that ever came back from a rest."""

    days: int = 0
    pinches: int = 0
    met: Mapping[Grip, tuple[int, int]] = field(default_factory=dict)
    back: Collection[Grip] = ()


_DAYS = (1, 5, 10, 20, 30, 40, 60, 80, 100)
_PINCHES = (100, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000)
_MET = 0.80


def reached(
    before: Sofar, now: Sofar, already: Collection[tuple[Milestone, Grip | None]] = ()
) -> tuple[Reached, ...]:
    """What was reached between ``before`` and ``now``; of counts only the highest.

    ``already`` names the grips' milestones that were told before: each is told once.
    """
    found = []
    for milestone, steps, old, new in (
        (Milestone.DAYS, _DAYS, before.days, now.days),
        (Milestone.PINCHES, _PINCHES, before.pinches, now.pinches),
    ):
        passed = [step for step in steps if old < step <= new]
        if passed:
            found.append(Reached(milestone, passed[-1]))
    for grip in GRIPS:
        if _is_met(now, grip) and not _is_met(before, grip):
            found.append(Reached(Milestone.GRIP_MET, now.met[grip][1], grip))
        if grip in now.back and grip not in before.back:
            found.append(Reached(Milestone.GRIP_BACK, 0, grip))
    return tuple(
        one for one in found if one.grip is None or (one.milestone, one.grip) not in already
    )


def _is_met(sofar: Sofar, grip: Grip) -> bool:
    hits, asked = sofar.met.get(grip, (0, 0))
    return asked >= ENOUGH_TARGETS and hits >= _MET * asked
