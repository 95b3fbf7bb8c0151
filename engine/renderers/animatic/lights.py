"""Light in the air: aurora, fireworks, meteors, lanterns, lightning, rainbow, rays, candles, neon, sparks. Like the
weather, each is found from the time alone. Nothing here flashes: what appears comes and goes over several frames, in a
small part of the picture, and at its own time."""

import math

from engine.renderers.animatic.actors import nested
from engine.renderers.animatic.canvas import Group, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import (
    Path,
    box,
    clamp,
    ease,
    ellipse,
    joint,
    mix,
    mul,
    polygon,
    ribbon,
    rounded,
    scale,
    shift,
    smooth,
    wave,
)
from engine.renderers.animatic.stage import Stage, View


def _away(stage: Stage) -> float:
    return -math.copysign(1.0, stage.reserved[0])


def aurora(stage: Stage) -> None:
    """Curtains of light that wave along their length."""
    f = stage.frame
    for band, (hue, top, low, strength) in enumerate(
        ((165, 0.98, 0.40, 150), (150, 0.80, 0.30, 120), (310, 1.0, 0.62, 90))
    ):
        group = Group()
        folds: list[tuple[Shape, float, float]] = []
        count = 34
        r, g, b, _ = stage.tint(Colour(0.84, 0.17, hue)).rgba
        width = (f.half * 2 + 0.5) / count
        for k in range(count):
            y0, y1 = -f.above * top, -f.above * low
            fold = Shape(
                polygon([(-width * 0.505, y0), (width * 0.505, y0), (width * 0.505, y1), (-width * 0.505, y1)])
            )
            a = strength * (0.62 + 0.38 * math.sin(k * 0.55 + band))
            fold.linear(
                0.0,
                y0,
                0.0,
                y1,
                [
                    (0.0, (r, g, b, 0)),
                    (0.72, (r, g, b, round(a * 0.6))),
                    (0.93, (r, g, b, round(a))),
                    (1.0, (r, g, b, 0)),
                ],
            )
            group.add(fold)
            folds.append((fold, (k - count / 2 + 0.5) * width, k / count))
        stage.canvas.add(group)

        def move(view: View, folds: list[tuple[Shape, float, float]] = folds, band: int = band) -> None:
            root = stage.still(view, 0.12)
            for fold, x, at in folds:
                # each fold leans as the curtain does there, so that they join
                turn = math.tau * (at * 1.6 + view.t / 9 + band * 0.3)
                lift, slope = 0.055 * math.sin(turn), 0.055 * math.cos(turn) * math.tau * 1.6 / (f.half * 2 + 0.5)
                fold.fade(0.80 + 0.20 * wave(at * 1.4 - view.t / 7 + band * 0.4))
                fold.nudge(mul(root, (1.0, slope, 0.0, 1.0, x, lift)))

        stage.scenery.append(move)


def rainbow(stage: Stage) -> None:
    f = stage.frame
    x, r = _away(stage) * f.half * 0.12, f.half * 0.86
    arcs = []
    for k, hue in enumerate((25, 55, 95, 145, 235, 270, 310)):
        bow = [(math.cos(math.pi * at / 40), 0.78 * math.sin(math.pi * at / 40)) for at in range(41)]
        outer, inner = r - 0.013 * k + 0.0075, r - 0.013 * k - 0.0075
        band = [(x + outer * c, 0.10 - outer * s) for c, s in bow] + [
            (x + inner * c, 0.10 - inner * s) for c, s in bow[::-1]
        ]
        arcs.append(Shape(polygon(band), stage.tint(Colour(0.80, 0.15, hue, 0.36)).rgba))
    stage.plane(0.08, *arcs)


def rays(stage: Stage) -> None:
    """Beams from where the light stands."""
    f = stage.frame
    x0, y0 = math.copysign(f.half * 0.7, stage.key.x), -f.above * 1.1
    r, g, b, _ = stage.tint(stage.palette.light).rgba
    group = Group()
    beams: list[tuple[Shape, int]] = []
    for k in range(5):
        spread = 0.20 + 0.24 * k
        x1 = x0 - math.copysign(spread * 2.1, x0)
        w = 0.05 + 0.018 * k
        beam = Shape(polygon([(x0 - 0.03, y0), (x0 + 0.03, y0), (x1 + w * 2.4, f.below), (x1 - w * 2.4, f.below)]))
        beam.linear(x0, y0, x1, f.below, [(0.0, (r, g, b, 100)), (0.55, (r, g, b, 44)), (1.0, (r, g, b, 0))])
        group.add(beam)
        beams.append((beam, k))
    stage.canvas.add(group)

    def move(view: View) -> None:
        group.nudge(stage.still(view, 0.3))
        for beam, k in beams:
            beam.fade(0.72 + 0.28 * wave(view.t / (5.0 + k) + k * 0.27))

    stage.movers.append(move)


def meteors(stage: Stage) -> None:
    """Falling stars, one every second or so, each with its trail."""
    f = stage.frame
    group = Group()
    made: list[tuple[Shape, float, float, float, float]] = []
    for k in range(6):
        length = stage.dawdle(0.12, 0.26)
        tone = stage.tint(Colour(0.97, 0.03, 220)).rgba
        trail = Shape(polygon([(0.0, -0.0018), (0.004, 0.0), (0.0, 0.0018), (-length, 0.0)]), tone)
        group.add(trail)
        made.append(
            (trail, stage.dawdle(-0.7, 1.1) * f.half, -f.above * stage.dawdle(0.62, 1.0), k / 6, stage.dawdle(0.8, 1.2))
        )
    stage.canvas.add(group)
    turn = math.radians(152)
    cos, sin = math.cos(turn), math.sin(turn)

    def move(view: View) -> None:
        root = stage.still(view, 0.1)
        for trail, x, y, phase, pace in made:
            share = (view.t / (5.4 * pace) + phase) % 1.0 * 6.0
            trail.show(share < 1.0)
            if share < 1.0:
                trail.fade(math.sin(math.pi * share))
                gone = 0.55 * share
                trail.place(mul(root, (cos, sin, -sin, cos, x + cos * gone, y + sin * gone)))

    stage.movers.append(move)


def fireworks(stage: Stage) -> None:
    """Shells that rise and open, two or three in the air at a time; sparks sink and go out."""
    f = stage.frame
    shells: list[tuple[Group, list[tuple[Shape, float, float]], Shape, float, float, float, float]] = []
    lasts, count = 2.8, 9
    for k in range(count):
        hue = (20, 90, 330, 200, 145, 55, 290)[k % 7]
        group, sparks_ = Group(), []
        reach_ = stage.dawdle(0.17, 0.30)
        for ring, n in ((1.0, 22), (0.62, 14)):
            tone = stage.tint(Colour(0.78, 0.19, hue) if ring == 1.0 else Colour(0.93, 0.10, hue)).rgba
            for j in range(n):
                spark = Shape(smooth([(0.014, 0.0), (0.0, 0.0048), (-0.040, 0.0), (0.0, -0.0048)]), tone)
                group.add(spark)
                sparks_.append(
                    (spark, math.tau * (j + 0.5 * (ring < 1)) / n + stage.dawdle(-0.05, 0.05), ring * reach_)
                )
        rise = Shape(ellipse(0.0, 0.0, 0.004, 0.012), stage.tint(Colour(0.92, 0.10, 80)).rgba)
        group.add(rise)
        stage.canvas.add(group)
        shells.append(
            (
                group,
                sparks_,
                rise,
                stage.dawdle(-0.85, 0.85) * f.half,
                -f.above * stage.dawdle(0.42, 0.82),
                k / count,
                reach_,
            )
        )

    def move(view: View) -> None:
        root = stage.still(view, 0.2)
        for group, sparks_, rise, x, y, phase, _ in shells:
            age = (view.t / (lasts * 1.9) + phase) % 1.0 * 1.9
            group.show(age < 1.0)
            if age >= 1.0:
                continue
            rise.show(age < 0.3)
            if age < 0.3:
                rise.place(mul(root, shift(x, mix(0.05, y, ease(age / 0.3)))))
            grown = ease(clamp((age - 0.28) / 0.34)) ** 0.6
            group.fade(clamp((1.0 - age) / 0.42))
            for spark, angle, far in sparks_:
                spark.show(age >= 0.28)
                if age >= 0.28:
                    sink = 0.11 * max(0.0, age - 0.4) ** 2
                    cos, sin = math.cos(angle), math.sin(angle)
                    s = 0.5 + 0.7 * (1.0 - age)
                    spark.place(
                        mul(
                            root,
                            (cos * s, sin * s, -sin * s, cos * s, x + cos * far * grown, y + sin * far * grown + sink),
                        )
                    )

    stage.movers.append(move)


def sky_lanterns(stage: Stage) -> None:
    """Paper lanterns let go: near ones large and slow to rise, far ones a spark."""
    f = stage.frame
    made: list[tuple[Group, float, float, float, float]] = []
    for k in range(22):
        near = ((k + 0.5) / 22) ** 1.6
        s = 0.012 + 0.036 * near
        group = Group()
        group.add(nested(s * 2.6, s * 2.6, stage.tint(Colour(0.78, 0.15, 60, 0.34)).rgba, 4))
        body = smooth(
            [(-s * 0.72, s), (-s, -s * 0.3), (-s * 0.66, -s * 1.1), (s * 0.66, -s * 1.1), (s, -s * 0.3), (s * 0.72, s)],
            tension=0.35,
        )
        group.add(Shape(body, stage.tint(Colour(0.74, 0.17, 52)).rgba))
        group.add(Shape(ellipse(0.0, s * 0.45, s * 0.56, s * 0.52), stage.tint(Colour(0.92, 0.13, 85)).rgba))
        stage.canvas.add(group)
        made.append(
            (
                group,
                stage.dawdle(-1, 1) * f.half * 1.05,
                float(stage.rng.random()),
                0.012 + 0.022 * near,
                float(stage.rng.random()),
            )
        )
    high = f.above + 0.25

    def move(view: View) -> None:
        root = stage.still(view, 0.4)
        for group, x, share, pace, phase in made:
            y = 0.06 - (share * high + pace * view.t) % high
            group.fade(clamp((0.06 - y) / 0.07))
            group.place(mul(root, shift(x + 0.025 * wave(view.t / 8 + phase), y)))

    stage.movers.append(move)


def searchlights(stage: Stage) -> None:
    f = stage.frame
    group = Group()
    beams: list[tuple[Shape, float, int]] = []
    for k, x in enumerate((-0.7, -0.1, 0.55)):
        r, g, b, _ = stage.tint(Colour(0.92, 0.04, 220)).rgba
        beam = Shape(polygon([(-0.010, 0.0), (0.010, 0.0), (0.11, -1.5), (-0.11, -1.5)]), (r, g, b, 40))
        group.add(beam)
        beams.append((beam, x * f.half, k))
    stage.canvas.add(group)

    def move(view: View) -> None:
        root = stage.still(view, 0.2)
        for beam, x, k in beams:
            beam.place(mul(root, joint(x, 0.05, 22 * wave(view.t / (9 + 2 * k) + k * 0.31) + (k - 1) * 9)))

    stage.movers.append(move)


def lightning(stage: Stage) -> None:
    """A bolt every four seconds or so: it comes in two frames, stays a moment and fades, and its glow is small."""
    f = stage.frame
    group = Group()
    bolts: list[tuple[Group, float]] = []
    for k in range(3):
        x = stage.dawdle(-0.8, 0.8) * f.half
        points = [(x, -f.above - 0.02)]
        steps = 8
        for j in range(1, steps + 1):
            points.append((points[-1][0] + stage.dawdle(-0.05, 0.05), -f.above + (f.above + 0.02) * j / steps))
        bolt = Group()
        bolt.add(Shape(_jagged(points, 0.030), stage.tint(Colour(0.86, 0.06, 270, 0.22)).rgba))
        bolt.add(Shape(_jagged(points, 0.009), stage.tint(Colour(0.98, 0.02, 250)).rgba))
        side = points[3]
        fork = [
            side,
            (side[0] + 0.07, side[1] + 0.07),
            (side[0] + 0.09, side[1] + 0.15),
            (side[0] + 0.15, side[1] + 0.20),
        ]
        bolt.add(Shape(_jagged(fork, 0.005), stage.tint(Colour(0.95, 0.03, 255)).rgba))
        halo = nested(0.24, 0.10, stage.tint(Colour(0.88, 0.04, 265, 0.4)).rgba, 4)
        halo.place(shift(x, -f.above))
        bolt.add(halo)
        group.add(bolt)
        bolts.append((bolt, k / 3 + 0.82))
    stage.canvas.add(group)

    def move(view: View) -> None:
        group.nudge(stage.still(view, 0.12))
        for bolt, phase in bolts:
            age = ((view.t / 12.0 + phase) % 1.0) * 12.0
            bolt.show(age < 0.9)
            if age < 0.9:
                bolt.fade(min(1.0, 0.45 + age * 8) * (1.0 - ease(age / 0.9)))

    stage.movers.append(move)


def _jagged(points: list[tuple[float, float]], width: float) -> Path:
    last = len(points) - 1
    left = [(x - width * (1 - k / last * 0.85) / 2, y) for k, (x, y) in enumerate(points)]
    right = [(x + width * (1 - k / last * 0.85) / 2, y) for k, (x, y) in enumerate(points)]
    return polygon([*left, *reversed(right)])


def candles(stage: Stage) -> None:
    """Candles before the lens, in twos and threes, and the warm light they give."""
    f = stage.frame
    group = Group()
    flames: list[tuple[Group, float, float, float]] = []
    for k in range(7):
        side = -1.0 if k % 2 else 1.0
        x, h = side * f.half * (0.62 + 0.06 * k) * stage.dawdle(0.94, 1.04), stage.dawdle(0.07, 0.17)
        w, y = stage.dawdle(0.017, 0.026), f.below + 0.012
        wax = stage.tint(Colour(0.86, 0.07, 75)).rgba
        group.add(Shape(rounded(x - w, y - h, w * 2, h + 0.1, 0.006), wax))
        group.add(Shape(box(x - 0.0015, y - h - 0.012, 0.003, 0.014), (40, 30, 26, 255)))
        flame = Group()
        flame.add(nested(0.16, 0.16, stage.tint(Colour(0.80, 0.14, 65, 0.42)).rgba, 5))
        flame.add(
            Shape(
                smooth(
                    [(-0.011, 0.0), (-0.008, -0.022), (0.0, -0.046), (0.008, -0.022), (0.011, 0.0), (0.0, 0.007)],
                    tension=0.45,
                ),
                stage.tint(Colour(0.82, 0.17, 66)).rgba,
            )
        )
        flame.add(
            Shape(
                smooth([(-0.005, -0.001), (0.0, -0.024), (0.005, -0.001), (0.0, 0.003)], tension=0.45),
                stage.tint(Colour(0.97, 0.08, 95)).rgba,
            )
        )
        flames.append((flame, x, y - h - 0.008, float(stage.rng.random())))
    stage.canvas.add(group)
    for flame, *_ in flames:
        stage.canvas.add(flame)

    def move(view: View) -> None:
        root = stage.still(view, 1.15)
        group.nudge(root)
        for flame, x, y, phase in flames:
            tall = 1.0 + 0.09 * wave(view.t * 1.1 + phase) + 0.05 * wave(view.t * 2.3 + phase * 3)
            flame.place(mul(root, (1.0, 0.0, -0.08 * wave(view.t * 0.7 + phase), tall, x, y)))

    stage.movers.append(move)


def neon(stage: Stage) -> None:
    """Coloured light from both sides, and tubes of it that hum."""
    f = stage.frame
    for side, hue in ((-1.0, 350), (1.0, 205)):
        tone = Colour(0.78, 0.20, hue)
        x = side * f.half * 0.94
        tubes = ribbon(
            [
                (x - side * 0.05, -f.above * 0.7),
                (x + side * 0.01, -f.above * 0.5),
                (x - side * 0.05, -f.above * 0.3),
                (x + side * 0.01, -f.above * 0.1),
            ],
            [0.010] * 4,
        )
        group = Group()
        group.add(nested(0.36, 0.36, stage.tint(tone.clear(0.30)).rgba, 5))
        tube = stage.paint(tubes, tone.lighter(0.08))

        def move(view: View, group: Group = group, tube: Shape = tube, x: float = x) -> None:
            root = stage.still(view, 1.1)
            group.place(mul(root, mul(shift(x, -f.above * 0.4), scale(1.0 + 0.03 * wave(view.t / 3)))))
            tube.nudge(root)

        stage.canvas.add(group)
        stage.add(tube, move)
