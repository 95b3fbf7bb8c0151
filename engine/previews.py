"""What a storyboard will look like, before anything is paid: free of charge, and only from words that may be shown.

A preview passes the same gates as a clip and is signed like one. It is drawn once: asked for again, the very same still
is handed out as long as nothing in it has changed, its rights and the policy included.
"""

import asyncio
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from engine import communities, handed, questions, sources, standing
from engine.brief import Brief
from engine.errors import StudioError
from engine.fleet.base import Fleet, WorkerLost
from engine.handed import Preview
from engine.members import Asker, check_unrestricted
from engine.names import new_id
from engine.preview_tasks import DrawPreview
from engine.reports import Judged, PreviewReport, SourceReport
from engine.text_tasks import AskGuard, CheckText
from safety.desk import bank
from safety.verdict import Decision
from storage import boards, linking, members, previews
from storage.blobs import Blobs
from storage.clock import now
from storage.database import Database
from storage.previews import PreviewRow

AN_HOUR: Final = 60  # previews that one member may have drawn
KEPT_DAYS: Final = 7
_HOUR_MS: Final = 3_600_000
_TRIED: Final = "preview"
_SEEDS: Final = 2**32
SHEET: Final = 1  # raised whenever the same storyboard would give another picture


@dataclass(frozen=True)
class PreviewHouse:
    """What a preview has to know of the studio that it is drawn in."""

    database_url: str
    version: str
    training: str | None = None  # what the manifest says of training models with it


class Previews:
    def __init__(self, database: Database, blobs: Blobs, fleet: Fleet, house: PreviewHouse) -> None:
        self._database = database
        self._blobs = blobs
        self._fleet = fleet
        self._house = house
        self._drawing: dict[str, tuple[str, asyncio.Task[Preview]]] = {}  # by who asked: of what

    async def of_board(
        self, brief: Brief, asker: Asker, *, owner: str | None = None, board_id: str | None = None
    ) -> Preview:
        """The still of a storyboard; StudioError when there is none to be seen.

        `owner`: whose files and clips the cards show, where somebody else builds along.
        """
        recipe = _recipe(brief)
        under_way = self._drawing.get(asker.member_id)
        if under_way is not None:
            if under_way[0] != recipe:
                raise StudioError("preview.one_at_a_time")
            return await asyncio.shield(under_way[1])
        task = asyncio.create_task(self._of_board(brief, asker, owner or asker.member_id, board_id, recipe))
        self._drawing[asker.member_id] = (recipe, task)
        task.add_done_callback(lambda done: self._done(asker.member_id, done))
        return await asyncio.shield(task)

    async def get(self, preview_id: str, asker: Asker) -> Preview:
        """One that was drawn for this member some days ago at most."""
        async with self._database.reading() as tx:
            row = await previews.get(tx, preview_id)
        if row is None or row.member_id != asker.member_id or not await self._is_kept(row):
            raise StudioError("preview.unknown")
        return await self._at_hand(row)

    def _done(self, member_id: str, task: "asyncio.Task[Preview]") -> None:
        del self._drawing[member_id]
        if not task.cancelled():
            task.exception()  # whoever asked has heard it, or has gone

    async def _of_board(self, brief: Brief, asker: Asker, owner: str, board_id: str | None, recipe: str) -> Preview:
        async with self._database.reading() as tx:
            await check_unrestricted(tx, asker.member_id, asker.community_id)
            await standing.check_may_ask(tx, asker)
            await communities.check_may_ask(tx, asker)
            who = asker if owner == asker.member_id else await sources.asker_of(tx, owner, asker.community_id)
            shown = await sources.reports_of(tx, brief, who)
            question = await questions.question(tx, self._house.database_url, brief, who.member_id, asker.community_id)
            known = await previews.of_recipe(tx, who.member_id, recipe)
        policy_version = await self._allowed(brief, asker, question)
        if known is not None and await self._still_holds(known, policy_version):
            return await self._at_hand(known)
        await self._count(asker)
        order = await self._order(brief, who, shown, question)
        drawn = await self._drawn(order)
        if drawn.verdict.decision is not Decision.ALLOW:
            raise StudioError("preview.held")
        content = {"covered": drawn.covered, "not_drawn": drawn.not_drawn, "policy": policy_version}
        async with self._database.writing() as tx:
            row = await previews.add(
                tx,
                order.preview_id,
                await members.current_id(tx, who.member_id),
                asker.community_id,
                recipe=recipe,
                sha256=drawn.sha256,
                content=content,
                board_id=board_id if board_id and await boards.get(tx, board_id, lock=True) else None,
            )
        return await self._at_hand(row)

    async def _at_hand(self, row: PreviewRow) -> Preview:
        """On this machine: whoever asks for a preview is about to show it."""
        shown = handed.preview(self._blobs, row)
        if self._blobs.store is not None:
            await asyncio.to_thread(self._blobs.bring, shown.file)
        return shown

    # -- checking --------------------------------------------------------------------------------------------------

    async def _allowed(self, brief: Brief, asker: Asker, question: CheckText) -> str:
        """The version of the policy under which the words may be shown; StudioError when they may not."""
        judged: Judged = await self._fleet.do(question)
        async with self._database.reading() as tx:
            known = await bank.of_community(tx, asker.community_id, asker.member_id)
            is_reviewed = not asker.is_alone and await standing.wants_review(tx, asker.member_id, asker.community_id)
        verdict = await asyncio.to_thread(bank.compare, questions.words_of(brief), known, judged.verdict)
        if verdict.decision is Decision.ALLOW and questions.wants_guard(judged.policy):
            order = AskGuard(submission=question.submission, overlay=question.overlay)
            verdict = verdict.joined([(await self._fleet.do(order)).verdict])
        if verdict.decision is Decision.REFUSE:
            raise StudioError("preview.refused")
        if verdict.decision is not Decision.ALLOW or is_reviewed:
            raise StudioError("preview.held")
        return verdict.policy_version

    async def _still_holds(self, known: PreviewRow, policy_version: str) -> bool:
        return known.content.get("policy") == policy_version and await self._is_kept(known)

    async def _is_kept(self, row: PreviewRow) -> bool:
        return await asyncio.to_thread(self._blobs.exists, row.sha256, ".jpg")

    async def _count(self, asker: Asker) -> None:
        """Note that one is drawn; StudioError when there were too many in the last hour."""
        if asker.is_alone:
            return
        since = now() - _HOUR_MS
        async with self._database.writing() as tx:
            if await linking.count_attempts(tx, _TRIED, asker.member_id, since) >= AN_HOUR:
                raise StudioError("preview.too_often", limit=AN_HOUR)
            await linking.note_attempt(tx, _TRIED, asker.member_id, since)

    # -- drawing ---------------------------------------------------------------------------------------------------

    async def _order(
        self, brief: Brief, who: Asker, shown: tuple[SourceReport, ...], question: CheckText
    ) -> DrawPreview:
        async with self._database.reading() as tx:
            uploads = await sources.seen_by_hash(tx, who.member_id, brief)
            covered = await sources.clips_with_uploads(tx, brief)
        return DrawPreview(
            preview_id=new_id(),
            brief=brief,
            seed=brief.seed if brief.seed is not None else secrets.randbelow(_SEEDS),
            sources=shown,
            uploads=tuple(uploads.items()),
            covered_clips=covered,
            overlay=question.overlay,
            banks=question.banks,
            studio_version=self._house.version,
            training=self._house.training,
            made_at=datetime.now(UTC),
        )

    async def _drawn(self, order: DrawPreview) -> PreviewReport:
        """Once more where a worker is lost: it may have been somebody else's doing."""
        try:
            return await self._fleet.do(order)
        except WorkerLost:
            return await self._fleet.do(order)


def _recipe(brief: Brief) -> str:
    """A name for all that is shown: the same for whoever wants it larger, better or more than once."""
    said = brief.model_dump(mode="json", include={"cards", "seed"})
    look = brief.look
    said |= {"aspect": look.aspect, "seconds": look.seconds, "style": look.style, "sheet": SHEET}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
