"""Explore in a terminal: looking around, sharing, bookmarks, picks, reports."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from bots import stories
from bots.terminal import answers, creating, screen
from bots.terminal.session import with_studio
from bots.terminal.shelves import PROMPT_SHOWN, clip_id, done
from bots.wording import say
from engine.communities import Openness
from engine.errors import StudioError
from engine.explore import HowMade
from engine.members import Asker
from engine.studio import Studio
from storage.explore import ExploreItem, Order
from storage.paging import Page


def show_page(
    context: typer.Context,
    chosen: Sequence[str],
    *,
    across: bool,
    grid: Path | None,
    after: str | None,
    limit: int,
    as_json: bool,
) -> None:
    if len(chosen) > 1:
        raise StudioError("explore.one_order")
    order = Order(chosen[0]) if chosen else Order.NEWEST

    async def work(studio: Studio, asker: Asker) -> None:
        page = await studio.explore.page(asker, order, across=across, after=after, limit=limit)
        await _tell_page(studio, page, f"explore.empty_{order}", grid=grid, as_json=as_json)

    with_studio(context, work)


def search(
    context: typer.Context,
    query: str,
    *,
    across: bool,
    grid: Path | None,
    after: str | None,
    limit: int,
    as_json: bool,
) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        page = await studio.explore.search(asker, query, across=across, after=after, limit=limit)
        await _tell_page(studio, page, "explore.found_nothing", grid=grid, as_json=as_json)

    with_studio(context, work)


async def _tell_page(
    studio: Studio, page: Page[ExploreItem], nothing: str, *, grid: Path | None, as_json: bool
) -> None:
    sheet = None
    if grid is not None and page.items:
        address = creating.address_of(grid, overwrite=True)
        creating.check_address(address)
        sheet = await studio.explore.grid(page.items, address.target("grid", 1))
    if as_json:
        clips = [of_item(item) for item in page.items]
        screen.answer({"clips": clips, "after": answers.of_place(page.after), "grid": str(sheet) if sheet else None})
        return
    if not page.items:
        screen.show(say(nothing))
    else:
        headings = tuple(
            say(f"table.{name}") for name in ("clip", "maker", "bookmarks", "remixes", "shared_at", "title")
        )
        screen.table(headings, [_cells(item) for item in page.items], widest=5)
    if sheet is not None:
        screen.show(say("library.grid", file=str(sheet)))
    if page.after is not None:
        screen.show(say("library.more", place=str(page.after)), "dim")


def _cells(item: ExploreItem) -> tuple[str, ...]:
    clip = item.clip_id + (" ★" if item.picked_at is not None else "")
    counts = str(item.bookmarks), str(item.remixes)
    day = screen.moment(item.shared_at)[:10]
    return clip, item.maker_id, *counts, day, screen.plain(_title(item), PROMPT_SHOWN)


def _title(item: ExploreItem) -> str:
    prompt = str(item.brief.get("prompt") or "")
    return item.title or (say("list.quoted", word=prompt) if prompt else say("explore.hidden_prompt"))


def of_item(item: ExploreItem) -> dict[str, Any]:
    return {
        "id": item.clip_id,
        "maker": item.maker_id,
        "community": item.community_id,
        "title": item.title,
        "prompt": str(item.brief.get("prompt") or "") or None,
        "prompt_hidden": item.hides_prompt,
        "across": item.across_at is not None,
        "bookmarks": item.bookmarks,
        "remixes": item.remixes,
        "picked": item.picked_at is not None,
        "seconds": item.seconds,
        "width": item.width,
        "height": item.height,
        "draft": item.is_draft,
        "shared_at": screen.iso(item.shared_at),
    }


def show_clip(context: typer.Context, typed: str, *, as_json: bool) -> None:
    clip = clip_id(typed)
    found = with_studio(context, lambda studio, asker: studio.explore.show(asker, clip))
    if as_json:
        screen.answer(of_item(found.item) | _of_making(found))
    else:
        _tell_making(found)


def _of_making(found: HowMade) -> dict[str, Any]:
    brief = found.item.brief
    look = brief.get("look") or {}
    return {
        "operation": brief.get("operation"),
        "look": {name: look.get(name) for name in ("aspect", "resolution", "seconds", "style")},
        "quality": brief.get("quality"),
        "lineage": [
            {"relation": parent.relation, "clip": parent.parent_clip_id, "upload": parent.upload_sha256 is not None}
            for parent in found.parents
        ],
        "bookmarked": found.is_bookmarked,
    }


def _tell_making(found: HowMade) -> None:
    item, look = found.item, found.item.brief.get("look") or {}
    screen.show(f"{item.clip_id}  {screen.plain(_title(item))}", "bold")
    screen.show("  " + say("explore.by", maker=item.maker_id, at=screen.moment(item.shared_at)))
    kind = say("clip.draft") if item.is_draft else say("clip.finished")
    size = say("clip.size", kind=kind, seconds=f"{item.seconds:g}", width=item.width, height=item.height)
    screen.show("  " + size)
    if item.title and item.brief.get("prompt"):
        screen.show("  " + say("list.quoted", word=screen.plain(str(item.brief["prompt"]))))
    if look.get("style"):
        screen.show("  " + say("explore.style", style=screen.plain(str(look["style"]))))
    sources = [parent.parent_clip_id or say("explore.upload") for parent in found.parents]
    if sources:
        screen.show("  " + say("verify.lineage", clips=say("list.separator").join(sources)))
    screen.show("  " + say("explore.counts", bookmarks=item.bookmarks, remixes=item.remixes))


# -- doing ---------------------------------------------------------------------------------------------------------


def share(context: typer.Context, typed: str, *, across: bool, hides_prompt: bool, as_json: bool) -> None:
    clip = clip_id(typed)

    async def work(studio: Studio, asker: Asker) -> ExploreItem:
        await studio.explore.share(asker, clip, across=across, hides_prompt=hides_prompt)
        return (await studio.explore.show(asker, clip)).item

    item = with_studio(context, work)
    sentence = (
        say("explore.shared_across", clip=clip) if item.across_at is not None else say("explore.shared", clip=clip)
    )
    done(sentence, of_item(item), as_json=as_json)
    if across and item.across_at is None and not as_json:
        screen.show("  " + say("explore.not_across"), "yellow")


def unshare(context: typer.Context, typed: str, *, as_json: bool) -> None:
    clip = clip_id(typed)
    with_studio(context, lambda studio, asker: studio.explore.unshare(asker, clip))
    done(say("explore.unshared", clip=clip), {"clip": clip, "shared": False}, as_json=as_json)


def bookmark(context: typer.Context, typed: str, *, on: bool, as_json: bool) -> None:
    clip = clip_id(typed)
    with_studio(context, lambda studio, asker: studio.explore.bookmark(asker, clip, on=on))
    sentence = say("explore.bookmarked", clip=clip) if on else say("explore.unbookmarked", clip=clip)
    done(sentence, {"clip": clip, "bookmarked": on}, as_json=as_json)


def pick(context: typer.Context, typed: str, *, on: bool, as_json: bool) -> None:
    clip = clip_id(typed)
    with_studio(context, lambda studio, asker: studio.explore.pick(asker, clip, on=on))
    sentence = say("explore.picked", clip=clip) if on else say("explore.unpicked", clip=clip)
    done(sentence, {"clip": clip, "picked": on}, as_json=as_json)


def report(context: typer.Context, typed: str, reason: str, note: str, *, as_json: bool) -> None:
    clip = clip_id(typed)
    case = with_studio(context, lambda studio, asker: studio.explore.report(asker, clip, reason, note))
    sentence = say("explore.reported", case=case, category=stories.category_names([reason]))
    done(sentence, {"clip": clip, "case": case}, as_json=as_json)


def open_to(context: typer.Context, typed: str, *, as_json: bool) -> None:
    if typed not in list(Openness):
        raise StudioError("explore.openness", allowed=", ".join(Openness))
    openness = Openness(typed)
    with_studio(context, lambda studio, asker: studio.explore.open_to(asker, openness))
    done(say(f"explore.is_{openness}"), {"explore": openness.value}, as_json=as_json)
