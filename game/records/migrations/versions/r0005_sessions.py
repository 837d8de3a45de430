"""Sittings and what is asked, done and measured in them; what a clinic's server keeps."""

import sqlalchemy as sa
from alembic import op

from game.records.types import BLOB, INTEGER, INTEGER_64, NUMBER, TEXT, Flag, Json, UtcTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _sessions_and_clinic()
    _plays_of_sessions()
    _first_versions()


def _sessions_and_clinic() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_key", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("passphrase_scrypt", TEXT, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("disabled_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("name_key", name="uq_accounts_name_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "clinic_settings",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", Json(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_clinic_settings"),
        sqlite_strict=True,
    )
    op.create_table(
        "login_attempts",
        sa.Column("name_key", TEXT, nullable=False),
        sa.Column("failures", INTEGER, nullable=False),
        sa.Column("next_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name_key", name="pk_login_attempts"),
        sqlite_strict=True,
    )
    op.create_table(
        "outbox",
        sa.Column("sequence", INTEGER, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("queued_at", UtcTime(), nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name="pk_outbox"),
        sa.UniqueConstraint("kind", "id", name="uq_outbox_kind"),
        sqlite_strict=True,
    )
    op.create_index("ix_outbox_sent_at_sequence", "outbox", ["sent_at", "sequence"])
    op.create_table(
        "pairing_codes",
        sa.Column("code_hash", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("used_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name="pk_pairing_codes"),
        sqlite_strict=True,
    )
    op.create_table(
        "received",
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("station_id", TEXT, nullable=True),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name="pk_received"),
        sqlite_strict=True,
    )
    op.create_index("ix_received_received_at", "received", ["received_at"])
    op.create_table(
        "songs_shared",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("data", BLOB, nullable=False),
        sa.Column("hidden", Flag(), nullable=False),
        sa.Column("uploaded_by", TEXT, nullable=False),
        sa.Column("uploaded_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_songs_shared"),
        sqlite_strict=True,
    )
    op.create_table(
        "stations",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("revoked_at", UtcTime(), nullable=True),
        sa.Column("last_seen_at", UtcTime(), nullable=True),
        sa.Column("health", Json(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_stations"),
        sa.UniqueConstraint("token_hash", name="uq_stations_token_hash"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_log",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_audit_log_patient_id", ondelete="SET NULL"
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_index("ix_audit_log_patient_id_at", "audit_log", ["patient_id", "at"])
    op.create_table(
        "diary",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("local_date", TEXT, nullable=False),
        sa.Column("felt", TEXT, nullable=False),
        sa.Column("worked", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_diary"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_diary_patient_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_diary_patient_id_local_date", "diary", ["patient_id", "local_date"])
    op.create_table(
        "goals",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("local_date", TEXT, nullable=False),
        sa.Column("words", TEXT, nullable=False),
        sa.Column("area", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_goals"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_goals_patient_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_goals_patient_id_at", "goals", ["patient_id", "at"])
    op.create_table(
        "notes",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("local_date", TEXT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("words", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_notes_patient_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_notes_patient_id_at", "notes", ["patient_id", "at"])
    op.create_table(
        "outcome_tests",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("local_date", TEXT, nullable=False),
        sa.Column("test", TEXT, nullable=False),
        sa.Column("value", NUMBER, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("hand", TEXT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outcome_tests"),
        sa.CheckConstraint("hand IN ('left', 'right')", name="ck_outcome_tests_hand"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_outcome_tests_patient_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_outcome_tests_patient_id_test_local_date",
        "outcome_tests",
        ["patient_id", "test", "local_date"],
    )
    op.create_table(
        "patient_versions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.Column("document", Json(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_patient_versions"),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patients.id"],
            name="fk_patient_versions_patient_id",
            ondelete="CASCADE",
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_patient_versions_patient_id_version", "patient_versions", ["patient_id", "version"]
    )
    op.create_table(
        "sessions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("utc_offset_s", INTEGER, nullable=False),
        sa.Column("local_date", TEXT, nullable=False),
        sa.Column("hand", TEXT, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("document", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.CheckConstraint("hand IN ('left', 'right')", name="ck_sessions_hand"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_sessions_patient_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_sessions_local_date", "sessions", ["local_date"])
    op.create_index("ix_sessions_patient_id_started_at", "sessions", ["patient_id", "started_at"])
    op.create_table(
        "web_sessions",
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("last_seen_at", UtcTime(), nullable=False),
        sa.Column("csrf", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_web_sessions"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_web_sessions_account_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_web_sessions_account_id", "web_sessions", ["account_id"])
    op.create_table(
        "activities",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=False),
        sa.Column("session_id", TEXT, nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("local_date", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("form", TEXT, nullable=False),
        sa.Column("sets", INTEGER, nullable=False),
        sa.Column("amount", INTEGER, nullable=False),
        sa.Column("seconds", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_activities"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_activities_session_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_activities_patient_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_activities_patient_id_local_date", "activities", ["patient_id", "local_date"]
    )
    op.create_table(
        "check_ins",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=False),
        sa.Column("session_id", TEXT, nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("local_date", TEXT, nullable=False),
        sa.Column("moment", TEXT, nullable=False),
        sa.Column("pain", INTEGER, nullable=True),
        sa.Column("fatigue", INTEGER, nullable=True),
        sa.Column("sharp", Flag(), nullable=False),
        sa.Column("new_signs", Json(), nullable=False),
        sa.Column("skin_ok", Flag(), nullable=True),
        sa.Column("sore_hours", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_check_ins"),
        sa.CheckConstraint("pain BETWEEN 0 AND 10", name="ck_check_ins_pain"),
        sa.CheckConstraint(
            "moment IN ('before', 'between', 'after', 'next day')", name="ck_check_ins_moment"
        ),
        sa.CheckConstraint("fatigue BETWEEN 0 AND 10", name="ck_check_ins_fatigue"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_check_ins_session_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_check_ins_patient_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_check_ins_patient_id_local_date", "check_ins", ["patient_id", "local_date"])
    op.create_table(
        "goal_closings",
        sa.Column("goal_id", TEXT, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("local_date", TEXT, nullable=False),
        sa.Column("reached", Flag(), nullable=False),
        sa.PrimaryKeyConstraint("goal_id", name="pk_goal_closings"),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goals.id"], name="fk_goal_closings_goal_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "session_closings",
        sa.Column("session_id", TEXT, nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=False),
        sa.Column("ended", TEXT, nullable=False),
        sa.Column("flags", Json(), nullable=False),
        sa.Column("play_us", INTEGER_64, nullable=False),
        sa.Column("repetitions", INTEGER, nullable=False),
        sa.Column("day_kept", Flag(), nullable=False),
        sa.Column("document", Json(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_session_closings"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name="fk_session_closings_session_id",
            ondelete="CASCADE",
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "session_events",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("session_id", TEXT, nullable=False),
        sa.Column("sequence", INTEGER, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("document", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_session_events"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_session_events_session_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("session_id", "sequence", name="uq_session_events_session_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "assessments",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=False),
        sa.Column("session_id", TEXT, nullable=True),
        sa.Column("play_id", TEXT, nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("local_date", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("hand", TEXT, nullable=False),
        sa.Column("input_kind", TEXT, nullable=False),
        sa.Column("document", Json(), nullable=False),
        sa.Column("result", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_assessments"),
        sa.CheckConstraint("hand IN ('left', 'right')", name="ck_assessments_hand"),
        sa.ForeignKeyConstraint(
            ["play_id"], ["plays.id"], name="fk_assessments_play_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_assessments_session_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_assessments_patient_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_assessments_patient_id_kind_at", "assessments", ["patient_id", "kind", "at"]
    )
    op.create_table(
        "rejudgements",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("play_id", TEXT, nullable=False),
        sa.Column("judged_at", UtcTime(), nullable=False),
        sa.Column("software_version", TEXT, nullable=False),
        sa.Column("document", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rejudgements"),
        sa.ForeignKeyConstraint(
            ["play_id"], ["plays.id"], name="fk_rejudgements_play_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_rejudgements_play_id_judged_at", "rejudgements", ["play_id", "judged_at"])


def _plays_of_sessions() -> None:
    # In words: what alembic would write differs between its versions, and SQLite takes a reference
    # with a new column only in this form.
    text = 'TEXT COLLATE "C"' if op.get_bind().dialect.name == "postgresql" else "TEXT"
    op.execute(
        f"ALTER TABLE plays ADD COLUMN session_id {text} "
        "CONSTRAINT fk_plays_session_id REFERENCES sessions (id) ON DELETE SET NULL"
    )
    op.create_index("ix_plays_session_id", "plays", ["session_id"])


def _first_versions() -> None:
    """Every patient's row as it stands is its first version; its identifier is the patient's."""
    texts = [sa.column(name, TEXT) for name in ("id", "code", "nickname", "picture", "hand")]
    flags = [sa.column(name, Flag()) for name in ("on_board", "board_hidden")]
    patients = sa.table("patients", *texts, *flags, sa.column("created_at", UtcTime()))
    versions = sa.table(
        "patient_versions",
        *(sa.column(name, TEXT) for name in ("id", "patient_id")),
        sa.column("version", INTEGER),
        sa.column("document", Json()),
        sa.column("changed_at", UtcTime()),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(patients)).all():
        document = dict(row._mapping)
        document["created_at"] = row.created_at.isoformat()
        connection.execute(
            sa.insert(versions),
            {
                "id": row.id,
                "patient_id": row.id,
                "version": 1,
                "document": document,
                "changed_at": row.created_at,
            },
        )
