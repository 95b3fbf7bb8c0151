# ruff: noqa: E501
# fmt: off
# Outlines are drawings in numbers: a part to a line reads better than a number to a line.
"""Birds on their feet or afloat: hens, owls, swans, ostriches. With a `Flier` of its kind a bird can do both."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.renderers.animatic.figures.birds import FLIERS, Flier
from engine.renderers.animatic.figures.design import Motion, Part, Pose
from engine.renderers.animatic.geometry import (
    Matrix,
    Path,
    Point,
    apply,
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

_AWAY: Matrix = (1.0, 0.0, 0.0, 1.0, -1e5, -1e5)


@dataclass(frozen=True)
class Build:
    """Proportions; the body's middle is (0, 0) of its own, then it stands on its legs."""

    colours: Mapping[str, str]
    long: float = 0.34  # half the body
    deep: float = 0.20
    tilt: float = -12.0  # how upright
    neck: float = 0.12
    lean: float = -64.0  # the neck's angle
    thick: float = 0.16
    head: float = 0.10
    bill: tuple[float, float, float] = (0.13, 0.07, 0.0)  # length, depth, hook
    leg: float = 0.18
    tail: str = "short"  # short, fan, sickle, train, long, none
    comb: bool = False
    big_eyes: bool = False
    tufts: bool = False
    bend: float = 0.0  # the neck's S
    extent: tuple[float, float] = (0.95, 0.95)
    stride: float = 0.16
    head_coat: str = "main"
    floats: bool = False  # may sit on water


@dataclass(frozen=True)
class Fowl:
    build: Build

    @property
    def coats(self) -> Mapping[str, str]:
        return {"leg": "amber", "comb": "red", "pale": "cream", "tail": self.build.colours["main"], **self.build.colours}

    @property
    def extent(self) -> tuple[float, float]:
        return self.build.extent

    def does(self, action: str) -> bool:
        return action in _DOES or (action in ("swim", "drift", "float", "dive") and self.build.floats)

    def seat(self) -> Point:
        return -0.05, -self.build.leg - self.build.deep * 1.9

    def speed(self, action: str) -> float:
        pace = {"walk": 1.0, "run": 2.4, "chase": 2.4, "race": 2.4, "march": 1.0, "swim": 0.9, "drift": 0.5, "hop": 1.2}.get(action, 0.0)
        return self.build.stride * 1.6 * pace

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        b = self.build
        a, d, r = b.long, b.deep, b.head
        body = smooth([(-a, -d * 0.30), (-a * 0.55, -d * 0.72), (0.0, -d * 0.92), (a * 0.55, -d * 0.90), (a * 0.95, -d * 0.40), (a * 0.98, d * 0.20), (a * 0.62, d * 0.80), (0.0, d), (-a * 0.55, d * 0.62)])
        wing = smooth([(a * 0.60, -d * 0.45), (a * 0.10, -d * 0.62), (-a * 0.50, -d * 0.34), (-a * 1.02, d * 0.02), (-a * 0.50, d * 0.36), (a * 0.20, d * 0.42)])
        parts = [Part("far leg", "leg", shade=-0.08)]
        tail = self._tail()
        if tail is not None:
            parts.append(Part("tail", "tail", tail))
            if b.tail == "train":
                eyes = Path()
                for k in range(9):
                    x, y = apply(joint(-a * 0.5, 0.0, -162.0 + 16.5 * k), (0.62, 0.0))
                    eyes.join(ellipse(x, y, 0.045))
                parts.append(Part("tail eyes", "eyes", eyes, inner=True))
        parts += [Part("near leg", "leg"), Part("neck", b.head_coat if b.neck > 0.2 else "main"), Part("body", "main", body, fade=(-d, d, 0.09))]
        if "breast" in b.colours:
            parts.append(Part("breast", "breast", smooth([(a * 0.9, -d * 0.35), (a * 0.98, d * 0.2), (a * 0.6, d * 0.8), (0.0, d * 0.97), (a * 0.3, d * 0.2)]), inner=True))
        parts.append(Part("wing", "wing", wing, -0.04))
        length, depth, hook = b.bill
        if b.comb:
            parts.append(Part("comb", "comb", smooth([(-r * 0.8, -r * 0.7), (-r * 0.9, -r * 1.5), (-r * 0.35, -r * 1.2), (0.0, -r * 1.8), (r * 0.25, -r * 1.2), (r * 0.75, -r * 1.5), (r * 0.6, -r * 0.7)], tension=0.3).join(ellipse(r * 0.75, r * 1.0, r * 0.30, r * 0.5))))
        if b.tufts:
            parts.append(Part("tufts", "main", polygon([(-r * 0.95, -r * 0.4), (-r * 0.9, -r * 1.5), (-r * 0.2, -r * 0.9)]).join(polygon([(r * 0.2, -r * 0.9), (r * 0.9, -r * 1.5), (r * 0.95, -r * 0.4)]))))
        parts.append(Part("head", b.head_coat, ellipse(0.0, 0.0, r, r * 0.92)))
        if b.big_eyes:
            parts += [
                Part("face", "pale", ellipse(-r * 0.40, -r * 0.05, r * 0.52).join(ellipse(r * 0.48, -r * 0.05, r * 0.52))),
                Part("eyes", "eye", ellipse(-r * 0.36, -r * 0.05, r * 0.32).join(ellipse(r * 0.46, -r * 0.05, r * 0.32)), glow=True),
                Part("pupils", "dark", ellipse(-r * 0.32, -r * 0.05, r * 0.16).join(ellipse(r * 0.50, -r * 0.05, r * 0.16))),
                Part("bill", "bill", polygon([(-r * 0.06, r * 0.15), (r * 0.22, r * 0.15), (r * 0.08, r * 0.62)])),
            ]
        else:
            parts += [
                Part("bill", "bill", polygon([(r * 0.75, -depth / 2), (r * 0.75 + length * 0.7, -depth * 0.30), (r * 0.75 + length, hook), (r * 0.75, depth / 2)])),
                Part("eye", "eye", ellipse(r * 0.32, -r * 0.22, max(0.014, r * 0.15))),
            ]
        return tuple(parts)

    def _tail(self) -> Path | None:
        b = self.build
        a, d = b.long, b.deep
        if b.tail == "fan":
            path = Path()
            for k in range(5):
                path.join(smooth([(-a * 0.6, 0.0), (-a * 1.1, -0.05), (-a * 1.75, 0.0), (-a * 1.1, 0.05)]).moved(joint(-a * 0.1, 0.0, 10.0 + 14.0 * k)))
            return path
        if b.tail == "sickle":
            path = Path()
            for k, (x, y) in enumerate(((-1.55, -1.5), (-1.75, -1.0), (-1.7, -0.4), (-1.3, -1.8))):
                path.join(ribbon([(-a * 0.6, -d * 0.3), (x * a * 0.8, y * d * 1.5 - 0.05), (x * a * 1.08, y * d * 0.9 + 0.06 * k)], [0.12, 0.11, 0.02]))
            return path
        if b.tail == "train":
            path = Path()
            for k in range(12):
                path.join(smooth([(0.0, 0.0), (0.36, -0.05), (0.70, -0.055), (0.76, 0.0), (0.70, 0.055), (0.36, 0.05)]).moved(joint(-a * 0.5, 0.0, -170.0 + 13.0 * k)))
            return path
        if b.tail == "long":
            return smooth([(-a * 0.7, -d * 0.3), (-a * 1.4, -0.02), (-a * 2.3, 0.04), (-a * 2.3, 0.09), (-a * 1.3, 0.08), (-a * 0.6, d * 0.4)])
        if b.tail == "short":
            return smooth([(-a * 0.6, -d * 0.6), (-a * 1.35, -d * 0.50), (-a * 1.40, -d * 0.1), (-a * 0.7, d * 0.4)])
        return None

    def pose(self, motion: Motion) -> Pose:
        b = self.build
        afloat = motion.action in ("swim", "drift", "float", "dive")
        moving = motion.action in _STEPS
        quick = 2.2 if motion.action in ("run", "chase", "race", "dance") else 1.0
        beat = motion.t * quick / 0.9 + motion.phase
        breath = wave(motion.t / 2.8 + motion.phase)
        hop = abs(wave(motion.t / 1.1 + motion.phase)) * 0.14 if motion.action in ("jump", "hop", "dance", "cheer") else 0.0
        down = 0.0
        if motion.action in ("eat", "drink", "fish", "bow", "dig"):
            down = ease(0.5 + wave(motion.t / 1.7 + motion.phase) * 1.3)
        sits = motion.action in ("sit", "sleep", "lie")
        legs = 0.02 if afloat else b.leg * (0.45 if sits else 1.0)
        y = -legs - b.deep * 0.82 - hop + 0.006 * breath + (0.012 * wave(beat * 2) if moving else 0.0)
        body = joint(0.0, y, b.tilt + down * 18.0 + (2.5 * wave(motion.t / 1.9 + motion.phase) if afloat or motion.action == "dance" else 0.0))
        out: dict[str, Matrix | Path] = {"body": body, "breast": body, "tail": mul(body, joint(0, 0, 2.0 * wave(motion.t / 2.4))), "wing": mul(body, joint(0.0, 0.0, 14.0 * abs(wave(motion.t * 1.4)) if motion.action in ("dance", "wave", "cheer", "fight") else 1.2 * breath))}
        out["tail eyes"] = out["tail"]
        bob = 0.025 * wave(beat * 2 + 0.3) if moving else 0.008 * wave(motion.t / 2.1)
        root = apply(body, (b.long * 0.62, -b.deep * 0.35))
        up = apply(joint(root[0], root[1], b.lean), (b.neck, 0.0))
        top = (up[0] + bob, up[1])
        top = (mix(top[0], root[0] + b.neck * 0.75 + b.head, down), mix(top[1], min(-b.head * 0.9, -0.05), down))
        if sits and motion.action == "sleep":
            top = (root[0] - 0.02, root[1] - b.head * 0.4)
        middle = (mix(root[0], top[0], 0.5) + b.bend * 0.5 * (1 - down), mix(root[1], top[1], 0.5))
        curve = (mix(root[0], top[0], 0.82) - b.bend * 0.35 * (1 - down), mix(root[1], top[1], 0.86))
        inside = apply(body, (b.long * 0.2, 0.0))
        spine: list[Point] = [inside, root, middle, curve, top] if b.bend else [inside, root, top]
        widths = [b.thick * 1.6, b.thick * 1.35, b.thick, b.thick * 0.85, b.thick * 0.8] if b.bend else [b.thick * 1.5, b.thick * 1.3, b.thick]
        out["neck"] = ribbon(spine, widths)
        nod = {"sing": -18.0, "howl": -26.0, "look": -6.0}.get(motion.action, 0.0)
        head = joint(top[0], top[1], mix(nod + 3.0 * wave(motion.t / 3.1 + motion.phase), 48.0, down))
        for name in ("head", "bill", "eye", "eyes", "pupils", "face", "comb", "tufts"):
            out[name] = head
        for index, side in enumerate(("near", "far")):
            if afloat:
                out[f"{side} leg"] = _AWAY
                continue
            step = wave(beat + 0.5 * index) if moving else 0.0
            lift = max(0.0, wave(beat + 0.5 * index + 0.25)) * b.leg * 0.35 if moving else 0.0
            x = 0.04 if index else -0.03
            hip = (x, y + b.deep * 0.55)
            foot = (x + b.stride * 0.5 * step + 0.02, -lift - hop)
            knee = ((hip[0] + foot[0]) / 2 - 0.03 - lift * 0.5, (hip[1] + foot[1]) / 2)
            w = max(0.026, b.leg * 0.11)
            leg = ribbon([hip, knee, foot], [w * 1.8, w, w * 0.8])
            leg.join(ribbon([(foot[0] - 0.03, foot[1]), (foot[0] + 0.09, foot[1] - 0.006)], [w * 0.8, w * 0.7]))
            out[f"{side} leg"] = leg
        return out


_STEPS = ("walk", "run", "chase", "race", "march", "dance", "play", "travel", "hurry")
_DOES = frozenset(["stand", "wait", "walk", "run", "chase", "race", "march", "dance", "play", "eat", "drink", "fish", "bow", "dig", "sit", "sleep", "lie", "look", "sing", "howl", "jump", "hop", "cheer", "wave", "fight", "hunt", "talk", "travel", "hurry", "nod", "bark"])


@dataclass(frozen=True)
class Winged:
    """A bird that can be on its feet and on the wing: one drawing for each, of which one is shown."""

    ground: Fowl
    aloft: Flier

    @property
    def coats(self) -> Mapping[str, str]:
        return {**self.aloft.coats, **self.ground.coats}

    @property
    def extent(self) -> tuple[float, float]:
        return self.ground.extent

    def does(self, action: str) -> bool:
        return self.ground.does(action) or self.aloft.does(action)

    def seat(self) -> Point:
        return self.ground.seat()

    def speed(self, action: str) -> float:
        return self.aloft.speed(action) if action in FLYING else self.ground.speed(action)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        from dataclasses import replace

        aloft = tuple(replace(part, name=f"{part.name} aloft") for part in self.aloft.parts)
        return (*self.ground.parts, *aloft)

    @cached_property
    def _hidden_ground(self) -> dict[str, Matrix | Path]:
        return {part.name: _AWAY for part in self.ground.parts}

    @cached_property
    def _hidden_aloft(self) -> dict[str, Matrix | Path]:
        return {f"{part.name} aloft": _AWAY for part in self.aloft.parts}

    def pose(self, motion: Motion) -> Pose:
        if motion.action in FLYING:
            return {**self._hidden_ground, **{f"{name} aloft": at for name, at in self.aloft.pose(motion).items()}}
        return {**self._hidden_aloft, **self.ground.pose(motion)}


FLYING = frozenset(["fly", "hover", "soar", "glide", "land", "circle", "rise", "drift"])


def _coloured(flier: str, **more: str) -> dict[str, str]:
    return {**FLIERS[flier].colours, **more}


FOWL: dict[str, Build] = {
    "hen": Build({"main": "chestnut", "wing": "bear brown", "tail": "dark mane", "bill": "amber", "eye": "ink", "leg": "amber"}, long=0.30, deep=0.22, neck=0.20, lean=-74, head=0.10, comb=True, tail="fan", extent=(0.95, 0.92)),
    "rooster": Build({"main": "vermilion", "wing": "dark mane", "tail": "pine", "bill": "amber", "eye": "ink", "leg": "amber", "breast": "dark mane"}, long=0.29, deep=0.21, tilt=-20, neck=0.28, lean=-76, head=0.10, comb=True, tail="sickle", leg=0.22, extent=(1.1, 1.08)),
    "turkey": Build({"main": "bear brown", "wing": "dark mane", "tail": "chestnut", "bill": "amber", "eye": "ink", "pale": "crimson"}, long=0.30, deep=0.25, neck=0.26, lean=-72, head=0.08, thick=0.12, tail="fan", comb=False, head_coat="pale", leg=0.2, extent=(1.1, 1.05)),
    "peacock": Build({"main": "blue", "wing": "teal", "tail": "teal", "eyes": "gold", "bill": "charcoal", "eye": "ink", "leg": "charcoal"}, long=0.30, deep=0.17, tilt=-16, neck=0.34, lean=-76, thick=0.10, head=0.075, tail="train", bill=(0.10, 0.05, 0.0), leg=0.26, extent=(1.6, 1.32)),
    "ostrich": Build({"main": "ink", "wing": "charcoal", "tail": "snow white", "pale": "blush", "bill": "amber", "eye": "ink", "leg": "blush"}, long=0.32, deep=0.22, tilt=-4, neck=0.58, lean=-82, thick=0.08, head=0.085, bill=(0.14, 0.05, 0.0), leg=0.56, head_coat="pale", tail="short", stride=0.42, extent=(0.95, 1.6)),
    "flamingo": Build({"main": "blossom", "wing": "petal", "tail": "blossom", "bill": "ink", "eye": "ink", "leg": "petal"}, long=0.27, deep=0.16, tilt=-10, neck=0.50, lean=-80, thick=0.075, head=0.075, bend=0.22, bill=(0.16, 0.07, 0.06), leg=0.62, stride=0.2, extent=(0.8, 1.5)),
    "duck": Build(_coloured("duck"), long=0.34, deep=0.19, tilt=-6, neck=0.18, lean=-64, thick=0.13, head=0.115, bill=(0.16, 0.06, 0.02), leg=0.12, head_coat="pale", floats=True, extent=(1.0, 0.75)),
    "goose": Build(_coloured("goose"), long=0.36, deep=0.20, tilt=-8, neck=0.38, lean=-80, thick=0.11, head=0.09, bill=(0.14, 0.08, 0.02), leg=0.18, floats=True, extent=(1.0, 1.05)),
    "swan": Build(_coloured("swan"), long=0.40, deep=0.21, tilt=-8, neck=0.52, lean=-84, thick=0.09, head=0.085, bend=0.22, bill=(0.15, 0.07, 0.02), leg=0.13, floats=True, extent=(1.15, 1.12)),
    "owl": Build({**_coloured("owl"), "dark": "ink", "breast": "sandstone"}, long=0.30, deep=0.22, tilt=-62, neck=0.05, lean=-80, thick=0.30, head=0.21, leg=0.08, tail="short", big_eyes=True, tufts=True, extent=(0.75, 0.98)),
    "parrot": Build({**_coloured("parrot"), "breast": "yellow"}, long=0.28, deep=0.17, tilt=-52, neck=0.06, lean=-70, thick=0.22, head=0.14, bill=(0.12, 0.13, 0.09), leg=0.09, tail="long", extent=(0.85, 0.92)),
    "eagle": Build({**_coloured("eagle")}, long=0.32, deep=0.18, tilt=-52, neck=0.08, lean=-62, thick=0.22, head=0.115, bill=(0.14, 0.10, 0.06), leg=0.14, tail="short", head_coat="pale", extent=(0.85, 0.95)),
    "sparrow": Build({**_coloured("sparrow"), "breast": "cream", "leg": "bark"}, long=0.32, deep=0.21, tilt=-22, neck=0.06, lean=-50, thick=0.28, head=0.17, bill=(0.11, 0.08, 0.01), leg=0.13, extent=(1.0, 0.85)),
    "crow": Build({**_coloured("crow"), "leg": "charcoal"}, long=0.36, deep=0.18, tilt=-20, neck=0.07, lean=-46, thick=0.22, head=0.135, bill=(0.20, 0.08, 0.01), leg=0.18, extent=(1.1, 0.85)),
    "pigeon": Build({**_coloured("pigeon"), "leg": "petal", "breast": "verdigris"}, long=0.35, deep=0.20, tilt=-16, neck=0.12, lean=-66, thick=0.19, head=0.11, bill=(0.09, 0.05, 0.01), leg=0.13, extent=(1.0, 0.8)),
    "dove": Build({**_coloured("dove"), "leg": "petal"}, long=0.35, deep=0.19, tilt=-14, neck=0.11, lean=-64, thick=0.18, head=0.11, bill=(0.09, 0.05, 0.01), leg=0.12, extent=(1.0, 0.78)),
    "gull": Build({**_coloured("gull"), "leg": "orange"}, long=0.38, deep=0.18, tilt=-12, neck=0.12, lean=-60, thick=0.17, head=0.12, bill=(0.15, 0.06, 0.02), leg=0.17, floats=True, extent=(1.1, 0.85)),
}


def bird(name: str) -> Fowl | Flier | Winged:
    """Whatever is known of this kind of bird."""
    if name in FOWL and name in FLIERS:
        return Winged(Fowl(FOWL[name]), FLIERS[name])
    return Fowl(FOWL[name]) if name in FOWL else FLIERS[name]
