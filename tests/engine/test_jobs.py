"""A job's way through its states: credits, events and messages go with every step, and nobody else can step in."""

import itertools
from pathlib import Path

import pytest

from engine import credits, jobs, review
from engine.errors import StudioError
from engine.holder import this_process
from engine.jobs import ENDED_TAKES, JobState, TakeState, state_from
from engine.members import Asker
from safety.verdict import Decision
from storage import cases, events, outbox
from storage import credits as ledger_of_credits
from storage import jobs as ledger
from storage.credits import Account
from storage.database import Database, Transaction
from storage.errors import CodedError
from storage.jobs import JobRow, LostLease
from tests.databases import on_both
from tests.engine.small_studio import HOUR_MS, ask, claimed, small_studio, verdict


async def _rendered(tx: Transaction, job: JobRow) -> None:
    await jobs.begin_rendering(tx, job)
    for take in await ledger.takes_of(tx, job.id):
        await jobs.keep_take(tx, job, take, {"frames": 1})


async def _state(tx: Transaction, job_id: str) -> str:
    job = await ledger.get(tx, job_id)
    assert job is not None
    return job.state


async def _balance(database: Database, asker: Asker) -> tuple[int, int]:
    async with database.reading() as tx:
        balance = await credits.balance(tx, asker.member_id)
    return balance.available, balance.reserved


@on_both
async def test_allowed_delivered_and_charged_once(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, asker):
        async with database.writing() as tx:
            job = await claimed(tx, (await ask(tx, asker, variations=2)).id)
            await jobs.queue(tx, job, verdict(Decision.ALLOW))
        assert await _balance(database, asker) == (950, 50)
        async with database.writing() as tx:
            await _rendered(tx, job)
            assert await _state(tx, job.id) == JobState.INSPECTING
            for take in await ledger.takes_of(tx, job.id):
                await jobs.judge_take(tx, job, take, verdict(Decision.ALLOW))
            assert await _state(tx, job.id) == JobState.SEALING
            for take in await ledger.takes_of(tx, job.id):
                await jobs.release_take(tx, job, take)
        assert await _balance(database, asker) == (950, 0)
        async with database.writing() as tx:
            for take in await ledger.takes_of(tx, job.id):
                await jobs.delivered(tx, job.id, take.id)
                await jobs.delivered(tx, job.id, take.id)  # twice does nothing
            assert await _state(tx, job.id) == JobState.DELIVERED
            told = [event.kind for event in await events.after(tx, job.id, 0)]
        assert [kind for kind in told if kind != "take"] == [
            "asked",
            "queued",
            "rendering",
            "inspecting",
            "sealing",
            "delivered",
        ]


async def test_a_refused_brief_costs_nothing_and_is_told_once(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, asker):
        async with database.writing() as tx:
            job = await claimed(tx, (await ask(tx, asker)).id)
            await jobs.refuse(tx, job, verdict(Decision.REFUSE))
            assert await _state(tx, job.id) == JobState.REFUSED
            message = await outbox.claim_next(tx, ["test"], "me", HOUR_MS)
            assert message is not None and message.content == {"notice": "refused"}
            assert await outbox.claim_next(tx, ["test"], "me", HOUR_MS) is None
        assert await _balance(database, asker) == (1_000, 0)


async def test_each_take_has_its_own_verdict(tmp_path: Path) -> None:
    """Of four takes one is allowed, one held, one refused, one failed: each is charged or paid back by itself."""
    async with small_studio(tmp_path) as (database, asker):
        async with database.writing() as tx:
            job = await claimed(tx, (await ask(tx, asker, variations=4)).id)
            await jobs.queue(tx, job, verdict(Decision.ALLOW))
            await _rendered(tx, job)
            allowed, held, refused, failed = await ledger.takes_of(tx, job.id)
            await jobs.judge_take(tx, job, held, verdict(Decision.HOLD))
            await jobs.judge_take(tx, job, refused, verdict(Decision.REFUSE))
            await jobs.fail_take(tx, job, failed, {"code": "x", "params": {}})
            await jobs.judge_take(tx, job, allowed, verdict(Decision.ALLOW))
            await jobs.release_take(tx, job, allowed)
            await jobs.delivered(tx, job.id, allowed.id)
            assert await _state(tx, job.id) == JobState.HELD  # the sibling did not wait, but the job does
            await ledger.let_go(tx, job.id, job.fence)
        assert await _balance(database, asker) == (950, 25)
        async with database.writing() as tx:
            (case,) = await cases.undecided(tx)
            await review.decide(tx, case.id, Decision.REFUSE, asker)
            assert await _state(tx, job.id) == JobState.DELIVERED
        assert await _balance(database, asker) == (975, 0)


@pytest.mark.parametrize("decision", [Decision.ALLOW, Decision.REFUSE])
async def test_a_held_brief_goes_where_the_moderator_sends_it(tmp_path: Path, decision: Decision) -> None:
    async with small_studio(tmp_path) as (database, asker), database.writing() as tx:
        job = await claimed(tx, (await ask(tx, asker)).id)
        await jobs.hold(tx, job, verdict(Decision.HOLD))
        await ledger.let_go(tx, job.id, job.fence)
        (case,) = await cases.undecided(tx)
        await review.decide(tx, case.id, decision, asker, "seen")
        with pytest.raises(CodedError, match="case.decided"):
            await review.decide(tx, case.id, decision, asker)
        expected = JobState.ASKED if decision is Decision.ALLOW else JobState.REFUSED
        assert await _state(tx, job.id) == expected
        decided = await cases.get(tx, case.id)
        assert decided is not None and decided.decided_by == asker.member_id and decided.note == "seen"


async def test_strangers_and_members_decide_nothing(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, asker), database.writing() as tx:
        job = await claimed(tx, (await ask(tx, asker)).id)
        await jobs.hold(tx, job, verdict(Decision.HOLD))
        (case,) = await cases.undecided(tx)
        stranger = Asker("other", "elsewhere", "unlimited", "moderator")
        member = Asker("other", asker.community_id, "unlimited", "member")
        themselves = Asker(asker.member_id, asker.community_id, "unlimited", "operator", is_alone=False)
        for somebody, code in ((stranger, "case.not_yours"), (member, "case.not_yours")):
            with pytest.raises(CodedError, match=code):
                await review.decide(tx, case.id, Decision.ALLOW, somebody)
        with pytest.raises(CodedError, match="case.own_request"):
            await review.decide(tx, case.id, Decision.ALLOW, themselves)


async def test_too_few_credits_end_the_job_with_the_reason(tmp_path: Path) -> None:
    async with small_studio(tmp_path, granted=30) as (database, asker):
        async with database.writing() as tx:
            first, second = [(await ask(tx, asker)).id for _ in range(2)]
            await jobs.queue(tx, await claimed(tx, first), verdict(Decision.ALLOW))
            job = await claimed(tx, second)
            with pytest.raises(StudioError, match="credits.short") as short:
                await jobs.queue(tx, job, verdict(Decision.ALLOW))
            assert short.value.params == {"needed": 25, "available": 5}
        assert await _balance(database, asker) == (5, 25)


@pytest.mark.parametrize("reached", ["asked", "held", "queued", "rendering", "inspecting", "sealing"])
async def test_cancel_at_every_stage_pays_back(tmp_path: Path, reached: str) -> None:
    async with small_studio(tmp_path) as (database, asker):
        async with database.writing() as tx:
            job = await ask(tx, asker)
            if reached != "asked":
                job = await claimed(tx, job.id)
                if reached == "held":
                    await jobs.hold(tx, job, verdict(Decision.HOLD))
                else:
                    await jobs.queue(tx, job, verdict(Decision.ALLOW))
                    if reached != "queued":
                        await jobs.begin_rendering(tx, job)
                    if reached in ("inspecting", "sealing"):
                        await _rendered(tx, job)
                    if reached == "sealing":
                        (take,) = await ledger.takes_of(tx, job.id)
                        await jobs.judge_take(tx, job, take, verdict(Decision.ALLOW))
                await ledger.let_go(tx, job.id, job.fence)
            assert await _state(tx, job.id) == reached
            await jobs.cancel(tx, job)
            assert await _state(tx, job.id) == JobState.CANCELLED
            assert await cases.undecided(tx) == []
            current = await ledger.get(tx, job.id)
            assert current is not None
            await jobs.cancel(tx, current)  # again: nothing happens
        assert await _balance(database, asker) == (1_000, 0)


async def test_a_job_in_a_dead_hand_is_cancelled_at_once(tmp_path: Path) -> None:
    dead = this_process().rsplit("/", 2)[0] + "/999999999/1.00"
    async with small_studio(tmp_path) as (database, asker), database.writing() as tx:
        job = await claimed(tx, (await ask(tx, asker)).id, dead)
        await jobs.cancel(tx, job)
        assert await _state(tx, job.id) == JobState.CANCELLED


async def test_cancel_of_a_job_in_hand_asks_its_holder(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, asker), database.writing() as tx:
        job = await claimed(tx, (await ask(tx, asker)).id)
        await jobs.cancel(tx, job)
        current = await ledger.get(tx, job.id)
        assert current is not None
        assert current.state == JobState.ASKED
        assert current.cancel_requested_at is not None


@on_both
async def test_whoever_lost_the_lease_writes_nothing(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, asker):
        async with database.writing() as tx:
            slow = await claimed(tx, (await ask(tx, asker)).id, "slow")
            assert await ledger.claim(tx, slow, "quick", HOUR_MS) is None  # still held
            await ledger.free_all_of(tx, "slow")
            quick = await claimed(tx, slow.id, "quick")
            assert quick.fence > slow.fence
        for step in (
            lambda tx: jobs.queue(tx, slow, verdict(Decision.ALLOW)),
            lambda tx: jobs.hold(tx, slow, verdict(Decision.HOLD)),
            lambda tx: jobs.refuse(tx, slow, verdict(Decision.REFUSE)),
            lambda tx: jobs.fail(tx, slow, {}),
            lambda tx: ledger.renew(tx, slow.id, slow.fence, HOUR_MS),
        ):
            with pytest.raises(LostLease):
                async with database.writing() as tx:
                    await step(tx)
        async with database.reading() as tx:
            assert await _state(tx, slow.id) == JobState.ASKED
            assert [event.kind for event in await events.after(tx, slow.id, 0)] == ["asked"]
        assert await _balance(database, asker) == (1_000, 0)


def test_a_job_has_ended_exactly_when_every_take_has() -> None:
    for count in (1, 2, 3, 4):
        for takes in itertools.combinations_with_replacement(TakeState, count):
            ended = all(take in ENDED_TAKES for take in takes)
            assert (state_from(takes, begun=True) in jobs.ENDED_JOBS) == ended, takes


@on_both
async def test_the_ledger_refuses_to_write_an_entry_twice(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, asker):
        async with database.writing() as tx:
            job = await claimed(tx, (await ask(tx, asker, variations=2)).id)
            await jobs.queue(tx, job, verdict(Decision.ALLOW))
            await credits.reserve(tx, job)  # again: nothing happens
            take, _ = await ledger.takes_of(tx, job.id)
            await credits.spend(tx, job, take)
        with pytest.raises(Exception, match=r"(?i)unique"):
            async with database.writing() as tx:
                await credits.give_back(tx, job, take)
        async with database.reading() as tx:
            kinds = [entry.kind for entry in await ledger_of_credits.entries(tx, Account(asker.member_id))]
        assert kinds == ["grant", "reserve", "spend"]
