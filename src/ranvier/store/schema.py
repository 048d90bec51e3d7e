"""The tables, for SQLite and PostgreSQL alike; item sets and topics are bits of a signed 64-bit integer.

The migrations make them. There the indexes of what is due, in flight and complained are partial, WHERE the
state is the one below; to say so here would load PostgreSQL's dialect at every start.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    literal_column,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite numbers rows by itself only in a column that is exactly INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; SQLite keeps no zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC on the way in."""
        del dialect
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC on the way out."""
        del dialect
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC))


summaries = Table(
    "summaries",
    metadata,
    Column("slug", String(80), primary_key=True),
    Column("source", Text, nullable=False),
    Column("source_hash", String(64), nullable=False),
    Column("work", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("file", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("first_seen", Instant, nullable=False),
    Column("date", Date),
    Column("title", Text, nullable=False),
    Column("takeaway", Text, nullable=False),
    Column("topics", Text, nullable=False),
    Column("credibility", Integer),
    Column("interest", Integer),
    Column("evidence", String(32), nullable=False),
    Index("ix_summaries_status_date", "status", "date"),
    Index("ix_summaries_source", "source"),
)

topic_bits = Table(
    "topic_bits",
    metadata,
    Column("slug", String(80), primary_key=True),
    Column("bit", Integer, nullable=False, unique=True),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("email", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("audience", String(80), nullable=False),
    Column("topics", BigInteger, nullable=False),
    Column("frequency", String(16), nullable=False),
    Column("locale", String(35), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("consent_date", Date),
    Column("joined", Date, nullable=False),
    Column("tags", Text, nullable=False),
    Column("people_only", Integer, nullable=False, server_default="0"),
    Column("paused_until", Date),
    sqlite_autoincrement=True,  # an id is never given again: tokens in old mails name it
)
COMPLAINED = subscribers.c.status == literal_column("'complained'")
Index("ix_subscribers_complained", subscribers.c.id)

opt_outs = Table(
    "opt_outs",
    metadata,
    Column("subscriber", ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True),
    Column("edition", String(80), primary_key=True),
    Column("at", Instant, nullable=False),
)
"""Editions that a person left while others of theirs go on (R10)."""

suppressions = Table(
    "suppressions",
    metadata,
    Column("hash", String(32), primary_key=True),
    Column("secret", String(32), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_suppressions_secret", "secret"),
)
"""What remains of people who are on the list no more: a keyed hash that no import brings back (R103)."""

wordings = Table(
    "wordings",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("text", Text, nullable=False),
)
"""Every text that anybody ever agreed to, by its SHA-256 (R137)."""

consents = Table(
    "consents",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("subscriber", ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("source", Text, nullable=False),
    Column("wording", String(64), nullable=False, server_default=""),
    Column("locale", String(35), nullable=False, server_default=""),
    Column("asked_at", Instant),
    Column("given_at", Instant),
    Column("withdrawn_at", Instant),
)
"""The proof that a person asked for mail, and when they no longer did (R110)."""

issues = Table(
    "issues",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("edition", String(80), nullable=False),
    Column("date", Date, nullable=False),
    Column("state", String(16), nullable=False),
    Column("built", String(64)),
    Column("fingerprint", String(64)),
    Column("approved_by", Text),
    Column("approved_at", Instant),
    Column("frozen", Text),
    Column("cut_at", Instant),
    Column("deadline", Float),
    Column("transport", Text),
    Column("audience", Integer, nullable=False, default=0),
    Column("expected", Integer),
    Column("hold_by", String(16)),
    Column("hold_why", Text, nullable=False, server_default=""),
    Column("holder", String(32), nullable=False, server_default=""),
    Index("ix_issues_edition_date", "edition", "date"),
)

issue_items = Table(
    "issue_items",
    metadata,
    Column("issue", ForeignKey("issues.id"), primary_key=True),
    Column("bit", Integer, primary_key=True),
    Column("slug", String(80), nullable=False),
    Column("work", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("takeaway", Text, nullable=False),
    Column("topics", BigInteger, nullable=False),
    Column("in_people", Integer, nullable=False, server_default="1"),
    Index("ix_issue_items_work", "work"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("issue", String(120), nullable=False),
    Column("subscriber", RowId, nullable=False),
    Column("audience", String(80), nullable=False),
    Column("item_set", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(32), nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Float, nullable=False, default=0.0),
    Column("code", String(32), nullable=False, default=""),
    Column("reply", Text, nullable=False, default=""),
    UniqueConstraint("issue", "subscriber"),
    sqlite_autoincrement=True,
)
"""One row per issue and subscriber, for ever: decided once (design: Promises). `due_at` is Unix seconds.

Ids of an issue are in the order of audience and item set, so readers of the same content are neighbours. No
foreign keys: for a million rows they cost more than the rows. A trigger (migration 0003) keeps people who
have deliveries from being deleted.
"""

# Of a million rows few change their state at any moment: an index of those that wait, and one of those that
# are in flight, cost a delivery one removal each.
PENDING = deliveries.c.state == literal_column("'pending'")
SENDING = deliveries.c.state == literal_column("'sending'")
Index("ix_deliveries_due", deliveries.c.issue, deliveries.c.due_at, deliveries.c.id)
Index("ix_deliveries_in_flight", deliveries.c.issue, deliveries.c.id)

events = Table(
    "events",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("delivery", RowId),
    Column("kind", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("code", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_events_delivery", "delivery"),
)
"""What came back about deliveries; `id` is the provider's or a hash, so that nothing counts twice."""

set_aside = Table(
    "set_aside",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("source", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", Text, nullable=False),
)
"""What came back and could not be understood or is about nobody here (R190): kept for a person."""

signups = Table(
    "signups",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("email", Text, nullable=False),
    Column("choices", Text, nullable=False),
    Column("wording", String(64), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("mailed_at", Instant),
    Column("tried_at", Instant),
    sqlite_autoincrement=True,
)
"""People who asked and have not confirmed yet; they are not on the list."""
