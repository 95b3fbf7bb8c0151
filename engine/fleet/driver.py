"""The studio's line into the cluster: a process of its own, the only one of the studio's that loads Ray.

Ray ends a driver whose node or head it loses, keeps what it read from the environment at its import, and brings threads
and 100 MB along: none of that is for the process that talks to members. This one speaks as workers do, a JSON object a
line. In: {"setup": ...} first, then {"do": number, ...} or {"cancel": number}. Out: {"ready": ...} or {"refused": ...},
then {"number", "progress" | "done" | "error" | "lost"}, and {"notice": ...} for the operator's log. When standard input
ends the studio is gone: this process ends at once, and Ray ends everything that it had begun.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Final

import ray
from ray.exceptions import AuthenticationError, RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from engine.fleet.loopback import LOOPBACK, is_loopback, mean_loopback
from engine.fleet.seat import Seat, look_here

KINORA: Final = b"kinora"  # the cluster's note of which Kinora it belongs to
NEEDS: Final[dict[str, dict[str, Any]]] = {
    # Ray takes a processor for itself unless it is told otherwise; what a machine offers is said in seats.
    "heavy": {"num_cpus": 0, "resources": {"kinora_draw": 1}},
    "model": {"num_cpus": 0, "num_gpus": 1, "resources": {"kinora_gpu": 1}},
}
IDLE_SECONDS: Final = 600.0  # a seat that nobody needed for so long is given back, so that Ray can let machines go
REFUSED_PAUSE: Final = 60.0  # seconds until a machine that does not fit is tried again
FAILED_PAUSE: Final = 2.0
SLACK: Final = 30.0  # seconds beyond the worker's own patience; then the seat itself is taken to be lost
ENDING: Final = 10.0  # seconds beyond a task's own grace that a seat has to say that it ended
LOOK_SECONDS: Final = 20.0  # for a machine to answer the doctor


class Refused(Exception):
    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.answer = {"code": code, "params": params}


@dataclass
class Order:
    number: int
    lane: str
    address: str
    args: dict[str, Any]
    patience: float
    grace: float
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)


class Driver:
    def __init__(self, setup: dict[str, Any], say: Callable[..., None]) -> None:
        self._setup = setup
        self._say = say
        self._waiting: dict[str, deque[Order]] = {lane: deque() for lane in NEEDS}
        self._news = {lane: asyncio.Condition() for lane in NEEDS}
        self._seats: dict[str, set[asyncio.Task[None]]] = {lane: set() for lane in NEEDS}
        self._orders: dict[int, Order] = {}
        self._told: set[str] = set()

    # -- what the studio says --------------------------------------------------------------------------------------

    async def hear(self, message: dict[str, Any]) -> None:
        try:
            await self._hear(message)
        except Exception as error:
            self._notice("cluster.driver_erred", cause=f"{type(error).__name__}: {error}"[:500])

    async def _hear(self, message: dict[str, Any]) -> None:
        if "do" in message:
            order = Order(number=message.pop("do"), **message)
            self._orders[order.number] = order
            await self._put(order)
        elif unwanted := self._orders.get(message.get("cancel", -1)):
            unwanted.cancelled.set()
            self._drop_cancelled(unwanted.lane)
        elif "look" in message:
            self._say(looked=await asyncio.to_thread(look_around, self._setup))

    async def _put(self, order: Order, *, first: bool = False) -> None:
        queue = self._waiting[order.lane]
        async with self._news[order.lane]:
            queue.appendleft(order) if first else queue.append(order)
            self._news[order.lane].notify()
        self._fill(order.lane)

    def _fill(self, lane: str) -> None:
        """As many seats as there are tasks, up to the bound. One that Ray has no room for waits until there is some."""
        wanted = sum(order.lane == lane for order in self._orders.values())
        while len(self._seats[lane]) < min(wanted, self._setup["seats"][lane]):
            task = asyncio.create_task(self._keep_seat(lane))
            self._seats[lane].add(task)
            task.add_done_callback(lambda done: self._seat_ended(lane, done))

    def _seat_ended(self, lane: str, task: "asyncio.Task[None]") -> None:
        self._seats[lane].discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._notice("cluster.seat_failed", cause=f"{type(error).__name__}: {error}"[:500])
        self._fill(lane)

    # -- seats -----------------------------------------------------------------------------------------------------

    async def _keep_seat(self, lane: str) -> None:
        setup = self._setup
        bounds = dict(setup["bounds"])
        if lane == "model":
            bounds["memory_mb"] = bounds["model_memory_mb"]
        actor: Any = (
            ray.remote(Seat)
            .options(**NEEDS[lane], max_restarts=0, max_task_retries=0)
            .remote(setup["worker"], bounds, lane, setup["folder_name"])
        )
        try:
            if not await self._fits(actor):
                return
            while (order := await self._next(lane)) is not None:
                if not await self._see_through(actor, order):
                    return
        finally:
            ray.kill(actor)

    async def _fits(self, actor: Any) -> bool:
        """Whether the machine may be used. One that does not fit is kept occupied, so that Ray chooses another."""
        try:
            about = await actor.introduce.remote()
        except RayError as error:  # no Kinora there, or the machine was lost meanwhile
            self._notice("cluster.seat_failed", cause=_first_line(error))
            await asyncio.sleep(FAILED_PAUSE)
            return False
        if about["draining"]:
            await asyncio.sleep(FAILED_PAUSE)
            return False
        mine = version("kinora")
        if about["kinora"] != mine:
            self._notice("cluster.other_version", host=about["host"], theirs=about["kinora"], ours=mine)
        elif not about["sees_the_folder"]:
            self._notice("cluster.other_folder", host=about["host"], folder=about["data"])
        else:
            return True
        await asyncio.sleep(REFUSED_PAUSE)
        return False

    async def _next(self, lane: str) -> Order | None:
        """The next task for a seat; None when none came for long."""
        async with self._news[lane]:
            while True:
                self._drop_cancelled(lane)
                if self._waiting[lane]:
                    return self._waiting[lane].popleft()
                try:
                    await asyncio.wait_for(self._news[lane].wait(), IDLE_SECONDS)
                except TimeoutError:
                    return None

    def _drop_cancelled(self, lane: str) -> None:
        for order in [one for one in self._waiting[lane] if one.cancelled.is_set()]:
            self._waiting[lane].remove(order)
            self._end(order, error={"code": "task.cancelled", "params": {}})

    async def _see_through(self, actor: Any, order: Order) -> bool:
        """Have the task done; False when the seat is of no use any more."""
        stream = actor.do.options(num_returns="streaming").remote(order.number, order.address, order.args)
        calling_off = asyncio.create_task(self._call_off(actor, order))
        has_begun = False
        try:
            while True:
                async with asyncio.timeout(order.patience + SLACK):
                    message = await (await anext(stream))
                if "begun" in message:
                    has_begun = True
                elif "progress" in message:
                    self._say(number=order.number, **message)
                elif "draining" in message:
                    await self._put(order, first=True)
                    return False
                else:
                    self._end(order, **message)
                    return True
        except (RayError, StopAsyncIteration, TimeoutError) as error:
            if has_begun or order.cancelled.is_set():
                self._end(order, lost={"code": "worker.seat_lost", "params": {"cause": _first_line(error)}})
            else:  # the seat was gone already: that is no attempt
                await self._put(order, first=True)
            return False
        finally:
            calling_off.cancel()

    async def _call_off(self, actor: Any, order: Order) -> None:
        """Once the studio wants the task no more: tell the seat, and end it when it does not listen."""
        await order.cancelled.wait()
        actor.cancel.remote(order.number)
        await asyncio.sleep(order.grace + ENDING)
        ray.kill(actor)

    def _end(self, order: Order, **message: Any) -> None:
        self._orders.pop(order.number, None)
        self._say(number=order.number, **message)

    def _notice(self, code: str, **params: object) -> None:
        """Something for the operator, once."""
        key = json.dumps([code, params], sort_keys=True)
        if key not in self._told:
            self._told.add(key)
            self._say(notice={"code": code, "params": params})


# -- coming in -------------------------------------------------------------------------------------------------------


def connect(address: str) -> None:
    """Become a driver of the cluster; Refused with the reason otherwise."""
    check_cluster(address)
    if is_loopback(address):
        mean_loopback()
    try:
        ray.init(
            address=address,
            namespace="kinora",
            log_to_driver=False,
            logging_level=logging.ERROR,
            configure_logging=False,
            _node_ip_address=LOOPBACK if is_loopback(address) else None,
        )
    except (RayError, RuntimeError, ValueError, OSError) as error:
        raise Refused("cluster.no_node_here", address=address, cause=_first_line(error)) from error


def check_cluster(address: str) -> None:
    """Whether it is there, lets us in, and is of our versions. What no Kinora wrote yet is written: it is ours now."""
    gcs = _ask(address)
    metadata = json.loads(gcs.internal_kv_get(b"CLUSTER_METADATA", b"cluster", timeout=10) or b"{}")
    theirs = (gcs.internal_kv_get(KINORA, KINORA, timeout=10) or b"").decode()
    ours = {"kinora": version("kinora"), "python": sys.version.split()[0], "ray": ray.__version__}
    if not theirs:
        gcs.internal_kv_put(KINORA, ours["kinora"].encode(), True, KINORA, timeout=10)
    found = {
        "kinora": theirs or ours["kinora"],
        "python": metadata.get("python_version", ours["python"]),
        "ray": metadata.get("ray_version", ours["ray"]),
    }
    if found != ours:
        raise Refused("cluster.versions", theirs=_versions(found), ours=_versions(ours))


def _ask(address: str) -> Any:
    from ray._raylet import GcsClient  # type: ignore[attr-defined]  # compiled, without types

    try:
        return GcsClient(address=address)
    except AuthenticationError as error:
        raise Refused("cluster.token_refused", address=address) from error
    except RayError as error:
        raise Refused("cluster.unreachable", address=address) from error


def drain(address: str, node_name: str) -> None:
    """Have Ray put nothing new on the node."""
    from ray.core.generated import autoscaler_pb2

    gcs = _ask(address)
    for node_id, node in gcs.get_all_node_info(timeout=10).items():
        if node.node_name == node_name:
            reason = autoscaler_pb2.DrainNodeReason.Value("DRAIN_NODE_REASON_PREEMPTION")
            gcs.drain_node(node_id.hex(), reason, "kinora worker was told to stop", 0)


def look_around(setup: dict[str, Any]) -> list[dict[str, Any]]:
    """Each machine of the cluster, as it is and as it says it is."""
    looking = ray.remote(look_here)
    found = []
    for node in ray.nodes():
        about: dict[str, Any] = {"address": node["NodeManagerAddress"], "name": node["NodeName"]}
        about |= {"alive": node["Alive"], "resources": node["Resources"]}
        if node["Alive"]:
            where = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            asked = looking.options(num_cpus=0, scheduling_strategy=where, max_retries=0)
            began = time.time()
            try:
                said = ray.get(asked.remote(setup["worker"]["data"], setup["folder_name"]), timeout=LOOK_SECONDS)
                began_again = time.time()
                said = ray.get(asked.remote(setup["worker"]["data"], setup["folder_name"]), timeout=LOOK_SECONDS)
                ended = time.time()
            except RayError as error:
                about |= {"cause": _first_line(error)}
            else:
                about |= said | {"first": began_again - began, "round_trip": ended - began_again}
                about["skew"] = said["clock"] - (began_again + ended) / 2
        found.append(about)
    return found


def _versions(found: dict[str, str]) -> str:
    return f"Kinora {found['kinora']}, Python {found['python']}, Ray {found['ray']}"


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), "") or type(error).__name__


# -- the process -----------------------------------------------------------------------------------------------------


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the studio, which tells us what to do
    # Ray and its libraries print; nothing of that may end up between our messages.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    writing = threading.Lock()

    def say(**message: Any) -> None:
        with writing:
            out.write(json.dumps(message).encode() + b"\n")
            out.flush()

    lines = sys.stdin.buffer
    first = lines.readline()
    if not first:
        return
    setup = json.loads(first)["setup"]
    try:
        if "node" in setup:  # an errand of a machine that joins or leaves
            check_cluster(setup["address"]) if setup["node"] is None else drain(setup["address"], setup["node"])
            say(ready=os.getpid())
            return
        connect(setup["address"])
    except Refused as refused:
        say(refused=refused.answer)
        return
    say(ready=os.getpid())
    asyncio.run(_listen(Driver(setup, say), lines))


async def _listen(driver: Driver, lines: Any) -> None:
    loop = asyncio.get_running_loop()

    def listen() -> None:
        for line in lines:
            asyncio.run_coroutine_threadsafe(driver.hear(json.loads(line)), loop)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
