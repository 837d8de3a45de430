"""The window may change its size at any moment, to any shape."""

from pathlib import Path

import pygame
import pytest

from game.stage import samples
from game.stage.commands import Typed
from game.stage.navigation import ROOMS
from game.stage.rooms.people import CodeRoom
from game.stage.theme import Scale
from tests.stage.test_help_rooms import House

#: Upright, flat, tiny, and as usual.
SHAPES = ((240, 400), (640, 160), (120, 68), (480, 270))


@pytest.fixture
def house(tmp_path: Path):
    made = House(tmp_path / "data")
    made.keeper.store.add_patient("P1", nickname="Rosa")
    yield made
    made.keeper.close()


def resize(house: House, size: tuple[int, int], zoom: float) -> pygame.Surface:
    room = house.room
    room.resized()
    if house.room is room:
        house.screen = room.screen(Scale(*size, zoom))
    surface = pygame.Surface(size, 0, 32)
    house.screen.draw(surface)
    return surface


@pytest.mark.parametrize("zoom", [1.0, 2.0])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_screen_is_drawn_in_every_shape(shape: tuple[int, int], zoom: float) -> None:
    for name, screen in samples.screens(Scale(*shape, zoom)):
        surface = pygame.Surface(shape, 0, 32)
        screen.draw(surface)
        assert screen.written or screen.choices, name


@pytest.mark.parametrize("action", ROOMS)
def test_a_room_stays_when_the_window_changes(house: House, action: str) -> None:
    house.choose("guest")
    house.choose(action)
    room = house.room
    house.screen.focus = len(house.screen.choices) - 1
    for size in SHAPES:
        resize(house, size, 1.0)
        assert house.room is room
        offered = {choice.action for choice in house.screen.choices}
        assert offered, "there is a way on from everywhere"


def test_what_is_being_typed_stays(house: House) -> None:
    house.choose("people")
    house.choose("add")
    assert isinstance(house.room, CodeRoom)
    for letter in "rosa":
        house.command(Typed(letter))
    resize(house, SHAPES[0], 2.0)
    assert house.screen.typing
    assert house.screen.focused is not None
    assert house.screen.focused.action == "name:rosa"
