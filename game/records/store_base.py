"""The store's connection to its database; what it keeps is said in its other parts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from game.records.database import engine_of, reading, writing
from game.records.identifiers import utc_now
from game.records.place import Place
from game.records.trouble import explained


class StoreBase:
    """A database in use: transactions whose errors are sentences."""

    def __init__(
        self,
        data_dir: Path,
        clock: Callable[[], datetime] = utc_now,
        lock_wait_s: float = 10.0,
        url: str | None = None,
    ) -> None:
        self.data_dir = data_dir
        self.place = Place.of(data_dir, url)
        self.clock = clock
        self.engine = engine_of(self.place, lock_wait_s=lock_wait_s)

    @property
    def path(self) -> Path:
        """The records file, where the records are in one."""
        return self.place.path

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads; errors come out as RecordsError."""
        with explained(self.place), reading(self.engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes all or nothing; errors come out as RecordsError."""
        with explained(self.place), writing(self.engine) as connection:
            yield connection
