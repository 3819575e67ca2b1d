"""Information in a process: entropy rate, statistical complexity, excess entropy, transfer entropy."""

from typing import Any

import numpy as np

from infodecomp.errors import InformationError
from infodecomp.processes.hidden_markov import (
    labelled_transitions,
    stationary_distribution,
    word_probabilities,
)
from infodecomp.validation import as_integer

MAX_BELIEFS = 4096
RAREST = 1e-15  # probability of a belief that counts
TINY = 1e-300


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
    return float(-(np.where(p > 0, p * np.log2(np.maximum(p, TINY)), 0).sum(0) @ stationary_distribution(t)))


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
    k, s = t.shape[:2]
    numbers: dict[bytes, int] = {}  # of the beliefs, which are the same if they agree to twelve digits
    new: np.ndarray = stationary_distribution(t)[None]
    mass: np.ndarray = np.ones(1)
    numbers[(new[0].round(12) + 0.0).tobytes()] = 0
    surprise, symbol, following = np.empty(0), np.empty((0, k)), np.empty((0, k), np.int64)
    entropies = []
    for _ in range(as_integer(length, "length", 1)):
        if len(new):  # beliefs met for the first time, in the order of their numbers
            joint = np.einsum("bi,xij->bxj", new, t)
            p = joint.sum(2)
            after = (joint / np.maximum(p, TINY)[..., None]).reshape(-1, s)
            known = len(numbers)
            labels = [
                numbers.setdefault(row.tobytes(), len(numbers)) if chance > 0 else 0
                for row, chance in zip(after.round(12) + 0.0, p.ravel())
            ]
            surprise = np.append(surprise, -(p * np.log2(np.maximum(p, TINY))).sum(1))
            symbol = np.concatenate([symbol, p])
            following = np.concatenate([following, np.reshape(labels, (-1, k))])
            first = {label: row for row, label in reversed(list(enumerate(labels))) if label >= known}
            new = after[[first[label] for label in range(known, len(numbers))]]
        entropies.append(float(mass @ surprise))
        mass = np.bincount(following.ravel(), (mass[:, None] * symbol).ravel(), len(numbers))
        if np.count_nonzero(mass > RAREST) > MAX_BELIEFS:
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
    words = np.indices(p.shape).reshape(p.ndim, -1)[:, p.ravel() > 0]
    mass = p[p > 0]
    x, y = (np.unique(values, return_inverse=True)[1].reshape(-1)[words] for values in (of, on))
    shape = (len(p),) * (p.ndim - 1)
    past, own = (np.ravel_multi_index(tuple(values[:-1]), shape) for values in (x, y))

    def total(*key: np.ndarray) -> np.ndarray:
        """For each word the probability of all words that agree with it in these."""
        labels = np.unique(np.ravel_multi_index(key, (p.size,) * len(key)), return_inverse=True)[1]
        return np.bincount(labels.reshape(-1), mass)[labels.reshape(-1)]

    ratio = total(past, own, y[-1]) * total(own) / (total(past, own) * total(own, y[-1]))
    return max(float((mass * np.log2(ratio)).sum()), 0.0)
