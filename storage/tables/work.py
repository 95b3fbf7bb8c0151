"""What was asked, how far it is, and what it stands on."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
    true,
)

from storage.tables.base import Json, Moment, Serial, metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("brief", Json, nullable=False),
    Column("state", String(12), nullable=False),
    Column("lane", String(10), nullable=False),
    Column(
        "round", Integer, nullable=False, server_default=text("0")
    ),  # of its community's rounds, the one in which its turn comes
    Column("price", Integer, nullable=False),
    Column("pot_id", ForeignKey("pots.id")),  # who pays, when it is not the member
    Column("visible_mark", Boolean, nullable=False, server_default=true()),
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
    Index(None, "state", "lane", "community_id", "round", "created_at", "id", "member_id"),
    Index(None, "member_id", "created_at"),
    Index(None, "member_id", "state", "created_at"),
    Index(None, "community_id", "member_id", "lane", "round"),
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

# How far the turns have come: of each lane (its community_id is empty) and of each community within it.
turns = Table(
    "turns",
    metadata,
    Column("lane", String(10), primary_key=True),
    Column("community_id", String(20), primary_key=True),
    Column("turn", BigInteger, nullable=False),  # when it comes next, counted in turns given
    Column("round", Integer, nullable=False),  # which of its rounds is under way
)

# How long it took to make a take, of the latest ones of each kind.
speeds = Table(
    "speeds",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("kind", String(60), nullable=False),
    Column("work_ms", BigInteger, nullable=False),
    Column("clip_ms", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "kind", "id"),
    sqlite_autoincrement=True,
)
