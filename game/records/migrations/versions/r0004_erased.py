"""Who was erased: so that a restored backup does not bring them back."""

import sqlalchemy as sa
from alembic import op

from game.records.types import TEXT, UtcTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "erased",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("erased_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_erased"),
        sqlite_strict=True,
    )
