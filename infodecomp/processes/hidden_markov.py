"""Hidden Markov models with symbol-labelled transitions: their words, and beliefs about their state.

A process with s states and k symbols is an array T of shape (k, s, s): T[x, i, j] = P(next symbol x and next
state j | state i).
"""

from typing import Any

import numpy as np

from infodecomp.errors import InformationError
from infodecomp.validation import as_finite, as_integer

MAX_WORDS = 1 << 16


def labelled_transitions(transitions: Any) -> np.ndarray:
    """Check labelled transition probabilities.

    Parameters
    ----------
    transitions : array_like, shape (k, s, s)

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    InformationError
        If the shape is wrong, a number is negative, or the probabilities that leave a state do not sum to 1.
    """
    t = as_finite(transitions, "transitions").numpy()
    if t.ndim != 3 or t.shape[1] != t.shape[2] or not t.size:
        raise InformationError(f"transitions have shape {t.shape}; give (symbols, states, states)")
    sums = t.sum((0, 2))
    if t.min() < 0 or abs(sums - 1).max() > 1e-9:
        raise InformationError(
            f"transitions leave a state with probability {sums[abs(sums - 1).argmax()]:.6g}, the smallest "
            f"being {t.min():.3g}; give probabilities that sum to 1"
        )
    return t


def stationary_distribution(transitions: Any) -> np.ndarray:
    """Stationary distribution of the hidden state, shape (s,); the smallest-norm one if there are several."""
    t = labelled_transitions(transitions).sum(0)
    s = len(t)
    equations = np.vstack([t.T - np.eye(s), np.ones(s)])
    p = np.linalg.lstsq(equations, np.append(np.zeros(s), 1), rcond=None)[0]
    return np.maximum(p, 0) / np.maximum(p, 0).sum()


def word_probabilities(transitions: Any, length: int) -> np.ndarray:
    """Probabilities of all words of one length, shape (k,) * length.

    Parameters
    ----------
    transitions : array_like, shape (k, s, s)
    length : int
        At least 0, with k^length at most 65,536.

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    InformationError
        If there are too many words.
    """
    t = labelled_transitions(transitions)
    k, n = len(t), as_integer(length, "length", 0)
    if k**n > MAX_WORDS:
        raise InformationError(f"length = {n}: {k}^{n} words; give at most {MAX_WORDS} words")
    weights = stationary_distribution(t)[None]
    for _ in range(n):
        weights = np.einsum("wi,xij->wxj", weights, t).reshape(-1, t.shape[1])
    return weights.sum(1).reshape((k,) * n)


def beliefs(transitions: Any, words: np.ndarray) -> np.ndarray:
    """Posterior distribution of the hidden state after each symbol of some words.

    Parameters
    ----------
    transitions : array_like, shape (k, s, s)
    words : numpy.ndarray of int, shape (n, length)

    Returns
    -------
    numpy.ndarray, shape (n, length, s)
    """
    t = labelled_transitions(transitions)
    belief = np.tile(stationary_distribution(t), (len(words), 1))
    path = []
    for symbol in words.T:
        belief = np.einsum("ni,nij->nj", belief, t[symbol])
        belief = belief / belief.sum(1, keepdims=True)
        path.append(belief)
    return np.stack(path, 1)


def draw_words(transitions: Any, n: int, length: int, seed: int = 0) -> np.ndarray:
    """Draw words (n, length) of symbols, each from the stationary distribution."""
    t = labelled_transitions(transitions)
    k, s = len(t), t.shape[1]
    generator = np.random.default_rng(seed)
    state = generator.choice(s, n, p=stationary_distribution(t))
    cumulative = t.transpose(1, 0, 2).reshape(s, -1).cumsum(1)
    words = np.empty((n, length), np.int64)
    for position in range(length):
        drawn = (generator.random(n)[:, None] > cumulative[state]).sum(1).clip(max=k * s - 1)
        words[:, position], state = np.divmod(drawn, s)
    return words
