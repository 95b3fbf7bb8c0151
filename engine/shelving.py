"""Writing down what an import brings: each clip with its job, take, files, manifest and place in the library."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine import communities, presets, releases
from engine.brief import Brief
from engine.errors import StudioError
from engine.jobs import JobState, TakeState
from engine.library import FOLDER_LIMIT, FOLDERS_LIMIT, TITLE_LIMIT, tidy_name
from engine.members import Asker
from engine.names import new_id, read_id
from engine.origin import Origin
from engine.presets import PresetContent
from engine.remixing import RemixRight
from engine.turns import Lane
from safety.policy import Overlay
from storage import clips
from storage import jobs as ledger
from storage import library as shelves
from storage import presets as preset_rows
from storage.clips import ClipRow, Parent
from storage.clock import now
from storage.database import Database, Transaction
from storage.presets import owner_of

if TYPE_CHECKING:
    from engine.importing import ClipOf, ManifestOf, ParentOf, ShelfOf, TakeOf

PLATFORM = "import"  # where the jobs of imported clips are said to have been asked for


class Shelving:
    def __init__(self, database: Database, asker: Asker, rows: dict[str, list[dict[str, Any]]]) -> None:
        self._database = database
        self._asker = asker
        self._folders = {str(row.get("id")): str(row.get("name")) for row in rows.get("folders", ())}
        self._jobs: dict[str, str] = {}  # the export's, and under which id they are kept here
        self.folders_made = 0

    async def overlay(self) -> Overlay:
        async with self._database.reading() as tx:
            return communities.settings_of(await communities.get(tx, self._asker.community_id)).overlay

    async def known(self, clip_id: str) -> ClipRow | None:
        async with self._database.reading() as tx:
            return await clips.get(tx, clip_id)

    async def keep(
        self,
        clip: "ClipOf",
        brief: Brief,
        take: "TakeOf",
        manifest: "ManifestOf",
        shelf: "ShelfOf",
        parents: "Sequence[ParentOf]",
        sizes: tuple[int, int],
        *,
        sealed_here: bool,
    ) -> bool:
        """The clip as if it had been made here, but for its price; all of it, or nothing. False: its id is not free."""
        async with self._database.writing() as tx:
            if await ledger.take(tx, clip.id) is not None:
                return False
            job_id = await self._job_of(tx, clip, brief, take)
            await clips.add_file(tx, clip.sha256, sizes[0], "video/mp4")
            await clips.add_file(tx, clip.poster_sha256, sizes[1], "image/jpeg")
            row = clip.model_dump(exclude={"withdrawn_at", "erased_at"}) | {"not_drawn": list(clip.not_drawn)}
            row |= {"job_id": job_id, "member_id": self._asker.member_id, "community_id": self._asker.community_id}
            row |= {"sealed_here": sealed_here, "remix_right": _right(clip.remix_right)}
            lineage = [
                Parent(parent.relation, parent.parent_clip_id)
                for parent in sorted(parents, key=lambda one: one.position)
                if parent.parent_clip_id and await clips.get(tx, parent.parent_clip_id) is not None
            ]
            await clips.add(tx, row, manifest.model_dump(exclude={"clip_id"}), lineage)
            await releases.released(tx, clip.id)
            await self._place(tx, clip, shelf)
            return True

    async def _job_of(self, tx: Transaction, clip: "ClipOf", brief: Brief, take: "TakeOf") -> str:
        """The job with this clip's take in it: the takes of one job come together again."""
        job_id = self._jobs.get(clip.job_id)
        at = clip.released_at
        take_row = {"id": clip.id, "number": take.number, "seed": take.seed, "price": 0, "attempts": 1}
        take_row |= {"state": TakeState.DELIVERED, "updated_at": at}
        if job_id is not None and all(one.number != take.number for one in await ledger.takes_of(tx, job_id)):
            await ledger.add_take(tx, take_row | {"job_id": job_id})
            return job_id
        job_id = clip.job_id if await _is_free(tx, clip.job_id) else new_id("job")
        self._jobs[clip.job_id] = job_id
        job = {
            "id": job_id,
            "community_id": self._asker.community_id,
            "member_id": self._asker.member_id,
            "brief": brief.model_dump(mode="json"),
            "state": JobState.DELIVERED,
            "lane": Lane.RELAXED,
            "price": 0,
            "origin": Origin(platform=PLATFORM).model_dump(mode="json"),
            "not_before": 0,
            "fence": 0,
            "created_at": at,
            "updated_at": now(),
            "ended_at": at,
        }
        await ledger.add(tx, job, [take_row | {"job_id": job_id}])
        return job_id

    async def _place(self, tx: Transaction, clip: "ClipOf", shelf: "ShelfOf") -> None:
        """Title, folder, star and trash, as they were."""
        row = await shelves.entry(tx, self._asker.member_id, clip.id)
        assert row is not None
        values: dict[str, Any] = {"favourite_at": shelf.favourite_at}
        title = _tidied(shelf.title or "", TITLE_LIMIT)
        values["folder_id"] = await self._folder(tx, self._folders.get(shelf.folder_id or ""))
        if title or shelf.trashed_at is not None:
            brief = await releases.brief_of_clip(tx, await _clip(tx, clip.id))
            await releases.forget_on_shelf(tx, row, brief)
            values |= {"title": title or None, "trashed_at": shelf.trashed_at and now()}
        await shelves.change(tx, self._asker.member_id, clip.id, **values)
        if title and shelf.trashed_at is None:
            placed = await shelves.entry(tx, self._asker.member_id, clip.id)
            assert placed is not None
            await releases.index_on_shelf(tx, placed, brief, hides_prompt=False)

    async def _folder(self, tx: Transaction, typed: str | None) -> str | None:
        name = _tidied(typed or "", FOLDER_LIMIT)
        if not name:
            return None
        known = await shelves.folder_named(tx, self._asker.member_id, name)
        if known is not None:
            return known.id
        if len(await shelves.folders_of(tx, self._asker.member_id)) >= FOLDERS_LIMIT:
            return None
        await shelves.add_folder(tx, folder_id := new_id(), self._asker.member_id, name)
        self.folders_made += 1
        return folder_id

    async def keep_preset(self, name: str, content: PresetContent, policy_version: str) -> bool:
        """False where there is one of this name, or no room for another."""
        async with self._database.writing() as tx:
            owner = owner_of(self._asker.member_id, None)
            if await preset_rows.named(tx, owner, name) is not None:
                return False
            try:
                await presets.keep(tx, self._asker, None, name, content.model_dump(mode="json"), policy_version)
            except StudioError:
                return False
            return True


async def _is_free(tx: Transaction, job_id: str) -> bool:
    return job_id.startswith("job-") and read_id(job_id) == job_id and await ledger.get(tx, job_id) is None


async def _clip(tx: Transaction, clip_id: str) -> ClipRow:
    clip = await clips.get(tx, clip_id)
    assert clip is not None
    return clip


def _right(said: str | None) -> str | None:
    return said if said in tuple(RemixRight) else None


def _tidied(typed: str, limit: int) -> str:
    """The name, or none where it cannot be one."""
    try:
        return tidy_name(typed, limit, empty_allowed=True)
    except StudioError:
        return ""
