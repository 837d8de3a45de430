"""Where an export goes: files of a folder, or of a zip; all of it appears, or nothing does."""

import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Protocol

from game.records.errors import RecordsError
from game.records.sparing import spare_records

#: Every file in a zip has this date: the same records give the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)


class Sink(Protocol):
    """Takes files one after the other."""

    def file(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """A binary file of this name (folders with ``/``), to be written in a ``with``."""


@contextmanager
def sink(path: Path) -> Iterator[Sink]:
    """Files into ``path``: a zip if its name says so, else a folder.

    Nothing is there until everything is. Raises RecordsError if something of this name is there
    already, or cannot be written.
    """
    zipped = path.suffix.lower() == ".zip"
    if path.exists() and not (zipped and path.is_file()):
        raise RecordsError(f"there is a {path} already: choose another name")
    half = path.with_name(path.name + ".part")
    try:
        _clear(half)
        if zipped:
            half.touch(mode=0o600)
            with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
                yield _Zip(archive)
        else:
            half.mkdir(mode=0o700)
            yield _Folder(half)
        os.replace(half, path)
    except OSError as error:
        raise RecordsError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        _clear(half)


@contextmanager
def whole_file(path: Path, *, private: bool = True) -> Iterator[IO[bytes]]:
    """A single file, written whole or not at all; if ``private``, for its owner's eyes.

    Raises RecordsError if it cannot be written, or would take the place of records.
    """
    half = path.with_name(path.name + ".part")
    spare_records(path)
    try:
        if path.is_dir():
            raise RecordsError(f"{path} is a folder: choose the name of a file")
        half.touch(mode=0o600 if private else 0o666)
        with half.open("wb") as out:
            yield out
        os.replace(half, path)
    except OSError as error:
        raise RecordsError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        _clear(half)


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as out:
            yield out


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        entry = zipfile.ZipInfo(name, _DATE)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with self._archive.open(entry, "w", force_zip64=True) as out:
            yield out


def _clear(half: Path) -> None:
    if half.is_dir():
        shutil.rmtree(half, ignore_errors=True)
    else:
        half.unlink(missing_ok=True)
