"""Water: stream, lake, sea, beach, and under it. It mirrors the sky, glitters towards the light, and rings whatever
stands in it."""

from engine.renderers.animatic.canvas import Group, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, ellipse, mul, polygon, ribbon, scale, shift, smooth, wave
from engine.renderers.animatic.settings.base import Setting, clouds, layer, period, span, stones
from engine.renderers.animatic.settings.land import GRASS, GRASS_FAR, PINE, grass_edge, mountains, wood
from engine.renderers.animatic.settings.ridges import ridge, rolling
from engine.renderers.animatic.stage import Stage, View

WATER = Colour(0.62, 0.065, 225)
SAND = Colour(0.86, 0.065, 82)


def surface(stage: Stage, top: float, bottom: float, *, deep: float = 0.5) -> None:
    """A sheet of water: the sky upside down, darker as it comes nearer."""
    sky = stage.palette.sky
    shape = Shape(Path().move(-5, top).line(5, top).line(5, bottom).line(-5, bottom).close())
    near = sky[0].towards(stage.ground(WATER, 0.0), deep).lighter(-0.04)
    shape.linear(
        0.0,
        top,
        0.0,
        bottom,
        [
            (0.0, stage.tint(sky[-1].towards(stage.palette.haze, 0.35)).rgba),
            (0.25, stage.tint(sky[-2].towards(near, 0.25)).rgba),
            (1.0, stage.tint(near).rgba),
        ],
    )
    stage.plane(0.0, shape)


def glitter(stage: Stage, top: float, bottom: float, count: int, *, path_of_light: bool = True) -> None:
    """Short bright strokes that come and go; thickest under the sun or the moon."""
    sun = -stage.reserved[0] / abs(stage.reserved[0] or 1.0) * stage.frame.half * 0.41 if stage.reserved[0] else 0.0
    group = Group()
    bits: list[tuple[Shape, float, float, float, float]] = []
    lit = stage.tint(stage.palette.light.clear(0.55)).rgba
    calm = stage.tint(stage.palette.sky[-1].clear(0.30)).rgba
    for index in range(count):
        near = float(stage.rng.random()) ** 1.5
        y = top + 0.006 + (bottom - top) * near
        bright = path_of_light and index % 2 == 0
        x = (
            sun + float(stage.rng.normal(0, 0.05 + 0.16 * near))
            if bright
            else stage.dawdle(-1.1, 1.1) * stage.frame.half
        )
        wide = (0.012 + 0.07 * near) * stage.dawdle(0.6, 1.3)
        thin = 0.0016 + 0.0050 * near
        shape = Shape(
            polygon(
                [(wide, 0.0), (wide * 0.4, -thin * 0.8), (-wide * 0.4, -thin * 0.8), (-wide, 0.0), (0.0, thin * 0.4)]
            ),
            lit if bright else calm,
        )
        group.add(shape)
        bits.append((shape, x, y, float(stage.rng.random()), 0.5 + near))
    stage.canvas.add(group)

    def move(view: View) -> None:
        # written out, since there are so many of them
        a, _, _, _, e, f = stage.still(view, 0.6)
        for shape, x, y, phase, slow in bits:
            shine = 0.5 + 0.5 * wave(view.t / (2.2 + slow) + phase)
            at = x + 0.012 * wave(view.t / 4.7 + phase)
            wide, thin = 0.25 + 0.75 * shine, 0.6 + 0.4 * shine
            shape.nudge((a * wide, 0.0, 0.0, a * thin, a * at + e, a * y + f))

    stage.movers.append(move)


def reeds(stage: Stage, x: float, y: float, size: float, count: int) -> None:
    group = Group()
    dark = stage.ground(GRASS, 0.0).towards(stage.palette.ink, 0.5)
    blades = Path()
    heads = Path()
    for _ in range(count):
        at = x + float(stage.rng.normal(0, 0.10))
        h = size * stage.dawdle(0.5, 1.0)
        bend = h * float(stage.rng.normal(0.06, 0.12))
        blades.join(ribbon([(at, y), (at + bend * 0.3, y - h * 0.55), (at + bend, y - h)], [0.010, 0.008, 0.002]))
        if stage.rng.random() < 0.4:
            heads.join(
                smooth(
                    [
                        (at + bend - 0.009, y - h),
                        (at + bend, y - h - 0.05),
                        (at + bend + 0.009, y - h),
                        (at + bend, y - h + 0.045),
                    ]
                )
            )
    group.add(stage.paint(blades, dark))
    group.add(stage.paint(heads, stage.ground(Colour(0.42, 0.06, 50), 0.0).towards(stage.palette.ink, 0.3)))
    stage.canvas.add(group)

    def move(view: View) -> None:
        bow = (0.02 + 0.05 * stage.wind) * wave(view.t / 3.1 + x)
        root = stage.matrix(view.held, 1.15)
        group.nudge(mul(root, (1.0, 0.0, -bow, 1.0, bow * y, 0.0)))

    stage.movers.append(move)


def rings(stage: Stage, x: float, y: float) -> None:
    """Rings on the water round a subject's feet."""
    group = Group()
    made: list[tuple[Shape, float]] = []
    tone = stage.tint(stage.palette.light.towards(stage.palette.haze, 0.4).clear(0.55)).rgba
    for k in range(3):
        shape = Shape(ellipse(0.0, 0.0, 0.10, 0.022))
        shape.stroke(0.003, tone)
        group.add(shape)
        made.append((shape, k / 3))
    stage.canvas.add(group)

    def move(view: View) -> None:
        root = stage.matrix(view.held, 1.0)
        for shape, phase in made:
            age = (view.t / 3.6 + phase) % 1.0
            shape.fade(min(1.0, age * 6) * (1 - age))
            shape.place(mul(root, mul(shift(x, y), scale(0.3 + 1.2 * age))))

    stage.movers.append(move)


def stream_behind(stage: Stage) -> None:
    clouds(stage, 3)
    mountains(stage, 0.08, 0.22, 0.0, 0.86, snow=False)
    length = period(stage)
    layer(
        stage, 0.2, rolling(stage.rng, length, 0.10), 0.015, 0.08, stage.ground(GRASS_FAR, 0.62), mist=0.45, until=0.055
    )
    wood(stage, 0.34, 0.035, 0.10, 0.10, 0.46, pine_share=0.25, leaf=Colour(0.46, 0.08, 142), mist=0.45, until=0.085)
    surface(stage, 0.075, stage.frame.below + 0.2)
    left, right = span(stage, length)
    bank = ridge(rolling(stage.rng, length, 0.022), left, right, 0.085, 0.097)
    stage.scroll(0.5, length, stage.paint(bank, stage.ground(GRASS, 0.35).lighter(-0.05)))
    glitter(stage, 0.10, stage.frame.below, 70)
    stones(stage, stage.ground(Colour(0.50, 0.02, 250), 0.1), 9, top=0.14, bottom=stage.frame.below * 0.95, size=0.032)
    rings(stage, stage.reserved[0] * 0.8, stage.frame.below * 0.55)


def stream_before(stage: Stage) -> None:
    f = stage.frame
    for side in (-1.0, 1.0):
        if side * stage.reserved[0] < 0 or f.half > 0.7:
            reeds(stage, side * f.half * 0.93, f.below + 0.01, 0.34, 16)


def lake_behind(stage: Stage) -> None:
    clouds(stage, 3)
    mountains(stage, 0.06, 0.30, 0.01, 0.80)
    mountains(stage, 0.12, 0.17, 0.02, 0.60, snow=False)
    wood(stage, 0.2, 0.03, 0.055, 0.06, 0.48, pine_share=1.0, leaf=PINE, mist=0.5, until=0.05)
    surface(stage, 0.05, stage.frame.below + 0.2)
    glitter(stage, 0.06, stage.frame.below, 90)


def lake_before(stage: Stage) -> None:
    stream_before(stage)


def sea_behind(stage: Stage) -> None:
    clouds(stage, 5, low=0.18, high=0.8)
    length = period(stage)
    layer(
        stage,
        0.05,
        rolling(stage.rng, length, 0.045, (2, 3, 5)),
        0.012,
        0.02,
        stage.ground(Colour(0.5, 0.04, 260), 0.82),
        mist=0.3,
    )
    surface(stage, 0.0, stage.frame.below + 0.2)
    glitter(stage, 0.01, stage.frame.below, 130)


def _swell(stage: Stage, y: float, height: float, share: float, depth: float, period_s: float) -> None:
    length = 1.2
    left, right = span(stage, length)
    right += 0.0 if stage.follows else length  # it rolls on by itself
    profile = rolling(stage.rng, length, height, (2, 3))
    body = stage.palette.sky[0].towards(stage.ground(WATER, 0.0), 0.5).towards(stage.palette.ink, share)
    shape = stage.paint(ridge(profile, left, right, y, y + 0.30), body.clear(0.92))
    group = Group()
    group.add(shape)
    stage.canvas.add(group)

    def move(view: View) -> None:
        root = stage.matrix(view.held, depth)
        at = (view.t / period_s * length + view.travel * depth) % length
        group.nudge(mul(root, shift(-at, 0.008 * wave(view.t / 3.7 + share))))

    stage.movers.append(move)


def sea_before(stage: Stage) -> None:
    _swell(stage, stage.frame.below * 0.86, 0.020, 0.25, 1.1, 13.0)
    _swell(stage, stage.frame.below * 0.98, 0.028, 0.45, 1.2, 10.0)


def beach_behind(stage: Stage) -> None:
    clouds(stage, 5, low=0.2)
    surface(stage, 0.0, 0.22)
    glitter(stage, 0.01, 0.13, 60)
    length = period(stage)
    left, right = span(stage, length)
    foam = stage.paint(
        ridge(rolling(stage.rng, length, 0.02, (2, 3, 5)), left, right, 0.155, 0.22),
        stage.ground(Colour(0.98, 0.01, 200), 0.1),
    )
    group = Group()
    group.add(foam)
    stage.canvas.add(group)
    stage.movers.append(
        lambda view: group.nudge(
            mul(
                stage.rolled(view, 0.8, length),
                shift(0.0, 0.012 * wave(view.t / 5.5)),
            )
        )
    )
    sand = ridge(rolling(stage.rng, length, 0.02, (1, 2, 3)), left, right, 0.185, stage.frame.below + 0.3)
    shape = Shape(sand)
    shape.linear(
        0.0,
        0.16,
        0.0,
        stage.frame.below,
        [
            (0.0, stage.tint(stage.ground(SAND.lighter(-0.10), 0.12)).rgba),
            (0.25, stage.tint(stage.ground(SAND, 0.08)).rgba),
            (1.0, stage.tint(stage.ground(SAND.lighter(-0.08), 0.0)).rgba),
        ],
    )
    stage.scroll(0.95, length, shape)
    stones(stage, stage.ground(Colour(0.93, 0.04, 60), 0.05), 8, top=0.24, bottom=stage.frame.below * 0.95, size=0.012)


def beach_before(stage: Stage) -> None:
    grass_edge(stage, GRASS_FAR, tall=0.10, density=7)


def deep_behind(stage: Stage) -> None:
    """Under water: shafts of light, ridges of rock, weed that waves, bubbles."""
    f = stage.frame
    shafts = Group()
    for _ in range(6):
        x = stage.dawdle(-1.1, 1.1) * f.half
        w = stage.dawdle(0.04, 0.12)
        shape = Shape(
            Path()
            .move(x, -f.above - 0.1)
            .line(x + w, -f.above - 0.1)
            .line(x + w * 2.4 - 0.25, f.below)
            .line(x - w - 0.25, f.below)
            .close()
        )
        r, g, b, _ = stage.tint(stage.palette.light).rgba
        shape.linear(0.0, -f.above, 0.0, f.below * 0.7, [(0.0, (r, g, b, 62)), (1.0, (r, g, b, 0))])
        shafts.add(shape)
    stage.canvas.add(shafts)
    stage.movers.append(
        lambda view: shafts.nudge(mul(stage.matrix(view, 0.1), (1.0, 0.0, 0.05 * wave(view.t / 9.0), 1.0, 0.0, 0.0)))
    )
    length = period(stage)
    rock = Colour(0.45, 0.05, 255)
    layer(
        stage, 0.15, rolling(stage.rng, length, 0.16), f.below * 0.62, f.below + 0.1, stage.ground(rock, 0.75), mist=0.4
    )
    layer(
        stage, 0.35, rolling(stage.rng, length, 0.14), f.below * 0.82, f.below + 0.1, stage.ground(rock, 0.5), mist=0.2
    )
    corals = (Colour(0.68, 0.16, 15), Colour(0.72, 0.13, 60), Colour(0.62, 0.13, 330))
    items: list[tuple[Shape, float, float]] = []
    for index in range(8):
        fan = Path()
        size = stage.dawdle(0.08, 0.16)
        for k in range(7):
            lean = (k - 3) * 0.28
            fan.join(
                ribbon(
                    [(0.0, 0.0), (lean * size * 0.5, -size * 0.5), (lean * size, -size * (1.05 - 0.05 * abs(k - 3)))],
                    [size * 0.14, size * 0.11, size * 0.10],
                )
            )
        items.append(
            (
                stage.paint(fan, stage.palette.ground(corals[index % 3], 0.28)),
                -length / 2 + length * (index + stage.dawdle(0.1, 0.9)) / 8,
                f.below * 0.97,
            )
        )
    stage.scatter(0.6, length, items, sway=0.05)


def deep_before(stage: Stage) -> None:
    f = stage.frame
    length = period(stage)
    left, right = span(stage, length)
    dark = stage.palette.ink.towards(stage.palette.haze, 0.22)
    stage.scroll(
        1.2,
        length,
        stage.paint(ridge(rolling(stage.rng, length, 0.08), left, right, f.below + 0.02, f.below + 0.3), dark),
    )
    for side in (-1.0, 1.0):
        reeds(stage, side * f.half * 0.88, f.below + 0.03, 0.55, 12)
    tone = stage.tint(Colour(0.96, 0.03, 200, 0.5)).rgba
    group = Group()
    bubbles: list[tuple[Shape, float, float, float]] = []
    for _ in range(26):
        shape = Shape(ellipse(0.0, 0.0, stage.dawdle(0.003, 0.009)))
        shape.stroke(0.0018, tone)
        group.add(shape)
        bubbles.append((shape, stage.dawdle(-1, 1) * f.half, float(stage.rng.random()), stage.dawdle(0.05, 0.11)))
    stage.canvas.add(group)

    def move(view: View) -> None:
        high = f.above + f.below + 0.1
        for shape, x, phase, speed in bubbles:
            y = f.below - ((phase * high + speed * view.t) % high)
            shape.place(mul(stage.screen(view), shift(x + 0.015 * wave(view.t / 1.9 + phase * 4), y)))

    stage.movers.append(move)


WATERS = (
    Setting("stream", "dawn", WATER, stream_behind, stream_before, stand=0.50, water=True),
    Setting("lake", "golden", WATER, lake_behind, lake_before, stand=0.46, water=True),
    Setting("sea", "golden", WATER, sea_behind, sea_before, horizon=0.56, stand=0.40, water=True),
    Setting("beach", "noon", SAND, beach_behind, beach_before, horizon=0.52, stand=0.66),
    Setting(
        "underwater",
        "underwater",
        Colour(0.5, 0.08, 220),
        deep_behind,
        deep_before,
        horizon=0.5,
        floats=True,
        clouds=0.0,
    ),
)
