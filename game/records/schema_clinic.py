"""The tables of the clinic's server and of a station that is paired with one.

Secrets are kept as hashes: who reads the database can neither sign in nor speak as a station.
"""

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint

from game.records.schema_base import is_, may, table, to
from game.records.types import BLOB, INTEGER, TEXT, Flag, Json, UtcTime

stations = table(
    "stations",
    is_("id", TEXT),
    is_("name", TEXT),
    is_("token_hash", TEXT),
    is_("created_at", UtcTime()),
    may("revoked_at", UtcTime()),
    may("last_seen_at", UtcTime()),
    may("health", Json()),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("token_hash"),
)

pairing_codes = table(
    "pairing_codes",
    is_("code_hash", TEXT),
    is_("name", TEXT),
    is_("expires_at", UtcTime()),
    may("used_at", UtcTime()),
    PrimaryKeyConstraint("code_hash"),
)

accounts = table(
    "accounts",
    is_("id", TEXT),
    is_("name", TEXT),
    is_("name_key", TEXT),  # the name as it is compared: no two differ by capitals alone
    is_("role", TEXT),
    is_("passphrase_scrypt", TEXT),
    is_("created_at", UtcTime()),
    may("disabled_at", UtcTime()),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("name_key"),
)

login_attempts = table(
    "login_attempts",
    is_("name_key", TEXT),
    is_("failures", INTEGER),
    is_("next_at", UtcTime()),
    PrimaryKeyConstraint("name_key"),
)

web_sessions = table(
    "web_sessions",
    is_("token_hash", TEXT),
    is_("account_id", TEXT, to("accounts.id")),
    is_("created_at", UtcTime()),
    is_("last_seen_at", UtcTime()),
    is_("csrf", TEXT),
    PrimaryKeyConstraint("token_hash"),
    Index(None, "account_id"),
)

#: Facts that a station still has to tell the clinic, in the order they were written.
outbox = table(
    "outbox",
    is_("sequence", INTEGER),
    is_("kind", TEXT),
    is_("id", TEXT),
    is_("digest", TEXT),
    is_("queued_at", UtcTime()),
    may("sent_at", UtcTime()),
    PrimaryKeyConstraint("sequence"),
    UniqueConstraint("kind", "id"),
    Index(None, "sent_at", "sequence"),
)

#: Facts that the clinic has, and from which station they came first.
received = table(
    "received",
    is_("kind", TEXT),
    is_("id", TEXT),
    is_("digest", TEXT),
    may("station_id", TEXT),
    is_("received_at", UtcTime()),
    PrimaryKeyConstraint("kind", "id"),
    Index(None, "received_at"),
)

songs_shared = table(
    "songs_shared",
    is_("key", TEXT),
    is_("title", TEXT),
    is_("digest", TEXT),
    is_("data", BLOB),
    is_("hidden", Flag()),
    is_("uploaded_by", TEXT),
    is_("uploaded_at", UtcTime()),
    PrimaryKeyConstraint("key"),
)

clinic_settings = table(
    "clinic_settings",
    is_("name", TEXT),
    is_("value", Json()),
    PrimaryKeyConstraint("name"),
)
