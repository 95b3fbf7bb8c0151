"""Credits that members bought: which payment they came of, and whether it was paid back."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "purchases",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("offer", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("charge", sa.String(length=255), nullable=False),
        sa.Column("payer", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("bought_at", sa.BigInteger(), nullable=False),
        sa.Column("refunded_at", sa.BigInteger(), nullable=True),
        sa.Column("refunded_by", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_purchases_member_id"),
        sa.ForeignKeyConstraint(["refunded_by"], ["members.id"], name="fk_purchases_refunded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_purchases"),
        sa.UniqueConstraint("platform", "charge", name="uq_purchases_platform_charge"),
    )
    op.create_index("ix_purchases_offer", "purchases", ["offer"])
    op.create_index("ix_purchases_member_id", "purchases", ["member_id"])
    op.create_index("ix_purchases_platform_state", "purchases", ["platform", "state"])
