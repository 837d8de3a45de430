"""One request as a page sees it, and how a page answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from game.clinic.security.accounts import Account
from game.clinic.security.errors import RefusedError
from game.clinic.security.roles import ROLE_NAMES, Role
from game.clinic.security.web_sessions import Browser, WebSession
from game.clinic.services import Clinic
from game.clinic.stations import Station
from game.core.say import Say, mark
from game.words import Words

#: A field of a form is at most this long, in letters.
MOST_LETTERS = 20_000

#: What a page says after something was done: the code in the address, and the words for it.
DONE = {
    "saved": mark("Saved."),
    "added": mark("Added."),
    "revoked": mark("The station is shut out."),
    "disabled": mark("The account is shut."),
    "enabled": mark("The account is open again."),
    "hidden": mark("The song is hidden."),
    "shown": mark("The song is offered again."),
    "chosen": mark("That is the song of the week now."),
    "signed-out": mark("You are signed out."),
    "erased": mark("The patient was erased."),
}


@dataclass
class Visit:
    """A request that passed the guards.

    ``session`` is that of a signed-in browser, ``station`` that of a station's request; ``form``
    holds the fields and at most one upload of a POST, ``body`` a station's bytes. ``csrf`` is the
    token that forms on the answer have to carry.
    """

    clinic: Clinic
    request: Request
    words: Words
    browser: Browser
    session: WebSession | None = None
    station: Station | None = None
    csrf: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    body: bytes = b""

    @property
    def account(self) -> Account:
        """Who is signed in; only for pages that ask for a role."""
        assert self.session is not None
        return self.session.account

    def field(self, name: str, most: int = MOST_LETTERS) -> str:
        """The field ``name`` of the form, stripped; empty if it was not sent."""
        value = self.form.get(name, "")
        text = value.strip() if isinstance(value, str) else ""
        if len(text) > most:
            raise RefusedError(
                400, Say("The field “{name}” is longer than {most} letters.", name=name, most=most)
            )
        if "\0" in text:
            raise RefusedError(
                400, Say("The field “{name}” holds characters that are no text.", name=name)
            )
        return text

    def fields(self, name: str) -> list[str]:
        """Every value of a field that may come more than once (check boxes)."""
        values = self.form.getlist(name) if hasattr(self.form, "getlist") else []
        return [v for v in values if isinstance(v, str)]

    def upload(self, name: str) -> UploadFile:
        """The file of the form. Raises RefusedError if none was chosen."""
        value = self.form.get(name)
        if not isinstance(value, UploadFile) or not value.filename:
            raise RefusedError(400, mark("No file was chosen."))
        return value

    def path(self, name: str) -> str:
        """A piece of the path, such as an identifier."""
        return str(self.request.path_params[name])

    def show(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """The page made of ``template`` in the visitor's language."""
        return HTMLResponse(page_text(template, self, values), status_code=status)

    def go(self, path: str, done: str = "") -> Response:
        """On to another page, which says what was done (a key of ``DONE``)."""
        return RedirectResponse(f"{path}?done={done}" if done else path, status_code=303)


def page_text(template: str, visit: Visit, values: Mapping[str, Any]) -> str:
    """The text of ``template``. Whatever is put into it is escaped."""
    words = visit.words
    account = visit.session.account if visit.session else None
    done = DONE.get(visit.request.query_params.get("done", ""), "")
    return (
        environment()
        .get_template(template)
        .render(
            tr=words.tr,
            plural=words.plural,
            number=words.number,
            decimal=words.decimal,
            percent=words.percent,
            language=words.language,
            account=account,
            role_name=words.tr(ROLE_NAMES[account.role]) if account else "",
            staff=account is not None and account.role in (Role.THERAPIST, Role.ADMINISTRATOR),
            administrator=account is not None and account.role is Role.ADMINISTRATOR,
            csrf=visit.csrf,
            csrf_field=Markup('<input type="hidden" name="csrf" value="{}">').format(visit.csrf),
            done=words.tr(done) if done else "",
            path=visit.request.url.path,
            **values,
        )
    )


@cache
def environment() -> Environment:
    """The templates. Escaping is always on, and a name that is not there is an error."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
