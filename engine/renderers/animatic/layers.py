"""A still that becomes a moving clip: cut into what stands in front and what lies behind, which move apart.

Without a trained model the cut is found by colour: what differs from the picture's borders, and lies away from them,
is taken for the subject. Where that finds nothing to believe, the picture is a plain that leans: what is low in it is
near.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.footage import Pixels
from engine.renderers.animatic.film import Aim, Picture
from engine.renderers.animatic.geometry import clamp, ease, wave
from engine.renderers.pixels import as_picture, covers, fitted, inset, toned

Field = NDArray[np.float32]

_SPARE: Final = 1.14  # the picture is larger than the frame by this: what moves never shows its edge
_SIGHT: Final = 192  # pixels of the longer side that the cut is looked for in
_LEAST, _MOST = 0.012, 0.62  # shares of the picture that a subject may fill
_SURE = 0.98  # so little of the subject may be in a pixel that tells the colour behind it
_BESIDE = 3  # pixels around one that have a say in its colour
_CLEAR = 0.6  # share of a cut's edge that has to lie between two colours
_DIFFERENT = 22.0  # apart so far, two colours are two
_EDGE = 2  # coarse pixels to either side of the cut that are compared
_CLUSTERS = 8
_ROUNDS = 4
_TRAVEL = 0.030  # of the height: how far the camera goes to either side
_NEAR = 1.5  # times as far as the ground at its foot moves what stands in front
_STEP: Final = 1 / 720  # of the height: the camera's
_BAND = 12  # rows that move alike: between two bands lies less than half a pixel
# What a drawn scene's camera does, as far as one can before a picture: to which side, and how.
_SIDEWAYS = {"pan left": -1.0, "pan right": 1.0, "track left": -1.0, "track right": 1.0, "orbit": 0.0, "whip": 0.0}
_UPWARDS = {"tilt up": 1.0, "tilt down": -1.0, "crane up": 1.0, "crane down": -1.0}
_NEARER = ("push", "zoom in", "dolly zoom", "flyover")
_FARTHER = ("pull", "zoom out")
_FAR = 0.1  # how far the top of the picture moves, next to its bottom


@dataclass(frozen=True)
class Split:
    """A picture as two: what lies behind, with the gap filled; what stands before it, where it covers; its foot."""

    behind: Image.Image
    before: tuple[Image.Image, Image.Image] | None  # its colours, which go on beyond its edge; how much of it is there
    foot: float  # share of the height


class LayeredPicture:
    def __init__(self, picture: Picture, path: Path, width: int, height: int) -> None:
        self._picture, self._width, self._height = picture, width, height
        self._split = split(_opened(path, picture), round(width * _SPARE / 2) * 2, round(height * _SPARE / 2) * 2)
        self._extent = (self._split.before[1].getbbox() if self._split.before else None) or (0, 0, 0, 0)
        self._shown: tuple[float, float, float] | None = None
        self._frame: Pixels | None = None
        self._way = 1.0 if np.random.default_rng([picture.seed & 0xFFFFFFFF, 0x77]).random() < 0.5 else -1.0

    def draw(self, seconds: float) -> Pixels:
        """Good until the next one is asked for. The camera goes by steps of a pixel of 720 where what is nearest moves:
        slow as it sets out and arrives, it often shows what was made for the moment before."""
        seen = self._camera(seconds)
        x, y, zoom = (round(value / _STEP) * _STEP for value in seen)
        steps = x, y, zoom
        if self._frame is None or steps != self._shown:
            self._frame, self._shown = self._seen(*steps), steps
        return self._frame

    def _seen(self, x: float, y: float, zoom: float) -> Pixels:
        ground = self._ground(self._split.foot)
        frame = self._leaning(self._split.behind, x, y, zoom)
        if self._split.before is not None:
            # what stands moves with the ground under its feet, and a little more
            near = ground * _NEAR
            nearer = 1 + (zoom - 1) * 1.35
            self._lay_over(frame, *self._split.before, x * near, y * near, nearer)
        return np.asarray(frame)

    def _camera(self, seconds: float) -> tuple[float, float, float]:
        """Where it looks, in shares of the height, and how near; slow at both ends, alive in between."""
        move = self._picture.camera
        progress = ease(seconds / max(0.001, self._picture.seconds))
        sway = _TRAVEL * (2 * progress - 1)
        x, y, zoom = self._way * sway, 0.004 * wave(seconds / 7.0), 1.0 + 0.05 * progress
        if move in _SIDEWAYS:
            x = sway * 1.5 * (_SIDEWAYS[move] or self._way)
            zoom = 1.02
        elif move in _UPWARDS:
            x, y, zoom = 0.0, -sway * _UPWARDS[move], 1.02
        elif move in _NEARER:
            zoom = 1.0 + 0.17 * progress
        elif move in _FARTHER:
            zoom = 1.17 - 0.17 * progress
        elif move == "still":
            x, y, zoom = 0.0, 0.0, 1.0
        aim = self._picture.aim or Aim()
        most = (_SPARE - 1) * 0.46  # of a side: less than what is spare
        wide = most * self._width / self._height
        return clamp(x + aim.x * 0.12, -wide, wide), clamp(y + aim.y * 0.12, -most, most), zoom * max(1.0, aim.zoom)

    @staticmethod
    def _ground(row: float) -> float:
        """How far the picture moves at a row, a share of its height: far above and near below."""
        return _FAR + (1 - _FAR) * row

    def _leaning(self, layer: Image.Image, x: float, y: float, zoom: float) -> Image.Image:
        """The layer through the camera, every row moved as far as it is near.

        In bands that are resized each by itself: a slanted affine transform took ten times as long."""
        width, height = self._width, self._height
        a = 1 / zoom
        left = layer.width / 2 - width / 2 * a - x * height * _FAR
        top = layer.height / 2 - height / 2 * a - y * height
        out = Image.new(layer.mode, (width, height))
        for first in range(0, height, _BAND):
            last = min(first + _BAND, height)
            aside = left - x * (1 - _FAR) * (first + last) / 2
            aside = clamp(aside, 0.0, layer.width - width * a)
            box = (aside, max(0.0, top + first * a), aside + width * a, min(float(layer.height), top + last * a))
            out.paste(layer.resize((width, last - first), Image.Resampling.BILINEAR, box=box), (0, first))
        return out

    def _lay_over(
        self, frame: Image.Image, before: Image.Image, cover: Image.Image, x: float, y: float, zoom: float
    ) -> None:
        """What stands before, through the camera, over the frame; only where it is."""
        a = 1 / zoom
        left = before.width / 2 - self._width / 2 * a - x * self._height
        top = before.height / 2 - self._height / 2 * a - y * self._height
        west, north, east, south = self._extent
        ends = (
            max(0, math.ceil(-left / a), math.floor((west - left) / a)),
            max(0, math.ceil(-top / a), math.floor((north - top) / a)),
            min(self._width, math.floor((before.width - left) / a), math.ceil((east - left) / a)),
            min(self._height, math.floor((before.height - top) / a), math.ceil((south - top) / a)),
        )
        size = ends[2] - ends[0], ends[3] - ends[1]
        if min(size) <= 0:
            return
        box = (left + ends[0] * a, top + ends[1] * a, left + ends[2] * a, top + ends[3] * a)
        upper = before.resize(size, Image.Resampling.BILINEAR, box=box)
        frame.paste(upper, ends[:2], mask=cover.resize(size, Image.Resampling.BILINEAR, box=box))


# -- opening and cutting -------------------------------------------------------------------------------------------


def _opened(path: Path, picture: Picture) -> Image.Image:
    """The picture as BGRA, in its own colours or toned."""
    with Image.open(path) as opened:
        rgba = np.asarray(opened.convert("RGBA"))
    pixels = np.ascontiguousarray(rgba[..., (2, 1, 0, 3)])
    if picture.tone is not None:
        alpha = pixels[..., 3].copy()
        tone = picture.tone
        pixels = toned(pixels, (tone.red, tone.green, tone.blue), tone.offset)
        pixels[..., 3] = alpha
    return Image.fromarray(pixels)


def split(picture: Image.Image, width: int, height: int) -> Split:
    """Cut the picture, brought to this size, into what stands before and what lies behind."""
    if np.asarray(picture)[..., 3].min() < 250:
        return _cut_out(picture, width, height)
    whole = fitted(np.asarray(picture), width, height)
    pixels = whole[..., :3].astype(np.float32)
    cover: Field | None
    if covers(picture.width, picture.height, width, height):
        cover = subject_of(pixels)
    else:
        left, top, inner_width, inner_height = inset(picture.width, picture.height, width, height)
        place = np.s_[top : top + inner_height, left : left + inner_width]
        cover, inner = None, subject_of(pixels[place])
        if inner is not None:
            cover = np.zeros((height, width), np.float32)
            cover[place] = inner
    if cover is None:
        return Split(as_picture(whole), None, 1.0)
    return _parted(pixels, cover, _without(pixels, cover))


def _cut_out(picture: Image.Image, width: int, height: int) -> Split:
    """It brings no ground of its own: it stands before its own colours, far out of focus."""
    left, top, inner_width, inner_height = inset(picture.width, picture.height, round(width * 0.9), round(height * 0.9))
    whole = Image.new("RGBA", (width, height))
    whole.paste(picture.resize((inner_width, inner_height)), (left + round(width * 0.05), top + round(height * 0.05)))
    pixels = np.asarray(whole).astype(np.float32)
    cover = pixels[..., 3] / np.float32(255)
    plain = (pixels[..., :3] * cover[..., None]).sum((0, 1)) / max(1.0, float(cover.sum()))
    shade = np.linspace(1.12, 0.62, height, dtype=np.float32)[:, None, None]
    behind: Field = (np.broadcast_to(plain * 0.55 + 60, (height, width, 3)) * shade).astype(np.float32)
    # what is transparent has no colour of its own: beyond the edge the one beside it goes on
    weight = _box(cover, _BESIDE)
    beside = np.dstack([_box(pixels[..., k] * cover, _BESIDE) for k in range(3)]) / np.maximum(weight, 1e-3)[..., None]
    inside = (cover > _SURE)[..., None]
    return _parted(np.where(inside, pixels[..., :3], beside), cover.astype(np.float32), behind)


def _parted(pixels: Field, cover: Field, behind: Field) -> Split:
    rows = np.nonzero(cover.max(axis=1) > 0.5)[0]
    foot = float(rows[-1] + 1) / len(cover) if len(rows) else 1.0
    plate = np.dstack([np.clip(behind, 0, 255), np.full(cover.shape, 255.0, np.float32)]).astype(np.uint8)
    upper = np.dstack([pixels, np.full(cover.shape, 255.0, np.float32)]).astype(np.uint8)
    return Split(as_picture(plate), (as_picture(upper), Image.fromarray((cover * 255).astype(np.uint8))), foot)


def subject_of(pixels: Field) -> Field | None:
    """How much each pixel belongs to what stands in front, 0 to 1; None where nothing clearly does."""
    height, width = pixels.shape[:2]
    scale = _SIGHT / max(width, height)
    small = _shrunk(pixels, max(8, round(width * scale)), max(8, round(height * scale)))
    seen = _opponent(small)
    rows, columns = seen.shape[:2]
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    middle = np.exp(-(((x / columns - 0.5) / 0.42) ** 2) - ((y / rows - 0.58) / 0.45) ** 2)
    # sky, ground and hills differ from row to row, so where a colour is counts as well
    placed = np.dstack([seen, y * (70.0 / rows)])
    apart = _steps_from_the_border(seen) * (0.3 + 0.7 * middle)
    front = apart > _between(apart)
    near = front
    for _ in range(_ROUNDS):
        if not _LEAST < float(front.mean()) < _MOST:
            return None
        odds = _distance(placed, _centres(placed[~front])) - _distance(placed, _centres(placed[front]))
        odds = _smooth(odds / (float(np.abs(odds).mean()) + 1e-3), 1)
        near = _smooth(front.astype(np.float32), 3) > 0.05
        front = _largest((odds > 0.0) & near)
    share = float(front.mean())
    width_of_it = front.any(axis=0).mean()
    if not _LEAST < share < _MOST or width_of_it > 0.85:  # a range of hills, a shore: no subject
        return None
    if _parted_by_colour(seen, front) < _CLEAR:
        return None  # its edge runs through the middle of something: that would come apart
    guide = _shrunk(pixels, min(width, 480), max(8, round(height * min(width, 480) / width)))
    rough = np.asarray(
        Image.fromarray(front.astype(np.float32)).resize((guide.shape[1], guide.shape[0]), Image.Resampling.BILINEAR)
    )
    fine = _guided(guide.mean(axis=2) / 255, rough, radius=max(2, guide.shape[1] // 80), epsilon=4e-4)
    cover = np.asarray(Image.fromarray(fine).resize((width, height), Image.Resampling.BICUBIC))
    return np.clip((cover - 0.42) / 0.4, 0, 1).astype(np.float32)


def _parted_by_colour(seen: Field, front: NDArray[np.bool_]) -> float:
    """The share of the cut's edge where the colours on both of its sides differ."""
    inside = front.astype(np.float32)
    outside = 1 - inside
    own, others = _box(inside, _EDGE), _box(outside, _EDGE)
    edge = front & (_box(outside, 1) > 0.01)
    if not edge.any():
        return 0.0
    within = np.dstack([_box(seen[..., k] * inside, _EDGE) for k in range(3)])[edge] / own[edge][:, None]
    beyond = np.dstack([_box(seen[..., k] * outside, _EDGE) for k in range(3)])[edge] / others[edge][:, None]
    return float((np.sqrt(((within - beyond) ** 2).sum(-1)) > _DIFFERENT).mean())


def _steps_from_the_border(seen: Field) -> Field:
    """How many edges of colour lie between each pixel and the left, upper and right border, on the way with the
    fewest: a slow change of light costs nothing. Subjects may stand on the lower border."""
    rows, columns = seen.shape[:2]
    down = np.sqrt(((seen[1:] - seen[:-1]) ** 2).sum(-1))
    across = np.sqrt(((seen[:, 1:] - seen[:, :-1]) ** 2).sum(-1))
    free = float(np.percentile(np.concatenate([down.ravel(), across.ravel()]), 70)) + 2.0
    down, across = np.maximum(down - free, 0), np.maximum(across - free, 0)
    cost = np.full((rows, columns), np.inf, np.float32)
    cost[0], cost[: rows * 9 // 10, 0], cost[: rows * 9 // 10, -1] = 0, 0, 0
    # sweeps in four directions until nothing becomes cheaper: some ten rounds for a winding way
    for _ in range(60):
        before = cost.copy()
        for row in range(1, rows):
            np.minimum(cost[row], cost[row - 1] + down[row - 1], out=cost[row])
        for row in range(rows - 2, -1, -1):
            np.minimum(cost[row], cost[row + 1] + down[row], out=cost[row])
        for column in range(1, columns):
            np.minimum(cost[:, column], cost[:, column - 1] + across[:, column - 1], out=cost[:, column])
        for column in range(columns - 2, -1, -1):
            np.minimum(cost[:, column], cost[:, column + 1] + across[:, column], out=cost[:, column])
        if np.array_equal(before, cost):
            break
    return cost


def _shrunk(pixels: Field, width: int, height: int) -> Field:
    picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return np.asarray(picture.resize((width, height), Image.Resampling.BOX)).astype(np.float32)


def _opponent(pixels: Field) -> Field:
    """Lightness and two differences of colours, roughly as the eye weighs them."""
    blue, green, red = (pixels[..., channel] for channel in range(3))
    light = 0.114 * blue + 0.587 * green + 0.299 * red
    return np.dstack([light, 1.4 * (red - green), 0.9 * (0.5 * (red + green) - blue)])


def _centres(samples: Field) -> Field:
    """The colours that stand for many: k-means from evenly spread beginnings, so the same every time."""
    order = np.argsort(samples[:, 0], kind="stable")
    centres: Field = samples[order[np.linspace(0, len(order) - 1, _CLUSTERS).astype(int)]]
    for _ in range(6):
        nearest = ((samples[:, None, :] - centres[None]) ** 2).sum(-1).argmin(1)
        centres = np.stack(
            [samples[nearest == k].mean(0) if (nearest == k).any() else centres[k] for k in range(len(centres))]
        )
    return centres


def _distance(seen: Field, centres: Field) -> Field:
    nearest: Field = np.sqrt(((seen[..., None, :] - centres) ** 2).sum(-1).min(-1))
    return nearest


def _between(odds: Field) -> float:
    """The threshold that parts the values best into two (Otsu's)."""
    counts, edges = np.histogram(odds, 64)
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(middles[int(np.nanargmax(np.where(np.isfinite(apart), apart, -1)))])


def _box(values: Field, radius: int) -> Field:
    """The mean around every pixel, by running sums."""
    for axis in (0, 1):
        pad = [(0, 0), (0, 0)]
        pad[axis] = (radius + 1, radius)
        sums = np.cumsum(np.pad(values, pad, mode="edge"), axis=axis, dtype=np.float64)
        size = 2 * radius + 1
        upper = sums.take(range(size, sums.shape[axis]), axis=axis)
        lower = sums.take(range(sums.shape[axis] - size), axis=axis)
        values = ((upper - lower) / size).astype(np.float32)
    return values


def _smooth(values: Field, radius: int) -> Field:
    return _box(_box(values, radius), radius)


def _guided(guide: Field, values: Field, *, radius: int, epsilon: float) -> Field:
    """The values, with their edges drawn to the guide's."""
    mean_g, mean_v = _box(guide, radius), _box(values, radius)
    slope = (_box(guide * values, radius) - mean_g * mean_v) / (_box(guide * guide, radius) - mean_g**2 + epsilon)
    return (_box(slope, radius) * guide + _box(mean_v - slope * mean_g, radius)).astype(np.float32)


def _largest(front: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pieces that matter: the largest, and every one at least a fifth as large. Holes are closed."""
    rows, columns = front.shape
    labels = np.zeros((rows, columns), np.int32)
    sizes = [0]
    for y, x in zip(*np.nonzero(front), strict=True):
        if labels[y, x]:
            continue
        label, stack, size = len(sizes), [(y, x)], 0
        labels[y, x] = label
        while stack:
            cy, cx = stack.pop()
            size += 1
            for ny, nx in ((cy - 1, cx), (cy + 1, cx), (cy, cx - 1), (cy, cx + 1)):
                if 0 <= ny < rows and 0 <= nx < columns and front[ny, nx] and not labels[ny, nx]:
                    labels[ny, nx] = label
                    stack.append((ny, nx))
        sizes.append(size)
    kept = np.array([size >= max(sizes) / 5 for size in sizes])
    kept[0] = False
    return _smooth(kept[labels].astype(np.float32), 1) > 0.4


def _spread(cover: Field, radius: int) -> Field:
    return np.clip(_smooth(cover, radius) * 4, 0, 1)


def _without(pixels: Field, cover: Field) -> Field:
    """The picture with what stands before it gone. What is put there is soft: half the size holds all of it, and takes
    a quarter of the time."""
    height, width = cover.shape
    small = max(8, width // 2), max(8, height // 2)
    less = np.asarray(Image.fromarray(cover).resize(small, Image.Resampling.BOX))
    gone = _spread(less, max(2, width // 180))
    filled = _filled(_shrunk(pixels, *small), 1 - gone)
    there, back = Image.fromarray(gone), Image.fromarray(np.clip(filled, 0, 255).astype(np.uint8))
    share = np.asarray(there.resize((width, height), Image.Resampling.BILINEAR))[..., None]
    share = np.maximum(share, cover[..., None])
    behind: Field = pixels * (1 - share) + np.asarray(back.resize((width, height), Image.Resampling.BILINEAR)) * share
    return behind


def _filled(pixels: Field, known: Field) -> Field:
    """Unknown parts from what lies beside them in the same row, since skies, shores and streets run across a picture.

    From one side to the other in even steps. Means over wide cells were tried: they draw the colour of a hill that
    begins beside the gap into the sky within it, like smoke.
    """
    sure = known > _SURE
    rows, columns = sure.shape
    if not sure.any():
        return pixels
    weight = sure.astype(np.float32)
    # not single pixels, which would be drawn out into streaks
    around = _box(weight, _BESIDE)
    beside = np.dstack([_box(pixels[..., k] * weight, _BESIDE) for k in range(3)]) / np.maximum(around, 1e-4)[..., None]
    at = np.broadcast_to(np.arange(columns), sure.shape)
    left = np.maximum.accumulate(np.where(sure, at, -1), axis=1)
    right = np.minimum.accumulate(np.where(sure, at, columns)[:, ::-1], axis=1)[:, ::-1]
    one, other = np.where(left < 0, right, left), np.where(right >= columns, left, right)
    row = np.arange(rows)[:, None]
    share = ((at - one) / np.maximum(other - one, 1))[..., None].astype(np.float32)
    empty = ~sure.any(axis=1)
    one, other = np.clip(one, 0, columns - 1), np.clip(other, 0, columns - 1)
    filled: Field = beside[row, one] * (1 - share) + beside[row, other] * share
    if empty.any():  # a row that is covered from side to side looks as the nearest one that is not
        full = np.nonzero(~empty)[0]
        nearest = full[np.abs(np.arange(rows)[:, None] - full).argmin(1)]
        filled = filled[nearest]
    filled = np.dstack([_box(filled[..., k], _BESIDE) for k in range(3)])
    return (pixels * known[..., None] + filled * (1 - known[..., None])).astype(np.float32)
