"""Two clusters pushed together by an invertible map: nothing is lost, and the bins report a loss."""

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np

from infodecomp.deterministic.binning import binned_entropies, binned_entropy
from infodecomp.explorable import Axis, Dots, HConcat, Label, Line, Plot, Range, Raster, Rect, figure

from ..meters import Meter, meters

EACH = 60
REACH, HEIGHT = 4.0, 2.2  # of the picture
LENS, LENS_SIDE = 2.5, 1.4  # where the enlarged middle is drawn beside the points, and half its side
SQUEEZE = Range(name="squeeze", label="how far they are squeezed", default=0.2, low=0, high=0.95)
CELL = Range(name="cell", label="side of a bin", default=0.4, low=0.05, high=1, step=0.05, role="selection")


@figure(
    parameters=(SQUEEZE, CELL),
    title="Compression, or just crowding?",
    controls=("squeeze", "cell"),
    decimals=2,
    presets={
        "clusters-wide": "squeeze=0&cell=.4",
        "clusters-tight": "squeeze=.95&cell=.4",
        "clusters-tight-fine": "squeeze=.95&cell=.05",
    },
)
def binning_clusters(squeeze, cell):
    """The bits of 120 points in two clusters, exactly and in square bins."""
    points = contracted(squeeze)
    return {
        "squeeze": squeeze,
        "cell": cell,
        "points": points,
        "exact": math.log2(len(np.unique(points, axis=0))),
        "binned": binned_entropy(points, cell),
        "path": _path(cell),
    }


@lru_cache(maxsize=1)
def _clusters() -> tuple[np.ndarray, np.ndarray]:
    """Offsets (120, 2) within a cluster, of at most 1.5, and the sign of the cluster of each point."""
    generator = np.random.default_rng(4)
    angle = generator.uniform(0, 2 * math.pi, 2 * EACH)
    radius = 1.5 * np.sqrt(generator.uniform(0, 1, 2 * EACH))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), np.repeat([-1.0, 1.0], EACH)


def contracted(amount: float) -> np.ndarray:
    """The points (120, 2): each cluster shrinks and moves to the middle; no two points ever meet."""
    offsets, side = _clusters()
    room = 1 - amount
    centre = np.stack([side * (0.08 + 1.9 * room), 0 * side], 1)
    return centre + offsets * (0.045 + 0.955 * room)


@lru_cache(maxsize=64)
def _path(cell: float) -> dict:
    amounts = np.linspace(SQUEEZE.low, SQUEEZE.high, 39)
    return {
        "squeeze": amounts,
        "binned": binned_entropies(np.stack([contracted(a) for a in amounts]), cell),
        "exact": np.full(len(amounts), math.log2(2 * EACH)),
    }


@binning_clusters.draw
def picture(data):
    top = math.log2(2 * EACH)
    bars = meters(
        (
            Meter("which point it is, exactly", data["exact"], "ink"),
            Meter("which bin it is in", data["binned"], "series-2"),
        ),
        top,
    )
    return HConcat(
        (_plane(data), HConcat((bars, _history(data)), (1, 1), stack_below=math.inf)), (1, 1), gap=28
    )


def _plane(data) -> Plot:
    cell, points = data["cell"], data["points"]
    cells = _cells(points, cell)
    reach = max(abs(edge) for edge in (cells.x0, cells.x1, cells.y0, cells.y1))
    return Plot(
        (
            cells,
            _grid(cell, REACH, HEIGHT) if cell >= 0.2 else None,
            _dots(points),
            *(_enlarged(points, cell, reach) if reach < LENS - LENS_SIDE - 0.1 else ()),
        ),
        Axis(domain=(-REACH, REACH), hidden=True),
        Axis(domain=(-HEIGHT, HEIGHT), hidden=True),
        ratio=HEIGHT / REACH,
        heights=(190, 230),
        margins=(8, 4, 8, 4),
    )


def _cells(points: np.ndarray, cell: float) -> Raster:
    """The bins that hold a point."""
    row, column = np.rint(points[:, 1] / cell).astype(int), np.rint(points[:, 0] / cell).astype(int)
    top, left = row.max(), column.min()
    occupied = np.zeros((top - row.min() + 1, column.max() - left + 1))
    occupied[top - row, column - left] = 0.35
    return Raster(
        (left - 0.5) * cell,
        (row.min() - 0.5) * cell,
        (column.max() + 0.5) * cell,
        (top + 0.5) * cell,
        occupied,
        "selection",
    )


def _dots(points: np.ndarray) -> Dots:
    return Dots(points[:, 0], points[:, 1], ("series-1", "series-2"), np.repeat([0, 1], EACH), radius=2.4)


def _enlarged(points: np.ndarray, cell: float, reach: float) -> list:
    """The bins of the middle, out to `reach`, drawn larger in the empty room at the right."""
    times = LENS_SIDE / reach
    cells, grid = _cells(points, cell), _grid(cell, reach, reach)
    x0, y0, x1, y1 = (times * edge for edge in (cells.x0, cells.y0, cells.x1, cells.y1))
    low, high = LENS - LENS_SIDE, LENS + LENS_SIDE
    return [
        Line((reach, low, np.nan, reach, low), (reach, LENS_SIDE, np.nan, -reach, -LENS_SIDE), "noise", 1.2),
        Rect(-reach, -reach, reach, reach, "paper", opacity=0, stroke="noise"),
        Rect(low, -LENS_SIDE, high, LENS_SIDE, "paper"),
        replace(cells, x0=LENS + x0, y0=y0, x1=LENS + x1, y1=y1),
        Line(LENS + times * np.array(grid.x), times * np.array(grid.y), "faint", 1),
        Rect(low, -LENS_SIDE, high, LENS_SIDE, "paper", opacity=0, stroke="noise"),
        _dots(np.array((LENS, 0)) + times * points),
        Label(high, LENS_SIDE, f"{times:.1f} times as large", "muted", "end", dy=-6, size=12),
    ]


def _grid(cell: float, width: float, height: float) -> Line:
    """The borders of the bins as one path, out to a width and a height on all sides of the middle."""
    x, y = [], []
    for k in range(math.ceil(width / cell) + 1):
        for at in ((k + 0.5) * cell, -(k + 0.5) * cell):
            if abs(at) <= width:
                x += [at, at, np.nan]
                y += [-height, height, np.nan]
            if abs(at) <= height:
                x += [-width, width, np.nan]
                y += [at, at, np.nan]
    return Line(x, y, "faint", 1)


def _history(data) -> Plot:
    path, top = data["path"], math.log2(2 * EACH)
    at = data["squeeze"]
    return Plot(
        (
            Line(path["squeeze"], path["exact"], "ink", 2),
            Line(path["squeeze"], path["binned"], "series-2", 2.4),
            Line((at, at), (0, top), "selection", 1.6, dash="2 3"),
            Label(0.95, top, "exactly", "ink", "end", dy=-6, size=12),
            Label(0.3, float(path["binned"][12]), "in bins", "series-2-text", dy=17, size=12, halo=True),
        ),
        Axis("how far they are squeezed", (0, 0.95), ticks=(0, 0.25, 0.5, 0.75)),
        Axis("bits", (0, top * 1.05), ticks=(0, 2, 4, 6), grid=True),
        ratio=0.4,
        heights=(140, 150),
        margins=(28, 8, 42, 30),
    )


@binning_clusters.values
def values(data):
    return {"exact": data["exact"], "binned": data["binned"], "lost": data["exact"] - data["binned"]}


@binning_clusters.describe
def describe(data):
    return (
        f"All {2 * EACH} points are still different, {data['exact']:.2f} bits; "
        f"bins with sides of {data['cell']:.2f} see {data['binned']:.2f}."
    )


@binning_clusters.table
def table(data):
    return data["path"]
