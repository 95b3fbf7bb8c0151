"""Looks: what a style does to colour, texture and cadence. One table; a new look is a new entry."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import clamp, mix


def _same(colour: Colour) -> Colour:
    return colour


@dataclass(frozen=True)
class Style:
    name: str
    tint: Callable[[Colour], Colour] = _same  # every colour on its way to the canvas
    cadence: int = 24  # drawings a second; the frames between repeat
    grain: float = 1.1
    vignette: float = 0.8
    flat_figures: bool = False  # black figures before the sky
    paper: float = 0.0  # how far a plane casts a shadow on the one behind it
    edge: float = 0.0  # width of the line round figures
    rain: bool = False
    jitter: float = 0.0  # how far a hand moves the set between two drawings, in units

    def land(self, colour: Colour, distance: float) -> Colour:
        if self.flat_figures:
            return replace(
                colour,
                lightness=mix(0.10, colour.lightness, distance**0.6),
                chroma=colour.chroma * mix(0.4, 1, distance),
            )
        return colour


def _noir(colour: Colour) -> Colour:
    """Silver greys, deeper blacks and whiter whites."""
    tone = clamp((colour.lightness - 0.5) * 1.28 + 0.47)
    return Colour(tone, 0.006, 80, colour.alpha)


def _watercolour(colour: Colour) -> Colour:
    """Pigment on white paper: light, a little greyed in the darks."""
    return replace(colour, lightness=mix(0.33, 0.975, colour.lightness**0.9), chroma=colour.chroma * 0.78)


def _ink(colour: Colour) -> Colour:
    """Washes of one black ink on warm paper."""
    tone = mix(0.14, 0.955, clamp((colour.lightness - 0.12) / 0.8) ** 0.9)
    return Colour(tone, 0.012 + 0.010 * tone, 85, colour.alpha)


def _archive(colour: Colour) -> Colour:
    return Colour(clamp((colour.lightness - 0.5) * 0.92 + 0.5), 0.045, 70, colour.alpha)


def _paper(colour: Colour) -> Colour:
    """Coloured paper: few, clear tones, nothing quite black."""
    return replace(
        colour, lightness=mix(0.20, 0.97, round(colour.lightness * 14) / 14), chroma=min(0.19, colour.chroma * 1.12)
    )


def _clay(colour: Colour) -> Colour:
    """Modelling clay under a lamp: rounder tones, a warmer white."""
    lightness = mix(0.16, 0.93, colour.lightness)
    return Colour(lightness, colour.chroma * 1.18, colour.hue, colour.alpha).towards(
        Colour(lightness, 0.05, 65, colour.alpha), 0.22
    )


STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style("cutout"),
        Style("silhouette", flat_figures=True, vignette=1.1),
        Style("papercraft", tint=_paper, cadence=12, grain=1.9, vignette=0.5, paper=0.010),
        Style("film noir", tint=_noir, grain=2.2, vignette=1.7, rain=True),
        Style("watercolour", tint=_watercolour, cadence=12, grain=2.6, vignette=0.0, edge=0.004),
        Style("ink", tint=_ink, cadence=12, grain=1.8, vignette=0.25, edge=0.006),
        Style("archive film", tint=_archive, cadence=18, grain=2.6, vignette=1.9),
        Style("stop motion", tint=_clay, cadence=12, grain=1.4, paper=0.006, jitter=0.0016),
    )
}
DEFAULT = STYLES["cutout"]
