"""Making a patient nobody: what they played stays, what says who they are goes.

They get another identifier, code and picture; nickname, place on the boards, earlier versions of
their row, diary, notes, and the words of goals and plans go, and so do the names of those who wrote
them. The old identifier leaves a tombstone as if they had been erased, so that neither a restored
backup nor an import brings the names back. Times of day stay: a clinic that gives such records
away thinks of that.

In a clinic it is done at the server, which has what was played at every station. Stations hear of
the tombstone and erase what they have; what one of them had not sent by then comes under the old
name and is refused, for nothing may say any more whose it was. That much is lost, and said before.
Should it be done where facts were sent from, they are sent again as nobody's, after the tombstone.
"""

import secrets

from sqlalchemy import Connection, delete, insert, select, update

from game.records.database import empty_the_log
from game.records.erasing import forget_deliveries
from game.records.errors import RecordsError
from game.records.identifiers import new_identifier, tombstone
from game.records.patient_rows import free_picture, insert_patient, patient_of, patient_row
from game.records.patients import Patient, checked_code, code_key
from game.records.schema import (
    METADATA,
    erased,
    patient_versions,
    patients,
    prescriptions,
)
from game.records.schema_sessions import audit_log, diary, goals, notes, outcome_tests
from game.records.store_base import StoreBase
from game.records.trouble import explained

#: Stands where somebody's words or name stood.
REMOVED = "removed"

#: What is said there and by whom is of no use without the person.
_GO_ALTOGETHER = (patient_versions, diary, notes)

#: Letters and digits that are not taken for one another.
_ALPHABET = "ACDEFGHJKLMNPQRTUVWXY34679"


def anonymise(store: StoreBase, code: str, new_code: str | None = None) -> Patient:
    """Make the patient of ``code`` nobody; returns who they are now.

    Without a ``new_code`` they get one that says nothing. Raises RecordsError for an unknown code
    and for a new one that is taken or cannot be one.
    """
    now = store.clock()
    with store.writing() as connection:
        before = patient_of(patient_row(connection, code))
        after = Patient(
            id=new_identifier(now),
            code=_free_code(connection, new_code),
            nickname=None,
            picture=free_picture(connection),
            hand=before.hand,
            on_board=False,
            board_hidden=False,
            created_at=before.created_at,
        )
        forget_deliveries(connection, before.id)
        for table in _GO_ALTOGETHER:
            connection.execute(delete(table).where(table.c.patient_id == before.id))
        insert_patient(connection, after)
        for table in METADATA.sorted_tables:
            if "patient_id" in table.c and table is not audit_log:
                own = table.c.patient_id == before.id
                connection.execute(update(table).where(own).values(patient_id=after.id))
        _without_words(connection, after.id)
        connection.execute(delete(patients).where(patients.c.id == before.id))
        connection.execute(insert(erased), {"digest": tombstone(before.id), "erased_at": now})
    with explained(store.place):
        empty_the_log(store.engine)
    return after


def _free_code(connection: Connection, wanted: str | None) -> str:
    if wanted is not None:
        code = checked_code(wanted)
        if _taken(connection, code):
            raise RecordsError(f"there is already a patient “{code}”; choose another code")
        return code
    while True:
        code = "X-" + "".join(secrets.choice(_ALPHABET) for _ in range(6))
        if not _taken(connection, code):
            return code


def _taken(connection: Connection, code: str) -> bool:
    query = select(patients.c.id).where(patients.c.code_key == code_key(code))
    return connection.execute(query).first() is not None


def _without_words(connection: Connection, patient_id: str) -> None:
    own = prescriptions.c.patient_id == patient_id
    for row in connection.execute(select(prescriptions).where(own)).all():
        connection.execute(
            update(prescriptions)
            .where(prescriptions.c.id == row.id)
            .values(document={**row.document, "note": ""}, author=REMOVED)
        )
    connection.execute(update(goals).where(goals.c.patient_id == patient_id).values(words=REMOVED))
    connection.execute(
        update(outcome_tests).where(outcome_tests.c.patient_id == patient_id).values(author=REMOVED)
    )
