"""The library in a terminal: lists, the contact sheet, folders, stars, titles, the trash."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from bots.terminal import answers, creating, screen
from bots.terminal.session import typed_id, with_studio
from bots.wording import say
from engine.errors import StudioError
from engine.library import TRASH_DAYS
from engine.members import Asker
from engine.names import read_id
from engine.studio import Studio
from storage.library import Kind, ShelfItem, View
from storage.paging import Page

PROMPT_SHOWN = 60  # characters of it in a table
_MEGABYTE = 1_000_000


def show_library(
    context: typer.Context,
    *,
    favourites: bool,
    bookmarks: bool,
    folder: str | None,
    grid: Path | None,
    after: str | None,
    limit: int,
    as_json: bool,
) -> None:
    if favourites + bookmarks + (folder is not None) > 1:
        raise StudioError("library.one_list")
    view = View.MADE
    if favourites:
        view = View.FAVOURITES
    elif bookmarks:
        view = View.BOOKMARKS
    elif folder is not None:
        view = View.FOLDER

    async def work(studio: Studio, asker: Asker) -> None:
        page = await studio.library.page(asker, view, folder=folder, after=after, limit=limit)
        await _show_page(studio, page, f"library.empty_{view}", grid=grid, as_json=as_json)

    with_studio(context, work)


def search(
    context: typer.Context, query: str, *, grid: Path | None, after: str | None, limit: int, as_json: bool
) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        page = await studio.library.search(asker, query, after=after, limit=limit)
        await _show_page(studio, page, "library.found_nothing", grid=grid, as_json=as_json)

    with_studio(context, work)


def list_trash(context: typer.Context, *, after: str | None, limit: int, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        page = await studio.library.page(asker, View.TRASH, after=after, limit=limit)
        await _show_page(studio, page, "trash.empty", grid=None, as_json=as_json)
        if page.items and not as_json:
            screen.show(say("trash.how", days=TRASH_DAYS), "dim")

    with_studio(context, work)


async def _show_page(studio: Studio, page: Page[ShelfItem], nothing: str, *, grid: Path | None, as_json: bool) -> None:
    sheet = None
    if grid is not None and page.items:
        address = creating.address_of(grid, overwrite=True)
        creating.check_address(address)
        sheet = await studio.library.grid(page.items, address.target("grid", 1))
    if as_json:
        clips = [of_item(item) for item in page.items]
        screen.answer({"clips": clips, "after": answers.of_place(page.after), "grid": str(sheet) if sheet else None})
        return
    if not page.items:
        screen.show(say(nothing))
    else:
        headings = tuple(say(f"table.{name}") for name in ("clip", "star", "added_at", "folder", "title"))
        screen.table(headings, [_cells(item) for item in page.items], widest=4)
    if sheet is not None:
        screen.show(say("library.grid", file=str(sheet)))
    if page.after is not None:
        screen.show(say("library.more", place=str(page.after)), "dim")


def _cells(item: ShelfItem) -> tuple[str, ...]:
    star = "★" if item.favourite_at is not None else ""
    mark = "↗" if item.is_shared and item.kind == Kind.MADE else ""
    prompt = str(item.brief.get("prompt", ""))
    shown = item.title or (say("list.quoted", word=prompt) if prompt else say("explore.hidden_prompt"))
    folder = screen.plain(item.folder or "", 24)
    return item.clip_id, star + mark, screen.moment(item.added_at), folder, screen.plain(shown, PROMPT_SHOWN)


def of_item(item: ShelfItem) -> dict[str, Any]:
    return {
        "id": item.clip_id,
        "kind": item.kind,
        "title": item.title,
        "prompt": str(item.brief.get("prompt") or "") or None,
        "style": (item.brief.get("look") or {}).get("style"),
        "operation": item.brief.get("operation"),
        "folder": item.folder,
        "favourite": item.favourite_at is not None,
        "shared": item.is_shared,
        "maker": item.maker_id,
        "seconds": item.seconds,
        "width": item.width,
        "height": item.height,
        "draft": item.is_draft,
        "added_at": screen.iso(item.added_at),
        "trashed_at": screen.iso(item.trashed_at) if item.trashed_at is not None else None,
    }


# -- one clip, or several ------------------------------------------------------------------------------------------


def clip_id(typed: str) -> str:
    """The id of a clip that somebody typed."""
    found = typed_id(typed)
    if read_id(found) is None or "-" in found:
        raise StudioError("id.malformed", typed=typed[:40])
    return found


def clip_ids(typed: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(map(clip_id, typed)))


def done(sentence: str, answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        screen.answer(answer)
    else:
        screen.show(screen.plain(sentence), mark="✓", mark_style="green")


def rename(context: typer.Context, typed: str, title: str, *, as_json: bool) -> None:
    clip = clip_id(typed)
    with_studio(context, lambda studio, asker: studio.library.rename(asker, clip, title))
    key = "library.renamed" if title.strip() else "library.unnamed"
    sentence = say("library.renamed", clip=clip, title=title.strip()) if title.strip() else say(key, clip=clip)
    done(sentence, {"clip": clip, "title": " ".join(title.split()) or None}, as_json=as_json)


def favourite(context: typer.Context, typed: Sequence[str], *, on: bool, as_json: bool) -> None:
    clips = clip_ids(typed)

    async def work(studio: Studio, asker: Asker) -> None:
        for clip in clips:
            await studio.library.favourite(asker, clip, on=on)

    with_studio(context, work)
    names = say("list.separator").join(clips)
    sentence = say("library.starred", clips=names) if on else say("library.unstarred", clips=names)
    done(sentence, {"clips": clips, "favourite": on}, as_json=as_json)


def usage(context: typer.Context, *, as_json: bool) -> None:
    used = with_studio(context, lambda studio, asker: studio.library.usage(asker))
    if as_json:
        screen.answer({"clips": used.clips, "bytes": used.bytes, "in_trash": used.in_trash})
    else:
        size = f"{used.bytes / _MEGABYTE:.1f}"
        screen.show(say("library.usage", clips=used.clips, size=size, in_trash=used.in_trash))


# -- folders -------------------------------------------------------------------------------------------------------


def list_folders(context: typer.Context, *, as_json: bool) -> None:
    found = with_studio(context, lambda studio, asker: studio.library.folders(asker))
    if as_json:
        screen.answer({"folders": [{"name": folder.name, "clips": inside} for folder, inside in found]})
    elif not found:
        screen.show(say("folder.none"))
    else:
        headings = (say("table.folder"), say("table.clips"))
        screen.table(headings, [(screen.plain(folder.name), str(inside)) for folder, inside in found])


def make_folder(context: typer.Context, name: str, *, as_json: bool) -> None:
    with_studio(context, lambda studio, asker: studio.library.make_folder(asker, name))
    done(say("folder.made", name=name), {"folder": name}, as_json=as_json)


def rename_folder(context: typer.Context, name: str, new_name: str, *, as_json: bool) -> None:
    with_studio(context, lambda studio, asker: studio.library.rename_folder(asker, name, new_name))
    done(say("folder.renamed", name=name, new=new_name), {"folder": new_name}, as_json=as_json)


def remove_folder(context: typer.Context, name: str, *, as_json: bool) -> None:
    left = with_studio(context, lambda studio, asker: studio.library.remove_folder(asker, name))
    done(say("folder.removed", name=name, left=left), {"folder": name, "left": left}, as_json=as_json)


def put(context: typer.Context, typed: Sequence[str], name: str | None, *, as_json: bool) -> None:
    clips = clip_ids(typed)
    with_studio(context, lambda studio, asker: studio.library.put(asker, clips, name))
    names = say("list.separator").join(clips)
    sentence = say("folder.put", clips=names, name=name) if name is not None else say("folder.out", clips=names)
    done(sentence, {"clips": clips, "folder": name}, as_json=as_json)


# -- the trash -----------------------------------------------------------------------------------------------------


def throw_away(context: typer.Context, typed: Sequence[str], *, as_json: bool) -> None:
    clips = clip_ids(typed)
    with_studio(context, lambda studio, asker: studio.library.throw_away(asker, clips))
    names = say("list.separator").join(clips)
    done(say("trash.put", clips=names, days=TRASH_DAYS), {"clips": clips, "in_trash": True}, as_json=as_json)


def take_back(context: typer.Context, typed: Sequence[str], *, as_json: bool) -> None:
    clips = clip_ids(typed)
    with_studio(context, lambda studio, asker: studio.library.take_back(asker, clips))
    names = say("list.separator").join(clips)
    done(say("trash.taken_back", clips=names), {"clips": clips, "in_trash": False}, as_json=as_json)


def empty_trash(context: typer.Context, *, sure: bool, as_json: bool) -> None:
    if not sure:
        raise StudioError("trash.not_sure")

    async def empty(studio: Studio, asker: Asker) -> tuple[int, int]:
        return await studio.library.empty_trash(asker), await studio.library.kept_for_the_desk(asker)

    emptied, kept = with_studio(context, empty)
    done(say("trash.emptied", count=emptied), {"emptied": emptied, "kept": kept}, as_json=as_json)
    if kept and not as_json:
        screen.show(say("trash.kept", count=kept))
