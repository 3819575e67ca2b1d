"""Differential entropy under smooth maps of the plane: h(f(X)) = h(X) + E log2 |det J|."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from infodecomp.deterministic.binning import NORMAL_ENTROPY
from infodecomp.errors import InformationError
from infodecomp.validation import as_scalar

MAPS = ("stretch", "scale", "tanh", "coupling")
NODES = 60  # Gauss-Hermite nodes in each coordinate
COUPLING = (0.8, 1.3)  # amplitude and frequency of the log scale of the coupling layer


def plane_map(kind: str, scale: float) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return a smooth invertible map of the plane, from points (..., 2) to points (..., 2).

    Parameters
    ----------
    kind : {"stretch", "scale", "tanh", "coupling"}
        (a x, y / a), (a x, a y), (tanh a x, tanh a y), or (x, y exp(0.8 a sin 1.3 x)), a coupling layer.
    scale : float
        a, above 0.

    Returns
    -------
    callable

    Raises
    ------
    InformationError
        If the kind is unknown or the scale is not above 0.
    """
    a = as_scalar(scale, "scale")
    if kind not in MAPS or a <= 0:
        raise InformationError(
            f"map = {kind!r} with scale = {a:.6g}; choose from {', '.join(MAPS)}, with a scale above 0"
        )
    amplitude, frequency = COUPLING

    def coupling(points: torch.Tensor) -> torch.Tensor:
        x, y = points.unbind(-1)
        return torch.stack([x, y * (a * amplitude * (frequency * x).sin()).exp()], -1)

    return {
        "stretch": lambda points: points * points.new_tensor([a, 1 / a]),
        "scale": lambda points: points * a,
        "tanh": lambda points: (points * a).tanh(),
        "coupling": coupling,
    }[kind]


def warp_points(kind: str, scale: float, points: Any) -> np.ndarray:
    """Where a map of `plane_map` takes points (..., 2), as an array."""
    return plane_map(kind, scale)(torch.from_numpy(np.array(points, float))).numpy()


def log_volume(kind: str, scale: float, points: Any) -> np.ndarray:
    """log2 |det J| of a map of `plane_map` at points (..., 2): how much it stretches area there, in bits."""
    a, at = as_scalar(scale, "scale"), np.asarray(points, float)
    if kind == "tanh":
        # log(1 - tanh^2 u) = 2 log 2 - 2 |u| - 2 log(1 + exp(-2 |u|)), which never underflows
        u = abs(a * at)
        slope = math.log(a) + 2 * (math.log(2) - u - np.log1p(np.exp(-2 * u)))
        return slope.sum(-1) / math.log(2)
    if kind == "coupling":
        return a * COUPLING[0] * np.sin(COUPLING[1] * at[..., 0]) / math.log(2)
    return np.full(at.shape[:-1], 2 * math.log2(a) if kind == "scale" else 0.0)


def mapped_entropy(kind: str, scale: float) -> float:
    """Differential entropy of f(X) in bits for X standard normal in the plane.

    Parameters
    ----------
    kind, scale
        As of `plane_map`.

    Returns
    -------
    float
        h(X) + E log2 |det J|. It may be negative.

    Raises
    ------
    InformationError
        As of `plane_map`.
    """
    plane_map(kind, scale)  # checks its arguments
    # |u| has a kink at 0, so panels of Gauss-Legendre nodes rather than Gauss-Hermite
    at, share = np.polynomial.legendre.leggauss(NODES)
    x = np.concatenate([-4.5 + 4.5 * at, 4.5 + 4.5 * at])
    p = np.tile(share, 2) * 4.5 * np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    if kind == "tanh":
        one = log_volume("tanh", scale, np.stack([x, np.zeros_like(x)], -1)) - math.log2(scale)
        return float(2 * (NORMAL_ENTROPY + (p * one).sum()))
    return 2 * NORMAL_ENTROPY + float((p * log_volume(kind, scale, np.stack([x, x], -1))).sum())
