"""A worker process: reads tasks from standard input, does them one after the other, answers on standard output.

One JSON object a line. In: {"setup": ...} first, then {"task": name, "args": ...} or {"cancel": true}. Out:
{"ready": pid}, {"progress": ...}, {"done": answer} or {"error": {"code", "params"}}. When standard input ends, the
studio is gone, and so is the worker, at once and in the middle of whatever it does.
"""

import faulthandler
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from engine.renderers.means import Means

PROGRESS_PAUSE = 0.2  # seconds between two reports: more would only be thrown away
# The process that talks to members comes first where there are fewer cores than work: it needs little, but at once.
NICENESS = 5


def _certificate(given: dict[str, Any] | None) -> tuple[Path, Path | None, tuple[str, ...]] | None:
    if given is None:
        return None
    return Path(given["chain"]), Path(given["key"]) if given["key"] else None, tuple(given["command"])


class Workbench:
    """The Bench of this process: what was said at setup, and the line back to the studio."""

    def __init__(self, setup: dict[str, Any], out: BinaryIO) -> None:
        self.data = Path(setup["data"])
        self.files: str | None = setup.get("files")
        self.policy = Path(setup["policy"]) if setup.get("policy") else None
        self.certificate = _certificate(setup.get("certificate"))
        self._means = setup.get("means") or {}
        self.models = Path(setup["models"]) if setup.get("models") else None
        self._out = out
        self._cancelled = threading.Event()
        self._reported = 0.0

    @property
    def means(self) -> "Means":
        from engine.renderers.means import Means

        return Means.model_validate(self._means)

    def report(self, **progress: object) -> None:
        # a still comes once: were it thrown away, nobody would ever see it
        if "still" in progress or time.monotonic() - self._reported >= PROGRESS_PAUSE:
            self._reported = time.monotonic()
            self.say(progress=progress)

    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        self._cancelled.set()

    def begin(self) -> None:
        self._cancelled.clear()
        self._reported = 0.0

    def say(self, **message: object) -> None:
        self._out.write(json.dumps(message).encode() + b"\n")
        self._out.flush()


def _do(bench: Workbench, name: str, args: dict[str, Any]) -> None:
    from engine.fleet.base import Task, TaskCancelled
    from storage.errors import CodedError

    bench.begin()
    try:
        task = Task.at(name).model_validate(args)
        bench.say(done=task.do(bench).model_dump(mode="json"))
    except TaskCancelled:
        bench.say(error={"code": "task.cancelled", "params": {}})
    except CodedError as error:
        bench.say(error={"code": error.code, "params": {name: str(value) for name, value in error.params.items()}})
    except MemoryError:
        os._exit(1)  # nothing sensible can be done here any more; the fleet starts a fresh worker
    except Exception as error:
        params = {"cause": f"{type(error).__name__}: {error}"}
        bench.say(error={"code": "task.crashed", "params": params, "trace": traceback.format_exc()})


def _listen(bench: Workbench, lines: BinaryIO, waiting: "queue.Queue[dict[str, Any]]") -> None:
    for line in lines:
        message = json.loads(line)
        if message.get("cancel"):
            bench.cancel()
        else:
            waiting.put(message)
    os._exit(0)


def main() -> None:
    # Anything that prints (a library's warning, FFmpeg) must not end up between our messages.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the studio, which tells us what to do
    faulthandler.enable()

    lines = sys.stdin.buffer
    first = lines.readline()
    if not first:
        return
    bench = Workbench(json.loads(first)["setup"], out)
    waiting: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=(bench, lines, waiting), daemon=True).start()
    bench.say(ready=os.getpid())
    while True:
        message = waiting.get()
        _do(bench, message["task"], message["args"])


if __name__ == "__main__":
    main()
