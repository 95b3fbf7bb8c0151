"""The look that suits what a brief is made from, wherever a member did not choose one."""

from collections.abc import Sequence
from typing import Final

from engine.brief import SECONDS_LIMIT, SHORTEST_SECONDS, Aspect, Brief, Operation, Resolution, frame_size
from engine.errors import StudioError
from engine.sources import Standing

_AS_LONG_AS_ITS_SOURCE: Final = frozenset({Operation.REMIX, Operation.LOOP, Operation.VIEWS, Operation.BLEND})


def fitted(
    brief: Brief,
    found: Sequence[Standing],
    *,
    aspect: Aspect | None = None,
    resolution: Resolution | None = None,
    seconds: float | None = None,
) -> Brief:
    """Shape and size of the first source that moves, else of the first; as long as the operation makes it."""
    first = next((one for one in found if one.seconds), found[0] if found else None)
    look = brief.look.model_copy(
        update={
            "aspect": aspect or (aspect_of(first) if first else brief.look.aspect),
            "resolution": resolution or (resolution_of(first) if first else brief.look.resolution),
            "seconds": _seconds_of(brief, found, seconds),
        }
    )
    return Brief.model_validate(brief.model_dump() | {"look": look.model_dump()})


def used_seconds(one: Standing) -> float:
    """How much of a source the brief uses; nothing of a still has a length."""
    if not one.seconds:
        return 0.0
    end = one.seconds if one.source.end is None else min(one.source.end, one.seconds)
    return max(0.0, end - one.source.start)


def _seconds_of(brief: Brief, found: Sequence[Standing], asked: float | None) -> float:
    used = [used_seconds(one) for one in found]
    if brief.operation is Operation.RECUT and used and used[0]:
        # its length follows from the cut: what is asked for beside it would cut once more
        seconds = brief.before + used[0] + brief.after
    elif asked is not None:
        seconds = asked
    elif brief.operation in _AS_LONG_AS_ITS_SOURCE and any(used):
        seconds = max(SHORTEST_SECONDS, max(used))
    else:
        seconds = brief.look.seconds
    if not SHORTEST_SECONDS <= seconds <= SECONDS_LIMIT:
        raise StudioError("brief.seconds", shortest=f"{SHORTEST_SECONDS:g}", longest=f"{SECONDS_LIMIT:g}")
    return round(seconds, 4)


def aspect_of(one: Standing) -> Aspect:
    """The nearest of the three shapes."""
    shape = one.width / one.height

    def apart(aspect: Aspect) -> float:
        width, height = frame_size(aspect, Resolution.P480)
        return max(shape, width / height) / min(shape, width / height)

    return min(Aspect, key=apart)


def resolution_of(one: Standing) -> Resolution:
    """The largest that has no more lines than the source, at least the smallest."""
    short = min(one.width, one.height)
    fitting = [size for size in Resolution if min(frame_size(Aspect.WIDE, size)) <= short]
    return fitting[-1] if fitting else Resolution.P480
