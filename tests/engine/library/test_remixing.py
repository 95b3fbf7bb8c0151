"""Who may remix what, who hears of it, and the tree of what was made from what."""

from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import text

from engine.communities import Openness
from engine.library import discard
from engine.remixing import CHILDREN_SHOWN, NODES_SHOWN, Answer, Branch, Remixable, RemixRight, may_remix
from storage import library as shelves
from storage.errors import CodedError
from tests.engine.shared_studio import SharedStudio, shared_studio


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[SharedStudio]:
    async with shared_studio(tmp_path) as opened:
        yield opened


def refusal(code: str) -> "pytest.RaisesExc[CodedError]":
    return pytest.raises(CodedError, match=f"^{code}( |$)")


def clip(right: RemixRight, *, gone: bool = False, trash: bool = False, across: bool = False) -> Remixable:
    return Remixable("ann", "here", right, is_gone=gone, in_trash=trash, is_across=across)


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
    shared = Remixable("maker", "wolves", right, is_gone=False, in_trash=False, is_across=across)
    home = "wolves" if at_home else "cranes"
    assert may_remix(shared, "somebody", home) is answer
    assert may_remix(shared, "maker", home) is Answer.YES
    gone = Remixable("maker", "wolves", right, is_gone=True, in_trash=False, is_across=across)
    assert {may_remix(gone, member, home) for member in ("maker", "somebody")} == {Answer.UNSEEN}


def test_what_is_gone_is_gone_for_all_and_what_is_in_the_trash_for_others() -> None:
    for right, across in product(RemixRight, (False, True)):
        for member in ("ann", "bob", "eve"):
            assert may_remix(clip(right, gone=True, across=across), member, "here") is Answer.UNSEEN
        assert may_remix(clip(right, trash=True, across=across), "bob", "here") is Answer.UNSEEN
        assert may_remix(clip(right, trash=True, across=across), "ann", "here") is Answer.YES


async def test_the_default_holds_where_a_clip_says_nothing(studio: SharedStudio) -> None:
    one, other = await studio.clip(studio.ann), await studio.clip(studio.ann)
    await studio.remixing.check(studio.bob, [one, other])
    await studio.remixing.set_right(studio.ann, one, RemixRight.NOBODY)
    with refusal("remix.nobody"):
        await studio.remixing.check(studio.bob, [other, one])
    await studio.remixing.set_default(studio.ann, RemixRight.NOBODY)
    await studio.remixing.set_right(studio.ann, one, RemixRight.ANYONE)
    await studio.remixing.check(studio.bob, [one])
    with refusal("remix.nobody"):
        await studio.remixing.check(studio.bob, [other])
    await studio.remixing.set_right(studio.ann, one, None)
    assert await studio.remixing.right(studio.ann, one) == (RemixRight.NOBODY, False)
    for who in (studio.bob, studio.eve):
        with refusal("library.unknown"):
            await studio.remixing.set_right(who, one, RemixRight.ANYONE)


async def test_from_another_community_a_clip_has_to_be_seen_there(studio: SharedStudio) -> None:
    made = await studio.shared(studio.ann, across=True)
    await studio.remixing.set_default(studio.ann, RemixRight.ANYONE)
    for moderator, code in ((studio.eve, "clip.unknown"), (studio.mod, "")):
        if code:
            with refusal(code):
                await studio.remixing.check(studio.eve, [made])
        await studio.explore.open_to(moderator, Openness.ACROSS)
    await studio.remixing.check(studio.eve, [made])
    await studio.remixing.set_right(studio.ann, made, RemixRight.COMMUNITY)
    with refusal("remix.community"):
        await studio.remixing.check(studio.eve, [made])
    await studio.explore.unshare(studio.ann, made)
    with refusal("clip.unknown"):
        await studio.remixing.check(studio.eve, [made])
    with refusal("clip.unknown"):
        await studio.remixing.check(studio.eve, ["00000000"])


async def test_makers_hear_of_remixes_by_others_if_they_wish(studio: SharedStudio) -> None:
    made = await studio.clip(studio.ann)

    async def notices() -> list[tuple[str, str, str]]:
        async with studio.database.reading() as tx:
            rows = await tx.execute(text("SELECT platform, address, content FROM outbox WHERE kind = 'notice'"))
            return [(platform, str(address), str(content)) for platform, address, content in rows]

    await studio.clip(studio.bob, of=[made])
    assert await notices() == []
    await studio.remixing.hear_of_remixes(studio.ann, on=True)
    await studio.clip(studio.ann, of=[made])
    assert await notices() == []
    remix = await studio.clip(studio.bob, of=[made, made])
    ((platform, address, content),) = await notices()
    assert (platform, "ann" in address, remix in content, made in content) == ("test", True, True, True)
    await studio.remixing.hear_of_remixes(studio.ann, on=False)
    await studio.clip(studio.bob, of=[made])
    assert len(await notices()) == 1


# -- trees ---------------------------------------------------------------------------------------------------------


def drawn(branch: Branch) -> list[object]:
    return [branch.gap or branch.clip_id, *(drawn(below) for below in branch.branches)]


async def test_a_tree_is_the_same_from_wherever_it_is_asked_for(studio: SharedStudio, tmp_path: Path) -> None:
    root = await studio.clip(studio.ann)
    left, right = await studio.clip(studio.bob, of=[root]), await studio.clip(studio.mod, of=[root])
    leaf = await studio.clip(studio.ann, of=[left])
    both = await studio.clip(studio.bob, of=[right, leaf])
    whole = [root, [left, [leaf, [both]]], [right, [both]]]
    for asked in (root, left, right, leaf, both):
        tree = await studio.remixing.tree(studio.bob, asked)
        assert drawn(tree) == whole
    await studio.remixing.picture(tree, both, tmp_path / "tree.png")
    with Image.open(tmp_path / "tree.png") as picture:
        assert picture.width > 3 * 176 and picture.height > 2 * 100
    with refusal("clip.unknown"):
        await studio.remixing.tree(studio.eve, root)


async def test_a_deleted_parent_leaves_a_named_gap(studio: SharedStudio) -> None:
    root = await studio.clip(studio.ann)
    middle = await studio.clip(studio.bob, of=[root])
    leaf = await studio.clip(studio.mod, of=[middle])
    await studio.library.throw_away(studio.bob, [middle])
    assert drawn(await studio.remixing.tree(studio.ann, leaf)) == [root, ["unseen", [leaf]]]
    await studio.library.empty_trash(studio.bob)
    tree = await studio.remixing.tree(studio.ann, leaf)
    assert drawn(tree) == [root, ["deleted", [leaf]]]
    gap = tree.branches[0]
    assert (gap.clip_id, gap.maker_id, gap.poster) == (middle, None, None)
    await studio.library.throw_away(studio.ann, [root])
    async with studio.database.writing() as tx:
        await discard(tx, await shelves.trash_of(tx, "ann", 9))
    assert drawn(await studio.remixing.tree(studio.mod, leaf)) == ["deleted", ["deleted", [leaf]]]


async def test_a_tree_has_its_bounds(studio: SharedStudio) -> None:
    root = await studio.clip(studio.ann)
    many = [await studio.clip(studio.bob, of=[root]) for _ in range(CHILDREN_SHOWN + 5)]
    tree = await studio.remixing.tree(studio.bob, root)
    assert (len(tree.branches), tree.more) == (CHILDREN_SHOWN, 5)
    tree = await studio.remixing.tree(studio.bob, many[-1])
    assert (tree.branches[-1].clip_id, tree.more) == (many[-1], 4)
    line = [root]
    for _ in range(30):
        line.append(await studio.clip(studio.ann, of=[line[-1]]))
    tree = await studio.remixing.tree(studio.ann, line[-1])

    def nodes(branch: Branch) -> list[str]:
        return [branch.clip_id, *(one for below in branch.branches for one in nodes(below))]

    assert line[-1] in nodes(tree) and len(nodes(tree)) <= NODES_SHOWN


async def test_a_circle_does_not_hang(studio: SharedStudio) -> None:
    """No path of ours makes one, but a database may have been meddled with."""
    one = await studio.clip(studio.ann)
    other = await studio.clip(studio.ann, of=[one])
    async with studio.database.writing() as tx:
        values = {"one": one, "other": other}
        await tx.execute(text("INSERT INTO lineage VALUES (:one, 0, 'remix', :other, NULL)"), values)
    tree = await studio.remixing.tree(studio.ann, one)
    assert {tree.clip_id, *(below.clip_id for below in tree.branches)} == {one, other}
