"""A store of files: whole and hashed or not there at all, whatever happens on the way; links for sealed files alone."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.blobs import Blobs
from storage.errors import StorageError
from storage.quarantine import Quarantine
from storage.store import PART, Store, StoreAddress
from storage.unfinished import end_unfinished
from tests.worlds.s3 import SECRET, S3World

REPOSITORY = Path(__file__).parents[2]
LARGE = os.urandom(PART + 12_345)  # goes in two parts
USUAL = os.urandom(200_000)
SOON = timedelta(minutes=5)
QUICKLY = timedelta(milliseconds=300)


@pytest.fixture
def world(s3: S3World) -> Iterator[S3World]:
    s3.faults.end()
    yield s3
    s3.faults.end()


@pytest.fixture
def url(world: S3World) -> str:
    return world.new_bucket()


@pytest.fixture
def store(url: str) -> Store:
    return Store(StoreAddress.parsed(url), patience=QUICKLY)


@pytest.fixture
def blobs(tmp_path: Path, store: Store) -> Blobs:
    return Blobs(tmp_path / "cache", store)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def file_with(folder: Path, content: bytes, name: str = "file.mp4") -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def elsewhere(blobs: Blobs, folder: Path) -> Blobs:
    """Another machine: the same store, a disk of its own."""
    return Blobs(folder / "elsewhere", blobs.store)


def adopted(blobs: Blobs, content: bytes, *, sealed_as: str | None = None) -> Path:
    part = blobs.temporary(".mp4")
    part.write_bytes(content)
    return blobs.adopt(part, digest(content), sealed_as=sealed_as)


# -- addresses -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "store.url"),
        ("s3://", "store.url"),
        ("https://bucket/x", "store.url"),
        ("s3://B", "store.url"),
        ("s3://bucket/../x", "store.url"),
        ("s3://bucket/a//b", "store.url"),
        ("s3://bucket/桶", "store.url"),
        ("s3://bucket/x#y", "store.url"),
        ("s3://bucket?endpoint", "store.url"),
        ("s3://[bucket", "store.url"),
        ("s3://AKIA:secret@bucket/x", "store.url_secret"),
        ("s3://bucket?token=my-secret", "store.url_key"),
        ("s3://bucket?My+secret==", "store.url_key"),
        ("s3://bucket?endpoint=ftp://x", "store.url_value"),
        ("s3://bucket?endpoint=https://u:p@x", "store.url_value"),
        ("s3://bucket?links=maybe", "store.url_value"),
        ("s3://bucket?links=yes&links=no", "store.url_value"),
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(url: str, code: str) -> None:
    with pytest.raises(StorageError) as caught:
        StoreAddress.parsed(url)
    assert caught.value.code == code
    assert "secret" not in str(caught.value.params.values())


def test_an_address_in_full_and_in_short() -> None:
    full = StoreAddress.parsed("s3://my-clips/a/b/?endpoint=http://127.0.0.1:9000/&region=eu-1&links=yes")
    assert full == StoreAddress("my-clips", "a/b", "http://127.0.0.1:9000", "eu-1", links=True)
    assert StoreAddress.parsed("s3://my-clips") == StoreAddress("my-clips")


# -- putting and bringing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"x", "影片🎬".encode(), LARGE], ids=["empty", "one", "chinese", "parts"])
def test_what_one_machine_adopts_another_brings(blobs: Blobs, tmp_path: Path, content: bytes) -> None:
    adopted(blobs, content)
    other = elsewhere(blobs, tmp_path)
    assert other.exists(digest(content), ".mp4")
    assert other.here(digest(content), ".mp4").read_bytes() == content
    assert other.check(digest(content), ".mp4")


def test_a_large_file_travels_in_parts_with_a_checksum_each(world: S3World, store: Store, tmp_path: Path) -> None:
    store.put("kept/large", file_with(tmp_path, LARGE), digest(LARGE))
    assert sum(one.startswith("PUT ") for one in world.faults.seen) == 2
    assert store.note("kept/large") == LARGE


def test_what_is_nowhere_is_no_file(blobs: Blobs) -> None:
    assert not blobs.exists(digest(b"x"), ".mp4")
    assert not blobs.here(digest(b"x"), ".mp4").exists()
    assert not blobs.check(digest(b"x"), ".mp4")
    assert list(blobs.root.rglob("*.mp4")) == []


def test_a_path_that_is_no_blobs_is_left_alone(blobs: Blobs, tmp_path: Path, world: S3World) -> None:
    for path in (tmp_path / "copies" / "abcd.mp4", blobs.temporary(".mp4")):
        assert blobs.bring(path) == path
    assert world.faults.seen == []


@pytest.mark.parametrize("fault", ["refuse", "cut_upload", "change_upload"])
def test_trouble_that_passes_while_a_file_is_put(world: S3World, blobs: Blobs, tmp_path: Path, fault: str) -> None:
    setattr(world.faults, fault, 1)
    adopted(blobs, USUAL)
    assert elsewhere(blobs, tmp_path).here(digest(USUAL), ".mp4").read_bytes() == USUAL


@pytest.mark.parametrize("fault", ["refuse", "cut_download", "change_download"])
def test_trouble_that_passes_while_a_file_is_brought(world: S3World, blobs: Blobs, tmp_path: Path, fault: str) -> None:
    adopted(blobs, USUAL)
    setattr(world.faults, fault, 1)
    assert elsewhere(blobs, tmp_path).here(digest(USUAL), ".mp4").read_bytes() == USUAL


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("refuse", "away"),
        ("cut_upload", "away"),
        ("change_upload", "unreliable"),
    ],
)
def test_trouble_that_stays_leaves_nothing_half(world: S3World, url: str, blobs: Blobs, fault: str, code: str) -> None:
    """The file is still where it was made, and is adopted once the trouble is over."""
    content = LARGE if fault == "cut_upload" else USUAL
    setattr(world.faults, fault, -1)
    part = blobs.temporary(".mp4")
    part.write_bytes(content)
    with pytest.raises(StorageError) as caught:
        blobs.adopt(part, digest(content))
    assert caught.value.code == f"store.{code}"
    assert world.keys(url) == []
    assert not blobs.path(digest(content), ".mp4").exists()
    world.faults.end()
    assert blobs.adopt(part, digest(content)).read_bytes() == content


def test_a_file_that_was_changed_in_the_store_is_never_handed_out(
    world: S3World, url: str, blobs: Blobs, tmp_path: Path
) -> None:
    adopted(blobs, b"clip")
    key = next(iter(world.keys(url)))
    world.looking(url).put(key, file_with(tmp_path, b"blip"), digest(b"blip"))
    other = elsewhere(blobs, tmp_path)
    with pytest.raises(StorageError) as caught:
        other.here(digest(b"clip"), ".mp4")
    assert caught.value.code == "store.damaged"
    assert [path for path in other.root.rglob("*") if path.is_file() and path.name != ".gate"] == []


PUTTER = """
import sys
from pathlib import Path
from storage.blobs import Blobs
from storage.files import sha256_of
from storage.store import Store
blobs = Blobs(Path(sys.argv[1]), Store.at(sys.argv[2]))
part = blobs.temporary(".mp4")
part.write_bytes(Path(sys.argv[3]).read_bytes())
blobs.adopt(part, sha256_of(part))
"""


def test_a_process_that_is_killed_while_it_publishes_leaves_nothing_half(
    world: S3World, url: str, blobs: Blobs, tmp_path: Path
) -> None:
    content = file_with(tmp_path, LARGE)
    for asked in (2, 4):  # parts are sent, the upload ends
        world.faults.seen.clear()
        world.faults.slow = 0.1
        process = subprocess.Popen([sys.executable, "-c", PUTTER, str(blobs.root), url, str(content)], cwd=REPOSITORY)
        until = time.monotonic() + 20
        while len(world.faults.seen) < asked and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.returncode == -signal.SIGKILL
        time.sleep(0.15)  # what was on its way arrives
        for key in world.keys(url):
            assert digest(world.looking(url).note(key) or b"") == digest(LARGE)
        assert not blobs.path(digest(LARGE), ".mp4").exists()
    world.faults.slow = 0.0
    adopted(blobs, LARGE)
    assert elsewhere(blobs, tmp_path).check(digest(LARGE), ".mp4")


def test_uploads_that_nobody_finishes_are_ended_after_a_while(world: S3World, url: str, tmp_path: Path) -> None:
    content, address = file_with(tmp_path, LARGE), StoreAddress.parsed(url)
    assert end_unfinished(address, -2) == []
    world.faults.slow = 0.3
    process = subprocess.Popen([sys.executable, "-c", PUTTER, str(tmp_path), url, str(content)], cwd=REPOSITORY)
    until = time.monotonic() + 20
    while len(world.faults.seen) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    process.kill()
    process.wait()
    world.faults.end()
    assert end_unfinished(address, 3_600) == []
    assert end_unfinished(StoreAddress(address.bucket, "elsewhere", address.endpoint), -2) == []
    assert len(end_unfinished(address, -2)) == 1
    assert end_unfinished(address, -2) == []
    assert world.keys(url) == []


# -- who may -------------------------------------------------------------------------------------------------------


def test_each_trouble_has_its_own_name_and_tells_no_secret(
    world: S3World, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def met(at: str) -> StorageError:
        with pytest.raises(StorageError) as caught:
            Store(StoreAddress.parsed(at), patience=QUICKLY).put_note("kept/x", b"x")
        assert SECRET not in f"{caught.value!r}{caught.value.__cause__!r}{caught.value.__context__!r}"
        return caught.value

    assert met(world.url("kinora-nowhere")).code == "store.no_bucket"
    assert met("s3://kinora-test?endpoint=http://127.0.0.1:9&region=us-east-1").code == "store.away"
    world.faults.denies = frozenset({"PUT"})
    assert met(url).code == "store.refused"
    world.faults.denies = frozenset()
    world.faults.clock_ahead = timedelta(minutes=20)
    assert met(url).code == "store.clock"
    world.faults.clock_ahead = timedelta()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET + "x")
    assert met(url).code == "store.wrong_key"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASOMEBODYELSE")
    assert met(url).code == "store.wrong_key"


def test_without_the_extra_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(StorageError) as caught:
        Store.at("s3://kinora-test")
    assert caught.value.code == "store.no_extra"


# -- links ---------------------------------------------------------------------------------------------------------


def fetched(link: str) -> tuple[int, bytes, str]:
    try:
        with urllib.request.urlopen(link) as answer:
            return answer.status, answer.read(), answer.headers.get("Content-Disposition", "")
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, b"", ""


def test_a_link_to_a_sealed_file_ends_and_leads_to_nothing_else(world: S3World, url: str, tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "cache", Store.at(url + "&links=yes"))
    adopted(blobs, b"clip", sealed_as="kinora-abcd2345.mp4")
    adopted(blobs, b"upload")
    link = blobs.link(digest(b"clip"), ".mp4", SOON)
    assert link is not None
    assert fetched(link) == (200, b"clip", 'attachment; filename="kinora-abcd2345.mp4"')
    assert fetched(link.partition("?")[0])[0] == 403
    assert fetched(link.replace(digest(b"clip"), digest(b"upload")))[0] == 403
    longer = re.sub("Expires=300", "Expires=900", link)
    assert longer != link
    assert fetched(longer)[0] == 403
    world.faults.clock_ahead = timedelta(minutes=6)
    assert fetched(link)[0] == 403


def test_no_link_leads_to_what_was_not_sealed(world: S3World, url: str, tmp_path: Path) -> None:
    store = Store.at(url + "&links=yes")
    blobs, quarantine = Blobs(tmp_path / "cache", store), Quarantine(tmp_path / "quarantine", store)
    adopted(blobs, b"upload")
    quarantine.folder.mkdir()
    quarantine.take("abcd2345").write_bytes(b"take")
    quarantine.report("abcd2345").write_bytes(b"{}")
    quarantine.publish("abcd2345")
    link = blobs.link(digest(b"upload"), ".mp4", SOON)
    assert link is not None
    assert fetched(link)[0] == 404
    for key in world.keys(url):
        with pytest.raises(ValueError, match="no link is ever made"):
            store.link(key, SOON)


def test_there_are_no_links_where_the_store_is_not_open_to_members(blobs: Blobs) -> None:
    adopted(blobs, b"clip", sealed_as="kinora-abcd2345.mp4")
    assert blobs.link(digest(b"clip"), ".mp4", SOON) is None


# -- quarantine, sweeping, and the cache ---------------------------------------------------------------------------


def test_a_take_in_quarantine_is_found_on_another_machine(store: Store, tmp_path: Path) -> None:
    here, there = (Quarantine(tmp_path / name, store) for name in ("here", "there"))
    here.folder.mkdir()
    here.take("abcd2345").write_bytes(b"take")
    here.report("abcd2345").write_text('{"whole": true}')
    here.publish("abcd2345")
    assert there.here("abcd2345").read_bytes() == b"take"
    assert there.report_here("abcd2345").read_text() == '{"whole": true}'
    assert not there.here("zzzz2345").exists()


def test_one_sweep_for_the_disk_and_the_store(world: S3World, url: str, blobs: Blobs, tmp_path: Path) -> None:
    adopted(blobs, b"wanted", sealed_as="kinora-a.mp4")
    adopted(blobs, b"orphan", sealed_as="kinora-b.mp4")
    adopted(blobs, b"upload")
    quarantine = Quarantine(tmp_path / "quarantine", blobs.store)
    quarantine.folder.mkdir()
    for take in ("held2345", "gone2345"):
        quarantine.take(take).write_bytes(b"take")
        quarantine.report(take).write_bytes(b"{}")
        quarantine.publish(take)
    before = world.keys(url)
    assert blobs.sweep({digest(b"wanted")}, older_than_seconds=60) == []
    assert quarantine.sweep({"held2345"}, older_than_seconds=60) == []
    assert world.keys(url) == before
    blobs.sweep({digest(b"wanted")}, older_than_seconds=-2)
    quarantine.sweep({"held2345"}, older_than_seconds=-2)
    assert world.keys(url) == [
        "quarantine/held2345.json",
        "quarantine/held2345.mp4",
        f"sealed/{digest(b'wanted')[:2]}/{digest(b'wanted')}.mp4",
    ]
    assert sorted(path.name for path in quarantine.folder.iterdir()) == ["held2345.json", "held2345.mp4"]


def test_what_is_erased_is_gone_here_and_in_the_store(world: S3World, url: str, blobs: Blobs) -> None:
    path = adopted(blobs, b"clip", sealed_as="kinora-a.mp4")
    world.faults.refuse = -1
    blobs.remove(digest(b"clip"), ".mp4")  # a store that is away is swept later
    assert not path.exists()
    assert len(world.keys(url)) == 1
    world.faults.refuse = 0
    blobs.remove(digest(b"clip"), ".mp4")
    assert world.keys(url) == []


def test_the_cache_keeps_to_its_room_and_to_what_is_in_use(store: Store, tmp_path: Path) -> None:
    blobs = Blobs(tmp_path, store, room=2_500)
    files = [adopted(blobs, bytes([number]) * 1_000) for number in range(4)]
    for file, hours in zip(files, (30, 3, 2, 1), strict=True):
        os.utime(file, (time.time() - hours * 3_600,) * 2)
    kept = {file.stem for file in files}
    blobs.sweep(kept, older_than_seconds=3_600)
    assert [file.exists() for file in files] == [False, False, True, True]
    assert blobs.here(files[0].stem, ".mp4").read_bytes() == bytes(1_000)
    os.utime(files[2])
    os.utime(files[3])
    blobs.sweep(kept, older_than_seconds=3_600)
    assert [file.exists() for file in files] == [True, False, True, True]  # all in use: too much, but whole
