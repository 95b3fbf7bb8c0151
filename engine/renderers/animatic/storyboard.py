"""Storyboards: cards on a timeline, and what lies between them.

Cards that go on telling of the same subjects in the same place are one continuous shot: who was standing begins to
fish, who is new comes in, evening falls from one card to the next. Where a card tells of something else, the film goes
over into it and has arrived at the card's moment; where two cards lie too close together for that, there is a cut.
"""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from engine.renderers.animatic.composing import CUT, Composed, stretch
from engine.renderers.animatic.figures.catalogue import kind_of
from engine.renderers.animatic.film import Cut, Film, Mixed, Moved, Node, Shot, moved, smooth
from engine.renderers.animatic.graph import Cue, Scene, Subject, seated_again
from engine.renderers.animatic.remixing import Change, change_of, with_camera
from engine.renderers.base import RenderOrder

CUT_WITHIN: Final = 1.0  # seconds between two cards: less than that is a cut
_GOES_OVER: Final = 1.6  # seconds, at most, from one scene into another
_TURNS: Final = 0.3  # seconds before its card at which a subject begins to do something else


@dataclass(frozen=True)
class Station:
    """A moment on the timeline, and what is to be seen then: a film, which lasts, or words."""

    at: float
    until: float = 0.0
    root: Node | None = None
    spoken: Change | None = None


@dataclass(frozen=True)
class Told:
    root: Node
    notes: tuple[str, ...] = ()
    not_drawn: tuple[str, ...] = ()


def tell(order: RenderOrder) -> Composed:
    brief = order.brief
    files = dict(zip((card.at for card in brief.cards if card.source is not None), order.sources, strict=True))
    stations: list[Station] = []
    notes: list[str] = []
    missing: list[str] = []
    for number, card in enumerate(brief.cards):
        following = brief.cards[number + 1].at if number + 1 < len(brief.cards) else brief.look.seconds
        if card.source is None:
            stations.append(Station(at=card.at, spoken=change_of(card.text, brief.look.style)))
            missing += stations[-1].spoken.not_drawn if stations[-1].spoken else ()
            continue
        room = max(following - card.at, CUT_WITHIN)
        part = stretch(files[card.at], card.source, seconds=room, seed=order.seed)
        until = min(card.at + part.seconds, following)
        stations.append(Station(at=card.at, until=until, root=moved(part.root, card.at)))
        notes += part.notes
    told = filled_in(stations, brief.look.seconds, order.seed)
    return Composed(
        Film(told.root, brief.look.seconds),
        tuple(dict.fromkeys((*missing, *told.not_drawn))),
        tuple(dict.fromkeys((*notes, *told.notes))),
    )


# -- from stations to a film ---------------------------------------------------------------------------------------


@dataclass
class _Stretch:
    """Cards that are one shot, or one clip: where it begins, and until when its cards need it."""

    begins: float
    until: float
    root: Node | None = None  # a film that cannot be gone on with
    shot: Shot | None = None
    arrives: float = 0.0  # when its first card is to be seen whole
    fixed: bool = False  # a clip's own shot: its entrances and its camera stay what they were
    phases: list[tuple[float, Scene]] = field(default_factory=list)  # light, weather, camera and look from a moment on
    cues: list[Cue] = field(default_factory=list)
    newcomers: list[tuple[float, Subject]] = field(default_factory=list)
    told: list[Scene] = field(default_factory=list)  # the newcomers' scenes: who of them sits on what

    def local(self, at: float) -> float:
        return at - self.begins


def filled_in(stations: list[Station], seconds: float, seed: int) -> Told:
    """One film of all stations."""
    parts: list[_Stretch] = []
    not_drawn: list[str] = []
    for station in stations:
        if station.spoken is not None and parts and _goes_on(parts[-1], station.spoken):
            not_drawn += _go_on(parts[-1], station)
        else:
            parts.append(_begin(station, seed, first=not parts, after=parts[-1].until if parts else 0.0))
    root = _node(parts[0], parts[1].begins if len(parts) > 1 else seconds)
    notes: list[str] = []
    for number, (earlier, later) in enumerate(pairwise(parts), start=1):
        ends = parts[number + 1].begins if number + 1 < len(parts) else seconds
        node = _node(later, ends)
        arrives = later.arrives
        room = arrives - earlier.until
        if room < CUT_WITHIN:
            root = Cut(((arrives, root), (seconds, node)))
            notes.append(CUT)
        else:
            root = Mixed(root, node, smooth(arrives - min(room, _GOES_OVER), arrives))
    return Told(root, tuple(notes), tuple(not_drawn))


def _begin(station: Station, seed: int, *, first: bool, after: float) -> _Stretch:
    if station.root is not None:
        root = station.root
        by, shot = (root.by, root.of) if isinstance(root, Moved) else (0.0, root)
        if isinstance(shot, Shot):
            part = _Stretch(begins=by, until=station.until, shot=shot, fixed=True)
            part.phases = [(station.until, shot.scene)]  # until then it is as it was
            part.arrives = station.at
            part.cues = list(shot.cues)
            return part
        return _Stretch(begins=station.at, until=station.until, arrives=station.at, root=root)
    assert station.spoken is not None
    scene = station.spoken.scene
    # it is there already while the film goes over into it
    begins = 0.0 if first else max(after, station.at - _GOES_OVER) if station.at - after >= CUT_WITHIN else station.at
    part = _Stretch(begins=begins, until=station.at, arrives=station.at, shot=Shot(scene, seed, 1.0))
    part.phases = [(station.at, scene)]
    return part


def _goes_on(part: _Stretch, spoken: Change) -> bool:
    """Whether the words still speak of the same place and of somebody who is there already."""
    if part.shot is None:
        return False
    scene = part.phases[-1][1]
    if "setting" in spoken.named and spoken.scene.setting != scene.setting:
        return False
    figures = {subject.kind for subject in spoken.scene.subjects if kind_of(subject.kind).figure}
    known = {subject.kind for subject in scene.subjects} | {subject.kind for _, subject in part.newcomers}
    return not figures or bool(figures & known)


def _go_on(part: _Stretch, station: Station) -> list[str]:
    """Take the words into the shot; answers with what finds no place in it."""
    assert station.spoken is not None and part.shot is not None
    spoken, at = station.spoken, station.at
    known = {subject.kind for subject in part.shot.scene.subjects} | {subject.kind for _, subject in part.newcomers}
    lost: list[str] = []
    there = (replace(subject, on=None) if subject.kind in known else subject for subject in spoken.scene.subjects)
    part.told.append(replace(spoken.scene, subjects=tuple(there)))
    for subject in spoken.scene.subjects:
        if subject.kind in known:
            if subject.on is not None:
                lost += [subject.action] if subject.action else []  # who stands does not get into a saddle
            elif subject.action:
                part.cues.append(Cue(part.local(max(part.until, at - _TURNS)), subject.kind, subject.action))
            if subject.later:
                part.cues.append(Cue(part.local(at) + 1.5, subject.kind, subject.later))
        elif part.fixed:
            lost.append(subject.kind)
        else:
            part.newcomers.append((at, subject))
    before = part.phases[-1][1]
    scene = replace(
        before,
        hour=spoken.scene.hour if "hour" in spoken.named and spoken.scene.hour else before.hour,
        weather=spoken.scene.weather if "weather" in spoken.named else before.weather,
        style=spoken.scene.style if "style" in spoken.named else before.style,
        mood=spoken.scene.mood if "mood" in spoken.named else before.mood,
    )
    part.phases.append((at, with_camera(scene, spoken)))
    part.until = max(part.until, at)
    return lost


def _node(part: _Stretch, ends: float) -> Node:
    """The stretch as a film, in the storyboard's time."""
    if part.root is not None:
        return part.root
    assert part.shot is not None
    length = part.shot.seconds if part.fixed else max(ends - part.begins, 0.1)
    entering = (replace(subject, enters=max(0.02, part.local(at) / length)) for at, subject in part.newcomers)
    subjects = seated_again((*part.shot.scene.subjects, *entering), [part.shot.scene, *part.told])
    cues = tuple(sorted(part.cues, key=lambda cue: cue.at))
    root: Node | None = None
    shown: Scene | None = None
    since = 0.0
    for at, phase in part.phases:
        scene = replace(phase, subjects=subjects)
        if scene == shown:
            since = part.local(at)
            continue
        shot = replace(part.shot, scene=scene, seconds=length, cues=cues)
        if root is None or shown is None:
            root = shot
        else:
            # light and weather change all the way from card to card; another camera takes its place in a moment
            slowly = scene.camera == shown.camera
            begins = since if slowly else max(since, part.local(at) - _GOES_OVER / 2)
            root = Mixed(root, shot, smooth(begins, part.local(at)))
        shown, since = scene, part.local(at)
    assert root is not None
    return moved(root, part.begins)
