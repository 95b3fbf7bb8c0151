"""Who may remix a clip, and the tree of what was made from what."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from engine import releases
from engine.communities import Openness
from engine.errors import StudioError
from engine.explore import openness_of
from engine.fleet.base import Fleet
from engine.members import Asker
from engine.picturing import MOST_NODES, DrawTree, TreeNode
from storage import choices, clips, explore, library
from storage.blobs import Blobs
from storage.clips import ClipRow
from storage.database import Database, Transaction

DEFAULT_RIGHT: Final = "remix_right"  # the key in a member's settings
# A tree that is shown: a clip that thousands remixed shows the first of them, and how many more there are.
NODES_SHOWN: Final = 200
CHILDREN_SHOWN: Final = 50
GENERATIONS: Final = 20


class RemixRight(StrEnum):
    """Who may make something from a clip. Its maker always may."""

    ANYONE = "anyone"
    COMMUNITY = "community"
    NOBODY = "nobody"


class Answer(StrEnum):
    YES = "yes"
    NOBODY = "nobody"  # its maker lets nobody
    COMMUNITY = "community"  # only its own community
    UNSEEN = "unseen"  # the asker cannot see it: to them there is none


@dataclass(frozen=True)
class Remixable:
    """What a right is decided by."""

    maker_id: str
    community_id: str
    right: RemixRight
    is_gone: bool  # taken down or deleted
    in_trash: bool
    is_across: bool  # shared to other communities, and the asker's community looks there


def may_remix(clip: Remixable, member_id: str, community_id: str) -> Answer:
    """May this member, asking from this community, make something from the clip?

    In its own community a clip was handed out in the open, so that there only the maker's word counts. From another
    one it has to be seen there first: an id that somebody overheard opens nothing.
    """
    if clip.is_gone:
        return Answer.UNSEEN
    if member_id == clip.maker_id:
        return Answer.YES
    at_home = community_id == clip.community_id
    if clip.in_trash or not (at_home or clip.is_across):
        return Answer.UNSEEN
    match clip.right:
        case RemixRight.NOBODY:
            return Answer.NOBODY
        case RemixRight.COMMUNITY:
            return Answer.YES if at_home else Answer.COMMUNITY
        case RemixRight.ANYONE:
            return Answer.YES


@dataclass(frozen=True)
class Branch:
    """A clip in a tree of remixes, with what was made from it."""

    clip_id: str
    relation: str | None  # how it was made from the one above; None at the root
    maker_id: str | None  # None where nothing is to be seen of it
    gap: str | None  # "deleted", "taken_down" or "unseen": why nothing is
    poster: Path | None
    branches: tuple["Branch", ...]
    more: int = 0  # children beyond those that are shown


class Remixing:
    def __init__(self, database: Database, blobs: Blobs, fleet: Fleet) -> None:
        self._database = database
        self._blobs = blobs
        self._fleet = fleet

    async def check(self, asker: Asker, clip_ids: Sequence[str]) -> None:
        """StudioError unless the asker may make something from every one of these clips."""
        async with self._database.reading() as tx:
            for clip_id in clip_ids:
                await check_right(tx, asker, clip_id)

    async def check_seen(self, asker: Asker, clip_id: str) -> None:
        """StudioError unless the asker may look at this clip from where they are."""
        async with self._database.reading() as tx:
            await _check_seen(tx, asker, clip_id)

    async def right(self, asker: Asker, clip_id: str) -> tuple[RemixRight, bool]:
        """Who may remix an own clip, and whether that was said of this clip itself."""
        async with self._database.reading() as tx:
            clip = await _own(tx, asker, clip_id)
            return await right_of(tx, clip), clip.remix_right is not None

    async def set_right(self, asker: Asker, clip_id: str, right: RemixRight | None) -> None:
        """None: as the maker's default says, from now on."""
        async with self._database.writing() as tx:
            clip = await _own(tx, asker, clip_id)
            await clips.change(tx, clip.id, remix_right=right.value if right else None)

    async def default(self, asker: Asker) -> tuple[RemixRight, bool]:
        """Who may remix what the member did not say anything about; and whether they wish to hear of remixes."""
        async with self._database.reading() as tx:
            hears = await choices.of_member(tx, asker.member_id, releases.TELL_OF_REMIXES)
            return await default_of(tx, asker.member_id), bool(hears)

    async def set_default(self, asker: Asker, right: RemixRight) -> None:
        async with self._database.writing() as tx:
            await choices.set_for_member(tx, asker.member_id, DEFAULT_RIGHT, right.value)

    async def hear_of_remixes(self, asker: Asker, *, on: bool) -> None:
        async with self._database.writing() as tx:
            await choices.set_for_member(tx, asker.member_id, releases.TELL_OF_REMIXES, on or None)

    async def tree(self, asker: Asker, clip_id: str) -> Branch:
        """The whole tree that a clip stands in, from its first ancestor."""
        async with self._database.reading() as tx:
            await _check_seen(tx, asker, clip_id)
            return await _Growing(tx, asker, self._blobs).tree(clip_id)

    async def picture(self, tree: Branch, clip_id: str, destination: Path) -> Path:
        nodes = tuple(_flat(tree, clip_id))[:MOST_NODES]
        await self._fleet.do(DrawTree(nodes=nodes, destination=destination))
        return destination


async def check_right(tx: Transaction, asker: Asker, clip_id: str, *, is_agreed: bool = False) -> None:
    """StudioError unless the asker may make something from the clip. `is_agreed`: its maker let it be used for this
    job when they joined a gathering; it has to be there still."""
    clip = await clips.get(tx, clip_id)
    answer = Answer.UNSEEN if clip is None else await _ask(tx, asker, clip)
    if is_agreed and answer in (Answer.NOBODY, Answer.COMMUNITY):
        return
    match answer:
        case Answer.NOBODY:
            raise StudioError("remix.nobody", clip=clip_id)
        case Answer.COMMUNITY:
            raise StudioError("remix.community", clip=clip_id)
        case Answer.UNSEEN:
            raise StudioError("clip.unknown", clip=clip_id)


async def right_of(tx: Transaction, clip: ClipRow) -> RemixRight:
    return RemixRight(clip.remix_right) if clip.remix_right else await default_of(tx, clip.member_id)


async def default_of(tx: Transaction, member_id: str) -> RemixRight:
    return RemixRight(await choices.of_member(tx, member_id, DEFAULT_RIGHT) or RemixRight.COMMUNITY)


async def _ask(tx: Transaction, asker: Asker, clip: ClipRow) -> Answer:
    return may_remix(await _remixable(tx, asker, clip), asker.member_id, asker.community_id)


async def _remixable(tx: Transaction, asker: Asker, clip: ClipRow) -> Remixable:
    own, shared = await library.entry(tx, clip.member_id, clip.id), await explore.get(tx, clip.id)
    looks_there = await openness_of(tx, asker.community_id) is Openness.ACROSS
    return Remixable(
        maker_id=clip.member_id,
        community_id=clip.community_id,
        right=await right_of(tx, clip),
        is_gone=clip.withdrawn_at is not None,
        in_trash=own is None or own.trashed_at is not None,
        is_across=shared is not None and shared.across_at is not None and looks_there,
    )


async def _own(tx: Transaction, asker: Asker, clip_id: str) -> ClipRow:
    clip = await clips.get(tx, clip_id)
    if clip is None or clip.member_id != asker.member_id or clip.withdrawn_at is not None:
        raise StudioError("library.unknown", clip=clip_id)
    return clip


async def _check_seen(tx: Transaction, asker: Asker, clip_id: str) -> None:
    clip = await clips.get(tx, clip_id)
    if clip is None or await _ask(tx, asker, clip) is Answer.UNSEEN:
        raise StudioError("clip.unknown", clip=clip_id)


async def gap_of(tx: Transaction, asker: Asker, clip: ClipRow | None) -> str | None:
    """Why nothing of a clip is to be seen by this asker; None where they may look at it."""
    if clip is None or clip.erased_at is not None:
        return "deleted"
    if clip.withdrawn_at is not None:
        return "taken_down"
    return "unseen" if await _ask(tx, asker, clip) is Answer.UNSEEN else None


# -- the tree ------------------------------------------------------------------------------------------------------


@dataclass
class _Growing:
    """Grows one tree, a clip at a time, until it is whole or as large as can be shown."""

    tx: Transaction
    asker: Asker
    blobs: Blobs
    left: int = NODES_SHOWN

    async def tree(self, clip_id: str) -> Branch:
        path = [clip_id]  # towards the first ancestor: what a clip was made from first counts as its parent
        while len(path) < GENERATIONS and (parent := await self._parent(path[-1])) and parent not in path:
            path.append(parent)
        return await self._branch(path[-1], None, frozenset(), path)

    async def _parent(self, clip_id: str) -> str | None:
        parents = await clips.parents_of(self.tx, clip_id)
        return next((parent.parent_clip_id for parent in parents if parent.parent_clip_id), None)

    async def _branch(self, clip_id: str, relation: str | None, above: frozenset[str], path: list[str]) -> Branch:
        self.left -= 1
        clip = await clips.get(self.tx, clip_id)
        gap = await gap_of(self.tx, self.asker, clip)
        shown, more = await self._children(clip_id, path) if len(above) < GENERATIONS else ([], 0)
        branches = []
        for child, how in shown:
            if self.left <= 0 and child not in path:
                more += 1
            elif child not in above:
                branches.append(await self._branch(child, how, above | {clip_id}, path))
        seen = clip if gap is None else None
        return Branch(
            clip_id=clip_id,
            relation=relation,
            maker_id=seen.member_id if seen else None,
            gap=gap,
            poster=self.blobs.path(seen.poster_sha256, ".jpg") if seen else None,
            branches=tuple(branches),
            more=more,
        )

    async def _children(self, clip_id: str, path: list[str]) -> tuple[list[tuple[str, str]], int]:
        """The first children; and the way down to the clip that was asked for, however late it came."""
        found = list(dict(await clips.children_of(self.tx, clip_id, limit=5_000)).items())
        wanted = [one for number, one in enumerate(found) if number < CHILDREN_SHOWN or one[0] in path]
        return wanted, len(found) - len(wanted)


def _flat(branch: Branch, asked_for: str, depth: int = 0) -> list[TreeNode]:
    own = TreeNode(label=branch.clip_id, poster=branch.poster, depth=depth, is_asked_for=branch.clip_id == asked_for)
    return [own, *(node for below in branch.branches for node in _flat(below, asked_for, depth + 1))]
