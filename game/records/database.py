"""Connections to the records, set up so that what was acknowledged is kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from game.records.place import Place

_READ_ONLY = "griptune_reads_only"

#: The lock that whoever writes holds on PostgreSQL, as SQLite has one for its file. Any number,
#: the same for all programs of one database.
WRITERS_LOCK = 0x6772_6970_7475_6E65


def engine_of(place: Place, *, lock_wait_s: float, foreign_keys: bool = True) -> Engine:
    """An engine for ``place``; no connection is made yet. See :func:`engine_for`."""
    if place.url is None:
        return engine_for(place.path, lock_wait_s=lock_wait_s, foreign_keys=foreign_keys)
    return _postgres_engine(place.url, lock_wait_s)


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


def _postgres_engine(url: URL, lock_wait_s: float) -> Engine:
    wait_ms = max(1, round(lock_wait_s * 1000))
    engine = create_engine(
        url,
        connect_args={
            "application_name": "griptune",
            "connect_timeout": 5,
            # A commit that was acknowledged is on the server's disk, whatever the server's own
            # setting says.
            "options": f"-c lock_timeout={wait_ms} -c synchronous_commit=on -c timezone=UTC",
            # A server that went away without a word is noticed.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
        },
        # A connection that a restart of the server cut is replaced before it is used.
        pool_pre_ping=True,
    )

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # The same meaning as on SQLite: who reads sees one state and waits for nobody; who writes
        # does so alone, and sees everything that was written before.
        if connection.get_execution_options().get(_READ_ONLY, False):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")

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
    PostgreSQL has no such file of ours.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        # Not in a transaction: it would be one of those that keep the log in use.
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchall()
        cursor.close()
