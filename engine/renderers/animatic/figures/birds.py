# ruff: noqa: E501
# fmt: off
# Outlines are drawings in numbers: a part to a line reads better than a number to a line.
"""Birds: the crane that stands and fishes, and the ones that fly."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.renderers.animatic.figures.design import Motion, Part, Pose
from engine.renderers.animatic.geometry import (
    Matrix,
    Path,
    Point,
    ease,
    ellipse,
    joint,
    mix,
    mul,
    polygon,
    ribbon,
    smooth,
    wave,
)

_WADES = frozenset(["stand", "wait", "walk", "run", "eat", "drink", "fish", "dance", "jump", "look", "hunt", "sleep", "sing", "bow", "march", "play"])


@dataclass(frozen=True)
class Crane:
    """A wading bird: stilt legs, a neck like an S, a bill like a dagger."""

    colours: Mapping[str, str] = field(default_factory=lambda: {"main": "white", "tail": "charcoal", "dark": "charcoal", "crown": "red", "bill": "amber", "leg": "charcoal", "eye": "ink"})
    hop: float = 0.0

    @property
    def coats(self) -> Mapping[str, str]:
        return self.colours

    @property
    def extent(self) -> tuple[float, float]:
        return 0.86, 1.22

    def does(self, action: str) -> bool:
        return action in _WADES

    def seat(self) -> Point:
        return 0.0, -0.78

    def speed(self, action: str) -> float:
        return 0.10 if action in ("walk", "run") else 0.0

    @property
    def parts(self) -> tuple[Part, ...]:
        plume = Path()
        for k, (dx, dy) in enumerate(((-0.42, 0.20), (-0.50, 0.12), (-0.55, 0.04), (-0.52, -0.03))):
            plume.join(smooth([(-0.10, -0.08 + 0.02 * k), (dx * 0.62, dy * 0.55 - 0.06), (dx, dy), (dx * 0.60, dy * 0.5 + 0.04), (-0.10, 0.06)]))
        body = smooth([(-0.30, 0.02), (-0.22, -0.10), (-0.02, -0.155), (0.18, -0.10), (0.27, 0.0), (0.20, 0.10), (0.0, 0.15), (-0.20, 0.11)])
        wing = smooth([(0.12, -0.05), (-0.05, -0.12), (-0.24, -0.07), (-0.38, 0.07), (-0.22, 0.08), (-0.02, 0.08)])
        return (
            Part("far leg", "leg", shade=-0.03),
            Part("tail", "tail", plume),
            Part("near leg", "leg"),
            Part("body", "main", body, fade=(-0.16, 0.16, 0.10)),
            Part("wing", "main", wing, -0.055),
            Part("neck", "main"),
            Part("throat", "dark"),
            Part("head", "main", smooth([(-0.06, 0.0), (-0.035, -0.055), (0.035, -0.05), (0.07, -0.005), (0.03, 0.035), (-0.04, 0.03)])),
            Part("crown", "crown", smooth([(-0.045, -0.035), (-0.01, -0.068), (0.04, -0.045), (0.0, -0.03)])),
            Part("bill", "bill", polygon([(0.05, -0.028), (0.27, 0.012), (0.05, 0.02)])),
            Part("eye", "eye", ellipse(0.032, -0.016, 0.010)),
        )

    def pose(self, motion: Motion) -> Pose:
        breath = wave(motion.t / 3.0 + motion.phase)
        fishing = motion.action in ("eat", "fish", "drink", "bow", "hunt")
        dip = ease(motion.progress * 4 - 1.3) * (1 - ease(motion.progress * 4 - 2.6)) if fishing else 0.0
        walking = motion.action in ("walk", "run", "march", "play")
        beat = motion.t / 2.0 + motion.phase
        dance = 0.05 * abs(wave(motion.t / 1.2)) if motion.action in ("dance", "jump") else 0.0
        y = -0.66 - 0.006 * breath - dance
        body = joint(0.0, y, mix(-14.0, 16.0, dip) + 1.5 * breath)
        out: dict[str, Matrix | Path] = {"body": body, "wing": mul(body, joint(0, 0, 1.5 * breath)), "tail": mul(body, joint(-0.16, 0.02, 2.0 * wave(motion.t / 2.4) + 8))}
        base: Point = (0.21, y - 0.08)
        nod = 0.02 * wave(motion.t / 2.2 + motion.phase) + (0.03 * wave(beat * 2) if walking else 0.0)
        spine = [
            (base[0] - 0.10, base[1] + 0.10),
            base,
            (mix(0.33, 0.42, dip), mix(y - 0.20, y + 0.02, dip)),
            (mix(0.25, 0.52, dip) + nod * 0.5, mix(y - 0.33, y + 0.20, dip)),
            (mix(0.24, 0.56, dip) + nod, mix(y - 0.47, y + 0.36, dip)),
        ]
        out["neck"] = ribbon(spine, [0.20, 0.13, 0.082, 0.062, 0.056])
        out["throat"] = ribbon([spine[2], spine[3], (spine[4][0], spine[4][1] + 0.02)], [0.02, 0.05, 0.045])
        head = joint(spine[4][0], spine[4][1], mix(4.0, 62.0, dip) + 3.0 * wave(motion.t / 3.3))
        for part in ("head", "crown", "bill", "eye"):
            out[part] = head
        for index, side in enumerate(("near", "far")):
            x = 0.03 if index else -0.03
            step = wave(beat + 0.5 * index) if walking else 0.0
            raised = max(0.0, wave(beat + 0.5 * index + 0.25)) * 0.10 if walking else 0.0
            hip = (x, y + 0.10)
            foot = (x + 0.09 * step + 0.01, -raised - dance)
            knee = ((hip[0] + foot[0]) / 2 - 0.035 - raised * 0.6, (hip[1] + foot[1]) / 2)
            leg = ribbon([hip, knee, foot], [0.055, 0.024, 0.02])
            leg.join(ribbon([(foot[0] - 0.03, foot[1]), (foot[0] + 0.08, foot[1] - 0.004)], [0.014, 0.012]))
            out[f"{side} leg"] = leg
        return out


@dataclass(frozen=True)
class Flier:
    """A bird on the wing, seen from the side and a little below."""

    colours: Mapping[str, str]
    beats: float = 1.7  # wing beats a second
    span: float = 0.62
    chord: float = 1.0  # how broad the wings are
    neck: float = 0.0  # how far the head is stretched out before the body
    bill: tuple[float, float, float] = (0.13, 0.055, 0.0)  # length, depth, hook
    tail: str = "fan"  # fan, fork, long, plumes, none
    head: str = "main"
    skin: bool = False  # a bat's wings: scalloped, with ears
    size: tuple[float, float] = (1.1, 0.9)
    crest: bool = False

    @property
    def coats(self) -> Mapping[str, str]:
        return {"tail": self.colours["main"], **self.colours}

    @property
    def extent(self) -> tuple[float, float]:
        return self.size

    def does(self, action: str) -> bool:
        return action in _AIR

    def seat(self) -> Point:
        return 0.0, -0.58

    def speed(self, action: str) -> float:
        return 0.0 if action in ("stand", "sit", "hover") else 1.35

    @property
    def parts(self) -> tuple[Part, ...]:
        n = self.neck
        body = smooth([(-0.52, 0.0), (-0.34, -0.06), (-0.12, -0.11), (0.12, -0.115), (0.28, -0.085), (0.38, -0.07), (0.44, -0.02), (0.36, 0.045), (0.15, 0.095), (-0.15, 0.08), (-0.36, 0.04)])
        parts = [Part("far wing", "wing", shade=-0.12)]
        if self.tail != "none":
            parts.append(Part("tail", "tail", _TAILS[self.tail], -0.04))
        parts.append(Part("body", "main", body))
        if n:
            parts.append(Part("neck", "main", ribbon([(0.24, -0.02), (0.40 + n * 0.4, -0.035), (0.40 + n, -0.05)], [0.13, 0.07, 0.055])))
        x = 0.40 + n
        if n or self.head != "main":
            parts.append(Part("head", self.head, ellipse(x - 0.02, -0.035, 0.085 if not n else 0.06, 0.07 if not n else 0.05)))
        length, depth, hook = self.bill
        if length:
            parts.append(Part("bill", "bill", polygon([(x + 0.02, -0.035 - depth / 2), (x + length * 0.7, -0.035 - depth * 0.3), (x + length, -0.025 + hook), (x + 0.02, -0.035 + depth / 2)])))
        if self.crest:
            parts.append(Part("crest", "tail", ribbon([(x - 0.05, -0.08), (x - 0.14, -0.17), (x - 0.26, -0.19)], [0.04, 0.03, 0.006])))
        if self.skin and not length:
            parts.append(Part("ears", "main", polygon([(x - 0.07, -0.06), (x - 0.06, -0.20), (x, -0.08)]).join(polygon([(x + 0.01, -0.08), (x + 0.06, -0.19), (x + 0.06, -0.04)]))))
        parts += [Part("eye", "eye", ellipse(x - 0.06 if not n else x, -0.045, 0.016)), Part("near wing", "wing")]
        return tuple(parts)

    def pose(self, motion: Motion) -> Pose:
        # three beats and a glide, never the same moment for two birds
        beat = motion.t * self.beats + motion.phase * 7
        glide = 0.35 + 0.65 * ease(0.5 + wave(motion.t / 4.3 + motion.phase) * 1.2)
        if motion.action in ("glide", "soar"):
            glide *= 0.25
        flap = wave(beat) * glide
        tip = wave(beat - 0.16) * glide
        down = 0.55 if self.beats < 4 else 0.5
        lift = 0.03 * wave(beat + 0.5)
        out: dict[str, Matrix | Path] = {part.name: (1.0, 0.0, 0.0, 1.0, 0.0, -0.5 + lift) for part in self.parts if part.path}
        inner, outer = math.radians(16.0 + 40.0 * flap), math.radians(8.0 + 54.0 * tip)
        out["near wing"] = self._wing(inner, outer, lift - down, 1.0)
        out["far wing"] = self._wing(inner, outer, lift - down, -1.0)
        return out

    def _wing(self, inner: float, outer: float, y: float, side: float) -> Path:
        """An arm and a hand, each at its own angle, seen from a little above: a level wing is a plane, never an edge."""
        s, c = self.span, self.chord
        arm = s * 0.55
        rise, reach = arm * math.sin(inner), arm * math.cos(inner)

        def at(x: float, along: float) -> Point:
            """x forward on the wing, `along` from the shoulder, both in the bird's own units."""
            if along <= arm:
                up, out = along * math.sin(inner), along * math.cos(inner)
            else:
                up, out = rise + (along - arm) * math.sin(outer), reach + (along - arm) * math.cos(outer)
            return x - (0.36 if side > 0 else 0.10) * out, y - 0.86 * up + (0.52 if side > 0 else -0.42) * out

        tip = s * 1.30
        lead = [at(0.17, 0.0), at(0.20, arm * 0.5), at(0.21, arm)]
        if self.skin:
            fingers = [at(-0.02, tip), at(-0.10 * c, s * 1.02), at(-0.30 * c, s * 0.98), at(-0.17 * c, s * 0.66), at(-0.36 * c, s * 0.50), at(-0.20 * c, s * 0.26)]
            return smooth([*lead, *fingers, at(-0.26 * c, 0.0)], tension=0.28)
        if c > 1.4:
            fingers = [at(0.03, tip), at(-0.03, s * 1.10), at(-0.08, s * 1.26), at(-0.12, s * 1.06), at(-0.18, s * 1.16), at(-0.19, s * 0.94)]
        else:
            fingers = [at(0.08, s * 0.95), at(-0.10, tip), at(-0.14 * c, s * 1.0)]
        return smooth([*lead, *fingers, at(-0.19 * c, arm), at(-0.20 * c, arm * 0.4), at(-0.20 * c, 0.0)], tension=0.36)


_AIR = frozenset(["fly", "hover", "soar", "glide", "race", "chase", "dance", "play", "land", "turn", "travel", "drift", "rise", "sing", "howl", "hunt", "stand", "fall", "circle"])
_TAILS = {
    "fan": polygon([(-0.36, -0.02), (-0.62, -0.07), (-0.57, 0.0), (-0.62, 0.06), (-0.34, 0.03)]),
    "fork": smooth([(-0.36, -0.02), (-0.62, -0.09), (-0.86, -0.15), (-0.60, -0.01), (-0.84, 0.10), (-0.58, 0.05), (-0.34, 0.03)], tension=0.25),
    "long": smooth([(-0.36, -0.03), (-0.70, -0.05), (-1.02, 0.02), (-1.06, 0.06), (-0.70, 0.06), (-0.34, 0.03)]),
    "plumes": ribbon([(-0.40, 0.0), (-0.80, -0.12), (-1.20, 0.02), (-1.50, -0.08)], [0.10, 0.12, 0.09, 0.02])
    .join(ribbon([(-0.40, 0.0), (-0.80, 0.06), (-1.15, 0.22), (-1.45, 0.18)], [0.10, 0.11, 0.08, 0.02]))
    .join(ribbon([(-0.40, 0.0), (-0.70, -0.02), (-1.05, 0.10), (-1.30, 0.06)], [0.12, 0.12, 0.08, 0.02])),
}


SPARROW = {"main": "brown", "wing": "brown", "tail": "brown", "bill": "amber", "eye": "ink"}
GULL = {"main": "white", "wing": "silver", "tail": "white", "bill": "amber", "eye": "ink"}
CROW = {"main": "ink", "wing": "ink", "tail": "ink", "bill": "charcoal", "eye": "bone"}
PIGEON = {"main": "steel blue", "wing": "silver", "tail": "steel blue", "bill": "charcoal", "eye": "red"}
DOVE = {"main": "white", "wing": "snow white", "tail": "white", "bill": "charcoal", "eye": "ink"}
EAGLE = {"main": "dark mane", "wing": "bear brown", "tail": "snow white", "pale": "snow white", "bill": "gold", "eye": "gold", "leg": "gold"}
OWL = {"main": "bark", "wing": "dark mane", "tail": "bark", "pale": "sandstone", "bill": "amber", "eye": "lamp", "leg": "amber"}
PARROT = {"main": "red", "wing": "blue", "tail": "blue", "pale": "yellow", "bill": "ink", "eye": "cream", "leg": "charcoal"}
SWALLOW = {"main": "navy blue", "wing": "ink", "tail": "navy blue", "pale": "vermilion", "bill": "ink", "eye": "cream"}
SWAN = {"main": "white", "wing": "snow white", "tail": "white", "bill": "orange", "eye": "ink", "leg": "charcoal"}
GOOSE = {"main": "stone", "wing": "charcoal", "tail": "charcoal", "bill": "orange", "eye": "ink", "leg": "orange"}
DUCK = {"main": "stone", "wing": "bark", "tail": "charcoal", "pale": "pine", "bill": "yellow", "eye": "cream", "leg": "orange"}
HUMMINGBIRD = {"main": "leaf", "wing": "teal", "tail": "pine", "pale": "petal", "bill": "ink", "eye": "ink"}
BAT = {"main": "charcoal", "wing": "ink", "eye": "lamp", "bill": "ink"}
PHOENIX = {"main": "ember", "wing": "red", "tail": "flame", "pale": "gold", "bill": "gold", "eye": "cream"}
PTEROSAUR = {"main": "moss", "wing": "autumn leaf", "bill": "moss", "tail": "autumn leaf", "eye": "ink"}

FLIERS: dict[str, Flier] = {
    "gull": Flier(GULL),
    "sparrow": Flier(SPARROW, beats=2.6, span=0.5),
    "crow": Flier(CROW),
    "pigeon": Flier(PIGEON, beats=2.4, span=0.56),
    "dove": Flier(DOVE, beats=2.2, span=0.58),
    "eagle": Flier(EAGLE, beats=0.9, span=0.82, chord=1.7, bill=(0.14, 0.075, 0.035), head="pale", size=(1.15, 1.0)),
    "owl": Flier(OWL, beats=1.2, span=0.62, chord=1.7, bill=(0.08, 0.05, 0.03), head="pale"),
    "parrot": Flier(PARROT, beats=2.0, span=0.55, bill=(0.11, 0.09, 0.05), tail="long"),
    "swallow": Flier(SWALLOW, beats=2.2, span=0.62, chord=0.6, tail="fork", bill=(0.08, 0.04, 0.0), head="pale"),
    "swan": Flier(SWAN, beats=1.1, span=0.74, chord=1.3, neck=0.42, bill=(0.12, 0.05, 0.01), size=(1.5, 0.9)),
    "goose": Flier(GOOSE, beats=1.3, span=0.70, chord=1.2, neck=0.28, size=(1.4, 0.9)),
    "duck": Flier(DUCK, beats=2.4, span=0.54, neck=0.12, bill=(0.14, 0.05, 0.015), head="pale"),
    "hummingbird": Flier(HUMMINGBIRD, beats=4.6, span=0.44, chord=0.7, bill=(0.34, 0.022, 0.0), head="pale"),
    "bat": Flier(BAT, beats=2.0, span=0.66, chord=1.4, tail="none", bill=(0.0, 0.0, 0.0), skin=True),
    "phoenix": Flier(PHOENIX, beats=1.0, span=0.86, chord=1.7, tail="plumes", bill=(0.13, 0.06, 0.03), head="pale", crest=True, size=(2.0, 1.1)),
    "pterosaur": Flier(PTEROSAUR, beats=0.8, span=0.86, chord=1.0, tail="none", bill=(0.40, 0.06, 0.0), neck=0.08, skin=True, size=(1.4, 1.0), crest=True),
}
