"""What a file that somebody asked about was made from, as far as they may see it: a tree of clips and of uploads.

It grows from the file towards its first sources; the tree of `engine.remixing` grows the other way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.fleet.base import Fleet
from engine.members import Asker
from engine.picturing import DrawTree, NodeKind, TreeNode
from engine.remixing import gap_of
from engine.reports import AncestorReport, ForeignReport, TraceReport
from storage import clips
from storage.blobs import Blobs
from storage.database import Database, Transaction

# What can be told apart in a picture, and read in a chat. The manifests name more, and `verify` lists the clips.
NODES_SHOWN: Final = 40
GENERATIONS: Final = 6


@dataclass(frozen=True)
class Source:
    """A clip, or an upload (no id); the file that was asked about is the root."""

    clip_id: str | None
    relation: str | None = None
    foreign: ForeignReport | None = None  # what an upload came with
    altered: bool = False  # no longer what this studio signed when it was used
    gap: str | None = None  # why nothing is to be seen of a clip: "deleted", "taken_down" or "unseen"
    poster: Path | None = None
    sources: tuple["Source", ...] = ()
    more: int = 0  # sources beyond those that are shown


class Heritage:
    def __init__(self, database: Database, blobs: Blobs, fleet: Fleet) -> None:
        self._database = database
        self._blobs = blobs
        self._fleet = fleet

    async def tree(self, asker: Asker, report: TraceReport) -> Source | None:
        """None where nothing is known of any source."""
        if not report.ancestors:
            return None
        root = AncestorReport(clip=report.clip, ancestors=report.ancestors)
        async with self._database.reading() as tx:
            return await _Growing(tx, asker, self._blobs).grown(root, 0)

    async def picture(self, tree: Source, destination: Path) -> Path:
        await self._fleet.do(DrawTree(nodes=tuple(_flat(tree)), destination=destination))
        return destination


@dataclass
class _Growing:
    tx: Transaction
    asker: Asker
    blobs: Blobs
    left: int = NODES_SHOWN

    async def grown(self, one: AncestorReport, depth: int) -> Source:
        self.left -= 1
        clip = await clips.get(self.tx, one.clip) if one.clip else None
        gap = await gap_of(self.tx, self.asker, clip) if one.clip else None
        asked = one.ancestors if depth < GENERATIONS else ()
        shown = [await self.grown(below, depth + 1) for below in asked if self.left > 0]
        return Source(
            clip_id=one.clip,
            relation=one.relation,
            foreign=one.foreign,
            altered=not one.intact,
            gap=gap,
            poster=self.blobs.path(clip.poster_sha256, ".jpg") if clip is not None and gap is None else None,
            sources=tuple(shown),
            more=len(one.ancestors) - len(shown),
        )


def _flat(source: Source, depth: int = 0) -> Iterator[TreeNode]:
    kind = NodeKind.CLIP
    if source.clip_id is None and depth:
        kind = NodeKind.UPLOAD if source.foreign is None else NodeKind.SIGNED_UPLOAD
    said = source.foreign.generator if source.foreign else ""
    yield TreeNode(
        label=source.clip_id or _latin(said),
        poster=source.poster,
        depth=depth,
        is_asked_for=depth == 0,
        kind=kind,
    )
    for below in source.sources:
        yield from _flat(below, depth + 1)


def _latin(words: str) -> str:
    """The letters that pictures can be written in; a picture has no language, what it means stands beside it."""
    return "".join(letter for letter in words if letter.isascii())[:22].strip()
