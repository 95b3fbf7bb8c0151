"""The ledger of credits, and the payments that some of them came of."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

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

purchases = Table(
    "purchases",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("offer", String(20), nullable=False, index=True),  # what was paid for: paid twice, it is two purchases
    Column("member_id", ForeignKey("members.id"), nullable=False, index=True),
    Column("platform", String(20), nullable=False),
    Column("charge", String(255), nullable=False),  # what the platform calls the payment
    Column("payer", String(40)),  # and what it calls whoever paid; None once they had everything forgotten
    Column("language", String(10), nullable=False),
    Column("credits", Integer, nullable=False),
    Column("price", Integer, nullable=False),
    Column("currency", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("reason", Text, nullable=False),  # of paying it back
    Column("bought_at", Moment, nullable=False),
    Column("refunded_at", Moment),
    Column("refunded_by", ForeignKey("members.id")),
    UniqueConstraint("platform", "charge"),
    Index(None, "platform", "state"),
)
