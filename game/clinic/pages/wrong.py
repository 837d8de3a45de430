"""Refusals as a page."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from game.clinic import guards
from game.clinic.security.errors import RefusedError
from game.clinic.services import Clinic
from game.clinic.visit import Visit, page_text


def refused_page(clinic: Clinic, request: Request, error: RefusedError) -> Response:
    """What was refused, in one sentence, and the way back. Nothing of the session is on it."""
    visit = Visit(clinic, request, guards.words_of(request), guards.browser_of(request))
    text = page_text("refused.html", visit, {"sentence": visit.words.tr(error.sentence)})
    return HTMLResponse(text, status_code=error.status)
