"""The tables of a sitting and of what is said, done and measured around the plays.

All are facts: written once and never altered. What changes later is a row of its own (a session's
events and its closing, a goal's closing). ``local_date`` is the day where it happened.
"""

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint

from game.records.schema_base import is_, link, may, table, to
from game.records.types import INTEGER, INTEGER_64, NUMBER, TEXT, Flag, Json, UtcTime

sessions = table(
    "sessions",
    is_("id", TEXT),
    is_("patient_id", TEXT, to("patients.id")),
    is_("started_at", UtcTime()),
    is_("utc_offset_s", INTEGER),
    is_("local_date", TEXT),
    is_("hand", TEXT),
    is_("who", TEXT),
    is_("document", Json()),
    PrimaryKeyConstraint("id"),
    CheckConstraint("hand IN ('left', 'right')", name="hand"),
    Index(None, "patient_id", "started_at"),
    Index(None, "local_date"),
)

#: The session as it stood after every change of stage: the latest is where it is taken up.
session_events = table(
    "session_events",
    is_("id", TEXT),
    is_("session_id", TEXT, to("sessions.id")),
    is_("sequence", INTEGER),
    is_("at", UtcTime()),
    is_("kind", TEXT),
    is_("document", Json()),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("session_id", "sequence"),
)

session_closings = table(
    "session_closings",
    is_("session_id", TEXT, to("sessions.id")),
    is_("ended_at", UtcTime()),
    is_("ended", TEXT),
    is_("flags", Json()),
    is_("play_us", INTEGER_64),
    is_("repetitions", INTEGER),
    is_("day_kept", Flag()),
    is_("document", Json()),
    PrimaryKeyConstraint("session_id"),
)

check_ins = table(
    "check_ins",
    is_("id", TEXT),
    is_("patient_id", TEXT, to("patients.id")),
    may("session_id", TEXT, link("sessions.id")),
    is_("at", UtcTime()),
    is_("local_date", TEXT),
    is_("moment", TEXT),
    may("pain", INTEGER),
    may("fatigue", INTEGER),
    is_("sharp", Flag()),
    is_("new_signs", Json()),
    may("skin_ok", Flag()),
    may("sore_hours", NUMBER),
    PrimaryKeyConstraint("id"),
    CheckConstraint("moment IN ('before', 'between', 'after', 'next day')", name="moment"),
    CheckConstraint("pain BETWEEN 0 AND 10", name="pain"),
    CheckConstraint("fatigue BETWEEN 0 AND 10", name="fatigue"),
    Index(None, "patient_id", "local_date"),
)

#: Exercises, tasks, mirror, mental and assisted practice: what is done beside the songs.
activities = table(
    "activities",
    is_("id", TEXT),
    is_("patient_id", TEXT, to("patients.id")),
    may("session_id", TEXT, link("sessions.id")),
    is_("at", UtcTime()),
    is_("local_date", TEXT),
    is_("kind", TEXT),
    is_("name", TEXT),
    is_("form", TEXT),
    is_("sets", INTEGER),
    is_("amount", INTEGER),
    is_("seconds", NUMBER),
    PrimaryKeyConstraint("id"),
    Index(None, "patient_id", "local_date"),
)

diary = table(
    "diary",
    is_("id", TEXT),
    is_("patient_id", TEXT, to("patients.id")),
    is_("at", UtcTime()),
    is_("local_date", TEXT),  # the day it speaks of
    is_("felt", TEXT),
    is_("worked", TEXT),
    PrimaryKeyConstraint("id"),
    Index(None, "patient_id", "local_date"),
)

goals = table(
    "goals",
    is_("id", TEXT),
    is_("patient_id", TEXT, to("patients.id")),
    is_("at", UtcTime()),
    is_("local_date", TEXT),
    is_("words", TEXT),
    is_("area", TEXT),
    PrimaryKeyConstraint("id"),
    Index(None, "patient_id", "at"),
)

goal_closings = table(
    "goal_closings",
    is_("goal_id", TEXT, to("goals.id")),
    is_("at", UtcTime()),
    is_("local_date", TEXT),
    is_("reached", Flag()),
    PrimaryKeyConstraint("goal_id"),
)

assessments = table(
    "assessments",
    is_("id", TEXT),
    is_("patient_id", TEXT, to("patients.id")),
    may("session_id", TEXT, link("sessions.id")),
    may("play_id", TEXT, link("plays.id")),
    is_("at", UtcTime()),
    is_("local_date", TEXT),
    is_("kind", TEXT),
    is_("hand", TEXT),
    is_("input_kind", TEXT),
    is_("document", Json()),
    may("result", NUMBER),
    PrimaryKeyConstraint("id"),
    CheckConstraint("hand IN ('left', 'right')", name="hand"),
    Index(None, "patient_id", "kind", "at"),
)

#: Tests done by staff with the patient and typed in.
outcome_tests = table(
    "outcome_tests",
    is_("id", TEXT),
    is_("patient_id", TEXT, to("patients.id")),
    is_("at", UtcTime()),
    is_("local_date", TEXT),  # the day the test was done
    is_("test", TEXT),
    is_("value", NUMBER),
    is_("unit", TEXT),
    is_("hand", TEXT),
    is_("author", TEXT),
    PrimaryKeyConstraint("id"),
    CheckConstraint("hand IN ('left', 'right')", name="hand"),
    Index(None, "patient_id", "test", "local_date"),
)

notes = table(
    "notes",
    is_("id", TEXT),
    is_("patient_id", TEXT, to("patients.id")),
    is_("at", UtcTime()),
    is_("local_date", TEXT),
    is_("author", TEXT),
    is_("words", TEXT),
    PrimaryKeyConstraint("id"),
    Index(None, "patient_id", "at"),
)

#: Who looked at what, took it out, or changed it. Of an erased patient the row stays, without
#: saying whose it was: ``what`` names no code.
audit_log = table(
    "audit_log",
    is_("id", TEXT),
    is_("at", UtcTime()),
    is_("actor", TEXT),
    is_("action", TEXT),
    is_("what", TEXT),
    may("patient_id", TEXT, link("patients.id")),
    PrimaryKeyConstraint("id"),
    Index(None, "at"),
    Index(None, "patient_id", "at"),
)
