"""Leaderboards that are fair to very different hands: who stands where, and what is shown of it.

The measures compare everybody with nobody but themselves (``docs/therapy.md``):

- dose D = min(1, counted grips of this week / grip goal), capped, so that nobody gains by
  overdoing it;
- personal P = clamp(50 + 10·(x − own median) / max(1.4826·MAD, .05), 20, 80), where x is a play's
  level in octaves, and median and MAD are those of the last 10 plays before it, once there are 3.

Decisions, where the formulas leave room:

- *The goal* is 0.8 × the patient's own rate × the minutes and days of their plan (25 min × 5 days
  where nothing is prescribed), so that a short plan can be done as wholly as a long one; and *days
  kept* are compared as a share of the days planned. The rate is that of the last 10
  plays **before** the week, so that getting better on Tuesday does not move Friday's goal away;
  in a first week it is that of the first play.
- *P compares like with like*: earlier plays of the same hand on the same kind of input, because a
  keyboard is not a glove. Plays that did not adapt (a fixed rate) or were interrupted have no
  level; their grips count for D all the same.
- *A week's P is the median* of that week's plays, not the best one: the best of many rewards
  playing more, and nothing here pays for volume.
- *Song of the week* takes the P of that song's plays, measured against the last plays of any
  song: levels are octaves of the same rate whatever the song, and so a new song is open to
  everybody at once. If nobody chose it, it is the song most people played this week.
- *Days kept* are days with a play, at most the 5 that were planned.
- *Ranked is what is shown*, in whole points (D in hundredths): two people never see the same
  figure with different ranks. Ties share a rank, and the next rank is left out (1, 1, 3).
- *The team* are those who played within four weeks; who has not come yet this week counts as 0.
  *Effort* ranks those who have played this week: nobody is listed for staying away.
- *Shown* are ranks 1 to 3, and around "me" one row on either side. The last place is shown only
  to the person it belongs to, or if it is within the first three; how many people there are is not
  shown. Effort has a bar and no figure: no dose numbers on a board.

Levels are rounded to 1/4096 octave (0.02 % of rate) on the way in. Sums of such numbers are exact,
so that "everybody twice as able" gives the same ranks exactly and not but for rounding.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from game.core.say import mark

MINUTES_A_DAY = 25
DAYS_A_WEEK = 5
GOAL_SHARE = 0.8

#: A patient of whom nothing is known begins at this rate, targets per second.
FIRST_RATE = 0.3

BASELINE_PLAYS = 10
LEAST_BASELINE_PLAYS = 3
SPREAD_FLOOR = 0.05
LEAST_POINTS, MOST_POINTS = 20, 80

LEAST_PEOPLE = 3
TOP = 3
TEAM_DAYS = 28

_LEVEL_GRID = 4096


class BoardKind(StrEnum):
    """The four boards; the first is the default."""

    TEAM = "team"
    EFFORT = "effort"
    BEAT_MYSELF = "beat-myself"
    SONG_OF_THE_WEEK = "song-of-the-week"


class BoardSource(StrEnum):
    """Whose plays a board counts: those of these records, which are all there are; of these
    records, while a clinic has other stations; or everybody's, as the clinic's server tells."""

    HERE = "here"
    STATION = "station"
    CLINIC = "clinic"


@dataclass(frozen=True)
class Week:
    """An ISO week: Monday to Sunday, where the patients are."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week that ``day`` lies in."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def first_day(self) -> date:
        """Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """Sunday."""
        return self.first_day + timedelta(days=6)

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class BoardPlay:
    """A play as boards know it. ``level`` is x in octaves, None if it does not count for P."""

    day: date
    song_key: str
    song_title: str
    hand: str
    input_kind: str
    counted: int
    level: float | None


@dataclass(frozen=True)
class WeekGoal:
    """What a person means to do in a week: counted pinches, and days with a play."""

    pinches: int
    days: int


@dataclass(frozen=True)
class Person:
    """Somebody who chose the boards: the plays of the week and those before it, in time order.

    ``minutes`` of play in ``days`` days of the week are what the plan asks; ``goal`` is the grip
    goal itself where it is known, None takes the formula.
    ``last_played`` is the day of the latest play up to the end of the week, None if that is longer
    ago than the team reaches back.
    """

    id: str
    name: str
    picture: str
    plays: tuple[BoardPlay, ...] = ()
    last_played: date | None = None
    goal: float | None = None
    minutes: float = MINUTES_A_DAY * DAYS_A_WEEK
    days: int = DAYS_A_WEEK


@dataclass(frozen=True)
class BoardRow:
    """One line of a board.

    ``fill`` (0 to 1) is how full its bar is; ``points`` are printed, and None on *effort*.
    ``me`` marks the person who looks; ``after_gap`` that people between are not shown.
    """

    rank: int
    name: str
    picture: str
    fill: float
    points: int | None
    me: bool
    after_gap: bool


@dataclass(frozen=True)
class Board:
    """A board as it is shown. ``sentence`` says why there is nothing to show, or is empty.

    ``team_fill`` (0 to 1) is the team's mean D, on the team's board only; ``song_key`` and
    ``song_title`` are set on the song of the week's. ``source`` says whose plays are counted.
    """

    kind: BoardKind
    week: Week
    rows: tuple[BoardRow, ...] = ()
    team_fill: float | None = None
    song_key: str | None = None
    song_title: str | None = None
    sentence: str = ""
    source: BoardSource = BoardSource.HERE


@dataclass(frozen=True)
class _Standing:
    person: Person
    measure: tuple[int, ...]
    fill: float
    points: int | None


# The measures


def grip_goal(rate: float, minutes: float = MINUTES_A_DAY * DAYS_A_WEEK) -> float:
    """Counted grips to aim for in ``minutes`` of play by a hand of ``rate`` targets per second."""
    return GOAL_SHARE * rate * minutes * 60


def dose(counted: int, goal: float) -> float:
    """D, 0 to 1: how much of the goal was done, and no more than that.

    Raises ValueError for a goal that is not positive.
    """
    if not goal > 0:
        raise ValueError(f"a grip goal must be positive, not {goal}")
    return min(1.0, counted / goal)


def personal_points(level: float, earlier: Sequence[float]) -> float | None:
    """P, 20 to 80 with 50 for "as usual": ``level`` against the ``earlier`` ones, latest last.

    Only the last 10 count. None while there are fewer than 3.
    """
    baseline = [_on_grid(x) for x in earlier[-BASELINE_PLAYS:]]
    if len(baseline) < LEAST_BASELINE_PLAYS:
        return None
    usual = median(baseline)
    deviation = 1.4826 * median(abs(x - usual) for x in baseline)
    points = 50 + 10 * (_on_grid(level) - usual) / max(deviation, SPREAD_FLOOR)
    return min(max(points, float(LEAST_POINTS)), float(MOST_POINTS))


def week_goal(person: Person, week: Week) -> float:
    """The grip goal of this week, given or by the formula."""
    if person.goal is not None:
        return person.goal
    levels = [p for p in person.plays if p.level is not None and p.day <= week.last_day]
    before = [p.level for p in levels if p.day < week.first_day][-BASELINE_PLAYS:]
    own = before or [p.level for p in levels[:1]]
    x = median(_on_grid(level) for level in own if level is not None) if own else None
    return grip_goal(FIRST_RATE if x is None else _two_to_the(x), person.minutes)


def week_dose(person: Person, week: Week) -> float:
    """D of this week."""
    return dose(sum(p.counted for p in person.plays if p.day in week), week_goal(person, week))


def days_kept(person: Person, week: Week) -> int:
    """Days of this week with a play, at most those planned."""
    return min(person.days, len({p.day for p in person.plays if p.day in week}))


def week_points(person: Person, week: Week, song_key: str | None = None) -> int | None:
    """P of this week in whole points: the median of its plays, of one song or of all.

    None if no play of the week has a P.
    """
    earlier: dict[tuple[str, str], list[float]] = {}
    points = []
    for play in person.plays:
        if play.level is None:
            continue
        own = earlier.setdefault((play.hand, play.input_kind), [])
        if play.day in week and song_key in (None, play.song_key):
            value = personal_points(play.level, own)
            if value is not None:
                points.append(value)
        own.append(play.level)
    return round(median(points)) if points else None


# The boards


def board(
    kind: BoardKind,
    people: Iterable[Person],
    day: date,
    *,
    me: str | None = None,
    song_key: str | None = None,
) -> Board:
    """The board of ``day``'s week among ``people``, all of whom chose to be on it.

    ``me`` is the identifier of the person who looks, whose neighbours are shown too; None on a
    screen for all. ``song_key`` is the song of the week; None takes the most played.
    """
    week = Week.of(day)
    members = list(people)
    if kind is BoardKind.TEAM:
        return _team(members, day, week)
    if kind is BoardKind.EFFORT:
        return _ranked(kind, week, _effort(members, week), me)
    if kind is BoardKind.BEAT_MYSELF:
        return _ranked(kind, week, _points(members, week, None), me)
    title = None
    if song_key is None:
        song_key = most_played_song(members, week)
    for person in members:
        title = next((p.song_title for p in person.plays if p.song_key == song_key), title)
    standings = _points(members, week, song_key) if song_key is not None else []
    return _ranked(kind, week, standings, me, song_key, title)


def most_played_song(people: Iterable[Person], week: Week) -> str | None:
    """The song that most of ``people`` played this week, of equals the first by key."""
    listeners: dict[str, int] = {}
    for person in people:
        for song_key in {p.song_key for p in person.plays if p.day in week}:
            listeners[song_key] = listeners.get(song_key, 0) + 1
    return min(listeners, key=lambda key: (-listeners[key], key), default=None)


def _team(people: list[Person], day: date, week: Week) -> Board:
    since = day - timedelta(days=TEAM_DAYS)
    team = [p for p in people if p.last_played is not None and p.last_played >= since]
    if len(team) < LEAST_PEOPLE:
        return Board(BoardKind.TEAM, week, sentence=too_few(BoardKind.TEAM))
    mean = sum(_hundredths(week_dose(p, week)) for p in team) / len(team)
    return Board(BoardKind.TEAM, week, team_fill=round(mean) / 100)


def _effort(people: list[Person], week: Week) -> list[_Standing]:
    standings = []
    for person in people:
        days = days_kept(person, week)
        if days:
            done = _hundredths(week_dose(person, week))
            kept = _hundredths(days / person.days)
            standings.append(_Standing(person, (done, kept), done / 100, None))
    return standings


def _points(people: list[Person], week: Week, song_key: str | None) -> list[_Standing]:
    standings = []
    for person in people:
        points = week_points(person, week, song_key)
        if points is not None:
            fill = (points - LEAST_POINTS) / (MOST_POINTS - LEAST_POINTS)
            standings.append(_Standing(person, (points,), fill, points))
    return standings


def _ranked(
    kind: BoardKind,
    week: Week,
    standings: list[_Standing],
    me: str | None,
    song_key: str | None = None,
    song_title: str | None = None,
) -> Board:
    if len(standings) < LEAST_PEOPLE:
        return Board(kind, week, (), None, song_key, song_title, too_few(kind))
    # Who shares a rank stands in the order of the names, not of who came first.
    ordered = sorted(
        standings,
        key=lambda s: (tuple(-m for m in s.measure), s.person.name.casefold(), s.person.id),
    )
    ranks: list[int] = []
    for place, standing in enumerate(ordered, start=1):
        tied = place > 1 and standing.measure == ordered[place - 2].measure
        ranks.append(ranks[-1] if tied else place)
    shown = _shown(ordered, ranks, me)
    rows = tuple(
        BoardRow(
            rank=ranks[index],
            name=ordered[index].person.name,
            picture=ordered[index].person.picture,
            fill=ordered[index].fill,
            points=ordered[index].points,
            me=ordered[index].person.id == me,
            after_gap=index > 0 and index - 1 not in shown,
        )
        for index in sorted(shown)
    )
    return Board(kind, week, rows, None, song_key, song_title)


def _shown(ordered: list[_Standing], ranks: list[int], me: str | None) -> set[int]:
    """Which places are shown: the top, me, and my neighbours unless they are last."""
    shown = {index for index, rank in enumerate(ranks) if rank <= TOP}
    mine = next((i for i, s in enumerate(ordered) if s.person.id == me), None)
    if mine is not None:
        shown |= {
            index
            for index in (mine - 1, mine, mine + 1)
            if 0 <= index < len(ranks) and (index == mine or ranks[index] < ranks[-1])
        }
    return shown


def too_few(kind: BoardKind) -> str:
    """What a board says that opens later."""
    return {
        BoardKind.TEAM: mark("The team's board opens when three people have joined."),
        BoardKind.EFFORT: mark("This board opens when three people have played this week."),
        BoardKind.BEAT_MYSELF: mark(
            "This board opens when three people have played this week and three times before."
        ),
        BoardKind.SONG_OF_THE_WEEK: mark(
            "This board opens when three people have played the song this week and three songs "
            "before."
        ),
    }[kind]


# Numbers that stay exact


def _on_grid(level: float) -> float:
    return round(level * _LEVEL_GRID) / _LEVEL_GRID


def _two_to_the(x: float) -> float:
    """2^x such that one more octave is exactly twice."""
    octave = math.floor(x)
    return math.ldexp(2.0 ** (x - octave), octave)


def _hundredths(share: float) -> int:
    """``share`` in whole hundredths, rounded down: full is full."""
    return math.floor(share * 100 + 1e-9)
