"""Scalar maps z = f(x) of a standard normal input, smooth or constant between a few break points."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtr, ndtri

from infodecomp.errors import InformationError
from infodecomp.validation import as_finite, as_integer, as_scalar

LIMIT = 8.5  # standard deviations: beyond lies 1e-17 of the input
KINDS = ("linear", "relu", "tanh", "step", "constant")
NODES = 8  # Gauss-Legendre nodes in a panel
FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "step": lambda x: np.where(x >= 0, 1.0, -1.0),
    "constant": np.zeros_like,
}


@lru_cache(maxsize=1)
def _legendre() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(NODES)


@dataclass(frozen=True)
class ScalarMap:
    """A map of the line.

    Parameters
    ----------
    function : callable
        Arrays of x -> arrays of z.
    breaks : tuple of float
        Where it is not smooth, ascending.
    flat : tuple of bool
        For each of the len(breaks) + 1 pieces, whether the map is constant on it.
    """

    function: Callable[[np.ndarray], np.ndarray]
    breaks: tuple[float, ...]
    flat: tuple[bool, ...]

    @property
    def is_discrete(self) -> bool:
        """Whether the output takes finitely many values."""
        return all(self.flat)

    def pieces(self) -> list[tuple[float, float, bool]]:
        """Return (low, high, flat) of each piece within the limits of the input."""
        edges = (-LIMIT, *self.breaks, LIMIT)
        return [piece for piece in zip(edges[:-1], edges[1:], self.flat) if piece[0] < piece[1]]

    def nodes(self, resolution: float) -> tuple[np.ndarray, np.ndarray]:
        """Return outputs and probabilities (n,) that represent the law of f(X), X standard normal.

        Parameters
        ----------
        resolution : float
            Largest step in x and in z between two panels of quadrature nodes.

        Returns
        -------
        outputs, weights : numpy.ndarray, shape (n,)
            The weights sum to 1.
        """
        outputs, weights = [], []
        at, share = _legendre()
        for low, high, flat in self.pieces():
            if flat:
                outputs.append(self.function(np.array([(low + high) / 2])))
                weights.append(np.array([ndtr(high) - ndtr(low)]))
                continue
            rise = abs(np.diff(self.function(np.linspace(low, high, 65)))).sum()
            panels = max(math.ceil(max(rise, (high - low) / 4) / resolution), math.ceil(high - low))
            edges = np.linspace(low, high, panels + 1)
            half = np.diff(edges) / 2
            x = ((edges[:-1] + half)[:, None] + half[:, None] * at).ravel()
            outputs.append(self.function(x))
            weights.append((half[:, None] * share).ravel() * np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi))
        z, p = np.concatenate(outputs), np.concatenate(weights)
        return z, p / p.sum()


def scalar_map(kind: str, scale: float = 1.0) -> ScalarMap:
    """Return f(scale x) of one of five kinds: linear, relu, tanh, step (the sign, -1 or 1) or constant.

    Parameters
    ----------
    kind : {"linear", "relu", "tanh", "step", "constant"}
    scale : float
        Gain before the map, above 0.

    Returns
    -------
    ScalarMap

    Raises
    ------
    InformationError
        If the kind is unknown or the scale is not above 0.
    """
    if kind not in KINDS:
        raise InformationError(f"map = {kind!r}; choose from {', '.join(KINDS)}")
    gain = as_scalar(scale, "scale")
    if gain <= 0:
        raise InformationError(f"scale = {gain:.6g}; give a number above 0")
    function = FUNCTIONS[kind]
    breaks = {"relu": (0.0,), "step": (0.0,)}.get(kind, ())
    flat = {"relu": (True, False), "step": (True, True), "constant": (True,)}.get(kind, (False,))
    return ScalarMap(lambda x: function(gain * np.asarray(x, float)), breaks, flat)


def piecewise_linear_map(knots_x: Sequence[float], knots_z: Sequence[float]) -> ScalarMap:
    """Return the map that joins some points by straight lines, and is constant beyond the outermost.

    Parameters
    ----------
    knots_x, knots_z : sequence of float, shape (n,)
        The points, x strictly ascending.

    Returns
    -------
    ScalarMap

    Raises
    ------
    InformationError
        If x does not ascend or the lengths differ.
    """
    x, z = as_finite(knots_x, "knots_x").numpy(), as_finite(knots_z, "knots_z").numpy()
    if x.shape != z.shape or x.ndim != 1 or len(x) < 2 or (np.diff(x) <= 0).any():
        raise InformationError(f"{len(x)} and {len(z)} knots; give at least 2 points, x strictly ascending")
    flat = (True, *(bool(rise == 0) for rise in np.diff(z)), True)
    return ScalarMap(lambda at: np.interp(at, x, z), tuple(x.tolist()), flat)


def stratified_normal(n: int) -> np.ndarray:
    """Return n inputs, one in the middle of each n-th of a standard normal distribution, ascending.

    Raises
    ------
    InformationError
        If n is not a whole number of at least 1.
    """
    count = as_integer(n, "n", 1)
    return ndtri((np.arange(count) + 0.5) / count)


def output_entropy(outputs: np.ndarray) -> float:
    """Entropy in bits of f(X) for X uniform on n inputs with the given outputs (n,): I(X; f(X)) in bits."""
    counts = np.unique(np.asarray(outputs), return_counts=True)[1]
    n = counts.sum()
    return max(float(np.log2(n) - (counts * np.log2(counts)).sum() / n), 0.0)


def discrete_entropy(map_: ScalarMap) -> float:
    """Entropy in bits of f(X), X standard normal, for a map of finitely many values.

    Raises
    ------
    InformationError
        If the map takes infinitely many values: then I(X; f(X)) is infinite.
    """
    if not map_.is_discrete:
        raise InformationError("the map takes infinitely many values, so the information is infinite")
    z, p = map_.nodes(1.0)
    _, labels = np.unique(z, return_inverse=True)
    mass = np.bincount(labels, p)
    return max(float(-(mass * np.log2(mass)).sum()), 0.0)
