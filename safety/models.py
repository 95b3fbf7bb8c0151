"""The models that the gate may ask: from a name in the policy's profile to a classifier that is loaded.

A name that is none of the gate's own is a model of the catalogue, or a plug-in: an installed package that registers a
function under the entry point `kinora.pictures` or `kinora.text`; it is called without arguments and answers with a
classifier. Loaded once in a process; every byte of a model is checked before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Any, Final

from storage.models import Catalogue, ModelError, Shelf

PICTURES: Final = "kinora.pictures"
TEXT: Final = "kinora.text"

_loaded: dict[tuple[str, str], Any] = {}  # by the shelf's folder and the name


@dataclass(frozen=True)
class ModelRoom:
    shelf: Shelf
    catalogue: Catalogue = field(default_factory=lambda: Catalogue([]))

    def pictures(self, name: str) -> Any:
        """A `PictureClassifier`."""
        return self._classifier(name, PICTURES, _picture_readers)

    def text(self, name: str) -> Any:
        """A `TextClassifier`."""
        return self._classifier(name, TEXT, _text_readers)

    def _classifier(self, name: str, group: str, readers: Callable[[], Mapping[str, Callable[..., Any]]]) -> Any:
        key = (str(self.shelf.root), name)
        if key not in _loaded:
            _loaded[key] = self._plugged_in(name, group) or self._from_shelf(name, readers())
        return _loaded[key]

    @staticmethod
    def _plugged_in(name: str, group: str) -> Any:
        for point in entry_points(group=group, name=name):
            return point.load()()
        return None

    def _from_shelf(self, name: str, readers: Mapping[str, Callable[..., Any]]) -> Any:
        model = self.catalogue.get(name)
        folder = self.shelf.require(model)
        reader = readers.get(str(model.settings.get("reader")))
        if reader is None:
            raise ModelError("model.not_for_this", name=name)
        return reader(folder, {**model.settings, "name": name})


def forget() -> None:
    """Let go of every model that is loaded: for tests, and after a pull."""
    _loaded.clear()


def _picture_readers() -> Mapping[str, Callable[..., Any]]:
    from safety.frames import transformers_models

    return transformers_models.READERS


def _text_readers() -> Mapping[str, Callable[..., Any]]:
    from safety.text import learned

    return learned.READERS
