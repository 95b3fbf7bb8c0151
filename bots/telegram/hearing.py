"""What Telegram tells: kept before it is confirmed, acted on once, each person's in its order.

Telegram hands an update over again until a later one is asked for. So each is written down first; a process that dies
with updates in its hands finds them at the next start, and one that comes a second time is known by its number.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bots.telegram.line import Line
from engine.errors import StudioError
from engine.studio import Studio
from storage import heard
from storage.clock import now

log = logging.getLogger(__name__)

HEARD: Final = (
    *("message", "edited_message", "channel_post", "callback_query", "inline_query", "pre_checkout_query"),
    *("my_chat_member", "chat_member"),
)
WAIT: Final = 25  # seconds that Telegram holds a request until there is something to tell
AT_ONCE: Final = 100
TRY_AGAIN: Final = 3.0  # seconds
KNOWN_FOR_MS: Final = 3 * 24 * 3_600_000  # Telegram hands nothing over that is older than a day
FORGET_EVERY: Final = 3_600.0  # seconds

Act = Callable[[Update], Awaitable[None]]


class Hearing:
    def __init__(self, studio: Studio, line: Line, act: Act) -> None:
        self._studio = studio
        self._line = line
        self._act = act
        self._latest: dict[int, asyncio.Task[None]] = {}  # of each person
        self._payments: set[asyncio.Task[None]] = set()  # which wait for nothing else of the same person
        self._acted_on: list[int] = []

    @property
    def _source(self) -> str:
        return f"telegram:{self._line.bot.id}"

    async def keep_hearing(self) -> None:
        """Ask for news until cancelled."""
        offset: int | None = None
        while True:
            try:
                updates = await self._line.bot.get_updates(
                    offset=offset, limit=AT_ONCE, timeout=WAIT, allowed_updates=HEARD
                )
            except InvalidToken:
                raise StudioError("telegram.token_refused") from None
            except Conflict as conflict:
                log.warning("telegram tells its news to somebody else, too: %s", conflict)
                await asyncio.sleep(TRY_AGAIN)
                continue
            except (NetworkError, RetryAfter, TelegramError) as error:
                log.warning("telegram cannot be reached: %s", error)
                await asyncio.sleep(TRY_AGAIN)
                continue
            if updates:
                await self.take_in(updates)
                offset = updates[-1].update_id + 1

    async def go_on(self) -> None:
        """Act on what an earlier process took in and did not finish."""
        async with self._studio.database.reading() as tx:
            left = await heard.waiting(tx, self._source)
        for _, content in left:
            self._begin(self._read(content))

    async def take_in(self, updates: Sequence[Update]) -> None:
        """Write these down, and begin to act on those that are new. When this returns, none of them can be lost."""
        by_number = {one.update_id: one for one in updates}
        async with self._studio.database.writing() as tx:
            new = await heard.note(
                tx, self._source, {number: _plain(one.to_dict()) for number, one in by_number.items()}
            )
        for number in new:
            self._begin(by_number[number])

    async def take_in_raw(self, content: Mapping[str, Any]) -> None:
        await self.take_in([self._read(content)])

    def _read(self, content: Mapping[str, Any]) -> Update:
        update = Update.de_json(dict(content), self._line.bot)
        assert update is not None
        return update

    def _begin(self, update: Update) -> None:
        if _is_payment(update):  # Telegram waits ten seconds for it, and a film that is looked at may take longer
            task = asyncio.create_task(self._in_order(update, None))
            self._payments.add(task)
            task.add_done_callback(self._payments.discard)
            return
        who = update.effective_user.id if update.effective_user is not None else 0
        task = asyncio.create_task(self._in_order(update, self._latest.get(who)))
        self._latest[who] = task
        task.add_done_callback(lambda done: self._forget(who, done))

    def _forget(self, who: int, done: "asyncio.Task[None]") -> None:
        if self._latest.get(who) is done:
            del self._latest[who]

    async def _in_order(self, update: Update, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await asyncio.wait({before})
        try:
            await self._act(update)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("an update failed")
        self._acted_on.append(update.update_id)

    async def keep_noting(self) -> None:
        """Write down what was acted on, many at a time: a crowd's updates are not worth a write each."""
        forgotten = 0.0
        while True:
            await asyncio.sleep(0.3)
            done, self._acted_on = self._acted_on, []
            if done:
                async with self._studio.database.writing() as tx:
                    await heard.acted_on(tx, self._source, done)
            if (at := asyncio.get_running_loop().time()) - forgotten > FORGET_EVERY:
                forgotten = at
                async with self._studio.database.writing() as tx:
                    await heard.forget_before(tx, now() - KNOWN_FOR_MS)

    async def finish(self) -> None:
        """Let what has begun come to its end, for a moment."""
        if under_way := {*self._latest.values(), *self._payments}:
            await asyncio.wait(under_way, timeout=2.0)


def _is_payment(update: Update) -> bool:
    is_paid = update.message is not None and update.message.successful_payment is not None
    return is_paid or update.pre_checkout_query is not None


def _plain(told: Any) -> Any:
    """As JSON. The library leaves the date of a message that is not to be seen any more as it holds it."""
    if isinstance(told, Mapping):
        return {key: _plain(one) for key, one in told.items()}
    if isinstance(told, list | tuple):
        return [_plain(one) for one in told]
    return int(told.timestamp()) if isinstance(told, datetime) else told
