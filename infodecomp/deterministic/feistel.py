"""A Feistel network on twelve bits: each round is a bijection, and together they scramble."""

import numpy as np

from infodecomp.validation import as_integer, as_seed

N_BITS = 12
HALF = N_BITS // 2
MAX_ROUNDS = 8


def bits_of(values: np.ndarray, n_bits: int = N_BITS) -> np.ndarray:
    """The binary digits (n, n_bits) of whole numbers (n,), the most significant first."""
    return values[:, None] >> np.arange(n_bits - 1, -1, -1) & 1


def feistel_outputs(rounds: int, seed: int = 0) -> np.ndarray:
    """Return what each of the 4,096 inputs becomes: (left, right) -> (right, left xor F(right)), repeatedly.

    Parameters
    ----------
    rounds : int
        From 0 to 8.
    seed : int
        Of the random tables F, one for each round, of 64 six-bit numbers.

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
    generator = np.random.default_rng(as_seed(seed))
    values = np.arange(2**N_BITS)
    left, right = values >> HALF, values & (2**HALF - 1)
    for _ in range(as_integer(rounds, "rounds", 0, MAX_ROUNDS)):
        table = generator.integers(0, 2**HALF, 2**HALF)
        left, right = right, left ^ table[right]
    return left << HALF | right


def cnot(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The controlled NOT of two bits, (a, b) -> (a, a xor b): the smallest reversible scramble."""
    return a, a ^ b
