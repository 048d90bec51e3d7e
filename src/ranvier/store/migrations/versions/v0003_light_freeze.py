"""Deliveries without foreign keys and with two small indexes: to freeze a large audience is one cheap insert.

A trigger keeps the one promise of the keys that anything could break. It takes the lock under which
audiences are frozen, so a person whom a freeze is just reading is not deleted meanwhile.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_HAS_DELIVERIES = (
    "EXISTS (SELECT 1 FROM issues JOIN deliveries ON deliveries.issue = issues.id"
    " WHERE deliveries.subscriber = OLD.id)"
)
_WORDS = "a person with deliveries is never deleted"
_SQLITE = f"""
CREATE TRIGGER keep_people BEFORE DELETE ON subscribers WHEN {_HAS_DELIVERIES}
BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END
"""
_POSTGRESQL = f"""
CREATE FUNCTION keep_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(1380011606);
  IF {_HAS_DELIVERIES} THEN
    RAISE foreign_key_violation USING MESSAGE = '{_WORDS}';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER keep_people BEFORE DELETE ON subscribers FOR EACH ROW EXECUTE FUNCTION keep_people()
"""


def upgrade() -> None:
    """Make the table light, and its promise a trigger's."""
    for index in ("ix_deliveries_subscriber", "ix_deliveries_due", "ix_deliveries_in_flight"):
        op.drop_index(index, "deliveries")
    with op.batch_alter_table("deliveries", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint("fk_deliveries_issue", type_="foreignkey")
        table.drop_constraint("fk_deliveries_subscriber", type_="foreignkey")
    _index("ix_deliveries_due", ["issue", "due_at", "id"], "pending")
    _index("ix_deliveries_in_flight", ["issue", "id"], "sending")
    op.execute(_POSTGRESQL if op.get_context().dialect.name == "postgresql" else _SQLITE)


def _index(name: str, columns: list[str], state: str) -> None:
    rows = sa.text(f"state = '{state}'")
    op.create_index(name, "deliveries", columns, sqlite_where=rows, postgresql_where=rows)
