"""The ASGI application: every path of the table behind its guards."""

import inspect
import logging
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from game.clinic.guards import admitted
from game.clinic.pages.wrong import refused_page
from game.clinic.routes import PAGES
from game.clinic.routes_types import Open, Page
from game.clinic.security.errors import RefusedError
from game.clinic.security.headers import ALWAYS
from game.clinic.services import Clinic
from game.core.say import mark
from game.records.errors import RecordsError

#: One line for each request: the name of the page, never its path, so that no identifier and
#: nothing that was typed can get into a log.
log = logging.getLogger("griptune.clinic")


def application(clinic: Clinic) -> Starlette:
    """The server's application over ``clinic``."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with clinic.hub.running():
            yield

    by_path: dict[str, list[Page]] = {}
    for page in PAGES:
        by_path.setdefault(page.path, []).append(page)
    routes = [
        Route(path, _Endpoint(clinic, pages), methods=[p.method for p in pages])
        for path, pages in by_path.items()
    ]
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={HTTPException: _not_there, Exception: _fault},
    )
    app.add_middleware(_Headers)
    return app


class _Endpoint:
    """One path: finds the page for the method and answers it behind the guards."""

    def __init__(self, clinic: Clinic, pages: list[Page]) -> None:
        self._clinic = clinic
        self._pages = {page.method: page for page in pages}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = self._pages["GET" if scope["method"] == "HEAD" else scope["method"]]
        began = time.perf_counter()
        response = await self._answer(page, scope, _bounded(receive, page.most_bytes))
        log.info(
            "%s %s %d %.0f ms",
            page.method,
            page.name,
            response.status_code,
            (time.perf_counter() - began) * 1000,
        )
        await response(scope, receive, send)

    async def _answer(self, page: Page, scope: Scope, receive: Receive) -> Response:
        request = Request(scope, receive)
        json = isinstance(page.who, Open) and page.who in (Open.STATION, Open.PAIRING)
        try:
            visit = await admitted(self._clinic, page, request)
            if isinstance(visit, Response):
                return visit
            if inspect.iscoroutinefunction(page.answer):
                return await page.answer(visit)
            answer: Any = page.answer
            return await run_sync(answer, visit)
        except RefusedError as error:
            return _refusal(self._clinic, request, error, json)
        except RecordsError as error:
            return _refusal(self._clinic, request, RefusedError(400, _sentence(error)), json)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as error:
            _tell(page.name, error)
            wrong = RefusedError(
                500, mark("Something went wrong here; nothing was lost. Try again.")
            )
            return _refusal(self._clinic, request, wrong, json)
        finally:
            await request.close()


def _refusal(clinic: Clinic, request: Request, error: RefusedError, json: bool) -> Response:
    response: Response
    if json:
        response = JSONResponse({"error": error.sentence}, status_code=error.status)
    else:
        response = refused_page(clinic, request, error)
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _tell(name: str, error: BaseException) -> None:
    """A fault of ours into the log: its kind and where, without what it says, which may name a
    patient or hold what was typed."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s: %s\n%s", name, type(error).__name__, where)


async def _not_there(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    words = {404: "There is no such page.", 405: "That cannot be done here."}
    return PlainTextResponse(words.get(status, "That did not work."), status_code=status)


async def _fault(request: Request, error: Exception) -> Response:
    return PlainTextResponse("Something went wrong here.", status_code=500)


def _bounded(receive: Receive, most: int) -> Receive:
    """``receive`` that refuses a body of more than ``most`` bytes as soon as it is known."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise RefusedError(413, mark("That is too large to be taken in here."))
        return message

    return counted


class _Headers:
    """Every answer carries the headers of ``security/headers.py``, unless it set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.lower().encode(), value.encode())
                        for name, value in ALWAYS.items()
                        if name.lower().encode() not in present
                    ),
                ]
            await send(message)

        await self._app(scope, receive, with_headers)
