"""How a model fits into this machine: the quickest plan for which there is room, and the next when it did not fit."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from engine.renderers.diffusion.profile import Plan, Profile

GB: Final = 1024**3
# What a group of blocks, and the next one that is fetched meanwhile, take of the largest part.
_GROUPS_SHARE: Final = 0.25
_LEAST_SHARE: Final = 0.02
_SPARE_GB: Final = 0.5  # the driver's own, and what the allocator cannot use


@dataclass(frozen=True)
class Weights:
    """What the parts of a model weigh on disk, which is what they weigh in memory."""

    whole: int
    largest: int

    @classmethod
    def lying_in(cls, folder: Path, *, halved: bool = False) -> "Weights":
        """Read off the files, not believed of the profile: an operator may bring a smaller or a quantised model.

        `halved`: the part that denoises will be kept in eight bits a weight.
        """
        parts = [
            sum(size for _, size in _weight_files(part)) // (2 if halved and part.name.startswith("transformer") else 1)
            for part in folder.iterdir()
            if part.is_dir()
        ]
        return cls(sum(parts), max(parts, default=0))


def _weight_files(part: Path) -> Iterator[tuple[Path, int]]:
    """Weights that will be loaded: a folder may hold the same ones in two formats, or shards with an index."""
    index = next(iter(sorted(part.glob("*.safetensors.index.json"))), None)
    if index is not None:
        names = set(json.loads(index.read_text())["weight_map"].values())
        files = [part / name for name in names]
    else:
        files = sorted(part.glob("*.safetensors"))
    for file in files:
        yield file, file.stat().st_size


def needed(plan: Plan, weights: Weights, profile: Profile) -> float:
    """Free bytes on the GPU that the plan asks for."""
    held = {
        Plan.RESIDENT: float(weights.whole),
        Plan.MODEL: float(weights.largest),
        Plan.GROUP: weights.largest * _GROUPS_SHARE,
        Plan.SEQUENTIAL: weights.largest * _LEAST_SHARE,
    }[plan]
    return held + (profile.working_gb + _SPARE_GB) * GB


def choose(weights: Weights, profile: Profile, free: int) -> Plan:
    """The quickest plan that fits into so many free bytes; the most careful one when none seems to."""
    return next((plan for plan in Plan if needed(plan, weights, profile) <= free), Plan.SEQUENTIAL)


def after(plan: Plan) -> Plan | None:
    """What to try when a plan did not fit after all; None when nothing is left to try."""
    return dict(pairwise(Plan)).get(plan)
