"""Whether anybody wrote to the database since the last look: cheap enough for four looks a second.

SQLite counts the commits of other connections, PostgreSQL the bytes of its log.
"""

from contextlib import suppress
from typing import Any

from game.records.store import Store

_QUESTIONS = {
    "sqlite": "PRAGMA data_version",
    "postgresql": "SELECT pg_current_wal_insert_lsn()::text",
}


class Changes:
    """Looks for commits, over a connection of its own. To be used from one thread at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: Any = None
        self._last: object = None

    def any(self) -> bool:
        """Whether something was committed since the last call; True at the first."""
        try:
            mark = self._mark()
        except Exception:  # whatever the driver calls it: connected anew at the next look
            self.close()
            return False
        changed, self._last = mark != self._last, mark
        return changed

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
            self._connection = None

    def _mark(self) -> object:
        # Below SQLAlchemy: its transactions would take the lock that writers need.
        if self._connection is None:
            self._connection = self._store.engine.raw_connection()
        cursor = self._connection.cursor()
        try:
            cursor.execute(_QUESTIONS[self._store.engine.dialect.name])
            return tuple(cursor.fetchone())
        finally:
            cursor.close()
            self._connection.rollback()
