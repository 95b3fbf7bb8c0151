"""What lies at infinity, painted once: sky, sun or moon with its halo, stars, soft cloud. Kept in linear light
until the end, so that
glows add as light does, and dithered, so that a slow gradient shows no bands after encoding."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.footage import Pixels
from engine.renderers.animatic.colour import Colour, from_lab, linear
from engine.renderers.animatic.geometry import clamp, mix
from engine.renderers.animatic.palette import Palette

Field = NDArray[np.float32]

_LIGHT_STEPS = 16_383  # shades of linear light: the darkest two still lie less than a byte's step apart
_ROWS_AT_ONCE = 32


def gradient(stops: tuple[Colour, ...], count: int) -> Field:
    """Linear light from the first stop to the last, mixed in OKLab."""
    rows = np.empty((count, 3), np.float32)
    for row in range(count):
        at = row / max(1, count - 1) * (len(stops) - 1)
        low = min(int(at), len(stops) - 2)
        a, b = stops[low].lab, stops[low + 1].lab
        rows[row] = linear(from_lab(*(mix(p, q, at - low) for p, q in zip(a, b, strict=True))))
    return rows


def cloud_field(width: int, height: int, rng: np.random.Generator, stretch: float = 3.0) -> Field:
    """Soft noise in long streaks, 0 to 1, at a quarter of the size: nothing in it is sharper than that."""
    w, h = max(8, width // 4), max(8, height // 4)
    total = np.zeros((h, w), np.float32)
    for octave in range(4):
        cells = 3 * 2**octave
        grid = rng.random(
            (max(2, int(cells * 1.2)), max(2, int(cells * width / height / stretch) + 2)), dtype=np.float32
        )
        total += np.asarray(Image.fromarray(grid).resize((w, h), Image.Resampling.BICUBIC), np.float32) * 0.55**octave
    total -= total.min()
    return total / max(1e-6, float(total.max()))


def paint_sky(
    width: int,
    height: int,
    horizon: float,
    palette: Palette,
    sun: tuple[float, float] | None,
    rng: np.random.Generator,
    *,
    clouds: float = 0.4,
    disc: float = 1.0,
) -> Pixels:
    """The sky as BGRA; `horizon` in pixels from the top, `sun` in pixels (sun or moon), `clouds` 0 to 1."""
    w, h = max(8, width // 4), max(8, height // 4)
    band = max(2, int(horizon / 4))
    field = np.empty((h, w, 3), np.float32)
    field[:band] = gradient(palette.sky, band)[: min(band, h), None, :]
    field[band:] = np.array(linear(palette.haze), np.float32)
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32) * 4.0
    light = np.array(linear(palette.light), np.float32)
    if clouds > 0.02:
        noise = cloud_field(width, height, rng)
        rising = np.clip(1.0 - ys / max(1.0, horizon), 0.0, 1.0)
        cover = np.clip((noise - (0.78 - 0.42 * clouds)) * 2.6, 0.0, 1.0) * np.clip(rising * 3.0, 0.0, 1.0)
        cover = (cover * 0.75)[..., None]
        bright = np.array(linear(palette.sky[-1].towards(palette.light, 0.45)), np.float32)
        field = field * (1 - cover) + (bright * 0.72 + field * 0.3) * cover
    unit = float(min(width, height))
    if sun is not None:
        distance = np.hypot(xs - sun[0], (ys - sun[1]) * 1.08) / unit
        strength = 0.35 if palette.body == "moon" else 0.75
        halo = strength * np.exp(-distance * 5.2) + 0.22 * strength * np.exp(-distance * 1.7)
        field += halo[..., None] * light * 0.6
    full = _enlarge(field, width, height)
    if palette.stars > 0.05:
        _stars(full, horizon, palette, rng, unit)
    if sun is not None and disc > 0 and palette.body in ("sun", "moon"):
        _disc(full, sun, unit, palette, disc)
    return encode(full, rng)


def _enlarge(field: Field, width: int, height: int) -> Field:
    """One plane a colour, the colours first: working on pixels of three took twice as long."""
    planes = np.ascontiguousarray(np.moveaxis(field, 2, 0))
    size = width, height
    return np.stack([np.asarray(Image.fromarray(p).resize(size, Image.Resampling.BILINEAR)) for p in planes])


def _stars(full: Field, horizon: float, palette: Palette, rng: np.random.Generator, unit: float) -> None:
    height, width = full.shape[1:]
    count = int(150 * palette.stars * width / unit * clamp(horizon / unit, 0.4, 2.0))
    for _ in range(count):
        x = int(rng.integers(1, width - 2))
        y = int(rng.random() ** 1.25 * horizon * 0.93) + 1
        if y >= height - 2:
            continue
        size = unit / 720 * (0.55 + 1.1 * float(rng.random()) ** 4)
        glow = 0.25 + 0.75 * float(rng.random()) ** 2
        reach = max(1, int(size * 3))
        y0, y1, x0, x1 = max(0, y - reach), min(height, y + reach + 1), max(0, x - reach), min(width, x + reach + 1)
        yy, xx = np.mgrid[y0:y1, x0:x1]
        spot = np.exp(-((xx - x) ** 2 + (yy - y) ** 2) / (2 * size * size)) * glow * (1 - 0.8 * y / max(1.0, horizon))
        warm = np.array((1.0, 0.93, 0.82) if rng.random() < 0.3 else (0.84, 0.92, 1.0), np.float32)
        full[:, y0:y1, x0:x1] += spot.astype(np.float32) * warm[:, None, None]


def _disc(full: Field, at: tuple[float, float], unit: float, palette: Palette, size: float) -> None:
    height, width = full.shape[1:]
    radius = unit * (0.062 if palette.body == "moon" else 0.052) * size
    reach = int(radius * 1.3) + 2
    x0, x1 = max(0, int(at[0]) - reach), min(width, int(at[0]) + reach)
    y0, y1 = max(0, int(at[1]) - reach), min(height, int(at[1]) + reach)
    if x0 >= x1 or y0 >= y1:
        return
    yy, xx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    dx, dy = (xx - at[0]) / radius, (yy - at[1]) / radius
    inside = np.clip((1.0 - np.hypot(dx, dy)) * radius + 0.5, 0.0, 1.0)
    under = full[:, y0:y1, x0:x1]
    face = np.array(linear(palette.light.lighter(0.03)), np.float32)[:, None, None] * np.ones_like(under)
    if palette.body == "moon":
        # seas: a few soft darker patches, the same on every night
        shade = np.zeros_like(dx)
        for mx, my, mr, dark in (
            (-0.3, -0.25, 0.42, 0.20),
            (0.25, -0.35, 0.30, 0.15),
            (0.05, 0.25, 0.38, 0.17),
            (-0.45, 0.3, 0.2, 0.1),
        ):
            shade += dark * np.clip(1.3 - np.hypot(dx - mx, dy - my) / mr, 0, 1)
        face = face * (1 - np.clip(shade, 0, 0.35))
    under += (face - under) * inside


def encode(full: Field, rng: np.random.Generator) -> Pixels:
    """Planes of linear light to 8-bit BGRA, with half a step of noise against banding."""
    height, width = full.shape[1:]
    coded = _codes()
    out = np.full((height, width, 4), 255, np.uint8)
    for top in range(0, height, _ROWS_AT_ONCE):  # what the steps leave for each other stays in the core's own cache
        rows = slice(top, top + _ROWS_AT_ONCE)
        light = full[:, rows] * np.float32(_LIGHT_STEPS)
        noise = rng.integers(0, 256, light.shape[1:], dtype=np.uint8)
        shades = coded.take(np.clip(light, 0, _LIGHT_STEPS, out=light).astype(np.uint16))
        shades += noise
        shades >>= 8
        for channel, plane in enumerate(shades[::-1]):
            out[rows, :, channel] = plane
    return out


@cache
def _codes() -> NDArray[np.uint16]:
    """256 times the byte for every shade of linear light. Raising each pixel to a power took 60 ms of a backdrop."""
    light = np.arange(_LIGHT_STEPS + 1, dtype=np.float64) / _LIGHT_STEPS
    curve = np.where(light <= 0.0031308, light * 12.92, 1.055 * np.power(light, 1 / 2.4) - 0.055)
    return np.round(curve * 255 * 256).astype(np.uint16)


def finish_field(width: int, height: int, rng: np.random.Generator, *, grain: float, vignette: float) -> Pixels:
    """What is taken away from every frame: paper grain bound to the frame and a soft vignette, in one field."""
    # the vignette is soft: an eighth of the size holds all of it
    w, h = max(2, width // 8), max(2, height // 8)
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    far = np.hypot(((xs + 0.5) / w - 0.5) * 1.15, ((ys + 0.5) / h - 0.48) * 1.05)
    dark = np.clip(far - 0.34, 0, None) ** 1.6 * vignette * 150
    coarse = rng.standard_normal((height // 2 + 1, width // 2 + 1), dtype=np.float32) * grain
    total = np.array(Image.fromarray(coarse).resize((width, height), Image.Resampling.BILINEAR))
    total += np.asarray(Image.fromarray(dark).resize((width, height), Image.Resampling.BILINEAR))
    total += rng.random((height, width), dtype=np.float32)
    total += 1.5 * grain
    out = np.zeros((height, width, 4), np.uint8)
    taken = np.clip(total, 0, 90, out=total).astype(np.uint8)
    for channel in range(3):
        out[..., channel] = taken
    return out
