"""The states of jobs as a machine: whatever order things happen in, the ledger says what a small model says.

Two carriers, a moderator, a member and the couriers act in any order. The model is plain Python and knows nothing of
rows; after every step the tables are read and compared with it.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from engine import jobs, members, review, turns
from engine.errors import StudioError
from engine.jobs import ENDED_JOBS, ENDED_TAKES, state_from
from engine.members import Asker
from safety.verdict import Decision
from storage import jobs as ledger
from storage.database import Database, Transaction
from storage.errors import CodedError
from storage.jobs import JobRow, LostLease, TakeRow
from tests.databases import Looking, give_back, lay_out, url
from tests.engine.small_studio import HOUR_MS, ask, verdict

GRANTED = 200
PRICE = 25
HOLDERS = ("carrier-one", "carrier-two")
BROKEN = {"code": "test.broken", "params": {}}

Pick = st.integers(0, 999)


@dataclass
class ModelJob:
    """What a job ought to be."""

    id: str
    takes: dict[str, str]  # states, by id
    stage: str = "asked"  # asked, held (the brief), queued, begun: what the takes do not tell
    is_decided: bool = False  # a moderator has allowed the brief
    is_reserved: bool = False
    holder: str | None = None
    claims: list[JobRow] = field(default_factory=list)  # the last one's fence is the job's, unless it was seized
    is_seized: bool = False
    cancel_asked: bool = False

    @property
    def state(self) -> str:
        states = set(self.takes.values())
        if states <= ENDED_TAKES:
            order = ("delivered", "cancelled", "refused", "failed")
            return next(state for state in order if state in states)
        if self.stage in ("asked", "held"):
            return self.stage
        if "waiting" in states:
            return "rendering" if self.stage == "begun" else "queued"
        if "rendered" in states:
            return "inspecting"
        return "sealing" if states & {"allowed", "sealed"} else "held"

    @property
    def has_ended(self) -> bool:
        return set(self.takes.values()) <= ENDED_TAKES

    @property
    def in_hand(self) -> JobRow | None:
        """The claim that may write: the latest, even if its lease was lost meanwhile, unless somebody followed."""
        return self.claims[-1] if self.claims and not self.is_seized and not self.has_ended else None

    @property
    def stale_claims(self) -> list[JobRow]:
        return self.claims if self.is_seized else self.claims[:-1]

    def takes_in(self, *states: str) -> list[str]:
        return [take for take, state in self.takes.items() if state in states]

    def end_unreleased(self, state: str) -> None:
        for take in self.takes_in("waiting", "rendered", "held", "allowed"):
            self.takes[take] = state

    @property
    def reserved(self) -> int:
        return PRICE * len(self.takes_in("waiting", "rendered", "held", "allowed")) if self.is_reserved else 0

    def rest(self) -> None:
        """Whoever had it lets go when nothing is left to do. A cancel that was asked for comes true."""
        if self.state == "held" and self.cancel_asked:
            self.end_unreleased("cancelled")
        if self.state == "held" or self.has_ended:
            self.holder = None


class JobMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kinora-machine-"))
        lay_out(self.folder)
        self.runner = asyncio.Runner()
        self.database = self.runner.run(Database.connect(url(self.folder)))
        self.member: Asker = self._write(lambda tx: members.at_home(tx, GRANTED))
        self.jobs: dict[str, ModelJob] = {}
        self.spent = 0
        self.reader = Looking(self.folder)

    def teardown(self) -> None:
        self.reader.close()
        self.runner.run(self.database.close())
        self.runner.close()
        give_back(self.folder)
        shutil.rmtree(self.folder)

    # -- helpers ---------------------------------------------------------------------------------------------------

    def _write(self, act: Callable[[Transaction], Awaitable[Any]]) -> Any:
        async def transaction() -> Any:
            async with self.database.writing() as tx:
                return await act(tx)

        return self.runner.run(transaction())

    def _take(self, take_id: str) -> TakeRow:
        found: TakeRow | None = self._write(lambda tx: ledger.take(tx, take_id))
        assert found is not None
        return found

    def _those(self, wanted: Callable[[ModelJob], object]) -> list[ModelJob]:
        return [job for job in self.jobs.values() if wanted(job)]

    def _carried_takes(self, *states: str) -> list[tuple[ModelJob, str]]:
        """Takes that somebody has in hand, and has begun with."""
        carried = self._those(lambda job: job.in_hand and job.stage == "begun")
        return [(job, take) for job in carried for take in job.takes_in(*states)]

    # -- the member ------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.jobs) < 5)
    @rule(variations=st.integers(1, 3))
    def ask(self, variations: int) -> None:
        job: JobRow = self._write(lambda tx: ask(tx, self.member, price=PRICE, variations=variations))
        takes: list[TakeRow] = self._write(lambda tx: ledger.takes_of(tx, job.id))
        self.jobs[job.id] = ModelJob(job.id, {take.id: "waiting" for take in takes})

    @precondition(lambda self: len(self.jobs) < 5 and self.available >= 3 * PRICE)
    @rule(variations=st.integers(1, 3), rendered=st.integers(0, 3), holder=st.sampled_from(HOLDERS))
    def ask_and_make(self, variations: int, rendered: int, holder: str) -> None:
        """A job that is well on its way: by single steps few examples would get so far."""
        self.ask(variations)
        job = list(self.jobs.values())[-1]
        self._take_in_hand(job, holder)
        self._write(lambda tx: jobs.queue(tx, _claim(job), verdict(Decision.ALLOW)))
        self._write(lambda tx: ledger.let_go(tx, job.id, _claim(job).fence))
        self._take_in_hand(job, holder)
        self._write(lambda tx: jobs.begin_rendering(tx, _claim(job)))
        job.stage, job.is_reserved = "begun", True
        for take in list(job.takes)[:rendered]:
            self._keep(job, take)

    def _keep(self, job: ModelJob, take: str) -> None:
        row = self._take(take)
        self._write(lambda tx: jobs.keep_take(tx, _claim(job), row, {"sha256": "0"}))
        job.takes[take] = "rendered"

    def _take_in_hand(self, job: ModelJob, holder: str) -> None:
        row: JobRow = self._write(lambda tx: ledger.get(tx, job.id))
        claimed: JobRow | None = self._write(lambda tx: ledger.claim(tx, row, holder, HOUR_MS))
        assert claimed is not None
        job.claims.append(claimed)
        job.holder, job.is_seized = holder, False

    @precondition(lambda self: self.jobs)
    @rule(pick=Pick)
    def cancel(self, pick: int) -> None:
        job = _one(list(self.jobs.values()), pick)

        async def cancel(tx: Transaction) -> None:
            row = await ledger.get(tx, job.id)
            assert row is not None
            await jobs.cancel(tx, row)

        self._write(cancel)
        if job.has_ended:
            return
        job.cancel_asked = True
        if job.holder is None:
            job.is_seized = True
            job.end_unreleased("cancelled")

    # -- carriers --------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.jobs)
    @rule(pick=Pick, holder=st.sampled_from(HOLDERS))
    def claim(self, pick: int, holder: str) -> None:
        """Whoever comes first gets it; nobody gets what somebody holds."""
        job = _one(list(self.jobs.values()), pick)
        row: JobRow = self._write(lambda tx: ledger.get(tx, job.id))
        offered: list[JobRow] = [
            *self._write(turns.next_to_admit),
            *self._write(turns.next_to_make),
        ]
        has_work = bool(job.takes_in("waiting", "rendered", "allowed"))
        is_free = job.holder is None and has_work and job.state in ("asked", *jobs.IN_THE_MAKING)
        assert (job.id in {one.id for one in offered}) == is_free
        if not is_free and job.holder is None:
            return  # nobody would try
        claimed: JobRow | None = self._write(lambda tx: ledger.claim(tx, row, holder, HOUR_MS))
        assert (claimed is not None) == is_free
        if claimed is not None:
            job.claims.append(claimed)
            job.holder, job.is_seized = holder, False

    @rule(holder=st.sampled_from(HOLDERS))
    def lose_leases(self, holder: str) -> None:
        """The carrier is taken for dead: its jobs are free. It may still write until somebody has followed it."""
        self._write(lambda tx: ledger.free_all_of(tx, holder))
        for job in self._those(lambda job: job.holder == holder):
            job.holder = None

    @precondition(lambda self: self._those(_to_admit))
    @rule(pick=Pick)
    def queue(self, pick: int) -> None:
        job = _one(self._those(_to_admit), pick)
        affordable = self.available >= PRICE * len(job.takes)

        async def queue(tx: Transaction) -> None:
            assert job.in_hand is not None
            try:
                await jobs.queue(tx, job.in_hand, verdict(Decision.ALLOW))
            except StudioError as short:
                assert short.code == "credits.short"
                await jobs.fail(tx, job.in_hand, BROKEN)

        self._write(queue)
        if affordable:
            job.stage, job.is_reserved = "queued", True
        else:
            job.end_unreleased("failed")
        job.rest()

    @precondition(lambda self: self._those(_to_check))
    @rule(pick=Pick)
    def hold(self, pick: int) -> None:
        job = _one(self._those(_to_check), pick)
        self._write(lambda tx: jobs.hold(tx, _claim(job), verdict(Decision.HOLD)))
        job.stage = "held"
        job.rest()

    @precondition(lambda self: self._those(_to_check))
    @rule(pick=Pick)
    def refuse(self, pick: int) -> None:
        job = _one(self._those(_to_check), pick)
        self._write(lambda tx: jobs.refuse(tx, _claim(job), verdict(Decision.REFUSE)))
        job.end_unreleased("refused")
        job.rest()

    @precondition(lambda self: self._those(_to_make))
    @rule(pick=Pick)
    def begin(self, pick: int) -> None:
        job = _one(self._those(_to_make), pick)
        self._write(lambda tx: jobs.begin_rendering(tx, _claim(job)))
        job.stage = "begun"

    @precondition(lambda self: self._carried_takes("waiting"))
    @rule(pick=Pick)
    def render(self, pick: int) -> None:
        job, take = _one(self._carried_takes("waiting"), pick)
        self._keep(job, take)

    @precondition(lambda self: self._carried_takes("rendered"))
    @rule(pick=Pick, decision=st.sampled_from(Decision))
    def judge(self, pick: int, decision: Decision) -> None:
        job, take = _one(self._carried_takes("rendered"), pick)
        row = self._take(take)
        self._write(lambda tx: jobs.judge_take(tx, _claim(job), row, verdict(decision)))
        job.takes[take] = {Decision.ALLOW: "allowed", Decision.HOLD: "held", Decision.REFUSE: "refused"}[decision]
        job.rest()

    @precondition(lambda self: self._carried_takes("allowed"))
    @rule(pick=Pick)
    def release(self, pick: int) -> None:
        job, take = _one(self._carried_takes("allowed"), pick)
        row = self._take(take)
        self._write(lambda tx: jobs.release_take(tx, _claim(job), row))
        job.takes[take] = "sealed"
        self.spent += PRICE

    @precondition(lambda self: self._carried_takes("waiting", "rendered", "allowed"))
    @rule(pick=Pick, gives_up=st.booleans())
    def lose_a_worker(self, pick: int, gives_up: bool) -> None:
        job, take = _one(self._carried_takes("waiting", "rendered", "allowed"), pick)
        row = self._take(take)
        if not gives_up:
            counted = self._write(lambda tx: jobs.count_lost_attempt(tx, _claim(job), row))
            assert counted == row.attempts + 1
            return
        self._write(lambda tx: jobs.fail_take(tx, _claim(job), row, BROKEN))
        job.takes[take] = "failed"
        job.rest()

    @precondition(lambda self: self._those(_carried))
    @rule(pick=Pick)
    def crash(self, pick: int) -> None:
        """An error of our own fails whatever nobody has seen."""
        job = _one(self._those(_carried), pick)
        self._write(lambda tx: jobs.fail(tx, _claim(job), BROKEN))
        job.end_unreleased("failed")
        job.rest()

    @precondition(lambda self: self._those(lambda job: job.holder and job.cancel_asked))
    @rule(pick=Pick)
    def call_off(self, pick: int) -> None:
        """The carrier sees that a cancel was asked for."""
        job = _one(self._those(lambda job: job.holder and job.cancel_asked), pick)

        async def call_off(tx: Transaction) -> None:
            await ledger.write(tx, job.id, _claim(job).fence)
            await jobs.finish_cancel(tx, _claim(job))

        self._write(call_off)
        job.end_unreleased("cancelled")
        job.rest()

    @precondition(lambda self: self._those(lambda job: job.holder))
    @rule(pick=Pick)
    def let_go(self, pick: int) -> None:
        job = _one(self._those(lambda job: job.holder), pick)
        self._write(lambda tx: ledger.let_go(tx, job.id, _claim(job).fence))
        job.holder = None

    @precondition(lambda self: self._those(lambda job: job.stale_claims))
    @rule(pick=Pick, which=Pick)
    def write_too_late(self, pick: int, which: int) -> None:
        """A carrier that somebody has followed writes nothing, whatever it wants to write."""
        job = _one(self._those(lambda job: job.stale_claims), pick)
        stale = _one(job.stale_claims, which)
        take = self._take(next(iter(job.takes)))
        writes: list[Callable[[Transaction], Awaitable[Any]]] = [
            lambda tx: jobs.queue(tx, stale, verdict(Decision.ALLOW)),
            lambda tx: jobs.hold(tx, stale, verdict(Decision.HOLD)),
            lambda tx: jobs.refuse(tx, stale, verdict(Decision.REFUSE)),
            lambda tx: jobs.fail(tx, stale, BROKEN),
            lambda tx: jobs.begin_rendering(tx, stale),
            lambda tx: jobs.keep_take(tx, stale, take, {}),
            lambda tx: jobs.judge_take(tx, stale, take, verdict(Decision.ALLOW)),
            lambda tx: jobs.release_take(tx, stale, take),
            lambda tx: jobs.fail_take(tx, stale, take, BROKEN),
            lambda tx: jobs.count_lost_attempt(tx, stale, take),
            lambda tx: ledger.renew(tx, stale.id, stale.fence, HOUR_MS),
        ]
        before = self._everything()
        for write in writes:
            # A price that cannot be paid is told before the fence is looked at; nothing is written then either.
            with pytest.raises((LostLease, StudioError)):
                self._write(write)
        self._write(lambda tx: ledger.let_go(tx, stale.id, stale.fence))
        assert self._everything() == before

    # -- moderators and couriers -----------------------------------------------------------------------------------

    @precondition(lambda self: self._cases())
    @rule(pick=Pick, decision=st.sampled_from((Decision.ALLOW, Decision.REFUSE)))
    def decide(self, pick: int, decision: Decision) -> None:
        case = _one(self._cases(), pick)
        job = self.jobs[case.job_id]
        self._write(lambda tx: review.decide(tx, case.id, decision, self.member))
        allowed = decision is Decision.ALLOW
        if case.subject == "take":
            job.takes[case.subject_id] = "allowed" if allowed else "refused"
        elif allowed:
            job.stage, job.is_decided, job.is_seized = "asked", True, True
        else:
            job.end_unreleased("refused")
        job.rest()
        with pytest.raises(CodedError, match="decided"):
            self._write(lambda tx: review.decide(tx, case.id, decision, self.member))

    @precondition(lambda self: self._sealed())
    @rule(pick=Pick, arrives=st.booleans())
    def deliver(self, pick: int, arrives: bool) -> None:
        job, take = _one(self._sealed(), pick)
        for _ in range(2):  # a second receipt changes nothing
            if arrives:
                self._write(lambda tx: jobs.delivered(tx, job.id, take))
            else:
                self._write(lambda tx: jobs.undeliverable(tx, job.id, take, BROKEN))
        job.takes[take] = "delivered" if arrives else "failed"
        job.rest()

    def _sealed(self) -> list[tuple[ModelJob, str]]:
        return [(job, take) for job in self.jobs.values() for take in job.takes_in("sealed")]

    # -- what is always true ---------------------------------------------------------------------------------------

    @property
    def available(self) -> int:
        return GRANTED - self.spent - sum(job.reserved for job in self.jobs.values())

    def _cases(self) -> list[Any]:
        return self.reader.rows("SELECT * FROM cases WHERE decision IS NULL ORDER BY opened_at, id")

    def _everything(self) -> dict[str, list[tuple[Any, ...]]]:
        tables = ("jobs", "takes", "ledger", "cases", "outbox", "events")
        every = {table: self.reader.rows(f"SELECT * FROM {table} ORDER BY 1") for table in tables}
        return {table: [tuple(row) for row in rows] for table, rows in every.items()}

    @invariant()
    def jobs_are_what_the_model_says(self) -> None:
        for row in self.reader.rows("SELECT * FROM jobs"):
            job = self.jobs[row.id]
            of_job = self.reader.rows("SELECT id, state FROM takes WHERE job_id = :job", job=row.id)
            takes = {take.id: take.state for take in of_job}
            assert takes == job.takes
            assert row.state == job.state
            assert row.lease_holder == job.holder
            assert (row.ended_at is not None) == (row.state in ENDED_JOBS) == job.has_ended
            if job.stage not in ("asked", "held") or job.has_ended:
                assert row.state == state_from(takes.values(), begun=job.stage == "begun")

    @invariant()
    def credits_balance_to_the_unit(self) -> None:
        ((available, reserved),) = self.reader.rows("SELECT sum(available), sum(reserved) FROM ledger")
        assert reserved == sum(job.reserved for job in self.jobs.values())
        assert available + reserved + self.spent == GRANTED
        assert available >= 0

    @invariant()
    def cases_are_open_for_what_is_held_and_for_nothing_else(self) -> None:
        every = [(row.subject, row.subject_id) for row in self.reader.rows("SELECT * FROM cases")]
        assert len(every) == len(set(every))
        held = {("take", take) for job in self.jobs.values() for take in job.takes_in("held")}
        held |= {("brief", job.id) for job in self.jobs.values() if job.stage == "held" and not job.has_ended}
        assert {(case.subject, case.subject_id) for case in self._cases()} == held

    @invariant()
    def each_message_is_written_once(self) -> None:
        keys = [key for (key,) in self.reader.rows("SELECT key FROM outbox")]
        assert len(keys) == len(set(keys))
        posted = {take for (take,) in self.reader.rows("SELECT take_id FROM outbox WHERE kind = 'post'")}
        spent = {take for (take,) in self.reader.rows("SELECT take_id FROM ledger WHERE kind = 'spend'")}
        assert posted == spent
        assert len(posted) * PRICE == self.spent


def _one(candidates: list[Any], pick: int) -> Any:
    return candidates[pick % len(candidates)]


def _claim(job: ModelJob) -> JobRow:
    assert job.in_hand is not None
    return job.in_hand


def _carried(job: ModelJob) -> bool:
    return job.in_hand is not None and job.state != "held"


def _to_admit(job: ModelJob) -> bool:
    return _carried(job) and job.state == "asked"


def _to_check(job: ModelJob) -> bool:
    return _to_admit(job) and not job.is_decided


def _to_make(job: ModelJob) -> bool:
    return _carried(job) and job.state in jobs.IN_THE_MAKING


def run_machine(examples: int, steps: int, *, always_the_same: bool) -> None:
    run_state_machine_as_test(
        JobMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=always_the_same,
            phases=tuple(set(Phase) - {Phase.explain}),  # it takes minutes, and says little about a machine
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_jobs_are_what_the_model_says_whatever_happens() -> None:
    run_machine(examples=18, steps=40, always_the_same=True)


@pytest.mark.soak
def test_jobs_are_what_the_model_says_whatever_happens_for_long() -> None:
    run_machine(examples=1_500, steps=100, always_the_same=False)
