"""Songs that the clinic offers at all its stations: kept in the database, pulled by stations."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from game.clinic.security.errors import ClinicError
from game.records.schema_clinic import songs_shared
from game.records.store import Store

#: A key is the name of a file on every station: letters, digits and single hyphens, nothing that
#: could be a path, a device of Windows or an option.
KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MOST_LETTERS_IN_A_KEY = 60
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])")


@dataclass(frozen=True)
class SharedSong:
    """A song as lists show it; ``digest`` is the SHA-256 of its bytes."""

    key: str
    title: str
    digest: str
    hidden: bool
    uploaded_by: str
    uploaded_at: datetime


def is_key(text: str) -> bool:
    """Whether ``text`` is a key that may become a file's name."""
    return (
        len(text) <= _MOST_LETTERS_IN_A_KEY
        and KEY.fullmatch(text) is not None
        and _DEVICES.fullmatch(text) is None
    )


def key_of(title: str) -> str:
    """A key made of ``title``: “Für Elise (1810)” gives ``fur-elise-1810``."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    key = "-".join(re.findall(r"[a-z0-9]+", plain))[:_MOST_LETTERS_IN_A_KEY].strip("-")
    return key if key and is_key(key) else f"song-{hashlib.sha256(title.encode()).hexdigest()[:8]}"


def shown_title(text: str) -> str:
    """``text``, a title from a file or a form, as one printable line of at most 80 letters."""
    line = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text))
    return " ".join(line.split())[:80].strip()


class SharedSongs:
    """The songs of one clinic. Every method is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[SharedSong]:
        """Every song, by title."""
        table = songs_shared.c
        with self._store.reading() as connection:
            rows = connection.execute(
                select(
                    table.key,
                    table.title,
                    table.digest,
                    table.hidden,
                    table.uploaded_by,
                    table.uploaded_at,
                )
            )
            found = [SharedSong(*row) for row in rows]
        return sorted(found, key=lambda song: (song.title.casefold(), song.key))

    def add(
        self, data: bytes, title: str, by: str, taken: frozenset[str] = frozenset()
    ) -> SharedSong:
        """Offer a song. The same bytes twice are one song; another song of the same title, or of
        one that is ``taken``, gets a key with a number."""
        title = shown_title(title)
        if not title:
            raise ClinicError("a song needs a title")
        digest = hashlib.sha256(data).hexdigest()
        now = self._store.clock()
        with self._store.writing() as connection:
            held = {
                row.key: row.digest
                for row in connection.execute(select(songs_shared.c.key, songs_shared.c.digest))
            }
            known = next((key for key, its in held.items() if its == digest), None)
            key, number = known or key_of(title), 2
            while known is None and (key in held or key in taken):
                key, number = f"{key_of(title)[:50].strip('-')}-{number}", number + 1
            song = SharedSong(key, title, digest, False, by, now)
            if known is None:
                connection.execute(
                    insert(songs_shared),
                    {
                        "key": key,
                        "title": title,
                        "digest": digest,
                        "data": data,
                        "hidden": False,
                        "uploaded_by": by,
                        "uploaded_at": now,
                    },
                )
            else:
                connection.execute(
                    update(songs_shared)
                    .where(songs_shared.c.key == key)
                    .values(title=title, hidden=False)
                )
        return song

    def set_hidden(self, key: str, hidden: bool) -> None:
        """Take a song away from the stations, or offer it again. Raises ClinicError: no such."""
        with self._store.writing() as connection:
            changed = connection.execute(
                update(songs_shared).where(songs_shared.c.key == key).values(hidden=hidden)
            )
            if not changed.rowcount:
                raise ClinicError("there is no such song")

    def get(self, key: str) -> tuple[str, bytes]:
        """Title and bytes of a song. Raises ClinicError if there is none of this key."""
        with self._store.reading() as connection:
            row = connection.execute(
                select(songs_shared.c.title, songs_shared.c.data).where(
                    songs_shared.c.key == key, songs_shared.c.hidden == 0
                )
            ).one_or_none()
        if row is None:
            raise ClinicError("there is no such song")
        return str(row.title), bytes(row.data)
