"""Where records are: a SQLite file in the data folder, or a PostgreSQL database by its URL."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from game.records.errors import RecordsError

FILE_NAME = "griptune.db"

_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True)
class Place:
    """The data folder, and the database if it is not the file in there.

    Backups, locks and everything else of this computer stay in the folder either way.
    """

    data_dir: Path
    url: URL | None = None

    @classmethod
    def of(cls, data_dir: Path, url: str | None = None) -> "Place":
        """The place for ``url`` (``postgresql://user@host/name``), or the file without one.

        Raises RecordsError for any other URL, and if the program for PostgreSQL is missing.
        """
        if not url:
            return cls(data_dir)
        try:
            parsed = make_url(url.strip())
        except (ArgumentError, ValueError):
            parsed = None
        if parsed is None or parsed.drivername not in _SCHEMES or not parsed.database:
            # The URL is not shown: it may hold a password.
            raise RecordsError(
                "the records' database is named like postgresql://user@host/name; leave it out "
                "to keep records in the data folder"
            )
        if importlib.util.find_spec("psycopg") is None:
            raise RecordsError(
                "records in PostgreSQL need the extra “postgres”: pip install 'griptune[postgres]'"
            )
        return cls(data_dir, parsed.set(drivername="postgresql+psycopg"))

    @property
    def path(self) -> Path:
        """The file, where the records are in one."""
        return self.data_dir / FILE_NAME

    def __str__(self) -> str:
        if self.url is None:
            return str(self.path)
        # Without user and password: this is shown and kept in logs.
        where = f" on {self.url.host}" if self.url.host else ""
        return f"the database “{self.url.database}”{where}"
