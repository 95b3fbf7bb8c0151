"""The diffusion renderer: a member's brief, through a model that the operator installed, to footage.

The model is loaded at the first take and stays at hand. When a take does not fit into the GPU's memory, the model is
placed more carefully and the take begun again, until no more careful plan is left.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.brief import Operation
from engine.errors import StudioError
from engine.footage import Footage, Pixels
from engine.renderers.base import Model, Rendering, RenderOrder
from engine.renderers.diffusion import memory
from engine.renderers.diffusion.loading import Shelf
from engine.renderers.diffusion.profile import Plan, Profile
from engine.renderers.diffusion.sampling import Wish, frames_of, sample

if TYPE_CHECKING:
    import torch

log = logging.getLogger(__name__)

_SHELF: Final = Shelf()  # of this worker


@dataclass(frozen=True)
class DiffusionRenderer:
    """Clips made by a trained model. Needs a model on this machine, and a GPU to be of use."""

    profile: Profile
    folder: Path
    shelf: Shelf = _SHELF
    tell: Callable[[int, int], None] = lambda done, of: None
    stopped: Callable[[], bool] = lambda: False

    name = "diffusion"
    is_draft = False
    trained = True

    @property
    def version(self) -> str:
        return f"1+{self.profile.name}-{self.profile.version}"

    def draw(self, order: RenderOrder) -> Rendering:
        brief, profile = order.brief, self.profile
        if brief.operation is not Operation.CREATE or brief.cards or brief.sources:
            raise StudioError("profile.cannot", profile=profile.title, operation=brief.operation.value)
        wanted = -(-order.count * profile.frames.fps // order.fps)
        if wanted > profile.frames.most:
            raise StudioError("profile.too_long", profile=profile.title, seconds=f"{profile.longest_seconds:.1f}")
        width, height = profile.pictures.snapped(*order.size)
        wish = Wish(
            prompt=_prompt(brief.prompt, brief.look.style),
            seed=order.seed,
            width=width,
            height=height,
            frames=profile.frames.snapped(wanted),
            quality=brief.quality,
        )
        footage = Footage(
            width=order.size[0],
            height=order.size[1],
            fps=order.fps,
            count=order.count,
            layout="rgb24",
            frames=self._frames(order, wish),
        )
        return Rendering(footage=footage, model=Model(profile.title, profile.version, profile.licence.name))

    def _frames(self, order: RenderOrder, wish: Wish) -> Iterator[Pixels]:
        made = self._made(wish)
        yield from frames_of(made, order.size, order.count, order.fps, self.profile.frames.fps)

    def _made(self, wish: Wish) -> "torch.Tensor":
        """The clip in the model's own size; placed more carefully, and tried again, when there was no room for it."""
        import torch

        plan: Plan | None = None
        while True:
            try:
                loaded = self.shelf.get(self.profile, self.folder, plan)
                plan = loaded.plan
                return sample(loaded, wish, self.tell, self.stopped)
            except torch.OutOfMemoryError as error:
                plan = memory.after(plan or Plan.RESIDENT)
                log.warning("no room for a take with %s; next plan: %s", self.profile.name, plan)
                self.shelf.clear()
                if plan is None:
                    raise StudioError("model.no_room", profile=self.profile.title) from error


def _prompt(prompt: str, style: str | None) -> str:
    """What the model is told: the member's own words, and the style by its name."""
    return f"{prompt}, {style} style" if style else prompt
