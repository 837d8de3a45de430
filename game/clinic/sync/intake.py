"""The server's side of a delivery: each fact is kept, known, refused, or asked for later.

A batch is one transaction, and is answered only after it was committed: a station that gets no
answer sends the same again, and what was kept is known then. A fact that cannot be kept takes
nothing else with it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from game.clinic.lately import TWO_PLANS
from game.clinic.stations import Station
from game.clinic.sync import forms
from game.records import audit
from game.records.database import empty_the_log
from game.records.erasing import erase_by_digest
from game.records.errors import RecordsError
from game.records.fact_kinds import KINDS
from game.records.facts import (
    CodeTakenError,
    ErasedError,
    content_digest,
    put_fact,
    put_present,
)
from game.records.schema import patients, plays, prescriptions
from game.records.schema_clinic import received
from game.records.schema_sessions import goals, sessions
from game.records.store import Store

#: Of two versions the later holds, so a clock that is ahead would win for good: such versions wait
#: until their time has come, or somebody sets the clock.
CLOCK_AHEAD = timedelta(minutes=10)
_VERSIONS = {"patient": "changed_at", "prescription": "created_at"}

#: What a fact may belong to. It is asked for again until that is here.
_PARENTS = {
    "patient_id": patients,
    "session_id": sessions,
    "play_id": plays,
    "goal_id": goals,
}


def take_in(store: Store, station: Station, document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Take in a batch: ``facts``, ``levels`` and ``erased``; the answers to its facts, in order.

    Raises FormError if the batch is not written as it has to be; nothing is taken then.
    """
    given = [forms.table(f) for f in forms.rows(document, "facts", forms.MOST_FACTS)]
    levels = forms.table(document.get("levels", {}))
    erased = [str(d) for d in forms.rows(document, "erased", forms.MOST_ERASED)]
    if len(levels) > forms.MOST_ASKED:
        raise forms.FormError("too many levels at once")
    answers: list[dict[str, str]] = []
    now = store.clock()
    with store.writing() as connection:
        for digest in erased:
            if erase_by_digest(connection, digest, now):
                audit.write(
                    connection, now, f"station {station.name}", "edit", "patient erased", None
                )
        for one in given:
            outcome, why = _one(connection, station, one, now)
            answers.append({"outcome": outcome, "why": why})
        for patient_id, rows in levels.items():
            _level(connection, forms.identifier(patient_id), rows)
    if erased:
        empty_the_log(store.engine)
    return answers


def _one(
    connection: Connection, station: Station, given: Mapping[str, Any], now: datetime
) -> tuple[str, str]:
    kind = forms.text(given, "kind", 40)
    fact = forms.table(given.get("fact"))
    if kind not in KINDS:
        return forms.LATER, f"this server knows no “{kind}” yet: update it"
    id = fact.get(KINDS[kind].key.name)
    try:
        digest = content_digest(fact)
    except (TypeError, ValueError, RecursionError):
        return forms.REFUSED, "it is not written as it has to be"
    if digest != given.get("digest"):
        return forms.REFUSED, "it was changed on its way"
    if (waiting := _not_yet(connection, kind, fact, now)) is not None:
        return forms.LATER, waiting
    rival = _rival(connection, kind, fact)
    try:
        new = put_fact(connection, kind, fact)
    except ErasedError:
        return forms.ERASED, ""
    except CodeTakenError as error:
        return forms.TAKEN, str(error)
    except RecordsError as error:
        return forms.REFUSED, str(error)
    if not new:
        return forms.KNOWN, ""
    connection.execute(
        insert(received),
        {
            "kind": kind,
            "id": id,
            "digest": digest,
            "station_id": station.id,
            "received_at": now,
        },
    )
    if rival:
        audit.write(
            connection,
            now,
            f"station {station.name}",
            TWO_PLANS,
            f"version {fact['version']} of a plan was written twice; the later one holds",
            str(fact["patient_id"]),
        )
    return forms.KEPT, ""


def _not_yet(
    connection: Connection, kind: str, fact: Mapping[str, Any], now: datetime
) -> str | None:
    """Why the fact cannot be taken yet; None if it can."""
    for name, table in _PARENTS.items():
        parent = fact.get(name)
        # A patient's first version brings the patient along.
        if not isinstance(parent, str) or (kind == "patient" and name == "patient_id"):
            continue
        there = connection.execute(select(table.c.id).where(table.c.id == parent)).first()
        if there is None and not _is_erased(connection, name, parent):
            return "what it belongs to is not here yet"
    time = _VERSIONS.get(kind)
    if time is not None:
        try:
            at = datetime.fromisoformat(str(fact.get(time)))
        except ValueError:
            return None  # put_fact says what is wrong with it
        if at.tzinfo is not None and at > now + CLOCK_AHEAD:
            return "it was written in the future: set the clocks of this station and the server"
    return None


def _is_erased(connection: Connection, name: str, parent: str) -> bool:
    from game.records.identifiers import tombstone
    from game.records.schema import erased

    if name != "patient_id":
        return False
    query = select(erased.c.digest).where(erased.c.digest == tombstone(parent))
    return connection.execute(query).first() is not None


def _rival(connection: Connection, kind: str, fact: Mapping[str, Any]) -> bool:
    """Whether another version of the plan was given the same number elsewhere."""
    if kind != "prescription" or not isinstance(fact.get("version"), int):
        return False
    table = prescriptions.c
    return (
        connection.execute(
            select(table.id).where(
                table.patient_id == str(fact.get("patient_id")),
                table.version == fact["version"],
                table.id != str(fact.get("id")),
            )
        ).first()
        is not None
    )


def _level(connection: Connection, patient_id: str, rows: Any) -> None:
    there = connection.execute(select(patients.c.id).where(patients.c.id == patient_id)).first()
    if there is None:
        return  # its patient comes first; the level is offered again
    if not isinstance(rows, list) or len(rows) > 50:
        raise forms.FormError("levels have to be a short list")
    try:
        put_present(connection, patient_id, {"difficulty_states": rows})
    except RecordsError as error:
        raise forms.FormError(str(error)) from error
