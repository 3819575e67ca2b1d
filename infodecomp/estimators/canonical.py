"""The estimate of mutual information that would be right for jointly Gaussian variables."""

import math
from typing import Any

import numpy as np

from infodecomp.estimators.estimate import Estimate, as_paired_samples
from infodecomp.units import LN2


def gaussian_information_estimate(x: Any, y: Any) -> Estimate:
    """Estimate I(X;Y) = -1/2 sum log2(1 - r_i^2) from the canonical correlations r_i.

    Parameters
    ----------
    x, y : array_like, shape (n,) or (n, d)
        Paired samples.

    Returns
    -------
    Estimate
        A point estimate, right for jointly Gaussian variables alone. Sampling inflates every one of the
        correlations, so with many dimensions and few samples it is far too high even for those.

    Raises
    ------
    InformationError
        If the samples are not paired or finite.

    References
    ----------
    Kay (1992), Feature discovery under contextual supervision using mutual information.
    """
    first, second = as_paired_samples(x, y)
    n = len(first)
    q, p = (_orthonormal(samples) for samples in (first, second))
    squared = np.clip(np.linalg.svd(q.T @ p, compute_uv=False), 0, 1 - 1e-12) ** 2
    # var of -1/2 log(1 - r^2) by the delta method: Var(r) = (1 - r^2)^2 / n, derivative r / (1 - r^2)
    error = math.sqrt(float(squared.sum()) / n)
    return Estimate(float(-0.5 * np.log1p(-squared).sum()) / LN2, error / LN2, "point", n)


def _orthonormal(samples: np.ndarray) -> np.ndarray:
    """An orthonormal basis of the centred columns."""
    u, s, _ = np.linalg.svd(samples - samples.mean(0), full_matrices=False)
    return u[:, s > 1e-12 * max(float(s[0]), 1e-300)]
