"""Looks: what a style does to colour, texture and cadence. One table; a new look is a new entry."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import clamp, mix


def _same(colour: Colour) -> Colour:
    return colour


_BLACK_LINE = Colour(0.18, 0.02, 60)


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
    outline: float = 0.0  # width of the line round everything that is cut, in units
    line: Colour = _BLACK_LINE
    lift: float = 0.0  # how much lighter figures are than all else, where the lines are light
    rain: bool = False
    accent: Callable[[Colour], Colour] | None = None  # the one colour in a look without colours, where one is asked for
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


def _seal(colour: Colour) -> Colour:
    """The one colour on the sheet, as a seal is: a red umbrella in an ink painting."""
    return replace(colour, lightness=mix(0.30, 0.90, colour.lightness), chroma=colour.chroma * 0.9)


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


def _steps(value: float, count: int) -> float:
    return round(value * count) / count


def _turned(hue: float, hues: tuple[float, ...]) -> float:
    """The nearest of a few hues."""
    return min(hues, key=lambda h: abs((hue - h + 180.0) % 360.0 - 180.0))


def _comic(colour: Colour) -> Colour:
    """Flat printing inks, few tones, between black lines."""
    return replace(
        colour, lightness=mix(0.24, 0.97, _steps(colour.lightness, 7)), chroma=min(0.24, colour.chroma * 1.4)
    )


def _woodblock(colour: Colour) -> Colour:
    """The pigments of the old printers: indigo, vermilion, ochre, pine, on rice paper."""
    hue = _turned(colour.hue, (252.0, 32.0, 85.0, 155.0))
    return Colour(
        mix(0.26, 0.94, _steps(colour.lightness, 8)), min(0.13, colour.chroma * 0.9 + 0.012), hue, colour.alpha
    )


def _pastel(colour: Colour) -> Colour:
    return replace(colour, lightness=mix(0.50, 0.975, colour.lightness), chroma=min(0.10, colour.chroma * 0.72))


def _blueprint(colour: Colour) -> Colour:
    return Colour(mix(0.28, 0.50, colour.lightness), 0.115, 257.0, colour.alpha)


def _chalk(colour: Colour) -> Colour:
    return Colour(mix(0.20, 0.46, colour.lightness**1.2), min(0.06, colour.chroma * 0.4), colour.hue, colour.alpha)


def _synthwave(colour: Colour) -> Colour:
    """Violet nights, magenta lights and a cyan edge."""
    hue = mix(285.0, 350.0, clamp(colour.lightness * 1.2)) if colour.lightness > 0.35 or colour.chroma < 0.04 else 275.0
    if 140.0 < colour.hue < 240.0 and colour.lightness > 0.5:
        hue = 205.0
    return Colour(mix(0.10, 0.90, colour.lightness**1.25), min(0.21, 0.05 + colour.chroma * 1.25), hue, colour.alpha)


def _storybook(colour: Colour) -> Colour:
    """Gouache on cream paper: softened, warmed, nothing white or black."""
    lightness = mix(0.24, 0.945, colour.lightness)
    return replace(colour, lightness=lightness, chroma=colour.chroma * 0.92).towards(
        Colour(lightness, 0.055, 82, colour.alpha), 0.20
    )


def _pencil(colour: Colour) -> Colour:
    return Colour(mix(0.62, 0.985, colour.lightness**0.9), 0.006, 80.0, colour.alpha)


def _poster(colour: Colour) -> Colour:
    """A travel poster of the mid-century: few inks, each used with care."""
    hue = _turned(colour.hue, (28.0, 60.0, 88.0, 130.0, 190.0, 245.0, 305.0))
    return Colour(
        mix(0.20, 0.95, _steps(colour.lightness, 9)), _steps(min(0.2, colour.chroma * 1.15), 40), hue, colour.alpha
    )


def _oil(colour: Colour) -> Colour:
    """Warm lights, cool darks, as an old master glazes."""
    warm = Colour(colour.lightness, 0.075, 70.0, colour.alpha)
    cool = Colour(colour.lightness, 0.05, 250.0, colour.alpha)
    lightness = clamp((colour.lightness - 0.5) * 1.16 + 0.45, 0.06, 0.95)
    tone = replace(colour, lightness=lightness, chroma=colour.chroma * 1.12)
    return tone.towards(replace(warm, lightness=lightness), 0.22 * colour.lightness).towards(
        replace(cool, lightness=lightness), 0.20 * (1 - colour.lightness)
    )


def _pop(colour: Colour) -> Colour:
    hue = _turned(colour.hue, (25.0, 95.0, 150.0, 205.0, 262.0, 345.0))
    chroma = 0.19 if colour.chroma > 0.035 else 0.01
    return Colour(mix(0.26, 0.95, _steps(colour.lightness, 5)), chroma, hue, colour.alpha)


def _night_vision(colour: Colour) -> Colour:
    return Colour(mix(0.12, 0.90, colour.lightness**1.1), 0.15, 148.0, colour.alpha)


STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style("cutout"),
        Style("silhouette", flat_figures=True, vignette=1.1),
        Style("papercraft", tint=_paper, cadence=12, grain=1.9, vignette=0.5, paper=0.010),
        Style("film noir", tint=_noir, grain=2.2, vignette=1.7, rain=True),
        Style("watercolour", tint=_watercolour, cadence=12, grain=2.6, vignette=0.0, edge=0.004),
        Style("ink", tint=_ink, cadence=12, grain=1.8, vignette=0.25, edge=0.006, accent=_seal),
        Style("archive film", tint=_archive, cadence=18, grain=2.6, vignette=1.9),
        Style("comic", tint=_comic, cadence=12, grain=0.7, vignette=0.3, edge=0.005, outline=0.0030),
        Style("woodblock", tint=_woodblock, cadence=12, grain=2.4, vignette=0.3, edge=0.004, outline=0.0020),
        Style("pastel", tint=_pastel, grain=2.2, vignette=0.2),
        Style(
            "blueprint",
            tint=_blueprint,
            cadence=12,
            grain=1.6,
            vignette=0.9,
            outline=0.0018,
            line=Colour(0.90, 0.04, 235),
            lift=0.12,
            edge=0.0035,
        ),
        Style(
            "chalkboard",
            tint=_chalk,
            cadence=12,
            grain=2.6,
            vignette=1.0,
            outline=0.0024,
            line=Colour(0.92, 0.02, 95),
            lift=0.12,
            edge=0.0045,
        ),
        Style("synthwave", tint=_synthwave, grain=1.6, vignette=1.2),
        Style("storybook", tint=_storybook, cadence=12, grain=2.5, vignette=0.4, edge=0.003),
        Style(
            "pencil",
            tint=_pencil,
            cadence=12,
            grain=2.0,
            vignette=0.1,
            edge=0.004,
            outline=0.0022,
            accent=_seal,
            jitter=0.0008,
        ),
        Style("poster", tint=_poster, grain=1.7, vignette=0.3),
        Style("oil painting", tint=_oil, grain=3.0, vignette=1.2),
        Style("pop art", tint=_pop, cadence=12, grain=0.6, vignette=0.0, edge=0.006, outline=0.0026),
        Style("night vision", tint=_night_vision, grain=3.0, vignette=2.0),
        Style("stop motion", tint=_clay, cadence=12, grain=1.4, paper=0.006, jitter=0.0016),
    )
}
DEFAULT = STYLES["cutout"]
