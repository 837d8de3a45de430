"""Every row of a table in one number: so that two databases can be said to hold the same."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TableSum:
    """A table's rows, counted and hashed (SHA-256 over every value in the order of the key)."""

    rows: int
    digest: str


class Summing:
    """A sum that is made while rows pass by."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._rows = 0

    def passing(self, rows: Iterable[Iterable[Any]]) -> Iterator[Iterable[Any]]:
        """``rows``, each of which is added."""
        for row in rows:
            self._rows += 1
            for value in row:
                # The length before the value keeps ("ab", "c") and ("a", "bc") apart.
                shown = value if isinstance(value, bytes) else repr(value).encode()
                self._digest.update(f"{type(value).__name__}{len(shown)}:".encode() + shown)
            yield row

    @property
    def sum(self) -> TableSum:
        """The sum of what passed."""
        return TableSum(self._rows, self._digest.hexdigest())


@dataclass(frozen=True)
class TableOrder:
    """How a table is read so that its sum is the same everywhere: columns by name, rows by key."""

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @classmethod
    def of(cls, connection: sqlite3.Connection, table: str) -> "TableOrder":
        """That of a table in a SQLite file."""
        rows = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
        key = [row[1] for row in sorted(rows, key=lambda row: row[5]) if row[5]]
        return cls(
            table, tuple(sorted(row[1] for row in rows)), tuple(key or [row[1] for row in rows])
        )

    @property
    def select(self) -> str:
        """The statement that reads it; the same on both databases."""
        return f'SELECT {_quoted(self.columns)} FROM "{self.table}" ORDER BY {_quoted(self.key)}'

    @property
    def insert(self) -> str:
        """The statement with which SQLite writes a row of it."""
        marks = ", ".join("?" * len(self.columns))
        return f'INSERT INTO "{self.table}" ({_quoted(self.columns)}) VALUES ({marks})'

    @property
    def copy(self) -> str:
        """The statement with which PostgreSQL takes rows of it."""
        return f'COPY "{self.table}" ({_quoted(self.columns)}) FROM STDIN'


def tables_of(connection: sqlite3.Connection, *without: str) -> list[str]:
    """The tables in a SQLite file, by name."""
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "ORDER BY name"
    )
    return [name for (name,) in rows if name not in without]


def sum_of(rows: Iterable[Iterable[Any]]) -> TableSum:
    """The sum of rows that come in the order of :class:`TableOrder`."""
    summing = Summing()
    for _ in summing.passing(rows):
        pass
    return summing.sum


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
