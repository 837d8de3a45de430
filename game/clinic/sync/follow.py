"""Staying in touch: send what is new at once, look at the server now and then, wait while it is
gone. The clock, the sleep and the words are handed in."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import distinct, func, select

from game.clinic.changes import Changes
from game.clinic.sync.link import OfflineError, RefusedByServerError
from game.clinic.sync.station import Round
from game.records.errors import RecordsError
from game.records.schema import difficulty_changes, plays
from game.records.store import Store
from game.therapy.reasons import Reason

#: Looks for commits of the game this often: a play is at the server within a second of its end.
LOOK_S = 0.2

#: The server may only have been started anew.
FIRST_WAIT_S = 1.0

#: The glove's faults are counted over so many days.
GLOVE_DAYS = 7


class Watcher(Protocol):
    """The part of :class:`game.clinic.sync.beside.BoardsBeside` that following needs."""

    @property
    def asked(self) -> bool:
        """Whether somebody waits for an answer."""

    def begins(self) -> None:
        """A round begins."""

    def done(self) -> None:
        """It was done."""

    def failed(self, *, shut_out: bool = False) -> None:
        """It could not be done."""


class Rounds(Protocol):
    """The part of :class:`game.clinic.sync.station.StationSync` that following needs."""

    def round(self) -> Round:
        """One push and one pull."""


def health_of(store: Store, version: str) -> Mapping[str, Any]:
    """What a station says of itself: its program, with what was played last, and in how many plays
    of the last days the glove was at fault."""
    since = (store.clock().astimezone().date() - timedelta(days=GLOVE_DAYS)).isoformat()
    with store.reading() as connection:
        last = connection.execute(
            select(plays.c.input_description)
            .order_by(plays.c.started_at.desc(), plays.c.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        faults = connection.execute(
            select(func.count(distinct(plays.c.id)))
            .join(difficulty_changes, difficulty_changes.c.play_id == plays.c.id)
            .where(
                plays.c.local_date >= since,
                difficulty_changes.c.reason == Reason.HELD_FAULT.value,
            )
        ).scalar_one()
    return {"version": version, "glove": last or "", "glove_faults": faults}


def follow(
    store: Store,
    station: Rounds,
    *,
    every_s: float,
    longest_wait_s: float,
    going_on: Callable[[], bool],
    say: Callable[[str], None],
    sleep: Callable[[float], None],
    boards: Watcher | None = None,
) -> None:
    """Rounds until ``going_on`` says no: at once when something was written here or ``boards`` are
    asked for, and every ``every_s``. While the server does not answer, the wait doubles up to
    ``longest_wait_s``.

    ``say`` is told when the server is lost, when it is back, and what it refuses.
    """
    changes = Changes(store)
    wait_s, waited_s = 0.0, 0.0
    failing = ""
    try:
        while going_on():
            changed, asked = changes.any(), boards is not None and boards.asked
            if asked and failing and boards is not None:
                boards.begins()
                boards.failed()
            if waited_s >= wait_s or ((changed or asked) and not failing):
                waited_s = 0.0
                if boards is not None:
                    boards.begins()
                try:
                    done = station.round()
                except (OfflineError, RefusedByServerError, RecordsError) as error:
                    if str(error) != failing:
                        say(f"waiting: {error}")
                    wait_s = min(longest_wait_s, 2 * wait_s) if failing else FIRST_WAIT_S
                    failing = str(error)
                    if boards is not None:
                        boards.failed(shut_out=isinstance(error, RefusedByServerError))
                else:
                    if failing:
                        say("the server is back")
                    failing, wait_s = "", every_s
                    if boards is not None:
                        boards.done()
                    for sentence in done.refused:
                        say(f"refused: {sentence}")
            sleep(LOOK_S)
            waited_s += LOOK_S
        # What was played last, before the game was closed.
        with suppress(OfflineError, RefusedByServerError, RecordsError):
            station.round()
    finally:
        changes.close()
