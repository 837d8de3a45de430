"""All rows of one database into another of the same schema: PostgreSQL to SQLite, and back.

The tables mean the same on both (:mod:`game.records.types`), so values go over as they are. Every
table is summed while it is read, so that what arrived can be compared with it.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from game.records.errors import RecordsError
from game.records.schema import METADATA
from game.records.table_sums import Summing, TableOrder, TableSum, sum_of, tables_of

#: Rows that are in memory at a time: a play of an hour is some 100 KB.
_ROWS = 200

_VERSION = "alembic_version"


def copy_to_file(
    source: Connection, target: Path, progress: Callable[[float], None] | None = None
) -> dict[str, TableSum]:
    """Copy what ``source``'s transaction sees into ``target``, a SQLite records file of the same
    schema with nothing in it; returns the sum of every table as it was read.

    ``progress`` is told how much is copied, 0 to 1. Raises RecordsError if the rows do not belong
    together.
    """
    sums = {}
    with closing(sqlite3.connect(target)) as connection:
        tables = tables_of(connection, _VERSION)
        told = _Told(progress, sum(_count(source, table) for table in tables))
        for table in tables:
            order = TableOrder.of(connection, table)
            summing = Summing()
            rows = summing.passing(told.passing(_rows(source, order)))
            connection.executemany(order.insert, (tuple(row) for row in rows))
            sums[table] = summing.sum
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise RecordsError(f"the table “{broken[0]}” has rows that belong to nothing")
        connection.commit()
        # One file, complete without a log beside it.
        connection.execute("PRAGMA journal_mode=DELETE")
    return sums


def copy_from_file(
    source: Path, target: Connection, progress: Callable[[float], None] | None = None
) -> None:
    """Put the rows of ``source``, a SQLite records file of the present schema, in the place of all
    that is in ``target``, a PostgreSQL database, inside its transaction.

    Raises RecordsError if what arrived is not what was read.
    """
    everything = ", ".join(f'"{table.name}"' for table in METADATA.sorted_tables)
    target.exec_driver_sql(f"TRUNCATE {everything}")
    with closing(sqlite3.connect(source)) as connection:
        orders = [TableOrder.of(connection, table.name) for table in METADATA.sorted_tables]
        counted = [f'SELECT count(*) FROM "{order.table}"' for order in orders]
        told = _Told(progress, sum(connection.execute(q).fetchone()[0] for q in counted))
        for order in orders:
            summing = Summing()
            rows = summing.passing(told.passing(connection.execute(order.select)))
            with _driver(target).cursor().copy(order.copy) as copy:
                for row in rows:
                    copy.write_row(tuple(row))
            if sum_of(_rows(target, order)) != summing.sum:
                raise RecordsError(f"“{order.table}” did not arrive as it was: nothing was changed")
    target.exec_driver_sql(
        "SELECT setval(pg_get_serial_sequence('outbox', 'sequence'), "
        "(SELECT coalesce(max(sequence), 0) + 1 FROM outbox), false)"
    )


class _Told:
    """Tells how much of ``total`` rows has passed."""

    def __init__(self, progress: Callable[[float], None] | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def passing(self, rows: Iterator[Any]) -> Iterator[Any]:
        for row in rows:
            yield row
            self._done += 1
            if self._progress is not None and self._done % _ROWS == 0:
                self._progress(self._done / self._total)


def _driver(connection: Connection) -> Any:
    """psycopg's own connection, in the same transaction: COPY is many times faster than rows."""
    return connection.connection.driver_connection


def _count(source: Connection, table: str) -> int:
    return int(source.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one())


def _rows(source: Connection, order: TableOrder) -> Iterator[Any]:
    # A cursor on the server: the whole table never is in memory.
    streamed = {"stream_results": True, "max_row_buffer": _ROWS}
    yield from source.exec_driver_sql(order.select, execution_options=streamed)
