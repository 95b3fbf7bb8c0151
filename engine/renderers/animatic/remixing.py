"""Remixes: a clip changed by text, the more the stronger.

At strength 0 it is the clip it was. From there the changes come in one by one, those that lie on the surface first;
what the text asks for is all there at "subtle", and camera and composition are still what they were. Beyond it, what
the text does not speak of is left to chance as well: first the land, then the whole composition.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from engine.renderers.animatic.camera import FRAMINGS
from engine.renderers.animatic.composing import COLOURS_ONLY, Composed, stretch
from engine.renderers.animatic.figures.catalogue import kind_of
from engine.renderers.animatic.film import Film, Node, Picture, Reel, Shot, Tone, changed, leaves
from engine.renderers.animatic.graph import Scene, Subject, seated_again
from engine.renderers.animatic.palette import LEXICON
from engine.renderers.animatic.reading import read
from engine.renderers.animatic.settings.catalogue import SETTINGS
from engine.renderers.animatic.tokens import Token, tokens
from engine.renderers.animatic.vocabulary import simplified
from engine.renderers.base import RenderOrder

MILD: Final = 0.55
NEW_LAND: Final = 0.45  # from here on hills and trees that nobody mentioned may be others
NEW_COMPOSITION: Final = 0.75  # and from here on everything

# What falls and floats can be drawn before pixels that somebody else made.
BEFORE_PIXELS: Final = frozenset(
    {
        "rain", "drizzle", "storm", "snow", "blizzard", "hail", "fog", "mist", "wind", "dust", "leaves", "petals",
        "feathers", "confetti", "motes", "ash", "embers", "sparks", "bubbles", "butterflies", "fireflies",
    }
)  # fmt: skip
# one of them at a time
_SKIES: Final = frozenset(
    {"rain", "drizzle", "storm", "snow", "blizzard", "hail", "sandstorm", "cloudy", "clear", "stars", "rainbow"}
)


@dataclass(frozen=True)
class Change:
    """What a text asks to change: its scene, which of its facets it really names, and how it speaks of its subjects."""

    scene: Scene
    named: frozenset[str]
    replaces: bool
    removes: bool

    @property
    def not_drawn(self) -> tuple[str, ...]:
        return tuple(word for word in self.scene.not_drawn if simplified(word) not in asking_words())


def change_of(text: str, style: str | None) -> Change:
    scene = read(text, style)
    found = tokens(text)
    named = {meaning.role for token in found for meaning in token.meanings}
    if style:
        named.add("style")
    plain = simplified(text.lower())
    return Change(scene, frozenset(named), _says(plain, found, "replace"), _says(plain, found, "remove"))


@cache
def _change_words() -> dict[str, tuple[str, ...]]:
    book = tomllib.loads((LEXICON / "changes.toml").read_text("utf-8"))
    return {part: tuple(entry["words"]) for part, entry in book.items()}


def asking_words() -> frozenset[str]:
    """Words of the request itself: "make it", 换成."""
    return frozenset(word for words in _change_words().values() for word in words)


def _says(plain: str, found: list[Token], part: str) -> bool:
    words = set(plain.replace(",", " ").replace(".", " ").split())
    return any(word in plain if not word.isascii() or " " in word else word in words for word in _change_words()[part])


# -- the remix -----------------------------------------------------------------------------------------------------


def remix(order: RenderOrder) -> Composed:
    brief = order.brief
    part = stretch(order.sources[0], brief.sources[0], seconds=brief.look.seconds, seed=order.seed)
    strength = MILD if brief.strength is None else brief.strength
    if strength <= 0.0:
        return Composed(Film(part.root, brief.look.seconds), (), part.notes)
    change = change_of(brief.prompt, brief.look.style)
    # the first take follows the strength alone; those to choose from differ in what was not spoken of
    fresh = order.seed if order.number > 1 or strength >= NEW_LAND else None

    def remixed(leaf: Shot | Reel | Picture) -> Node:
        if isinstance(leaf, Shot):
            return remixed_shot(leaf, change, strength, fresh)
        return remixed_pixels(leaf, change, strength)

    root = changed(part.root, remixed)
    missing, notes = change.not_drawn, part.notes
    if any(not isinstance(leaf, Shot) for leaf in leaves(root)):
        from engine.renderers.animatic.animating import unmovable

        missing = tuple(word for word in unmovable(brief.prompt, missing))
        notes = (*notes, COLOURS_ONLY)
    return Composed(Film(root, brief.look.seconds), missing, notes)


def remixed_shot(shot: Shot, change: Change, strength: float, fresh: int | None) -> Shot:
    scene = edited(shot.scene, change, strength)
    if fresh is not None:
        shot = (
            replace(shot, seed=fresh, place_seed=None)
            if strength >= NEW_COMPOSITION
            else replace(shot, place_seed=fresh)
        )
    # what a subject is told to do by the text, it does all the time
    told = {subject.kind for subject in change.scene.subjects if subject.action} if strength >= _ACTIONS else set()
    cues = tuple(cue for cue in shot.cues if cue.subject not in told)
    return replace(shot, scene=scene, cues=cues)


# The strength at which each facet of what the text names is let in.
_LIGHT, _WEATHER, _STYLE, _COLOURS, _ACTIONS, _SUBJECTS, _CAMERA, _SETTING = (
    0.05, 0.10, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35,
)  # fmt: skip


def edited(scene: Scene, change: Change, strength: float) -> Scene:
    """The scene with as many of the asked changes as the strength lets in; everything else as it was."""
    steps: tuple[tuple[float, Callable[[Scene, Change], Scene]], ...] = (
        (_LIGHT, _with_hour),
        (_WEATHER, _with_weather),
        (_STYLE, _with_style),
        (_STYLE, _with_mood),
        (_COLOURS, _with_colours),
        (_ACTIONS, _with_actions),
        (_SUBJECTS, _with_subjects),
        (_CAMERA, with_camera),
        (_SETTING, _with_setting),
    )
    for threshold, step in steps:
        if strength >= threshold:
            scene = step(scene, change)
    return scene


def _with_hour(scene: Scene, change: Change) -> Scene:
    if "hour" not in change.named:
        return scene
    return _settled(replace(scene, hour=change.scene.hour or scene.hour))


def _with_weather(scene: Scene, change: Change) -> Scene:
    asked = change.scene.weather
    if change.removes:
        return replace(scene, weather=tuple(kind for kind in scene.weather if kind not in asked))
    kept = tuple(kind for kind in scene.weather if kind not in asked and not (kind in _SKIES and _SKIES & set(asked)))
    return replace(scene, weather=(*kept, *asked)) if asked else scene


def _with_style(scene: Scene, change: Change) -> Scene:
    return replace(scene, style=change.scene.style) if "style" in change.named else scene


def _with_mood(scene: Scene, change: Change) -> Scene:
    return replace(scene, mood=change.scene.mood) if "mood" in change.named else scene


def with_camera(scene: Scene, change: Change) -> Scene:
    """Of the camera's move and its framing, what the text names. Either may stand alone as the camera."""
    if "camera" not in change.named:
        return scene
    move, framing = change.scene.camera, change.scene.framing
    if move in FRAMINGS:
        return replace(scene, camera="drift" if scene.camera in FRAMINGS else scene.camera, framing=move)
    kept = scene.camera if scene.camera in FRAMINGS else scene.framing
    return replace(scene, camera=move, framing=framing or kept)


def _with_setting(scene: Scene, change: Change) -> Scene:
    if "setting" not in change.named:
        return scene
    return _settled(replace(scene, setting=change.scene.setting))


def _settled(scene: Scene) -> Scene:
    """Some places have a light of their own."""
    if SETTINGS[scene.setting].own_light:
        return replace(scene, hour="")
    if scene.setting == "street" and scene.hour in ("", "night", "blue", "dusk"):
        return replace(scene, hour="neon")
    if scene.setting != "street" and scene.hour == "neon":
        return replace(scene, hour="night")
    return scene


def _with_colours(scene: Scene, change: Change) -> Scene:
    def dressed(subject: Subject) -> Subject:
        asked = _same_kind(subject, change)
        if asked is None:
            return subject
        parts = {**dict(subject.parts), **dict(asked.parts)}
        return replace(subject, colour=asked.colour or subject.colour, parts=tuple(sorted(parts.items())))

    return replace(scene, subjects=tuple(map(dressed, scene.subjects)))


def _with_actions(scene: Scene, change: Change) -> Scene:
    def told(subject: Subject) -> Subject:
        asked = _same_kind(subject, change)
        if asked is None or not asked.action:
            return subject
        return replace(subject, action=asked.action, later=asked.later, heading=asked.heading or subject.heading)

    return replace(scene, subjects=tuple(map(told, scene.subjects)))


def _with_subjects(scene: Scene, change: Change) -> Scene:
    there = {subject.kind for subject in scene.subjects}
    newcomers = [subject for subject in change.scene.subjects if subject.kind not in there]
    if change.removes:
        gone = {subject.kind for subject in change.scene.subjects}
        staying = [subject for subject in scene.subjects if subject.kind not in gone]
        return replace(scene, subjects=seated_again(staying, [scene]))
    leaves = _who_leaves(scene, change) if change.replaces and newcomers else None
    successor = newcomers.pop(0) if leaves else None
    kept: list[Subject] = []
    for subject in scene.subjects:
        asked = _same_kind(subject, change)
        if successor is not None and subject.kind == leaves:
            kept.append(_in_the_place_of(subject, successor))
        elif asked is not None:
            kept.append(_counted(subject, asked, change))
        else:
            kept.append(subject)
    exchanged = (leaves, successor.kind) if leaves and successor else None
    return replace(scene, subjects=seated_again((*kept, *newcomers), [scene, change.scene], exchanged))


def _who_leaves(scene: Scene, change: Change) -> str | None:
    """The kind of subject that the text puts another in the place of: the one it names, or else the first. All of that
    kind go: whoever has a fox instead of the wolf means the wolf's pack as well."""
    figures = [subject.kind for subject in scene.subjects if kind_of(subject.kind).figure]
    asked_for = {subject.kind for subject in change.scene.subjects}
    return next((kind for kind in figures if kind in asked_for), figures[0] if figures else None)


def _in_the_place_of(old: Subject, new: Subject) -> Subject:
    """Where the old one stood, as many as there were, doing what it did, unless the text says otherwise."""
    return replace(
        new,
        count=new.count if new.count > 1 else min(old.count, kind_of(new.kind).most),
        action=new.action or (old.action if kind_of(new.kind).alive == kind_of(old.kind).alive else None),
        later=new.later or old.later,
        side=new.side or old.side,
        heading=new.heading or old.heading,
        enters=old.enters,
        behind=old.behind,
    )


def _counted(subject: Subject, asked: Subject, change: Change) -> Subject:
    count = asked.count if "count" in change.named or asked.count > 1 else subject.count
    return replace(
        subject,
        count=count,
        size=asked.size if "size" in change.named and asked.size != 1.0 else subject.size,
        side=asked.side or subject.side,
        carries=tuple(dict.fromkeys((*subject.carries, *asked.carries))),
    )


def _same_kind(subject: Subject, change: Change) -> Subject | None:
    return next((asked for asked in change.scene.subjects if asked.kind == subject.kind), None)


# -- pixels --------------------------------------------------------------------------------------------------------


def remixed_pixels(leaf: Reel | Picture, change: Change, strength: float) -> Reel | Picture:
    """Of pixels that are not drawn from a scene, the light, the weather and the tone of a style can be changed."""
    hour = change.scene.hour if "hour" in change.named and strength >= _LIGHT else ""
    style = change.scene.style if "style" in change.named and strength >= _STYLE else leaf.style
    weather = leaf.weather
    if strength >= _WEATHER and change.scene.weather:
        asked = set(change.scene.weather) & BEFORE_PIXELS
        kept = [kind for kind in leaf.weather if kind not in change.scene.weather]
        weather = tuple(kept) if change.removes else (*kept, *sorted(asked))
    tone = toned_for(hour, style if style != leaf.style else "cutout", min(1.0, 0.45 + 0.6 * strength))
    return replace(leaf, weather=weather, style=style, tone=tone or leaf.tone)


Rows = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
_PLAIN: Final[Rows] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
_HOURS: Final[dict[str, tuple[Rows, tuple[float, float, float]]]] = {
    "night": (((0.34, 0.06, 0.02), (0.04, 0.40, 0.06), (0.05, 0.10, 0.58)), (2, 6, 18)),
    "blue": (((0.52, 0.08, 0.02), (0.05, 0.58, 0.07), (0.06, 0.12, 0.78)), (4, 8, 20)),
    "dusk": (((0.98, 0.08, 0.0), (0.06, 0.74, 0.04), (0.06, 0.08, 0.74)), (10, -6, 8)),
    "golden": (((1.06, 0.08, 0.0), (0.04, 0.92, 0.0), (0.0, 0.06, 0.70)), (8, 2, -6)),
    "dawn": (((1.0, 0.06, 0.0), (0.06, 0.88, 0.04), (0.06, 0.08, 0.86)), (14, 6, 10)),
    "noon": (((1.08, 0.0, 0.0), (0.0, 1.08, 0.0), (0.0, 0.0, 1.06)), (4, 4, 4)),
}
_STYLES: Final[dict[str, tuple[Rows, tuple[float, float, float]]]] = {
    "film noir": (((0.30, 0.75, 0.15),) * 3, (-24, -24, -24)),
    "ink": (((0.26, 0.62, 0.12),) * 3, (22, 20, 14)),
    "archive film": (((0.36, 0.70, 0.16), (0.30, 0.60, 0.13), (0.22, 0.46, 0.10)), (8, 4, 0)),
    "watercolour": (((0.74, 0.08, 0.02), (0.06, 0.76, 0.02), (0.06, 0.08, 0.70)), (46, 44, 42)),
    "papercraft": (((1.16, -0.06, 0.0), (-0.04, 1.14, 0.0), (0.0, -0.04, 1.12)), (0, 0, 0)),
    "stop motion": (((1.10, 0.02, 0.0), (0.0, 1.02, 0.0), (0.0, 0.02, 0.90)), (6, 2, -4)),
    "silhouette": (((0.34, 0.40, 0.10), (0.24, 0.36, 0.10), (0.20, 0.32, 0.16)), (-40, -40, -34)),
}


def toned_for(hour: str, style: str, amount: float) -> Tone | None:
    """The light of an hour and the tones of a look, for pixels, so far."""
    rows: Rows = _PLAIN
    offset = (0.0, 0.0, 0.0)
    for book, name in ((_HOURS, hour), (_STYLES, style)):
        if name in book:
            new, add = book[name]
            rows, offset = _after(new, add, rows, offset)
    if rows == _PLAIN:
        return None
    red, green, blue = (_towards(plain, row, amount) for plain, row in zip(_PLAIN, rows, strict=True))
    r, g, b = (value * amount for value in offset)
    return Tone(red, green, blue, (r, g, b))


Row = tuple[float, float, float]


def _towards(plain: Row, row: Row, amount: float) -> Row:
    a, b, c = (p + (value - p) * amount for p, value in zip(plain, row, strict=True))
    return a, b, c


def _after(new: Rows, add: Row, rows: Rows, offset: Row) -> tuple[Rows, Row]:
    def along(row: Row) -> Row:
        a, b, c = (sum(row[k] * rows[k][column] for k in range(3)) for column in range(3))
        return a, b, c

    shifted = tuple(sum(row[k] * offset[k] for k in range(3)) + more for row, more in zip(new, add, strict=True))
    return (along(new[0]), along(new[1]), along(new[2])), (shifted[0], shifted[1], shifted[2])
