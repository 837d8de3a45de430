"""The first tables: patients, plays and their data, the journal, difficulty."""

import sqlalchemy as sa
from alembic import op

from game.records.types import BLOB, INTEGER, INTEGER_64, NUMBER, TEXT, Flag, Json, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "patients",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("code_key", TEXT, nullable=False),
        sa.Column("nickname", TEXT, nullable=True),
        sa.Column("picture", TEXT, nullable=False),
        sa.Column("hand", TEXT, nullable=False),
        sa.Column("on_board", Flag(), nullable=False),
        sa.Column("board_hidden", Flag(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
        sa.UniqueConstraint("code_key", name="uq_patients_code_key"),
        sa.CheckConstraint("hand IN ('left', 'right')", name="ck_patients_hand"),
        sqlite_strict=True,
    )
    op.create_table(
        "plays",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=True),
        sa.Column("song_key", TEXT, nullable=False),
        sa.Column("song_title", TEXT, nullable=False),
        sa.Column("song_hash", TEXT, nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("utc_offset_s", INTEGER, nullable=False),
        sa.Column("local_date", TEXT, nullable=False),
        sa.Column("hand", TEXT, nullable=False),
        sa.Column("input_kind", TEXT, nullable=False),
        sa.Column("input_description", TEXT, nullable=False),
        sa.Column("rate_asked", NUMBER, nullable=True),
        sa.Column("rate_fixed", Flag(), nullable=False),
        sa.Column("tempo", NUMBER, nullable=False),
        sa.Column("window_early_us", INTEGER_64, nullable=False),
        sa.Column("window_late_us", INTEGER_64, nullable=False),
        sa.Column("window_near_us", INTEGER_64, nullable=False),
        sa.Column("targets", INTEGER, nullable=False),
        sa.Column("hits", INTEGER, nullable=False),
        sa.Column("missed_omission", INTEGER, nullable=False),
        sa.Column("missed_early", INTEGER, nullable=False),
        sa.Column("missed_late", INTEGER, nullable=False),
        sa.Column("missed_wrong_grip", INTEGER, nullable=False),
        sa.Column("near", INTEGER, nullable=False),
        sa.Column("wrong", INTEGER, nullable=False),
        sa.Column("extra", INTEGER, nullable=False),
        sa.Column("counted", INTEGER, nullable=False),
        sa.Column("repetitions", INTEGER, nullable=False),
        sa.Column("asynchrony_median_ms", NUMBER, nullable=True),
        sa.Column("asynchrony_sd_ms", NUMBER, nullable=True),
        sa.Column("dwell_median_ms", NUMBER, nullable=True),
        sa.Column("score", INTEGER, nullable=False),
        sa.Column("duration_us", INTEGER_64, nullable=False),
        sa.Column("level", NUMBER, nullable=True),
        sa.Column("x_after", NUMBER, nullable=True),
        sa.Column("interrupted", Flag(), nullable=False),
        sa.Column("seed", INTEGER_64, nullable=True),
        sa.Column("software_version", TEXT, nullable=False),
        sa.Column("delays", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plays"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_plays_patient_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "repetitions = hits + near + wrong + extra AND counted = hits + near",
            name="ck_plays_every_press_is_counted_once",
        ),
        sa.CheckConstraint(
            "targets = hits + missed_omission + missed_early + missed_late + missed_wrong_grip",
            name="ck_plays_every_target_is_hit_or_missed",
        ),
        sa.CheckConstraint("hand IN ('left', 'right')", name="ck_plays_hand"),
        sqlite_strict=True,
    )
    op.create_index("ix_plays_local_date", "plays", ["local_date"])
    op.create_index("ix_plays_patient_id_started_at", "plays", ["patient_id", "started_at"])
    op.create_table(
        "play_grips",
        sa.Column("play_id", TEXT, nullable=False),
        sa.Column("grip", TEXT, nullable=False),
        sa.Column("presented", INTEGER, nullable=False),
        sa.Column("hits", INTEGER, nullable=False),
        sa.Column("near", INTEGER, nullable=False),
        sa.Column("wrong", INTEGER, nullable=False),
        sa.Column("extra", INTEGER, nullable=False),
        sa.Column("repetitions", INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("play_id", "grip", name="pk_play_grips"),
        sa.ForeignKeyConstraint(
            ["play_id"], ["plays.id"], name="fk_play_grips_play_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "repetitions = hits + near + wrong + extra",
            name="ck_play_grips_every_press_is_counted_once",
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "play_data",
        sa.Column("play_id", TEXT, nullable=False),
        sa.Column("data", BLOB, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("play_id", name="pk_play_data"),
        sa.ForeignKeyConstraint(
            ["play_id"], ["plays.id"], name="fk_play_data_play_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "open_plays",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=True),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("opening", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_open_plays"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_open_plays_patient_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "journal",
        sa.Column("play_id", TEXT, nullable=False),
        sa.Column("sequence", INTEGER, nullable=False),
        sa.Column("chunk", BLOB, nullable=False),
        sa.PrimaryKeyConstraint("play_id", "sequence", name="pk_journal"),
        sa.ForeignKeyConstraint(
            ["play_id"], ["open_plays.id"], name="fk_journal_play_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "difficulty_states",
        sa.Column("patient_id", TEXT, nullable=False),
        sa.Column("hand", TEXT, nullable=False),
        sa.Column("input_kind", TEXT, nullable=False),
        sa.Column("x", NUMBER, nullable=False),
        sa.Column("seen", INTEGER, nullable=False),
        sa.Column("state", Json(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("patient_id", "hand", "input_kind", name="pk_difficulty_states"),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patients.id"],
            name="fk_difficulty_states_patient_id",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("hand IN ('left', 'right')", name="ck_difficulty_states_hand"),
        sqlite_strict=True,
    )
    op.create_table(
        "difficulty_changes",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=True),
        sa.Column("play_id", TEXT, nullable=True),
        sa.Column("hand", TEXT, nullable=False),
        sa.Column("input_kind", TEXT, nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("sequence", INTEGER, nullable=False),
        sa.Column("song_us", INTEGER_64, nullable=True),
        sa.Column("before_x", NUMBER, nullable=False),
        sa.Column("after_x", NUMBER, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("evidence", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_difficulty_changes"),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patients.id"],
            name="fk_difficulty_changes_patient_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["play_id"], ["plays.id"], name="fk_difficulty_changes_play_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint("hand IN ('left', 'right')", name="ck_difficulty_changes_hand"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_difficulty_changes_patient_id_changed_at",
        "difficulty_changes",
        ["patient_id", "changed_at"],
    )
    op.create_index("ix_difficulty_changes_play_id", "difficulty_changes", ["play_id"])
