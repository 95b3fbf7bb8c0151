"""Members and moderators of a community, and things for them to decide about."""

import hashlib

from engine import jobs, releases
from engine.members import Asker
from safety.verdict import Decision, Signal, Surface, Verdict
from storage import cases, clips, members, outbox
from storage import jobs as ledger
from storage.clock import now
from storage.database import Transaction
from storage.jobs import JobRow
from tests.engine.small_studio import HOUR_MS, ask, claimed


async def person(tx: Transaction, community_id: str, name: str, role: str = "moderator") -> Asker:
    await members.add_member(tx, name, "unlimited", "test", name)
    await members.add_role(tx, community_id, name, role)
    return Asker(name, community_id, "unlimited", role)


def held_for(*categories: str) -> Verdict:
    signals = [
        Signal(category=category, score=0.6, classifier="test", surface=Surface.TEXT)
        for category in categories or ("violence",)
    ]
    return Verdict(decision=Decision.HOLD, signals=tuple(signals), policy_version="test")


async def held_brief(tx: Transaction, member: Asker, *categories: str, price: int = 0, prompt: str = "") -> str:
    """A brief at the desk; answers with its case."""
    job = await claimed(tx, (await ask(tx, member, price=price)).id)
    if prompt:
        brief = dict(job.brief) | {"prompt": prompt}
        await ledger.set_state(tx, job.id, brief=brief)
    await jobs.hold(tx, job, held_for(*categories))
    (case,) = await cases.undecided(tx, job_id=job.id)
    return case.id


async def held_take(tx: Transaction, member: Asker, *, price: int = 0) -> tuple[JobRow, str]:
    job = await claimed(tx, (await ask(tx, member, price=price)).id)
    await jobs.queue(tx, job, Verdict(decision=Decision.ALLOW, policy_version="test"))
    (take,) = await ledger.takes_of(tx, job.id)
    await jobs.keep_take(tx, job, take, {})
    await jobs.judge_take(tx, job, take, held_for("gore"))
    (case,) = await cases.undecided(tx, job_id=job.id)
    return job, case.id


async def released(tx: Transaction, member: Asker, *, parents: tuple[str, ...] = (), sent: bool = True) -> str:
    """A clip of this member, delivered or on its way."""
    job = await claimed(tx, (await ask(tx, member, price=0)).id)
    allowed = Verdict(decision=Decision.ALLOW, policy_version="test")
    await jobs.queue(tx, job, allowed)
    (take,) = await ledger.takes_of(tx, job.id)
    await jobs.keep_take(tx, job, take, {})
    await jobs.judge_take(tx, job, take, allowed)
    sha256 = hashlib.sha256(take.id.encode()).hexdigest()  # no file of these bytes is there
    await clips.add_file(tx, sha256, 1, "video/mp4")
    clip = {"id": take.id, "job_id": job.id, "member_id": member.member_id, "community_id": member.community_id}
    clip |= {"sha256": sha256, "poster_sha256": sha256, "width": 2, "height": 2, "fps": 24, "seconds": 1.0}
    clip |= {"is_draft": True, "not_drawn": [], "released_at": now()}
    manifest = {"label": "x", "policy_version": "test", "renderer": "animatic", "renderer_version": "1"}
    lineage = [clips.Parent("remix", parent_clip_id=parent) for parent in parents]
    await clips.add(tx, clip, manifest | {"time_stamped": False}, lineage)
    await releases.released(tx, take.id)
    await jobs.release_take(tx, job, take)
    if sent:
        message = await outbox.claim_next(tx, ["test"], "courier", HOUR_MS, job_id=job.id)
        while message is not None:
            await outbox.settle(tx, message, "sent", receipt={"message": message.id})
            if message.take_id:
                await jobs.delivered(tx, message.job_id, message.take_id)
            message = await outbox.claim_next(tx, ["test"], "courier", HOUR_MS, job_id=job.id)
    return take.id
