"""Bring a records file to the present schema: create it, migrate it, or say why not.

A file at the present schema is recognised with plain SQL: alembic is imported only when there is
something to do, because that takes longer than opening the game should.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from game.records.database import engine_for
from game.records.errors import RecordsError
from game.records.locks import FileLock
from game.records.place import FILE_NAME, Place
from game.records.schema import HEAD
from game.records.trouble import explained

#: STRICT tables came with SQLite 3.37 (November 2021).
LEAST_SQLITE = (3, 37, 0)

_MIGRATION_WAIT_S = 60.0

#: Alembic's own table as alembic would make it, but STRICT like all the others.
_VERSION_TABLE = (
    "CREATE TABLE IF NOT EXISTS alembic_version "
    "(version_num TEXT NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)) STRICT"
)


@dataclass(frozen=True)
class Chain:
    """A chain of migrations: the folder alembic reads, and the last revision in it."""

    head: str
    scripts: Path


CHAIN = Chain(HEAD, Path(__file__).parent / "migrations")


def prepare_at(place: Place, chain: Chain = CHAIN) -> Path | None:
    """Make ``place`` records at ``chain.head``; see :func:`prepare`, and
    :func:`game.records.prepare_postgres.prepare_postgres` for a database by URL."""
    if place.url is None:
        return prepare(place.path, chain)
    from game.records.prepare_postgres import prepare_postgres

    with folder_explained(place.data_dir):
        place.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return prepare_postgres(place, chain)


def prepare(path: Path, chain: Chain = CHAIN) -> Path | None:
    """Make ``path`` a records file at ``chain.head``; returns the backup if one was made.

    A file that is older is copied to ``backups/`` before it is touched. Raises RecordsError if the
    folder cannot be made or written, or if the file is damaged, newer, or something else.
    """
    if sqlite3.sqlite_version_info < LEAST_SQLITE:
        raise RecordsError(
            f"Python's SQLite is {sqlite3.sqlite_version}, but the records need 3.37 or later: "
            "install a newer Python"
        )
    with folder_explained(path.parent):
        # Records are health data: a folder made here is for its owner alone.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with explained(path):
        backup = None
        if _version(path) != chain.head:
            with FileLock(path.with_suffix(".lock")) as lock:
                if not lock.acquire(_MIGRATION_WAIT_S):
                    raise RecordsError(
                        f"another program is preparing the records in {path.parent}: "
                        "try again when it is done"
                    )
                new = not path.exists()
                backup = _upgrade(path, chain)
                if new:
                    # In a folder that others may read, too, the records are their owner's alone.
                    path.chmod(0o600)
        _check_writable(path)
    return backup


def _version(path: Path) -> str | None:
    """The schema revision of ``path``; None if there is nothing in it yet."""
    if not path.exists():
        return None
    # Through SQLite alone, even to look at the first bytes: whoever closes a file of their own lets
    # go of all locks that this process has on it (POSIX says so), those of another open store too,
    # and then other programs take its log away while it is in use.
    with closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if not tables:
            return None
        if not {"alembic_version", "patients", "plays"} <= tables:
            raise _not_ours(path)
        versions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    if len(versions) != 1:
        raise _not_ours(path)
    return str(versions[0][0])


def _not_ours(path: Path) -> RecordsError:
    return RecordsError(
        f"{path} is not a Griptune records file: move it away or choose another folder with --data"
    )


def _upgrade(path: Path, chain: Chain) -> Path | None:
    version = _version(path)  # another process may have done it meanwhile
    if version == chain.head:
        return None
    backup = None
    if version is not None:
        refuse_newer(path, version, chain)
        backup = _back_up(path, version)
    # A log beside the file lets others read while one writes. The mode stays with the file.
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA journal_mode=WAL")
    engine = engine_for(path, lock_wait_s=_MIGRATION_WAIT_S, foreign_keys=False)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(_VERSION_TABLE)
            run_migrations(connection, chain)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone()
            if broken is not None:
                raise RecordsError(
                    f"the records file {path} has rows in “{broken[0]}” that belong to nothing: "
                    "it was left as it was, put it aside and restore a backup"
                )
            connection.commit()
    finally:
        engine.dispose()
    return backup


def _config(chain: Chain) -> Any:
    from alembic.config import Config

    config = Config()
    # The configuration is read with interpolation, and a folder's name may hold a percent sign.
    config.set_main_option("script_location", str(chain.scripts).replace("%", "%%"))
    return config


def refuse_newer(where: Path | Place, version: str, chain: Chain) -> None:
    """Raise RecordsError if ``version`` is none of the chain's: a later program wrote it."""
    from alembic.script import ScriptDirectory

    known = {s.revision for s in ScriptDirectory.from_config(_config(chain)).walk_revisions()}
    if version not in known:
        raise RecordsError(
            f"{where} was written by a newer Griptune (schema {version}): update Griptune, "
            "or choose another folder with --data"
        )


def run_migrations(connection: Connection, chain: Chain) -> None:
    """Bring the tables to the chain's head inside the connection's transaction."""
    from alembic import command

    config = _config(chain)
    config.attributes["connection"] = connection
    command.upgrade(config, chain.head)


def free_backup(data_dir: Path, version: str) -> Path:
    """A name that is free in ``backups/``, for records of schema ``version``."""
    folder = data_dir / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    number = 1
    while (backup := folder / f"{Path(FILE_NAME).stem}-schema-{version}-{number}.db").exists():
        number += 1
    return backup


def _back_up(path: Path, version: str) -> Path:
    """Copy ``path`` to ``backups/``, under a name that is free, and check the copy."""
    backup = free_backup(path.parent, version)
    unfinished = backup.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as copy:
        source.backup(copy)
        # The copy is one file, complete without a log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        (answer,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        unfinished.unlink()
        raise RecordsError(
            f"the records file {path} is damaged ({answer}): put it aside and restore a backup"
        )
    unfinished.rename(backup)
    return backup


def _check_writable(path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            # A backup is one file without a log, and so is what was restored from it.
            if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            # Somebody is writing at this moment, so it can be written.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        else:
            connection.execute("ROLLBACK")


@contextmanager
def folder_explained(folder: Path) -> Iterator[None]:
    """A folder that cannot be made becomes a sentence."""
    try:
        yield
    except OSError as error:
        raise RecordsError(
            f"records cannot be kept in {folder} ({error.strerror}): "
            "choose another folder with --data"
        ) from error
