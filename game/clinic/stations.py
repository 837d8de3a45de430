"""Stations as the server knows them: paired by a one-time code, revocable, last seen and how."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from game.clinic.security.accounts import checked_name
from game.clinic.security.errors import ClinicError
from game.records.identifiers import new_identifier
from game.records.schema_clinic import pairing_codes, stations
from game.records.store import Store

#: A code is typed within the quarter of an hour in which it was made, and once.
CODE_LIFE = timedelta(minutes=15)

#: Letters that nobody confuses when reading them aloud; 12 of them are 58 bits.
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_CODE_LENGTH = 12

#: One that follows is in touch every few seconds, and every half minute after the server was gone.
_IN_TOUCH = timedelta(minutes=2)

#: The last contact is written at most this often, or when the health is another.
_TOUCH = timedelta(seconds=20)


@dataclass(frozen=True)
class Station:
    """A paired station. ``health`` is what it last said of itself (glove, what is waiting)."""

    id: str
    name: str
    created_at: datetime
    revoked_at: datetime | None
    last_seen_at: datetime | None
    health: Mapping[str, Any]


class Stations:
    """The stations of one clinic. Every method is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def invite(self, name: str) -> str:
        """A one-time code with which a station may be paired under ``name``."""
        name = checked_name(name)
        drawn = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
        code = "-".join(drawn[i : i + 4] for i in range(0, _CODE_LENGTH, 4))
        now = self._store.clock()
        with self._store.writing() as connection:
            connection.execute(delete(pairing_codes).where(pairing_codes.c.expires_at < now))
            connection.execute(
                insert(pairing_codes),
                {
                    "code_hash": _code_hash(code),
                    "name": name,
                    "expires_at": now + CODE_LIFE,
                    "used_at": None,
                },
            )
        return code

    def pair(self, code: str) -> tuple[Station, str]:
        """The station that ``code`` was made for, and its token, which is kept nowhere here.

        Raises ClinicError if the code is not known, was used, or is too old.
        """
        token = secrets.token_urlsafe(32)
        now = self._store.clock()
        with self._store.writing() as connection:
            row = connection.execute(
                select(pairing_codes).where(
                    pairing_codes.c.code_hash == _code_hash(code),
                    pairing_codes.c.used_at.is_(None),
                    pairing_codes.c.expires_at >= now,
                )
            ).one_or_none()
            if row is None:
                raise ClinicError(
                    "this code is not known, was used already, or is older than a quarter of an "
                    "hour: make a new one on the page Stations"
                )
            connection.execute(
                update(pairing_codes)
                .where(pairing_codes.c.code_hash == row.code_hash)
                .values(used_at=now)
            )
            made = Station(new_identifier(now), row.name, now, None, now, {})
            connection.execute(
                insert(stations),
                {
                    "id": made.id,
                    "name": made.name,
                    "token_hash": _token_hash(token),
                    "created_at": now,
                    "revoked_at": None,
                    "last_seen_at": now,
                    "health": None,
                },
            )
        return made, token

    def find(self, token: str) -> Station | None:
        """The station with this token, unless it was shut out."""
        with self._store.reading() as connection:
            row = connection.execute(
                select(stations).where(
                    stations.c.token_hash == _token_hash(token), stations.c.revoked_at.is_(None)
                )
            ).one_or_none()
        return None if row is None else _station(row)

    def seen(self, station: Station, health: Mapping[str, Any] | None = None) -> None:
        """The station was in contact, and said how it is."""
        now = self._store.clock()
        changed = health is not None and dict(health) != dict(station.health)
        if not changed and station.last_seen_at and now - station.last_seen_at < _TOUCH:
            return
        values: dict[str, Any] = {"last_seen_at": now}
        if health is not None:
            values["health"] = dict(health)
        with self._store.writing() as connection:
            connection.execute(update(stations).where(stations.c.id == station.id).values(**values))

    def all(self) -> list[Station]:
        """Every station, those shut out last, by name."""
        with self._store.reading() as connection:
            found = [_station(row) for row in connection.execute(select(stations))]
        return sorted(found, key=lambda s: (s.revoked_at is not None, s.name.casefold(), s.id))

    def behind(self) -> list[Station]:
        """The stations that may have something which is not here yet: they said so when they were
        last in touch, or that was a while ago."""
        now = self._store.clock()
        return [
            one
            for one in self.all()
            if one.revoked_at is None
            and (
                one.health.get("waiting")
                or one.last_seen_at is None
                or now - one.last_seen_at > _IN_TOUCH
            )
        ]

    def revoke(self, station_id: str) -> Station:
        """Shut a station out; what it sent stays. Raises ClinicError if there is no such one."""
        with self._store.writing() as connection:
            row = connection.execute(
                select(stations).where(stations.c.id == station_id)
            ).one_or_none()
            if row is None:
                raise ClinicError("there is no such station")
            if row.revoked_at is None:
                connection.execute(
                    update(stations)
                    .where(stations.c.id == station_id)
                    .values(revoked_at=self._store.clock())
                )
        return _station(row)


def _station(row: Row[Any]) -> Station:
    return Station(
        row.id, row.name, row.created_at, row.revoked_at, row.last_seen_at, row.health or {}
    )


def _code_hash(code: str) -> str:
    letters = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(f"pairing {letters}".encode()).hexdigest()


def _token_hash(token: str) -> str:
    return hashlib.sha256(f"station {token}".encode()).hexdigest()
