"""What a clinic chose for all: kept as JSON under a name."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from game.records.boards import Week
from game.records.schema_clinic import clinic_settings
from game.records.store import Store

_SONG = "song of the week"


def setting(connection: Connection, name: str) -> Any:
    """The setting ``name``; None if nothing was chosen."""
    return connection.execute(
        select(clinic_settings.c.value).where(clinic_settings.c.name == name)
    ).scalar_one_or_none()


def put_setting(connection: Connection, name: str, value: Any) -> None:
    """Choose ``value`` for ``name``; None takes the choice back."""
    connection.execute(delete(clinic_settings).where(clinic_settings.c.name == name))
    if value is not None:
        connection.execute(insert(clinic_settings), {"name": name, "value": value})


def song_of_the_week(store: Store, day: date) -> str | None:
    """The song that was chosen for ``day``'s week; None if none was (the most played is taken)."""
    week = Week.of(day)
    with store.reading() as connection:
        chosen = setting(connection, _SONG)
    if isinstance(chosen, dict) and chosen.get("week") == [week.year, week.number]:
        key = chosen.get("key")
        return key if isinstance(key, str) else None
    return None


def choose_song_of_the_week(store: Store, day: date, key: str | None) -> None:
    """Choose the song for ``day``'s week."""
    week = Week.of(day)
    value = None if key is None else {"week": [week.year, week.number], "key": key}
    with store.writing() as connection:
        put_setting(connection, _SONG, value)
