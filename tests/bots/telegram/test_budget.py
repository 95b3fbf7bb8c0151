"""The budget of messages against Telegram's flood control, on a clock of its own: an hour takes a moment."""

import asyncio
import bisect
import random
import selectors
from collections import Counter
from collections.abc import Coroutine
from typing import Any

import pytest
from telegram.error import RetryAfter

from bots.telegram.budget import Budget, Limiter, Urgency
from tests.worlds.telegram.flood import Flood

HOUR = 3_600.0


class SkippingSelector(selectors.DefaultSelector):
    """Instead of waiting, lets the time pass."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> Any:
        if timeout:
            self.passed += timeout
        return super().select(0)


class SkippingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.skipping = SkippingSelector()
        super().__init__(self.skipping)

    def time(self) -> float:
        return 1_000.0 + self.skipping.passed


def on_a_fast_clock(work: Coroutine[Any, Any, None]) -> None:
    loop = SkippingLoop()
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()


class Chats:
    """Telegram, as far as its flood control goes. An upload is on its way for a while."""

    def __init__(self, seed: int = 1) -> None:
        loop = asyncio.get_running_loop()
        self.flood = Flood(loop.time)
        self.budget = Budget(loop.time)
        self.limiter = Limiter(self.budget)
        self.done: Counter[int] = Counter()
        self.taken: list[tuple[float, int]] = []  # when, and where
        self._dice = random.Random(seed)

    def most_within(self, seconds: float, chat: int | None = None) -> int:
        """The most messages that Telegram took within such a time, in a chat or overall."""
        taken = [at for at, where in self.taken if chat in (None, where)]
        return max(bisect.bisect_left(taken, at + seconds) - number for number, at in enumerate(taken))

    async def send(self, chat: int, urgency: Urgency, *, upload: bool = False) -> None:
        on_the_way = self._dice.uniform(0.5, 8.0) if upload else self._dice.uniform(0.02, 0.4)

        async def post() -> bool:
            before = self._dice.uniform(0, on_the_way)
            await asyncio.sleep(before)
            if (wait := self.flood.refuse_for(chat)) is not None:
                raise RetryAfter(wait)
            self.taken.append((asyncio.get_running_loop().time(), chat))
            await asyncio.sleep(on_the_way - before)
            return True

        await self.limiter.process_request(post, (), {}, "sendVideo", {"chat_id": chat}, urgency)
        self.done[chat] += 1


def test_an_hour_of_busy_chats_without_being_told_to_slow_down_once() -> None:
    async def hour() -> None:
        chats, loop = Chats(), asyncio.get_running_loop()
        end = loop.time() + HOUR
        groups, privates = [-1, -2, -3, -4], list(range(1, 11))
        dice = random.Random(7)

        async def job(chat: int) -> None:
            """A progress message, edits whenever there is room, then the result."""
            while loop.time() < end:
                await asyncio.sleep(dice.expovariate(1 / 20))
                await chats.send(chat, Urgency.ANSWER)
                for _ in range(5):
                    await asyncio.sleep(4)
                    if chats.budget.has_room_for_progress(chat):
                        await chats.send(chat, Urgency.PROGRESS)
                await chats.send(chat, Urgency.RESULT, upload=True)

        await asyncio.gather(*(job(chat) for chat in [*groups * 3, *privates]))
        assert chats.flood.too_many == 0
        assert chats.limiter.told_to_wait == 0
        assert min(chats.done[chat] for chat in groups) > 300, "and groups are used as far as they allow"

    on_a_fast_clock(hour())


def test_two_hundred_people_at_once_are_served_at_the_overall_pace() -> None:
    async def crowd() -> None:
        chats, loop = Chats(), asyncio.get_running_loop()
        began = loop.time()
        await asyncio.gather(*(chats.send(chat, Urgency.ANSWER) for chat in range(1, 201)))
        assert chats.flood.too_many == 0
        assert loop.time() - began < 12

    on_a_fast_clock(crowd())


def test_many_jobs_at_once_in_one_group_keep_to_the_bounds_of_every_chat() -> None:
    """Counted from the moments at which messages were taken, and not by the model that would have refused them."""

    async def at_once() -> None:
        chats, group, privates = Chats(), -7, range(1, 31)

        async def job(chat: int) -> None:
            await chats.send(chat, Urgency.ANSWER)
            for _ in range(10):
                await asyncio.sleep(1)
                if chats.budget.has_room_for_progress(chat):
                    await chats.send(chat, Urgency.PROGRESS)
            await chats.send(chat, Urgency.RESULT, upload=True)

        await asyncio.gather(*(job(group) for _ in range(20)), *(job(chat) for chat in privates))
        assert chats.done[group] >= 40, "an answer and a result for each"
        assert chats.most_within(60, group) <= 20
        assert chats.most_within(1) <= 30
        assert max(chats.most_within(1, chat) for chat in (group, *privates)) <= 1
        assert chats.flood.too_many == chats.limiter.told_to_wait == 0

    on_a_fast_clock(at_once())


def test_a_result_does_not_wait_behind_progress_and_order_is_kept() -> None:
    async def urgent() -> None:
        chats = Chats()
        order: list[str] = []

        async def one(name: str, urgency: Urgency) -> None:
            await chats.send(-5, urgency)
            order.append(name)

        tasks = [asyncio.create_task(one("first", Urgency.RESULT))]
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(one(f"progress {number}", Urgency.PROGRESS)) for number in range(3)]
        tasks += [asyncio.create_task(one(name, Urgency.RESULT)) for name in ("second", "third")]
        await asyncio.gather(*tasks)
        assert order == ["first", "second", "third", "progress 0", "progress 1", "progress 2"]

    on_a_fast_clock(urgent())


# The library's own error warns of a change to come when it is made.
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_a_chat_that_is_told_to_wait_waits_and_others_do_not() -> None:
    async def told() -> None:
        chats, loop = Chats(), asyncio.get_running_loop()
        for _ in range(20):
            chats.flood.refuse_for(-5)  # somebody else's messages, or those of the process before this one
            await asyncio.sleep(1.1)
        began = loop.time()
        waiting = asyncio.create_task(chats.send(-5, Urgency.RESULT))
        await chats.send(-6, Urgency.RESULT)
        assert loop.time() - began < 2
        await waiting
        assert chats.limiter.told_to_wait == 1
        assert chats.done == {-6: 1, -5: 1}

    on_a_fast_clock(told())


def test_who_gives_up_waiting_leaves_no_hole() -> None:
    async def giving_up() -> None:
        chats = Chats()
        await chats.send(7, Urgency.ANSWER)
        tasks = [asyncio.create_task(chats.send(7, Urgency.ANSWER)) for _ in range(5)]
        await asyncio.sleep(0.2)
        for task in tasks[:4]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await chats.send(7, Urgency.ANSWER)
        assert chats.done[7] == 3
        assert chats.flood.too_many == 0

    on_a_fast_clock(giving_up())


@pytest.mark.parametrize("chat", [5, -5])
def test_actions_and_answers_to_presses_are_not_counted(chat: int) -> None:
    async def small() -> None:
        chats = Chats()

        async def post() -> bool:
            return True

        await asyncio.sleep(61)  # what the process before this one sent is over
        for _ in range(500):
            for endpoint in ("sendChatAction", "answerCallbackQuery", "getChatMember", "setMessageReaction"):
                await chats.limiter.process_request(post, (), {}, endpoint, {"chat_id": chat}, None)
        assert chats.budget.has_room_for_progress(chat)

    on_a_fast_clock(small())
