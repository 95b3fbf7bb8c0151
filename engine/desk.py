"""The review desk as every platform uses it: each call is one transaction."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, ValidationError

from engine import review, statements, takedown
from engine.dossier import Dossier, gather, open_dossier
from engine.errors import StudioError
from engine.members import Asker, Role, at_least
from engine.names import new_id
from engine.statements import Statement
from safety import audit
from safety.audit import Checked
from safety.categories import Category
from safety.desk import appeals as desk_appeals
from safety.desk import cases as at_desk
from safety.desk import doubts as desk_doubts
from safety.desk import rules, standing, transparency
from safety.desk.decisions import Decided
from safety.desk.doubts import Doubted
from safety.desk.likeness import near_to
from safety.desk.people import ADVERSE, Choice, Kind, Moderator, Queue, Subject
from safety.desk.standing import Standing
from safety.desk.transparency import Transparency
from safety.verdict import Decision, Verdict
from storage import audit as audit_rows
from storage import cases, clips, decisions, doubts, jobs, members, moderators
from storage.audit import AuditRow
from storage.cases import CaseRow, Matter
from storage.database import Database, Transaction
from storage.decisions import DecisionRow
from storage.errors import CodedError

HOUR_MS = 3_600_000
AUDIT_PAGE = 100
DOUBTS_SHOWN = 200


class DeskSettings(BaseModel):
    """What a moderator has settled for their own desk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heavy_limit: int | None = None  # None: as the studio has it
    text_first: bool = True


@dataclass(frozen=True)
class Wellbeing:
    """What a moderator has looked at lately, and whether it is time for a pause."""

    heavy_seen: int
    limit: int

    @property
    def offers_pause(self) -> bool:
        return self.heavy_seen >= self.limit


@dataclass(frozen=True)
class AuditPage:
    """Some rows of the record, and where the next ones begin; with the kinds of deed that there are."""

    rows: tuple[AuditRow, ...]
    before: int | None
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Desk:
    database: Database

    # -- the queue -------------------------------------------------------------------------------------------------

    async def queue(self, by: Asker, *, only: Queue | None = None) -> list[CaseRow]:
        """What waits for this moderator, the gravest and oldest first."""
        async with self.database.reading() as tx:
            waiting = await at_desk.queue(tx, await review.at_desk(tx, by), only=only)
            return await cases.some(tx, [case.id for case in waiting])

    async def unwatched(self, by: Asker) -> int:
        """How many cases wait in the closed queue while nobody is named for it; told to leads and the operator."""
        if not at_least(by.role, Role.LEAD):
            return 0
        async with self.database.reading() as tx:
            if await moderators.named_for(tx, by.community_id, Queue.CHILD_SAFETY):
                return 0
            return await cases.count_waiting(tx, by.community_id, Queue.CHILD_SAFETY)

    async def next(self, by: Asker, *, only: Queue | None = None, lease_ms: int | None = None) -> CaseRow | None:
        async with self.database.reading() as tx:
            if not await at_desk.is_next(tx, await review.at_desk(tx, by), only=only):
                return None
        async with self.database.writing() as tx:
            return await at_desk.claim_next(tx, await review.at_desk(tx, by), only=only, lease_ms=lease_ms)

    async def claim(self, case_id: str, by: Asker) -> CaseRow:
        async with self.database.writing() as tx:
            return await at_desk.claim(tx, case_id, await review.at_desk(tx, by))

    async def release(self, case_id: str, by: Asker) -> None:
        async with self.database.writing() as tx:
            await at_desk.release(tx, case_id, await review.at_desk(tx, by))

    async def skip(self, case_id: str, by: Asker) -> None:
        async with self.database.writing() as tx:
            await at_desk.skip(tx, case_id, await review.at_desk(tx, by))

    async def escalate(self, case_id: str, by: Asker) -> CaseRow:
        async with self.database.writing() as tx:
            return await at_desk.escalate(tx, case_id, await review.at_desk(tx, by))

    async def pass_on(self, case_id: str, by: Asker, *, to: str | None = None, queue: Queue | None = None) -> CaseRow:
        """To another moderator of this community, by their member id, or to another queue."""
        async with self.database.writing() as tx:
            other = None
            if to is not None:
                role = await members.role(tx, by.community_id, to)
                if role not in review.MODERATORS:
                    raise StudioError("case.no_moderator", member=to)
                other = await review.at_desk(tx, Asker(to, by.community_id, "", role))
            return await at_desk.pass_on(tx, case_id, await review.at_desk(tx, by), to=other, queue=queue)

    async def ring(self) -> list[CaseRow]:
        """Make overdue cases more urgent, and tell their members that it takes longer."""
        async with self.database.writing() as tx:
            rung = await at_desk.ring(tx)
            for case in rung:
                job = await jobs.get(tx, case.job_id)
                if job is not None and case.kind in (Kind.HELD, Kind.REVIEW, Kind.APPEAL):
                    key = f"overdue:{case.id}:{case.round}:{case.escalations}"
                    await review.tell(tx, job, key, {"notice": "overdue", "case": case.id})
            return rung

    # -- looking ---------------------------------------------------------------------------------------------------

    async def dossier(self, case_id: str, by: Asker) -> Dossier:
        async with self.database.writing() as tx:
            return await open_dossier(tx, case_id, by)

    async def sheet(self, case_id: str) -> Dossier | None:
        """What may stand on the case's card in its community's own channel; None for the closed queue's: nothing."""
        async with self.database.reading() as tx:
            case = await cases.get(tx, case_id)
            if case is None:
                raise StudioError("case.unknown", case=case_id)
            if case.queue == Queue.CHILD_SAFETY:
                return None
            return await gather(tx, case, Moderator("", case.community_id, "moderator"))

    async def check_may_look(self, case_id: str, by: Asker) -> CaseRow:
        """StudioError unless the frames of this case may be drawn for this person, in whatever form."""
        async with self.database.reading() as tx:
            case = await cases.get(tx, case_id)
            moderator = await review.at_desk(tx, by)
        if case is None:
            raise StudioError("case.unknown", case=case_id)
        if case.community_id != by.community_id or not moderator.ranks("moderator"):
            raise StudioError("case.not_yours", case=case_id)
        if case.queue == Queue.CHILD_SAFETY:
            raise StudioError("case.never_shown", case=case_id)
        return case

    async def looked(self, case: CaseRow, by: Asker, *, hidden: bool) -> None:
        """Write down that somebody looked at the frames: blurred and grey, or as they are."""
        heavy = case.severity >= rules.shipped().wellness.heavy_severity
        action = "looked" if hidden else "revealed_heavy" if heavy else "revealed"
        async with self.database.writing() as tx:
            await audit.append(tx, action, actor=by.member_id, community_id=by.community_id, case_id=case.id)

    async def wellbeing(self, by: Asker) -> Wellbeing:
        async with self.database.reading() as tx:
            window = rules.shipped().wellness.window_hours * HOUR_MS
            seen = await audit_rows.count(tx, by.member_id, "revealed_heavy", within_ms=window)
        limit = (await self.settings(by)).heavy_limit or rules.shipped().wellness.heavy_limit
        return Wellbeing(seen, limit)

    async def settings(self, by: Asker) -> DeskSettings:
        async with self.database.reading() as tx:
            known = await moderators.get(tx, by.community_id, by.member_id)
        return DeskSettings.model_validate(known.settings)

    async def change_settings(self, by: Asker, **values: object) -> DeskSettings:
        if by.role not in review.MODERATORS:
            raise StudioError("desk.moderators_only")
        async with self.database.writing() as tx:
            known = await moderators.get(tx, by.community_id, by.member_id)
            try:
                settings = DeskSettings.model_validate({**known.settings, **values})
            except ValidationError:
                raise StudioError("desk.setting") from None
            await moderators.put(tx, replace(known, settings=settings.model_dump(mode="json")))
        return settings

    async def name_for_child_safety(self, member_id: str, by: Asker, *, named: bool = True) -> None:
        """Name a moderator for the closed queue, or take the name back. Only the operator may; it is written down."""
        if by.role != "operator":
            raise StudioError("desk.operator_only")
        async with self.database.writing() as tx:
            if await members.role(tx, by.community_id, member_id) not in review.MODERATORS:
                raise StudioError("case.no_moderator", member=member_id)
            known = await moderators.get(tx, by.community_id, member_id)
            queues = set(known.queues) - {Queue.CHILD_SAFETY.value} | ({Queue.CHILD_SAFETY.value} if named else set())
            await moderators.put(tx, replace(known, queues=sorted(queues)))
            action = "named" if named else "unnamed"
            await audit.append(tx, action, actor=by.member_id, community_id=by.community_id, member=member_id)

    # -- deciding --------------------------------------------------------------------------------------------------

    async def decide(self, case_id: str, choice: Choice, by: Asker) -> Decided:
        """`choice.reason` may be empty: then it is the gravest of the case's own."""
        async with self.database.writing() as tx:
            return await self._decide(tx, case_id, choice, by)

    @staticmethod
    async def _decide(tx: Transaction, case_id: str, choice: Choice, by: Asker) -> Decided:
        if not choice.reason:
            case = await cases.get(tx, case_id)
            if case is None:
                raise StudioError("case.unknown", case=case_id)
            choice = replace(choice, reason=await review.default_reason(tx, case, choice.action))
        return await review.carry_out(tx, case_id, choice, by)

    async def undo(self, case_id: str, by: Asker) -> CaseRow:
        async with self.database.writing() as tx:
            return await review.undo(tx, case_id, by)

    async def take_down(self, clip_id: str, choice: Choice, by: Asker) -> Decided:
        """Take a clip down without waiting for a report: opens its case, and decides it."""
        async with self.database.writing() as tx:
            clip = await clips.get(tx, clip_id)
            if clip is None or clip.community_id != by.community_id or clip.withdrawn_at is not None:
                raise StudioError("clip.unknown", clip=clip_id)
            if by.role not in review.MODERATORS:
                raise StudioError("case.not_yours", case=clip_id)
            category = Category(choice.reason) if choice.reason in set(Category) else Category.UNCHECKED
            case_id = await takedown.open_case(tx, clip, kind=Kind.FOUND, category=category, opened_by=None)
            return await self._decide(tx, case_id, choice, by)

    async def alike(self, case_id: str, by: Asker) -> list[CaseRow]:
        """Open cases of the same bytes or of nearly the same words, that this moderator may take."""
        async with self.database.reading() as tx:
            case = await cases.get(tx, case_id)
            if case is None:
                raise StudioError("case.unknown", case=case_id)
            waiting = await at_desk.queue(tx, await review.at_desk(tx, by))
            others = [one.id for one in waiting if one.subject == case.subject and one.id != case_id]
            (own,) = await cases.matters(tx, [case_id])
            matters = await cases.matters(tx, others)
        alike = await asyncio.to_thread(_alike, own, matters)  # two thousand prompts are more than a moment's work
        async with self.database.reading() as tx:
            return await cases.some(tx, [other for other in others if other in alike])

    async def decide_alike(self, case_id: str, choice: Choice, by: Asker) -> list[Decided]:
        """Decide the case and all that are alike, each in a transaction of its own. Severe ones are left out."""
        alike = await self.alike(case_id, by)
        done = [await self.decide(case_id, choice, by)]
        for other in alike:
            try:
                async with self.database.writing() as tx:
                    if not await at_desk.needs_second(tx, other, await review.at_desk(tx, by)):
                        done.append(await self._decide(tx, other.id, choice, by))
            except CodedError:  # somebody has it on their desk, or was quicker: theirs
                continue
        return done

    # -- members ---------------------------------------------------------------------------------------------------

    async def statements(self, by: Asker, *job_ids: str) -> list[Statement]:
        """What was decided against these requests, the oldest first."""
        async with self.database.reading() as tx:
            return await statements.of_jobs(tx, job_ids, by.member_id)

    async def statement(self, decision_id: int, member_id: str) -> Statement | None:
        """What a notice of a decision tells this member."""
        async with self.database.reading() as tx:
            return await statements.of_decision(tx, decision_id, member_id)

    async def appeal(self, job_id: str, by: Asker, text: str) -> str:
        """Appeal against the newest decision about this request that can be appealed; answers with the case."""
        async with self.database.writing() as tx:
            decision = await _newest_against(tx, job_id, by)
            verdict = await _verdict_behind(tx, decision.subject, decision.subject_id, job_id)
            case = await desk_appeals.file(
                tx, new_id("case"), decision, verdict, member_id=by.member_id, text=text.strip()
            )
            return case.id

    async def doubt(self, job_id: str, by: Asker) -> None:
        """Say that the newest decision about this request is wrong, without asking for another one."""
        async with self.database.writing() as tx:
            await desk_doubts.note(tx, await _newest_against(tx, job_id, by), by.member_id)

    async def doubted(self, by: Asker, start: int, end: int) -> list[Doubted]:
        """What members called wrong in that time, the newest first, with what stood in the way. For moderators."""
        if by.role not in review.MODERATORS:
            raise StudioError("desk.moderators_only")
        async with self.database.reading() as tx:
            moderator = await review.at_desk(tx, by)
            found = (await doubts.in_period(tx, by.community_id, start, end))[:DOUBTS_SHOWN]
            return [
                await desk_doubts.shown_to(
                    tx, row, await _verdict_behind(tx, row.subject, row.subject_id, row.job_id), moderator
                )
                for row in found
            ]

    async def standing_of(self, member_id: str, by: Asker) -> Standing:
        """How a member stands in the moderator's community."""
        if by.role not in review.MODERATORS:
            raise StudioError("desk.moderators_only")
        async with self.database.reading() as tx:
            return await standing.of_member(tx, member_id, by.community_id)

    async def standing(self, by: Asker) -> Standing:
        async with self.database.reading() as tx:
            return await standing.of_member(tx, by.member_id, by.community_id)

    # -- the record ------------------------------------------------------------------------------------------------

    async def verify_audit(self, expected: str | None = None) -> Checked:
        async with self.database.reading() as tx:
            return await audit.verify(tx, expected=expected)

    async def search_audit(
        self,
        by: Asker,
        *,
        case_id: str | None = None,
        actor: str | None = None,
        action: str | None = None,
        start: int | None = None,
        end: int | None = None,
        before: int | None = None,
    ) -> AuditPage:
        """What was done at this community's desk, the newest first. For leads: it says who looked at what."""
        if not at_least(by.role, Role.LEAD):
            raise StudioError("desk.leads_only")
        async with self.database.reading() as tx:
            found = await audit_rows.search(
                tx,
                by.community_id,
                case_id=case_id,
                actor=actor,
                action=action,
                start=start,
                end=end,
                before=before,
                limit=AUDIT_PAGE + 1,
            )
            known = await audit_rows.actions(tx, by.community_id)
        rows = found[:AUDIT_PAGE]
        return AuditPage(tuple(rows), rows[-1].number if len(found) > AUDIT_PAGE else None, tuple(known))

    async def export_audit(self, by: Asker, start: int, end: int) -> AsyncIterator[dict[str, object]]:
        if by.role != "operator":
            raise StudioError("desk.operator_only")
        async with self.database.reading() as tx:
            async for row in audit.export(tx, start, end):
                yield row

    async def labels(self, by: Asker) -> list[dict[str, str]]:
        """What people decided here about prompts, as rows that an evaluation reads. For leads; it is written down."""
        if not at_least(by.role, Role.LEAD):
            raise StudioError("desk.leads_only")
        async with self.database.writing() as tx:
            found = await decisions.of_briefs(tx, by.community_id, Queue.CHILD_SAFETY)
            await audit.append(tx, "labels", actor=by.member_id, community_id=by.community_id, rows=len(found))
        return [
            {"text": str(brief.get("prompt", "")), "label": action, "category": reason}
            for action, reason, brief in found
        ]

    async def transparency(self, by: Asker, start: int, end: int) -> Transparency:
        async with self.database.reading() as tx:
            return await transparency.report(tx, by.community_id, start, end)


async def _newest_against(tx: Transaction, job_id: str, by: Asker) -> DecisionRow:
    """The newest decision against this member's request that stands."""
    job = await jobs.get(tx, job_id)
    if job is None or job.member_id != by.member_id:
        raise StudioError("job.unknown", job=job_id)
    against = [one for one in await review.decisions_of(tx, job_id) if one.action in ADVERSE and one.stands]
    against = [one for one in against if one.subject != Subject.DECISION]
    if not against:
        raise StudioError("appeal.nothing_to_appeal")
    return against[-1]


async def _verdict_behind(tx: Transaction, subject: str, subject_id: str, job_id: str) -> Verdict:
    """What the classifiers said of a thing that was decided about."""
    case = await cases.about(tx, subject, subject_id)
    take = await jobs.take(tx, subject_id) if subject == Subject.TAKE else None
    job = await jobs.get(tx, job_id)
    stored = (case.verdict if case else None) or (take.verdict if take else None) or (job.verdict if job else None)
    return Verdict.model_validate(stored or {"decision": Decision.HOLD, "policy_version": "unknown"})


def _alike(own: Matter, others: Sequence[Matter]) -> set[str]:
    """Which of the others are about the same bytes, or nearly the same words."""
    hashes, is_near = _hashes(own), near_to(_prompt(own))
    return {other.id for other in others if hashes & _hashes(other) or is_near(_prompt(other))}


def _prompt(matter: Matter) -> str:
    return str(matter.brief.get("prompt", ""))


def _hashes(matter: Matter) -> set[str]:
    sources = matter.brief.get("sources") or ()
    found = {str(source["sha256"]) for source in sources if source.get("kind") == "upload"}
    of_take = str((matter.report or {}).get("sha256") or "")
    return {one for one in (*found, of_take, matter.clip_sha256) if one}
