"""Many members in several processes at once, and processes that are killed: one turn, one ending, one reel."""

import asyncio
import random
import signal
import sys
from pathlib import Path

import pytest

from engine.gatherings import ChainRules, PartyRules
from engine.gatherings.states import Kind
from storage import gatherings, members
from storage.tables import gathered as entry_table
from storage.tables import jobs as job_table
from tests.engine.gatherings.guests import CHANNEL
from tests.engine.gatherings.test_parties import entered
from tests.engine.shared_studio import SharedStudio

ROOT = Path(__file__).parents[3]


async def process(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    """A part of the crowd, ready to begin at a word."""
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.engine.gatherings.crowd", str(folder), *arguments),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert started.stdout is not None
    assert await started.stdout.readline() == b"ready\n"
    return started


async def crowd(studio: SharedStudio, where: str, processes: int, each: int) -> list[tuple[str, str]]:
    """What came of it for everybody."""
    names = [[f"m{process}-{number}" for number in range(each)] for process in range(processes)]
    async with studio.database.writing() as tx:
        for name in (name for some in names for name in some):
            await members.add_member(tx, name, "unlimited", "test", name)
            await members.add_role(tx, "here", name, "member")
    running = [await process(studio.data, "join", where, *some) for some in names]
    outputs = await asyncio.gather(*(one.communicate(b"go\n") for one in running))
    assert [one.returncode for one in running] == [0] * processes
    lines = [line.split() for out, _ in outputs for line in out.decode().splitlines()]
    return [(name, answer) for name, answer in lines]


async def test_only_one_of_forty_gets_the_turn(studio: SharedStudio) -> None:
    where = await studio.gatherings.start_chain(studio.mod, "general", "The wolf", CHANNEL, ChainRules(pace_minutes=0))
    told = await crowd(studio, where.id, processes=2, each=20)
    assert len(told) == 40
    (job,) = [answer for _, answer in told if answer.startswith("job-")]
    assert {answer for _, answer in told} == {job, "chain.taken"}
    async with studio.database.reading() as tx:
        assert [row.job_id for row in await gatherings.entries(tx, where.id)] == [job]
        assert len((await tx.execute(job_table.select())).all()) == 1


async def test_a_party_takes_as_many_as_it_says_and_no_more(studio: SharedStudio) -> None:
    rules = PartyRules(pace_minutes=0, most=7, minutes=60)
    where = await studio.gatherings.start_party(studio.mod, "general", "Lanterns", CHANNEL, rules)
    told = await crowd(studio, where.id, processes=2, each=9)
    assert sorted(answer[:4] for _, answer in told) == ["gath"] * 11 + ["job-"] * 7
    assert len(await entries_of(studio, where.id)) == 7


async def entries_of(studio: SharedStudio, where: str) -> list[str]:
    async with studio.database.reading() as tx:
        rows = await tx.execute(entry_table.select().where(entry_table.c.gathering_id == where))
        return [str(row.job_id) for row in rows]


@pytest.mark.parametrize("kills", [2, pytest.param(60, marks=pytest.mark.soak)])
async def test_a_party_ends_once_with_one_reel_whoever_is_killed(studio: SharedStudio, kills: int) -> None:
    """Two processes ring at once; they are killed again and again, wherever it happens to be."""
    dice = random.Random("kills at a party")
    rules = PartyRules(pace_minutes=0, minutes=60)
    rings = [await process(studio.data, "ring") for _ in range(2)]
    for ring in rings:
        assert ring.stdin is not None
        ring.stdin.write(b"go\n")
    for number in range(kills):
        where = await studio.gatherings.start_party(studio.mod, f"place {number}", "Lanterns", CHANNEL, rules)
        for who in (studio.ann, studio.bob):
            await entered(studio, who, where)
        victim = dice.randrange(2)
        closing = asyncio.create_task(studio.gatherings.close(studio.mod, where.id))
        await asyncio.sleep(dice.uniform(0, 0.03))
        rings[victim].send_signal(signal.SIGKILL)
        await rings[victim].wait()
        await closing
        rings[victim] = await process(studio.data, "ring")
        stdin = rings[victim].stdin
        assert stdin is not None
        stdin.write(b"go\n")
    async with asyncio.timeout(60):
        while any(view.reel is None for view in await studio.gatherings.latest(studio.mod, Kind.PARTY, limit=kills)):
            await asyncio.sleep(0.05)
    for ring in rings:
        ring.kill()
        await ring.wait()
    async with studio.database.reading() as tx:
        reels = [row for row in await tx.execute(job_table.select()) if row.brief["operation"] == "storyboard"]
    views = await studio.gatherings.latest(studio.mod, Kind.PARTY, limit=kills)
    assert sorted(row.id for row in reels) == sorted(view.reel.job_id for view in views if view.reel)
    assert len(reels) == kills
