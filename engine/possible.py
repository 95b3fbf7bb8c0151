"""Whether a brief can be made here at all: asked before anything costs anything."""

from collections.abc import Sequence
from pathlib import Path

from engine.brief import Brief
from engine.renderers import registry
from engine.renderers.means import Means
from engine.renderers.order import RenderOrder, SourceFile
from engine.sources import Standing


def by_its_renderer(brief: Brief, means: Means) -> Brief:
    """The brief with the renderer that it will be made by: what it costs, and how it is told, follow from that."""
    if brief.renderer is not None or means.usual == registry.ANIMATIC:
        return brief
    return brief.model_copy(update={"renderer": means.usual})


def check_possible(brief: Brief, found: Sequence[Standing], means: Means, data: Path) -> None:
    """StudioError when the renderer cannot make this."""
    files = tuple(SourceFile(Path(one.sha256), one.sha256, one.media_type, one.seconds) for one in found)
    registry.check(RenderOrder(brief=brief, seed=0, sources=files), brief.renderer or registry.ANIMATIC, means, data)
