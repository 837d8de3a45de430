"""Today, the week, goals and milestones: rest days are neutral, and nothing counts in a row."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.grips import Grip
from game.therapy.plan import (
    AREA_GRIPS,
    AREA_TASKS,
    AREAS,
    GRIP_IS_FOR,
    MINUTE_US,
    Area,
    DayDone,
    DayState,
    DiaryLine,
    Milestone,
    Reached,
    Sofar,
    reached,
    todays_plan,
    week_kept,
)
from game.therapy.prescription import Task, changed, preset
from game.therapy.tasks import Ticked

MONDAY = date(2026, 3, 2)
FRIDAY = MONDAY + timedelta(days=4)
PLAN = changed(preset("middle", MONDAY), tasks=["clothespin", "coin-flips"])


def done(offset: int, minutes: float, kept: bool = False) -> DayDone:
    return DayDone(MONDAY + timedelta(days=offset), round(minutes * MINUTE_US), kept)


def test_three_of_five_days_and_days_without_play_are_rests():
    week = week_kept(PLAN, [done(0, 25), done(1, 30), done(3, 25)], FRIDAY)
    assert (week.kept, week.planned) == (3, 5)
    assert week.days == (
        DayState.KEPT,
        DayState.KEPT,
        DayState.REST,
        DayState.KEPT,
        DayState.TODAY,
        DayState.AHEAD,
        DayState.AHEAD,
    )


def test_a_day_on_which_the_rules_ordered_a_stop_is_kept():
    assert week_kept(PLAN, [done(0, 4, kept=True)], FRIDAY).kept == 1
    assert week_kept(PLAN, [done(0, 4)], FRIDAY).days[0] is DayState.BEGUN


def test_two_sittings_of_one_day_count_together():
    assert week_kept(PLAN, [done(0, 13), done(0, 12)], FRIDAY).kept == 1


def test_more_days_than_planned_are_no_more_of_a_week():
    week = week_kept(PLAN, [done(day, 25) for day in range(7)], MONDAY + timedelta(days=6))
    assert (week.kept, week.full) == (5, True)


def test_days_of_other_weeks_are_left_out_and_without_a_plan_the_default_holds():
    week = week_kept(None, [done(-1, 25), done(7, 25), done(2, 25)], FRIDAY)
    assert (week.kept, week.planned) == (1, 5)


@given(st.permutations(range(7)), st.integers(0, 7))
def test_only_how_many_days_were_kept_counts_never_which(days, count):
    """Nothing depends on days following one another."""
    sunday = MONDAY + timedelta(days=6)
    week = week_kept(PLAN, [done(day, 25) for day in days[:count]], sunday)
    assert week.kept == min(count, 5)


def test_today_holds_minutes_grips_tasks_and_the_review():
    today = todays_plan(PLAN, FRIDAY, [done(4, 10.9)], [Ticked(Task.COIN_FLIPS, sets=2)])
    assert (today.minutes, today.minutes_done, today.minutes_left) == (25, 10, 15)
    assert [(task.task, task.done) for task in today.tasks] == [
        (Task.CLOTHESPIN, False),
        (Task.COIN_FLIPS, True),
    ]
    assert today.first_week
    assert today.review_in == 8 * 7 - 4
    assert not today.done


def test_the_day_is_done_when_the_minutes_are_played_and_the_tasks_ticked():
    ticked = [Ticked(Task.COIN_FLIPS, sets=2), Ticked(Task.CLOTHESPIN, sets=2)]
    assert todays_plan(PLAN, FRIDAY, [done(4, 25)], ticked).done
    assert not todays_plan(PLAN, FRIDAY, [done(4, 25)], ticked[:1]).done


def test_once_the_week_is_full_today_may_be_a_rest():
    five = [done(day, 25) for day in range(5)]
    assert todays_plan(PLAN, MONDAY + timedelta(days=5), five).rest_is_fine
    assert not todays_plan(PLAN, FRIDAY, five).rest_is_fine, "today is one of the five"


def test_a_plan_that_lies_ahead_says_so():
    today = todays_plan(PLAN, MONDAY - timedelta(days=3))
    assert (today.begins_in, today.first_week) == (3, False)


def test_every_area_and_grip_has_functional_words():
    assert set(AREAS) == set(AREA_GRIPS) == set(AREA_TASKS) == set(Area)
    assert set(GRIP_IS_FOR) == set(Grip)


def test_a_diary_line_is_one_line():
    line = DiaryLine(MONDAY, "  warm\nand tired ", "the key turned")
    assert str(line) == "warm and tired · the key turned"
    assert str(DiaryLine(MONDAY, worked="a cup")) == "a cup"
    with pytest.raises(ValueError, match="needs a word"):
        DiaryLine(MONDAY, " ", "\n")
    with pytest.raises(ValueError, match="at most 200"):
        DiaryLine(MONDAY, "x" * 201)


def test_milestones_are_reached_once_and_only_the_highest_is_told():
    assert reached(Sofar(4, 90), Sofar(5, 1_200)) == (
        Reached(Milestone.DAYS, 5),
        Reached(Milestone.PINCHES, 1_000),
    )
    assert reached(Sofar(5, 1_200), Sofar(5, 1_201)) == ()


def test_a_grip_is_a_milestone_on_twenty_targets_or_more_and_once():
    few, met = Sofar(met={Grip.RING: (19, 19)}), Sofar(met={Grip.RING: (16, 20)})
    assert reached(few, met) == (Reached(Milestone.GRIP_MET, 20, Grip.RING),)
    assert reached(few, Sofar(met={Grip.RING: (15, 20)})) == ()
    assert reached(few, met, {(Milestone.GRIP_MET, Grip.RING)}) == ()


def test_a_grip_that_came_back_is_a_milestone():
    assert reached(Sofar(), Sofar(back={Grip.LITTLE})) == (
        Reached(Milestone.GRIP_BACK, 0, Grip.LITTLE),
    )
