"""What benchmarks share: taking turns, so that a busy moment falls on all, and saying how much they scattered."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass
class Timings:
    """Seconds on the clock and seconds of CPU, one of each a round."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.wall)

    @property
    def median_cpu(self) -> float:
        return statistics.median(self.cpu)

    def __str__(self) -> str:
        spread = f"{min(self.wall):.2f} to {max(self.wall):.2f}"
        return f"median {self.median:.2f} s ({spread}), CPU {self.median_cpu:.2f} s"


def in_turns(contestants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Timings]:
    """Run each once to warm up, then all of them again and again, every second round in the opposite order."""
    for contestant in contestants.values():
        contestant()
    timings = {name: Timings() for name in contestants}
    order = list(contestants.items())
    for number in range(rounds):
        for name, contestant in order if number % 2 == 0 else reversed(order):
            cpu, wall = time.process_time(), time.perf_counter()
            contestant()
            timings[name].wall.append(time.perf_counter() - wall)
            timings[name].cpu.append(time.process_time() - cpu)
    return timings


def ratio(one: Timings, other: Timings) -> str:
    """How many times as long one takes as the other: the median over rounds, since neighbours share their moment."""
    by_round = [mine / theirs for mine, theirs in zip(one.wall, other.wall, strict=True)]
    cpu = [mine / theirs for mine, theirs in zip(one.cpu, other.cpu, strict=True)]
    return (
        f"{statistics.median(by_round):.2f} times ({min(by_round):.2f} to {max(by_round):.2f}); "
        f"{statistics.median(cpu):.2f} times the CPU"
    )


def describe_machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {_processor()}, {cores} cores; Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}; load {load}"
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
