"""Directing: where everybody stands, how large, which way the light falls and what the camera does. Turns a scene
graph and a
seed into a stage on which every frame can be drawn."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.footage import Pixels
from engine.renderers.animatic import backdrop, camera, weather
from engine.renderers.animatic.actors import Actor, Dress, Key, contact, phase_of
from engine.renderers.animatic.camera import FRAMINGS, Framing, framing_of
from engine.renderers.animatic.canvas import Canvas, Group
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.company import (
    ALOFT,
    Placed,
    another_coat,
    drawn_after,
    flight,
    habitat_of,
    meet,
    mount,
    seat_of,
    stands_tall,
    take_water,
    there_and_back,
    water_before,
)
from engine.renderers.animatic.figures.beast import AFLOAT, Beast
from engine.renderers.animatic.figures.catalogue import STAGE_LIMIT, Kind, design_of, drawn_as, kind_of
from engine.renderers.animatic.figures.design import Motion
from engine.renderers.animatic.figures.fishes import Fish
from engine.renderers.animatic.figures.gestures import seated
from engine.renderers.animatic.film import Aim
from engine.renderers.animatic.geometry import Matrix, clamp, ease, mix, mul, scale, shift, wave
from engine.renderers.animatic.graph import Cue, Scene, Subject
from engine.renderers.animatic.moods import toned
from engine.renderers.animatic.palette import Palette, palette, veiled
from engine.renderers.animatic.settings.base import Setting
from engine.renderers.animatic.settings.catalogue import SETTINGS
from engine.renderers.animatic.stage import Frame, Stage, View
from engine.renderers.animatic.styles import DEFAULT, STYLES

MOVING = {"walk", "run", "trot", "chase", "fly", "swim", "drive", "sail", "hop", "ride", "march", "drift", AFLOAT}
AWAY: Matrix = (1.0, 0.0, 0.0, 1.0, -1e5, -1e5)
_OF_THE_PLACE = ("sky", "far weather", "behind", "inland", "before", "weather")
_TURN_SECONDS = 0.6  # from one pose into another
_TAKE_OFF_SECONDS = 3.0


@dataclass
class Take:
    """A stage that is set: the painted backdrop, the field that finishes a frame, and what moves."""

    stage: Stage
    sky: Pixels  # larger than the frame where the camera turns
    finish: Pixels
    view: Callable[[float], View]
    lead: tuple[float, float] = (0.0, 0.5)  # where the main subject stands, all of its kind: the middle, and how wide

    def lay_sky(self, view: View, pixels: Pixels) -> None:
        """The part of the backdrop that the camera sees."""
        frame = self.stage.frame
        spare_x, spare_y = (self.sky.shape[1] - frame.width) // 2, (self.sky.shape[0] - frame.height) // 2
        left, top = spare_x + view.yaw * frame.unit, spare_y + view.pitch * frame.unit
        if view.lens == 1.0:
            x, y = clamp(round(left), 0, 2 * spare_x), clamp(round(top), 0, 2 * spare_y)
            np.copyto(pixels, self.sky[int(y) : int(y) + frame.height, int(x) : int(x) + frame.width])
            return
        px, py = self.stage.pivot
        px, py = frame.width / 2 + px * frame.unit, frame.height * frame.horizon + py * frame.unit
        xs = np.clip(left + px + (np.arange(frame.width) - px) / view.lens, 0, self.sky.shape[1] - 1).astype(np.intp)
        ys = np.clip(top + py + (np.arange(frame.height) - py) / view.lens, 0, self.sky.shape[0] - 1).astype(np.intp)
        # whole pixels at once; the sky is soft, so the nearest one will do
        words = self.sky.view(np.uint32)[..., 0]
        np.copyto(pixels.view(np.uint32)[..., 0], words[ys][:, xs])


def set_stage(
    scene: Scene,
    width: int,
    height: int,
    seconds: float,
    seed: int,
    *,
    window: tuple[float, float] | None = None,
    place_seed: int | None = None,
    cues: Sequence[Cue] = (),
    aim: Aim | None = None,
) -> Take:
    """Set a scene as its seed composes it. Where a clip has several shots, `window` is when this one is seen: its
    camera runs over that time alone, while what happens goes by the whole clip's `seconds`. `place_seed` chooses the
    land and the sky alone, where they are to be others; `cues` are what subjects do from some moment on; `aim` is
    where another camera stands."""

    def dice(part: str) -> np.random.Generator:
        # One generator for each part: a subject more, or a larger frame, leaves land and sky as they were.
        chosen = place_seed if place_seed is not None and part in _OF_THE_PLACE else seed
        return np.random.default_rng([chosen & 0xFFFFFFFF, 0x6B696E6F, *part.encode()])

    start, end = window or (0.0, seconds)
    framing = FRAMINGS[framing_of(scene.camera, scene.framing)]
    rng = dice("composition")
    style = STYLES.get(scene.style, DEFAULT)
    setting = SETTINGS[scene.setting]
    air = weather.air(scene.weather)
    light = toned(_light(scene, setting), scene.mood)
    horizon = setting.horizon + framing.horizon * (0.6 if setting.indoors else 1.0)
    frame = Frame(width, height, clamp(horizon + (0.03 if height > width else 0.0), 0.05, 0.92))
    lead_side = _lead_side(scene, rng)
    sun_x = -lead_side * frame.half * float(rng.uniform(0.30, 0.52))
    if any(s.action == "howl" for s in scene.subjects):
        sun_x = lead_side * frame.half * -0.30
    sun_y = light.height * frame.above * 0.86
    hard = 0.0 if light.body == "none" else (0.35 if air.soft else 1.0)
    if light.name in ("neon", "lamp", "blue"):
        hard = 0.5
    key = Key(math.copysign(0.85, sun_x), 0.35 + light.height * 0.9, hard)
    stage = Stage(frame, light, style, key, rng, Canvas(width, height))
    stage.outdoors = _outdoors(scene, setting) if setting.indoors else None
    stage.wind = 0.3 if air.wind is None else air.wind
    stage.reserved = (lead_side * frame.half * 0.33, 0.3)
    stage.pivot = (lead_side * frame.half * 0.24, frame.below * setting.stand - 0.20)
    way = 1.0 if np.random.default_rng([seed & 0xFFFFFFFF, round(start * 1000)]).random() < 0.5 else -1.0
    going = camera.path(scene.camera, start=start, end=end, total=seconds, half=frame.half, way=way)
    going = _from(going, aim)
    stage.reach = camera.reach(going, start, end)
    stage.sinks, stage.restless = camera.sinks(going, start, end), camera.is_restless(going, start, end)
    if camera.closes_in(going, start, end):
        stage.infinity = -1.0
    elif setting.indoors and camera.stays(going, start, end):
        stage.infinity = 0.5
    spare_x, spare_y = (math.ceil(r * frame.unit) + (2 if r else 0) for r in stage.reach)
    sun_px = (
        None
        if light.body == "none" or setting.indoors
        else (width / 2 + sun_x * frame.unit, (frame.above - sun_y) * frame.unit)
    )
    if sun_px and light.body == "moon" and any(s.kind == "moon" for s in scene.subjects):
        sun_px = (sun_px[0], frame.above * frame.unit * 0.36)
    cloudiness = setting.clouds if air.clouds is None else air.clouds
    disc = 1.75 if any(s.kind in ("moon", "sun") for s in scene.subjects) or (light.body == "moon") else 1.15
    tinted = replace(
        light, sky=tuple(map(style.tint, light.sky)), haze=style.tint(light.haze), light=style.tint(light.light)
    )
    if sun_px:
        sun_px = (sun_px[0] + spare_x, sun_px[1] + spare_y)
    sky = backdrop.paint_sky(
        width + 2 * spare_x,
        height + 2 * spare_y,
        spare_y + (height if setting.floats else frame.above * frame.unit),
        tinted,
        sun_px,
        dice("sky"),
        clouds=cloudiness,
        # behind thick cloud, snow or fog there is a brightness and no disc
        disc=0.0 if "storm" in scene.weather or (light.body == "sun" and air.veil > 0.4) else disc,
    )
    stage.rng = dice("cast")
    placed = _cast(scene, setting, stage, lead_side, framing)
    for one in placed:
        one.cues = tuple(cue for cue in cues if cue.subject == one.kind.name)
    follow = _follow_speed(placed, setting)
    stage.follows = follow != 0.0
    stage.rng = dice("far weather")
    weather.add(stage, scene.weather, far=True)
    stage.rng = dice("behind")
    setting.behind(stage)
    stage.rng = dice("inland")
    weather.add_inland(stage, scene.weather, walled=setting.walled)
    _perform(stage, setting, placed, follow)
    # what is near stands on the lower edge of all that the camera will show
    stage.frame = replace(frame, foot=stage.reach[1] + 1.2 * stage.sinks)
    stage.rng = dice("before")
    setting.before(stage)
    stage.frame = frame
    stage.paint_distance(sky)
    stage.rng = dice("weather")
    weather.add(stage, scene.weather, far=False)
    view = _carried(going, stage, follow, _time_gone(placed))
    if any(p.wash for p in placed):
        take_water(placed, stage, sky, view(0.0))
    finish = backdrop.finish_field(width, height, dice("finish"), grain=style.grain, vignette=style.vignette)
    return Take(stage, sky, finish, view, _lead(scene, placed))


def _lead(scene: Scene, placed: list[Placed]) -> tuple[float, float]:
    first = next((p.kind for subject in scene.subjects for p in placed if p.kind.name == subject.kind), None)
    theirs = [p.mount or p for p in placed if p.kind is first and not p.enters]
    if not theirs:
        return 0.0, 0.5
    left = min(p.x - p.actor.design.extent[0] * p.size / 2 for p in theirs)
    right = max(p.x + p.actor.design.extent[0] * p.size / 2 for p in theirs)
    return (left + right) / 2, right - left


def _from(going: Callable[[float], View], aim: Aim | None) -> Callable[[float], View]:
    """The same way, gone by a camera that stands elsewhere."""
    if aim is None:
        return going

    def view(t: float) -> View:
        seen = going(t)
        return replace(seen, x=seen.x + aim.x, y=seen.y + aim.y, zoom=seen.zoom * aim.zoom)

    return view


def _outdoors(scene: Scene, setting: Setting) -> Palette:
    """The light outside a room, for what its windows show."""
    return toned(palette(scene.hour or ("dusk" if setting.hour in ("lamp", "neon") else "noon")), scene.mood)


def _light(scene: Scene, setting: Setting) -> Palette:
    name = scene.hour or setting.hour
    if setting.own_light:
        # a room by night is lit by its lamps; caves, the deep and other worlds keep the light they have
        evening = name in ("night", "blue", "dusk") and setting.hour == "indoors"
        return palette("lamp" if evening else setting.hour)
    air = weather.air(scene.weather)
    if air.light and (not scene.hour or (air.light in ("storm", "sandstorm") and name not in ("night", "neon"))):
        name = air.light
    elif air.by_night and not scene.hour and name not in ("neon", "dusk", "blue"):
        name = "night"
    elif air.veil >= 0.45 and not scene.hour and name in ("dawn", "noon", "golden", "desert", "jungle"):
        name = "overcast"
    light = palette(name)
    if air.veil:
        light = veiled(light, air.veil)
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


def _cast(
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
    total = sum(
        _room(s, boost) for s in figures if kind_of(s.kind).habitat == "ground" and not s.enters and s.on is None
    )
    squeeze = min(1.0, frame.half * (1.5 if frame.tall else 1.9) / total) if total else 1.0
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
        step = min(height * w / h * (0.78 if habitat == "ground" else 1.05), frame.half * 1.55 / (count - 1))
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
    reach = max(0.0, frame.half * (1.02 if count > 1 else 0.97) - height * w / h * 0.5)
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
    shade_by = 0.0 if count < 2 or subject.colour or not kind.alive else 0.05 * math.sin(order * 2.4)
    dress = Dress(
        stage.palette,
        named,
        distance,
        _figure_tint(stage, shade_by),
        edge,
        stage.style.line if stage.style.lift else None,
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


def _follow_speed(placed: list[Placed], setting: Setting) -> float:
    """The camera goes with those who walk, if nobody stays behind; with a sign: to the right or the left."""
    walking = [p for p in placed if p.pace and p.habitat in ("ground", "water") and not p.enters]
    staying = [
        p for p in placed if not p.pace and p.habitat in ("ground", "water") and not p.enters and p.mount is None
    ]
    if not walking or staying or setting.indoors or setting.floats or setting.name == "road":
        return 0.0
    if len({p.facing for p in walking}) > 1:
        return 0.0
    return max(p.pace for p in walking) * walking[0].facing


def _perform(stage: Stage, setting: Setting, placed: list[Placed], follow: float) -> None:
    ground, stand = Group(), Group()
    for p in placed:
        if p.shade is not None:
            ground.add(p.shade)
        ground.add(p.actor.under)
        stand.add(p.actor.over)
        if p.wash is not None:
            stand.add(p.wash)
    if ground.size:
        stage.canvas.add(ground)
        stage.canvas.add(stand)
    half = stage.frame.half
    seats: dict[int, tuple[float, float, float]] = {}

    def move(view: View) -> None:
        root = stage.still(view, 1.0)
        for index, p in enumerate(placed):
            x, y, facing, action = p.x, p.y, p.facing, p.action
            if view.rehearsal:
                x = 0.0
            elif p.mount is not None:
                if id(p.mount) not in seats:  # has not come yet
                    p.actor.hide()
                    continue
                x, y, facing = seat_of(p, p.mount, seats[id(p.mount)])
            elif p.enters:
                arrived = ease((view.progress - p.enters) / 0.30)
                if view.progress < p.enters:
                    p.actor.hide()
                    seats.pop(id(p), None)
                    if p.shade:
                        p.shade.place(AWAY)
                    continue
                x = mix(-facing * half * 1.35, x, arrived)
                if arrived < 0.97:
                    action = "walk" if p.actor.design.speed("walk") else action
            elif p.habitat == "air" or (p.pace and follow == 0.0 and setting.floats and p.alone):
                x, y, facing = flight(p, view, half, index)
            elif p.pace and follow == 0.0:
                x, facing = there_and_back(p, view.t, half)
            elif follow:
                x += p.facing * half * 0.10 * (view.progress * 2 - 1) + 0.02 * wave(view.t / 5.3 + p.phase)
            if p.later and view.progress > 0.5:
                action = p.later
                if action in ALOFT and p.habitat == "ground":
                    away = ease((view.progress - 0.5) * 1.6)
                    x, y = x + facing * half * 0.5 * away, y - 0.55 * away
            before, turned = action, 1.0
            if p.cues:
                on_cue = _on_cue(p, action, view.t)
                before, action, turned = on_cue.before, on_cue.action, on_cue.turned
                if on_cue.walked and not follow and not view.rehearsal and p.mount is None and p.habitat != "air":
                    x, facing = there_and_back(replace(p, pace=1.0), on_cue.walked, half)
                if action in ALOFT and p.habitat == "ground" and p.mount is None:
                    y -= 0.45 * on_cue.risen
            seats[id(p)] = (x, y, facing)
            motion = Motion(view.t, action, p.phase, view.progress, stage.wind)
            at = mul(root, shift(x, y))
            rim = stage.frame.unit and 0.0032
            p.actor.act(motion, at, facing=facing, size=p.size, rim=rim, before=before, turned=turned)
            if stage.restless:
                p.actor.over.lay_again()
            if p.wash:
                p.wash.place(mul(at, scale(p.actor.design.extent[0] * p.size, p.actor.design.extent[1] * p.size)))
            if p.shade:
                w = p.actor.design.extent[0] * p.size
                p.shade.place(mul(at, scale(w * 0.95, w * 0.75)))

    stage.movers.append(move)


@dataclass(frozen=True)
class _OnCue:
    """What it did, what it does, how far it has turned from the one to the other, how far it has walked and risen."""

    before: str
    action: str
    turned: float
    walked: float
    risen: float


def _on_cue(p: Placed, action: str, t: float) -> _OnCue:
    before, since = action, -math.inf
    walked, at = 0.0, 0.0
    for cue in p.cues:
        if cue.at > t:
            break
        walked += _stride(p, action) * (cue.at - at)
        before, action, since, at = action, cue.action, cue.at, cue.at
    walked += _stride(p, action) * (t - at)
    return _OnCue(before, action, ease((t - since) / _TURN_SECONDS), walked, ease((t - since) / _TAKE_OFF_SECONDS))


def _time_gone(placed: list[Placed]) -> Callable[[float], float]:
    """For how long whom the camera follows has walked: it stops when they stop."""
    leader = max((p for p in placed if p.pace and p.cues), key=lambda p: p.pace, default=None)
    if leader is None:
        return lambda t: t
    return lambda t: _on_cue(leader, leader.action, t).walked / leader.pace


def _stride(p: Placed, action: str) -> float:
    return p.actor.design.speed(action) * p.size if action in MOVING and p.habitat != "air" else 0.0


def _carried(
    going: Callable[[float], View], stage: Stage, follow: float, gone: Callable[[float], float]
) -> Callable[[float], View]:
    """The camera's own way, with those it goes along with, in the hand of the style."""

    def view(t: float) -> View:
        seen = replace(going(t), travel=follow * gone(t))
        if stage.style.jitter:
            drawing = round(t * stage.style.cadence)
            shake = stage.style.jitter
            seen = replace(
                seen,
                x=seen.x + shake * math.sin(drawing * 12.9898),
                y=seen.y + shake * math.sin(drawing * 78.233),
            )
        return seen

    return view
