"""When the game itself fails: one sentence on the screen, and nothing lost."""

import time

import pygame

from game.stage.screens.message import MessageKey, MessageScreen, MessageView
from game.stage.theme import Scale
from game.words import tr

#: Nothing moves on this screen: it only has to notice a key.
_NAP_S = 0.05


def crash_view() -> MessageView:
    """What is said: that the fault is the game's, and that the pinches are kept."""
    return MessageView(
        title=tr("The game had a fault"),
        sentence=tr("It has to close. Your pinches are kept."),
        to_do=tr("Open it again, and tell your helper if it happens once more."),
        keys=(MessageKey("close", tr("Close"), "stop"),),
    )


def show_crash(surface: pygame.Surface, zoom: float = 1.0) -> None:
    """Show it until a key, a click or a touch closes it, or the window is closed."""
    screen = MessageScreen(Scale(*surface.get_size(), zoom), crash_view())
    screen.draw(surface)
    pygame.display.flip()
    closing = (pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN, pygame.FINGERDOWN, pygame.QUIT)
    pygame.event.clear()
    while not any(event.type in closing for event in pygame.event.get()):
        time.sleep(_NAP_S)
