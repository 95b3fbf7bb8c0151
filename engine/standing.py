"""What a member's strikes and restrictions keep them from."""

from datetime import UTC, datetime

from engine.errors import StudioError
from engine.members import Asker
from safety.desk import standing
from safety.desk.standing import Standing, Step
from storage import jobs
from storage.clock import now
from storage.database import Transaction


async def check_may_ask(tx: Transaction, asker: Asker) -> None:
    """StudioError when this member may not ask for a clip here at this moment."""
    if asker.is_alone:
        return
    found = await standing.of_member(tx, asker.member_id, asker.community_id)
    if found.paused_until is not None:
        raise StudioError("standing.paused", until=_said(found.paused_until))
    if found.slow_ms and (latest := await jobs.latest(tx, member_id=asker.member_id, limit=1)):
        free_at = latest[0].created_at + found.slow_ms
        if free_at > now():
            raise StudioError("standing.slow", minutes=max(1, -(-(free_at - now()) // 60_000)))


async def wants_review(tx: Transaction, member_id: str, community_id: str) -> bool:
    """Whether this member's requests pass by the desk, whatever the classifiers say of them."""
    found: Standing = await standing.of_member(tx, member_id, community_id)
    return found.step in (Step.REVIEW, Step.PAUSE)


def _said(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
