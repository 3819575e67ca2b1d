"""Taking neurons out of a network for modular addition: which are enough for the answers?"""

from itertools import combinations
from typing import NamedTuple

import torch
from numpy.typing import ArrayLike

from infodecomp.errors import InformationError
from infodecomp.modular.network import ModularNetwork, all_pairs, hidden
from infodecomp.modular.progress import group_logits

MAX_GROUPS = 10


class SubsetAccuracy(NamedTuple):
    """Frequencies whose neurons are kept, and the share of all ordered pairs that they answer."""

    frequencies: tuple[int, ...]
    accuracy: float


def ordered_accuracy(scores: torch.Tensor, modulus: int) -> float:
    """Share of all ordered pairs whose largest logit is the sum.

    Parameters
    ----------
    scores
        Logits of every unordered pair, shape (n_pairs, modulus).
    modulus
        The number of numbers.
    """
    pairs = all_pairs(modulus)
    right = (scores.argmax(1) == pairs.total) * pairs.weight
    return right.sum().item() / modulus**2


def accuracy_with(network: ModularNetwork, kept: ArrayLike) -> float:
    """Share of all ordered pairs that are right when only some neurons are kept.

    Parameters
    ----------
    network
        The network.
    kept
        Shape (n_neurons,), bool.

    Raises
    ------
    InformationError
        If the mask does not fit the network.
    """
    kept = torch.as_tensor(kept)
    if kept.shape != (network.n_neurons,):
        raise InformationError(f"kept has shape {tuple(kept.shape)}: give one flag for each neuron")
    if not kept.any():  # all logits are equal, so a guess is right once in `modulus`
        return 1 / network.modulus
    return ordered_accuracy(hidden(network)[:, kept] @ network.outputs[kept], network.modulus)


def subset_accuracies(network: ModularNetwork, groups: dict[int, list[int]]) -> list[SubsetAccuracy]:
    """The accuracy of every non-empty set of groups of neurons, smaller sets first.

    Parameters
    ----------
    network
        The network.
    groups
        Neurons by frequency, at most `MAX_GROUPS` groups.

    Raises
    ------
    InformationError
        If there are more groups.
    """
    if len(groups) > MAX_GROUPS:
        raise InformationError(f"{len(groups)} groups have too many sets: give at most {MAX_GROUPS}")
    parts = group_logits(network, groups)
    return [
        SubsetAccuracy(chosen, ordered_accuracy(sum_of([parts[f] for f in chosen]), network.modulus))
        for size in range(1, len(groups) + 1)
        for chosen in combinations(groups, size)
    ]


def sum_of(tensors: list[torch.Tensor]) -> torch.Tensor:
    """The sum of tensors of one shape."""
    return torch.stack(tensors).sum(0)
