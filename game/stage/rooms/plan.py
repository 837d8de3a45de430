"""Today of a patient: what the plan holds, how far it is, and where to begin."""

from datetime import date, timedelta

from game.core.say import mark
from game.stage.evening import Evening, today
from game.stage.notices import notice
from game.stage.rooms.base import Room
from game.stage.screens import Screen
from game.stage.screens.plan import Bead, DayMark, PlanScreen, PlanView
from game.stage.theme import Scale
from game.therapy.plan import DayState, WeekKept, week_kept
from game.therapy.session import Caps, Session, Stage, comes_next
from game.words import plural, tr

#: The letters of the days, from Monday.
_LETTERS = mark("M T W T F S S")

#: Minutes that are said of what is not play.
_WARM_UP, _REST, _STRETCH = 3, 1, 3


class PlanRoom(Room):
    """The plan, the week and the goal."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening
        self._made_ready = False

    def screen(self, scale: Scale) -> PlanScreen:
        """As the records are now."""
        evening = self._evening
        evening.draw_ahead()
        return PlanScreen(scale, plan_view(evening, today()))

    def step(self, screen: Screen) -> None:
        """Makes the song to come ready, once: it may be chosen any moment."""
        if not self._made_ready and self._evening.services.desk.library.songs:
            self._made_ready = True
            self._evening.make_ready(self._evening.suggested())


def plan_view(evening: Evening, day: date) -> PlanView:
    """What the page of ``day`` shows."""
    desk, who = evening.services.desk.sessions, evening.who
    plan = desk.prescription(who)
    monday = day - timedelta(days=day.weekday())
    done = desk.days(who, monday)
    week = week_kept(plan, done, day)
    played_us = sum(one.play_us for one in done if one.day == day)
    minutes = (Caps().dose_us if plan is None else plan.minutes * 60_000_000) // 60_000_000
    sitting = evening.sitting
    session = None if sitting is None else sitting.session
    goal = desk.goal(who)
    left = max(0, minutes - played_us // 60_000_000)
    return PlanView(
        nickname=who.patient.shown_name,
        picture=who.patient.picture,
        title=title_words(minutes, left),
        start=start_words(session, left),
        kept=plural("{done} of {n} day", "{done} of {n} days", week.planned, done=week.kept),
        beads=beads(session, minutes, left),
        days=day_marks(week, day),
        goal=goal.words if goal is not None else tr("What would you like to do again?"),
        goal_words=tr("My goal"),
        notice=notice(evening),
        glove_fails=glove_fails(evening),
        may_finish=session is not None and session.may_play and bool(session.day_us),
    )


def glove_fails(evening: Evening) -> bool:
    """Whether something is wrong with the glove, or one is missed by who played with one."""
    health = evening.services.glove.health
    if health.link != "none":
        return bool(health.findings)
    plays = evening.plays_this_week()
    return bool(plays) and plays[0].input_kind == "glove"


def title_words(minutes: int, left: int) -> str:
    """How much today holds, or still holds."""
    if left == 0:
        return tr("Today is done")
    if left < minutes:
        return plural("Today: {n} minute left", "Today: {n} minutes left", left)
    return plural("Today: {n} minute", "Today: {n} minutes", minutes)


def start_words(session: Session | None, left: int) -> str:
    """What the large key begins."""
    if session is not None:
        return tr("Go on")
    return tr("Start") if left else tr("Play more")


def beads(session: Session | None, minutes: int, left: int) -> tuple[Bead, ...]:
    """The way through the day: what is done, what is now, what is ahead."""
    half = max(1, left // 2 if left > 12 else left)
    parts = [
        (Stage.CHECK_IN, tr("Check-in"), "", "how"),
        (Stage.WARM_UP, tr("Warm-up"), _minutes(_WARM_UP), "hand"),
        (Stage.WORK, tr("Songs"), _minutes(half), "note"),
        (Stage.REST, tr("Rest"), _minutes(_REST), "rest"),
        (Stage.WORK, tr("Songs"), _minutes(max(1, left - half)), "note"),
        (Stage.COOL_DOWN, tr("Stretch"), _minutes(_STRETCH), "stretch"),
    ]
    if left <= 12:
        parts = [*parts[:3], parts[5]]
    at = _at(session, [stage for stage, *_ in parts])
    made = []
    for i, (_, words, about, icon) in enumerate(parts):
        state = "done" if i < at else "now" if i == at else "ahead"
        made.append(Bead(words, tr("done") if state == "done" else about, icon, state))
    return tuple(made)


def _minutes(n: int) -> str:
    return tr("{n} min", n=n)


def _at(session: Session | None, stages: list[Stage]) -> int:
    """The number of the part that comes now."""
    if session is None:
        return 0
    stage = {
        Stage.ASK_AGAIN: Stage.CHECK_IN,
        Stage.EASY_SONG: Stage.WORK,
        Stage.CHECK: Stage.REST,
        Stage.CHECK_OUT: Stage.COOL_DOWN,
        Stage.OVER: Stage.COOL_DOWN,
        Stage.NO_PLAY: Stage.CHECK_IN,
    }.get(session.stage, session.stage)
    if stage is Stage.REST and comes_next(session) is Stage.COOL_DOWN:
        stage = Stage.COOL_DOWN
    found = [i for i, one in enumerate(stages) if one is stage]
    if not found:
        return len(stages) - 1
    return found[-1] if session.blocks else found[0]


def day_marks(week: WeekKept, day: date) -> tuple[DayMark, ...]:
    """The seven days of the week. A day without play is a rest, and nothing is said of it."""
    letters = tr(_LETTERS).split()
    names = {DayState.KEPT: "kept", DayState.BEGUN: "begun"}
    return tuple(
        DayMark(letters[i], names.get(state, ""), i == day.weekday())
        for i, state in enumerate(week.days)
    )
