"""Brings clips and notices to where they were asked for on Telegram, once.

A result takes the place of the job's progress message, which is on record before anything is put into it: an edit, and
the same however often it is made. A late sibling gets a message of its own in the same way: a line first, then the clip
in its place. Only an album cannot be made out of a message. It is put on record before it is sent, so that one which a
crash may have doubled is known, counted and told to the log.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from telegram import Message as Sent

from bots.telegram import cards
from bots.telegram.address import PLATFORM, Address, Where
from bots.telegram.budget import Urgency
from bots.telegram.films import BLANK, Films, size_of
from bots.telegram.line import Closed, Line, MessageGone, reaching_telegram
from bots.telegram.text import Card, told
from bots.telegram.watching import Watch
from bots.wording import say, speaking
from engine.delivery import PlaceClosed, PlatformAway
from engine.handed import Clip
from engine.jobs import TakeState
from engine.studio import Studio
from engine.viewing import JobView
from storage import posted
from storage.outbox import Message
from storage.posted import Posted

log = logging.getLogger(__name__)

CLIP: Final = "clip"
ALBUM: Final = "album"  # a place kept for one that is being sent
NOTE: Final = "note"
LONGEST_WAIT: Final = 3.0  # seconds that a message waits for its chat's turn: there is one delivery at a time
# What is still being made: an album waits for it.
_COMING: Final = frozenset({TakeState.WAITING, TakeState.RENDERED, TakeState.ALLOWED})


class TelegramCourier:
    platform = PLATFORM

    def __init__(self, studio: Studio, line: Line, watch: Watch, films: Films) -> None:
        self._studio = studio
        self._line = line
        self._watch = watch
        self._films = films
        self.is_ready = asyncio.Event()

    async def deliver(self, message: Message) -> Mapping[str, Any]:
        address = Address.model_validate(message.address)
        with speaking(address.language):
            async with reaching_telegram():
                if not self.is_ready.is_set():
                    raise PlatformAway("not connected yet")
                if self._line.budget.expected(self._line.now_at(address.chat)) > LONGEST_WAIT:
                    raise PlatformAway("its chat has had as many messages as it may")  # others' are not held up by it
                async with self._watch.lock_of(message.job_id):
                    try:
                        if message.take_id is not None and message.kind == "post":
                            return await self._deliver_clip(message.take_id, message.job_id, address)
                        if message.kind == "edit":
                            return await self._change_what_was_posted(message, address)
                        return await self._deliver_notice(message, address)
                    except Closed as closed:
                        raise PlaceClosed("telegram.nowhere", cause=str(closed)) from closed

    # -- clips -----------------------------------------------------------------------------------------------------

    async def _deliver_clip(self, clip_id: str, job_id: str, address: Address) -> Mapping[str, Any]:
        view = await self._studio.job(job_id)
        if (there := await self._shown_where(clip_id, job_id)) is not None:
            return _receipt(Where.read(there.place), there.message)
        if len(view.takes) == 1:
            return await self._into_progress(view, await self._studio.clip(clip_id), address)
        if any(take.state in _COMING for take in view.takes):
            raise PlatformAway("its siblings are still being made")  # for a moment: an album shows them together
        shown = await self._unshown(view)
        message = await self._watch.message_of(job_id)
        if message is not None and message.content.get("chooses"):
            return await self._beside(view, await self._studio.clip(clip_id), address)  # decided after the others
        if len(shown) == 1:
            return await self._into_progress(view, shown[0], address)
        return await self._as_album(view, shown, clip_id, address)

    async def _shown_where(self, clip_id: str, job_id: str) -> Posted | None:
        """The message in which this job's result stands already."""
        async with self._studio.database.reading() as tx:
            found = await posted.about(tx, PLATFORM, CLIP, clip_id)
        return next((one for one in found if one.content.get("job") == job_id), None)

    async def _unshown(self, view: JobView) -> list[Clip]:
        return [one for one in view.clips if await self._shown_where(one.id, view.id) is None]

    async def _into_progress(self, view: JobView, clip: Clip, address: Address) -> Mapping[str, Any]:
        """The clip in place of the progress message: there is one of it, whenever we are killed."""
        for _ in range(3):
            message = await self._watch.message_of(view.id)
            if message is None:
                message = await self._watch.begin(view, address, told("🎬 …"), Urgency.RESULT)
            where = Where.read(message.place)
            film = await self._films.film(clip, self._line.upload_limit)
            ahead = say(f"discord.gathering.reel_of_{address.reel_of}") if address.reel_of is not None else ""
            card = cards.clip(clip, view.brief, missing=view.takes, size=size_of(film), ahead=ahead)
            try:
                if film is None:
                    await self._line.become_picture(where, message.message, await self._films.still(clip), card)
                    return await self._note_clip(where, message.message, clip, view, None)
                changed = await self._line.become_film(where, message.message, film, card)
            except MessageGone as gone:
                log.info("the message of %s is gone: %s", view.id, gone)
                await self._watch.forget(message)
            else:
                return await self._note_clip(where, message.message, clip, view, changed)
        raise PlatformAway("messages vanish as soon as they are sent")

    async def _beside(self, view: JobView, clip: Clip, address: Address) -> Mapping[str, Any]:
        """A clip that comes after its siblings: a line of its own first, which then becomes it."""
        for _ in range(3):
            async with self._studio.database.reading() as tx:
                note = next(iter(await posted.about(tx, PLATFORM, NOTE, clip.id)), None)
            if note is None:
                sent = await self._line.send(address.where, told("🎬 …"), to=address.answers, urgency=Urgency.RESULT)
                where = Where(sent.chat_id, address.thread)
                async with self._studio.database.writing() as tx:
                    await posted.note(tx, PLATFORM, str(where), sent.message_id, kind=NOTE, about=clip.id)
                continue
            where = Where.read(note.place)
            film = await self._films.film(clip, self._line.upload_limit)
            card = cards.clip(clip, view.brief, size=size_of(film))
            try:
                if film is None:
                    await self._line.become_picture(where, note.message, await self._films.still(clip), card)
                    return await self._note_clip(where, note.message, clip, view, None)
                changed = await self._line.become_film(where, note.message, film, card)
            except MessageGone:
                await self._watch.forget(note)
            else:
                return await self._note_clip(where, note.message, clip, view, changed)
        raise PlatformAway("messages vanish as soon as they are sent")

    async def _as_album(
        self, view: JobView, shown: Sequence[Clip], clip_id: str, address: Address
    ) -> Mapping[str, Any]:
        films = [await self._films.film(one, self._line.upload_limit) for one in shown]
        whole = [film for film in films if film is not None]
        if len(whole) < len(films):
            clip = next(one for one in shown if one.id == clip_id)
            return await self._beside(view, clip, address)
        doubtful = await self._begin_album(view)
        sent = await self._line.send_album(address.where, whole, cards.album(view, shown), to=address.answers)
        if doubtful:
            log.warning("the album of %s may stand there twice: the process died while it was sent", view.id)
        where = Where(sent[0].chat_id, address.thread)
        async with self._studio.database.writing() as tx:
            for clip, one in zip(shown, sent, strict=True):
                await self._note(tx, where, one.message_id, clip, view, one)
            await posted.forget(tx, PLATFORM, _place_of(view.id), 0)
        await self._choose(view, shown, address)
        return _receipt(where, sent[[one.id for one in shown].index(clip_id)].message_id)

    async def _begin_album(self, view: JobView) -> bool:
        """Put on record that an album is on its way; True when one was already, and nobody knows whether it came."""
        async with self._studio.database.writing() as tx:
            begun = await posted.at(tx, PLATFORM, _place_of(view.id), 0)
            times = int(begun.content.get("begun", 0)) + 1 if begun is not None else 1
            await posted.note(tx, PLATFORM, _place_of(view.id), 0, kind=ALBUM, about=view.id, content={"begun": times})
        return times > 1

    async def _choose(self, view: JobView, shown: Sequence[Clip], address: Address) -> None:
        """Under an album there can be no buttons: the progress message has them."""
        card = cards.choosing(view, shown)
        message = await self._watch.message_of(view.id)
        if message is not None:
            try:
                await self._watch.write(message, card, Urgency.RESULT, still=None, keeps=True)
            except MessageGone:
                await self._watch.forget(message)
                message = None
        if message is None:
            message = await self._watch.begin(view, address, card, Urgency.RESULT)
        async with self._studio.database.writing() as tx:
            chooses = {**message.content, "chooses": True}
            await posted.change(tx, PLATFORM, message.place, message.message, chooses)

    async def _note_clip(
        self, where: Where, message: int, clip: Clip, view: JobView, sent: Sent | None
    ) -> Mapping[str, Any]:
        async with self._studio.database.writing() as tx:
            await self._note(tx, where, message, clip, view, sent)
        return _receipt(where, message)

    async def _note(self, tx: Any, where: Where, message: int, clip: Clip, view: JobView, sent: Sent | None) -> None:
        file = {"file": sent.video.file_id} if sent is not None and sent.video is not None else {}
        content = {"job": view.id, **file}
        await posted.note(tx, PLATFORM, str(where), message, kind=CLIP, about=clip.id, content=content)

    # -- taken down, and back --------------------------------------------------------------------------------------

    async def _change_what_was_posted(self, message: Message, address: Address) -> Mapping[str, Any]:
        """Take a clip out of the message that carried it, or put it back; and out of every other of ours."""
        clip_id, notice = str(message.content["clip"]), message.content["notice"]
        async with self._studio.database.reading() as tx:
            shown = await posted.about(tx, PLATFORM, CLIP, clip_id)
        view = await self._studio.job(message.job_id)
        back = next((one for one in view.clips if one.id == clip_id), None) if notice == "restored" else None
        for one in shown:
            where = Where.read(one.place)
            try:
                if back is not None:
                    film = await self._films.film(back, self._line.upload_limit)
                    restored = cards.clip(back, view.brief, size=size_of(film))
                    if one.content.get("channel"):
                        restored = cards.in_channel(back, view.brief, self._line.link, size=size_of(film))
                    if film is not None:
                        await self._line.become_film(where, one.message, film, restored)
                elif notice == "taken_down":
                    await self._replace_with_notice(where, one, view, clip_id)
            except (MessageGone, Closed) as gone:
                log.info("message %s of %s has nothing left to change: %s", one.message, where, gone)
        return dict(message.content["of"] or {})

    async def _replace_with_notice(self, where: Where, shown: Posted, view: JobView, clip_id: str) -> None:
        """A message of more than 48 hours cannot be deleted, and any can be changed: so it always is."""
        card = cards.taken_down(view.id, clip_id)
        await self._line.become_picture(where, shown.message, BLANK, card)

    # -- notices ---------------------------------------------------------------------------------------------------

    async def _deliver_notice(self, message: Message, address: Address) -> Mapping[str, Any]:
        notice = message.content.get("notice")
        if notice == "statement":
            return await self._deliver_statement(message, address)
        if notice == "remixed":
            clip, remix = str(message.content["clip"]), str(message.content["remix"])
            sentence = "🎨 " + say("discord.remixed", clip=clip, remix=remix)
            return await self._say_once(message.key, address, told(sentence))
        view = await self._studio.job(message.job_id)
        if notice == "overdue":
            return await self._say_once(message.key, address, told("⏳ " + say("telegram.overdue", job=view.id)))
        if any(take.state in (TakeState.SEALED, TakeState.DELIVERED) for take in view.takes):
            return {}  # what became of the others stands with the clips
        return await self._tell_state(view, address)

    async def _tell_state(self, view: JobView, address: Address) -> Mapping[str, Any]:
        card = cards.job(view, {})
        message = await self._watch.message_of(view.id)
        if message is not None:
            try:
                await self._watch.write(message, card, Urgency.RESULT, still=None)
            except MessageGone:
                await self._watch.forget(message)
                message = None
        if message is None:
            message = await self._watch.begin(view, address, card, Urgency.RESULT)
        return _receipt(Where.read(message.place), message.message)

    async def _deliver_statement(self, message: Message, address: Address) -> Mapping[str, Any]:
        """Why something was decided: for the member alone. Who never opened a private chat presses for it."""
        job = (await self._studio.job(message.job_id)).job
        one = await self._studio.desk.statement(int(message.content["decision"]), job.member_id)
        if one is None:
            return {}
        to_member = address.model_copy(update={"chat": address.user, "thread": None, "answers": None})
        try:
            return await self._say_once(message.key, to_member, cards.statements([one]))
        except Closed as closed:
            log.info("statement %s cannot be told, and stands behind the button: %s", message.key, closed)
            return {}

    async def _say_once(self, key: str, address: Address, card: Card) -> Mapping[str, Any]:
        """Something that is nobody's progress. Killed between saying and noting it, it is said a second time."""
        about = key[:40]
        async with self._studio.database.reading() as tx:
            note = next(iter(await posted.about(tx, PLATFORM, NOTE, about)), None)
        if note is None:
            sent = await self._line.send(address.where, card, urgency=Urgency.RESULT)
            async with self._studio.database.writing() as tx:
                await posted.note(tx, PLATFORM, str(Where(sent.chat_id)), sent.message_id, kind=NOTE, about=about)
            return _receipt(Where(sent.chat_id), sent.message_id)
        return _receipt(Where.read(note.place), note.message)


def _place_of(job_id: str) -> str:
    """Where an album stands that has no place yet."""
    return f"{ALBUM}:{job_id}"


def _receipt(where: Where, message: int) -> dict[str, Any]:
    return {"chat": where.chat, "thread": where.thread, "message": message}
