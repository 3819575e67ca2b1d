"""Information in a process: entropy rate, statistical complexity, excess entropy, transfer entropy."""

import itertools
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
