"""The noise of messages as a function of the row: the same row always gets the same message.

Predictions from one sample of the messages are therefore repeatable, and do not depend on the other rows of
a table.
"""

import numpy as np
import torch
from scipy.special import ndtri
from torch import Tensor

INCREMENT = np.uint64(0x9E3779B97F4A7C15)  # of SplitMix64


def row_noise(levels: np.ndarray, dimension: int, seed: int, draw: int = 0) -> Tensor:
    """Standard normal numbers for rows of level indices.

    Parameters
    ----------
    levels : ndarray of int64, shape (n_samples, n_features)
    dimension : int
        Of each message.
    seed, draw : int
        Other seeds and other draws give independent numbers.

    Returns
    -------
    Tensor of float32, shape (n_samples, n_features, dimension)
    """
    return rows_noise(levels, dimension, seed, np.array([draw]))[0]


def rows_noise(levels: np.ndarray, dimension: int, seed: int, draws: np.ndarray) -> Tensor:
    """`row_noise` of several draws (n_draws,) at once: float32 (n_draws, n_samples, n_features, dimension).

    Notes
    -----
    A counter-based generator, the finaliser of SplitMix64, on the content of the row, the seed and the draw.

    References
    ----------
    Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
    """
    with np.errstate(over="ignore"):
        key = _mix(np.uint64(seed % 2**64) + draws.astype(np.uint64)[:, None] * INCREMENT)  # (n_draws, 1)
        for column in levels.T:
            key = _mix(key ^ (column.astype(np.int64).view(np.uint64) + INCREMENT))  # (n_draws, n_samples)
        n = levels.shape[1] * dimension
        counters = np.arange(1, n + 1, dtype=np.uint64) * INCREMENT
        bits = _mix(key[..., None] + counters)
    uniform = ((bits >> np.uint64(11)).astype(float) + 0.5) / 2**53
    return torch.from_numpy(ndtri(uniform).astype(np.float32)).view(
        len(draws), len(levels), levels.shape[1], dimension
    )


def _mix(z: np.ndarray) -> np.ndarray:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
