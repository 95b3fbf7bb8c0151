"""The whole picture of a case in one object, for whoever decides it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import review
from engine.brief import Brief, UploadSource
from engine.errors import StudioError
from engine.jobs import Subject, brief_of
from engine.members import Asker
from engine.reports import TakeReport
from safety import audit
from safety.desk import cases as at_desk
from safety.desk import decisions as desk
from safety.desk import standing
from safety.desk.people import FITTING, DeskError, Moderator, Queue
from safety.desk.standing import Standing
from safety.verdict import Signal, Verdict
from storage import appeals, cases, clips, decisions, explore, policies
from storage import jobs as ledger
from storage.cases import CaseRow
from storage.database import Transaction
from storage.decisions import DecisionRow
from storage.explore import ReportRow


@dataclass(frozen=True)
class Rule:
    """The policy's own words on a category: from which score on a thing is held or refused, and where."""

    category: str
    locked: bool
    surface: str
    hold: float | None
    refuse: float | None


@dataclass(frozen=True)
class Ancestor:
    clip_id: str
    relation: str
    prompt: str
    withdrawn: bool
    decisions: tuple[DecisionRow, ...]  # what was decided about it earlier


@dataclass(frozen=True)
class Dossier:
    case: CaseRow
    brief: Brief
    signals: tuple[Signal, ...]  # with the spans of the prompt that raised them
    rules: tuple[Rule, ...]
    uploads: tuple[str, ...]
    take: TakeReport | None
    lineage: tuple[Ancestor, ...]
    earlier: tuple[DecisionRow, ...]  # opinions and decisions about this very thing, of everybody but a first opinion
    history: tuple[DecisionRow, ...]  # about other requests of this member, the newest first
    standing: Standing
    appeal: str | None  # the member's words
    appealed: DecisionRow | None
    fitting: tuple[str, ...]
    reasons: tuple[str, ...]
    needs_second: bool
    may_look: bool  # its frames may be drawn at all
    reports: tuple[ReportRow, ...]  # what members said of it
    read_as: Mapping[str, str] = field(default_factory=dict)  # how the gate read the prompt, by the name of the view


async def open_dossier(tx: Transaction, case_id: str, by: Asker, *, history: int = 10) -> Dossier:
    """All there is about a case. The look is written down."""
    case = await cases.get(tx, case_id)
    moderator = await review.at_desk(tx, by)
    if case is None:
        raise StudioError("case.unknown", case=case_id)
    if case.community_id != by.community_id or not moderator.ranks("moderator"):
        raise StudioError("case.not_yours", case=case_id)
    if case.queue not in moderator.queues:
        raise DeskError("case.named_only", case=case_id)
    dossier = await gather(tx, case, moderator, history=history)
    await audit.append(tx, "opened", actor=by.member_id, community_id=by.community_id, case_id=case_id)
    return dossier


async def gather(tx: Transaction, case: CaseRow, moderator: Moderator, *, history: int = 10) -> Dossier:
    """What there is, without asking who looks: that is for the caller."""
    job = await ledger.get(tx, case.job_id)
    assert job is not None
    verdict = Verdict.model_validate(case.verdict)
    policy = await policies.get(tx, verdict.policy_version)
    take = await ledger.take(tx, case.subject_id) if case.subject == Subject.TAKE else None
    appeal = await appeals.of_case(tx, case.id)
    past = await decisions.of_member(tx, job.member_id, case.community_id, limit=history)
    brief = brief_of(job)
    return Dossier(
        case=case,
        brief=brief,
        signals=verdict.signals,
        rules=tuple(_rules(policy, verdict)),
        uploads=tuple(source.sha256 for source in brief.sources if isinstance(source, UploadSource)),
        take=TakeReport.model_validate(take.report) if take and take.report else None,
        lineage=tuple(await _lineage(tx, case)),
        earlier=tuple(await _earlier(tx, case)),
        history=tuple(one for one in past if one.case_id != case.id),
        standing=await standing.of_member(tx, job.member_id, case.community_id),
        appeal=appeal.text if appeal else None,
        appealed=await decisions.get(tx, appeal.decision_id) if appeal else None,
        fitting=tuple(FITTING[Subject(case.subject)]),
        reasons=await desk.reasons_for(tx, verdict.policy_version),
        needs_second=await at_desk.needs_second(tx, case, moderator),
        may_look=case.queue != Queue.CHILD_SAFETY and case.subject in (Subject.TAKE, Subject.CLIP),
        reports=tuple(await explore.reports_of_case(tx, case.id)),
    )


def _rules(policy: Mapping[str, Any] | None, verdict: Verdict) -> list[Rule]:
    known = (policy or {}).get("categories", {})
    asked = dict.fromkeys((signal.category, signal.surface.value) for signal in verdict.signals)
    return [
        Rule(
            category=category,
            locked=bool(known[category].get("locked")),
            surface=surface,
            hold=known[category][surface].get("hold"),
            refuse=known[category][surface].get("refuse"),
        )
        for category, surface in asked
        if category in known
    ]


async def _earlier(tx: Transaction, case: CaseRow) -> list[DecisionRow]:
    """A first opinion is kept from the second person until both are there: they look for themselves."""
    found = await decisions.of_case(tx, case.id)
    return [one for one in found if case.decision is not None or one.round < case.round or one.stage == decisions.FINAL]


async def _lineage(tx: Transaction, case: CaseRow) -> list[Ancestor]:
    ancestors: dict[str, Ancestor] = {}
    waiting = [case.subject_id] if case.subject == Subject.CLIP else []
    while waiting:
        for parent in await clips.parents_of(tx, waiting.pop()):
            clip = await clips.get(tx, parent.parent_clip_id) if parent.parent_clip_id else None
            job = await ledger.get(tx, clip.job_id) if clip else None
            if clip is None or job is None or clip.id in ancestors:
                continue
            known = await decisions.about(tx, Subject.CLIP, clip.id) + await decisions.about(tx, Subject.TAKE, clip.id)
            prompt = str(job.brief.get("prompt", ""))
            withdrawn = clip.withdrawn_at is not None
            ancestors[clip.id] = Ancestor(clip.id, parent.relation, prompt, withdrawn, tuple(known))
            waiting.append(clip.id)
    return list(ancestors.values())
