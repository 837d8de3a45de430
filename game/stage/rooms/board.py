"""The boards of this week."""

from game.records.boards import BoardKind
from game.stage import cards
from game.stage.evening import Evening
from game.stage.rooms.base import Room
from game.stage.screens import BoardScreen, BoardView, Screen
from game.stage.theme import Scale


class BoardRoom(Room):
    """The team, and beside it the board this person looked at last."""

    actions = frozenset({"board", "hide", "show"})

    def __init__(self, evening: Evening) -> None:
        self._evening = evening
        self._kind = evening.services.desk.station.board_of(evening.who)
        self._screen: BoardScreen | None = None
        self._version = evening.services.desk.station.boards_version

    def screen(self, scale: Scale) -> BoardScreen:
        """As the records have it now."""
        self._screen = BoardScreen(scale, self._view())
        return self._screen

    def act(self, name: str, what: str) -> None:
        """Another board; or off the boards, or on them again, which nobody else is told."""
        if name == "board":
            self._kind = BoardKind(what)
            self._evening.services.desk.station.choose_board(self._evening.who, self._kind)
        else:
            evening = self._evening
            evening.who = evening.services.desk.hide_on_boards(evening.who, name == "hide")
        if self._screen is not None:
            self._screen.show(self._view())

    def step(self, screen: Screen) -> None:
        """The board follows what the clinic's server tells."""
        version = self._evening.services.desk.station.boards_version
        if version != self._version and self._screen is not None:
            self._version = version
            self._screen.show(self._view())

    def _view(self) -> BoardView:
        desk, me = self._evening.services.desk, self._evening.who.patient
        return cards.board_view(desk.board(BoardKind.TEAM, me), desk.board(self._kind, me), me)
