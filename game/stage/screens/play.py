"""Play: the highway, and Pause as the only thing to choose."""

from dataclasses import replace

import pygame

from game.stage.commands import Command, Pointer, Typed
from game.stage.highway import Highway
from game.stage.screens.base import Canvas, Screen
from game.stage.view import HighwayView, Options
from game.stage.widgets import Key
from game.words import tr


class PlayScreen(Screen):
    """Action: ``pause``. Pinches do not come through here; they are judged, not chosen.

    Set ``view`` before every :meth:`draw`, which returns only what changed. ``corner`` (action,
    word, icon) is the key in the corner, where it is not to be Pause.
    """

    back = "pause"
    aloud = False

    def __init__(
        self,
        canvas: Canvas,
        hand: str,
        options: Options | None = None,
        corner: tuple[str, str, str] | None = None,
    ):
        super().__init__(canvas)
        options = replace(options or Options(), scale=self.scale.zoom)
        action, words, icon = corner or ("pause", tr("Pause"), "pause")
        self.highway = Highway(self.size, hand, options, (words, icon))
        self.view = HighwayView()
        self._pause = Key(action, self.highway.places.pause, words, icon)

    def prepare(self, view: HighwayView) -> None:
        """Makes every picture of this play beforehand; call while the loading screen shows."""
        self.highway.prepare(view)

    def handle(self, command: Command | Pointer | Typed) -> str | None:
        """Escape pauses, and so does a click on Pause."""
        if command is Command.BACK:
            return self.back
        if isinstance(command, Pointer) and command.pressed:
            x, y = self.scale.design(command.x, command.y)
            if self._pause.box.contains(x, y):
                return self._pause.action
        return None

    def draw(self, surface: pygame.Surface) -> list[pygame.Rect]:
        """One frame of :attr:`view`."""
        changed = self.highway.draw(surface, self.view)
        self.written = self.highway.written
        return changed
