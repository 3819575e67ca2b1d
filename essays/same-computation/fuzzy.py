"""Shared by the figures about fuzzy XOR: networks, their neurons on a grid, and matches with functions."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from infodecomp.errors import CheckpointError
from infodecomp.experiments.same_computation.fuzzy_xor import (
    ARCHITECTURES,
    FUZZY_XOR,
    N_BATCHES,
    SIDE,
    grid,
)
from infodecomp.explorable.core.errors import Missing
from infodecomp.representations.fuzzy_logic import (
    fuzzy_functions,
    fuzzy_xor_network,
    match_neurons,
    match_pairs,
    truth_grid,
)

THRESHOLD = 0.9  # of the default state


class Neurons(NamedTuple):
    """The hidden neurons of all networks of one size on the grid.

    Attributes
    ----------
    values : array, shape (n_networks, n_neurons, SIDE**2)
        Layer after layer.
    layer : array of int, shape (n_neurons,)
    """

    values: np.ndarray
    layer: np.ndarray


class Matches(NamedTuple):
    """Matches of neurons and functions.

    Attributes
    ----------
    r2 : array, shape (n_networks, n_neurons, 7)
    live : array of bool, shape (n_networks, n_neurons)
    pairs : array, shape (n_networks, 7)
        The best that two neurons of one layer do.
    """

    r2: np.ndarray
    live: np.ndarray
    pairs: np.ndarray


@lru_cache(maxsize=4)
def functions(logic: str) -> np.ndarray:
    """The seven functions of a logic on the grid, (7, SIDE**2)."""
    return fuzzy_functions(*truth_grid(SIDE), logic).numpy()


@lru_cache(maxsize=2 * N_BATCHES + 1)
def neurons(size: str, batch: int) -> Neurons:
    """The neurons of a batch of stored networks of a size, or of the one written by hand."""
    if size == "hand":
        network, parameters = fuzzy_xor_network()
    else:
        network = ARCHITECTURES[size]
        try:
            parameters = FUZZY_XOR.at(0, architecture=size, batch=batch).parameters
        except CheckpointError as error:
            raise Missing(str(error)) from error
    hidden = [layer.numpy() for layer in network.forward(parameters.double(), grid()[0].double())[:-1]]
    layer = np.concatenate([np.full(one.shape[-1], index) for index, one in enumerate(hidden)])
    return Neurons(np.concatenate(hidden, -1).transpose(0, 2, 1), layer)


@lru_cache(maxsize=32)
def matches(size: str, logic: str, batch: int) -> Matches:
    """How well the functions of a logic explain the neurons of a batch of networks."""
    known, candidates = neurons(size, batch), functions(logic)
    found = match_neurons(known.values, candidates)
    pairs = [
        match_pairs(known.values[:, known.layer == layer], candidates).numpy()
        for layer in range(int(known.layer.max()) + 1)
    ]
    return Matches(found.r2.numpy(), found.live.numpy(), np.max(pairs, 0))


class Share(NamedTuple):
    """Live neurons that a function explains: their number, that of all live ones, share and its error."""

    matched: int
    live: int
    share: float
    error: float


def matched_share(found: Matches, threshold: float) -> Share:
    """Share of live neurons whose best match reaches a threshold; the standard error is over networks."""
    matched = ((found.r2.max(-1) >= threshold) & found.live).sum(1)
    live = found.live.sum(1)
    share = float(matched.sum() / max(live.sum(), 1))
    n = len(live)
    spread = (matched - share * live) / max(live.mean(), 1e-9)  # of a ratio of sums over networks
    error = float(np.sqrt((spread**2).sum() / max(n - 1, 1) / n))
    return Share(int(matched.sum()), int(live.sum()), share, error)


def batches_of(size: str) -> range:
    """The batches of a size; the network written by hand is one."""
    return range(1, 2 if size == "hand" else N_BATCHES + 1)


def ranked(found: Matches) -> np.ndarray:
    """The best match of every live neuron, in order, (n_live,)."""
    return np.sort(found.r2.max(-1)[found.live])


@lru_cache(maxsize=1)
def default_share() -> float:
    """The share of the state in which the figure opens."""
    return matched_share(matches("2-4-4-1", "minimum", 1), THRESHOLD).share
