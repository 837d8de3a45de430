"""Visitors of the clinic's pages, within this process: the real application, no network.

A visitor is a browser: it keeps cookies, says where its forms come from, and follows redirects.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from game.clinic.app import application
from game.clinic.security.passphrases import Cost
from game.clinic.security.web_sessions import Browser
from game.clinic.services import Clinic, Serving
from game.records.store import FILE_NAME, Store
from tests.records.examples import NOON

#: What a guess costs in tests: nothing.
CHEAP = Cost(log2_n=4, r=8, p=1)
PASSPHRASE = "four words are easy"
HTTPS = "https://clinic.test"


class Clock:
    """The present, as a test wants it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at.astimezone(UTC)

    def go_on(self, **delta: float) -> None:
        self.at += timedelta(**delta)


class Visitor:
    """A browser at ``base``, coming from ``address``."""

    def __init__(
        self,
        portal: BlockingPortal,
        clinic: Clinic,
        base: str = HTTPS,
        address: str = "192.168.1.20",
        agent: str = "Test/1.0",
        language: str = "en",
    ) -> None:
        self.portal = portal
        self.clinic = clinic
        self.base = base
        self.address = address
        self.agent = agent
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(application(clinic), client=(address, 50_000)),
            base_url=base,
            headers={"user-agent": agent, "accept-language": language},
        )
        self.csrf = ""

    def get(self, path: str, **other: Any) -> httpx.Response:
        return self._ask("GET", path, **other)

    def post(
        self,
        path: str,
        fields: dict[str, Any] | None = None,
        *,
        csrf: str | None = None,
        origin: str | None = None,
        **other: Any,
    ) -> httpx.Response:
        """A form, as one of our own pages sends it, unless told otherwise."""
        headers = {"origin": self.base if origin is None else origin, **other.pop("headers", {})}
        headers = {name: value for name, value in headers.items() if value != "none"}
        data = {"csrf": self.csrf if csrf is None else csrf, **(fields or {})}
        return self._ask("POST", path, data=data, headers=headers, **other)

    def _ask(self, method: str, path: str, **other: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            return await self.client.request(method, path, **other)

        response: httpx.Response = self.portal.call(ask)
        found = re.search(r'name="csrf" value="([^"]+)"', response.text)
        if found and response.headers.get("content-type", "").startswith("text/html"):
            self.csrf = found.group(1)
        return response

    def sign_in(self, name: str, passphrase: str = PASSPHRASE) -> httpx.Response:
        self.get("/sign-in")
        answer = self.post("/sign-in", {"name": name, "passphrase": passphrase})
        if answer.status_code == 303:
            self.get("/account")  # its form carries the session's token
        return answer

    @property
    def token(self) -> str:
        """The secret in the session's cookie."""
        return next(c.value or "" for c in self.client.cookies.jar if c.name.endswith("griptune"))

    @property
    def browser(self) -> Browser:
        return Browser(self.address, self.agent)


class House:
    """A clinic with its visitors."""

    def __init__(self, portal: BlockingPortal, clinic: Clinic, clock: Clock) -> None:
        self.portal = portal
        self.clinic = clinic
        self.clock = clock
        self.store = clinic.store

    def visitor(self, **other: Any) -> Visitor:
        return Visitor(self.portal, self.clinic, **other)

    def signed_in(self, role: str, **other: Any) -> Visitor:
        """A visitor who signed in as the account of ``role``, made if need be."""
        name = role.capitalize()
        if name not in {a.name for a in self.clinic.accounts.all()}:
            self.clinic.accounts.add(name, role, PASSPHRASE)
        visitor = self.visitor(**other)
        assert visitor.sign_in(name).status_code == 303
        return visitor


@cache
def _empty_records() -> bytes:
    """A records file with nothing in it: made once, because migrations take a while."""
    with TemporaryDirectory() as folder:
        Store.open(Path(folder)).close()
        return (Path(folder) / FILE_NAME).read_bytes()


def new_records(folder: Path) -> Path:
    """A data folder with empty records."""
    folder.mkdir(parents=True)
    (folder / FILE_NAME).write_bytes(_empty_records())
    return folder


@contextmanager
def open_house(
    folder: Path, *, url: str | None = None, open_board: bool = False
) -> Iterator[House]:
    """A clinic over new records in ``folder``."""
    clock = Clock()
    if url is None:
        new_records(folder)
    with Store.open(folder, clock=clock, url=url) as store, start_blocking_portal() as portal:
        serving = Serving(url=HTTPS, open_board=open_board)
        clinic = Clinic.of(store, serving, cost=CHEAP, here=lambda: clock.at)
        yield House(portal, clinic, clock)
