"""Every action that a screen offers leads somewhere."""

import importlib
import pkgutil

import pytest

from game.stage import rooms, samples
from game.stage.navigation import DEEDS, ROOMS
from game.stage.rooms.base import Room

SIZE = (320, 180)

OFFERED = sorted(
    {
        action.partition(":")[0]
        for _, screen in samples.screens(SIZE)
        for action in (*(choice.action for choice in screen.choices), screen.back)
        if action is not None
    }
)


def _own_actions() -> frozenset[str]:
    for info in pkgutil.iter_modules(rooms.__path__, "game.stage.rooms."):
        importlib.import_module(info.name)
    return frozenset().union(*(room.actions for room in Room.__subclasses__()))


@pytest.mark.parametrize("action", OFFERED)
def test_an_action_of_a_screen_is_in_the_table_or_a_rooms_own(action: str) -> None:
    if action in ("more", "record", "ask", "pain", "tired", "wrong"):
        return  # turns the page of its own screen, or answers there
    assert action in ROOMS or action in DEEDS or action in _own_actions()


def test_no_action_is_twice_in_the_table() -> None:
    assert set(ROOMS) & set(DEEDS) == set()


def test_a_room_that_has_actions_does_them_itself() -> None:
    _own_actions()
    for room in Room.__subclasses__():
        assert bool(room.actions) == (room.act is not Room.act), room
