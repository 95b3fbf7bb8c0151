"""Pulling a model: from a hub or from anywhere on the web, going on where it broke off, and hashed as it comes in.

Blocking: meant for a thread or a worker. The hub is a base URL that answers like Hugging Face's:
`/api/models/SOURCE/revision/REVISION?blobs=true` lists the files, `/SOURCE/resolve/REVISION/PATH` hands one out.
"""

import hashlib
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from pydantic import ValidationError

from storage.files import DiskFull, make_folder, noticing_full, publish, sha256_of
from storage.models import PICKLES, Model, ModelError, ModelFile, Shelf, State, free_space

_AT_ONCE: Final = 1 << 20
_TRIES: Final = 5  # in a row that bring nothing new
_PATIENCE: Final = 30.0  # seconds that a server may say nothing
_LONGEST_LIST: Final = 8 << 20
_SPARE: Final = 256 << 20  # bytes that a pull leaves free on the device


class PullCancelled(Exception):
    """Called off. What was fetched stays, and the next pull goes on from there."""


class Telling(Protocol):
    def __call__(self, path: str, done: int, of: int) -> None: ...


@dataclass(frozen=True)
class Hub:
    base: str
    token: str | None = None  # for models behind a licence; told to the hub alone, not to where it sends us
    pause: float = 1.0  # seconds before the first new try; each one waits twice as long as the one before


def ask_hub(model: Model, hub: Hub) -> Model:
    """The model with the files, sizes and hashes that the hub states, at one revision that does not move."""
    if model.files or model.source is None:
        return model
    address = f"{hub.base.rstrip('/')}/api/models/{model.source}/revision/{_quoted(model.revision)}?blobs=true"
    try:
        with _opened(address, hub) as answer:
            told: Any = json.loads(answer.read(_LONGEST_LIST))
        files = tuple(_file_of(one) for one in told["siblings"] if model.wants(one["rfilename"]))
        known = model.model_copy(update={"revision": str(told["sha"]), "files": files})
        known = Model.model_validate(known.model_dump())
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise ModelError("model.hub_confused", hub=hub.base, name=model.name) from error
    if not files:
        raise ModelError("model.hub_empty", hub=hub.base, name=model.name)
    for file in files:
        if file.path.endswith(PICKLES):
            raise ModelError("model.pickle", name=model.name, file=file.path)
    return known


def pull(
    shelf: Shelf,
    model: Model,
    hub: Hub,
    told: Telling = lambda path, done, of: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Model:
    """Have every file of the model lie on the shelf, whole; answers with the model as it was pinned.

    What is there already and whole is not fetched again.
    """
    pinned = shelf.pinned(model)
    known = pinned if pinned.is_pinned else ask_hub(model, hub)
    folder = shelf.folder(model)
    missing = known.total - shelf.used(model)
    if missing > 0 and free_space(shelf.root) < missing + _SPARE:
        raise DiskFull("model.no_room", name=model.name, needed=known.total // 2**20)
    make_folder(folder)
    done = 0
    whole: list[ModelFile] = []
    for file in known.files:
        fetch = _Fetch(folder / file.path, file, _address(known, file, hub), hub, known.name)

        def tell(here: int, path: str = file.path, before: int = done) -> None:
            told(path, before + here, known.total)

        whole.append(file.model_copy(update={"sha256": fetch.run(tell, cancelled)}))
        done += file.size
    known = known.model_copy(update={"files": tuple(whole)})
    shelf.pin(known)
    if shelf.state(model) is not State.WHOLE:
        raise ModelError("model.damaged", name=model.name)
    return known


@dataclass(frozen=True)
class _Fetch:
    """One file on its way to the disk."""

    destination: Path
    file: ModelFile
    address: str
    hub: Hub
    model: str

    @property
    def part(self) -> Path:
        return self.destination.with_name(f".{self.destination.name}.part")

    def run(self, told: Callable[[int], None], cancelled: Callable[[], bool]) -> str:
        if self.destination.is_file() and self.destination.stat().st_size == self.file.size:
            digest = sha256_of(self.destination)
            if self._is_right(digest, self.destination):
                told(self.file.size)
                return digest
        make_folder(self.destination.parent)
        tries = 0
        while (have := self._have()) < self.file.size or not self.part.exists():
            try:
                self._go_on(have, told, cancelled)
            except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError) as error:
                self._give_up_on(error)
                tries = 0 if self._have() > have else tries + 1
                if tries >= _TRIES:
                    raise ModelError("model.unreachable", address=_shown(self.address), cause=_cause(error)) from error
                time.sleep(min(30.0, self.hub.pause * 2**tries))
        digest = sha256_of(self.part)
        if not self._is_right(digest, self.part):
            self.part.unlink()
            raise ModelError("model.mismatch", name=self.model, file=self.file.path)
        with noticing_full(self.destination):
            publish(self.part, self.destination)
        return digest

    def _have(self) -> int:
        try:
            size = self.part.stat().st_size
        except FileNotFoundError:
            return 0
        if size > self.file.size:  # of another time: nothing of it can be trusted
            self.part.unlink()
            return 0
        return size

    def _go_on(self, have: int, told: Callable[[int], None], cancelled: Callable[[], bool]) -> None:
        headers = {"Range": f"bytes={have}-"} if have else {}
        with _opened(self.address, self.hub, headers) as answer:
            goes_on = answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
            at = have if goes_on else 0
            with noticing_full(self.part), self.part.open("ab" if goes_on else "wb") as file:
                while chunk := answer.read(min(_AT_ONCE, self.file.size - at + 1)):
                    at += len(chunk)
                    if at > self.file.size:
                        file.close()
                        self.part.unlink()
                        raise ModelError("model.mismatch", name=self.model, file=self.file.path)
                    file.write(chunk)
                    told(at)
                    if cancelled():
                        raise PullCancelled
        if at < self.file.size:
            raise ConnectionError("broken off")

    def _give_up_on(self, error: Exception) -> None:
        """Some answers do not get better by asking again."""
        if not isinstance(error, urllib.error.HTTPError):
            return
        error.close()
        if error.code in (401, 403):
            raise ModelError("model.needs_token", name=self.model, address=_shown(self.address)) from error
        if error.code == 416:  # the part is longer than what is there
            self.part.unlink(missing_ok=True)
        elif 400 <= error.code < 500 and error.code not in (408, 429):
            cause = f"HTTP {error.code}"
            raise ModelError("model.unreachable", address=_shown(self.address), cause=cause) from error

    def _is_right(self, sha256: str, path: Path) -> bool:
        if path.stat().st_size != self.file.size:
            return False
        if self.file.sha256 is not None:
            return sha256 == self.file.sha256
        if self.file.git_sha1 is None:
            return False
        content = path.read_bytes()
        header = f"blob {len(content)}\0".encode()
        return hashlib.sha1(header + content, usedforsecurity=False).hexdigest() == self.file.git_sha1


class _KeepTheToken(urllib.request.HTTPRedirectHandler):
    """Only to http and https, whatever the answer says. The token is a header that redirects do not carry."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if urllib.parse.urlsplit(newurl).scheme not in ("http", "https"):
            raise urllib.error.HTTPError(newurl, code, "redirected out of the web", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opened(address: str, hub: Hub, headers: dict[str, str] | None = None) -> Any:
    split = urllib.parse.urlsplit(address)
    if split.scheme not in ("http", "https") or not split.netloc:
        raise ModelError("model.unreachable", address=_shown(address), cause="http, https")
    request = urllib.request.Request(address, headers={"User-Agent": "kinora", **(headers or {})})  # noqa: S310
    if hub.token and split.netloc == urllib.parse.urlsplit(hub.base).netloc:
        request.add_unredirected_header("Authorization", f"Bearer {hub.token}")
    try:
        return urllib.request.build_opener(_KeepTheToken).open(request, timeout=_PATIENCE)
    except urllib.error.HTTPError as error:
        if headers is not None:
            raise
        error.close()
        if error.code in (401, 403):
            raise ModelError("model.needs_token", name=address, address=_shown(address)) from error
        raise ModelError("model.unreachable", address=_shown(address), cause=f"HTTP {error.code}") from error
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        if headers is not None:
            raise
        raise ModelError("model.unreachable", address=_shown(address), cause=_cause(error)) from error


def _file_of(told: Any) -> ModelFile:
    lfs = told.get("lfs") or {}
    return ModelFile(
        path=told["rfilename"],
        size=int(lfs.get("size", told["size"])),
        sha256=lfs.get("sha256"),
        git_sha1=None if lfs else told["blobId"],
    )


def _address(model: Model, file: ModelFile, hub: Hub) -> str:
    if file.url is not None:
        return file.url
    return f"{hub.base.rstrip('/')}/{model.source}/resolve/{_quoted(model.revision)}/{_quoted(file.path)}"


def _quoted(path: str) -> str:
    return urllib.parse.quote(path)


def _shown(address: str) -> str:
    """Without what may be a password in it."""
    split = urllib.parse.urlsplit(address)
    return f"{split.scheme}://{split.hostname or ''}{split.path}"[:200]


def _cause(error: BaseException) -> str:
    return str(getattr(error, "reason", None) or error) or type(error).__name__
