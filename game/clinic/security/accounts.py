"""Accounts: names, roles and kept passphrases; and signing in, with its growing delays."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from game.clinic.security.delays import wait_after
from game.clinic.security.errors import ClinicError
from game.clinic.security.passphrases import (
    USUAL_COST,
    Cost,
    checked_passphrase,
    is_passphrase,
    kept_passphrase,
    nobodys,
)
from game.clinic.security.roles import Role, read_role
from game.records.identifiers import new_identifier
from game.records.schema_clinic import accounts, login_attempts, web_sessions
from game.records.store import Store

MOST_LETTERS_IN_A_NAME = 64

#: So many names that failed are remembered; guessers can make up any number of them.
_MOST_ATTEMPTS = 10_000
_FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Account:
    """Somebody, or a display, that may sign in."""

    id: str
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True)
class SignedIn:
    """The answer to a name and passphrase: the account, or None and how long to wait."""

    account: Account | None
    wait: timedelta = timedelta(0)


def name_key(name: str) -> str:
    """``name`` as it is compared: capitals and small letters are the same."""
    return unicodedata.normalize("NFKC", name.strip()).casefold()


def checked_name(text: str) -> str:
    """``text`` as an account's name. Raises ClinicError if it is empty, too long or unprintable."""
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not 1 <= len(name) <= MOST_LETTERS_IN_A_NAME or not name.isprintable():
        raise ClinicError(
            f"an account's name is 1 to {MOST_LETTERS_IN_A_NAME} printable characters"
        )
    return name


class Accounts:
    """The accounts of one clinic. Every method is one transaction and may be called anywhere.

    ``cost`` is what a passphrase costs to verify; tests take a cheap one.
    """

    def __init__(self, store: Store, cost: Cost = USUAL_COST) -> None:
        self._store = store
        self._cost = cost
        self._nobodys = nobodys(cost)

    @property
    def _now(self) -> Callable[[], datetime]:
        return self._store.clock

    def add(self, name: str, role: str, passphrase: str) -> Account:
        """A new account. Raises ClinicError if the name is taken or anything cannot be."""
        name = checked_name(name)
        kept = self._kept(passphrase, name)
        try:
            chosen = read_role(role)
        except ValueError as error:
            raise ClinicError(str(error)) from error
        now = self._now()
        with self._store.writing() as connection:
            if _named(connection, name) is not None:
                raise ClinicError(f"there is already an account “{name}”")
            made = Account(new_identifier(now), name, chosen, now, None)
            connection.execute(
                insert(accounts),
                {
                    "id": made.id,
                    "name": name,
                    "name_key": name_key(name),
                    "role": chosen.value,
                    "passphrase_scrypt": kept,
                    "created_at": now,
                    "disabled_at": None,
                },
            )
        return made

    def all(self) -> list[Account]:
        """Every account, by name."""
        with self._store.reading() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.name_key))
            return [account_of(row) for row in rows]

    def exist(self) -> bool:
        """Whether anybody can sign in at all."""
        with self._store.reading() as connection:
            return connection.execute(select(accounts.c.id).limit(1)).first() is not None

    def set_passphrase(self, account_id: str, passphrase: str) -> Account:
        """A new passphrase; every session of the account ends."""
        with self._store.writing() as connection:
            account = _one(connection, account_id)
            kept = self._kept(passphrase, account.name)
            _change(connection, account_id, passphrase_scrypt=kept)
            connection.execute(
                delete(login_attempts).where(login_attempts.c.name_key == name_key(account.name))
            )
        return account

    def set_disabled(self, account_id: str, disabled: bool) -> Account:
        """Shut an account, and end its sessions, or open it again.

        Raises ClinicError for the last administrator: nobody could open it again.
        """
        with self._store.writing() as connection:
            account = _one(connection, account_id)
            if disabled and account.role is Role.ADMINISTRATOR:
                others = connection.execute(
                    select(func.count()).where(
                        accounts.c.role == Role.ADMINISTRATOR.value,
                        accounts.c.disabled_at.is_(None),
                        accounts.c.id != account_id,
                    )
                ).scalar_one()
                if not others:
                    raise ClinicError("the last administrator cannot be shut out")
            _change(connection, account_id, disabled_at=self._now() if disabled else None)
            return _one(connection, account_id)

    def sign_in(self, name: str, passphrase: str) -> SignedIn:
        """Whether ``passphrase`` is that of the account called ``name``.

        While the name has to wait nothing is verified, right or wrong: otherwise a guesser who
        does not wait would still learn something.
        """
        key = name_key(name)[:MOST_LETTERS_IN_A_NAME]
        now = self._now()
        with self._store.reading() as connection:
            attempt = connection.execute(
                select(login_attempts).where(login_attempts.c.name_key == key)
            ).one_or_none()
            row = connection.execute(
                select(accounts).where(accounts.c.name_key == key, accounts.c.disabled_at.is_(None))
            ).one_or_none()
        if attempt is not None and attempt.next_at > now:
            return SignedIn(None, attempt.next_at - now)
        right = is_passphrase(passphrase, self._nobodys if row is None else row.passphrase_scrypt)
        with self._store.writing() as connection:
            if right and row is not None:
                connection.execute(delete(login_attempts).where(login_attempts.c.name_key == key))
                return SignedIn(account_of(row))
            return SignedIn(None, _note_failure(connection, key, now))

    def _kept(self, passphrase: str, name: str) -> str:
        try:
            return kept_passphrase(checked_passphrase(passphrase, name), self._cost)
        except ValueError as error:
            raise ClinicError(str(error)) from error


def account_of(row: Row[Any]) -> Account:
    """The account in a row of ``accounts``."""
    return Account(row.id, row.name, Role(row.role), row.created_at, row.disabled_at)


def _named(connection: Connection, name: str) -> Account | None:
    row = connection.execute(
        select(accounts).where(accounts.c.name_key == name_key(name))
    ).one_or_none()
    return None if row is None else account_of(row)


def _one(connection: Connection, account_id: str) -> Account:
    row = connection.execute(select(accounts).where(accounts.c.id == account_id)).one_or_none()
    if row is None:
        raise ClinicError("there is no such account")
    return account_of(row)


def _change(connection: Connection, account_id: str, **values: Any) -> None:
    connection.execute(update(accounts).where(accounts.c.id == account_id).values(**values))
    connection.execute(delete(web_sessions).where(web_sessions.c.account_id == account_id))


def _note_failure(connection: Connection, key: str, now: datetime) -> timedelta:
    # Read again under the lock: of many guesses at once each one counts.
    before = connection.execute(
        select(login_attempts.c.failures).where(login_attempts.c.name_key == key)
    ).scalar_one_or_none()
    failures = (before or 0) + 1
    wait = wait_after(failures)
    connection.execute(delete(login_attempts).where(login_attempts.c.name_key == key))
    connection.execute(
        delete(login_attempts).where(login_attempts.c.next_at < now - _FORGOTTEN_AFTER)
    )
    count = connection.execute(select(func.count()).select_from(login_attempts)).scalar_one()
    if count >= _MOST_ATTEMPTS:
        oldest = select(login_attempts.c.name_key).order_by(login_attempts.c.next_at).limit(100)
        connection.execute(delete(login_attempts).where(login_attempts.c.name_key.in_(oldest)))
    connection.execute(
        insert(login_attempts), {"name_key": key, "failures": failures, "next_at": now + wait}
    )
    return wait
