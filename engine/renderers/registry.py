"""Renderers by the word a member may choose them by. Each is imported only where it draws: in a worker.

`check` is asked before anything is reserved: it says in words what the renderer could not do.
"""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.errors import StudioError
from engine.renderers.means import Means
from engine.renderers.order import RenderOrder

if TYPE_CHECKING:  # what they draw with is heavy
    from engine.renderers.base import Renderer
    from engine.renderers.diffusion.profile import Profile

ANIMATIC: Final = "animatic"
DIFFUSION: Final = "diffusion"
REMOTE: Final = "remote"
RENDERERS: Final = (ANIMATIC, DIFFUSION, REMOTE)

_NOTHING: Final = Means()
Tell = Callable[[int, int], None]
Ask = Callable[[], bool]


def known(means: Means) -> list[str]:
    """Those that this studio has."""
    is_there = {ANIMATIC: True, DIFFUSION: bool(means.diffusion.profiles), REMOTE: means.remote.url is not None}
    return [name for name in RENDERERS if is_there[name]]


def check(order: RenderOrder, name: str, means: Means, data: Path) -> None:
    """StudioError when this studio has no such renderer, or it cannot do this. `order`: its files need not be there."""
    if name not in known(means):
        raise StudioError("renderer.unknown", renderer=name[:40], known=", ".join(known(means)))
    match name:
        case "diffusion":
            _check_diffusion(order, means, data)
        case "remote":
            from engine.renderers.remote.asking import check_possible

            check_possible(order)


def _check_diffusion(order: RenderOrder, means: Means, data: Path) -> None:
    from engine.renderers.diffusion.script import best_for, write

    if find_spec("torch") is None or find_spec("diffusers") is None:
        raise StudioError("weights.not_installed")
    profile = best_for(write(order), profiles_of(means), order.brief.operation, order.fps)
    profile.check_pulled(models_of(means, data))


def profiles_of(means: Means) -> "tuple[Profile, ...]":
    from engine.renderers.diffusion.profile import Profile

    return tuple(Profile.load(name) for name in means.diffusion.profiles)


def models_of(means: Means, data: Path) -> Path:
    return means.diffusion.models or data / "models"


def load(
    name: str,
    means: Means = _NOTHING,
    data: Path = Path(),
    *,
    tell: Tell = lambda done, of: None,
    stopped: Ask = lambda: False,
) -> "Renderer":
    """`tell` hears of steps before there are frames, `stopped` is asked between them."""
    match name:
        case "animatic":
            from engine.renderers.animatic.renderer import AnimaticRenderer

            return AnimaticRenderer()
        case "diffusion":
            from engine.renderers.diffusion.renderer import DiffusionRenderer

            return DiffusionRenderer(profiles_of(means), models_of(means, data), tell=tell, stopped=stopped)
        case "remote":
            from engine.renderers.remote.renderer import RemoteRenderer

            return RemoteRenderer(means.remote, tell=tell, stopped=stopped)
    raise StudioError("renderer.unknown", renderer=name[:40], known=", ".join(known(means)))
