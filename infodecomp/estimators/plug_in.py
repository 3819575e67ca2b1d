"""Plug-in estimates for discrete samples: the information of the table of counts, with bias corrections.

The plug-in estimate has a bias of about (K_xy - K_x - K_y + 1) / (2 n ln 2) bits, K being the numbers of
outcomes that occur. Miller and Madow subtract that; the jackknife removes the 1/n term without knowing K.
"""

import math
from typing import Any, Literal

import numpy as np

from infodecomp.errors import InformationError
from infodecomp.estimators.estimate import Estimate, as_paired_samples
from infodecomp.units import LN2

Correction = Literal["none", "miller-madow", "jackknife"]
CORRECTIONS = ("none", "miller-madow", "jackknife")


def plug_in_information(x: Any, y: Any, correction: Correction = "none") -> Estimate:
    """Estimate I(X;Y) of discrete samples: I = sum p log2 p/(p_x p_y) of the relative frequencies.

    Parameters
    ----------
    x, y : array_like, shape (n,) or (n, d)
        Paired samples; equal rows are the same outcome.
    correction : {"none", "miller-madow", "jackknife"}
        How the bias is corrected.

    Returns
    -------
    Estimate
        A point estimate; its standard error is that of the delta method, or the jackknife's.

    Raises
    ------
    InformationError
        If the samples are not paired or finite, or the correction is unknown.

    References
    ----------
    Miller (1955), Note on the bias of information estimates; Efron & Stein (1981), The jackknife estimate
    of variance.
    """
    if correction not in CORRECTIONS:
        raise InformationError(f"correction = {correction!r}; choose from {', '.join(CORRECTIONS)}")
    samples_x, samples_y = as_paired_samples(x, y)
    row, column, counts = contingency(samples_x, samples_y)
    n = int(counts.sum())
    if correction == "jackknife":
        return _jackknife(row, column, counts)
    n_x, n_y = np.bincount(row, counts), np.bincount(column, counts)
    terms = np.log(counts * n / (n_x[row] * n_y[column]))
    mean = float((counts * terms).sum() / n)
    error = math.sqrt(max(float((counts * terms**2).sum() / n) - mean**2, 0.0) / n)
    if correction == "miller-madow":
        mean += (len(n_x) + len(n_y) - len(counts) - 1) / (2 * n)
    return Estimate(mean / LN2, error / LN2, "point", n)


def contingency(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count the pairs of outcomes that occur.

    Parameters
    ----------
    x, y : numpy.ndarray, shape (n, d)

    Returns
    -------
    row, column, counts : numpy.ndarray, shape (cells,)
        The outcome of x and of y of each occupied cell, and its count.
    """
    labels_x, labels_y = outcome_labels(x), outcome_labels(y)
    pairs, counts = np.unique(labels_x * (labels_y.max() + 1) + labels_y, return_counts=True)
    return pairs // (labels_y.max() + 1), pairs % (labels_y.max() + 1), counts


def outcome_labels(samples: np.ndarray) -> np.ndarray:
    """Number the different rows (n, d) from 0: labels (n,)."""
    if samples.shape[1] == 1:
        return np.unique(samples[:, 0], return_inverse=True)[1]
    return np.unique(samples, axis=0, return_inverse=True)[1].reshape(-1)


def _jackknife(row: np.ndarray, column: np.ndarray, counts: np.ndarray) -> Estimate:
    """All samples of a cell leave the same estimate behind, so there is one deletion for each cell."""
    n = int(counts.sum())
    n_x, n_y = np.bincount(row, counts), np.bincount(column, counts)
    sums = [_xlogx(cells).sum() for cells in (n_x, n_y, counts)]
    full = math.log(n) - (sums[0] + sums[1] - sums[2]) / n
    smaller = [
        total - _xlogx(cells) + _xlogx(cells - 1)
        for total, cells in zip(sums, (n_x[row], n_y[column], counts))
    ]
    deleted = math.log(n - 1) - (smaller[0] + smaller[1] - smaller[2]) / (n - 1)
    mean = float((counts * deleted).sum() / n)
    variance = float((counts * (deleted - mean) ** 2).sum()) * (n - 1) / n
    return Estimate((n * full - (n - 1) * mean) / LN2, math.sqrt(variance) / LN2, "point", n)


def _xlogx(counts: np.ndarray) -> np.ndarray:
    return counts * np.log(np.maximum(counts, 1))
