"""The guards in front of every page, in order: transport, who it is, where it came from, its form.

Denied by default: a page is answered only if its entry in the table lets this visitor in.
"""

import hashlib
import secrets
from typing import Any

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from game.clinic.routes_types import Open, Page
from game.clinic.security.errors import RefusedError
from game.clinic.security.transport import from_this_site, safe_enough
from game.clinic.security.web_sessions import Browser, WebSession, same
from game.clinic.services import Clinic
from game.clinic.visit import Visit
from game.core.say import mark
from game.words import Words, best_language

_SAFE = frozenset({"GET", "HEAD"})
_MOST_FIELDS = 300
_MOST_FIELD_BYTES = 64_000


async def admitted(clinic: Clinic, page: Page, request: Request) -> Visit | Response:
    """The visit if the visitor may take this page; an answer that leads elsewhere otherwise.

    Raises RefusedError.
    """
    plain_board = page.plain and (page.who is not Open.BOARD or clinic.serving.open_board)
    if not plain_board and not _safe(request):
        raise RefusedError(
            403,
            mark(
                "This page is not shown over a connection that others can read: open it with https."
            ),
        )
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > page.most_bytes:
        raise RefusedError(413, mark("That is too large to be taken in here."))
    visit = Visit(clinic, request, words_of(request), browser_of(request))
    if page.who is Open.PAIRING or page.who is Open.STATION:
        return await _station(visit, page)
    token = request.cookies.get(cookie_name(request), "")
    if token:
        visit.session = await run_sync(clinic.sessions.find, token, visit.browser)
    visit.csrf = csrf_of(visit.session, request.cookies.get(visitor_cookie(request), ""))
    unsafe = request.method not in _SAFE
    denied = _denied(clinic, page, visit.session)
    if denied is not None:
        if denied == 401 and not unsafe and page.name != "board-events":
            return RedirectResponse("/sign-in", status_code=303)
        raise RefusedError(
            denied,
            mark("Sign in first.") if denied == 401 else mark("Your account may not do this."),
        )
    if unsafe:
        if not from_this_site(request.url.scheme, request.headers.get("host", ""), request.headers):
            raise RefusedError(403, mark("That was not sent by a page of this server."))
        visit.form = await _form(request)
        sent = visit.form.get("csrf", "")
        if not visit.csrf or not isinstance(sent, str) or not same(sent, visit.csrf):
            raise RefusedError(403, mark("That form is out of date: open the page again."))
    return visit


def _safe(request: Request) -> bool:
    client = request.client.host if request.client else ""
    return safe_enough(request.url.scheme, client, request.headers.get("host", ""))


def _denied(clinic: Clinic, page: Page, session: WebSession | None) -> int | None:
    """None if the page may be answered, else the status of the refusal."""
    if page.who is Open.ALL or (page.who is Open.BOARD and clinic.serving.open_board):
        return None
    if session is None:
        return 401
    if page.who is Open.BOARD:
        return None  # every role may see the board
    if isinstance(page.who, frozenset) and session.account.role in page.who:
        return None
    return 403


async def _station(visit: Visit, page: Page) -> Visit:
    """A station says who it is with every request; a browser cannot send that header by itself."""
    if page.who is Open.STATION:
        scheme, _, token = visit.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            visit.station = await run_sync(visit.clinic.stations.find, token)
        if visit.station is None:
            raise RefusedError(401, "This station is not paired, or was shut out.")
    visit.body = await visit.request.body()
    return visit


async def _form(request: Request) -> Any:
    try:
        return await request.form(
            max_files=1, max_fields=_MOST_FIELDS, max_part_size=_MOST_FIELD_BYTES
        )
    except HTTPException as error:
        raise RefusedError(400, mark("That form cannot be read.")) from error


def browser_of(request: Request) -> Browser:
    """Where the request comes from."""
    address = request.client.host if request.client else ""
    return Browser(address, request.headers.get("user-agent", "")[:400])


def words_of(request: Request) -> Words:
    """Words in the first language that the browser asks for and we have."""
    asked = request.headers.get("accept-language", "")[:200]
    return Words(best_language(tag.partition(";")[0].strip() for tag in asked.split(",")))


def cookie_name(request: Request) -> str:
    """The cookie of the session; with TLS its name alone keeps other paths and names away."""
    return "__Host-griptune" if request.url.scheme == "https" else "griptune"


def visitor_cookie(request: Request) -> str:
    """The cookie of somebody who is not signed in yet: it guards the form for signing in."""
    return "__Host-griptune-visitor" if request.url.scheme == "https" else "griptune-visitor"


def csrf_of(session: WebSession | None, visitor: str) -> str:
    """The token that a form has to carry; empty for a visitor without a cookie."""
    if session is not None:
        return session.csrf
    return hashlib.sha256(f"sign in {visitor}".encode()).hexdigest() if visitor else ""


def new_visitor() -> str:
    """The value of a visitor's cookie."""
    return secrets.token_urlsafe(24)


def set_cookie(response: Response, request: Request, name: str, value: str, days: int) -> None:
    """Put a cookie that scripts cannot read and that other sites' requests do not bring along.

    ``days`` 0 is until the browser is closed.
    """
    response.set_cookie(
        name,
        value,
        max_age=days * 86_400 or None,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
