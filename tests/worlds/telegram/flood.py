"""Telegram's flood control: how many messages a bot may send or change."""

import math
from collections import deque
from collections.abc import Callable
from typing import Final

OVERALL: Final = 30  # a second
IN_A_GROUP: Final = 20  # a minute
BURST: Final = 2  # messages in a chat at once; after that one a second
# What is no message is not counted: actions, reactions, answers to presses, looks. A pin is told in the chat by one.
COUNTED: Final = ("send", "edit", "copy", "forward", "pin")
NOT_COUNTED: Final = frozenset({"sendChatAction"})


class Flood:
    """Bounds as the Bot API's FAQ names them. A bot that is told to wait and does not is told to wait longer."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._overall: deque[float] = deque()
        self._chats: dict[int, tuple[float, float]] = {}  # tokens left, and when they were counted
        self._groups: dict[int, deque[float]] = {}
        self._banned: dict[int, float] = {}
        self.too_many = 0

    @staticmethod
    def counts(method: str) -> bool:
        return method.startswith(COUNTED) and method not in NOT_COUNTED

    def refuse_for(self, chat: int, count: int = 1) -> int | None:
        """Seconds to wait, or None when the message is taken, and counted. An album counts as each of its parts
        towards a minute's, and as one towards a second's."""
        at = self._now()
        wait = max(0.0, self._banned.get(chat, 0.0) - at)
        wait = max(wait, self._wait_overall(at), self._wait_chat(chat, at), self._wait_group(chat, at, count))
        if wait > 0:
            self.too_many += 1
            seconds = max(1, math.ceil(wait))
            self._banned[chat] = at + seconds
            return seconds
        self._overall.append(at)
        tokens, since = self._chats.get(chat, (float(BURST), at))
        self._chats[chat] = (min(BURST, tokens + at - since) - 1, at)
        if chat < 0:
            self._groups.setdefault(chat, deque()).extend([at] * count)
        return None

    def _wait_overall(self, at: float) -> float:
        while self._overall and self._overall[0] <= at - 1:
            self._overall.popleft()
        return self._overall[0] + 1 - at if len(self._overall) >= OVERALL else 0.0

    def _wait_chat(self, chat: int, at: float) -> float:
        tokens, since = self._chats.get(chat, (float(BURST), at))
        left = min(BURST, tokens + at - since)
        return max(0.0, 1 - left) if left < 1 - 1e-6 else 0.0

    def _wait_group(self, chat: int, at: float, count: int) -> float:
        sent = self._groups.get(chat)
        if chat > 0 or sent is None:
            return 0.0
        while sent and sent[0] <= at - 60:
            sent.popleft()
        over = len(sent) + count - IN_A_GROUP
        return sent[over - 1] + 60 - at if over > 0 and sent else 0.0
