"""When a confirmation mail was last tried: who asked is not lost with the process that was about to write."""

import sqlalchemy as sa
from alembic import op

from ranvier.store.schema import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column."""
    op.add_column("signups", sa.Column("tried_at", Instant()))
