"""The street at night: far towers, shop fronts, signs, and their light on the wet ground."""

import math

from engine.renderers.animatic.canvas import Group, Paint, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, box, ellipse, mul, polygon, ribbon, rounded, shift, smooth
from engine.renderers.animatic.settings.base import period, span
from engine.renderers.animatic.stage import INFINITY, Stage

ASPHALT = Colour(0.34, 0.020, 280)
NEON = (
    Colour(0.74, 0.23, 350),
    Colour(0.86, 0.13, 200),
    Colour(0.90, 0.15, 90),
    Colour(0.66, 0.22, 300),
    Colour(0.70, 0.20, 35),
    Colour(0.85, 0.19, 150),
)
WALLS = (Colour(0.46, 0.035, 290), Colour(0.40, 0.045, 265), Colour(0.50, 0.05, 320), Colour(0.42, 0.03, 240))


def _skyline(
    stage: Stage, depth: float, height: float, base: float, bottom: float, distance: float, *, lit: float
) -> None:
    """Towers far away, with windows that are lit."""
    length = period(stage)
    left, right = span(stage, length)
    towers: list[Path] = []
    panes: list[Path] = []
    x = 0.0
    blocks = []
    while x < length:
        w = stage.dawdle(0.06, 0.17)
        blocks.append((x, w, height * stage.dawdle(0.35, 1.0)))
        x += w
    for turn in range(math.floor(left / length), math.ceil(right / length) + 1):
        for index, (at, w, h) in enumerate(blocks):
            a = at + turn * length
            if a + w < left or a > right:
                continue
            windows = Path()
            panes.append(windows)
            towers.append(polygon([(a, bottom), (a, base - h), (a + w + 0.002, base - h), (a + w + 0.002, bottom)]))
            if index % 4 == 1:
                towers[-1].join(
                    polygon([(a + w * 0.47, base - h), (a + w * 0.5, base - h - 0.05), (a + w * 0.53, base - h)])
                )
            cols, rows = max(1, int(w / 0.028)), max(1, int(h / 0.034))
            for c in range(cols):
                for r in range(rows):
                    if (index * 7 + c * 5 + r * 11 + c * r * 3) % 10 < lit * 10:
                        wx, wy = a + 0.010 + c * 0.028, base - h + 0.014 + r * 0.034
                        windows.move(wx, wy).line(wx + 0.011, wy).line(wx + 0.011, wy + 0.015).line(
                            wx, wy + 0.015
                        ).close()
    body = stage.ground(WALLS[1], distance)
    flat = stage.tint(body.towards(stage.palette.haze, 0.2)).rgba
    shapes = [Shape(tower, flat) for tower in towers]
    for shape in shapes if depth <= INFINITY else ():
        shape.linear(
            0.0,
            base - height,
            0.0,
            bottom,
            [(0.0, stage.tint(body).rgba), (1.0, stage.tint(body.towards(stage.palette.haze, 0.5)).rgba)],
        )
    glow = Colour(0.88, 0.10, 80).towards(stage.palette.haze, distance * 0.6)
    stage.scroll(depth, length, *shapes, *(stage.paint(pane, glow) for pane in panes))


def street_behind(stage: Stage) -> None:
    f = stage.frame
    dark = stage.palette.name in ("neon", "night", "blue", "dusk")
    _skyline(stage, 0.10, 0.42, 0.02, 0.08, 0.72, lit=0.45 if dark else 0.15)
    _skyline(stage, 0.25, 0.30, 0.04, 0.09, 0.45, lit=0.5 if dark else 0.2)
    length = period(stage)
    stage_floor = Shape(Path().move(-5, 0.10).line(5, 0.10).line(5, f.below + 0.2).line(-5, f.below + 0.2).close())
    asphalt = stage.ground(ASPHALT, 0.06)
    stage_floor.linear(
        0.0,
        0.10,
        0.0,
        f.below,
        [
            (0.0, stage.tint(asphalt.towards(stage.palette.haze, 0.45)).rgba),
            (0.4, stage.tint(asphalt.towards(stage.palette.haze, 0.12)).rgba),
            (1.0, stage.tint(asphalt.lighter(-0.06)).rgba),
        ],
    )
    stage.plane(0.0, stage_floor)
    fronts: list[tuple[Paint, float, float]] = []
    mirrors: list[tuple[Paint, float, float]] = []
    x, index = 0.0, int(stage.rng.integers(0, 6))
    widths = []
    while x < length - 0.2:
        w = min(stage.dawdle(0.34, 0.52), length - x)
        widths.append(w)
        x += w
    widths[-1] += length - x
    x = -length / 2
    for w in widths:
        index += 1
        fronts.append((_front(stage, w, f.above * stage.dawdle(0.74, 1.15), index, dark), x, 0.10))
        if dark:
            for k, sign_x in enumerate((0.18, 0.62)):
                tone = NEON[(index + k * 2) % len(NEON)]
                mirrors.append(
                    (_streak(stage, w * 0.2, f.below * stage.dawdle(0.45, 0.85), tone), x + w * sign_x + w * 0.1, 0.115)
                )
        x += w
    stage.scatter(0.62, length, fronts)
    stage.scatter(0.62, length, mirrors)
    kerb = stage.ground(Colour(0.5, 0.02, 280), 0.1)
    stage.plane(0.0, stage.paint(Path().move(-5, 0.100).line(5, 0.100).line(5, 0.118).line(-5, 0.118).close(), kerb))
    if dark:
        glow = stage.glow(0.0, 0.02, 0.15, NEON[index % len(NEON)], 0.30)
        stage.add(glow, lambda view: glow.place(mul(stage.still(view, 0.3), shift(stage.reserved[0], 0.0))))


def _streak(stage: Stage, w: float, h: float, tone: Colour) -> Shape:
    """A sign's light on wet ground."""
    shape = Shape(Path().move(-w / 2, 0.0).line(w / 2, 0.0).line(w * 0.62, h).line(-w * 0.62, h).close())
    r, g, b, _ = stage.tint(tone).rgba
    shape.linear(0.0, 0.0, 0.0, h, [(0.0, (r, g, b, 120)), (0.35, (r, g, b, 60)), (1.0, (r, g, b, 0))])
    return shape


def _front(stage: Stage, w: float, h: float, index: int, dark: bool) -> Group:
    """A house front: shop with lit glass, awning, windows above, and signs that hang into the street."""
    group = Group()
    wall = stage.ground(WALLS[index % len(WALLS)].lighter(0.03 * ((index * 3) % 3 - 1)), 0.12)
    body = Shape(rounded(0.004, -h, w - 0.008, h, 0.004), stage.tint(wall).rgba)
    tone = NEON[index % len(NEON)]
    group.add(body)
    # only the foot, where the shop's light falls, is a gradient: walls are most of the frame
    foot = Shape(box(0.004, -h * 0.3, w - 0.008, h * 0.3))
    lit = wall.towards(tone, 0.30 if dark else 0.05)
    foot.linear(0.0, -h * 0.3, 0.0, 0.0, [(0.0, stage.tint(wall).rgba), (1.0, stage.tint(lit).rgba)])
    group.add(foot)
    panes, unlit = Path(), Path()
    rows = max(2, int((h - 0.26) / 0.11))
    for row in range(rows):
        for c in range(4):
            target = panes if dark and (index * 5 + row * 3 + c * 7) % 9 < 4 else unlit
            target.join(rounded(w * (0.10 + 0.21 * c), -0.31 - row * 0.11, w * 0.14, 0.062, 0.003))
    group.add(stage.paint(unlit, wall.lighter(-0.07)))
    group.add(stage.paint(panes, Colour(0.86, 0.10, 78)))
    glass = Shape(rounded(w * 0.08, -0.175, w * 0.84, 0.165, 0.006))
    inside = Colour(0.90, 0.10, 80) if dark else stage.ground(Colour(0.72, 0.03, 230), 0.1)
    glass.linear(
        0.0, -0.18, 0.0, 0.0, [(0.0, stage.tint(inside).rgba), (1.0, stage.tint(inside.towards(tone, 0.35)).rgba)]
    )
    group.add(glass)
    bars = Path()
    for c in range(1, 4):
        bars.join(rounded(w * (0.08 + 0.21 * c) - 0.002, -0.175, 0.004, 0.165, 0.0))
    goods = Path()
    for c in range(6):
        goods.join(
            rounded(
                w * (0.12 + 0.13 * c),
                -0.012 - 0.03 - 0.03 * ((c * index) % 3),
                w * 0.09,
                0.04 + 0.03 * ((c * index) % 3),
                0.004,
            )
        )
    group.add(stage.paint(goods, wall.lighter(-0.12)))
    group.add(stage.paint(bars, wall.lighter(-0.10)))
    awning = smooth([(w * 0.04, -0.18), (w * 0.06, -0.215), (w * 0.94, -0.215), (w * 0.96, -0.18)], tension=0.1)
    group.add(stage.paint(awning, tone.towards(stage.palette.ink, 0.15 if dark else 0.0)))
    _sign(stage, group, w * 0.82, -0.30 - 0.16 * (index % 2), index, dark)
    if index % 2:
        _lanterns(stage, group, w, index)
    return group


def _sign(stage: Stage, group: Group, x: float, y: float, index: int, dark: bool) -> None:
    """A hanging sign: strokes that look like writing and are none."""
    tone = NEON[(index * 2 + 1) % len(NEON)]
    h, w = 0.20, 0.058
    group.add(stage.paint(rounded(x - w / 2, y - h, w, h, 0.008), stage.palette.ink.towards(tone, 0.12)))
    strokes = Path()
    for k in range(3):
        cy = y - h + 0.035 + 0.062 * k
        kind = (index + k * 2) % 4
        strokes.join(rounded(x - 0.017, cy - 0.014, 0.034, 0.0045, 0.002))
        strokes.join(rounded(x - 0.0022, cy - 0.02, 0.0045, 0.040, 0.002))
        if kind in (0, 2):
            strokes.join(rounded(x - 0.014, cy + 0.002, 0.028, 0.0045, 0.002))
        if kind in (1, 2):
            strokes.join(ribbon([(x, cy), (x - 0.017, cy + 0.02)], [0.005, 0.004])).join(
                ribbon([(x, cy), (x + 0.017, cy + 0.02)], [0.005, 0.004])
            )
        if kind == 3:
            strokes.join(rounded(x - 0.017, cy + 0.014, 0.034, 0.0045, 0.002))
    frame_ = Shape(rounded(x - w / 2 + 0.003, y - h + 0.003, w - 0.006, h - 0.006, 0.007))
    frame_.stroke(0.0035, stage.tint(tone).rgba)
    group.add(frame_)
    group.add(stage.paint(strokes, tone.lighter(0.06)))


def _lanterns(stage: Stage, group: Group, w: float, index: int) -> None:
    """Paper lanterns under the awning."""
    body = Path()
    for k in range(3):
        body.join(ellipse(w * (0.2 + 0.3 * k), -0.150 + 0.006 * (k % 2), 0.020, 0.024))
    group.add(stage.paint(body, Colour(0.72, 0.20, 35 if index % 4 else 60)))


def street_before(stage: Stage) -> None:
    f = stage.frame
    pole = stage.palette.ink.towards(stage.palette.haze, 0.10)
    x = -math.copysign(f.half * 0.90, stage.reserved[0])
    path = ribbon(
        [(x, f.below + 0.1), (x, -f.above * 0.70), (x * 0.93, -f.above * 0.80), (x * 0.80, -f.above * 0.80)],
        [0.024, 0.016, 0.014, 0.012],
    )
    group = Group()
    group.add(stage.paint(path, pole))
    group.add(stage.paint(ellipse(x * 0.79, -f.above * 0.785, 0.032, 0.012), Colour(0.95, 0.08, 85)))
    if stage.palette.name in ("neon", "night", "blue", "dusk"):
        group.add(stage.glow(x * 0.79, -f.above * 0.77, 0.11, Colour(0.90, 0.10, 80), 0.5))
    stage.canvas.add(group)
    stage.movers.append(lambda view: group.nudge(stage.still(view, 1.15)))
