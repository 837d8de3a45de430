"""From pygame's events to commands and grips: the only place that knows keyboard and mouse."""

import pygame

from game.core.grips import Grip
from game.stage.commands import Command, Pointer

_COMMANDS: dict[int, Command] = {
    pygame.K_RIGHT: Command.MOVE_NEXT,
    pygame.K_DOWN: Command.MOVE_NEXT,
    pygame.K_LEFT: Command.MOVE_PREVIOUS,
    pygame.K_UP: Command.MOVE_PREVIOUS,
    pygame.K_RETURN: Command.CHOOSE,
    pygame.K_KP_ENTER: Command.CHOOSE,
    pygame.K_SPACE: Command.CHOOSE,
    pygame.K_ESCAPE: Command.BACK,
    pygame.K_BACKSPACE: Command.BACK,
    pygame.K_AC_BACK: Command.BACK,
}

#: As the lanes lie on the screen, so that keys, lanes and fingers agree.
_ORDER = (Grip.KEY, Grip.INDEX, Grip.MIDDLE, Grip.RING, Grip.LITTLE)

#: Keys by their place, so that the home row is the home row on every layout: the scancodes of
#: H J K L ; for a right hand and of G F D S A for a left one.
_GRIP_SCANCODES: dict[str, dict[int, Grip]] = {
    "right": dict(
        zip(
            (
                pygame.KSCAN_H,
                pygame.KSCAN_J,
                pygame.KSCAN_K,
                pygame.KSCAN_L,
                pygame.KSCAN_SEMICOLON,
            ),
            _ORDER,
            strict=True,
        )
    ),
    "left": dict(
        zip(
            (pygame.KSCAN_G, pygame.KSCAN_F, pygame.KSCAN_D, pygame.KSCAN_S, pygame.KSCAN_A),
            _ORDER,
            strict=True,
        )
    ),
}

_LETTERS: dict[str, dict[Grip, str]] = {
    "right": dict(zip(_ORDER, "HJKL;", strict=True)),
    "left": dict(zip(_ORDER, "GFDSA", strict=True)),
}


def command_of(event: pygame.event.Event) -> Command | Pointer | None:
    """The command an event stands for; None for everything else.

    Tab moves on, Shift+Tab back; the wheel moves as well.
    """
    if event.type == pygame.KEYDOWN:
        if event.key == pygame.K_TAB:
            back = event.mod & pygame.KMOD_SHIFT
            return Command.MOVE_PREVIOUS if back else Command.MOVE_NEXT
        return _COMMANDS.get(event.key)
    if event.type == pygame.MOUSEMOTION:
        return Pointer(event.pos[0], event.pos[1])
    if event.type == pygame.MOUSEBUTTONDOWN and event.button == pygame.BUTTON_LEFT:
        return Pointer(event.pos[0], event.pos[1], pressed=True)
    if event.type == pygame.MOUSEWHEEL and event.y:
        return Command.MOVE_PREVIOUS if event.y > 0 else Command.MOVE_NEXT
    return None


def grip_of(event: pygame.event.Event, hand: str) -> tuple[Grip, bool] | None:
    """The grip and whether it closes (True) or opens, for a key event during play; else None.

    A key that repeats because it is held gives one press only if the window's key repeat is off,
    which is pygame's default.
    """
    if event.type not in (pygame.KEYDOWN, pygame.KEYUP):
        return None
    grip = _GRIP_SCANCODES[hand].get(event.scancode)
    return None if grip is None else (grip, event.type == pygame.KEYDOWN)


def letters(hand: str) -> dict[Grip, str]:
    """What to print on the strike shapes: the letter at each grip's place on a QWERTY keyboard."""
    return dict(_LETTERS[hand])
