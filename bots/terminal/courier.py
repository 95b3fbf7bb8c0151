"""Brings clips to the folder in which `kinora create` was typed, whichever process carries the job in the end."""

import asyncio
import errno
import os
import shutil
from collections.abc import Mapping
from glob import escape
from pathlib import Path
from typing import Any, Final

import psutil
from pydantic import BaseModel, ConfigDict

from engine.errors import StudioError
from engine.handed import Clip, Preview
from engine.origin import Origin
from engine.studio import Studio
from storage.files import DiskFull, flush_folder, publish, says_full, sha256_of
from storage.outbox import Message

PLATFORM: Final = "terminal"
_NO_HARD_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS})


class Address(BaseModel):
    """Where a clip is to be written: under a name that was asked for, or under its own in the folder."""

    model_config = ConfigDict(frozen=True)

    folder: str
    file: str | None = None
    of: int = 1  # how many variations there will be
    overwrite: bool = False

    def as_origin(self) -> Origin:
        return Origin(platform=PLATFORM, address=self.model_dump())

    def target(self, clip_id: str, number: int) -> Path:
        return numbered(Path(self.file), number, self.of) if self.file else self.own_name(clip_id)

    def own_name(self, clip_id: str) -> Path:
        return (Path(self.file).parent if self.file else Path(self.folder)) / f"kinora-{clip_id}.mp4"


def numbered(file: Path, number: int, of: int) -> Path:
    """The name of one of several variations: x.mp4 becomes x-1.mp4, x-2.mp4 and so on."""
    return file if of == 1 else file.with_name(f"{file.stem}-{number}{file.suffix}")


class TerminalCourier:
    """Notices need no courier: whoever waits in a terminal sees them, and `kinora show` tells them later."""

    platform = PLATFORM

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    async def deliver(self, message: Message) -> Mapping[str, Any]:
        if message.take_id is None or message.kind != "post":
            return {}
        clip = await self._studio.clip(message.take_id)
        await self._studio.at_hand(clip.file)
        address = Address.model_validate(message.address)
        file = await asyncio.to_thread(_bring, clip, address, int(message.content["number"]))
        return {"file": str(file)}


def _bring(clip: Clip, address: Address, number: int) -> Path:
    target = address.target(clip.id, number)
    if address.overwrite:
        return copy_clip(clip, target, overwrite=True)
    try:
        return copy_clip(clip, target)
    except FileExistsError:
        # Somebody put a file there while the clip was made. It is theirs; the clip keeps its own name beside it.
        return copy_clip(clip, address.own_name(clip.id), overwrite=True)


def copy_clip(clip: Clip, target: Path, *, overwrite: bool = False) -> Path:
    """Copy the clip to this name in one step; doing it twice leaves one file.

    FileExistsError when another file has the name already and may not be overwritten.
    """
    return _copied(clip.file, clip.sha256, clip.id, target, overwrite=overwrite)


def copy_preview(preview: Preview, target: Path, *, overwrite: bool = False) -> Path:
    """The same for a still."""
    return _copied(preview.file, preview.sha256, preview.clip_id, target, overwrite=overwrite)


def _copied(file: Path, sha256: str, clip_id: str, target: Path, *, overwrite: bool) -> Path:
    part = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
    try:
        _remove_left_over(target)
        if not overwrite and _holds(target, sha256):
            flush_folder(target.parent)  # whoever put it there may have died before
            return target
        try:
            shutil.copyfile(file, part)
            if sha256_of(part) != sha256:
                raise StudioError("clip.damaged", clip=clip_id)
            if overwrite:
                publish(part, target)
            else:
                _publish_new(part, target)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError:
        raise
    except OSError as error:
        if says_full(error):
            raise DiskFull(path=str(target)) from error
        raise StudioError("delivery.unwritable", file=str(target), cause=error.strerror or str(error)) from error
    return target


def _remove_left_over(target: Path) -> None:
    """Remove what processes that were killed in the middle of this same copy have left beside it."""
    for part in target.parent.glob(f".{escape(target.name[:100])}.*.part"):
        pid = part.name.removesuffix(".part").rpartition(".")[2]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            part.unlink(missing_ok=True)


def _publish_new(part: Path, target: Path) -> None:
    """Give the file its name unless somebody else has taken it meanwhile."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    try:
        os.link(part, target)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        if _is_there(target):  # a file system without links: as good as it gets
            raise _exists(target) from None
        part.replace(target)
    part.unlink(missing_ok=True)  # before the flush: a power cut must not bring it back when nobody looks any more
    flush_folder(target.parent)


def _holds(target: Path, sha256: str) -> bool:
    """Whether the very same lies there already; FileExistsError when something else does."""
    if not _is_there(target):
        return False
    if target.is_file() and sha256_of(target) == sha256:
        return True
    raise _exists(target)


def _exists(target: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))


def _is_there(path: Path) -> bool:
    return os.path.lexists(path)


async def written_files(studio: Studio, job_id: str) -> dict[str, str]:
    """Where the job's clips were written, by clip."""
    receipts = await studio.receipts(job_id)
    return {clip_id: str(receipt["file"]) for clip_id, receipt in receipts.items() if "file" in receipt}
