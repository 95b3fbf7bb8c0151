"""From a prompt to a sealed clip by a tiny trained model in a real worker: held until somebody looked, paid back when
it cannot be made, loaded once, called off between steps."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import c2pa
import pytest
import pytest_asyncio

from bots.terminal.courier import Address, TerminalCourier
from engine import settings
from engine.brief import Brief, ClipSource, Look
from engine.errors import StudioError
from engine.fleet.base import Lane
from engine.jobs import JobState
from engine.studio import Studio
from engine.viewing import JobView
from safety.verdict import Decision, Fault
from storage.media import probe

pytest.importorskip("torch")
pytestmark = pytest.mark.asyncio(loop_scope="module")

PROMPT = "a wolf howls at the moon"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    from tests.engine.diffusion import tiny

    folder = tmp_path_factory.mktemp("studio")
    tiny.save("ltx-video-2b", folder / "models")
    renderers = {
        "diffusion": {
            "profiles": [str(tiny.write_profile("ltx-video-2b", folder))],
            "models": str(folder / "models"),
        }
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        patch.setenv("HF_HUB_OFFLINE", "1")
        found = settings.load(data=folder / "data", credits={"local": 500}, renderers=renderers)
        async with Studio.open(found) as studio:
            yield studio


async def ask(studio: Studio, **brief: Any) -> JobView:
    me = await studio.at_home()
    wanted = Brief.model_validate(
        {"prompt": PROMPT, "look": Look(seconds=1), "seed": 1, "renderer": "diffusion"} | brief
    )
    address = Address(folder=str(studio.places.root))
    job_id = await studio.ask(wanted, me, address.as_origin())
    await studio.finish(job_id, [TerminalCourier(studio)])
    return await studio.job(job_id)


async def allowed(studio: Studio, view: JobView) -> JobView:
    assert view.state is JobState.HELD, view.job.failure
    me = await studio.at_home()
    for case_id in view.case_ids:
        await studio.decide(case_id, Decision.ALLOW, me)
    await studio.finish(view.id, [TerminalCourier(studio)])
    return await studio.job(view.id)


async def test_a_generated_clip_is_held_until_somebody_looked_and_says_how_it_was_made(studio: Studio) -> None:
    held = await ask(studio)
    assert held.verdict is not None
    assert Fault.UNJUDGED in {signal.fault for signal in held.verdict.signals}
    assert held.clips == ()
    view = await allowed(studio, held)
    assert view.state is JobState.DELIVERED
    (clip,) = view.clips
    assert not clip.is_draft
    facts = probe(clip.file)
    assert (facts.width, facts.height, facts.frames) == (854, 480, 24)
    with c2pa.Reader(str(clip.file)) as reader:
        told = json.loads(reader.json())
    said = json.dumps(told["manifests"][told["active_manifest"]])
    for fact in ("trainedAlgorithmicMedia", "LTX-Video 2B", "0.9.5", "LTX-Video open weights", "diffusion"):
        assert fact in said
    assert "wolf" not in said


@pytest.mark.soak
async def test_a_remix_of_a_generated_clip_keeps_its_words(studio: Studio) -> None:
    first = (await allowed(studio, await ask(studio))).clips[0]
    source = ClipSource(clip_id=first.id)
    again = await ask(studio, operation="remix", prompt="at dawn", sources=(source,), strength=0.5)
    (clip,) = (await allowed(studio, again)).clips
    report = next(take.report for take in (await studio.job(again.id)).takes)
    assert report is not None and report["film"]["said"] == f"{PROMPT}. at dawn"
    assert clip.sha256 != first.sha256


@pytest.mark.soak
async def test_a_draft_is_finished_after_its_own_words_and_shape(studio: Studio) -> None:
    me = await studio.at_home()
    draft = (await ask(studio, renderer=None)).clips[0]
    assert draft.is_draft
    brief = await studio.finished(ClipSource(clip_id=draft.id), me, {})
    assert (brief.renderer, brief.prompt, brief.look.seconds) == ("diffusion", PROMPT, 1.0)
    final = (await allowed(studio, await ask(studio, **brief.model_dump()))).clips[0]
    assert not final.is_draft
    with pytest.raises(StudioError) as refused:
        await studio.finished(ClipSource(clip_id=final.id), me, {})
    assert refused.value.code == "finish.no_draft"


@pytest.mark.soak
async def test_the_model_is_loaded_once_and_its_worker_lives_on(studio: Studio) -> None:
    await ask(studio)
    before = set(studio.fleet.pids)  # type: ignore[attr-defined]
    await ask(studio, seed=2)
    assert set(studio.fleet.pids) >= before  # type: ignore[attr-defined]


async def test_what_no_model_can_do_is_said_before_the_price(studio: Studio) -> None:
    me = await studio.at_home()
    with pytest.raises(StudioError) as refused:
        await studio.quote(Brief(prompt=PROMPT, look=Look(seconds=1), renderer="remote"), me)
    assert refused.value.code == "renderer.unknown"
    assert "diffusion" in str(refused.value.params["known"])


@pytest.mark.soak
async def test_a_model_that_breaks_is_told_and_paid_back(studio: Studio) -> None:
    me = await studio.at_home()
    weights = next((studio.settings.renderers.diffusion.models or Path()).glob("*/vae/*.safetensors"))
    whole = weights.read_bytes()
    before = (await studio.balance(me)).available
    for worker in studio.fleet._workers:  # type: ignore[attr-defined]
        await worker.stop()  # what lies on the disk is read again
    weights.write_bytes(whole[:1000])
    try:
        view = await ask(studio, seed=3)
    finally:
        weights.write_bytes(whole)
    assert view.state is JobState.FAILED
    assert view.job.failure is not None and view.job.failure["code"] == "weights.unusable"
    assert (await studio.balance(me)).available == before


async def _when_it_steps(studio: Studio, seconds: float, do: Callable[[str], Awaitable[None]]) -> JobView:
    """A job to which something happens as soon as its model takes steps, and how it ends."""
    me = await studio.at_home()
    wanted = Brief(prompt=PROMPT, look=Look(seconds=seconds), seed=1, renderer="diffusion")
    job_id = await studio.ask(wanted, me, Address(folder=str(studio.places.root)).as_origin())
    finishing = asyncio.create_task(studio.finish(job_id, [TerminalCourier(studio)]))
    async for event in studio.follow(job_id):
        if event.kind == "progress" and event.data.get("of"):
            await do(job_id)
            break
    await finishing
    return await studio.job(job_id)


def _model_worker(studio: Studio) -> int:
    (worker,) = (one for one in studio.fleet._workers if one.lane is Lane.MODEL)  # type: ignore[attr-defined]
    pid: int = worker.process.pid
    return pid


async def test_a_clip_is_called_off_between_two_steps_and_the_model_stays(studio: Studio) -> None:
    me = await studio.at_home()
    await ask(studio, seed=4)
    before = _model_worker(studio)

    async def call_off(job_id: str) -> None:
        await studio.cancel(job_id, me)

    view = await _when_it_steps(studio, 20.0, call_off)
    assert view.state is JobState.CANCELLED
    assert _model_worker(studio) == before


@pytest.mark.soak
async def test_the_take_of_a_worker_that_is_killed_is_made_by_another(studio: Studio) -> None:
    killed: list[int] = []

    async def kill(_: str) -> None:
        killed.append(_model_worker(studio))
        os.kill(killed[0], signal.SIGKILL)

    view = await _when_it_steps(studio, 6.0, kill)
    assert view.state is JobState.HELD  # whole, and waiting for somebody to look at it
    assert _model_worker(studio) != killed[0]
