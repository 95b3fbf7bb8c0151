"""Directing: where everybody stands, how large, which way the light falls and what the camera does. Turns a scene
graph and a
seed into a stage on which every frame can be drawn."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.footage import Pixels
from engine.renderers.animatic import backdrop, weather
from engine.renderers.animatic.actors import Actor, Dress, Key, contact, phase_of
from engine.renderers.animatic.canvas import Canvas, Group
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.figures.catalogue import STAGE_LIMIT, Kind, design_of, kind_of
from engine.renderers.animatic.figures.design import Motion
from engine.renderers.animatic.geometry import Matrix, clamp, ease, mix, mul, scale, shift, wave
from engine.renderers.animatic.graph import Cue, Scene, Subject
from engine.renderers.animatic.palette import Palette, palette, veiled
from engine.renderers.animatic.settings.base import Setting
from engine.renderers.animatic.settings.catalogue import SETTINGS
from engine.renderers.animatic.stage import Frame, Stage, View
from engine.renderers.animatic.styles import DEFAULT, STYLES

MOVING = {"walk", "run", "trot", "chase", "fly", "swim", "drive", "sail", "hop", "ride", "march", "drift"}
AWAY: Matrix = (1.0, 0.0, 0.0, 1.0, -1e5, -1e5)
_OF_THE_PLACE = ("sky", "behind", "before", "weather")
_TURN_SECONDS = 0.6  # from one pose into another


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
    cues: tuple[Cue, ...] = ()  # what it does instead, from some moment on


@dataclass
class Take:
    """A stage that is set: the painted backdrop, the field that finishes a frame, and what moves."""

    stage: Stage
    sky: Pixels
    finish: Pixels
    view: Callable[[float], View]
    lead: tuple[float, float] = (0.0, 0.5)  # where the main subject stands, all of its kind: the middle, and how wide


def set_stage(
    scene: Scene,
    width: int,
    height: int,
    seconds: float,
    seed: int,
    *,
    place_seed: int | None = None,
    cues: Sequence[Cue] = (),
) -> Take:
    """Set a scene as its seed composes it. `place_seed` chooses the land and the sky alone, where they are to be
    others; `cues` are what subjects do from some moment on."""

    def dice(part: str) -> np.random.Generator:
        # One generator for each part: a subject more, or a larger frame, leaves land and sky as they were.
        chosen = place_seed if place_seed is not None and part in _OF_THE_PLACE else seed
        return np.random.default_rng([chosen & 0xFFFFFFFF, 0x6B696E6F, *part.encode()])

    rng = dice("composition")
    style = STYLES.get(scene.style, DEFAULT)
    setting = SETTINGS[scene.setting]
    light = _light(scene, setting)
    horizon = setting.horizon
    if scene.camera == "low":
        horizon += 0.14
    elif scene.camera == "aerial":
        horizon -= 0.22
    frame = Frame(width, height, clamp(horizon + (0.03 if height > width else 0.0), 0.05, 0.92))
    lead_side = _lead_side(scene, rng)
    sun_x = -lead_side * frame.half * float(rng.uniform(0.30, 0.52))
    if any(s.action == "howl" for s in scene.subjects):
        sun_x = lead_side * frame.half * -0.30
    sun_y = light.height * frame.above * 0.86
    hard = (
        0.0
        if light.body == "none"
        else (0.35 if {"cloudy", "fog", "rain", "storm", "snow"} & set(scene.weather) else 1.0)
    )
    if light.name in ("neon", "lamp", "blue"):
        hard = 0.5
    key = Key(math.copysign(0.85, sun_x), 0.35 + light.height * 0.9, hard)
    stage = Stage(frame, light, style, key, rng, Canvas(width, height))
    stage.wind = 0.9 if "wind" in scene.weather or "storm" in scene.weather else 0.3
    stage.reserved = (lead_side * frame.half * 0.33, 0.3)
    sun_px = (
        None
        if light.body == "none" or setting.indoors
        else (width / 2 + sun_x * frame.unit, (frame.above - sun_y) * frame.unit)
    )
    if sun_px and light.body == "moon" and any(s.kind == "moon" for s in scene.subjects):
        sun_px = (sun_px[0], frame.above * frame.unit * 0.36)
    cloudiness = setting.clouds
    if {"cloudy", "rain", "storm", "snow"} & set(scene.weather):
        cloudiness = 0.8
    elif "clear" in scene.weather:
        cloudiness = 0.08
    disc = 1.75 if any(s.kind in ("moon", "sun") for s in scene.subjects) or (light.body == "moon") else 1.15
    tinted = replace(
        light, sky=tuple(map(style.tint, light.sky)), haze=style.tint(light.haze), light=style.tint(light.light)
    )
    sky = backdrop.paint_sky(
        width,
        height,
        height if setting.floats else frame.above * frame.unit,
        tinted,
        sun_px,
        dice("sky"),
        clouds=cloudiness,
        disc=0.0 if "storm" in scene.weather else disc,
    )
    stage.rng = dice("cast")
    placed = _cast(scene, setting, stage, lead_side)
    for one in placed:
        one.cues = tuple(cue for cue in cues if cue.subject == one.kind.name)
    follow = _follow_speed(placed, setting)
    stage.follows = follow != 0.0
    stage.rng = dice("behind")
    setting.behind(stage)
    _perform(stage, placed, seconds, follow)
    stage.rng = dice("before")
    setting.before(stage)
    stage.paint_distance(sky)
    stage.rng = dice("weather")
    weather.add(stage, scene.weather)
    stage.rng = dice("camera")
    view = _camera(scene, stage, seconds, follow, _time_gone(placed))
    finish = backdrop.finish_field(width, height, dice("finish"), grain=style.grain, vignette=style.vignette)
    return Take(stage, sky, finish, view, _lead(scene, placed))


def _lead(scene: Scene, placed: list[Placed]) -> tuple[float, float]:
    first = next((p.kind for subject in scene.subjects for p in placed if p.kind.name == subject.kind), None)
    theirs = [p for p in placed if p.kind is first and not p.enters]
    if not theirs:
        return 0.0, 0.5
    left = min(p.x - p.actor.design.extent[0] * p.size / 2 for p in theirs)
    right = max(p.x + p.actor.design.extent[0] * p.size / 2 for p in theirs)
    return (left + right) / 2, right - left


def _light(scene: Scene, setting: Setting) -> Palette:
    name = scene.hour or setting.hour
    light = palette(name)
    falling = set(scene.weather)
    if "storm" in falling and name not in ("night", "neon", "underwater", "space", "lamp"):
        light = palette("storm")
    elif {"rain", "cloudy", "fog", "snow"} & falling:
        light = veiled(light, 0.75 if "fog" in falling else 0.55)
    if light.body == "sun" and any(s.kind == "moon" for s in scene.subjects) and name not in ("noon", "dawn"):
        light = replace(light, body="moon")
    if any(s.kind == "moon" for s in scene.subjects) and light.body == "none":
        light = replace(light, body="moon")
    return light


def _lead_side(scene: Scene, rng: np.random.Generator) -> float:
    for subject in scene.subjects:
        if subject.side in ("left", "right"):
            return -1.0 if subject.side == "left" else 1.0
        if subject.heading in ("left", "right"):
            return 1.0 if subject.heading == "left" else -1.0
    return -1.0 if rng.random() < 0.6 else 1.0


def _cast(scene: Scene, setting: Setting, stage: Stage, lead_side: float) -> list[Placed]:
    frame = stage.frame
    figures = [s for s in scene.subjects if kind_of(s.kind).figure]
    if not figures:
        return []
    closer = (1.3 if setting.indoors else 1.0) * {"wide": 0.66, "close": 1.55, "aerial": 0.62, "low": 1.12}.get(
        scene.camera, 1.0
    )
    tallest = (
        # without its size: a giant must be larger than others of its kind, also where it stands alone
        max(kind_of(s.kind).height for s in figures if not s.enters) if any(not s.enters for s in figures) else 0.3
    )
    boost = clamp(0.43 / max(tallest, 0.05), 0.75, 1.7) * closer
    stand = frame.below * setting.stand
    total = sum(_room(s, boost) for s in figures if kind_of(s.kind).habitat == "ground" and not s.enters)
    squeeze = min(1.0, frame.half * (1.5 if frame.tall else 1.9) / total) if total else 1.0
    boost *= max(0.42, squeeze)
    placed: list[Placed] = []
    lone = len(figures) == 1 and figures[0].count == 1
    order = 0
    spots = _spots(figures, frame, lead_side, lone, stage)
    for subject, spot in zip(figures, spots, strict=True):
        kind = kind_of(subject.kind)
        many = min(subject.count, kind.most, STAGE_LIMIT - len(placed))
        for index in range(many):
            placed.append(_place(scene, setting, stage, subject, kind, spot, index, order, boost, stand, lead_side))
            order += 1
    placed.sort(key=lambda p: (p.kind.habitat == "ground", p.y))
    return placed


def _room(subject: Subject, boost: float) -> float:
    kind = kind_of(subject.kind)
    w, h = design_of(kind.figure).extent
    width = w / h * kind.height * subject.size * boost
    return width * (1 + (min(subject.count, kind.most) - 1) * 0.62)


def _spots(figures: list[Subject], frame: Frame, lead_side: float, lone: bool, stage: Stage) -> list[float]:
    """The middle of each subject's group: sides as asked, else the lead on a third and the others across from it."""
    spots: list[float] = []
    for free, subject in enumerate(figures):
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
    design = design_of("suv rear" if chased else "+".join((kind.figure, *subject.carries)))
    count = min(subject.count, kind.most)
    w, h = design.extent
    action = subject.action or kind.action
    near = 0.0
    if count > 1:
        near = ((index * 0.618 + 0.35) % 1.0 - 0.5) * 1.0
    height = kind.height * subject.size * boost * (1 + 0.10 * math.sin(order * 2.4) * (count > 1))
    x = spot
    if count > 1:
        step = min(height * w / h * (0.78 if kind.habitat == "ground" else 1.05), frame.half * 1.55 / (count - 1))
        x = spot + (index - (count - 1) / 2) * step + float(rng.uniform(-0.12, 0.12)) * step
    y = stand + near * min(0.10, frame.below * 0.22)
    if kind.habitat == "ground":
        y -= kind.back * stand + (0.05 if subject.behind else 0.0)
        height *= clamp(0.62 + 0.38 * y / max(0.02, stand), 0.5, 1.25)
    elif kind.habitat == "air" or setting.floats:
        y = -frame.above * (0.42 + 0.22 * math.sin(order * 2.1)) + h * 0.0
        if setting.floats:
            y = mix(-frame.above, frame.below, 0.47 + 0.16 * math.sin(order * 2.4) * (count > 1 or order > 0))
        y = max(y + height * 0.5, -frame.above + height + 0.04)
    elif kind.habitat == "water":
        y = stand + near * 0.08
    reach = max(0.0, frame.half * (1.02 if count > 1 else 0.97) - height * w / h * 0.5)
    x = clamp(x, -reach, reach)
    facing = 1.0 if lead_side < 0 else -1.0
    if subject.heading:
        facing = 1.0 if subject.heading == "right" else -1.0
    elif action not in MOVING and subject.side:
        facing = 1.0 if subject.side == "left" else -1.0
    elif subject.enters:
        facing = -facing
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
    distance = 0.0 if kind.habitat == "ground" else (0.25 if kind.habitat == "air" else 0.0)
    if subject.enters:
        distance = 0.18
    cut = None
    if stage.style.paper:
        cut = stage.tint(stage.ground(setting.ground, 0.1).towards(stage.palette.ink, 0.55))
    edge = stage.style.edge / (height / h)
    dress = Dress(stage.palette, named, distance, _figure_tint(stage), edge, cut)
    grounded = kind.habitat == "ground" and not setting.floats
    wet = setting.water and (grounded or kind.habitat == "water")
    floor_colour = stage.ground(setting.ground, 0.08)
    shadow = None
    if grounded and not wet and stage.key.hardness > 0.3:
        shadow = stage.tint(floor_colour.towards(stage.palette.ink, 0.42 * stage.key.hardness))
    reflection = stage.tint(floor_colour) if wet else None
    actor = Actor(design, dress, stage.key, shadow=shadow, reflection=reflection, crowd=count > 2)
    shade = None
    if grounded and not wet:
        shade = contact(0.5, stage.tint(stage.palette.ink.towards(floor_colour, 0.2).clear(0.5)).rgba)
    pace = design.speed(action) * (height / h) if action in MOVING else 0.0
    return Placed(
        actor, kind, action, x, y, height / h, facing, phase_of(order + 1), subject.enters, shade, subject.later, pace
    )


def _figure_tint(stage: Stage) -> Callable[[Colour], Colour]:
    def flat(c: Colour) -> Colour:
        if stage.style.flat_figures:
            c = replace(c, lightness=0.10 + 0.04 * c.lightness, chroma=c.chroma * 0.25)
        return stage.tint(c)

    return flat


def _follow_speed(placed: list[Placed], setting: Setting) -> float:
    """The camera goes with those who walk, if nobody stays behind; with a sign: to the right or the left."""
    walking = [p for p in placed if p.pace and p.kind.habitat in ("ground", "water") and not p.enters]
    staying = [p for p in placed if not p.pace and p.kind.habitat in ("ground", "water") and not p.enters]
    if not walking or staying or setting.indoors or setting.floats or setting.name == "road":
        return 0.0
    if len({p.facing for p in walking}) > 1:
        return 0.0
    return max(p.pace for p in walking) * walking[0].facing


def _perform(stage: Stage, placed: list[Placed], seconds: float, follow: float) -> None:
    ground, stand = Group(), Group()
    for p in placed:
        if p.shade is not None:
            ground.add(p.shade)
        ground.add(p.actor.under)
        stand.add(p.actor.over)
    if ground.size:
        stage.canvas.add(ground)
        stage.canvas.add(stand)
    half = stage.frame.half

    def move(view: View) -> None:
        root = stage.matrix(View(view.aside, view.y, view.zoom, view.t, view.progress), 1.0)
        for index, p in enumerate(placed):
            x, y, facing, action = p.x, p.y, p.facing, p.action
            if view.rehearsal:
                x = 0.0
            elif p.enters:
                arrived = ease((view.progress - p.enters) / 0.30)
                if view.progress < p.enters:
                    p.actor.hide()
                    if p.shade:
                        p.shade.place(AWAY)
                    continue
                x = mix(-facing * half * 1.35, x, arrived)
                if arrived < 0.97:
                    action = "walk" if p.actor.design.speed("walk") else action
            elif p.kind.habitat == "air":
                x, y, facing = _fly(p, view, half, index)
            elif p.pace and follow == 0.0:
                x, facing = _there_and_back(p, view.t, half)
            elif follow:
                x += p.facing * half * 0.10 * (view.progress * 2 - 1) + 0.02 * wave(view.t / 5.3 + p.phase)
            if p.later and view.progress > 0.5:
                action = p.later
            before, turned = action, 1.0
            if p.cues:
                before, action, turned, walked = _on_cue(p, action, view.t)
                if walked and not follow:
                    x, facing = _there_and_back(replace(p, pace=1.0), walked, half)
            motion = Motion(view.t, action, p.phase, view.progress, stage.wind)
            at = mul(root, shift(x, y))
            rim = stage.frame.unit and 0.0032
            p.actor.act(motion, at, facing=facing, size=p.size, rim=rim, before=before, turned=turned)
            if p.shade:
                w = p.actor.design.extent[0] * p.size
                p.shade.place(mul(at, scale(w * 0.95, w * 0.75)))

    stage.movers.append(move)


def _on_cue(p: Placed, action: str, t: float) -> tuple[str, str, float, float]:
    """What it did, what it does, how far it has turned from the one to the other, and how far it has walked."""
    before, since = action, -math.inf
    walked, at = 0.0, 0.0
    for cue in p.cues:
        if cue.at > t:
            break
        walked += _stride(p, action) * (cue.at - at)
        before, action, since, at = action, cue.action, cue.at, cue.at
    walked += _stride(p, action) * (t - at)
    return before, action, ease((t - since) / _TURN_SECONDS), walked


def _time_gone(placed: list[Placed]) -> Callable[[float], float]:
    """For how long whom the camera follows has walked: it stops when they stop."""
    leader = max((p for p in placed if p.pace and p.cues), key=lambda p: p.pace, default=None)
    if leader is None:
        return lambda t: t
    return lambda t: _on_cue(leader, leader.action, t)[3] / leader.pace


def _stride(p: Placed, action: str) -> float:
    return p.actor.design.speed(action) * p.size if action in MOVING and p.kind.habitat != "air" else 0.0


def _fly(p: Placed, view: View, half: float, index: int) -> tuple[float, float, float]:
    if p.pace:
        room = half * 2.6
        x = (p.x + p.facing * p.pace * view.t + room / 2) % room - room / 2
        return x, p.y + 0.02 * wave(view.t / 3.1 + p.phase), p.facing
    return (
        p.x + 0.015 * wave(view.t / 6.1 + p.phase),
        p.y - 0.03 * view.progress + 0.012 * wave(view.t / 3.7 + p.phase),
        p.facing,
    )


def _there_and_back(p: Placed, t: float, half: float) -> tuple[float, float]:
    """Walks across, turns before the edge, and comes back, so that nobody leaves a long clip."""
    room = half * 1.5
    travelled = (p.x * p.facing + room / 2 + p.pace * t) % (2 * room)
    if travelled <= room:
        return p.facing * (travelled - room / 2), p.facing
    return p.facing * (room * 1.5 - travelled), -p.facing


def _camera(
    scene: Scene, stage: Stage, seconds: float, follow: float, gone: Callable[[float], float]
) -> Callable[[float], View]:
    move = scene.camera
    way = 1.0 if stage.rng.random() < 0.5 else -1.0
    if move == "pan left":
        way = -1.0
    elif move == "pan right":
        way = 1.0

    def view(t: float) -> View:
        progress = clamp(t / max(0.001, seconds))
        soft = ease(progress)
        x, y, zoom = way * 0.05 * (soft - 0.5), 0.0, 1.0 + 0.035 * soft
        if move.startswith("pan"):
            x = way * 0.5 * (soft - 0.5)
        elif move == "push":
            zoom = 1.0 + 0.16 * soft
        elif move == "pull":
            zoom = 1.16 - 0.14 * soft
        elif move == "still":
            x, zoom = 0.0, 1.0
        if stage.style.jitter:
            drawing = round(t * stage.style.cadence)
            x += stage.style.jitter * math.sin(drawing * 12.9898)
            y += stage.style.jitter * math.sin(drawing * 78.233)
        return View(x + follow * gone(t), y, zoom, t, progress)

    return view
