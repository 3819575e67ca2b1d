"""Integrals over mixtures of Gaussians whose widths may differ by orders of magnitude.

Gauss-Hermite quadrature of a wide component steps over a narrow one that lies inside it. Here the line is cut
at mean ± k standard deviations of every component, so that each panel is short for the narrowest component
that reaches it, and every panel gets a Gauss-Legendre rule.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch

PANEL_ENDS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.5, 9.0)  # standard deviations; 2e-19 of the mass lies beyond 9
NODES_PER_PANEL = 10


class Quadrature(NamedTuple):
    """Points and weights of integrals over the line: the integral of f is (f(points) * weights).sum(-1).

    Attributes
    ----------
    points, weights : torch.Tensor, shape (..., n_nodes)
    """

    points: torch.Tensor
    weights: torch.Tensor


def mixture_quadrature(
    mean: torch.Tensor,
    deviation: torch.Tensor,
    panel_ends: tuple[float, ...] = PANEL_ENDS,
    nodes_per_panel: int = NODES_PER_PANEL,
) -> Quadrature:
    """Gauss-Legendre nodes on panels between mean ± k deviations of every component.

    Parameters
    ----------
    mean, deviation : torch.Tensor, shape (..., n_components)
        Means and standard deviations, float64.
    panel_ends : tuple of float
        The k, from 0 upwards.
    nodes_per_panel : int

    Returns
    -------
    Quadrature
        With (n_components * (2 * len(panel_ends) - 1) - 1) * nodes_per_panel nodes.
    """
    offsets, nodes, weights = _rules(panel_ends, nodes_per_panel)
    ends = (mean[..., None] + deviation[..., None] * offsets).flatten(-2).sort(-1).values
    half_width = ends.diff(dim=-1)[..., None] / 2
    centre = (ends[..., 1:] + ends[..., :-1])[..., None] / 2
    return Quadrature((centre + half_width * nodes).flatten(-2), (half_width * weights).flatten(-2))


@lru_cache(maxsize=8)
@torch.inference_mode(False)
def _rules(panel_ends: tuple[float, ...], nodes_per_panel: int) -> tuple[torch.Tensor, ...]:
    """Offsets of the panel ends, and nodes and weights of the Gauss-Legendre rule on -1 to 1."""
    offsets = sorted({sign * end for end in panel_ends for sign in (-1.0, 1.0)})
    nodes, weights = np.polynomial.legendre.leggauss(nodes_per_panel)
    return torch.tensor(offsets, dtype=torch.float64), torch.from_numpy(nodes), torch.from_numpy(weights)
