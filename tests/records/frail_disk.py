"""A disk that loses its power, is full, or fails, under the real SQLite.

:class:`FrailDisk` is a file system for APSW. It writes through to real files, so that the program
sees what it wrote; beside that it keeps what would be left of every file if the power went away
now: what was synchronised is there, and of every later write all, nothing, some sectors, or
rubbish in one of them.
"""

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import apsw
import pytest
from sqlalchemy import create_engine

from game.records import database
from tests.records import apsw_dbapi

SECTOR = 512

_numbers = itertools.count()


@dataclass
class _File:
    """One file: what is safe, and what happened to it since. A write is (place, bytes), a
    truncation (size, None)."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes | None]] = field(default_factory=list)

    def left_of_it(self, chance: random.Random) -> bytes:
        content = bytearray(self.safe)
        for place, written in list(self.since):
            fate = chance.choice(("all", "nothing", "torn", "rubbish"))
            if fate == "nothing":
                continue
            if written is None:
                del content[place:]
                continue
            if len(content) < place + len(written):
                content.extend(bytes(place + len(written) - len(content)))
            sectors = range(0, len(written), SECTOR)
            bad = chance.choice(sectors) if fate == "rubbish" else None
            for first in sectors:
                piece = written[first : first + SECTOR]
                if first == bad:
                    piece = chance.randbytes(len(piece))
                elif fate == "torn" and chance.random() < 0.5:
                    continue
                content[place + first : place + first + len(piece)] = piece
        return bytes(content)

    def synchronised(self) -> None:
        for place, written in self.since:
            if written is None:
                del self.safe[place:]
                continue
            if len(self.safe) < place + len(written):
                self.safe.extend(bytes(place + len(written) - len(self.safe)))
            self.safe[place : place + len(written)] = written
        self.since.clear()


class FrailDisk(apsw.VFS):
    """``before_each(n)`` is called before the n-th write, synchronisation or truncation, counted
    from 1, and raises what the disk is to report. Once ``off`` nothing works any more."""

    def __init__(self) -> None:
        self.name = f"frail-{next(_numbers)}"
        self.files: dict[str, _File] = {}
        self.done = 0
        self.off = False
        self.before_each: Callable[[int], None] = lambda number: None
        super().__init__(self.name, "")

    def xOpen(self, name, flags):  # noqa: N802
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        return _FrailFile(self, path, name, flags)

    def xDelete(self, name, syncdir):  # noqa: N802
        self.act()
        self.files.pop(name, None)
        super().xDelete(name, syncdir)

    def file(self, path: str) -> _File:
        if path not in self.files:
            there = Path(path)
            self.files[path] = _File(bytearray(there.read_bytes() if there.exists() else b""))
        return self.files[path]

    def act(self) -> None:
        """Something is about to be done to the disk."""
        if not self.off:
            self.done += 1
            self.before_each(self.done)
        if self.off:
            raise apsw.IOError("the power is off")

    def cut(self) -> None:
        """The power goes away now."""
        self.off = True

    def left(self, folder: Path, chance: random.Random) -> None:
        """Write into ``folder`` what the next start finds."""
        for path, file in self.files.items():
            if not path.endswith("-shm"):  # that was memory
                (folder / Path(path).name).write_bytes(file.left_of_it(chance))


class _FrailFile(apsw.VFSFile):
    def __init__(self, disk: FrailDisk, path: str, name, flags) -> None:
        self._disk, self._path = disk, path
        disk.file(path)
        super().__init__("", name, flags)

    def xWrite(self, data, offset):  # noqa: N802
        self._disk.act()
        self._disk.file(self._path).since.append((offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size):  # noqa: N802
        self._disk.act()
        self._disk.file(self._path).since.append((size, None))
        super().xTruncate(size)

    def xSync(self, flags):  # noqa: N802
        self._disk.act()
        self._disk.file(self._path).synchronised()


@contextmanager
def on_frail_disk(
    monkeypatch: pytest.MonkeyPatch, *, full: bool = True, log_pages: int = 8
) -> Iterator[FrailDisk]:
    """Let the store work on a frail disk; ``full`` is whether commits wait for the disk.

    The log goes into the file after every ``log_pages`` pages, so that this happens often.
    """
    disk = FrailDisk()

    def said(statement: str) -> str:
        if statement == "PRAGMA synchronous=FULL":
            level = "FULL" if full else "NORMAL"
            return f"PRAGMA synchronous={level}; PRAGMA wal_autocheckpoint={log_pages}"
        return statement

    with monkeypatch.context() as patch:
        patch.setattr(apsw_dbapi, "vfs", disk.name)
        patch.setattr(apsw_dbapi, "said", said)
        patch.setattr(
            database,
            "create_engine",
            lambda url, **how: create_engine(url, module=apsw_dbapi, **how),
        )
        yield disk
    disk.unregister()
