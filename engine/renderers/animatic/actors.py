"""Figures on the stage: one design each, dressed in colours, with its shadow, its rim of light and its reflection."""

import math
import tomllib
from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from engine.renderers.animatic.canvas import Group, Shape
from engine.renderers.animatic.colour import RGBA, Colour, parse
from engine.renderers.animatic.figures.design import Design, Motion, Part, Pose
from engine.renderers.animatic.geometry import IDENTITY, Matrix, Path, ellipse, mix, mul, scale, shift
from engine.renderers.animatic.palette import LEXICON, Palette


@cache
def colours() -> dict[str, Colour]:
    """Every colour that data may name: the prompt's words for colours, and the materials of figures."""
    book = tomllib.loads((LEXICON / "colours.toml").read_text("utf-8"))
    named = {name: parse(entry["at"]) for name, entry in book["named"].items()}
    return {**{name: parse(value) for name, value in book["materials"].items()}, **named}


def colour(name: str) -> Colour:
    return parse(name) if name.startswith("#") else colours()[name]


def coat_colour(design: Design, part: Part) -> Colour:
    """The part's own colour in plain light."""
    return colour(design.coats[part.coat]).lighter(part.shade)


@dataclass(frozen=True)
class Dress:
    """What a figure wears in this scene: colours the prompt named, the light, and how far away it is."""

    palette: Palette
    named: dict[str, str]  # coat -> colour name
    distance: float = 0.0
    tint: Callable[[Colour], Colour] = lambda c: c
    edge: float = 0.0  # width of a drawn line round every part, in its own units
    line: Colour | None = None  # its colour; none: the part's own, darkened
    accent: Callable[[Colour], Colour] | None = None  # what a look of one colour makes of one that was asked for
    whole: bool = False  # the line goes round the figure, not round each limb
    paper: Colour | None = None  # what a cut-out throws on the paper behind it, instead of a rim of light

    def colour(self, design: Design, part: Part) -> Colour:
        named = self.named.get(part.name) or self.named.get(part.coat)
        own = (colour(named) if named else colour(design.coats[part.coat])).lighter(part.shade)
        if part.glow:
            return self.tint(own)
        seen = self.palette.figure(own, named=named is not None)
        if named and self.accent:
            return self.accent(own)
        return self.tint(seen.towards(self.palette.haze, self.distance * 0.8))


class Skin:
    """One drawing of a figure: its parts as retained shapes in a group that is placed as a whole."""

    def __init__(
        self,
        design: Design,
        paint: Callable[[Part], Colour | None],
        *,
        flat: bool = False,
        crowd: bool = False,
        edge: float = 0.0,
        line: Colour | None = None,
        least: float = 0.0,
    ) -> None:
        self.group = Group()
        self._shapes: dict[str, Shape] = {}
        for part in design.parts:
            chosen = paint(part)
            if chosen is None or _is_detail(part, design.extent[1], least):
                continue
            shape = Shape(part.path, chosen.rgba)
            # a gradient costs ten times as much as one colour: in a crowd only the trunks of bodies have it
            if part.fade and not flat and not (crowd and part.name not in ("body", "torso")):
                top, bottom, by = part.fade
                stops = [(0.0, chosen.lighter(by * 0.5).rgba), (1.0, chosen.lighter(-by).rgba)]
                shape.linear(0.0, top, 0.0, bottom, stops)
            if edge and not part.glow:
                drawn = line or chosen.towards(Colour(0.14, 0.02, 60), 0.62)
                shape.stroke(edge, drawn.rgba)
            self._shapes[part.name] = shape
            self.group.add(shape)

    def pose(self, pose: dict[str, Matrix | Path]) -> None:
        for name, shape in self._shapes.items():
            at = pose.get(name, IDENTITY)
            if isinstance(at, Path):
                shape.outline(at)
            else:
                shape.place(at)


@dataclass(frozen=True)
class Key:
    """Where the key light stands, seen from the subject: x to the right, y up; and how hard its shadows are."""

    x: float
    y: float
    hardness: float

    @property
    def lean(self) -> float:
        """How far a shadow leans for each unit of height."""
        return -self.x / max(0.25, self.y) * 0.9


def _throws_shadow(part: Part) -> bool:
    """A shadow lies so flat that the limbs and tails of the far side drown in it."""
    return not part.glow and not part.name.startswith(("far ", "tail"))


def _is_detail(part: Part, height: float, least: float) -> bool:
    """Too small to show in a shadow, a rim or a reflection: an eye, a nose, a button."""
    if part.inner and least:
        return True
    if part.path is None:
        return False
    xs, ys = part.path.points[::2], part.path.points[1::2]
    return max(max(xs) - min(xs), max(ys) - min(ys)) < least * height


_AWAY: Matrix = (1.0, 0.0, 0.0, 1.0, -1e5, -1e5)


def between(first: Pose, second: Pose, share: float) -> dict[str, Matrix | Path]:
    """A pose on the way from one to another. Outlines of different make cannot be mixed: there the nearer one holds."""
    mixed: dict[str, Matrix | Path] = {}
    for name in {**first, **second}:
        one, other = first.get(name, IDENTITY), second.get(name, IDENTITY)
        if isinstance(one, Path) and isinstance(other, Path) and one.commands == other.commands:
            path = Path()
            path.commands = one.commands
            path.points = array("f", (mix(a, b, share) for a, b in zip(one.points, other.points, strict=True)))
            mixed[name] = path
        elif isinstance(one, Path) or isinstance(other, Path):
            mixed[name] = one if share < 0.5 else other
        else:
            mixed[name] = _mixed_matrix(one, other, share)
    return mixed


def _mixed_matrix(one: Matrix, other: Matrix, share: float) -> Matrix:
    a, b, c, d, e, f = (mix(m, n, share) for m, n in zip(one, other, strict=True))
    return a, b, c, d, e, f


class Actor:
    """A figure with its skins. `stand` says where it is, `act` what it does at a moment."""

    def __init__(
        self,
        design: Design,
        dress: Dress,
        key: Key,
        *,
        shadow: Colour | None,
        reflection: Colour | None,
        crowd: bool = False,
    ) -> None:
        self.design = design
        self._key = key
        self._skins: list[tuple[str, Skin]] = []
        self.posed: dict[str, Matrix | Path] = {}  # its last pose: who sits on it looks there
        self.under = Group()  # shadow or reflection: lies on the ground, below everything that stands
        self.over = Group()
        if shadow is not None:
            self._add(
                "shadow",
                Skin(design, lambda part: shadow if _throws_shadow(part) else None, flat=True, least=0.34),
                self.under,
            )
        if reflection is not None:

            def mirrored(part: Part) -> Colour:
                return dress.colour(design, part).towards(reflection, 0.55)

            self._add("reflection", Skin(design, mirrored, flat=True, least=0.12), self.under)
        rim = dress.tint(dress.palette.light.towards(dress.palette.haze, dress.distance * 0.8))
        dark = dress.paper
        if dark is not None:
            self._add("paper", Skin(design, lambda part: None if part.glow else dark, flat=True, least=0.16), self.over)
        elif key.hardness > 0.15 and not dress.edge:
            self._add(
                "rim",
                Skin(
                    design,
                    lambda part: None if part.glow or part.name.startswith("far ") else rim,
                    flat=True,
                    least=0.16,
                ),
                self.over,
            )
        edge = dress.edge
        if edge and dress.whole:

            def drawn(part: Part) -> Colour | None:
                if part.glow or part.inner:
                    return None
                return dress.line or dress.colour(design, part).towards(Colour(0.14, 0.02, 60), 0.62)

            self._add("outline", Skin(design, drawn, flat=True, edge=1.7 * edge), self.over)
            edge = 0.0
        self._add(
            "body",
            Skin(design, lambda part: dress.colour(design, part), crowd=crowd, edge=edge, line=dress.line),
            self.over,
        )

    def _add(self, name: str, skin: Skin, group: Group) -> None:
        group.add(skin.group)
        self._skins.append((name, skin))

    def act(
        self,
        motion: Motion,
        at: Matrix,
        *,
        facing: float = 1.0,
        size: float = 1.0,
        rim: float = 0.006,
        before: str = "",
        turned: float = 1.0,
    ) -> None:
        """Take the pose of this moment. While it is not yet quite `turned`, part of what it did before."""
        pose = dict(self.design.pose(motion))
        if before and turned < 1.0:
            pose = between(self.design.pose(replace(motion, action=before)), pose, turned)
        self.posed = pose
        stand = mul(at, scale(size * facing, size))
        for name, skin in self._skins:
            skin.pose(pose)
            if name == "rim":
                skin.group.place(
                    mul(at, mul(shift(self._key.x * rim, -abs(self._key.y) * rim), scale(size * facing, size)))
                )
            elif name == "paper":
                skin.group.place(mul(at, mul(shift(-self._key.x * 2.2 * rim, 1.6 * rim), scale(size * facing, size))))
            elif name == "shadow":
                lean, flat = self._key.lean, -0.16 - 0.10 * (1.0 - min(1.0, self._key.y))
                skin.group.place(
                    mul(mul(at, (1.0, 0.0, lean * -flat * 2.2, flat, 0.0, 0.0)), scale(size * facing, size))
                )
            elif name == "reflection":
                skin.group.place(mul(at, scale(size * facing, -size * 0.85)))
            else:
                skin.group.place(stand)

    def hide(self) -> None:
        for _, skin in self._skins:
            skin.group.place(_AWAY)


def contact(width: float, colour_: RGBA) -> Group:
    """The soft dark under whatever stands on the ground."""
    return nested(width, width * 0.16, colour_)


def phase_of(index: int) -> float:
    """Phases that never fall into step: multiples of the golden ratio."""
    return math.modf(index * 0.6180339887)[0]


def nested(rx: float, ry: float, tone: RGBA, rings: int = 4) -> Group:
    """A soft spot of flat rings, one on another: unlike a gradient it may move and grow (see Stage.rehearse)."""
    group = Group()
    r, g, b, a = tone
    for ring in range(rings):
        share = 1.0 - ring / rings
        group.add(Shape(ellipse(0.0, 0.0, rx * share, ry * share), (r, g, b, round(a / rings * 1.15))))
    return group
