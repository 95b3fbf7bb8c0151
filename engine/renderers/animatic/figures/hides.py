# ruff: noqa: E501
# fmt: off
"""What animals of many kinds have on them: ears, horns, stripes, spots, manes. Each answers patches for a build."""

from collections.abc import Iterable
from dataclasses import replace

from engine.renderers.animatic.figures.beast import Leg, Patch
from engine.renderers.animatic.geometry import Path, Point, ellipse, joint, polygon, ribbon, smooth

Outline = tuple[Point, ...]


def shaped(points: Outline, wide: float = 1.0, tall: float = 1.0, right: float = 0.0, down: float = 0.0) -> Outline:
    """The same outline, stretched about (0, 0) and moved."""
    return tuple((x * wide + right, y * tall + down) for x, y in points)


def sturdier(leg: Leg, thick: float = 1.0, **changes: float) -> Leg:
    a, b, c, d = leg.widths
    return replace(leg, widths=(a * thick, b * thick, c * thick, d * thick), **changes)


def nose(x: float, y: float, size: float = 0.022, coat: str = "nose") -> Patch:
    return Patch("nose", "head", ellipse(x, y, size, size * 0.85), coat)


def pointed_ears(x: float, y: float, length: float, width: float, lean: float = 2.0, coat: str = "main") -> tuple[Patch, Patch]:
    def one(dx: float, turn: float) -> Path:
        return polygon(((-width / 2, 0.02), (0.0, -length), (width / 2, 0.02))).moved(joint(x + dx, y, turn))

    return (
        Patch("far ear", "head", one(-0.045, lean - 9.0), coat, -0.09, behind=True),
        Patch("near ear", "head", one(0.0, lean), coat),
    )


def round_ears(x: float, y: float, radius: float, coat: str = "main", inner: str = "") -> tuple[Patch, ...]:
    ears = [
        Patch("far ear", "head", ellipse(x + 0.10, y + 0.005, radius * 0.85), coat, -0.08, behind=True),
        Patch("near ear", "head", ellipse(x, y, radius), coat),
    ]
    if inner:
        ears.append(Patch("inner ear", "head", ellipse(x + radius * 0.1, y + radius * 0.1, radius * 0.55), inner, inner=True))
    return tuple(ears)


def long_ears(x: float, y: float, length: float, width: float, lean: float = -18.0, coat: str = "main") -> tuple[Patch, Patch]:
    def one(dx: float, turn: float) -> Path:
        leaf = smooth(((-width * 0.3, 0.02), (-width * 0.55, -length * 0.55), (0.0, -length), (width * 0.5, -length * 0.5), (width * 0.3, 0.02)))
        return leaf.moved(joint(x + dx, y, turn))

    return (
        Patch("far ear", "head", one(-0.03, lean - 12.0), coat, -0.09, behind=True, late=3.0),
        Patch("near ear", "head", one(0.0, lean), coat, late=4.0),
    )


def flap_ear(x: float, y: float, length: float, width: float, coat: str = "main") -> Patch:
    return Patch("ear", "head", smooth(((x, y), (x - width, y - length * 0.15), (x - width * 1.6, y + length * 0.35), (x - width * 1.1, y + length), (x - width * 0.2, y + length * 0.55))), coat, -0.04, late=5.0)


def horns(points: Outline, width: float, coat: str = "horn", bone: str = "head") -> tuple[Patch, Patch]:
    """One curved horn on each side, its root first."""
    count = len(points)
    widths = [width * (1.0 - 0.85 * k / (count - 1)) for k in range(count)]
    near = ribbon(points, widths)
    return (
        Patch("far horn", bone, near.moved((1.0, 0.0, 0.0, 1.0, -0.05, 0.01)), coat, -0.10, behind=True),
        Patch("near horn", bone, near, coat),
    )


def stripes(top: Outline, length: float, width: float, coat: str = "stripe", bone: str = "body", lean: float = 0.02) -> tuple[Patch, ...]:
    """Bands that hang from points of the back."""
    return tuple(
        Patch(f"{bone} stripe {k}", bone, ribbon(((x, y), (x + lean, y + length * 0.5), (x + lean * 0.3, y + length)), (width, width * 0.8, width * 0.2)), coat, inner=True)
        for k, (x, y) in enumerate(top)
    )


def spots(places: Iterable[tuple[float, float, float]], coat: str = "spot", bone: str = "body") -> Patch:
    path = Path()
    for x, y, r in places:
        path.join(ellipse(x, y, r, r * 0.82))
    return Patch(f"{bone} spots", bone, path, coat, inner=True)


def sprinkled(left: float, right: float, top: float, bottom: float, size: float, columns: int, rows: int) -> list[tuple[float, float, float]]:
    """Spots in uneven rows, the same every time."""
    out = []
    for row in range(rows):
        for column in range(columns):
            x = left + (right - left) * (column + 0.5 * (row % 2) + 0.12 * ((column * 7 + row * 3) % 5 - 2)) / max(1, columns - 1)
            if x <= right:
                y = top + (bottom - top) * (row + 0.16 * ((column * 5 + row) % 3 - 1)) / max(1, rows - 1)
                out.append((x, y, size * (0.8 + 0.1 * ((column + row * 2) % 4))))
    return out


def crest(points: Outline, height: float, coat: str, bone: str, teeth: int = 7) -> Patch:
    """A row of spikes or a stiff mane along a line."""
    path = Path()
    (x0, y0), (x1, y1) = points[0], points[-1]
    for k in range(teeth):
        a, b = k / teeth, (k + 1) / teeth
        mid = (a + b) / 2
        tall = height * (0.7 + 0.3 * (1 - abs(2 * mid - 1)))
        dx, dy = x1 - x0, y1 - y0
        size = (dx * dx + dy * dy) ** 0.5 or 1.0
        nx, ny = dy / size * tall, -dx / size * tall
        path.join(polygon(((x0 + dx * a, y0 + dy * a + 0.03), (x0 + dx * mid + nx - dx * 0.03, y0 + dy * mid + ny), (x0 + dx * b, y0 + dy * b + 0.03))))
    return Patch(f"{bone} crest", bone, path, coat, behind=True)
