"""Decisions: who may decide what, when a second person has to agree, and how a decision is taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safety import audit
from safety.desk import cases as at_desk
from safety.desk import rules
from safety.desk.people import ADVERSE, FITTING, ROLES, Action, Choice, DeskError, Moderator, Subject
from safety.verdict import Verdict
from storage import appeals, cases, decisions, policies, strikes
from storage.cases import CaseRow
from storage.clock import now
from storage.database import Transaction
from storage.decisions import FINAL, OPINION, DecisionRow

DAY_MS = 86_400_000


@dataclass(frozen=True)
class Decided:
    case: CaseRow
    decision: DecisionRow

    @property
    def is_final(self) -> bool:
        """False: it was a first opinion, and somebody else has to look, too."""
        return self.decision.stage == FINAL


async def decide(tx: Transaction, case_id: str, choice: Choice, by: Moderator) -> Decided:
    """Decide the case, or give the first opinion on it where a second person has to agree.

    When the two do not agree, a lead who gave no opinion decides; without one, the next opinion does. Where nobody is
    left to ask, whoever gave an opinion may still refuse. Whoever comes second to a decided case is told so.
    """
    case = await at_desk.open_row(tx, case_id)
    own = await at_desk.check_may_take(tx, case, by)
    at_desk.check_desk(case, by)
    await _check_choice(tx, case, choice, own=own)
    if await at_desk.needs_second(tx, case, by) and not await _is_agreed(tx, case, choice, by):
        return await _give_opinion(tx, case, choice, by)
    if not await cases.decide(tx, case.id, choice.action, by.member_id, choice.note):
        raise DeskError("case.decided", case=case_id, decision="")
    decision = await _write(tx, case, choice, FINAL, by, own=own)
    if choice.strike:
        await strikes.add(
            tx,
            decision_id=decision.id,
            member_id=await at_desk.member_of(tx, case),
            community_id=case.community_id,
            reason=choice.reason,
            last_ms=rules.shipped().strikes.last_days * DAY_MS,
        )
    decided = await cases.get(tx, case_id)
    assert decided is not None
    return Decided(decided, decision)


async def _check_choice(tx: Transaction, case: CaseRow, choice: Choice, *, own: bool) -> None:
    if choice.action not in FITTING[Subject(case.subject)]:
        fitting = ", ".join(FITTING[Subject(case.subject)])
        raise DeskError("case.no_such_action", case=case.id, action=choice.action.value, fitting=fitting)
    if choice.adds and (choice.action not in ADVERSE or case.subject == Subject.DECISION):
        raise DeskError("case.nothing_to_add", case=case.id)
    if own and (choice.strike or choice.restricted_until is not None):
        raise DeskError("case.against_oneself", case=case.id)
    known = await reasons_for(tx, Verdict.model_validate(case.verdict).policy_version)
    if choice.reason not in known:
        raise DeskError("case.unknown_reason", reason=choice.reason[:40], known=", ".join(known))


async def reasons_for(tx: Transaction, policy_version: str) -> tuple[str, ...]:
    """The reasons that can be given under this policy: its categories, and a few that every policy has."""
    policy = await policies.get(tx, policy_version) or {}
    categories = policy.get("categories") or rules.shipped().severity
    return (*(str(name) for name in categories), *rules.shipped().reasons.general)


async def _is_agreed(tx: Transaction, case: CaseRow, choice: Choice, by: Moderator) -> bool:
    """Somebody else thought the same; or two did not agree, and this is a lead who settles it."""
    given = [one for one in await decisions.of_case(tx, case.id) if one.stage == OPINION and one.round == case.round]
    if any(one.by_id == by.member_id for one in given):  # there is nobody else: it never allows
        if choice.action not in ADVERSE:
            raise DeskError("case.only_refuse", case=case.id)
        return True
    return any(one.action == choice.action for one in given) or (len(given) > 1 and by.ranks(ROLES[1]))


async def _give_opinion(tx: Transaction, case: CaseRow, choice: Choice, by: Moderator) -> Decided:
    given = (await cases.opinions(tx, [case.id])).get(case.id, set())
    await cases.change(tx, case.id, claimed_by=None, claimed_until=None, passed_to=None)
    if given:
        await at_desk.raise_to_lead(tx, case, but={*given, by.member_id})
    decision = await _write(tx, case, choice, OPINION, by, own=False)
    waiting = await cases.get(tx, case.id)
    assert waiting is not None
    return Decided(waiting, decision)


async def _write(
    tx: Transaction, case: CaseRow, choice: Choice, stage: str, by: Moderator, *, own: bool
) -> DecisionRow:
    return await decisions.add(
        tx,
        case_id=case.id,
        round=case.round,
        subject=case.subject,
        subject_id=case.subject_id,
        job_id=case.job_id,
        community_id=case.community_id,
        stage=stage,
        action=choice.action,
        reason=choice.reason,
        policy_version=Verdict.model_validate(case.verdict).policy_version,
        note=choice.note,
        word=choice.word,
        strike=choice.strike,
        bank=choice.bank,
        restricted_until=choice.restricted_until,
        by_id=by.member_id,
        automated=False,
        own=own,
    )


async def record(tx: Transaction, decided: Decided, effects: Mapping[str, Any]) -> None:
    """Write down what the decision did, with the decision and in the audit. The last step of the transaction."""
    decision = decided.decision
    await decisions.change(tx, decision.id, effects=dict(effects))
    await audit.append(
        tx,
        "decided" if decided.is_final else "opinion",
        actor=decision.by_id,
        community_id=decision.community_id,
        case_id=decision.case_id,
        decision=decision.id,
        decided=decision.action,
        reason=decision.reason,
        policy=decision.policy_version,
        strike=decision.strike,
        bank=decision.bank,
        restricted_until=decision.restricted_until,
        decided_by_themselves=decision.own,
    )


async def record_automated(
    tx: Transaction, *, subject: Subject, subject_id: str, job_id: str, community_id: str, verdict: Verdict
) -> DecisionRow:
    """The classifiers refused: a decision like any other, for the statement of reasons and for an appeal."""
    grave = await at_desk.grave_categories(tx, verdict)
    decision = await decisions.add(
        tx,
        case_id=None,
        round=0,
        subject=subject,
        subject_id=subject_id,
        job_id=job_id,
        community_id=community_id,
        stage=FINAL,
        action=Action.REFUSE,
        reason=grave[0] if grave else "other",
        policy_version=verdict.policy_version,
        note="",
        word="",
        strike=False,
        bank=False,
        restricted_until=None,
        by_id=None,
        automated=True,
        own=False,
    )
    await audit.append(
        tx, "refused", actor=None, community_id=community_id, decision=decision.id, reason=decision.reason
    )
    return decision


# -- taken back ----------------------------------------------------------------------------------------------------


async def undo(tx: Transaction, case_id: str, by: Moderator) -> DecisionRow:
    """Take one's own decision back while it is fresh: the case waits again. The caller takes its effects back."""
    case = await cases.get(tx, case_id, lock=True)
    if case is None or case.community_id != by.community_id:
        raise DeskError("case.unknown", case=case_id)
    standing = [one for one in await decisions.of_case(tx, case_id) if one.stands and one.round == case.round]
    if case.decision is None or not standing:
        raise DeskError("case.not_decided", case=case_id)
    decision = standing[-1]
    if decision.by_id != by.member_id:
        raise DeskError("case.not_your_decision", case=case_id)
    if now() - decision.at > rules.shipped().undo_ms:
        raise DeskError("case.too_late", case=case_id, seconds=rules.shipped().undo.seconds)
    if await appeals.against(tx, decision.id) is not None:
        raise DeskError("case.too_late", case=case_id, seconds=rules.shipped().undo.seconds)
    await decisions.change(tx, decision.id, undone_at=now())
    await strikes.lift(tx, decision.id)
    await cases.reopen(tx, case_id)
    return decision


async def record_undone(tx: Transaction, decision: DecisionRow, by: Moderator) -> None:
    await audit.append(
        tx,
        "undone",
        actor=by.member_id,
        community_id=by.community_id,
        case_id=decision.case_id,
        decision=decision.id,
    )
