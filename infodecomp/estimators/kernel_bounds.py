"""Bounds on I(X; Z) where Z is one of n points plus Gaussian noise, from the distances between the points."""

import math
from typing import Any

import torch

from infodecomp.errors import InformationError
from infodecomp.estimators.estimate import LN2, Estimate, as_samples
from infodecomp.validation import as_scalar

BLOCK = 2048  # rows of the matrix of distances that are in memory at once


def kernel_bounds(points: Any, noise: Any) -> tuple[Estimate, Estimate]:
    """Bound I(X; f(X) + N(0, noise^2)) for X uniform on n inputs, given their outputs f(x).

    The lower bound is -E log2 E exp(-D/8), the upper one -E log2 E exp(-D/2), D being the squared distance
    in units of the noise: the Bhattacharyya and the Kullback-Leibler divergence of two Gaussians.

    Parameters
    ----------
    points : array_like, shape (n,) or (n, d)
        The outputs.
    noise : float
        Standard deviation of the noise in each coordinate, above 0.

    Returns
    -------
    lower, upper : Estimate
        Both at most log2 n. They hold exactly for these n inputs, so their standard errors are 0.

    Raises
    ------
    InformationError
        If the points are not finite or the noise is not above 0.

    References
    ----------
    Kolchinsky & Tracey (2017), Estimating mixture entropy with pairwise distances, eqs. 10 and 11.
    """
    outputs = torch.from_numpy(as_samples(points, "points"))
    deviation = as_scalar(noise, "noise")
    if deviation <= 0:
        raise InformationError(f"noise = {deviation:.6g}; give a standard deviation above 0")
    scaled = outputs / deviation
    lower, upper = _mean_log_kernel(scaled, 8.0), _mean_log_kernel(scaled, 2.0)
    n = len(outputs)
    return Estimate(-lower / LN2, 0.0, "lower", n), Estimate(-upper / LN2, 0.0, "upper", n)


def _mean_log_kernel(points: torch.Tensor, divisor: float) -> float:
    """Mean over i of log mean over j of exp(-|x_i - x_j|^2 / divisor), in nats."""
    total = 0.0
    for start in range(0, len(points), BLOCK):
        # not the product trick of cdist, which loses the small distances
        squared = torch.cdist(
            points[start : start + BLOCK], points, compute_mode="donot_use_mm_for_euclid_dist"
        ).square()
        total += float((-squared / divisor).logsumexp(1).sum())
    return total / len(points) - math.log(len(points))
