"""What was prescribed, version by version; and how a play was practised."""

import sqlalchemy as sa
from alembic import op

from game.records.types import INTEGER, TEXT, Json, UtcTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "prescriptions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("patient_id", TEXT, nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.Column("document", Json(), nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_prescriptions"),
        sa.UniqueConstraint("patient_id", "version", name="uq_prescriptions_patient_id"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_prescriptions_patient_id", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.add_column("plays", sa.Column("mode", TEXT, nullable=False, server_default="play"))
