"""Backups that prove what they hold, and taking one back.

A backup is a plain SQLite file with one table more, ``griptune_backup``: when it was made, by
which program, and for every table how many rows it has and a hash over all of them. Both making
and restoring compare what is there with what is said, and leave the old state in place until the
new one is whole.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from game.records.copying import copy_from_file, copy_to_file
from game.records.errors import RecordsError
from game.records.identifiers import tombstone, utc_now
from game.records.locks import FileLock
from game.records.owners import is_ours
from game.records.place import Place
from game.records.prepare import prepare, prepare_at
from game.records.schema import open_plays
from game.records.store import Store
from game.records.table_sums import TableOrder, TableSum, sum_of, tables_of
from game.records.trouble import explained

_TABLE = "griptune_backup"

#: Kept of the backups that are made by themselves: so many days, weeks (Mondays) and months.
DAILY, WEEKLY, MONTHLY = 7, 4, 12

_FOLDER = "backups"
_NAME = "griptune-{day}.db"

#: SQLite copies so many pages, then lets others write.
_PAGES = 256


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    made_at: datetime
    software: str
    schema: str
    tables: dict[str, TableSum]

    @property
    def plays(self) -> int:
        """How many plays it holds."""
        return self.tables["plays"].rows

    @property
    def patients(self) -> int:
        """How many patients it holds."""
        return self.tables["patients"].rows


@dataclass(frozen=True)
class Restored:
    """What the backup holds, where the records that were there before are kept (None if there were
    none), and how many patients of the backup were erased here and so stay away."""

    manifest: Manifest
    before: Path | None
    erased: int


def back_up(
    store: Store,
    target: Path,
    *,
    software: str = "",
    progress: Callable[[float], None] | None = None,
) -> Manifest:
    """Copy the records to ``target``, while they may be in use, and check the copy.

    ``software`` is the version of the program that asks. Returns what the copy holds. The file
    appears whole or not at all; a backup that is there already is replaced, the records themselves
    never. Raises RecordsError.
    """
    if not target.name:
        raise RecordsError("a backup needs a file's name, for example safe.db")
    half = target.with_name(target.name + ".unfinished")
    with explained(target):
        if target.is_dir():
            raise RecordsError(f"{target} is a folder: give a file in it, for example safe.db")
        if _is_of_the_records(store, target):
            raise RecordsError(f"{target} is the records themselves: choose another name")
        if not target.parent.is_dir():
            raise RecordsError(f"there is no folder {target.parent}: choose another place")
        half.unlink(missing_ok=True)
        try:
            read = _copy_store(store, half, progress)
            half.chmod(0o600)
            with closing(sqlite3.connect(half)) as copy:
                manifest = _written(copy, store.clock(), software)
                _check(copy, half)
            for name, said in read.items():
                if manifest.tables[name] != said:
                    raise RecordsError(f"“{name}” did not arrive as it was: try another disk")
            os.replace(half, target)
        finally:
            half.unlink(missing_ok=True)
            half.with_suffix(".lock").unlink(missing_ok=True)
    return manifest


def _is_of_the_records(store: Store, target: Path) -> bool:
    """Whether ``target`` is the records' file, or one that the database keeps beside it."""
    if store.place.url is not None:
        return False
    # Resolved: another way of writing the path, or a link, leads to the same file.
    records = store.path.resolve()
    beside = [records.with_name(records.name + end) for end in ("", "-wal", "-shm", "-journal")]
    return target.resolve() in beside or any(
        one.exists() and target.exists() and one.samefile(target) for one in beside
    )


def _copy_store(
    store: Store, target: Path, progress: Callable[[float], None] | None
) -> dict[str, TableSum]:
    """Copy the records to a file; returns what was read, where the copying does not prove it."""
    if store.place.url is None:
        _copy(store.path, target, progress)
        return {}
    prepare(target)
    with store.reading() as connection:
        return copy_to_file(connection, target, progress)


def inspect(path: Path) -> Manifest:
    """What the backup at ``path`` holds, everything counted and hashed again.

    Raises RecordsError if it is no backup, is damaged, or is not what it says.
    """
    if not path.is_file():
        raise RecordsError(f"there is no file {path}")
    with explained(path), _read_only(path) as connection:
        try:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        except UnicodeDecodeError as error:
            raise RecordsError(f"{path.name} is damaged; choose another backup") from error
        if _TABLE not in tables:
            raise RecordsError(
                f"{path.name} is not a backup of Griptune: choose one made by griptune backup"
            )
        _check(connection, path)
        said = _manifest(connection, path)
        found = _sums(connection)
    for name in sorted(said.tables.keys() | found.keys()):
        if said.tables.get(name) != found.get(name):
            raise RecordsError(
                f"{path.name} is damaged: “{name}” is not what was backed up; choose another backup"
            )
    return said


def restore(
    path: Path,
    data_dir: Path,
    *,
    url: str | None = None,
    software: str = "",
    clock: Callable[[], datetime] = utc_now,
) -> Restored:
    """Put the backup at ``path`` in the place of the records in ``data_dir``, or in the database of
    ``url``; a backup of either fits both.

    Whoever was erased here stays erased. Raises RecordsError, with everything as it
    was, if the backup is not whole, is newer than this program, or if a game is open.
    """
    manifest = inspect(path)
    place = Place.of(data_dir, url)
    prepare_at(place)
    with Store.open(data_dir, clock=clock, url=url) as store, explained(place):
        if _in_use(store):
            raise RecordsError("a game is open with these records: close it and restore again")
        before = None
        if _holds_anything(store):
            (data_dir / _FOLDER).mkdir(mode=0o700, exist_ok=True)
            stamp = f"{clock():%Y-%m-%d-%H%M%S}"
            before = _free(data_dir / _FOLDER / f"before-restore-{stamp}.db")
            back_up(store, before, software=software)
        erased = _erased(store)
    fresh = place.path.with_name("restoring.db")
    for suffix in ("", "-wal", "-shm"):
        fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    with explained(fresh):
        try:
            _copy(path, fresh)
            fresh.chmod(0o600)
            with closing(sqlite3.connect(fresh)) as copy:
                copy.execute(f"DROP TABLE {_TABLE}")
                copy.commit()
            prepare(fresh)
            gone = _erase_again(fresh, erased)
            if url is None:
                _take_the_place_of(place.path, fresh)
            else:
                with (
                    Store.open(data_dir, clock=clock, url=url) as store,
                    store.writing() as connection,
                ):
                    copy_from_file(fresh, connection)
        finally:
            for suffix in ("", "-wal", "-shm"):
                fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
            fresh.with_suffix(".lock").unlink(missing_ok=True)
    return Restored(manifest, before, gone)


def keep_backups(
    store: Store,
    today: date,
    *,
    software: str = "",
    progress: Callable[[float], None] | None = None,
) -> Path | None:
    """Make today's backup if there is none yet, and let go of those that are not kept any more.

    ``progress`` is told how much is copied, 0 to 1; what it raises ends the copying, and no half
    file is left. Returns the new backup. Kept are the last 7 days, the Mondays of 4 weeks and the
    first of 12 months, as far as there are any; see :func:`to_keep`.
    """
    folder = store.data_dir / _FOLDER
    with explained(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / _NAME.format(day=today.isoformat())
    made = None
    if not target.exists() and _holds_anything(store):
        back_up(store, target, software=software, progress=progress)
        made = target
    days = {day: path for path in folder.glob(_NAME.format(day="*")) if (day := _day_of(path))}
    for day in days.keys() - to_keep(list(days)):
        with explained(folder):
            days[day].unlink(missing_ok=True)
    return made


def latest_backup(store: Store) -> datetime | None:
    """When the newest backup in the data folder was made (aware); None if there is none."""
    folder = store.data_dir / _FOLDER
    with explained(folder):
        times = [path.stat().st_mtime for path in folder.glob(_NAME.format(day="*"))]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def to_keep(days: list[date]) -> set[date]:
    """Of the days on which backups were made, those that are kept.

    The latest 7; of the latest 4 weeks and 12 months that have any, the earliest day of each, so
    that what is kept as a week's or a month's today is so tomorrow as well.
    """
    latest = sorted(days, reverse=True)
    kept = set(latest[:DAILY])
    for count, of in ((WEEKLY, _week), (MONTHLY, _month)):
        first: dict[tuple[int, int], date] = {}
        for day in latest:
            first[of(day)] = day
        kept.update(sorted(first.values(), reverse=True)[:count])
    return kept


def _week(day: date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    return year, week


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _day_of(path: Path) -> date | None:
    try:
        return date.fromisoformat(path.stem.removeprefix("griptune-"))
    except ValueError:
        return None  # somebody's own copy


def _copy(source: Path, target: Path, progress: Callable[[float], None] | None = None) -> None:
    def told(status: int, remaining: int, total: int) -> None:
        if progress is not None and total:
            progress(1 - remaining / total)

    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other, pages=_PAGES, progress=told, sleep=0.001)
        # One file, complete without a log beside it.
        other.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _read_only(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("PRAGMA trusted_schema=OFF")
        yield connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise RecordsError(f"{path.name} is damaged ({said}): choose another backup")


def _sums(connection: sqlite3.Connection) -> dict[str, TableSum]:
    return {
        name: sum_of(connection.execute(TableOrder.of(connection, name).select))
        for name in tables_of(connection, _TABLE)
    }


def _written(copy: sqlite3.Connection, now: datetime, software: str) -> Manifest:
    (schema,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    manifest = Manifest(now, software, str(schema), _sums(copy))
    # A backup that somebody put in the place of the records by hand still says what it held then.
    copy.execute(f"DROP TABLE IF EXISTS {_TABLE}")
    copy.execute(
        f"CREATE TABLE {_TABLE} (name TEXT PRIMARY KEY, rows INTEGER, value TEXT NOT NULL) STRICT"
    )
    about = [
        ("made_at", None, now.astimezone(UTC).isoformat()),
        ("software", None, manifest.software),
        ("schema", None, manifest.schema),
        *((f"table {name}", s.rows, s.digest) for name, s in manifest.tables.items()),
    ]
    copy.executemany(f"INSERT INTO {_TABLE} VALUES (?, ?, ?)", about)
    copy.commit()
    return manifest


def _manifest(connection: sqlite3.Connection, path: Path) -> Manifest:
    try:
        rows = {
            name: (count, value)
            for name, count, value in connection.execute(f"SELECT name, rows, value FROM {_TABLE}")
        }
        manifest = Manifest(
            datetime.fromisoformat(rows.pop("made_at")[1]),
            rows.pop("software")[1],
            rows.pop("schema")[1],
            {
                name.removeprefix("table "): TableSum(int(count), value)
                for name, (count, value) in rows.items()
            },
        )
        if not {"plays", "patients"} <= manifest.tables.keys():
            raise ValueError("it names no plays")
    except (KeyError, ValueError, TypeError) as error:
        raise RecordsError(
            f"{path.name} does not say what it holds ({error}): choose another backup"
        ) from error
    return manifest


def _holds_anything(store: Store) -> bool:
    with store.reading() as connection:
        for table in ("patients", "plays", "erased"):
            if connection.exec_driver_sql(f"SELECT 1 FROM {table} LIMIT 1").first() is not None:
                return True
    return False


def _in_use(store: Store) -> bool:
    """Whether some writer's process lives, here or (as far as one can know) elsewhere."""
    for path in (store.data_dir / "locks").glob("*.lock"):
        with FileLock(path) as lock:
            if not lock.acquire():
                return True
    with store.reading() as connection:
        owners = connection.execute(select(open_plays.c.owner).distinct()).scalars()
        return any(not is_ours(store, owner) for owner in owners)


def _free(path: Path) -> Path:
    number = 1
    while path.exists():
        number += 1
        path = path.with_stem(f"{path.stem}-{number}")
    return path


def _erased(store: Store) -> list[tuple[str, str]]:
    with store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT digest, erased_at FROM erased").fetchall()
    return [(str(digest), at) for digest, at in rows]


def _erase_again(path: Path, erased: list[tuple[str, str]]) -> int:
    """Erase in the file at ``path`` whoever was erased here; returns how many people it held."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
        connection.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?)", erased)
        gone = {digest for (digest,) in connection.execute("SELECT digest FROM erased")}
        patients = connection.execute("SELECT id FROM patients").fetchall()
        theirs = [p for p in patients if tombstone(p[0]) in gone]
        connection.executemany("DELETE FROM patients WHERE id = ?", theirs)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return len(theirs)


def _take_the_place_of(records: Path, fresh: Path) -> None:
    """Put ``fresh`` where ``records`` is: at every moment the one or the other is there, whole."""
    with closing(sqlite3.connect(records)) as connection:
        # With its log empty the old file is whole by itself, and its log may go first.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    for suffix in ("-wal", "-shm"):
        records.with_name(records.name + suffix).unlink(missing_ok=True)
    os.replace(fresh, records)
