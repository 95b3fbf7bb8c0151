"""What can be typed on Telegram after a slash, in three languages, and what each of them does."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bots import briefs
from bots.telegram import cards, pressing
from bots.telegram.buttons import Wish
from bots.telegram.making import bring, file_of, make
from bots.telegram.room import Room, Talk, shown_at
from bots.telegram.text import told
from bots.wording import say
from engine.brief import Brief, ClipSource, Operation
from engine.errors import StudioError
from engine.members import Asker
from engine.names import read_id, read_letters
from engine.reports import TraceReport
from storage.explore import Order
from storage.library import View

Command = Callable[[Room, Talk, str], Awaitable[None]]
ENTRIES: Final = 10  # of the ledger, on the card of /credits


# -- making --------------------------------------------------------------------------------------------------------


async def create(room: Room, talk: Talk, text: str) -> None:
    """With words; and with a picture, or in answer to one, what moves in it."""
    media = _media_of(talk)
    if media is not None:
        await animate(room, talk, text)
        return
    await make(room, talk, lambda asker: briefs.of_words(room.studio, asker, text))


async def animate(room: Room, talk: Talk, text: str) -> None:
    message = _media_of(talk)
    if message is None:
        raise StudioError("telegram.no_file")

    async def moving(asker: Asker) -> Brief:
        source = await bring(room, asker, message)
        return await briefs.of_source(room.studio, asker, Operation.ANIMATE, source, text)

    await make(room, talk, moving)


async def remix(room: Room, talk: Talk, text: str) -> None:
    source_id, words = await _clip_meant(room, talk, text)
    media = _media_of(talk)

    async def remixed(asker: Asker) -> Brief:
        if source_id is not None:
            return await briefs.remixed(room.studio, asker, ClipSource(clip_id=source_id), words)
        assert media is not None
        return await briefs.remixed(room.studio, asker, await bring(room, asker, media), words)

    if source_id is None and media is None:
        raise StudioError("telegram.which_clip")
    await make(room, talk, remixed)


async def loop(room: Room, talk: Talk, text: str) -> None:
    await pressing.loop(room, talk, Wish("loop", await _need_clip(room, talk, text)))


async def extend(room: Room, talk: Talk, text: str) -> None:
    await pressing.extend(room, talk, Wish("extend", await _need_clip(room, talk, text)))


async def views(room: Room, talk: Talk, text: str) -> None:
    await pressing.views(room, talk, Wish("views", await _need_clip(room, talk, text)))


async def blend(room: Room, talk: Talk, text: str) -> None:
    ids = [one for one in map(read_letters, text.split()) if one is not None]
    meant = await clip_answered(room, talk)
    named = [*([meant] if meant else []), *ids]
    if not named:
        raise StudioError("telegram.which_clip")
    await pressing.blend(room, talk, Wish("blend", named[0], named[1] if len(named) > 1 else ""))


async def cut(room: Room, talk: Talk, text: str) -> None:
    clip_id, rest = await _clip_meant(room, talk, text)
    if clip_id is None:
        raise StudioError("telegram.which_clip")
    if not rest:
        await pressing.cut(room, talk, Wish("cut", clip_id))
        return
    await recut(room, talk, clip_id, rest)


async def recut(room: Room, talk: Talk, clip_id: str, text: str) -> None:
    """From and to, in seconds: `1.5 4`."""
    numbers = text.replace("-", " ").replace("–", " ").replace(",", " ").split()
    try:
        start, end = (float(numbers[0]), float(numbers[1]) if len(numbers) > 1 else None)
    except (ValueError, IndexError):
        raise StudioError("telegram.cut_how") from None
    fields: dict[str, Any] = {"sources": [{"kind": "clip", "clip_id": clip_id, "start": start, "end": end}]}
    source = ClipSource(clip_id=clip_id)
    await make(
        room, talk, lambda asker: briefs.of_source(room.studio, asker, Operation.RECUT, source, **fields)
    )  # fmt: skip


# -- looking -------------------------------------------------------------------------------------------------------


async def show(room: Room, talk: Talk, text: str) -> None:
    await pressing.show(room, talk, Wish("open", await _need_clip(room, talk, text)))


async def library(room: Room, talk: Talk, text: str) -> None:
    if not text:
        await pressing.library(room, talk, Wish("library"))
        return
    asker = await room.asker(talk)
    page = await room.studio.library.search(asker, text, limit=pressing.PAGE)
    if not page.items:
        await room.say(talk, told(say("telegram.nothing_found")))
        return
    await room.say_privately(talk, cards.library(page, View.MADE), "library")


async def explore(room: Room, talk: Talk, text: str) -> None:
    if not text:
        await pressing.explore(room, talk, Wish("explore"))
        return
    page = await room.studio.explore.search(await room.asker(talk), text, limit=pressing.PAGE)
    if not page.items:
        await room.say(talk, told(say("telegram.nothing_found")))
        return
    await room.say(talk, cards.explore(page, Order.NEWEST))


async def verify(room: Room, talk: Talk, _: str) -> None:
    message = _media_of(talk)
    if message is None:
        await room.say(talk, told(say("telegram.ask.verify")))
        return
    await verify_file(room, talk, file_of(message) or "")


async def verify_file(room: Room, talk: Talk, file_id: str) -> None:
    await room.line.show_busy(talk.where)
    asker = await room.asker(talk)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "shown"
        await room.line.fetch(file_id, file)
        report = await room.studio.verify(file)
    await tell_trace(room, talk, asker, report)


async def tell_trace(room: Room, talk: Talk, asker: Asker, report: TraceReport) -> None:
    """Was this made here? The picture of its sources shows what the asker may see: only where nobody else looks on."""
    tree = await room.studio.heritage.tree(asker, report)
    await room.say(talk, cards.trace(report, tree))
    if tree is not None and talk.is_private:
        with TemporaryDirectory() as folder:
            picture = await room.studio.heritage.picture(tree, Path(folder) / "tree.png")
            await room.line.send_picture(talk.where, picture, told(say("heritage.title")), to=talk.answers)


async def credits(room: Room, talk: Talk, _: str) -> None:
    account = await room.studio.account(await room.asker(talk), entries=ENTRIES)
    sells = bool(room.studio.settings.telegram.stars.packs)
    await room.say_privately(talk, cards.credits(account, sells=sells), "credits")


async def queue(room: Room, talk: Talk, _: str) -> None:
    await room.say_privately(
        talk, cards.queue(await room.studio.waiting_jobs(await room.asker(talk), limit=20)), "queue"
    )


# -- one's own affairs ---------------------------------------------------------------------------------------------


async def report(room: Room, talk: Talk, text: str) -> None:
    await pressing.report(room, talk, Wish("report", await _need_clip(room, talk, text)))


async def appeal(room: Room, talk: Talk, text: str) -> None:
    job_id, _, words = text.partition(" ")
    found = read_id(job_id)
    if found is None or not found.startswith("job-"):
        raise StudioError("telegram.appeal_what")
    if not words.strip():
        await pressing.appeal(room, talk, Wish("appeal", found))
        return
    await appealed(room, talk, found, words)


async def appealed(room: Room, talk: Talk, job_id: str, words: str) -> None:
    case = await room.studio.desk.appeal(job_id, await room.asker(talk), words)
    await room.say(talk, told("⚖️ " + say("appeal.filed", job=job_id, case=case)))


async def link(room: Room, talk: Talk, text: str) -> None:
    """With a code that another platform has shown: both accounts become one. Without: a code to type there."""
    asker = await room.asker(talk)
    if text:
        await room.studio.membership.link(asker, text)
        await room.say(talk, told("🔗 " + say("telegram.linked")))
        return
    code = await room.studio.membership.offer_link(asker)
    await room.say_privately(talk, told("🔗 " + say("telegram.link_code", code=code)), "link")


async def privacy(room: Room, talk: Talk, _: str) -> None:
    await room.say(talk, cards.privacy())


async def help_command(room: Room, talk: Talk, _: str) -> None:
    await room.say(talk, cards.help_card())


# -- which clip is meant -------------------------------------------------------------------------------------------


def _media_of(talk: Talk) -> Any:
    """The message that brings a picture or a film: one's own, or the one that is answered."""
    message = talk.message
    if message is None:
        return None
    if file_of(message) is not None:
        return message
    answered = message.reply_to_message
    return answered if answered is not None and file_of(answered) is not None else None


async def clip_answered(room: Room, talk: Talk) -> str | None:
    """The clip that the answered message shows."""
    answered = talk.message.reply_to_message if talk.message is not None else None
    if answered is None:
        return None
    found = await shown_at(room, talk.where, answered.message_id)
    if found is not None and found.kind == "clip":
        return str(found.about)
    is_ours = answered.from_user is not None and answered.from_user.id == room.line.bot.id
    if is_ours or (answered.via_bot is not None and answered.via_bot.id == room.line.bot.id):
        return await _id_in(room, answered.caption or "")
    return None


async def _id_in(room: Room, caption: str) -> str | None:
    """A clip of ours that is named in a caption: a message sent inline is on no record."""
    for word in caption.split():
        clip_id = read_letters(word) if len(word) == 8 else None
        if clip_id is not None:
            try:
                await room.studio.clip(clip_id)
            except StudioError:
                continue
            return clip_id
    return None


async def _clip_meant(room: Room, talk: Talk, text: str) -> tuple[str | None, str]:
    """The clip that is answered, or that is named first; and the other words."""
    if (answered := await clip_answered(room, talk)) is not None:
        return answered, text
    first, _, rest = text.partition(" ")
    named = read_letters(first)
    return (named, rest.strip()) if named is not None else (None, text)


async def _need_clip(room: Room, talk: Talk, text: str) -> str:
    clip_id, _ = await _clip_meant(room, talk, text)
    if clip_id is None:
        if text:
            raise StudioError("id.malformed", typed=text[:40])
        raise StudioError("telegram.which_clip")
    return clip_id


COMMANDS: Final[Mapping[str, Command]] = {
    "create": create,
    "remix": remix,
    "loop": loop,
    "extend": extend,
    "cut": cut,
    "blend": blend,
    "views": views,
    "show": show,
    "library": library,
    "explore": explore,
    "verify": verify,
    "credits": credits,
    "queue": queue,
    "report": report,
    "appeal": appeal,
    "link": link,
    "privacy": privacy,
    "help": help_command,
}
