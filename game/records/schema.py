"""The tables, as SQLAlchemy Core knows them.

Facts (plays, their grips and data, difficulty changes) are written once and never altered; what
may change is a patient's own row, the songs they marked, and the present difficulty, whose every
step is a fact beside it. The migrations build the same tables step by step; a test holds the two
together.

Times end in ``_at`` (UTC) or ``_us`` (microseconds), levels are octaves: log2 of targets/s.
"""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

from game.records.types import BLOB, INTEGER, INTEGER_64, NUMBER, TEXT, Flag, Json, UtcTime

#: The revision these tables stand at: the last one of the migrations' chain.
HEAD = "0004"

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _table(name: str, *items: SchemaItem) -> Table:
    return Table(name, METADATA, *items, sqlite_strict=True)


def _is(name: str, type_: Any, *items: SchemaItem) -> Column[Any]:
    return Column(name, type_, *items, nullable=False)


def _may(name: str, type_: Any, *items: SchemaItem) -> Column[Any]:
    return Column(name, type_, *items, nullable=True)


def _to(target: str) -> ForeignKey:
    """Erasing what is referred to erases the row: a patient leaves nothing behind."""
    return ForeignKey(target, ondelete="CASCADE")


patients = _table(
    "patients",
    _is("id", TEXT),
    _is("code", TEXT),
    _is("code_key", TEXT),  # the code as it is compared: no two differ by capitals alone
    _may("nickname", TEXT),
    _is("picture", TEXT),
    _is("hand", TEXT),
    _is("on_board", Flag()),
    _is("board_hidden", Flag()),
    _is("created_at", UtcTime()),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("code_key"),
    CheckConstraint("hand IN ('left', 'right')", name="hand"),
)

plays = _table(
    "plays",
    _is("id", TEXT),
    _may("patient_id", TEXT, _to("patients.id")),  # none: a guest
    _is("song_key", TEXT),
    _is("song_title", TEXT),
    _is("song_hash", TEXT),
    _is("started_at", UtcTime()),
    _is("utc_offset_s", INTEGER),  # of the station's clock, so that the local day is a fact
    _is("local_date", TEXT),
    _is("hand", TEXT),
    _is("input_kind", TEXT),
    _is("input_description", TEXT),
    _may("rate_asked", NUMBER),
    _is("rate_fixed", Flag()),
    _is("tempo", NUMBER),
    _is("window_early_us", INTEGER_64),
    _is("window_late_us", INTEGER_64),
    _is("window_near_us", INTEGER_64),
    _is("targets", INTEGER),
    _is("hits", INTEGER),
    _is("missed_omission", INTEGER),
    _is("missed_early", INTEGER),
    _is("missed_late", INTEGER),
    _is("missed_wrong_grip", INTEGER),
    _is("near", INTEGER),
    _is("wrong", INTEGER),
    _is("extra", INTEGER),
    _is("counted", INTEGER),
    _is("repetitions", INTEGER),
    _may("asynchrony_median_ms", NUMBER),
    _may("asynchrony_sd_ms", NUMBER),
    _may("dwell_median_ms", NUMBER),
    _is("score", INTEGER),
    _is("duration_us", INTEGER_64),
    _may("level", NUMBER),  # median of x over the second half; none: not adapted
    _may("x_after", NUMBER),  # x when the play closed
    _is("interrupted", Flag()),
    _may("seed", INTEGER_64),
    _is("software_version", TEXT),
    _is("delays", Json()),
    # Last, as in a file that was migrated: play, practice, assisted, mirror, mental, …
    Column("mode", TEXT, nullable=False, server_default="play"),
    PrimaryKeyConstraint("id"),
    CheckConstraint("hand IN ('left', 'right')", name="hand"),
    CheckConstraint(
        "targets = hits + missed_omission + missed_early + missed_late + missed_wrong_grip",
        name="every_target_is_hit_or_missed",
    ),
    CheckConstraint(
        "repetitions = hits + near + wrong + extra AND counted = hits + near",
        name="every_press_is_counted_once",
    ),
    Index(None, "patient_id", "started_at"),
    Index(None, "local_date"),
)

play_grips = _table(
    "play_grips",
    _is("play_id", TEXT, _to("plays.id")),
    _is("grip", TEXT),
    _is("presented", INTEGER),
    _is("hits", INTEGER),
    _is("near", INTEGER),
    _is("wrong", INTEGER),  # presses of this grip where another was asked for
    _is("extra", INTEGER),
    _is("repetitions", INTEGER),
    PrimaryKeyConstraint("play_id", "grip"),
    CheckConstraint(
        "repetitions = hits + near + wrong + extra", name="every_press_is_counted_once"
    ),
)

play_data = _table(
    "play_data",
    _is("play_id", TEXT, _to("plays.id")),
    _is("data", BLOB),
    _is("digest", TEXT),
    PrimaryKeyConstraint("play_id"),
)

#: Plays that are running, or whose process died: gone when the play is closed.
open_plays = _table(
    "open_plays",
    _is("id", TEXT),
    _may("patient_id", TEXT, _to("patients.id")),
    _is("owner", TEXT),  # the writer that holds the lock of this name while its process lives
    _is("opening", Json()),
    PrimaryKeyConstraint("id"),
)

journal = _table(
    "journal",
    _is("play_id", TEXT, _to("open_plays.id")),
    _is("sequence", INTEGER),
    _is("chunk", BLOB),
    PrimaryKeyConstraint("play_id", "sequence"),
)

difficulty_states = _table(
    "difficulty_states",
    _is("patient_id", TEXT, _to("patients.id")),
    _is("hand", TEXT),
    _is("input_kind", TEXT),
    _is("x", NUMBER),
    _is("seen", INTEGER),
    _is("state", Json()),
    _is("updated_at", UtcTime()),
    PrimaryKeyConstraint("patient_id", "hand", "input_kind"),
    CheckConstraint("hand IN ('left', 'right')", name="hand"),
)

difficulty_changes = _table(
    "difficulty_changes",
    _is("id", TEXT),
    _may("patient_id", TEXT, _to("patients.id")),
    _may("play_id", TEXT, _to("plays.id")),
    _is("hand", TEXT),
    _is("input_kind", TEXT),
    _is("changed_at", UtcTime()),
    _is("sequence", INTEGER),  # the order within one play
    _may("song_us", INTEGER_64),
    _is("before_x", NUMBER),
    _is("after_x", NUMBER),
    _is("reason", TEXT),
    _is("evidence", Json()),
    PrimaryKeyConstraint("id"),
    CheckConstraint("hand IN ('left', 'right')", name="hand"),
    Index(None, "patient_id", "changed_at"),
    Index(None, "play_id"),
)

#: Songs that a patient marked. A mark may go again: it is a wish, and no fact.
favourites = _table(
    "favourites",
    _is("patient_id", TEXT, _to("patients.id")),
    _is("song_key", TEXT),
    _is("song_hash", TEXT),
    _is("chosen_at", UtcTime()),
    PrimaryKeyConstraint("patient_id", "song_key"),
)

#: Every version of every plan; the one with the highest number holds.
prescriptions = _table(
    "prescriptions",
    _is("id", TEXT),
    _is("patient_id", TEXT, _to("patients.id")),
    _is("version", INTEGER),
    _is("document", Json()),
    _is("author", TEXT),
    _is("created_at", UtcTime()),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("patient_id", "version"),
)

#: Patients who were erased, by a hash of their identifier: a backup may still hold them.
erased = _table(
    "erased",
    _is("digest", TEXT),
    _is("erased_at", UtcTime()),
    PrimaryKeyConstraint("digest"),
)
