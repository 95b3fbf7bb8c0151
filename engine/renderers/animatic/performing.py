"""Performing: where those on the stage are at each moment, and what they do then."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.renderers.animatic.canvas import Group
from engine.renderers.animatic.casting import MOVING
from engine.renderers.animatic.company import ALOFT, Placed, flight, seat_of, there_and_back
from engine.renderers.animatic.figures.design import Motion
from engine.renderers.animatic.geometry import Matrix, ease, mix, mul, scale, shift, wave
from engine.renderers.animatic.settings.base import Setting
from engine.renderers.animatic.stage import Stage, View

AWAY: Matrix = (1.0, 0.0, 0.0, 1.0, -1e5, -1e5)
_TURN_SECONDS = 0.6  # from one pose into another
_TAKE_OFF_SECONDS = 3.0


def follow_speed(placed: list[Placed], setting: Setting) -> float:
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


def perform(stage: Stage, setting: Setting, placed: list[Placed], follow: float) -> None:
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
            elif p.habitat == "air" and action == "rise":
                # from the ground, slowly at first, until it is about to leave the picture
                y = mix(stage.frame.below * setting.stand, p.y - 0.10, view.progress**1.7)
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


def time_gone(placed: list[Placed]) -> Callable[[float], float]:
    """For how long whom the camera follows has walked: it stops when they stop."""
    leader = max((p for p in placed if p.pace and p.cues), key=lambda p: p.pace, default=None)
    if leader is None:
        return lambda t: t
    return lambda t: _on_cue(leader, leader.action, t).walked / leader.pace


def _stride(p: Placed, action: str) -> float:
    return p.actor.design.speed(action) * p.size if action in MOVING and p.habitat != "air" else 0.0
