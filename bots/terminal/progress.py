"""How a job gets on, as it happens: a bar for each take, and the place in the queue while there is nothing to draw yet.

Only where somebody watches: nothing is printed when standard error is not a terminal.
"""

import asyncio
from typing import Final

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from bots import stories
from bots.terminal import screen
from bots.wording import say
from engine.jobs import ENDED_TAKES, STORE_AWAY, JobState, TakeState
from engine.studio import Studio
from storage.events import EventRow

_LOOK_AT_PLACE_EVERY: Final = 0.5  # seconds
_STEPS: Final = {TakeState.RENDERED: "inspecting", TakeState.ALLOWED: "sealing", TakeState.SEALED: "delivering"}


async def show_progress(studio: Studio, job_id: str) -> None:
    """Until the job rests."""
    if not screen.ERR.is_terminal:
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=32),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen.ERR, transient=True) as bars:
        board = _Board(bars, (await studio.job(job_id)).brief.takes)
        placing = asyncio.create_task(_keep_placing(studio, job_id, board))
        try:
            async for event in studio.follow(job_id):
                board.note(event)
        finally:
            placing.cancel()


async def _keep_placing(studio: Studio, job_id: str, board: "_Board") -> None:
    while True:
        view = await studio.job(job_id)
        board.place(view.state, view.place)
        await asyncio.sleep(_LOOK_AT_PLACE_EVERY)


class _Board:
    def __init__(self, bars: Progress, takes: int) -> None:
        self._bars = bars
        self._takes = takes
        self._whole: TaskID = bars.add_task(say("progress.asked"), total=None)
        self._by_number: dict[int, TaskID] = {}

    def place(self, state: JobState, place: int | None) -> None:
        """What the whole job waits for, as long as no take is being drawn."""
        if self._by_number:
            return
        if place:
            self._bars.update(self._whole, description=say("progress.place", place=place))
        else:
            self._bars.update(self._whole, description=stories.state_name(state))

    def note(self, event: EventRow) -> None:
        number = event.data.get("number")
        if event.kind == "progress" and isinstance(number, int):
            done, of = int(event.data.get("done", 0)), int(event.data.get("of", 0))
            self._bars.update(self._bar(number), completed=done, total=of or None)
        elif event.kind == "take" and isinstance(number, int):
            self._step(number, TakeState(event.data["state"]))
        elif event.kind == "retry":
            self._bars.console.print(say("progress.retry"), style="yellow")
        elif event.kind == STORE_AWAY:
            self._bars.console.print(say("progress.store_away"), style="yellow")

    def _step(self, number: int, state: TakeState) -> None:
        bar = self._bar(number)
        if state in ENDED_TAKES or state is TakeState.HELD:
            self._bars.update(bar, description=self._named(number, say(f"take.{state}")), total=1, completed=1)
        elif state in _STEPS:
            self._bars.update(bar, description=self._named(number, say(f"progress.{_STEPS[state]}")), total=None)

    def _bar(self, number: int) -> TaskID:
        if number not in self._by_number:
            self._bars.update(self._whole, visible=False)
            self._by_number[number] = self._bars.add_task(self._named(number, say("progress.drawing")), total=None)
        return self._by_number[number]

    def _named(self, number: int, step: str) -> str:
        return step if self._takes == 1 else say("progress.of", number=number, takes=self._takes, step=step)
