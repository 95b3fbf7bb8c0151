"""A clip is brought once, whole, and never over somebody else's file."""

import hashlib
import os
from pathlib import Path

import pytest

from bots.terminal.courier import Address, _bring, copy_clip, numbered
from engine.errors import StudioError
from engine.handed import Clip, Preview

CONTENT = b"a clip" * 1000


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    file = tmp_path / "store" / "blob.mp4"
    file.parent.mkdir()
    file.write_bytes(CONTENT)
    return Clip(
        id="5k2m9x7a",
        job_id="job-5k2m9x7b",
        member_id="m",
        file=file,
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        preview=Preview("5k2m9x7a", file),
        width=2,
        height=2,
        seconds=1.0,
        is_draft=True,
        not_drawn=(),
        notes=(),
        lineage=(),
        released_at=0,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def test_bringing_twice_leaves_one_whole_file(clip: Clip, folder: Path) -> None:
    address = Address(folder=str(folder))
    first = _bring(clip, address, 1)
    again = _bring(clip, address, 1)
    assert first == again == folder / "kinora-5k2m9x7a.mp4"
    assert [file.name for file in folder.iterdir()] == ["kinora-5k2m9x7a.mp4"]
    assert first.read_bytes() == CONTENT


def test_a_file_that_came_there_meanwhile_is_kept_and_the_clip_lies_beside_it(clip: Clip, folder: Path) -> None:
    target = folder / "x.mp4"
    target.write_bytes(b"somebody's")
    brought = _bring(clip, Address(folder="/nowhere", file=str(target)), 1)
    assert target.read_bytes() == b"somebody's"
    assert brought == folder / "kinora-5k2m9x7a.mp4"
    assert brought.read_bytes() == CONTENT


def test_overwriting_replaces_the_file_in_one_step(clip: Clip, folder: Path) -> None:
    target = folder / "x.mp4"
    target.write_bytes(b"old")
    assert _bring(clip, Address(folder=str(folder), file=str(target), overwrite=True), 1) == target
    assert target.read_bytes() == CONTENT
    assert [file.name for file in folder.iterdir()] == ["x.mp4"]


def test_a_dangling_link_counts_as_a_file(clip: Clip, folder: Path) -> None:
    target = folder / "x.mp4"
    target.symlink_to(folder / "nothing")
    with pytest.raises(FileExistsError):
        copy_clip(clip, target)


def test_a_folder_that_went_away_is_a_coded_error_and_leaves_nothing(clip: Clip, tmp_path: Path) -> None:
    with pytest.raises(StudioError) as caught:
        copy_clip(clip, tmp_path / "gone" / "x.mp4")
    assert caught.value.code == "delivery.unwritable"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_a_coded_error(clip: Clip, folder: Path) -> None:
    folder.chmod(0o500)
    with pytest.raises(StudioError):
        copy_clip(clip, folder / "x.mp4")


@pytest.mark.parametrize(
    ("name", "number", "of", "expected"),
    [
        ("x.mp4", 1, 1, "x.mp4"),
        ("x.mp4", 2, 4, "x-2.mp4"),
        ("x", 1, 2, "x-1"),
        ("影片.v1.mp4", 3, 3, "影片.v1-3.mp4"),
    ],
)
def test_variations_are_numbered(name: str, number: int, of: int, expected: str) -> None:
    assert numbered(Path("/a") / name, number, of) == Path("/a") / expected
