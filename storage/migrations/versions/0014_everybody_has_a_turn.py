"""Every community with waiting jobs has its place among the turns, which are asked for whose job comes next."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO turns (lane, community_id, turn, round) "
        "SELECT DISTINCT jobs.lane, jobs.community_id, 0, 0 FROM jobs WHERE jobs.state = 'queued' AND NOT EXISTS "
        "(SELECT 1 FROM turns WHERE turns.lane = jobs.lane AND turns.community_id = jobs.community_id)"
    )
