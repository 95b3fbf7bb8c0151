"""Moods: what a feeling does to the light of a place. One table; a new mood is an entry and its words in
lexicon/direction.toml."""

from dataclasses import dataclass, replace

from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import clamp
from engine.renderers.animatic.palette import Palette


@dataclass(frozen=True)
class Mood:
    lighter: float = 0.0
    chroma: float = 1.0
    hue: float = 0.0  # everything leans towards this hue...
    lean: float = 0.0  # ...by this share
    contrast: float = 0.0  # the zenith sinks by this much and the horizon rises by half of it
    air: tuple[float, float, float] = (1.0, 1.0, 1.0)  # what it multiplies the light on things by
    depth: float = 0.0  # how much farther figures are drawn towards the dark


MOODS: dict[str, Mood] = {
    "cheerful": Mood(lighter=0.025, chroma=1.22, hue=85, lean=0.05, air=(1.06, 1.04, 0.98), depth=-0.06),
    "calm": Mood(lighter=0.03, chroma=0.72, hue=205, lean=0.18, air=(0.90, 0.99, 1.04), depth=-0.05),
    "melancholy": Mood(lighter=-0.04, chroma=0.48, hue=252, lean=0.24, air=(0.78, 0.83, 0.92), depth=0.05),
    "ominous": Mood(lighter=-0.13, chroma=0.62, hue=150, lean=0.24, contrast=0.08, air=(0.60, 0.68, 0.62), depth=0.14),
    "dreamy": Mood(lighter=0.035, chroma=0.95, hue=318, lean=0.34, air=(1.0, 0.94, 1.06), depth=-0.10),
    "romantic": Mood(lighter=0.01, chroma=1.08, hue=10, lean=0.32, air=(1.04, 0.90, 0.92)),
    "epic": Mood(chroma=1.20, hue=62, lean=0.08, contrast=0.14, air=(1.0, 0.95, 0.90), depth=0.16),
    "mysterious": Mood(
        lighter=-0.08, chroma=0.80, hue=195, lean=0.32, contrast=0.05, air=(0.66, 0.82, 0.88), depth=0.10
    ),
    "nostalgic": Mood(lighter=0.01, chroma=0.62, hue=72, lean=0.36, air=(1.02, 0.93, 0.80)),
    "cosy": Mood(chroma=1.05, hue=58, lean=0.26, air=(1.05, 0.92, 0.78), depth=0.03),
}


def toned(light: Palette, name: str) -> Palette:
    """The same hour as that mood sees it."""
    mood = MOODS.get(name)
    if mood is None:
        return light

    def felt(colour: Colour, lift: float = 0.0) -> Colour:
        tone = replace(colour, lightness=clamp(colour.lightness + mood.lighter + lift, 0.04, 0.985))
        tone = tone.duller(mood.chroma)
        # as colourful as it is where it has any colour: a grey sky takes the hue, a blue one keeps its depth
        return tone.towards(Colour(tone.lightness, max(0.05, tone.chroma), mood.hue, tone.alpha), mood.lean)

    last = max(1, len(light.sky) - 1)
    red, green, blue = (value * by for value, by in zip(light.ambient, mood.air, strict=True))
    return replace(
        light,
        sky=tuple(felt(stop, mood.contrast * (1.5 * at / last - 1.0)) for at, stop in enumerate(light.sky)),
        haze=felt(light.haze),
        light=felt(light.light),
        ambient=(red, green, blue),
        depth=clamp(light.depth + mood.depth, 0.05, 0.75),
    )
