"""The nearest-neighbour estimator of Kraskov, Stoegbauer and Grassberger, and its rank-normalised variant."""

from typing import Any

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import digamma, ndtri

from infodecomp.estimators.estimate import Estimate, as_paired_samples, point_estimate
from infodecomp.validation import as_integer

NEIGHBOURS = 10


def ksg_information(x: Any, y: Any, neighbours: int = NEIGHBOURS, rank_normalise: bool = True) -> Estimate:
    """Estimate I(X;Y) = psi(k) + psi(n) - E[psi(n_x + 1) + psi(n_y + 1)] from nearest neighbours.

    n_x and n_y count the samples that are closer in x, or in y, than the k-th neighbour in the plane.

    Parameters
    ----------
    x, y : array_like, shape (n,) or (n, d)
        Paired samples of continuous variables.
    neighbours : int
        k, from 1 to n - 1.
    rank_normalise : bool
        Whether each coordinate is first replaced by the normal deviate of its rank. That changes no mutual
        information, and it removes heavy tails, which mislead the estimate.

    Returns
    -------
    Estimate
        A point estimate. Its standard error treats the n terms as independent.

    Raises
    ------
    InformationError
        If the samples are not paired or finite, or `neighbours` is out of its limits.

    References
    ----------
    Kraskov, Stoegbauer & Grassberger (2004), Estimating mutual information, eq. 8.
    """
    first, second = as_paired_samples(x, y)
    n = len(first)
    k = as_integer(neighbours, "neighbours", 1, n - 1)
    if rank_normalise:
        first, second = rank_normalised(first), rank_normalised(second)
    joint = np.hstack([first, second])
    distance = cKDTree(joint).query(joint, k + 1, p=np.inf)[0][:, -1]
    n_x, n_y = (_closer(samples, distance) for samples in (first, second))
    return point_estimate(digamma(k) + digamma(n) - digamma(n_x + 1) - digamma(n_y + 1))


def rank_normalised(samples: np.ndarray) -> np.ndarray:
    """Replace each column by the normal deviates of its ranks.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n, d)
        Ties are ranked in the order in which they stand.

    Returns
    -------
    numpy.ndarray, shape (n, d)
    """
    ranks = samples.argsort(0, kind="stable").argsort(0, kind="stable")
    return ndtri((ranks + 0.5) / len(samples))


def _closer(samples: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """How many other samples (n, d) lie strictly within a distance (n,) of each, in the maximum norm."""
    # the k-th neighbour itself lies at this distance in one coordinate: rounding must not let it in
    strictly = distance - 4 * np.spacing(abs(samples).max() + distance)
    if samples.shape[1] == 1:
        values = samples[:, 0]
        ordered = np.sort(values)
        inside = np.searchsorted(ordered, values + strictly, "right")
        return np.maximum(inside - np.searchsorted(ordered, values - strictly, "left") - 1, 0)
    return cKDTree(samples).query_ball_point(samples, strictly, p=np.inf, return_length=True) - 1
