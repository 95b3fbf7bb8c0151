"""Colours, chosen and mixed in OKLCH, where equal steps look equal: lightness, chroma, hue in degrees."""

import math
from dataclasses import dataclass, replace

from engine.renderers.animatic.geometry import clamp, mix

RGBA = tuple[int, int, int, int]


@dataclass(frozen=True)
class Colour:
    """Lightness 0 to 1, chroma 0 to about 0.37, hue in degrees, and how much it covers."""

    lightness: float
    chroma: float
    hue: float
    alpha: float = 1.0

    @property
    def lab(self) -> tuple[float, float, float]:
        angle = math.radians(self.hue)
        return self.lightness, self.chroma * math.cos(angle), self.chroma * math.sin(angle)

    def lighter(self, by: float) -> "Colour":
        return replace(self, lightness=clamp(self.lightness + by))

    def duller(self, factor: float) -> "Colour":
        return replace(self, chroma=self.chroma * factor)

    def clear(self, alpha: float) -> "Colour":
        return replace(self, alpha=alpha)

    def towards(self, other: "Colour", t: float) -> "Colour":
        """Mixed as light and pigment mix to the eye; through OKLab, so that opposite hues meet in grey, not
        in a third hue."""
        a, b = self.lab, other.lab
        return from_lab(mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t), mix(self.alpha, other.alpha, t))

    def lit(self, light: tuple[float, float, float], share: float = 1.0) -> "Colour":
        """Seen under a light given as linear red, green, blue; `share` keeps some of its own colour."""
        red, green, blue = _linear(self)
        lr, lg, lb = (mix(1.0, channel, share) for channel in light)
        return from_linear(red * lr, green * lg, blue * lb, self.alpha)

    @property
    def rgba(self) -> RGBA:
        """In the screen's sRGB, with chroma drawn in until it fits."""
        chroma = self.chroma
        for _ in range(12):
            red, green, blue = _linear(replace(self, chroma=chroma))
            if min(red, green, blue) >= -0.002 and max(red, green, blue) <= 1.002:
                break
            chroma *= 0.9
        channels = (_encode(clamp(channel)) for channel in (red, green, blue))
        r, g, b = (round(channel * 255) for channel in channels)
        return r, g, b, round(clamp(self.alpha) * 255)


def _encode(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _decode(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _linear(colour: Colour) -> tuple[float, float, float]:
    lightness, a, b = colour.lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def linear(colour: Colour) -> tuple[float, float, float]:
    """Linear light of red, green and blue, each at least 0."""
    red, green, blue = _linear(colour)
    return max(0.0, red), max(0.0, green), max(0.0, blue)


def from_linear(red: float, green: float, blue: float, alpha: float = 1.0) -> Colour:
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return from_lab(
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
        alpha,
    )


def from_lab(lightness: float, a: float, b: float, alpha: float = 1.0) -> Colour:
    return Colour(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360.0, alpha)


def from_hex(text: str) -> Colour:
    red, green, blue = (_decode(int(text[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return from_linear(red, green, blue)


def parse(value: list[float] | str) -> Colour:
    """A colour as the data files write it: [lightness, chroma, hue] or "#rrggbb"."""
    return from_hex(value) if isinstance(value, str) else Colour(*value)
