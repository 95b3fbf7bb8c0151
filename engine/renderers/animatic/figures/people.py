# ruff: noqa: E501
# fmt: off
# Outlines are drawings in numbers: a part to a line reads better than a number to a line.
"""People: one skeleton, many ages, clothes and hair. Height 1 from the ground to the crown, seen from the side, facing right."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from engine.renderers.animatic.figures.design import Limb, Motion, Part, Pose
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
    ribbon,
    rounded,
    smooth,
    wave,
)


@dataclass(frozen=True)
class Figure:
    """A person's build and clothes."""

    coats: Mapping[str, str]
    head: float = 0.072
    stoop: float = 0.0  # degrees forward
    girth: float = 1.0
    hem: float = 0.0  # 0: trousers; else where the skirt ends, above the ground
    flare: float = 0.13
    hair: str = "short"  # short, long, bun, none
    hat: str = ""  # brim, cone, helmet
    stride: float = 0.40
    cane: bool = False
    umbrella: bool = False
    beard: bool = False
    boxy: bool = False  # a robot


MAN = Figure({"main": "denim", "legs": "charcoal", "skin": "skin", "hair": "hair", "shoe": "ink", "hat": "brown", "beard": "hair"})
WOMAN = Figure(
    {"main": "wine", "legs": "charcoal", "skin": "skin", "hair": "hair", "shoe": "ink", "hat": "wine", "beard": "hair"},
    hem=0.30, hair="long", girth=0.9, stride=0.34,
)
GRANDMOTHER = Figure(
    {"main": "moss", "legs": "charcoal", "skin": "skin", "hair": "grey hair", "shoe": "brown", "hat": "wine", "beard": "grey hair"},
    hem=0.16, hair="bun", girth=1.12, stoop=11.0, stride=0.24, flare=0.15,
)
GRANDFATHER = replace(
    MAN, coats={**MAN.coats, "main": "brown", "hair": "grey hair", "beard": "grey hair"}, stoop=10.0, stride=0.26, cane=True, beard=True
)
GIRL = replace(WOMAN, head=0.098, hem=0.36, stride=0.36, coats={**WOMAN.coats, "main": "petal", "legs": "skin"}, flare=0.15)
BOY = replace(MAN, head=0.098, coats={**MAN.coats, "main": "orange", "legs": "denim"})
DWARF = replace(MAN, head=0.115, girth=1.45, stride=0.30, hat="cone", beard=True, coats={**MAN.coats, "main": "moss", "hat": "red", "beard": "grey hair"})
ASTRONAUT = replace(MAN, hair="none", head=0.105, girth=1.5, hat="helmet", coats={**MAN.coats, "main": "white", "legs": "white", "shoe": "steel", "hat": "glass"})
ROBOT = Figure(
    {"main": "steel", "legs": "steel", "skin": "steel", "hair": "steel", "shoe": "charcoal", "hat": "neon cyan", "beard": "steel"},
    head=0.10, girth=1.35, hair="none", boxy=True, stride=0.34,
)
UMBRELLA = replace(WOMAN, umbrella=True)
FARMER = replace(MAN, hat="brim", coats={**MAN.coats, "hat": "tan", "main": "moss"})

PEOPLE = {
    "man": MAN, "woman": WOMAN, "grandmother": GRANDMOTHER, "grandfather": GRANDFATHER, "girl": GIRL, "boy": BOY, "dwarf": DWARF,
    "astronaut": ASTRONAUT, "robot": ROBOT, "umbrella": UMBRELLA, "farmer": FARMER,
}

PROPS = {"umbrella"}  # kinds that somebody holds

_PACE = {"walk": (1.08, 0.60, 0.07, 1.0), "run": (0.66, 0.36, 0.16, 1.75), "dance": (0.96, 0.55, 0.06, 0.4)}
_WALKS = {"walk": "walk", "march": "walk", "run": "run", "chase": "run", "dance": "dance", "jump": "dance"}
_HIP, _SHOULDER = 0.50, 0.80


@dataclass(frozen=True)
class Person:
    figure: Figure

    @property
    def coats(self) -> Mapping[str, str]:
        return {**self.figure.coats, "umbrella": "red"}

    @property
    def extent(self) -> tuple[float, float]:
        return 0.46, 1.0

    def speed(self, action: str) -> float:
        name = _WALKS.get(action)
        if name is None or name == "dance":
            return 0.0
        seconds, stands, _, reach = _PACE[name]
        return self.figure.stride * reach / (seconds * stands)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        f = self.figure
        r = f.head
        parts = [
            Part("far arm", "main", shade=-0.10),
            Part("far hand", "skin", ellipse(0.0, 0.0, 0.022), -0.08),
            Part("far leg", "legs", shade=-0.08),
            Part("far shoe", "shoe", smooth([(-0.03, -0.03), (0.0, -0.045), (0.035, -0.03), (0.075, -0.008), (0.07, 0.004), (-0.03, 0.004)]), -0.03),
        ]
        if f.hair == "long":
            parts.append(Part("back hair", "hair"))
        parts += [
            Part("near leg", "legs"),
            Part("near shoe", "shoe", smooth([(-0.03, -0.03), (0.0, -0.045), (0.035, -0.03), (0.075, -0.008), (0.07, 0.004), (-0.03, 0.004)])),
            Part("neck", "skin", ribbon([(0.0, 0.03), (0.008, -0.06)], [0.055, 0.048]), -0.05),
            Part("torso", "main", fade=(-0.84, -0.2, 0.07)),
        ]
        if f.boxy:
            parts += [
                Part("head", "skin", _block(r * 0.95, r * 0.85)),
                Part("visor", "hat", _block(r * 0.62, r * 0.22).moved((1, 0, 0, 1, r * 0.35, -r * 0.1)), glow=True),
                Part("aerial", "hair", ribbon([(0.0, -r), (0.0, -r * 1.7)], [0.012, 0.02])),
            ]
        else:
            face = smooth([(-r * 0.9, -r * 0.1), (-r * 0.55, -r * 0.92), (r * 0.2, -r * 1.02), (r * 0.78, -r * 0.55), (r * 0.84, -r * 0.12),
                           (r * 1.06, r * 0.16), (r * 0.82, r * 0.30), (r * 0.78, r * 0.62), (r * 0.42, r * 0.98), (-r * 0.18, r * 0.80), (-r * 0.72, r * 0.5)])
            parts.append(Part("head", "skin", face))
            if f.beard:
                parts.append(Part("beard face", "beard", smooth([(-r * 0.3, r * 0.2), (r * 0.5, r * 0.36), (r * 0.92, r * 0.42), (r * 0.8, r * 1.2), (r * 0.35, r * 2.1), (-r * 0.2, r * 1.2)])))
            if f.hair == "short":
                parts.append(Part("hair top", "hair", smooth([(-r * 0.98, r * 0.25), (-r * 1.12, -r * 0.45), (-r * 0.6, -r * 1.18), (r * 0.25, -r * 1.26), (r * 0.92, -r * 0.78), (r * 0.5, -r * 0.62), (0.0, -r * 0.52), (-r * 0.35, -r * 0.1), (-r * 0.5, r * 0.35)])))
            elif f.hair in ("long", "bun"):
                parts.append(Part("hair top", "hair", smooth([(-r * 0.9, r * 0.55), (-r * 1.18, -r * 0.3), (-r * 0.65, -r * 1.2), (r * 0.25, -r * 1.28), (r * 0.98, -r * 0.66), (r * 0.72, -r * 0.42), (r * 0.2, -r * 0.5), (-r * 0.1, r * 0.05), (-r * 0.28, r * 0.62)])))
                if f.hair == "bun":
                    parts.append(Part("bun", "hair", ellipse(-r * 1.15, -r * 0.55, r * 0.55)))
            parts.append(Part("eye", "shoe", ellipse(r * 0.62, -r * 0.08, r * 0.085, r * 0.12)))
            parts.append(Part("cheek", "skin", ellipse(r * 0.42, r * 0.32, r * 0.16, r * 0.1), -0.06))
        if f.hat == "cone":
            parts.append(Part("hat", "hat", smooth([(-r * 1.15, -r * 0.25), (-r * 0.5, -r * 1.4), (-r * 0.35, -r * 2.6), (r * 0.4, -r * 1.5), (r * 1.1, -r * 0.35), (0.0, -r * 0.5)])))
        elif f.hat == "brim":
            parts.append(Part("hat", "hat", smooth([(-r * 1.9, -r * 0.30), (-r * 0.8, -r * 0.62), (-r * 0.55, -r * 1.35), (r * 0.55, -r * 1.35), (r * 0.85, -r * 0.62), (r * 1.9, -r * 0.34), (0.0, -r * 0.22)], tension=0.4)))
        elif f.hat == "helmet":
            parts += [Part("shell", "main", ellipse(0.0, 0.0, r * 1.22, r * 1.2)), Part("hat", "hat", ellipse(r * 0.34, -r * 0.02, r * 0.80, r * 0.74)), Part("gleam", "main", ellipse(r * 0.5, -r * 0.3, r * 0.2, r * 0.12))]
        if f.umbrella:
            parts.append(Part("stick", "shoe"))
        parts += [Part("near arm", "main", shade=-0.03), Part("near hand", "skin", ellipse(0.0, 0.0, 0.022))]
        if f.umbrella:
            parts.append(Part("canopy", "umbrella", _canopy()))
        if f.cane:
            parts.append(Part("cane", "shoe"))
        return tuple(parts)

    def pose(self, motion: Motion) -> Pose:
        f = self.figure
        name = _WALKS.get(motion.action)
        gait = _PACE.get(name or "")
        beat = (motion.t / gait[0] if gait else 0.0) + motion.phase
        breath = wave(motion.t / 3.4 + motion.phase)
        lean, bob, lift, drop = f.stoop, 0.003 * breath, 0.0, 0.0
        twist = 0.0
        if name == "walk":
            bob, lean = 0.014 * wave(beat * 2 + 0.1), f.stoop + 3.0
        elif name == "run":
            bob, lean = 0.03 * wave(beat * 2), f.stoop + 14.0
        elif name == "dance":
            bob = 0.03 * abs(wave(beat))
            lean = f.stoop + 10.0 * wave(beat * 0.5)
            twist = 0.05 * wave(beat)
        if motion.action == "jump":
            lift = 0.30 * max(0.0, wave(motion.t / 1.3 + motion.phase))
        sits = motion.action in ("sit", "drive", "sleep")
        if sits:
            drop = 0.24
        blow = 0.0
        if motion.action == "blow":
            blow = ease(motion.progress * 3.2 - 0.8) * (1.0 - ease(motion.progress * 4.0 - 2.9))
            lean = f.stoop + 16.0 * blow - 5.0 * ease(motion.progress * 4) * (1 - blow)
        hip: Point = (twist, -_HIP - bob - lift + drop)
        spine = joint(hip[0], hip[1], lean)
        shoulder = apply(spine, (0.0, _HIP - _SHOULDER))
        out: dict[str, Matrix | Path] = {}
        head_turn = {"look": -16.0, "howl": -28.0, "sing": -14.0}.get(motion.action, 0.0) + 2.5 * wave(motion.t / 4.1 + motion.phase)
        head = mul(spine, joint(0.012, _HIP - 0.915, head_turn - lean * 0.55))
        out["neck"] = mul(spine, joint(0.004, _HIP - 0.84, -lean * 0.3))
        for part in ("head", "eye", "cheek", "hair top", "bun", "hat", "visor", "aerial", "beard face", "shell", "gleam"):
            out[part] = head
        feet = []
        for index, side in enumerate(("near", "far")):
            fx, fy, tilt = self._foot(gait, beat + 0.5 * index, index, sits)
            fy -= lift
            socket = (hip[0] + (0.012 if index else -0.012), hip[1])
            ankle = (fx - 0.012, fy - 0.045)
            knee, ankle = Limb(0.232, 0.228, -1.0).joint(*socket, *ankle)
            g = f.girth
            if f.boxy:
                out[f"{side} leg"] = ribbon([socket, knee, ankle], [0.085, 0.07, 0.085])
            else:
                out[f"{side} leg"] = ribbon([(socket[0], socket[1] - 0.02), socket, knee, ankle], [0.115 * g, 0.115 * g, 0.078 * g, 0.05 * g])
            out[f"{side} shoe"] = joint(ankle[0] + 0.008, ankle[1] + 0.045, tilt)
            feet.append((knee, ankle))
        out["torso"] = self._clothes(spine, hip, feet, motion)
        if f.hair == "long":
            out["back hair"] = self._hair(head, motion, name)
        self._arms(out, spine, shoulder, motion, name, beat, blow)
        return out

    def _foot(self, gait: tuple[float, float, float, float] | None, beat: float, index: int, sits: bool) -> tuple[float, float, float]:
        if sits:
            return 0.26 + 0.03 * index, 0.0, 0.0
        if gait is None:
            return (-0.045 if index else 0.04), 0.0, 0.0
        _, stands, lift, reach = gait
        span = self.figure.stride * reach
        at = beat % 1.0
        if at < stands:
            share = at / stands
            return span * (0.5 - share), 0.0, 28.0 * max(0.0, share - 0.72) / 0.28
        swing = (at - stands) / (1 - stands)
        return span * (ease(swing) - 0.5), -lift * math.sin(math.pi * swing) - 0.015, mix(34.0, -16.0, ease(swing))

    def _clothes(self, spine: Matrix, hip: Point, feet: list[tuple[Point, Point]], motion: Motion) -> Path:
        f = self.figure
        g = f.girth

        def at(x: float, y: float) -> Point:
            return apply(spine, (x, _HIP - y))

        top = [at(-0.045 * g, 0.835), at(0.035 * g, 0.845), at(0.072 * g, 0.79), at(0.078 * g, 0.72), at(0.060 * g, 0.62)]
        back = [at(-0.062 * g, 0.60), at(-0.088 * g, 0.72), at(-0.085 * g, 0.79)]
        if f.boxy:
            return smooth([at(-0.12, 0.83), at(0.12, 0.83), at(0.125, 0.80), at(0.115, 0.52), at(0.10, 0.50), at(-0.10, 0.50), at(-0.115, 0.52), at(-0.125, 0.80)], tension=0.15)
        if not f.hem:
            return smooth([*top, at(0.072 * g, 0.50), at(0.05 * g, 0.465), at(-0.055 * g, 0.465), at(-0.078 * g, 0.50), *back])
        # the hem is pushed by the knees and follows the air a little late
        reach = max(k[0] for k, _ in feet) - hip[0], min(k[0] for k, _ in feet) - hip[0]
        sway = 0.016 * wave(motion.t / 1.1 + motion.phase) + 0.03 * motion.wind * wave(motion.t / 2.3)
        y = -f.hem
        front = (hip[0] + max(f.flare, reach[0] * 1.05 + 0.05) * 0.92 + sway * 0.4, y)
        rear = (hip[0] + min(-f.flare, reach[1] * 1.05 - 0.05) * 0.98 - abs(sway), y - 0.005)
        return smooth([*top, at(0.085 * g, 0.50), front, (hip[0] + sway, y + 0.018), rear, at(-0.095 * g, 0.50), *back], tension=0.48)

    def _hair(self, head: Matrix, motion: Motion, name: str | None) -> Path:
        r = self.figure.head
        root = apply(head, (-r * 0.5, -r * 0.5))
        moving = 1.0 if name else 0.3
        spine = []
        for step in range(5):
            late = wave(motion.t / 1.1 + motion.phase - step * 0.12) * 0.012 * step * moving
            spine.append((root[0] - 0.012 * step - late - 0.01 * step * motion.wind, root[1] + 0.058 * step))
        return ribbon(spine, [r * 1.2, r * 1.35, r * 1.15, r * 0.85, r * 0.3])

    def _arms(self, out: dict[str, Matrix | Path], spine: Matrix, shoulder: Point, motion: Motion, name: str | None, beat: float, blow: float) -> None:
        f = self.figure
        g = min(1.25, f.girth)
        hands: dict[str, Point] = {}
        for index, side in enumerate(("near", "far")):
            swing = wave(beat + 0.25 + 0.5 * index) if name in ("walk", "run") else 0.0
            upper = 90.0 + swing * (30.0 if name == "walk" else 48.0)
            lower = upper - (14.0 if name != "run" else 78.0) - 8.0 * swing
            if name == "dance":
                # disco: one arm to the ceiling, the other to the hip, and they change on the beat
                up = 0.5 + 0.5 * wave(beat * 0.5 + 0.5 * index)
                upper, lower = mix(105.0, -52.0, ease(up)), mix(40.0, -66.0, ease(up))
            elif motion.action in ("wave", "greet") and index == 0:
                upper, lower = -48.0, -80.0 + 26.0 * wave(motion.t * 1.4)
            elif motion.action in ("rake", "dig", "sweep"):
                pull = wave(motion.t / 1.9 + motion.phase)
                upper, lower = 52.0 + 16.0 * pull, 28.0 + 20.0 * pull
            elif motion.action in ("blow", "eat", "drive"):
                upper, lower = 62.0 - 10.0 * index, 20.0 - 10.0 * blow
            elif motion.action in ("sit", "look", "stand") or name is None:
                upper, lower = 97.0 - 14.0 * index, 84.0 - 14.0 * index + 2 * wave(motion.t / 3.4 + motion.phase)
            if f.umbrella and index == 0:
                upper, lower = 66.0, -38.0
            if f.cane and index == 0:
                upper, lower = 74.0 + swing * 10, 48.0 + swing * 8
            elbow = _ray(shoulder, upper, 0.155)
            hand = _ray(elbow, lower, 0.145)
            top = (shoulder[0] - 0.004, shoulder[1] - 0.012)
            if f.boxy:
                out[f"{side} arm"] = ribbon([top, elbow, hand], [0.06, 0.05, 0.06])
            else:
                out[f"{side} arm"] = ribbon([top, (shoulder[0], shoulder[1] + 0.012), elbow, hand], [0.05 * g, 0.068 * g, 0.052 * g, 0.036 * g])
            out[f"{side} hand"] = (1.0, 0.0, 0.0, 1.0, *_ray(elbow, lower, 0.16))
            hands[side] = hand
        if f.umbrella:
            x, y = hands["near"]
            tip = (x + 0.015, y - 0.42)
            out["stick"] = ribbon([(x, y + 0.03), (x + 0.005, y - 0.2), tip], [0.011, 0.009, 0.008])
            out["canopy"] = joint(tip[0], tip[1] + 0.19, 3.0 * wave(motion.t / 2.9 + motion.phase))
        if f.cane:
            x, y = hands["near"]
            out["cane"] = ribbon([(x, y), (x + 0.05, 0.0)], [0.014, 0.011])


def _ray(origin: Point, degrees: float, length: float) -> Point:
    radians = math.radians(degrees)
    return origin[0] + math.cos(radians) * length, origin[1] + math.sin(radians) * length


def _block(w: float, h: float) -> Path:
    return rounded(-w, -h, w * 2, h * 2, min(w, h) * 0.35)


def _canopy() -> Path:
    """A dome with four scallops."""
    path = Path().move(-0.33, 0.0).cubic(-0.31, -0.16, -0.12, -0.22, 0.0, -0.225).cubic(0.12, -0.22, 0.31, -0.16, 0.33, 0.0)
    for x in (0.33, 0.165, 0.0, -0.165):
        path.cubic(x - 0.04, -0.045, x - 0.125, -0.045, x - 0.165, 0.0)
    return path.close()
