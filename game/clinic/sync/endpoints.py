"""What stations ask of the server. Every answer is JSON."""

import json
from typing import Any

from starlette.responses import JSONResponse, Response

from game.clinic.audit_trail import note
from game.clinic.security.errors import RefusedError
from game.clinic.stations import Station
from game.clinic.sync import forms, intake, offers
from game.clinic.visit import Visit


def pair(visit: Visit) -> Response:
    """A one-time code for a token."""
    wait = visit.clinic.addresses.wait(visit.browser.address).total_seconds()
    if wait > 0:
        raise RefusedError(429, "Too many wrong codes: try again later.", round(wait) + 1)
    code = _text(_document(visit), "code", 60)
    visit.clinic.addresses.failed(visit.browser.address)
    station, token = visit.clinic.stations.pair(code)
    visit.clinic.addresses.succeeded(visit.browser.address)
    note(visit.clinic, f"station {station.name}", "edit", f"station {station.id} paired")
    return JSONResponse({"station": station.id, "name": station.name, "token": token})


def facts(visit: Visit) -> Response:
    """Facts of a station: each is answered with what became of it, after it was committed."""
    station = _station(visit)
    document = _document(visit)
    try:
        answers = intake.take_in(visit.clinic.store, station, document)
    except forms.FormError as error:
        raise RefusedError(400, str(error)) from error
    health = document.get("health")
    visit.clinic.stations.seen(station, _health(health))
    if any(answer["outcome"] == forms.KEPT for answer in answers) or document.get("erased"):
        visit.clinic.hub.poke()
    return JSONResponse({"answers": answers})


def manifest(visit: Visit) -> Response:
    """What a station may pull, by digest; nothing if it is what the station had last."""
    visit.clinic.stations.seen(_station(visit))
    document = offers.manifest(visit.clinic.store)
    tag = f'"{forms.digest_of(document)}"'
    if visit.request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return JSONResponse(document, headers={"ETag": tag})


def fetch(visit: Visit) -> Response:
    """Rows that a station asks for by name."""
    _station(visit)
    try:
        return JSONResponse(offers.fetch(visit.clinic.store, _document(visit)))
    except forms.FormError as error:
        raise RefusedError(400, str(error)) from error


def boards(visit: Visit) -> Response:
    """The clinic's boards, with the neighbours of the patient who plays at the station."""
    _station(visit)
    me = _document(visit).get("me")
    try:
        my_id = None if me is None else forms.identifier(me)
    except forms.FormError as error:
        raise RefusedError(400, str(error)) from error
    return JSONResponse(offers.boards(visit.clinic, my_id))


def _station(visit: Visit) -> Station:
    assert visit.station is not None
    return visit.station


def _document(visit: Visit) -> dict[str, Any]:
    try:
        document = json.loads(visit.body)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "That is not JSON.") from error
    if not isinstance(document, dict):
        raise RefusedError(400, "A table of names and values was expected.")
    return document


def _text(document: dict[str, Any], name: str, most: int) -> str:
    try:
        return forms.text(document, name, most)
    except forms.FormError as error:
        raise RefusedError(400, str(error)) from error


def _health(said: Any) -> dict[str, Any] | None:
    """What a station says of itself, held to a few short values."""
    if not isinstance(said, dict):
        return None
    kept: dict[str, Any] = {}
    for name in ("waiting", "glove", "glove_faults", "version"):
        value = said.get(name)
        if isinstance(value, str):
            kept[name] = "".join(c for c in value if c.isprintable())[:120]
        elif isinstance(value, int) and not isinstance(value, bool):
            kept[name] = min(max(value, 0), 10**9)
    return kept
