"""Well-known processes, as labelled transition probabilities; see `infodecomp.processes.hidden_markov`."""

import itertools
from typing import Any

import numpy as np

from infodecomp.validation import as_probabilities


def golden_mean_process(p: Any = 0.5) -> np.ndarray:
    """No two zeros in a row: after a 1, the next symbol is a 0 with probability 1 - p. Shape (2, 2, 2)."""
    one = float(as_probabilities(p))
    return np.array([[[0, 1 - one], [0, 0]], [[one, 0], [1, 0]]])


def even_process(p: Any = 0.5) -> np.ndarray:
    """Ones come in blocks of even length; such a block begins with probability 1 - p. Shape (2, 2, 2)."""
    zero = float(as_probabilities(p))
    return np.array([[[zero, 0], [0, 0]], [[0, 1 - zero], [1, 0]]])


def coupled_process(flip: Any = 0.1) -> np.ndarray:
    """Pairs (x, y): x is a fair coin, and y repeats the last x, flipped with probability `flip`.

    Symbols are 2 x + y and the state is the last x. Shape (4, 2, 2).
    """
    e = float(as_probabilities(flip))
    t = np.zeros((4, 2, 2))
    for last, x, y in itertools.product((0, 1), repeat=3):
        t[2 * x + y, last, x] = 0.5 * (1 - e if y == last else e)
    return t


def mess3_process(alpha: Any = 0.85, x: Any = 0.05) -> np.ndarray:
    """Three states that each prefer a symbol of their own; no finite past tells the state. Shape (3, 3, 3).

    References
    ----------
    Shai et al. (2024), Transformers represent belief state geometry in their residual stream.
    """
    a, b = float(as_probabilities(alpha)), float(as_probabilities(x))
    stay = np.full((3, 3), b) + (1 - 3 * b) * np.eye(3)
    emit = np.full((3, 3), (1 - a) / 2) + (a - (1 - a) / 2) * np.eye(3)
    return np.stack([stay * emit[:, symbol] for symbol in range(3)])
