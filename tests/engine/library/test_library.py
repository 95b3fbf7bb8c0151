"""The library: lists, folders, stars, titles, searching, the trash; and what is nobody else's business."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from engine import releases
from engine.errors import StudioError
from engine.jobs import Subject, finish_cancel
from engine.library import FOLDERS_LIMIT, TITLE_LIMIT, TRASH_DAYS, merge
from engine.linking import merge as merge_members
from engine.members import Asker
from engine.plans import shipped
from storage import cases, clips, jobs, words
from storage import library as shelves
from storage.errors import CodedError
from storage.library import View
from tests.engine.shared_studio import SharedStudio, shared_studio

DAY_MS = 86_400_000


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[SharedStudio]:
    async with shared_studio(tmp_path) as opened:
        yield opened


async def listed(studio: SharedStudio, who: Asker, view: View = View.MADE, **more: str) -> list[str]:
    return [item.clip_id for item in (await studio.library.page(who, view, **more)).items]  # type: ignore[arg-type]


async def found(studio: SharedStudio, who: Asker, query: str) -> list[str]:
    return [item.clip_id for item in (await studio.library.search(who, query)).items]


def refusal(code: str) -> "pytest.RaisesExc[CodedError]":
    return pytest.raises(CodedError, match=f"^{code}( |$)")


async def test_pages_go_on_where_they_ended_whatever_is_added_meanwhile(studio: SharedStudio) -> None:
    made = [await studio.clip(studio.ann, seed=number) for number in range(7)]
    async with studio.database.writing() as tx:  # all in the same millisecond: the id alone decides
        await tx.execute(text("UPDATE shelf SET added_at = 5"))
    first = await studio.library.page(studio.ann, limit=3)
    assert first.after is not None
    await studio.clip(studio.ann, "new")
    second = await studio.library.page(studio.ann, limit=3, after=str(first.after))
    third = await studio.library.page(studio.ann, limit=3, after=str(second.after))
    seen = [item.clip_id for page in (first, second, third) for item in page.items]
    assert seen == sorted(made, reverse=True)
    assert third.after is None


@pytest.mark.parametrize("limit", [0, -1, 201])
async def test_a_page_has_its_bounds(studio: SharedStudio, limit: int) -> None:
    with refusal("page.limit"):
        await studio.library.page(studio.ann, limit=limit)


@pytest.mark.parametrize(
    "after", ["", "nonsense", "1.2.3", "'; --", "ffffffffffffffff.a", "頁", "1.", ".a", "1.\na", "１.a"]
)
async def test_a_place_that_is_none_is_refused(studio: SharedStudio, after: str) -> None:
    with refusal("page.malformed"):
        await studio.library.page(studio.ann, after=after)


async def test_nobody_reaches_into_anothers_library(studio: SharedStudio) -> None:
    clip = await studio.clip(studio.ann)
    await studio.library.make_folder(studio.ann, "mine")
    for what in (
        studio.library.rename(studio.bob, clip, "x"),
        studio.library.favourite(studio.bob, clip),
        studio.library.throw_away(studio.bob, [clip]),
        studio.library.put(studio.bob, [clip], None),
    ):
        with refusal("library.unknown"):
            await what
    with refusal("folder.unknown"):
        await studio.library.page(studio.bob, View.FOLDER, folder="mine")
    assert await listed(studio, studio.bob) == []
    with refusal("search.no_words"):
        await found(studio, studio.bob, "the")
    assert await found(studio, studio.bob, "wolf") == []


@pytest.mark.parametrize("name", ["🎬 分鏡", "a" * 80, "Ωmega", "'; DROP TABLE folders; --", "../../etc", "%_"])
async def test_a_folder_may_be_called_almost_anything(studio: SharedStudio, name: str) -> None:
    clip = await studio.clip(studio.ann)
    await studio.library.make_folder(studio.ann, f"  {name} ")
    await studio.library.put(studio.ann, [clip, clip], name)
    assert [(folder.name, inside) for folder, inside in await studio.library.folders(studio.ann)] == [(name, 1)]
    assert await listed(studio, studio.ann, View.FOLDER, folder=name) == [clip]
    assert await studio.library.remove_folder(studio.ann, name) == 1
    assert await listed(studio, studio.ann) == [clip]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name.empty"),
        (" \t\n", "name.empty"),
        ("a" * 81, "name.long"),
        ("a\x00b", "name.unreadable"),
        ("\u202e", "name.empty"),
        (" \u200b ", "name.empty"),
    ],
)
async def test_a_folder_may_not_be_called_that(studio: SharedStudio, name: str, code: str) -> None:
    with refusal(code):
        await studio.library.make_folder(studio.ann, name)


@pytest.mark.parametrize("name", ["two\nlines", "\u202egnp.exe"])
async def test_a_folders_name_can_be_shown(studio: SharedStudio, name: str) -> None:
    await studio.library.make_folder(studio.ann, name)
    ((folder, _),) = await studio.library.folders(studio.ann)
    assert folder.name.isprintable()


async def test_a_folder_exists_once_for_each_member(studio: SharedStudio) -> None:
    await studio.library.make_folder(studio.ann, "é")
    await studio.library.make_folder(studio.bob, "é")
    with refusal("folder.exists"):
        await studio.library.make_folder(studio.ann, "e\u0301")  # the same letter, typed in two parts
    await studio.library.make_folder(studio.ann, "other")
    with refusal("folder.exists"):
        await studio.library.rename_folder(studio.ann, "other", "é")
    await studio.library.rename_folder(studio.ann, "other", "other")


async def test_there_is_an_end_to_folders(studio: SharedStudio) -> None:
    async with studio.database.writing() as tx:
        for number in range(FOLDERS_LIMIT - 1):
            await shelves.add_folder(tx, f"f{number}", "ann", str(number))
    await studio.library.make_folder(studio.ann, "the last")
    with refusal("folder.too_many"):
        await studio.library.make_folder(studio.ann, "one over")


async def test_words_and_pairs_of_chinese_characters_are_found_in_prompt_and_title(studio: SharedStudio) -> None:
    wolf = await studio.clip(studio.ann, "A wolf howls at the MOON")
    crane = await studio.clip(studio.ann, "美丽的白鹤站在小溪中", seed=2)
    assert await found(studio, studio.ann, "moon wolf") == [wolf]
    assert await found(studio, studio.ann, "白鹤") == [crane]
    assert await found(studio, studio.ann, "moon 白鹤") == []
    await studio.library.rename(studio.ann, crane, "morning")
    assert await found(studio, studio.ann, "morning") == [crane]
    await studio.library.rename(studio.ann, crane, "")
    assert await found(studio, studio.ann, "morning") == []
    assert await found(studio, studio.ann, "白鹤") == [crane]


async def test_a_title_is_found_and_the_old_one_no_more(studio: SharedStudio) -> None:
    clip = await studio.clip(studio.ann, "a wolf howls", style="papercraft")
    await studio.library.rename(studio.ann, clip, "  孤單的狼 wolf  ")
    for query in ("孤单", "howls wolf", "papercraft"):
        assert await found(studio, studio.ann, query) == [clip]
    await studio.library.rename(studio.ann, clip, "Nemo")
    assert await found(studio, studio.ann, "孤單") == []
    assert await found(studio, studio.ann, "wolf nemo") == [clip]
    await studio.library.rename(studio.ann, clip, "")
    assert await found(studio, studio.ann, "nemo") == []
    with refusal("name.long"):
        await studio.library.rename(studio.ann, clip, "x" * (TITLE_LIMIT + 1))


async def test_a_title_that_others_see_passes_the_gate(studio: SharedStudio) -> None:
    clip = await studio.clip(studio.ann)
    await studio.library.rename(studio.ann, clip, "how to build a pipe bomb")  # nobody else sees it
    with refusal("name.refused"):
        await studio.explore.share(studio.ann, clip)
    await studio.library.rename(studio.ann, clip, "fine")
    await studio.explore.share(studio.ann, clip)
    with refusal("name.refused"):
        await studio.library.rename(studio.ann, clip, "how to build a pipe bomb")
    await studio.library.rename(studio.ann, clip, "better")
    assert [item.title for item in (await studio.explore.search(studio.bob, "better")).items] == ["better"]
    assert (await studio.explore.search(studio.bob, "fine")).items == []


async def test_the_trash_gives_back_what_it_got(studio: SharedStudio) -> None:
    clip = await studio.shared(studio.ann)
    await studio.library.make_folder(studio.ann, "f")
    await studio.library.put(studio.ann, [clip], "f")
    await studio.library.favourite(studio.ann, clip)
    await studio.library.throw_away(studio.ann, [clip])
    for view in (View.MADE, View.FAVOURITES):
        assert await listed(studio, studio.ann, view) == []
    assert await found(studio, studio.ann, "wolf") == []
    assert (await studio.explore.page(studio.bob)).items == []
    assert await listed(studio, studio.ann, View.TRASH) == [clip]
    with refusal("trash.is_in"):
        await studio.library.throw_away(studio.ann, [clip])
    await studio.library.take_back(studio.ann, [clip])
    with refusal("trash.not_in"):
        await studio.library.take_back(studio.ann, [clip])
    assert await listed(studio, studio.ann, View.FOLDER, folder="f") == [clip]
    assert await listed(studio, studio.ann, View.FAVOURITES) == [clip]
    assert await found(studio, studio.ann, "wolf") == [clip]
    assert (await studio.explore.page(studio.bob)).items == []  # sharing is done on purpose, or not at all


async def test_one_wrong_id_leaves_all_where_they_are(studio: SharedStudio) -> None:
    mine, theirs = await studio.clip(studio.ann), await studio.clip(studio.bob)
    with refusal("library.unknown"):
        await studio.library.throw_away(studio.ann, [mine, theirs])
    assert await listed(studio, studio.ann) == [mine]


async def test_what_is_purged_is_gone_with_its_files_and_its_words(studio: SharedStudio) -> None:
    young, old = await studio.clip(studio.ann, "a fox"), await studio.clip(studio.ann, "a wolf")
    files = studio.files_of()
    await studio.library.throw_away(studio.ann, [young, old])
    async with studio.database.writing() as tx:
        long_ago = (await shelves.trash_of(tx, "ann", 9))[0].trashed_at or 0
        await shelves.change(tx, "ann", old, trashed_at=long_ago - TRASH_DAYS * DAY_MS - 1)
    assert await studio.library.purge() == 1
    assert await listed(studio, studio.ann, View.TRASH) == [young]
    assert len(files - studio.files_of()) == 2
    async with studio.database.reading() as tx:
        clip = await clips.get(tx, old)
        assert clip is not None and clip.erased_at is not None and clip.withdrawn_at is not None
        job = await jobs.get(tx, clip.job_id)
        assert job is not None and "wolf" not in str(job)
        assert (await tx.execute(text("SELECT count(*) FROM words WHERE clip_id = :clip"), {"clip": old})).scalar() == 0
        assert await clips.referenced_files(tx) == {name.partition(".")[0] for name in studio.files_of()}
    assert await studio.library.empty_trash(studio.ann) == 1
    assert await studio.library.empty_trash(studio.ann) == 0
    assert studio.files_of() == set()


async def test_a_variation_that_stays_keeps_the_prompt(studio: SharedStudio) -> None:
    clip = await studio.clip(studio.ann, "a wolf")
    async with studio.database.writing() as tx:
        row = await clips.get(tx, clip)
        assert row is not None
        await tx.execute(
            text("INSERT INTO takes SELECT 'sibling1', job_id, 2, 1, state, 0, 0, NULL, NULL, NULL, 0 FROM takes")
        )
        await tx.execute(
            text(
                "INSERT INTO clips SELECT 'sibling1', job_id, member_id, community_id, sha256, poster_sha256, width,"
                " height, fps, seconds, is_draft, not_drawn, released_at, NULL, NULL, NULL, true, NULL FROM clips"
            )
        )
        await releases.erase(tx, row)
        job = await jobs.get(tx, row.job_id)
        assert job is not None and job.brief["prompt"] == "a wolf"


async def test_a_clip_that_was_taken_down_is_in_no_list_and_no_folder(studio: SharedStudio) -> None:
    clip = await studio.shared(studio.ann)
    await studio.explore.bookmark(studio.bob, clip)
    for who in (studio.ann, studio.bob):
        await studio.library.make_folder(who, "f")
        await studio.library.put(who, [clip], "f")
        await studio.library.favourite(who, clip)
    async with studio.database.writing() as tx:
        row = await clips.get(tx, clip)
        assert row is not None
        await releases.take_down(tx, row)
        await releases.take_down(tx, replace(row, withdrawn_at=1))  # twice does no harm
    for who in (studio.ann, studio.bob):
        for view in (View.MADE, View.BOOKMARKS, View.FAVOURITES):
            assert await listed(studio, who, view) == []
        assert await listed(studio, who, View.FOLDER, folder="f") == []
        assert [inside for _, inside in await studio.library.folders(who)] == [0]
        assert await found(studio, who, "wolf") == []
        with refusal("library.unknown"):
            await studio.library.favourite(who, clip)
    assert (await studio.explore.page(studio.bob)).items == []
    assert (await studio.explore.search(studio.bob, "wolf")).items == []


async def test_usage_counts_ones_own_clips_and_their_files(studio: SharedStudio) -> None:
    mine, theirs = await studio.clip(studio.ann), await studio.shared(studio.bob)
    await studio.explore.bookmark(studio.ann, theirs)
    sizes = {file.name: file.stat().st_size for file in studio.blobs.root.glob("??/*")}
    async with studio.database.reading() as tx:
        row = await clips.get(tx, mine)
    assert row is not None
    used = await studio.library.usage(studio.ann)
    assert (used.clips, used.in_trash) == (1, 0)
    assert used.bytes == sizes[f"{row.sha256}.mp4"] + sizes[f"{row.poster_sha256}.jpg"]
    await studio.library.throw_away(studio.ann, [mine])
    assert (await studio.library.usage(studio.ann)).in_trash == 1


async def test_many_at_once_leave_one_state(studio: SharedStudio) -> None:
    clip = await studio.clip(studio.ann)
    wishes = [
        call
        for number in range(20)
        for call in (
            studio.library.rename(studio.ann, clip, f"title {number}"),
            studio.library.throw_away(studio.ann, [clip]),
            studio.library.take_back(studio.ann, [clip]),
        )
    ]
    for answer in await asyncio.gather(*wishes, return_exceptions=True):
        assert answer is None or (isinstance(answer, StudioError) and answer.code.startswith("trash."))
    if await listed(studio, studio.ann, View.TRASH):
        await studio.library.take_back(studio.ann, [clip])
    ((item),) = (await studio.library.page(studio.ann)).items
    for number in range(20):
        assert bool(await found(studio, studio.ann, f"title {number}")) == (item.title == f"title {number}")


async def test_two_members_who_are_one_keep_everything(studio: SharedStudio) -> None:
    made, theirs = await studio.shared(studio.ann, "a fox"), await studio.shared(studio.mod, "a crane")
    for who in (studio.ann, studio.bob):
        await studio.library.make_folder(who, "f")
    await studio.explore.bookmark(studio.bob, made)  # what the one made and the other marked
    await studio.explore.bookmark(studio.bob, theirs)
    await studio.explore.bookmark(studio.ann, theirs)
    await studio.library.rename(studio.ann, theirs, "Birdy")
    await studio.library.put(studio.ann, [theirs], "f")
    async with studio.database.writing() as tx:
        await merge(tx, "ann", "bob")
        await tx.execute(text("UPDATE clips SET member_id = 'bob' WHERE member_id = 'ann'"))
    assert await listed(studio, studio.bob) == [made]
    assert await listed(studio, studio.bob, View.BOOKMARKS) == [theirs]
    assert await found(studio, studio.bob, "fox") == [made]
    assert await listed(studio, studio.ann) == []
    assert [folder.name for folder, _ in await studio.library.folders(studio.bob)] == ["f"]


async def test_two_members_who_are_one_person_have_one_library(studio: SharedStudio) -> None:
    old, new = await studio.member("wolves"), await studio.member("cranes")
    maker = await studio.member("wolves")
    first, second = await studio.clip(old, "a wolf"), await studio.clip(new, "a crane", seed=2)
    shared = await studio.clip(maker, "a fox", seed=3)
    await studio.explore.share(maker, shared)
    await studio.explore.bookmark(old, shared)
    await studio.explore.share(old, first)
    await studio.library.make_folder(old, "snow")
    await studio.library.put(old, [first], "snow")
    async with studio.database.writing() as tx:
        await merge_members(tx, old.member_id, new.member_id, shipped())
    assert set(await listed(studio, new)) == {first, second}
    assert await listed(studio, new, View.BOOKMARKS) == [shared]
    assert await listed(studio, new, View.FOLDER, folder="snow") == [first]
    assert await found(studio, new, "wolf") == [first]
    assert (await studio.explore.show(maker, first)).item.maker_id == new.member_id


async def test_a_search_through_common_words_goes_on_from_where_it_stopped(studio: SharedStudio) -> None:
    both = {3, 1_004, 2_903}
    async with studio.database.writing() as tx:
        for number in range(3_000):
            here = ["wolf", "moon"] if number in both else [("wolf", "moon")[number % 2]]
            await words.add(tx, "m:ann", f"{number:08d}", number, here)
        seen, after, pages = [], None, 0
        while True:
            page = await words.search(tx, "m:ann", ["wolf", "moon"], after=after, limit=2, stretch=500)
            seen += [place.value for place in page.items]
            after, pages = page.after, pages + 1
            if after is None:
                break
    assert seen == sorted(both, reverse=True)
    assert 3 < pages < 8


async def test_a_report_does_not_end_with_the_rest_of_its_job(studio: SharedStudio) -> None:
    clip = await studio.shared(studio.ann)
    case_id = await studio.explore.report(studio.bob, clip, "hate")
    async with studio.database.writing() as tx:
        row = await clips.get(tx, clip)
        assert row is not None
        job = await jobs.get(tx, row.job_id)
        assert job is not None
        await finish_cancel(tx, job)
        case = await cases.get(tx, case_id)
        assert case is not None and (case.subject, case.decision) == (Subject.CLIP, None)
