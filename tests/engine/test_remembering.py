"""Large sums are kept for a while and made anew when something changed; small ones always are."""

from engine.remembering import KEPT_FOR, Remembered


class Counting:
    """A sum that grows by ten with each time it is made."""

    def __init__(self, first: int) -> None:
        self.now = 100.0
        self._next = first
        self._remembered: Remembered[int] = Remembered(lambda sum_: sum_ >= 100, lambda: self.now)

    async def look(self, who: str = "mei") -> int:
        async def add_up() -> int:
            self._next += 10
            return self._next - 10

        return await self._remembered.get(who, add_up)

    def change(self, who: str = "mei") -> None:
        self._remembered.forget(who)


async def test_small_sums_are_always_new() -> None:
    sums = Counting(70)
    assert [await sums.look(), await sums.look()] == [70, 80]


async def test_a_large_sum_is_kept_until_its_time_or_until_something_changes() -> None:
    sums = Counting(100)
    assert [await sums.look(), await sums.look()] == [100, 100]
    sums.now += KEPT_FOR - 0.001
    assert await sums.look() == 100
    sums.now += 0.001
    assert await sums.look() == 110
    sums.change()
    assert await sums.look() == 120


async def test_what_is_somebody_elses_is_not_mixed_up() -> None:
    sums = Counting(100)
    assert [await sums.look("mei"), await sums.look("li"), await sums.look("mei")] == [100, 110, 100]
    sums.change("li")
    assert [await sums.look("mei"), await sums.look("li")] == [100, 120]


async def test_a_sum_that_something_changed_under_is_not_kept() -> None:
    remembered: Remembered[int] = Remembered(lambda _: True)

    async def changed_meanwhile() -> int:
        remembered.forget("mei")
        return 1

    async def after_it() -> int:
        return 2

    assert await remembered.get("mei", changed_meanwhile) == 1
    assert await remembered.get("mei", after_it) == 2
    assert await remembered.get("mei", changed_meanwhile) == 2
