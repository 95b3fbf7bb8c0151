"""Between two frames of moving pictures: what moved from the one to the other is drawn on its way, instead of twice.

Motion is found by comparing cells of both frames, symmetrically about the moment that is wanted, from a 32nd of the
size to a quarter of it (at 720p). So every cell of the new frame has exactly one place in each of the two, and none is
left empty. Where two frames are not of the same thing there is no motion to be found: `alikeness` says how far
there is, and who asks dissolves instead.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.footage import Pixels
from engine.renderers.pixels import as_picture

_CELL: Final = 4  # of the picture that is searched: 16 pixels of the frame at its finest
_SEARCHED: Final = 180  # rows or columns, about: larger frames are searched no finer, and so in the same time
_RADIUS: Final = 2  # pixels at each of the sizes: 120 of a frame of 720p in all
_HOLDS: Final = 0.35  # what a pixel of motion must win in shades of grey: even walls do not crawl
_ALIKE, _UNLIKE = 10.0, 22.0  # shades of grey between the two ends of a motion: the same thing, another
_BENDS: Final = 0.3  # of a pixel, that nobody sees

Field = NDArray[np.float32]


def drawn_between(first: Pixels, second: Pixels, share: float) -> Pixels:
    """The frame at `share` of the way: 0 is the first, 1 the second. Where they are unlike it is their dissolve."""
    motion, alike = _motion(first, second, share)
    motion *= _smoothed(alike)[..., None]
    one, other, step = as_picture(first), as_picture(second), _CELL * _finest(first)
    moved = Image.blend(_moved(one, motion * -share, step), _moved(other, motion * (1.0 - share), step), share)
    return np.asarray(moved)


def alikeness(first: Pixels, second: Pixels) -> float:
    """The share of the picture for which a motion was found that leads from the one frame to the other."""
    return float(_motion(first, second, 0.5)[1].mean())


def _motion(first: Pixels, second: Pixels, share: float) -> tuple[Field, Field]:
    """For each cell of the frame between them how far it moves from first to second in pixels, and how sure that is."""
    motion: Field | None = None
    alike = np.ones((1, 1), np.float32)
    finest = _finest(first)
    for smaller in (finest * 8, finest * 4, finest * 2, finest):
        one, other = _grey(first, smaller), _grey(second, smaller)
        rows, columns = one.shape[0] // _CELL, one.shape[1] // _CELL
        if motion is None:
            guess = np.zeros((rows, columns, 2), np.float32)
        else:
            guess = _enlarged(motion, rows, columns) / smaller
        found, left = _matched(one, other, share, guess)
        motion = _without_strays(found) * smaller
        alike = np.clip((_UNLIKE - left) / (_UNLIKE - _ALIKE), 0.0, 1.0).astype(np.float32)
    assert motion is not None
    return motion, alike


def _finest(pixels: Pixels) -> int:
    height, width = pixels.shape[:2]
    finest: int = max(1, round(min(height, width) / _SEARCHED))
    return finest


def _grey(pixels: Pixels, smaller: int) -> Field:
    """At a part of its size, filled up to whole cells."""
    small = np.asarray(as_picture(pixels).reduce(smaller), np.float32)
    grey = small[..., 0] * np.float32(0.114) + small[..., 1] * np.float32(0.587) + small[..., 2] * np.float32(0.299)
    height, width = grey.shape
    return np.pad(grey, ((0, -height % _CELL), (0, -width % _CELL)), mode="edge")


def _matched(one: Field, other: Field, share: float, guess: Field) -> tuple[Field, Field]:
    """The best motion near the guess for each cell, and the shades of grey that remain between its two ends."""
    height, width = one.shape
    ys, xs = np.mgrid[0:height, 0:width].astype(np.int32)
    base = np.repeat(np.repeat(guess, _CELL, 0), _CELL, 1)
    flat_one, flat_other = one.ravel(), other.ravel()
    span = range(-_RADIUS, _RADIUS + 1)
    costs = np.empty((len(span), len(span), height // _CELL, width // _CELL), np.float32)
    across = [_ends(xs, base[..., 0] + dx, share, width) for dx in span]
    for row, dy in enumerate(span):
        y0, y1 = (y * width for y in _ends(ys, base[..., 1] + dy, share, height))
        for column, (x0, x1) in enumerate(across):
            apart = np.abs(flat_one.take(y0 + x0) - flat_other.take(y1 + x1))
            costs[row, column] = _around(apart.reshape(height // _CELL, _CELL, width // _CELL, _CELL).mean((1, 3)))
    far = np.array([[abs(dy) + abs(dx) for dx in span] for dy in span], np.float32)
    held = costs + far[..., None, None] * _HOLDS
    best = held.reshape(-1, *costs.shape[2:]).argmin(0)
    row, column = np.divmod(best, len(span))
    cell_y, cell_x = np.indices(best.shape)
    found = guess.copy()
    found[..., 0] += column - _RADIUS + _vertex(np.moveaxis(held[row, :, cell_y, cell_x], -1, 0), column)
    found[..., 1] += row - _RADIUS + _vertex(held[:, column, cell_y, cell_x], row)
    return found, costs[row, column, cell_y, cell_x]


def _ends(at: NDArray[np.int32], motion: Field, share: float, size: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Where a motion begins and ends that passes here: whole pixels, and so many apart as the motion is long."""
    start = at - np.rint(motion * share).astype(np.int32)
    return np.clip(start, 0, size - 1), np.clip(start + np.rint(motion).astype(np.int32), 0, size - 1)


def _around(cells: Field) -> Field:
    """Each with its neighbours: one cell alone finds its like everywhere."""
    wide = np.pad(cells, 1, mode="edge")
    wide = wide[:, :-2] + wide[:, 1:-1] + wide[:, 2:]
    return (wide[:-2] + wide[1:-1] + wide[2:]) / np.float32(9.0)


def _vertex(costs: Field, best: NDArray[np.intp]) -> Field:
    """By how much the least of a row of costs lies beside the least one that was measured: a parabola through three."""
    inner = np.clip(best, 1, 2 * _RADIUS - 1)
    low, mid, high = (np.take_along_axis(costs, (inner + k)[None], 0)[0] for k in (-1, 0, 1))
    bend = low - 2 * mid + high
    # a perfect match needs no mending
    aside = np.where((inner == best) & (bend > 0.05) & (mid > 0.75), (low - high) / np.maximum(2 * bend, 0.1), 0.0)
    return np.clip(aside, -0.5, 0.5).astype(np.float32)


def _without_strays(motion: Field) -> Field:
    """The median of each cell and its neighbours."""
    wide = np.pad(motion, ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows, columns = motion.shape[:2]
    near = [wide[y : y + rows, x : x + columns] for y in range(3) for x in range(3)]
    middle: Field = np.median(np.stack(near), axis=0).astype(np.float32)
    return middle


def _smoothed(cells: Field) -> Field:
    return _around(_around(cells))


def _enlarged(cells: Field, rows: int, columns: int) -> Field:
    planes = (Image.fromarray(np.ascontiguousarray(cells[..., k])) for k in range(2))
    parts = [np.asarray(plane.resize((columns, rows), Image.Resampling.BILINEAR)) for plane in planes]
    return np.stack(parts, -1)


def _moved(picture: Image.Image, motion: Field, step: int) -> Image.Image:
    """The picture with each cell taken from as far along its motion; between the corners of cells it bends evenly."""
    width, height = picture.size
    wide = np.pad(motion, ((1, 1), (1, 1), (0, 0)), mode="edge")
    corners = (wide[:-1, :-1] + wide[1:, :-1] + wide[:-1, 1:] + wide[1:, 1:]) * np.float32(0.25)
    rows, columns = corners.shape[0] - 1, corners.shape[1] - 1
    xs = np.minimum(np.arange(columns + 1) * step, width)
    ys = np.minimum(np.arange(rows + 1) * step, height)
    # on the very edge, or beyond, Pillow finds nothing and leaves black
    from_x = np.clip(corners[..., 0] + xs[None, :], 0, width - 0.01).tolist()
    from_y = np.clip(corners[..., 1] + ys[:, None], 0, height - 0.01).tolist()
    left, top = xs.tolist(), ys.tolist()
    mesh = []
    for r, c, size in _even_pieces(corners):
        b, d = r + size, c + size
        if left[c] < left[d] and top[r] < top[b]:
            quad = (
                from_x[r][c], from_y[r][c], from_x[b][c], from_y[b][c],
                from_x[b][d], from_y[b][d], from_x[r][d], from_y[r][d],
            )  # fmt: skip
            mesh.append(((left[c], top[r], left[d], top[b]), quad))
    return picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _even_pieces(corners: Field) -> Iterator[tuple[int, int, int]]:
    """Row, column and size of squares of cells that together cover all, each as large as the motion in it is even: a
    piece costs Pillow more than its pixels."""
    rows, columns = corners.shape[0] - 1, corners.shape[1] - 1
    open_ = np.ones((rows, columns), bool)
    for size in (8, 4, 2, 1):
        down, across = rows // size, columns // size
        if not down or not across:
            continue
        outer = corners[: down * size + 1 : size, : across * size + 1 : size]
        even = open_[: down * size : size, : across * size : size].copy()
        for i in range(size + 1) if size > 1 else ():
            for j in range(size + 1):
                u, v = np.float32(i / size), np.float32(j / size)
                meant = (outer[:-1, :-1] * (1 - v) + outer[:-1, 1:] * v) * (1 - u)
                meant += (outer[1:, :-1] * (1 - v) + outer[1:, 1:] * v) * u
                inner = corners[i : i + (down - 1) * size + 1 : size, j : j + (across - 1) * size + 1 : size]
                even &= np.abs(inner - meant).max(-1) < _BENDS
        for r, c in np.argwhere(even).tolist():
            open_[r * size : (r + 1) * size, c * size : (c + 1) * size] = False
            yield r * size, c * size, size
