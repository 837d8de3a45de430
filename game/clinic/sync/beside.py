"""The clinic's boards for the game that started this process: asked for on standard input, told on
standard output, one line of JSON each.

The game says ``{"ask": 3, "me": "…"}`` whenever somebody else looks, or wants to see what a play
moved; every line back says which question it answers, ``{"ask": 3, "me": "…", "boards": […]}``.
What is told is never older than a round that began after the question. ``boards`` is null while the
server does not answer, and with ``"shut_out": true`` once it refuses this station.
"""

import json
import threading
from collections.abc import Callable, Iterable
from typing import Any

from game.clinic.sync.forms import IDENTIFIER
from game.clinic.sync.link import Link, OfflineError, RefusedByServerError
from game.records.board_form import board_document, boards_of


class BoardsBeside:
    """What the game asks, and what it is told. ``listen`` is for a thread of its own."""

    def __init__(self, link: Link, tell: Callable[[str], None]) -> None:
        self._link = link
        self._tell = tell
        self._lock = threading.Lock()
        self._asked: tuple[int, str | None] = (0, None)
        self._heard = 0
        self._round_for: tuple[int, str | None] = (0, None)

    def listen(self, lines: Iterable[str]) -> None:
        """Take questions until there are no more; what is none is passed over."""
        for line in lines:
            try:
                document = json.loads(line)
                ask, me = int(document["ask"]), document.get("me")
            except (ValueError, TypeError, KeyError, AttributeError):
                continue
            if me is None or (isinstance(me, str) and IDENTIFIER.fullmatch(me)):
                with self._lock:
                    self._asked = (ask, me)

    @property
    def asked(self) -> bool:
        """Whether there is a question that was not answered."""
        return self._asked[0] != self._heard

    def begins(self) -> None:
        """A round begins: what was asked until now is answered after it."""
        with self._lock:
            self._round_for = self._asked

    def done(self) -> None:
        """The round is done: fetch the boards and tell them."""
        ask, me = self._round_for
        try:
            answer = self._link.post("/sync/boards", {"me": me})
            boards = boards_of(answer.get("boards") if isinstance(answer, dict) else None)
        except RefusedByServerError:
            self._say(ask, me, None, shut_out=True)
        except (OfflineError, ValueError):
            self._say(ask, me, None)
        else:
            self._say(ask, me, [board_document(board) for board in boards.values()])

    def failed(self, *, shut_out: bool = False) -> None:
        """The round could not be done; whoever asked need not wait."""
        ask, me = self._round_for
        self._say(ask, me, None, shut_out=shut_out)

    def _say(
        self, ask: int, me: str | None, boards: list[dict[str, Any]] | None, shut_out: bool = False
    ) -> None:
        self._heard = ask
        document = {"ask": ask, "me": me, "boards": boards, "shut_out": shut_out}
        self._tell(json.dumps(document, allow_nan=False))
