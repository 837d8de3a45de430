"""Connections to the records file, set up so that what was acknowledged is kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

_READ_ONLY = "griptune_reads_only"


def engine_for(path: Path, *, lock_wait_s: float, foreign_keys: bool = True) -> Engine:
    """An engine for the SQLite file ``path``; no connection is made yet.

    ``lock_wait_s`` is how long a transaction waits for another program's. ``foreign_keys`` is off
    for migrations alone, which rebuild tables.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": lock_wait_s}
    )

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, record: Any) -> None:
        # Python's module would begin transactions by its own rules; we begin them below.
        connection.isolation_level = None
        # A commit that was acknowledged survives a power cut (NORMAL lost some in measurements).
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        # What is erased is overwritten, not only let go of.
        connection.execute("PRAGMA secure_delete=ON")
        # Views and triggers in a file that was tampered with may not call functions.
        connection.execute("PRAGMA trusted_schema=OFF")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail, or overwrite what another
        # process wrote in between; so one that may write takes the lock at its beginning.
        reads_only = connection.get_execution_options().get(_READ_ONLY, False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads: it sees one state and never waits for a writer."""
    with (
        engine.connect().execution_options(**{_READ_ONLY: True}) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: all of it is kept, or nothing."""
    with engine.begin() as connection:
        yield connection


def empty_the_log(engine: Engine) -> None:
    """Bring everything from SQLite's log into the file and cut the log to nothing.

    The log still holds what was just erased. If somebody is reading, it is emptied another time.
    """
    with engine.connect() as connection:
        # Not in a transaction: it would be one of those that keep the log in use.
        plain = connection.connection.driver_connection
        assert isinstance(plain, sqlite3.Connection)
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
