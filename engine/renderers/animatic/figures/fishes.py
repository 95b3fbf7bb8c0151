# ruff: noqa: E501
# fmt: off
# Outlines are drawings in numbers: a part to a line reads better than a number to a line.
"""Whatever swims by bending its body: fish by their proportions, sharks, whales and dolphins."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from engine.renderers.animatic.figures.design import Motion, Part, Pose
from engine.renderers.animatic.geometry import Matrix, Path, Point, ellipse, joint, smooth, wave


@dataclass(frozen=True)
class Shape:
    """Half profiles from the nose (x = 0.5) to the root of the tail: (x, above, below)."""

    colours: Mapping[str, str]
    profile: tuple[tuple[float, float, float], ...]
    tail: str = "fan"  # fan, fork, flukes, veil
    back: tuple[Point, ...] = ()  # fin on the back
    under: tuple[Point, ...] = ()
    bands: tuple[tuple[float, float], ...] = ()  # from x to x
    spots: tuple[tuple[float, float, float], ...] = ()
    belly: float = 0.0  # how far up the pale belly reaches
    eye: tuple[float, float, float] = (0.33, -0.03, 0.040)
    beats: float = 1.5
    bend: float = 0.045
    upright: bool = False  # bends up and down, as whales do
    extent: tuple[float, float] = (1.1, 0.55)
    mouth: bool = False
    sword: float = 0.0
    spout: bool = False


@dataclass(frozen=True)
class Fish:
    shape: Shape

    @property
    def coats(self) -> Mapping[str, str]:
        return {"fin": self.shape.colours["main"], "eye": "ink", "white": "white", "dark": "ink", "water": "water", "foam": "snow white", **self.shape.colours}

    @property
    def extent(self) -> tuple[float, float]:
        return self.shape.extent

    def does(self, action: str) -> bool:
        return action in _DOES

    def seat(self) -> Point:
        return 0.0, -self.extent[1] * 0.9

    def speed(self, action: str) -> float:
        return 0.0 if action in ("stand", "wait", "sleep", "float", "hover", "look", "eat") else 0.75 if action != "chase" else 1.4

    @property
    def middle(self) -> float:
        return max(below for _, _, below in self.shape.profile) + 0.05

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        s = self.shape
        x, y, r = s.eye
        y0 = -self.middle
        parts = [Part("tail", "fin")]
        if s.back:
            parts.append(Part("top fin", "fin"))
        if s.under:
            parts.append(Part("low fin", "fin", shade=-0.05))
        if s.sword:
            parts.append(Part("sword", "main", smooth([(0.46, y0 - 0.02), (0.5 + s.sword, y0), (0.46, y0 + 0.02)], tension=0.1)))
        parts.append(Part("body", "main", fade=(-self.middle * 1.9, -0.05, 0.10)))
        if s.belly:
            parts.append(Part("belly", "pale", inner=True))
        parts += [Part(f"band {k}", "band", inner=True) for k in range(len(s.bands))]
        if s.spots:
            spots = Path()
            for px, py, pr in s.spots:
                spots.join(ellipse(px, py + y0, pr, pr * 0.75))
            parts.append(Part("spots", "spot", spots, inner=True))
        parts.append(Part("side fin", "fin", smooth([(0.0, 0.0), (-0.14, 0.04), (-0.20, 0.14), (-0.06, 0.10)]), -0.05))
        parts += [Part("eye white", "white", ellipse(x, y + y0, r)), Part("eye", "eye", ellipse(x + r * 0.2, y + y0, r * 0.5))]
        if s.mouth:
            parts.append(Part("mouth", "dark", smooth([(0.46, y0 + 0.05), (0.36, y0 + 0.075), (0.26, y0 + 0.06), (0.36, y0 + 0.095)]), inner=True))
        if s.spout:
            parts.append(Part("spout", "water"))
        parts.append(Part("splash", "foam", inner=True))
        return tuple(parts)

    def pose(self, motion: Motion) -> Pose:
        s = self.shape
        beat = motion.t * s.beats + motion.phase * 5
        leap = 0.0
        if motion.action in ("jump", "leap", "dance", "play"):
            leap = 34.0 * wave(motion.t / 1.9 + motion.phase)
        up = 0.5 * max(0.0, wave(motion.t / 1.9 + motion.phase + 0.25)) if leap else 0.0
        if leap and s.upright:
            # a whale does not leave the water with its tail: it rises out of it, and falls back
            risen = 0.5 + 0.5 * wave(motion.t / 3.4 + motion.phase + 0.1)
            leap, up = 30.0 + 52.0 * risen, 0.30 * risen - 0.10
        y0 = -self.middle - up
        turn = joint(0.0, y0, -leap * 0.6 + (6.0 * wave(motion.t / 3.3 + motion.phase) if motion.action == "dive" else 0.0))

        def bent(x: float) -> float:
            return s.bend * (0.5 - x) * wave(beat + x * 0.55) * (1.6 if s.upright else 1.0)

        def at(x: float, y: float) -> Point:
            y += bent(x)
            return turn[0] * x + turn[2] * y + turn[4], turn[1] * x + turn[3] * y + turn[5]

        upper = [at(x, -a) for x, a, _ in s.profile]
        lower = [at(x, b) for x, _, b in reversed(s.profile)]
        root = s.profile[-1][0]
        flick = (0.10 if not s.upright else 0.05) * wave(beat - 0.18)
        out: dict[str, Matrix | Path] = {"body": smooth([*upper, *lower])}
        if s.belly:
            out["belly"] = smooth([at(x, b * (1 - s.belly)) for x, _, b in s.profile] + [at(x, b * 0.98) for x, _, b in reversed(s.profile)])
        for k, (left, right) in enumerate(s.bands):
            top, low = self._edge(left, 0), self._edge(left, 1)
            top2, low2 = self._edge(right, 0), self._edge(right, 1)
            out[f"band {k}"] = smooth([at(right, -top2), at((left + right) / 2, -top), at(left, -top), at(left - 0.02, 0.0), at(left, low), at(right, low2), at(right - 0.02, 0.0)], tension=0.3)
        r, f = root, flick
        tails = {
            "fan": [at(r + 0.04, 0.0), at(r - 0.12, -0.14 + f), at(r - 0.22, -0.18 + f), at(r - 0.15, f), at(r - 0.22, 0.18 + f), at(r - 0.12, 0.14 + f)],
            "fork": [at(r + 0.05, -0.01), at(r - 0.08, -0.12 + f), at(r - 0.20, -0.26 + f), at(r - 0.10, f), at(r - 0.18, 0.20 + f), at(r - 0.06, 0.08 + f)],
            "flukes": [at(r + 0.06, -0.02), at(r - 0.06, -0.06 + f), at(r - 0.22, -0.17 + f * 1.6), at(r - 0.13, 0.0 + f), at(r - 0.24, 0.10 + f * 1.6), at(r - 0.04, 0.05 + f)],
            "veil": [at(r + 0.05, 0.0), at(r - 0.12, -0.20 + f), at(r - 0.36, -0.26 + f * 1.8), at(r - 0.30, -0.04 + f), at(r - 0.40, 0.20 + f * 1.8), at(r - 0.14, 0.18 + f)],
        }
        out["tail"] = smooth(tails[s.tail], tension=0.4)
        if s.back:
            out["top fin"] = smooth([at(x, y) for x, y in s.back], tension=0.35)
        if s.under:
            out["low fin"] = smooth([at(x, y) for x, y in s.under], tension=0.35)
        out["splash"] = _splash(motion, at(r, 0.0)[0] if s.upright else 0.0) if leap else Path()
        side = at(0.12, 0.05)
        out["side fin"] = joint(side[0], side[1], 14 * wave(beat * 0.7))
        still: Matrix = (turn[0], turn[1], turn[2], turn[3], turn[4] + turn[2] * self.middle, turn[5] + turn[3] * self.middle)
        for name in ("eye white", "eye", "spots", "mouth", "sword"):
            out[name] = still
        if s.spout:
            high = 0.5 + 0.5 * wave(motion.t / 2.7 + motion.phase)
            x, y = at(0.22, -0.26)
            h = 0.06 + 0.26 * high
            out["spout"] = smooth([(x, y), (x - 0.02, y - h * 0.6), (x - 0.14, y - h), (x - 0.20, y - h * 0.6), (x - 0.06, y - h * 0.85), (x + 0.02, y - h * 1.05), (x + 0.10, y - h * 0.85), (x + 0.22, y - h * 0.55), (x + 0.16, y - h), (x + 0.03, y - h * 0.6)], tension=0.4)
        return out

    def _edge(self, x: float, which: int) -> float:
        """How far the body reaches above (0) or below (1) its middle at x."""
        profile = self.shape.profile
        for (x1, *y1), (x2, *y2) in pairwise(profile):
            if x2 <= x <= x1:
                share = (x1 - x) / (x1 - x2)
                return (y1[which] + (y2[which] - y1[which]) * share) * 0.97
        return 0.05


def _splash(motion: Motion, x: float) -> Path:
    """Foam where it breaks the water, and drops that fly up from there and fall back."""
    boil = [0.05 + 0.05 * abs(wave(motion.t / 0.9 + k * 0.37)) for k in range(9)]
    crest = [(x + 0.09 * (k - 4), -boil[k] * (1.5 - abs(k - 4) * 0.3) * (1.0 if k % 2 else 0.45)) for k in range(9)]
    path = smooth([(x - 0.46, 0.02), *crest, (x + 0.46, 0.02), (x, 0.055)], tension=0.5)
    for k in range(9):
        age = (motion.t / 1.15 + k * 0.382) % 1.0
        way = (k - 4) * 0.105
        high = (0.42 + 0.10 * (k % 3)) * 4.0 * age * (1.0 - age)
        path.join(ellipse(x + way * (0.5 + age), -high - 0.02, 0.018 * (1.2 - 0.5 * age)))
    return path


_DOES = frozenset(["stand", "wait", "swim", "dive", "jump", "leap", "dance", "play", "chase", "eat", "hunt", "race", "look", "float", "travel", "turn", "sleep", "drift", "hover", "fly", "run", "walk", "glide", "march", "sing"])

_ROUND = ((0.50, 0.0, 0.0), (0.36, 0.11, 0.10), (0.12, 0.185, 0.175), (-0.14, 0.14, 0.14), (-0.36, 0.045, 0.045))
_SLENDER = ((0.50, 0.0, 0.02), (0.34, 0.075, 0.08), (0.08, 0.115, 0.115), (-0.20, 0.08, 0.08), (-0.40, 0.03, 0.03))
_TORPEDO = ((0.52, 0.01, 0.03), (0.34, 0.10, 0.10), (0.06, 0.14, 0.13), (-0.24, 0.08, 0.07), (-0.44, 0.025, 0.025))
_GREAT = ((0.50, 0.06, 0.10), (0.40, 0.17, 0.19), (0.16, 0.23, 0.24), (-0.14, 0.16, 0.16), (-0.40, 0.04, 0.035))
_BACK = ((0.20, -0.15), (0.04, -0.29), (-0.18, -0.25), (-0.16, -0.12))

FISHES: dict[str, Shape] = {
    "fish": Shape({"main": "orange", "fin": "orange", "band": "white"}, _ROUND, back=_BACK, bands=((0.12, 0.20), (-0.17, -0.10)), eye=(0.33, -0.03, 0.040)),
    "goldfish": Shape({"main": "ember", "fin": "autumn leaf", "pale": "amber"}, _ROUND, tail="veil", back=((0.24, -0.14), (0.06, -0.34), (-0.20, -0.30), (-0.16, -0.12)), under=((0.0, 0.15), (-0.08, 0.30), (-0.22, 0.28), (-0.16, 0.12)), belly=0.5, extent=(1.25, 0.6), beats=1.1),
    "koi": Shape({"main": "snow white", "fin": "snow white", "spot": "vermilion"}, _SLENDER, tail="veil", back=((0.14, -0.10), (0.0, -0.20), (-0.20, -0.16), (-0.18, -0.07)), under=((-0.06, 0.10), (-0.12, 0.20), (-0.22, 0.16), (-0.18, 0.08)), spots=((0.30, -0.03, 0.08), (0.06, -0.05, 0.11), (-0.20, -0.02, 0.08)), eye=(0.40, -0.02, 0.024), extent=(1.25, 0.42), beats=1.1),
    "salmon": Shape({"main": "silver", "fin": "steel blue", "spot": "steel blue", "pale": "snow white"}, _SLENDER, tail="fork", back=((0.08, -0.10), (-0.02, -0.19), (-0.14, -0.16), (-0.12, -0.09)), belly=0.6, spots=((0.2, -0.06, 0.015), (0.08, -0.08, 0.015), (-0.06, -0.06, 0.015), (-0.2, -0.05, 0.015)), eye=(0.40, -0.02, 0.024), extent=(1.15, 0.4)),
    "shark": Shape({"main": "steel blue", "pale": "snow white"}, _TORPEDO, tail="fork", back=((0.14, -0.12), (0.0, -0.34), (-0.08, -0.30), (-0.10, -0.10)), under=((0.20, 0.10), (0.02, 0.30), (-0.06, 0.30), (0.06, 0.12)), belly=0.75, eye=(0.38, -0.03, 0.020), extent=(1.25, 0.62), beats=0.8, mouth=True),
    "dolphin": Shape({"main": "steel blue", "pale": "silver"}, ((0.58, -0.02, 0.045), (0.46, 0.0, 0.05), (0.40, 0.09, 0.09), (0.10, 0.14, 0.12), (-0.22, 0.08, 0.07), (-0.44, 0.025, 0.025)), tail="flukes", back=((0.04, -0.13), (-0.10, -0.28), (-0.16, -0.26), (-0.12, -0.10)), belly=0.7, eye=(0.36, -0.02, 0.018), extent=(1.25, 0.5), upright=True, beats=0.9, bend=0.07),
    "whale": Shape({"main": "navy blue", "pale": "silver"}, _GREAT, tail="flukes", belly=0.62, eye=(0.34, 0.02, 0.022), extent=(1.25, 0.75), upright=True, beats=0.42, bend=0.05, spout=True, mouth=True),
    "orca": Shape({"main": "ink", "pale": "snow white", "spot": "snow white"}, _TORPEDO, tail="flukes", back=((0.10, -0.12), (0.02, -0.38), (-0.06, -0.36), (-0.08, -0.11)), belly=0.7, spots=((0.33, -0.05, 0.045),), eye=(0.42, -0.01, 0.012), extent=(1.25, 0.62), upright=True, beats=0.7, bend=0.06),
    "tropical fish": Shape({"main": "blue", "fin": "yellow", "band": "yellow"}, ((0.46, 0.0, 0.0), (0.34, 0.16, 0.15), (0.08, 0.27, 0.26), (-0.16, 0.18, 0.18), (-0.32, 0.05, 0.05)), back=((0.16, -0.22), (-0.06, -0.46), (-0.26, -0.36), (-0.18, -0.16)), under=((0.10, 0.22), (-0.08, 0.42), (-0.26, 0.34), (-0.18, 0.16)), bands=((0.14, 0.24), (-0.14, -0.04)), extent=(1.0, 0.8)),
    "swordfish": Shape({"main": "navy blue", "pale": "silver"}, _TORPEDO, tail="fork", back=((0.26, -0.10), (0.16, -0.36), (0.06, -0.28), (-0.20, -0.10)), belly=0.7, sword=0.45, eye=(0.38, -0.02, 0.026), extent=(1.6, 0.6), beats=1.1),
    "eel": Shape({"main": "moss", "pale": "lime"}, ((0.60, 0.0, 0.02), (0.46, 0.06, 0.06), (0.1, 0.07, 0.07), (-0.3, 0.05, 0.05), (-0.62, 0.01, 0.01)), tail="fan", bend=0.22, belly=0.5, eye=(0.48, -0.02, 0.018), extent=(1.4, 0.45), beats=1.0),
    "puffer": Shape({"main": "amber", "pale": "cream", "spot": "bark"}, ((0.34, 0.02, 0.02), (0.26, 0.22, 0.22), (0.0, 0.32, 0.32), (-0.24, 0.20, 0.20), (-0.34, 0.05, 0.05)), belly=0.8, spots=((0.0, -0.2, 0.03), (0.12, -0.12, 0.025), (-0.14, -0.14, 0.03), (-0.04, -0.08, 0.02)), eye=(0.20, -0.10, 0.065), extent=(0.95, 0.78)),
}
