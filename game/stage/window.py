"""The window: opened only where there is a display to open it on."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pygame

from game.stage.app_icon import icon
from game.stage.errors import StageError

#: Drivers that draw nothing anybody can see. SDL falls back to them quietly.
_INVISIBLE = ("offscreen", "dummy")

#: Windows would otherwise draw the window small and blow it up where the screen is fine. Elsewhere
#: SDL takes no notice of it.
_FULL_RESOLUTION = ("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")

WINDOWED_SIZE = (1280, 720)

NO_DISPLAY = (
    "there is no display to open the game on; start it where there is a screen, or play with "
    "griptune play SONG --headless"
)


def open_window(full_screen: bool = True, size: tuple[int, int] | None = None) -> pygame.Surface:
    """Open the game's window and return its surface.

    Raises StageError where there is no display, unless SDL_VIDEODRIVER asks for a driver that
    needs none.
    """
    os.environ.setdefault(*_FULL_RESOLUTION)
    # Only what is needed: the joystick and mixer parts of SDL take time and hold devices.
    try:
        with _quiet_libraries():
            pygame.display.init()
    except pygame.error as error:
        raise StageError(NO_DISPLAY) from error
    driver = pygame.display.get_driver()
    if driver in _INVISIBLE and os.environ.get("SDL_VIDEODRIVER") != driver:
        pygame.display.quit()
        raise StageError(NO_DISPLAY)
    pygame.display.set_caption("Griptune")
    pygame.display.set_icon(icon(64))
    flags = pygame.RESIZABLE
    if full_screen and size is None:
        flags |= pygame.FULLSCREEN
        size = (0, 0)
    try:
        surface = pygame.display.set_mode(size or WINDOWED_SIZE, flags)
    except pygame.error as error:
        pygame.display.quit()
        raise StageError(NO_DISPLAY) from error
    pygame.key.set_repeat()  # off: a held key is one press
    return surface


def show_full_screen(full: bool) -> None:
    """Make the open window as large as the screen, or a window again."""
    if full:
        pygame.display.set_mode((0, 0), pygame.RESIZABLE | pygame.FULLSCREEN)
    else:
        pygame.display.set_mode(WINDOWED_SIZE, pygame.RESIZABLE)


def close_window() -> None:
    """Close the window."""
    pygame.display.quit()


@contextlib.contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Keep what SDL's libraries print on standard error (Wayland's does) from the person.

    They are probed one after the other, and what one of them lacks is no news if another works.
    """
    try:
        kept = os.dup(2)
    except OSError:  # no standard error at all, as in a windowed program on Windows
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


def draw_first_frame(surface: pygame.Surface, scale: float = 1.0) -> None:
    """Show that the game is coming, before anything slow is even imported."""
    from game.stage.screens.loading import LoadingScreen, LoadingView
    from game.stage.theme import Scale

    LoadingScreen(Scale(*surface.get_size(), scale), LoadingView()).draw(surface)
    pygame.display.flip()
    pygame.event.pump()


def dropped_file(event: pygame.event.Event) -> Path | None:
    """The file that was dropped on the window with ``event``, if one was."""
    return Path(event.file) if event.type == pygame.DROPFILE else None
