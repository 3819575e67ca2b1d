"""Two classes of points in the plane: blobs, moons, circles and XOR."""

from collections.abc import Callable

import numpy as np

from infodecomp.errors import InformationError
from infodecomp.validation import as_integer, as_seed

Points = tuple[np.ndarray, np.ndarray]


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
