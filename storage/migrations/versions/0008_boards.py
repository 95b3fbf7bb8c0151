"""Storyboards that are being built, and the cards by which cases are shown to a community's moderators."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_cards",
        sa.Column("case_id", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("address", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("pinged", sa.Integer(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_cards_case_id"),
        sa.PrimaryKeyConstraint("case_id", "platform", name="pk_case_cards"),
    )
    op.create_table(
        "boards",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_boards_community_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_boards_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_boards"),
    )
    op.create_index("ix_boards_member_id", "boards", ["member_id"])
    op.create_table(
        "board_uploads",
        sa.Column("board_id", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name="fk_board_uploads_board_id"),
        sa.PrimaryKeyConstraint("board_id", "sha256", name="pk_board_uploads"),
    )
