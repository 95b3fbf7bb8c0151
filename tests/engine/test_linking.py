"""One person on several platforms: codes that are good once and soon gone, and merges that lose nothing."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine import credits, jobs, linking, members
from engine.errors import StudioError
from engine.linking import GOOD_FOR_MS, HOUR_MS, merge, offer, redeem
from engine.members import Asker, Role
from engine.plans import Plans, shipped
from safety.verdict import Decision
from storage import clips, merging
from storage import credits as accounts
from storage import jobs as job_rows
from storage import members as people
from storage.credits import Account
from storage.database import Database, Transaction
from storage.jobs import JobRow
from storage.tables import metadata
from tests.databases import Looking
from tests.engine.small_studio import ask, claimed, small_studio, verdict

PLANS = shipped()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the clock ahead."""
    passed = 0
    real = time.time_ns

    def pass_by(milliseconds: int) -> None:
        nonlocal passed
        passed += milliseconds

    monkeypatch.setattr(time, "time_ns", lambda: real() + passed * 1_000_000)
    return pass_by


async def somebody(database: Database, community_id: str, platform: str, name: str, plans: Plans = PLANS) -> Asker:
    async with database.writing() as tx:
        return await members.known_as(tx, platform, name, community_id, plans)


async def available(tx: Transaction, member_id: str) -> tuple[int, int]:
    balance = await credits.balance(tx, member_id)
    return balance.available, balance.reserved


# -- codes ---------------------------------------------------------------------------------------------------------


async def test_a_code_makes_two_accounts_one_member_and_is_good_once(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, home):
        mei, also_mei, stranger = [
            await somebody(database, home.community_id, platform, "1") for platform in ("discord", "telegram", "web")
        ]
        code = await offer(database, mei.member_id)
        typed = f" {code.upper().replace('-', ' ')} ".replace("0", "o")  # as somebody would say it
        assert await redeem(database, also_mei.member_id, typed, PLANS) == mei.member_id
        assert (await somebody(database, home.community_id, "telegram", "1")).member_id == mei.member_id
        with pytest.raises(StudioError, match="link.wrong"):
            await redeem(database, stranger.member_id, code, PLANS)
        async with database.reading() as tx:
            found = await people.identities_of(tx, mei.member_id)
        assert {one.platform for one in found} == {"discord", "telegram"}


async def test_a_code_is_gone_after_ten_minutes_and_when_a_newer_one_is_given(
    tmp_path: Path, later: Callable[[int], None]
) -> None:
    async with small_studio(tmp_path) as (database, home):
        mei, other = [await somebody(database, home.community_id, "discord", name) for name in ("1", "2")]
        first = await offer(database, mei.member_id)
        second = await offer(database, mei.member_id)
        with pytest.raises(StudioError, match="link.wrong"):
            await redeem(database, other.member_id, first, PLANS)
        later(GOOD_FOR_MS + 1)
        with pytest.raises(StudioError, match="link.wrong"):
            await redeem(database, other.member_id, second, PLANS)


async def test_nobody_tries_codes_for_long(tmp_path: Path, later: Callable[[int], None]) -> None:
    async with small_studio(tmp_path) as (database, home):
        mei, other = [await somebody(database, home.community_id, "discord", name) for name in ("1", "2")]
        code = await offer(database, mei.member_id)
        for wrong in ("0000-0000", "nothing like it", "", "job-5k2m9x7a", "五五五五五五五五"):
            with pytest.raises(StudioError, match="link.wrong"):
                await redeem(database, other.member_id, wrong, PLANS)
        with pytest.raises(StudioError, match="link.too_often"):
            await redeem(database, other.member_id, code, PLANS)
        for _ in range(linking.CODES_AN_HOUR - 1):
            await offer(database, mei.member_id)
        with pytest.raises(StudioError, match="link.too_often"):
            await offer(database, mei.member_id)
        later(HOUR_MS + 1)
        assert await redeem(database, other.member_id, await offer(database, mei.member_id), PLANS) == mei.member_id


async def test_one_s_own_code_changes_nothing_and_stays_good(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, home):
        mei, other = [await somebody(database, home.community_id, "discord", name) for name in ("1", "2")]
        code = await offer(database, mei.member_id)
        with pytest.raises(StudioError, match="link.same"):
            await redeem(database, mei.member_id, code, PLANS)
        assert await redeem(database, other.member_id, code, PLANS) == mei.member_id


async def test_of_two_who_type_one_code_at_once_one_is_linked(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, home):
        mei, *others = [await somebody(database, home.community_id, "discord", name) for name in "1234"]
        code = await offer(database, mei.member_id)
        answers = await asyncio.gather(
            *(redeem(database, one.member_id, code, PLANS) for one in others), return_exceptions=True
        )
        assert sorted(isinstance(answer, StudioError) for answer in answers) == [False, True, True]


async def test_no_code_is_in_the_database(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, home):
        code = await offer(database, home.member_id)
    letters = code.replace("-", "")
    for file in tmp_path.glob("kinora.db*"):
        content = file.read_bytes().lower()
        assert code.encode() not in content and letters.encode() not in content


# -- merging -------------------------------------------------------------------------------------------------------


async def queued(tx: Transaction, asker: Asker, price: int = 25, variations: int = 2) -> JobRow:
    await credits.bring_up_to_date(tx, asker.member_id, PLANS)
    job = await claimed(tx, (await ask(tx, asker, price=price, variations=variations)).id)
    await jobs.queue(tx, job, verdict(Decision.ALLOW))
    return job


async def _make(tx: Transaction, job: JobRow) -> str:
    """Carry a take to its clip, knowing of the job only what it was when it was taken up."""
    take = (await job_rows.takes_of(tx, job.id))[0]
    await jobs.begin_rendering(tx, job)
    await jobs.keep_take(tx, job, take, {"sha256": "0"})
    await jobs.judge_take(tx, job, take, verdict(Decision.ALLOW))
    await jobs.release_take(tx, job, take)
    return take.id


async def test_both_may_have_jobs_in_the_making_and_nothing_is_lost(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, home):
        ann, ben = [await somebody(database, home.community_id, "discord", name) for name in ("1", "2")]
        async with database.writing() as tx:
            anns, bens = await queued(tx, ann), await queued(tx, ben)
            await credits.adjust(tx, Account(ben.member_id), 7, reason="gift", by=home.member_id)
        async with database.writing() as tx:
            await merge(tx, ben.member_id, ann.member_id, PLANS)
            assert await available(tx, ann.member_id) == (50 + 50 + 7, 50 + 50)
            assert await available(tx, ben.member_id) == (0, 0)
        async with database.writing() as tx:
            for job in (anns, bens):
                await _make(tx, job)
                await jobs.finish_cancel(tx, job)  # the other take comes back, to whoever it is now
            assert await available(tx, ann.member_id) == (50 + 50 + 7 + 25 + 25, 0)
            assert await available(tx, ben.member_id) == (0, 0)
            owners = {(await job_rows.get(tx, job.id)).member_id for job in (anns, bens)}  # type: ignore[union-attr]
            assert owners == {ann.member_id}
            assert await accounts.mistakes(tx) == []


async def test_merged_twice_and_with_oneself_is_merged_once(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, home):
        ann, ben, cho = [await somebody(database, home.community_id, "discord", name) for name in "123"]
        async with database.writing() as tx:
            for one in (ann, ben, cho):
                await credits.adjust(tx, Account(one.member_id), 10, reason="gift", by=home.member_id)
            await merge(tx, ann.member_id, ann.member_id, PLANS)
            for _ in range(2):
                await merge(tx, cho.member_id, ben.member_id, PLANS)
                await merge(tx, ben.member_id, ann.member_id, PLANS)
                await merge(tx, cho.member_id, ann.member_id, PLANS)  # who cho is by now
            assert await people.current_id(tx, cho.member_id) == ann.member_id
            assert await people.current_id(tx, ben.member_id) == ann.member_id
            gifts = (await credits.view(tx, ann.member_id, PLANS)).lots
            assert sum(lot.available for lot in gifts if lot.expires_at is None) == 30
            assert len(await people.identities_of(tx, ann.member_id)) == 3


async def test_a_better_plan_elsewhere_is_not_granted_twice(tmp_path: Path) -> None:
    """Plus on Discord with its month already given, free on Telegram: together one month of Plus, not two."""
    async with small_studio(tmp_path) as (database, home):
        plus, free = [
            await somebody(database, home.community_id, *who) for who in (("discord", "1"), ("telegram", "1"))
        ]
        async with database.writing() as tx:
            await members.claim(tx, plus.member_id, "discord:7", "plus", PLANS)
            for one in (plus, free):
                await credits.bring_up_to_date(tx, one.member_id, PLANS)
            await merge(tx, plus.member_id, free.member_id, PLANS)
            view = await credits.view(tx, free.member_id, PLANS)
            assert (view.plan.name, view.balance.available) == ("plus", 1_000 + 100)


async def test_roles_restrictions_and_settings_come_along(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, home):
        ann, ben = [await somebody(database, home.community_id, "discord", name) for name in ("1", "2")]
        async with database.writing() as tx:
            await people.change_role(tx, home.community_id, ben.member_id, Role.LEAD)
            await members.restrict(tx, ben.member_id, home.community_id, until=None, reason="flood", by=home)
            await people.change_settings(tx, ben.member_id, {"zone": "Asia/Taipei", "language": "en"})
            await people.change_settings(tx, ann.member_id, {"language": "zh-Hant"})
            await merge(tx, ben.member_id, ann.member_id, PLANS)
            assert await people.role(tx, home.community_id, ann.member_id) == Role.LEAD
            with pytest.raises(StudioError, match="member.restricted"):
                await members.check_unrestricted(tx, ann.member_id, home.community_id)
            row = await people.member(tx, ann.member_id)
            assert row is not None and row.settings == {"zone": "Asia/Taipei", "language": "zh-Hant"}
            assert await people.role(tx, home.community_id, ben.member_id) is None


async def test_a_clip_of_a_carrier_who_knew_nothing_belongs_to_who_they_are_now(tmp_path: Path) -> None:
    from engine.pipeline import Pipeline
    from engine.reports import SealedTake, TakeReport

    async with small_studio(tmp_path) as (database, home):
        ann, ben = [await somebody(database, home.community_id, "discord", name) for name in ("1", "2")]
        async with database.writing() as tx:
            job = await queued(tx, ben)
            await merge(tx, ben.member_id, ann.member_id, PLANS)
            (take, _) = await job_rows.takes_of(tx, job.id)
            report = TakeReport(
                order="", sha256="0" * 64, size=1, width=2, height=2, fps=24, frames=1, seconds=1, renderer="x",
                renderer_version="1", is_draft=True, trained=False,
            )  # fmt: skip
            sealed = SealedTake(
                sha256="1" * 64, size=1, poster_sha256="2" * 64, poster_size=1, manifest_label="x", time_stamped=False
            )
            pipeline = Pipeline(database, None, 1, "0")  # type: ignore[arg-type]
            await pipeline._store(tx, job, take, report, verdict(Decision.ALLOW), sealed)
            clip = await clips.get(tx, take.id)
            assert clip is not None and clip.member_id == ann.member_id


@pytest.mark.parametrize("step", range(1, 40, 3))
async def test_a_merge_that_is_cut_short_leaves_both_as_they_were(tmp_path: Path, step: int) -> None:
    """Whichever statement is the last one before the end, nothing of the merge is there afterwards."""
    from sqlalchemy import event

    class CutShort(Exception):
        pass

    async with small_studio(tmp_path) as (database, home):
        ann, ben = [await somebody(database, home.community_id, "discord", name) for name in ("1", "2")]
        async with database.writing() as tx:
            await queued(tx, ann), await queued(tx, ben)
        before = everything(tmp_path)
        done = 0

        def count(*_: Any) -> None:
            nonlocal done
            done += 1
            if done == step:
                raise CutShort

        engine = database._engine.sync_engine
        event.listen(engine, "before_cursor_execute", count)
        try:
            async with database.writing() as tx:
                await merge(tx, ben.member_id, ann.member_id, PLANS)
        except CutShort:
            assert everything(tmp_path) == before
        else:
            assert step > 30
        event.remove(engine, "before_cursor_execute", count)
        async with database.writing() as tx:
            await merge(tx, ben.member_id, ann.member_id, PLANS)  # and later it goes through
            assert await available(tx, ann.member_id) == (100, 100)


def everything(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    with Looking(folder) as reader:
        return {table: [tuple(row) for row in reader.rows(f"SELECT * FROM {table}")] for table in metadata.tables}


def test_every_column_that_names_a_member_moves_or_is_known_to_stay() -> None:
    """A table that comes later is moved without being named; only what stays on record is."""
    moved = {f"{column.table.name}.{column.name}" for column in merging.columns_to_move()}
    assert {"identities.member_id", "jobs.member_id", "clips.member_id", "plan_claims.member_id"} <= moved
    assert "ledger.member_id" not in moved and "cases.decided_by" not in moved


async def test_two_rows_of_which_there_may_be_one_become_one(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, home):
        ann, ben = [await somebody(database, home.community_id, "discord", name) for name in ("1", "2")]
        async with database.writing() as tx:
            for one, plan in ((ann, "plus"), (ben, "pro")):
                await members.claim(tx, one.member_id, "discord:7", plan, PLANS)
            await members.claim(tx, ben.member_id, "telegram:-1", "pro", PLANS)
            await merge(tx, ben.member_id, ann.member_id, PLANS)
            assert await people.claims(tx, ann.member_id) == {"discord:7": "plus", "telegram:-1": "pro"}
            assert await people.claims(tx, ben.member_id) == {}
