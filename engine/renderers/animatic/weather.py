"""What falls and floats: rain, snow, leaves, fireflies, dust, fog. Every speck has its own fixed path, found from
the time
alone, so that any frame can be drawn without those before it."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from engine.renderers.animatic import lights, swarms
from engine.renderers.animatic.actors import nested
from engine.renderers.animatic.canvas import Group, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, ease, ellipse, mul, polygon, scale, shift, smooth, wave
from engine.renderers.animatic.settings import shows
from engine.renderers.animatic.stage import Stage, View
from engine.renderers.animatic.styles import Style

_FROM_THE_SKY = frozenset(("rain", "drizzle", "storm", "snow", "blizzard", "hail", "sandstorm"))


@dataclass(frozen=True)
class Kind:
    """One kind of weather, light or effect: what it paints, and what it does to the air and the light of a place."""

    paint: Callable[[Stage], None] | None = None
    inland: Callable[[Stage], None] | None = None  # what of it lies over the land, behind the subjects
    veil: float = 0.0  # how much colour and contrast it takes from the hour
    clouds: float | None = None  # how much of the sky is cloud
    wind: float | None = None
    light: str = ""  # the palette it brings along, where the place has none of its own
    by_night: bool = False  # is seen by night: taken for the hour where none is named
    soft: bool = False  # no hard shadows
    far: bool = False  # belongs to the sky, behind the land
    over: bool = False  # may be seen before walls and woods, where these hide the sky


def with_style(kinds: tuple[str, ...], style: Style) -> tuple[str, ...]:
    """Some styles never go without rain."""
    return (*kinds, "rain") if style.rain and not {"rain", "drizzle", "storm"} & set(kinds) else kinds


def under_a_roof(kinds: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """What of the weather there is in a room, and what stays outside its windows."""
    return tuple(kind for kind in kinds if kind not in _FROM_THE_SKY), _FROM_THE_SKY.intersection(kinds)


def add(stage: Stage, kinds: tuple[str, ...], *, far: bool | None = None) -> None:
    """Paints what falls and shines: all of it, or what belongs to the sky, or what does not."""
    for name in (kind for kind in kinds if kind in KINDS and far in (None, KINDS[kind].far)):
        paint, inland = KINDS[name].paint, KINDS[name].inland
        if inland is not None and far is None:
            inland(stage)
        if paint is not None:
            paint(stage)


def add_inland(stage: Stage, kinds: tuple[str, ...], *, walled: bool = False) -> None:
    """Paints what lies between the land and the subjects; before walls that hide the sky, what shines in it too."""
    for kind in (KINDS[name] for name in kinds if name in KINDS):
        if walled and kind.over and kind.paint is not None:
            infinity, stage.infinity = stage.infinity, -1.0  # not into the backdrop, which is behind the walls
            kind.paint(stage)
            stage.infinity = infinity
        if kind.inland is not None:
            kind.inland(stage)


def air(kinds: tuple[str, ...]) -> Kind:
    """What several kinds do to the air together: the strongest of each."""
    found = [KINDS[kind] for kind in kinds if kind in KINDS]
    clouds = [k.clouds for k in found if k.clouds is not None]
    winds = [k.wind for k in found if k.wind is not None]
    return Kind(
        veil=max((k.veil for k in found), default=0.0),
        clouds=max(clouds) if clouds else None,
        wind=max(winds) if winds else None,
        light=next((k.light for k in found if k.light), ""),
        by_night=any(k.by_night for k in found),
        soft=any(k.soft for k in found),
    )


Speck = tuple[Shape, float, float, float, float]  # x, y, nearness, phase


def _field(
    stage: Stage,
    drops: list[Speck],
    *,
    fall: float,
    slant: float,
    sway: float = 0.0,
    spin: float = 0.0,
) -> None:
    """Specks (shape, x, y, nearness, phase) that fall at their own speed and come in again at the top."""
    f = stage.frame
    group = Group()
    for shape, *_ in drops:
        group.add(shape)
    stage.canvas.add(group)
    wide, high = f.half * 2.3 + stage.reach[0] * 2, f.above + f.below + 0.2 + stage.reach[1] * 2

    def move(view: View) -> None:
        root = stage.screen(view)
        for shape, x, y, near, phase in drops:
            speed = fall * (0.45 + near)
            down = (y + speed * view.t) % high
            across = x + slant * speed * view.t + sway * wave(view.t * 0.45 + phase) - (view.x + view.travel) * near
            at = (across + wide / 2) % wide - wide / 2
            size = 0.35 + 0.85 * near
            turn = math.sin(view.t * spin + phase * 6.0) if spin else 1.0
            shape.place(mul(root, (size, 0.0, 0.0, size * turn, at, down - f.above - 0.1 - stage.reach[1])))

    stage.movers.append(move)


def rain(stage: Stage, strength: float) -> None:
    colour = stage.tint(stage.palette.haze.towards(Colour(0.97, 0.01, 230), 0.5).clear(0.62)).rgba
    slant = 0.16 + 0.22 * stage.wind
    drops = []
    for _ in range(int(240 * strength)):
        length = stage.dawdle(0.06, 0.13)
        path = (
            Path()
            .move(0.0, 0.0)
            .line(slant * length, length)
            .line(slant * length + 0.0024, length)
            .line(0.0034, 0.0)
            .close()
        )
        drops.append((Shape(path, colour), stage.dawdle(-2, 2), stage.dawdle(0, 3), float(stage.rng.random()), 0.0))
    _field(stage, drops, fall=1.5, slant=slant)
    ripple = stage.tint(stage.palette.haze.towards(Colour(0.97, 0.01, 230), 0.5).clear(0.30)).rgba
    group = Group()
    splashes = []
    for _ in range(int(26 * strength)):
        shape = Shape(ellipse(0.0, 0.0, 0.014, 0.004))
        shape.stroke(0.0016, ripple)
        group.add(shape)
        splashes.append(
            (
                shape,
                stage.dawdle(-1, 1) * stage.frame.half * 1.1,
                stage.dawdle(0.25, 1.0) * stage.frame.below,
                float(stage.rng.random()),
            )
        )
    stage.canvas.add(group)

    def move(view: View) -> None:
        for shape, x, y, phase in splashes:
            age = (view.t * 1.4 + phase) % 1.0
            grown = 0.3 + 1.3 * age
            shape.show(age < 0.75)
            shape.place(mul(stage.matrix(view.held, 1.0), mul(shift(x, y), scale(grown))))

    stage.movers.append(move)


def snow(stage: Stage) -> None:
    white = stage.tint(Colour(0.985, 0.006, 240, 0.86)).rgba
    flakes = [
        (
            Shape(ellipse(0.0, 0.0, stage.dawdle(0.0034, 0.0095)), white),
            stage.dawdle(-2, 2),
            stage.dawdle(0, 3),
            float(stage.rng.random()),
            float(stage.rng.random()),
        )
        for _ in range(270)
    ]
    _field(stage, flakes, fall=0.13, slant=0.25 + stage.wind * 0.8, sway=0.035)


def leaves(
    stage: Stage, tints: tuple[Colour, ...] = (Colour(0.66, 0.16, 50), Colour(0.72, 0.15, 75), Colour(0.55, 0.17, 32))
) -> None:
    drops = []
    for index in range(46):
        s = stage.dawdle(0.011, 0.021)
        path = smooth([(-s, 0.0), (-s * 0.2, -s * 0.5), (s, -s * 0.1), (s * 0.1, s * 0.45)])
        tint = stage.tint(stage.palette.figure(tints[index % len(tints)], named=True)).rgba
        drops.append(
            (
                Shape(path, tint),
                stage.dawdle(-2, 2),
                stage.dawdle(0, 3),
                float(stage.rng.random()),
                float(stage.rng.random()),
            )
        )
    _field(stage, drops, fall=0.11, slant=0.5 + stage.wind, sway=0.08, spin=2.6)


def dust(stage: Stage) -> None:
    tone = stage.tint(stage.palette.light.clear(0.42)).rgba
    specks = []
    for _ in range(60):
        length = stage.dawdle(0.03, 0.10)
        path = (
            Path()
            .move(0.0, 0.0)
            .cubic(length * 0.3, -0.004, length * 0.7, -0.004, length, 0.0)
            .cubic(length * 0.7, 0.001, length * 0.3, 0.001, 0.0, 0.0)
            .close()
        )
        specks.append(
            (
                Shape(path, tone),
                stage.dawdle(-2, 2),
                stage.dawdle(0, 3),
                float(stage.rng.random()),
                float(stage.rng.random()),
            )
        )
    _field(stage, specks, fall=0.03, slant=14.0, sway=0.03)


def fireflies(stage: Stage) -> None:
    warm = Colour(0.90, 0.16, 105)
    group = Group()
    flies = []
    for _ in range(26):
        tone = stage.tint(warm).rgba
        shape = nested(0.016, 0.016, tone, 5)
        group.add(shape)
        flies.append(
            (
                shape,
                stage.dawdle(-1, 1) * stage.frame.half,
                stage.dawdle(-0.22, 0.9) * stage.frame.below,
                float(stage.rng.random()),
            )
        )
    stage.canvas.add(group)

    def move(view: View) -> None:
        for shape, x, y, phase in flies:
            # lights up and fades over three seconds, each at its own time: no two together, no flash
            glow = ease(0.3 + wave(view.t / 3.2 + phase))
            shape.show(glow > 0.04)
            at = (x + 0.07 * wave(view.t / 6.3 + phase * 3), y + 0.05 * wave(view.t / 4.7 + phase * 5))
            shape.place(mul(stage.matrix(view.held, 1.0), mul(shift(*at), scale(1.2 * glow))))

    stage.movers.append(move)


def _sheets(stage: Stage, *sheets: tuple[float, float, float, float]) -> None:
    """Soft sheets that rise and sink a little: (where, as a share of the ground; how thick; how dense; depth)."""
    r, g, b, _ = stage.tint(stage.palette.haze.lighter(0.05)).rgba
    for index, (share, thick, dense, depth) in enumerate(sheets):
        y = stage.frame.below * share
        sheet = Shape(polygon([(-5.0, -thick), (5.0, -thick), (5.0, thick), (-5.0, thick)]))
        stops = [(0.0, 0.0), (0.25, 0.5), (0.5, 1.0), (0.75, 0.5), (1.0, 0.0)]
        sheet.linear(0.0, -thick, 0.0, thick, [(at, (r, g, b, round(255 * dense * s))) for at, s in stops])

        def move(view: View, sheet: Shape = sheet, index: int = index, y: float = y, depth: float = depth) -> None:
            lift = 0.018 * wave(view.t / 11 + index * 0.3)
            sheet.nudge(mul(stage.still(view, depth), shift(0.0, y + lift)))

        stage.add(sheet, move)


def fog_inland(stage: Stage) -> None:
    """Thickest where the land is far; whoever the picture is about stands before most of it."""
    _sheets(stage, (-0.10, 0.20, 0.62, 0.2), (0.10, 0.15, 0.60, 0.4), (0.34, 0.16, 0.42, 0.6))


def fog(stage: Stage) -> None:
    _sheets(stage, (0.70, 0.18, 0.30, 0.95))


def mist_inland(stage: Stage) -> None:
    _sheets(stage, (0.02, 0.10, 0.46, 0.3), (0.26, 0.11, 0.38, 0.55))


def mist(stage: Stage) -> None:
    _sheets(stage, (0.66, 0.12, 0.22, 0.9))


def _round(stage: Stage, count: int, small: float, large: float, tone: Colour) -> list[Speck]:
    seen = stage.tint(tone).rgba
    return [
        (
            Shape(ellipse(0.0, 0.0, stage.dawdle(small, large)), seen),
            stage.dawdle(-2, 2),
            stage.dawdle(0, 3),
            float(stage.rng.random()),
            float(stage.rng.random()),
        )
        for _ in range(count)
    ]


def blizzard(stage: Stage) -> None:
    _field(stage, _round(stage, 320, 0.0035, 0.0095, Colour(0.985, 0.006, 240, 0.86)), fall=0.34, slant=2.2, sway=0.03)
    gusts(stage, Colour(0.98, 0.008, 240, 0.30), 26)


def hail(stage: Stage) -> None:
    _field(stage, _round(stage, 130, 0.004, 0.008, Colour(0.96, 0.01, 230, 0.9)), fall=1.25, slant=0.12)


def ash(stage: Stage) -> None:
    _field(stage, _round(stage, 100, 0.003, 0.007, Colour(0.45, 0.008, 60, 0.85)), fall=0.05, slant=0.5, sway=0.06)


def motes(stage: Stage) -> None:
    """Dust or pollen that hangs in the light."""
    _field(stage, _round(stage, 150, 0.0036, 0.0090, Colour(0.99, 0.06, 92, 0.9)), fall=0.012, slant=0.8, sway=0.05)


def feathers(stage: Stage) -> None:
    specks: list[Speck] = []
    white = stage.tint(Colour(0.975, 0.008, 90, 0.95)).rgba
    for _ in range(26):
        s = stage.dawdle(0.022, 0.040)
        path = smooth(
            [
                (-s, 0.0),
                (-s * 0.3, -s * 0.30),
                (s * 0.7, -s * 0.20),
                (s, 0.0),
                (s * 0.5, s * 0.16),
                (-s * 0.4, s * 0.12),
            ]
        )
        specks.append(
            (
                Shape(path, white),
                stage.dawdle(-2, 2),
                stage.dawdle(0, 3),
                float(stage.rng.random()),
                float(stage.rng.random()),
            )
        )
    _field(stage, specks, fall=0.055, slant=0.3, sway=0.12, spin=1.1)


def confetti(stage: Stage) -> None:
    specks: list[Speck] = []
    for index in range(170):
        s = stage.dawdle(0.010, 0.018)
        tone = stage.tint(Colour(0.72, 0.18, index * 57.0 % 360)).rgba
        path = polygon([(-s, -s * 0.5), (s, -s * 0.5), (s, s * 0.5), (-s, s * 0.5)])
        specks.append(
            (
                Shape(path, tone),
                stage.dawdle(-2, 2),
                stage.dawdle(0, 3),
                float(stage.rng.random()),
                float(stage.rng.random()),
            )
        )
    _field(stage, specks, fall=0.16, slant=0.15, sway=0.05, spin=2.2)


def gusts(stage: Stage, tone: Colour, count: int = 34) -> None:
    """Long thin streaks that the wind drives along."""
    specks: list[Speck] = []
    seen = stage.tint(tone).rgba
    for _ in range(count):
        w = stage.dawdle(0.10, 0.28)
        path = smooth([(0.0, 0.0), (w * 0.4, -0.006), (w, 0.0), (w * 0.5, 0.004)], tension=0.4)
        specks.append(
            (
                Shape(path, seen),
                stage.dawdle(-2, 2),
                stage.dawdle(0, 3),
                float(stage.rng.random()),
                float(stage.rng.random()),
            )
        )
    _field(stage, specks, fall=0.03, slant=18.0, sway=0.02)


def sandstorm(stage: Stage) -> None:
    gusts(stage, stage.palette.haze.lighter(0.08).clear(0.34), 44)
    _field(
        stage, _round(stage, 110, 0.0012, 0.003, stage.palette.haze.lighter(-0.16).clear(0.6)), fall=0.05, slant=13.0
    )
    fog(stage)


def storm(stage: Stage) -> None:
    rain(stage, 1.0)
    lights.lightning(stage)


_PINK = (Colour(0.86, 0.08, 0), Colour(0.92, 0.05, 10))

KINDS: dict[str, Kind] = {
    "rain": Kind(lambda st: rain(st, 0.7), veil=0.55, clouds=0.8, soft=True),
    "drizzle": Kind(lambda st: rain(st, 0.45), veil=0.45, clouds=0.7, soft=True),
    "storm": Kind(storm, clouds=0.8, wind=0.9, light="storm", soft=True),
    "snow": Kind(snow, veil=0.55, clouds=0.8, soft=True),
    "blizzard": Kind(blizzard, veil=0.8, clouds=0.9, wind=1.0, soft=True),
    "hail": Kind(hail, veil=0.5, clouds=0.85, light="storm", soft=True),
    "fog": Kind(fog, fog_inland, veil=0.75, soft=True),
    "mist": Kind(mist, mist_inland, veil=0.35, soft=True),
    "smoke": Kind(swarms.drifting_smoke, veil=0.25, soft=True),
    "cloudy": Kind(veil=0.55, clouds=0.8, soft=True),
    "clear": Kind(clouds=0.08),
    "wind": Kind(dust, wind=0.9),
    "dust": Kind(dust, wind=0.6, veil=0.2),
    "sandstorm": Kind(sandstorm, fog_inland, clouds=0.0, wind=1.0, light="sandstorm", soft=True),
    "leaves": Kind(leaves, wind=0.5),
    "petals": Kind(lambda st: leaves(st, _PINK), wind=0.4),
    "feathers": Kind(feathers),
    "confetti": Kind(confetti),
    "motes": Kind(motes),
    "ash": Kind(ash, veil=0.4, soft=True),
    "embers": Kind(swarms.embers),
    "sparks": Kind(swarms.sparks),
    "bubbles": Kind(swarms.bubbles),
    "butterflies": Kind(swarms.butterflies),
    "fireflies": Kind(fireflies, by_night=True),
    "stars": Kind(clouds=0.05, by_night=True),
    "meteors": Kind(lights.meteors, clouds=0.05, by_night=True, far=True, over=True),
    "aurora": Kind(lights.aurora, clouds=0.04, light="aurora", by_night=True, far=True),
    "fireworks": Kind(lights.fireworks, clouds=0.08, by_night=True, far=True, over=True),
    "lanterns": Kind(lights.sky_lanterns, by_night=True),
    "searchlights": Kind(lights.searchlights, by_night=True, far=True, over=True),
    "moonlight": Kind(clouds=0.15, by_night=True),
    "lightning": Kind(lights.lightning, clouds=0.8, light="storm", soft=True, far=True, over=True),
    "rainbow": Kind(lights.rainbow, clouds=0.4, far=True, over=True),
    "rays": Kind(lights.rays),
    "candles": Kind(lights.candles, light="lamp", by_night=True),
    "spotlight": Kind(shows.spotlights),
    "neon": Kind(lights.neon, light="neon", by_night=True),
}
