"""What is to be seen when, and what of it has to be made: a brief as parts on a timeline. Plain data, no model yet.

A part is either kept (shown as it was, frame by frame) or made. What is made knows what comes right before and right
after it, which pictures it shows at which of its frames, and which film it is to be made after.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from engine.brief import Blend, BlendMode, Brief, Operation, Source
from engine.errors import StudioError
from engine.renderers.diffusion.profile import Profile, Way
from engine.renderers.order import RenderOrder, SourceFile

NORMAL_JOIN: Final = 2.0  # seconds of a loop's join where nobody said
NORMAL_STRENGTH: Final = 0.6  # of a remix
_MIXED_STRENGTH: Final = 0.5  # of a blend: enough to make one picture of two that shine through each other
_LONGEST_CROSSING: Final = 3.0  # seconds that are made between two clips, where both are long enough
# What a camera is told, the first one being the scene as it was composed.
_CAMERAS: Final = (
    "static camera, straight on",
    "the camera circles to the left, side view from the left",
    "the camera circles to the right, side view from the right",
    "the camera moves in, close-up",
    "the camera rises, high angle view from above",
)


@dataclass(frozen=True)
class Stretch:
    """A source from a moment on. A still is the same at every moment; before and after a film, its ends stand."""

    file: SourceFile
    start: float = 0.0

    def later(self, seconds: float) -> "Stretch":
        return replace(self, start=self.start + seconds)


@dataclass(frozen=True)
class Mix:
    """Two sources at once: which, and how much of the second, is said as in the brief."""

    first: Stretch
    second: Stretch
    blend: Blend
    seconds: float


@dataclass(frozen=True)
class Pin:
    """A picture that is shown at one frame of a part."""

    at: int
    of: Stretch


@dataclass(frozen=True)
class Kept:
    frames: int
    of: Stretch


@dataclass(frozen=True)
class Made:
    frames: int
    prompt: str
    begins_after: Stretch | None = None  # its moment is that of the first frame that is new
    goes_on: bool = False  # after what was made before it
    ends_before: Stretch | None = None  # its moment is that of the first frame after the new ones
    pins: tuple[Pin, ...] = ()
    after: Stretch | Mix | None = None  # the film that it is made after
    strength: float = 1.0  # how far from that film: 1 is free of it


Part = Kept | Made


@dataclass(frozen=True)
class Script:
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()


# -- what a profile must be able to do -----------------------------------------------------------------------------


def ways_of(part: Made, profile: Profile, fps: int) -> set[Way]:
    """What the model has to be given for this part."""
    if part.after is not None:
        return {Way.STRUCTURE}
    ways = {Way.TEXT}
    if part.ends_before is not None or any(pin.at for pin in part.pins):
        ways = {Way.ANYWHERE}
    elif part.goes_on or part.begins_after is not None or part.pins:
        ways = {Way.FIRST}
    if is_long(part, profile, fps):  # its later segments go on from the earlier ones
        ways.add(Way.FIRST)
    return ways


def room(profile: Profile, fps: int, *, before: bool, after: bool) -> int:
    """How many new frames, at the clip's rate, the model makes at once."""
    frames = profile.frames
    own = frames.most - frames.context * (before + after)
    return own * fps // frames.fps


def is_long(part: Made, profile: Profile, fps: int) -> bool:
    starts = part.goes_on or part.begins_after is not None
    return part.frames > room(profile, fps, before=starts, after=part.ends_before is not None)


def can(profile: Profile, script: Script, fps: int) -> bool:
    made = [part for part in script.parts if isinstance(part, Made)]
    return all(profile.can(way) for part in made for way in ways_of(part, profile, fps))


# -- from a brief to a script --------------------------------------------------------------------------------------


def write(order: RenderOrder) -> Script:
    """The script of a brief. Its frames are counted at the clip's rate, and there are exactly as many as asked for."""
    brief, files = order.brief, order.sources
    match brief.operation:
        case Operation.CREATE:
            return Script((Made(order.count, words(brief)),))
        case Operation.ANIMATE:
            return Script((Made(order.count, words(brief, files), pins=(Pin(0, _stretch(files, brief, 0)),)),))
        case Operation.STORYBOARD:
            return Script(tuple(_told(order)))
        case Operation.REMIX:
            strength = brief.strength if brief.strength is not None else NORMAL_STRENGTH
            film = _stretch(files, brief, 0)
            return Script((Made(order.count, words(brief, files), after=film, strength=strength),))
        case Operation.RECUT:
            return Script(tuple(_recut(order)))
        case Operation.BLEND:
            return Script(tuple(_blended(order)))
        case Operation.LOOP:
            return Script(tuple(_looped(order)))
        case Operation.VIEWS:
            return _viewed(order)


def words(brief: Brief, files: Sequence[SourceFile] = (), *more: str) -> str:
    """What the model is told: the words behind the sources, the member's own, and the style by its name. Nothing is
    put into other words: all of it has passed the gate as it stands here."""
    style = f"{brief.look.style} style" if brief.look.style else ""
    parts = (part.strip().rstrip(".") for part in (*(file.said for file in files), brief.prompt, *more, style))
    return ". ".join(dict.fromkeys(part for part in parts if part))


def _stretch(files: Sequence[SourceFile], brief: Brief, number: int) -> Stretch:
    return Stretch(files[number], brief.made_from[number].start)


def _length(file: SourceFile, source: Source) -> float:
    """How much of a moving source the brief uses."""
    end = file.seconds if source.end is None else min(source.end, file.seconds)
    return max(0.0, end - source.start)


def _recut(order: RenderOrder) -> Iterator[Part]:
    brief = order.brief
    film = _stretch(order.sources, brief, 0)
    before, after = round(brief.before * order.fps), round(brief.after * order.fps)
    kept = max(1, order.count - before - after)
    told = words(brief, order.sources)
    if before:
        yield Made(before, told, ends_before=film)
    yield Kept(kept, film)
    if after := order.count - before - kept:
        yield Made(after, told, begins_after=film.later(kept / order.fps))


def _looped(order: RenderOrder) -> Iterator[Part]:
    brief = order.brief
    film = _stretch(order.sources, brief, 0)
    join = max(1, min(round(float(brief.join or NORMAL_JOIN) * order.fps), order.count // 2))
    kept = order.count - join
    told = words(brief, order.sources)
    yield Kept(kept, film)
    yield Made(join, told, begins_after=film.later(kept / order.fps), ends_before=film)


def _blended(order: RenderOrder) -> Iterator[Part]:
    brief = order.brief
    blend = brief.blend or Blend()
    first, second = (_stretch(order.sources, brief, number) for number in range(2))
    told = words(brief, order.sources)
    if blend.mode is not BlendMode.TRANSITION:
        mix = Mix(first, second, blend, brief.look.seconds)
        yield Made(order.count, told, after=mix, strength=_MIXED_STRENGTH)
        return
    crossing = max(1, min(round(_LONGEST_CROSSING * order.fps), order.count // 2))
    lengths = [round(_length(file, one) * order.fps) for file, one in zip(order.sources, brief.sources, strict=True)]
    from_first = min((order.count - crossing) // 2, lengths[0])
    from_second = min(order.count - crossing - from_first, lengths[1])
    from_first = min(order.count - crossing - from_second, lengths[0])
    last = second.later((lengths[1] - from_second) / order.fps)
    if from_first:
        yield Kept(from_first, first)
    middle = order.count - from_first - from_second
    yield Made(middle, told, begins_after=first.later(from_first / order.fps), ends_before=last)
    if from_second:
        yield Kept(from_second, last)


def _viewed(order: RenderOrder) -> Script:
    camera = _CAMERAS[(order.number - 1) % len(_CAMERAS)]
    told = words(order.brief, order.sources, camera)
    if not order.sources:
        return Script((Made(order.count, told),), ("views_apart",))
    film = _stretch(order.sources, order.brief, 0)
    return Script((Made(order.count, told, pins=(Pin(0, film),)),), ("views_move",))


# -- storyboards ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Station:
    """A card with its place in the clip, in frames."""

    at: int
    until: int  # where the next card is
    text: str
    picture: Stretch | None
    plays: int  # frames that a moving picture lasts; of a still: 0


def _stations(order: RenderOrder) -> list[_Station]:
    brief = order.brief
    files = iter(order.sources)
    starts = [min(order.count - 1, round(card.at * order.fps)) for card in brief.cards]
    found: list[_Station] = []
    for card, at, until in zip(brief.cards, starts, [*starts[1:], order.count], strict=True):
        picture, plays = None, 0
        if card.source is not None:
            file = next(files)
            picture = Stretch(file, card.source.start)
            plays = 0 if file.is_still else min(until - at, round(_length(file, card.source) * order.fps))
        found.append(_Station(at, until, card.text, picture, plays))
    return found


def _told(order: RenderOrder) -> Iterator[Part]:
    """Clips are shown as they are, and what lies between them is made; images are shown at their moment. New words
    begin a new part, which goes on from the one before."""
    stations = _stations(order)
    parts: list[Part] = []
    said = ""
    if stations[0].at:  # nothing was said yet: what the first card says is on its way
        parts.append(_before(stations[0].at, words(order.brief, (), stations[0].text), stations[0].picture))
    for one in stations:
        said = one.text or said
        if one.until == one.at:
            continue
        told = words(order.brief, (), said)
        if one.plays and one.picture is not None:
            parts.append(Kept(one.plays, one.picture))
            if rest := one.until - one.at - one.plays:
                parts.append(Made(rest, told, begins_after=one.picture.later(one.plays / order.fps)))
        elif one.picture is not None:
            parts.append(Made(one.until - one.at, told, pins=(Pin(0, one.picture),)))
        else:
            parts.append(Made(one.until - one.at, told, goes_on=bool(parts)))
    yield from _joined(parts, order.fps)


def _before(frames: int, told: str, picture: Stretch | None) -> Made:
    return Made(frames, told, ends_before=picture)


def _joined(parts: Sequence[Part], fps: int) -> Iterator[Part]:
    """What is made knows its neighbours: it leads to the picture after it, and goes on from the film before it."""
    for number, part in enumerate(parts):
        if isinstance(part, Kept):
            yield part
            continue
        later = parts[number + 1] if number + 1 < len(parts) else None
        earlier = parts[number - 1] if number else None
        if isinstance(later, Kept):
            part = replace(part, ends_before=later.of)
        elif later is not None and later.pins and later.pins[0].at == 0:
            part = replace(part, ends_before=later.pins[0].of)
        if isinstance(earlier, Kept) and part.begins_after is None and not part.pins:
            part = replace(part, goes_on=False, begins_after=earlier.of.later(earlier.frames / fps))
        yield part


# -- which profile -------------------------------------------------------------------------------------------------


def best_for(script: Script, profiles: Sequence[Profile], operation: Operation, fps: int) -> Profile:
    """The first that can do all of it; StudioError when none can."""
    for profile in profiles:
        if can(profile, script, fps):
            return profile
    titles = ", ".join(profile.title for profile in profiles)
    raise StudioError("profile.cannot", profiles=titles, operation=operation.value)
