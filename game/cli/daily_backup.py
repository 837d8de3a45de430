"""Backups by themselves: once a day, in a thread, after the game has opened or while one serves."""

import threading
from collections.abc import Callable
from datetime import date

from game import __version__
from game.records.backup import keep_backups
from game.records.errors import RecordsError
from game.records.store import Store

#: The game has just opened: let it show its first screens before the disk is kept busy.
_BEGIN_AFTER_S = 3.0

#: A server stays for months: whether it is another day is looked at so often.
_LOOK_EVERY_S = 600.0

#: Whoever quits does not wait longer than this.
_WAIT_S = 2.0


class DailyBackup:
    """Today's backup of ``store``, made in the background once :meth:`begin` was called.

    ``trouble`` is why it could not be made, as a sentence: for the helper's page, and for nothing
    else. It never keeps anybody from playing.
    """

    def __init__(self, store: Store) -> None:
        self.trouble: str | None = None
        self._store = store
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, today: date, after_s: float = _BEGIN_AFTER_S) -> None:
        """Make the backup of ``today`` in ``after_s`` seconds, if there is none yet."""
        self._start(lambda: self._make(today), after_s, None)

    def every_day(
        self,
        today: Callable[[], date],
        after_s: float = _BEGIN_AFTER_S,
        look_every_s: float = _LOOK_EVERY_S,
    ) -> None:
        """Make the backup of the day that ``today`` gives, and those of the days that follow, until
        :meth:`close`. One that could not be made is tried again at the next look."""
        self._start(lambda: self._make(today()), after_s, look_every_s)

    def _start(self, make: Callable[[], None], after_s: float, again_s: float | None) -> None:
        self._thread = threading.Thread(
            target=self._work, args=(make, after_s, again_s), daemon=True
        )
        self._thread.start()

    def close(self, wait_s: float = _WAIT_S) -> None:
        """Stop: what is half copied is let go of. Waits at most ``wait_s`` seconds."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(wait_s)

    def wait(self) -> None:
        """Wait until it is made, or could not be."""
        if self._thread is not None:
            self._thread.join()

    def _work(self, make: Callable[[], None], after_s: float, again_s: float | None) -> None:
        if self._stop.wait(after_s):
            return
        make()
        while again_s is not None and not self._stop.wait(again_s):
            make()

    def _make(self, today: date) -> None:
        try:
            keep_backups(self._store, today, software=__version__, progress=self._go_on)
            self.trouble = None
        except _StoppedError:
            pass
        except RecordsError as error:
            self.trouble = str(error)

    def _go_on(self, share: float) -> None:
        if self._stop.is_set():
            raise _StoppedError


class _StoppedError(Exception):
    """The game is being closed."""
