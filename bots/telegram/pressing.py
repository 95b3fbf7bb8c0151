"""What happens when a button under a clip or a list is pressed. Who may is asked anew each time."""

import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bots import briefs, stories
from bots.telegram import cards
from bots.telegram.address import Where
from bots.telegram.buttons import Wish
from bots.telegram.films import size_of
from bots.telegram.line import MessageGone
from bots.telegram.making import brief_of, make, own_clip
from bots.telegram.room import Room, Talk
from bots.telegram.text import Card, card, quoted, told
from bots.wording import say
from engine.brief import Brief, ClipSource, Operation
from engine.errors import StudioError
from engine.explore import REASONS
from engine.handed import Clip
from engine.members import Asker, Role, at_least
from storage import posted
from storage.explore import ExploreItem, Order
from storage.library import ShelfItem, View
from storage.paging import Page

PAGE: Final = 10  # clips in one list
VARIED: Final = 4
LISTS: Final = (View.MADE, View.BOOKMARKS, View.FAVOURITES)

Deed = Callable[[Room, Talk, Wish], Awaitable[None]]


# -- jobs ----------------------------------------------------------------------------------------------------------


async def cancel(room: Room, talk: Talk, wish: Wish) -> None:
    await room.studio.cancel(wish.about, await room.asker(talk, fresh=True))
    await room.toast(talk, say("discord.job.cancelled"))
    await room.watch.show(wish.about)


async def why(room: Room, talk: Talk, wish: Wish) -> None:
    asker = await room.asker(talk, fresh=True)
    view = await room.studio.job(wish.about)
    is_own = view.job.member_id == asker.member_id
    if not is_own and view.job.community_id != asker.community_id:
        raise StudioError("job.unknown", job=wish.about)
    if not is_own and not at_least(asker.role, Role.MODERATOR):
        raise StudioError("job.not_yours", job=wish.about)
    found = await room.studio.desk.statements(asker, view.id)
    by_people = [one for one in found if not one.automated]
    shown = cards.statements(by_people) if by_people else cards.reasons(view, found)
    await room.say_privately(talk, shown, f"why_{wish.about}")


async def appeal(room: Room, talk: Talk, wish: Wish) -> None:
    if not talk.is_private:
        await room.toast(talk, url=room.line.link(f"appeal_{wish.about}"))
        return
    await room.ask(talk, told("⚖️ " + say("telegram.ask.appeal", job=wish.about)), "appeal", wish.about)


async def doubt(room: Room, talk: Talk, wish: Wish) -> None:
    await room.studio.desk.doubt(wish.about, await room.asker(talk, fresh=True))
    await room.toast(talk, say("doubt.noted"), alert=True)


# -- another one ---------------------------------------------------------------------------------------------------


async def again(room: Room, talk: Talk, wish: Wish) -> None:
    await make(room, talk, lambda asker: _own_brief(room, asker, wish.about, seed=None))


async def vary(room: Room, talk: Talk, wish: Wish) -> None:
    async def varied(asker: Asker) -> Brief:
        brief = await _own_brief(room, asker, wish.about)
        return stories.brief_of(brief.model_dump() | {"seed": None, "variations": VARIED})

    await make(room, talk, varied)


async def _own_brief(room: Room, asker: Asker, clip_id: str, **changes: Any) -> Brief:
    brief = await brief_of(room, await own_clip(room, asker, clip_id))
    return brief.model_copy(update=changes)


async def reword(room: Room, talk: Talk, wish: Wish) -> None:
    asker = await room.asker(talk)
    brief = await _own_brief(room, asker, wish.about)
    question = card("✏️ " + say("telegram.ask.reword", clip=wish.about), quoted(brief.prompt) if brief.prompt else None)
    await room.ask(talk, question, "reword", wish.about)


async def reworded(asker: Asker, room: Room, clip_id: str, text: str) -> Brief:
    """The same in other words: the look stays, but for what was typed about it."""
    brief = await _own_brief(room, asker, clip_id)
    typed = briefs.read_typed(text)
    stories.check_prompt(typed.prompt)
    look = brief.look.model_dump() | {
        name: value
        for name, value in (("aspect", typed.aspect), ("resolution", typed.resolution), ("seconds", typed.seconds))
        if value
    }
    return stories.brief_of(brief.model_dump() | {"prompt": typed.prompt, "look": look})


async def remix(room: Room, talk: Talk, wish: Wish) -> None:
    await room.studio.remixing.check(await room.asker(talk), [wish.about])
    question = told("🎨 " + say("telegram.ask.remix", clip=wish.about), say("telegram.ask.remix_strength"))
    await room.ask(talk, question, "remix", wish.about)


async def loop(room: Room, talk: Talk, wish: Wish) -> None:
    await make(room, talk, _from_clip(room, wish.about, Operation.LOOP, join=briefs.JOIN))


async def extend(room: Room, talk: Talk, wish: Wish) -> None:
    await make(room, talk, _from_clip(room, wish.about, Operation.RECUT, after=stories.EXTEND_BY))


async def views(room: Room, talk: Talk, wish: Wish) -> None:
    await make(room, talk, _from_clip(room, wish.about, Operation.VIEWS, views=briefs.CAMERAS))


def _from_clip(room: Room, clip_id: str, operation: Operation, **fields: Any) -> Callable[[Asker], Awaitable[Brief]]:
    async def brief(asker: Asker) -> Brief:
        return await briefs.of_source(room.studio, asker, operation, ClipSource(clip_id=clip_id), **fields)

    return brief


async def cut(room: Room, talk: Talk, wish: Wish) -> None:
    clip = await room.studio.clip(wish.about)
    await room.studio.remixing.check(await room.asker(talk), [wish.about])
    asked = say("telegram.ask.cut", clip=wish.about, seconds=f"{clip.seconds:g}")
    await room.ask(talk, told("✂️ " + asked), "cut", wish.about)


async def blend(room: Room, talk: Talk, wish: Wish) -> None:
    """With which other clip: one of the newest of one's own, or any by its id."""
    if wish.more:
        await make(room, talk, lambda asker: briefs.blended(room.studio, asker, wish.about, wish.more))
        return
    asker = await room.asker(talk)
    await room.studio.remixing.check(asker, [wish.about])
    page = await room.studio.library.page(asker, View.MADE, limit=PAGE)
    others = Page([one for one in page.items if one.clip_id != wish.about], None)
    await with_sheet(room, talk, asker, others, cards.picking(wish.about, others))


# -- a clip of one's own -------------------------------------------------------------------------------------------


async def star(room: Room, talk: Talk, wish: Wish) -> None:
    """On, and pressed again off."""
    asker = await room.asker(talk)
    page = await room.studio.library.page(asker, View.FAVOURITES, limit=200)
    on = wish.about not in {one.clip_id for one in page.items}
    await room.studio.library.favourite(asker, wish.about, on=on)
    await room.say_briefly(talk, say("library.starred" if on else "library.unstarred", clips=wish.about))


async def share(room: Room, talk: Talk, wish: Wish) -> None:
    """Into Explore, and pressed again out of it."""
    asker = await room.asker(talk)
    await own_clip(room, asker, wish.about)
    try:
        await room.studio.explore.show(asker, wish.about)
    except StudioError:
        await room.studio.explore.share(asker, wish.about)
        await room.say_briefly(talk, say("explore.shared", clip=wish.about))
    else:
        await room.studio.explore.unshare(asker, wish.about)
        await room.say_briefly(talk, say("explore.unshared", clip=wish.about))


async def delete(room: Room, talk: Talk, wish: Wish) -> None:
    """Into the trash, and out of the chat."""
    asker = await room.asker(talk)
    await own_clip(room, asker, wish.about)
    await room.studio.library.throw_away(asker, [wish.about])
    await room.say(talk, cards.trashed(wish.about))
    if talk.message is not None:
        await room.line.delete(talk.where, talk.message.message_id)


async def untrash(room: Room, talk: Talk, wish: Wish) -> None:
    asker = await room.asker(talk)
    await own_clip(room, asker, wish.about)
    await room.studio.library.take_back(asker, [wish.about])
    await show(room, talk, wish)


async def send_file(room: Room, talk: Talk, wish: Wish) -> None:
    """Every byte of it: what Telegram shows as a video, it may have written anew."""
    clip = await _seen(room, await room.people.asker_for(talk.speaker, wish.about), wish.about)
    if (await room.studio.at_hand(clip.file)).stat().st_size > room.line.upload_limit:
        await _way_to_whole(room, talk, clip.id)
        return
    await room.toast(talk, say("telegram.heard"))
    caption = told(say("telegram.whole_file", clip=clip.id))
    await room.line.send_file(talk.where, clip.file, f"kinora-{clip.id}.mp4", caption, to=talk.answers)


async def _way_to_whole(room: Room, talk: Talk, clip_id: str) -> None:
    """To the studio's own pages, where the file is as it was signed; there are none where the operator opens none."""
    pages = room.studio.settings.web.public_url
    if pages is None:
        raise StudioError("telegram.too_big_to_send", limit=f"{room.line.upload_limit / 1024**2:g}")
    if not talk.is_private:  # what lets one member in is for nobody else's eyes
        await room.toast(talk, url=room.line.link(f"file_{clip_id}"))
        return
    from bots.web.passes import link_for

    enter = f"{pages}/enter?key={await link_for(room.studio.database, await room.asker(talk))}"
    await room.say(talk, cards.whole_elsewhere(clip_id, enter, f"{pages}/clips/{clip_id}"))


async def credentials(room: Room, talk: Talk, wish: Wish) -> None:
    """What the file itself says of how it was made."""
    asker = await room.people.asker_for(talk.speaker, wish.about)
    clip = await _seen(room, asker, wish.about)
    await room.toast(talk, say("telegram.looking"))
    report = await room.studio.verify(clip.file)
    await room.say(talk, cards.trace(report, await room.studio.heritage.tree(asker, report)))


async def more(room: Room, talk: Talk, wish: Wish) -> None:
    await _turn_rows(room, talk, wish.about, more=True)


async def back(room: Room, talk: Talk, wish: Wish) -> None:
    await _turn_rows(room, talk, wish.about, more=False)


async def _turn_rows(room: Room, talk: Talk, clip_id: str, *, more: bool) -> None:
    await room.toast(talk)
    if talk.message is not None:
        try:
            await room.line.edit_rows(talk.where, talk.message.message_id, cards.clip_rows(clip_id, more=more))
        except MessageGone:
            return


# -- looking -------------------------------------------------------------------------------------------------------


async def show(room: Room, talk: Talk, wish: Wish) -> None:
    """A clip brought into the chat by somebody who may see it; uploaded only if Telegram never had it."""
    asker = await room.people.asker_for(talk.speaker, wish.about)
    clip = await _seen(room, asker, wish.about)
    is_own = clip.member_id == asker.member_id
    brief = await brief_of(room, clip) if is_own else await _shared_brief(room, asker, clip)
    await room.toast(talk)
    film = await room.films.film(clip, room.line.upload_limit, waits=True)
    shown = cards.clip(clip, brief, size=size_of(film))
    if film is None:
        sent = await room.line.send_picture(
            talk.where, await room.studio.at_hand(clip.preview.file), shown, to=talk.answers
        )
    else:
        sent = await room.line.send_film(talk.where, film, shown, to=talk.answers)
    content = {"file": sent.video.file_id} if sent.video is not None else {}
    async with room.studio.database.writing() as tx:
        await posted.note(
            tx, "telegram", str(Where(sent.chat_id, talk.where.thread)), sent.message_id, kind="clip", about=clip.id,
            content=content,
        )  # fmt: skip


async def _seen(room: Room, asker: Asker, clip_id: str) -> Clip:
    await room.studio.remixing.check_seen(asker, clip_id)
    return await room.studio.clip(clip_id)


async def _shared_brief(room: Room, asker: Asker, clip: Clip) -> Brief | None:
    """Somebody else's words: only where they shared them."""
    try:
        item = (await room.studio.explore.show(asker, clip.id)).item
    except StudioError:
        return None
    return await brief_of(room, clip) if item.brief.get("prompt") else None


async def library(room: Room, talk: Talk, wish: Wish) -> None:
    asker = await room.asker(talk)
    view = View(wish.more) if wish.more in LISTS else View.MADE
    page = await room.studio.library.page(asker, view, after=wish.about or None, limit=PAGE)
    if not talk.is_private:
        await room.say_privately(talk, cards.library(page, view), "library")
        return
    await with_sheet(room, talk, asker, page, cards.library(page, view))


async def explore(room: Room, talk: Talk, wish: Wish) -> None:
    asker = await room.asker(talk)
    order = Order(wish.more) if wish.more in list(Order) else Order.NEWEST
    page = await room.studio.explore.page(asker, order, after=wish.about or None, limit=PAGE)
    await with_sheet(room, talk, asker, page, cards.explore(page, order))


async def with_sheet(
    room: Room, talk: Talk, asker: Asker, page: Page[ShelfItem] | Page[ExploreItem], shown: Card
) -> None:
    """A list with a sheet of first pictures over it."""
    if not page.items:
        await room.say(talk, shown)
        return
    await room.toast(talk)
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "clips.png"
        if isinstance(page.items[0], ShelfItem):
            await room.studio.library.grid([one for one in page.items if isinstance(one, ShelfItem)], sheet)
        else:
            await room.studio.explore.grid([one for one in page.items if isinstance(one, ExploreItem)], sheet)
        await room.line.send_picture(talk.where, sheet, shown, to=talk.answers)


# -- somebody's clip in Explore ------------------------------------------------------------------------------------


async def making(room: Room, talk: Talk, wish: Wish) -> None:
    asker = await room.people.asker_for(talk.speaker, wish.about)
    found = await room.studio.explore.show(asker, wish.about)
    clip = await room.studio.clip(wish.about)
    await room.toast(talk)
    film = await room.films.film(clip, room.line.upload_limit, waits=True)
    shown = cards.making(found, clip, await room.people.name_of(found.item.maker_id))
    if film is None:
        await room.line.send_picture(talk.where, await room.studio.at_hand(clip.preview.file), shown, to=talk.answers)
    else:
        await room.line.send_film(talk.where, film, shown, to=talk.answers)


async def mark(room: Room, talk: Talk, wish: Wish) -> None:
    await room.studio.explore.bookmark(await room.people.asker_for(talk.speaker, wish.about), wish.about)
    await room.say_briefly(talk, say("explore.bookmarked", clip=wish.about))


async def unmark(room: Room, talk: Talk, wish: Wish) -> None:
    await room.studio.explore.bookmark(await room.people.asker_for(talk.speaker, wish.about), wish.about, on=False)
    await room.say_briefly(talk, say("explore.unbookmarked", clip=wish.about))


async def report(room: Room, talk: Talk, wish: Wish) -> None:
    await _reporter(room, talk, wish.about)
    await room.say_privately(talk, cards.report_reasons(wish.about), f"report_{wish.about}")


async def _reporter(room: Room, talk: Talk, clip_id: str) -> Asker:
    """Whoever was shown a clip may report it, in a channel as well, where they are nobody's member."""
    asker = await room.people.asker_for(talk.speaker, clip_id)
    async with room.studio.database.reading() as tx:
        shown = await posted.about(tx, "telegram", "clip", clip_id)
    if not any(one.content.get("channel") for one in shown):
        return asker
    job = (await room.studio.job((await room.studio.clip(clip_id)).job_id)).job
    is_there = job.community_id == asker.community_id
    return asker if is_there else replace(asker, community_id=job.community_id, role=Role.MEMBER)


async def reported(room: Room, talk: Talk, wish: Wish) -> None:
    if not (wish.more.isascii() and wish.more.isdigit() and int(wish.more) < len(REASONS)):
        raise StudioError("discord.outdated")
    reason = REASONS[int(wish.more)]
    case = await room.studio.explore.report(await _reporter(room, talk, wish.about), wish.about, reason, "")
    await room.say(talk, told(say("explore.reported", case=case, category=stories.category_names([reason]))))


DEEDS: Final[Mapping[str, Deed]] = {
    "cancel": cancel,
    "why": why,
    "appeal": appeal,
    "doubt": doubt,
    "again": again,
    "vary": vary,
    "reword": reword,
    "remix": remix,
    "loop": loop,
    "extend": extend,
    "views": views,
    "cut": cut,
    "blend": blend,
    "star": star,
    "share": share,
    "delete": delete,
    "untrash": untrash,
    "file": send_file,
    "credentials": credentials,
    "more": more,
    "back": back,
    "open": show,
    "library": library,
    "explore": explore,
    "making": making,
    "mark": mark,
    "unmark": unmark,
    "report": report,
    "reported": reported,
}
