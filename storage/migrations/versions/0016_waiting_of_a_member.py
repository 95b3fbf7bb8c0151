"""What of a member's waits for its turn is found without looking at all that they ever made."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_jobs_member_id_state", "jobs")
    op.create_index("ix_jobs_member_id_state_created_at", "jobs", ["member_id", "state", "created_at"])
