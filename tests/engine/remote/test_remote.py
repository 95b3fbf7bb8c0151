"""The remote renderer against a server with the manners of the open ones: what it asks, and how each failure ends."""

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import c2pa
import numpy as np
import pytest
from PIL import Image
from pydantic import SecretStr

from bots.terminal.courier import Address, TerminalCourier
from engine import settings
from engine.brief import Brief, Look
from engine.errors import StudioError
from engine.footage import Pixels
from engine.jobs import JobState
from engine.renderers.base import CalledOff, RenderOrder, SourceFile
from engine.renderers.means import RemoteMeans
from engine.renderers.remote import server as client
from engine.renderers.remote.renderer import RemoteRenderer
from engine.studio import Studio
from safety.verdict import Decision
from tests.worlds.videos import MANNERS, VideoServer, video_server


@pytest.fixture(autouse=True)
def impatient() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "_FIRST_PAUSE", 0.01)
        patch.setattr(client, "_LONGEST_PAUSE", 0.05)
        patch.setattr(client, "_LOOK_EVERY", 0.01)
        yield


def order(prompt: str = "一隻狼 howls 🐺", **brief: Any) -> RenderOrder:
    sources = brief.pop("files", ())
    made = Brief.model_validate({"prompt": prompt, "look": {"seconds": 1.5}, **brief})
    return RenderOrder(brief=made, seed=7, sources=sources)


async def draw(served: VideoServer, wanted: RenderOrder | None = None, **more: Any) -> list[Pixels]:
    means = {name: more.pop(name) for name in ("model", "key", "fields", "wait_seconds") if name in more}
    # A copy is not validated again: a test waits less than a studio ever does.
    renderer = RemoteRenderer(RemoteMeans(url=served.url).model_copy(update=means), **more)
    footage = renderer.draw(wanted or order()).footage
    return await asyncio.to_thread(lambda: [frame.copy() for frame in footage.frames])


@pytest.mark.parametrize("manner", MANNERS)
async def test_a_clip_comes_from_every_kind_of_server(manner: str) -> None:
    told: list[tuple[int, int]] = []
    async with video_server(VideoServer(manner)) as served:
        frames = await draw(
            served, model="tiny", key=SecretStr("secret"), tell=lambda done, of: told.append((done, of))
        )
    assert len(frames) == 36
    assert all(frame.shape == (480, 854, 3) for frame in frames)
    (said,) = served.asked
    expected = {"prompt": "一隻狼 howls 🐺", "seconds": "2", "size": "848x480", "model": "tiny"}
    assert said == expected | {"seed": "7", "fps": "24", "num_frames": "36"}
    assert served.headers == ["Bearer secret"]
    assert told == [(50, 100), (100, 100)]
    assert served.deleted == ["video_1"]


async def test_openai_is_asked_only_for_what_it_knows() -> None:
    async with video_server(VideoServer()) as served:
        assert len(await draw(served, fields="openai")) == 36
    assert served.asked == [{"prompt": "一隻狼 howls 🐺", "seconds": "4", "size": "848x480"}]


async def test_a_picture_is_sent_along(tmp_path: Path) -> None:
    Image.new("RGB", (300, 300), (200, 10, 10)).save(tmp_path / "a.png")
    still = SourceFile(tmp_path / "a.png", "a" * 64, "image/png", 0.0)
    source = {"kind": "upload", "sha256": "a" * 64, "media_type": "image/png"}
    async with video_server(VideoServer()) as served:
        await draw(served, order("it melts", operation="animate", sources=(source,), files=(still,)))
    sent = served.asked[0]["input_reference"]
    (tmp_path / "sent.png").write_bytes(sent)
    with Image.open(tmp_path / "sent.png") as picture:
        assert picture.size == (848, 480)
        assert np.abs(np.asarray(picture)[240, 424].astype(int) - (200, 10, 10)).max() < 4


async def test_a_busy_server_and_one_that_drops_the_line_are_asked_again() -> None:
    async with video_server(VideoServer(busy=3, dropped=2)) as served:
        assert len(await draw(served)) == 36
    assert len(served.asked) == 1


@pytest.mark.parametrize(
    ("failing", "code"),
    [
        ({"refuses": 400}, "remote.refused"),
        ({"refuses": 422, "manner": "sglang"}, "remote.refused"),
        ({"fails": "CUDA out of memory"}, "remote.failed"),
        ({"forgets": True}, "remote.forgot"),
        ({"answer": b""}, "remote.nonsense"),
        ({"answer": b"<html>not a film</html>" * 100}, "remote.nonsense"),
        ({"elsewhere": "http://169.254.169.254/latest/meta-data"}, "remote.nonsense"),
        ({"short_by": 1.0}, "remote.nonsense"),
        ({"busy": 100}, "remote.unreachable"),
        ({"endless": True}, "remote.slow"),
    ],
)
async def test_every_failure_ends_in_words(failing: dict[str, Any], code: str) -> None:
    async with video_server(VideoServer(**failing)) as served:
        with pytest.raises(StudioError) as failed:
            await draw(served, wait_seconds=2.0 if code == "remote.slow" else 60.0)
    assert failed.value.code == code
    if code == "remote.failed":
        assert "CUDA" in str(failed.value.params["cause"])


async def test_a_server_that_is_not_there_is_told() -> None:
    async with video_server(VideoServer()) as served:
        pass
    with pytest.raises(StudioError) as failed:
        await draw(served)
    assert failed.value.code == "remote.unreachable"


async def test_more_than_a_clip_can_be_is_not_taken() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "LARGEST", 10_000)
        async with video_server(VideoServer(answer=bytes(20_000))) as served:
            with pytest.raises(StudioError) as failed:
                await draw(served)
    assert failed.value.code == "remote.too_large"


@pytest.mark.parametrize("progress", [None, "half", -3, 1e300, {"a": 1}])
async def test_progress_that_makes_no_sense_is_not_told(progress: object) -> None:
    told: list[int] = []
    async with video_server(VideoServer(progress=progress)) as served:
        await draw(served, tell=lambda done, of: told.append(done))
    assert told == [100]


async def test_a_clip_that_is_called_off_is_deleted_there() -> None:
    looks = count()
    async with video_server(VideoServer(endless=True)) as served:
        with pytest.raises(CalledOff):
            await draw(served, stopped=lambda: next(looks) > 8)
    assert served.deleted == ["video_1"]


async def test_what_the_interface_has_no_words_for_is_refused_before_anything_is_sent() -> None:
    source = {"kind": "clip", "clip_id": "5k2m9x7a"}
    clip = SourceFile(Path("nowhere.mp4"), "a" * 64, "video/mp4", 2.0)
    async with video_server(VideoServer()) as served:
        with pytest.raises(StudioError) as refused:
            await draw(served, order(operation="loop", sources=(source,), files=(clip,)))
    assert refused.value.code == "remote.cannot"
    assert served.asked == []


async def test_a_clip_from_a_server_takes_the_way_of_every_other(tmp_path: Path) -> None:
    async with video_server(VideoServer()) as served:
        remote = {"url": served.url, "title": "Wan of the server", "licence": "Apache-2.0"}
        found = settings.load(data=tmp_path / "data", renderers={"remote": remote})
        async with Studio.open(found) as studio:
            me = await studio.at_home()
            wanted = Brief(prompt="a wolf", look=Look(seconds=1), seed=1, renderer="remote")
            courier = TerminalCourier(studio)
            job_id = await studio.ask(wanted, me, Address(folder=str(tmp_path)).as_origin())
            await studio.finish(job_id, [courier])
            held = await studio.job(job_id)
            assert held.state is JobState.HELD
            await studio.decide(held.case_ids[0], Decision.ALLOW, me)
            await studio.finish(job_id, [courier])
            (clip,) = (await studio.job(job_id)).clips
    with c2pa.Reader(str(clip.file)) as reader:
        assert "Wan of the server" in reader.json()
