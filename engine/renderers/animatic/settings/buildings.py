"""Buildings, cut from paper: each maker gives its pieces, foot at (0, 0), and its width."""

from collections.abc import Callable

from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, box, ellipse, polygon, ribbon, rounded, smooth
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.kit import lit
from engine.renderers.animatic.stage import Stage

_COTTAGE_ROOF = Colour(0.48, 0.10, 35)
_COTTAGE_WALL = Colour(0.90, 0.03, 80)
Built = tuple[Pieces, float]
Builder = Callable[[Stage], Built]
STONE = Colour(0.72, 0.03, 80)
WOOD = Colour(0.52, 0.075, 60)
WINDOW = Colour(0.50, 0.04, 240)
LAMP = lit(0.90, 0.11, 80)


def dark(stage: Stage) -> bool:
    return stage.palette.ambient[0] < 0.65


def panes(stage: Stage, x: float, y: float, w: float, h: float, cols: int, rows: int, *, share: float = 0.55) -> Pieces:
    """A grid of windows above (x, y); by night some of them are lit."""
    shut, open_ = Path(), Path()
    for c in range(cols):
        for r in range(rows):
            target = open_ if dark(stage) and stage.rng.random() < share else shut
            target.join(box(x + w * (c + 0.22) / cols, y - h * (r + 0.80) / rows, w / cols * 0.56, h / rows * 0.56))
    return [(shut, WINDOW), (open_, LAMP)]


def tower(tall: float, wide: float = 0.2, *tints: Colour) -> Builder:
    def build(stage: Stage) -> Built:
        w, h = wide * stage.dawdle(0.75, 1.3), tall * stage.dawdle(0.5, 1.0)
        tone = (tints or (Colour(0.68, 0.03, 240),))[int(stage.rng.integers(len(tints) or 1))]
        pieces: Pieces = [(box(-w / 2, -h, w, h), tone), (box(w * 0.28, -h, w * 0.22, h), tone.lighter(-0.06))]
        top = int(stage.rng.integers(4))
        if top == 0:
            pieces.insert(0, (box(-w * 0.28, -h - 0.04, w * 0.56, 0.05), tone.lighter(-0.04)))
        elif top == 1:
            pieces.insert(0, (polygon([(-w * 0.03, -h), (0.0, -h - 0.12), (w * 0.03, -h)]), tone.lighter(-0.08)))
        elif top == 2:
            pieces.insert(0, (polygon([(-w / 2, -h), (-w / 2, -h - 0.07), (w / 2, -h)]), tone.lighter(0.03)))
        cols, rows = max(2, int(w / 0.045)), max(3, int(h / 0.075))
        pieces += panes(stage, -w / 2, 0.0, w, h * 0.96, cols, min(rows, 9), share=0.5)
        return pieces, w + 0.004

    return build


def townhouse(*walls: Colour, tall: float = 0.4) -> Builder:
    """A narrow house of an old town: pitched or stepped gable, shutters, a door, flowers on the sill."""

    def build(stage: Stage) -> Built:
        w, h = stage.dawdle(0.20, 0.28), tall * stage.dawdle(0.8, 1.1)
        wall = walls[int(stage.rng.integers(len(walls)))]
        roof = Colour(0.50, 0.11, 35 + stage.dawdle(-8, 10))
        if stage.rng.random() < 0.5:
            gable = polygon([(-w * 0.53, -h), (0.0, -h - w * 0.55), (w * 0.53, -h)])
        else:
            steps = [(-w * 0.5, -h), (-w * 0.5, -h - 0.03)]
            for k in range(1, 4):
                steps += [(-w * (0.5 - 0.14 * k), -h - 0.04 * k + 0.01), (-w * (0.5 - 0.14 * k), -h - 0.04 * k - 0.02)]
            gable = polygon([*steps, *((-x, y) for x, y in reversed(steps))])
        pieces: Pieces = [(gable, roof), (box(-w / 2, -h, w, h), wall), (box(-w / 2, -h, w, 0.012), wall.lighter(0.05))]
        rows = max(2, int((h - 0.13) / 0.095))
        pieces += panes(stage, -w * 0.46, -0.13, w * 0.92, rows * 0.095, 3, rows)
        shutters = Path()
        for r in range(rows):
            for c in range(3):
                x = -w * 0.46 + w * 0.92 * (c + 0.22) / 3
                y = -0.13 - 0.095 * (r + 0.80)
                shutters.join(box(x - w * 0.065, y, w * 0.055, 0.053)).join(box(x + w * 0.175, y, w * 0.055, 0.053))
        pieces.append((shutters, Colour(0.50, 0.08, stage.dawdle(140, 250))))
        door = stage.dawdle(-0.18, 0.18) * w
        pieces += [
            (rounded(door - 0.032, -0.105, 0.064, 0.105, 0.03), roof.lighter(-0.10)),
            (
                rounded(w * 0.16 if door < 0 else -w * 0.40, -0.085, w * 0.24, 0.06, 0.006),
                LAMP if dark(stage) else WINDOW,
            ),
        ]
        return pieces, w

    return build


def falsefront(stage: Stage) -> Built:
    """A house of a gold-rush town: boards, a front that pretends to be taller, a porch on posts."""
    w, h = stage.dawdle(0.30, 0.42), stage.dawdle(0.24, 0.32)
    wall = Colour(stage.dawdle(0.52, 0.68), 0.06, stage.dawdle(48, 72))
    crown = stage.rng.random()
    top = [(-w / 2, -h), (-w / 2, -h - 0.10), (w / 2, -h - 0.10), (w / 2, -h)]
    if crown < 0.4:
        top = [
            (-w / 2, -h),
            (-w / 2, -h - 0.06),
            (-w * 0.2, -h - 0.06),
            (-w * 0.2, -h - 0.12),
            (w * 0.2, -h - 0.12),
            (w * 0.2, -h - 0.06),
            (w / 2, -h - 0.06),
            (w / 2, -h),
        ]
    elif crown < 0.7:
        top = [(-w / 2, -h), (-w / 2, -h - 0.05), (0.0, -h - 0.14), (w / 2, -h - 0.05), (w / 2, -h)]
    boards = Path()
    for k in range(1, 6):
        boards.join(box(-w / 2, -(h + 0.05) * k / 6, w, 0.003))
    posts = Path()
    for x in (-0.46, -0.16, 0.16, 0.46):
        posts.join(box(w * x - 0.006, -0.13, 0.012, 0.13))
    sign, letters = box(-w * 0.34, -h - 0.055, w * 0.68, 0.05), Path()
    for k in range(6):
        letters.join(box(-w * 0.27 + w * 0.095 * k, -h - 0.045, w * 0.055, 0.030 if k % 3 else 0.024))
    pieces: Pieces = [
        (polygon(top), wall),
        (box(-w / 2, -h, w, h), wall),
        (boards, wall.lighter(-0.07)),
        (
            rounded(-w * 0.36, -h * 0.86, w * 0.18, h * 0.24, 0.003).join(
                rounded(w * 0.18, -h * 0.86, w * 0.18, h * 0.24, 0.003)
            ),
            LAMP if dark(stage) else Colour(0.42, 0.03, 60),
        ),
        (box(-0.036, -0.115, 0.072, 0.115), wall.lighter(-0.18)),
        (
            box(-w * 0.40, -0.10, w * 0.2, 0.065).join(box(w * 0.2, -0.10, w * 0.2, 0.065)),
            LAMP if dark(stage) else Colour(0.40, 0.03, 60),
        ),
        (sign, Colour(0.82, 0.06, 80)),
        (letters, Colour(0.36, 0.07, 40)),
        (
            polygon([(-w * 0.54, -0.125), (w * 0.54, -0.125), (w * 0.48, -0.165), (-w * 0.48, -0.165)]),
            wall.lighter(-0.12),
        ),
        (posts, wall.lighter(-0.14)),
        (box(-w * 0.54, -0.014, w * 1.08, 0.014), wall.lighter(-0.10)),
    ]
    return pieces, w * 1.06


def adobe(stage: Stage) -> Built:
    """A flat-roofed house of clay, with beams, a dome now and then, an arched door."""
    w, h = stage.dawdle(0.24, 0.40), stage.dawdle(0.18, 0.34)
    wall = Colour(0.80, 0.065, stage.dawdle(58, 76))
    pieces: Pieces = []
    if stage.rng.random() < 0.35:
        pieces += [
            (ellipse(0.0, -h, w * 0.30, w * 0.30), Colour(0.66, 0.09, 215)),
            (box(-0.003, -h - w * 0.30 - 0.05, 0.006, 0.06), WOOD),
        ]
    pieces += [
        (box(-w / 2, -h, w, h), wall),
        (box(w * 0.26, -h, w * 0.24, h), wall.lighter(-0.06)),
        (box(-w * 0.52, -h - 0.014, w * 1.04, 0.02), wall.lighter(0.03)),
    ]
    beams, holes = Path(), Path()
    for k in range(6):
        beams.join(box(-w * 0.42 + w * 0.16 * k, -h + 0.03, 0.012, 0.008))
    for k in range(3):
        holes.join(rounded(-w * 0.34 + w * 0.27 * k, -h * 0.72, w * 0.09, 0.05, 0.02))
    pieces += [
        (beams, wall.lighter(-0.30)),
        (holes, LAMP if dark(stage) else wall.lighter(-0.34)),
        (rounded(-0.035 + w * 0.12, -0.11, 0.07, 0.13, 0.034), Colour(0.46, 0.08, stage.dawdle(20, 220))),
    ]
    return pieces, w


def cottage(roof: Colour = _COTTAGE_ROOF, wall: Colour = _COTTAGE_WALL, size: float = 0.3) -> Builder:
    def build(stage: Stage) -> Built:
        w, h = size * stage.dawdle(0.9, 1.2), size * stage.dawdle(0.42, 0.5)
        lights = LAMP if dark(stage) else WINDOW
        pieces: Pieces = [
            (box(w * 0.18, -h - w * 0.44, w * 0.10, w * 0.3), wall.lighter(-0.2)),
            (box(-w / 2, -h, w, h), wall),
            (
                polygon(
                    [
                        (-w * 0.60, -h * 0.96),
                        (-w * 0.36, -h - w * 0.36),
                        (w * 0.36, -h - w * 0.36),
                        (w * 0.60, -h * 0.96),
                    ]
                ),
                roof,
            ),
            (box(-w * 0.60, -h * 0.98, w * 1.2, w * 0.03), roof.lighter(-0.08)),
            (rounded(-w * 0.07, -h * 0.72, w * 0.16, h * 0.72, 0.006), roof.lighter(-0.12)),
            (box(-w * 0.38, -h * 0.70, w * 0.18, h * 0.36).join(box(w * 0.20, -h * 0.70, w * 0.18, h * 0.36)), lights),
        ]
        return pieces, w * 1.25

    return build


def barn(stage: Stage) -> Built:
    w, h, red = 0.44, 0.20, Colour(0.50, 0.15, 28)
    roof = polygon([(-w * 0.54, -h), (-w * 0.40, -h - 0.12), (0.0, -h - 0.19), (w * 0.40, -h - 0.12), (w * 0.54, -h)])
    white = Colour(0.92, 0.02, 80)
    cross = (
        box(-0.068, -0.135, 0.136, 0.008)
        .join(box(-0.068, -0.008, 0.136, 0.008))
        .join(ribbon([(-0.06, -0.13), (0.0, -0.065), (0.06, 0.0)], [0.008] * 3))
        .join(ribbon([(0.06, -0.13), (0.0, -0.065), (-0.06, 0.0)], [0.008] * 3))
    )
    return [
        (rounded(w * 0.56, -0.40, 0.13, 0.40, 0.065), Colour(0.78, 0.015, 240)),
        (
            box(w * 0.56, -0.30, 0.13, 0.006)
            .join(box(w * 0.56, -0.2, 0.13, 0.006))
            .join(box(w * 0.56, -0.1, 0.13, 0.006)),
            Colour(0.62, 0.015, 240),
        ),
        (box(-w / 2, -h, w, h), red),
        (roof, red.lighter(-0.10)),
        (
            polygon(
                [(-w * 0.42, -h), (-w * 0.34, -h - 0.10), (0.0, -h - 0.155), (w * 0.34, -h - 0.10), (w * 0.42, -h)]
            ),
            red,
        ),
        (box(-0.06, -0.13, 0.12, 0.13), red.lighter(-0.12)),
        (cross, white),
        (box(-0.03, -h - 0.08, 0.06, 0.05), Colour(0.3, 0.04, 40)),
    ], w + 0.34


def factory(stage: Stage) -> Built:
    wall = Colour(0.56, 0.06, 35)
    w = 0.62
    saw = [(-w / 2, 0.0), (-w / 2, -0.16)]
    for k in range(5):
        saw += [(-w / 2 + w * k / 5, -0.25), (-w / 2 + w * (k + 1) / 5, -0.16)]
    chimneys = polygon([(-0.20, -0.1), (-0.19, -0.52), (-0.145, -0.52), (-0.135, -0.1)]).join(
        polygon([(0.10, -0.1), (0.11, -0.44), (0.15, -0.44), (0.16, -0.1)])
    )
    rings = box(-0.192, -0.50, 0.05, 0.02).join(box(0.108, -0.42, 0.045, 0.02))
    return [
        (chimneys, wall.lighter(-0.06)),
        (rings, Colour(0.85, 0.02, 80)),
        (polygon([*saw, (w / 2, 0.0)]), wall),
        *panes(stage, -w * 0.45, -0.03, w * 0.9, 0.10, 9, 1, share=0.8),
    ], w + 0.08


def canal_house(stage: Stage) -> Built:
    """White walls and black tiles of a water town."""
    w, h = stage.dawdle(0.26, 0.38), stage.dawdle(0.20, 0.30)
    wall, tile = Colour(0.93, 0.012, 90), Colour(0.34, 0.02, 250)
    eaves = smooth(
        [
            (-w * 0.60, -h * 0.98),
            (-w * 0.42, -h - 0.03),
            (-w * 0.3, -h - 0.10),
            (w * 0.3, -h - 0.10),
            (w * 0.42, -h - 0.03),
            (w * 0.60, -h * 0.98),
            (w * 0.3, -h * 0.93),
            (-w * 0.3, -h * 0.93),
        ],
        tension=0.3,
    )
    return [
        (box(-w / 2, -h, w, h), wall),
        (eaves, tile),
        *panes(stage, -w * 0.42, -h * 0.46, w * 0.84, h * 0.4, 3, 1, share=0.9),
        (box(-w * 0.40, -0.10, w * 0.8, 0.075), Colour(0.42, 0.06, 45)),
        (ellipse(-w * 0.3, -0.115, 0.018, 0.022).join(ellipse(w * 0.3, -0.115, 0.018, 0.022)), lit(0.66, 0.2, 32)),
    ], w


def tent(*tints: Colour, size: float = 0.2) -> Builder:
    def build(stage: Stage) -> Built:
        tone, s = tints[int(stage.rng.integers(len(tints)))], size * stage.dawdle(0.85, 1.15)
        glow_ = lit(0.90, 0.11, 78) if dark(stage) else tone.lighter(-0.2)
        return [
            (
                polygon([(-s * 0.7, 0.0), (-s * 0.06, -s * 0.72), (s * 0.42, -s * 0.66), (s * 0.95, 0.0)]),
                tone.lighter(-0.09),
            ),
            (polygon([(-s * 0.7, 0.0), (-s * 0.06, -s * 0.72), (s * 0.44, 0.0)]), tone),
            (polygon([(-s * 0.24, 0.0), (-s * 0.06, -s * 0.56), (s * 0.10, 0.0)]), glow_),
        ], s * 1.8

    return build


def stall(stage: Stage) -> Built:
    """A market stall: striped awning, crates, what is for sale in heaps."""
    w, h = stage.dawdle(0.34, 0.42), 0.25
    tone = Colour(0.62, 0.16, stage.dawdle(0, 360))
    goods = [Colour(0.66, 0.19, 32), Colour(0.80, 0.15, 85), Colour(0.60, 0.15, 138), Colour(0.52, 0.15, 320)]
    stripes, heap = Path(), []  # type: Path, Pieces
    for k in range(0, 7, 2):
        a, b = k / 7, (k + 1) / 7
        stripes.join(
            polygon(
                [
                    (-w * 0.44 + w * 0.88 * a, -h - 0.055),
                    (-w * 0.44 + w * 0.88 * b, -h - 0.055),
                    (-w * 0.54 + w * 1.08 * b, -h + 0.02),
                    (-w * 0.54 + w * 1.08 * a, -h + 0.02),
                ]
            )
        )
    for k in range(4):
        x, fruit = -w * 0.36 + w * 0.24 * k, Path()
        for r, n in ((0, 3), (1, 2)):
            for i in range(n):
                fruit.join(ellipse(x + 0.022 * (i - (n - 1) / 2), -0.125 - 0.016 * r, 0.0125))
        heap.append((fruit, goods[(k + int(stage.rng.integers(4))) % 4]))
    hang = LAMP if dark(stage) else Colour(0.85, 0.08, 80)
    return [
        (box(-w * 0.46, -h, 0.010, h).join(box(w * 0.46 - 0.01, -h, 0.010, h)), WOOD.lighter(-0.1)),
        (box(-w * 0.44, -h, w * 0.88, h * 0.52), tone.lighter(-0.30).duller(0.4)),
        (ellipse(-w * 0.16, -h + 0.06, 0.018).join(ellipse(w * 0.18, -h + 0.06, 0.018)), hang),
        (
            polygon([(-w * 0.44, -h - 0.055), (w * 0.44, -h - 0.055), (w * 0.54, -h + 0.02), (-w * 0.54, -h + 0.02)]),
            Colour(0.94, 0.02, 85),
        ),
        (stripes, tone),
        *heap,
        (box(-w * 0.48, -0.115, w * 0.96, 0.115), WOOD),
        (box(-w * 0.48, -0.115, w * 0.96, 0.014).join(box(-w * 0.48, -0.06, w * 0.96, 0.006)), WOOD.lighter(-0.08)),
    ], w * 1.1
