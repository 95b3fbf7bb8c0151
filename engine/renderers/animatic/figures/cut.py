"""Cut-outs: figures whose drawing is data. A table of lexicon/cuts/*.toml holds one part a line, in drawing order:

    "COAT MODIFIERS: PIECE & PIECE"

Units are the figure's own: its foot is at (0, 0), up is negative, it faces right. A piece is a verb and its numbers;
the verbs stand in `_VERBS`. Modifiers: `+.05` or `-.05` (lighter, darker), `fade`, `glow`, `inner`, `named=WORD`, and
how the part moves: `spin=x,y,seconds`, `swing=x,y,degrees,seconds`, `bob=height,seconds`, `flicker=x,y`,
`flap=x,seconds`, `sway`, or drawn anew at every moment: `smoke=x,y,radius`, `flag=x,y,width,height`.
`wheel: x y radius` is a whole wheel that turns with the way it goes.
"""

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from engine.renderers.animatic.figures.design import Motion, Part, Pose
from engine.renderers.animatic.geometry import (
    IDENTITY,
    Matrix,
    Path,
    Point,
    ellipse,
    joint,
    mul,
    polygon,
    ribbon,
    rounded,
    scale,
    shift,
    smooth,
    wave,
)

_FOLDER = files("engine.renderers.animatic") / "lexicon" / "cuts"
Numbers = list[float]


class BadCut(ValueError):
    """A line of a cut-out that cannot be read."""


def _points(numbers: Numbers) -> list[Point]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _both_sides(numbers: Numbers) -> list[Point]:
    right = _points(numbers)
    return [*right, *((-x, y) for x, y in reversed(right) if x)]


def _band(numbers: Numbers) -> Path:
    """x y width, x y width, ..."""
    spine = list(zip(numbers[::3], numbers[1::3], strict=True))
    return ribbon(spine, numbers[2::3])


def _hoop(n: Numbers) -> Path:
    """x y radius width: a ring, its inside cut out by going round it the other way."""
    x, y, radius, width = n
    inside = ellipse(0.0, 0.0, radius - width).moved((-1.0, 0.0, 0.0, 1.0, x, y))
    return ellipse(x, y, radius).join(inside)


def _arch(n: Numbers) -> Path:
    """radius width: half a ring that stands on the ground."""
    outer, width = n
    steps = [math.pi * k / 24 for k in range(25)]
    over = [(outer * math.cos(a), -outer * math.sin(a)) for a in steps]
    under = [((outer - width) * math.cos(a), -(outer - width) * math.sin(a)) for a in reversed(steps)]
    return polygon([*over, *under])


_VERBS: dict[str, Callable[[Numbers], Path]] = {
    "oval": lambda n: ellipse(*n),
    "box": lambda n: rounded(n[0], n[1], n[2], n[3], n[4] if len(n) == 5 else 0.0),
    "poly": lambda n: polygon(_points(n)),
    "flow": lambda n: smooth(_points(n)),
    "firm": lambda n: smooth(_points(n), tension=0.2),
    "band": _band,
    "hoop": _hoop,
    "arch": _arch,
    # the right half from top to bottom; the left is its mirror image
    "sym": lambda n: smooth(_both_sides(n)),
    "symfirm": lambda n: smooth(_both_sides(n), tension=0.2),
    "sympoly": lambda n: polygon(_both_sides(n)),
}


def outline(text: str) -> Path:
    """Pieces joined by "&"; before one may stand `mirror`, `row COUNT dx dy`, `ring COUNT x y` or `at x y degrees`."""
    path = Path()
    for piece in text.split("&"):
        path.join(_piece(piece.split()))
    return path


def _piece(words: list[str]) -> Path:
    verb, rest = words[0], words[1:]
    if verb == "mirror":
        half = _piece(rest)
        return half.moved(IDENTITY).join(half.moved((-1.0, 0.0, 0.0, 1.0, 0.0, 0.0)))
    if verb in ("row", "ring", "at"):
        first, second, third = map(float, rest[:3])
        one, out = _piece(rest[3:]), Path()
        if verb == "at":
            return one.moved(joint(first, second, third))
        for index in range(int(first)):
            if verb == "row":
                out.join(one.moved(shift(second * index, third * index)))
            else:
                turn = joint(second, third, 360.0 * index / int(first))
                out.join(one.moved(mul(turn, shift(-second, -third))))
        return out
    return _VERBS[verb]([float(word) for word in rest])


@dataclass(frozen=True)
class _Moving:
    """How one part moves by itself."""

    way: str
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True)
class Cut:
    """A figure made of cut-outs, and how it carries itself as a whole."""

    name: str
    parts: tuple[Part, ...]
    coats: Mapping[str, str]
    extent: tuple[float, float]
    moves: str = "still"
    pace: float = 0.0
    moving: Mapping[str, _Moving] | None = None
    wheels: Mapping[str, tuple[float, float, float]] | None = None
    beats: float = 1.0  # how lively it is: a mouse 1.6, a whale 0.5
    deck: Point | None = None  # where somebody sits on it; None: on its top

    def does(self, action: str) -> bool:
        return action in _ANYTHING or action in _BY_MOVES.get(self.moves, ())

    def seat(self) -> Point:
        return self.deck or (0.0, -self.extent[1] * 0.96)

    def speed(self, action: str) -> float:
        if action in ("walk", "run", "hop", "roll", "jump") and self.moves not in _TRAVELS:
            return {"run": 0.8, "roll": 0.6}.get(action, 0.4)
        return self.pace if action in _GOING else 0.0

    def pose(self, motion: Motion) -> Pose:
        base = self._carriage(motion)
        going = self.pace > 0.0 and motion.action in _GOING
        out: dict[str, Matrix | Path] = {}
        for part in self.parts:
            own = (self.moving or {}).get(part.name)
            out[part.name] = base if own is None else _part_pose(own, base, motion, self.beats)
        for name, (x, y, radius) in (self.wheels or {}).items():
            hub = mul(base, shift(x, y))
            turn = motion.t * self.pace / radius * 57.3 if going else 0.0
            out[f"{name} tyre"] = out[f"{name} rim"] = hub
            out[f"{name} spokes"] = mul(hub, joint(0.0, 0.0, turn))
        return out

    def _carriage(self, motion: Motion) -> Matrix:
        w, h = self.extent
        t, phase, action = motion.t * self.beats, motion.phase, motion.action
        if action in ("dance", "walk", "run", "jump", "hop", "bounce", "shake", "cheer") and self.moves not in _TRAVELS:
            return _springs(t, phase, action, h)
        if action in ("spin", "roll") and self.moves not in _TRAVELS:
            turn = 360.0 * t / (2.6 if action == "spin" else 3.4)
            if action == "spin":
                squeeze = wave(t / 2.6 + phase)  # about the upright, as a coin turns: seen as its width
                return scale(squeeze if abs(squeeze) > 0.08 else 0.08, 1.0)
            return mul(joint(0.0, -h / 2, turn), shift(0.0, h / 2))
        match self.moves:
            case "sway":
                lean = (0.010 + 0.03 * motion.wind) * wave(t / 3.4 + phase)
                return (1.0, 0.0, -lean, 1.0, 0.0, 0.0)
            case "drive":
                if action not in _GOING:
                    return IDENTITY
                return shift(0.0, 0.006 * h * (wave(motion.t * 2.6 + phase) + 0.6 * wave(motion.t * 4.3)))
            case "rail":
                return shift(0.0, 0.003 * h * wave(motion.t * 3.1 + phase)) if action in _GOING else IDENTITY
            case "sail":
                return joint(0.0, 0.01 * h * wave(t / 2.3 + phase), 2.4 * wave(t / 3.9 + phase))
            case "hover":
                return mul(
                    shift(0.012 * w * wave(t / 4.3 + phase), 0.03 * h * wave(t / 3.1 + phase)),
                    mul(joint(0.0, -h / 2, 2.2 * wave(t / 5.1 + phase)), shift(0.0, h / 2)),
                )
            case "hang":
                return mul(joint(0.0, -h, 5.0 * wave(t / 2.6 + phase)), shift(0.0, h))
            case "live":
                breath = 0.012 * wave(t / 2.4 + phase)
                if action in ("sleep", "sit"):
                    breath *= 1.6
                tilt = 7.0 * wave(t / 1.5 + phase) if action in ("look", "sing", "wave", "laugh", "talk") else 0.0
                return mul(joint(0.0, 0.0, tilt), scale(1.0 - breath, 1.0 + breath))
        return IDENTITY


# What anything that is cut from paper can do in a cartoon, and what only some can.
_ANYTHING = frozenset(
    [
        "stand",
        "wait",
        "dance",
        "jump",
        "hop",
        "bounce",
        "spin",
        "shake",
        "roll",
        "fall",
        "rise",
        "float",
        "burn",
        "glow",
        "explode",
        "shine",
        "stay",
    ]
)
_TRAVELS = ("drive", "rail", "sail", "hover")
_GOING = frozenset(
    [
        "drive",
        "sail",
        "fly",
        "walk",
        "run",
        "race",
        "chase",
        "ride",
        "travel",
        "swim",
        "drift",
        "float",
        "hurry",
        "march",
        "glide",
        "turn",
        "land",
    ]
)
_BY_MOVES = {
    "drive": ("drive", "race", "turn", "chase", "travel", "ride", "run", "park"),
    "rail": ("drive", "travel", "race", "run", "ride"),
    "sail": ("sail", "drift", "swim", "travel", "float", "race"),
    "hover": ("swim", "dive", "fly", "hover", "drift", "glide", "travel", "land", "race", "chase", "soar",
        "walk", "run", "look", "sing", "sleep", "wave", "play", "howl"),
    "live": (
        "walk", "run", "look", "sing", "laugh", "talk", "sit", "sleep", "wave", "eat", "play", "chase", "cheer",
        "march", "fly", "swim", "crawl", "howl", "hunt", "nod", "smile",
    ),
    "sway": ("bloom", "grow", "sway"),
    "hang": ("ring", "swing"),
}  # fmt: skip


def _springs(t: float, phase: float, action: str, h: float) -> Matrix:
    """Squash and stretch: the way a teapot dances."""
    beat = t / (0.62 if action in ("run", "shake") else 0.95) + phase
    up = max(0.0, wave(beat))
    flat = max(0.0, -wave(beat))
    high = {"jump": 0.34, "hop": 0.20, "bounce": 0.30, "cheer": 0.24}.get(action, 0.10)
    lean = 9.0 * wave(beat / 2) if action in ("dance", "cheer") else (5.0 if action in ("walk", "run") else 0.0)
    if action == "shake":
        return joint(0.012 * wave(t * 3.0), 0.0, 3.0 * wave(t * 2.2))
    return mul(joint(0.0, -high * h * up, lean), scale(1.0 + 0.09 * flat - 0.04 * up, 1.0 - 0.10 * flat + 0.05 * up))


def _part_pose(own: _Moving, base: Matrix, motion: Motion, beats: float) -> Matrix | Path:
    t, n = motion.t * beats, own.numbers
    match own.way:
        case "spin":
            return mul(base, mul(joint(n[0], n[1], 360.0 * t / n[2]), shift(-n[0], -n[1])))
        case "swing":
            turn = n[2] * wave(t / n[3] + motion.phase + (n[4] if len(n) > 4 else 0.0))
            return mul(base, mul(joint(n[0], n[1], turn), shift(-n[0], -n[1])))
        case "bob":
            return mul(base, shift(0.0, n[0] * wave(t / n[1] + motion.phase)))
        case "flicker":
            tall = 1.0 + 0.10 * wave(t * 1.9 + motion.phase * 3) + 0.06 * wave(t * 3.1)
            lean = 0.10 * wave(t * 1.3 + motion.phase)
            return mul(base, mul((1.0, 0.0, -lean, tall, n[0], n[1]), shift(-n[0], -n[1])))
        case "flap":
            # wings that open and close, seen from above: they narrow towards their axis
            return mul(
                base,
                mul(shift(n[0], 0.0), mul(scale(0.62 + 0.38 * wave(t / n[1] + motion.phase), 1.0), shift(-n[0], 0.0))),
            )
        case "sway":
            lean = (0.010 + 0.02 * motion.wind) * wave(t / 2.6 + motion.phase + 0.1)
            return mul(base, (1.0, 0.0, -lean, 1.0, 0.0, 0.0))
        case "smoke":
            return _smoke(n, t, motion).moved(base)
        case "flag":
            return _flag(n, t).moved(base)
    raise BadCut(own.way)


def _smoke(n: tuple[float, ...], t: float, motion: Motion) -> Path:
    x, y, radius = n
    puffs = Path()
    for k in range(4):
        age = (t / 4.6 + k / 4 + motion.phase) % 1.0
        size = radius * (0.45 + 1.3 * age) * min(1.0, 4 * age) * (1.0 - age) ** 0.35
        drift = (0.8 + 3.0 * motion.wind) * radius * age + 0.5 * radius * wave(age + k * 0.3)
        puffs.join(ellipse(x - drift, y - radius * 6.0 * age, size))
    return puffs


def _flag(n: tuple[float, ...], t: float) -> Path:
    """Cloth that waves, tied at (x, y); a negative width blows to the left."""
    x, y, w, h = n
    steps = [k / 5 for k in range(6)]
    top = [(x + w * s, y + h * 0.22 * s * wave(t * 0.8 - s * 0.8)) for s in steps]
    low = [(px, py + h) for px, py in reversed(top)]
    return smooth([*top, *low], tension=0.35)


def _moving(word: str) -> _Moving | None:
    way, _, numbers = word.partition("=")
    if way in ("spin", "swing", "bob", "flicker", "smoke", "flag", "sway", "flap"):
        return _Moving(way, tuple(map(float, numbers.split(","))) if numbers else ())
    return None


def _part(line: str, index: int) -> tuple[Part, _Moving | None]:
    head, _, pieces = line.partition(":")
    words = head.split()
    part = Part(f"{words[0]} {index}", words[0], outline(pieces) if pieces.strip() else None)
    own: _Moving | None = None
    for word in words[1:]:
        if word == "fade":
            assert part.path is not None
            ys = part.path.points[1::2]
            part = replace(part, fade=(min(ys), max(ys), 0.10))
        elif word in ("glow", "inner"):
            part = replace(part, glow=part.glow or word == "glow", inner=part.inner or word == "inner")
        elif word[0] in "+-":
            part = replace(part, shade=float(word))
        elif word.startswith("named="):
            part = replace(part, name=f"{word[6:]} {index}")
        else:
            own = _moving(word)
            if own is None:
                raise BadCut(f"{word} in {line}")
    return part, own


def _wheel(x: float, y: float, r: float, name: str) -> tuple[Part, ...]:
    spoke = polygon([(-r * 0.07, 0.0), (-r * 0.05, -r * 0.5), (r * 0.05, -r * 0.5), (r * 0.07, 0.0)])
    spokes = Path()
    for k in range(5):
        spokes.join(spoke.moved(joint(0.0, 0.0, 72.0 * k)))
    return (
        Part(f"{name} tyre", "tyre", ellipse(0.0, 0.0, r)),
        Part(f"{name} rim", "rim", ellipse(0.0, 0.0, r * 0.58), -0.05, inner=True),
        Part(f"{name} spokes", "tyre", spokes, 0.1, inner=True),
    )


_Wheels = dict[str, tuple[float, float, float]]


@cache
def parts_of(
    lines: tuple[str, ...],
) -> tuple[tuple[Part, ...], dict[str, _Moving], dict[str, tuple[float, float, float]]]:
    parts: list[Part] = []
    moving: dict[str, _Moving] = {}
    wheels: dict[str, tuple[float, float, float]] = {}
    for index, line in enumerate(lines):
        try:
            if line.startswith("wheel:"):
                x, y, radius = map(float, line[6:].split())
                wheels[f"wheel {index}"] = (x, y, radius)
                parts += _wheel(x, y, radius, f"wheel {index}")
                continue
            part, own = _part(line, index)
        except BadCut:
            raise
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise BadCut(line) from error
        parts.append(part)
        if own is not None:
            moving[part.name] = own
    return tuple(parts), moving, wheels


@cache
def cuts() -> Mapping[str, Mapping[str, object]]:
    """Every table of lexicon/cuts, unread: a prompt needs one or two of them."""
    found: dict[str, Mapping[str, object]] = {}
    for file in sorted(_FOLDER.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            found.update(tomllib.loads(file.read_text("utf-8")))
    return found


_USUAL_COATS = {"tyre": "rubber", "rim": "silver", "smoke": "pale fur", "ink": "ink", "lamp": "lamp", "flame": "flame"}


@cache
def cut(name: str) -> Cut:
    entry: dict[str, object] = dict(cuts()[name])
    base = entry.pop("like", None)
    if base is not None:
        # the same outlines in other colours, or with parts added on top
        merged = dict(cuts()[str(base)])
        merged["coats"] = {**_table(merged.get("coats")), **_table(entry.pop("coats", None))}
        merged["parts"] = [*_lines(merged["parts"]), *_lines(entry.pop("more", []))]
        entry = {**merged, **entry}
    parts, moving, wheels = parts_of(tuple(_lines(entry["parts"])))
    width, height = _numbers(entry["size"])
    deck = entry.get("deck")
    return Cut(
        name=name,
        parts=parts,
        coats={**_USUAL_COATS, **_table(entry.get("coats"))},
        extent=(width, height),
        moves=str(entry.get("moves", "still")),
        pace=float(entry.get("pace", 0.0)),  # type: ignore[arg-type]
        moving=moving,
        wheels=wheels,
        beats=float(entry.get("beats", 1.0)),  # type: ignore[arg-type]
        deck=None if deck is None else (_numbers(deck)[0], _numbers(deck)[1]),
    )


def _table(value: object) -> dict[str, str]:
    return dict(value) if isinstance(value, dict) else {}


def _numbers(value: object) -> list[float]:
    return [float(number) for number in value] if isinstance(value, list) else []


def _lines(value: object) -> list[str]:
    return list(value) if isinstance(value, list) else []
