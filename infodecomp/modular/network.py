"""A network for modular addition, and what it answers.

The network has one hidden layer. Both numbers share one row of input weights each, and the logits are linear
in the hidden activations:

    logits(a, b) = ReLU(inputs[a] + inputs[b]) @ outputs

Training factors both matrices through an embedding; the product of the factors is all that the answers depend
on, so this collapsed form is what is stored and looked at.
"""

from functools import lru_cache
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.validation import as_integer


class ModularNetwork(NamedTuple):
    """Collapsed weights.

    Attributes
    ----------
    inputs
        Weights from each number to the neurons, shape (modulus, n_neurons).
    outputs
        Weights from the neurons to each answer, shape (n_neurons, modulus).
    """

    inputs: torch.Tensor
    outputs: torch.Tensor

    @property
    def modulus(self) -> int:
        return len(self.inputs)

    @property
    def n_neurons(self) -> int:
        return self.inputs.shape[1]


class Pairs(NamedTuple):
    """All unordered pairs of numbers a <= b, and what they add up to.

    Attributes
    ----------
    a, b, total
        Shape (n_pairs,); total is (a + b) mod modulus.
    weight
        How many ordered pairs each stands for: 1 on the diagonal, else 2; shape (n_pairs,).
    incidence
        How often each number occurs in each pair, shape (n_pairs, modulus).
    """

    a: torch.Tensor
    b: torch.Tensor
    total: torch.Tensor
    weight: torch.Tensor
    incidence: torch.Tensor


class Split(NamedTuple):
    """Which pairs are shown in training and which are held back: indices into `Pairs`."""

    training: torch.Tensor
    test: torch.Tensor


@lru_cache(maxsize=32)
def all_pairs(modulus: int) -> Pairs:
    """All unordered pairs of numbers below the modulus.

    Parameters
    ----------
    modulus
        At least 2.

    Raises
    ------
    InformationError
        If the modulus is no whole number from 2 on.
    """
    as_integer(modulus, "modulus", 2)
    a, b = torch.triu_indices(modulus, modulus)
    incidence = torch.zeros(len(a), modulus)
    rows = torch.arange(len(a))
    incidence[rows, a] += 1
    incidence[rows, b] += 1
    return Pairs(a, b, (a + b) % modulus, torch.where(a == b, 1, 2), incidence)


def split_pairs(modulus: int, share: float, seed: int) -> Split:
    """Draw which pairs are shown in training.

    Parameters
    ----------
    modulus
        At least 2.
    share
        Of the pairs that are shown, between 0 and 1; at least one is shown and one held back.
    seed
        Of the random order.

    Raises
    ------
    InformationError
        If the share leaves one side empty.
    """
    n_pairs = len(all_pairs(modulus).a)
    n_training = round(share * n_pairs)
    if not 0 < n_training < n_pairs:
        raise InformationError(
            f"share = {share} shows {n_training} of {n_pairs} pairs: give one that leaves some on either side"
        )
    order = torch.randperm(n_pairs, generator=torch.Generator().manual_seed(seed))
    return Split(order[:n_training], order[n_training:])


def hidden(network: ModularNetwork) -> torch.Tensor:
    """Activations of the neurons for every unordered pair, shape (n_pairs, n_neurons)."""
    return (all_pairs(network.modulus).incidence.to(network.inputs) @ network.inputs).relu()


def logits(network: ModularNetwork) -> torch.Tensor:
    """Logits of every answer for every unordered pair, shape (n_pairs, modulus)."""
    return hidden(network) @ network.outputs


def loss_of(scores: torch.Tensor, totals: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy in nats of logits (n, modulus) against the right answers (n,)."""
    return torch.nn.functional.cross_entropy(scores, totals)
