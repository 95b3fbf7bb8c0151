"""From a prompt to a sealed clip through real workers: the file, its credentials, its traces, and what is left over."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import c2pa
import pytest
from PIL import Image, ImageFilter, ImageStat

from bots.terminal.courier import Address, TerminalCourier
from engine import settings, sweeping
from engine.brief import Brief, Look
from engine.fleet.local import LocalFleet
from engine.jobs import JobState
from engine.places import Places
from engine.studio import Studio
from engine.viewing import JobView
from safety.policy import SHIPPED
from safety.verdict import Decision
from storage.media import probe

HEAVY = ("numpy", "av", "thorvg_python", "c2pa", "PIL", "re2", "opencc", "cryptography", "torch")


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    async with Studio.open(settings.load(data=tmp_path / "data", credits={"local": 500})) as studio:
        yield studio


async def make(studio: Studio, folder: Path, prompt: str = "a red fox in the rain at night", **brief: int) -> JobView:
    me = await studio.at_home()
    folder.mkdir(exist_ok=True)
    address = Address(folder=str(folder), of=brief.get("variations", 1))
    job_id = await studio.ask(Brief(prompt=prompt, look=Look(seconds=1), seed=1, **brief), me, address.as_origin())
    await studio.finish(job_id, [TerminalCourier(studio)])
    return await studio.job(job_id)


def trusted_manifest(file: Path, data: Path) -> dict[str, object]:
    """What c2pa's own Reader says, with this studio's authority as the only anchor."""
    anchors = "\n".join(path.read_text() for path in (data / "keys").rglob("root.pem"))
    context = c2pa.Context(c2pa.Settings.from_dict({"trust": {"trust_anchors": anchors}}))
    with c2pa.Reader(str(file), context=context) as reader:
        told = json.loads(reader.json())
    assert told["validation_state"] == "Trusted", told.get("validation_status")
    manifest: dict[str, object] = told["manifests"][told["active_manifest"]]
    return manifest


async def test_the_clip_is_what_every_platform_plays_and_carries_its_credentials(
    studio: Studio, tmp_path: Path
) -> None:
    view = await make(studio, tmp_path / "out", variations=2)
    assert view.state is JobState.DELIVERED
    assert len(view.clips) == 2
    for clip in view.clips:
        delivered = tmp_path / "out" / f"kinora-{clip.id}.mp4"
        assert delivered.read_bytes() == clip.file.read_bytes()
        facts = probe(delivered)
        assert (facts.codec, facts.profile, facts.width, facts.height, facts.frames) == ("h264", "High", 854, 480, 24)
        assert facts.has_audio and facts.moov_first
        manifest = trusted_manifest(delivered, studio.places.root)
        said = json.dumps(manifest)
        for fact in (clip.id, view.id, "algorithmicMedia", "c2pa.created", "animatic"):
            assert fact in said
        assert "red fox" not in said  # the brief is there as a keyed hash only
        trusted_manifest(clip.preview.file, studio.places.root)
    first, second = view.clips
    assert first.sha256 != second.sha256
    me = await studio.at_home()
    assert (await studio.balance(me)).available == 500 - view.job.price
    left = [path.name for path in studio.places.root.rglob("*") if path.suffix in (".part", ".sealing")]
    assert left == []
    assert list((studio.places.files / "temporary").iterdir()) == []


async def test_one_flipped_bit_is_told_and_a_copy_is_recognised(studio: Studio, tmp_path: Path) -> None:
    (clip,) = (await make(studio, tmp_path / "out")).clips
    whole = await studio.verify(clip.file)
    assert (whole.made_here, whole.layer, whole.tampered, whole.clip) == (True, "c2pa", False, clip.id)

    content = bytearray(clip.file.read_bytes())
    content[len(content) * 2 // 3] ^= 1
    flipped = tmp_path / "翻 转.mp4"
    flipped.write_bytes(content)
    told = await studio.verify(flipped)
    assert (told.made_here, told.layer, told.tampered, told.clip) == (True, "c2pa", True, clip.id)

    nothing = tmp_path / "nothing.mp4"
    nothing.write_bytes(b"")
    assert (await studio.verify(nothing)).layer == "none"


async def test_what_lies_in_quarantine_is_unsigned_private_and_swept(studio: Studio, tmp_path: Path) -> None:
    view = await make(studio, tmp_path / "out")
    quarantine = Places(studio.places.root).quarantine
    assert stat.S_IMODE(quarantine.stat().st_mode) == 0o700
    (take,) = quarantine.glob("*.mp4")
    # Nothing is signed before it is released; the mark is in the frames from the beginning.
    assert (await studio.verify(take)).layer == "watermark"
    orphan = studio.blobs.put_bytes(b"nobody refers to this")
    for file in (*quarantine.iterdir(), orphan):
        os.utime(file, (1, 1))
    removed = await sweeping.sweep(studio.database, studio.places, studio.blobs)
    assert take in removed and orphan in removed
    assert list(quarantine.iterdir()) == []
    assert view.clips[0].file.exists() and view.clips[0].preview.file.exists()


async def test_a_damaged_take_is_never_sealed(studio: Studio, tmp_path: Path) -> None:
    """Held for a moderator, changed on disk meanwhile: it is not what was inspected, and fails."""
    view = await make(studio, tmp_path / "out", "a street fight")
    assert view.state is JobState.HELD
    me = await studio.at_home()
    case_id = view.case_ids[0]
    await studio.decide(case_id, Decision.ALLOW, me)

    original = LocalFleet.do

    async def spoiling(self: LocalFleet, task: object, **kwargs: object) -> object:
        if type(task).__name__ == "SealTake":
            (take,) = studio.places.quarantine.glob("*.mp4")
            with take.open("r+b") as file:
                file.seek(-10, os.SEEK_END)
                file.write(b"\0" * 10)
        return await original(self, task, **kwargs)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LocalFleet, "do", spoiling)
        await studio.finish(view.id, [TerminalCourier(studio)])
    ended = await studio.job(view.id)
    assert ended.state is JobState.FAILED
    assert ended.job.failure is not None and ended.job.failure["code"] == "take.damaged"
    assert ended.clips == ()
    assert (await studio.balance(me)).available == 500


async def test_a_take_that_an_inspector_never_saw_is_held_shown_blurred_and_released_by_a_moderator(
    tmp_path: Path,
) -> None:
    """The policy asks for an inspector that is not installed: every take waits for a person (promise 1)."""
    policy = tmp_path / "policy.toml"
    policy.write_text(
        SHIPPED.read_text().replace('frames = ["flashing", "banks"]', 'frames = ["flashing", "not-installed"]')
    )
    given = settings.load(data=tmp_path / "data", safety={"policy": policy})
    async with Studio.open(given) as studio:
        view = await make(studio, tmp_path / "out")
        assert view.state is JobState.HELD
        assert view.clips == ()
        assert list((tmp_path / "out").iterdir()) == []
        (case_id,) = view.case_ids
        me = await studio.at_home()
        exhibit = await studio.exhibit(case_id, tmp_path / "exhibit.png", me)
        plain = await studio.unblurred_sheet(case_id, tmp_path / "plain.png", me)
        grey, colours = Image.open(exhibit.file).convert("RGB"), Image.open(plain).convert("RGB")
        assert grey.size == colours.size
        assert channels(grey) == 1
        assert channels(colours) == 3
        assert edges(grey) < edges(colours) / 4
        await studio.decide(case_id, Decision.ALLOW, me)
        await studio.finish(view.id, [TerminalCourier(studio)])
        ended = await studio.job(view.id)
        assert ended.state is JobState.DELIVERED
        trusted_manifest(ended.clips[0].file, studio.places.root)


FIRST_PICTURE = (20, 20, 300, 150)  # of the sheet, without its frame and its time


def channels(sheet: Image.Image) -> int:
    """How many of the three colours differ from each other in the first picture: 1 is grey."""
    return len({channel.tobytes() for channel in sheet.crop(FIRST_PICTURE).split()})


def edges(sheet: Image.Image) -> float:
    """How much detail the first picture has: the mean step between neighbouring pixels."""
    picture = sheet.convert("L").crop(FIRST_PICTURE)
    found = ImageStat.Stat(picture.filter(ImageFilter.FIND_EDGES).crop((2, 2, 278, 128))).mean[0]
    return float(found)


def test_the_process_that_talks_loads_nothing_heavy() -> None:
    program = f"import sys, bots.main, engine.studio; print([name for name in {HEAVY!r} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


async def test_a_worker_killed_while_drawing_costs_one_more_try(studio: Studio, tmp_path: Path) -> None:
    me = await studio.at_home()
    brief = Brief(prompt="three sailboats on a calm sea", look=Look(seconds=4), seed=1)
    job_id = await studio.ask(brief, me, Address(folder=str(tmp_path)).as_origin())
    killed = False

    async def follow() -> None:
        nonlocal killed
        async for event in studio.follow(job_id):
            if event.kind == "progress" and event.data.get("done") and not killed:
                killed = True
                assert isinstance(studio.fleet, LocalFleet)
                for pid in studio.fleet.pids:
                    os.kill(pid, signal.SIGKILL)

    await asyncio.gather(follow(), studio.finish(job_id, [TerminalCourier(studio)]))
    view = await studio.job(job_id)
    assert killed
    assert view.state is JobState.DELIVERED
    assert [take.attempts for take in view.takes] == [1]
    assert (await studio.balance(me)).available == 500 - view.job.price
