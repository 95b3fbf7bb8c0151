"""What comes back from a chat app: recognised by its pictures, given its credentials again, and nothing else is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bots.terminal.courier import Address, TerminalCourier
from engine import settings
from engine.brief import Brief, Look
from engine.studio import Studio
from storage.clips import manifest_of
from storage.errors import CodedError
from storage.media import Converter, Mp4Writer, Planes, read_frames
from tests.worlds.time_stamps import TimeStamps
from tests.worlds.time_stamps import time_stamps as authority


def sent_on(clip: Path, copy: Path) -> Path:
    """As somebody hands it on: mirrored, three quarters as wide and high, encoded anew, without any metadata."""
    size = (640, 360)
    with Mp4Writer(copy, *size, 24, crf=25) as writer:
        for frame in read_frames(clip):
            smaller = Image.fromarray(frame.planes.luma[:, ::-1]).resize(size, Image.Resampling.BICUBIC)
            planes = Planes.blank(*size)
            planes.luma[:] = np.asarray(smaller)
            writer.write(planes)
    return copy


def other_footage(path: Path) -> Path:
    dice, converter = np.random.default_rng(3), Converter()
    with Mp4Writer(path, 320, 180, 24, crf=23) as writer:
        for _ in range(12):
            writer.write(converter.planes(dice.integers(0, 255, (180, 320, 3), np.uint8), "rgb24"))
    return path


@pytest.fixture
def time_stamps() -> Iterator[TimeStamps]:
    with authority() as world:
        yield world


async def code_of(studio: Studio, file: Path, out: Path) -> str:
    with pytest.raises(CodedError) as caught:
        await studio.verify(file, out)
    assert not out.exists()
    return caught.value.code


async def test_a_copy_is_recognised_and_gets_its_credentials_again(tmp_path: Path, time_stamps: TimeStamps) -> None:
    given = {"data": tmp_path / "data", "credits": {"local": 500}, "certificate": {"time_stamps": time_stamps.url}}
    async with Studio.open(settings.load(**given)) as studio:
        me = await studio.at_home()
        brief = Brief(prompt="a red fox runs past three pines at dawn", look=Look(seconds=1), seed=1)
        job_id = await studio.ask(brief, me, Address(folder=str(tmp_path)).as_origin())
        await studio.finish(job_id, [TerminalCourier(studio)])
        (clip,) = (await studio.job(job_id)).clips
        async with studio.database.reading() as tx:
            manifest = await manifest_of(tx, clip.id)
        stamped_at = (await studio.verify(clip.file)).stamped_at
        assert manifest is not None and manifest.time_stamped and stamped_at is not None
        assert abs(datetime.fromisoformat(stamped_at) - datetime.now(UTC)) < timedelta(minutes=2)

        copy, restored = sent_on(clip.file, tmp_path / "copy.mp4"), tmp_path / "復原.mp4"
        before = copy.read_bytes()
        told = await studio.verify(copy)
        assert (told.layer, told.clip, told.looks_like_it, told.restored) == ("watermark", clip.id, True, None)
        assert (await studio.verify(copy, restored)).restored == str(restored)
        assert copy.read_bytes() == before
        told = await studio.verify(restored)
        assert (told.layer, told.clip, told.copy_of_it, told.tampered) == ("c2pa", clip.id, True, False)
        changed = bytearray(restored.read_bytes())
        changed[-100] ^= 1
        restored.write_bytes(changed)
        assert (await studio.verify(restored)).tampered

        out = tmp_path / "out.mp4"
        assert await code_of(studio, clip.file, out) == "credentials.not_lost"
        assert await code_of(studio, other_footage(tmp_path / "other.mp4"), out) == "credentials.unsure"
        clip.file.unlink()
        assert await code_of(studio, copy, out) == "credentials.clip_gone"
