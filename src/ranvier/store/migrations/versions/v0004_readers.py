"""Readers' own choices, proof of their consent, what came back about their mail, and what remains of them."""

import sqlalchemy as sa
from alembic import op

from ranvier.store.schema import Instant

revision = "0004"
down_revision = "0003"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the new tables, and the columns by which people choose."""
    op.add_column("subscribers", sa.Column("people_only", sa.Integer, nullable=False, server_default="0"))
    op.add_column("subscribers", sa.Column("paused_until", sa.Date))
    op.add_column("issue_items", sa.Column("in_people", sa.Integer, nullable=False, server_default="1"))
    _of_people()
    op.create_table(
        "suppressions",
        sa.Column("hash", sa.String(32), nullable=False),
        sa.Column("secret", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_suppressions")),
    )
    op.create_index("ix_suppressions_secret", "suppressions", ["secret"])
    op.create_table(
        "wordings",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_wordings")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("delivery", _ID),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_delivery", "events", ["delivery"])
    op.create_table(
        "set_aside",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
    )
    op.create_table(
        "signups",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("choices", sa.Text, nullable=False),
        sa.Column("wording", sa.String(64), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("mailed_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signups")),
        sa.UniqueConstraint("key", name=op.f("uq_signups_key")),
        sqlite_autoincrement=True,
    )


def _of_people() -> None:
    """Tables whose rows go with their person."""
    op.create_table(
        "opt_outs",
        sa.Column("subscriber", _ID, nullable=False),
        sa.Column("edition", sa.String(80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("subscriber", "edition", name=op.f("pk_opt_outs")),
        _goes_with_them("opt_outs"),
    )
    op.create_table(
        "consents",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("subscriber", _ID, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("wording", sa.String(64), nullable=False, server_default=""),
        sa.Column("locale", sa.String(35), nullable=False, server_default=""),
        sa.Column("asked_at", Instant()),
        sa.Column("given_at", Instant()),
        sa.Column("withdrawn_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        _goes_with_them("consents"),
    )
    op.create_index("ix_consents_subscriber", "consents", ["subscriber"])


def _goes_with_them(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_subscriber")
    return sa.ForeignKeyConstraint(["subscriber"], ["subscribers.id"], name=name, ondelete="CASCADE")
