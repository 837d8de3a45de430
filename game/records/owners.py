"""Whose play is open: every writer has a name, and a lock of that name while its process lives.

The locks are files in the data folder. In a file of records all writers are of this folder; in a
PostgreSQL database those of other computers are there too, whose locks nobody here can see. So
there a writer's name begins with that of its data folder, and the others' are left to them.
"""

import contextlib
import os
from pathlib import Path

from game.records.identifiers import new_identifier, utc_now
from game.records.locks import FileLock
from game.records.store import Store

_FILE = "station-id"


def new_owner(store: Store) -> str:
    """A name for a new writer of ``store``."""
    return _prefix(store) + new_identifier(store.clock())


def is_ours(store: Store, owner: str) -> bool:
    """Whether the lock of this name is kept in this data folder."""
    return owner.startswith(_prefix(store))


def owner_lock(store: Store, owner: str) -> FileLock:
    """The lock that the writer called ``owner`` holds while its process lives."""
    return FileLock(store.data_dir / "locks" / f"{owner}.lock")


def _prefix(store: Store) -> str:
    return "" if store.place.url is None else f"{station_id(store.data_dir)}."


def station_id(data_dir: Path) -> str:
    """The name of this data folder, made when it is first asked for. Raises OSError."""
    path = data_dir / _FILE
    with contextlib.suppress(FileNotFoundError):
        return path.read_text(encoding="ascii").strip()
    beside = path.with_name(f"{_FILE}.{os.getpid()}.{os.urandom(4).hex()}")
    beside.write_text(new_identifier(utc_now()) + "\n", encoding="ascii")
    try:
        # Of two programs that start at once the first one's name stays.
        os.link(beside, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        if not path.exists():
            os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return path.read_text(encoding="ascii").strip()
