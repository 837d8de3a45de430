"""The window: as fine as the screen is, whole screen or not, and what is dropped on it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from game.stage.theme import BODY, Scale
from game.stage.window import close_window, dropped_file, open_window


@pytest.fixture(autouse=True)
def _closed_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.delenv("SDL_WINDOWS_DPI_AWARENESS", raising=False)
    yield
    close_window()


def test_the_system_is_told_not_to_blow_the_window_up() -> None:
    open_window(full_screen=False)
    assert os.environ["SDL_WINDOWS_DPI_AWARENESS"] == "permonitorv2"


@pytest.mark.parametrize("size", [(3840, 2160), (2560, 1440), (1366, 768)])
def test_on_a_finer_screen_letters_have_more_pixels_and_the_same_size(size) -> None:
    window = open_window(size=size)
    assert window.get_size() == size
    share = Scale(*size).px(BODY) / size[1]
    assert share == pytest.approx(BODY / 1080, abs=0.5 / size[1])


def test_a_dropped_file_is_a_path_and_a_key_is_none() -> None:
    pygame.display.init()
    dropped = pygame.event.Event(pygame.DROPFILE, file="/music/from my daughter.mid")
    assert dropped_file(dropped) == Path("/music/from my daughter.mid")
    assert dropped_file(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_a)) is None
