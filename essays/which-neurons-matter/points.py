"""Two classes of points, as the first two figures choose and draw them."""

from functools import lru_cache

import numpy as np

from infodecomp.data.point_sets import point_set
from infodecomp.explorable import Axis, CellGrid, Dots, Plot, Rect, StateLink
from infodecomp.explorable.graphics.marks.raster import Raster

KINDS = {"blobs": "blobs", "moons": "moons", "circles": "circles", "xor": "XOR", "own": "your own"}
LIMIT = 3.0  # of both coordinates
N_EACH = 60
SIDE = 6  # cells along an edge of the reader's own drawing
PER_CELL = 6  # points of a cell
SHADES = 40
FILLED, RING = "series-1", "series-2"

SKETCH = CellGrid(
    name="sketch", label="your own points", default="000000011000011000000vv0000vv0000000", side=SIDE
)


@lru_cache(maxsize=64)
def points(kind: str, sketch: str) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates (n, 2) and classes (n,) of a named point set, or of the reader's own drawing."""
    if kind != "own":
        return point_set(kind, N_EACH)
    chances = np.array(SKETCH.probabilities(sketch))
    rows, columns = np.nonzero(chances)
    centre = np.stack(((columns + 0.5) / SIDE * 2 - 1, 1 - (rows + 0.5) / SIDE * 2), -1) * LIMIT
    spread = np.random.default_rng(0).uniform(-0.4, 0.4, (SIDE, SIDE, PER_CELL, 2))[rows, columns]
    x = (centre[:, None] + spread * 2 * LIMIT / SIDE).reshape(-1, 2)
    return x, np.repeat((chances[rows, columns] == 1).astype(np.int64), PER_CELL)


def grid() -> np.ndarray:
    """The middles of the cells of a shaded plane, (SHADES * SHADES, 2), row 0 at the top."""
    middle = ((np.arange(SHADES) + 0.5) / SHADES * 2 - 1) * LIMIT
    return np.stack(np.meshgrid(middle, middle[::-1]), -1).reshape(-1, 2)


def shade(probability: np.ndarray) -> Raster:
    """The plane shaded by the probability of class 1."""
    values = (2 * probability.reshape(SHADES, SHADES) - 1) * 0.45
    return Raster(-LIMIT, -LIMIT, LIMIT, LIMIT, values, FILLED, RING, smooth=True)


def class_dots(x: np.ndarray, y: np.ndarray, radius: float = 3.4) -> tuple[Dots, ...]:
    """Class 1 as filled dots and class 0 as rings."""
    ring, filled = x[y == 0], x[y == 1]
    return (
        Dots(ring[:, 0], ring[:, 1], (RING,), radius=radius),
        Dots(ring[:, 0], ring[:, 1], ("paper",), radius=radius - 1.5),
        Dots(filled[:, 0], filled[:, 1], ("paper",), radius=radius + 0.8),
        Dots(filled[:, 0], filled[:, 1], (FILLED,), radius=radius),
    )


def sketch_cells(sketch: str) -> list[StateLink]:
    """The cells of the reader's own drawing: a press goes from empty to filled dots, to rings, to empty."""
    names = {"0": "empty", "1": "filled dots"}
    cells = []
    for index, cell in enumerate(sketch):
        row, column = divmod(index, SIDE)
        x, y = (column / SIDE * 2 - 1) * LIMIT, (1 - row / SIDE * 2) * LIMIT
        size = 2 * LIMIT / SIDE
        cells.append(
            StateLink(
                f"sketch={SKETCH.toggled(sketch, index)}",
                f"row {row + 1}, column {column + 1}: {names.get(cell, 'rings')}; press to change",
                (Rect(x, y, x + size, y - size, "paper", opacity=0, inset=1, radius=4, stroke="noise"),),
                screen_only=True,
            )
        )
    return cells


def plane(marks, height: tuple[float, float] = (260, 400), top: float = 26) -> Plot:
    """A square plane of both coordinates, without axes."""
    return Plot(
        tuple(marks),
        Axis(domain=(-LIMIT, LIMIT), hidden=True),
        Axis(domain=(-LIMIT, LIMIT), hidden=True),
        ratio=1,
        heights=height,
        margins=(top, 6, 8, 6),
    )
