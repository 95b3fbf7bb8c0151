"""Banks of known-bad media, and what was seen in each upload when it was taken in."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "banks",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=True),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("sure_within", sa.Integer(), nullable=False),
        sa.Column("like_within", sa.Integer(), nullable=False),
        sa.Column("least_moments", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_banks_community_id"),
        sa.ForeignKeyConstraint(["made_by"], ["members.id"], name="fk_banks_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_banks"),
        sa.UniqueConstraint("name", name="uq_banks_name"),
    )
    op.create_table(
        "bank_entries",
        sa.Column("serial", serial, autoincrement=True, nullable=False),
        sa.Column("bank_id", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("decision_id", serial, nullable=True),
        sa.Column("added_by", sa.String(length=20), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["banks.id"], name="fk_bank_entries_bank_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_bank_entries_decision_id"),
        sa.ForeignKeyConstraint(["added_by"], ["members.id"], name="fk_bank_entries_added_by"),
        sa.PrimaryKeyConstraint("serial", name="pk_bank_entries"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_bank_entries_bank_id_serial", "bank_entries", ["bank_id", "serial"])
    op.add_column("uploads", sa.Column("seen", sa.JSON(none_as_null=True), nullable=True))
