"""Guided exercises: three levels, a warm-up, a cool-down, and the drawn hand that shows them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.therapy.exercises import (
    EXERCISES,
    LEVELS,
    cool_down,
    level_for,
    named,
    of_level,
    seconds,
    warm_up,
)
from game.therapy.pose import Fingers, Holding, Pose

EVERYTHING = (*EXERCISES, *warm_up(1), *warm_up(2), *cool_down())


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_has_three_exercises(level):
    assert len(of_level(level)) == 3


def test_the_levels_are_those_of_the_page():
    assert [e.name for e in of_level(1)] == ["palm-turn", "wrist-bend", "wrist-side"]
    assert [e.name for e in of_level(2)] == ["bottle-roll", "wrist-curl", "pen-release"]
    assert [e.name for e in of_level(3)] == ["pen-spin", "coin-drop", "finger-curl"]
    assert all(
        frame.pose.holding is Holding.OTHER_HAND for e in of_level(1) for frame in e.frames
    ), "the gentlest are done with the other hand's help"


@pytest.mark.parametrize("level", LEVELS)
def test_the_warm_up_takes_two_to_three_minutes_and_opens_and_closes_the_fist_ten_times(level):
    exercises = warm_up(level)
    assert 120 <= seconds(exercises) <= 180
    assert (exercises[0].name, exercises[0].count) == ("fist", 10)
    assert all(exercise.level == 0 for exercise in exercises), "never above the own level"


def test_a_gentle_hand_warms_up_more_slowly():
    for gentle, usual in zip(warm_up(1), warm_up(3), strict=True):
        assert gentle.pace_us >= usual.pace_us
        assert gentle.count <= usual.count


def test_the_cool_down_takes_two_to_three_minutes_of_stretches_of_20_to_30_seconds():
    assert 120 <= seconds(cool_down()) <= 180
    for stretch in cool_down():
        held = [f for f in stretch.frames if f.pose == stretch.frames[1].pose]
        assert stretch.count == 1
        assert 18 <= (held[-1].at - held[0].at) * stretch.seconds <= 30
        assert 20 <= stretch.seconds <= 30


@pytest.mark.parametrize("exercise", EVERYTHING, ids=lambda e: e.name)
def test_an_exercise_begins_and_ends_in_the_same_pose_and_says_what_it_is(exercise):
    places = [frame.at for frame in exercise.frames]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0.0, 1.0)
    assert exercise.frames[0].pose == exercise.frames[-1].pose
    assert len({frame.pose for frame in exercise.frames}) > 1 or exercise.count == 1
    for words in (exercise.title, exercise.how, exercise.what_for):
        assert words[0].isupper()
    assert named(exercise.name).name == exercise.name


@given(st.sampled_from(EVERYTHING), st.floats(0, 1, exclude_max=True))
def test_at_every_moment_the_hand_is_between_two_of_its_poses(exercise, share):
    at_us = int(share * exercise.duration_us)
    moment = exercise.moment(at_us)
    assert moment is not None
    assert 1 <= moment.repetition <= exercise.count
    assert moment.repetition == at_us // exercise.pace_us + 1
    assert 0 <= moment.share <= 1
    poses = [frame.pose for frame in exercise.frames]
    assert moment.before in poses
    assert moment.after in poses
    for name in ("bend", "side", "turn"):
        low, high = sorted((getattr(moment.before, name), getattr(moment.after, name)))
        assert low - 1e-9 <= getattr(moment, name) <= high + 1e-9


@pytest.mark.parametrize("exercise", EVERYTHING, ids=lambda e: e.name)
def test_the_hand_never_jumps(exercise):
    """Ten pictures a second: nothing turns by more than a quarter from one to the next."""
    moments = [exercise.moment(at) for at in range(0, exercise.duration_us, 100_000)]
    for one, other in pairwise(moments):
        for name in ("bend", "side", "turn"):
            assert abs(getattr(one, name) - getattr(other, name)) <= 0.26


def test_an_exercise_is_over_when_its_count_is_done():
    fist = warm_up(2)[0]
    assert fist.moment(fist.duration_us - 1).repetition == 10
    assert fist.moment(fist.duration_us) is None
    with pytest.raises(ValueError, match="before it begins"):
        fist.moment(-1)


def test_what_is_held_still_stands_still():
    moment = cool_down()[1].moment(10_000_000)
    assert moment.before == moment.after


@pytest.mark.parametrize(
    ("rate", "level"), [(None, 1), (0.1, 1), (0.29, 1), (0.3, 2), (0.99, 2), (1.0, 3), (3.0, 3)]
)
def test_a_level_is_suggested_by_the_own_pace(rate, level):
    assert level_for(rate) == level


def test_what_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="levels are 1, 2 and 3"):
        of_level(4)
    with pytest.raises(ValueError, match="levels are 1, 2 and 3"):
        warm_up(0)
    with pytest.raises(ValueError, match="there are palm-turn, "):
        named("handstand")
    for wrong in ({"bend": 1.1}, {"side": -1.1}, {"turn": -0.1}):
        with pytest.raises(ValueError, match="a pose"):
            Pose(**wrong)


def test_every_pose_of_the_fingers_has_a_picture_of_the_hand():
    assert Fingers.OPEN.grip is None
    assert {fingers.grip.label for fingers in Fingers if fingers.grip is not None} == {
        "index",
        "middle",
        "ring",
        "little",
        "key",
    }
