"""A clip is found by its manifest's label, for whoever asks by what another tool found."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_manifests_label", "manifests", ["label"])
