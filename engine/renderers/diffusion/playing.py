"""Plays a script: what is kept out of its file, what is made out of the model, one frame after the other.

Of what is made, one segment at a time is in memory, at the model's own size.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from engine.footage import Pixels
from engine.renderers.base import RenderOrder
from engine.renderers.diffusion.profile import Profile
from engine.renderers.diffusion.sampling import Given, Wish, frames_at, pictures_of
from engine.renderers.diffusion.script import Kept, Made, Mix, Script, Stretch
from engine.renderers.diffusion.segments import Segment, cut
from engine.renderers.pixels import ReelReader, fitted

if TYPE_CHECKING:
    import torch

_SEEDS: Final = 2**32
_SEED_STEP: Final = 7919  # between segments: seeds of variations lie next to each other


@dataclass
class Play:
    order: RenderOrder
    script: Script
    profile: Profile
    make: Callable[[Wish], "torch.Tensor"]
    _carried: tuple[Image.Image, ...] = ()  # the last frames that were made
    _pending: list[Pixels] = field(default_factory=list)  # frames that the next segment shows, too
    _made: int = 0  # segments
    _readers: dict[str, ReelReader] = field(default_factory=dict)

    def frames(self) -> Iterator[Pixels]:
        with ExitStack() as files:
            files.callback(self._close)
            for part in self.script.parts:
                if isinstance(part, Kept):
                    self._carried = ()
                    yield from self._kept(part)
                else:
                    yield from self._part(part)

    def segments(self) -> int:
        """How many the whole script has."""
        return sum(len(self._cut(part)) for part in self.script.parts if isinstance(part, Made))

    def _close(self) -> None:
        for reader in self._readers.values():
            reader.close()

    # -- what is there already ----------------------------------------------------------------------------------------

    def _kept(self, part: Kept) -> Iterator[Pixels]:
        for frame in range(part.frames):
            yield self._shown(part.of, frame / self.order.fps)

    def _shown(self, film: Stretch | Mix, seconds: float) -> Pixels:
        """What is seen of it, red first, at the clip's own size."""
        if isinstance(film, Mix):
            share = self._share(film, seconds)
            return mixed(self._shown(film.first, seconds), self._shown(film.second, seconds), share)
        file = film.file
        at = 0.0 if file.is_still else max(0.0, min(film.start + seconds, file.seconds))
        pixels = self._reader(film).at(at)
        return np.ascontiguousarray(pixels[..., 2::-1])

    def _reader(self, film: Stretch) -> ReelReader:
        # Two readers where a clip goes over into itself: each only ever goes forward, which is cheap.
        name = f"{film.file.sha256} {film.start}"
        if name not in self._readers:
            self._readers[name] = _reader_of(film, *self.order.size)
        return self._readers[name]

    def _share(self, film: Mix, seconds: float) -> float:
        from engine.renderers.animatic.blending import curve_of
        from engine.renderers.animatic.film import shares

        return shares(curve_of(film.blend, film.seconds, self.order.fps), seconds)

    def _pictures(self, film: Stretch | Mix, moments: list[float]) -> tuple[Image.Image, ...]:
        """For the model, in its own size. Drawn out to it as its frames are drawn back: no seam is seen."""
        size = self.profile.pictures.snapped(*self.order.size)
        seen = (Image.fromarray(self._shown(film, seconds)) for seconds in moments)
        return tuple(one.resize(size, Image.Resampling.BICUBIC) for one in seen)

    # -- what is made --------------------------------------------------------------------------------------------------

    def _cut(self, part: Made) -> list[Segment]:
        return cut(part, self.profile, self.order.fps, goes_on=part.goes_on)

    def _part(self, part: Made) -> Iterator[Pixels]:
        segments = self._cut(part)
        for segment in segments:
            made = self.make(self._wish(part, segment))
            self._made += 1
            indices = [segment.made_at(shown) for shown in range(segment.shown)]
            context = self.profile.frames.context
            self._carried = pictures_of(made, indices[-1] + 1 - context, context)
            following = segments[segment.number + 1] if segment.number + 1 < len(segments) else None
            held_back = following.fade if following else 0
            yield from self._faded(frames_at(made, indices, self.order.size), segment, held_back)
            del made

    def _faded(self, frames: Iterator[Pixels], segment: Segment, held_back: int) -> Iterator[Pixels]:
        before, self._pending = self._pending, []
        for number, frame in enumerate(frames):
            if number < segment.fade:
                frame = mixed(before[number], frame, (number + 1) / (segment.fade + 1))
            if number >= segment.shown - held_back:
                self._pending.append(frame)
            else:
                yield frame

    def _wish(self, part: Made, segment: Segment) -> Wish:
        width, height = self.profile.pictures.snapped(*self.order.size)
        after: tuple[Image.Image, ...] = ()
        if part.after is not None:
            after = self._pictures(part.after, [segment.seconds_at(frame) for frame in range(segment.frames)])
        return Wish(
            prompt=part.prompt,
            seed=(self.order.seed + _SEED_STEP * self._made) % _SEEDS,
            width=width,
            height=height,
            frames=segment.frames,
            quality=self.order.brief.quality,
            given=tuple(self._given(part, segment)),
            after=after,
            strength=part.strength,
        )

    def _given(self, part: Made, segment: Segment) -> Iterator[Given]:
        rate = self.profile.frames.fps
        if segment.lead:
            if segment.number == 0 and part.begins_after is not None:
                earlier = [(frame - segment.lead) / rate for frame in range(segment.lead)]
                yield Given(0, self._pictures(part.begins_after, earlier))
            else:
                yield Given(0, self._carried[-segment.lead :])
        for pin in part.pins:
            if segment.first <= pin.at < segment.first + segment.shown:
                yield Given(segment.made_at(pin.at - segment.first), self._pictures(pin.of, [0.0]))
        if segment.trail and part.ends_before is not None:
            later = [frame / rate for frame in range(segment.trail)]
            yield Given(segment.frames - segment.trail, self._pictures(part.ends_before, later))


def _reader_of(film: Stretch, width: int, height: int) -> ReelReader:
    return _Still(film, width, height) if film.file.is_still else ReelReader(film.file.path, width, height)


class _Still(ReelReader):
    """A picture is the same at every moment."""

    def __init__(self, film: Stretch, width: int, height: int) -> None:
        super().__init__(film.file.path, width, height)
        self._picture: Pixels | None = None

    def at(self, seconds: float) -> Pixels:
        if self._picture is None:
            with Image.open(self._path) as picture:
                whole = np.asarray(picture.convert("RGBA"))[..., [2, 1, 0, 3]]
            self._picture = fitted(np.ascontiguousarray(whole), *self._size)
        return self._picture


def mixed(one: Pixels, other: Pixels, share: float) -> Pixels:
    """So much of the other."""
    if share <= 0.0:
        return one
    if share >= 1.0:
        return other
    both = one.astype(np.float32) * (1 - share) + other.astype(np.float32) * share
    return np.asarray(both.round(), dtype=np.uint8)


def first_picture(order: RenderOrder) -> Image.Image:
    """What a clip that is made from one source begins with, at the clip's size."""
    film = Stretch(order.sources[0], order.brief.made_from[0].start)
    with _reader_of(film, *order.size) as reader:
        return Image.fromarray(np.ascontiguousarray(reader.at(film.start)[..., 2::-1]))
