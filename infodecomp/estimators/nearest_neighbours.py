"""The nearest-neighbour estimator of Kraskov, Stoegbauer and Grassberger, and its rank-normalised variant."""

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist
from scipy.special import digamma, ndtri

from infodecomp.estimators.estimate import Estimate, as_paired_samples, point_estimate
from infodecomp.units import LN2
from infodecomp.validation import as_integer, as_seed

NEIGHBOURS = 10
MANY_DIMENSIONS = 16  # of x and y together; from here on a tree has to look at all pairs anyway
ROUNDING = 4  # units in the last place, by which a distance may be off
TIES = 1  # of the random numbers that are drawn from a seed
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
        Paired samples of continuous variables. Repeated values are taken as they come, see the notes.
    neighbours : int
        k, from 1 to n - 1.
    rank_normalise : bool
        Whether each coordinate is first replaced by the normal deviate of its rank. That changes no mutual
        information, and it removes heavy tails, which mislead the estimate.
    halvings : int
        How often the samples are split at random into halves, to see how the estimate depends on their
        number. 0 leaves the bias at 0, so that the interval is that of sampling alone.
    seed : int
        Of the splits, and of the order of samples with the same value.

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

    Where values repeat and several samples are as far as the k-th, all of these count, in the plane, in x and
    in y: at one point as Gao et al. have it, and likewise on a grid. Ranks of equal values are in random
    order, in each coordinate another, so that the order of the samples carries no information.

    References
    ----------
    Kraskov, Stoegbauer & Grassberger (2004), Estimating mutual information, eq. 8; Gao, Kannan, Oh &
    Viswanath (2017), Estimating mutual information for discrete-continuous mixtures, algorithm 1.
    """
    first, second = as_paired_samples(x, y)
    n = len(first)
    k = as_integer(neighbours, "neighbours", 1, n - 1)
    if rank_normalise:
        ties = np.random.default_rng([as_seed(seed), TIES])
        first, second = rank_normalised(first, ties), rank_normalised(second, ties)
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
    n_joint, n_x, n_y = (_counts_of_pairs if many else _counts_of_trees)(first, second, k)
    return digamma(n_joint) + digamma(len(first)) - digamma(n_x + 1) - digamma(n_y + 1)


def _counts_of_trees(first: np.ndarray, second: np.ndarray, k: int) -> np.ndarray:
    """How many samples are near each, by k-d trees.

    Returns
    -------
    ndarray of int64, shape (3, n)
        k, and how many others are closer than the k-th neighbour in x and in y. Where several are as far as
        the k-th: how many are as close or closer in both, with the sample itself, and in x and in y.
    """
    joint = np.hstack([first, second])
    distance = cKDTree(joint).query(joint, k + 1, p=np.inf)[0][:, -1]
    spaces = joint, first, second
    counts = np.full((3, len(joint)), k)
    counts[1:] = [_near(samples, distance, -ROUNDING) for samples in spaces[1:]]
    if not _has_repeats(joint):
        return counts
    within = np.stack([_near(samples, distance, ROUNDING) for samples in spaces])
    return _with_ties(counts, within, _near(joint, distance, -ROUNDING), distance)


def _counts_of_pairs(first: np.ndarray, second: np.ndarray, k: int) -> np.ndarray:
    """`_counts_of_trees` from the distances of all pairs."""
    n = len(first)
    counts = np.full((3, n), k)
    both = np.hstack([first, second])
    repeats = _has_repeats(both)
    step = max(1, CELLS // n)
    for start in range(0, n, step):
        rows = slice(start, start + step)
        apart = [cdist(samples[rows], samples, "chebyshev") for samples in (first, second)]
        joint = np.maximum(*apart)
        kth = np.partition(joint, k, axis=1)[:, k, None]
        distances = (joint, both), (apart[0], first), (apart[1], second)
        closer, *counts[1:, rows] = [
            np.maximum((one <= _rounded(samples, kth, -ROUNDING)).sum(1) - 1, 0)  # not the sample itself
            for one, samples in distances
        ]
        if repeats:
            within = np.stack(
                [(one <= _rounded(samples, kth, ROUNDING)).sum(1) - 1 for one, samples in distances]
            )
            counts[:, rows] = _with_ties(counts[:, rows], within, closer, kth[:, 0])
    return counts


def _with_ties(
    counts: np.ndarray, within: np.ndarray, closer: np.ndarray, distance: np.ndarray
) -> np.ndarray:
    """The counts (3, n), or those within the distance (n,) where several neighbours are at this distance."""
    tied = (within[0] > closer + 1) | (distance == 0)
    return np.where(tied, within + [[1], [0], [0]], counts)


def _has_repeats(samples: np.ndarray) -> bool:
    """Whether a value occurs twice in a column of (n, d)."""
    ordered = np.sort(samples, axis=0)
    return bool((ordered[1:] == ordered[:-1]).any())


def rank_normalised(samples: np.ndarray, ties: np.random.Generator) -> np.ndarray:
    """Replace each column by the normal deviates of its ranks.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n, d)
    ties : numpy.random.Generator
        Draws the order of equal values, in each column another.

    Returns
    -------
    numpy.ndarray, shape (n, d)
    """
    return ndtri((ranks(samples, ties) + 0.5) / len(samples))


def ranks(samples: np.ndarray, ties: np.random.Generator) -> np.ndarray:
    """The ranks in each column, from 0, int64 (n, d), with equal values in random order; see
    `rank_normalised`."""
    found = np.empty(samples.shape, np.int64)
    for column, values in enumerate(samples.T):
        order = ties.permutation(len(values))
        found[order[values[order].argsort(kind="stable")], column] = np.arange(len(values))
    return found


def _rounded(samples: np.ndarray, distance: np.ndarray, rounding: int) -> np.ndarray:
    """A distance between samples (n, d), longer or shorter by some units in the last place.

    The k-th neighbour itself lies at this distance in one coordinate, and on a grid, such as that of tenths,
    others do too: rounding must not decide about them.
    """
    return distance + rounding * np.spacing(abs(samples).max() + distance)


def _near(samples: np.ndarray, distance: np.ndarray, rounding: int) -> np.ndarray:
    """How many other samples (n, d) lie within a distance (n,) of each, in the maximum norm."""
    distance = _rounded(samples, distance, rounding)
    if samples.shape[1] == 1:
        values = samples[:, 0]
        ordered = np.sort(values)
        inside = np.searchsorted(ordered, values + distance, "right")
        return np.maximum(inside - np.searchsorted(ordered, values - distance, "left") - 1, 0)
    inside = cKDTree(samples).query_ball_point(samples, distance, p=np.inf, return_length=True)
    return np.maximum(inside - 1, 0)  # none is closer than another at the same point
