"""What chats that hand over numbered updates need: which were heard, what was posted where, and jobs asked for once."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heard",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("heard_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "number", name="pk_heard"),
    )
    op.create_index("ix_heard_heard_at", "heard", ["heard_at"])
    op.create_table(
        "posted",
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("message", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=True),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("posted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_posted_member_id"),
        sa.PrimaryKeyConstraint("platform", "place", "message", name="pk_posted"),
    )
    op.create_index("ix_posted_member_id", "posted", ["member_id"])
    op.create_index("ix_posted_platform_kind_about", "posted", ["platform", "kind", "about"])
    op.create_table(
        "asked_once",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("job_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_asked_once_job_id"),
        sa.PrimaryKeyConstraint("key", name="pk_asked_once"),
    )
    op.create_index("ix_asked_once_job_id", "asked_once", ["job_id"])
