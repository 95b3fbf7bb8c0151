"""What a clip is recognised by when its manifest is gone: a copy of it, the mark, the fingerprint, the anchor."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "manifest_stores",
        sa.Column("clip_id", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name="fk_manifest_stores_clip_id"),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name="fk_manifest_stores_sha256"),
        sa.PrimaryKeyConstraint("clip_id", name="pk_manifest_stores"),
    )
    op.create_index("ix_manifest_stores_sha256", "manifest_stores", ["sha256"], unique=False)
    op.create_table(
        "marks",
        sa.Column("serial", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("clip_id", sa.String(length=8), nullable=False),
        sa.Column("key_name", sa.String(length=20), nullable=False),
        sa.Column("message", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name="fk_marks_clip_id"),
        sa.PrimaryKeyConstraint("serial", name="pk_marks"),
        sa.UniqueConstraint("clip_id", name="uq_marks_clip_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "fingerprints",
        sa.Column("serial", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("clip_id", sa.String(length=8), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name="fk_fingerprints_clip_id"),
        sa.PrimaryKeyConstraint("serial", name="pk_fingerprints"),
        sa.UniqueConstraint("clip_id", name="uq_fingerprints_clip_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "anchors",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_anchors"),
    )
