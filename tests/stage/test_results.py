"""What is told after a song: true, kind, and about the patient's own data only."""

from dataclasses import replace
from datetime import date

import pytest

from game.core.grips import Grip
from game.stage.results import (
    facts,
    facts_of_summary,
    practice_view,
    result_view,
    words_of_good,
    words_of_step,
)
from game.therapy.feedback import Good, GoodThing, NextStep, Pace
from game.therapy.to_music import OfferReason
from game.words import number
from tests.stage.played import earlier, outcome

TODAY = date(2026, 11, 20)


def told(now, *before, today=TODAY):
    return result_view([now], before, today)


def test_the_result_begins_with_counted_pinches_per_grip():
    view = told(outcome([0, 1, 2, 3, 4] * 2, [True] * 5 + [False] * 5))
    assert view.pinches == 5
    assert set(view.counts.values()) == {1}
    assert [mark.hit for mark in view.marks] == [True] * 5 + [False] * 5
    assert view.score_words == f"Score {number(view.score)}, your first this week"


def test_a_kept_play_says_the_same_to_the_rules_as_when_it_ended():
    grips, hit = [0, 1, 2, 3, 4] * 8, ([True] * 3 + [False]) * 10
    now = facts(outcome(grips, hit, 40_000), whole=True)
    kept = facts_of_summary(earlier(grips, hit, 40_000))
    assert replace(now, sd_ms=None) == replace(kept, sd_ms=None)
    assert now.sd_ms == pytest.approx(kept.sd_ms)


@pytest.mark.parametrize(
    ("grips", "hit", "words"),
    [
        ([2] * 6, [True] * 6, "Every ring pinch met"),
        ([0, 1, 2, 3, 4] * 3, [False] + [True] * 11 + [False] * 3, "11 in a row"),
        ([1, 1, 0], [True, False, True], "You played the whole song"),
        ([0] * 4, [False] * 4, "You took your place"),
    ],
)
def test_one_good_thing_is_the_strongest_that_is_true(grips, hit, words):
    assert told(outcome(grips, hit)).good == words


def test_a_grip_is_praised_for_doing_better_than_the_last_time_in_counts():
    before = earlier([3] * 30, [True] * 12 + [False] * 18)
    now = outcome([3] * 30, [True] * 9 + [False] + [True] * 18 + [False] * 2)
    view = told(now, before)
    assert (view.good, view.good_words) == ("Little did better", "27 of 30, before 12 of 30")
    for other in (
        earlier([3] * 30, [True] * 12 + [False] * 18, hand="left"),
        earlier([3] * 30, [True] * 12 + [False] * 18, mode="practice"),
    ):
        assert told(now, other).good != "Little did better"


def test_steadiness_is_praised_with_a_glove_and_never_with_coarse_input():
    grips, hit = [0, 1, 2, 3, 4] * 10, [True] * 50
    loose = [k % 7 * 25_000 - 75_000 for k in range(50)]
    tight = [k % 3 * 10_000 - 10_000 for k in range(50)]
    before, now = earlier(grips, hit, loose), outcome(grips, hit, tight)
    assert told(now, before).good == "Steadier in time"
    keys = {"input_kind": "keyboard", "input_description": "keyboard; resolution 19 ms"}
    assert told(replace(now, **keys), replace(before, **keys)).good != "Steadier in time"
    # Nor beside an earlier play of the same kind that was timed too coarsely.
    slow = {"input_description": "a glove on a slow line; resolution 16 ms"}
    assert told(now, replace(before, **slow)).good != "Steadier in time"


def test_the_weeks_best_is_of_this_song_and_this_week_and_never_of_practice():
    before = earlier([0] * 10, [True] * 5 + [False] * 5)
    better = told(outcome([0] * 10, [True] * 9 + [False]), before)
    assert better.score_words == f"Score {number(better.score)}, your best this week"
    worse = told(outcome([0] * 10, [True] * 2 + [False] * 8), before)
    assert worse.score_words.endswith(f"this week's best {number(before.score)}")
    first = "your first this week"
    assert told(
        outcome([0] * 9, [True] * 9), before, today=date(2026, 11, 29)
    ).score_words.endswith(first)
    practised = earlier([0] * 10, [True] * 10, mode="practice")
    assert told(outcome([0] * 10, [True] * 5 + [False] * 5), practised).score_words.endswith(first)


@pytest.mark.parametrize(
    ("level", "before", "words"),
    [
        (-0.32, -0.32, ""),
        (-0.32, -0.42, "A little up"),
        (-0.32, -0.9, "Faster than usual"),
        (-0.32, 0.5, ""),
    ],
)
def test_the_pace_is_told_and_never_that_it_went_down(level, before, words):
    now = replace(outcome([0] * 9, [True] * 9), level=level)
    kept = replace(earlier([0] * 9, [True] * 9), level=before)
    view = told(now, kept)
    assert (view.pace, view.pace_words) == ("0.8 a second", words)


def test_without_a_level_no_pace_is_told():
    assert told(outcome([0] * 9, [True] * 9)).pace == ""


def test_a_song_whose_rest_was_slowed_down_counts_all_and_is_no_record():
    parts = [outcome([0] * 9, [True] * 9), outcome([1] * 6, [True] * 5 + [False])]
    view = result_view(parts, (), TODAY)
    assert view.pinches == 14
    assert (view.counts[Grip.INDEX], view.counts[Grip.MIDDLE]) == (9, 5)
    assert (view.score, view.score_words, view.marks) == (None, "", ())


def test_practice_tells_pinches_and_passes_and_no_score():
    view = practice_view([outcome([0] * 9, [True] * 9)] * 3, 2)
    assert (view.pinches, view.score, view.practised) == (27, None, True)
    assert (view.good, view.good_words) == ("2 times through", "27 pinches met")
    broken_off = practice_view([outcome([0] * 9, [True] * 9)], 0)
    assert broken_off.good == "You took your time"


THINGS = [
    GoodThing(Good.GRIP_BETTER, Grip.RING, 28, 17, 30, 30),
    GoodThing(Good.ALL_MET, Grip.KEY, 6, 0, 6),
    *(GoodThing(kind, None, 112, 100) for kind in Good if "grip" not in kind and kind != "all_met"),
]
STEPS = [*(NextStep(reason) for reason in OfferReason), NextStep(OfferReason.SAME, Grip.RING)]


@pytest.mark.parametrize("words", [*map(words_of_good, THINGS), *map(words_of_step, STEPS)])
def test_everything_that_can_be_said_has_at_most_eight_words_and_no_percentage(words):
    assert {thing.kind for thing in THINGS} == set(Good)
    for line in words:
        assert 0 < len(line.split()) <= 8
        assert "%" not in line


def test_there_is_no_word_for_slower():
    assert not {"down", "slower", "less"} & {pace.value for pace in Pace}
