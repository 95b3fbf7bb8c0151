"""Casting: who stands where, how large, which way they face and how they are dressed."""

import math
from collections.abc import Callable
from dataclasses import replace

from engine.renderers.animatic.actors import Actor, Dress, contact, phase_of
from engine.renderers.animatic.camera import FRAMINGS, Framing
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.company import (
    Placed,
    another_coat,
    drawn_after,
    habitat_of,
    meet,
    mount,
    stands_tall,
    water_before,
)
from engine.renderers.animatic.figures.beast import AFLOAT, Beast
from engine.renderers.animatic.figures.catalogue import STAGE_LIMIT, Kind, design_of, drawn_as, kind_of
from engine.renderers.animatic.figures.fishes import Fish
from engine.renderers.animatic.figures.gestures import seated
from engine.renderers.animatic.geometry import clamp, mix
from engine.renderers.animatic.graph import Scene, Subject
from engine.renderers.animatic.settings.base import Setting
from engine.renderers.animatic.stage import Frame, Stage

MOVING = {"walk", "run", "trot", "chase", "fly", "swim", "drive", "sail", "hop", "ride", "march", "drift", AFLOAT}


# Things that are of many colours where there are several of them.
_GAY = dict.fromkeys(("balloon", "toy balloon"), ("red", "yellow", "blue", "orange", "green", "purple"))


def cast(
    scene: Scene, setting: Setting, stage: Stage, lead_side: float, framing: Framing = FRAMINGS["medium"]
) -> list[Placed]:
    frame = stage.frame
    figures = [s for s in scene.subjects if kind_of(s.kind).figure]
    if not figures:
        return []
    closer = (1.3 if setting.indoors else 1.0) * framing.size
    tallest = (
        # without its size: a giant must be larger than others of its kind, also where it stands alone
        max((stands_tall(scene, s) for s in figures if not s.enters), default=0.3)
    )
    # whoever is small is shown from nearer; a swarm from farther away than one alone
    least = {1: 0.30, 2: 0.24, 3: 0.20}.get(max(s.count for s in figures), 0.15)
    wanted = 0.43 + 0.25 * max(0.0, tallest - 0.5)  # a castle may be larger than a man, but not as much as it is
    boost = max(clamp(wanted / max(tallest, 0.05), 0.45, 1.7), least / tallest) * closer
    widest = max(_room(replace(s, count=1), 1.0) for s in figures)
    boost = min(boost, frame.half * (1.5 if frame.tall else 1.15) / widest)
    stand = frame.below * setting.stand
    stacked = max((_stack(scene, s) for s in figures if s.on is not None), default=0.0)
    if stacked:  # no head is cut off
        boost = min(boost, (frame.above + stand - 0.04) / stacked)
    total = sum(
        _room(s, boost) for s in figures if kind_of(s.kind).habitat == "ground" and not s.enters and s.on is None
    )
    room = 1.5 if frame.tall else 1.74 if any(s.count > 2 for s in figures) else 1.9
    squeeze = min(1.0, frame.half * room / total) if total else 1.0
    boost *= max(0.42, squeeze)
    placed: list[Placed] = []
    standing = [s for s in figures if s.on is None]
    lone = len(standing) == 1 and standing[0].count == 1
    troupes: dict[int, list[Placed]] = {}
    order = 0
    spots = _spots(figures, frame, lead_side, lone, stage)
    if len(standing) == 2 and not any(s.side or s.behind or s.enters for s in standing):
        beside = _side_by_side([_room(s, boost) for s in standing], frame, lead_side)
        spots = [beside[standing.index(s)] if s.on is None else spot for s, spot in zip(figures, spots, strict=True)]
    for subject, spot in zip(figures, spots, strict=True):
        kind = kind_of(subject.kind)
        many = min(subject.count, kind.most, STAGE_LIMIT - len(placed))
        for index in range(many):
            placed.append(_place(scene, setting, stage, subject, kind, spot, index, order, boost, stand, lead_side))
            troupes.setdefault(id(subject), []).append(placed[-1])
            order += 1
    mount(scene, figures, troupes)
    meet(placed)
    placed.sort(key=drawn_after)
    return placed


def _stack(scene: Scene, subject: Subject) -> float:
    """How high somebody reaches who is on another. People sit on what they are on."""
    assert subject.on is not None
    seat = scene.subjects[subject.on]
    kind, under = kind_of(subject.kind), kind_of(seat.kind)
    return kind.height * subject.size * (0.7 if kind.person else 1.0) + under.height * seat.size


def _room(subject: Subject, boost: float) -> float:
    kind = kind_of(subject.kind)
    w, h = design_of(kind.figure).extent
    width = w / h * kind.height * subject.size * boost
    return width * (1 + (min(subject.count, kind.most) - 1) * 0.62)


def _side_by_side(widths: list[float], frame: Frame, lead_side: float) -> list[float]:
    """The middles of two that stand beside each other: on thirds, or as far apart as they are wide."""
    one, other = widths
    apart = max(frame.half * 0.68, (one + other) / 2 + 0.05)
    weight = other / (one + other)
    return [lead_side * apart * weight, -lead_side * apart * (1.0 - weight)]


def _spots(figures: list[Subject], frame: Frame, lead_side: float, lone: bool, stage: Stage) -> list[float]:
    """The middle of each subject's group: sides as asked, else the lead on a third and the others across from it."""
    spots: list[float] = []
    free = -1
    for subject in figures:
        free += subject.on is None
        if subject.side == "left":
            spots.append(-frame.half * 0.46)
        elif subject.side == "right":
            spots.append(frame.half * 0.46)
        elif subject.side == "centre":
            spots.append(0.0)
        elif subject.behind:
            spots.append(-frame.half * 0.10)
        elif any(s.behind for s in figures):
            spots.append(frame.half * 0.16)
        elif subject.count > 2:
            spots.append(lead_side * frame.half * 0.04)
        elif free == 0 and lone:
            spots.append(lead_side * frame.half * (0.12 if frame.tall else 0.26))
        else:
            way = lead_side if free % 2 == 0 else -lead_side
            spots.append(way * frame.half * (0.34 + 0.16 * (free // 2)))
    return spots


def _usual_action(scene: Scene, subject: Subject, kind: Kind) -> str:
    """What it does when nobody says: a car drives, but stands where somebody stands beside it."""
    if kind.vehicle and kind.habitat == "ground":
        ridden = any(s.on is not None and scene.subjects[s.on] is subject for s in scene.subjects)
        beside = any(kind_of(s.kind).person and s.on is None and s.action not in MOVING for s in scene.subjects)
        return "stand" if beside and not ridden else kind.action
    return kind.action


def _place(
    scene: Scene,
    setting: Setting,
    stage: Stage,
    subject: Subject,
    kind: Kind,
    spot: float,
    index: int,
    order: int,
    boost: float,
    stand: float,
    lead_side: float,
) -> Placed:
    frame, rng = stage.frame, stage.rng
    chased = setting.name == "road" and kind.figure == "suv"
    design = design_of("suv rear" if chased else drawn_as(subject, index))
    count = min(subject.count, kind.most)
    w, h = design.extent
    action = subject.action or _usual_action(scene, subject, kind)
    if subject.on is not None and kind.person and kind_of(scene.subjects[subject.on].kind).seats:
        action = seated(action)
    habitat = habitat_of(kind, action, design, setting)
    if action == "swim" and setting.water and isinstance(design, Beast):
        action = AFLOAT
    elif action == "swim" and setting.water and isinstance(design, Fish):
        action = "jump"  # seen from above the water, a fish is seen where it leaps
    if habitat == "ground" and kind.habitat == "water" and action == "swim":
        action = "walk"
    near = 0.0
    if count > 1:
        near = ((index * 0.618 + 0.35) % 1.0 - 0.5) * 1.0
    height = kind.height * subject.size * boost * (1 + 0.10 * math.sin(order * 2.4) * (count > 1))
    x = spot
    if count > 1:
        most = 2.0 * _reach(frame, height * w / h, count, action)
        step = min(height * w / h * (0.78 if habitat == "ground" else 1.05), most / (count - 1))
        x = spot + (index - (count - 1) / 2) * step + float(rng.uniform(-0.12, 0.12)) * step
    y = stand + near * min(0.10, frame.below * 0.22)
    if habitat == "ground":
        y -= kind.back * stand + (0.05 if subject.behind else 0.0)
        height *= clamp(0.62 + 0.38 * y / max(0.02, stand), 0.5, 1.25)
    elif habitat == "air" or setting.floats:
        y = -frame.above * (0.42 + 0.22 * math.sin(order * 2.1)) + h * 0.0
        if setting.floats:
            y = mix(-frame.above, frame.below, 0.47 + 0.16 * math.sin(order * 2.4) * (count > 1 or order > 0))
        y = max(y + height * 0.5, -frame.above + height + 0.04)
    elif habitat == "water":
        y = stand + near * 0.08
    reach = _reach(frame, height * w / h, count, action)
    x = clamp(x, -reach, reach)
    facing = 1.0 if lead_side < 0 else -1.0
    if subject.heading:
        facing = 1.0 if subject.heading == "right" else -1.0
    elif action not in MOVING and subject.side:
        facing = 1.0 if subject.side == "left" else -1.0
    elif subject.enters:
        facing = -facing
    elif subject.behind:
        facing = 1.0  # what it stands behind is to the right of it
    if subject.enters:
        x = -facing * frame.half * mix(0.25, 0.80, (index + 0.5) / count)
        y = max(0.06, stand * 0.62) + 0.03 * (index % 3)
        height *= 0.66
    if not kind.turns:
        facing = 1.0
    if chased:
        x, y, height = (x if count > 1 else 0.0), stand * 1.02, height * 1.25
    named = dict(subject.parts)
    if subject.kind == "umbrella" and subject.colour:
        named["umbrella"] = subject.colour
    elif subject.colour:
        named["main"] = subject.colour
        if subject.colour not in ("white", "black", "grey"):
            named.update(dict.fromkeys(kind.takes_colour, subject.colour))
    distance = 0.0 if habitat == "ground" else (0.25 if habitat == "air" else 0.0)
    if subject.enters:
        distance = 0.18
    cut = None
    if stage.style.paper:
        cut = stage.tint(stage.ground(setting.ground, 0.1).towards(stage.palette.ink, 0.55))
    edge = stage.style.edge / (height / h)
    if count > 1 and kind.person and not subject.colour:
        named.update(another_coat(kind, index))
    if count > 1 and not subject.colour and kind.name in _GAY:
        named["main"] = _GAY[kind.name][index % len(_GAY[kind.name])]
    shade_by = 0.0 if count < 2 or subject.colour or not kind.alive else 0.05 * math.sin(order * 2.4)
    dress = Dress(
        stage.palette,
        named,
        distance,
        _figure_tint(stage, shade_by),
        edge,
        stage.style.line if stage.style.lift else None,
        stage.style.accent,
        isinstance(design, Beast),
        cut,
    )
    grounded = habitat == "ground" and not setting.floats
    wet = setting.water and (grounded or habitat == "water")
    floor_colour = stage.ground(setting.ground, 0.08)
    shadow = None
    if subject.on is not None:
        grounded, wet = False, False
    if grounded and not wet and stage.key.hardness > 0.3:
        shadow = stage.tint(floor_colour.towards(stage.palette.ink, 0.42 * stage.key.hardness))
    wash = water_before(design, action) if setting.water and subject.on is None else None
    reflection = stage.tint(floor_colour) if wet and wash is None else None
    actor = Actor(design, dress, stage.key, shadow=shadow, reflection=reflection, crowd=count > 2)
    shade = None
    if grounded and not wet:
        shade = contact(0.5, stage.tint(stage.palette.ink.towards(floor_colour, 0.2).clear(0.5)).rgba)
    pace = design.speed(action) * (height / h) if action in MOVING else 0.0
    return Placed(
        actor,
        kind,
        action,
        x,
        y,
        height / h,
        facing,
        phase_of(order + 1),
        subject.enters,
        shade,
        subject.later,
        pace,
        habitat,
        alone=count <= 3,
        wash=wash,
    )


def _reach(frame: Frame, width: float, count: int, action: str) -> float:
    """How far from the middle one of so many may stand. A few stay whole in the picture, also while they walk ahead of
    the camera and behind it; of many, the outermost may be cut."""
    if count > 8:
        return max(0.0, frame.half * 1.02 - width * 0.5)
    ahead = 0.10 * frame.half + 0.02 if action in MOVING else 0.0
    return max(0.0, frame.half * 0.97 - ahead - width * 0.5)


def _figure_tint(stage: Stage, lighter: float) -> Callable[[Colour], Colour]:
    """The colours of a style; the members of a group are a little lighter and darker than each other."""

    def flat(c: Colour) -> Colour:
        if stage.style.lift:
            c = c.lighter(stage.style.lift)
        if lighter and 0.25 < c.lightness < 0.92:
            c = c.lighter(lighter)
        if stage.style.flat_figures:
            c = replace(c, lightness=0.10 + 0.04 * c.lightness, chroma=c.chroma * 0.25)
        return stage.tint(c)

    return flat
