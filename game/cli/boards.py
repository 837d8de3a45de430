"""The boards that the game shows: the whole clinic's at a paired station while its server tells
them, else those of the records here.

The process beside the game (:mod:`game.cli.in_touch`) asks the server. Here nothing waits for it
but :meth:`ClinicBoards.wait_for`, which is for threads that nobody looks at.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from game.records.board_form import boards_of
from game.records.boards import TOP, Board, BoardKind, BoardSource, Week
from game.records.patients import Patient
from game.records.store import Store

#: While the server answers, an answer comes every few seconds. One as old as this is shown no more:
#: a server that is started anew is back sooner.
FRESH_S = 60.0


@dataclass(frozen=True)
class _Told:
    ask: int
    me: str | None
    boards: dict[BoardKind, Board]
    at_s: float


class ClinicBoards:
    """What the clinic's server told last. Safe for any threads; ``now_s`` is a monotonic clock."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._changed = threading.Condition()
        self._linked = self._over = False
        self._told: _Told | None = None
        self._asked: tuple[int, str | None] = (0, None)
        self._handed_on = 0
        self._answered = 0
        self._not_before = 0
        self._version = 0

    @property
    def linked(self) -> bool:
        """Whether this computer is a station: there is, or was, a process that asks its server."""
        return self._linked

    @property
    def version(self) -> int:
        """Another number whenever other boards may be to be shown."""
        with self._changed:
            return 2 * self._version + (self._fresh() is not None)

    # For whoever shows them

    def board(self, kind: BoardKind, me: str | None, day: date) -> Board | None:
        """The board as ``me`` sees it (an identifier; None on a screen for all), or None if there
        is no fresh one of ``day``'s week.

        If ``me`` is not who it was told for, the server is asked; until it answers, the board is as
        everybody sees it.
        """
        with self._changed:
            if not self._linked or self._over:
                return None
            if self._asked[1] != me:
                self._ask(me)
            told = self._fresh()
            if told is None:
                return None
            board = told.boards[kind]
            if board.week != Week.of(day):
                return None
            board = replace(board, source=BoardSource.CLINIC)
            return board if told.me == me else for_all(board)

    def ask(self) -> int:
        """Ask anew, for who looks now; the number of the question."""
        with self._changed:
            return self._ask(self._asked[1])

    def wait_for(self, question: int, patience_s: float) -> bool:
        """Wait until ``question`` is answered; whether it was."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._answered >= question or self._over, patience_s
            )

    def forget(self) -> None:
        """Somebody changed who is on the boards: what was asked before this is shown no more."""
        with self._changed:
            self._not_before = self._ask(self._asked[1])
            self._show(None)

    def _fresh(self) -> _Told | None:
        told = self._told
        return None if told is None or self._now_s() - told.at_s > FRESH_S else told

    def _ask(self, me: str | None) -> int:
        number = self._asked[0] + 1
        self._asked = (number, me)
        self._changed.notify_all()
        return number

    def _show(self, told: _Told | None) -> None:
        before, self._told = self._told, told
        if (before and before.boards) != (told and told.boards):
            self._version += 1
        self._changed.notify_all()

    # For whoever asks the server

    def link(self) -> None:
        """There is a process that asks."""
        with self._changed:
            self._linked = True

    def next_question(self) -> str | None:
        """Wait for the next question, as a line; None when there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._asked[0] > self._handed_on or self._over)
            if self._over:
                return None
            self._handed_on = self._asked[0]
            return json.dumps({"ask": self._asked[0], "me": self._asked[1]})

    def heard(self, line: bytes) -> None:
        """A line that the process said. What cannot be read is as if the server did not answer."""
        try:
            document = json.loads(line)
            ask, me = int(document["ask"]), document["me"]
            boards = None if document["boards"] is None else boards_of(document["boards"])
            shut_out = bool(document["shut_out"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        with self._changed:
            self._answered = max(self._answered, ask)
            if boards is not None and ask >= self._not_before:
                self._show(_Told(ask, me, boards, self._now_s()))
            elif shut_out:
                self._show(None)
            self._changed.notify_all()

    def over(self) -> None:
        """The process is gone, or about to be."""
        with self._changed:
            self._over = True
            self._show(None)


def for_all(board: Board) -> Board:
    """``board`` as a screen for all shows it: nobody is marked, and no neighbours are there."""
    rows = (replace(row, me=False, after_gap=False) for row in board.rows if row.rank <= TOP)
    return replace(board, rows=tuple(rows))


class Boards:
    """The boards of this week. ``today`` is the local day."""

    def __init__(self, store: Store, clinic: ClinicBoards, today: Callable[[], date]) -> None:
        self._store = store
        self._clinic = clinic
        self._today = today

    def board(self, kind: BoardKind, me: Patient | None) -> Board:
        """A board as ``me`` may see it, and whose plays it counts."""
        day = self._today()
        board = self._clinic.board(kind, None if me is None else me.id, day)
        if board is not None:
            return board
        own = self._store.boards(day, me=None if me is None else me.code)[kind]
        source = BoardSource.STATION if self._clinic.linked else BoardSource.HERE
        return replace(own, source=source)

    def hide(self, me: Patient, hidden: bool) -> Patient:
        """Take ``me`` off the boards or show them again."""
        changed = self._store.set_board_hidden(me.code, hidden)
        self._clinic.forget()
        return changed
