"""Networks that learn a function of a few bits, each trained until its loss is below a cutoff."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.networks.architecture import MLP
from infodecomp.networks.settings import TrainingSettings
from infodecomp.networks.training import train
from infodecomp.validation import as_finite, as_integer, as_scalar, as_seed

MAX_BITS = 10


def bit_strings(n_bits: int) -> torch.Tensor:
    """All strings of some bits in ascending order, the first bit changing slowest.

    Parameters
    ----------
    n_bits : int
        From 1 to 10.

    Returns
    -------
    torch.Tensor, shape (2**n_bits, n_bits)
        float32, 0 or 1.

    Raises
    ------
    InformationError
        If the number of bits is out of its limits.
    """
    n = as_integer(n_bits, "n_bits", 1, MAX_BITS)
    return (torch.arange(2**n)[:, None] >> torch.arange(n - 1, -1, -1) & 1).float()


def random_balanced_function(n_bits: int, seed: int) -> torch.Tensor:
    """A truth table with as many ones as zeros, all such tables being equally likely.

    Parameters
    ----------
    n_bits : int
    seed : int

    Returns
    -------
    torch.Tensor, shape (2**n_bits,)
        float32, 0 or 1, in the order of `bit_strings`.
    """
    n = 2 ** as_integer(n_bits, "n_bits", 1, MAX_BITS)
    order = torch.randperm(n, generator=torch.Generator().manual_seed(as_seed(seed)))
    return (order < n // 2).float()


class Converged(NamedTuple):
    """Networks whose loss went below a cutoff.

    Attributes
    ----------
    parameters : torch.Tensor, shape (n_networks, n_parameters)
        When the loss first went below it.
    seeds : tuple of int
    steps : torch.Tensor, shape (n_networks,)
        Steps that this took.
    n_failed : int
        Seeds before the last of these that did not get there.
    """

    parameters: torch.Tensor
    seeds: tuple[int, ...]
    steps: torch.Tensor
    n_failed: int


def train_to_loss(
    network: MLP,
    x: Any,
    y: Any,
    cutoff: float,
    seeds: Sequence[int],
    keep: int,
    steps: int,
    learning_rate: float = 3e-3,
) -> Converged:
    """Train a network from each seed until its mean squared error is below a cutoff; keep the first that do.

    Parameters
    ----------
    network : MLP
    x : array_like, shape (n_samples, n_inputs)
    y : array_like, shape (n_samples,)
        Targets of the single output.
    cutoff : float
    seeds : sequence of int
        More than `keep`, as some networks get stuck.
    keep : int
        The number of networks to keep, in the order of the seeds.
    steps : int
        After which a network counts as failed.
    learning_rate : float
        Of Adam.

    Returns
    -------
    Converged

    Raises
    ------
    InformationError
        If fewer than `keep` networks get below the cutoff.
    """
    samples, targets = as_finite(x, "an input").float(), as_finite(y, "a target").float()[:, None]
    settings = TrainingSettings(learning_rate=learning_rate, freeze_below=as_scalar(cutoff, "cutoff", 0))
    *_, last = train(network, samples, targets, seeds, steps, settings)
    reached = (last.frozen_at >= 0).nonzero().flatten()[:keep]
    if len(reached) < keep:
        raise InformationError(
            f"{len(reached)} of {len(seeds)} networks got below {cutoff:g} in {steps} steps and {keep} are "
            "wanted: give more seeds, or more steps"
        )
    return Converged(
        last.parameters[reached],
        tuple(seeds[i] for i in reached.tolist()),
        last.frozen_at[reached],
        int(reached[-1]) + 1 - keep,
    )
