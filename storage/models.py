"""Model files: what a model is made of, where it lies, and whether it is still what was pulled.

A model is data: a name, a kind, its files with hashes and sizes, its licence, and where it comes from. The rooms that
use models bring catalogues of them as TOML (safety for classifiers, the renderers for theirs, the operator's own);
nothing here knows what a model does. Files are put there by `storage.pulling` and by nobody else.

A model whose catalogue cannot name the hashes is pinned at its first pull, to one revision and to the hashes that the
hub states for it; from then on only those bytes are loaded.
"""

import fnmatch
import json
import re
import shutil
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from storage.errors import StorageError
from storage.files import make_folder, publish, sha256_of

PINNED: Final = "model.json"  # what was pulled, beside the files
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")
_SOURCE = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_REVISION = re.compile(r"[\w./-]{1,100}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}")
# What is read by unpickling runs the code in it: never without a hash that a catalogue names.
PICKLES: Final = (".bin", ".ckpt", ".pt", ".pth", ".pkl", ".pickle")


class ModelError(StorageError):
    """A model that cannot be used, or a catalogue that cannot be read."""


class State(StrEnum):
    ABSENT = "absent"
    PART = "part"  # some of it is here: a pull goes on from there
    WHOLE = "whole"
    DAMAGED = "damaged"  # a file is missing, or is not what was pulled


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _inside(path: str) -> str:
    """A path within the model's folder, and nowhere else on any system."""
    parts = tuple(path.split("/"))
    if not path or path.startswith("/") or "\\" in path or "\0" in path or ":" in path:
        raise ValueError("model.path")
    if any(part in ("..", ".", "") for part in parts) or len(path) > 200 or parts == (PINNED,):
        raise ValueError("model.path")
    return path


def _shaped(shape: re.Pattern[str]) -> AfterValidator:
    def check(value: str) -> str:
        if not shape.fullmatch(value):
            raise ValueError(f"not of the shape {shape.pattern}")
        return value

    return AfterValidator(check)


class ModelFile(Strict):
    path: Annotated[str, AfterValidator(_inside)]
    size: int = Field(ge=0)
    sha256: Annotated[str, _shaped(_HASH)] | None = None
    git_sha1: str | None = None  # what the hub states of small files; the SHA-256 is pinned once they are here
    url: str | None = None  # where it is fetched; None: from the hub, by source, revision and path


class Licence(Strict):
    name: str
    link: str
    text: str = ""  # what one has to know before downloading: not the licence itself, the catch in it


class Model(Strict):
    name: Annotated[str, _shaped(_NAME)]
    kind: str  # what it is for, in a word of the room that uses it: text, frames, renderer
    title: str
    licence: Licence
    source: Annotated[str, _shaped(_SOURCE)] | None = None  # the repository at the hub
    revision: Annotated[str, _shaped(_REVISION)] = "main"
    wanted: tuple[str, ...] = ()  # patterns of the files to take; empty: all that the hub lists
    files: tuple[ModelFile, ...] = ()  # empty: asked of the hub, and pinned, at the first pull
    size: int = 0  # in bytes, about, as long as the files are not known
    settings: Mapping[str, Any] = Field(default_factory=dict)  # how the room that uses it reads its answers

    @model_validator(mode="after")
    def _can_be_had(self) -> Self:
        if self.source is None and not (self.files and all(file.url for file in self.files)):
            raise ValueError("no source, and files without a url")
        if len({file.path for file in self.files}) < len(self.files):
            raise ValueError("a file twice")
        return self

    @property
    def total(self) -> int:
        return sum(file.size for file in self.files) or self.size

    @property
    def is_pinned(self) -> bool:
        return bool(self.files) and all(file.sha256 for file in self.files)

    def wants(self, path: str) -> bool:
        return not self.wanted or any(fnmatch.fnmatchcase(path, pattern) for pattern in self.wanted)


class Catalogue:
    """The models that there are, by name: those of all the files given, the later winning."""

    def __init__(self, models: Iterable[Model]) -> None:
        self._models = {model.name: model for model in models}

    @classmethod
    def load(cls, files: Iterable[Path]) -> Self:
        return cls(model for file in files for model in _read(file))

    def __iter__(self) -> Iterator[Model]:
        return iter(self._models.values())

    def get(self, name: str) -> Model:
        try:
            return self._models[name]
        except KeyError:
            raise ModelError("model.unknown", name=name[:80], known=", ".join(self._models)) from None


def _read(file: Path) -> list[Model]:
    """`[models.NAME]` tables; ModelError names the file and what is wrong in it."""
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
        if set(written) - {"models"}:
            raise ModelError("model.catalogue", file=str(file), cause=f"unknown: {min(set(written) - {'models'})}")
        return [
            Model.model_validate({"name": name, **about}) for name, about in dict(written.get("models", {})).items()
        ]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ModelError("model.catalogue", file=str(file), cause=f"{where}: {first['msg']}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
        raise ModelError("model.catalogue", file=str(file), cause=str(error)) from error


class Shelf:
    """The folder in which models lie, each in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, model: Model) -> Path:
        return self.root / model.name

    def pinned(self, model: Model) -> Model:
        """The model as it was pulled. What the catalogue has pinned itself wins over what lies here."""
        if model.is_pinned:
            return model
        try:
            content = json.loads((self.folder(model) / PINNED).read_text(encoding="utf-8"))
            kept = Model.model_validate(content)
        except (OSError, ValueError):
            return model
        same = kept.source == model.source and (model.revision in ("main", kept.revision))
        return kept.model_copy(update={"settings": model.settings, "licence": model.licence}) if same else model

    def pin(self, model: Model) -> None:
        folder = self.folder(model)
        make_folder(folder)
        part = folder / f".{PINNED}.part"
        part.write_text(model.model_dump_json(indent=1), encoding="utf-8")
        publish(part, folder / PINNED)

    def state(self, model: Model, *, thorough: bool = False) -> State:
        """Thorough: every byte is hashed. Else sizes are looked at, which costs nothing."""
        known = self.pinned(model)
        folder = self.folder(model)
        if not folder.is_dir():
            return State.ABSENT
        there = [path for path in folder.rglob("*") if path.is_file() and path.name != PINNED]
        if not known.is_pinned:
            return State.PART if there else State.ABSENT
        missing = [file for file in known.files if not (folder / file.path).is_file()]
        if missing:
            pulled = (folder / PINNED).exists()
            return State.DAMAGED if pulled else State.PART if there else State.ABSENT
        whole = all(_is_whole(folder / file.path, file, thorough=thorough) for file in known.files)
        return State.WHOLE if whole else State.DAMAGED

    def require(self, model: Model) -> Path:
        """Its folder, every byte of it checked: ModelError when it is not here or not what was pulled.

        Hashing reads the whole model, once for each time it is loaded: a second for each half gigabyte.
        """
        match self.state(model, thorough=True):
            case State.WHOLE:
                return self.folder(model)
            case State.DAMAGED:
                raise ModelError("model.damaged", name=model.name)
            case _:
                raise ModelError("model.missing", name=model.name)

    def damaged(self, model: Model) -> list[str]:
        """The files that are missing or are not what was pulled."""
        known, folder = self.pinned(model), self.folder(model)
        return [file.path for file in known.files if not _is_whole(folder / file.path, file, thorough=True)]

    def used(self, model: Model) -> int:
        """Bytes on the disk, those of an unfinished pull with them."""
        folder = self.folder(model)
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0

    def remove(self, model: Model) -> int:
        """Take it away, pins and half-pulled files too; answers with the bytes that were freed."""
        freed = self.used(model)
        folder = self.folder(model)
        if not folder.is_dir():
            raise ModelError("model.missing", name=model.name)
        shutil.rmtree(folder)
        return freed


def _is_whole(path: Path, file: ModelFile, *, thorough: bool) -> bool:
    try:
        if path.stat().st_size != file.size:
            return False
        return not thorough or sha256_of(path) == file.sha256
    except OSError:
        return False


def free_space(folder: Path) -> int:
    return shutil.disk_usage(next(one for one in (folder, *folder.parents) if one.exists())).free
