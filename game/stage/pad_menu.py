"""A gamepad in the menus: its cross or left stick moves, A chooses, B goes back."""

from typing import Final

import pygame

from game.stage.commands import Command

_NEXT, _PREVIOUS = Command.MOVE_NEXT, Command.MOVE_PREVIOUS

#: SDL's order of buttons on a gamepad that it knows: A, B, …, and the cross where that is buttons.
MENU_BUTTONS: Final = {
    0: Command.CHOOSE,
    1: Command.BACK,
    11: _PREVIOUS,  # up
    12: _NEXT,  # down
    13: _PREVIOUS,  # left
    14: _NEXT,  # right
}

#: The left stick, from left to right and from up to down.
_STICK: Final = (0, 1)

#: A stick leans from here on and has to come back below the other before it leans again: worn ones
#: tremble, and so do hands.
_LEANS, _RESTS = 0.6, 0.35


class PadMenu:
    """Turns a gamepad's events into commands; remembers which sticks lean."""

    def __init__(self) -> None:
        self._leaning: set[tuple[int, int]] = set()

    def command_of(self, event: pygame.event.Event) -> Command | None:
        """The command an event stands for; None for everything else."""
        if event.type == pygame.JOYBUTTONDOWN:
            return MENU_BUTTONS.get(event.button)
        if event.type == pygame.JOYHATMOTION:
            right, up = event.value
            return _towards(right or -up)
        if event.type == pygame.JOYAXISMOTION and event.axis in _STICK:
            return self._leant(event)
        return None

    def _leant(self, event: pygame.event.Event) -> Command | None:
        stick = (int(event.instance_id), int(event.axis))
        if abs(event.value) < _RESTS:
            self._leaning.discard(stick)
        elif abs(event.value) > _LEANS and stick not in self._leaning:
            self._leaning.add(stick)
            return _towards(event.value)
        return None


def _towards(way: float) -> Command | None:
    """Right and down move on, left and up back."""
    return None if way == 0 else _NEXT if way > 0 else _PREVIOUS
