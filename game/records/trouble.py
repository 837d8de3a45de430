"""From what a database or a disk reports to one sentence that a person can act on."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from game.records.errors import RecordsError

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


def sentence_of(error: Exception, path: Path) -> str:
    """What ``error``, from working with the records file ``path``, means to a person."""
    cause = error.orig if isinstance(error, DBAPIError) else error
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


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Whatever the database or the disk reports inside becomes a RecordsError."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        raise RecordsError(sentence_of(error, path)) from error
