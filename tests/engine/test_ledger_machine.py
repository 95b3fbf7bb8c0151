"""The ledger as a machine: months, gifts, pots, jobs and merges in any order, against a model of plain dictionaries.

The model knows credits by the moment at which they expire and nothing of rows or lots. After every step each account
is compared with it, the whole ledger is added up, and no row that was there has changed.
"""

import asyncio
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from engine import communities, credits, jobs, linking, members, pots
from engine.brief import Brief
from engine.errors import StudioError
from engine.members import Asker, Role
from engine.months import month_at
from engine.origin import Origin
from engine.plans import BY_OPERATOR, Plans
from safety.verdict import Decision
from storage import credits as accounts
from storage import jobs as job_rows
from storage import members as people
from storage.credits import Account
from storage.database import Database, Transaction
from storage.jobs import JobRow, TakeRow
from tests.databases import Looking, give_back, lay_out, url
from tests.engine.small_studio import claimed, verdict

PLANS = Plans.of({}, default="free", discord_roles={}, telegram_groups={})
START = 1_830_297_600_000  # 2028-01-01, a leap year
DAY_MS = 86_400_000
NEVER = 2**62
Pick = st.integers(0, 999)


@dataclass
class ModelAccount:
    free: Counter[int] = field(default_factory=Counter)  # what can be spent, by the moment at which it expires

    def open(self, at: int) -> int:
        return sum(amount for ends, amount in self.free.items() if ends > at)

    def draw(self, amount: int, at: int) -> list[tuple[int, int]] | None:
        """Take this much, the first to expire first; None, and nothing, where there is not so much."""
        if amount > self.open(at):
            return None
        parts = []
        for ends in sorted(ends for ends, left in self.free.items() if ends > at and left):
            part = min(self.free[ends], amount)
            amount -= part
            self.free[ends] -= part
            if part:
                parts.append((ends, part))
        return parts


@dataclass
class ModelMember:
    came: int
    plan: str = "free"
    account: ModelAccount = field(default_factory=ModelAccount)
    months: set[tuple[str, int]] = field(default_factory=set)  # what was given already
    granted: Counter[int] = field(default_factory=Counter)  # by the moment at which it expires
    merged_into: str | None = None


@dataclass
class ModelPot:
    given: dict[str, ModelAccount] = field(default_factory=dict)  # by who put it in
    is_closed: bool = False


@dataclass
class ModelJob:
    row: JobRow  # as it was when it was asked for: carriers may know no better
    takes: list[TakeRow]
    price: int
    aside: list[tuple[str, int, int]]  # whose, until when, how much
    pot: str | None = None


class LedgerMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.clock = mock.patch.object(time, "time_ns", lambda: self.now * 1_000_000)
        self.clock.start()
        self.folder = Path(tempfile.mkdtemp(prefix="kinora-ledger-"))
        lay_out(self.folder)
        self.runner = asyncio.Runner()
        self.database = self.runner.run(Database.connect(url(self.folder)))
        self.reader = Looking(self.folder)
        self.members: dict[str, ModelMember] = {}
        self.jobs: list[ModelJob] = []
        self.pots: dict[str, ModelPot] = {}
        self.spent = self.gone = self.made = 0
        self.seen: list[tuple[Any, ...]] = []
        self.community: str = self._write(self._make_community)
        for name in ("ann", "ben", "cho"):
            self._add_member(name)

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()
        self.reader.close()
        self.clock.stop()
        give_back(self.folder)
        shutil.rmtree(self.folder)

    async def _make_community(self, tx: Transaction) -> str:
        return (await communities.known_as(tx, "test", "here")).id

    def _add_member(self, name: str) -> None:
        asker: Asker = self._write(lambda tx: members.known_as(tx, "test", name, self.community, PLANS))
        self.members[asker.member_id] = ModelMember(came=self.now)

    def _write(self, act: Callable[[Transaction], Awaitable[Any]]) -> Any:
        async def transaction() -> Any:
            async with self.database.writing() as tx:
                return await act(tx)

        return self.runner.run(transaction())

    def _asker(self, member_id: str, role: Role = Role.MODERATOR) -> Asker:
        return Asker(member_id, self.community, self.members[member_id].plan, role)

    def _current(self, pick: int) -> str:
        present = [member_id for member_id, member in self.members.items() if member.merged_into is None]
        return present[pick % len(present)]

    # -- the model -------------------------------------------------------------------------------------------------

    def _bring_up_to_date(self, member_id: str) -> None:
        member = self.members[member_id]
        plan = PLANS[member.plan]
        month = month_at(self.now, member.came, PLANS.zone)
        if not plan.monthly or (month.name, plan.monthly) in member.months:
            return
        theirs = [member, *(one for one in self.members.values() if one.merged_into == member_id)]
        had = sum(amount for one in theirs for ends, amount in one.granted.items() if ends > self.now)
        if plan.monthly > had:
            member.months.add((month.name, plan.monthly))
            member.granted[month.ends] += plan.monthly - had
            member.account.free[month.ends] += plan.monthly - had
            self.made += plan.monthly - had

    def _owner(self, name: str) -> str:
        """Whose credits these are by now."""
        return self.members[name].merged_into or name if name in self.members else name

    # -- what happens ----------------------------------------------------------------------------------------------

    @rule(days=st.sampled_from((0, 1, 5, 28, 31, 62)), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        self.now += days * DAY_MS + hours * 3_600_000 + 1

    @rule(pick=Pick)
    def look(self, pick: int) -> None:
        member_id = self._current(pick)
        self._write(lambda tx: credits.view(tx, member_id, PLANS))
        self._bring_up_to_date(member_id)

    @rule(pick=Pick, plan=st.sampled_from(("free", "plus", "pro", "metered")))
    def change_plan(self, pick: int, plan: str) -> None:
        member_id = self._current(pick)
        self._write(lambda tx: members.claim(tx, member_id, BY_OPERATOR, plan, PLANS))
        self.members[member_id].plan = plan

    @rule(pick=Pick, amount=st.integers(-120, 120))
    def adjust(self, pick: int, amount: int) -> None:
        member_id = self._current(pick)
        account = self.members[member_id].account

        def act() -> None:
            self._write(lambda tx: credits.adjust(tx, Account(member_id), amount, reason="x", by=member_id))

        if amount < 0 and account.draw(-amount, self.now) is None:
            with pytest.raises(StudioError, match="credits.short"):
                act()
            return
        act()
        self.made += amount
        if amount > 0:
            account.free[NEVER] += amount

    # -- jobs ------------------------------------------------------------------------------------------------------

    @rule(pick=Pick, price=st.integers(0, 60), takes=st.integers(1, 3), pot=st.none() | Pick)
    def queue(self, pick: int, price: int, takes: int, pot: int | None) -> None:
        member_id = self._current(pick)
        pot_id = list(self.pots)[pot % len(self.pots)] if pot is not None and self.pots else None

        async def ask(tx: Transaction) -> tuple[JobRow, list[TakeRow]]:
            await credits.bring_up_to_date(tx, member_id, PLANS)
            job_id = await jobs.ask(
                tx,
                Brief(prompt="x", variations=takes),
                member_id=member_id,
                community_id=self.community,
                origin=Origin(platform="test"),
                seeds=range(takes),
                price_of_take=price,
                pot_id=pot_id,
            )
            return await claimed(tx, job_id), await job_rows.takes_of(tx, job_id)

        row, its_takes = self._write(ask)
        self._bring_up_to_date(member_id)
        parts = self._draw_for(member_id, pot_id, price * takes)
        if parts is None:
            with pytest.raises(StudioError, match=r"credits\.short|pot\.(short|unknown)"):
                self._write(lambda tx: jobs.queue(tx, row, verdict(Decision.ALLOW)))
            return
        self._write(lambda tx: jobs.queue(tx, row, verdict(Decision.ALLOW)))
        self._write(lambda tx: credits.reserve(tx, row))  # again: nothing happens
        if price:
            self.jobs.append(ModelJob(row, its_takes, price, parts, pot_id))

    def _draw_for(self, member_id: str, pot_id: str | None, amount: int) -> list[tuple[str, int, int]] | None:
        if not amount:
            return []
        if pot_id is None:
            parts = self.members[member_id].account.draw(amount, self.now)
            return None if parts is None else [(member_id, ends, part) for ends, part in parts]
        pot = self.pots[pot_id]
        if pot.is_closed or sum(account.open(self.now) for account in pot.given.values()) < amount:
            return None
        # Of lots that expire together any may be drawn: the model follows what the ledger did, and checks the sum.
        return [(pot_id, 0, amount)]

    @precondition(lambda self: self._unsettled(pots=False))
    @rule(pick=Pick, is_released=st.booleans())
    def settle(self, pick: int, is_released: bool) -> None:
        """A take becomes a clip, or does not. Whoever carries the job may know nothing of a merge."""
        candidates = self._unsettled(pots=False)
        job = candidates[pick % len(candidates)]
        take = job.takes.pop()
        if is_released:
            self._write(lambda tx: credits.spend(tx, job.row, take))
            self.spent += job.price
        else:
            self._write(lambda tx: credits.give_back(tx, job.row, take))
        missing = job.price
        order = sorted(job.aside, key=lambda part: part[1], reverse=not is_released)
        left = []
        for owner, ends, amount in order:
            part = min(amount, missing)
            missing -= part
            if part and not is_released:
                if ends > self.now:
                    self.members[self._owner(owner)].account.free[ends] += part
                else:
                    self.gone += part
            if amount > part:
                left.append((owner, ends, amount - part))
        assert missing == 0
        job.aside = left

    @precondition(lambda self: self.jobs)
    @rule(pick=Pick)
    def settle_once_more(self, pick: int) -> None:
        """What is settled already cannot be settled again, by anybody."""
        job = self.jobs[pick % len(self.jobs)]
        settled = job.row.price // job.price - len(job.takes)
        if not settled:
            return
        done: TakeRow = self._write(lambda tx: job_rows.takes_of(tx, job.row.id))[-1]
        for act in (credits.spend, credits.give_back):
            with pytest.raises((credits.LedgerError, Exception), match=r"set aside|UNIQUE"):
                self._write(lambda tx, act=act: act(tx, job.row, done))  # type: ignore[misc]

    def _unsettled(self, *, pots: bool) -> list[ModelJob]:
        return [job for job in self.jobs if job.takes and (job.pot is not None) == pots]

    # -- pots ------------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.pots) < 3)
    @rule(pick=Pick)
    def open_pot(self, pick: int) -> None:
        asker = self._asker(self._current(pick))
        self.pots[self._write(lambda tx: pots.open_pot(tx, asker, "films"))] = ModelPot()

    @precondition(lambda self: self.pots)
    @rule(pick=Pick, which=Pick, amount=st.integers(1, 80))
    def put_in(self, pick: int, which: int, amount: int) -> None:
        member_id = self._current(pick)
        pot_id = list(self.pots)[which % len(self.pots)]
        pot = self.pots[pot_id]
        asker = self._asker(member_id)

        def act() -> None:
            self._write(lambda tx: pots.put_in(tx, asker, pot_id, amount, PLANS))

        if pot.is_closed:
            with pytest.raises(StudioError, match="pot.unknown"):
                act()
            return
        # A gift that fails leaves no trace, the month that was due with it: that comes with the next look.
        self.look_at(member_id)
        parts = self.members[member_id].account.draw(amount, self.now)
        if parts is None:
            with pytest.raises(StudioError, match="credits.short"):
                act()
            return
        act()
        for ends, part in parts:
            pot.given.setdefault(member_id, ModelAccount()).free[ends] += part

    def look_at(self, member_id: str) -> None:
        self._write(lambda tx: credits.view(tx, member_id, PLANS))
        self._bring_up_to_date(member_id)

    @precondition(lambda self: any(not pot.is_closed for pot in self.pots.values()))
    @rule(which=Pick)
    def close_pot_without_jobs(self, which: int) -> None:
        """What is left goes back to who put it in, with the day on which it expires."""
        candidates = [
            pot_id
            for pot_id, pot in self.pots.items()
            if not pot.is_closed and not any(job.pot == pot_id for job in self.jobs)
        ]
        if not candidates:
            return
        pot_id = candidates[which % len(candidates)]
        asker = self._asker(self._current(0), Role.OPERATOR)
        asker = Asker(asker.member_id, asker.community_id, asker.plan, Role.OPERATOR, is_alone=True)
        self._write(lambda tx: pots.close(tx, asker, pot_id))
        pot = self.pots[pot_id]
        pot.is_closed = True
        for giver, account in pot.given.items():
            for ends, amount in account.free.items():
                if ends > self.now:
                    self.members[self._owner(giver)].account.free[ends] += amount
        pot.given.clear()

    # -- one person ------------------------------------------------------------------------------------------------

    @rule(one=Pick, other=Pick)
    def merge(self, one: int, other: int) -> None:
        """Two members become one, also while jobs of theirs are in the making; one alone stays as they are."""
        source, target = self._current(one), self._current(other)
        self._write(lambda tx: linking.merge(tx, source, target, PLANS))
        self._write(lambda tx: linking.merge(tx, source, target, PLANS))  # again: nothing happens
        if source == target:
            return
        self._bring_up_to_date(target)
        old, kept = self.members[source], self.members[target]
        for ends, amount in old.account.free.items():
            if ends > self.now:
                kept.account.free[ends] += amount
        old.account.free.clear()
        for member in self.members.values():
            if member.merged_into == source:
                member.merged_into = target
        old.merged_into = target
        for job in self.jobs:
            job.aside = [(target if owner == source else owner, ends, amount) for owner, ends, amount in job.aside]
        row = self._write(lambda tx: people.member(tx, target))
        kept.plan = row.plan
        if len([one for one in self.members.values() if one.merged_into is None]) < 2:
            self._add_member(f"member {len(self.members)}")

    # -- what is always true ---------------------------------------------------------------------------------------

    @invariant()
    def accounts_hold_what_the_model_says(self) -> None:
        for member_id, member in self.members.items():
            balance = self._read(member_id=member_id)
            assert balance.available == (member.account.open(self.now) if member.merged_into is None else 0)
            aside = sum(amount for job in self.jobs for owner, _, amount in job.aside if owner == member_id)
            assert balance.reserved == aside
        for pot_id, pot in self.pots.items():
            given = sum(account.open(self.now) for account in pot.given.values())
            taken = sum(job.price * (job.row.price // job.price) for job in self.jobs if job.pot == pot_id)
            balance = self._read(pot_id=pot_id)
            assert balance.reserved == taken
            if not taken:
                assert balance.available == given

    def _read(self, **whose: str) -> accounts.Balance:
        async def read() -> accounts.Balance:
            async with self.database.reading() as tx:
                return await accounts.balance(tx, Account(**whose))

        return self.runner.run(read())

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        """All that was ever given is there, set aside, spent or expired; no lot was ever below nothing."""
        rows = self.reader.rows(
            "SELECT id, key, coalesce(member_id, pot_id), kind, available, reserved, lot FROM ledger ORDER BY id"
        )
        assert rows[: len(self.seen)] == self.seen
        self.seen = rows
        lots: Counter[tuple[str, str]] = Counter()
        aside: Counter[tuple[str, str]] = Counter()
        for _, _, owner, _, available, reserved, lot in rows:
            lots[owner, lot] += available
            aside[owner, lot] += reserved
        assert min(lots.values(), default=0) >= 0
        assert min(aside.values(), default=0) >= 0
        expired = -sum(row[4] for row in rows if row[3] == "expire")
        assert sum(lots.values()) + sum(aside.values()) + self.spent + expired == self.made

    @invariant()
    def the_books_are_right(self) -> None:
        async def read() -> list[str]:
            async with self.database.reading() as tx:
                return await accounts.mistakes(tx)

        assert self.runner.run(read()) == []


def run_machine(examples: int, steps: int, *, always_the_same: bool) -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=always_the_same,
            phases=tuple(set(Phase) - {Phase.explain}),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_ledger_is_what_the_model_says_whatever_happens() -> None:
    run_machine(examples=10, steps=30, always_the_same=True)


@pytest.mark.soak
def test_the_ledger_is_what_the_model_says_whatever_happens_for_long() -> None:
    run_machine(examples=800, steps=80, always_the_same=False)
