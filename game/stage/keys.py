"""From pygame's events to commands and grips: the only place that knows keyboard and mouse."""

import pygame

from game.core.grips import Grip
from game.stage.bindings import DEFAULT, Bindings
from game.stage.commands import ERASE, Command, Pointer, Typed

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


def command_of(
    event: pygame.event.Event,
    *,
    size: tuple[int, int] = (1, 1),
    typing: bool = False,
    any_key: bool = False,
) -> Command | Pointer | Typed | None:
    """The command an event stands for; None for everything else.

    A finger on a touch screen points and presses; ``size`` is the window's, in pixels.
    Tab moves on, Shift+Tab back; the wheel moves as well. Letters and figures are typed; Space and
    Backspace are only while a word is being typed (``typing``), otherwise they choose and go back.
    With ``any_key`` every other key chooses.
    """
    if event.type == pygame.KEYDOWN:
        if event.key == pygame.K_TAB:
            back = event.mod & pygame.KMOD_SHIFT
            return Command.MOVE_PREVIOUS if back else Command.MOVE_NEXT
        if typing and event.key == pygame.K_BACKSPACE:
            return Typed(ERASE)
        if typing and event.key == pygame.K_SPACE:
            return Typed(" ")
        if event.key in _COMMANDS:
            return _COMMANDS[event.key]
        return _typed(event) or (Command.CHOOSE if any_key else None)
    if event.type == pygame.FINGERDOWN:
        return Pointer(int(event.x * size[0]), int(event.y * size[1]), pressed=True)
    if getattr(event, "touch", False):
        return None  # a finger, told once more as a mouse
    if event.type == pygame.MOUSEMOTION:
        return Pointer(event.pos[0], event.pos[1])
    if event.type == pygame.MOUSEBUTTONDOWN and event.button == pygame.BUTTON_LEFT:
        return Pointer(event.pos[0], event.pos[1], pressed=True)
    if event.type == pygame.MOUSEWHEEL and event.y:
        return Command.MOVE_PREVIOUS if event.y > 0 else Command.MOVE_NEXT
    return None


def turns_full_screen(event: pygame.event.Event) -> bool:
    """Whether ``event`` asks for full screen or a window again: F11, or Alt and Enter."""
    if event.type != pygame.KEYDOWN:
        return False
    enter = event.key in (pygame.K_RETURN, pygame.K_KP_ENTER)
    return event.key == pygame.K_F11 or bool(enter and event.mod & pygame.KMOD_ALT)


def _typed(event: pygame.event.Event) -> Typed | None:
    """A letter or a figure, as the layout of the keyboard has it; no shortcut is one."""
    letter = getattr(event, "unicode", "")
    shortcut = event.mod & (pygame.KMOD_CTRL | pygame.KMOD_LALT | pygame.KMOD_META)
    # AltGr is right Alt, with Ctrl on some systems: it writes letters.
    if shortcut and not event.mod & (pygame.KMOD_RALT | pygame.KMOD_MODE):
        return None
    return Typed(letter) if len(letter) == 1 and letter.isalnum() else None


def grip_of(
    event: pygame.event.Event, hand: str, bindings: Bindings = DEFAULT
) -> tuple[Grip, bool] | None:
    """The grip and whether it closes (True) or opens, for a key event during play; else None.

    Keys go by their place, so that the home row is the home row on every layout. A key that
    repeats because it is held gives one press only if the window's key repeat is off, which is
    pygame's default.
    """
    if event.type not in (pygame.KEYDOWN, pygame.KEYUP):
        return None
    grip = bindings.scancodes(hand).get(event.scancode)
    return None if grip is None else (grip, event.type == pygame.KEYDOWN)


def letters(hand: str, bindings: Bindings = DEFAULT) -> dict[Grip, str]:
    """What to print on the strike shapes: the letter at each grip's place on a QWERTY keyboard."""
    return bindings.letters(hand)
