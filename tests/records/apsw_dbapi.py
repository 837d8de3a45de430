"""APSW's SQLite behind the interface of Python's own module, as far as SQLAlchemy asks for it.

Python's module cannot take a file system that is written in Python, APSW can. So the tests that
let disks fail give this module to SQLAlchemy's usual dialect: ``create_engine(url, module=...)``.
Errors are those of :mod:`sqlite3`, with its codes, so that ours become the same sentences.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from sqlite3 import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    Warning,
    paramstyle,
)
from typing import Any

import apsw

__all__ = [
    "DataError",
    "DatabaseError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "Warning",
    "connect",
    "paramstyle",
]

sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(int(piece) for piece in sqlite_version.split("."))
Binary = memoryview
PARSE_DECLTYPES = PARSE_COLNAMES = 0

#: The file system that connections use; None is the system's. ``said`` may change a statement.
vfs: str | None = None
said: Callable[[str], str] = str


def connect(database: str, timeout: float = 5.0, **_: Any) -> "Connection":
    return Connection(database, timeout)


def _as_sqlite3(error: apsw.Error) -> sqlite3.Error:
    kind = IntegrityError if isinstance(error, apsw.ConstraintError) else OperationalError
    ours = kind(str(error))
    # An error that a file system of Python's raised has no code of its own.
    raised = {apsw.FullError: sqlite3.SQLITE_FULL, apsw.IOError: sqlite3.SQLITE_IOERR}
    code = getattr(error, "extendedresult", 0)
    ours.sqlite_errorcode = code if code > 0 else raised.get(type(error), sqlite3.SQLITE_ERROR)
    return ours


class Connection:
    """A connection that leaves BEGIN to whoever uses it, as with ``isolation_level=None``."""

    isolation_level: str | None = None

    def __init__(self, database: str, timeout: float) -> None:
        try:
            self._apsw = apsw.Connection(database, vfs=vfs)
        except apsw.Error as error:
            raise _as_sqlite3(error) from error
        self._apsw.set_busy_timeout(round(timeout * 1000))

    def create_function(self, *_: Any, **__: Any) -> None:
        """SQLAlchemy offers a REGEXP, which nobody here asks for."""

    def cursor(self) -> "Cursor":
        return Cursor(self._apsw)

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> "Cursor":
        cursor = self.cursor()
        cursor.execute(statement, parameters)
        return cursor

    def commit(self) -> None:
        if self._apsw.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self._apsw.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        self._apsw.close(True)


class Cursor:
    arraysize = 1

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        # A statement that finds nothing has ended before its columns could be asked for.
        self._cursor.exec_trace = self._about_to_run
        self.description: Any = None
        self.rowcount = -1

    def _about_to_run(self, cursor: apsw.Cursor, *_: Any) -> bool:
        columns = cursor.get_description()
        self.description = [(c[0], *[None] * 6) for c in columns] or None
        return True

    @property
    def lastrowid(self) -> int:
        return self._connection.last_insert_rowid()

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        self._run(self._cursor.execute, statement, tuple(parameters))

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        self._run(self._cursor.executemany, statement, [tuple(row) for row in rows])

    def _run(self, how: Callable[..., object], statement: str, values: Any) -> None:
        self.description = None
        try:
            how(said(statement), values)
        except apsw.Error as error:
            raise _as_sqlite3(error) from error
        self.rowcount = self._connection.changes() if self.description is None else -1

    def fetchone(self) -> Any:
        try:
            return next(self._cursor, None)
        except apsw.Error as error:
            raise _as_sqlite3(error) from error

    def fetchmany(self, size: int | None = None) -> list[Any]:
        rows = []
        while len(rows) < (size or self.arraysize) and (row := self.fetchone()) is not None:
            rows.append(row)
        return rows

    def fetchall(self) -> list[Any]:
        rows = []
        while (row := self.fetchone()) is not None:
            rows.append(row)
        return rows

    def close(self) -> None:
        self._cursor.close(True)
