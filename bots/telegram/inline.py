"""@kinora in any chat: a finished clip of one's own, found by its id or its words, sent there without the bot."""

from typing import Final

from telegram import InlineQuery, InlineQueryResultCachedVideo, InlineQueryResultsButton

from bots.telegram import cards
from bots.telegram.address import Where
from bots.telegram.people import speaker_of
from bots.telegram.room import Room
from bots.telegram.text import CAPTION_LIMIT, plain
from bots.wording import say, speaking
from engine.errors import StudioError
from engine.members import Asker
from engine.names import read_letters
from storage.library import View

RESULTS: Final = 30
TITLE: Final = 60
CACHED_FOR: Final = 5  # seconds: what was taken down must not be found for long


async def answer(room: Room, query: InlineQuery) -> None:
    """Only clips that Telegram has had once can be sent like this: those are the ones that were delivered here."""
    speaker = speaker_of(query.from_user, Where(query.from_user.id))
    with speaking(speaker.language):
        asker = await room.people.asker(speaker)
        results = []
        for clip_id, title in await _found(room, asker, query.query.strip()):
            file = await room.films.known_file(clip_id)
            if file is None:
                continue
            clip = await room.studio.clip(clip_id)
            brief = (await room.studio.job(clip.job_id)).brief
            shown = cards.clip(clip, brief if clip.member_id == asker.member_id else None).fitted(CAPTION_LIMIT)
            named = plain(title, TITLE) or clip_id
            results.append(
                InlineQueryResultCachedVideo(
                    clip_id,
                    file,
                    named,
                    description=clip_id,
                    caption=str(shown),
                    caption_entities=shown.entities,
                )
            )
        button = InlineQueryResultsButton(say("telegram.inline.make"), start_parameter="new")
        await room.line.bot.answer_inline_query(
            query.id, results, cache_time=CACHED_FOR, is_personal=True, button=button
        )  # fmt: skip


async def _found(room: Room, asker: Asker, words: str) -> list[tuple[str, str]]:
    if (clip_id := read_letters(words)) is not None:
        try:
            await room.studio.remixing.check_seen(asker, clip_id)
            await room.studio.clip(clip_id)
        except StudioError:
            return []
        return [(clip_id, clip_id)]
    if words:
        try:
            page = await room.studio.library.search(asker, words, limit=RESULTS)
        except StudioError:  # no word in it that could be looked for
            return []
    else:
        page = await room.studio.library.page(asker, View.MADE, limit=RESULTS)
    return [(one.clip_id, one.title or str(one.brief.get("prompt") or "")) for one in page.items]
