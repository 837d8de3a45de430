"""The board of this week."""

from game.records.boards import BoardKind
from game.stage import cards
from game.stage.evening import Evening
from game.stage.rooms.base import Room
from game.stage.screens import BoardScreen
from game.stage.theme import Scale


class BoardRoom(Room):
    """The team, and the effort of those around."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    def screen(self, scale: Scale) -> BoardScreen:
        """As the records have it now."""
        desk, me = self._evening.services.desk, self._evening.who.patient
        view = cards.board_view(desk.board(BoardKind.TEAM, me), desk.board(BoardKind.EFFORT, me))
        return BoardScreen(scale, view)
