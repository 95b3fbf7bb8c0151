"""Uploads keep the credentials that they came with, for what is made from them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.ForeignKey("files.sha256", name="fk_uploads_credentials_sha256")
    op.add_column(
        "uploads", sa.Column("credentials_sha256", sa.String(length=64), key, nullable=True), inline_references=True
    )
