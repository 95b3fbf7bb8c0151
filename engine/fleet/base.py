"""What every fleet is: a place where tasks are done, away from the event loop."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from engine.renderers.means import Means
from storage.errors import CodedError

Answer = TypeVar("Answer", bound=BaseModel)
Progress = Callable[[dict[str, Any]], Awaitable[None]]


class Lane(StrEnum):
    """Quick tasks do not wait behind a clip that takes minutes."""

    QUICK = "quick"
    HEAVY = "heavy"
    MODEL = "model"  # a worker of its own: its model stays at hand, and drafts do not wait behind it
    SKETCH = "sketch"  # previews: whoever builds does not wait behind a clip, nor whoever asks behind a preview
    GUARD = "guard"  # models that read words while clips are made: neither lane waits for them


class Bench(Protocol):
    """What a worker puts at a task's disposal."""

    @property
    def data(self) -> Path: ...

    @property
    def files(self) -> str | None:
        """The store where the files are; None: in the data folder."""

    @property
    def policy(self) -> Path | None: ...

    @property
    def certificate(self) -> tuple[Path, Path | None, tuple[str, ...]] | None:
        """The operator's chain, its key, and the program that signs where the key cannot be read."""

    @property
    def means(self) -> Means: ...

    @property
    def models(self) -> Path | None:
        """The operator's own list of models."""

    def report(self, **progress: object) -> None:
        """Say how far the task is; a task that says nothing for too long is taken to hang."""

    def cancelled(self) -> bool:
        """Whether the task should end now."""


class Task(BaseModel, Generic[Answer]):
    """A piece of heavy work: plain data that crosses to a worker, with the function that does it there.

    `do` imports what it needs itself: the process that only talks never loads it.
    """

    model_config = ConfigDict(frozen=True)

    lane: ClassVar[Lane] = Lane.QUICK
    patience: ClassVar[float | None] = None  # seconds of silence that mean it hangs; None: as the fleet is set
    grace: ClassVar[float] = 3.0  # seconds that it has to end by itself when it is called off

    def do(self, bench: Bench) -> Answer:
        raise NotImplementedError

    def time_limit(self) -> float:
        """Seconds after which it is taken to run in circles, however much it reports. The fleet may stretch them."""
        return 60.0

    def travels(self) -> bool:
        """Whether another machine may do it: all its files lie in the data folder, and it can wait for its turn."""
        return False

    @classmethod
    def address(cls) -> str:
        """Where a worker finds this class."""
        return f"{cls.__module__}:{cls.__qualname__}"

    @staticmethod
    def at(address: str) -> "type[Task[Any]]":
        module, _, name = address.partition(":")
        found = getattr(import_module(module), name)
        if not (isinstance(found, type) and issubclass(found, Task)):
            raise TypeError(f"{address} is no task")
        return found

    @classmethod
    def answer_type(cls) -> type[Answer]:
        """The answer's model, as named in `class Draw(Task[Drawn])`."""
        for base in cls.__mro__:
            arguments = getattr(base, "__pydantic_generic_metadata__", {}).get("args")
            if arguments:
                return arguments[0]  # type: ignore[no-any-return]
        raise TypeError(f"{cls.__name__} does not say what it answers")


class TaskFailed(CodedError):
    """The task ended in an error of its own; trying again would give the same."""


class TaskCancelled(Exception):
    """The task was ended because its job was cancelled."""


class WorkerLost(TaskFailed):
    """The worker died, hung, took too long or grew too large while it did the task: worth another attempt."""


class Fleet(Protocol):
    async def get_ready(self) -> None:
        """Called before the first job is taken up; StudioError where the fleet could not do it."""

    async def rest(self) -> None:
        """Called when no more jobs are taken up: what others may need is given back."""

    async def do(self, task: Task[Answer], *, progress: Progress | None = None) -> Answer:
        """Have the task done. Cancelling the caller ends the task too."""

    async def close(self) -> None: ...
