"""The tables, as SQLAlchemy Core knows them.

Facts (plays, their grips and data, difficulty changes) are written once and never altered; what
may change is a patient's own row, the songs they marked, and the present difficulty, whose every
step is a fact beside it. The migrations build the same tables step by step; a test holds the two
together.

Times end in ``_at`` (UTC) or ``_us`` (microseconds), levels are octaves: log2 of targets/s.
"""

from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, UniqueConstraint

from game.records import schema_clinic, schema_sessions
from game.records.schema_base import METADATA, is_, link, may, table, to
from game.records.types import BLOB, INTEGER, INTEGER_64, NUMBER, TEXT, Flag, Json, UtcTime

__all__ = ["HEAD", "METADATA", "schema_clinic", "schema_sessions"]

#: The revision these tables stand at: the last one of the migrations' chain.
HEAD = "0006"

patients = table(
    "patients",
    is_("id", TEXT),
    is_("code", TEXT),
    is_("code_key", TEXT),  # the code as it is compared: no two differ by capitals alone
    may("nickname", TEXT),
    is_("picture", TEXT),
    is_("hand", TEXT),
    is_("on_board", Flag()),
    is_("board_hidden", Flag()),
    is_("created_at", UtcTime()),
    may("glove_size", TEXT),
    # These two are this computer's alone and in no fact: a salted hash, and the board looked at.
    may("pin", TEXT),
    may("board_kind", TEXT),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("code_key"),
    CheckConstraint("hand IN ('left', 'right')", name="hand"),
)

plays = table(
    "plays",
    is_("id", TEXT),
    may("patient_id", TEXT, to("patients.id")),  # none: a guest
    is_("song_key", TEXT),
    is_("song_title", TEXT),
    is_("song_hash", TEXT),
    is_("started_at", UtcTime()),
    is_("utc_offset_s", INTEGER),  # of the station's clock, so that the local day is a fact
    is_("local_date", TEXT),
    is_("hand", TEXT),
    is_("input_kind", TEXT),
    is_("input_description", TEXT),
    may("rate_asked", NUMBER),
    is_("rate_fixed", Flag()),
    is_("tempo", NUMBER),
    is_("window_early_us", INTEGER_64),
    is_("window_late_us", INTEGER_64),
    is_("window_near_us", INTEGER_64),
    is_("targets", INTEGER),
    is_("hits", INTEGER),
    is_("missed_omission", INTEGER),
    is_("missed_early", INTEGER),
    is_("missed_late", INTEGER),
    is_("missed_wrong_grip", INTEGER),
    is_("near", INTEGER),
    is_("wrong", INTEGER),
    is_("extra", INTEGER),
    is_("counted", INTEGER),
    is_("repetitions", INTEGER),
    may("asynchrony_median_ms", NUMBER),
    may("asynchrony_sd_ms", NUMBER),
    may("dwell_median_ms", NUMBER),
    is_("score", INTEGER),
    is_("duration_us", INTEGER_64),
    may("level", NUMBER),  # median of x over the second half; none: not adapted
    may("x_after", NUMBER),  # x when the play closed
    is_("interrupted", Flag()),
    may("seed", INTEGER_64),
    is_("software_version", TEXT),
    is_("delays", Json()),
    # Last, as in a file that was migrated: play, practice, assisted, mirror, mental, …
    Column("mode", TEXT, nullable=False, server_default="play"),
    may("session_id", TEXT, link("sessions.id")),  # none: outside a session
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
    Index(None, "session_id"),
)

#: Every version of a patient's own row, the present one included: what stations tell each other.
patient_versions = table(
    "patient_versions",
    is_("id", TEXT),
    is_("patient_id", TEXT, to("patients.id")),
    is_("version", INTEGER),
    is_("document", Json()),
    is_("changed_at", UtcTime()),
    PrimaryKeyConstraint("id"),
    Index(None, "patient_id", "version"),
)

play_grips = table(
    "play_grips",
    is_("play_id", TEXT, to("plays.id")),
    is_("grip", TEXT),
    is_("presented", INTEGER),
    is_("hits", INTEGER),
    is_("near", INTEGER),
    is_("wrong", INTEGER),  # presses of this grip where another was asked for
    is_("extra", INTEGER),
    is_("repetitions", INTEGER),
    PrimaryKeyConstraint("play_id", "grip"),
    CheckConstraint(
        "repetitions = hits + near + wrong + extra", name="every_press_is_counted_once"
    ),
)

play_data = table(
    "play_data",
    is_("play_id", TEXT, to("plays.id")),
    is_("data", BLOB),
    is_("digest", TEXT),
    PrimaryKeyConstraint("play_id"),
)

#: What later rules make of a play: beside what was kept, never over it.
rejudgements = table(
    "rejudgements",
    is_("id", TEXT),
    is_("play_id", TEXT, to("plays.id")),
    is_("judged_at", UtcTime()),
    is_("software_version", TEXT),
    is_("document", Json()),
    PrimaryKeyConstraint("id"),
    Index(None, "play_id", "judged_at"),
)

#: Plays that are running, or whose process died: gone when the play is closed.
open_plays = table(
    "open_plays",
    is_("id", TEXT),
    may("patient_id", TEXT, to("patients.id")),
    is_("owner", TEXT),  # the writer that holds the lock of this name while its process lives
    is_("opening", Json()),
    PrimaryKeyConstraint("id"),
)

journal = table(
    "journal",
    is_("play_id", TEXT, to("open_plays.id")),
    is_("sequence", INTEGER),
    is_("chunk", BLOB),
    PrimaryKeyConstraint("play_id", "sequence"),
)

difficulty_states = table(
    "difficulty_states",
    is_("patient_id", TEXT, to("patients.id")),
    is_("hand", TEXT),
    is_("input_kind", TEXT),
    is_("x", NUMBER),
    is_("seen", INTEGER),
    is_("state", Json()),
    is_("updated_at", UtcTime()),
    PrimaryKeyConstraint("patient_id", "hand", "input_kind"),
    CheckConstraint("hand IN ('left', 'right')", name="hand"),
)

difficulty_changes = table(
    "difficulty_changes",
    is_("id", TEXT),
    may("patient_id", TEXT, to("patients.id")),
    may("play_id", TEXT, to("plays.id")),
    is_("hand", TEXT),
    is_("input_kind", TEXT),
    is_("changed_at", UtcTime()),
    is_("sequence", INTEGER),  # the order within one play
    may("song_us", INTEGER_64),
    is_("before_x", NUMBER),
    is_("after_x", NUMBER),
    is_("reason", TEXT),
    is_("evidence", Json()),
    PrimaryKeyConstraint("id"),
    CheckConstraint("hand IN ('left', 'right')", name="hand"),
    Index(None, "patient_id", "changed_at"),
    Index(None, "play_id"),
)

#: Songs that a patient marked. A mark may go again: it is a wish, and no fact.
favourites = table(
    "favourites",
    is_("patient_id", TEXT, to("patients.id")),
    is_("song_key", TEXT),
    is_("song_hash", TEXT),
    is_("chosen_at", UtcTime()),
    PrimaryKeyConstraint("patient_id", "song_key"),
)

#: Every version of every plan; the one with the highest number holds.
prescriptions = table(
    "prescriptions",
    is_("id", TEXT),
    is_("patient_id", TEXT, to("patients.id")),
    is_("version", INTEGER),
    is_("document", Json()),
    is_("author", TEXT),
    is_("created_at", UtcTime()),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("patient_id", "version"),
)

#: Patients who were erased, by a hash of their identifier: a backup may still hold them.
erased = table(
    "erased",
    is_("digest", TEXT),
    is_("erased_at", UtcTime()),
    PrimaryKeyConstraint("digest"),
)
