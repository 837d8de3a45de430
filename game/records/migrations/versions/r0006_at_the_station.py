"""What a clinic's station asks and shows before somebody plays: glove, PIN, and the board."""

import sqlalchemy as sa
from alembic import op

from game.records.types import TEXT

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for name in ("glove_size", "pin", "board_kind"):
        op.add_column("patients", sa.Column(name, TEXT, nullable=True))
