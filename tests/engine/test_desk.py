"""The review desk: one desk a case, nobody on their own request, and nothing decided by waiting."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import update

from engine import credits, members, pots, takedown
from engine.brief import Brief, ClipSource, Operation
from engine.desk import Desk
from engine.members import Asker
from safety.categories import Category
from safety.desk.people import Action, Choice, Queue
from storage import cases, clips, explore, library, outbox, sources, words
from storage import credits as ledger_of_credits
from storage import decisions as written
from storage import jobs as ledger
from storage import members as people
from storage.clock import now
from storage.database import Database
from storage.errors import CodedError
from storage.explore import ExploreRow
from storage.sources import SourceRow
from storage.tables import audit as audit_table
from storage.tables import decisions as decision_table
from storage.tables import outbox as messages
from tests.databases import on_both
from tests.engine.people import held_brief, held_take, person, released
from tests.engine.small_studio import small_studio

ALLOW, REFUSE = Choice(Action.ALLOW, ""), Choice(Action.REFUSE, "")


@dataclass
class Room:
    database: Database
    desk: Desk
    operator: Asker  # of this machine, alone in the local community
    member: Asker
    ann: Asker
    ben: Asker
    lea: Asker

    async def brief(self, *categories: str, price: int = 0, prompt: str = "", of: Asker | None = None) -> str:
        async with self.database.writing() as tx:
            return await held_brief(tx, of or self.member, *categories, price=price, prompt=prompt)

    async def case(self, case_id: str) -> cases.CaseRow:
        async with self.database.reading() as tx:
            found = await cases.get(tx, case_id)
        assert found is not None
        return found

    async def state(self, case_id: str) -> str:
        async with self.database.reading() as tx:
            job = await ledger.get(tx, (await self.case(case_id)).job_id)
        assert job is not None
        return job.state

    async def notices(self) -> list[dict[str, object]]:
        async with self.database.reading() as tx:
            return [dict(row.content) for row in await tx.execute(messages.select().order_by(messages.c.id))]


@asynccontextmanager
async def room(folder: Path) -> AsyncIterator[Room]:
    async with small_studio(folder) as (database, operator):
        async with database.writing() as tx:
            here = operator.community_id
            people = [
                await person(tx, here, name, role)
                for name, role in (("mia", "member"), ("ann", "moderator"), ("ben", "moderator"), ("lea", "lead"))
            ]
            await ledger_of_credits.add(tx, ledger_of_credits.Entry("g", "mia", "grant", 1_000, 0, "test"))
        yield Room(database, Desk(database), operator, *people)


# -- whose turn ----------------------------------------------------------------------------------------------------


async def test_the_gravest_and_then_the_oldest_comes_first(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        ids = [await at.brief(category) for category in ("suggestive", "violence", "hate", "violence")]
        assert [case.id for case in await at.desk.queue(at.ann)] == [ids[2], ids[1], ids[3], ids[0]]
        assert (await at.desk.next(at.ann)).id == ids[2]  # type: ignore[union-attr]


@on_both
async def test_a_case_lies_on_one_desk_until_its_lease_ends(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        case_id = await at.brief()
        await at.desk.next(at.ann)
        assert await at.desk.next(at.ben) is None
        for attempt in (at.desk.claim(case_id, at.ben), at.desk.decide(case_id, ALLOW, at.ben)):
            with pytest.raises(CodedError, match="case.claimed"):
                await attempt
        async with at.database.writing() as tx:
            await cases.change(tx, case_id, claimed_until=now() - 1)
        assert (await at.desk.next(at.ben)).id == case_id  # type: ignore[union-attr]
        with pytest.raises(CodedError, match="case.claimed"):
            await at.desk.decide(case_id, ALLOW, at.ann)


async def test_a_skipped_case_goes_to_somebody_else(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        case_id = await at.brief()
        await at.desk.next(at.ann)
        await at.desk.skip(case_id, at.ann)
        assert await at.desk.next(at.ann) is None
        assert (await at.desk.next(at.ben)).id == case_id  # type: ignore[union-attr]


async def test_passed_and_escalated_cases_go_where_they_were_sent(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        passed, raised = await at.brief(), await at.brief()
        await at.desk.pass_on(passed, at.ann, to="ben")
        await at.desk.escalate(raised, at.ann)
        assert [case.id for case in await at.desk.queue(at.ann)] == []
        assert [case.id for case in await at.desk.queue(at.ben)] == [passed]
        assert [case.id for case in await at.desk.queue(at.lea)] == [raised]
        with pytest.raises(CodedError, match="case.needs_lead"):
            await at.desk.decide(raised, ALLOW, at.ben)
        with pytest.raises(CodedError, match="case.no_moderator"):
            await at.desk.pass_on(raised, at.lea, to="mia")


async def test_nobody_decides_on_their_own_request_or_report(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        own = await at.brief(of=at.ann)
        with pytest.raises(CodedError, match="case.own_request"):
            await at.desk.decide(own, ALLOW, at.ann)
        async with at.database.writing() as tx:
            clip = await clips.get(tx, await released(tx, at.member))
            assert clip is not None
            reported = await takedown.report(tx, clip, at.ann, Category.GORE, "")
            assert await takedown.report(tx, clip, at.lea, Category.HATE, "") == reported  # it joins
        with pytest.raises(CodedError, match="case.own_report"):
            await at.desk.decide(reported, Choice(Action.NOTHING, ""), at.ann)


async def test_the_operator_alone_decides_their_own_and_the_audit_says_so(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        case_id = await at.brief(of=at.operator)
        decided = await at.desk.decide(case_id, ALLOW, at.operator)
        assert decided.decision.own
        async with at.database.reading() as tx:
            rows = (await tx.execute(audit_table.select().where(audit_table.c.action == "decided"))).all()
        assert [row.data["decided_by_themselves"] for row in rows] == [True]
        with pytest.raises(CodedError, match="case.against_oneself"):
            other = await at.brief(of=at.operator)
            await at.desk.decide(other, Choice(Action.REFUSE, "", strike=True), at.operator)


async def test_a_clock_that_runs_out_makes_a_case_urgent_and_allows_nothing(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        late, grave = await at.brief("violence"), await at.brief("hate")
        await at.desk.pass_on(late, at.ann, to="ben")
        for _ in range(2):
            async with at.database.writing() as tx:
                await cases.change(tx, late, due_at=now() - 1)
            assert [case.id for case in await at.desk.ring()] == [late]
        assert await at.desk.ring() == []
        assert [case.id for case in await at.desk.queue(at.ann)] == [late, grave]
        assert await at.state(late) == "held"
        assert [one["notice"] for one in await at.notices()].count("overdue") == 2


# -- two people ----------------------------------------------------------------------------------------------------


@on_both
async def test_a_severe_case_takes_two_different_people(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        case_id = await at.brief("extremism")
        first = await at.desk.decide(case_id, ALLOW, at.ann)
        assert not first.is_final
        assert await at.state(case_id) == "held"
        with pytest.raises(CodedError, match="case.second_person"):
            await at.desk.decide(case_id, ALLOW, at.ann)
        assert (await at.desk.dossier(case_id, at.ben)).earlier == ()  # they look for themselves
        assert (await at.desk.decide(case_id, ALLOW, at.ben)).is_final
        assert await at.state(case_id) == "asked"


async def test_when_two_do_not_agree_a_lead_decides(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        case_id = await at.brief("extremism")
        await at.desk.decide(case_id, ALLOW, at.ann)
        assert not (await at.desk.decide(case_id, REFUSE, at.ben)).is_final
        assert (await at.desk.decide(case_id, REFUSE, at.lea)).is_final
        assert await at.state(case_id) == "refused"


async def test_two_leads_who_do_not_agree_do_not_leave_a_case_to_nobody(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        async with at.database.writing() as tx:
            await people.change_role(tx, at.lea.community_id, "ben", "lead")
            await people.change_role(tx, at.lea.community_id, at.operator.member_id, "member")
        case_id = await at.brief("extremism")
        for by, choice in ((at.lea, ALLOW), (replace(at.ben, role="lead"), REFUSE)):
            assert not (await at.desk.decide(case_id, choice, by)).is_final
        assert (await at.desk.decide(case_id, REFUSE, at.ann)).is_final  # no lead is left: a third person decides


async def test_whoever_is_alone_with_a_severe_case_may_refuse_it_and_never_allow_it(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        async with at.database.writing() as tx:
            for name in ("ben", "lea", at.operator.member_id):
                await people.change_role(tx, at.lea.community_id, name, "member")
        case_id = await at.brief("extremism")
        await at.desk.decide(case_id, ALLOW, at.ann)
        with pytest.raises(CodedError, match="case.only_refuse"):
            await at.desk.decide(case_id, ALLOW, at.ann)
        assert (await at.desk.decide(case_id, REFUSE, at.ann)).is_final
        assert await at.state(case_id) == "refused"


async def test_the_closed_queue_is_for_those_named_and_its_frames_for_nobody(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        case_id = await at.brief("minors", "violence")
        assert (await at.case(case_id)).queue == Queue.CHILD_SAFETY
        assert await at.desk.queue(at.lea) == []
        for attempt in (at.desk.dossier(case_id, at.lea), at.desk.decide(case_id, REFUSE, at.lea)):
            with pytest.raises(CodedError, match="case.named_only"):
                await attempt
        with pytest.raises(CodedError, match="desk.operator_only"):
            await at.desk.name_for_child_safety("ann", at.lea)
        await at.desk.name_for_child_safety("ann", at.operator)
        assert [case.id for case in await at.desk.queue(at.ann)] == [case_id]
        assert not (await at.desk.dossier(case_id, at.ann)).may_look
        with pytest.raises(CodedError, match="case.never_shown"):
            await at.desk.check_may_look(case_id, at.ann)
        with pytest.raises(CodedError, match="case.stays_closed"):
            await at.desk.pass_on(case_id, at.ann, queue=Queue.GENERAL)


# -- taking back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", [ALLOW, REFUSE])
async def test_a_fresh_decision_on_a_brief_is_undone(tmp_path: Path, choice: Choice) -> None:
    async with room(tmp_path) as at:
        case_id = await at.brief(price=25)
        told = len(await at.notices())
        await at.desk.decide(case_id, choice, at.ann)
        with pytest.raises(CodedError, match="case.not_your_decision"):
            await at.desk.undo(case_id, at.ben)
        await at.desk.undo(case_id, at.ann)
        assert (await at.state(case_id), (await at.case(case_id)).decision) == ("held", None)
        assert len(await at.notices()) == told
        await at.desk.decide(case_id, REFUSE, at.ben)
        assert await at.state(case_id) == "refused"


async def test_an_undone_refusal_of_a_take_sets_its_credits_aside_again(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        async with at.database.writing() as tx:
            _, case_id = await held_take(tx, at.member, price=25)
        for _ in range(2):
            await at.desk.decide(case_id, REFUSE, at.ann)
            await at.desk.undo(case_id, at.ann)
            async with at.database.reading() as tx:
                assert vars(await credits.balance(tx, "mia")) == {"available": 975, "reserved": 25}
                assert await ledger_of_credits.mistakes(tx) == []
        await at.desk.decide(case_id, REFUSE, at.ann)
        async with at.database.reading() as tx:
            assert vars(await credits.balance(tx, "mia")) == {"available": 1_000, "reserved": 0}


async def test_what_is_old_or_has_left_the_house_is_not_undone(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        old, told = await at.brief(), await at.brief()
        await at.desk.decide(old, REFUSE, at.ann)
        async with at.database.writing() as tx:
            await tx.execute(update(decision_table).values(at=now() - 61_000))
        with pytest.raises(CodedError, match="case.too_late"):
            await at.desk.undo(old, at.ann)
        await at.desk.decide(told, REFUSE, at.ann)
        job_id = (await at.case(told)).job_id
        async with at.database.writing() as tx:
            await tx.execute(update(messages).where(messages.c.job_id == job_id).values(state="sent", attempts=1))
        with pytest.raises(CodedError, match="case.delivered"):
            await at.desk.undo(told, at.ann)
        assert (await at.case(told)).decision == "refuse"  # all of it stands


# -- taking down ---------------------------------------------------------------------------------------------------


@on_both
async def test_a_takedown_edits_every_message_and_sends_what_was_made_from_it_to_the_desk(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        async with at.database.writing() as tx:
            clip = await released(tx, at.member)
            child = await released(tx, at.member, parents=(clip,))
            grandchild = await released(tx, at.ben, parents=(child,))
        decided = await at.desk.take_down(clip, Choice(Action.TAKE_DOWN, "gore", strike=True, bank=True), at.ann)
        assert decided.is_final
        async with at.database.reading() as tx:
            row = await clips.get(tx, clip)
            about = [await cases.about(tx, "clip", one) for one in (child, grandchild)]
            assert await clips.policy_version_of(tx, clip) == "test"  # the manifest's row stays
            assert [reason for reason, _ in await written.banked_briefs(tx, at.member.community_id, limit=9)] == [
                "gore"
            ]
        assert row is not None and row.withdrawn_at is not None
        assert [case.kind for case in about if case] == ["descendant", "descendant"]
        assert [one for one in await at.notices() if one.get("notice") == "taken_down"]
        await at.desk.undo(decided.case.id, at.ann)
        async with at.database.reading() as tx:
            row = await clips.get(tx, clip)
        assert row is not None and row.withdrawn_at is None
        assert not [one for one in await at.notices() if one.get("notice") == "taken_down"]
        assert (await at.desk.standing(at.member)).strikes == ()


@pytest.mark.parametrize("way_back", ["undo", "appeal"])
async def test_a_clip_comes_back_to_where_it_was(tmp_path: Path, way_back: str) -> None:
    async with room(tmp_path) as at:
        async with at.database.writing() as tx:
            clip = await released(tx, at.member)
            row = ExploreRow(clip, at.ann.community_id, "mia", "r", False, False, None, now(), 1, 0, now(), None, None)
            await explore.share(tx, row)
            await library.add(tx, "ben", clip, library.Kind.BOOKMARK, now())
            await library.change(tx, "ben", clip, title="the wolf")
        decided = await at.desk.take_down(clip, Choice(Action.TAKE_DOWN, "gore"), at.ann)
        async with at.database.reading() as tx:
            assert await explore.get(tx, clip) is None
            assert await library.entry(tx, "ben", clip) is None
            assert (await words.search(tx, words.of_library("mia"), ["wolf"], after=None, limit=9)).items == []
        if way_back == "undo":
            await at.desk.undo(decided.case.id, at.ann)
        else:
            appeal = await at.desk.appeal(decided.case.job_id, at.member, "it was jam")
            await at.desk.decide(appeal, ALLOW, at.ben)
        async with at.database.reading() as tx:
            assert await explore.get(tx, clip) == row
            assert (await library.entry(tx, "ben", clip)).title == "the wolf"  # type: ignore[union-attr]
            assert len((await words.search(tx, words.of_library("mia"), ["wolf"], after=None, limit=9)).items) == 1


async def test_a_clip_that_is_taken_down_on_its_way_never_arrives(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        async with at.database.writing() as tx:
            clip = await released(tx, at.member, sent=False)
        await at.desk.take_down(clip, Choice(Action.TAKE_DOWN, "gore"), at.ann)
        async with at.database.writing() as tx:
            (post,) = await outbox.posts_of(tx, clip)
        assert post.state == "failed"


# -- members -------------------------------------------------------------------------------------------------------


async def test_a_member_is_told_why_and_appeals_once_to_somebody_else(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        case_id = await at.brief("gore", price=25)
        await at.desk.decide(case_id, Choice(Action.REFUSE, "gore", word="no wounds, please", strike=True), at.ann)
        job_id = (await at.case(case_id)).job_id
        (said,) = await at.desk.statements(at.member, job_id)
        assert (said.reason, said.automated, said.strike, said.can_appeal) == ("gore", False, True, True)
        appeal = await at.desk.appeal(job_id, at.member, "it is a history lesson")
        with pytest.raises(CodedError, match="appeal.once"):
            await at.desk.appeal(job_id, at.member, "again")
        with pytest.raises(CodedError, match="case.own_decision"):
            await at.desk.decide(appeal, ALLOW, at.ann)
        assert (await at.desk.dossier(appeal, at.ben)).appeal == "it is a history lesson"
        decided = await at.desk.decide(appeal, ALLOW, at.ben)
        assert decided.is_final
        assert (await at.desk.standing(at.member)).strikes == ()
        async with at.database.reading() as tx:
            (decision,) = [one for one in await written.of_case(tx, appeal) if one.stage == "final"]
            job = await ledger.get(tx, str(decision.effects["job"]))
        assert job is not None and job.state == "asked"
        assert job.verdict is not None and job.verdict["decision"] == 0
        report = await at.desk.transparency(at.ann, 0, now() + 1)
        assert (report.appeals, report.overturned, report.decisions, report.automated) == (1, 1, 1, 0)


@on_both
async def test_a_refusal_that_is_called_wrong_is_seen_by_moderators_and_judged_by_nobody(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        refused = [await at.brief("gore", prompt=words) for words in ("番茄醬 🍅 on a plate", "jam on a knife")]
        jobs = [(await at.case(case_id)).job_id for case_id in refused]
        with pytest.raises(CodedError, match="appeal.nothing_to_appeal"):
            await at.desk.doubt(jobs[0], at.member)  # nothing was decided yet
        for case_id in refused:
            await at.desk.decide(case_id, Choice(Action.REFUSE, "gore"), at.ann)
        for _ in range(2):  # a press too many counts once
            await at.desk.doubt(jobs[0], at.member)
        await at.desk.doubt(jobs[1], at.member)
        for stranger in (at.ben, at.operator):
            with pytest.raises(CodedError, match="job.unknown"):
                await at.desk.doubt(jobs[0], stranger)
        assert await at.state(refused[0]) == "refused"
        assert [one.id for one in await at.desk.queue(at.ben)] == []
        (said,) = await at.desk.statements(at.member, jobs[0])
        assert (said.doubted, said.can_doubt, said.can_appeal) == (True, False, True)

        appeal = await at.desk.appeal(jobs[1], at.member, "it is jam")
        await at.desk.decide(appeal, ALLOW, at.ben)
        found = await at.desk.doubted(at.ben, 0, now() + 1)
        told = [(one.prompt, one.row.reason, one.row.stands, one.rules) for one in found]
        rules = ("test",)
        assert told == [
            ("jam on a knife", "gore", False, rules),
            ("番茄醬 🍅 on a plate", "gore", True, rules),
        ]
        assert (await at.desk.transparency(at.ann, 0, now() + 1)).doubts == 2
        assert await at.desk.doubted(at.ben, 0, 1) == []
        with pytest.raises(CodedError, match="desk.moderators_only"):
            await at.desk.doubted(at.member, 0, now() + 1)


async def test_what_is_called_wrong_out_of_a_closed_queue_is_read_by_those_named_for_it(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        case_id = await at.brief("minors", prompt="a class photograph")
        for named in (at.ann, at.lea):  # one alone does not decide it
            await at.desk.name_for_child_safety(named.member_id, at.operator)
            await at.desk.decide(case_id, Choice(Action.REFUSE, "minors"), named)
        await at.desk.doubt((await at.case(case_id)).job_id, at.member)
        (for_ann,) = await at.desk.doubted(at.ann, 0, now() + 1)
        (for_ben,) = await at.desk.doubted(at.ben, 0, now() + 1)
        assert (for_ann.prompt, for_ben.prompt, for_ben.rules) == ("a class photograph", None, ())


async def test_what_an_appeal_sets_off_stands_on_the_same_clips_and_is_paid_by_the_same_pot(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        async with at.database.writing() as tx:
            parent = await released(tx, at.member)
        case_id = await at.brief("gore")
        old = (await at.case(case_id)).job_id
        async with at.database.writing() as tx:
            pot_id = await pots.open_pot(tx, at.ann, "lanterns")
            brief = Brief(operation=Operation.VIEWS, views=3, sources=(ClipSource(clip_id=parent),))
            await ledger.set_state(tx, old, brief=brief.model_dump(mode="json"), pot_id=pot_id, lane="relaxed")
            await sources.add(tx, [SourceRow(old, 0, "parentOf", parent, None)])
            (take,) = await ledger.takes_of(tx, old)
            await ledger.write_take(tx, take.id, {take.state}, number=2)
        await at.desk.decide(case_id, Choice(Action.REFUSE, "gore"), at.ann)
        appeal = await at.desk.appeal(old, at.member, "it is jam")
        await at.desk.decide(appeal, ALLOW, at.ben)
        async with at.database.reading() as tx:
            (decision,) = [one for one in await written.of_case(tx, appeal) if one.stage == "final"]
            job = await ledger.get(tx, str(decision.effects["job"]))
            assert job is not None
            assert (job.pot_id, job.lane, Brief.model_validate(job.brief)) == (pot_id, "relaxed", brief)
            assert [row.clip_id for row in await sources.of_job(tx, job.id)] == [parent]
            assert [one.number for one in await ledger.takes_of(tx, job.id)] == [2]  # the same camera


async def test_strikes_lead_from_a_notice_to_a_pause_and_run_out(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        steps = []
        for _ in range(4):
            await at.desk.decide(await at.brief("gore"), Choice(Action.REFUSE, "gore", strike=True), at.ann)
            steps.append((await at.desk.standing(at.member)).step.value)
        assert steps == ["notice", "slow", "review", "pause"]
        assert (await at.desk.standing(at.member)).paused_until is not None
        async with at.database.writing() as tx:
            await tx.exec_driver_sql("UPDATE strikes SET expires_at = 1")
        assert (await at.desk.standing(at.member)).step == "good"


async def test_a_restriction_lasts_as_long_as_its_decision_stands(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        case_id = await at.brief()
        until = now() + 86_400_000
        await at.desk.decide(case_id, Choice(Action.REFUSE, "", restricted_until=until), at.ann)
        restriction = (await at.desk.standing(at.member)).restriction
        assert restriction is not None and restriction.until == until
        async with at.database.reading() as tx:
            with pytest.raises(CodedError, match="member.restricted_until"):
                await members.check_unrestricted(tx, "mia", at.member.community_id)
        await at.desk.undo(case_id, at.ann)
        assert (await at.desk.standing(at.member)).restriction is None


# -- several at once -----------------------------------------------------------------------------------------------


async def test_alike_prompts_are_decided_together_and_severe_ones_are_not(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        first = await at.brief(prompt="a knight strikes the dragon with his burning sword")
        again = await at.brief(prompt="A knight strikes the dragon, with his burning SWORD!!")
        other = await at.brief(prompt="a quiet lake at dawn")
        taken = await at.brief(prompt="a knight strikes the dragon with his burning sword")
        severe = await at.brief("extremism", prompt="a knight strikes the dragon with his burning sword")
        await at.desk.claim(taken, at.ben)
        done = await at.desk.decide_alike(first, REFUSE, at.ann)
        assert {one.case.id for one in done} == {first, again}
        assert {case.id for case in await at.desk.queue(at.ann)} >= {other, severe}


async def test_a_reason_belongs_to_the_policy_and_an_action_to_the_case(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        case_id = await at.brief()
        for choice, code in (
            (Choice(Action.REFUSE, "ugly"), "case.unknown_reason"),
            (Choice(Action.TAKE_DOWN, ""), "case.no_such_action"),
            (Choice(Action.ALLOW, "", strike=True), "case.nothing_to_add"),
        ):
            with pytest.raises(CodedError, match=code):
                await at.desk.decide(case_id, choice, at.ann)


async def test_whoever_has_looked_at_much_is_offered_a_pause(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await at.desk.change_settings(at.ann, heavy_limit=2)
        case_id = await at.brief("gore")
        for seen in range(3):
            assert (await at.desk.wellbeing(at.ann)).offers_pause == (seen >= 2)
            await at.desk.looked(await at.case(case_id), at.ann, hidden=False)
            await at.desk.looked(await at.case(case_id), at.ann, hidden=True)  # that counts for nothing
        with pytest.raises(CodedError, match="desk.setting"):
            await at.desk.change_settings(at.ann, heavy_limit="many")
