"""Signing in and out."""

from math import ceil

from starlette.responses import Response

from game.clinic import guards
from game.clinic.audit_trail import note
from game.clinic.security.roles import STAFF
from game.clinic.visit import Visit


def start(visit: Visit) -> Response:
    """To where the visitor belongs."""
    if visit.session is None:
        return visit.go("/board" if visit.clinic.serving.open_board else "/sign-in")
    return visit.go("/patients" if visit.account.role in STAFF else "/board")


def page(visit: Visit) -> Response:
    """The form."""
    return _form(visit, "", 200)


def sign_in(visit: Visit) -> Response:
    """Name and passphrase: a session if they are right, else how long to wait."""
    clinic = visit.clinic
    wait = clinic.addresses.wait(visit.browser.address)
    if wait.total_seconds() > 0:
        return _wait(visit, wait.total_seconds())
    name, passphrase = visit.field("name", 200), visit.form.get("passphrase", "")
    answer = clinic.accounts.sign_in(name, passphrase if isinstance(passphrase, str) else "")
    if answer.account is None:
        clinic.addresses.failed(visit.browser.address)
        # Also for the last part of a second: nothing was verified, so nothing is said of it.
        if answer.wait.total_seconds() > 0:
            return _wait(visit, answer.wait.total_seconds())
        return _form(visit, visit.words.tr("That name and passphrase do not belong together."), 400)
    clinic.addresses.succeeded(visit.browser.address)
    if visit.session is not None:
        clinic.sessions.end(visit.session)
    token = clinic.sessions.begin(answer.account, visit.browser)
    note(clinic, answer.account.name, "sign in", "the clinic's pages")
    staff = answer.account.role in STAFF
    response = visit.go("/patients" if staff else "/board")
    name = guards.cookie_name(visit.request)
    # Staff sign in anew each day; a display stays signed in through power cuts.
    guards.set_cookie(response, visit.request, name, token, 0 if staff else 30)
    return response


def sign_out(visit: Visit) -> Response:
    """End the session, here and at the server."""
    assert visit.session is not None
    visit.clinic.sessions.end(visit.session)
    note(visit.clinic, visit.account.name, "sign out", "the clinic's pages")
    response = visit.go("/sign-in", "signed-out")
    response.delete_cookie(
        guards.cookie_name(visit.request),
        secure=visit.request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


def _wait(visit: Visit, seconds: float) -> Response:
    sentence = visit.words.plural(
        "Too many wrong passphrases: try again in {n} second.",
        "Too many wrong passphrases: try again in {n} seconds.",
        ceil(seconds),
    )
    response = _form(visit, sentence, 429)
    response.headers["Retry-After"] = str(ceil(seconds))
    return response


def _form(visit: Visit, sentence: str, status: int) -> Response:
    cookie = guards.visitor_cookie(visit.request)
    visitor = visit.request.cookies.get(cookie, "")
    new = ""
    if visit.session is None and not visitor:
        new = guards.new_visitor()
        visit.csrf = guards.csrf_of(None, new)
    response = visit.show(
        "sign-in.html",
        status=status,
        sentence=sentence,
        nobody=not visit.clinic.accounts.exist(),
    )
    if new:
        guards.set_cookie(response, visit.request, cookie, new, 0)
    return response
