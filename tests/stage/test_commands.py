"""Holding chooses once; keyboard and mouse become commands; the home row becomes grips."""

import pygame
import pytest

from game.core.grips import ACROSS_THE_HAND, GRIPS, Grip
from game.stage import keys
from game.stage.commands import ERASE, Command, HoldToChoose, Pointer, Typed
from game.stage.pad_menu import PadMenu

MS = 1_000


def test_a_pinch_that_is_held_chooses_once() -> None:
    hold = HoldToChoose(hold_us=800 * MS)
    hold.press(0)
    assert hold.progress(400 * MS) == pytest.approx(0.5)
    assert not hold.chosen(799 * MS)
    assert hold.chosen(800 * MS)
    assert not hold.chosen(900 * MS)


def test_a_pinch_let_go_early_chooses_nothing() -> None:
    hold = HoldToChoose(hold_us=800 * MS)
    hold.press(0)
    hold.release()
    assert hold.progress(2_000 * MS) is None
    assert not hold.chosen(2_000 * MS)


def test_after_a_choice_there_is_a_pause() -> None:
    hold = HoldToChoose(hold_us=800 * MS, pause_us=500 * MS)
    hold.press(0)
    assert hold.chosen(800 * MS)
    hold.press(1_200 * MS)
    assert hold.progress(1_250 * MS) is None
    hold.press(1_300 * MS)
    assert hold.progress(1_700 * MS) == pytest.approx(0.5)


def test_a_hold_of_no_time_is_refused() -> None:
    with pytest.raises(ValueError):
        HoldToChoose(hold_us=0)


def _key(key: int, scancode: int = 0, mod: int = 0, kind: int = pygame.KEYDOWN):
    return pygame.event.Event(kind, key=key, scancode=scancode, mod=mod)


@pytest.mark.parametrize(
    ("key", "mod", "command"),
    [
        (pygame.K_TAB, 0, Command.MOVE_NEXT),
        (pygame.K_TAB, pygame.KMOD_LSHIFT, Command.MOVE_PREVIOUS),
        (pygame.K_DOWN, 0, Command.MOVE_NEXT),
        (pygame.K_RIGHT, 0, Command.MOVE_NEXT),
        (pygame.K_UP, 0, Command.MOVE_PREVIOUS),
        (pygame.K_LEFT, 0, Command.MOVE_PREVIOUS),
        (pygame.K_RETURN, 0, Command.CHOOSE),
        (pygame.K_SPACE, 0, Command.CHOOSE),
        (pygame.K_ESCAPE, 0, Command.BACK),
        (pygame.K_q, 0, None),
    ],
)
def test_keys(key, mod, command) -> None:
    assert keys.command_of(_key(key, mod=mod)) is command


def _typed(letter: str, *, mod: int = 0, typing: bool = False, key: int = pygame.K_x):
    event = pygame.event.Event(pygame.KEYDOWN, key=key, scancode=0, mod=mod, unicode=letter)
    return keys.command_of(event, typing=typing)


@pytest.mark.parametrize("letter", ["a", "Z", "é", "ß", "7", "月"])
def test_letters_and_figures_are_typed(letter: str) -> None:
    assert _typed(letter) == Typed(letter)
    assert _typed(letter, mod=pygame.KMOD_LCTRL) is None
    assert _typed(letter, mod=pygame.KMOD_LALT) is None
    assert _typed(letter, mod=pygame.KMOD_LCTRL | pygame.KMOD_RALT) == Typed(letter), "AltGr"
    assert _typed("", mod=0) is None
    assert _typed("!", mod=0) is None


def test_space_and_backspace_belong_to_a_word_that_is_being_typed() -> None:
    assert _typed(" ", key=pygame.K_SPACE) is Command.CHOOSE
    assert _typed(" ", key=pygame.K_SPACE, typing=True) == Typed(" ")
    assert _typed("\b", key=pygame.K_BACKSPACE) is Command.BACK
    assert _typed("\b", key=pygame.K_BACKSPACE, typing=True) == Typed(ERASE)
    assert _typed("\r", key=pygame.K_RETURN, typing=True) is Command.CHOOSE
    assert _typed("\x1b", key=pygame.K_ESCAPE, typing=True) is Command.BACK


def test_the_mouse_points_and_clicks() -> None:
    moved = pygame.event.Event(pygame.MOUSEMOTION, pos=(3, 4), rel=(0, 0), buttons=(0, 0, 0))
    left = pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(3, 4), button=1)
    right = pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(3, 4), button=3)
    wheel = pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=-1)
    assert keys.command_of(moved) == Pointer(3, 4, pressed=False)
    assert keys.command_of(left) == Pointer(3, 4, pressed=True)
    assert keys.command_of(right) is None
    assert keys.command_of(wheel) is Command.MOVE_NEXT


@pytest.mark.parametrize(
    ("hand", "scancodes"),
    [
        ("right", (pygame.KSCAN_H, pygame.KSCAN_J, pygame.KSCAN_K, pygame.KSCAN_L, 51)),
        ("left", (pygame.KSCAN_G, pygame.KSCAN_F, pygame.KSCAN_D, pygame.KSCAN_S, pygame.KSCAN_A)),
    ],
)
def test_the_home_row_is_the_hand(hand, scancodes) -> None:
    for grip, scancode in zip(ACROSS_THE_HAND, scancodes, strict=True):
        down = keys.grip_of(_key(pygame.K_z, scancode), hand)
        up = keys.grip_of(_key(pygame.K_z, scancode, kind=pygame.KEYUP), hand)
        assert (down, up) == ((grip, True), (grip, False))


def test_other_keys_are_no_grips() -> None:
    assert keys.grip_of(_key(pygame.K_q, pygame.KSCAN_Q), "right") is None
    assert keys.grip_of(pygame.event.Event(pygame.QUIT), "right") is None


def test_every_grip_has_its_letter() -> None:
    assert keys.letters("right")[Grip.INDEX] == "J"
    assert keys.letters("left")[Grip.KEY] == "G"
    for hand in ("right", "left"):
        assert sorted(keys.letters(hand)) == sorted(GRIPS)


# ---------------------------------------------------------------- touch, gamepad, full screen


def test_a_finger_presses_where_it_is_and_is_not_told_twice() -> None:
    touch = pygame.event.Event(pygame.FINGERDOWN, x=0.25, y=0.5, touch_id=1, finger_id=0)
    assert keys.command_of(touch, size=(1280, 720)) == Pointer(320, 360, pressed=True)
    as_mouse = {"pos": (320, 360), "touch": True}
    press = pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, **as_mouse)
    assert keys.command_of(press, size=(1280, 720)) is None
    moved = pygame.event.Event(pygame.MOUSEMOTION, rel=(1, 0), buttons=(0, 0, 0), **as_mouse)
    assert keys.command_of(moved, size=(1280, 720)) is None


def _pad(kind: int, **what: object) -> pygame.event.Event:
    return pygame.event.Event(kind, instance_id=2, **what)


@pytest.mark.parametrize(
    ("event", "command"),
    [
        (_pad(pygame.JOYBUTTONDOWN, button=0), Command.CHOOSE),
        (_pad(pygame.JOYBUTTONDOWN, button=1), Command.BACK),
        (_pad(pygame.JOYBUTTONUP, button=0), None),
        (_pad(pygame.JOYBUTTONDOWN, button=2), None),
        (_pad(pygame.JOYBUTTONDOWN, button=12), Command.MOVE_NEXT),
        (_pad(pygame.JOYBUTTONDOWN, button=13), Command.MOVE_PREVIOUS),
        (_pad(pygame.JOYHATMOTION, hat=0, value=(1, 0)), Command.MOVE_NEXT),
        (_pad(pygame.JOYHATMOTION, hat=0, value=(0, -1)), Command.MOVE_NEXT),
        (_pad(pygame.JOYHATMOTION, hat=0, value=(0, 1)), Command.MOVE_PREVIOUS),
        (_pad(pygame.JOYHATMOTION, hat=0, value=(0, 0)), None),
        (_pad(pygame.JOYAXISMOTION, axis=1, value=0.9), Command.MOVE_NEXT),
        (_pad(pygame.JOYAXISMOTION, axis=0, value=-0.9), Command.MOVE_PREVIOUS),
        (_pad(pygame.JOYAXISMOTION, axis=4, value=0.9), None),
    ],
)
def test_a_gamepad_moves_chooses_and_goes_back(event, command) -> None:
    assert PadMenu().command_of(event) == command


def test_a_trembling_stick_moves_once() -> None:
    pad = PadMenu()
    leans = [0.1, 0.5, 0.7, 0.55, 0.62, 0.5, 0.9, 1.0, 0.4, 0.7]
    moves = [pad.command_of(_pad(pygame.JOYAXISMOTION, axis=0, value=v)) for v in leans]
    assert moves.count(Command.MOVE_NEXT) == 1
    assert pad.command_of(_pad(pygame.JOYAXISMOTION, axis=0, value=0.2)) is None
    assert pad.command_of(_pad(pygame.JOYAXISMOTION, axis=0, value=0.7)) is Command.MOVE_NEXT


@pytest.mark.parametrize(
    ("key", "mod", "full"),
    [
        (pygame.K_F11, 0, True),
        (pygame.K_RETURN, pygame.KMOD_LALT, True),
        (pygame.K_RETURN, 0, False),
        (pygame.K_F10, 0, False),
    ],
)
def test_f11_and_alt_enter_turn_full_screen(key, mod, full) -> None:
    assert keys.turns_full_screen(pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod)) is full
