import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core import Window, judge
from game.core.score import PERFECT, score
from tests.core.plays import edges_at, plays, sample, targets_at

WINDOW = Window(early_us=200_000, late_us=200_000)
KEY = 4


def score_of(asynchronies_us, window=WINDOW):
    """The score of one target per entry, hit with that asynchrony; None: not pressed."""
    gap_us = 2_000_000
    targets = targets_at(*((gap_us * i, i % 5) for i in range(len(asynchronies_us))))
    edges = edges_at(
        *(
            (gap_us * i + asynchrony_us, i % 5)
            for i, asynchrony_us in enumerate(asynchronies_us)
            if asynchrony_us is not None
        )
    )
    return score(targets, judge(targets, edges, window), window)


TABLE = [
    ("nothing asked", [], 0),
    ("nothing hit", [None, None], 0),
    ("in time", [0], PERFECT),
    ("half a window off", [100_000], 8750),
    ("early costs as much as late", [-100_000], 8750),
    ("the edge of the window earns half", [200_000], 5000),
    ("a near press earns nothing", [200_001], 0),
    ("the worked example of the documentation", [0, -100_000, 200_000, None], 5937),
]


@pytest.mark.parametrize(
    ("asynchronies_us", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_what_a_play_scores(asynchronies_us, expected):
    assert score_of(asynchronies_us) == expected


@pytest.mark.parametrize("count", [1, 2, 3, 7, 130, 540, 2001])
def test_a_perfect_play_of_any_length_scores_the_same(count):
    assert score_of([0] * count) == PERFECT


def test_the_wider_half_window_is_the_measure_on_both_sides():
    window = Window(early_us=100_000, late_us=300_000)
    assert score_of([300_000], window) == 5000
    assert score_of([-100_000], window) == score_of([100_000], window) > 9000


def test_a_window_of_no_width_can_be_played_perfectly():
    assert score_of([0, 0], Window(0, 0, 0)) == PERFECT


@sample(100)
@given(st.lists(st.none() | st.integers(-200_000, 200_000), min_size=1, max_size=6), st.data())
def test_a_hit_nearer_in_time_never_scores_less(asynchronies_us, data):
    one = data.draw(st.integers(0, len(asynchronies_us) - 1))
    before = asynchronies_us[one]
    widest = 200_000 if before is None else abs(before)
    nearer = data.draw(st.integers(-widest, widest))
    better = [*asynchronies_us[:one], nearer, *asynchronies_us[one + 1 :]]
    assert 0 <= score_of(asynchronies_us) <= score_of(better) <= PERFECT


@sample(100)
@given(st.integers(0, 199_999))
def test_a_microsecond_more_is_never_a_step_in_the_score(asynchrony_us):
    """Continuous: the steepest slope is 10 000 / w, a twentieth of a point per microsecond."""
    assert 0 <= score_of([asynchrony_us]) - score_of([asynchrony_us + 1]) <= 1


@sample(50)
@given(st.lists(st.none() | st.integers(-200_000, 200_000), min_size=1, max_size=6))
def test_playing_a_song_twice_as_long_in_the_same_way_scores_the_same(asynchronies_us):
    assert score_of(asynchronies_us * 2) == score_of(asynchronies_us)


@sample(100)
@given(plays())
def test_the_score_is_the_documented_mean_and_within_its_bounds(play):
    targets, edges, window = play
    judgements = judge(targets, edges, window)
    w = max(window.early_us, window.late_us)
    credits = [
        1 - (row["asynchrony_us"] / w) ** 2 / 2 if row["asynchrony_us"] else 1.0
        for row in judgements.targets
        if row["hit"]
    ]
    expected = 10_000 * sum(credits) / len(targets) if len(targets) else 0
    assert score(targets, judgements, window) == pytest.approx(expected, abs=1)
    assert 0 <= score(targets, judgements, window) <= PERFECT


def test_near_wrong_and_extra_presses_take_nothing_away():
    targets = targets_at((1_000_000, 0), (2_000_000, 1))
    hits = [(1_000_000, 0), (2_000_000, 1)]
    more = [(500_000, 0), (900_000, 3), (1_500_000, 1), (7_000_000, KEY)]
    untidy = judge(targets, edges_at(*sorted(hits + more)), WINDOW)
    assert sorted(untidy.presses["outcome"]) == [0, 0, 1, 1, 2, 3]
    assert score(targets, untidy, WINDOW) == PERFECT


def test_targets_left_out_count_neither_way():
    targets = targets_at((1_000_000, 0), (2_000_000, 1))
    judgements = judge(targets, edges_at((1_000_000, 0)), WINDOW)
    assert score(targets, judgements, WINDOW) == 5000
    assert score(targets, judgements, WINDOW, asked=np.array([True, False])) == PERFECT
    assert score(targets, judgements, WINDOW, asked=np.array([False, True])) == 0
    assert score(targets, judgements, WINDOW, asked=np.array([False, False])) == 0


def test_judgements_of_another_chart_are_refused():
    judgements = judge(targets_at((1, 0)), edges_at(), WINDOW)
    with pytest.raises(ValueError, match="2 targets cannot have 1 judgements"):
        score(targets_at((1, 0), (2, 0)), judgements, WINDOW)
