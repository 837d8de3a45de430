"""The board as everybody sees it now: worked out once, whoever many look, and told on.

One task works the boards out when something may have changed: when a station's facts came in
(:meth:`BoardHub.poke`), when another program wrote to the database, when the day changes. It rests
four times as long as it worked, so that a board over a million plays takes a fifth of one
processor at most. Viewers are handed the latest board only: a slow one skips some, and none waits
in memory for it.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date

from anyio.to_thread import run_sync

from game.clinic.changes import Changes
from game.clinic.settings import song_of_the_week
from game.records.boards import Board, BoardKind, Person
from game.records.store import Store

#: Viewers at most; a clinic has a handful, and each one holds a connection.
MOST_VIEWERS = 1000

#: A viewer that is gone is noticed when something is sent to it.
SIGN_OF_LIFE_S = 15.0

#: Other programs write to the records as well, and do not say so.
_PEOPLE_FRESH_S = 2.0

_LOOK_S = 0.25
_REST = 4.0
#: Worked out at least this often while anybody looks: the day, and what no notice tells of.
_AT_LEAST_S = 60.0


@dataclass(frozen=True)
class Shown:
    """The boards of one moment. ``version`` grows whenever anything on them is another."""

    version: int
    day: date
    boards: dict[BoardKind, Board]


class _PeopleLately:
    """The people on the boards, read at most every two seconds while nothing comes in: a dozen
    stations ask every five seconds, and each time a million plays may have to be gone through."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._forgotten = 0
        self._held: tuple[date, int, float, list[Person]] | None = None

    def forget(self) -> None:
        """Something changed: what is asked from now on is read anew."""
        self._forgotten += 1

    def of(self, day: date) -> list[Person]:
        """The people on the boards of ``day``'s week. Raises RecordsError."""
        with self._lock:
            now, held, forgotten = time.monotonic(), self._held, self._forgotten
            if held and held[:2] == (day, forgotten) and now - held[2] < _PEOPLE_FRESH_S:
                return held[3]
            people = self._store.board_people(day)
            self._held = (day, forgotten, now, people)
            return people


class BoardHub:
    """Works out the boards and tells those who look. ``today`` gives the local day."""

    def __init__(self, store: Store, today: Callable[[], date]) -> None:
        self._store = store
        self._today = today
        self._changes = Changes(store)
        self._shown: Shown | None = None
        self._poked = True
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._new = asyncio.Condition()
        self._closing = False
        self._people = _PeopleLately(store)
        self.viewers = 0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the server runs."""
        self._loop = asyncio.get_running_loop()
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            await self.close()
            # Not cancelled: a cancellation that meets a timeout at the same moment can be lost, and
            # the server would never end.
            await task
            self._changes.close()
            self._loop = None

    async def close(self) -> None:
        """Let every viewer go, so that the server can end."""
        self._closing = True
        self._wake.set()
        async with self._new:
            self._new.notify_all()

    def poke(self) -> None:
        """Something that boards show may have changed. May be called from any thread."""
        self._poked = True
        self._people.forget()
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the server ended at this moment
                loop.call_soon_threadsafe(self._wake.set)

    def people(self, day: date) -> list[Person]:
        """Those on the boards, for a board that is one person's own. May be called from any thread,
        as often as stations ask."""
        return self._people.of(day)

    async def now(self) -> Shown:
        """The boards as they are now."""
        if self._shown is None or not self.viewers:
            await self._work_out()
        assert self._shown is not None
        return self._shown

    async def follow(self) -> AsyncIterator[Shown | None]:
        """The boards now, and then whenever they change; None about every 15 s, as a sign of life.

        Ends when the server does.
        """
        self.viewers += 1
        try:
            shown = await self.now()
            yield shown
            while not self._closing:
                async with self._new:
                    # What changed while the last one was being sent is not waited for.
                    if self._shown is shown:
                        with contextlib.suppress(TimeoutError):
                            async with asyncio.timeout(SIGN_OF_LIFE_S):
                                await self._new.wait()
                if self._closing:
                    return
                latest = self._shown
                if latest is not None and latest is not shown:
                    shown = latest
                    yield shown
                else:
                    yield None
        finally:
            self.viewers -= 1

    async def _run(self) -> None:
        worked_at = 0.0
        while not self._closing:
            await self._woken(_LOOK_S)
            self._wake.clear()
            if not self.viewers or self._closing:
                continue
            old = time.monotonic() - worked_at > _AT_LEAST_S
            changed = await run_sync(self._changes.any)
            if not (self._poked or changed or old):
                continue
            began = time.monotonic()
            # A database that does not answer now is asked again; the last board stays up.
            with contextlib.suppress(Exception):
                await self._work_out()
            worked_at = time.monotonic()
            rested_at = worked_at + _REST * (worked_at - began)
            while not self._closing and (left := rested_at - time.monotonic()) > 0:
                await asyncio.sleep(min(left, _LOOK_S))

    async def _woken(self, patience_s: float) -> None:
        """Until somebody pokes, or so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._wake.wait()

    async def _work_out(self) -> None:
        self._poked = False
        day = self._today()
        boards = await run_sync(self._boards, day)
        before = self._shown
        if before is None or before.boards != boards or before.day != day:
            self._shown = Shown(0 if before is None else before.version + 1, day, boards)
            async with self._new:
                self._new.notify_all()

    def _boards(self, day: date) -> dict[BoardKind, Board]:
        return self._store.boards(day, song_key=song_of_the_week(self._store, day))
