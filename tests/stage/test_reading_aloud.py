"""What is said of a screen, from what was written on it."""

import pygame
import pytest

from game.stage.commands import Command
from game.stage.reading_aloud import ReadingAloud, page_words
from game.stage.samples import screens
from game.stage.screens import PauseScreen, PauseView

SIZE = (1280, 720)


@pytest.fixture
def surface() -> pygame.Surface:
    return pygame.Surface(SIZE)


def paused(reason: str = "") -> PauseScreen:
    return PauseScreen(SIZE, PauseView("Ode to Joy", 31, reason), None)


def test_a_new_screen_is_read_from_top_to_bottom_and_then_the_focused_key(surface):
    screen = paused()
    screen.draw(surface)
    assert ReadingAloud().says(screen) == "Paused. Ode to Joy. 31 pinches so far. Continue."


def test_then_only_what_the_focus_moves_to(surface):
    reading, screen = ReadingAloud(), paused()
    screen.draw(surface)
    reading.says(screen)
    assert reading.says(screen) == ""
    screen.handle(Command.MOVE_NEXT)
    screen.draw(surface)
    assert reading.says(screen) == "Slower."


def test_of_a_screen_that_changes_only_the_new_line_is_read(surface):
    reading = ReadingAloud()
    first = paused("The glove is unplugged. Plug it in.")
    first.draw(surface)
    assert "unplugged" in reading.says(first)
    then = paused("The glove is back. Continue when you like.")
    then.draw(surface)
    assert reading.says(then) == "The glove is back. Continue when you like."


def test_every_screen_has_something_to_say_and_says_all_that_is_written(surface):
    for name, screen in screens(SIZE):
        screen.draw(surface)
        said = ReadingAloud().says(screen)
        assert said, name
        for words in page_words(screen):
            assert words in said, name
