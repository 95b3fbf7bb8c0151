"""Every table, in one place. Times are whole milliseconds since 1970 (UTC); JSON columns hold what pydantic wrote.

What can be derived is not stored: a member's balance is a sum over the ledger, a place in the queue is a count.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts up only in a column of the exact type INTEGER; PostgreSQL needs the wide one.
Serial = BigInteger().with_variant(Integer(), "sqlite")
Moment = BigInteger
Json = JSON(none_as_null=True)

# -- who -----------------------------------------------------------------------------------------------------------

communities = Table(
    "communities",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("platform", String(20), nullable=False),
    Column("external_id", String(100), nullable=False),
    Column("settings", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("platform", "external_id"),
)

members = Table(
    "members",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("plan", String(30), nullable=False),
    Column("settings", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
)

identities = Table(
    "identities",
    metadata,
    Column("platform", String(20), primary_key=True),
    Column("external_id", String(100), primary_key=True),
    Column("member_id", ForeignKey("members.id"), nullable=False, index=True),
)

memberships = Table(
    "memberships",
    metadata,
    Column("community_id", ForeignKey("communities.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), primary_key=True, index=True),
    Column("role", String(20), nullable=False),
)

# -- what was asked, and how far it is -----------------------------------------------------------------------------

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("brief", Json, nullable=False),
    Column("state", String(12), nullable=False),
    Column("lane", String(10), nullable=False),
    Column("price", Integer, nullable=False),
    Column("origin", Json, nullable=False),  # where the answer goes: platform and address
    Column("verdict", Json),
    Column("failure", Json),  # code and parameters
    Column("not_before", Moment, nullable=False),
    Column("lease_holder", String(200)),
    Column("lease_until", Moment),
    Column("fence", Integer, nullable=False),
    Column("cancel_requested_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("ended_at", Moment),
    CheckConstraint("price >= 0", name="price"),
    Index(None, "state", "lane", "created_at"),
    Index(None, "member_id", "created_at"),
)

takes = Table(
    "takes",
    metadata,
    Column("id", String(8), primary_key=True),  # allotted before rendering; the clip's id when it is released
    Column("job_id", ForeignKey("jobs.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("price", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("report", Json),  # what the darkroom developed: size, length, hash, inspections, words not drawn
    Column("verdict", Json),
    Column("failure", Json),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("job_id", "number"),
)

# What a job's brief stands on, in the brief's order: clips of the studio, and uploads.
sources = Table(
    "sources",
    metadata,
    Column("job_id", ForeignKey("jobs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("relation", String(12), nullable=False),
    Column("clip_id", ForeignKey("clips.id"), index=True),
    Column("upload_sha256", ForeignKey("files.sha256"), index=True),
    CheckConstraint("(clip_id IS NULL) <> (upload_sha256 IS NULL)", name="one_source"),
)

# -- what was made -------------------------------------------------------------------------------------------------

files = Table(
    "files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(60), nullable=False),
    Column("created_at", Moment, nullable=False),
)

clips = Table(
    "clips",
    metadata,
    Column("id", ForeignKey("takes.id"), primary_key=True),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("sha256", ForeignKey("files.sha256"), nullable=False, index=True),
    Column("poster_sha256", ForeignKey("files.sha256"), nullable=False, index=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("fps", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("is_draft", Boolean, nullable=False),
    Column("not_drawn", Json, nullable=False),
    Column("notes", Json),  # how its sources were used: names of sentences; none for clips of before there were any
    Column("released_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Index(None, "member_id", "released_at"),
    Index(None, "community_id", "released_at"),
)

lineage = Table(
    "lineage",
    metadata,
    Column("clip_id", ForeignKey("clips.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("relation", String(12), nullable=False),
    Column("parent_clip_id", ForeignKey("clips.id"), index=True),
    Column("upload_sha256", ForeignKey("files.sha256"), index=True),
    CheckConstraint("(parent_clip_id IS NULL) <> (upload_sha256 IS NULL)", name="one_parent"),
)

# How a clip was drawn, as its renderer keeps it: what is made from the clip is drawn from this, not from its pixels.
films = Table(
    "films",
    metadata,
    Column("clip_id", ForeignKey("clips.id"), primary_key=True),
    Column("renderer", String(60), nullable=False),
    Column("document", Json, nullable=False),  # versioned by the renderer
)

# What members brought: checked by decoding, written anew without what else was in the file.
uploads = Table(
    "uploads",
    metadata,
    Column("member_id", ForeignKey("members.id"), primary_key=True),
    Column("sha256", ForeignKey("files.sha256"), primary_key=True, index=True),
    Column("media_type", String(60), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("seconds", Float, nullable=False),  # of a still: 0
    Column("brought_at", Moment, nullable=False),
)

manifests = Table(
    "manifests",
    metadata,
    Column("clip_id", ForeignKey("clips.id"), primary_key=True),
    Column("label", String(200), nullable=False),
    Column("policy_version", String(60), nullable=False),
    Column("renderer", String(60), nullable=False),
    Column("renderer_version", String(60), nullable=False),
    Column("time_stamped", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# -- credits -------------------------------------------------------------------------------------------------------

ledger = Table(
    "ledger",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("key", String(80), nullable=False, unique=True),  # the same entry cannot be written twice
    Column("member_id", ForeignKey("members.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("available", Integer, nullable=False),  # what the entry adds to what can be spent
    Column("reserved", Integer, nullable=False),  # what it adds to what is set aside for running jobs
    Column("job_id", ForeignKey("jobs.id"), index=True),
    Column("take_id", ForeignKey("takes.id")),
    Column("reason", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

# -- what is told, and to whom -------------------------------------------------------------------------------------

events = Table(
    "events",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("job_id", ForeignKey("jobs.id"), nullable=False),
    Column("take_id", String(8)),
    Column("kind", String(20), nullable=False),
    Column("data", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "job_id", "id"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("key", String(80), nullable=False, unique=True),  # the same message cannot be written twice
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("take_id", ForeignKey("takes.id")),
    Column("kind", String(10), nullable=False),  # post, edit, notice, direct
    Column("platform", String(20), nullable=False),
    Column("address", Json, nullable=False),
    Column("content", Json, nullable=False),
    Column("state", String(10), nullable=False),  # waiting, sent, failed
    Column("attempts", Integer, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("lease_holder", String(200)),
    Column("lease_until", Moment),
    Column("receipt", Json),  # what the platform answered, or why it could not be delivered
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Index(None, "state", "platform", "not_before"),
    sqlite_autoincrement=True,
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(200), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

# -- what people decide --------------------------------------------------------------------------------------------

policies = Table(
    "policies",
    metadata,
    Column("version", String(60), primary_key=True),
    Column("document", Json, nullable=False),
    Column("first_used_at", Moment, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("subject", String(10), nullable=False),  # brief, take, clip
    Column("subject_id", String(20), nullable=False),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("verdict", Json, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("decision", String(10)),  # allow or refuse
    Column("decided_by", ForeignKey("members.id")),
    Column("decided_at", Moment),
    Column("note", Text, nullable=False),
    UniqueConstraint("subject", "subject_id"),
    Index(None, "community_id", "decision", "opened_at"),
)
