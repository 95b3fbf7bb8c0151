"""The remote renderer: the clip is made elsewhere, and comes as a file that is trusted no more than an upload."""

import asyncio
import io
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from engine.errors import StudioError
from engine.footage import Footage, Pixels
from engine.renderers.base import Model, Rendering, RenderOrder
from engine.renderers.diffusion.playing import first_picture
from engine.renderers.diffusion.script import words
from engine.renderers.means import RemoteMeans
from engine.renderers.pixels import ReelReader
from engine.renderers.remote.asking import Wanted, wanted
from engine.renderers.remote.server import Server
from storage.errors import CodedError
from storage.media import probe

_MOST_PIXELS: Final = 4096 * 2304
_SHORT_BY: Final = 0.2  # seconds that a clip may lack: its last frame stands


@dataclass(frozen=True)
class RemoteRenderer:
    means: RemoteMeans
    tell: Callable[[int, int], None] = lambda done, of: None
    stopped: Callable[[], bool] = lambda: False

    name = "remote"
    is_draft = False
    trained = True

    @property
    def version(self) -> str:
        return f"1+{self.means.model or self.means.title}"

    def draw(self, order: RenderOrder) -> Rendering:
        asked = wanted(order, self.means)
        footage = Footage(
            width=order.size[0],
            height=order.size[1],
            fps=order.fps,
            count=order.count,
            layout="rgb24",
            frames=self._frames(order, asked),
        )
        return Rendering(
            footage=footage,
            model=Model(self.means.title, self.means.model or "", self.means.licence),
            film={"kind": self.name, "said": words(order.brief, order.sources)},
        )

    def _frames(self, order: RenderOrder, asked: Wanted) -> Iterator[Pixels]:
        picture = _as_png(first_picture(order), asked) if order.sources else None
        with tempfile.TemporaryDirectory(prefix="kinora-remote-") as folder:
            file = Path(folder) / "clip.mp4"
            asyncio.run(Server(self.means, self.tell, self.stopped).fetch(asked, picture, file))
            _check(file, order.count / order.fps)
            with ReelReader(file, *order.size) as reader:
                for index in range(order.count):
                    yield np.ascontiguousarray(reader.at(index / order.fps)[..., 2::-1])


def _as_png(picture: Image.Image, asked: Wanted) -> bytes:
    kept = io.BytesIO()
    picture.resize((asked.width, asked.height), Image.Resampling.LANCZOS).save(kept, "PNG")
    return kept.getvalue()


def _check(file: Path, seconds: float) -> None:
    """What came is decoded like an upload: not before it is known to be a film of sensible size, as long as asked."""
    try:
        found = probe(file)
    except CodedError as error:
        raise StudioError("remote.nonsense", cause="no film") from error
    if found.width * found.height > _MOST_PIXELS:
        raise StudioError("remote.nonsense", cause=f"{found.width} x {found.height}")
    if found.seconds < seconds - _SHORT_BY:
        raise StudioError("remote.nonsense", cause=f"{found.seconds:.1f} s of {seconds:.1f} s")
