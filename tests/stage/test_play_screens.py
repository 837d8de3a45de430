"""Play screens, drawn in a thread while another one shows."""

import pygame
import pytest

from game.stage import play_screens
from game.stage.play_screens import PlayScreens
from game.stage.theme import Scale
from game.stage.view import HighwayView, Options

SMALL = Scale(480, 270)


def test_a_screen_is_made_once_for_each_window_and_hand():
    screens = PlayScreens()
    first = screens.get(SMALL, "right", Options(), None)
    assert screens.get(SMALL, "right", Options(), None) is first
    assert screens.ahead(SMALL, "right", Options(), None).wait() is first
    assert screens.get(SMALL, "left", Options(), None) is not first
    assert screens.get(Scale(640, 360), "right", Options(), None) is not first


def test_old_ones_are_let_go():
    screens = PlayScreens()
    first = screens.get(SMALL, "right", Options(), None)
    for width in (482, 484, 486, 488):
        screens.get(Scale(width, 270), "right", Options(), None)
    assert screens.get(SMALL, "right", Options(), None) is not first


def test_what_went_wrong_once_is_tried_again(monkeypatch):
    screens = PlayScreens()

    def broken(*_):
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(play_screens, "PlayScreen", broken)
        with pytest.raises(MemoryError):
            screens.get(SMALL, "right", Options(), None)
    assert screens.get(SMALL, "right", Options(), None).size is not None


def test_a_screen_drawn_in_a_thread_is_the_one_drawn_here():
    def picture(screen):
        surface = pygame.Surface((480, 270), 0, 32)
        screen.view = HighwayView()
        screen.highway.forget()
        screen.draw(surface)
        return pygame.image.tobytes(surface, "RGB")

    here, there = PlayScreens(), PlayScreens()
    assert picture(here.get(SMALL, "right", Options(), None)) == picture(
        there.ahead(SMALL, "right", Options(), None).wait()
    )
