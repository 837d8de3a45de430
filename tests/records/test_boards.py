"""The boards: what is measured, who stands where, what is shown, and that it is fair."""

import dataclasses
import math
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.records.boards import (
    Board,
    BoardKind,
    BoardPlay,
    Person,
    Week,
    WeekGoal,
    board,
    days_kept,
    dose,
    grip_goal,
    most_played_song,
    personal_points,
    week_dose,
    week_goal,
    week_points,
)
from game.therapy.prescription import preset
from tests.records.examples import NOON, open_store, play

TODAY = date(2025, 3, 12)  # a Wednesday
MONDAY = date(2025, 3, 10)
WEEK = Week.of(TODAY)


def board_play(
    day: int = 0, level: float | None = -1.0, counted: int = 100, **other: Any
) -> BoardPlay:
    """A play ``day`` days after Monday (negative: before the week)."""
    values: dict[str, Any] = {
        "day": MONDAY + timedelta(days=day),
        "song_key": "ode-to-joy",
        "song_title": "Ode to Joy",
        "hand": "right",
        "input_kind": "glove",
        "counted": counted,
        "level": level,
    }
    return BoardPlay(**{**values, **other})


def person(name: str, *plays: BoardPlay, **other) -> Person:
    last = max((p.day for p in plays), default=None)
    return Person(name, name, "otter", tuple(plays), last_played=last, **other)


def worth(name: str, percent: int, days: int = 1, **other) -> Person:
    """Somebody who did ``percent`` of the goal on ``days`` days."""
    plays = [board_play(day, None, 0) for day in range(days - 1)]
    return person(name, *plays, board_play(days - 1, None, percent), goal=100, **other)


def ranks(shown: Board) -> list[tuple[int, str]]:
    return [(row.rank, row.name) for row in shown.rows]


# What is measured


def test_a_week_is_monday_to_sunday_and_knows_its_year() -> None:
    assert Week(2025, 11) == WEEK
    assert (WEEK.first_day, WEEK.last_day) == (MONDAY, date(2025, 3, 16))
    assert MONDAY in WEEK
    assert date(2025, 3, 16) in WEEK
    assert date(2025, 3, 17) not in WEEK
    assert Week.of(date(2024, 12, 30)) == Week(2025, 1)


@pytest.mark.parametrize(
    ("counted", "goal", "d"), [(0, 100, 0), (50, 100, 0.5), (100, 100, 1), (900, 100, 1)]
)
def test_the_dose_is_capped(counted: int, goal: float, d: float) -> None:
    assert dose(counted, goal) == d


def test_a_dose_needs_a_goal() -> None:
    for goal in (0, -1, math.nan):
        with pytest.raises(ValueError):
            dose(1, goal)


def test_the_goal_is_the_patients_own_rate_over_the_minutes_planned() -> None:
    assert grip_goal(0.5, minutes=25) == 0.8 * 0.5 * 25 * 60
    assert grip_goal(0.5) == 5 * grip_goal(0.5, minutes=25)


@pytest.mark.parametrize(
    ("plays", "rate"),
    [
        ([], 0.3),
        ([board_play(0, None)], 0.3),
        ([board_play(0, -1), board_play(1, 1)], 0.5),  # a first week: its first play
        ([board_play(-1, -2), board_play(0, 1)], 0.25),
        ([board_play(-9, 3)] + [board_play(-5, -1)] * 10, 0.5),  # the last ten before the week
        ([board_play(-3, -2), board_play(-2, 0), board_play(-1, -1)], 0.5),
    ],
)
def test_the_rate_of_the_goal_is_that_of_before_the_week(
    plays: list[BoardPlay], rate: float
) -> None:
    assert week_goal(person("a", *plays), WEEK) == pytest.approx(grip_goal(rate))
    assert week_goal(person("a", *plays, goal=7), WEEK) == 7


def test_only_this_week_counts_for_the_dose() -> None:
    plays = [board_play(-1, counted=500), board_play(0, counted=20), board_play(2, counted=30)]
    assert week_dose(person("a", *plays, goal=100), WEEK) == 0.5


def test_days_kept_are_days_and_not_plays_and_no_more_than_planned() -> None:
    assert days_kept(person("a", board_play(-1), *[board_play(1)] * 9), WEEK) == 1
    assert days_kept(person("a", *[board_play(day) for day in range(7)]), WEEK) == 5


@pytest.mark.parametrize(
    ("level", "earlier", "p"),
    [
        (-1.0, [], None),
        (-1.0, [-1.0, -1.0], None),
        (-1.0, [-1.0] * 3, 50),
        (-1.0 + 0.03125, [-1.0] * 3, 56.25),  # the floor, .05 octave, gives ten points
        (5.0, [-1.0] * 3, 80),
        (-9.0, [-1.0] * 3, 20),
        (1.5, [0, 1, 2, 1, 0.5], 50 + 10 * 0.5 / (1.4826 * 0.5)),
        (0.0, [9] * 5 + [0] * 10, 50),  # the last ten alone
    ],
)
def test_personal_points(level: float, earlier: list[float], p: float | None) -> None:
    assert personal_points(level, earlier) == (None if p is None else pytest.approx(p))


def test_the_points_of_a_week_are_the_median_of_its_plays() -> None:
    before = [board_play(-1, -1.0)] * 10
    up, same = board_play(0, -1.0 + 0.0625), board_play(0, -1.0)
    assert week_points(person("a", *before, up), WEEK) == 62
    assert week_points(person("a", *before, same, up, same), WEEK) == 50
    assert week_points(person("a", *before), WEEK) is None
    assert week_points(person("a", *[board_play(0)] * 3), WEEK) is None
    assert week_points(person("a", *[board_play(0)] * 4), WEEK) == 50


def test_a_keyboard_is_not_a_glove_and_a_left_hand_not_a_right_one() -> None:
    slow = [board_play(-1, -3.0)] * 5
    others: list[dict[str, Any]] = [{"input_kind": "keyboard"}, {"hand": "left"}]
    for other in others:
        assert week_points(person("a", *slow, board_play(0, 1.0, **other)), WEEK) is None
    assert week_points(person("a", *slow, board_play(0, 1.0)), WEEK) == 80


def test_a_song_has_points_of_its_own_against_the_plays_of_all_songs() -> None:
    plays = [board_play(-1, -1.0)] * 3 + [
        board_play(0, 1.0, song_key="b"),
        board_play(0, -1.0),
    ]
    assert week_points(person("a", *plays), WEEK, "b") == 80
    assert week_points(person("a", *plays), WEEK, "ode-to-joy") == 50
    assert week_points(person("a", *plays), WEEK, "c") is None


# Who stands where


def test_effort_goes_by_dose_and_then_by_days_kept() -> None:
    people = [worth("a", 40), worth("b", 70), worth("c", 40, days=3)]
    assert ranks(board(BoardKind.EFFORT, people, TODAY)) == [(1, "b"), (2, "c"), (3, "a")]


def test_a_short_plan_can_be_done_as_wholly_as_a_long_one() -> None:
    """Ten minutes on three days, done, stand where 25 minutes on five days do."""
    short = grip_goal(0.5, 30)
    three = person(
        "three",
        *[board_play(day, None, round(short / 3) + 1) for day in range(3)],
        minutes=30,
        days=3,
    )
    five = person(
        "five", *[board_play(day, None, round(grip_goal(0.5) / 5) + 1) for day in range(5)]
    )
    half = person("half", *[board_play(day, None, 1000) for day in range(2)], minutes=30, days=4)
    before = [board_play(-7 + n, -1.0, 0) for n in range(3)]
    people = [dataclasses.replace(p, plays=(*before, *p.plays)) for p in (three, five, half)]
    shown = board(BoardKind.EFFORT, people, TODAY)
    assert ranks(shown) == [(1, "five"), (1, "three"), (3, "half")]


def test_ties_share_a_rank_and_the_next_is_left_out() -> None:
    people = [worth("d", 10), worth("b", 100), worth("a", 250), worth("c", 10)]
    shown = board(BoardKind.EFFORT, people, TODAY)
    assert ranks(shown) == [(1, "a"), (1, "b"), (3, "c"), (3, "d")]


def test_nobody_is_listed_for_staying_away() -> None:
    people = [worth(name, 50) for name in "abc"] + [person("away", board_play(-2))]
    assert [row.name for row in board(BoardKind.EFFORT, people, TODAY).rows] == ["a", "b", "c"]


@pytest.mark.parametrize("kind", list(BoardKind))
def test_fewer_than_three_people_are_no_board(kind: BoardKind) -> None:
    plays = [board_play(-1, -1.0)] * 5 + [board_play(0, -1.0)]
    for number in range(3):
        shown = board(kind, [person(f"p{n}", *plays) for n in range(number)], TODAY, me="p0")
        assert shown.rows == ()
        assert shown.team_fill is None
        assert shown.sentence.endswith(".")
        assert "three" in shown.sentence
    opened = board(kind, [person(f"p{n}", *plays) for n in range(3)], TODAY)
    assert not opened.sentence
    assert opened.rows or opened.team_fill is not None


def test_the_team_is_the_mean_of_those_who_came_within_four_weeks() -> None:
    people = [
        worth("a", 100),
        worth("b", 50),
        person("this week not yet", board_play(-2), goal=100),
        person("long ago", board_play(-30), goal=100),
        person("never", goal=100),
    ]
    shown = board(BoardKind.TEAM, people, TODAY)
    assert shown.team_fill == 0.5
    assert shown.rows == ()


def test_the_song_of_the_week_is_the_one_chosen_or_the_most_played() -> None:
    def at(song: str, level: float) -> BoardPlay:
        return board_play(0, level, song_key=song, song_title=song.title())

    before = [board_play(-1, -1.0)] * 3
    people = [
        person("a", *before, at("hymn", 0.0), at("air", -1.0)),
        person("b", *before, at("hymn", -1.0), *[at("air", -1.0)] * 9),
        person("c", *before, at("hymn", -3.0)),
    ]
    assert most_played_song(people, WEEK) == "hymn"
    shown = board(BoardKind.SONG_OF_THE_WEEK, people, TODAY)
    assert (shown.song_key, shown.song_title) == ("hymn", "Hymn")
    assert ranks(shown) == [(1, "a"), (2, "b"), (3, "c")]
    other = board(BoardKind.SONG_OF_THE_WEEK, people, TODAY, song_key="air")
    assert other.sentence
    assert most_played_song([], WEEK) is None
    assert board(BoardKind.SONG_OF_THE_WEEK, [], TODAY).sentence


# What is shown

TEN = [worth(name, 100 - 10 * place) for place, name in enumerate("abcdefghij")]


@pytest.mark.parametrize(
    ("me", "shown"),
    [
        (None, "abc"),
        ("nobody", "abc"),
        ("a", "abc"),
        ("c", "abcd"),
        ("f", "abc" + "efg"),
        ("i", "abc" + "hi"),  # the one behind is last, and not shown
        ("j", "abc" + "ij"),  # the last sees themselves
    ],
)
def test_the_top_and_my_neighbours_are_shown_and_never_the_tail(me: str | None, shown: str) -> None:
    effort = board(BoardKind.EFFORT, TEN, TODAY, me=me)
    assert "".join(row.name for row in effort.rows) == shown
    assert [row.name for row in effort.rows if row.me] == [me] * (me in tuple("abcdefghij"))
    assert [row.name for row in effort.rows if row.after_gap] == (
        [shown[3]] if len(shown) > 3 and shown[3] != "d" else []
    )


def test_no_number_of_a_dose_and_nothing_of_health_is_on_a_board() -> None:
    assert {f.name for f in dataclasses.fields(Board)} == {
        *("kind", "week", "rows", "team_fill", "song_key", "song_title", "sentence", "source")
    }
    row = board(BoardKind.EFFORT, TEN, TODAY).rows[0]
    assert {f.name for f in dataclasses.fields(row)} == {
        *("rank", "name", "picture", "fill", "points", "me", "after_gap")
    }
    assert row.points is None
    assert 0 <= row.fill <= 1


# That it is fair

LEVELS = st.none() | st.floats(-4, 2)
PLAYS = st.builds(
    board_play,
    day=st.integers(-20, 6),
    level=LEVELS,
    counted=st.integers(0, 400),
    song_key=st.sampled_from(["ode-to-joy", "hymn"]),
    input_kind=st.sampled_from(["glove", "keyboard"]),
)
GOALS = st.none() | st.floats(1, 2000)


@st.composite
def peoples(draw: st.DrawFn) -> list[Person]:
    people = []
    for number in range(draw(st.integers(0, 7))):
        plays = sorted(draw(st.lists(PLAYS, max_size=8)), key=lambda p: p.day)
        # Whoever has no level at all has no rate that could double.
        if not any(p.level is not None for p in plays):
            plays = [board_play(-20, -1.0), *plays]
        people.append(person(f"p{number}", *plays, goal=draw(GOALS)))
    return people


def twice_as_able(one: Person) -> Person:
    """One octave more, and twice the grips, prescribed and done."""
    return dataclasses.replace(
        one,
        goal=None if one.goal is None else 2 * one.goal,
        plays=tuple(
            dataclasses.replace(
                p, counted=2 * p.counted, level=None if p.level is None else p.level + 1
            )
            for p in one.plays
        ),
    )


@given(people=peoples(), kind=st.sampled_from(BoardKind), me=st.sampled_from([None, "p0", "p3"]))
def test_doubling_everybodys_ability_changes_nothing(
    people: list[Person], kind: BoardKind, me: str | None
) -> None:
    doubled = [twice_as_able(one) for one in people]
    assert board(kind, doubled, TODAY, me=me) == board(kind, people, TODAY, me=me)


@given(people=peoples(), able=st.sets(st.integers(0, 6)), kind=st.sampled_from(BoardKind))
def test_doubling_the_ability_of_some_changes_nothing_either(
    people: list[Person], able: set[int], kind: BoardKind
) -> None:
    some = [twice_as_able(p) if n in able else p for n, p in enumerate(people)]
    assert board(kind, some, TODAY) == board(kind, people, TODAY)


@given(people=peoples(), kind=st.sampled_from(BoardKind), order=st.randoms(use_true_random=False))
def test_the_order_in_which_people_are_listed_changes_nothing(
    people: list[Person], kind: BoardKind, order
) -> None:
    shuffled = list(people)
    order.shuffle(shuffled)
    assert board(kind, shuffled, TODAY, me="p1") == board(kind, people, TODAY, me="p1")


@given(people=peoples(), kind=st.sampled_from(BoardKind))
def test_ranks_follow_what_is_shown_and_ties_share_them(
    people: list[Person], kind: BoardKind
) -> None:
    rows = board(kind, people, TODAY, me="p2").rows
    assert all(one.rank <= other.rank for one, other in pairwise(rows))
    for one in rows:
        for other in rows:
            if one.rank < other.rank:
                assert one.fill >= other.fill
            if one.points is not None:
                assert (one.points == other.points) == (one.rank == other.rank)


@given(one=peoples(), extra=st.integers(1, 100_000))
def test_no_more_grips_than_the_goal_help_anybody(one: list[Person], extra: int) -> None:
    for who in one:
        if week_dose(who, WEEK) == 1:
            more = dataclasses.replace(
                who, plays=(*who.plays, board_play(0, None, counted=extra)), goal=who.goal
            )
            assert week_dose(more, WEEK) == 1


# From the store


@pytest.mark.usefixtures("on_both")
def test_boards_come_from_the_kept_plays_of_those_who_chose_them(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for number in range(6):
            patient = store.add_patient(f"P{number}", nickname=f"N{number}", board=number != 5)
            for seed in range(14):
                # Twelve plays before this week, one a day, and two in it.
                at = NOON + timedelta(days=seed - 14 if seed < 12 else 0, minutes=seed)
                level = -1.0 + (number / 10 if seed >= 12 else 0)
                store.save_play(
                    play(100 * number + seed, 3, level, patient_id=patient.id, started_at=at)
                )
        store.set_board_hidden("P4", True)
        for name in ("middle", "injury"):  # the latest version of a plan is the one that holds
            store.prescribe("P1", preset(name, NOON.date()), "Ann")
        people = store.board_people(NOON.date())
        assert [(p.minutes, p.days) for p in people[:2]] == [(25 * 5, 5), (10 * 5, 5)]
        assert [p.name for p in people] == ["N0", "N1", "N2", "N3"]
        for one in people:
            assert sum(p.day in WEEK for p in one.plays) == 2
            assert sum(p.day not in WEEK for p in one.plays) == 10, "the last ten before it"
            assert list(one.plays) == sorted(one.plays, key=lambda p: p.day)
            assert one.last_played == NOON.date()
        boards = store.boards(NOON.date(), me="p0")
        # 0, .1, .2 and .3 octave above oneself, at 10 points per .05 octave, 80 at the most
        assert [(r.rank, r.name, r.points) for r in boards[BoardKind.BEAT_MYSELF].rows] == [
            (1, "N2", 80),
            (1, "N3", 80),
            (3, "N1", 70),
            (4, "N0", 50),
        ]
        assert boards[BoardKind.TEAM].team_fill is not None
        for hidden in ("P4", "P5"):
            assert store.boards(NOON.date(), me=hidden) == store.boards(NOON.date())
        assert store.boards(NOON.date() + timedelta(days=7))[BoardKind.EFFORT].rows == ()


@pytest.mark.usefixtures("on_both")
def test_fixed_and_interrupted_plays_count_for_the_dose_alone(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        patient = store.add_patient("P1", board=True)
        whole = play(1, level=-1.0, patient_id=patient.id)
        store.save_play(whole)
        store.save_play(
            dataclasses.replace(play(2, level=2.0, patient_id=patient.id), interrupted=True)
        )
        store.save_play(play(3, level=None, patient_id=patient.id))
        (one,) = store.board_people(NOON.date())
    assert [p.level for p in one.plays] == [-1.0, None, None]
    assert sum(p.counted for p in one.plays) > whole.counted


@pytest.mark.usefixtures("on_both")
def test_the_goal_that_is_told_is_the_one_the_boards_measure_by(tmp_path: Path) -> None:
    today = NOON.date()
    with open_store(tmp_path) as store:
        new, back = store.add_patient("NEW"), store.add_patient("BACK", board=True)
        assert store.week_goal("NEW", today) == WeekGoal(round(grip_goal(0.3)), 5)
        store.save_play(play(1, 3, -1.0, patient_id=new.id))
        assert store.week_goal("new", today) == WeekGoal(round(grip_goal(0.5)), 5), "the first play"
        # Somebody away for months has the goal of before, not a beginner's, and it stands still.
        for ago in (100, 99, 98):
            at = NOON - timedelta(days=ago)
            store.save_play(play(ago, 3, 0.0, patient_id=back.id, started_at=at))
        store.prescribe("BACK", preset("injury", today), "Ann")
        goal = WeekGoal(round(grip_goal(1.0, 10 * 5)), 5)
        assert store.week_goal("BACK", today) == goal
        store.save_play(play(2, 3, 0.5, patient_id=back.id))
        assert store.week_goal("BACK", today) == goal
        (person,) = store.board_people(today)
        assert round(week_goal(person, WEEK)) == goal.pinches
