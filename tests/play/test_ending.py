"""A play that must not be longer than what is left of the block, in time or in presses."""

import numpy as np
import pytest

from game.core import Window
from game.play.performance import EventKind, Performance
from game.play.plan import AdaptivePlan
from game.play.setup import shortened
from game.therapy.difficulty import DifficultyState, Limits
from tests.play.charts import SECOND_US, chart, pinches

WINDOW = Window()
LOOK_AHEAD_US = 3 * SECOND_US


def performance(most: int, made=None) -> Performance:
    bounds = Limits()
    state = DifficultyState.first(bounds, 1.0)
    plan = AdaptivePlan(made or chart(), state, bounds, LOOK_AHEAD_US, WINDOW.late_us)
    return Performance(plan, WINDOW, 62 * SECOND_US, most)


def played_by_a_good_hand(most: int, step_us: int) -> Performance:
    play, now_us, pending = performance(most), -LOOK_AHEAD_US, []
    while not play.finished:
        now_us += step_us
        due = sorted(p for p in pending if p[0] < now_us)
        pending = [p for p in pending if p[0] >= now_us]
        for event in play.step(pinches(*due, dwell_us=1), now_us):
            if event.kind is EventKind.IN_VIEW:
                target = play.targets[event.target]
                pending.append((int(target["time_us"]), int(target["grip"])))
    return play


@pytest.mark.parametrize("most", [1, 7, 20])
def test_a_good_hand_uses_up_its_presses_and_misses_nothing_that_it_saw(most):
    play = played_by_a_good_hand(most, 50_000)
    targets, judgements = play.asked()
    assert len(judgements.presses) == most
    assert len(targets) == len(play.targets) == most
    assert judgements.targets["hit"].all()
    assert play.ends_early
    assert play.settled_us < 60 * SECOND_US


def test_at_any_frame_rate_it_ends_with_the_same_press():
    plays = [played_by_a_good_hand(12, step_us) for step_us in (8_000, 50_000, 500_000)]
    assert len({play.edges.tobytes() for play in plays}) == 1
    assert len({play.targets.tobytes() for play in plays}) == 1


@pytest.mark.parametrize("step_us", [16_000, 700_000, 5_000_000])
def test_who_pinches_without_end_makes_not_one_press_too_many(step_us):
    mashed = pinches(*((at, 2) for at in range(0, 60 * SECOND_US, 150_000)), dwell_us=70_000)
    play, now_us = performance(40), -LOOK_AHEAD_US
    while not play.finished:
        new = mashed[(mashed["time_us"] >= now_us) & (mashed["time_us"] < now_us + step_us)]
        now_us += step_us
        play.step(new, now_us)
    _, judgements = play.asked()
    assert len(judgements.presses) == 40
    assert int(play.edges["down"].sum()) == 40
    assert play.settled_us <= 7 * SECOND_US


def test_without_a_limit_the_song_goes_to_its_end():
    play = played_by_a_good_hand(10_000, 500_000)
    assert not play.ends_early
    assert play.settled_us == 62 * SECOND_US


def test_a_song_that_is_too_long_ends_with_a_whole_phrase():
    made = chart(60, phrase_s=8)
    short = shortened(made, 30 * SECOND_US)
    assert short.length_us == 24 * SECOND_US
    assert short.phrases[-1].tolist() == [16 * SECOND_US, 24 * SECOND_US]
    assert int(short.targets["time_us"].max()) < 24 * SECOND_US
    assert short.rates == made.rates, "as dense as the whole song"
    assert shortened(made, 60 * SECOND_US) is made


def test_less_than_a_phrase_is_cut_where_it_has_to_be():
    short = shortened(chart(60, phrase_s=8), 5 * SECOND_US)
    assert short.length_us == 5 * SECOND_US
    assert short.phrases.tolist() == [[0, 5 * SECOND_US]]
    assert np.all(short.targets["time_us"] < 5 * SECOND_US)
