"""A member's library as one ZIP: their clips, what the manifests in them say, and what the database knows of them.

README.txt            what is in it, for people
library.json          the rows of every table that are the member's (storage/belongings.py)
clips/ID.mp4          as they were handed out, signatures and all
posters/ID.jpg
manifests/ID.json     the clip's C2PA manifest, read
"""

import json
import secrets
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from engine.fleet.base import Bench, Lane, Task, TaskCancelled
from engine.reports import Report

if TYPE_CHECKING:
    from provenance.keys import Keyring
    from storage.blobs import Blobs

FORMAT: Final = "kinora-library"
FORMAT_VERSION: Final = 1
DOCUMENT: Final = "library.json"
README: Final = "README.txt"
_CHUNK: Final = 1 << 20


class ExportReport(Report):
    file: str
    clips: int
    bytes: int
    missing: tuple[str, ...] = ()  # clips whose file is lost or damaged here


class PackLibrary(Task[ExportReport]):
    """Write the ZIP beside its destination, and give it its name when it is whole."""

    lane: ClassVar[Lane] = Lane.HEAVY

    member_ids: list[str]
    database: str
    destination: Path
    readme: str

    def time_limit(self) -> float:
        return 4 * 3_600.0  # a library of many gigabytes on a slow disk; it reports after each clip

    def do(self, bench: Bench) -> ExportReport:
        from engine.benchwork import keyring_of
        from engine.filing import blobs_at

        rows = _rows_of(self.database, self.member_ids)
        wanted = [clip for clip in rows["clips"] if clip["erased_at"] is None and clip["withdrawn_at"] is None]
        missing = []
        blobs = blobs_at(bench)
        keyring = keyring_of(bench)
        with _appearing(self.destination) as aside, zipfile.ZipFile(aside, "x", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(README, self.readme)
            for number, clip in enumerate(wanted):
                if bench.cancelled():
                    raise TaskCancelled
                if not _pack_clip(packed, clip, blobs, keyring):
                    missing.append(str(clip["id"]))
                bench.report(done=number + 1, of=len(wanted))
            packed.writestr(DOCUMENT, _document(self.member_ids[0], rows, missing))
        size = self.destination.stat().st_size
        return ExportReport(
            file=str(self.destination), clips=len(wanted) - len(missing), bytes=size, missing=tuple(missing)
        )


def _rows_of(url: str, member_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    import asyncio

    from storage import belongings
    from storage.database import Database

    async def read() -> dict[str, list[dict[str, Any]]]:
        async with await Database.connect(url) as database, database.reading() as tx:
            return await belongings.everything(tx, member_ids)

    return asyncio.run(read())


def _document(member_id: str, rows: Mapping[str, Any], missing: Sequence[str]) -> str:
    document = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "kinora": version("kinora"),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "member": member_id,
        "missing": list(missing),
        "rows": rows,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _pack_clip(packed: zipfile.ZipFile, clip: Mapping[str, Any], blobs: "Blobs", keyring: "Keyring") -> bool:
    """Add a clip with its poster and manifest; False when it is not here as it should be: then nothing is added."""
    from provenance.credentials import manifest_told

    film, poster = clip["sha256"], clip["poster_sha256"]
    if not (blobs.check(film, ".mp4") and blobs.check(poster, ".jpg")):
        return False
    told = manifest_told(blobs.path(film, ".mp4"), keyring)
    # What is compressed already is only put in.
    packed.write(blobs.path(film, ".mp4"), f"clips/{clip['id']}.mp4", zipfile.ZIP_STORED)
    packed.write(blobs.path(poster, ".jpg"), f"posters/{clip['id']}.jpg", zipfile.ZIP_STORED)
    packed.writestr(f"manifests/{clip['id']}.json", json.dumps(told, ensure_ascii=False, indent=1))
    return True


@contextmanager
def _appearing(destination: Path) -> Iterator[Path]:
    """A name beside the destination that becomes it when all went well; for its owner's eyes alone."""
    from storage.files import flush_file, flush_folder, noticing_full

    aside = destination.with_name(f".{destination.name}.{secrets.token_hex(6)}.part")
    try:
        with noticing_full(destination):
            yield aside
            aside.chmod(0o600)
            flush_file(aside)
            aside.replace(destination)
        flush_folder(destination.parent)
    finally:
        aside.unlink(missing_ok=True)
