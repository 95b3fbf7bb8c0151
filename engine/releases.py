"""What happens around a clip, each in the transaction that causes it: released, shared no more, taken down, erased.

Every place that shows clips (library, bookmarks, Explore, searches, counts) is brought in line here and nowhere else.
"""

from collections.abc import Mapping
from math import log2
from typing import Any, Final

from engine.origin import Origin
from storage import choices, clips, explore, jobs, library, members, outbox, words
from storage.clips import ClipRow
from storage.clock import now
from storage.cutting import words_of
from storage.database import Transaction
from storage.library import Kind, ShelfRow

TELL_OF_REMIXES: Final = "tell_of_remixes"
ERASED_PROMPT: Final = "[deleted]"
NO_FILE: Final = "0" * 64

# Attention that is this old counts half. Ordering by it needs no clock: all of it fades alike, so only what is new
# moves a clip, and an index can hold the order.
FADES_BY_HALF_MS: Final = 12 * 3_600_000
BOOKMARK_WEIGHT: Final = 1.0
REMIX_WEIGHT: Final = 3.0


def risen(rising: int, at: int, weight: float) -> int:
    """The rising value after attention of this weight at that moment; a negative weight takes it back."""
    highest = max(rising, at)
    total = 2 ** ((rising - highest) / FADES_BY_HALF_MS) + weight * 2 ** ((at - highest) / FADES_BY_HALF_MS)
    return highest + round(FADES_BY_HALF_MS * log2(total)) if total > 0 else 0


# -- words ---------------------------------------------------------------------------------------------------------


def texts_of(brief: Mapping[str, Any]) -> list[str]:
    """What a clip can be found by, besides its title: the prompt, the cards of a storyboard, the style."""
    cards = [str(card.get("text") or "") for card in brief.get("cards") or ()]
    return [str(brief.get("prompt") or ""), *cards, str((brief.get("look") or {}).get("style") or "")]


async def index_on_shelf(tx: Transaction, row: ShelfRow, brief: Mapping[str, Any], *, hides_prompt: bool) -> None:
    texts = [] if hides_prompt else texts_of(brief)
    its_words = words_of(row.title or "", *texts)
    await words.add(tx, words.of_library(row.member_id), row.clip_id, row.added_at, its_words)


async def forget_on_shelf(tx: Transaction, row: ShelfRow, brief: Mapping[str, Any]) -> None:
    # The words as they may have been: more than there are does no harm.
    its_words = {*words_of(row.title or "", *texts_of(brief)), *words_of(*texts_of(brief))}
    await words.remove(tx, words.of_library(row.member_id), row.clip_id, row.added_at, sorted(its_words))


async def index_in_explore(
    tx: Transaction, row: explore.ExploreRow, title: str | None, brief: Mapping[str, Any]
) -> None:
    texts = [] if row.hides_prompt else texts_of(brief)
    its_words = words_of(title or "", *texts)
    for scope in _explore_scopes(row):
        await words.add(tx, scope, row.clip_id, row.shared_at, its_words)


async def forget_in_explore(
    tx: Transaction, row: explore.ExploreRow, title: str | None, brief: Mapping[str, Any]
) -> None:
    its_words = sorted({*words_of(title or "", *texts_of(brief)), *words_of(*texts_of(brief))})
    for scope in (words.of_community(row.community_id), words.ACROSS):
        await words.remove(tx, scope, row.clip_id, row.shared_at, its_words)


def _explore_scopes(row: explore.ExploreRow) -> list[str]:
    across = [words.ACROSS] if row.across_at is not None else []
    return [words.of_community(row.community_id), *across]


async def brief_of_clip(tx: Transaction, clip: ClipRow) -> Mapping[str, Any]:
    job = await jobs.get(tx, clip.job_id)
    assert job is not None
    return job.brief


# -- released ------------------------------------------------------------------------------------------------------


async def released(tx: Transaction, clip_id: str) -> None:
    """A clip with its lineage was written: it lies on its maker's shelf, and counts for what it was made from."""
    clip = await clips.get(tx, clip_id)
    assert clip is not None
    await library.add(tx, clip.member_id, clip.id, Kind.MADE, clip.released_at)
    row = await library.entry(tx, clip.member_id, clip.id)
    assert row is not None
    await index_on_shelf(tx, row, await brief_of_clip(tx, clip), hides_prompt=False)
    parents = dict.fromkeys(p.parent_clip_id for p in await clips.parents_of(tx, clip.id) if p.parent_clip_id)
    for parent_id in parents:
        parent = await clips.get(tx, parent_id)
        if parent is not None and parent.member_id != clip.member_id and parent.withdrawn_at is None:
            await _count_remixes(tx, parent, at=clip.released_at)
            await _tell_maker(tx, parent, clip)


async def _count_remixes(tx: Transaction, clip: ClipRow, *, at: int | None = None) -> None:
    """Bring the count of who remixed a shared clip up to date; the clip rises when somebody new did."""
    shared = await explore.get(tx, clip.id)
    if shared is None:
        return
    count = await clips.count_remixers(tx, clip.id, clip.member_id)
    rising = risen(shared.rising, at, REMIX_WEIGHT) if at is not None and count > shared.remixes else shared.rising
    await explore.change(tx, clip.id, remixes=count, rising=rising)


async def _tell_maker(tx: Transaction, parent: ClipRow, remix: ClipRow) -> None:
    """A notice where the maker asked for the clip, if they wish to hear of remixes."""
    if not await choices.of_member(tx, parent.member_id, TELL_OF_REMIXES):
        return
    job = await jobs.get(tx, parent.job_id)
    assert job is not None
    origin = Origin.model_validate(job.origin)
    await outbox.add(
        tx,
        key=f"remixed:{parent.id}:{remix.id}",
        job_id=job.id,
        take_id=None,
        kind="notice",
        platform=origin.platform,
        address=origin.address,
        content={"notice": "remixed", "clip": parent.id, "remix": remix.id},
    )


# -- gone ----------------------------------------------------------------------------------------------------------


async def unshare(tx: Transaction, clip: ClipRow) -> bool:
    """Out of Explore, at home and across. Bookmarks stay where they are and show it again if it is shared again."""
    shared = await explore.get(tx, clip.id)
    if shared is None:
        return False
    own = await library.entry(tx, clip.member_id, clip.id)
    await forget_in_explore(tx, shared, own.title if own else None, await brief_of_clip(tx, clip))
    await explore.remove(tx, clip.id)
    return True


async def take_down(tx: Transaction, clip: ClipRow) -> dict[str, Any]:
    """Gone everywhere at once: Explore, searches, every library. The file stays, for an appeal.

    Answers with where it was, for `put_back`.
    """
    shared = await explore.get(tx, clip.id)
    await unshare(tx, clip)
    brief = await brief_of_clip(tx, clip)
    bookmarks = []
    for row in await library.entries_of_clip(tx, clip.id):
        await forget_on_shelf(tx, row, brief)
        if row.kind == Kind.BOOKMARK:
            await library.remove(tx, row.member_id, clip.id)
            bookmarks.append(vars(row))
    if clip.withdrawn_at is None:
        await clips.change(tx, clip.id, withdrawn_at=now())
    await _recount_parents(tx, clip)
    return {"shared": vars(shared) if shared else None, "bookmarks": bookmarks}


async def put_back(tx: Transaction, clip: ClipRow, was: Mapping[str, Any]) -> None:
    """Undo a takedown: where it lay, was found, shared and bookmarked before, as far as nobody has filled the place."""
    if clip.erased_at is not None:
        return  # its maker has left meanwhile
    await clips.change(tx, clip.id, withdrawn_at=None)
    brief = await brief_of_clip(tx, clip)
    for kept in was.get("bookmarks", ()):
        row = ShelfRow(**kept)
        member_id = await members.current_id(tx, row.member_id)
        if await library.entry(tx, member_id, clip.id) is None:
            await library.add(tx, member_id, clip.id, Kind.BOOKMARK, row.added_at)
            kept_with_it = {"title": row.title, "favourite_at": row.favourite_at, "trashed_at": row.trashed_at}
            await library.change(tx, member_id, clip.id, **kept_with_it)
    shared = explore.ExploreRow(**was["shared"]) if was.get("shared") else None
    for row in await library.entries_of_clip(tx, clip.id):
        hides = row.kind == Kind.BOOKMARK and (shared is None or shared.hides_prompt)
        if row.trashed_at is None:
            await index_on_shelf(tx, row, brief, hides_prompt=hides)
    if shared is not None and await explore.of_recipe(tx, shared.community_id, shared.recipe) is None:
        await explore.share(tx, shared)
        own = await library.entry(tx, clip.member_id, clip.id)
        await index_in_explore(tx, shared, own.title if own else None, brief)
    await _recount_parents(tx, clip)


async def erase(tx: Transaction, clip: ClipRow) -> None:
    """Gone for good: only the row stays, so that what was made from it can name what is missing (docs/privacy.md).

    The caller removes the files once this is committed; the sweeper does where that was not to be.
    """
    await take_down(tx, clip)
    await library.remove(tx, clip.member_id, clip.id)
    await clips.change(tx, clip.id, erased_at=now(), not_drawn=[], remix_right=None)
    await clips.remove_film(tx, clip.id)
    await jobs.set_report(tx, clip.id, None)
    await _erase_brief(tx, clip.job_id)


async def _erase_brief(tx: Transaction, job_id: str) -> None:
    """Forget what was asked for when nothing that was made of it is left."""
    job = await jobs.get(tx, job_id)
    assert job is not None
    if job.ended_at is None or any(clip.erased_at is None for clip in await clips.of_job(tx, job_id)):
        return
    await jobs.set_state(tx, job_id, brief=forgotten(job.brief))


def forgotten(brief: Mapping[str, Any]) -> dict[str, Any]:
    """A brief without anything that somebody wrote or brought: what is left says what kind of work was paid for."""
    look = dict(brief.get("look") or {}) | {"style": None}
    sources = [_unnamed(source) for source in brief.get("sources") or ()]
    cards = [{"at": card["at"], "text": ERASED_PROMPT} for card in brief.get("cards") or ()]
    return dict(brief) | {"prompt": ERASED_PROMPT, "cards": cards, "sources": sources, "look": look}


def _unnamed(source: Mapping[str, Any]) -> dict[str, Any]:
    """A source without what it was: a brief that lacked one would make no sense, and could not be read any more."""
    return {"kind": "upload", "sha256": NO_FILE, "media_type": str(source.get("media_type") or "video/mp4")}


async def _recount_parents(tx: Transaction, clip: ClipRow) -> None:
    for parent in await clips.parents_of(tx, clip.id):
        if parent.parent_clip_id and (row := await clips.get(tx, parent.parent_clip_id)):
            await _count_remixes(tx, row)
