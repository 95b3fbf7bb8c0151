"""What a chain or a party needs to end by itself: where it is shown, its reel, and entries that were left out."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("origin", sa.JSON(none_as_null=True), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("paused_at", sa.BigInteger(), nullable=True),
        sa.Column("ending", sa.String(length=10), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("reels_tried", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("card", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("shown", sa.String(length=64), nullable=True),
    ):
        op.add_column("gatherings", column)
    for column in (
        sa.Column("lapsed_at", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
    ):
        op.add_column("gathered", column)
    for table, name, length, target in (
        ("gatherings", "opening_clip_id", 8, "clips.id"),
        ("gatherings", "ended_by", 20, "members.id"),
        ("gatherings", "reel_job_id", 20, "jobs.id"),
        ("gathered", "removed_by", 20, "members.id"),
    ):
        key = sa.ForeignKey(target, name=f"fk_{table}_{name}")
        op.add_column(table, sa.Column(name, sa.String(length=length), key, nullable=True), inline_references=True)
    op.create_index("ix_gatherings_reel_job_id", "gatherings", ["reel_job_id"])
    op.create_index("ix_gatherings_settled_at_community_id", "gatherings", ["settled_at", "community_id"])
    op.create_index("ix_gathered_member_id_at", "gathered", ["member_id", "at"])
    # Nobody could start one before this version; what other tools may have written is over.
    op.execute("UPDATE gatherings SET settled_at = COALESCE(ended_at, started_at)")
