"""Sums over a great many rows, given again for a while.

What a library of 50,000 clips takes up is shown on every page of it, and takes half a second to add up. Small sums are
always made anew; a large one is a minute old at most, and made anew at once when its member changes something here.
"""

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Final, Generic, TypeVar

KEPT_FOR: Final = 60.0  # seconds
_MOST: Final = 1_000  # members at a time; when there are more, who came first goes

T = TypeVar("T")


class Remembered(Generic[T]):
    def __init__(self, is_large: Callable[[T], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._is_large = is_large
        self._clock = clock
        self._found: dict[Hashable, tuple[float, T]] = {}
        self._adding_up: set[Hashable] = set()

    async def get(self, key: Hashable, find: Callable[[], Awaitable[T]]) -> T:
        until, kept = self._found.get(key, (0.0, None))
        if kept is not None and self._clock() < until:
            return kept
        self._adding_up.add(key)
        try:
            answer = await find()
            nothing_changed = key in self._adding_up
        finally:
            self._adding_up.discard(key)
        self._found.pop(key, None)
        if nothing_changed and self._is_large(answer):
            self._found[key] = self._clock() + KEPT_FOR, answer
        while len(self._found) > _MOST:
            del self._found[next(iter(self._found))]
        return answer

    def forget(self, key: Hashable) -> None:
        self._adding_up.discard(key)
        self._found.pop(key, None)
