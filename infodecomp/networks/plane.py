"""The information plane of a network whose inputs can all be enumerated.

With 4,096 equally likely inputs X and a layer T that is a function of X, I(X;T) = H(T). What is measured is
the binned layer: H(Q(T)), and I(Y;Q(T)) = H(Q(T)) - H(Q(T)|Y).
"""

import itertools
from functools import lru_cache
from typing import Any

import numpy as np

from infodecomp.errors import InformationError
from infodecomp.validation import as_integer

N_BITS = 12
RULES = ("fixed", "min-max")


def sphere_task() -> tuple[np.ndarray, np.ndarray]:
    """All 12-bit inputs and a label that rotations of a sphere leave alone.

    Each bit is a corner of an icosahedron, occupied or not; the label is 1 where the squared length of the
    sum of occupied corners is above its median.

    Returns
    -------
    x : numpy.ndarray, shape (4096, 12)
        -1 or 1.
    y : numpy.ndarray of int64, shape (4096,)

    References
    ----------
    Shwartz-Ziv & Tishby (2017), Opening the black box of deep neural networks via information, section 3.1:
    a label of this kind, with a threshold on another rotation-invariant function.
    """
    golden = (1 + 5**0.5) / 2
    corners = np.array(
        [
            np.roll((0, a, b * golden), shift)
            for shift in range(3)
            for a, b in itertools.product((-1, 1), repeat=2)
        ]
    )
    x = (np.arange(2**N_BITS)[:, None] >> np.arange(N_BITS)) & 1
    length = ((x @ corners) ** 2).sum(1)
    return 2.0 * x - 1, (length > np.median(length) + 1e-9).astype(np.int64)


def bin_numbers(layer: Any, bins: int, rule: str = "fixed") -> np.ndarray:
    """Number the bin of every activation of a layer.

    Parameters
    ----------
    layer : array_like, shape (..., n_samples, n_neurons)
    bins : int
    rule : {"fixed", "min-max"}
        Equal bins over [-1, 1], as for tanh, into whose ends larger values fall; or over the smallest to
        the largest activation of the layer.

    Returns
    -------
    numpy.ndarray of int64, of the shape of the layer

    Raises
    ------
    InformationError
        If there are fewer than two bins or the rule is unknown.
    """
    as_integer(bins, "bins", 2)
    t = np.asarray(layer, np.float64)
    if rule == "fixed":
        low, high = -1.0, 1.0
    elif rule == "min-max":
        low, high = t.min((-1, -2), keepdims=True), t.max((-1, -2), keepdims=True)
    else:
        raise InformationError(f"rule {rule!r}: choose from {', '.join(RULES)}")
    scaled = t - low
    scaled /= np.maximum(high - low, 1e-300)
    scaled *= bins
    np.clip(scaled, 0, bins - 1, out=scaled)
    return scaled.astype(np.int64)  # rounds down, as nothing is below 0


def binned_information(layer: Any, labels: Any, bins: int, rule: str = "fixed") -> np.ndarray:
    """I(X;Q(T)) and I(Y;Q(T)) of a layer for all its inputs, each equally likely.

    Parameters
    ----------
    layer : array_like, shape (..., n_samples, n_neurons)
    labels : array_like of int, shape (n_samples,)
        0 or 1.
    bins, rule
        See `bin_numbers`.

    Returns
    -------
    numpy.ndarray, shape (..., 2)
        In bits, at most log2 n_samples and 1. Exact for the binned layer; about the layer itself the binned
        layer may say less.

    References
    ----------
    Saxe et al. (2018), On the information bottleneck theory of deep learning, section 2.
    """
    codes = _row_codes(bin_numbers(layer, bins, rule))
    y = np.asarray(labels, np.int64)
    # the label is the last bit of the code, so one sort serves both entropies
    tagged = (codes << np.uint64(1)) | y.astype(np.uint64)
    tagged.sort(axis=-1)
    joint, alone = _sorted_entropy(tagged), _sorted_entropy(tagged >> np.uint64(1))
    share = y.mean()
    h_y = -sum(p * np.log2(p) for p in (share, 1 - share) if p > 0)
    return np.stack((alone, alone + h_y - joint), axis=-1)


def _row_codes(bins: np.ndarray) -> np.ndarray:
    """One number below 2**63 for each row of bins: equal rows, equal numbers; others differ almost surely."""
    drawn = np.random.default_rng(0).integers(1, 2**63, (bins.shape[-1],), dtype=np.uint64)
    odd: np.ndarray = np.bitwise_or(drawn, np.uint64(1))
    numbers = np.moveaxis(bins.view(np.uint64), -1, 0)
    mixed = numbers[0] * odd[0]
    for column, factor in zip(numbers[1:], odd[1:]):
        mixed += column * factor
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    return mixed >> np.uint64(1)


def _sorted_entropy(ordered: np.ndarray) -> np.ndarray:
    """Entropy of the values of each row of a sorted array, in bits."""
    n, flat = ordered.shape[-1], ordered.reshape(-1)
    begins = np.ones(len(flat), bool)
    np.not_equal(flat[1:], flat[:-1], out=begins[1:])
    begins[::n] = True
    start = np.flatnonzero(begins)
    length = np.diff(start, append=len(flat))
    sums = np.bincount(start // n, n_log_n(n)[length], minlength=len(flat) // n)
    return (np.log2(n) - sums / n).reshape(ordered.shape[:-1])


@lru_cache(maxsize=8)
def n_log_n(largest: int) -> np.ndarray:
    """k log2 k for every k from 0 to a largest one."""
    k = np.arange(largest + 1)
    return k * np.log2(np.maximum(k, 1))


def exact_information(layer: Any) -> float:
    """I(X;T) of a layer for all its inputs, each equally likely: the entropy of its distinct rows, in bits.

    Parameters
    ----------
    layer : array_like of float32, shape (n_samples, n_neurons)
        Rows are equal where all their bits are, so this is what a computer's numbers keep of the input.
    """
    bits = np.ascontiguousarray(layer, np.float32).view(np.int32).astype(np.int64)
    return float(_sorted_entropy(np.sort(_row_codes(bits))))
