"""The weighted up-down rule on worked examples, and the property it exists for."""

from math import comb, exp, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.therapy.updown import bounded, mean_step, movement, step_size


@pytest.mark.parametrize(
    ("seen", "expected"),
    [(0, 0.030), (48, 0.01 + 0.02 * exp(-1)), (34, 0.0198494), (10_000, 0.010)],
)
def test_steps_shrink_from_three_hundredths_of_an_octave_to_one(seen: int, expected: float) -> None:
    assert step_size(seen) == pytest.approx(expected, abs=1e-6)


@given(seen=st.integers(0, 2_000), asked=st.integers(1, 60))
def test_the_mean_step_is_the_mean_of_the_steps(seen: int, asked: int) -> None:
    slowly = sum(step_size(seen + k) for k in range(asked)) / asked
    assert mean_step(seen, asked) == pytest.approx(slowly, rel=1e-12)


@pytest.mark.parametrize(
    ("seen", "asked", "hits", "target", "expected"),
    [
        # Long after the start s = .01: 15 hits up, 1 miss worth 4 hits down.
        (5_000, 16, 15, 0.80, 0.15 - 0.04),
        (5_000, 15, 12, 0.80, 0.0),  # exactly 80 %
        (5_000, 16, 8, 0.80, 0.08 - 0.32),
        (5_000, 20, 15, 0.75, 0.0),
        (5_000, 10, 0, 0.90, -0.9),
        (0, 16, 16, 0.80, 16 * 0.0271859),  # the first phrase of all: mean s .02719
        (0, 0, 0, 0.80, 0.0),
    ],
)
def test_movement_on_worked_examples(
    seen: int, asked: int, hits: int, target: float, expected: float
) -> None:
    assert movement(seen, asked, hits, target) == pytest.approx(expected, abs=1e-5)


@given(
    seen=st.integers(0, 1_000),
    asked=st.integers(1, 40),
    target=st.floats(min_value=0.65, max_value=0.90),
)
def test_at_the_success_aimed_for_the_expected_movement_is_nought(
    seen: int, asked: int, target: float
) -> None:
    expected = sum(
        comb(asked, hits)
        * target**hits
        * (1 - target) ** (asked - hits)
        * movement(seen, asked, hits, target)
        for hits in range(asked + 1)
    )
    assert expected == pytest.approx(0.0, abs=1e-12)


@given(st.floats(-10, 10))
def test_a_step_is_never_above_eight_percent_up_or_a_sixth_down(delta: float) -> None:
    assert 1 / 1.20 - 1e-12 <= 2 ** bounded(delta) <= 1.08 + 1e-12
    if -log2(1.20) <= delta <= log2(1.08):
        assert bounded(delta) == delta
