"""What a file was made from, from an upload with another tool's credentials to the tree that an asker may see."""

from pathlib import Path

import av
import pytest
from PIL import Image

from bots import stories
from bots.terminal.courier import Address, TerminalCourier
from engine import settings
from engine.brief import Brief, ClipSource, Look, Operation, Source
from engine.handed import Clip
from engine.jobs import JobState
from engine.members import Asker
from engine.reports import AncestorReport, ForeignReport, TraceReport
from engine.studio import Studio
from provenance.keys import Keyring
from safety.verdict import Decision
from storage import members
from storage.clips import referenced_files
from storage.errors import CodedError
from tests.provenance.samples import write_still
from tests.provenance.test_brought import PERSONAL, by_another_tool


async def made(studio: Studio, me: Asker, folder: Path, operation: Operation, prompt: str, source: Source) -> Clip:
    """Through the desk, where the operator lets pass what they brought themselves."""
    brief = Brief(operation=operation, prompt=prompt, look=Look(seconds=1), seed=1, sources=(source,))
    job_id = await studio.ask(brief, me, Address(folder=str(folder)).as_origin())
    courier = [TerminalCourier(studio)]
    await studio.finish(job_id, courier)
    for _ in range(2):
        for case in await studio.open_cases(me):
            await studio.decide(case.id, Decision.ALLOW, me)
        await studio.finish(job_id, courier)
    view = await studio.job(job_id)
    assert view.state is JobState.DELIVERED, view
    return view.clips[0]


def stripped(clip: Path, copy: Path) -> Path:
    """The same pictures in a new container, as ffmpeg copies them: no manifest comes along."""
    with av.open(str(clip)) as source, av.open(str(copy), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return copy


async def test_an_upload_s_credentials_and_its_maker_s_name_are_told_as_far_as_they_should_be(tmp_path: Path) -> None:
    stranger = Keyring.open(tmp_path / "stranger")
    photo = by_another_tool(write_still(tmp_path / "plain.jpg"), tmp_path / "photo.jpg", stranger, assertions=PERSONAL)
    given = {"data": tmp_path / "data", "credits": {"local": 500}}
    async with Studio.open(settings.load(**given)) as studio:
        me = await studio.at_home()
        with pytest.raises(CodedError, match=r"name\.refused"):
            await studio.naming.set_name(me, "kill all jews")
        assert await studio.naming.set_name(me, "  王小明 ") == "王小明"
        upload = await studio.bring(photo, me)
        clip = await made(studio, me, tmp_path, Operation.ANIMATE, "snow falls", upload)
        assert "credentials_kept" in clip.notes and stories.note("credentials_kept")

        told = await studio.verify(clip.file)
        assert (told.layer, told.tampered, told.maker, told.lineage) == ("c2pa", False, "王小明", ())
        (brought,) = told.ancestors
        assert brought.clip is None and brought.foreign is not None
        assert (brought.foreign.generator, brought.foreign.state) == ("Foreign Camera", "Valid")
        assert b"SECRET" not in clip.file.read_bytes()

        assert await studio.naming.set_name(me, "") is None
        remix = await made(studio, me, tmp_path, Operation.REMIX, "at night", ClipSource(clip_id=clip.id))
        told = await studio.verify(remix.file)
        assert (told.maker, told.lineage, told.ancestors[0].ancestors) == (None, (clip.id,), (brought,))
        assert (await studio.verify(clip.file)).maker == "王小明", "what was signed stays as it was"

        tree = await studio.heritage.tree(me, told)
        assert tree is not None and tree.sources[0].poster == clip.preview.file
        assert [line.count("· ") for line in stories.source_lines(tree)] == [0, 1]
        drawn = await studio.heritage.picture(tree, tmp_path / "tree.png")
        with Image.open(drawn) as picture:
            assert picture.width > 600 and picture.height < 200  # three generations in a row

        async with studio.database.writing() as tx:
            await members.add_community(tx, "elsewhere", "test", "elsewhere")
            await members.add_member(tx, "eve", "unlimited", "test", "eve")
        unseen = await studio.heritage.tree(Asker("eve", "elsewhere", "unlimited", "member"), told)
        assert unseen is not None and unseen.gap == unseen.sources[0].gap == "unseen"
        assert unseen.poster is None and unseen.sources[0].poster is None

        # A copy without any credentials is told by its pictures, and the clip that it is of still knows its sources.
        told = await studio.verify(stripped(remix.file, tmp_path / "copy.mp4"))
        assert (told.layer, told.clip, told.lineage) == ("watermark", remix.id, (clip.id,))
        assert told.ancestors[0].ancestors == (brought,)

        async with studio.database.reading() as tx:
            kept = await referenced_files(tx)
        assert {file.stem for file in studio.places.files.glob("??/*.c2pa")} <= kept


def of_many(width: int, depth: int) -> AncestorReport:
    below = tuple(of_many(width, depth - 1) for _ in range(width)) if depth else ()
    return AncestorReport(clip="zzzzzzzz", relation="parentOf", ancestors=below)


async def test_a_tree_is_no_larger_than_can_be_looked_at(tmp_path: Path) -> None:
    foreign = ForeignReport(generator="相機 Ω <b>\x1b[31m", signer="", state="Valid")
    upload = AncestorReport(clip=None, relation="componentOf", foreign=foreign)
    async with Studio.open(settings.load(data=tmp_path / "data")) as studio:
        me = await studio.at_home()
        for ancestors in ((of_many(8, 3),), (of_many(1, 60),), (upload,)):
            report = TraceReport(
                made_here=True, layer="c2pa", tampered=False, clip="aaaaaaaa", lineage=(), ancestors=ancestors
            )
            tree = await studio.heritage.tree(me, report)
            assert tree is not None and 1 <= len(stories.source_lines(tree)) <= 80
            with Image.open(await studio.heritage.picture(tree, tmp_path / "tree.png")) as picture:
                assert picture.width < 1_700 and picture.height < 6_000
