"""Which models there are, which of them are here, and fetching them. Blocking: for a command's thread or a worker."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.fleet.base import Bench
from engine.places import Places
from engine.renderers.diffusion.profile import Profile, known
from storage.models import Catalogue, Model, Shelf, State
from storage.pulling import Hub, Telling, ask_hub, pull

if TYPE_CHECKING:  # a worker, which asks for the room alone, does without the settings
    from engine.settings import ModelSettings, Settings
    from safety.models import ModelRoom

_HOME: Final = Path(__file__).parents[1]
# The classifiers' list. A renderer's model is what its profile says.
SHIPPED: Final = (_HOME / "safety" / "models.toml",)


@dataclass(frozen=True)
class Standing:
    """A model and how much of it is here."""

    model: Model
    state: State
    bytes_here: int


def catalogue(own: Path | None = None) -> Catalogue:
    """The models of all rooms; the operator's own list wins."""
    files = [*SHIPPED, *([own] if own is not None else [])]
    profiles = [profile.as_model() for profile in map(Profile.load, known()) if profile.model is None]
    return Catalogue([*profiles, *Catalogue.load(files)])


def model_room(bench: Bench) -> "ModelRoom":
    """The models as a worker's classifiers find them."""
    from safety.models import ModelRoom

    changed = bench.models.stat().st_mtime_ns if bench.models is not None and bench.models.is_file() else 0
    return ModelRoom(Shelf(Places(bench.data).models), _catalogue(bench.models, changed))


@lru_cache(maxsize=1)
def _catalogue(own: Path | None, _changed: int) -> Catalogue:
    """Read once: reading all the lists takes longer than checking a prompt."""
    return catalogue(own)


class Models:
    def __init__(self, settings: "Settings") -> None:
        self._settings: ModelSettings = settings.models
        self.catalogue = catalogue(settings.models.list)
        self.shelf = Shelf(Places(settings.data.resolve()).models)

    def all(self) -> list[Standing]:
        return [self.standing(model) for model in self.catalogue]

    def standing(self, model: Model, *, thorough: bool = False) -> Standing:
        return Standing(self.shelf.pinned(model), self.shelf.state(model, thorough=thorough), self.shelf.used(model))

    def ask(self, name: str) -> Model:
        """The model with the size and the files that are to be fetched: what one agrees to before it is."""
        model = self.catalogue.get(name)
        pinned = self.shelf.pinned(model)
        return pinned if pinned.is_pinned else ask_hub(model, self._hub)

    def pull(self, model: Model, told: Telling, cancelled: Callable[[], bool] = lambda: False) -> Standing:
        pull(self.shelf, model, self._hub, told, cancelled)
        return self.standing(self.catalogue.get(model.name))

    def check(self, name: str) -> tuple[Standing, list[str]]:
        """Every byte hashed; with the files that are not what was pulled."""
        model = self.catalogue.get(name)
        standing = self.standing(model, thorough=True)
        return standing, self.shelf.damaged(model) if standing.state is State.DAMAGED else []

    def remove(self, name: str) -> int:
        return self.shelf.remove(self.catalogue.get(name))

    @property
    def _hub(self) -> Hub:
        token = self._settings.token
        return Hub(self._settings.hub, token.get_secret_value() if token else None)
