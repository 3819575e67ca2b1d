"""Hidden Markov models with symbol-labelled transitions: entropy rate, excess entropy, transfer entropy.

A process with s states and k symbols is an array T of shape (k, s, s): T[x, i, j] = P(next symbol x and next
state j | state i).
"""

import itertools
from typing import Any

import numpy as np

from infodecomp.errors import InformationError
from infodecomp.validation import as_finite, as_integer, as_probabilities

MAX_WORDS = 1 << 16
MAX_BELIEFS = 4096


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


def block_entropy(transitions: Any, length: int) -> float:
    """Entropy H(X_1..X_length) in bits; see `word_probabilities`."""
    p = word_probabilities(transitions, length).ravel()
    p = p[p > 0]
    return float(-(p * np.log2(p)).sum())


def unifilar_entropy_rate(transitions: Any) -> float:
    """Entropy rate of a unifilar process: the mean entropy of the next symbol given the state.

    Parameters
    ----------
    transitions : array_like, shape (k, s, s)
        Unifilar: state and symbol determine the next state.

    Returns
    -------
    float
        In bits per symbol.

    Raises
    ------
    InformationError
        If the process is not unifilar.

    References
    ----------
    Crutchfield & Young (1989), Inferring statistical complexity.
    """
    t = labelled_transitions(transitions)
    if ((t > 0).sum(2) > 1).any():
        raise InformationError("a symbol leads from one state to several; give a unifilar process")
    p = t.sum(2)  # of symbol and state
    return float(
        -(np.where(p > 0, p * np.log2(np.maximum(p, 1e-300)), 0).sum(0) @ stationary_distribution(t))
    )


def statistical_complexity(transitions: Any) -> float:
    """Entropy of the stationary distribution over the states, in bits."""
    p = stationary_distribution(transitions)
    p = p[p > 0]
    return float(-(p * np.log2(p)).sum())


def conditional_entropies(transitions: Any, length: int = 64) -> np.ndarray:
    """Entropies H(X_L | X_1..X_{L-1}) in bits for L = 1 to `length`, which fall to the entropy rate.

    Words after which the belief about the state is the same are counted together, so that processes whose
    beliefs are few allow long words. The result is shorter if there are more than 4,096 different beliefs.

    Parameters
    ----------
    transitions : array_like, shape (k, s, s)
    length : int

    Returns
    -------
    numpy.ndarray, shape (at most length,)
    """
    t = labelled_transitions(transitions)
    belief, mass = stationary_distribution(t)[None], np.ones(1)
    entropies = []
    for _ in range(as_integer(length, "length", 1)):
        joint = np.einsum("bi,xij->bxj", belief, t)
        p = joint.sum(2)
        entropies.append(float(mass @ -(p * np.log2(np.maximum(p, 1e-300))).sum(1)))
        after = (joint / np.maximum(p, 1e-300)[..., None]).reshape(-1, t.shape[1])
        weight = (mass[:, None] * p).ravel()
        after, weight = after[weight > 1e-15], weight[weight > 1e-15]
        _, first, labels = np.unique(after.round(12), axis=0, return_index=True, return_inverse=True)
        belief = after[first]
        mass = np.bincount(labels.reshape(-1), weight).astype(float)
        if len(belief) > MAX_BELIEFS:
            break
    return np.array(entropies)


def excess_entropy(transitions: Any, length: int = 64) -> float:
    """Excess entropy I(past; future) = sum over L of H(X_L | X_1..X_{L-1}) - h, of a unifilar process.

    Parameters
    ----------
    transitions : array_like, shape (k, s, s)
        Unifilar, so that the entropy rate h is known.
    length : int
        Number of terms of the sum, all of which are positive.

    Returns
    -------
    float
        In bits.

    Raises
    ------
    InformationError
        If the process is not unifilar.

    References
    ----------
    Crutchfield & Feldman (2003), Regularities unseen, randomness observed, eq. 19.
    """
    rate = unifilar_entropy_rate(transitions)
    return max(float((conditional_entropies(transitions, length) - rate).sum()), 0.0)


def transfer_entropy(transitions: Any, of: np.ndarray, on: np.ndarray, history: int = 3) -> float:
    """Transfer entropy I(X_past; Y_t | Y_past) between two functions x and y of the symbol, in bits.

    Parameters
    ----------
    transitions : array_like, shape (k, s, s)
        A process whose symbols stand for pairs.
    of, on : numpy.ndarray of int, shape (k,)
        The value of the source x, and of the target y, for each symbol.
    history : int
        Number of past symbols that are taken into account.

    Returns
    -------
    float

    References
    ----------
    Schreiber (2000), Measuring information transfer.
    """
    p = word_probabilities(transitions, as_integer(history, "history", 1) + 1)
    joint: dict[tuple, float] = {}
    for word in itertools.product(range(len(of)), repeat=history + 1):
        if p[word] > 0:
            past = tuple(int(of[w]) for w in word[:-1])
            own = tuple(int(on[w]) for w in word[:-1])
            key = past, own, int(on[word[-1]])
            joint[key] = joint.get(key, 0.0) + float(p[word])
    tables: list[dict] = [{}, {}, {}]
    for (past, own, now), mass in joint.items():
        for table, key in zip(tables, ((past, own), (own, now), (own,))):
            table[key] = table.get(key, 0.0) + mass
    both, target, alone = tables
    terms = (
        mass * np.log2(mass * alone[(own,)] / (both[past, own] * target[own, now]))
        for (past, own, now), mass in joint.items()
    )
    return max(float(sum(terms)), 0.0)


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
        words[:, position], state = drawn // s, drawn % s
    return words
