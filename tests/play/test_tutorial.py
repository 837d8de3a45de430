"""The tutorial's rules: each grip in turn, nobody is kept waiting, and it is short."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.data import EDGE
from game.core.grips import GRIPS, Grip
from game.play.performance import EventKind
from game.play.tutorial import BEAT_US, PATIENCE_US, PAUSE_US, Lesson, Step, first_beat

S = 1_000_000


def test_two_pinches_of_each_grip_in_turn():
    lesson, now_us = Lesson(GRIPS, 0), 0
    shown = []
    while not lesson.over:
        shown.append(lesson.grip)
        for _ in range(2):
            now_us += S // 2
            lesson.press(lesson.grip, now_us)
            lesson.step(now_us)
        now_us += PAUSE_US
        lesson.step(now_us)
    assert tuple(shown) == GRIPS == lesson.came
    assert lesson.grip is None


def test_what_came_is_seen_for_a_second_before_the_next_is_shown():
    lesson = Lesson(GRIPS, 0)
    lesson.press(Grip.INDEX, 100)
    assert lesson.felt == 1
    lesson.press(Grip.INDEX, 200)
    assert lesson.steps[Grip.INDEX] is Step.CAME
    lesson.step(200 + PAUSE_US - 1)
    assert lesson.grip is Grip.INDEX
    assert lesson.felt == 2
    lesson.step(200 + PAUSE_US)
    assert lesson.grip is Grip.MIDDLE
    assert lesson.felt == 0


def test_a_grip_that_does_not_come_is_passed_over_after_eight_seconds():
    lesson = Lesson((Grip.RING, Grip.KEY), 0)
    lesson.step(PATIENCE_US - 1)
    assert lesson.steps[Grip.RING] is Step.ASKED
    lesson.step(PATIENCE_US)
    assert lesson.steps[Grip.RING] is Step.PASSED
    lesson.step(PATIENCE_US + PAUSE_US)
    assert lesson.grip is Grip.KEY
    assert lesson.came == ()


def test_once_is_enough_to_have_come():
    lesson = Lesson((Grip.RING,), 0)
    lesson.press(Grip.RING, 5 * S)
    lesson.step(PATIENCE_US)
    assert lesson.came == (Grip.RING,)


def test_another_grip_is_no_mistake_and_counts_for_nothing():
    lesson = Lesson(GRIPS, 0)
    lesson.press(Grip.KEY, 10)
    lesson.press(Grip.INDEX, -5)  # felt before it was asked
    assert lesson.felt == 0
    assert lesson.steps[Grip.KEY] is Step.COMING


def test_nobody_at_the_glove_is_through_in_less_than_a_minute():
    lesson, now_us = Lesson(GRIPS, 0), 0
    while not lesson.over:
        now_us += S // 60
        lesson.step(now_us)
    play = first_beat(GRIPS, "right")
    whole_us = now_us + play.lead_us + play.performance.end_us + play.options.window.reach_us
    assert whole_us < 60 * S


@given(
    st.lists(st.sampled_from(GRIPS), unique=True),
    st.lists(st.tuples(st.integers(1, 3 * S), st.sampled_from(GRIPS)), max_size=80),
)
def test_whatever_is_pinched_it_ends_and_no_grip_takes_longer_than_it_may(grips, presses):
    lesson, now_us = Lesson(grips, 0), 0
    for wait_us, grip in presses:
        now_us += wait_us
        lesson.step(now_us)
        lesson.press(grip, now_us)
    for _ in range(2 * len(grips)):
        now_us += PATIENCE_US
        lesson.step(now_us)
    assert lesson.over
    assert set(lesson.steps.values()) <= {Step.CAME, Step.PASSED}
    assert set(lesson.came) <= {grip for _, grip in presses}


@pytest.mark.parametrize(
    ("grips", "asked"),
    [
        ((Grip.KEY,), [Grip.KEY] * 4),
        ((Grip.RING, Grip.INDEX), [Grip.RING, Grip.INDEX] * 2),
        (GRIPS, [Grip.INDEX, Grip.MIDDLE, Grip.RING, Grip.LITTLE]),
    ],
)
def test_four_targets_to_a_beat_are_judged_like_any_other(grips, asked):
    play = first_beat(grips, "left")
    assert play.player.hand == "left"
    times = play.chart.targets["time_us"]
    assert (times % BEAT_US == 0).all()
    assert (np.diff(times) == 2 * BEAT_US).all()
    edges = np.array([(t + 30_000, g, True) for t, g in zip(times, asked, strict=True)], EDGE)
    events = play.performance.step(edges, play.performance.end_us + S)
    assert [e.grip for e in events if e.kind is EventKind.HIT] == asked
    assert play.performance.finished


def test_there_is_no_beat_without_a_grip():
    with pytest.raises(ValueError, match="needs a grip"):
        first_beat((), "right")
