"""Directing: which way the light falls, who is on the stage and what the camera does. Turns a scene graph and a seed
into a stage on which every frame can be drawn."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.footage import Pixels
from engine.renderers.animatic import backdrop, camera, weather
from engine.renderers.animatic.actors import Key
from engine.renderers.animatic.camera import FRAMINGS, framing_of
from engine.renderers.animatic.canvas import Canvas
from engine.renderers.animatic.casting import cast
from engine.renderers.animatic.company import (
    Placed,
    take_water,
)
from engine.renderers.animatic.film import Aim
from engine.renderers.animatic.geometry import clamp
from engine.renderers.animatic.graph import Cue, Scene
from engine.renderers.animatic.moods import toned
from engine.renderers.animatic.palette import Palette, palette, veiled
from engine.renderers.animatic.performing import follow_speed, perform, time_gone
from engine.renderers.animatic.settings.base import Setting
from engine.renderers.animatic.settings.catalogue import SETTINGS
from engine.renderers.animatic.stage import Frame, Stage, View
from engine.renderers.animatic.styles import DEFAULT, STYLES

_OF_THE_PLACE = ("sky", "far weather", "behind", "inland", "before", "weather")


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
    kinds = weather.with_style(scene.weather, style)
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
    if setting.indoors:
        stage.outdoors = _outdoors(scene, setting)
        kinds, stage.outside = weather.under_a_roof(kinds)
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
    placed = cast(scene, setting, stage, lead_side, framing)
    for one in placed:
        one.cues = tuple(cue for cue in cues if cue.subject == one.kind.name)
    follow = follow_speed(placed, setting)
    stage.follows = follow != 0.0
    stage.rng = dice("far weather")
    weather.add(stage, kinds, far=True)
    stage.rng = dice("behind")
    setting.behind(stage)
    stage.rng = dice("inland")
    weather.add_inland(stage, kinds, walled=setting.walled)
    perform(stage, setting, placed, follow)
    # what is near stands on the lower edge of all that the camera will show
    stage.frame = replace(frame, foot=stage.reach[1] + 1.2 * stage.sinks)
    stage.rng = dice("before")
    setting.before(stage)
    stage.frame = frame
    stage.paint_distance(sky)
    stage.rng = dice("weather")
    weather.add(stage, kinds, far=False)
    view = _carried(going, stage, follow, time_gone(placed))
    stage.at_rest = camera.drawings_at_rest(view, start, end, half=frame.half, rate=style.cadence)
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
    usual = "dusk" if setting.hour in ("lamp", "neon") else "noon"
    return toned(palette(scene.hour or weather.air(scene.weather).light or usual), scene.mood)


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
