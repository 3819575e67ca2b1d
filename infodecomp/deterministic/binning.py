"""Information after binning: H of the bin that an output falls into, for a known density and for samples."""

import math
from typing import Any

import numpy as np
from scipy.special import ndtr

from infodecomp.errors import InformationError
from infodecomp.validation import as_finite, as_scalar

NORMAL_ENTROPY = 0.5 * math.log2(2 * math.pi * math.e)  # of a standard normal variable, in bits
LIMIT = 9.0  # standard deviations


def _width(value: Any) -> float:
    width = as_scalar(value, "width")
    if width <= 0:
        raise InformationError(f"width = {width:.6g}; give the width of a bin, above 0")
    return width


def binned_normal_entropy(width: Any) -> float:
    """Entropy H of a standard normal variable in bins of one width, one bin centred at 0.

    Parameters
    ----------
    width : float
        Of a bin, at least 1e-5.

    Returns
    -------
    float
        In bits; H + log2(width) approaches the differential entropy as the width goes to 0.

    Raises
    ------
    InformationError
        If the width is below 1e-5.

    References
    ----------
    Renyi (1959), On the dimension and entropy of probability distributions.
    """
    step = as_scalar(width, "width", 1e-5)
    half = math.ceil(LIMIT / step)
    lower = (np.arange(0, half + 1) - 0.5) * step
    mass = ndtr(-lower) - ndtr(-lower - step)  # of the bins from 0 up; the upper tail keeps its digits
    mass = mass[mass > 0]
    terms = -mass * np.log2(mass)
    return max(float(2 * terms.sum() - terms[0]), 0.0)


def asymptotic_entropy(width: Any) -> float:
    """h(X) - log2(width) for a standard normal X: what the binned entropy approaches for narrow bins."""
    return NORMAL_ENTROPY - math.log2(_width(width))


def binned_entropy(samples: Any, width: Any) -> float:
    """Plug-in entropy of samples in square bins, one of them centred at 0: I(X; binned f(X)) for n inputs.

    Parameters
    ----------
    samples : array_like, shape (n,) or (n, d)
    width : float
        Side of a bin, above 0.

    Returns
    -------
    float
        In bits, at most log2 n.

    Raises
    ------
    InformationError
        If the samples are not finite or the width is not above 0.
    """
    points = as_finite(samples, "samples").numpy()
    return float(binned_entropies(points.reshape(1, len(points), -1), width)[0])


def binned_entropies(samples: Any, width: Any) -> np.ndarray:
    """Plug-in entropies of several sets of samples in the same bins; see `binned_entropy`.

    Parameters
    ----------
    samples : array_like, shape (m, n, d)
    width : float
        Side of a bin, above 0.

    Returns
    -------
    numpy.ndarray, shape (m,)
        In bits, at most log2 n.

    Raises
    ------
    InformationError
        If the samples are not finite, their shape is wrong, or the width is not above 0.
    """
    points = as_finite(samples, "samples").numpy()
    if points.ndim != 3 or not points.size:
        raise InformationError(f"samples have shape {points.shape}; give (sets, samples, coordinates)")
    m, n, d = points.shape
    cells = np.rint(points / _width(width)).reshape(m * n, d)
    labels = np.repeat(np.arange(m), n)
    for column in cells.T:  # number the bins of ever more coordinates
        values = np.unique(column, return_inverse=True)[1].reshape(-1)
        labels = np.unique(labels * len(column) + values, return_inverse=True)[1].reshape(-1)
    counts = np.bincount(labels)
    owner = np.empty(len(counts), np.int64)
    owner[labels] = np.repeat(np.arange(m), n)
    return np.maximum(math.log2(n) - np.bincount(owner, counts * np.log2(counts)) / n, 0.0)
