"""All rows of one database into another of the same schema: SQLite to PostgreSQL, and back.

The tables mean the same on both (:mod:`game.records.types`), so values go over as they are.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from game.records.errors import RecordsError

_ROWS = 500


def copy_to_file(
    source: Connection, target: Path, progress: Callable[[float], None] | None = None
) -> None:
    """Copy what ``source``'s transaction sees into ``target``, a SQLite records file of the same
    schema with nothing in it. ``progress`` is told how much is copied, 0 to 1."""
    with closing(sqlite3.connect(target)) as connection:
        tables = tables_of(connection)
        counts = {
            t: source.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar_one() for t in tables
        }
        total, done = sum(counts.values()), 0
        for table in tables:
            names = columns_of(connection, table)
            marks = ", ".join("?" * len(names))
            statement = f'INSERT INTO "{table}" VALUES ({marks})'
            for rows in _batches(source, table, names):
                connection.executemany(statement, rows)
                done += len(rows)
                if progress is not None:
                    progress(done / total)
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise RecordsError(f"the table “{broken[0]}” has rows that belong to nothing")
        connection.commit()
        # One file, complete without a log beside it.
        connection.execute("PRAGMA journal_mode=DELETE")


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """The tables of records in a file."""
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND name != 'alembic_version' ORDER BY name"
    )
    return [name for (name,) in rows]


def columns_of(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table in a file."""
    return [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]


def _batches(
    source: Connection, table: str, names: Sequence[str]
) -> Iterator[list[tuple[Any, ...]]]:
    quoted = ", ".join(f'"{name}"' for name in names)
    rows = source.execution_options(stream_results=True, max_row_buffer=_ROWS).exec_driver_sql(
        f'SELECT {quoted} FROM "{table}"'
    )
    for batch in rows.partitions(_ROWS):
        yield [tuple(row) for row in batch]
