# ruff: noqa: E501
# fmt: off
# Outlines are drawings in numbers: a part to a line reads better than a number to a line.
"""Birds: the crane that stands and fishes, and the ones that fly."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.renderers.animatic.figures.design import Motion, Part, Pose
from engine.renderers.animatic.geometry import (
    IDENTITY,
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
        fishing = motion.action in ("eat", "fish", "drink")
        dip = ease(motion.progress * 4 - 1.3) * (1 - ease(motion.progress * 4 - 2.6)) if fishing else 0.0
        walking = motion.action in ("walk", "run")
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

    @property
    def coats(self) -> Mapping[str, str]:
        return self.colours

    @property
    def extent(self) -> tuple[float, float]:
        return 1.1, 0.9

    def speed(self, action: str) -> float:
        return 0.0 if action in ("stand", "sit", "hover") else 1.35

    @property
    def parts(self) -> tuple[Part, ...]:
        body = smooth([(-0.52, 0.0), (-0.34, -0.045), (-0.12, -0.085), (0.12, -0.09), (0.28, -0.07), (0.38, -0.06), (0.44, -0.02), (0.36, 0.03), (0.15, 0.07), (-0.15, 0.06), (-0.36, 0.03)])
        tail = polygon([(-0.36, -0.02), (-0.62, -0.07), (-0.57, 0.0), (-0.62, 0.06), (-0.34, 0.03)])
        return (
            Part("far wing", "wing", shade=-0.12),
            Part("tail", "tail", tail, -0.04),
            Part("body", "main", body),
            Part("bill", "bill", polygon([(0.42, -0.05), (0.55, -0.015), (0.42, 0.005)])),
            Part("eye", "eye", ellipse(0.34, -0.035, 0.014)),
            Part("near wing", "wing"),
        )

    def pose(self, motion: Motion) -> Pose:
        # three beats and a glide, never the same moment for two birds
        beat = motion.t * self.beats + motion.phase * 7
        glide = 0.35 + 0.65 * ease(0.5 + wave(motion.t / 4.3 + motion.phase) * 1.2)
        flap = wave(beat) * glide
        tip = wave(beat - 0.16) * glide
        s = self.span
        out: dict[str, Matrix | Path] = {name: (1.0, 0.0, 0.0, 1.0, 0.0, -0.5 + 0.03 * wave(beat + 0.5)) for name in ("tail", "body", "bill", "eye")}
        for side, lean, far in (("near wing", -0.05, 1.0), ("far wing", 0.14, 0.86)):
            y = -0.55 + 0.03 * wave(beat + 0.5)
            mid = (lean - 0.03, y - s * 0.52 * (0.50 + 0.85 * flap) * far)
            end = (lean - 0.22, y - s * (0.48 + 0.78 * tip) * far - 0.02)
            out[side] = smooth([(0.17, y), (mid[0] + 0.12, mid[1] - 0.02), end, (mid[0] - 0.16, mid[1] + 0.07), (-0.20, y + 0.04)], tension=0.55)
        return out


@dataclass(frozen=True)
class Fish:
    colours: Mapping[str, str]

    @property
    def coats(self) -> Mapping[str, str]:
        return self.colours

    @property
    def extent(self) -> tuple[float, float]:
        return 1.1, 0.55

    def speed(self, action: str) -> float:
        return 0.75 if action in ("swim", "walk", "run", "fly") else 0.0

    @property
    def parts(self) -> tuple[Part, ...]:
        return (
            Part("tail", "fin"),
            Part("top fin", "fin"),
            Part("body", "main", fade=(-0.45, -0.05, 0.10)),
            Part("band one", "band"),
            Part("band two", "band"),
            Part("side fin", "fin", smooth([(0.0, 0.0), (-0.14, 0.04), (-0.20, 0.14), (-0.06, 0.10)]), -0.04),
            Part("eye white", "eye white", ellipse(0.33, -0.29, 0.040)),
            Part("eye", "eye", ellipse(0.34, -0.29, 0.020)),
        )

    def pose(self, motion: Motion) -> Pose:
        beat = motion.t * 1.5 + motion.phase * 5

        def bend(x: float) -> float:
            return 0.045 * (0.5 - x) * wave(beat + x * 0.55)

        def at(x: float, y: float) -> Point:
            return x, y - 0.26 + bend(x)

        body = smooth([at(0.50, 0.0), at(0.36, -0.11), at(0.12, -0.185), at(-0.14, -0.14), at(-0.36, -0.045), at(-0.36, 0.045), at(-0.14, 0.14), at(0.12, 0.175), at(0.36, 0.10)])
        flick = 0.10 * wave(beat - 0.18)
        tail = smooth([at(-0.32, 0.0), (-0.48, -0.40 + bend(-0.5) + flick), (-0.58, -0.44 + flick), (-0.50, -0.26 + bend(-0.5) + flick * 1.2), (-0.58, -0.08 + flick), (-0.48, -0.12 + bend(-0.5) + flick)], tension=0.4)
        return {
            "body": body,
            "tail": tail,
            "top fin": smooth([at(0.20, -0.15), at(0.04, -0.29), at(-0.18, -0.25), at(-0.16, -0.12)]),
            "band one": smooth([at(0.20, -0.17), at(0.14, -0.18), at(0.12, 0.0), at(0.14, 0.172), at(0.20, 0.165), at(0.19, 0.0)], tension=0.4),
            "band two": smooth([at(-0.10, -0.15), at(-0.16, -0.13), at(-0.17, 0.0), at(-0.16, 0.13), at(-0.10, 0.15), at(-0.10, 0.0)], tension=0.4),
            "side fin": joint(0.10, -0.22, 14 * wave(beat * 0.7)),
            "eye white": IDENTITY,
            "eye": IDENTITY,
        }


SPARROW = {"main": "brown", "wing": "brown", "tail": "brown", "bill": "amber", "eye": "ink"}
GULL = {"main": "white", "wing": "silver", "tail": "white", "bill": "amber", "eye": "ink"}
CROW = {"main": "ink", "wing": "ink", "tail": "ink", "bill": "charcoal", "eye": "bone"}
CLOWNFISH = {"main": "orange", "fin": "orange", "band": "white", "eye white": "white", "eye": "ink"}
