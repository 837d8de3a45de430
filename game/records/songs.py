"""What a person has to do with songs: which they played, and which they like best.

Every function works inside the transaction it is given. A song is named twice, by its key (the
name of its file) and by the hash of its content: whoever has the library may know it by the one
after it was renamed, and by the other after it was edited.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, or_, select

from game.records.schema import favourites, plays


@dataclass(frozen=True)
class PlayedSong:
    """A song in one person's plays: how often, when last (UTC, and the day where it was played),
    and the best score from the asked day on; None if it was not played since."""

    song_key: str
    song_hash: str
    plays: int
    last_at: datetime
    last_date: date
    best: int | None


@dataclass(frozen=True)
class Favourite:
    """A song that a person marked."""

    song_key: str
    song_hash: str
    chosen_at: datetime


def played_songs(connection: Connection, patient_id: str, since: date) -> list[PlayedSong]:
    """One row for each song the patient played, the latest first; ``best`` from ``since`` on.

    The best is one of plays alone: a passage practised slowly is no record of the song.
    """
    counts = (plays.c.local_date >= since.isoformat()) & (plays.c.mode == "play")
    recent = case((counts, plays.c.score))
    last = func.max(plays.c.started_at).label("last_at")
    rows = connection.execute(
        select(
            plays.c.song_key,
            plays.c.song_hash,
            func.count().label("plays"),
            last,
            func.max(plays.c.local_date).label("last_date"),
            func.max(recent).label("best"),
        )
        .where(plays.c.patient_id == patient_id)
        .group_by(plays.c.song_key, plays.c.song_hash)
        .order_by(last.desc(), plays.c.song_key)
    )
    return [
        PlayedSong(
            row.song_key,
            row.song_hash,
            row.plays,
            row.last_at,
            date.fromisoformat(row.last_date),
            row.best,
        )
        for row in rows
    ]


def favourite_songs(connection: Connection, patient_id: str) -> list[Favourite]:
    """The patient's favourites, the latest first."""
    rows = connection.execute(
        select(favourites)
        .where(favourites.c.patient_id == patient_id)
        .order_by(favourites.c.chosen_at.desc(), favourites.c.song_key)
    )
    return [Favourite(row.song_key, row.song_hash, row.chosen_at) for row in rows]


def put_favourite(
    connection: Connection, patient_id: str, song_key: str, song_hash: str, now: datetime
) -> None:
    """Mark a song. One that is marked already stays as old as it is."""
    kept = connection.execute(
        select(favourites.c.chosen_at)
        .where(favourites.c.patient_id == patient_id)
        .where(_the_song(song_key, song_hash))
    ).scalars()
    at = min(kept, default=now)
    drop_favourite(connection, patient_id, song_key, song_hash)
    connection.execute(
        insert(favourites),
        {
            "patient_id": patient_id,
            "song_key": song_key,
            "song_hash": song_hash,
            "chosen_at": at,
        },
    )


def drop_favourite(connection: Connection, patient_id: str, song_key: str, song_hash: str) -> None:
    """Take the mark from a song, under whichever of its names it was given."""
    connection.execute(
        delete(favourites)
        .where(favourites.c.patient_id == patient_id)
        .where(_the_song(song_key, song_hash))
    )


def _the_song(song_key: str, song_hash: str) -> ColumnElement[bool]:
    return or_(favourites.c.song_key == song_key, favourites.c.song_hash == song_hash)
