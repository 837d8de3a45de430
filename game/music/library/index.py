"""What was understood of the songs, kept in SQLite so that it need not be read again.

The index is a cache. It can be deleted at any time, and nothing that is wrong with it is ever an
error: one that is damaged, of another program or of another version of this one is thrown away
and begun anew, and where none can be kept (a full disk, a folder that nobody may write to, another
process that holds it) nothing is kept, and the next start reads again.

Two tables, because a file and its content are two things. ``files`` says where a file is and how
it looked (size and times of it and of what lies beside it); while that is so, nothing is opened.
``readings`` says what was understood of a content, under its digest: a file that was moved,
touched or copied is opened once to take the digest, and keeps its reading. What is understood
depends on the program as well: the index holds a digest of the program's own files, and
is begun anew when they change. (StepMania's comment on its song cache: the path names the entry,
the content decides whether it holds.)
"""

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

FILE_NAME = "songs.sqlite"
#: Says "this is an index of songs": PRAGMA application_id ("GrSo").
APPLICATION = 0x4772536F
#: Version of the tables: PRAGMA user_version. There is no migration; another one is begun anew.
SCHEMA = 1
#: A reading that no file has needed for so long goes. Until then a drive may be unplugged.
KEPT_DAYS = 90

#: Another process holds it for milliseconds, unless it hangs.
_LOCK_WAIT_S = 2.0

_TABLES = """
CREATE TABLE made_by (program TEXT NOT NULL) STRICT;
CREATE TABLE readings (
    content TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    rates TEXT,              -- JSON; null until they were worked out
    needed_day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE files (
    path BLOB PRIMARY KEY,   -- a name may hold bytes that are no text
    stamp TEXT NOT NULL,
    added_s REAL NOT NULL,
    content TEXT NOT NULL REFERENCES readings (content)
) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_content ON files (content);
"""

#: What says that the file itself is sound, but cannot be used now.
_NOT_NOW = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_PERM,
    }
)

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True)
class Kept:
    """A file as it was, with what was understood of it. ``rates`` None: not worked out yet."""

    stamp: str
    added_s: float
    content: str
    document: dict[str, Any]
    rates: list[float] | None


class Index:
    """The index at ``path``; None keeps nothing. ``today`` is the number of the day, by which it is
    tidied. May be used from any thread, by one at a time. No method raises for anything that the
    index holds or that happens to it."""

    def __init__(self, path: Path | None, today: int = 0) -> None:
        self._today = today
        self._path = path
        self._connection = None if path is None else _opened(path, today)

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """What is kept inside is written at once in the end."""

        def begin(kept: sqlite3.Connection) -> None:
            kept.execute("BEGIN IMMEDIATE")

        self._do(begin, None)
        try:
            yield
        finally:
            self._do(lambda kept: kept.commit(), None)

    def files(self) -> dict[Path, Kept]:
        """Every file that was kept."""

        def rows(kept: sqlite3.Connection) -> dict[Path, Kept]:
            found = kept.execute(
                "SELECT path, stamp, added_s, content, document, rates "
                "FROM files JOIN readings USING (content)"
            )
            return {
                Path(os.fsdecode(path)): Kept(stamp, added_s, content, *_parsed(document, rates))
                for path, stamp, added_s, content, document, rates in found
            }

        return self._do(rows, {})

    def reading(self, content: str) -> tuple[dict[str, Any], list[float] | None] | None:
        """What was understood of this content, and its rates; None if it was never read."""

        def row(
            kept: sqlite3.Connection,
        ) -> tuple[dict[str, Any], list[float] | None] | None:
            found = kept.execute(
                "SELECT document, rates FROM readings WHERE content = ?", (content,)
            ).fetchone()
            return None if found is None else _parsed(*found)

        return self._do(row, None)

    def keep(
        self, path: Path, stamp: str, added_s: float, content: str, document: dict[str, Any]
    ) -> None:
        """Keep what was understood of a file. Rates that the content had stay."""

        def write(kept: sqlite3.Connection) -> None:
            kept.execute(
                "INSERT INTO readings VALUES (?, ?, NULL, ?) ON CONFLICT (content) DO UPDATE SET "
                "document = excluded.document, needed_day = excluded.needed_day",
                (content, json.dumps(document), self._today),
            )
            kept.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                (os.fsencode(path), stamp, added_s, content),
            )

        self._do(write, None)

    def keep_rates(self, content: str, rates: tuple[float, ...]) -> None:
        """Keep the rates of a content that was read."""

        def write(kept: sqlite3.Connection) -> None:
            kept.execute(
                "UPDATE readings SET rates = ? WHERE content = ?", (json.dumps(rates), content)
            )

        self._do(write, None)

    def forget(self, path: Path) -> None:
        """The file is gone. Its reading stays for a while: it may only have moved."""

        def write(kept: sqlite3.Connection) -> None:
            kept.execute("DELETE FROM files WHERE path = ?", (os.fsencode(path),))

        self._do(write, None)

    # ------------------------------------------------------------------ nothing is an error

    def _do(self, work: Callable[[sqlite3.Connection], _T], otherwise: _T) -> _T:
        """``work``, or ``otherwise`` and an empty index, or none, if the present one fails."""
        if self._connection is None or self._path is None:
            return otherwise
        try:
            return work(self._connection)
        except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
            self.close()
            if _is_spoilt(error) and _thrown_away(self._path):
                self._connection = _opened(self._path, self._today)
            return otherwise


def program_digest() -> str:
    """Changes when the program does: sizes and times of the files that read and arrange songs."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent.parent
    for file in sorted([*folder.glob("*.py"), *Path(__file__).parent.glob("*.py")]):
        about = file.stat()
        digest.update(f"\0{file.name} {about.st_size} {about.st_mtime_ns}".encode())
    return digest.hexdigest()


def _parsed(document: str, rates: str | None) -> tuple[dict[str, Any], list[float] | None]:
    found = json.loads(document)
    if not isinstance(found, dict):
        raise TypeError("a reading is a JSON object")
    return found, None if rates is None else [float(rate) for rate in json.loads(rates)]


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_LOCK_WAIT_S, check_same_thread=False, isolation_level=None
    )
    # A power cut may damage it. That is noticed, and costs one scan.
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def _new(path: Path) -> sqlite3.Connection:
    """An empty index. Raises sqlite3.Error if there is something already."""
    connection = _connect(path)
    try:
        connection.executescript(
            f"BEGIN IMMEDIATE; {_TABLES} PRAGMA application_id = {APPLICATION}; "
            f"PRAGMA user_version = {SCHEMA};"
        )
        connection.execute("INSERT INTO made_by VALUES (?)", (program_digest(),))
        connection.commit()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _opened(path: Path, today: int) -> sqlite3.Connection | None:
    """The index at ``path``, found or begun; None if there can be none now."""
    for _ in range(2):  # another process may begin it as well: look at what it made
        try:
            return _found_or_begun(path, today)
        except sqlite3.Error as error:
            if not _is_spoilt(error):
                break
    return None


def _found_or_begun(path: Path, today: int) -> sqlite3.Connection:
    """The index at ``path``. Raises sqlite3.Error if it cannot be used now."""
    try:
        connection = _connect(path)
        if _is_ours(connection):
            _tidy(connection, today)
            return connection
        connection.close()
    except sqlite3.Error as error:
        if not _is_spoilt(error):
            raise
    if not _thrown_away(path):
        raise sqlite3.DatabaseError(f"{path} cannot be replaced")
    return _new(path)


def _is_ours(connection: sqlite3.Connection) -> bool:
    """Whether the file is a sound index of this very program."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (schema,) = connection.execute("PRAGMA user_version").fetchone()
    if (application, schema) != (APPLICATION, SCHEMA):
        return False
    (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    made_by = connection.execute("SELECT program FROM made_by").fetchone()
    return sound == "ok" and made_by == (program_digest(),)


def _tidy(connection: sqlite3.Connection, today: int) -> None:
    """Once a day: note what is needed, and let go of what has not been for long."""
    old = "SELECT 1 FROM readings WHERE needed_day < ? LIMIT 1"
    if connection.execute(old, (today,)).fetchone() is None:
        return
    connection.execute(
        "UPDATE readings SET needed_day = ?1 WHERE needed_day < ?1 "
        "AND content IN (SELECT content FROM files)",
        (today,),
    )
    connection.execute(
        "DELETE FROM readings WHERE needed_day < ? AND content NOT IN (SELECT content FROM files)",
        (today - KEPT_DAYS,),
    )


def _is_spoilt(error: Exception) -> bool:
    """Whether the index itself is to blame, and not the moment."""
    if not isinstance(error, sqlite3.Error):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return code is None or code & 0xFF not in _NOT_NOW


def _thrown_away(path: Path) -> bool:
    try:
        for ending in ("", "-journal", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
    except OSError:
        return False
    return True
