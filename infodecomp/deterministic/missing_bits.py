"""How many bits of the input are missing from an output of the same precision, H(X | Z), exactly.

The input is uniform on a grid of 2^N values in each of two coordinates of [-1, 1]; the output is rounded to
the same grid. The growth with N is the difference of the information dimensions of input and output.
"""

import math

import numpy as np

from infodecomp.errors import InformationError
from infodecomp.validation import as_integer

MAPS = ("identity", "projection", "mean", "relu", "tanh", "network")
MAX_BITS = 10
NETWORK_SEED = 0


def missing_bits(kind: str, n_bits: int) -> float:
    """Missing information H(X | Z) = 2 N - H(Z) of a map of the square to itself, or to the line.

    Parameters
    ----------
    kind : {"identity", "projection", "mean", "relu", "tanh", "network"}
        Coordinate by coordinate, but for the projection to the first, the mean of both, and one layer of two
        ReLU units with random weights.
    n_bits : int
        N, bits for each of the two inputs, from 1 to 10.

    Returns
    -------
    float
        In bits.

    Raises
    ------
    InformationError
        If the map is unknown or `n_bits` out of its limits.

    References
    ----------
    Renyi (1959), On the dimension and entropy of probability distributions.
    """
    if kind not in MAPS:
        raise InformationError(f"map = {kind!r}; choose from {', '.join(MAPS)}")
    n = as_integer(n_bits, "n_bits", 1, MAX_BITS)
    x = (np.arange(2**n) + 0.5) * 2.0 ** (1 - n) - 1
    if kind == "identity":
        return 0.0
    if kind == "projection":
        return float(n)
    if kind in ("relu", "tanh"):
        z = np.maximum(x, 0) if kind == "relu" else np.tanh(x)
        return 2 * (n - _entropy(np.bincount(_cells(z, n))))
    first, second = x[:, None], x[None, :]
    if kind == "mean":
        return 2 * n - _entropy(np.bincount(_cells((first + second) / 2, n).ravel()))
    weights = np.random.default_rng(NETWORK_SEED).standard_normal((2, 2)) / math.sqrt(2)
    keys = 0
    for row in weights:
        keys = keys * 2**n + _cells(np.maximum(row[0] * first + row[1] * second, 0), n)
    return 2 * n - _entropy(np.bincount(np.ravel(keys)))


def _cells(z: np.ndarray, n: int) -> np.ndarray:
    """The grid cell of each output, 0 to 2^n - 1; outputs beyond [-1, 1] are clipped."""
    return np.clip(np.floor((z + 1) * 2.0 ** (n - 1) + 1e-9).astype(np.int64), 0, 2**n - 1)


def _entropy(counts: np.ndarray) -> float:
    counts = counts[counts > 0].astype(float)
    n = counts.sum()
    return float(math.log2(n) - (counts * np.log2(counts)).sum() / n)


def float_entropy(mantissa_bits: int, exponents: int = 60) -> float:
    """Entropy of a uniform number on (0, 1) stored as a float: mantissa_bits + 2, all but 1e-15.

    Parameters
    ----------
    mantissa_bits : int
        From 0 to 52.
    exponents : int
        Number of binary exponents, at least 1; the smallest takes what is left.

    Returns
    -------
    float
        In bits: those of the mantissa, and two for the geometrically distributed exponent.
    """
    mantissa = as_integer(mantissa_bits, "mantissa_bits", 0, 52)
    count = as_integer(exponents, "exponents", 1)
    p = np.array([*(2.0**-k for k in range(1, count)), 2.0 ** (1 - count)])
    return mantissa + float(-(p * np.log2(p)).sum())
