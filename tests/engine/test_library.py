"""The library, Explore, the rights to remix and presets: each member sees what they should, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine import linking
from engine.errors import StudioError
from engine.explore import Openness
from engine.members import Asker
from engine.plans import shipped
from engine.presets import PresetContent, content_of
from engine.remixing import Answer, Branch, Remixable, RemixRight, may_remix
from storage.errors import CodedError
from storage.explore import Order
from storage.library import View
from tests.engine.shared_studio import SharedStudio, shared_studio


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[SharedStudio]:
    async with shared_studio(tmp_path) as shared:
        yield shared


async def listed(studio: SharedStudio, asker: Asker, view: View = View.MADE, folder: str | None = None) -> list[str]:
    return [item.clip_id for item in (await studio.library.page(asker, view, folder=folder)).items]


async def explored(studio: SharedStudio, asker: Asker, order: Order = Order.NEWEST, across: bool = False) -> list[str]:
    return [item.clip_id for item in (await studio.explore.page(asker, order, across=across)).items]


async def found(studio: SharedStudio, asker: Asker, query: str) -> list[str]:
    return [item.clip_id for item in (await studio.library.search(asker, query)).items]


async def refused(awaited: object) -> str:
    with pytest.raises(CodedError) as error:
        await awaited  # type: ignore[misc]
    return error.value.code


# -- the library ---------------------------------------------------------------------------------------------------


async def test_what_one_made_is_there_newest_first_and_nobody_else_s(studio: SharedStudio) -> None:
    me, other = await studio.member("wolves"), await studio.member("wolves")
    mine = [await studio.clip(me, seed=seed) for seed in range(3)]
    await studio.clip(other)
    assert await listed(studio, me) == mine[::-1]


async def test_pages_meet_without_a_gap_whatever_is_made_meanwhile(studio: SharedStudio) -> None:
    me = await studio.member("wolves")
    made = [await studio.clip(me, seed=seed) for seed in range(7)]
    seen: list[str] = []
    after: str | None = None
    while True:
        page = await studio.library.page(me, after=after, limit=2)
        seen += [item.clip_id for item in page.items]
        if page.after is None:
            break
        after = str(page.after)
        await studio.clip(me, seed=100 + len(seen))
    assert seen == made[::-1]


@pytest.mark.parametrize("after", ["", "nonsense", "1.2.3", "'; --", "ffffffffffffffff.a", "頁"])
async def test_a_place_that_is_none_is_refused(studio: SharedStudio, after: str) -> None:
    me = await studio.member("wolves")
    assert await refused(studio.library.page(me, after=after)) == "page.malformed"


async def test_folders_hold_clips_and_leave_them_when_they_go(studio: SharedStudio) -> None:
    me = await studio.member("wolves")
    first, second = [await studio.clip(me, seed=seed) for seed in range(2)]
    await studio.library.make_folder(me, "  雪景 🎬 ")
    await studio.library.put(me, [first, second], "雪景 🎬")
    assert await listed(studio, me, View.FOLDER, "雪景 🎬") == [second, first]
    await studio.library.rename_folder(me, "雪景 🎬", "snow")
    await studio.library.put(me, [second], None)
    assert await listed(studio, me, View.FOLDER, "snow") == [first]
    assert await studio.library.remove_folder(me, "snow") == 1
    assert await listed(studio, me) == [second, first]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name.empty"),
        (" \u200b ", "name.empty"),
        ("\u202e", "name.empty"),
        ("x" * 81, "name.long"),
        ("a\x00b", "name.unreadable"),
        ("x" * 80, None),
        ("two\nlines", None),
        ("\u202egnp.exe", None),
    ],
)
async def test_a_folder_needs_a_name_that_can_be_read(studio: SharedStudio, name: str, code: str | None) -> None:
    me = await studio.member("wolves")
    if code is None:
        await studio.library.make_folder(me, name)
        ((folder, _),) = await studio.library.folders(me)
        assert folder.name.isprintable()
    else:
        assert await refused(studio.library.make_folder(me, name)) == code


async def test_a_folder_s_name_is_there_once(studio: SharedStudio) -> None:
    me = await studio.member("wolves")
    await studio.library.make_folder(me, "snow")
    assert await refused(studio.library.make_folder(me, "snow")) == "folder.exists"


async def test_all_clips_go_into_a_folder_or_none(studio: SharedStudio) -> None:
    me, other = await studio.member("wolves"), await studio.member("wolves")
    mine, theirs = await studio.clip(me), await studio.clip(other)
    await studio.library.make_folder(me, "snow")
    assert await refused(studio.library.put(me, [mine, theirs], "snow")) == "library.unknown"
    assert await listed(studio, me, View.FOLDER, "snow") == []


async def test_another_s_clip_can_be_neither_named_nor_starred_nor_thrown_away(studio: SharedStudio) -> None:
    me, other = await studio.member("wolves"), await studio.member("wolves")
    theirs = await studio.clip(other)
    assert await refused(studio.library.rename(me, theirs, "mine")) == "library.unknown"
    assert await refused(studio.library.favourite(me, theirs)) == "library.unknown"
    assert await refused(studio.library.throw_away(me, [theirs])) == "library.unknown"
    assert await listed(studio, other) == [theirs]


async def test_words_and_pairs_of_chinese_characters_are_found_in_prompt_and_title(studio: SharedStudio) -> None:
    me = await studio.member("wolves")
    wolf = await studio.clip(me, "A wolf howls at the MOON")
    crane = await studio.clip(me, "美丽的白鹤站在小溪中", seed=2)
    assert await found(studio, me, "moon wolf") == [wolf]
    assert await found(studio, me, "白鹤") == [crane]
    assert await found(studio, me, "moon 白鹤") == []
    await studio.library.rename(me, crane, "morning")
    assert await found(studio, me, "morning") == [crane]
    await studio.library.rename(me, crane, "")
    assert await found(studio, me, "morning") == []
    assert await found(studio, me, "白鹤") == [crane]


async def test_the_trash_keeps_name_folder_and_star_until_it_is_emptied(studio: SharedStudio) -> None:
    me = await studio.member("wolves")
    clip = await studio.clip(me)
    await studio.library.make_folder(me, "snow")
    await studio.library.put(me, [clip], "snow")
    await studio.library.favourite(me, clip)
    await studio.library.throw_away(me, [clip])
    assert (await listed(studio, me), await found(studio, me, "wolf")) == ([], [])
    assert await listed(studio, me, View.TRASH) == [clip]
    await studio.library.take_back(me, [clip])
    assert await listed(studio, me, View.FAVOURITES) == await listed(studio, me, View.FOLDER, "snow") == [clip]
    assert await found(studio, me, "wolf") == [clip]
    await studio.library.throw_away(me, [clip])
    assert await studio.library.empty_trash(me) == 1
    assert await listed(studio, me, View.TRASH) == []
    assert await refused(studio.library.take_back(me, [clip])) == "library.unknown"


async def test_many_at_once_lose_nothing(studio: SharedStudio) -> None:
    me = await studio.member("wolves")
    clip = await studio.clip(me)
    await asyncio.gather(*(studio.library.favourite(me, clip, on=number % 2 == 0) for number in range(20)))
    await asyncio.gather(*(studio.library.make_folder(me, f"folder {number}") for number in range(20)))
    assert len(await studio.library.folders(me)) == 20


# -- Explore -------------------------------------------------------------------------------------------------------


async def test_nothing_is_in_explore_that_was_not_shared_on_purpose(studio: SharedStudio) -> None:
    maker, other = await studio.member("wolves"), await studio.member("wolves")
    clip = await studio.clip(maker)
    assert await explored(studio, other) == []
    assert await refused(studio.explore.show(other, clip)) == "explore.unknown"
    await studio.explore.share(maker, clip)
    assert await explored(studio, other) == [clip]
    await studio.explore.unshare(maker, clip)
    assert await explored(studio, other) == []


async def test_another_community_sees_a_clip_only_if_both_sides_allow(studio: SharedStudio) -> None:
    maker, far = await studio.member("wolves"), await studio.member("cranes")
    moderators = [await studio.member(name, "moderator") for name in ("wolves", "cranes")]
    clip = await studio.clip(maker)
    await studio.explore.share(maker, clip, across=True)
    assert await refused(studio.explore.page(far, across=True)) == "explore.at_home_only"
    await studio.explore.open_to(moderators[1], Openness.ACROSS)
    assert await explored(studio, far, across=True) == []
    await studio.explore.open_to(moderators[0], Openness.ACROSS)
    assert await explored(studio, far, across=True) == [clip]
    await studio.explore.open_to(moderators[0], Openness.OFF)
    assert await explored(studio, far, across=True) == []
    assert await refused(studio.explore.page(maker)) == "explore.closed"


async def test_a_hidden_prompt_is_neither_shown_nor_found(studio: SharedStudio) -> None:
    maker, other = await studio.member("wolves"), await studio.member("wolves")
    clip = await studio.clip(maker, "a secret recipe of snow")
    await studio.explore.share(maker, clip, hides_prompt=True)
    await studio.explore.bookmark(other, clip)
    assert "secret" not in str((await studio.explore.show(other, clip)).item)
    assert (await studio.explore.search(other, "secret")).items == []
    assert await found(studio, other, "secret") == []
    assert "secret" in str((await studio.explore.show(maker, clip)).item)


async def test_the_same_picture_is_not_shared_twice(studio: SharedStudio) -> None:
    maker, other = await studio.member("wolves"), await studio.member("wolves")
    first, same, different = await studio.clip(maker), await studio.clip(other), await studio.clip(other, seed=2)
    await studio.explore.share(maker, first)
    assert await refused(studio.explore.share(other, same)) == "explore.duplicate"
    await studio.explore.share(other, different)
    assert await explored(studio, maker) == [different, first]


async def test_bookmarks_remixes_and_picks_order_explore(studio: SharedStudio) -> None:
    maker, fan, moderator = [await studio.member("wolves", role) for role in ("member", "member", "moderator")]
    quiet, liked, remixed = [await studio.clip(maker, seed=seed) for seed in range(3)]
    for clip in (remixed, liked, quiet):
        await studio.explore.share(maker, clip)
    await studio.explore.bookmark(fan, liked)
    await studio.clip(fan, "a wolf at night", of=remixed)
    assert (await explored(studio, fan, Order.RISING))[:2] == [remixed, liked]
    assert (await explored(studio, fan, Order.REMIXED))[0] == remixed
    assert await refused(studio.explore.pick(fan, liked)) == "explore.moderators_only"
    await studio.explore.pick(moderator, liked)
    assert await explored(studio, fan, Order.PICKED) == [liked]


async def test_what_is_taken_down_is_gone_everywhere_at_once(studio: SharedStudio) -> None:
    maker, fan, moderator = [await studio.member("wolves", role) for role in ("member", "member", "moderator")]
    clip = await studio.clip(maker)
    await studio.explore.share(maker, clip)
    await studio.explore.bookmark(fan, clip)
    await studio.explore.pick(moderator, clip)
    await studio.take_down(clip)
    for order in Order:
        assert await explored(studio, fan, order) == []
    assert await listed(studio, maker) == await listed(studio, fan, View.BOOKMARKS) == []
    assert (await studio.explore.search(fan, "wolf")).items == []
    assert (await found(studio, maker, "wolf"), await found(studio, fan, "wolf")) == ([], [])
    assert await refused(studio.explore.share(maker, clip)) == "library.unknown"


async def test_reports_of_a_clip_join_one_case_and_count_once(studio: SharedStudio) -> None:
    maker, first, second = [await studio.member("wolves") for _ in range(3)]
    clip = await studio.clip(maker)
    await studio.explore.share(maker, clip)
    case = await studio.explore.report(first, clip, "hate", "看起來不對")
    assert await studio.explore.report(first, clip, "gore") == case
    assert await studio.explore.report(second, clip, "gore") == case
    assert await refused(studio.explore.report(maker, clip, "hate")) == "report.own"
    assert await refused(studio.explore.report(second, clip, "boring")) == "report.reason"


# -- the rights to remix -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "at_home", "across", "answer"),
    [
        (RemixRight.ANYONE, True, False, Answer.YES),
        (RemixRight.ANYONE, False, True, Answer.YES),
        (RemixRight.ANYONE, False, False, Answer.UNSEEN),
        (RemixRight.COMMUNITY, True, False, Answer.YES),
        (RemixRight.COMMUNITY, False, True, Answer.COMMUNITY),
        (RemixRight.COMMUNITY, False, False, Answer.UNSEEN),
        (RemixRight.NOBODY, True, True, Answer.NOBODY),
        (RemixRight.NOBODY, False, False, Answer.UNSEEN),
    ],
)
def test_who_may_remix(right: RemixRight, at_home: bool, across: bool, answer: Answer) -> None:
    clip = Remixable("maker", "wolves", right, is_gone=False, in_trash=False, is_across=across)
    home = "wolves" if at_home else "cranes"
    assert may_remix(clip, "somebody", home) is answer
    assert may_remix(clip, "maker", home) is Answer.YES
    gone = Remixable("maker", "wolves", right, is_gone=True, in_trash=False, is_across=across)
    assert {may_remix(gone, member, home) for member in ("maker", "somebody")} == {Answer.UNSEEN}


async def test_a_clip_s_own_right_wins_over_its_maker_s_default(studio: SharedStudio) -> None:
    maker, other = await studio.member("wolves"), await studio.member("wolves")
    clip, second = await studio.clip(maker), await studio.clip(maker, seed=2)
    await studio.remixing.set_default(maker, RemixRight.NOBODY)
    assert await refused(studio.remixing.check(other, [clip])) == "remix.nobody"
    await studio.remixing.set_right(maker, clip, RemixRight.COMMUNITY)
    await studio.remixing.check(other, [clip])
    assert await refused(studio.remixing.check(other, [clip, second])) == "remix.nobody"
    assert await refused(studio.remixing.set_right(other, clip, RemixRight.ANYONE)) == "library.unknown"


def ids(branch: Branch) -> object:
    return [branch.clip_id, branch.gap, *map(ids, branch.branches)]


async def test_the_tree_names_the_gap_that_a_deleted_parent_leaves(studio: SharedStudio) -> None:
    maker, fan = await studio.member("wolves"), await studio.member("wolves")
    root = await studio.clip(maker)
    child = await studio.clip(fan, "at night", of=root)
    grandchild = await studio.clip(maker, "at dawn", of=child)
    assert ids(await studio.remixing.tree(maker, grandchild)) == [root, None, [child, None, [grandchild, None]]]
    await studio.library.throw_away(fan, [child])
    await studio.library.empty_trash(fan)
    assert ids(await studio.remixing.tree(maker, grandchild)) == [root, None, [child, "deleted", [grandchild, None]]]


# -- presets -------------------------------------------------------------------------------------------------------


async def test_a_preset_travels_by_its_code_and_only_once_it_is_shared(studio: SharedStudio) -> None:
    maker, other = await studio.member("wolves"), await studio.member("cranes")
    saved = await studio.presets.save(maker, "夜色", PresetContent(style="ink", words="柔和的光"))
    assert await refused(studio.presets.take(other, saved.id)) == "preset.unknown"
    await studio.presets.share(maker, "夜色")
    taken = await studio.presets.take(other, saved.id, "mine")
    assert content_of(taken) == content_of(saved)
    assert content_of(taken).prompt("一隻狼。") == "一隻狼，柔和的光"
    assert [row.name for row in await studio.presets.all(other)] == ["mine"]


async def test_the_gate_sees_a_preset_s_name_and_words(studio: SharedStudio) -> None:
    maker = await studio.member("wolves")
    for name, words in (("fine", "a naked woman"), ("naked woman", "soft light")):
        with pytest.raises(StudioError):
            await studio.presets.save(maker, name, PresetContent(words=words))
    assert await studio.presets.all(maker) == []


async def test_a_default_is_the_member_s_own_before_the_community_s(studio: SharedStudio) -> None:
    moderator, member = await studio.member("wolves", "moderator"), await studio.member("wolves")
    await studio.presets.save(moderator, "house", PresetContent(style="ink"), for_community=True)
    await studio.presets.use(moderator, "house", for_community=True)
    assert (chosen := await studio.presets.default(member)) is not None and chosen.name == "house"
    await studio.presets.save(member, "own", PresetContent(style="papercraft"))
    await studio.presets.use(member, "own")
    assert (chosen := await studio.presets.default(member)) is not None and chosen.name == "own"
    with pytest.raises(StudioError):
        await studio.presets.save(member, "house", PresetContent(style="papercraft"), for_community=True)


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
        await linking.merge(tx, old.member_id, new.member_id, shipped())
    assert set(await listed(studio, new)) == {first, second}
    assert await listed(studio, new, View.BOOKMARKS) == [shared]
    assert await listed(studio, new, View.FOLDER, "snow") == [first]
    assert await found(studio, new, "wolf") == [first]
    assert (await studio.explore.show(maker, first)).item.maker_id == new.member_id
