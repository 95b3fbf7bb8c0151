"""Those who are on the stage together: who sits on whom, who faces whom, where each of them is at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.footage import Pixels
from engine.renderers.animatic.actors import Actor
from engine.renderers.animatic.canvas import Group, Shape
from engine.renderers.animatic.figures.beast import AFLOAT, Beast
from engine.renderers.animatic.figures.birds import Flier
from engine.renderers.animatic.figures.catalogue import Kind, kind_of
from engine.renderers.animatic.figures.design import Design
from engine.renderers.animatic.figures.fowl import FLYING, Fowl, Winged
from engine.renderers.animatic.figures.gestures import SEATED
from engine.renderers.animatic.figures.people import Person
from engine.renderers.animatic.geometry import apply, clamp, smooth, wave
from engine.renderers.animatic.graph import Cue, Scene, Subject
from engine.renderers.animatic.settings.base import Setting
from engine.renderers.animatic.stage import Stage, View


@dataclass
class Placed:
    """One figure on the stage and what it will do."""

    actor: Actor
    kind: Kind
    action: str
    x: float
    y: float
    size: float
    facing: float
    phase: float
    enters: float
    shade: Group | None
    later: str | None
    pace: float  # stage units a second over the ground
    habitat: str = "ground"  # where it is for what it does: a goose walks, swims or flies
    mount: "Placed | None" = None  # sits or stands on this one
    alone: bool = False  # one of at most three of its kind
    wash: Shape | None = None  # the water before one that swims
    cues: tuple[Cue, ...] = ()  # what it does instead, from some moment on


def mount(scene: Scene, figures: Sequence[Subject], troupes: dict[int, list[Placed]]) -> None:
    """Gives everybody who is on another their place there; `troupes` holds who stands for which subject."""
    for subject in figures:
        if subject.on is not None:
            mounts = troupes.get(id(scene.subjects[subject.on]), [])
            for index, rider in enumerate(troupes.get(id(subject), []) if mounts else []):
                rider.mount = mounts[index % len(mounts)]
                rider.facing = rider.mount.facing
                if rider.mount.kind.vehicle and rider.mount.kind.habitat == "water":
                    # beside a mast, people are small
                    tall = rider.mount.size * rider.mount.actor.design.extent[1]
                    rider.size = min(rider.size, max(0.36 * tall, 0.16))
                rider.x = (index // len(mounts) - (subject.count - 1) // len(mounts) / 2) * rider.size * 0.8


_COATS = ("moss", "wine", "denim", "sandstone", "teal", "charcoal", "blush", "pine")


_PLAIN = ("people", "child", "couple", "man", "woman", "girl", "boy", "teenager", "grandmother", "grandfather", "baby")


def another_coat(kind: Kind, index: int) -> dict[str, str]:
    """Clothes for one of several people, so that they are not the same one again and again; a uniform stays."""
    return {"main": _COATS[index % len(_COATS)]} if index and kind.name in _PLAIN else {}


_FACING = frozenset(("fight", "box", "talk", "kiss", "hug", "give", "bow", "wave", "shake", "argue", "kick"))


def meet(placed: list[Placed]) -> None:
    """Those who do something with each other face each other; whoever chases keeps behind whom it chases."""
    afoot = [p for p in placed if p.mount is None and not p.enters]
    for p in afoot:
        others = [q for q in afoot if q is not p]
        if p.action in _FACING and others and p.kind.turns:
            near = min(others, key=lambda q: abs(q.x - p.x))
            p.facing = 1.0 if near.x >= p.x else -1.0
            if near.action in ("stand", "look") and near.kind.turns:
                near.facing = -p.facing
    goals = [p for p in afoot if not p.kind.alive and not p.kind.turns and p.kind.back]
    for p in afoot:
        if p.pace and len(goals) == 1 and p.kind.turns and abs(p.x - goals[0].x) > goals[0].size * 0.5:
            p.facing = 1.0 if goals[0].x > p.x else -1.0  # to the house, and not away from it
            for rider in placed:
                if rider.mount is p:
                    rider.facing = p.facing
    if any(p.action == "chase" for p in afoot):
        pace = min((p.pace for p in afoot if p.pace), default=0.0)
        for p in afoot:
            p.pace = pace if p.pace else 0.0


def drawn_after(p: Placed) -> tuple[bool, float, bool]:
    """The far before the near, and who sits on something after it."""
    base = p.mount or p
    return base.habitat == "ground", base.y, p.mount is not None


def stands_tall(scene: Scene, subject: Subject) -> float:
    tall = kind_of(subject.kind).height
    if subject.on is None:
        return tall
    return tall * 0.7 + kind_of(scene.subjects[subject.on].kind).height * 0.8


ALOFT = ("fly", "soar", "hover", "glide", "float")


def habitat_of(kind: Kind, action: str, design: Design, setting: Setting) -> str:
    """Where it is for what it does."""
    if setting.floats or not kind.alive:
        return kind.habitat
    if action in ALOFT and kind.habitat == "ground":
        return "air"
    if isinstance(design, Winged | Fowl | Flier):
        if action in FLYING:
            return "air"
        if kind.habitat == "air" or (kind.habitat == "water" and not setting.water):
            return "ground"
    return kind.habitat


def water_before(design: Design, action: str) -> Shape | None:
    """The water that stands before whoever swims in it: a swimmer is seen from the shoulders up."""
    deep = {Beast: 0.03, Person: 0.09}.get(type(design), 0.0)
    if action not in ("swim", AFLOAT) or not deep:
        return None
    line = [(-0.52 + 0.08 * i, -deep * (0.92 if i % 2 else 1.0)) for i in range(14)]
    return Shape(smooth([(-0.60, -deep * 0.6), *line, (0.60, -deep * 0.6), (0.52, 0.04), (0.0, 0.10), (-0.52, 0.04)]))


def take_water(placed: list[Placed], stage: Stage, backdrop: Pixels, first: View) -> None:
    """The water before a swimmer has the colour of the painted water beside it: draws the first frame to see it."""
    frame, canvas = stage.frame, stage.canvas
    left, top = (backdrop.shape[1] - frame.width) // 2, (backdrop.shape[0] - frame.height) // 2
    stage.rehearse(first)
    np.copyto(canvas.pixels, backdrop[top : top + frame.height, left : left + frame.width])
    for move in stage.movers:
        move(first)
    canvas.draw()
    for p in placed:
        if p.wash is None:
            continue
        wide = p.actor.design.extent[0] * p.size
        row = int(clamp((frame.above + p.y - 0.02) * frame.unit, 2, frame.height - 4))
        sides = [int(clamp(frame.width / 2 + (p.x + way) * frame.unit, 0, frame.width - 8)) for way in (-wide, wide)]
        patches = [np.median(canvas.pixels[row - 2 : row + 3, x : x + 8, :3].reshape(-1, 3), axis=0) for x in sides]
        b, g, r = (int(value) for value in min(patches, key=lambda patch: float(patch.sum())))  # beside the glitter
        p.wash.fill((r, g, b, 255))


# How high above its feet somebody's seat is while they do this.
_HIPS = {"play piano": 0.24, "ride": 0.38, "sit": 0.24, "drive": 0.24}


def seat_of(p: Placed, mount: Placed, at: tuple[float, float, float]) -> tuple[float, float, float]:
    """Where somebody is who sits on another: it goes along with its back."""
    x, y, facing = at
    seat = mount.actor.design.seat()
    back = mount.actor.posed.get("body")
    if isinstance(back, tuple) and isinstance(mount.actor.design, Beast):
        seat = apply(back, seat)
    hips = _HIPS.get(p.action, 0.24 if p.action.endswith(SEATED) else 0.0) if p.kind.person else 0.0
    return x + p.x + facing * seat[0] * mount.size, y + seat[1] * mount.size + hips * p.size, facing


def flight(p: Placed, view: View, half: float, index: int) -> tuple[float, float, float]:
    if p.pace and p.alone:
        # one that leaves the picture is no picture: the camera goes with it, a little behind, then ahead
        x = p.x * 0.4 + p.facing * half * 0.42 * (view.progress * 2.0 - 1.0)
        return x, p.y + 0.03 * wave(view.t / 3.1 + p.phase), p.facing
    if p.pace:
        room = half * 2.6
        x = (p.x + p.facing * p.pace * view.t + room / 2) % room - room / 2
        return x, p.y + 0.02 * wave(view.t / 3.1 + p.phase), p.facing
    return (
        p.x + 0.015 * wave(view.t / 6.1 + p.phase),
        p.y - 0.03 * view.progress + 0.012 * wave(view.t / 3.7 + p.phase),
        p.facing,
    )


def there_and_back(p: Placed, t: float, half: float) -> tuple[float, float]:
    """Walks across, turns before the edge, and comes back, so that nobody leaves a long clip."""
    room = half * 1.5
    travelled = (p.x * p.facing + room / 2 + p.pace * t) % (2 * room)
    if travelled <= room:
        return p.facing * (travelled - room / 2), p.facing
    return p.facing * (room * 1.5 - travelled), -p.facing
