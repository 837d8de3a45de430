"""One grip works the menus: a short pinch moves on, a held one chooses."""

import numpy as np

from game.core import EDGE
from game.stage.commands import Command
from game.stage.menu_grip import MenuGrip

NONE = np.zeros(0, EDGE)
MS = 1_000


def edges(*rows):
    return np.array(list(rows), EDGE)


def test_a_short_pinch_moves_on():
    menu = MenuGrip()
    assert menu.commands(edges((0, 2, True)), 10 * MS) == []
    assert menu.commands(edges((200 * MS, 2, False)), 210 * MS) == [Command.MOVE_NEXT]


def test_a_held_pinch_fills_the_ring_and_chooses_once():
    menu = MenuGrip()
    menu.commands(edges((0, 0, True)), 1)
    assert 0.4 < menu.holding(400 * MS) < 0.6
    assert menu.commands(NONE, 800 * MS) == [Command.CHOOSE]
    assert menu.commands(NONE, 900 * MS) == []
    assert menu.commands(edges((1_000 * MS, 0, False)), 1_010 * MS) == []


def test_the_pinch_that_brought_a_screen_does_nothing_on_it():
    menu = MenuGrip()
    menu.rest(0)
    assert menu.commands(edges((100 * MS, 0, True), (200 * MS, 0, False)), 250 * MS) == []
    later = edges((700 * MS, 0, True), (800 * MS, 0, False))
    assert menu.commands(later, 850 * MS) == [Command.MOVE_NEXT]


def test_another_grip_beside_a_held_one_is_not_heard():
    menu = MenuGrip()
    menu.commands(edges((0, 0, True)), 1)
    assert menu.commands(edges((100 * MS, 1, True), (150 * MS, 1, False)), 160 * MS) == []
    assert menu.commands(edges((200 * MS, 0, False)), 210 * MS) == [Command.MOVE_NEXT]
