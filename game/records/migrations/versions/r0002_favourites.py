"""Songs that a patient likes best."""

import sqlalchemy as sa
from alembic import op

from game.records.types import TEXT, UtcTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "favourites",
        sa.Column("patient_id", TEXT, nullable=False),
        sa.Column("song_key", TEXT, nullable=False),
        sa.Column("song_hash", TEXT, nullable=False),
        sa.Column("chosen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("patient_id", "song_key", name="pk_favourites"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_favourites_patient_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
