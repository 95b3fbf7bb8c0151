"""The diffusion renderer: a member's brief, through a model that the operator installed, to footage.

The model is loaded at the first take and stays at hand. When a take does not fit into the GPU's memory, the model is
placed more carefully and the segment begun again, until no more careful plan is left.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from engine.errors import StudioError
from engine.footage import Footage
from engine.renderers.base import Model, Rendering, RenderOrder
from engine.renderers.diffusion import memory
from engine.renderers.diffusion.loading import Loaded, Shelf
from engine.renderers.diffusion.playing import Play
from engine.renderers.diffusion.profile import Plan, Profile
from engine.renderers.diffusion.sampling import Wish, sample, words_left_out
from engine.renderers.diffusion.script import Made, best_for, write

if TYPE_CHECKING:
    import torch

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

_SHELF: Final = Shelf()  # of this worker


@dataclass(frozen=True)
class DiffusionRenderer:
    """Clips made by a trained model. Needs a model on this machine, and a GPU to be of use."""

    profiles: Sequence[Profile]  # the first that can do what is asked for is taken
    models: Path  # the folder in which each has a folder of its own
    shelf: Shelf = _SHELF
    tell: Callable[[int, int], None] = lambda done, of: None
    stopped: Callable[[], bool] = lambda: False

    name = "diffusion"
    is_draft = False
    trained = True

    @property
    def version(self) -> str:
        return "2+" + "+".join(f"{profile.name}-{profile.version}" for profile in self.profiles)

    def draw(self, order: RenderOrder) -> Rendering:
        script = write(order)
        profile = best_for(script, self.profiles, order.brief.operation, order.fps)
        told = tuple(dict.fromkeys(part.prompt for part in script.parts if isinstance(part, Made) and part.prompt))
        play = Play(order, script, profile, make=lambda wish: self._made(profile, wish, steps))
        steps = _Steps(play.segments(), self.tell)
        footage = Footage(
            width=order.size[0],
            height=order.size[1],
            fps=order.fps,
            count=order.count,
            layout="rgb24",
            frames=play.frames(),
        )
        return Rendering(
            footage=footage,
            notes=(*script.notes, *(["cut_short"] if self._is_cut_short(profile, told) else [])),
            model=Model(profile.title, profile.version, profile.licence.name),
            film={"kind": self.name, "said": ". ".join(told)},
        )

    def _is_cut_short(self, profile: Profile, told: Iterable[str]) -> bool:
        """Whether there are more words than the model can read: it would leave out the last ones without a word."""
        return self._with_room(profile, lambda loaded: any(words_left_out(loaded, text) for text in told))

    def _made(self, profile: Profile, wish: Wish, steps: "_Steps") -> "torch.Tensor":
        """The segment in the model's own size."""
        made = self._with_room(profile, lambda loaded: sample(loaded, wish, steps.tell, self.stopped))
        steps.segment_done()
        return made

    def _with_room(self, profile: Profile, work: Callable[[Loaded], Answer]) -> Answer:
        """Work with the model; placed more carefully, and begun again, when there was no room for it."""
        import torch

        plan: Plan | None = None
        while True:
            try:
                loaded = self.shelf.get(profile, profile.folder_in(self.models), plan)
                plan = loaded.plan
                return work(loaded)
            except torch.OutOfMemoryError as error:
                plan = memory.after(plan or Plan.RESIDENT)
                log.warning("no room for a take with %s; next plan: %s", profile.name, plan)
                self.shelf.clear()
                if plan is None:
                    raise StudioError("weights.no_room", profile=profile.title) from error

    def get_ready(self) -> None:
        """Load the model that is usually used, before anybody waits for it."""
        profile = self.profiles[0]
        self.shelf.get(profile, profile.folder_in(self.models))


class _Steps:
    """Steps done of all that a take needs, its segments counted alike."""

    def __init__(self, segments: int, tell: Callable[[int, int], None]) -> None:
        self._segments, self._tell = segments, tell
        self._done = 0

    def tell(self, done: int, of: int) -> None:
        self._tell(self._done * of + done, self._segments * of)

    def segment_done(self) -> None:
        self._done += 1
