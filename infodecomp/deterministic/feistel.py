"""A Feistel network on twelve bits: each round is a bijection, and together they scramble."""

import numpy as np

from infodecomp.validation import as_integer, as_seed

N_BITS = 12
HALF = N_BITS // 2
MAX_ROUNDS = 8


def bits_of(values: np.ndarray, n_bits: int = N_BITS) -> np.ndarray:
    """The binary digits (n, n_bits) of whole numbers (n,), the most significant first."""
    return values[:, None] >> np.arange(n_bits - 1, -1, -1) & 1


def round_function(half: np.ndarray, key: int) -> np.ndarray:
    """F(r): bit i is r[i+1] xor r[i+2] r[i+3] xor r[i+4] r[i+5] xor key[i], indices modulo six."""
    products = (_rotated(half, 2) & _rotated(half, 3)) ^ (_rotated(half, 4) & _rotated(half, 5))
    return _rotated(half, 1) ^ products ^ key


def _rotated(half: np.ndarray, by: int) -> np.ndarray:
    return (half << by | half >> (HALF - by)) & (2**HALF - 1)


def feistel_outputs(rounds: int, seed: int = 0) -> np.ndarray:
    """Return what each of the 4,096 inputs becomes: (left, right) -> (right, left xor F(right)), repeatedly.

    Parameters
    ----------
    rounds : int
        From 0 to 8.
    seed : int
        Of the keys, one six-bit number for each round.

    Returns
    -------
    numpy.ndarray of int, shape (4096,)
        A permutation of 0 to 4095.

    Raises
    ------
    InformationError
        If a number is out of its limits.

    References
    ----------
    Luby & Rackoff (1988), How to construct pseudorandom permutations from pseudorandom functions.
    """
    keys = np.random.default_rng(as_seed(seed)).integers(0, 2**HALF, MAX_ROUNDS)
    values = np.arange(2**N_BITS)
    left, right = values >> HALF, values & (2**HALF - 1)
    for key in keys[: as_integer(rounds, "rounds", 0, MAX_ROUNDS)].tolist():
        left, right = right, left ^ round_function(right, key)
    return left << HALF | right


def cnot(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The controlled NOT of two bits, (a, b) -> (a, a xor b): the smallest reversible scramble."""
    return a, a ^ b
