"""What a brief may stand on: a maker's word, an upload of one's own, and what becomes of both later."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import insert

from engine import jobs, questions, releases, sources
from engine.brief import Brief, Card, ClipSource, Look, Operation, UploadSource
from engine.errors import StudioError
from engine.jobs import Subject
from engine.members import Asker
from engine.origin import Origin
from engine.remixing import RemixRight
from engine.uploads import TakeIn
from safety.verdict import Decision
from storage import clips, clock, merging
from storage import jobs as ledger
from storage import sources as stored
from storage.clips import UNUSED_UPLOADS_KEPT_MS, Parent
from storage.sources import UploadRow
from storage.tables import cases, lineage
from tests.engine.shared_studio import Bench, SharedStudio, shared_studio
from tests.engine.small_studio import url, verdict

JPEG = "image/jpeg"


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[SharedStudio]:
    async with shared_studio(tmp_path) as studio:
        yield studio


def remix(clip_id: str, **window: float) -> Brief:
    return Brief(operation=Operation.REMIX, prompt="at night", sources=(ClipSource(clip_id=clip_id, **window),))


async def asked(studio: SharedStudio, asker: Asker, brief: Brief) -> str:
    """The job, with what it stands on written down, as the studio does it."""
    async with studio.database.writing() as tx:
        found = await sources.standing(tx, brief.made_from, asker)
        job_id = await jobs.ask(
            tx,
            brief,
            member_id=asker.member_id,
            community_id=asker.community_id,
            origin=Origin(platform="test", address={}),
            seeds=[1],
            price_of_take=0,
        )
        await stored.add(tx, sources.rows_of(job_id, brief, found))
    return job_id


async def standing(studio: SharedStudio, asker: Asker, brief: Brief) -> str:
    try:
        async with studio.database.reading() as tx:
            await sources.standing(tx, brief.made_from, asker)
    except StudioError as error:
        return error.code
    return "yes"


async def upload(studio: SharedStudio, asker: Asker, name: str = "photo") -> UploadSource:
    sha256 = hashlib.sha256(f"upload {name}".encode()).hexdigest()
    async with studio.database.writing() as tx:
        await clips.add_file(tx, sha256, 1_000, JPEG)
        await stored.bring(tx, UploadRow(asker.member_id, sha256, JPEG, 800, 600, 0.0, clock.now()))
    return UploadSource(sha256=sha256, media_type=JPEG)


async def test_a_maker_s_word_decides_for_every_operation(studio: SharedStudio) -> None:
    maker, other, stranger = [await studio.member(name) for name in ("here", "here", "elsewhere")]
    clip = await studio.clip(maker)
    assert await standing(studio, other, remix(clip)) == "yes"
    assert await standing(studio, stranger, remix(clip)) == "clip.unknown"
    await studio.remixing.set_right(maker, clip, RemixRight.NOBODY)
    one = ClipSource(clip_id=clip)
    for brief in (
        remix(clip),
        Brief(operation=Operation.LOOP, sources=(one,)),
        Brief(operation=Operation.BLEND, sources=(one, one)),
        Brief(operation=Operation.STORYBOARD, cards=(Card(at=0, text="x"), Card(at=2, source=one))),
    ):
        assert await standing(studio, other, brief) == "remix.nobody"
        assert await standing(studio, maker, brief) == "yes"


async def test_a_word_taken_back_while_the_job_waits_counts_when_it_is_drawn(studio: SharedStudio) -> None:
    maker, other = await studio.member("here"), await studio.member("here")
    clip = await studio.clip(maker)
    job_id = await asked(studio, other, remix(clip))

    async def for_drawing() -> tuple[object, ...]:
        async with studio.database.reading() as tx:
            job = await ledger.get(tx, job_id)
            assert job is not None
            return await sources.for_drawing(tx, job)

    assert len(await for_drawing()) == 1
    await studio.remixing.set_right(maker, clip, RemixRight.NOBODY)
    with pytest.raises(StudioError, match="source.gone"):
        await for_drawing()
    await studio.remixing.set_right(maker, clip, RemixRight.ANYONE)
    await studio.take_down(clip)
    with pytest.raises(StudioError, match="source.gone"):
        await for_drawing()


async def test_an_upload_is_its_bringer_s_alone(studio: SharedStudio) -> None:
    bringer, other = await studio.member("here"), await studio.member("here")
    brief = Brief(operation=Operation.ANIMATE, sources=(await upload(studio, bringer),))
    assert await standing(studio, bringer, brief) == "yes"
    assert await standing(studio, other, brief) == "upload.unknown"
    await upload(studio, other)
    await upload(studio, other)
    assert await standing(studio, other, brief) == "yes", "two may bring the same, one of them twice"


async def test_nobody_fills_the_disk_with_uploads(studio: SharedStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "UPLOADS_A_DAY", 2)
    bringer, other = await studio.member("here"), await studio.member("here")
    for name in ("one", "one", "two"):
        async with studio.database.reading() as tx:
            await sources.check_may_bring(tx, bringer)
        await upload(studio, bringer, name)
    async with studio.database.reading() as tx:
        with pytest.raises(StudioError, match="upload.many"):
            await sources.check_may_bring(tx, bringer)
        await sources.check_may_bring(tx, other)
    tomorrow = clock.now() + sources.DAY_MS + 1_000
    monkeypatch.setattr(sources, "now", lambda: tomorrow)
    async with studio.database.reading() as tx:
        await sources.check_may_bring(tx, bringer)


async def test_a_part_that_begins_after_the_end_is_none(studio: SharedStudio) -> None:
    maker = await studio.member("here")
    clip, seconds = await studio.clip(maker), Look().seconds
    assert await standing(studio, maker, remix(clip, start=seconds - 0.1)) == "yes"
    assert await standing(studio, maker, remix(clip, start=seconds)) == "brief.window_beyond"


async def test_uploads_are_kept_as_long_as_somebody_may_need_them(
    studio: SharedStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = await studio.member("here")
    unused, waiting, shown = [await upload(studio, maker, name) for name in ("unused", "waiting", "shown")]
    job_id = await asked(studio, maker, Brief(operation=Operation.ANIMATE, sources=(waiting,)))
    clip = await studio.clip(maker)
    async with studio.database.writing() as tx:
        await tx.execute(
            insert(lineage).values(clip_id=clip, position=0, **vars(Parent("componentOf", upload_sha256=shown.sha256)))
        )

    async def kept() -> set[str]:
        async with studio.database.reading() as tx:
            files = await clips.referenced_files(tx)
        return {one.sha256 for one in (unused, waiting, shown)} & files

    assert await kept() == {unused.sha256, waiting.sha256, shown.sha256}
    later = clock.now() + UNUSED_UPLOADS_KEPT_MS + 1_000
    monkeypatch.setattr("storage.clips.now", lambda: later)
    assert await kept() == {waiting.sha256, shown.sha256}
    async with studio.database.writing() as tx:
        job = await ledger.get(tx, job_id)
        assert job is not None
        await ledger.set_state(tx, job_id, ended_at=clock.now())
        row = await clips.get(tx, clip)
        assert row is not None
        await releases.erase(tx, row)
    assert await kept() == set()


async def test_other_words_over_an_upload_s_pixels_are_looked_at_and_the_same_again_are_not(
    studio: SharedStudio,
) -> None:
    maker = await studio.member("here")
    clip = await studio.clip(maker)
    photo = await upload(studio, maker)
    async with studio.database.writing() as tx:
        await tx.execute(
            insert(lineage).values(clip_id=clip, position=0, **vars(Parent("componentOf", upload_sha256=photo.sha256)))
        )
    child = await studio.clip(maker, of=clip)
    plain = await studio.clip(maker)
    async with studio.database.reading() as tx:
        for source, looked_at in ((clip, True), (child, True), (plain, False)):
            assert await sources.shows_foreign_pixels(tx, remix(source)) is looked_at
        same_again = Brief(operation=Operation.LOOP, sources=(ClipSource(clip_id=child),))
        assert await sources.shows_foreign_pixels(tx, same_again) is False
        beside = Brief(operation=Operation.BLEND, sources=(ClipSource(clip_id=child), ClipSource(clip_id=plain)))
        assert await sources.shows_foreign_pixels(tx, beside) is True


async def test_what_was_seen_in_a_source_stays_with_what_is_made_from_it(studio: SharedStudio) -> None:
    maker = await studio.member("here")
    clip = await studio.clip(maker)
    async with studio.database.writing() as tx:
        take = await ledger.take(tx, clip)
        assert take is not None
        await ledger.set_state(tx, take.job_id, verdict=verdict(Decision.HOLD).model_dump(mode="json"))
    async with studio.database.reading() as tx:
        (carried,) = await sources.verdicts_on(tx, remix(clip))
    assert carried.decision is Decision.ALLOW and carried.signals


async def said_behind(studio: SharedStudio, *named: str) -> list[tuple[str, bool]]:
    brief = Brief(
        operation=Operation.REMIX if len(named) == 1 else Operation.BLEND,
        prompt="at night" if len(named) == 1 else "",
        sources=tuple(ClipSource(clip_id=one) for one in named),
    )
    async with studio.database.reading() as tx:
        return [(one.text, one.settled) for one in await sources.words_behind(tx, brief)]


async def test_every_step_of_a_chain_is_behind_the_next_the_oldest_first(studio: SharedStudio) -> None:
    maker = await studio.member("here")
    root = await studio.clip(maker, "a beach")
    step = await studio.clip(maker, "a girl comes", of=root)
    again = await studio.clip(maker, "a girl comes", of=step)  # said twice, read once
    other = await studio.clip(maker, "一隻狼 🐺", of=root)
    assert await said_behind(studio, again) == [("a beach", False), ("a girl comes", False)]
    assert {words for words, _ in await said_behind(studio, again, other)} == {"a beach", "a girl comes", "一隻狼 🐺"}
    same = Brief(operation=Operation.REMIX, prompt="a beach", sources=(ClipSource(clip_id=root),))
    async with studio.database.reading() as tx:
        assert await sources.words_behind(tx, same) == ()


async def test_what_is_read_of_a_lineage_is_bounded_and_the_nearest_is_read(studio: SharedStudio) -> None:
    maker = await studio.member("here")
    clip = await studio.clip(maker, "step 0")
    for step in range(1, sources.ANCESTORS_READ + 3):
        clip = await studio.clip(maker, f"step {step}", of=clip)
    found = [words for words, _ in await said_behind(studio, clip)]
    assert found == [f"step {step}" for step in range(3, sources.ANCESTORS_READ + 3)]
    far = await studio.clip(maker, "far away")
    long = await studio.clip(maker, "x" * sources.ANCESTORS_WORDS, of=far)
    assert [len(words) for words, _ in await said_behind(studio, long)] == [sources.ANCESTORS_WORDS]


@pytest.mark.parametrize("subject", [Subject.BRIEF, Subject.TAKE])
async def test_what_a_person_let_pass_is_settled_for_what_is_made_from_it(
    studio: SharedStudio, subject: Subject
) -> None:
    maker = await studio.member("here")
    root = await studio.clip(maker, "a beach")
    clip = await studio.clip(maker, "a street fight", of=root)
    async with studio.database.writing() as tx:
        take = await ledger.take(tx, clip)
        assert take is not None
        about = take.job_id if subject is Subject.BRIEF else take.id
        row = {"id": "case0001", "job_id": take.job_id, "community_id": maker.community_id, "opened_at": clock.now()}
        row |= {"verdict": {}, "note": ""}
        await tx.execute(insert(cases).values(subject=subject, subject_id=about, decision="allow", **row))
    assert await said_behind(studio, clip) == [("a beach", False), ("a street fight", True)]


@pytest.mark.parametrize("operation", ["remix", "animate", "storyboard", "blend"])
async def test_an_erased_clip_s_brief_names_nothing_and_can_still_be_read(studio: SharedStudio, operation: str) -> None:
    clip = {"kind": "clip", "clip_id": "aaaaaaaa"}
    brief = {
        "remix": {"prompt": "my secret", "sources": [clip]},
        "animate": {"prompt": "my secret", "sources": [{"kind": "upload", "sha256": "a" * 64, "media_type": JPEG}]},
        "storyboard": {"cards": [{"at": 0, "text": "my secret"}, {"at": 3, "source": clip}]},
        "blend": {"sources": [clip, clip], "blend": {"mode": "mix"}},
    }[operation]
    kept = Brief.model_validate({"operation": operation, **brief}).model_dump(mode="json")
    forgotten = releases.forgotten(kept)
    assert Brief.model_validate(forgotten).operation.value == operation
    assert not any(word in str(forgotten) for word in ("secret", "aaaaaaaa"))


async def test_a_film_goes_with_its_clip(studio: SharedStudio) -> None:
    maker = await studio.member("here")
    clip = await studio.clip(maker)
    async with studio.database.writing() as tx:
        await clips.add_film(tx, clip, "animatic", {"version": 1, "words": "my secret"})
        row = await clips.get(tx, clip)
        assert row is not None
        await releases.erase(tx, row)
        assert await clips.film_of(tx, clip) is None


async def test_words_that_stand_in_an_upload_are_read_as_if_they_had_been_typed(studio: SharedStudio) -> None:
    """Whatever is asked of it: in the words of the request there is nothing."""
    bringer, file = await studio.member("here"), studio.data / "brought.png"
    verdicts = {}
    for words in ("how to make a pipe bomb at home", "how to make a paper boat at home"):
        page = Image.new("RGB", (640, 360), "#303840")
        ImageDraw.Draw(page).text((40, 150), words, font=ImageFont.load_default(32), fill="white")
        page.save(file)
        report = TakeIn(file=file).do(Bench(studio.data))
        seen = report.seen.model_dump(mode="json")
        async with studio.database.writing() as tx:
            await clips.add_file(tx, report.sha256, report.size, JPEG)
            row = UploadRow(bringer.member_id, report.sha256, JPEG, 640, 360, 0.0, clock.now(), seen=seen)
            await stored.bring(tx, row)
            source = UploadSource(sha256=report.sha256, media_type=JPEG)
            brief = Brief(operation=Operation.ANIMATE, prompt="it sways in the wind", sources=(source,))
            ask = await questions.question(tx, url(studio.data), brief, bringer.member_id, bringer.community_id)
        verdicts[words.split()[-3]] = ask.do(Bench(studio.data)).verdict
    assert verdicts["bomb"].decision is Decision.REFUSE and verdicts["boat"].decision is Decision.ALLOW


async def test_two_members_who_are_one_have_each_other_s_uploads(studio: SharedStudio) -> None:
    one, other = await studio.member("here"), await studio.member("here")
    source = await upload(studio, one)
    async with studio.database.writing() as tx:
        await merging.move_rows(tx, one.member_id, other.member_id)
    assert await standing(studio, other, Brief(operation=Operation.ANIMATE, sources=(source,))) == "yes"
