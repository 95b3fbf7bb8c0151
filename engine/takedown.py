"""Taking a clip down: out of every list, out of the messages that carried it, and what was made from it to the desk."""

from typing import Any

from engine import jobs, releases
from engine.errors import StudioError
from engine.jobs import Subject
from engine.members import Asker
from engine.names import new_id
from safety import audit
from safety.categories import Category
from safety.desk import cases as at_desk
from safety.desk.cases import About
from safety.desk.people import Kind
from safety.verdict import Decision, Signal, Surface, Verdict
from storage import cases, clips, events, explore, outbox
from storage.clips import ClipRow
from storage.clock import now
from storage.database import Transaction
from storage.decisions import DecisionRow
from storage.explore import ReportRow

WITHDRAWN = {"code": "clip.withdrawn", "params": {}}


async def take_down(tx: Transaction, clip: ClipRow, decision: DecisionRow) -> dict[str, Any]:
    """Withdraw the clip everywhere. Its manifest's row stays, and the decision says why it went."""
    was = await releases.take_down(tx, clip)  # the file stays, for an appeal, but no door hands it out: engine.handed
    await _edit_messages(tx, clip, decision.id)
    opened = await _send_descendants_to_the_desk(tx, clip, decision)
    return {"sha256": clip.sha256, "clip": clip.id, "opened": opened, "was": was}


async def _edit_messages(tx: Transaction, clip: ClipRow, decision_id: int) -> None:
    """Each message that carried the clip becomes a notice; one that was not delivered yet never is."""
    for post in await outbox.posts_of(tx, clip.id):
        if post.state == "waiting":
            await outbox.call_off(tx, post.id, WITHDRAWN)
            await jobs.undeliverable(tx, clip.job_id, clip.id, WITHDRAWN)
        elif post.state == "sent":
            await outbox.add(
                tx,
                key=f"takedown:{decision_id}:{post.id}",
                job_id=clip.job_id,
                take_id=None,
                kind="edit",
                platform=post.platform,
                address=post.address,
                content={"notice": "taken_down", "clip": clip.id, "decision": decision_id, "of": post.receipt},
            )


async def _send_descendants_to_the_desk(tx: Transaction, clip: ClipRow, decision: DecisionRow) -> list[str]:
    """What was made from it may show the same thing, or not: people look."""
    opened = []
    for child in await clips.descendants_of(tx, clip.id):
        known = await cases.about(tx, Subject.CLIP, child.id)
        signal = Signal(category=decision.reason, score=1.0, classifier="lineage", surface=Surface.FRAME)
        verdict = Verdict(
            decision=Decision.HOLD, signals=(signal,), policy_version=await clips.policy_version_of(tx, child.id)
        )
        about = About(Kind.DESCENDANT, Subject.CLIP, child.id, child.job_id, child.community_id, verdict)
        case = await at_desk.open_or_join(tx, new_id("case"), about)
        if known is None:
            opened.append(case.id)
    return opened


async def undo(tx: Transaction, decision: DecisionRow) -> bool:
    """The clip is back, and what was sent to the desk because of it goes home; False when somebody works on that."""
    clip = await clips.get(tx, decision.subject_id)
    assert clip is not None
    await releases.put_back(tx, clip, decision.effects.get("was", {}))
    for case_id in decision.effects.get("opened", ()):
        if not await cases.decide(tx, case_id, "cancelled", None, ""):
            return False
    return True


async def restore(tx: Transaction, clip: ClipRow, decision: DecisionRow) -> None:
    """An appeal was allowed: the clip is where it was before the decision, and the messages say so."""
    await releases.put_back(tx, clip, decision.effects.get("was", {}))
    for post in await outbox.posts_of(tx, clip.id):
        if post.state == "sent":
            await outbox.add(
                tx,
                key=f"restored:{decision.id}:{post.id}",
                job_id=clip.job_id,
                take_id=None,
                kind="edit",
                platform=post.platform,
                address=post.address,
                content={"notice": "restored", "clip": clip.id, "of": post.receipt},
            )


async def report(tx: Transaction, clip: ClipRow, by: Asker, category: Category, note: str) -> str:
    """A member asks the moderators to look at a clip; answers with the case. Once each: twice changes nothing."""
    if clip.member_id == by.member_id:
        raise StudioError("report.own", clip=clip.id)
    if known := await explore.report_by(tx, clip.id, by.member_id):
        return known.case_id
    case_id = await open_case(tx, clip, kind=Kind.REPORT, category=category, opened_by=by.member_id)
    await explore.add_report(tx, ReportRow(clip.id, by.member_id, case_id, category, note, now()))
    await events.add(tx, clip.job_id, "reported", take_id=clip.id, case=case_id, category=category)
    about = {"community_id": clip.community_id, "case_id": case_id, "category": category.value}
    await audit.append(tx, "reported", actor=by.member_id, **about)
    return case_id


async def open_case(tx: Transaction, clip: ClipRow, *, kind: Kind, category: Category, opened_by: str | None) -> str:
    """A report, or something a moderator came upon: opens a case about the clip, or joins the one there is."""
    classifier = "report" if kind is Kind.REPORT else "moderator"
    signal = Signal(category=category, score=1.0, classifier=classifier, surface=Surface.FRAME)
    version = await clips.policy_version_of(tx, clip.id)
    verdict = Verdict(decision=Decision.HOLD, signals=(signal,), policy_version=version)
    about = About(kind, Subject.CLIP, clip.id, clip.job_id, clip.community_id, verdict, opened_by)
    return (await at_desk.open_or_join(tx, new_id("case"), about)).id
