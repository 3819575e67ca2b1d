"""Two classes of points in the plane: blobs, moons, circles, XOR, and points written as a short text."""

from collections.abc import Callable

import numpy as np

from infodecomp.errors import InformationError
from infodecomp.validation import as_integer, as_seed

Points = tuple[np.ndarray, np.ndarray]

# One letter for each place; e is left out, since between digits it would read as a number.
PLACES = "0123456789abcdfghijklmnopqrstuvwxyzABCDFGHIJKLMNOPQRSTUVWXYZ"[:59]
STEP = 0.1  # between two places
LIMIT = STEP * (len(PLACES) // 2)  # of both coordinates of points that are written
CLASSES = "rf"  # of a point that is written: ring or filled dot
MAX_WRITTEN = 150  # points


def _blobs(n: int, generator: np.random.Generator) -> Points:
    centres = np.array([[-1.1, -0.7], [1.1, 0.7]])
    return centres[:, None] + 0.62 * generator.standard_normal((2, n, 2)), np.arange(2)


def _moons(n: int, generator: np.random.Generator) -> Points:
    angle = np.linspace(0, np.pi, n)
    upper = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], -1)
    lower = np.stack([0.5 - np.cos(angle), 0.25 - np.sin(angle)], -1)
    return 1.35 * np.stack([upper, lower]) + 0.18 * generator.standard_normal((2, n, 2)), np.arange(2)


def _circles(n: int, generator: np.random.Generator) -> Points:
    angle = 2 * np.pi * (np.arange(n) + 0.5) / n
    ring = np.stack([np.cos(angle), np.sin(angle)], -1)
    return np.stack([0.75 * ring, 1.9 * ring]) + 0.17 * generator.standard_normal((2, n, 2)), np.arange(2)


def _xor(n: int, generator: np.random.Generator) -> Points:
    corner = 1.2 * np.array([[[-1, -1], [1, 1]], [[-1, 1], [1, -1]]])  # (class, corner, coordinate)
    centres = corner[:, np.arange(n) % 2]
    return centres + 0.42 * generator.standard_normal((2, n, 2)), np.arange(2)


POINT_SETS: dict[str, Callable[[int, np.random.Generator], Points]] = {
    "blobs": _blobs,
    "moons": _moons,
    "circles": _circles,
    "xor": _xor,
}


def point_set(kind: str, n: int = 60, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw two classes of points.

    Parameters
    ----------
    kind : {"blobs", "moons", "circles", "xor"}
        Two Gaussian clouds; two interleaved half circles; a circle within a circle; four clouds, of which
        opposite ones are of one class.
    n : int
        Points of each class.
    seed : int

    Returns
    -------
    x : numpy.ndarray, shape (2 * n, 2)
        Coordinates, within about -3 to 3.
    y : numpy.ndarray of int64, shape (2 * n,)
        The class, 0 or 1.

    Raises
    ------
    InformationError
        If the kind is unknown, or n or the seed is no whole number from 1 or 0.
    """
    if kind not in POINT_SETS:
        raise InformationError(f"point set {kind!r}: choose from {', '.join(POINT_SETS)}")
    n = as_integer(n, "n", 1)
    x, classes = POINT_SETS[kind](n, np.random.default_rng(as_seed(seed)))
    return x.reshape(2 * n, 2), np.repeat(classes, n).astype(np.int64)


def write_points(x: np.ndarray, y: np.ndarray) -> str:
    """Write points as text: for each its class, r or f, and one letter for each coordinate.

    Parameters
    ----------
    x : numpy.ndarray, shape (n, 2)
        Coordinates from -2.9 to 2.9, rounded to tenths.
    y : numpy.ndarray, shape (n,)
        The class, 0 or 1.

    Returns
    -------
    str

    Raises
    ------
    InformationError
        If a coordinate is out of bounds, or there are no points or more than 150.
    """
    place = np.rint(np.asarray(x, float).reshape(-1, 2) / STEP).astype(int) + len(PLACES) // 2
    if not 1 <= len(place) <= MAX_WRITTEN:
        raise InformationError(f"{len(place)} points: give from 1 to {MAX_WRITTEN}")
    if not (0 <= place.min() and place.max() < len(PLACES)):
        raise InformationError(
            f"a coordinate is out of bounds: give numbers from {-LIMIT:.1f} to {LIMIT:.1f}"
        )
    points = zip(np.asarray(y, int).tolist(), place.tolist(), strict=True)
    return "".join(CLASSES[one] + PLACES[right] + PLACES[up] for one, (right, up) in points)


def read_points(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Read points that `write_points` has written.

    Returns
    -------
    x : numpy.ndarray, shape (n, 2)
    y : numpy.ndarray of int64, shape (n,)

    Raises
    ------
    InformationError
        If the text is none of its texts.
    """
    marks, right, up = text[::3], text[1::3], text[2::3]
    is_whole = 0 < len(text) <= 3 * MAX_WRITTEN and len(text) % 3 == 0
    if not is_whole or not set(marks) <= set(CLASSES) or not set(right + up) <= set(PLACES):
        raise InformationError(
            f"{text[:20]!r} is no list of points: give r or f and two letters or digits for each of 1 to "
            f"{MAX_WRITTEN} points"
        )
    middle = len(PLACES) // 2
    places = [(PLACES.index(a) - middle, PLACES.index(b) - middle) for a, b in zip(right, up)]
    return STEP * np.array(places, float), np.array([CLASSES.index(mark) for mark in marks], np.int64)
