"""The light of a scene: sky, haze, key light and what they make of a local colour at a distance."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from engine.renderers.animatic.colour import Colour, parse

LEXICON = files("engine.renderers.animatic") / "lexicon"


@dataclass(frozen=True)
class Palette:
    name: str
    sky: tuple[Colour, ...]
    haze: Colour
    light: Colour
    ambient: tuple[float, float, float]
    ink: Colour
    body: str
    height: float
    stars: float
    depth: float

    def ground(self, local: Colour, distance: float) -> Colour:
        """A local colour under this light, `distance` 0 (at our feet) to 1 (the horizon)."""
        return local.lit(self.ambient).towards(self.haze, distance**0.85 * 0.92)

    def figure(self, local: Colour, *, named: bool = False) -> Colour:
        """A figure's colour: darkened towards the ink, less so when the prompt names it, so that red stays
        red at night."""
        lit = local.lit(self.ambient, 0.45 if named else 0.8)
        # what is pale stays pale: sails, a white dress, a moonlit crane carry the picture's lights
        return lit.towards(self.ink, self.depth * (0.25 if named else 0.85) * (1.0 - 0.6 * local.lightness**2))


@cache
def _palettes() -> dict[str, Palette]:
    found = {}
    for name, entry in tomllib.loads((LEXICON / "palettes.toml").read_text("utf-8")).items():
        red, green, blue = entry["ambient"]
        found[name] = Palette(
            name=name,
            sky=tuple(parse(stop) for stop in entry["sky"]),
            haze=parse(entry["haze"]),
            light=parse(entry["light"]),
            ambient=(red, green, blue),
            ink=parse(entry["ink"]),
            body=entry["body"],
            height=entry["height"],
            stars=entry["stars"],
            depth=entry["depth"],
        )
    return found


def palette(name: str) -> Palette:
    return _palettes()[name]


def veiled(base: Palette, amount: float) -> Palette:
    """The same hour under cloud or fog: less colour, less contrast, no hard light."""
    grey = base.sky[-1].duller(0.35)

    def veil(colour: Colour) -> Colour:
        return colour.duller(1 - 0.6 * amount).towards(grey, 0.45 * amount)

    return replace(
        base,
        sky=tuple(veil(stop) for stop in base.sky),
        haze=veil(base.haze),
        light=base.light.duller(1 - 0.5 * amount),
        stars=base.stars * (1 - amount),
        depth=base.depth * (1 - 0.3 * amount),
    )
