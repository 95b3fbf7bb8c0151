"""What can be asked of such a server: words, and a picture to begin with. Light: it is asked before the price."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

from engine.brief import Operation
from engine.errors import StudioError
from engine.renderers.diffusion.script import words
from engine.renderers.means import RemoteMeans
from engine.renderers.order import RenderOrder

_CAN: Final = frozenset({Operation.CREATE, Operation.ANIMATE})
_MULTIPLE: Final = 16  # of both sides: what every open model's pictures are made of
# What OpenAI's own service makes.
_OPENAI_SECONDS: Final = (4, 8, 12)


@dataclass(frozen=True)
class Wanted:
    """A request's fields, and how large a picture is to begin with."""

    fields: Mapping[str, str]
    width: int
    height: int


def check_possible(order: RenderOrder) -> None:
    """StudioError for what the interface has no words for."""
    if order.brief.operation not in _CAN:
        raise StudioError("remote.cannot", operation=order.brief.operation.value)


def wanted(order: RenderOrder, means: RemoteMeans) -> Wanted:
    check_possible(order)
    width, height = (max(1, round(side / _MULTIPLE)) * _MULTIPLE for side in order.size)
    seconds = _seconds(order, means.fields)
    fields = {"prompt": words(order.brief, order.sources), "seconds": str(seconds), "size": f"{width}x{height}"}
    if means.model:
        fields["model"] = means.model
    if means.fields == "open":
        fields |= {"seed": str(order.seed), "fps": str(order.fps), "num_frames": str(order.count)}
    return Wanted(fields, width, height)


def _seconds(order: RenderOrder, fields: Literal["openai", "open"]) -> int:
    """Whole ones: it is trimmed afterwards."""
    seconds = ceil(order.count / order.fps)
    if fields == "open":
        return seconds
    enough = next((length for length in _OPENAI_SECONDS if length >= seconds), None)
    if enough is None:
        raise StudioError("remote.cannot", operation=f"{seconds} s")
    return enough
