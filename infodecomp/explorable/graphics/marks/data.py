"""Marks for data: dots, bars, a heatmap, and a gauge of bits."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from infodecomp.explorable.graphics.marks.context import PlotContext, is_finite
from infodecomp.explorable.graphics.paths import dot_paths
from infodecomp.explorable.graphics.scales import Scale, format_number

CACHED_GRIDS = 32  # shapes of heatmaps: 80 bytes a cell


@dataclass(frozen=True)
class Dots:
    """Many dots in a few classes, one path per class.

    Parameters
    ----------
    x, y : array-like, shape (n,)
    roles : tuple of str
        Palette role of each class.
    classes : array-like of int, shape (n,), optional
        Index into `roles`; all dots are of the first class by default.
    radius : float
        In pixels.
    """

    x: ArrayLike
    y: ArrayLike
    roles: tuple[str, ...]
    classes: ArrayLike | None = None
    radius: float = 2.2

    def svg(self, context: PlotContext) -> str:
        x, y = np.asarray(self.x, float), np.asarray(self.y, float)
        classes = np.zeros(len(x), np.int64) if self.classes is None else np.asarray(self.classes, np.int64)
        finite = np.isfinite(x) & np.isfinite(y)
        if not finite.all():
            x, y, classes = x[finite], y[finite], classes[finite]
        px, py = _tenths(context.x, x), _tenths(context.y, y)
        paths = "".join(
            [
                f'<path stroke="{context.colour(self.roles[index])}" d="{d}"/>'
                for index, d in dot_paths(np.stack((classes, px, py)))
            ]
        )
        width = format_number(self.radius * (16 if context.narrow else 20))
        return (
            f'<g transform="scale(.1)" fill="none" stroke-linecap="round" stroke-width="{width}">{paths}</g>'
        )


def _tenths(scale: Scale, values: ArrayLike) -> np.ndarray:
    """Positions in tenths of a pixel, as integers: the shortest notation with enough precision."""
    return np.rint(scale(np.asarray(values, dtype=float)) * 10).astype(int)


@dataclass(frozen=True)
class Bars:
    """Bars of one style from a base to their heights, as one path.

    Parameters
    ----------
    left, right, heights : array-like, shape (n,)
    role : str
        Palette role of their colour.
    opacity : float
    inset : float
        Space at each side of a bar, in pixels.
    base : float or array-like, shape (n,)
        Where the bars begin.
    """

    left: ArrayLike
    right: ArrayLike
    heights: ArrayLike
    role: str = "noise"
    opacity: float = 1
    inset: float = 0.5
    base: ArrayLike = 0.0

    def svg(self, context: PlotContext) -> str:
        edges = [np.asarray(values, float) for values in (self.left, self.right, self.heights)]
        edges.append(np.broadcast_to(np.asarray(self.base, float), edges[2].shape))
        finite = np.isfinite(edges).all(0)
        if not finite.all():
            edges = [values[finite] for values in edges]
        left, right = _tenths(context.x, edges[0]), _tenths(context.x, edges[1])
        top, zero = _tenths(context.y, edges[2]), _tenths(context.y, edges[3])
        inset = round(self.inset * 10)
        width = np.maximum(right - left - 2 * inset, 1)
        bars = np.column_stack((left + inset, zero, top - zero, width, zero - top))[top != zero]
        d = "M%d %dv%dh%dv%dz" * len(bars) % tuple(bars.ravel().tolist())
        opacity = f' fill-opacity="{self.opacity:g}"' if self.opacity < 1 else ""
        return f'<path transform="scale(.1)" d="{d}" fill="{context.colour(self.role)}"{opacity}/>'


@dataclass(frozen=True)
class BitGauge:
    """An amount of bits as rounded squares, the last one filled in proportion.

    Parameters
    ----------
    x, y : float
        The middle of the left edge of the first square.
    amount : float
        In bits.
    role : str
        Palette role of its colour.
    whole : int
        Minimum number of squares.
    side : float
        Of a square, in pixels.
    dx, dy : float
        Offset in pixels.
    """

    x: float
    y: float
    amount: float
    role: str = "ink"
    whole: int = 1
    side: float = 13
    dx: float = 0
    dy: float = 0

    def svg(self, context: PlotContext) -> str:
        if not is_finite(self.x, self.y, self.amount):
            return ""
        side, colour = self.side, context.colour(self.role)
        left, top = context.x(self.x) + self.dx, context.y(self.y) + self.dy - side / 2
        squares = []
        for index in range(max(self.whole, int(np.ceil(self.amount - 1e-9)))):
            x = left + index * (side + 4)
            level = min(max(self.amount - index, 0), 1)
            if level > 0:
                squares.append(
                    f'<rect x="{format_number(x)}" y="{format_number(top + side * (1 - level))}" '
                    f'width="{format_number(side)}" height="{format_number(side * level)}" '
                    f'rx="{format_number(min(2.5, side * level / 2))}" fill="{colour}"/>'
                )
            squares.append(
                f'<rect x="{format_number(x)}" y="{format_number(top)}" '
                f'width="{format_number(side)}" height="{format_number(side)}" '
                f'rx="2.5" fill="none" stroke="{colour}" stroke-width="1.2"/>'
            )
        return "".join(squares)


@dataclass(frozen=True)
class Heatmap:
    """A matrix of values between 0 and 1 as cells in shades of one colour, from (x0, y0) to (x1, y1).

    Neighbouring cells of one shade are one stroke and each shade is one path, so that a large matrix is a few
    SVG nodes.

    Parameters
    ----------
    x0, y0, x1, y1 : float
        Two opposite corners of the box.
    values : array-like, shape (rows, columns)
        Row 0 is at the top; values beyond 0 and 1 are drawn as these.
    role : str
        Palette role of its colour.
    tones : int
        Number of shades; cells of the lightest are left empty.
    gap : float
        Pixels between two cells, which are then drawn one by one.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    values: ArrayLike = field(hash=False)
    role: str = "ink"
    tones: int = 12
    gap: float = 0

    def svg(self, context: PlotContext) -> str:
        values = np.nan_to_num(np.atleast_2d(np.asarray(self.values, float)), nan=0, posinf=0, neginf=0)
        rows, columns = values.shape
        left, right = sorted((context.x(self.x0), context.x(self.x1)))
        top, bottom = sorted((context.y(self.y0), context.y(self.y1)))
        width, height = (right - left) / columns, (bottom - top) / rows  # of a cell, in pixels
        shade, strokes = self._strokes(np.rint(np.clip(values, 0, 1) * self.tones).astype(int))
        counts = np.bincount(shade, minlength=self.tones + 1).tolist()
        strokes = strokes[shade.argsort(kind="stable")[counts[0] :]]
        texts = self._inset_texts(strokes, width) if self.gap else _stroke_texts(strokes, rows, columns)
        paths, first = [], 0
        for level, count in enumerate(counts[1:], 1):
            if count:
                d = "".join(texts[first : first + count].ravel().tolist())
                opacity = format_number(level / self.tones, 3)
                paths.append(f'<path d="{d}" stroke-opacity="{opacity}"/>')
                first += count
        crisp = "" if self.gap else ' shape-rendering="crispEdges"'
        return (
            f'<g transform="translate({format_number(left)} {format_number(top)}) '
            f'scale({format_number(width, 4)} {format_number(height / 2, 4)})" '
            f'stroke="{context.colour(self.role)}" '
            f'stroke-width="{format_number(2 - 2 * self.gap / height, 3)}" fill="none"{crisp}>'
            f"{''.join(paths)}</g>"
        )

    def _inset_texts(self, strokes: np.ndarray, width: float) -> np.ndarray:
        """The path of each stroke, (n,) of str, half a gap shorter at both ends; width: of a cell."""
        inset = strokes + (self.gap / 2 / width, 0, -self.gap / width)
        return np.array([f"M{x:.4g} {y:.0f}h{length:.4g}" for x, y, length in inset.tolist()], object)

    def _strokes(self, shades: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Horizontal runs of one shade: the shade of each, and (first column, 2 * row + 1, length)."""
        rows, columns = shades.shape
        begins = np.ones((rows, columns), bool)
        if not self.gap:
            begins[:, 1:] = shades[:, 1:] != shades[:, :-1]
        row, start = np.nonzero(begins)
        length = np.diff(np.append(row * columns + start, rows * columns))
        return shades[row, start], np.stack((start, 2 * row + 1, length), axis=1)


def _stroke_texts(strokes: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """The path of each stroke in two parts, (n, 2) of str: looked up, since numbers are slow to format."""
    starts, lengths = _stroke_parts(rows, columns)
    return np.stack((starts[strokes[:, 1] // 2, strokes[:, 0]], lengths[strokes[:, 2]]), axis=1)


@lru_cache(maxsize=CACHED_GRIDS)
def _stroke_parts(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """The first part of a stroke from each cell, (rows, columns), and the second by its length."""
    starts = [[f"M{column} {2 * row + 1}h" for column in range(columns)] for row in range(rows)]
    return np.array(starts, object), np.array([str(length) for length in range(columns + 1)], object)
