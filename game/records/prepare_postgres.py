"""Bring a PostgreSQL database to the present schema, or say why not.

PostgreSQL changes tables inside transactions, so a migration is one, under the lock of whoever
writes: who opens the records meanwhile waits, and one that dies half-way leaves the old state.
"""

from pathlib import Path

from sqlalchemy import Connection

from game.records.copying import copy_to_file
from game.records.database import engine_of, reading, writing
from game.records.errors import RecordsError
from game.records.place import Place
from game.records.prepare import CHAIN, Chain, free_backup, prepare, refuse_newer, run_migrations
from game.records.trouble import explained

_MIGRATION_WAIT_S = 60.0


def prepare_postgres(place: Place, chain: Chain = CHAIN) -> Path | None:
    """Make ``place``'s database records at ``chain.head``; returns the backup if one was made.

    Records that are older are copied to a SQLite file in ``backups/`` before they are touched.
    Raises RecordsError if the database cannot be reached or written, is newer, or something else.
    """
    with explained(place):
        engine = engine_of(place, lock_wait_s=_MIGRATION_WAIT_S)
        try:
            with reading(engine) as connection:
                if _version(connection, place) == chain.head:
                    _check_writable(connection, place)
                    return None
            with writing(engine) as connection:
                # Another program may have done it while this one waited for the lock.
                version = _version(connection, place)
                if version == chain.head:
                    return None
                backup = None
                if version is not None:
                    refuse_newer(place, version, chain)
                    backup = _back_up(connection, place, Chain(version, chain.scripts))
                run_migrations(connection, chain)
                return backup
        finally:
            engine.dispose()


def _version(connection: Connection, place: Place) -> str | None:
    """The schema revision; None if there is nothing in the database yet."""
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise RecordsError(f"{place} keeps text as {encoding}: make one with ENCODING 'UTF8'")
    tables = set(
        connection.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        ).scalars()
    )
    if not tables:
        return None
    if {"alembic_version", "patients", "plays"} <= tables:
        query = "SELECT version_num FROM alembic_version"
        versions = connection.exec_driver_sql(query).scalars().all()
        if len(versions) == 1:
            return str(versions[0])
    raise RecordsError(f"{place} holds something else than Griptune's records: use an empty one")


def _check_writable(connection: Connection, place: Place) -> None:
    query = "SELECT has_table_privilege('plays', 'INSERT') AND NOT pg_is_in_recovery()"
    if not connection.exec_driver_sql(query).scalar_one():
        raise RecordsError(f"{place} cannot be written: make this user its owner")


def _back_up(connection: Connection, place: Place, chain: Chain) -> Path:
    backup = free_backup(place.data_dir, chain.head)
    unfinished = backup.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        prepare(unfinished, chain)
        copy_to_file(connection, unfinished)
        unfinished.rename(backup)
    finally:
        unfinished.unlink(missing_ok=True)
        unfinished.with_suffix(".lock").unlink(missing_ok=True)
    return backup
