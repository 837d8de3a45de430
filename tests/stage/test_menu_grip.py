"""The menus by pinches: hold, two grips, or a scan with one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core import EDGE
from game.core.grips import Grip
from game.stage.commands import Command
from game.stage.menu_grip import MenuGrip, MenuRules

NONE = np.zeros(0, EDGE)
MS = 1_000
NEXT, CHOOSE = Command.MOVE_NEXT, Command.CHOOSE

TWO = MenuRules("two", move=Grip.LITTLE, choose=Grip.KEY)
SCAN = MenuRules("scan", scan_us=2_000 * MS)
MODES = [MenuRules(), TWO, SCAN]


def edges(*rows):
    return np.array(list(rows), EDGE)


def pinch(grip, from_ms, to_ms):
    return edges((from_ms * MS, grip, True), (to_ms * MS, grip, False))


def test_a_short_pinch_moves_on():
    menu = MenuGrip()
    assert menu.commands(edges((0, 2, True)), 10 * MS) == []
    assert menu.commands(edges((200 * MS, 2, False)), 210 * MS) == [NEXT]


def test_a_held_pinch_fills_the_ring_and_chooses_once():
    menu = MenuGrip()
    menu.commands(edges((0, 0, True)), 1)
    assert 0.4 < menu.holding(400 * MS) < 0.6
    assert menu.commands(NONE, 800 * MS) == [CHOOSE]
    assert menu.commands(NONE, 900 * MS) == []
    assert menu.commands(edges((1_000 * MS, 0, False)), 1_010 * MS) == []


@pytest.mark.parametrize("hold_ms", [400, 2_000])
def test_it_is_held_as_long_as_the_settings_say(hold_ms):
    menu = MenuGrip(MenuRules(hold_us=hold_ms * MS))
    menu.commands(edges((0, 0, True)), 1)
    assert menu.commands(NONE, (hold_ms - 1) * MS) == []
    assert menu.commands(NONE, hold_ms * MS) == [CHOOSE]


def test_the_pinch_that_brought_a_screen_does_nothing_on_it():
    menu = MenuGrip()
    menu.rest(0)
    assert menu.commands(edges((100 * MS, 0, True), (200 * MS, 0, False)), 250 * MS) == []
    later = edges((700 * MS, 0, True), (800 * MS, 0, False))
    assert menu.commands(later, 850 * MS) == [NEXT]


def test_another_grip_beside_a_held_one_is_not_heard():
    menu = MenuGrip()
    menu.commands(edges((0, 0, True)), 1)
    assert menu.commands(edges((100 * MS, 1, True), (150 * MS, 1, False)), 160 * MS) == []
    assert menu.commands(edges((200 * MS, 0, False)), 210 * MS) == [NEXT]


@pytest.mark.parametrize("rules", MODES, ids=lambda rules: rules.mode)
@given(grip=st.sampled_from(Grip), held_ms=st.integers(0, 20_000))
def test_a_grip_left_over_from_the_play_never_chooses(rules, grip, held_ms):
    menu = MenuGrip(rules)
    menu.rest(0)
    found = []
    for at_ms in range(0, held_ms, 100):
        found += menu.commands(NONE, at_ms * MS)
    found += menu.commands(edges((held_ms * MS, grip, False)), held_ms * MS)
    assert CHOOSE not in found
    if rules.mode != "scan":
        assert found == []


# ---------------------------------------------------------------- one moves, another chooses


def test_one_grip_moves_and_another_chooses_without_holding():
    menu = MenuGrip(TWO)
    assert menu.commands(edges((0, Grip.LITTLE, True)), 1) == [NEXT]
    assert menu.commands(edges((100 * MS, Grip.LITTLE, False)), 101 * MS) == []
    assert menu.commands(edges((900 * MS, Grip.KEY, True)), 901 * MS) == [CHOOSE]
    assert menu.commands(NONE, 9_000 * MS) == []


def test_after_a_choice_nothing_is_taken_for_half_a_second():
    menu = MenuGrip(TWO)
    assert menu.commands(edges((0, Grip.KEY, True)), 1) == [CHOOSE]
    assert menu.commands(pinch(Grip.KEY, 300, 350)[:1], 400 * MS) == []
    assert menu.commands(edges((600 * MS, Grip.KEY, True)), 600 * MS) == [CHOOSE]


def test_the_other_grips_still_hold_to_choose():
    menu = MenuGrip(TWO)
    assert menu.commands(pinch(Grip.RING, 0, 200), 210 * MS) == [NEXT]
    menu.commands(edges((300 * MS, Grip.RING, True)), 300 * MS)
    assert menu.commands(NONE, 1_100 * MS) == [CHOOSE]


# ---------------------------------------------------------------- scanning


def moves_ms(menu, from_ms, to_ms):
    """When the scan moves on, looked at every 10 ms."""
    return [at for at in range(from_ms, to_ms, 10) if NEXT in menu.commands(NONE, at * MS)]


def test_the_scan_moves_by_itself_and_rests_longer_on_the_first():
    menu = MenuGrip(SCAN)
    menu.rest(0)
    assert moves_ms(menu, 0, 10_500) == [4_000, 6_000, 8_000, 10_000]


@pytest.mark.parametrize("grip", Grip)
def test_one_pinch_of_any_grip_chooses(grip):
    menu = MenuGrip(SCAN)
    menu.rest(0)
    assert menu.commands(edges((5_000 * MS, grip, True)), 5_001 * MS) == [CHOOSE]


def test_the_scan_waits_while_something_is_pinched():
    menu = MenuGrip(SCAN)
    menu.rest(0)
    menu.commands(edges((100 * MS, 2, True)), 100 * MS)  # too early to choose
    assert moves_ms(menu, 110, 9_000) == []
    menu.commands(edges((9_000 * MS, 2, False)), 9_000 * MS)
    assert moves_ms(menu, 9_010, 12_000) == [10_990]


def test_after_a_choice_on_the_same_screen_there_is_time_for_another():
    menu = MenuGrip(SCAN)
    menu.rest(0)
    assert menu.commands(pinch(0, 3_900, 3_990), 3_990 * MS) == [CHOOSE]
    assert moves_ms(menu, 4_000, 9_900) == [7_990]


def test_other_rules_hold_from_now_on():
    menu = MenuGrip()
    menu.commands(edges((0, 0, True)), 1)
    menu.use(SCAN)
    assert menu.holding(400 * MS) is None
    assert menu.commands(NONE, 900 * MS) == []
    assert menu.commands(edges((1_000 * MS, 0, False)), 1_000 * MS) == []
