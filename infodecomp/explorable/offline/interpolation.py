"""The error of interpolating between the computed states of a grid, measured against the computation.

A bundle shows either a computed state or an interpolation between neighbours. At the middle of the cells of a
grid both are computed and compared. Where the error is too large, or where the neighbours differ in more than
numbers, the bundle shows the nearest computed state instead.
"""

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.parameters import Range
from infodecomp.explorable.offline.codec import SLOT, Tokenizer
from infodecomp.explorable.offline.grid import Grid
from infodecomp.explorable.offline.sample import INTERPOLATED_PARTS, Sample

MAX_VALUE_ERROR = 0.005  # in units of a value
MAX_PIXEL_ERROR = 2.0  # of a mark
MAX_CHECKS = 64  # cells that are compared of a grid with two axes

Corners = list[tuple[Sample, float]]
"""The neighbours of a state, each with its weight."""


@dataclass
class InterpolationError:
    """Errors over some grids.

    Attributes
    ----------
    checked : int
        How many interpolated states were compared and are shown.
    worst_value : float
        The largest error of a value among them.
    worst_pixels : float
        The largest error of a mark among them.
    different_texts : int
        How many of them have a description that is worded differently.
    snaps : bool
        Whether there are places where the nearest computed state is shown.
    """

    checked: int = 0
    worst_value: float = 0.0
    worst_pixels: float = 0.0
    different_texts: int = 0
    snaps: bool = False


def count_cells(grid: Grid) -> int:
    """Return how many cells of a grid `measure` looks at."""
    return len(_cells(grid))


def _cells(grid: Grid) -> list[tuple[int, ...]]:
    """The cells of a grid by their lower corner: all of them along one axis, some over two."""
    cells = list(itertools.product(*(range(n - 1) for n in grid.shape))) if grid.axes else []
    if len(grid.axes) > 1 and len(cells) > MAX_CHECKS:
        cells = cells[:: len(cells) // MAX_CHECKS + 1]
    return cells


def measure(
    figure: Figure,
    grid: Grid,
    samples: list[Sample],
    tokenizer: Tokenizer,
    error: InterpolationError,
    progress: Callable[[int], None],
) -> list[int]:
    """Compare interpolation with computation in the middle of cells.

    Parameters
    ----------
    figure : Figure
    grid : Grid
    samples : list of Sample
        The states of the grid, in its order.
    tokenizer : Tokenizer
        The one that the samples were made with.
    error : InterpolationError
        Updated in place.
    progress : callable
        Called with 1 for each cell.

    Returns
    -------
    list of int
        The cells that must not be interpolated, each by the flat index of its lower corner.
    """
    rough = []
    for cell in _cells(grid):
        progress(1)
        state, corners = _middle(figure, grid, cell, samples)
        if state is None:
            continue
        if not _can_interpolate(corners):
            error.snaps = True
            continue
        computed = Sample(figure(**state), tokenizer)
        value_error, pixel_error = _value_error(computed, corners), _pixel_error(computed, corners)
        if value_error > MAX_VALUE_ERROR or pixel_error > MAX_PIXEL_ERROR:
            rough.append(grid.flat_index(cell))
            error.snaps = True
            continue
        error.checked += 1
        error.worst_value = max(error.worst_value, value_error)
        error.worst_pixels = max(error.worst_pixels, pixel_error)
        error.different_texts += computed.skeletons("words") != corners[0][0].skeletons("words")
    return rough


def _can_interpolate(corners: Corners) -> bool:
    """Whether all corners of a cell differ in numbers alone."""
    return all(len({sample.skeletons(part) for sample, _ in corners}) == 1 for part in INTERPOLATED_PARTS)


def _middle(
    figure: Figure, grid: Grid, cell: tuple[int, ...], samples: list[Sample]
) -> tuple[dict[str, Any] | None, Corners]:
    """The state nearest to the middle of a cell on the steps of its sliders, and the corners around it."""
    sliders = cast(dict[str, Range], {p.name: p for p in figure.parameters})  # axes are numeric
    state, sides = dict(grid.base), []
    for (name, values), i in zip(grid.axes, cell):
        low, high = values[i], values[i + 1]
        state[name] = value = sliders[name].snap((low + high) / 2)
        weight = (value - low) / (high - low)
        sides.append([(i, 1 - weight), (i + 1, weight)])
    corners = [
        (samples[grid.flat_index(i for i, _ in corner)], math.prod(weight for _, weight in corner))
        for corner in itertools.product(*sides)
    ]
    corners = [(sample, weight) for sample, weight in corners if weight > 1e-9]
    return (state, corners) if len(corners) > 1 else (None, [])  # no step of the slider lies in between


def _value_error(computed: Sample, corners: Corners) -> float:
    """The largest error of the interpolated values."""
    errors = [0.0]
    for name, value in computed.values.items():
        at_corners = [sample.values.get(name) for sample, _ in corners]
        numbers = [corner for corner in at_corners if isinstance(corner, float)]
        if isinstance(value, float) and len(numbers) == len(corners):
            interpolated = sum(weight * number for number, (_, weight) in zip(numbers, corners))
            errors.append(abs(interpolated - value))
    return max(errors)


def _pixel_error(computed: Sample, corners: Corners) -> float:
    """The largest distance of an interpolated mark of the wide picture, in pixels, among comparable marks."""
    return max(_token_errors(computed, corners), default=0.0)


def _token_errors(computed: Sample, corners: Corners) -> Iterator[float]:
    for position, token in enumerate(computed.part("wide")):
        found = [(sample.token("wide", position), weight) for sample, weight in corners]
        if all(end is token for end, _ in found):  # equal tokens are one object
            continue
        ends = [(end, weight) for end, weight in found if end and end.skeleton == token.skeleton]
        if not token.skeleton.startswith("<") or len(ends) < len(corners):
            continue
        slots = token.skeleton[: token.skeleton.find(">") + 1].count(chr(SLOT))
        if not slots:
            continue
        # clouds of dots are drawn in tenths of a pixel
        pixels = 0.1 if token.skeleton.count("h0") > 3 else 1.0
        numbers = np.array([end.numbers[:slots] for end, _ in ends], float)
        weights = np.array([weight for _, weight in ends])
        yield pixels * float(np.abs(weights @ numbers - np.array(token.numbers[:slots], float)).max())
