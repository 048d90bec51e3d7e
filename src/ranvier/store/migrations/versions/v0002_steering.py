"""Sends can be held, taken over and compared with what was expected; indexes of what waits and what flies."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns, and indexes over few rows in place of one over all."""
    op.add_column("issues", sa.Column("expected", sa.Integer()))
    op.add_column("issues", sa.Column("hold_by", sa.String(length=16)))
    op.add_column("issues", sa.Column("hold_why", sa.Text(), nullable=False, server_default=""))
    op.add_column("issues", sa.Column("holder", sa.String(length=32), nullable=False, server_default=""))
    op.drop_index("ix_deliveries_due", "deliveries")
    _index("ix_deliveries_due", "deliveries", ["issue", "due_at", "audience", "item_set", "id"], "pending")
    _index("ix_deliveries_in_flight", "deliveries", ["issue", "id"], "sending")
    _index("ix_subscribers_complained", "subscribers", ["id"], "complained", column="status")


def _index(name: str, table: str, columns: list[str], value: str, *, column: str = "state") -> None:
    rows = sa.text(f"{column} = '{value}'")
    op.create_index(name, table, columns, sqlite_where=rows, postgresql_where=rows)
