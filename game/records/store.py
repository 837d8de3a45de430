"""The records: patients, plays, difficulty. A SQLite file in the data folder, or PostgreSQL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select
from sqlalchemy.exc import IntegrityError

from game.records.board_people import board_people, person_on_boards
from game.records.boards import Board, BoardKind, Person, Week, WeekGoal, board, week_goal
from game.records.database import empty_the_log
from game.records.erasing import erase
from game.records.errors import RecordsError
from game.records.identifiers import identifier_prefix, new_identifier, utc_now
from game.records.patient_rows import (
    change_patient,
    free_picture,
    insert_patient,
    patient_id_of,
    patient_of,
    patient_row,
)
from game.records.patients import (
    Patient,
    checked_code,
    checked_glove_size,
    checked_hand,
    checked_nickname,
    checked_picture,
    code_key,
    picture_named,
)
from game.records.place import FILE_NAME, Place
from game.records.play_rows import has_patient, has_play, insert_play, read_play, summaries
from game.records.plays import DifficultyChange, PlayRecord, PlaySummary
from game.records.prepare import prepare_at
from game.records.prescriptions import KeptPrescription, add_version, every_version, latest
from game.records.schema import difficulty_changes, difficulty_states, patients, plays
from game.records.session_store import SessionStore
from game.records.songs import (
    Favourite,
    PlayedSong,
    drop_favourite,
    favourite_songs,
    played_songs,
    put_favourite,
)
from game.records.trouble import explained
from game.records.turns import TurnStore
from game.therapy.prescription import Prescription

__all__ = ["FILE_NAME", "KeptChange", "Store"]

_LOCK_WAIT_S = 10.0

_WHOLE_IDENTIFIER = 36


@dataclass(frozen=True)
class KeptChange:
    """A difficulty change as it was kept: in which play, when, and the change itself."""

    play_id: str | None
    changed_at: datetime
    hand: str
    input_kind: str
    change: DifficultyChange


class Store(SessionStore, TurnStore):
    """What is kept in one data folder, or in the database of ``url``. Open it with :meth:`open`;
    close it, or use ``with``.

    Every method is one transaction, may be called from any thread, and raises RecordsError, with
    one sentence, for bad input and for a database that cannot be used.
    """

    @classmethod
    def open(
        cls,
        data_dir: Path,
        *,
        clock: Callable[[], datetime] = utc_now,
        url: str | None = None,
    ) -> "Store":
        """The records in ``data_dir``, or in the PostgreSQL database of ``url``, created or brought
        to the present schema if need be.

        ``clock`` gives the present as an aware time. Raises RecordsError if the folder cannot be
        made or written, the database cannot be reached, or if its records are damaged, of a newer
        Griptune, or something else.
        """
        data_dir = Path(data_dir)
        prepare_at(Place.of(data_dir, url))
        return cls(data_dir, clock, _LOCK_WAIT_S, url)

    # Patients

    def add_patient(
        self,
        code: str,
        *,
        nickname: str | None = None,
        hand: str = "right",
        picture: str | None = None,
        board: bool = False,
        glove_size: str | None = None,
    ) -> Patient:
        """Take in a patient. Without a ``picture`` they get the one their nickname names ("Blue
        Heron"), or one that few others have.

        ``board`` is their choice to be on the boards. Raises RecordsError if the code is taken
        (capitals aside) or anything is not what it must be.
        """
        code = checked_code(code)
        now = self.clock()
        with self.writing() as connection:
            taken = connection.execute(
                select(patients.c.code).where(patients.c.code_key == code_key(code))
            ).scalar_one_or_none()
            if taken is not None:
                raise RecordsError(
                    f"there is already a patient “{taken}”; choose another code, or see griptune "
                    f"patient show {taken}"
                )
            patient = Patient(
                id=new_identifier(now),
                code=code,
                nickname=(known_as := checked_nickname(nickname)),
                picture=(
                    checked_picture(picture)
                    if picture
                    else picture_named(known_as) or free_picture(connection)
                ),
                hand=checked_hand(hand),
                on_board=board,
                board_hidden=False,
                created_at=now,
                glove_size=checked_glove_size(glove_size),
            )
            insert_patient(connection, patient)
        return patient

    def patient(self, code: str) -> Patient:
        """The patient of this code, capitals or not. Raises RecordsError, naming near matches."""
        with self.reading() as connection:
            return patient_of(patient_row(connection, code))

    def patients(self) -> list[Patient]:
        """Everybody, by code."""
        with self.reading() as connection:
            rows = connection.execute(select(patients).order_by(patients.c.code_key))
            return [patient_of(row) for row in rows]

    def set_nickname(self, code: str, nickname: str | None) -> Patient:
        """Change the nickname; None or an empty one takes it away."""
        return self._change(code, nickname=checked_nickname(nickname))

    def set_picture(self, code: str, picture: str) -> Patient:
        """Change the picture."""
        return self._change(code, picture=checked_picture(picture))

    def set_hand(self, code: str, hand: str) -> Patient:
        """Change the hand that plays."""
        return self._change(code, hand=checked_hand(hand))

    def set_board_choice(self, code: str, on_board: bool) -> Patient:
        """The patient's choice to be on the boards. Choosing them shows a hidden patient again."""
        return self._change(code, on_board=on_board, board_hidden=False)

    def set_board_hidden(self, code: str, hidden: bool) -> Patient:
        """Hide from the boards with one tap, or show again, without giving up the choice."""
        return self._change(code, board_hidden=hidden)

    def erase_patient(self, code: str) -> Patient:
        """Erase a patient with everything that is kept of them.

        All that stays is a hash that says nothing, so that no backup brings them back.
        """
        with self.writing() as connection:
            row = patient_row(connection, code)
            erase(connection, row.id, self.clock())
        with explained(self.place):
            empty_the_log(self.engine)
        return patient_of(row)

    def _change(self, code: str, **values: Any) -> Patient:
        with self.writing() as connection:
            return change_patient(
                connection, patient_id_of(connection, code), self.clock(), **values
            )

    # Plays

    def save_play(
        self,
        record: PlayRecord,
        *,
        state: Mapping[str, Any] | None = None,
        changes: Sequence[DifficultyChange] = (),
    ) -> None:
        """Keep a play with its difficulty changes, and ``state`` as the patient's difficulty now.

        ``state`` is what :meth:`game.therapy.state.DifficultyState.to_dict` gives; None leaves the
        present one (a fixed rate, a test). Raises RecordsError if the play is kept already or its
        patient is not known. (While a game runs, :class:`game.records.writer.Writer` does this.)
        """
        with self.writing() as connection:
            if has_play(connection, record.id):
                raise RecordsError(f"the play {record.id} is kept already; nothing was changed")
            if record.patient_id is not None and not has_patient(connection, record.patient_id):
                raise RecordsError(
                    f"the patient of the play {record.id} is not in the records; add the patient "
                    "first"
                )
            try:
                insert_play(connection, record, changes, state, self.clock())
            except IntegrityError as error:
                raise RecordsError(
                    f"the play {record.id} contradicts itself and was not kept: {error.orig}"
                ) from error

    def load_play(self, id_or_prefix: str) -> PlayRecord:
        """The play with its data, by its identifier or the beginning of it, if that is only one's.

        Raises RecordsError if there is none or more than one, or if its data are damaged.
        """
        with self.reading() as connection:
            return read_play(connection, _play_row(connection, id_or_prefix))

    def plays(
        self,
        code: str,
        limit: int | None = None,
        *,
        hand: str | None = None,
        input_kind: str | None = None,
        since: date | None = None,
        mode: str | None = None,
    ) -> list[PlaySummary]:
        """The patient's plays, the latest first, at most ``limit``; of one hand, kind of input or
        mode, or from a local day on, if asked for."""
        with self.reading() as connection:
            patient_id = patient_id_of(connection, code)
            query = select(plays).where(plays.c.patient_id == patient_id)
            if hand is not None:
                query = query.where(plays.c.hand == checked_hand(hand))
            if input_kind is not None:
                query = query.where(plays.c.input_kind == input_kind)
            if since is not None:
                query = query.where(plays.c.local_date >= since.isoformat())
            if mode is not None:
                query = query.where(plays.c.mode == mode)
            return _latest_first(connection, query, limit)

    def count_plays(self, code: str) -> int:
        """How many plays of the patient are kept."""
        with self.reading() as connection:
            patient_id = patient_id_of(connection, code)
            query = select(func.count()).where(plays.c.patient_id == patient_id)
            return connection.execute(query).scalar_one()

    def guest_plays(self, limit: int | None = None) -> list[PlaySummary]:
        """Plays of nobody in particular, the latest first, at most ``limit``."""
        with self.reading() as connection:
            return _latest_first(
                connection, select(plays).where(plays.c.patient_id.is_(None)), limit
            )

    # Songs

    def played_songs(self, code: str, since: date) -> list[PlayedSong]:
        """Every song the patient played, the latest first, with the best score from ``since`` on
        (a local date): what a list of songs needs of all their plays."""
        with self.reading() as connection:
            return played_songs(connection, patient_id_of(connection, code), since)

    def favourites(self, code: str) -> list[Favourite]:
        """The songs the patient marked, the latest first."""
        with self.reading() as connection:
            return favourite_songs(connection, patient_id_of(connection, code))

    def set_favourite(self, code: str, song_key: str, song_hash: str, wanted: bool) -> None:
        """Mark a song as a favourite of the patient, or take the mark away."""
        with self.writing() as connection:
            patient_id = patient_id_of(connection, code)
            if wanted:
                put_favourite(connection, patient_id, song_key, song_hash, self.clock())
            else:
                drop_favourite(connection, patient_id, song_key, song_hash)

    # Prescriptions

    def prescribe(
        self,
        code: str,
        prescription: Prescription,
        author: str,
        *,
        based_on: int | None = None,
    ) -> KeptPrescription:
        """Write a new version of the patient's plan; its hand becomes the one they train.

        ``author`` is who prescribed, ``based_on`` the version they were looking at: if another was
        written meanwhile RecordsError says so, and nothing is changed.
        """
        with self.writing() as connection:
            patient_id = patient_id_of(connection, code)
            return add_version(connection, patient_id, prescription, author, self.clock(), based_on)

    def prescription(self, code: str) -> KeptPrescription | None:
        """The patient's plan as it holds now; None if nothing was prescribed."""
        with self.reading() as connection:
            return latest(connection, patient_id_of(connection, code))

    def prescriptions(self, code: str) -> list[KeptPrescription]:
        """Every version of the patient's plan, the latest first."""
        with self.reading() as connection:
            return every_version(connection, patient_id_of(connection, code))

    # Difficulty

    def difficulty_state(self, code: str, hand: str, input_kind: str) -> dict[str, Any] | None:
        """The difficulty state of a patient's hand on a kind of input; None before the first."""
        with self.reading() as connection:
            patient_id = patient_id_of(connection, code)
            found: dict[str, Any] | None = connection.execute(
                select(difficulty_states.c.state).filter_by(
                    patient_id=patient_id, hand=checked_hand(hand), input_kind=input_kind
                )
            ).scalar_one_or_none()
            return found

    def difficulty_changes(self, code: str, limit: int | None = None) -> list[KeptChange]:
        """Why the difficulty is what it is: the patient's changes, the latest first."""
        with self.reading() as connection:
            patient_id = patient_id_of(connection, code)
            table = difficulty_changes
            rows = connection.execute(
                select(table)
                .where(table.c.patient_id == patient_id)
                .order_by(table.c.changed_at.desc(), table.c.sequence.desc())
                .limit(limit)
            )
            return [
                KeptChange(
                    row.play_id,
                    row.changed_at,
                    row.hand,
                    row.input_kind,
                    DifficultyChange(
                        row.song_us, row.before_x, row.after_x, row.reason, row.evidence
                    ),
                )
                for row in rows
            ]

    # Boards

    def board_people(self, day: date) -> list[Person]:
        """Those who chose the boards and are not hidden, for ``day``'s week."""
        with self.reading() as connection:
            return board_people(connection, day)

    def week_goal(self, code: str, day: date) -> WeekGoal:
        """What the patient of ``code`` means to do in ``day``'s week: the goal by which the boards
        measure them, whether they are on them or not. Raises RecordsError if it is not known."""
        with self.reading() as connection:
            person = person_on_boards(connection, patient_id_of(connection, code), day)
        return WeekGoal(round(week_goal(person, Week.of(day))), person.days)

    def boards(
        self, day: date, *, me: str | None = None, song_key: str | None = None
    ) -> dict[BoardKind, Board]:
        """All boards of ``day``'s week, ``day`` being the local date; see :mod:`.boards`.

        ``me`` is a patient's code. Raises RecordsError if it is not known.
        """
        with self.reading() as connection:
            people = board_people(connection, day)
            my_id = None if me is None else patient_id_of(connection, me)
        return {kind: board(kind, people, day, me=my_id, song_key=song_key) for kind in BoardKind}


def _play_row(connection: Connection, id_or_prefix: str) -> Row[Any]:
    prefix = identifier_prefix(id_or_prefix)
    rows: Sequence[Row[Any]] = []
    if prefix is not None:
        rows = connection.execute(
            select(plays).where(_named(prefix)).order_by(plays.c.id).limit(4)
        ).all()
    if not rows:
        raise RecordsError(
            f"there is no play “{id_or_prefix}”; a play is named by its identifier or the "
            "beginning of it"
        )
    if len(rows) > 1:
        names = ", ".join(row.id for row in rows[:3]) + (" and more" if len(rows) > 3 else "")
        raise RecordsError(
            f"more than one play begins with “{id_or_prefix}” ({names}); give more of it"
        )
    return rows[0]


def _named(prefix: str) -> ColumnElement[bool]:
    """Plays of this identifier, found by the key; or of this beginning, by looking through all."""
    whole = len(prefix) == _WHOLE_IDENTIFIER
    return plays.c.id == prefix if whole else plays.c.id.startswith(prefix)


def _latest_first(
    connection: Connection, query: Select[Any], limit: int | None
) -> list[PlaySummary]:
    query = query.order_by(plays.c.started_at.desc(), plays.c.id.desc()).limit(limit)
    return summaries(connection, connection.execute(query).all())
