"""What jobs stand on, what members brought, and how clips were drawn."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clips", sa.Column("notes", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "sources",
        sa.Column("job_id", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=12), nullable=False),
        sa.Column("clip_id", sa.String(length=8), nullable=True),
        sa.Column("upload_sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint("(clip_id IS NULL) <> (upload_sha256 IS NULL)", name="ck_sources_one_source"),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name="fk_sources_clip_id"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_sources_job_id"),
        sa.ForeignKeyConstraint(["upload_sha256"], ["files.sha256"], name="fk_sources_upload_sha256"),
        sa.PrimaryKeyConstraint("job_id", "position", name="pk_sources"),
    )
    op.create_index("ix_sources_clip_id", "sources", ["clip_id"])
    op.create_index("ix_sources_upload_sha256", "sources", ["upload_sha256"])
    op.create_table(
        "films",
        sa.Column("clip_id", sa.String(length=8), nullable=False),
        sa.Column("renderer", sa.String(length=60), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name="fk_films_clip_id"),
        sa.PrimaryKeyConstraint("clip_id", name="pk_films"),
    )
    op.create_table(
        "uploads",
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("brought_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_uploads_member_id"),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name="fk_uploads_sha256"),
        sa.PrimaryKeyConstraint("member_id", "sha256", name="pk_uploads"),
    )
    op.create_index("ix_uploads_sha256", "uploads", ["sha256"])
