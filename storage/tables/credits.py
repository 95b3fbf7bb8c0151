"""The ledger of credits."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from storage.tables.base import Moment, Serial, metadata

ledger = Table(
    "ledger",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("key", String(80), nullable=False, unique=True),  # the same entry cannot be written twice
    Column("member_id", ForeignKey("members.id")),  # whose credits: a member's, or a pot's
    Column("pot_id", ForeignKey("pots.id")),
    Column("kind", String(10), nullable=False),
    Column("available", Integer, nullable=False),  # what the entry adds to what can be spent
    Column("reserved", Integer, nullable=False),  # what it adds to what is set aside for running jobs
    Column(
        "lot", String(80), nullable=False, server_default=text("'kept'")
    ),  # credits that were given together, and expire together
    Column("expires_at", Moment),
    Column("job_id", ForeignKey("jobs.id"), index=True),
    Column("take_id", ForeignKey("takes.id")),
    Column("reason", Text, nullable=False),
    Column("by_id", ForeignKey("members.id")),  # who wrote it by hand
    Column("created_at", Moment, nullable=False),
    CheckConstraint("(member_id IS NULL) <> (pot_id IS NULL)", name="one_owner"),
    Index(None, "member_id", "lot", "expires_at", "available", "reserved"),
    Index(None, "pot_id", "lot", "expires_at", "available", "reserved"),
    sqlite_autoincrement=True,
)
