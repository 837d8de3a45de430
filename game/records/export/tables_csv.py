"""Everything as tables: a CSV file per kind of fact, and every target and press of every play.

Columns are those of the records; documents (a plan, the evidence of a change) are JSON in a cell.
Times are UTC, ``local_date`` is the day where it happened. The raw block of a play is left out:
``targets.csv`` and ``presses.csv`` say what is in it, judged by the present rules, and the JSON
export has it.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table, select

from game.core.data import Judgements
from game.core.grips import GRIP_LABELS
from game.records.export.cells import Rows
from game.records.export.people import Counter, Progress, chosen, count_plays, plays_of
from game.records.export.sink import Sink, sink
from game.records.fact_kinds import KINDS, of_patient
from game.records.fact_values import plain_row
from game.records.judged import really_asked
from game.records.patients import Patient
from game.records.plays import PlayRecord
from game.records.schema import difficulty_states, favourites, patients, play_grips, plays
from game.records.store_base import StoreBase
from game.records.types import Json, to_json

_MISSES = ("", "omission", "early", "late", "wrong_grip")
_OUTCOMES = ("hit", "near", "wrong_grip", "extra")

_TARGETS = (
    "patient", "play_id", "target", "time_s", "grip", "duration_s", "pitch", "tier", "phrase",
    "hit", "asynchrony_ms", "miss", "wrong_grip", "dwell_ms", "left_out",
)  # fmt: skip
_PRESSES = ("patient", "play_id", "press", "time_s", "grip", "outcome", "target", "released_s")

_READ_ME = """Griptune: everything that is kept, as tables.

UTF-8, commas, a line of names first. Times are UTC; local_date is the day where it happened.
Asynchrony is press minus target: negative is early. Empty cells: nothing was measured. A text
that a spreadsheet would take for a formula has an apostrophe in front.

targets.csv   every target of every play, in song time, and what became of it; left_out: the glove
              was at fault, and it counts nowhere
presses.csv   every press that was judged; target is the row of targets.csv it hit or was noted for
others        one file per kind of fact, with the columns of the records

Not a diagnosis: counts and times from a game.
"""


def write_tables(
    store: StoreBase,
    path: Path,
    codes: Sequence[str] | None = None,
    *,
    progress: Progress | None = None,
) -> int:
    """Write a folder or zip of tables; returns how many plays are in it. Raises RecordsError."""
    with store.reading() as connection, sink(path) as out:
        people = chosen(connection, codes)
        counter = Counter(2 * count_plays(connection, people), progress)
        with out.file("README.txt") as file:
            file.write(_READ_ME.encode())
        _write_table(out, connection, "patients", patients, people)
        for kind in KINDS.values():
            _write_table(out, connection, kind.table.name, kind.table, people)
        _write_table(out, connection, "play_grips", play_grips, people)
        for table in (difficulty_states, favourites):
            _write_table(out, connection, table.name, table, people)
        with out.file("targets.csv") as file:
            rows = Rows(file, _TARGETS)
            for patient in people:
                for play in plays_of(connection, patient):
                    for row in target_rows(play, _judged(play)):
                        rows.row((patient.code, play.id, *row))
                    counter.one_more()
        with out.file("presses.csv") as file:
            rows = Rows(file, _PRESSES)
            for patient in people:
                for play in plays_of(connection, patient):
                    for row in press_rows(play, _judged(play)):
                        rows.row((patient.code, play.id, *row))
                    counter.one_more()
    return counter.done // 2


def target_rows(play: PlayRecord, judgements: Judgements) -> Iterator[tuple[Any, ...]]:
    """A row per target, as ``targets.csv`` has it after patient and play."""
    targets, judged = play.targets, judgements.targets
    # Columns as lists: a year of plays has some ten million rows.
    pressed = judged["press_index"] >= 0
    columns = (
        range(len(targets)),
        _seconds(targets["time_us"]),
        _labels(targets["grip"]),
        _seconds(targets["duration_us"]),
        targets["pitch"].tolist(),
        targets["tier"].tolist(),
        targets["phrase"].tolist(),
        judged["hit"].tolist(),
        _where(pressed, judged["asynchrony_us"] / 1000),
        [_MISSES[miss] for miss in judged["miss"].tolist()],
        _labels(judged["wrong_grip"]),
        _where(judged["dwell_us"] >= 0, judged["dwell_us"] / 1000),
        (~really_asked(play, judgements)).tolist(),
    )
    return zip(*columns, strict=True)


def press_rows(play: PlayRecord, judgements: Judgements) -> Iterator[tuple[Any, ...]]:
    """A row per press, as ``presses.csv`` has it after patient and play."""
    presses = judgements.presses
    edges = play.edges[presses["edge_index"]]
    target = presses["target_index"]
    released_us = _releases(play.edges)[presses["edge_index"]]
    columns = (
        range(len(presses)),
        _seconds(edges["time_us"]),
        _labels(edges["grip"]),
        [_OUTCOMES[outcome] for outcome in presses["outcome"].tolist()],
        _where(target >= 0, target),
        _where(released_us != _NEVER, released_us / 1e6),
    )
    return zip(*columns, strict=True)


#: When a press was released that never was.
_NEVER = np.iinfo(np.int64).min


def _releases(edges: np.ndarray) -> np.ndarray:
    """When each press (by its edge) was released, µs; _NEVER for one that was not."""
    found = np.full(len(edges), _NEVER, np.int64)
    held: dict[int, int] = {}
    rows = zip(edges["grip"].tolist(), edges["down"].tolist(), strict=True)
    for index, (grip, down) in enumerate(rows):
        if down:
            held[grip] = index
        elif grip in held:
            found[held.pop(grip)] = edges["time_us"][index]
    return found


def _labels(grips: np.ndarray) -> list[str]:
    """Names of grips; nothing for −1."""
    return [GRIP_LABELS[grip] if grip >= 0 else "" for grip in grips.tolist()]


def _where(known: np.ndarray, values: np.ndarray) -> list[Any]:
    """The values that are known, None for the others."""
    pairs = zip(known.tolist(), values.tolist(), strict=True)
    return [value if is_known else None for is_known, value in pairs]


def _judged(play: PlayRecord) -> Judgements:
    from game.core.judge import judge

    return judge(play.targets, play.edges, play.window)


def _write_table(
    out: Sink, connection: Connection, name: str, table: Table, people: Sequence[Patient]
) -> None:
    with out.file(f"{name}.csv") as file:
        rows = Rows(file, ["patient", *(c.name for c in table.columns)])
        for patient in people:
            for row in _rows_of(connection, table, patient):
                values = plain_row(table, row)
                rows.row(
                    [
                        patient.code,
                        *(
                            to_json(value)
                            if isinstance(table.c[column].type, Json) and value is not None
                            else value
                            for column, value in values.items()
                        ),
                    ]
                )


def _rows_of(connection: Connection, table: Table, patient: Patient) -> Iterator[Any]:
    kind = next((k for k in KINDS.values() if k.table is table), None)
    if kind is not None:
        query = of_patient(kind, patient.id).order_by(*kind.order)
    elif table is play_grips:
        query = select(table).join(plays).where(plays.c.patient_id == patient.id)
        query = query.order_by(*table.primary_key)
    else:
        own = table.c.id if table is patients else table.c.patient_id
        query = select(table).where(own == patient.id).order_by(*table.primary_key)
    # One patient's rows of one table: some thousands at most, and gone before the next.
    yield from connection.execute(query)


def _seconds(us: np.ndarray) -> list[float]:
    seconds: list[float] = (us / 1e6).tolist()
    return seconds
