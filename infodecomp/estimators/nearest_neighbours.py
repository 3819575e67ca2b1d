"""The nearest-neighbour estimator of Kraskov, Stoegbauer and Grassberger, and its rank-normalised variant."""

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist
from scipy.special import digamma, ndtri

from infodecomp.estimators.estimate import LN2, Estimate, as_paired_samples, point_estimate
from infodecomp.validation import as_integer, as_seed

NEIGHBOURS = 10
MANY_DIMENSIONS = 16  # of x and y together; from here on a tree has to look at all pairs anyway
CELLS = 4_000_000  # of a matrix of distances that are in memory at once; there are four of them


def ksg_information(
    x: Any,
    y: Any,
    neighbours: int = NEIGHBOURS,
    rank_normalise: bool = True,
    halvings: int = 0,
    seed: int = 0,
) -> Estimate:
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
    halvings : int
        How often the samples are split at random into halves, to see how the estimate depends on their
        number. 0 leaves the bias at 0, so that the interval is that of sampling alone.
    seed : int
        Of the splits.

    Returns
    -------
    Estimate
        A point estimate. Its standard error treats the n terms as independent.

    Raises
    ------
    InformationError
        If the samples are not paired or finite, or `neighbours` or `halvings` is out of its limits.

    Notes
    -----
    The estimate takes the density to be even among k neighbours. They lie within (k / n)^(1 / d) in d
    dimensions, x and y together, and what a smooth density does there averages out but for the square of
    this distance: the bias is proportional to n^(-2 / d). Halves therefore have 2^(2 / d) times the bias, and
    the bias is the difference of the two estimates over 2^(2 / d) - 1. That is an order of magnitude rather
    than a correction: in many dimensions the factor is large and the difference noisy.

    References
    ----------
    Kraskov, Stoegbauer & Grassberger (2004), Estimating mutual information, eq. 8.
    """
    first, second = as_paired_samples(x, y)
    n = len(first)
    k = as_integer(neighbours, "neighbours", 1, n - 1)
    if rank_normalise:
        first, second = rank_normalised(first), rank_normalised(second)
    estimate = point_estimate(_terms(first, second, k))
    splits = as_integer(halvings, "halvings", 0)
    if not splits:
        return estimate
    as_integer(k, "neighbours", 1, n // 2 - 1)
    generator = np.random.default_rng(as_seed(seed))
    halves = [half for _ in range(splits) for half in np.array_split(generator.permutation(n), 2)]
    of_halves = np.mean([_terms(first[half], second[half], k).mean() for half in halves]) / LN2
    dimensions = first.shape[1] + second.shape[1]
    bias = float(of_halves - estimate.bits) / (2 ** (2 / dimensions) - 1)
    return replace(estimate, bias=bias)


def _terms(first: np.ndarray, second: np.ndarray, k: int) -> np.ndarray:
    """Information in nats at each sample (n,), whose mean is the estimate."""
    many = first.shape[1] + second.shape[1] >= MANY_DIMENSIONS
    n_x, n_y = (_counts_of_pairs if many else _counts_of_trees)(first, second, k)
    return digamma(k) + digamma(len(first)) - digamma(n_x + 1) - digamma(n_y + 1)


def _counts_of_trees(first: np.ndarray, second: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """n_x and n_y of each sample, each (n,), by k-d trees."""
    joint = np.hstack([first, second])
    distance = cKDTree(joint).query(joint, k + 1, p=np.inf)[0][:, -1]
    return _closer(first, distance), _closer(second, distance)


def _counts_of_pairs(first: np.ndarray, second: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """n_x and n_y of each sample, each (n,), from the distances of all pairs."""
    n = len(first)
    counts = np.empty((2, n), np.int64)
    step = max(1, CELLS // n)
    for start in range(0, n, step):
        rows = slice(start, start + step)
        apart = [cdist(samples[rows], samples, "chebyshev") for samples in (first, second)]
        kth = np.partition(np.maximum(*apart), k, axis=1)[:, k, None]
        counts[:, rows] = [np.maximum((one < kth).sum(1) - 1, 0) for one in apart]  # not the sample itself
    return counts[0], counts[1]


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
