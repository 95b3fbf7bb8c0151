"""Stills of storyboards and of takes under way: what is looked at before there is a clip."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "previews",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("recipe", sa.String(length=64), nullable=False),
        sa.Column("board_id", sa.String(length=20), nullable=True),
        sa.Column("take_id", sa.String(length=8), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name="fk_previews_board_id"),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_previews_community_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_previews_member_id"),
        sa.ForeignKeyConstraint(["take_id"], ["takes.id"], name="fk_previews_take_id"),
        sa.PrimaryKeyConstraint("id", name="pk_previews"),
    )
    op.create_index("ix_previews_member_id_recipe", "previews", ["member_id", "recipe"])
    op.create_index("ix_previews_board_id", "previews", ["board_id"])
    op.create_index("ix_previews_take_id", "previews", ["take_id"])
    op.create_index("ix_previews_made_at", "previews", ["made_at"])
