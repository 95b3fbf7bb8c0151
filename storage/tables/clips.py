"""What was made: clips, their files, lineage and manifests, and what they are known by."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    true,
)

from storage.tables.base import Json, Moment, Serial, metadata

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
    Column("remix_right", String(10)),  # who may remix it; None: as its maker's default is
    Column("erased_at", Moment),  # its file and its words are gone, only the row stays: see docs/privacy.md
    Column(
        "sealed_here", Boolean, nullable=False, server_default=true()
    ),  # False: came with an import, signed elsewhere
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
    Column("credentials_sha256", ForeignKey("files.sha256")),  # what is kept of the C2PA manifests that it came with
    Column("seen", Json),  # when it was taken in: its looks, the words in it; none for uploads of before they were kept
)

manifests = Table(
    "manifests",
    metadata,
    Column("clip_id", ForeignKey("clips.id"), primary_key=True),
    Column("label", String(200), nullable=False, index=True),
    Column("policy_version", String(60), nullable=False),
    Column("renderer", String(60), nullable=False),
    Column("renderer_version", String(60), nullable=False),
    Column("time_stamped", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# What a clip is recognised by when its manifest is gone. Serials tell an index on the disk what it has not seen yet.

manifest_stores = Table(
    "manifest_stores",
    metadata,
    Column("clip_id", ForeignKey("clips.id"), primary_key=True),
    Column("sha256", ForeignKey("files.sha256"), nullable=False, index=True),
)

marks = Table(
    "marks",
    metadata,
    Column("serial", Serial, primary_key=True, autoincrement=True),
    Column("clip_id", ForeignKey("clips.id"), nullable=False, unique=True),
    Column("key_name", String(20), nullable=False),
    Column("message", String(16), nullable=False),  # id and keyed tag, in hexadecimal
    sqlite_autoincrement=True,
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("serial", Serial, primary_key=True, autoincrement=True),
    Column("clip_id", ForeignKey("clips.id"), nullable=False, unique=True),
    Column("hashes", LargeBinary, nullable=False),  # 32 bytes each
    sqlite_autoincrement=True,
)

anchors = Table(
    "anchors",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("pem", Text, nullable=False),  # a root that this studio signed with: public, so that it outlives the keys
    Column("added_at", Moment, nullable=False),
)
