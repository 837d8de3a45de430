"""What patients who take turns at a clinic's station need of the records; a part of the desk."""

from datetime import date
from typing import Any, Protocol

from game.records.boards import BoardKind
from game.records.patients import Patient
from game.records.turns import Turn


class StationDesk(Protocol):
    """Today's list, PINs, and the board that somebody looks at."""

    @property
    def on(self) -> bool:
        """Whether patients take turns here."""

    @property
    def idle_s(self) -> float:
        """After so many seconds at the list without anybody, the boards show."""

    def todays_list(self, today: date) -> tuple[tuple[Patient, Turn], ...]:
        """Everybody: who is due first, who played today last."""

    def pin_asked(self, code: str) -> bool:
        """Whether a PIN is asked of this patient."""

    def pin_fits(self, code: str, pin: str) -> bool:
        """Whether it is theirs."""

    def board_of(self, who: Any) -> BoardKind:
        """The board that the person looked at last."""

    def choose_board(self, who: Any, kind: BoardKind) -> None:
        """Remember it; a guest's is not kept."""

    @property
    def boards_version(self) -> int:
        """Another number when the boards of a clinic's server came, changed or went."""

    def settle(self) -> None:
        """Wait, for seconds at most, until the play that was closed last is on the boards."""
