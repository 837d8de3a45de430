"""Ease-off: when it begins, and which targets stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.therapy.ease_off import eases_off, misses_in_a_row, staying


@pytest.mark.parametrize(
    ("outcomes", "misses"),
    [([], 0), ([True], 0), ([False], 1), ([False, True], 0), ([True, False, False, False], 3)],
)
def test_misses_in_a_row_are_those_at_the_end(outcomes: list[bool], misses: int) -> None:
    assert misses_in_a_row(outcomes) == misses
    assert eases_off(outcomes) == (misses >= 3)


@pytest.mark.parametrize(
    ("tiers", "stay"),
    [
        ([], []),
        ([3], [True]),
        ([1, 1, 1, 1], [False, True, False, True]),  # the first to come is a pause
        ([1, 4, 2, 4], [True, False, True, False]),  # the strong beats stay
        ([4, 1, 3], [False, True, True]),
    ],
)
def test_every_second_target_stays_the_stronger_of_two(tiers: list[int], stay: list[bool]) -> None:
    assert staying(tiers).tolist() == stay


@given(st.lists(st.integers(1, 12)))
def test_half_the_targets_stay(tiers: list[int]) -> None:
    assert staying(tiers).sum() == (len(tiers) + 1) // 2
