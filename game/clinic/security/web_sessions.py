"""Sessions of signed-in browsers, kept at the server: a cookie holds a token and nothing else.

Only a hash of the token is kept, made together with what the browser says it is and, for staff,
with the address it comes from: a token that was carried off to another machine opens nothing.
A display keeps its session when its address changes: it hangs on a wall and can do nothing.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from game.clinic.security.accounts import Account, account_of
from game.clinic.security.roles import STAFF, Role
from game.records.schema_clinic import accounts, web_sessions
from game.records.store import Store

#: So long nobody touched the page, or so long after signing in: then sign in again.
STAFF_IDLE, STAFF_LONGEST = timedelta(minutes=30), timedelta(hours=12)
OTHER_IDLE, OTHER_LONGEST = timedelta(days=30), timedelta(days=365)

#: The last use is written at most this often.
_TOUCH = timedelta(minutes=1)


@dataclass(frozen=True)
class Browser:
    """Where a request comes from: its address, and what the browser calls itself."""

    address: str
    agent: str


@dataclass(frozen=True)
class WebSession:
    """A signed-in browser. ``csrf`` is the token that its forms have to bring back."""

    account: Account
    token_hash: str
    csrf: str


class WebSessions:
    """The open sessions. Every method is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, account: Account, browser: Browser) -> str:
        """Open a session; returns the token for the cookie, which is kept nowhere."""
        token = secrets.token_urlsafe(32)
        now = self._store.clock()
        with self._store.writing() as connection:
            connection.execute(
                delete(web_sessions).where(web_sessions.c.last_seen_at < now - OTHER_IDLE)
            )
            connection.execute(
                insert(web_sessions),
                {
                    "token_hash": _hash(token, browser, account.role),
                    "account_id": account.id,
                    "created_at": now,
                    "last_seen_at": now,
                    "csrf": secrets.token_urlsafe(32),
                },
            )
        return token

    def find(self, token: str, browser: Browser) -> WebSession | None:
        """The open session of this token in this browser; None if there is none."""
        if not 20 <= len(token) <= 100:
            return None
        possible = {_hash(token, browser, role): role for role in (Role.THERAPIST, Role.DISPLAY)}
        now = self._store.clock()
        with self._store.reading() as connection:
            row = connection.execute(
                select(
                    accounts,
                    web_sessions.c.token_hash,
                    web_sessions.c.csrf,
                    web_sessions.c.created_at.label("begun_at"),
                    web_sessions.c.last_seen_at,
                )
                .join(accounts, accounts.c.id == web_sessions.c.account_id)
                .where(web_sessions.c.token_hash.in_(possible), accounts.c.disabled_at.is_(None))
            ).first()
        if row is None:
            return None
        account = account_of(row)
        # A hash without the address is good for those who are not staff, and for nobody else.
        if (possible[row.token_hash] in STAFF) != (account.role in STAFF):
            return None
        idle, longest = (
            (STAFF_IDLE, STAFF_LONGEST) if account.role in STAFF else (OTHER_IDLE, OTHER_LONGEST)
        )
        if now - row.last_seen_at > idle or now - row.begun_at > longest:
            self._end(row.token_hash)
            return None
        if now - row.last_seen_at > _TOUCH:
            with self._store.writing() as connection:
                connection.execute(
                    update(web_sessions)
                    .where(web_sessions.c.token_hash == row.token_hash)
                    .values(last_seen_at=now)
                )
        return WebSession(account, row.token_hash, row.csrf)

    def end(self, session: WebSession) -> None:
        """Sign out."""
        self._end(session.token_hash)

    def is_open(self, session: WebSession) -> bool:
        """Whether a session found before was not ended meanwhile."""
        with self._store.reading() as connection:
            return (
                connection.execute(
                    select(web_sessions.c.token_hash)
                    .join(accounts, accounts.c.id == web_sessions.c.account_id)
                    .where(
                        web_sessions.c.token_hash == session.token_hash,
                        accounts.c.disabled_at.is_(None),
                    )
                ).first()
                is not None
            )

    def _end(self, token_hash: str) -> None:
        with self._store.writing() as connection:
            connection.execute(delete(web_sessions).where(web_sessions.c.token_hash == token_hash))


def same(one: str, other: str) -> bool:
    """Whether two tokens are the same, in a time that does not tell how far they are."""
    return hmac.compare_digest(one.encode(), other.encode())


def _hash(token: str, browser: Browser, role: Role) -> str:
    where = browser.address if role in STAFF else ""
    return hashlib.sha256("\0".join((token, browser.agent, where)).encode()).hexdigest()
