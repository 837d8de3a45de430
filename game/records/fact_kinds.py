"""The kinds of facts: which table holds each, by what it is known, and whose it is."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Select, Table, select

from game.records import schema, schema_sessions


@dataclass(frozen=True)
class Kind:
    """One kind of fact. ``parent`` is the table that says whose it is, joined by the column
    ``parent_key``; None where the row itself does."""

    name: str
    table: Table
    key: Column[Any]
    parent: Table | None = None
    parent_key: str = ""

    @property
    def order(self) -> tuple[Column[Any], ...]:
        """In what order they were written."""
        columns = self.table.c
        return (columns.version,) if "version" in columns else (self.key,)


def _kind(name: str, table: Table, key: str = "id", parent: Table | None = None) -> Kind:
    column = "" if parent is None else f"{parent.name.removesuffix('s')}_id"
    return Kind(name, table, table.c[key], parent, column)


#: In an order in which they can be put into empty records: parents first.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("patient", schema.patient_versions),
        _kind("prescription", schema.prescriptions),
        _kind("session", schema_sessions.sessions),
        _kind("session-event", schema_sessions.session_events, parent=schema_sessions.sessions),
        _kind(
            "session-closing",
            schema_sessions.session_closings,
            "session_id",
            parent=schema_sessions.sessions,
        ),
        _kind("play", schema.plays),
        _kind("rejudgement", schema.rejudgements, parent=schema.plays),
        _kind("difficulty-change", schema.difficulty_changes),
        _kind("check-in", schema_sessions.check_ins),
        _kind("activity", schema_sessions.activities),
        _kind("diary", schema_sessions.diary),
        _kind("goal", schema_sessions.goals),
        _kind("goal-closing", schema_sessions.goal_closings, "goal_id", schema_sessions.goals),
        _kind("assessment", schema_sessions.assessments),
        _kind("outcome-test", schema_sessions.outcome_tests),
        _kind("note", schema_sessions.notes),
    )
}


def of_patient(kind: Kind, patient_id: str) -> Select[Any]:
    """The rows of this kind that are a patient's."""
    if kind.parent is None:
        return select(kind.table).where(kind.table.c.patient_id == patient_id)
    parent = kind.parent
    return (
        select(kind.table)
        .join(parent, kind.table.c[kind.parent_key] == parent.c.id)
        .where(parent.c.patient_id == patient_id)
    )
