"""Whose records are exported, and how far the export is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, func, select

from game.records.patient_rows import patient_of, patient_row
from game.records.patients import Patient
from game.records.play_rows import read_plays
from game.records.plays import PlayRecord
from game.records.schema import patients, plays

#: Told how much is written, 0 to 1.
Progress = Callable[[float], None]


def chosen(connection: Connection, codes: Sequence[str] | None) -> list[Patient]:
    """The patients of these codes, or everybody. Raises RecordsError for an unknown code."""
    if codes is None:
        rows = connection.execute(select(patients).order_by(patients.c.code_key))
        return [patient_of(row) for row in rows]
    found = [patient_of(patient_row(connection, code)) for code in codes]
    return list(dict.fromkeys(found))


def count_plays(connection: Connection, people: Sequence[Patient]) -> int:
    """How many plays they have together."""
    query = select(plays.c.patient_id, func.count()).group_by(plays.c.patient_id)
    counts = {row[0]: row[1] for row in connection.execute(query)}
    return sum(counts.get(patient.id, 0) for patient in people)


def plays_of(connection: Connection, patient: Patient) -> Iterator[PlayRecord]:
    """The patient's plays with their data, the earliest first, a few in memory at a time."""
    ids = list(
        connection.execute(
            select(plays.c.id)
            .where(plays.c.patient_id == patient.id)
            .order_by(plays.c.started_at, plays.c.id)
        ).scalars()
    )
    for first in range(0, len(ids), _ROWS):
        some = ids[first : first + _ROWS]
        found = {
            row.id: row for row in connection.execute(select(plays).where(plays.c.id.in_(some)))
        }
        rows: list[Row[object]] = [found[play_id] for play_id in some]
        yield from read_plays(connection, rows)


_ROWS = 50


@dataclass
class Counter:
    """Tells ``progress`` how many of ``whole`` are done; not oftener than worth it."""

    whole: int
    progress: Progress | None
    done: int = 0

    def one_more(self) -> None:
        """One is done."""
        self.done += 1
        step = max(1, self.whole // 200)
        if self.progress is not None and (self.done % step == 0 or self.done == self.whole):
            self.progress(min(1.0, self.done / max(1, self.whole)))
