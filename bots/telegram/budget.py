"""How many messages may be sent where, and when: shared by all that this bot does, so that nobody says "slow down".

Telegram's bounds: one message a second in a chat, 20 a minute in a group, 30 a second overall; edits count, actions and
answers to presses do not. A chat has one request on its way at a time, and the time between two is counted from the end
of the first: an upload that takes a while would else arrive together with what follows it.
"""

import asyncio
import itertools
import logging
import time
import warnings
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from typing import Any, Final

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

log = logging.getLogger(__name__)

IN_A_CHAT: Final = 1.1  # seconds between two messages: a little more than Telegram asks for
IN_A_GROUP: Final = 19  # a minute
OVERALL: Final = 27  # a second
MINUTE: Final = 61.0
SECOND: Final = 1.05
# Of a group's minute, progress leaves this much to results and answers.
LEFT_TO_RESULTS: Final = 11
ATTEMPTS: Final = 5
_COUNTED: Final = ("send", "edit", "copy", "forward", "pin")  # a pinned message is told in the chat by another one
_NOT_COUNTED: Final = frozenset({"sendChatAction"})


class Urgency(IntEnum):
    ANSWER = 0  # somebody waits for it
    RESULT = 1
    PROGRESS = 2


@dataclass
class _Chat:
    is_busy: bool = False
    free_at: float = 0.0
    sent: deque[float] = field(default_factory=deque)


@dataclass(order=True)
class _Waiting:
    urgency: int
    number: int
    chat: int = field(compare=False)
    count: int = field(compare=False)
    turn: "asyncio.Future[None]" = field(compare=False)


class Budget:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._born = clock()
        self._chats: dict[int, _Chat] = {}
        self._overall: deque[float] = deque()
        self._on_the_way = 0
        self._waiting: list[_Waiting] = []
        self._numbers = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def sending(self, chat: int, urgency: Urgency, count: int = 1) -> AsyncIterator[None]:
        """Wait for this chat's turn, and hold it while the request is on its way. `count`: parts of an album."""
        turn = asyncio.get_running_loop().create_future()
        waiting = _Waiting(urgency, next(self._numbers), chat, count, turn)
        self._waiting.append(waiting)
        self._waiting.sort()
        self._give_turns()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._done(chat, count)
            elif waiting in self._waiting:
                self._waiting.remove(waiting)
            raise
        try:
            yield
        finally:
            self._done(chat, count)

    def has_room_for_progress(self, chat: int) -> bool:
        """Whether an edit that nobody would miss can go out now, with enough left for what somebody waits for."""
        at, known = self._clock(), self._chats.get(chat)
        if any(one.chat == chat for one in self._waiting) or len(self._waiting) > OVERALL // 2:
            return False
        if known is None:
            return chat > 0 or at >= self._born + MINUTE
        _forget(known.sent, at - MINUTE)
        spare = self._most(at) - LEFT_TO_RESULTS if chat < 0 else IN_A_GROUP
        return not known.is_busy and known.free_at <= at and len(known.sent) < spare

    def expected(self, chat: int) -> float:
        """In how many seconds a message of this chat would have its turn, as far as can be seen now."""
        ahead = sum(one.chat == chat for one in self._waiting)
        known, at = self._chats.setdefault(chat, _Chat()), self._clock()
        _forget(known.sent, at - MINUTE)
        wait = max(0.0, known.free_at - at)
        if chat < 0 and (over := len(known.sent) + ahead + 1 - self._most(at)) > 0 and known.sent:
            wait = max(wait, known.sent[min(over, len(known.sent)) - 1] + MINUTE - at)
        return wait + IN_A_CHAT * ahead

    def _most(self, at: float) -> int:
        """How many messages a minute a group takes: fewer at first, as the process before this one sent some, too."""
        return IN_A_GROUP if at >= self._born + MINUTE else IN_A_GROUP // 2

    def hold(self, chat: int, seconds: float) -> None:
        """Telegram said how long this chat has to wait."""
        known = self._chats.setdefault(chat, _Chat())
        known.free_at = max(known.free_at, self._clock() + seconds)

    def _done(self, chat: int, count: int) -> None:
        known, at = self._chats[chat], self._clock()
        known.is_busy = False
        known.free_at = max(known.free_at, at + IN_A_CHAT)
        known.sent.extend([at] * count)
        self._overall.append(at)
        self._on_the_way -= 1
        self._give_turns()

    def _give_turns(self) -> None:
        """Let everybody go who may; look again when the next one may."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        at = self._clock()
        _forget(self._overall, at - SECOND)
        soonest: float | None = None
        passed: set[int] = set()
        for one in list(self._waiting):
            if len(self._overall) + self._on_the_way >= OVERALL:
                soonest = min(soonest or at + SECOND, (self._overall[0] if self._overall else at) + SECOND)
                break
            wait = 0.01 if one.chat in passed else self._wait(one, at)
            if wait > 0:
                passed.add(one.chat)  # nobody of this chat overtakes
                soonest = at + wait if soonest is None else min(soonest, at + wait)
                continue
            self._waiting.remove(one)
            self._chats[one.chat].is_busy = True
            self._on_the_way += 1
            if not one.turn.done():
                one.turn.set_result(None)
            else:
                self._done(one.chat, 0)
        if self._waiting and soonest is not None:
            later = max(0.01, soonest - at)
            self._timer = asyncio.get_running_loop().call_later(later, self._give_turns)
        self._forget_idle(at)

    def _wait(self, one: _Waiting, at: float) -> float:
        known = self._chats.setdefault(one.chat, _Chat())
        if known.is_busy:
            return MINUTE  # its end looks again
        _forget(known.sent, at - MINUTE)
        wait = known.free_at - at
        if one.chat < 0 and (over := len(known.sent) + one.count - self._most(at)) > 0 and known.sent:
            wait = max(wait, known.sent[min(over, len(known.sent)) - 1] + MINUTE - at)
        return wait

    def _forget_idle(self, at: float) -> None:
        if len(self._chats) > 5_000:
            idle = [chat for chat, one in self._chats.items() if not one.is_busy and one.free_at < at - MINUTE]
            for chat in idle:
                del self._chats[chat]


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()


def seconds_of(refused: RetryAfter) -> float:
    """How long Telegram wants silence. The library is about to make a timedelta of it, and warns of that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wait = refused.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


class Limiter(BaseRateLimiter[Urgency]):
    """Puts every request of python-telegram-bot under the budget. Its own limiter knows no priorities, retries nothing
    by default, and halts every chat when one is told to wait."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.told_to_wait = 0

    async def initialize(self) -> None:
        return

    async def shutdown(self) -> None:
        return

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Urgency | None,
    ) -> Any:
        chat = data.get("chat_id")
        if not (endpoint.startswith(_COUNTED) and endpoint not in _NOT_COUNTED and isinstance(chat, int)):
            return await callback(*args, **kwargs)
        count = len(data.get("media") or [1]) if endpoint == "sendMediaGroup" else 1
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self.budget.sending(chat, rate_limit_args or Urgency.ANSWER, count):
                    return await callback(*args, **kwargs)
            except RetryAfter as refused:
                self.told_to_wait += 1
                wait = seconds_of(refused)
                log.warning("telegram asks for %s s of silence in a chat", wait)
                self.budget.hold(chat, wait + 0.5)
                if attempt == ATTEMPTS or rate_limit_args is Urgency.PROGRESS:
                    raise
        raise AssertionError("the last attempt answers or raises")
