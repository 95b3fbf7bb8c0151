"""A month at the desk: moderators in several processes on one database, leases that run out, desks that are killed.

As a program this is one process with some of the moderators: they decide, skip, escalate, undo or walk away from
whatever they are given, until nothing waits any more. It prints what it decided, one line each, flushed.
"""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from engine.desk import Desk
from engine.members import Asker
from safety.desk import cases as at_desk
from safety.desk.people import Action, Choice, Moderator
from storage import audit as audit_rows
from storage import cases, members
from storage.cases import CaseRow
from storage.clock import now
from storage.database import Database, Transaction
from storage.errors import CodedError, StorageError
from storage.tables import audit as audit_table
from storage.tables import cases as case_table
from storage.tables import decisions as decision_table
from tests.engine.people import held_brief, person
from tests.engine.small_studio import small_studio, url

ROOT = Path(__file__).parents[2]
CATEGORIES = ("violence", "gore", "hate", "suggestive", "extremism", "threats", "political", "weapons")
LEASE_MS = 700
MEMBERS = 40


async def prepare(folder: Path, cases_in_all: int, moderators: int) -> None:
    dice = random.Random("a month")
    async with small_studio(folder) as (database, operator):
        async with database.writing() as tx:
            here = operator.community_id
            await members.change_role(tx, here, operator.member_id, "member")  # sits at no desk this month
            asking = [await person(tx, here, f"m{number}", "member") for number in range(MEMBERS)]
            for number in range(moderators):
                role = "lead" if number % 4 == 0 else "moderator"
                asking.append(await person(tx, here, f"d{number}", role))  # moderators ask for clips, too
        for start in range(0, cases_in_all, 50):
            async with database.writing() as tx:
                for _ in range(min(50, cases_in_all - start)):
                    await held_brief(tx, dice.choice(asking), dice.choice(CATEGORIES))


async def work(folder: Path, names: list[str]) -> None:
    async with await Database.connect(url(folder)) as database:
        async with database.reading() as tx:
            here = (await members.community_known_as(tx, "local", "local")).id  # type: ignore[union-attr]
            roles = {name: str(await members.role(tx, here, name)) for name in names}
        people = [Asker(name, here, "unlimited", role) for name, role in roles.items()]
        await asyncio.gather(*(_sit(Desk(database), one) for one in people))


async def _sit(desk: Desk, by: Asker) -> None:
    dice = random.Random(f"{by.member_id}{os.getpid()}")
    while True:
        try:
            case = await (_next_in_order if dice.random() < 0.02 else _next)(desk, by)
        except StorageError as error:
            if error.code != "database.locked":
                raise
            print(f"{by.member_id} waited for too long, and asks again", file=sys.stderr, flush=True)
            continue  # a machine that does a hundred other things: nobody loses anything by it
        if case is None:
            async with desk.database.reading() as tx:
                if not await cases.undecided(tx):
                    return
                nothing_for_anybody = not await at_desk.queue(tx, _moderator(by))
            await asyncio.sleep(0.2 if nothing_for_anybody else 0.05)
            continue
        await _handle(desk, case.id, by, dice)


async def _next(desk: Desk, by: Asker) -> CaseRow | None:
    return await desk.next(by, lease_ms=LEASE_MS)


async def _next_in_order(desk: Desk, by: Asker) -> CaseRow | None:
    """The next case, compared in the same transaction with what a plain sort of all that is free comes to."""
    async with desk.database.writing() as tx:
        may_take = {case.id for case in await at_desk.queue(tx, _moderator(by))} - await cases.skipped_by(
            tx, by.member_id
        )
        at = now()
        free = [c for c in await cases.undecided(tx) if c.claimed_by == by.member_id or not c.is_claimed(at)]
        free.sort(key=lambda case: (-case.severity - case.escalations, case.opened_at, case.id))
        expected = next((case.id for case in free if case.id in may_take), None)
        case = await at_desk.claim_next(tx, _moderator(by), lease_ms=LEASE_MS)
        if case is not None and expected is not None and case.id != expected:
            # between the two looks a lease may have run out: then the gravest of those is taken
            assert await _freed_since(tx, case.id, at), f"{case.id} came before {expected}"
    return case


async def _freed_since(tx: Transaction, case_id: str, at: int) -> bool:
    """Whether somebody else's lease on the case ended after that moment: the row before the claim said so."""
    rows = (await tx.execute(audit_table.select().where(audit_table.c.case_id == case_id))).all()
    return any(row.action == "claimed" and row.at + LEASE_MS >= at for row in rows[:-1])


def _moderator(by: Asker) -> Moderator:
    return Moderator(by.member_id, by.community_id, by.role)


async def _handle(desk: Desk, case_id: str, by: Asker, dice: random.Random) -> None:
    mood = dice.random()
    await asyncio.sleep(dice.uniform(0.0, 0.1))  # reads it
    with contextlib.suppress(CodedError):  # the lease ran out, or somebody was quicker
        if mood < 0.03:
            await asyncio.sleep(1.2 * LEASE_MS / 1000)  # called away; decides too late, or is not let to
        elif mood < 0.05:
            await desk.escalate(case_id, by)
            return
        elif mood < 0.07:
            return  # forgets it; the lease gives it back
        choice = Choice(dice.choice((Action.ALLOW, Action.REFUSE, Action.REFUSE)), "", strike=False)
        decided = await desk.decide(case_id, choice, by)
        print(case_id, by.member_id, decided.decision.id, int(decided.is_final), flush=True)
        if decided.is_final and dice.random() < 0.05:
            await desk.undo(case_id, by)
            print(case_id, by.member_id, decided.decision.id, "undone", flush=True)


# -- the whole month -----------------------------------------------------------------------------------------------


async def run(folder: Path, *, cases_in_all: int, moderators: int, processes: int, kills: int) -> float:
    """Seconds that the deciding took; AssertionError where a promise did not hold."""
    await prepare(folder, cases_in_all, moderators)
    share = [[f"d{n}" for n in range(first, moderators, processes)] for first in range(processes)]
    began = time.monotonic()
    dice = random.Random("kills")
    logs: list[Path] = []
    running = [_start(folder, names, logs) for names in share]
    latest = dict(enumerate(logs))
    for _ in range(kills):
        await asyncio.sleep(dice.uniform(0.8, 1.6))
        victim = dice.randrange(processes)
        while not latest[victim].stat().st_size and running[victim].poll() is None:
            await asyncio.sleep(0.1)  # on a busy machine it is still starting: it dies in the middle of its work
        running[victim].send_signal(signal.SIGKILL)
        running[victim].wait()
        running[victim] = _start(folder, share[victim], logs)
        latest[victim] = logs[-1]
    for process in running:
        while process.poll() is None:
            await asyncio.sleep(0.1)
        assert process.returncode == 0
    took = time.monotonic() - began
    said = [line.split() for log in logs for line in log.read_text().splitlines()]
    async with await Database.connect(url(folder)) as database, database.reading() as tx:
        await check(tx, cases_in_all, said)
        checked = await Desk(database).verify_audit()
        assert checked.broken is None
        assert checked.rows == (await audit_rows.head(tx)).number  # type: ignore[union-attr]
    return took


def _start(folder: Path, names: list[str], logs: list[Path]) -> "subprocess.Popen[bytes]":
    logs.append(folder / f"desk-{len(logs)}.log")
    with logs[-1].open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.soak.desk_month", str(folder), *names], cwd=ROOT, stdout=log
        )


async def check(tx: Transaction, cases_in_all: int, said: list[list[str]]) -> None:
    every = (await tx.execute(case_table.select())).all()
    assert len(every) == cases_in_all
    assert all(case.decision in ("allow", "refuse") for case in every), "a case was lost"
    given = (await tx.execute(decision_table.select().order_by(decision_table.c.id))).all()
    standing = [one for one in given if one.stage == "final" and one.undone_at is None]
    assert len(standing) == cases_in_all, "a case was decided twice, or not at all"
    assert len({one.case_id for one in standing}) == cases_in_all
    by_id = {one.id: one for one in given}
    for line in said:  # whatever a desk was told had been done is there
        assert by_id[int(line[2])].case_id == line[0]
        assert by_id[int(line[2])].by_id == line[1]
    owners = dict((await tx.exec_driver_sql("SELECT id, member_id FROM jobs")).all())
    roles = dict((await tx.exec_driver_sql("SELECT member_id, role FROM memberships")).all())
    assert all(owners[one.job_id] != one.by_id for one in given), "somebody decided on their own request"
    for one in standing:
        first = [o for o in given if o.case_id == one.case_id and o.stage == "opinion" and o.round == one.round]
        case = next(case for case in every if case.id == one.case_id)
        severe = {s["category"] for s in case.verdict["signals"]} & {"extremism", "threats"}
        assert bool(first) == bool(severe)
        thought = {o.by_id for o in first}
        if one.by_id in thought:  # only where nobody else is left who may, and never to allow
            may = {
                name for name, role in roles.items() if Moderator(name, case.community_id, role).ranks(case.least_role)
            }
            assert one.action != "allow", "one person allowed alone what two have to agree on"
            assert may - {owners[one.job_id]} <= thought, "one person was both, and there was somebody else to ask"
        assert not severe or one.action in {o.action for o in first} or len(first) > 1
    logged = (await tx.execute(audit_table.select().where(audit_table.c.action.in_(("decided", "opinion"))))).all()
    assert sorted(row.data["decision"] for row in logged) == sorted(by_id)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), sys.argv[2:]))
