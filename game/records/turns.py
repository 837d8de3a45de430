"""Patients who take turns at a clinic's station: today's list, glove, PIN, and the board chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import func, select, update

from game.records import pins
from game.records.boards import BoardKind, Week
from game.records.patient_rows import change_patient, patient_id_of, patient_of, patient_row
from game.records.patients import Patient, checked_glove_size
from game.records.schema import patients, plays, prescriptions
from game.records.store_base import StoreBase

#: Who was here within so long is known here.
KNOWN_DAYS = 28

#: Days a week that are planned where nobody prescribed any.
USUAL_DAYS = 5


class Turn(StrEnum):
    """How somebody stands on today's list: due, known but not due, or done for today."""

    DUE = "due"
    KNOWN = "known"
    DONE = "done"


@dataclass(frozen=True)
class Attendance:
    """A patient, the days (ISO dates, local) on which they played lately or last, and how many
    days a week their plan has, None if there is no plan."""

    patient: Patient
    days: frozenset[date] = frozenset()
    planned: int | None = None


def todays_list(people: Iterable[Attendance], today: date) -> tuple[tuple[Patient, Turn], ...]:
    """Everybody, those who are due first, then those known here, then those who played today.

    *Due* is who has not played today and has played on fewer days this week than are planned;
    without a plan, who was here within four weeks (or never: a new patient is expected).
    """
    order = list(Turn)
    found = [(one.patient, turn_of(one, today)) for one in people]
    found.sort(key=lambda pair: (order.index(pair[1]), pair[0].shown_name.casefold()))
    return tuple(found)


def turn_of(one: Attendance, today: date) -> Turn:
    """How one person stands today."""
    if today in one.days:
        return Turn.DONE
    this_week = sum(day in Week.of(today) for day in one.days)
    if one.planned is None:
        lately = not one.days or max(one.days) >= today - timedelta(days=KNOWN_DAYS)
        return Turn.DUE if lately and this_week < USUAL_DAYS else Turn.KNOWN
    return Turn.DUE if this_week < one.planned else Turn.KNOWN


class TurnStore(StoreBase):
    """The part of the store that a station's list needs."""

    def attendance(self, today: date) -> list[Attendance]:
        """Everybody, with when they played lately and how often they mean to."""
        since = today - timedelta(days=KNOWN_DAYS + 7)
        latest = (
            select(prescriptions.c.patient_id, func.max(prescriptions.c.version).label("version"))
            .group_by(prescriptions.c.patient_id)
            .subquery()
        )
        with self.reading() as connection:
            rows = connection.execute(select(patients).order_by(patients.c.code_key)).all()
            days: dict[str, set[date]] = {}
            query = (
                select(plays.c.patient_id, plays.c.local_date)
                .where(plays.c.patient_id.is_not(None), plays.c.local_date >= since.isoformat())
                .distinct()
            )
            for patient_id, day in connection.execute(query):
                days.setdefault(patient_id, set()).add(date.fromisoformat(day))
            # Played here at all, but not lately: they are not new.
            old = select(plays.c.patient_id, func.max(plays.c.local_date)).where(
                plays.c.patient_id.is_not(None)
            )
            for patient_id, day in connection.execute(old.group_by(plays.c.patient_id)):
                days.setdefault(patient_id, set()).add(date.fromisoformat(day))
            plans = select(prescriptions.c.patient_id, prescriptions.c.document).join(
                latest,
                (latest.c.patient_id == prescriptions.c.patient_id)
                & (latest.c.version == prescriptions.c.version),
            )
            planned = {
                patient_id: int(document.get("days", USUAL_DAYS))
                for patient_id, document in connection.execute(plans)
            }
        return [
            Attendance(patient_of(row), frozenset(days.get(row.id, ())), planned.get(row.id))
            for row in rows
        ]

    def set_glove_size(self, code: str, size: str | None) -> Patient:
        """The size of the glove, S, M or L; None or an empty one takes it away."""
        checked = checked_glove_size(size)
        with self.writing() as connection:
            patient_id = patient_id_of(connection, code)
            return change_patient(connection, patient_id, self.clock(), glove_size=checked)

    def set_pin(self, code: str, pin: str | None) -> None:
        """The PIN that is asked at this station, four digits; None asks for none."""
        self._put_aside(code, "pin", None if pin is None else pins.hash_of(pin))

    def has_pin(self, code: str) -> bool:
        """Whether a PIN is asked."""
        with self.reading() as connection:
            return patient_row(connection, code).pin is not None

    def pin_fits(self, code: str, pin: str) -> bool:
        """Whether ``pin`` is the patient's; anything is where none is asked."""
        with self.reading() as connection:
            kept = patient_row(connection, code).pin
        return kept is None or pins.is_pin(pin, kept)

    def board_of(self, code: str) -> BoardKind:
        """The board that the patient looked at last: effort, until they choose another."""
        with self.reading() as connection:
            kept = patient_row(connection, code).board_kind
        return BoardKind(kept) if kept in list(BoardKind) else BoardKind.EFFORT

    def choose_board(self, code: str, kind: BoardKind) -> None:
        """Remember the board that the patient looks at."""
        self._put_aside(code, "board_kind", kind.value)

    def _put_aside(self, code: str, column: str, value: str | None) -> None:
        """What is no fact: it makes no version of the patient's row, and stays on this computer."""
        with self.writing() as connection:
            this = patients.c.id == patient_id_of(connection, code)
            connection.execute(update(patients).where(this).values({column: value}))
