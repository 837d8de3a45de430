"""Stations: their last contact, how their gloves are, pairing and shutting out."""

from starlette.responses import Response

from game.clinic.audit_trail import note
from game.clinic.visit import Visit


def page(visit: Visit) -> Response:
    """Every station."""
    return _show(visit, "", "")


def add(visit: Visit) -> Response:
    """A one-time code for a new station; it is shown once and kept nowhere."""
    name = visit.field("name", 200)
    code = visit.clinic.stations.invite(name)
    note(visit.clinic, visit.account.name, "edit", "a pairing code was made")
    return _show(visit, code, name)


def revoke(visit: Visit) -> Response:
    """Shut a station out."""
    station = visit.clinic.stations.revoke(visit.path("id"))
    note(visit.clinic, visit.account.name, "edit", f"station {station.id} shut out")
    return visit.go("/stations", "revoked")


def _show(visit: Visit, code: str, name: str) -> Response:
    serving = visit.clinic.serving
    pinned = f" --fingerprint {serving.fingerprint}" if serving.fingerprint else ""
    command = f"griptune clinic pair {serving.url} {code}{pinned}" if code else ""
    return visit.show(
        "stations.html",
        stations=visit.clinic.stations.all(),
        now=visit.clinic.store.clock(),
        code=code,
        new_name=name,
        command=command,
        own_fingerprint=serving.own_fingerprint,
    )
