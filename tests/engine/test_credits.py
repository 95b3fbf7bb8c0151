"""The ledger balances to the unit, whatever happens in whatever order, also among processes."""

import asyncio
import sys
import tempfile
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine import credits, jobs
from engine.errors import StudioError
from engine.jobs import JobState, TakeState
from safety.verdict import Decision
from storage import credits as ledger_of_credits
from storage import jobs as ledger
from storage.credits import Account
from tests.databases import on_both
from tests.engine.small_studio import ask, claimed, small_studio, verdict

REPOSITORY = Path(__file__).parents[2]
STEPS = ("ask", "queue", "release", "fail", "cancel")


@settings(max_examples=15, deadline=None, derandomize=True, phases=tuple(set(Phase) - {Phase.explain}))
@given(
    granted=st.integers(0, 200),
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 5), st.integers(0, 60)), max_size=25),
)
def test_no_order_of_events_unbalances_the_ledger(granted: int, steps: list[tuple[str, int, int]]) -> None:
    asyncio.run(_play(granted, steps))


async def _play(granted: int, steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with small_studio(Path(folder), granted=granted) as (database, asker):
            known: list[str] = []
            for step, which, price_of_one in steps:
                async with database.writing() as tx:
                    if step == "ask":
                        known.append((await ask(tx, asker, price=price_of_one, variations=1 + which % 3)).id)
                        continue
                    if not known:
                        continue
                    job_id = known[which % len(known)]
                    row = await ledger.get(tx, job_id)
                    assert row is not None
                    if row.state in jobs.ENDED_JOBS:
                        continue
                    job = await claimed(tx, job_id)
                    waiting = [t for t in await ledger.takes_of(tx, job_id) if t.state == TakeState.WAITING]
                    if step == "queue" and row.state == JobState.ASKED:
                        try:
                            await jobs.queue(tx, job, verdict(Decision.ALLOW))
                        except StudioError as short:
                            await jobs.fail(tx, job, jobs.failure_of(short))
                    elif step == "release" and row.state in jobs.IN_THE_MAKING and waiting:
                        take = waiting[0]
                        await jobs.keep_take(tx, job, take, {})
                        await jobs.judge_take(tx, job, take, verdict(Decision.ALLOW))
                        await jobs.release_take(tx, job, take)
                    elif step == "fail" and waiting:
                        await jobs.fail_take(tx, job, waiting[0], {})
                    elif step == "cancel":
                        await jobs.finish_cancel(tx, job)
                    await ledger.let_go(tx, job_id, job.fence)
            async with database.reading() as tx:
                entries = await ledger_of_credits.entries(tx, Account(asker.member_id))
                balance = await credits.balance(tx, asker.member_id)
                set_aside = 0
                for job_id in known:
                    if any(entry.key == f"reserve:{job_id}" for entry in entries):
                        takes = await ledger.takes_of(tx, job_id)
                        set_aside += sum(take.price for take in takes if take.state in jobs.UNRELEASED)
            spent = -sum(entry.reserved for entry in entries if entry.kind == "spend")
            assert balance.available >= 0
            assert balance.reserved == set_aside
            assert balance.available + balance.reserved + spent == granted
            running = 0
            for entry in entries:
                running += entry.available
                assert running >= 0


_SPENDER = """
import asyncio, sys
from pathlib import Path
from engine import jobs, members
from engine.errors import StudioError
from safety.verdict import Decision
from storage.database import Database
from tests.engine.small_studio import ask, claimed, url, verdict

async def main():
    queued = 0
    async with await Database.connect(url(Path(sys.argv[1]))) as database:
        for _ in range(10):
            try:
                async with database.writing() as tx:
                    asker = await members.at_home(tx, 300)
                    job = await claimed(tx, (await ask(tx, asker, price=30)).id)
                    await jobs.queue(tx, job, verdict(Decision.ALLOW))
                queued += 1
            except StudioError:
                pass
    print(queued)

asyncio.run(main())
"""


@on_both
async def test_many_processes_cannot_overdraw_one_member(tmp_path: Path) -> None:
    """300 credits pay for ten jobs of 30, however many ask at once."""
    async with small_studio(tmp_path, granted=300):
        pass
    runs = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", _SPENDER, str(tmp_path), cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(4)
    ]
    outputs = [await run.communicate() for run in runs]
    assert sum(int(out) for out, _ in outputs) == 10
    async with small_studio(tmp_path, granted=300) as (database, asker), database.reading() as tx:
        balance = await credits.balance(tx, asker.member_id)
    assert (balance.available, balance.reserved) == (0, 300)
