"""A grip held for longer than the song asks pauses; nothing that happens by itself does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.grips import Grip
from game.stage.hold_to_pause import HoldToPause

S = 1_000_000
INDEX, RING = 1 << Grip.INDEX, 1 << Grip.RING


def watched() -> HoldToPause:
    hold = HoldToPause(3 * S)
    hold.share(0, 0, 0)
    return hold


@pytest.mark.parametrize("grip", Grip)
def test_any_grip_held_for_three_seconds_pauses(grip):
    hold = watched()
    assert hold.share(1 << grip, 0, 1 * S) == 0
    assert hold.share(1 << grip, 0, 2 * S) == pytest.approx(1 / 3)
    assert hold.share(1 << grip, 0, 4 * S) == 1


def test_letting_go_begins_anew():
    hold = watched()
    hold.share(INDEX, 0, 1 * S)
    hold.share(0, 0, 3 * S)
    assert hold.share(INDEX, 0, 4 * S) == 0


def test_a_tail_that_is_asked_for_does_not_count():
    hold = watched()
    for at in range(1, 9):
        assert hold.share(INDEX, INDEX, at * S) == 0
    assert hold.share(INDEX, 0, 11 * S) == 1


def test_another_grip_that_is_asked_for_is_no_excuse():
    hold = watched()
    hold.share(RING, 0, 1 * S)
    assert hold.share(RING | INDEX, INDEX, 4 * S) == 1


def test_a_contact_that_was_closed_before_has_to_open_first():
    hold = HoldToPause(3 * S)
    for at in range(100):
        assert hold.share(INDEX, 0, at * S) == 0
    hold.share(0, 0, 100 * S)
    hold.share(INDEX, 0, 101 * S)
    assert hold.share(INDEX, 0, 104 * S) == 1


@given(st.lists(st.tuples(st.integers(1, 2_900_000), st.integers(0, 31)), max_size=60))
def test_pinches_of_less_than_three_seconds_never_pause(pinches):
    hold = watched()
    now = 0
    for lasts_us, mask in pinches:
        hold.share(mask, 0, now)
        now += lasts_us
        assert hold.share(mask, 0, now) < 1
        hold.share(0, 0, now)


def test_it_can_be_turned_off():
    hold = HoldToPause(0)
    hold.share(0, 0, 0)
    hold.share(INDEX, 0, 1)
    assert hold.share(INDEX, 0, 1_000 * S) == 0
