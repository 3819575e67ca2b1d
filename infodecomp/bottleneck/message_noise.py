"""The noise of messages, drawn from what a row says: the same row gets the same message, wherever it stands in a table.

So predictions of one sample are honest and repeatable at once, and do not depend on which other rows are asked for.
"""

import numpy as np
import torch
from scipy.special import ndtri
from torch import Tensor

STRIDE = np.uint64(0x9E3779B97F4A7C15)


def row_noise(codes: np.ndarray, dimension: int, seed: int, draw: int = 0) -> Tensor:
    """Standard normal numbers for rows of levels: (n_samples, n_features) → float32 (n_samples, n_features, dimension)."""
    return rows_noise(codes, dimension, seed, np.array([draw]))[0]


def rows_noise(codes: np.ndarray, dimension: int, seed: int, draws: np.ndarray) -> Tensor:
    """As row_noise, of several draws (n_draws,) at once: float32 (n_draws, n_samples, n_features, dimension).

    A counter-based generator (the finaliser of SplitMix64, Steele, Lea and Flood 2014) on the row's content, the seed and the draw.
    """
    with np.errstate(over="ignore"):
        key = _mix(
            np.uint64(seed % 2**64) + draws.astype(np.uint64)[:, None] * STRIDE
        )  # (n_draws, 1), soon (n_draws, n_samples)
        for column in codes.T:
            key = _mix(key ^ (column.astype(np.int64).view(np.uint64) + STRIDE))
        n = codes.shape[1] * dimension
        counters = np.arange(1, n + 1, dtype=np.uint64) * STRIDE
        bits = _mix(key[..., None] + counters)
    uniform = ((bits >> np.uint64(11)).astype(float) + 0.5) / 2**53
    return torch.from_numpy(ndtri(uniform).astype(np.float32)).view(
        len(draws), len(codes), codes.shape[1], dimension
    )


def _mix(z: np.ndarray) -> np.ndarray:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
