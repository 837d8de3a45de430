"""Every fact in one JSON form: what the export writes, the import reads and stations tell a clinic.

A fact is written once and never altered, so its identifier and its content belong together:
:func:`put_fact` takes the same fact any number of times, in any order that has parents first, and
refuses another content under a known identifier. The form of a kind is its table: a key per column,
times as ``2025-01-31T12:00:00.000000Z``, flags as true and false, blocks of bytes as Base64. A
play has its grips in it (``grips``) and its block of :mod:`game.records.blobs` (``data``).

========================  ===============================================================
kind                      table
========================  ===============================================================
``patient``               ``patient_versions``: the patient as they were from then on
``prescription``          a version of a plan
``session``               the opening of a sitting; ``session-event``, ``session-closing``
``play``                  a play with its data; ``rejudgement``, ``difficulty-change``
``check-in`` …            ``activity``, ``diary``, ``goal``, ``goal-closing``,
                          ``assessment``, ``outcome-test``, ``note``
========================  ===============================================================

Versions (of patients and plans) are numbered by when they were written. Two stations may both
write a version 3; when they meet, both places number them alike, and the latest holds. So the
number is no part of the content. What is not a fact but the present (the difficulty as it stands,
songs that are marked) has a form of its own: :func:`present` and :func:`put_present`, where the
later one wins.

What comes from a file or another computer is checked before it is written. Every function works
inside the transaction it is given.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from game.core.grips import GRIP_LABELS
from game.records import blobs
from game.records.errors import RecordsError
from game.records.fact_kinds import KINDS, Kind, of_patient
from game.records.fact_values import checked_row, plain_row
from game.records.identifiers import tombstone
from game.records.judged import faults_of
from game.records.patients import (
    Patient,
    checked_code,
    checked_glove_size,
    checked_hand,
    checked_nickname,
    checked_picture,
    code_key,
)
from game.records.play_rows import read_play, state_columns
from game.records.schema import (
    difficulty_states,
    erased,
    favourites,
    patient_versions,
    patients,
    play_data,
    play_grips,
    plays,
    prescriptions,
)
from game.records.types import to_json
from game.therapy.prescription import read_prescription

#: Rows are read so many at a time: an export of any length keeps its memory flat.
_ROWS = 100


class ErasedError(RecordsError):
    """The fact is of somebody who was erased here: it must not come back."""


class CodeTakenError(RecordsError):
    """The patient's code is that of another patient here."""


def fact(connection: Connection, kind: str, id: str) -> dict[str, Any]:
    """The fact as a JSON document, its kind as ``fact``. Raises RecordsError if there is none."""
    known = _kind(kind)
    row = connection.execute(select(known.table).where(known.key == id)).one_or_none()
    if row is None:
        raise RecordsError(f"there is no {kind} {id}")
    (document,) = _documents(connection, known, [row])
    return document


def facts_of(connection: Connection, patient_id: str) -> Iterator[dict[str, Any]]:
    """All facts of a patient, in an order in which they can be put: parents first, then by age.

    Few are in memory at a time.
    """
    for kind in KINDS.values():
        query = of_patient(kind, patient_id).with_only_columns(kind.key)
        ids = list(connection.execute(query.order_by(*kind.order)).scalars())
        for first in range(0, len(ids), _ROWS):
            some = ids[first : first + _ROWS]
            found = connection.execute(
                select(kind.table).where(kind.key.in_(some)).order_by(*kind.order)
            )
            yield from _documents(connection, kind, found.all())


def count_facts(connection: Connection, patient_id: str) -> int:
    """How many facts of a patient there are."""
    counts = (
        select(func.count()).select_from(of_patient(kind, patient_id).subquery())
        for kind in KINDS.values()
    )
    return sum(connection.execute(query).scalar_one() for query in counts)


def content_digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of what a fact says: the same wherever it is kept."""
    content = {name: value for name, value in document.items() if name != "version"}
    return hashlib.sha256(to_json(content).encode()).hexdigest()


def put_fact(connection: Connection, kind: str, document: Mapping[str, Any]) -> bool:
    """Keep a fact that :func:`fact` gave, here or elsewhere. True if it is new here.

    Raises ErasedError for somebody who was erased here, CodeTakenError if another patient has the
    code, and RecordsError, a sentence, for what is no such fact, belongs to nothing that is here,
    or differs from a fact of the same identifier.
    """
    known = _kind(kind)
    if not isinstance(document, Mapping):
        raise RecordsError(f"this is no {kind}: {str(document)[:80]}")
    try:
        row, extra = _checked(known, document)
    except (ValueError, KeyError, TypeError, AttributeError, LookupError) as error:
        raise RecordsError(f"this {kind} cannot be kept: {error}") from error
    id = row[known.key.name]
    _refuse_erased(connection, row.get("patient_id"))
    there = connection.execute(select(known.key).where(known.key == id)).first()
    if there is not None:
        if content_digest(fact(connection, kind, id)) != content_digest(_normal(known, row, extra)):
            raise RecordsError(f"there is another {kind} {id} here, and facts are never altered")
        return False
    try:
        _insert(connection, known, row, extra)
    except IntegrityError as error:
        raise RecordsError(
            f"the {kind} {id} cannot be kept: it contradicts itself, or what it belongs to is not "
            "here"
        ) from error
    return True


def present(connection: Connection, patient_id: str) -> dict[str, Any]:
    """What is no fact: the patient's difficulty as it stands, and the songs they marked."""
    return {
        table.name: [
            plain_row(table, row)
            for row in connection.execute(
                select(table).where(table.c.patient_id == patient_id).order_by(*table.primary_key)
            )
        ]
        for table in (difficulty_states, favourites)
    }


def put_present(connection: Connection, patient_id: str, document: Mapping[str, Any]) -> None:
    """Take over what :func:`present` gave, row by row, where it is later than what is here.

    Raises RecordsError for what is no such document.
    """
    changed = {difficulty_states: "updated_at", favourites: "chosen_at"}
    try:
        for table, time in changed.items():
            for given in document.get(table.name, []):
                row = checked_row(table, {**given, "patient_id": patient_id})
                if table is difficulty_states:
                    row.update(state_columns(row["state"]))
                key = [column == row[column.name] for column in table.primary_key]
                held = connection.execute(select(table.c[time]).where(*key)).scalar_one_or_none()
                if held is None or held < row[time]:
                    connection.execute(delete(table).where(*key))
                    connection.execute(insert(table), row)
    except (ValueError, KeyError, TypeError, AttributeError, IntegrityError) as error:
        raise RecordsError(f"the present difficulty cannot be read: {error}") from error


def _kind(name: str) -> Kind:
    try:
        return KINDS[name]
    except KeyError:
        raise RecordsError(f"there is no kind of fact “{name}”: {', '.join(KINDS)}") from None


# Out


def _documents(
    connection: Connection, kind: Kind, rows: Sequence[Row[Any]]
) -> Iterator[dict[str, Any]]:
    """The facts of ``rows``, in their order; those of plays with what other tables hold of them."""
    if kind.table is not plays:
        for row in rows:
            yield {"fact": kind.name, **plain_row(kind.table, row)}
        return
    ids = [row.id for row in rows]
    grips: dict[str, dict[str, dict[str, int]]] = {}
    query = select(play_grips.c.play_id, play_grips.c.grip, *_GRIP_COLUMNS)
    for play_id, label, *counts in connection.execute(query.where(play_grips.c.play_id.in_(ids))):
        figures = dict(zip(_GRIP_NAMES, counts, strict=True))
        grips.setdefault(play_id, {})[label] = figures
    data = {
        kept.play_id: kept
        for kept in connection.execute(select(play_data).where(play_data.c.play_id.in_(ids)))
    }
    for row in rows:
        by_label, kept = grips.get(row.id, {}), data.get(row.id)
        yield {
            "fact": kind.name,
            **plain_row(plays, row),
            "grips": {label: by_label[label] for label in GRIP_LABELS if label in by_label},
            "data": None if kept is None else plain_row(play_data, kept)["data"],
            "data_digest": None if kept is None else kept.digest,
        }


_GRIP_NAMES = ("presented", "hits", "near", "wrong", "extra", "repetitions")
_GRIP_COLUMNS = tuple(play_grips.c[name] for name in _GRIP_NAMES)


# In


def _checked(kind: Kind, document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row of the kind's own table, and for a play what goes into the others."""
    given = dict(document)
    if given.pop("fact", kind.name) != kind.name:
        raise ValueError(f"it says that it is a {document['fact']}")
    extra: dict[str, Any] = {}
    if kind.table is plays:
        extra = {name: given.pop(name) for name in ("grips", "data", "data_digest")}
    row = checked_row(kind.table, given)
    if kind.table is patient_versions:
        _checked_patient(row["patient_id"], row["document"])
    elif kind.table is prescriptions:
        read_prescription(row["document"])
    elif kind.table is plays:
        extra = _checked_play(row, extra)
    return row, extra


def _checked_patient(patient_id: str, document: Mapping[str, Any]) -> Patient:
    """The patient that a version describes, every field checked as when it is typed in."""
    patient = Patient(
        id=str(document["id"]),
        code=checked_code(document["code"]),
        nickname=checked_nickname(document["nickname"]),
        picture=checked_picture(document["picture"]),
        hand=checked_hand(document["hand"]),
        on_board=_flag(document["on_board"]),
        board_hidden=_flag(document["board_hidden"]),
        created_at=datetime.fromisoformat(document["created_at"]),
        glove_size=checked_glove_size(document.get("glove_size")),
    )
    if patient.id != patient_id:
        raise ValueError("it is a version of another patient")
    if patient.created_at.tzinfo is None:
        raise ValueError("a time that is kept needs a time zone")
    if set(document) | {"glove_size"} != {f.name for f in fields(Patient)}:
        raise ValueError("it says something that is not known here: update Griptune")
    return patient


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def _checked_play(row: dict[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    grips = []
    for label, counts in extra["grips"].items():
        if label not in GRIP_LABELS:
            raise ValueError(f"“{label}” is no grip")
        checked = checked_row(play_grips, {**counts, "play_id": row["id"], "grip": label})
        grips.append(checked)
    sums = {
        name: sum(grip[column] for grip in grips)
        for name, column in (("targets", "presented"), ("repetitions", "repetitions"))
    }
    if any(row[name] != count for name, count in sums.items()):
        raise ValueError("its grips are not those of its figures")
    data = None
    if extra["data"] is not None:
        data = checked_row(
            play_data,
            {"play_id": row["id"], "data": extra["data"], "digest": extra["data_digest"]},
        )
        arrays, document = blobs.decode(data["data"])
        if blobs.digest(arrays, document) != data["digest"]:
            raise ValueError("its data are not those that were written")
        faults_of(document["events"])
    return {"grips": grips, "data": data}


def _normal(kind: Kind, row: dict[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """The document as it would come out again."""
    document = {"fact": kind.name, **plain_row(kind.table, row)}
    if kind.table is plays:
        by_label = {grip["grip"]: grip for grip in extra["grips"]}
        document["grips"] = {
            label: {name: by_label[label][name] for name in _GRIP_NAMES}
            for label in GRIP_LABELS
            if label in by_label
        }
        data = extra["data"]
        document["data"] = None if data is None else plain_row(play_data, data)["data"]
        document["data_digest"] = None if data is None else data["digest"]
    return document


def _insert(
    connection: Connection, kind: Kind, row: dict[str, Any], extra: Mapping[str, Any]
) -> None:
    # A savepoint: a fact that cannot be kept takes back what it wrote, and nothing else.
    with connection.begin_nested():
        if kind.table is patient_versions:
            _insert_patient_version(connection, row)
        elif kind.table is prescriptions:
            _insert_numbered(connection, prescriptions, row, "created_at")
        else:
            connection.execute(insert(kind.table), row)
        if kind.table is plays:
            if extra["grips"]:
                connection.execute(insert(play_grips), extra["grips"])
            if extra["data"] is not None:
                connection.execute(insert(play_data), extra["data"])
            # What can be put can be read: the figures fit one another and the data them.
            kept = connection.execute(select(plays).where(plays.c.id == row["id"])).one()
            if extra["data"] is not None:
                read_play(connection, kept)


def _insert_patient_version(connection: Connection, row: dict[str, Any]) -> None:
    patient = _checked_patient(row["patient_id"], row["document"])
    values = {f.name: getattr(patient, f.name) for f in fields(Patient)}
    values["code_key"] = code_key(patient.code)
    there = patients.c.id == patient.id
    if connection.execute(select(patients.c.id).where(there)).first() is None:
        _refuse_taken(connection, patient)
        connection.execute(insert(patients), values)
    _insert_numbered(connection, patient_versions, row, "changed_at")
    latest = connection.execute(
        select(patient_versions)
        .where(patient_versions.c.patient_id == patient.id)
        .order_by(patient_versions.c.version.desc())
        .limit(1)
    ).one()
    if latest.id == row["id"]:
        _refuse_taken(connection, patient)
        connection.execute(update(patients).where(there).values(**values))


def _insert_numbered(connection: Connection, table: Table, row: dict[str, Any], time: str) -> None:
    """Insert a version and number all of that patient's by when they were written."""
    own = table.c.patient_id == row["patient_id"]
    held = connection.execute(select(table.c.id, table.c.version, table.c[time]).where(own)).all()
    highest = max((version for _, version, _ in held), default=0)
    connection.execute(insert(table), {**row, "version": highest + 1})
    # Of two written in one instant, as a program may, the one that was later there.
    order = sorted([*((at, v, id) for id, v, at in held), (row[time], row["version"], row["id"])])
    numbers = {id: number for number, (_, _, id) in enumerate(order, start=1)}
    moved = {id: v for id, v, _ in held if numbers[id] != v}
    if numbers[row["id"]] != highest + 1:
        moved[row["id"]] = highest + 1
    # No two have one number at any moment: first out of the way, then to their places.
    for offset in (highest + 1, 0):
        for id in moved:
            connection.execute(
                update(table).where(table.c.id == id).values(version=numbers[id] + offset)
            )


def _refuse_erased(connection: Connection, patient_id: str | None) -> None:
    if patient_id is None:
        return
    query = select(erased.c.digest).where(erased.c.digest == tombstone(patient_id))
    if connection.execute(query).first() is not None:
        raise ErasedError("this is of somebody who was erased here, and stays erased")


def _refuse_taken(connection: Connection, patient: Patient) -> None:
    query = select(patients.c.code).where(
        patients.c.code_key == code_key(patient.code), patients.c.id != patient.id
    )
    taken = connection.execute(query).scalar_one_or_none()
    if taken is not None:
        raise CodeTakenError(
            f"there is another patient “{taken}” here: give one of them another code"
        )
