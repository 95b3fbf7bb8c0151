"""The camera: how much of the world it takes in (framings) and where it goes (moves). Both are tables; a new move is a
function of time and an entry."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.renderers.animatic.geometry import clamp, ease, mix, wave
from engine.renderers.animatic.stage import View


@dataclass(frozen=True)
class Framing:
    size: float = 1.0  # of the subjects
    horizon: float = 0.0  # how much lower it lies, as a share of the height; above 0 the camera looks up
    stand: float = 1.0  # how much farther forward the subjects stand


FRAMINGS: dict[str, Framing] = {
    "medium": Framing(),
    "wide": Framing(0.66, -0.02),
    "close": Framing(1.55),
    "macro": Framing(1.95),
    "low": Framing(1.12, 0.14),
    "high": Framing(0.86, -0.12),
    "aerial": Framing(0.62, -0.22),
}


@dataclass(frozen=True)
class Moment:
    """What a move is given: how far it has come (eased and plain), the time, half the frame's width, and a side that
    the seed chose."""

    soft: float
    progress: float
    t: float
    half: float
    way: float


def _at(
    m: Moment,
    *,
    x: float = 0.0,
    y: float = 0.0,
    zoom: float = 1.0,
    yaw: float = 0.0,
    pitch: float = 0.0,
    lens: float = 1.0,
) -> View:
    return View(x, y, zoom, m.t, m.progress, yaw=yaw, pitch=pitch, lens=lens)


def _drift(m: Moment) -> View:
    return _at(m, x=m.way * 0.05 * (m.soft - 0.5), zoom=1.0 + 0.035 * m.soft)


def _pan(way: float) -> Callable[[Moment], View]:
    return lambda m: _at(m, yaw=way * min(0.48, m.half * 0.62) * (m.soft - 0.5))


def _track(way: float) -> Callable[[Moment], View]:
    return lambda m: _at(m, x=way * min(0.44, m.half * 0.6) * (m.soft - 0.5))


def _tilt(low: float, high: float) -> Callable[[Moment], View]:
    return lambda m: _at(m, pitch=mix(low, high, m.soft))


def _orbit(m: Moment) -> View:
    """Round the subject: what is behind it goes one way, what is before it the other."""
    swing = m.way * 0.62 * (m.soft - 0.5)
    return _at(m, x=swing, yaw=-swing, zoom=1.0 + 0.05 * math.sin(math.pi * m.soft))


def _crane(start: float, end: float) -> Callable[[Moment], View]:
    def move(m: Moment) -> View:
        y = mix(start, end, m.soft)
        return _at(m, y=y, pitch=-0.55 * y)

    return move


def _handheld(m: Moment) -> View:
    """Breath and steps: slow sways that never fall into step, a pixel or two of unrest on top."""
    t = m.t
    return _at(
        m,
        x=0.020 * wave(t / 3.7) + 0.008 * wave(t / 1.31 + 0.3),
        yaw=0.010 * wave(t / 2.3 + 0.1) + 0.0035 * wave(t / 0.71),
        pitch=0.008 * wave(t / 1.9 + 0.6) + 0.0030 * wave(t / 0.83 + 0.2),
        zoom=1.0 + 0.03 * m.soft,
    )


def _whip(m: Moment) -> View:
    """Rests beside the scene, swings over, overshoots a little and settles."""
    start, takes = 0.55, 0.42
    swung = ease((m.t - start) / takes)
    settle = max(0.0, m.t - start - takes)
    over = 0.03 * math.exp(-settle * 5.0) * math.sin(settle * 9.0)
    return _at(m, yaw=m.way * (-m.half * 1.1 * (1.0 - swung) + over), zoom=1.0 + 0.02 * m.progress)


def _dolly_zoom(m: Moment) -> View:
    """Nearer with a widening lens: the subject keeps its size while the world stretches behind it."""
    zoom = 1.0 + 0.42 * m.soft
    return _at(m, zoom=zoom, lens=1.42 / zoom)


def _flyover(m: Moment) -> View:
    return _at(m, y=mix(-0.16, -0.05, m.soft), zoom=1.0 + 0.22 * m.soft, x=m.way * 0.10 * (m.soft - 0.5))


MOVES: dict[str, Callable[[Moment], View]] = {
    "drift": _drift,
    "still": lambda m: _at(m),
    "pan left": _pan(-1.0),
    "pan right": _pan(1.0),
    "tilt up": _tilt(0.15, -0.17),
    "tilt down": _tilt(-0.17, 0.15),
    "track left": _track(-1.0),
    "track right": _track(1.0),
    "push": lambda m: _at(m, zoom=1.0 + 0.20 * m.soft),
    "pull": lambda m: _at(m, zoom=1.20 - 0.20 * m.soft),
    "zoom in": lambda m: _at(m, lens=1.0 + 0.45 * m.soft),
    "zoom out": lambda m: _at(m, lens=1.45 - 0.45 * m.soft),
    "orbit": _orbit,
    "follow": lambda m: _at(m, zoom=1.0 + 0.06 * m.soft),
    "crane up": _crane(0.07, -0.24),
    "crane down": _crane(-0.24, 0.07),
    "handheld": _handheld,
    "whip": _whip,
    "dolly zoom": _dolly_zoom,
    "flyover": _flyover,
}


def framing_of(camera: str, framing: str) -> str:
    """The framing asked for; a camera may also be named by its framing alone."""
    if framing in FRAMINGS:
        return framing
    if camera in FRAMINGS:
        return camera
    return "aerial" if camera == "flyover" else "medium"


def path(camera: str, *, start: float, end: float, total: float, half: float, way: float) -> Callable[[float], View]:
    """The way of the camera from `start` to `end` (seconds of the clip, which is `total` long). `progress` of a view is
    the whole clip's: events go by it; the move itself goes by its own shot."""
    move = MOVES.get(camera, _drift)

    def view(t: float) -> View:
        share = clamp((t - start) / max(0.001, end - start))
        seen = move(Moment(ease(share), share, t - start, half, way))
        return replace(seen, t=t, progress=clamp(t / max(0.001, total)))

    return view


def reach(view: Callable[[float], View], start: float, end: float) -> tuple[float, float]:
    """How far from the middle the camera turns in that time: sideways, and up or down."""
    seen = [view(start + (end - start) * k / 60) for k in range(61)]
    return max(abs(v.yaw) for v in seen), max(abs(v.pitch) for v in seen)


def sinks(view: Callable[[float], View], start: float, end: float) -> float:
    return max(0.0, *(view(start + (end - start) * k / 8).y for k in range(9)))


def is_restless(view: Callable[[float], View], start: float, end: float) -> bool:
    """Whether things come to stand higher, lower or larger as it goes: gradients must then be laid again."""
    seen = [view(start + (end - start) * k / 8) for k in range(9)]
    spans = ([v.y + v.pitch for v in seen], [v.zoom for v in seen], [v.lens for v in seen])
    return any(max(span) - min(span) > 0.05 for span in spans)


_UNSEEN_STEP = 0.003  # of the frame's height: two pixels of 720
_LOOKS = 30  # at how fast it goes
_QUICK_ENOUGH = 20  # drawings a second that can be halved and still look like movement


def drawings_at_rest(view: Callable[[float], View], start: float, end: float, *, half: float, rate: int) -> int:
    """For how many drawings the camera may stand still before it takes its next step. Scenery on twos, figures on
    ones, as films are drawn by hand: where the camera is slow nobody sees it, and scenery is half of a frame's cost."""
    if rate < _QUICK_ENOUGH:
        return 1
    moments = [start + (end - start) * k / _LOOKS for k in range(_LOOKS)]
    fastest = max(_apart(view(t), view(t + 1 / rate), half) for t in moments)
    return 2 if 2 * fastest <= _UNSEEN_STEP else 1


def _apart(one: View, other: View, half: float) -> float:
    """How far what is near, at the frame's edge, comes from one view to another."""
    moved = abs(one.x + one.travel - other.x - other.travel) + abs(one.y - other.y) + half * abs(one.zoom - other.zoom)
    turned = abs(one.yaw - other.yaw) + abs(one.pitch - other.pitch) + half * abs(one.lens - other.lens)
    return 1.25 * moved + turned


def closes_in(view: Callable[[float], View], start: float, end: float) -> bool:
    return any(view(start + (end - start) * k / 8).lens != 1.0 for k in range(9))


def stays(view: Callable[[float], View], start: float, end: float) -> bool:
    """Whether it keeps its place, near enough: what is far may then be painted once."""
    seen = [view(start + (end - start) * k / 8) for k in range(9)]
    return all(abs(v.x) < 0.03 and abs(v.y) < 0.03 and abs(v.zoom - 1.0) < 0.06 for v in seen)
