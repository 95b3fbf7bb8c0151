"""Renderers by the word a member may choose them by. Each is imported only where it draws: in a worker."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from engine.errors import StudioError

if TYPE_CHECKING:  # what it draws with is heavy
    from engine.renderers.base import Renderer


def _animatic() -> "Renderer":
    from engine.renderers.animatic.renderer import AnimaticRenderer

    return AnimaticRenderer()


RENDERERS: Final[dict[str, "Callable[[], Renderer]"]] = {"animatic": _animatic}


def load(name: str) -> "Renderer":
    try:
        return RENDERERS[name]()
    except KeyError:
        raise StudioError("renderer.unknown", renderer=name, known=", ".join(RENDERERS)) from None
