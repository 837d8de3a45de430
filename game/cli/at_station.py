"""Patients who take turns at this computer: the desk's part for today's list."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from game.cli.boards import ClinicBoards
from game.cli.settings import ClinicSettings
from game.records.boards import BoardKind
from game.records.patients import Patient
from game.records.store import Store
from game.records.turns import Turn, todays_list

#: A server that takes longer moves the board later, and not the bar on the result.
_WAIT_FOR_THE_CLINIC_S = 8.0

#: There from the moment this computer is paired with a clinic's server.
_PAIRING = "station.json"


class AtStation:
    """See ``game/stage/station_desk.py``. ``settings`` are asked for anew each time."""

    def __init__(
        self,
        data: Path,
        store: Store,
        settings: Callable[[], ClinicSettings],
        settle: Callable[[], None],
        clinic_boards: ClinicBoards,
    ) -> None:
        self._data = data
        self._store = store
        self._settings = settings
        self._settle = settle
        self._clinic_boards = clinic_boards

    @property
    def on(self) -> bool:
        """As the settings say; where they say nothing, if this computer is paired."""
        said = self._settings().station
        return (self._data / _PAIRING).is_file() if said is None else said

    @property
    def idle_s(self) -> float:
        """Seconds until the boards show."""
        return self._settings().idle_s

    def todays_list(self, today: date) -> tuple[tuple[Patient, Turn], ...]:
        """Everybody: who is due first, who played today last."""
        return todays_list(self._store.attendance(today), today)

    def pin_asked(self, code: str) -> bool:
        """Whether a PIN is asked."""
        return self._store.has_pin(code)

    def pin_fits(self, code: str, pin: str) -> bool:
        """Whether it is theirs."""
        return self._store.pin_fits(code, pin)

    @property
    def boards_version(self) -> int:
        """Another number when the boards of the clinic's server came, changed or went."""
        return self._clinic_boards.version

    def settle(self) -> None:
        """Wait until the last play is in the records; then, while the clinic's boards are shown,
        until they are as they are with it."""
        self._settle()
        boards = self._clinic_boards
        if boards.linked:
            boards.wait_for(boards.ask(), _WAIT_FOR_THE_CLINIC_S)

    def board_of(self, who: Any) -> BoardKind:
        """The board that the person looked at last; a guest's is effort."""
        return BoardKind.EFFORT if who.patient is None else self._store.board_of(who.patient.code)

    def choose_board(self, who: Any, kind: BoardKind) -> None:
        """Remember it, but for a guest."""
        if who.patient is not None:
            self._store.choose_board(who.patient.code, kind)
