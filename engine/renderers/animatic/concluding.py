"""Concluding: what a scene is in the end, when all that a prompt says was heard: its place and hour where they were
only meant, who finds room, the shot and the style."""

from dataclasses import dataclass, field, replace

from engine.renderers.animatic.camera import FRAMINGS
from engine.renderers.animatic.drafts import Draft, finished, furnished, seated, unable
from engine.renderers.animatic.figures.catalogue import STAGE_LIMIT, kind_of
from engine.renderers.animatic.graph import Scene, seated_again
from engine.renderers.animatic.settings.catalogue import SETTINGS
from engine.renderers.animatic.styles import STYLES
from engine.renderers.animatic.tokens import tokens

_REPORT_LIMIT = 40
# Where those are who do this, when the prompt names no place.
_AT_HOME = {
    "swim": "lake", "surf": "sea", "dive": "underwater", "fish": "lake", "sail": "sea", "ski": "snow", "skate": "snow",
    "cook": "room", "play piano": "room", "skateboard": "street",
}  # fmt: skip


@dataclass
class Heard:
    """What was named, each in the order of the words."""

    subjects: list[Draft] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    grounds: list[str] = field(default_factory=list)  # grass, leaves: a place only where no other is named
    hours: list[str] = field(default_factory=list)
    weather: list[str] = field(default_factory=list)
    cameras: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    moods: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def concluded(heard: Heard, style: str | None) -> Scene:
    chosen, not_a_style = _style_of(style, heard.styles)
    _whiten(heard)
    setting = _where(heard)
    present, missing = _on_stage(heard.subjects)
    for draft in present:
        if draft.known.aloft and (draft.action == "fly" or SETTINGS[setting].floats or setting == "above the clouds"):
            draft.kind = draft.known.aloft
    place = SETTINGS[setting]
    furnished(present, "chair" if place.indoors else "" if place.water or place.floats else "log")
    missing += seated(present)
    for draft in present:
        missing += unable(draft)
    camera, framing = _shot_of(heard.cameras)
    subjects = finished([d for d in present if not (d.kind in ("tree", "pine") and setting in ("road", "forest"))])
    # who rides in a train sees it from within: it is the place, and not one more thing there
    subjects = seated_again((s for s in subjects if s.kind != setting), [Scene("", "", subjects=subjects)])
    if setting == "underwater":
        subjects = tuple(replace(s, action="swim") if kind_of(s.kind).habitat == "water" else s for s in subjects)
    mood = heard.moods[-1] if heard.moods else ""
    told = tuple(dict.fromkeys([*not_a_style, *heard.missing, *missing]))[:_REPORT_LIMIT]
    hour = _when(heard, present, setting)
    return Scene(setting, hour, tuple(heard.weather), subjects, camera, chosen, told, framing, mood)


def _on_stage(drafts: list[Draft]) -> tuple[list[Draft], list[str]]:
    """Those who find room on the stage, and what the others were called."""
    room = STAGE_LIMIT
    present: list[Draft] = []
    missing: list[str] = []
    for draft in drafts:
        if not kind_of(draft.kind).figure:
            present.append(draft)
            continue
        if draft.count > room:
            missing.append(draft.said)
            draft.count = room
        room -= draft.count
        if draft.count:
            present.append(draft)
    return present, missing


_UNDER_SNOW = {"snow", "meadow", "mountains", "forest"}  # together with snow they are the snowy plain


def _whiten(heard: Heard) -> None:
    """A snowy city street is a city, in the snow."""
    if "snow" in heard.settings and not set(heard.settings) <= {*_UNDER_SNOW, "road"}:
        heard.settings = [place for place in heard.settings if place != "snow"]
        if not {"snow", "blizzard"} & set(heard.weather):
            heard.weather.append("snow")


def _where(heard: Heard) -> str:
    named = [s for s in heard.settings or heard.grounds if s in SETTINGS]
    if "snow" in named and set(named) <= _UNDER_SNOW:
        return "snow"
    if "snow" in heard.weather and named and set(named) <= {"meadow", "mountains"}:
        return "snow"
    if "road" in named:
        return "road"
    if named:
        return named[0]
    for draft in heard.subjects:
        home = kind_of(draft.kind).setting
        if home in SETTINGS:
            return home
        doing = _AT_HOME.get(draft.action or "", "")
        if doing in SETTINGS and draft.known.habitat != "air":
            return doing
    return "snow" if "snow" in heard.weather else "meadow"


def _when(heard: Heard, present: list[Draft], setting: str) -> str:
    hour = heard.hours[0] if heard.hours else ""
    if setting == "street":
        return "neon" if hour in ("", "night", "blue", "dusk") else hour
    if hour:
        return hour
    moonlit = any(d.kind == "moon" or (d.kind == "wolf" and d.action == "howl") for d in present)
    starry = bool({"stars", "fireflies"} & set(heard.weather))
    return "night" if starry or (moonlit and setting != "space") else ""


def _shot_of(named: list[str]) -> tuple[str, str]:
    """What the camera does, and how near it is where the prompt says both."""
    moves = [name for name in named if name not in FRAMINGS]
    framings = [name for name in named if name in FRAMINGS]
    if moves and framings:
        return moves[-1], framings[-1]
    return (named[-1] if named else "drift"), ""


def _style_of(asked: str | None, named: list[str]) -> tuple[str, list[str]]:
    """The look to draw in, and what was asked for in vain."""
    if asked and asked.strip():
        for token in tokens(asked):
            value = token.of("style")
            if value in STYLES:
                return value, []
        plain = asked.strip().lower()
        if plain in STYLES:
            return plain, []
        return (named[-1] if named else "cutout"), [asked.strip()]
    return (named[-1] if named else "cutout"), []
