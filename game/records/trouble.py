"""From what a database or a disk reports to one sentence that a person can act on."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from game.records.errors import RecordsError
from game.records.place import Place

_SENTENCES = {
    sqlite3.SQLITE_FULL: "the disk is full at {folder}: make room and try again",
    sqlite3.SQLITE_BUSY: "the records in {folder} are in use by another program: "
    "close it and try again",
    sqlite3.SQLITE_LOCKED: "the records in {folder} are in use by another program: "
    "close it and try again",
    sqlite3.SQLITE_READONLY: "the records in {folder} cannot be written: "
    "allow writing there or choose another folder with --data",
    sqlite3.SQLITE_CANTOPEN: "the records in {folder} cannot be opened: "
    "check that the folder is there and may be written, or choose another with --data",
    sqlite3.SQLITE_IOERR: "the disk at {folder} reports an error: check it before you go on",
    sqlite3.SQLITE_CORRUPT: "the records file {path} is damaged: put it aside and restore a backup",
    sqlite3.SQLITE_NOTADB: "{path} is not a Griptune records file: "
    "move it away or choose another folder with --data",
}

_ERRNO_CODES = {
    errno.ENOSPC: sqlite3.SQLITE_FULL,
    errno.EDQUOT: sqlite3.SQLITE_FULL,
    errno.EROFS: sqlite3.SQLITE_READONLY,
    errno.EACCES: sqlite3.SQLITE_READONLY,
    errno.EPERM: sqlite3.SQLITE_READONLY,
    errno.EIO: sqlite3.SQLITE_IOERR,
}


#: By the beginning of PostgreSQL's SQLSTATE, the longest first.
_POSTGRES = {
    "53100": "the disk of {place} is full: make room and try again",
    "55P03": "{place} is in use by another program: close it and try again",
    "25006": "{place} cannot be written: check the server",
    "42501": "{place} does not let this user do that: make the user its owner",
    "3D000": "there is no such database as {place}: create it first",
    "53300": "{place} has no connection left: close another program and try again",
    "28": "{place} does not accept this user or password: check the URL of the records",
    "57": "{place} is being shut down: start it and try again",
    "58": "the disk of {place} reports an error: check it before you go on",
    "08": "{place} cannot be reached: check that it runs and the URL of the records",
    # Without a code it is the connection that failed.
    "": "{place} cannot be reached: check that it runs and the URL of the records",
}


def sentence_of(error: Exception, where: Path | Place) -> str:
    """What ``error``, from working with the records at ``where``, means to a person."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(where, Place):
        if where.url is not None and not isinstance(cause, (sqlite3.Error, OSError)):
            return _postgres_sentence(cause, where)
        where = where.path
    path = where
    code = None
    if isinstance(cause, sqlite3.Error):
        # Some errors of the module itself carry no code; the low byte of one is its family.
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    elif isinstance(cause, OSError):
        code = _ERRNO_CODES.get(cause.errno or 0, sqlite3.SQLITE_CANTOPEN)
    template = _SENTENCES.get(code or 0)
    if template is None:
        return f"the records file {path} could not be used: {cause}"
    return template.format(folder=path.parent, path=path)


def is_forbidden(error: Exception) -> bool:
    """Whether it is only that this user may not: somebody can still allow it."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlstate", None) == "42501"


def _postgres_sentence(cause: BaseException | None, place: Place) -> str:
    state = getattr(cause, "sqlstate", None) or ""
    begins = [key for key in _POSTGRES if state.startswith(key) and (key or not state)]
    if not begins:
        words = " ".join(str(cause).split())
        return f"{place} could not be used: {words}"
    return _POSTGRES[max(begins, key=len)].format(place=place)


@contextmanager
def explained(where: Path | Place) -> Iterator[None]:
    """Whatever the database or the disk reports inside becomes a RecordsError."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        raise RecordsError(sentence_of(error, where)) from error
