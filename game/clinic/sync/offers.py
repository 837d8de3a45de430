"""What the server offers to stations: patients, plans, levels, songs, erasures; and the boards."""

import base64
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from game.clinic.services import Clinic
from game.clinic.settings import song_of_the_week
from game.clinic.sync import forms
from game.records.board_form import board_document
from game.records.boards import BoardKind, board
from game.records.facts import fact, present
from game.records.schema import difficulty_states, erased, patient_versions, prescriptions
from game.records.schema_clinic import songs_shared
from game.records.store import Store


def manifest(store: Store) -> dict[str, Any]:
    """What there is, by digest: small, so that a station may ask every few seconds."""
    with store.reading() as connection:
        return {
            "people": people_digests(connection),
            "levels": level_digests(connection),
            "songs": {
                row.key: [row.digest, row.title]
                for row in connection.execute(
                    select(songs_shared.c.key, songs_shared.c.digest, songs_shared.c.title).where(
                        songs_shared.c.hidden == 0
                    )
                )
            },
            "erased": sorted(connection.execute(select(erased.c.digest)).scalars()),
        }


def people_digests(connection: Connection) -> dict[str, str]:
    """Per patient a digest of which versions there are of them and of their plan."""
    found: dict[str, list[str]] = defaultdict(list)
    for table in (patient_versions, prescriptions):
        rows = connection.execute(
            select(table.c.patient_id, table.c.id).order_by(table.c.patient_id, table.c.id)
        )
        for row in rows:
            found[row.patient_id].append(row.id)
    return {patient_id: forms.digest_of(ids) for patient_id, ids in found.items()}


def level_digests(connection: Connection) -> dict[str, str]:
    """Per patient a digest of how difficult it is now."""
    table = difficulty_states.c
    found: dict[str, list[list[str]]] = defaultdict(list)
    rows = connection.execute(
        select(table.patient_id, table.hand, table.input_kind, table.updated_at).order_by(
            table.patient_id, table.hand, table.input_kind
        )
    )
    for row in rows:
        at = row.updated_at.isoformat(timespec="microseconds")
        found[row.patient_id].append([row.hand, row.input_kind, at])
    return {patient_id: forms.digest_of(levels) for patient_id, levels in found.items()}


def fetch(store: Store, document: Mapping[str, Any]) -> dict[str, Any]:
    """What ``document`` names: facts of ``people``, ``levels``, and ``songs``.

    Raises FormError for what is no identifier.
    """

    def asked(name: str) -> list[str]:
        return [forms.identifier(i) for i in forms.rows(document, name, forms.MOST_ASKED)]

    songs = [str(key)[:100] for key in forms.rows(document, "songs", forms.MOST_ASKED)]
    with store.reading() as connection:
        return {
            "facts": [
                fact(connection, kind, id)
                for kind, table in (("patient", patient_versions), ("prescription", prescriptions))
                for id in connection.execute(
                    select(table.c.id)
                    .where(table.c.patient_id.in_(asked("people")))
                    .order_by(table.c.patient_id, table.c.version.desc())
                )
                .scalars()
                .all()
            ],
            "levels": {
                patient_id: present(connection, patient_id)["difficulty_states"]
                for patient_id in asked("levels")
            },
            "songs": [
                {
                    "key": row.key,
                    "title": row.title,
                    "digest": row.digest,
                    "data": base64.b64encode(row.data).decode(),
                }
                for row in connection.execute(
                    select(songs_shared).where(
                        songs_shared.c.key.in_(songs), songs_shared.c.hidden == 0
                    )
                )
            ],
        }


def boards(clinic: Clinic, me: str | None) -> dict[str, Any]:
    """All boards, and the rows around ``me``: what they show, and nothing else."""
    day = clinic.today
    chosen = song_of_the_week(clinic.store, day)
    people = clinic.hub.people(day)
    return {
        "boards": [
            board_document(board(kind, people, day, me=me, song_key=chosen)) for kind in BoardKind
        ]
    }
