"""A first look at a take while it is drawn: allowed by itself, signed as the clip will be, and gone with the take."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine import handed, jobs
from engine.brief import Brief, Look
from engine.first_looks import FirstLook
from engine.jobs import TakeState
from engine.places import Places
from engine.renderers.means import Means
from engine.take_tasks import DrawTake
from provenance.credentials import TRUSTED, read_credentials
from provenance.keys import Keyring
from safety.policy import SHIPPED
from safety.verdict import Decision
from storage import jobs as ledger
from storage.blobs import Blobs
from tests.engine.small_studio import ask, claimed, small_studio, verdict

WANTED = FirstLook(after=0.0, job_id="job-5k2m9x7a", studio_version="1", made_at=datetime(2026, 11, 22, tzinfo=UTC))


@dataclass
class Bench:
    data: Path
    files: str | None = None
    policy: Path | None = None
    certificate: None = None
    means: Means = field(default_factory=Means)
    models: None = None
    told: list[dict[str, Any]] = field(default_factory=list)

    def report(self, **progress: Any) -> None:
        self.told.append(progress)

    def cancelled(self) -> bool:
        return False

    @property
    def stills(self) -> list[str]:
        return [str(one["still"]) for one in self.told if "still" in one]


def take(**more: Any) -> DrawTake:
    brief = Brief(prompt="a wolf howls at the moon", look=Look(seconds=1.0, aspect="1:1"))
    return DrawTake(take_id="5k2m9x7a", brief=brief, seed=7, renderer="animatic", **more)


def test_a_first_look_comes_before_the_end_signed_as_the_clip_will_be(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    report = take(first_look=WANTED).do(bench)
    (still,) = bench.stills
    at = next(number for number, one in enumerate(bench.told) if "still" in one)
    assert bench.told[at - 1]["done"] < report.frames
    told = read_credentials(Blobs(Places(tmp_path).files).path(still, ".jpg"), Keyring.open(Places(tmp_path).keys))
    assert told is not None and told.state == TRUSTED and told.record is not None
    assert (told.record.medium, told.record.clip, told.record.job) == ("still", "5k2m9x7a", WANTED.job_id)


def test_it_changes_nothing_about_the_take_which_is_not_drawn_again_for_it(tmp_path: Path) -> None:
    plain = take().do(Bench(tmp_path))
    bench = Bench(tmp_path)
    assert take(first_look=WANTED).do(bench) == plain
    assert not bench.told  # it lay there whole


@pytest.mark.parametrize("after", [60.0, None], ids=["done sooner", "switched off"])
def test_a_take_that_is_done_soon_has_none(tmp_path: Path, after: float | None) -> None:
    bench = Bench(tmp_path)
    take(first_look=WANTED.model_copy(update={"after": after}) if after else None).do(bench)
    assert not bench.stills


def test_what_an_inspector_has_not_allowed_is_not_looked_at(tmp_path: Path) -> None:
    bench = Bench(tmp_path, policy=tmp_path / "policy.toml")
    bench.policy.write_text(SHIPPED.read_text().replace('["flashing", "banks"]', '["flashing", "banks", "absent"]'))
    report = take(first_look=WANTED).do(bench)
    assert report.frames == 24 and not bench.stills


@pytest.mark.parametrize("decision", list(Decision))
async def test_it_is_shown_until_the_take_is_judged_otherwise_or_released(tmp_path: Path, decision: Decision) -> None:
    blobs = Blobs(tmp_path / "files")
    async with small_studio(tmp_path) as (database, asker), database.writing() as tx:
        job = await ask(tx, asker)
        job = await claimed(tx, job.id)
        await jobs.queue(tx, job, verdict(Decision.ALLOW))
        await jobs.begin_rendering(tx, job)
        (one,) = await ledger.takes_of(tx, job.id)
        for sha256 in ("a" * 64, "b" * 64):  # the second after a worker was lost
            await jobs.show_first_look(tx, job, one, sha256)
        job = await ledger.get(tx, job.id) or job
        shown = await handed.first_look(tx, blobs, job)
        assert shown is not None and (shown.sha256, shown.clip_id) == ("b" * 64, one.id)
        await jobs.keep_take(tx, job, one, {})
        (one,) = await ledger.takes_of(tx, job.id)
        await jobs.judge_take(tx, job, one, verdict(decision))
        job = await ledger.get(tx, job.id) or job
        shown = await handed.first_look(tx, blobs, job)
        assert (shown is not None) == (decision is Decision.ALLOW)
        if shown is not None:
            (one,) = await ledger.takes_of(tx, job.id)
            assert one.state == TakeState.ALLOWED
            await jobs.release_take(tx, job, one)
            assert await handed.first_look(tx, blobs, await ledger.get(tx, job.id) or job) is None
