"""A member's library: lists and folders, search, what is done with many clips at once, and the trash."""

from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from bots.web.rooms.clips import back
from bots.web.visits import Visit, get, post
from bots.wording import say
from engine.errors import StudioError
from engine.library import TRASH_DAYS
from engine.names import read_id
from storage.library import ShelfItem, View
from storage.paging import Page

PAGE: Final = 24
AT_ONCE: Final = 200
LISTS: Final = (View.MADE, View.FAVOURITES, View.BOOKMARKS, View.TRASH)


async def listed(visit: Visit) -> web.StreamResponse:
    query = visit.request.query
    folder, words, after = query.get("folder"), query.get("q", "").strip(), query.get("after")
    view = _view(visit.request.match_info.get("view", "made"), folder)
    studio, asker = visit.studio, visit.asker
    found: Page[ShelfItem]
    trouble = ""
    if words:
        try:
            found = await studio.library.search(asker, words, after=after, limit=PAGE)
        except StudioError as error:
            if error.code != "search.no_words":
                raise
            found, trouble = Page([], None), say("error.search.no_words")
    else:
        found = await studio.library.page(asker, view, folder=folder, after=after, limit=PAGE)
    kept = {name: value for name, value in (("folder", folder), ("q", words), ("as", query.get("as"))) if value}
    return visit.page(
        "library.html",
        view=view,
        lists=LISTS,
        folder=folder,
        words=words,
        trouble=trouble,
        items=found.items,
        more=f"{visit.request.path}?{urlencode(kept | {'after': str(found.after)})}" if found.after else None,
        folders=await studio.library.folders(asker),
        usage=await studio.library.usage(asker),
        as_list=query.get("as") == "list",
        days=TRASH_DAYS,
    )


def _view(typed: str, folder: str | None) -> View:
    if folder is not None:
        return View.FOLDER
    if typed not in set(View) or typed == View.FOLDER:
        raise StudioError("web.not_here")
    return View(typed)


async def many(visit: Visit) -> web.StreamResponse:
    """What is done with all clips that were ticked."""
    clip_ids = [found for typed in visit.form.every("clip")[:AT_ONCE] if (found := read_id(typed))]
    place = _place(visit)
    if not clip_ids:
        return visit.go_to(place, told=say("web.library.none_ticked"))
    library, asker = visit.studio.library, visit.asker
    named = say("list.separator").join(clip_ids[:6]) + (" …" if len(clip_ids) > 6 else "")
    match visit.form["do"]:
        case "trash":
            await library.throw_away(asker, clip_ids)
            told = say("web.trash.put", clips=named)
        case "take_back":
            await library.take_back(asker, clip_ids)
            told = say("trash.taken_back", clips=named)
        case "star" | "unstar" as what:
            for clip_id in clip_ids:
                await library.favourite(asker, clip_id, on=what == "star")
            told = say("library.starred" if what == "star" else "library.unstarred", clips=named)
        case "put":
            folder = visit.form["folder"]
            await library.put(asker, clip_ids, folder or None)
            told = say("folder.put", name=folder, clips=named) if folder else say("folder.out", clips=named)
        case _:
            raise StudioError("web.form_malformed")
    return visit.go_to(place, told=told)


def _place(visit: Visit) -> str:
    place = visit.form["back"]
    return place if place.startswith("/library") and place.isprintable() else "/library"


async def make_folder(visit: Visit) -> web.StreamResponse:
    name = visit.form["name"]
    await visit.studio.library.make_folder(visit.asker, name)
    return visit.go_to("/library", told=say("folder.made", name=name.strip()))


async def rename_folder(visit: Visit) -> web.StreamResponse:
    name, new = visit.form["name"], visit.form["new"]
    await visit.studio.library.rename_folder(visit.asker, name, new)
    return visit.go_to("/library", told=say("folder.renamed", name=name, new=new.strip()))


async def remove_folder(visit: Visit) -> web.StreamResponse:
    name = visit.form["name"]
    left = await visit.studio.library.remove_folder(visit.asker, name)
    return visit.go_to("/library", told=say("folder.removed", name=name, left=left))


async def take_back(visit: Visit) -> web.StreamResponse:
    await visit.studio.library.take_back(visit.asker, [visit.named()])
    return back(visit, f"/clips/{visit.named()}")


async def empty_trash(visit: Visit) -> web.StreamResponse:
    count = await visit.studio.library.empty_trash(visit.asker)
    return visit.go_to("/library/trash", told=say("trash.emptied", count=count))


PAGES = (
    get("/library", listed),
    get("/library/{view}", listed),
    post("/library/many", many),
    post("/library/folders/make", make_folder),
    post("/library/folders/rename", rename_folder),
    post("/library/folders/remove", remove_folder),
    post("/library/trash/empty", empty_trash),
    post("/clips/{id}/untrash", take_back),
)
