"""What people decide: policies, banks, cases, decisions, appeals, strikes and the audit."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.base import Json, Moment, Serial, metadata

policies = Table(
    "policies",
    metadata,
    Column("version", String(60), primary_key=True),
    Column("document", Json, nullable=False),
    Column("first_used_at", Moment, nullable=False),
)

# Known-bad media: hashes of what is refused or held wherever it shows up again.
banks = Table(
    "banks",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("community_id", ForeignKey("communities.id")),  # empty: asked in every community
    Column("category", String(30), nullable=False),
    Column("action", String(10), nullable=False),
    Column("sure_within", Integer, nullable=False),  # bits of 256
    Column("like_within", Integer, nullable=False),
    Column("least_moments", Integer, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("made_by", ForeignKey("members.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
)

bank_entries = Table(
    "bank_entries",
    metadata,
    Column("serial", Serial, primary_key=True, autoincrement=True),
    Column("bank_id", ForeignKey("banks.id"), nullable=False),
    Column("label", String(100), nullable=False),
    Column("hashes", LargeBinary, nullable=False),  # 32 bytes each
    Column("decision_id", ForeignKey("decisions.id")),
    Column("added_by", ForeignKey("members.id")),
    Column("added_at", Moment, nullable=False),
    Index(None, "bank_id", "serial"),
    sqlite_autoincrement=True,
)

# Decisions are added and never changed, but for the moment at which one was undone or overturned.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("case_id", ForeignKey("cases.id"), index=True),  # empty: the classifiers decided, nobody was asked
    Column("round", Integer, nullable=False),  # of the case: an undone decision opens the next one
    Column("subject", String(10), nullable=False),
    Column("subject_id", String(20), nullable=False),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("stage", String(10), nullable=False),  # opinion: a second person has to agree; final
    Column("action", String(12), nullable=False),
    Column("reason", String(40), nullable=False),  # a code of the policy of that version
    Column("policy_version", String(60), nullable=False),
    Column("note", Text, nullable=False),  # for the record
    Column("word", Text, nullable=False),  # to the member
    Column("strike", Boolean, nullable=False),
    Column("bank", Boolean, nullable=False),
    Column("restricted_until", Moment),
    Column("by_id", ForeignKey("members.id")),
    Column("automated", Boolean, nullable=False),
    Column("own", Boolean, nullable=False),  # about a request of whoever decided
    Column("effects", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Column("undone_at", Moment),
    Column("overturned_at", Moment),
    Index(None, "community_id", "at"),
    Index(None, "community_id", "bank", "id"),
    sqlite_autoincrement=True,
)

appeals = Table(
    "appeals",
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),  # one appeal a decision
    Column("case_id", ForeignKey("cases.id"), nullable=False, unique=True),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("filed_at", Moment, nullable=False),
    Column("outcome", String(12)),  # upheld, overturned
    Column("judged_at", Moment),
)

doubts = Table(
    "doubts",  # refusals that their members call wrong, without asking anybody to judge them again
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("at", Moment, nullable=False, index=True),
)

strikes = Table(
    "strikes",
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("lifted_at", Moment),
    Index(None, "member_id", "community_id", "expires_at"),
)

case_skips = Table(
    "case_skips",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), primary_key=True),
    Column("until", Moment, nullable=False),
)

case_cards = Table(
    "case_cards",  # where a case is shown to a community's moderators, and what is said of it there
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("platform", String(20), primary_key=True),
    Column("address", Json, nullable=False),
    Column("round", Integer, nullable=False),  # a case that is opened again gets a new card
    Column("shown", String(64), nullable=False),  # a digest
    Column("pinged", Integer, nullable=False),  # how many escalations the leads were told of
    Column("is_final", Boolean, nullable=False),  # nothing of it changes any more
)

moderators = Table(
    "moderators",  # what a moderator has settled for their own desk, and which closed queues they are named for
    metadata,
    Column("community_id", ForeignKey("communities.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), primary_key=True),
    Column("queues", Json, nullable=False),
    Column("settings", Json, nullable=False),
)

# What was done at the desk, and what was looked at. Each row holds the hash of the one before it; the head knows the
# last one, so that a tail that is cut off is missed. No foreign keys: the record outlives what it is about.
audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(20)),  # empty: the studio itself
    Column("action", String(30), nullable=False),
    Column("community_id", String(20), nullable=False),
    Column("case_id", String(20), index=True),
    Column("data", Json, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "at"),
    Index(None, "actor", "action", "at"),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("subject", String(10), nullable=False),  # brief, take, clip, decision (an appeal against it)
    Column("subject_id", String(20), nullable=False),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("kind", String(12), nullable=False, server_default=text("'held'")),  # why it is here
    Column("queue", String(20), nullable=False, server_default=text("'general'")),
    Column("severity", Integer, nullable=False, server_default=text("1")),
    Column("escalations", Integer, nullable=False, server_default=text("0")),
    Column("due_at", Moment, nullable=False, server_default=text("0")),
    Column("least_role", String(20), nullable=False, server_default=text("'moderator'")),
    Column("opened_by", ForeignKey("members.id")),  # who reported or appealed
    Column("claimed_by", ForeignKey("members.id")),
    Column("claimed_until", Moment),
    Column("passed_to", ForeignKey("members.id")),
    Column("round", Integer, nullable=False, server_default=text("0")),
    Column("verdict", Json, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("decision", String(10)),  # what was decided in the end; cancelled: nothing was left to decide
    Column("decided_by", ForeignKey("members.id")),
    Column("decided_at", Moment),
    Column("note", Text, nullable=False),
    UniqueConstraint("subject", "subject_id"),
    Index(None, "community_id", "decision", "opened_at"),
    Index(None, "community_id", "decision", "due_at"),
)
