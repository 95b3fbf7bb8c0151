"""What must be true of a studio's folder after whatever was done to it: sentences about what is not (promise 2)."""

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from engine.jobs import ENDED_JOBS, ENDED_TAKES
from engine.settings import FleetSettings
from storage.media import probe
from tests.soak.busy_studio import CALLED_OFF, GRANTED, REFUSED

ATTEMPTS = FleetSettings().attempts
_HALF_WRITTEN = re.compile(r"\..+\.[0-9a-f]{16}")
LOST = frozenset({"worker.died", "worker.hung", "worker.confused"})


@dataclass
class StoredTakes:
    """Takes that lie whole in quarantine, by name, with what tells whether they were written again."""

    seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    def look(self, folder: Path) -> list[str]:
        """Look while nothing runs. A take that was whole at an earlier look must be the same file."""
        again = []
        for report in (folder / "data" / "quarantine").glob("*.json"):
            file = report.with_suffix(".mp4")
            if not _is_whole(file, report):
                continue
            about = file.stat()
            found = (about.st_ino, about.st_mtime_ns)
            if self.seen.setdefault(file.name, found) != found:
                again.append(f"take {file.stem} was rendered again after it had been stored")
                self.seen[file.name] = found
        return again


def _is_whole(take: Path, report: Path) -> bool:
    try:
        return bool(json.loads(report.read_bytes())["sha256"] == _sha256(take))
    except (ValueError, FileNotFoundError):
        return False


def states(folder: Path) -> Counter[str]:
    """How many jobs that have not ended are in which state."""
    with closing(opened(folder)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'jobs'").fetchone():
            return Counter()  # killed before there was anything
        return Counter(state for (state,) in db.execute("SELECT state FROM jobs") if state not in ENDED_JOBS)


def broken(folder: Path) -> list[str]:
    """Every promise that does not hold in this folder, where all jobs should have ended and a sweep been made."""
    with closing(opened(folder)) as db:
        return [*_jobs(db), *_credits(db), *_clips(db, folder), *_messages(db), *_files(db, folder)]


def opened(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "data" / "kinora.db", timeout=30)
    connection.row_factory = sqlite3.Row
    return connection


def _jobs(db: sqlite3.Connection) -> Iterator[str]:
    takes: dict[str, list[sqlite3.Row]] = {}
    for take in db.execute("SELECT *, json_extract(failure, '$.code') AS code FROM takes"):
        takes.setdefault(take["job_id"], []).append(take)
    for job in db.execute("SELECT *, json_extract(brief, '$.prompt') AS prompt FROM jobs"):
        ended = {take["state"] for take in takes[job["id"]]}
        told = f"job {job['id']} ({job['prompt']!r}) is {job['state']} with takes {sorted(ended)}: {job['failure']}"
        lost = [take for take in takes[job["id"]] if take["state"] == "failed"]
        allowed = {"refused"} if job["prompt"] == REFUSED else {"delivered"}
        if job["prompt"] == CALLED_OFF:
            allowed.add("cancelled")
        if all(take["attempts"] >= ATTEMPTS and take["code"] in LOST for take in lost):
            allowed.add("failed")  # its worker, not its studio, was killed too often
        if not ended <= allowed or not ended <= ENDED_TAKES:
            yield told
        if job["state"] not in ENDED_JOBS or job["ended_at"] is None or job["lease_holder"] is not None:
            yield f"{told}; ended at {job['ended_at']}, held by {job['lease_holder']}"
    twice = """SELECT take_id FROM events WHERE kind = 'take' AND json_extract(data, '$.state') = 'rendered'
               GROUP BY take_id HAVING count(*) > 1"""
    yield from (f"take {take} was kept twice" for (take,) in db.execute(twice))


def _credits(db: sqlite3.Connection) -> Iterator[str]:
    (spent,) = db.execute("SELECT coalesce(sum(price), 0) FROM takes WHERE state = 'delivered'").fetchone()
    available, reserved = db.execute("SELECT sum(available), sum(reserved) FROM ledger").fetchone()
    if (available, reserved) != (GRANTED - spent, 0):
        yield f"{available} credits available and {reserved} reserved after {spent} of {GRANTED} were spent"
    unbalanced = """SELECT job_id, sum(reserved) FROM ledger WHERE job_id IS NOT NULL
                    GROUP BY job_id HAVING sum(reserved) <> 0"""
    yield from (f"job {job} keeps {left} credits reserved" for job, left in db.execute(unbalanced))


def _clips(db: sqlite3.Connection, folder: Path) -> Iterator[str]:
    clips = {row["id"]: row for row in db.execute("SELECT * FROM clips")}
    delivered = {take for (take,) in db.execute("SELECT id FROM takes WHERE state = 'delivered'")}
    if set(clips) != delivered:
        yield f"clips and delivered takes differ: {sorted(set(clips) ^ delivered)}"
    expected = {f"kinora-{clip}.mp4" for clip in clips}
    found = {file.name for file in (folder / "out").iterdir()}
    if found != expected:
        yield f"delivered files: missing {sorted(expected - found)}, too many {sorted(found - expected)}"
    for clip in clips.values():
        file = folder / "out" / f"kinora-{clip['id']}.mp4"
        if file.name in found:
            if _sha256(file) != clip["sha256"]:
                yield f"{file.name} is not the clip that was sealed"
            elif probe(file).frames != round(clip["fps"] * clip["seconds"]):
                yield f"{file.name} has {probe(file).frames} frames"


def _messages(db: sqlite3.Connection) -> Iterator[str]:
    yield from (
        f"message {row['key']} is {row['state']}" for row in db.execute("SELECT * FROM outbox WHERE state <> 'sent'")
    )
    posts = Counter(take for (take,) in db.execute("SELECT take_id FROM outbox WHERE kind = 'post'"))
    clips = Counter(clip for (clip,) in db.execute("SELECT id FROM clips"))
    if posts != clips:
        yield f"posts and clips differ: {posts - clips}, {clips - posts}"


def _files(db: sqlite3.Connection, folder: Path) -> Iterator[str]:
    data = folder / "data"
    for orphan in [*(data / "quarantine").iterdir(), *(data / "files" / "temporary").iterdir()]:
        yield f"orphan after the sweep: {orphan.relative_to(folder)}"
    named = "SELECT sha256 FROM clips UNION SELECT poster_sha256 FROM clips UNION SELECT sha256 FROM manifest_stores"
    referenced = {sha256 for (sha256,) in db.execute(named)}
    stored = {file.stem: file for file in (data / "files").glob("??/*")}
    if set(stored) != referenced:
        yield f"files: orphans {sorted(set(stored) - referenced)}, missing {sorted(referenced - set(stored))}"
    yield from (f"{file.name} is damaged" for name, file in stored.items() if _sha256(file) != name)
    half_written = [file for file in (data / "keys").rglob(".*") if _HALF_WRITTEN.fullmatch(file.name)]
    yield from (f"orphan among the keys: {file.relative_to(folder)}" for file in half_written)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
