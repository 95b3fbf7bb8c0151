"""Explore: what members shared, in several orders, and the word of moderators on it."""

from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from bots.web.visits import Access, Visit, get, post
from bots.wording import say
from engine.communities import Openness
from engine.errors import StudioError
from storage.explore import ExploreItem, Order
from storage.paging import Page

PAGE: Final = 24


async def listed(visit: Visit) -> web.StreamResponse:
    query = visit.request.query
    order = Order(query["order"]) if query.get("order") in set(Order) else Order.NEWEST
    words, after, across = query.get("q", "").strip(), query.get("after"), query.get("across") == "1"
    openness = await visit.studio.explore.openness(visit.asker)
    found: Page[ExploreItem] = Page([], None)
    trouble = ""
    if openness is Openness.OFF:
        trouble = say("explore.is_off")
    else:
        found, trouble = await _found(visit, order, words, after, across=across and openness is Openness.ACROSS)
    kept = {"order": order.value, "q": words, "across": "1" if across else ""}
    kept = {name: value for name, value in kept.items() if value}
    return visit.page(
        "explore.html",
        items=found.items,
        more=f"/explore?{urlencode(kept | {'after': str(found.after)})}" if found.after else None,
        order=order,
        orders=tuple(Order),
        words=words,
        across=across,
        openness=openness,
        opennesses=tuple(Openness),
        trouble=trouble,
    )


async def _found(
    visit: Visit, order: Order, words: str, after: str | None, *, across: bool
) -> tuple[Page[ExploreItem], str]:
    explore, asker = visit.studio.explore, visit.asker
    if not words:
        return await explore.page(asker, order, across=across, after=after, limit=PAGE), ""
    try:
        return await explore.search(asker, words, across=across, after=after, limit=PAGE), ""
    except StudioError as error:
        if error.code != "search.no_words":
            raise
        return Page([], None), say("error.search.no_words")


async def open_to(visit: Visit) -> web.StreamResponse:
    typed = visit.form["openness"]
    if typed not in set(Openness):
        raise StudioError("explore.openness", allowed=", ".join(Openness))
    await visit.studio.explore.open_to(visit.asker, Openness(typed))
    return visit.go_to("/explore", told=say(f"explore.is_{typed}"))


PAGES = (get("/explore", listed), post("/explore/open", open_to, Access.MODERATOR))
