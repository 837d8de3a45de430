"""What a play came to."""

from game.stage.rooms.base import Room
from game.stage.screens import ResultScreen, ResultView
from game.stage.theme import Scale


class ResultRoom(Room):
    """Shows ``view``, and leads on to the next song."""

    def __init__(self, view: ResultView) -> None:
        self._view = view

    def screen(self, scale: Scale) -> ResultScreen:
        """Effort first."""
        return ResultScreen(scale, self._view)
