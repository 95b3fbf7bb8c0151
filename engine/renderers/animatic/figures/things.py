# ruff: noqa: E501
# fmt: off
# Outlines are drawings in numbers: a part to a line reads better than a number to a line.
"""Things that are built or grown: vehicles, houses, trees, a cake. Mostly rigid; wheels turn, flames and sails live."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.renderers.animatic.figures.design import Motion, Part, Pose
from engine.renderers.animatic.geometry import (
    Matrix,
    Path,
    Point,
    ease,
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
from engine.renderers.animatic.settings.ridges import crown, pine

Mover = Callable[[Motion], dict[str, Matrix | Path]]


@dataclass(frozen=True)
class Thing:
    """Parts and how they move; `pace` is its speed in own units a second when it travels."""

    pieces: tuple[Part, ...]
    colours: Mapping[str, str]
    size: tuple[float, float]
    moves: Mover
    pace: float = 0.0
    deeds: frozenset[str] = frozenset()
    top: Point | None = None

    def does(self, action: str) -> bool:
        return action in _STAYS or action in self.deeds

    def seat(self) -> Point:
        return self.top or (0.0, -self.size[1] * 0.94)

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.pieces

    @property
    def coats(self) -> Mapping[str, str]:
        return self.colours

    @property
    def extent(self) -> tuple[float, float]:
        return self.size

    def speed(self, action: str) -> float:
        return 0.0 if action in ("stand", "sit", "wait", "park") else self.pace

    def pose(self, motion: Motion) -> Pose:
        return self.moves(motion)




_STAYS = frozenset(["stand", "wait", "stay", "shine", "glow", "burn", "float"])
_ROLLS = frozenset(["drive", "run", "race", "chase", "travel", "walk", "ride", "turn", "hurry", "speed"])
_HOPS = frozenset(["walk", "run", "hop", "jump", "dance", "eat", "sleep", "look", "sing", "wave", "play", "chase", "sit", "travel", "race", "fight", "march"])


def _wheel(x: float, y: float, r: float, name: str) -> tuple[tuple[Part, ...], tuple[str, Point]]:
    spokes = Path()
    for k in range(5):
        spokes.join(polygon([(-r * 0.07, 0.0), (-r * 0.05, -r * 0.5), (r * 0.05, -r * 0.5), (r * 0.07, 0.0)]).moved(joint(0, 0, 72 * k)))
    return (
        Part(f"{name} tyre", "tyre", ellipse(0.0, 0.0, r)),
        Part(f"{name} rim", "rim", ellipse(0.0, 0.0, r * 0.58), -0.05),
        Part(f"{name} spokes", "tyre", spokes, 0.1),
    ), (name, (x, y))


def _rolling(wheels: tuple[tuple[str, Point], ...], radius: float, pace: float, *, bounce: float = 0.008, rigid: tuple[str, ...] = ()) -> Mover:
    def move(motion: Motion) -> dict[str, Matrix | Path]:
        going = motion.action not in ("stand", "sit", "wait", "park")
        turn = motion.t * pace / radius * 57.3 if going else 0.0
        hop = bounce * (wave(motion.t * 2.6 + motion.phase) + 0.6 * wave(motion.t * 4.3)) if going else 0.0
        out: dict[str, Matrix | Path] = dict.fromkeys(rigid, (1.0, 0.0, 0.0, 1.0, 0.0, hop))
        for name, (x, y) in wheels:
            out[f"{name} tyre"] = out[f"{name} rim"] = (1.0, 0.0, 0.0, 1.0, x, y)
            out[f"{name} spokes"] = joint(x, y, turn)
        return out

    return move


def _suv() -> Thing:
    back, b = _wheel(-0.62, -0.20, 0.20, "back")
    front, f = _wheel(0.62, -0.20, 0.20, "front")
    body = smooth([(-1.08, -0.26), (-1.10, -0.58), (-1.02, -0.62), (-0.92, -0.96), (-0.80, -1.02), (0.10, -1.02), (0.26, -0.97), (0.52, -0.64), (0.98, -0.58), (1.09, -0.48), (1.10, -0.24), (0.9, -0.20), (-0.95, -0.20)], tension=0.22)
    glass = polygon([(-0.86, -0.64), (-0.78, -0.93), (-0.44, -0.93), (-0.44, -0.64)]).join(polygon([(-0.37, -0.64), (-0.37, -0.93), (0.08, -0.93), (0.08, -0.64)])).join(polygon([(0.15, -0.64), (0.15, -0.93), (0.22, -0.91), (0.42, -0.64)]))
    rigid = ("body", "glass", "arches", "line", "lamp", "tail", "bumper", "rack", "handle")
    parts = (
        Part("rack", "tyre", rounded(-0.78, -1.08, 0.86, 0.035, 0.015)),
        Part("body", "main", body, fade=(-1.0, -0.2, 0.10)),
        Part("glass", "glass", glass, -0.12),
        Part("line", "line", rounded(-1.08, -0.47, 2.16, 0.035, 0.01)),
        Part("handle", "tyre", rounded(-0.22, -0.56, 0.12, 0.025, 0.01)),
        Part("arches", "tyre", ellipse(-0.62, -0.22, 0.25).join(ellipse(0.62, -0.22, 0.25))),
        Part("bumper", "line", rounded(-1.14, -0.32, 0.16, 0.09, 0.03).join(rounded(0.98, -0.32, 0.16, 0.09, 0.03))),
        Part("lamp", "lamp", ellipse(1.03, -0.44, 0.05, 0.06), glow=True),
        Part("tail", "tail", rounded(-1.10, -0.56, 0.05, 0.13, 0.02), glow=True),
        *back,
        *front,
    )
    coats = {"main": "white", "glass": "glass", "tyre": "rubber", "rim": "silver", "line": "silver", "lamp": "lamp", "tail": "tail lamp"}
    return Thing(parts, coats, (2.3, 1.1), _rolling((b, f), 0.20, 1.3, rigid=rigid), 1.3, _ROLLS, (-0.3, -1.04))


def _suv_rear() -> Thing:
    """The same car from behind: for a camera that follows it."""
    body = smooth([(-0.62, -0.22), (-0.66, -0.55), (-0.60, -0.66), (-0.50, -1.0), (-0.38, -1.06), (0.38, -1.06), (0.50, -1.0), (0.60, -0.66), (0.66, -0.55), (0.62, -0.22)], tension=0.24)
    parts = (
        Part("tyres", "tyre", rounded(-0.60, -0.30, 0.20, 0.32, 0.05).join(rounded(0.40, -0.30, 0.20, 0.32, 0.05))),
        Part("rack", "tyre", rounded(-0.42, -1.12, 0.84, 0.035, 0.015)),
        Part("body", "main", body, fade=(-1.06, -0.2, 0.12)),
        Part("glass", "glass", smooth([(-0.44, -0.68), (-0.38, -0.95), (0.38, -0.95), (0.44, -0.68)], tension=0.12), -0.12),
        Part("gate", "line", rounded(-0.50, -0.62, 1.0, 0.02, 0.008)),
        Part("plate", "line", rounded(-0.12, -0.40, 0.24, 0.10, 0.02)),
        Part("spare", "tyre", ellipse(0.27, -0.46, 0.155)),
        Part("spare rim", "line", ellipse(0.27, -0.46, 0.075), -0.1),
        Part("bumper", "line", rounded(-0.66, -0.26, 1.32, 0.09, 0.03), -0.05),
        Part("lamps", "tail", rounded(-0.63, -0.60, 0.09, 0.19, 0.03).join(rounded(0.54, -0.60, 0.09, 0.19, 0.03)), glow=True),
    )

    def move(motion: Motion) -> dict[str, Matrix | Path]:
        hop = 0.012 * wave(motion.t * 2.7) + 0.008 * wave(motion.t * 4.4 + 0.3)
        roll = joint(0.0, hop, 0.8 * wave(motion.t * 1.3))
        return {part.name: roll for part in parts if part.name != "tyres"}

    coats = {"main": "white", "glass": "glass", "tyre": "rubber", "line": "silver", "tail": "tail lamp"}
    return Thing(parts, coats, (1.35, 1.12), move)


def _train() -> Thing:
    parts: list[Part] = []
    wheels: list[tuple[str, Point]] = []
    for car in range(3):
        x = -1.45 + car * 1.46
        for k, wx in enumerate((0.25, 0.55, 0.95, 1.2)):
            made, where = _wheel(x + wx, -0.09, 0.09, f"w{car}{k}")
            parts += made[:2]
            wheels.append(where)
        nose = car == 2
        shell = rounded(x, -0.78, 1.42, 0.66, 0.07) if not nose else smooth([(x, -0.78), (x + 0.9, -0.78), (x + 1.25, -0.68), (x + 1.50, -0.34), (x + 1.52, -0.14), (x, -0.12)], tension=0.16)
        parts.append(Part(f"car {car}", "main", shell, fade=(-0.8, -0.1, 0.08)))
        glass = Path()
        for k in range(4 if nose else 5):
            glass.join(rounded(x + 0.09 + 0.265 * k, -0.66, 0.20, 0.21, 0.03))
        if nose:
            glass.join(polygon([(x + 1.16, -0.64), (x + 1.22, -0.64), (x + 1.40, -0.44), (x + 1.16, -0.44)]))
        parts.append(Part(f"glass {car}", "window", glass, glow=True))
        parts.append(Part(f"stripe {car}", "stripe", rounded(x, -0.34, 1.42 + 0.06 * nose, 0.06, 0.01)))
    parts.append(Part("lamp", "window", ellipse(2.90, -0.24, 0.04), glow=True))
    names = tuple(p.name for p in parts if not p.name.startswith("w"))
    coats = {"main": "cream", "window": "lamp", "stripe": "red", "tyre": "rubber", "rim": "steel"}
    return Thing(tuple(parts), coats, (4.5, 0.8), _rolling(tuple(wheels), 0.09, 1.7, bounce=0.003, rigid=names), 1.7, _ROLLS)


def _sailboat() -> Thing:
    hull = smooth([(-0.42, -0.12), (0.46, -0.14), (0.36, 0.0), (0.20, 0.045), (-0.24, 0.045), (-0.36, 0.0)], tension=0.25)
    parts = (
        Part("mast", "wood", ribbon([(0.0, -0.10), (0.0, -1.02)], [0.022, 0.014])),
        Part("jib", "sail", None, -0.04),
        Part("mainsail", "sail", None),
        Part("hull", "main", hull, fade=(-0.14, 0.05, 0.12)),
        Part("strake", "line", ribbon([(-0.40, -0.105), (0.0, -0.10), (0.44, -0.125)], [0.02, 0.02, 0.02])),
        Part("flag", "flag", None),
    )

    def move(motion: Motion) -> dict[str, Matrix | Path]:
        rock = joint(0.0, 0.008 * wave(motion.t / 2.3 + motion.phase), 2.6 * wave(motion.t / 3.9 + motion.phase))
        full = 0.07 + 0.012 * wave(motion.t / 2.1 + motion.phase)
        back = Path().move(-0.02, -0.98).cubic(-0.10 - full, -0.68, -0.42 - full, -0.40, -0.40, -0.19).cubic(-0.28, -0.17, -0.14, -0.17, -0.02, -0.18).close()
        fore = Path().move(0.025, -0.92).cubic(0.16 + full * 0.5, -0.62, 0.34, -0.36, 0.44, -0.18).cubic(0.30, -0.20, 0.14, -0.20, 0.03, -0.22).close()
        flag = ribbon([(0.0, -1.01), (-0.06, -1.02 + 0.012 * wave(motion.t * 1.4)), (-0.12, -1.01 + 0.02 * wave(motion.t * 1.4 - 0.2))], [0.05, 0.035, 0.008])
        return {"mast": rock, "hull": rock, "strake": rock, "mainsail": back.moved(rock), "jib": fore.moved(rock), "flag": flag.moved(rock)}

    return Thing(parts, {"main": "hull", "wood": "bark", "sail": "sail", "line": "cream", "flag": "red"}, (0.95, 1.05), move, 0.11, frozenset(["sail", "drift", "float", "swim", "travel", "race"]), (-0.2, -0.12))


def _house() -> Thing:
    parts = (
        Part("chimney", "brick", rounded(0.20, -1.06, 0.12, 0.30, 0.01)),
        Part("smoke", "smoke", None, glow=False),
        Part("wall", "main", polygon([(-0.50, 0.0), (-0.50, -0.56), (0.0, -0.94), (0.50, -0.56), (0.50, 0.0)]), fade=(-0.9, 0.0, 0.08)),
        Part("roof", "roof", polygon([(-0.60, -0.52), (0.0, -1.0), (0.60, -0.52), (0.54, -0.46), (0.0, -0.88), (-0.54, -0.46)])),
        Part("door", "wood", rounded(-0.09, -0.34, 0.19, 0.34, 0.03)),
        Part("panes", "lamp", rounded(-0.38, -0.42, 0.19, 0.19, 0.015).join(rounded(0.20, -0.42, 0.19, 0.19, 0.015)).join(ellipse(0.0, -0.60, 0.075)), glow=True),
        Part("bars", "main", rounded(-0.29, -0.42, 0.014, 0.19, 0.0).join(rounded(-0.38, -0.332, 0.19, 0.014, 0.0)).join(rounded(0.29, -0.42, 0.014, 0.19, 0.0)).join(rounded(0.20, -0.332, 0.19, 0.014, 0.0)), -0.05),
    )

    def move(motion: Motion) -> dict[str, Matrix | Path]:
        puff = Path()
        for k in range(4):
            age = (motion.t / 5.0 + k / 4 + motion.phase) % 1.0
            r = 0.035 + 0.09 * age
            fade = min(1.0, 4 * age) * (1.0 - age) ** 0.3
            puff.join(ellipse(0.26 + (0.10 + 0.3 * motion.wind) * age + 0.03 * wave(age + k * 0.3), -1.08 - 0.42 * age, r * fade))
        return {"smoke": puff}

    return Thing(parts, {"main": "plaster", "roof": "roof", "wood": "bark", "lamp": "lamp", "brick": "brick", "smoke": "pale fur"}, (1.2, 1.15), move)


def _tree(kind: str) -> Thing:
    rng = np.random.default_rng(11)
    if kind == "pine":
        return Thing((Part("trunk", "bark", ribbon([(0.0, 0.0), (0.0, -0.3)], [0.05, 0.04])), Part("leaves", "main", pine(1.0, rng, 7), fade=(-1.0, 0.0, 0.07))), {"main": "pine", "bark": "bark"}, (0.6, 1.0), _sway)
    trunk, leaves = crown(1.0, rng)
    light = leaves.moved(mul((1.0, 0.0, 0.0, 1.0, 0.03, -0.10), scale(0.72, 0.80)))
    colours = {"main": "blossom" if kind == "cherry" else "leaf", "bark": "bark"}
    parts = (Part("trunk", "bark", trunk), Part("leaves", "main", leaves, -0.03, fade=(-1.0, -0.4, 0.09)), Part("light", "main", light, 0.045))
    return Thing(parts, colours, (0.8, 1.0), _sway)


def _sway(motion: Motion) -> dict[str, Matrix | Path]:
    lean = (0.012 + 0.03 * motion.wind) * wave(motion.t / 3.4 + motion.phase)
    bent = (1.0, 0.0, -lean, 1.0, 0.0, 0.0)
    more = (1.0, 0.0, -lean * 1.35, 1.0, 0.0, 0.0)
    return {"leaves": bent, "light": more, "head": bent, "petals": bent}


def _flower() -> Thing:
    petals = Path()
    for k in range(8):
        petals.join(smooth([(0.0, -0.04), (-0.075, -0.17), (0.0, -0.25), (0.075, -0.17)]).moved(joint(0.0, -0.76, 45 * k)))
    parts = (
        Part("stem", "stem"),
        Part("leaf", "stem", smooth([(0.0, -0.28), (0.14, -0.44), (0.28, -0.44), (0.16, -0.30)]).join(smooth([(0.0, -0.20), (-0.13, -0.34), (-0.27, -0.33), (-0.15, -0.20)]))),
        Part("petals", "main", petals),
        Part("heart", "heart", ellipse(0.0, -0.76, 0.085)),
    )

    def move(motion: Motion) -> dict[str, Matrix | Path]:
        lean = 0.05 * wave(motion.t / 2.7 + motion.phase) * (0.6 + motion.wind)
        bent: Matrix = (1.0, 0.0, -lean, 1.0, 0.0, 0.0)
        turn = mul(bent, mul(joint(0.0, -0.76, 5 * wave(motion.t / 3.9 + motion.phase)), (1.0, 0.0, 0.0, 1.0, 0.0, 0.76)))
        return {"stem": ribbon([(0.0, 0.0), (lean * 0.2 + 0.01, -0.35), (lean * 0.76, -0.76)], [0.03, 0.024, 0.02]), "leaf": bent, "petals": turn, "heart": turn}

    return Thing(parts, {"main": "petal", "heart": "gold", "stem": "leaf"}, (0.6, 1.0), move)


def _balloon() -> Thing:
    bag = smooth([(0.0, -1.0), (0.28, -0.93), (0.39, -0.70), (0.30, -0.46), (0.12, -0.27), (0.08, -0.235), (-0.08, -0.235), (-0.12, -0.27), (-0.30, -0.46), (-0.39, -0.70), (-0.28, -0.93)])
    gore = smooth([(0.0, -1.0), (0.11, -0.90), (0.155, -0.68), (0.11, -0.44), (0.03, -0.24), (-0.03, -0.24), (-0.11, -0.44), (-0.155, -0.68), (-0.11, -0.90)])
    parts = (
        Part("ropes", "wood", ribbon([(-0.075, -0.24), (-0.055, -0.12)], [0.008, 0.008]).join(ribbon([(0.075, -0.24), (0.055, -0.12)], [0.008, 0.008]))),
        Part("bag", "main", bag, fade=(-1.0, -0.2, 0.10)),
        Part("gore", "stripe", gore, fade=(-1.0, -0.2, 0.08)),
        Part("basket", "wood", rounded(-0.075, -0.13, 0.15, 0.13, 0.025)),
        Part("flame", "flame", smooth([(0.0, -0.30), (0.025, -0.23), (0.0, -0.20), (-0.025, -0.23)]), glow=True),
    )

    def move(motion: Motion) -> dict[str, Matrix | Path]:
        tilt = joint(0.0, 0.0, 1.6 * wave(motion.t / 5.1 + motion.phase))
        return {part.name: tilt for part in parts}

    return Thing(parts, {"main": "red", "stripe": "cream", "wood": "wood", "flame": "flame"}, (0.8, 1.0), move, 0.0, frozenset(["fly", "hover", "land", "rise", "drift", "travel", "soar"]))


def cake(count: int = 9) -> Thing:
    on_table = mul(shift(0.0, -0.70), scale(0.72))
    candles, flames = Path(), []
    for k in range(count):
        x = (k - (count - 1) / 2) * min(0.14, 0.72 / max(1, count - 1))
        y = -0.60 - (0.03 if k % 2 else 0.0)
        candles.join(rounded(x - 0.012, y - 0.15, 0.024, 0.17, 0.006))
        flames.append((x, y - 0.15))
    icing = smooth([(-0.46, -0.60), (0.46, -0.60), (0.47, -0.50), (0.40, -0.42), (0.32, -0.50), (0.22, -0.40), (0.12, -0.50), (0.0, -0.42), (-0.12, -0.50), (-0.22, -0.40), (-0.32, -0.49), (-0.40, -0.42), (-0.47, -0.50)], tension=0.5)
    parts = (
        Part("plate", "plate", ellipse(0.0, -0.02, 0.66, 0.055)),
        Part("base", "main", rounded(-0.56, -0.34, 1.12, 0.33, 0.04), fade=(-0.34, 0.0, 0.10)),
        Part("top", "main", rounded(-0.45, -0.62, 0.90, 0.32, 0.04), 0.03),
        Part("lower icing", "icing", smooth([(-0.57, -0.35), (0.57, -0.35), (0.57, -0.27), (0.46, -0.20), (0.36, -0.27), (0.22, -0.18), (0.08, -0.27), (-0.08, -0.19), (-0.24, -0.27), (-0.38, -0.19), (-0.48, -0.26), (-0.57, -0.24)], tension=0.5), -0.03),
        Part("icing", "icing", icing),
        Part("candles", "candle", candles),
        Part("flames", "flame", None, glow=True),
        Part("smoke", "plate", None, -0.2),
    )

    def move(motion: Motion) -> dict[str, Matrix | Path]:
        out = Path()
        smoke = Path()
        # somebody blows them out ("blow"): they go one after another in the middle of the clip
        for k, (x, y) in enumerate(flames):
            gone = ease((motion.progress - 0.50 - 0.015 * k) * 14) if motion.action == "blow" else 0.0
            h = (0.075 + 0.010 * wave(motion.t * 1.9 + k * 0.37)) * (1 - gone)
            lean = 0.012 * wave(motion.t * 1.3 + k * 0.21) - 0.07 * gone
            if h > 0.004:
                out.join(smooth([(x + lean, y - h), (x + 0.020, y - h * 0.30), (x, y + 0.006), (x - 0.020, y - h * 0.30)]))
            elif motion.progress < 0.98:
                rise = (motion.progress - 0.6) * 0.5
                smoke.join(ribbon([(x, y), (x + 0.02 * wave(motion.t + k), y - 0.06 - rise * 0.4), (x - 0.02, y - 0.12 - rise)], [0.006, 0.012, 0.004]))
        return {"flames": out.moved(on_table), "smoke": smoke.moved(on_table)}

    table = smooth([(-0.78, -0.72), (0.78, -0.72), (0.80, -0.60), (0.62, -0.44), (0.42, -0.58), (0.20, -0.42), (0.0, -0.56), (-0.22, -0.42), (-0.44, -0.58), (-0.64, -0.44), (-0.80, -0.60)], tension=0.35)
    legs = ribbon([(-0.62, -0.60), (-0.64, 0.0)], [0.06, 0.045]).join(ribbon([(0.62, -0.60), (0.64, 0.0)], [0.06, 0.045]))
    raised = tuple(replace(part, path=part.path and part.path.moved(on_table), fade=part.fade and (part.fade[0] * 0.72 - 0.70, part.fade[1] * 0.72 - 0.70, part.fade[2])) for part in parts)
    coats = {"main": "sponge", "icing": "icing", "candle": "petal", "flame": "flame", "plate": "silver", "cloth": "cream", "wood": "bark"}
    return Thing((Part("legs", "wood", legs), Part("cloth", "cloth", table, -0.04, fade=(-0.72, -0.4, 0.06)), *raised), coats, (1.6, 1.32), move, 0.0, frozenset(("blow",)))


def _dragon(flying: bool = False) -> Thing:
    """The dragon of the lunar new year, a long body in waves that run from the head: danced on poles, or by itself."""
    joints = 17
    head = smooth([(-0.16, -0.10), (-0.05, -0.19), (0.12, -0.18), (0.20, -0.10), (0.36, -0.11), (0.41, -0.05), (0.34, -0.01), (0.22, 0.0), (0.10, 0.03), (-0.10, 0.10)])
    jaw = smooth([(0.02, 0.02), (0.20, 0.04), (0.33, 0.06), (0.32, 0.11), (0.14, 0.13), (-0.04, 0.10)])
    horns = ribbon([(-0.02, -0.16), (-0.12, -0.28), (-0.24, -0.32)], [0.045, 0.035, 0.012]).join(ribbon([(-0.10, -0.25), (-0.10, -0.34)], [0.025, 0.010]))
    mane = Path()
    for k in range(6):
        mane.join(smooth([(-0.08, -0.13 + 0.045 * k), (-0.26, -0.19 + 0.06 * k), (-0.34, -0.14 + 0.06 * k), (-0.22, -0.10 + 0.055 * k), (-0.06, -0.06 + 0.04 * k)]))
    below = (Part("legs", "main"),) if flying else (Part("poles", "wood", inner=True), Part("people", "people"))
    high = 0.26 if flying else 0.15
    parts = (
        *below,
        Part("spines", "gold", inner=True),
        Part("body", "main"),
        Part("belly", "gold", inner=True),
        Part("scales", "scale", inner=True),
        Part("tail", "flame"),
        Part("mane", "flame", mane),
        Part("jaw", "main", jaw, -0.06),
        Part("teeth", "cream", polygon([(0.22, 0.0), (0.25, 0.05), (0.28, 0.0)]).join(polygon([(0.31, -0.01), (0.335, 0.035), (0.355, -0.015)]))),
        Part("horns", "gold", horns),
        Part("head", "main", head),
        Part("brow", "gold", ribbon([(0.02, -0.12), (0.10, -0.15), (0.17, -0.11)], [0.02, 0.03, 0.012])),
        Part("eye", "cream", ellipse(0.10, -0.095, 0.034)),
        Part("pupil", "ink", ellipse(0.115, -0.093, 0.017)),
        Part("whisker", "gold", inner=True),
    )

    def move(motion: Motion) -> dict[str, Matrix | Path]:
        beat = motion.t / 2.2 + motion.phase
        spine: list[Point] = []
        for k in range(joints):
            x = 1.05 - 0.15 * k
            y = -0.66 + high * wave(beat - k * 0.085) + 0.05 * wave(beat * 0.5 - k * 0.05)
            spine.append((x + 0.04 * wave(beat * 1.3 - k * 0.09), y))
        widths = [0.17 + 0.03 * min(k, 4) / 4 - 0.012 * max(0, k - 8) for k in range(joints)]
        body = ribbon(spine, widths)
        belly = ribbon([(x, y + w * 0.34) for (x, y), w in zip(spine, widths, strict=True)], [w * 0.26 for w in widths])
        spines, scales, poles, people, legs = Path(), Path(), Path(), Path(), Path()
        for k in range(1, joints):
            (x, y), w = spine[k], widths[k]
            spines.join(polygon([(x - 0.05, y - w * 0.40), (x - 0.035, y - w * 0.80), (x + 0.04, y - w * 0.42)]))
            if k < joints - 2:
                scales.join(ellipse(x, y - w * 0.08, w * 0.17, w * 0.15))
            if flying and k in (4, 5, 10, 11):
                bent = 0.03 * wave(beat * 2 + k)
                knee, foot = (x - 0.10 + bent, y + w * 0.95), (x + 0.02 + bent, y + w * 1.35)
                legs.join(ribbon([(x, y + w * 0.2), knee, foot], [w * 0.44, w * 0.28, w * 0.14]))
                for claw in (-0.05, 0.0, 0.05):
                    legs.join(ribbon([foot, (foot[0] + 0.08, foot[1] + claw)], [w * 0.13, 0.008]))
            elif not flying and k % 3 == 1:
                sway = 0.02 * wave(beat + k * 0.2)
                poles.join(ribbon([(x, y), (x - 0.01, y * 0.35 - 0.10)], [0.018, 0.018]))
                step = 0.05 * wave(motion.t / 0.7 + k * 0.3)
                hip = -0.22
                people.join(ribbon([(x + step, 0.0), (x + sway, hip)], [0.045, 0.075]))
                people.join(ribbon([(x - step, 0.0), (x + sway, hip)], [0.045, 0.075]))
                people.join(ribbon([(x + sway, hip + 0.02), (x + sway * 0.6, hip - 0.17)], [0.085, 0.10]))
                people.join(ellipse(x + sway * 0.5, hip - 0.245, 0.048))
        hx, hy = spine[0]
        turn = joint(hx + 0.05, hy - 0.02, 16 * wave(beat + 0.1) - 4)
        tx, ty = spine[-1]
        out: dict[str, Matrix | Path] = dict.fromkeys(("mane", "head", "horns", "brow", "eye", "pupil", "teeth"), turn)
        out["jaw"] = mul(turn, joint(-0.02, 0.02, 9 + 9 * wave(motion.t / 1.3)))
        whisk = [(0.36, -0.03), (0.46, 0.04), (0.52, 0.14 + 0.03 * wave(beat * 2)), (0.60, 0.12 + 0.05 * wave(beat * 2 - 0.2))]
        out.update(
            body=body, belly=belly, spines=spines, scales=scales,
            **({"legs": legs} if flying else {"poles": poles, "people": people}),
            tail=smooth([(tx + 0.05, ty - 0.04), (tx - 0.12, ty - 0.14), (tx - 0.26, ty - 0.10 + 0.04 * wave(beat)), (tx - 0.15, ty), (tx - 0.24, ty + 0.10), (tx + 0.04, ty + 0.05)]),
            whisker=ribbon(whisk, [0.014, 0.012, 0.010, 0.004]).moved(turn),
        )
        return out

    return Thing(parts, {"main": "red", "gold": "gold", "scale": "amber", "flame": "flame", "cream": "cream", "ink": "ink", "wood": "wood", "people": "charcoal"}, (3.0, 1.15), move, 0.34, frozenset(["dance", "walk", "run", "fly", "swim", "march", "jump", "play", "roar", "howl", "travel"]))


def _thing() -> Thing:
    """Something that we have no picture of: a parcel under a cloth, of the asked colour."""
    cloth = smooth([(-0.50, 0.0), (-0.42, -0.30), (-0.34, -0.62), (-0.20, -0.86), (0.02, -0.98), (0.22, -0.88), (0.34, -0.60), (0.42, -0.28), (0.52, 0.0), (0.36, -0.05), (0.20, 0.01), (0.02, -0.05), (-0.16, 0.01), (-0.34, -0.05)])
    folds = ribbon([(-0.05, -0.88), (-0.14, -0.5), (-0.20, -0.06)], [0.01, 0.05, 0.03]).join(ribbon([(0.12, -0.84), (0.20, -0.45), (0.26, -0.05)], [0.01, 0.045, 0.03]))
    parts = (Part("cloth", "main", cloth, fade=(-1.0, 0.0, 0.12)), Part("folds", "main", folds, -0.08))

    def move(motion: Motion) -> dict[str, Matrix | Path]:
        lean = 0.02 * wave(motion.t / 3.1 + motion.phase)
        return {name: (1.0, 0.0, -lean, 1.0 + 0.006 * wave(motion.t / 2.3), 0.0, 0.0) for name in ("cloth", "folds")}

    return Thing(parts, {"main": "stone"}, (1.0, 1.0), move)


def _kangaroo() -> Thing:
    body = smooth([(-0.20, -0.20), (-0.26, -0.34), (-0.20, -0.50), (-0.06, -0.62), (0.04, -0.74), (0.12, -0.80), (0.18, -0.74), (0.17, -0.60), (0.14, -0.46), (0.12, -0.30), (0.02, -0.18), (-0.10, -0.14)])
    head = smooth([(-0.06, 0.0), (-0.05, -0.08), (0.03, -0.11), (0.10, -0.07), (0.21, -0.01), (0.23, 0.03), (0.18, 0.06), (0.06, 0.06), (-0.02, 0.08)])
    ear = smooth([(-0.03, -0.06), (-0.10, -0.20), (-0.06, -0.26), (0.0, -0.20), (0.02, -0.08)])
    parts = (
        Part("tail", "main", shade=-0.04), Part("far leg", "main", shade=-0.10), Part("far arm", "main", shade=-0.10),
        Part("far ear", "main", ear.moved((1, 0, 0, 1, -0.035, 0.01)), -0.10),
        Part("body", "main", body, fade=(-0.8, -0.1, 0.08)),
        Part("belly", "belly", smooth([(0.15, -0.62), (0.165, -0.50), (0.12, -0.30), (0.03, -0.20), (0.03, -0.34), (0.08, -0.52)])),
        Part("near leg", "main"), Part("neck", "main"),
        Part("head", "main", head), Part("near ear", "main", ear), Part("inner", "belly", smooth([(-0.03, -0.09), (-0.07, -0.19), (-0.045, -0.22), (-0.01, -0.17)])),
        Part("nose", "ink", ellipse(0.222, 0.012, 0.018, 0.016)), Part("eye", "ink", ellipse(0.075, -0.045, 0.014)),
        Part("near arm", "main", shade=0.02),
    )

    def move(motion: Motion) -> dict[str, Matrix | Path]:
        dancing = motion.action in ("dance", "sing", "wave", "play", "fight")
        hopping = motion.action in ("jump", "run", "walk", "hop", "chase", "race", "travel", "march")
        beat = motion.t / (0.95 if dancing else 0.85) + motion.phase
        up = max(0.0, wave(beat)) * (0.22 if hopping else 0.05 * dancing)
        sway = 11.0 * wave(beat * 0.5) if dancing else (8.0 if hopping else 2.0 * wave(motion.t / 3.1))
        hip = (-0.08 + (0.06 * wave(beat * 0.5 + 0.25) if dancing else 0.0), -0.30 - up - 0.015 * wave(motion.t / 2.8))
        # turn about the hips, not the ground
        turn = mul(joint(hip[0], hip[1], sway), (1.0, 0.0, 0.0, 1.0, 0.08, 0.30))

        def at(x: float, y: float) -> Point:
            return turn[0] * x + turn[2] * y + turn[4], turn[1] * x + turn[3] * y + turn[5]

        out: dict[str, Matrix | Path] = {"body": turn, "belly": turn}
        neck = at(0.13, -0.76)
        headpos = at(0.17, -0.90)
        out["neck"] = ribbon([at(0.08, -0.64), neck, headpos], [0.18, 0.12, 0.10])
        nod = joint(headpos[0], headpos[1], -6 + (9 * wave(beat) if dancing else 3 * wave(motion.t / 2.7)))
        for name in ("head", "near ear", "far ear", "inner", "nose", "eye"):
            out[name] = nod
        for index, side in enumerate(("near", "far")):
            shift_ = 0.05 * index
            step = 0.05 * wave(beat * 0.5 + 0.5 * index) if dancing else 0.0
            ankle = (hip[0] - 0.06 + shift_ + step, -0.06 - up * 1.0)
            knee = (hip[0] + 0.20 + shift_ + step, (hip[1] + 0.02) * 0.72 - 0.02 + up * -0.3)
            leg = ribbon([(hip[0] - 0.03, hip[1] - 0.02), (hip[0] + 0.04 + shift_, hip[1] + 0.0), knee, ankle], [0.20, 0.24, 0.14, 0.075])
            leg.join(ribbon([(ankle[0] - 0.03, ankle[1] + 0.02), (ankle[0] + 0.12, ankle[1] + 0.045), (ankle[0] + 0.30, ankle[1] + 0.05)], [0.06, 0.055, 0.03]))
            out[f"{side} leg"] = leg
            shoulder = at(0.11 + 0.02 * index, -0.66)
            if dancing:
                high = ease(0.5 + 0.6 * wave(beat * 0.5 + 0.5 * index))
                elbow = (shoulder[0] + 0.13, shoulder[1] + 0.08 - 0.20 * high)
                hand = (elbow[0] + 0.08 + 0.06 * high, elbow[1] + 0.10 - 0.34 * high)
            else:
                elbow = (shoulder[0] + 0.07, shoulder[1] + 0.12)
                hand = (elbow[0] + 0.11, elbow[1] + 0.03 + 0.02 * wave(motion.t / 1.9))
            out[f"{side} arm"] = ribbon([shoulder, elbow, hand], [0.085, 0.06, 0.04])
        swing = 8 * wave(beat * 0.5 - 0.2) if dancing else 6 * wave(beat - 0.2)
        out["tail"] = ribbon([(hip[0] - 0.02, hip[1] + 0.02), (hip[0] - 0.22, -0.12 - up), (hip[0] - 0.44, -0.035 - up * 0.6 + swing * 0.002), (hip[0] - 0.66, -0.06 - abs(swing) * 0.006 - up * 0.3)], [0.24, 0.15, 0.085, 0.035])
        return out

    return Thing(parts, {"main": "kangaroo tan", "belly": "cream", "ink": "ink"}, (1.1, 1.15), move, 0.9, _HOPS)


def _rocket() -> Thing:
    parts = (
        Part("smoke", "smoke", None),
        Part("flame", "fire", None, glow=True),
        Part("flame core", "flame", None, glow=True),
        Part("fins", "fin", polygon([(-0.13, -0.34), (-0.32, -0.08), (-0.30, 0.06), (-0.10, -0.12)]).join(polygon([(0.10, -0.12), (0.30, 0.06), (0.32, -0.08), (0.13, -0.34)]))),
        Part("body", "main", smooth([(0.0, -1.0), (0.13, -0.78), (0.17, -0.50), (0.13, -0.16), (0.09, -0.08), (-0.09, -0.08), (-0.13, -0.16), (-0.17, -0.50), (-0.13, -0.78)]), fade=(-1.0, 0.0, 0.06)),
        Part("nose", "fin", smooth([(0.0, -1.0), (0.085, -0.87), (0.10, -0.80), (-0.10, -0.80), (-0.085, -0.87)])),
        Part("port", "glass", ellipse(0.0, -0.58, 0.065)),
    )

    def move(motion: Motion) -> dict[str, Matrix | Path]:
        h = 0.30 + 0.05 * wave(motion.t * 2.3) + 0.03 * wave(motion.t * 3.7)
        starts = motion.action in ("rise", "launch")
        sway = joint(0.0, 0.0, 0.6 * wave(motion.t * 2.1) if starts else 24.0 + 2.0 * wave(motion.t / 2.9))
        h *= 1.7 if starts else 1.2
        flame = smooth([(-0.09, -0.09), (-0.13, 0.08), (0.0, -0.02 + h * 1.25), (0.13, 0.08), (0.09, -0.09)]).moved(sway)
        core = smooth([(-0.05, -0.09), (-0.06, 0.05), (0.0, -0.06 + h * 0.7), (0.06, 0.05), (0.05, -0.09)]).moved(sway)
        smoke = Path()
        for k in range(16 if starts else 0):
            age = (motion.t / 1.5 + k / 16) % 1.0
            side = 0.16 * wave(k * 0.618) * (0.4 + age)
            smoke.join(ellipse(side, 0.16 + 1.5 * age, (0.05 + 0.20 * age) * min(1.0, 5.0 * (1.0 - age))))
        return {"smoke": smoke, "flame": flame, "flame core": core, "fins": sway, "body": sway, "nose": sway, "port": sway}

    return Thing(parts, {"main": "cream", "fin": "red", "glass": "glass", "flame": "flame", "fire": "ember", "smoke": "pale fur"}, (0.8, 1.2), move, 0.0, frozenset(["fly", "hover", "land", "rise", "travel", "soar", "launch"]))


MAKERS: dict[str, Callable[[], Thing]] = {
    "suv": _suv, "suv rear": _suv_rear, "train": _train, "sailboat": _sailboat, "house": _house, "tree": lambda: _tree("broad"),
    "pine": lambda: _tree("pine"), "cherry": lambda: _tree("cherry"), "flower": _flower, "balloon": _balloon, "cake": cake,
    "dragon": _dragon, "sky dragon": lambda: _dragon(flying=True), "thing": _thing, "kangaroo": _kangaroo, "rocket": _rocket,
}
