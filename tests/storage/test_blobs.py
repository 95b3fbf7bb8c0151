"""A blob is whole under its own name or not there at all, whoever writes, dies or sweeps at the same time."""

import errno
import fcntl
import hashlib
import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.blobs import BlobError, Blobs
from storage.files import DiskFull

REPOSITORY = Path(__file__).parents[2]
EMPTY = hashlib.sha256(b"").hexdigest()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def temporary_with(blobs: Blobs, content: bytes, suffix: str = ".mp4") -> Path:
    path = blobs.temporary(suffix)
    path.write_bytes(content)
    return path


def age(path: Path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds,) * 2)


def everything(blobs: Blobs) -> set[str]:
    return {path.name for path in blobs.root.rglob("*") if path.is_file() and path.name != ".gate"}


def test_adopted_content_is_found_under_its_hash(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    content = "影片🎬".encode()
    path = blobs.adopt(temporary_with(blobs, content), digest(content))
    assert path == blobs.path(digest(content), ".mp4") == tmp_path / "blobs" / digest(content)[:2] / path.name
    assert path.read_bytes() == content
    assert blobs.exists(digest(content), ".mp4")
    assert blobs.check(digest(content), ".mp4")
    assert everything(blobs) == {path.name}


def test_the_empty_blob_and_one_without_a_suffix(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    assert blobs.put_bytes(b"") == blobs.path(EMPTY)
    assert blobs.check(EMPTY)


def test_adopting_again_does_no_harm(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    paths = {blobs.adopt(temporary_with(blobs, b"clip"), digest(b"clip")) for _ in range(3)}
    assert len(paths) == 1
    assert len(everything(blobs)) == 1


def test_adopting_what_was_adopted_before_a_crash_is_success(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    temporary = temporary_with(blobs, b"clip")
    path = blobs.adopt(temporary, digest(b"clip"))
    assert blobs.adopt(temporary, digest(b"clip")) == path


def test_a_missing_temporary_is_an_error_where_no_blob_stands_for_it(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    with pytest.raises(BlobError) as caught:
        blobs.adopt(blobs.temporary(".mp4"), digest(b"clip"))
    assert caught.value.code == "blob.missing"


def test_content_that_is_not_what_it_is_said_to_be_is_not_stored(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    with pytest.raises(BlobError) as caught:
        blobs.adopt(temporary_with(blobs, b"other"), digest(b"clip"))
    assert caught.value.code == "blob.mismatch"
    assert not blobs.exists(digest(b"clip"), ".mp4")


def test_a_flipped_bit_is_noticed_and_healed_by_the_next_adoption(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    path = blobs.put_bytes(b"clip", ".mp4")
    path.write_bytes(b"blip")
    assert blobs.exists(digest(b"clip"), ".mp4")
    assert not blobs.check(digest(b"clip"), ".mp4")
    blobs.put_bytes(b"clip", ".mp4")
    assert blobs.check(digest(b"clip"), ".mp4")


@pytest.mark.parametrize(
    "name",
    ["", "a", "A" * 64, "g" * 64, "a" * 63, "a" * 65, "../" + "a" * 61, "a" * 63 + "\n", "a" * 64 + "\n", "é" * 64],
)
def test_names_that_are_no_hash_reach_no_path(tmp_path: Path, name: str) -> None:
    blobs = Blobs(tmp_path)
    for ask in (blobs.path, blobs.exists, blobs.check):
        with pytest.raises(BlobError) as caught:
            ask(name)
        assert caught.value.code == "blob.name"


@pytest.mark.parametrize("suffix", ["mp4", "../x", ".mp4/..", ".MP4", ".", "./a", ".123456789", ".mp4\n"])
def test_suffixes_that_could_lead_elsewhere_are_refused(tmp_path: Path, suffix: str) -> None:
    blobs = Blobs(tmp_path)
    for ask in (lambda: blobs.path(EMPTY, suffix), lambda: blobs.temporary(suffix)):
        with pytest.raises(BlobError) as caught:
            ask()
        assert caught.value.code == "blob.suffix"


def test_only_the_owner_can_look(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        blobs = Blobs(tmp_path / "a" / "blobs")
        path = blobs.put_bytes(b"clip", ".mp4")
    finally:
        os.umask(before)
    assert stat.S_IMODE(blobs.root.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


# --- sweeping ----------------------------------------------------------------------------------------------------


def test_sweeping_takes_old_orphans_and_old_temporaries_only(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    kept, orphan, young = (blobs.put_bytes(content, ".mp4") for content in (b"kept", b"orphan", b"young"))
    stale, fresh = temporary_with(blobs, b"stale"), temporary_with(blobs, b"fresh")
    part = stale.with_name(stale.name + ".part")
    part.write_bytes(b"half")
    for path in (kept, orphan, stale, part):
        age(path, 1000)
    assert set(blobs.sweep({digest(b"kept")}, older_than_seconds=900)) == {orphan, stale, part}
    assert everything(blobs) == {kept.name, young.name, fresh.name}
    assert blobs.sweep(lambda sha256: sha256 == digest(b"kept"), older_than_seconds=900) == []


def test_sweeping_leaves_alone_what_is_not_a_blob(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    note = tmp_path / "note.txt"
    odd = tmp_path / "ab" / "readme"
    odd.parent.mkdir()
    for path in (note, odd):
        path.write_bytes(b"mine")
        age(path, 10_000)
    assert blobs.sweep(set(), older_than_seconds=0) == []
    assert note.exists()
    assert odd.exists()


def test_content_that_comes_back_is_young_again(tmp_path: Path) -> None:
    """A job may adopt what an older, deleted job had left: the sweep must not take it from under the new one."""
    blobs = Blobs(tmp_path)
    path = blobs.put_bytes(b"clip", ".mp4")
    age(path, 1000)
    blobs.put_bytes(b"clip", ".mp4")
    assert blobs.sweep(set(), older_than_seconds=900) == []


def test_the_grace_begins_with_the_adoption(tmp_path: Path) -> None:
    """A file may have been made long before: a night in the queue of the moderators."""
    blobs = Blobs(tmp_path)
    temporary = temporary_with(blobs, b"clip")
    age(temporary, 1000)
    blobs.adopt(temporary, digest(b"clip"))
    assert blobs.sweep(set(), older_than_seconds=900) == []


def test_a_sweep_looks_again_after_waiting_for_an_adoption(tmp_path: Path) -> None:
    """An adoption is held up in its last step while the sweep already has the old orphan on its list."""
    blobs = Blobs(tmp_path)
    orphan = blobs.put_bytes(b"clip", ".mp4")
    age(orphan, 1000)
    with ThreadPoolExecutor() as pool, (tmp_path / ".gate").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_SH)
        sweep = pool.submit(blobs.sweep, set(), 900)
        with pytest.raises(TimeoutError):
            sweep.result(timeout=0.2)
        blobs.put_bytes(b"clip", ".mp4")
        fcntl.flock(gate, fcntl.LOCK_UN)
        assert sweep.result(timeout=10) == []
    assert blobs.check(digest(b"clip"), ".mp4")


def test_a_link_that_somebody_put_there_is_removed_and_not_followed(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    outside = tmp_path / "outside"
    outside.write_bytes(b"mine")
    link = blobs.path(EMPTY)
    link.parent.mkdir()
    link.symlink_to(outside)
    os.utime(link, (0, 0), follow_symlinks=False)
    assert blobs.sweep(set(), older_than_seconds=900) == [link]
    assert outside.read_bytes() == b"mine"


def test_many_blobs(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    contents = [str(number).encode() for number in range(240)]
    for content in contents:
        age(blobs.put_bytes(content), 1000)
    assert all(blobs.exists(digest(content)) for content in contents)
    kept = {digest(content) for content in contents[::3]}
    assert len(blobs.sweep(kept, older_than_seconds=900)) == 160
    assert everything(blobs) == kept


# --- other processes ---------------------------------------------------------------------------------------------


ADOPTER = """
import sys, hashlib
from pathlib import Path
from storage.blobs import Blobs
blobs = Blobs(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(60):
    content = str(number).encode() * 1000
    path = blobs.put_bytes(content, ".mp4")
    assert path.read_bytes() == content, number
print("done", flush=True)
"""

SWEEPER = """
import sys
from pathlib import Path
from storage.blobs import Blobs
blobs = Blobs(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
removed = 0
for _ in range(40):
    removed += len(blobs.sweep(set(), older_than_seconds=30))
print("done", flush=True)
"""


def start(code: str, folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_processes_that_adopt_the_same_content_while_another_sweeps(tmp_path: Path) -> None:
    """Every content lies there as an old orphan at first: the hardest moment for an adoption to meet a sweep."""
    blobs = Blobs(tmp_path)
    for number in range(60):
        age(blobs.put_bytes(str(number).encode() * 1000, ".mp4"), 1000)
    processes = [start(ADOPTER, tmp_path) for _ in range(3)] + [start(SWEEPER, tmp_path)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[0] for process in processes] == ["done\n"] * 4
    assert all(blobs.check(digest(str(number).encode() * 1000), ".mp4") for number in range(60))
    assert len(everything(blobs)) == 60, "no temporary is left"


ENDLESS_ADOPTER = """
import sys
from pathlib import Path
from storage.blobs import Blobs
blobs = Blobs(Path(sys.argv[1]))
print("ready", flush=True)
number = 0
while True:
    blobs.put_bytes(str(number).encode() * 50_000, ".mp4")
    number += 1
"""


def test_killed_while_adopting_every_blob_is_whole_and_nobody_is_locked_out(tmp_path: Path) -> None:
    for attempt in range(4):
        process = start(ENDLESS_ADOPTER, tmp_path)
        time.sleep(0.05 + attempt * 0.013)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    blobs = Blobs(tmp_path)
    stored = [path for path in tmp_path.rglob("*.mp4") if path.parent.name != "temporary"]
    assert stored
    assert all(blobs.check(path.stem, ".mp4") for path in stored)
    assert blobs.put_bytes(b"after", ".mp4").exists()
    for path in (tmp_path / "temporary").iterdir():
        age(path, 1000)
    blobs.sweep(lambda _: True, older_than_seconds=900)
    assert not list((tmp_path / "temporary").iterdir())


NO_ROOM = """
import resource, sys
from pathlib import Path
from storage.blobs import Blobs
from storage.files import DiskFull
blobs = Blobs(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
print(blobs.put_bytes(bytes(1000)).exists())
try:
    blobs.put_bytes(bytes(1001))
except DiskFull as error:
    print(error.code)
"""


def test_no_room_is_a_typed_error_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_ROOM, str(tmp_path)], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("True\ndisk.full\n", "")
    assert everything(Blobs(tmp_path)) == {digest(bytes(1000))}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_device_says_the_same() -> None:
    from storage.files import noticing_full

    with pytest.raises(DiskFull) as caught, noticing_full(Path("/dev/full")):
        Path("/dev/full").write_bytes(b"x")
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOSPC
