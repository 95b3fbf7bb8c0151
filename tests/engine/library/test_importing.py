"""An export that another machine reads back: all that was in it, and nothing that was put into it."""

import json
import shutil
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from engine.belongings import Belongings
from engine.importing import ImportReport, Why
from engine.members import Asker, Role
from engine.names import new_id
from engine.places import Places
from engine.presets import PresetContent, content_of
from provenance.keys import Keyring
from provenance.seal import seal, seal_still
from storage import clips, members
from storage import jobs as ledger
from storage.errors import CodedError
from storage.library import View
from tests.engine.shared_studio import SharedStudio, shared_studio
from tests.engine.small_studio import url
from tests.provenance.samples import facts, write_still

Change = Callable[[dict[str, Any], dict[str, bytes]], None]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of the studio that exports."""
    folder = tmp_path_factory.mktemp("keys") / "keys"
    Keyring.open(folder)
    return folder


@pytest.fixture
async def here(tmp_path: Path, keys: Path) -> AsyncIterator[SharedStudio]:
    shutil.copytree(keys, tmp_path / "here" / "keys")
    async with shared_studio(tmp_path / "here") as opened:
        yield opened


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[SharedStudio]:
    """An empty machine: other keys, and nothing in it."""
    (tmp_path / "there").mkdir()
    async with shared_studio(tmp_path / "there") as opened:
        yield opened


def belongings_of(studio: SharedStudio) -> Belongings:
    return Belongings(studio.database, url(studio.data), Places(studio.data), studio.blobs, studio.fleet)


async def operator(studio: SharedStudio) -> Asker:
    async with studio.database.writing() as tx:
        await members.add_member(tx, "owner", "unlimited", "local", "operator")
        await members.add_role(tx, "here", "owner", Role.OPERATOR)
    return Asker("owner", "here", "unlimited", Role.OPERATOR)


def film_of(path: Path, *, flashing: bool = False) -> Path:
    """A second of a grey wall, or of one that no eye should be shown."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as output:
        stream = output.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        for number in range(24):
            light = 255 * (number // 2 % 2) if flashing else 90 + number
            picture = np.full((96, 128, 3), light, dtype=np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode(None))
    return path


async def sealed_clip(
    studio: SharedStudio, prompt: str, *, flashing: bool = False, of: str | tuple[str, ...] = ()
) -> str:
    """A clip of ann's with a film that decodes and seals that hold."""
    clip_id = await studio.clip(studio.ann, prompt, of=of)
    keyring = Keyring.open(Places(studio.data).keys)
    said = facts(keyring, clip_id)
    film = seal(film_of(studio.data / "u.mp4", flashing=flashing), studio.blobs.temporary(".mp4"), said, keyring)
    still = seal_still(write_still(studio.data / "u.jpg"), studio.blobs.temporary(".jpg"), said, keyring)
    async with studio.database.writing() as tx:
        for sealed in (film, still):
            studio.blobs.adopt(sealed.path, sealed.sha256)
            await clips.add_file(tx, sealed.sha256, sealed.size, "video/mp4")
        values = {"sha256": film.sha256, "poster_sha256": still.sha256, "width": 128, "height": 96, "fps": 24}
        await clips.change(tx, clip_id, **values)
    return clip_id


async def exported(studio: SharedStudio) -> Path:
    file = studio.data.parent / "mine.zip"
    await belongings_of(studio).export(studio.ann, file, readme="")
    return file


async def taken_in(studio: SharedStudio, asker: Asker, file: Path) -> ImportReport:
    return await belongings_of(studio).take_in(asker, file)


def changed(file: Path, change: Change) -> Path:
    """The export after somebody meddled with it."""
    with zipfile.ZipFile(file) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    document = json.loads(files.pop("library.json"))
    change(document, files)
    meddled = file.with_name("meddled.zip")
    with zipfile.ZipFile(meddled, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
        packed.writestr("library.json", json.dumps(document))
    return meddled


async def test_an_empty_machine_reads_it_back(here: SharedStudio, there: SharedStudio) -> None:
    parent = await sealed_clip(here, "a wolf")
    child = await sealed_clip(here, "白鶴站在小溪中", of=parent)
    trashed = await sealed_clip(here, "a fox")
    await here.library.make_folder(here.ann, "雪景")
    await here.library.put(here.ann, [child], "雪景")
    await here.library.rename(here.ann, child, "the crane")
    await here.library.favourite(here.ann, child)
    await here.library.throw_away(here.ann, [trashed])
    await here.presets.save(here.ann, "ink", PresetContent(style="ink"))
    owner = await operator(there)
    file = await exported(here)
    report = await taken_in(there, owner, file)
    assert (set(report.clips), report.left_out) == ({parent, child, trashed}, ())
    assert (report.folders, report.presets) == (1, 1)
    was = [item for view in (View.MADE, View.TRASH) for item in (await here.library.page(here.ann, view)).items]
    found = [item for view in (View.MADE, View.TRASH) for item in (await there.library.page(owner, view)).items]

    def told(items: list[Any]) -> list[tuple[object, ...]]:
        return [(i.clip_id, i.title, i.folder, i.favourite_at, i.brief, i.poster_sha256, i.seconds) for i in items]

    assert told(found) == told(was)
    assert there.files_of() == {name for name in here.files_of() if there.blobs.root.joinpath(name[:2], name).exists()}
    assert [item.clip_id for item in (await there.library.search(owner, "白鹤 crane")).items] == [child]
    assert (await there.remixing.tree(owner, child)).clip_id == parent
    (preset,) = await there.presets.all(owner)
    assert content_of(preset).style == "ink"
    again = await taken_in(there, owner, file)
    assert (again.clips, again.present, again.left_out) == ((), 3, ())
    with pytest.raises(CodedError, match=r"explore\.imported"):
        await there.explore.share(owner, parent)


async def test_what_another_studio_signed_is_the_operator_s_to_take_in(here: SharedStudio, there: SharedStudio) -> None:
    await sealed_clip(here, "a wolf")
    report = await taken_in(there, there.ann, await exported(here))
    assert [one.why for one in report.left_out] == [Why.STRANGER]
    assert there.files_of() == set()


async def test_frames_are_inspected_again(here: SharedStudio, there: SharedStudio) -> None:
    """However well it is signed: whoever has Kinora's source can sign what no inspector saw."""
    await sealed_clip(here, "a wolf", flashing=True)
    report = await taken_in(there, await operator(there), await exported(here))
    assert ([one.why for one in report.left_out], there.files_of()) == ([Why.UNSAFE], set())


async def test_the_same_studio_takes_back_its_own_for_anybody(here: SharedStudio, tmp_path: Path, keys: Path) -> None:
    """As after a loss of the database, but not of the keys."""
    clip = await sealed_clip(here, "a wolf")
    file = await exported(here)
    shutil.copytree(keys, tmp_path / "again" / "keys")
    async with shared_studio(tmp_path / "again") as again:
        assert (await taken_in(again, again.bob, file)).clips == (clip,)
        await again.explore.share(again.bob, clip)
        assert [one.why for one in (await taken_in(again, again.ann, file)).left_out] == [Why.TAKEN]


async def test_what_was_deleted_or_taken_down_does_not_come_back(here: SharedStudio) -> None:
    deleted, taken_down = await sealed_clip(here, "a wolf"), await sealed_clip(here, "a fox")
    file = await exported(here)
    await here.library.throw_away(here.ann, [deleted])
    await here.library.empty_trash(here.ann)
    await here.take_down(taken_down)
    report = await taken_in(here, here.ann, file)
    assert {one.clip: one.why for one in report.left_out} == {deleted: Why.GONE, taken_down: Why.GONE}


def clip_of(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["rows"]["clips"][0]
    return found


def unsafe_prompt(document: dict[str, Any], _: dict[str, bytes]) -> None:
    document["rows"]["jobs"][0]["brief"]["prompt"] = "a naked child"


def unsafe_title(document: dict[str, Any], _: dict[str, bytes]) -> None:
    document["rows"]["shelf"][0]["title"] = "naked woman"


def other_film(document: dict[str, Any], files: dict[str, bytes]) -> None:
    name = f"clips/{clip_of(document)['id']}.mp4"
    files[name] = files[name][:-1] + b"\x00"


def other_film_and_hash(document: dict[str, Any], files: dict[str, bytes]) -> None:
    from hashlib import sha256

    name = f"clips/{clip_of(document)['id']}.mp4"
    content = bytearray(files[name])
    content[content.rindex(b"mdat") + 40] ^= 1  # in the film; C2PA binds not every byte around it
    files[name] = bytes(content)
    clip_of(document)["sha256"] = sha256(content).hexdigest()


def other_id(document: dict[str, Any], files: dict[str, bytes]) -> None:
    """A film signed for one clip, said to be another."""
    old, new = clip_of(document)["id"], new_id()
    text = json.dumps(document["rows"]).replace(old, new)
    document["rows"] = json.loads(text)
    for name in [name for name in files if old in name]:
        files[name.replace(old, new)] = files.pop(name)


def no_film(document: dict[str, Any], files: dict[str, bytes]) -> None:
    del files[f"clips/{clip_of(document)['id']}.mp4"]


def poster_of_lies(document: dict[str, Any], files: dict[str, bytes]) -> None:
    from hashlib import sha256

    files[f"posters/{clip_of(document)['id']}.jpg"] = b"\xff\xd8 no picture"
    clip_of(document)["poster_sha256"] = sha256(b"\xff\xd8 no picture").hexdigest()


def odd_size(document: dict[str, Any], _: dict[str, bytes]) -> None:
    clip_of(document)["width"] = 4_096


def short_length(document: dict[str, Any], _: dict[str, bytes]) -> None:
    """More frames than it says would be more than the inspectors are asked to see."""
    document["rows"]["clips"][0] |= {"seconds": 0.01, "fps": 1}


def odd_brief(document: dict[str, Any], _: dict[str, bytes]) -> None:
    document["rows"]["jobs"][0]["brief"] = {"prompt": "x" * 5_000}


def no_job(document: dict[str, Any], _: dict[str, bytes]) -> None:
    document["rows"]["jobs"] = []


def path_for_an_id(document: dict[str, Any], _: dict[str, bytes]) -> None:
    clip_of(document)["id"] = "../../etc"


def huge_number(document: dict[str, Any], _: dict[str, bytes]) -> None:
    clip_of(document)["released_at"] = 10**30


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (unsafe_prompt, Why.UNSAFE),
        (unsafe_title, Why.UNSAFE),
        (other_film, Why.DAMAGED),
        (other_film_and_hash, Why.DAMAGED),
        (other_id, Why.DAMAGED),
        (no_film, Why.DAMAGED),
        (poster_of_lies, Why.DAMAGED),
        (odd_size, Why.DAMAGED),
        (short_length, Why.DAMAGED),
        (odd_brief, Why.MALFORMED),
        (no_job, Why.MALFORMED),
        (path_for_an_id, Why.MALFORMED),
        (huge_number, Why.MALFORMED),
    ],
)
async def test_nothing_that_was_put_into_an_export_comes_in(
    here: SharedStudio, there: SharedStudio, change: Change, why: Why
) -> None:
    await sealed_clip(here, "a wolf")
    report = await taken_in(there, await operator(there), changed(await exported(here), change))
    assert ([one.why for one in report.left_out], report.clips) == ([why], ())
    assert there.files_of() == set()
    assert list(there.blobs.root.glob("temporary/*")) == []


async def test_a_job_id_that_is_in_use_is_not_taken_over(here: SharedStudio, there: SharedStudio) -> None:
    clip = await sealed_clip(here, "a wolf")
    file = await exported(here)
    with zipfile.ZipFile(file) as packed:
        job_id = json.loads(packed.read("library.json"))["rows"]["clips"][0]["job_id"]
    other = await there.clip(there.bob, "somebody else's")
    async with there.database.reading() as tx:
        row = await clips.get(tx, other)
    assert row is not None

    def same_job(document: dict[str, Any], _: dict[str, bytes]) -> None:
        document["rows"] = json.loads(json.dumps(document["rows"]).replace(job_id, row.job_id))

    report = await taken_in(there, await operator(there), changed(file, same_job))
    assert report.clips == (clip,)
    async with there.database.reading() as tx:
        job = await ledger.get(tx, row.job_id)
        mine = await clips.get(tx, clip)
    assert job is not None and job.member_id == "bob" and mine is not None and mine.job_id != row.job_id


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
async def test_a_file_that_is_no_export_is_said_to_be_none(there: SharedStudio, content: bytes) -> None:
    file = there.data / "odd.zip"
    file.write_bytes(content)
    with pytest.raises(CodedError, match=r"import\.no_export"):
        await taken_in(there, there.ann, file)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("[]", "import.no_export"),
        ("{", "import.no_export"),
        ("[" * 100_000, "import.no_export"),
        ('{"format": "kinora-library", "version": "1"}', "import.no_export"),
        ('{"format": "kinora-library", "version": 2}', "import.newer"),
    ],
)
async def test_a_document_that_cannot_be_is_refused(there: SharedStudio, document: str, code: str) -> None:
    file = there.data / "odd.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("library.json", document)
    with pytest.raises(CodedError, match=code.replace(".", r"\.")):
        await taken_in(there, there.ann, file)


async def test_rows_of_other_shapes_are_passed_by(there: SharedStudio) -> None:
    file = there.data / "odd.zip"
    rows = {"clips": [1, None, {}, {"id": [], "released_at": "x"}], "presets": [{"content": 3}], "jobs": "none"}
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("library.json", json.dumps({"format": "kinora-library", "version": 1, "rows": rows}))
    report = await taken_in(there, there.ann, file)
    assert {one.why for one in report.left_out} == {Why.MALFORMED}
