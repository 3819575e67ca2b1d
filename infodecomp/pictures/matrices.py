"""Which values of columns are distinguished: one matrix in large, all in small, and the words for them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from infodecomp.explorable import Axis, BitGauge, Heatmap, Label, Line, Plot, Rect, StateLink
from infodecomp.explorable.graphics.marks import Mark

CLEAR, TIE = 0.9, 0.001  # what counts as distinguished, and as equally far apart
ALIKE = 0.05  # values that are nearer than this have one tone in the picture
DEGREES = (
    (CLEAR, "are hardly ever confused"),
    (0.6, "are mostly told apart"),
    (0.3, "are often confused"),
    (0, "look much the same"),
)
ACROSS, ROW = 3, 106  # of the small ones; a row's height in pixels
CELLS = 24  # of a small one, in both directions, at most: about two pixels each
LINE = 0.42  # the share of a row that an unused column needs


class Tile(NamedTuple):
    """A small matrix.

    Attributes
    ----------
    query : str
        The state in which its column is chosen.
    name, text : str
        In the picture, and for assistive technology.
    bits : float
    matrix : ndarray of shape (n_levels, n_levels) or None
        Distinguishability, 0 to 1; None for a column that gets no bits.
    role : str
    chosen : bool
    """

    query: str
    name: str
    text: str
    bits: float
    matrix: np.ndarray | None
    role: str = "series-1"
    chosen: bool = False


class SideLabel(NamedTuple):
    """A name beside a matrix: its position in cells from the first, and its texts at the side and below."""

    place: float
    name: str
    below: str = ""


def large_matrix(
    matrix: np.ndarray, role: str, title: Sequence[Mark], names: Sequence[SideLabel], notes: Sequence[Mark]
) -> list[Mark]:
    """The marks of a matrix with its values named, and a key to its tones.

    Parameters
    ----------
    matrix : ndarray of shape (n_levels, n_levels)
        Distinguishability, 0 to 1.
    role : str
    title : sequence of Mark
        Above it.
    names : sequence of SideLabel
    notes : sequence of Mark
        Beside it, and over it.

    Returns
    -------
    list of Mark
        In the plane from (0, `key_depth`) to (n_levels, n_levels).
    """
    size = len(matrix)
    low, high = -size * 0.19, -size * 0.155
    return [
        *title,
        Heatmap(0, 0, size, size, matrix, role, tones=20),
        Rect(0, 0, size, size, "", stroke="noise"),
        *_side_labels(names, size),
        *notes,
        Heatmap(0, low, size, high, np.linspace(0, 1, 21)[None], role, tones=20),
        Rect(0, low, size, high, "", stroke="noise"),
        Label(0, low, "looks the same", "muted", dy=16, size=12),
        Label(size, low, "never confused", "muted", "end", dy=16, size=12),
    ]


def _side_labels(names: Sequence[SideLabel], size: int) -> list[Mark]:
    places = np.array([name.place for name in names])
    ends, thrice = np.tile([-0.012 * size, 0, np.nan], len(places)), np.repeat(places, 3)
    marks: list[Mark] = [Line(ends, size - thrice, "noise", 1), Line(thrice, ends, "noise", 1)]
    for place, name, below in names:
        marks.append(Label(0, size - place, name, "ink", "end", dx=-6, dy=4, size=12))
        if below:
            marks.append(Label(place, 0, below, "ink", "middle", dy=17, size=12))
    return marks


def small_matrices(used: Sequence[Tile], unused: Sequence[Tile], most_rows: int) -> Plot:
    """Small matrices in rows of three; the unused ones close together where there is room.

    Parameters
    ----------
    used, unused : sequence of Tile
    most_rows : int
        Rows that are enough for all of them.
    """
    top, n = -(-len(used) // ACROSS), len(used)
    marks = [_tile(tile, i % ACROSS, -(i // ACROSS)) for i, tile in enumerate(used)]
    if top + 0.06 + LINE * -(-len(unused) // ACROSS) > most_rows:  # they take the places that are left
        marks += [_tile(tile, i % ACROSS, -(i // ACROSS)) for i, tile in enumerate(unused, start=n)]
    else:
        marks += [
            _tile(tile, i % ACROSS, -top - 0.06 - LINE * (i // ACROSS)) for i, tile in enumerate(unused)
        ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, ACROSS), hidden=True),
        Axis(domain=(-most_rows, 0), hidden=True),
        ratio=1.4,
        heights=(most_rows * ROW, most_rows * ROW),
        margins=(4, 0, 4, 0),
    )


def _tile(tile: Tile, column: float, row: float) -> StateLink:
    left, right, top, bottom = column + 0.04, column + 0.6, row - 0.34, row - 0.92
    depth = LINE if tile.matrix is None else 1
    role = "selection-text" if tile.chosen else "muted" if tile.matrix is None else "ink"
    marks: list[Mark] = [
        Rect(
            column,
            row,
            column + 1,
            row - depth,
            "selection",
            opacity=0.16 if tile.chosen else 0,
            inset=1,
            radius=5,
        ),
        Label(column + 0.04, row, tile.name, role, dx=1, dy=17, size=12.5, bold=tile.chosen),
    ]
    if tile.matrix is None:
        marks.append(Label(left, row, "not used", "muted", dx=1, dy=33, size=12))
    else:
        marks += [
            Rect(left, top, right, bottom, "paper"),
            Heatmap(left, top, right, bottom, coarse(tile.matrix), tile.role),
            Rect(left, top, right, bottom, "", stroke="noise"),
            BitGauge(left, row, tile.bits, tile.role, side=9, dx=1, dy=27),
        ]
    return StateLink(tile.query, tile.text, tuple(marks), tile.chosen)


def coarse(matrix: np.ndarray) -> np.ndarray:
    """A matrix as at most CELLS × CELLS means of neighbouring cells."""
    size = len(matrix)
    if size <= CELLS:
        return matrix
    starts = np.arange(CELLS) * size // CELLS
    sums = np.add.reduceat(np.add.reduceat(matrix, starts, axis=0), starts, axis=1)
    counts = np.diff(np.append(starts, size))
    return sums / np.outer(counts, counts)


def extremes_text(matrix: np.ndarray, names: Sequence[str], of: str, has_blocks: bool = True) -> str:
    """A sentence about the values that are distinguished best, and those that look most alike: a block of
    them, or a pair.

    Parameters
    ----------
    matrix : ndarray of shape (n_levels, n_levels)
        Distinguishability, 0 to 1.
    names : sequence of str
        Of the levels.
    of : str
        The column.
    has_blocks : bool
        Whether a block of neighbours is called by its ends, as the levels are in an order that readers know.

    Returns
    -------
    str
    """
    one, other = np.triu_indices(len(names), 1)
    far = matrix[one, other]
    if len(names) == 2:
        degree = next(words for lower, words in DEGREES if far[0] >= lower)
        return f"Of {of}, {names[0]} and {names[1]} {degree}."
    alike = int(far.argmin())
    least = f"{names[one[alike]]} and {names[other[alike]]}"
    if (far > CLEAR).mean() > CLEAR:
        twins = int(((matrix < ALIKE).sum(0) > 1).sum())  # each is like itself
        if 2 * twins > len(names):
            return f"Of {of}, {twins} of {len(names)} values look like another one, such as {least}."
        return f"Of {of}, nearly all values are told apart; {least} look most alike."
    first, last = longest_run(matrix)
    if last - first + 1 == len(names):
        return f"All values of {of} look much the same."
    if has_blocks and last > first + 1:
        least = f"those from {names[first]} to {names[last]}"
    best = np.flatnonzero(far >= far.max() - TIE)
    best = best[(other - one)[best].argmax()]  # of those that are as far apart, the ends
    return (
        f"Of {of}, {names[one[best]]} and {names[other[best]]} are told apart best; {least} look most alike."
    )


def longest_run(matrix: np.ndarray) -> tuple[int, int]:
    """The first and the last row of the longest block of neighbours that all have one tone."""
    longest = (0, 0)
    for first in range(len(matrix)):
        last = first
        while last + 1 < len(matrix) and matrix[first : last + 1, last + 1].max() < ALIKE:
            last += 1
        if last - first > longest[1] - longest[0]:
            longest = (first, last)
    return longest


def alike_order(matrix: np.ndarray) -> np.ndarray:
    """An order in which values that look alike stand together: that of the Fiedler vector of their overlaps.

    Parameters
    ----------
    matrix : ndarray of shape (n_levels, n_levels)
        Distinguishability, 0 to 1.

    Returns
    -------
    ndarray of int64, shape (n_levels,)
        A permutation; of it and its reverse the one that begins with the earlier level.

    References
    ----------
    Atkins, Boman and Hendrickson, A spectral algorithm for seriation, SIAM J. Comput. 1998.
    """
    overlap = 1 - matrix
    _, vectors = np.linalg.eigh(np.diag(overlap.sum(1)) - overlap)
    order = np.argsort(vectors[:, 1].round(9), kind="stable")
    return order if order[0] < order[-1] else order[::-1]
