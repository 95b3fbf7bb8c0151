# ruff: noqa: E501
# fmt: off
# Outlines are drawings in numbers: a part to a line reads better than a number to a line.
"""People: one skeleton, many ages, clothes and hair. Height 1 from the ground to the crown, seen from the side, facing right."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from engine.renderers.animatic.figures.cut import cut
from engine.renderers.animatic.figures.design import Limb, Motion, Part, Pose
from engine.renderers.animatic.figures.gestures import OTHER, Arm, Gesture, gestures
from engine.renderers.animatic.figures.wardrobe import hat_parts, worn
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
    hat: str = ""  # figures/wardrobe.py, or helmet: an astronaut's
    stride: float = 0.40
    holds: str = ""  # lexicon/cuts/held.toml
    worn: tuple[str, ...] = ()  # figures/wardrobe.py
    beard: bool = False
    long_beard: bool = False
    nose: bool = False  # a clown's
    halo: bool = False
    board: str = ""  # what they stand on: ski, surf, skate
    boxy: bool = False  # a robot


@cache
def people() -> Mapping[str, Figure]:
    """Everybody in lexicon/people.toml."""
    book = tomllib.loads((files("engine.renderers.animatic") / "lexicon" / "people.toml").read_text("utf-8"))
    found: dict[str, Figure] = {}
    for name, entry in book.items():
        like = entry.pop("like", None)
        coats = {**(found[like].coats if like else {}), **entry.pop("coats", {})}
        changes: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
        found[name] = replace(found[like], coats=coats, **changes) if like else Figure(coats, **changes)
    return found


WEARABLE = ("hat", "scarf", "beard", "cape", "apron", "wings")


def dressed(figure: Figure, wearing: list[str]) -> Figure:
    """The figure with more on: what the prompt gives to one who has none."""
    for piece in wearing:
        if piece.startswith("board "):
            figure = replace(figure, board=figure.board or piece[6:])
            continue
        if piece == "hat":
            figure = replace(figure, hat=figure.hat or "brim")
        elif piece == "beard":
            figure = replace(figure, beard=True)
        elif piece not in figure.worn:
            figure = replace(figure, worn=(*figure.worn, piece))
    return figure


_PACE = {"walk": (1.08, 0.60, 0.07, 1.0), "run": (0.66, 0.36, 0.16, 1.75), "dance": (0.96, 0.55, 0.06, 0.4)}
_WALKS = {
    "walk": "walk", "run": "run", "chase": "run", "race": "run", "dance": "dance", "jump": "dance", "hop": "dance", "bounce": "dance", "travel": "walk",
    "hurry": "run", "turn": "walk",
}
_HIP, _SHOULDER = 0.50, 0.80
_USUAL = {
    "gem": "red", "badge": "gold", "shirt": "white", "board": "amber wood", "glassy": "glass", "pupil": "ink", "scarf": "red", "apron": "white",
    "belt": "bark", "cape": "red", "pack": "bark", "tie": "red", "cross": "red", "stripe": "white", "wing": "white", "plate": "silver", "band": "ink",
    "dark": "ink", "plume": "red", "horn": "bone", "nose": "red",
}  # fmt: skip
_GLIDES = {"swim": 0.25, "fly": 0.8, "skate": 0.7, "ski": 0.9, "surf": 0.5, "skateboard": 0.7}
_ON_HEAD = ("head", "eye", "cheek", "hair top", "bun", "visor", "aerial", "beard face", "shell", "gleam", "nose", "halo", "tails")
_BOARDS = {
    "ski": smooth([(-0.34, 0.0), (-0.30, -0.014), (0.34, -0.014), (0.46, -0.06), (0.44, -0.02), (0.34, 0.004)], tension=0.25),
    "surf": smooth([(-0.44, -0.01), (-0.30, -0.03), (0.30, -0.03), (0.50, -0.06), (0.34, 0.012), (-0.34, 0.012)], tension=0.4),
    "skate": rounded(-0.20, -0.045, 0.42, 0.022, 0.01).join(ellipse(-0.13, -0.01, 0.02)).join(ellipse(0.15, -0.01, 0.02)),
}


@dataclass(frozen=True)
class Person:
    figure: Figure
    tools: tuple[str, ...] = ()  # held when an action asks for them

    @property
    def coats(self) -> Mapping[str, str]:
        out: dict[str, str] = {}
        for tool in self._held:
            out.update({f"{tool} {name}": value for name, value in cut(f"held {tool}").coats.items()})
            # what is held may be named a colour of its own: "umbrella" is the umbrella's main colour
            out[tool] = cut(f"held {tool}").coats["main"]
        return {**_USUAL, **out, **self.figure.coats}

    @property
    def _held(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tool for tool in (self.figure.holds, *self.tools) if tool))

    @property
    def extent(self) -> tuple[float, float]:
        return 0.46, 1.0

    def does(self, action: str) -> bool:
        return action in OTHER or action in gestures()

    def seat(self) -> Point:
        return -0.08, -0.86

    def speed(self, action: str) -> float:
        if action in _GLIDES:
            return _GLIDES[action]
        name = _WALKS.get(action)
        if action in gestures():
            name = gestures()[action].gait
        if not name or name == "dance":
            return 0.0
        seconds, stands, _, reach = _PACE[name]
        return self.figure.stride * reach / (seconds * stands)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        f = self.figure
        r = f.head
        parts = [
            *([Part("board", "board", _BOARDS[f.board])] if f.board else []),
            *worn(f.worn, behind=True),
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
            *worn(f.worn, behind=False),
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
                long = 1.9 if f.long_beard else 1.0
                parts.append(Part("beard face", "beard", smooth([(-r * 0.3, r * 0.2), (r * 0.5, r * 0.36), (r * 0.92, r * 0.42), (r * 0.8, r * 1.2), (r * 0.35, r * 2.1 * long), (-r * 0.2, r * 1.2)])))
            if f.hair == "short":
                parts.append(Part("hair top", "hair", smooth([(-r * 0.98, r * 0.25), (-r * 1.12, -r * 0.45), (-r * 0.6, -r * 1.18), (r * 0.25, -r * 1.26), (r * 0.92, -r * 0.78), (r * 0.5, -r * 0.62), (0.0, -r * 0.52), (-r * 0.35, -r * 0.1), (-r * 0.5, r * 0.35)])))
            elif f.hair == "tuft":
                parts.append(Part("hair top", "hair", smooth([(-r * 0.2, -r * 0.9), (-r * 0.1, -r * 1.35), (r * 0.25, -r * 1.3), (r * 0.15, -r * 1.1), (r * 0.4, -r * 0.9)])))
            elif f.hair == "wild":
                parts.append(Part("hair top", "hair", smooth([(-r * 0.6, r * 0.6), (-r * 1.7, r * 0.5), (-r * 1.4, -r * 0.2), (-r * 1.8, -r * 0.9), (-r * 0.9, -r * 1.1), (-r * 0.6, -r * 1.8), (r * 0.1, -r * 1.3), (r * 0.8, -r * 1.6), (r * 0.95, -r * 0.7), (r * 0.2, -r * 0.55), (-r * 0.3, -r * 0.1)], tension=0.4)))
            elif f.hair in ("long", "bun", "tails"):
                parts.append(Part("hair top", "hair", smooth([(-r * 0.9, r * 0.55), (-r * 1.18, -r * 0.3), (-r * 0.65, -r * 1.2), (r * 0.25, -r * 1.28), (r * 0.98, -r * 0.66), (r * 0.72, -r * 0.42), (r * 0.2, -r * 0.5), (-r * 0.1, r * 0.05), (-r * 0.28, r * 0.62)])))
                if f.hair == "bun":
                    parts.append(Part("bun", "hair", ellipse(-r * 1.15, -r * 0.55, r * 0.55)))
                elif f.hair == "tails":
                    parts.append(Part("tails", "hair"))
            parts.append(Part("eye", "shoe" if f.coats["shoe"] in ("ink", "charcoal", "brown") else "pupil", ellipse(r * 0.62, -r * 0.08, r * 0.085, r * 0.12)))
            parts.append(Part("cheek", "skin", ellipse(r * 0.42, r * 0.32, r * 0.16, r * 0.1), -0.06))
            if f.nose:
                parts.append(Part("nose", "nose", ellipse(r * 1.05, r * 0.18, r * 0.26)))
        if f.hat == "helmet":
            parts += [Part("shell", "main", ellipse(0.0, 0.0, r * 1.22, r * 1.2)), Part("hat", "hat", ellipse(r * 0.34, -r * 0.02, r * 0.80, r * 0.74)), Part("gleam", "main", ellipse(r * 0.5, -r * 0.3, r * 0.2, r * 0.12))]
        parts += hat_parts(f.hat, r)
        if f.halo:
            parts.append(Part("halo", "hat", ellipse(0.0, -r * 1.75, r * 0.9, r * 0.25).join(ellipse(0.0, 0.0, r * 0.7, r * 0.13).moved((-1.0, 0.0, 0.0, 1.0, 0.0, -r * 1.75))), glow=True))
        for tool in self._held:
            parts += [replace(part, name=f"{tool} {part.name}", coat=tool if part.coat == "main" else f"{tool} {part.coat}") for part in cut(f"held {tool}").parts]
        parts += [Part("near arm", "main", shade=-0.03), Part("near hand", "skin", ellipse(0.0, 0.0, 0.022))]
        return tuple(parts)

    def pose(self, motion: Motion) -> Pose:
        f = self.figure
        gesture = gestures().get(motion.action)
        name = _WALKS.get(motion.action) if gesture is None else gesture.gait or None
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
        if motion.action in ("jump", "hop", "bounce"):
            lift = (0.30 if motion.action == "jump" else 0.16) * max(0.0, wave(motion.t / 1.3 + motion.phase))
        swing = 0.0
        if gesture is not None:
            swing = wave(motion.t / gesture.seconds + motion.phase)
            lean += gesture.lean + gesture.rock * swing
            drop = gesture.drop
            lift += gesture.lift * (0.5 + 0.5 * wave(motion.t / gesture.seconds + motion.phase + 0.25) if gesture.seconds < 1.3 else 1.0)
        blow = 0.0
        if motion.action == "blow":
            blow = ease(motion.progress * 3.2 - 0.8) * (1.0 - ease(motion.progress * 4.0 - 2.9))
            lean = f.stoop + 16.0 * blow - 5.0 * ease(motion.progress * 4) * (1 - blow)
        whole = self._whole(gesture, lift)
        hip: Point = (twist, -_HIP - bob - (lift if whole is None else 0.0) + drop)
        spine = joint(hip[0], hip[1], lean)
        shoulder = apply(spine, (0.0, _HIP - _SHOULDER))
        out: dict[str, Matrix | Path] = {}
        head_turn = 2.5 * wave(motion.t / 4.1 + motion.phase)
        if gesture is not None:
            head_turn = gesture.head + gesture.nod * wave(motion.t / max(0.9, gesture.seconds) + motion.phase + 0.2)
        head = mul(spine, joint(0.012, _HIP - 0.915, head_turn - lean * 0.55))
        out["neck"] = mul(spine, joint(0.004, _HIP - 0.84, -lean * 0.3))
        for part in _ON_HEAD:
            out[part] = head
        for k in range(4):
            out[f"hat {k}" if k else "hat"] = head
        for kind in f.worn:
            sway = 2.5 * wave(motion.t / 1.6 + motion.phase) * (1.8 if name else 1.0) if kind in ("cape", "wings", "scarf") else 0.0
            out[f"worn {kind}"] = mul(spine, joint(0.0, 0.0, sway)) if sway else spine
        out["board"] = joint(0.0, 0.0, 4.0 * wave(motion.t / 1.9 + motion.phase)) if f.board == "surf" else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        feet = []
        for index, side in enumerate(("near", "far")):
            fx, fy, tilt = self._foot(gait, beat + 0.5 * index, index, gesture, motion)
            fy -= lift if whole is None else 0.0
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
        elif f.hair == "tails":
            out["tails"] = self._tails(head, motion)
        self._arms(out, spine, shoulder, motion, name, beat, blow, gesture)
        if whole is not None:
            for key, at in out.items():
                out[key] = at.moved(whole) if isinstance(at, Path) else at if at is AWAY else mul(whole, at)
        return out

    def _whole(self, gesture: Gesture | None, lift: float) -> Matrix | None:
        """The turn of somebody who swims, flies, lies or falls: about the middle, which stays near the ground."""
        if gesture is None or not gesture.tilt:
            return None
        middle = -0.16 - lift if abs(gesture.tilt) > 30.0 else -_HIP - lift
        return mul(joint(0.0, middle, gesture.tilt), (1.0, 0.0, 0.0, 1.0, 0.0, _HIP))

    def _foot(self, gait: tuple[float, float, float, float] | None, beat: float, index: int, gesture: Gesture | None, motion: Motion) -> tuple[float, float, float]:
        if gesture is not None and gait is None:
            beat_ = wave(motion.t / gesture.seconds + motion.phase + 0.5 * index)
            match gesture.feet:
                case "sit":
                    return 0.26 + 0.03 * index, 0.0, 0.0
                case "apart":
                    return (-0.16 if index else 0.15), 0.0, 0.0
                case "knees":
                    return (-0.24 if index == 0 else 0.10), -0.01, (38.0 if index == 0 else 0.0)
                case "cross":
                    return (0.20 if index else 0.12), -0.02, 0.0
                case "astride":
                    return 0.10 + 0.02 * index, -0.02 + 0.03 * index, 8.0
                case "kick":
                    return (-0.05, 0.0, 0.0) if index else (0.10 + 0.24 * max(0.0, beat_), -0.24 * max(0.0, beat_), -24.0 * max(0.0, beat_))
                case "flutter":
                    return -0.04 + 0.10 * beat_, -0.03 - 0.03 * beat_, 40.0
                case "glide":
                    return (-0.14 if index else 0.12) + 0.10 * beat_, -0.01 * (1.0 + beat_), 0.0
                case "board":
                    return (-0.17 if index else 0.15), -0.04, 0.0
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
        if hip[1] > -_HIP + 0.15:
            # seated or on a knee: the skirt lies over the thighs
            knee = max((k for k, _ in feet), key=lambda k: k[0])
            return smooth([*top, (knee[0] * 0.8, hip[1] - 0.05), (knee[0] + 0.03, knee[1] - 0.02), (knee[0] + 0.01, knee[1] + 0.07), (knee[0] * 0.5, hip[1] + 0.09), (hip[0] - 0.10, hip[1] + 0.05), *back], tension=0.4)
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

    def _tails(self, head: Matrix, motion: Motion) -> Path:
        r = self.figure.head
        sway = 0.03 * wave(motion.t / 0.9 + motion.phase)
        root = apply(head, (-r * 0.95, -r * 0.35))
        return ribbon([root, (root[0] - r * 0.8, root[1] + r * 0.2), (root[0] - r * 1.1 - sway, root[1] + r * 1.3)], [r * 0.35, r * 0.6, r * 0.2])

    def _arms(
        self, out: dict[str, Matrix | Path], spine: Matrix, shoulder: Point, motion: Motion, name: str | None, beat: float, blow: float,
        gesture: Gesture | None,
    ) -> None:
        f = self.figure
        g = min(1.25, f.girth)
        held = (gesture.tool if gesture is not None and gesture.tool in self._held else "") or f.holds or (self.tools[0] if self.tools and gesture is None else "")
        busy = gesture is not None and bool(gesture.tool) and gesture.tool == held
        angle = 0.0
        other = next((tool for tool in self._held if tool != held), "")
        grips: list[Point] = []
        for index, side in enumerate(("near", "far")):
            swing = wave(beat + 0.25 + 0.5 * index) if name in ("walk", "run") else 0.0
            upper = 90.0 + swing * (30.0 if name == "walk" else 48.0)
            lower = upper - (14.0 if name != "run" else 78.0) - 8.0 * swing
            if gesture is not None:
                upper, lower = self._gesture_arm(gesture.near if index == 0 else gesture.far, gesture.seconds, motion)
                if motion.action == "blow":
                    upper, lower = 62.0 - 10.0 * index, 20.0 - 10.0 * blow
            elif name == "dance":
                # disco: one arm to the ceiling, the other to the hip, and they change on the beat
                up = 0.5 + 0.5 * wave(beat * 0.5 + 0.5 * index)
                upper, lower = mix(105.0, -52.0, ease(up)), mix(40.0, -66.0, ease(up))
            elif name is None:
                upper, lower = 97.0 - 14.0 * index, 84.0 - 14.0 * index + 2 * wave(motion.t / 3.4 + motion.phase)
            if index == 1 and other and name is None and not (gesture is not None and gesture.far.swing > 5.0):
                upper, lower = _CARRIES.get(other, (70.0, 20.0))
                upper -= 14.0
            if index == 0 and held and not busy:
                # the hand that holds something does not swing as it likes
                upper, lower = _CARRIES.get(held, (78.0, 26.0))
                upper, lower = upper + swing * 5.0, lower + swing * 5.0
            elbow = _ray(shoulder, upper, 0.155)
            hand = _ray(elbow, lower, 0.145)
            top = (shoulder[0] - 0.004, shoulder[1] - 0.012)
            if f.boxy:
                out[f"{side} arm"] = ribbon([top, elbow, hand], [0.06, 0.05, 0.06])
            else:
                out[f"{side} arm"] = ribbon([top, (shoulder[0], shoulder[1] + 0.012), elbow, hand], [0.05 * g, 0.068 * g, 0.052 * g, 0.036 * g])
            out[f"{side} hand"] = (1.0, 0.0, 0.0, 1.0, *_ray(elbow, lower, 0.16))
            grips.append(hand)
            if index == 0:
                angle = lower
        for tool in self._held:
            at = AWAY
            if tool == held:
                # what is wielded turns with the arm, what is carried stays upright
                turn = angle * 0.8 + 20.0 if busy and tool in _WIELDED else 3.0 * wave(motion.t / 2.9 + motion.phase) + _LEANS.get(tool, 0.0)
                at = joint(grips[0][0], grips[0][1], turn)
            elif tool == other and (gesture is None or not gesture.tilt):
                at = joint(grips[1][0], grips[1][1], _LEANS.get(tool, 0.0))
            for part in cut(f"held {tool}").parts:
                out[f"{tool} {part.name}"] = at

    def _gesture_arm(self, arm: Arm, seconds: float, motion: Motion) -> tuple[float, float]:
        swing = wave(motion.t / seconds + motion.phase - arm.late)
        fore = arm.swing if arm.fore is None else arm.fore
        return arm.upper + arm.swing * swing, arm.lower + fore * wave(motion.t / seconds + motion.phase - arm.late - 0.06)


AWAY: Matrix = (1.0, 0.0, 0.0, 1.0, -1e5, -1e5)
# How an arm is held for what it carries, where that is not simply bent a little.
_CARRIES = {
    "umbrella": (66.0, -38.0), "cane": (74.0, 48.0), "staff": (62.0, 8.0), "spear": (62.0, 8.0), "suitcase": (96.0, 88.0), "balloon": (58.0, -24.0),
    "guitar": (74.0, -14.0), "violin": (30.0, -52.0), "basket": (80.0, 40.0), "can": (84.0, 48.0), "camera": (60.0, -40.0), "torch": (40.0, -40.0),
    "flag": (50.0, -36.0), "microphone": (50.0, -50.0), "box": (50.0, -4.0), "kite": (40.0, -30.0), "lantern": (66.0, -6.0), "pole": (60.0, 30.0),
    "broom": (72.0, 20.0), "sword": (84.0, 40.0), "book": (60.0, -18.0), "shield": (112.0, 66.0),
}  # fmt: skip
_LEANS = {"sword": 34.0, "broom": -10.0, "axe": 24.0, "pickaxe": 24.0, "hammer": 24.0}
_WIELDED = ("sword", "axe", "pickaxe", "hammer", "brush", "stick", "wand", "ball")


def _ray(origin: Point, degrees: float, length: float) -> Point:
    radians = math.radians(degrees)
    return origin[0] + math.cos(radians) * length, origin[1] + math.sin(radians) * length


def _block(w: float, h: float) -> Path:
    return rounded(-w, -h, w * 2, h * 2, min(w, h) * 0.35)
