"""The sparse parity task, and a stack of networks with one hidden layer that learn it.

A sequence of 30 random digits is labelled 1 if its first three hold an odd number of ones. The other 27
digits say nothing about the label, but they let a network learn a training set by heart.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch

from infodecomp.random_streams import random_stream
from infodecomp.validation import as_integer

N_DIGITS, N_RELEVANT = 30, 3
N_INPUTS = N_DIGITS + 1  # the last input is always 1, so that its weights are biases
N_TEST = 1000
TRAIN, TEST, INITIAL = range(3)  # independent streams of random numbers of one seed


class ParitySamples(NamedTuple):
    """Sequences and labels.

    Attributes
    ----------
    inputs : torch.Tensor, float32, shape (n_samples, 31)
        Digits 0 or 1; the last column is 1.
    labels : torch.Tensor, float32, shape (n_samples,)
        1 where the number of ones among the first three digits is odd.
    """

    inputs: torch.Tensor
    labels: torch.Tensor


def parity_samples(n_samples: int, seed: int, stream: int = TRAIN) -> ParitySamples:
    """Draw sequences of fair digits, with y = (x_1 + x_2 + x_3) mod 2.

    Parameters
    ----------
    n_samples : int
    seed : int
        The same seed gives the same sequences, whatever `n_samples` is, as far as they go.
    stream : int
        TRAIN or TEST: two independent draws of one seed.

    Returns
    -------
    ParitySamples

    Raises
    ------
    InformationError
        If a number is out of its limits.
    """
    as_integer(n_samples, "n_samples", 1)
    digits = torch.randint(2, (n_samples, N_DIGITS), generator=random_stream(seed, stream))
    labels = digits[:, :N_RELEVANT].sum(1) % 2
    inputs = torch.cat([digits, torch.ones(n_samples, 1, dtype=digits.dtype)], 1)
    return ParitySamples(inputs.float(), labels.float())


def stacked_samples(n_samples: int, seeds: Sequence[int], stream: int = TRAIN) -> ParitySamples:
    """Samples of several seeds: inputs (n_seeds, n_samples, 31), labels (n_seeds, n_samples)."""
    drawn = [parity_samples(n_samples, seed, stream) for seed in seeds]
    return ParitySamples(*(torch.stack(parts) for parts in zip(*drawn)))


class ParityWeights(NamedTuple):
    """The two layers of some networks, as views of their parameters.

    Attributes
    ----------
    hidden : torch.Tensor, shape (…, 31, width)
    out : torch.Tensor, shape (…, width)
    """

    hidden: torch.Tensor
    out: torch.Tensor


def split_weights(parameters: torch.Tensor) -> ParityWeights:
    """The two layers of networks with parameters of shape (…, 32 width)."""
    width = parameters.shape[-1] // (N_INPUTS + 1)
    hidden = parameters[..., : N_INPUTS * width].unflatten(-1, (N_INPUTS, width))
    return ParityWeights(hidden, parameters[..., N_INPUTS * width :])


def initial_weights(width: int, seeds: Sequence[int]) -> torch.Tensor:
    """Normal weights of variance 2 / 31 into each hidden neuron and 1 / width out of it.

    Parameters
    ----------
    width : int
        Number of hidden neurons.
    seeds : sequence of int

    Returns
    -------
    torch.Tensor, float32, shape (n_seeds, 32 width)
    """
    as_integer(width, "width", 1)
    drawn = []
    for seed in seeds:
        generator = random_stream(seed, INITIAL)
        hidden = torch.randn(N_INPUTS * width, generator=generator) * (2 / N_INPUTS) ** 0.5
        drawn.append(torch.cat([hidden, torch.randn(width, generator=generator) / width**0.5]))
    return torch.stack(drawn)


class _Wide(NamedTuple):
    """The networks of each seed side by side, as one network with an output for each of them.

    All networks of a seed see the same sequences, so that one large product replaces many small ones.
    """

    hidden: torch.Tensor  # (n_seeds, 31, n_networks width)
    out: torch.Tensor  # (n_seeds, n_networks width, n_networks), a block for each network


def _side_by_side(parameters: torch.Tensor) -> _Wide:
    hidden, out = split_weights(parameters)
    blocks = torch.eye(out.shape[1], dtype=out.dtype)[:, None] * out.unsqueeze(-1)
    return _Wide(hidden.transpose(1, 2).flatten(2), blocks.flatten(1, 2))


def logits(parameters: torch.Tensor, inputs: torch.Tensor) -> torch.Tensor:
    """The output ReLU(x W) v of each network for each sequence of its seed.

    Parameters
    ----------
    parameters : torch.Tensor, shape (n_seeds, n_networks, 32 width)
    inputs : torch.Tensor, shape (n_seeds, n_samples, 31)

    Returns
    -------
    torch.Tensor, shape (n_seeds, n_samples, n_networks)
        Positive where the network says 1.
    """
    wide = _side_by_side(parameters)
    return torch.bmm(torch.bmm(inputs, wide.hidden).relu_(), wide.out)


class Fit(NamedTuple):
    """How well each network does on some sequences.

    Attributes
    ----------
    loss : torch.Tensor, shape (n_seeds, n_networks)
        Cross-entropy in nats.
    accuracy : torch.Tensor, shape (n_seeds, n_networks)
    """

    loss: torch.Tensor
    accuracy: torch.Tensor


def evaluate(parameters: torch.Tensor, samples: ParitySamples) -> Fit:
    """Cross-entropy -log p(y | x), in nats, and accuracy of each network.

    Parameters
    ----------
    parameters : torch.Tensor, shape (n_seeds, n_networks, 32 width)
    samples : ParitySamples
        With a first axis of n_seeds.
    """
    output, labels = logits(parameters, samples.inputs), samples.labels.unsqueeze(-1)
    loss = torch.nn.functional.softplus((1 - 2 * labels) * output).mean(1)
    return Fit(loss, ((output > 0) == (labels > 0.5)).float().mean(1))


def gradient(parameters: torch.Tensor, samples: ParitySamples) -> torch.Tensor:
    """The gradient of the mean cross-entropy, written out: autograd takes several times as long here.

    Parameters
    ----------
    parameters : torch.Tensor, shape (n_seeds, n_networks, 32 width)
    samples : ParitySamples
        With a first axis of n_seeds.

    Returns
    -------
    torch.Tensor, of the shape of `parameters`
    """
    wide, n_networks = _side_by_side(parameters), parameters.shape[1]
    active = torch.bmm(samples.inputs, wide.hidden).relu_()  # (n_seeds, n_samples, n_networks width)
    labels = samples.labels.unsqueeze(-1)
    error = (torch.sigmoid(torch.bmm(active, wide.out)) - labels) / labels.shape[1]
    out = torch.bmm(error.transpose(1, 2), active).unflatten(2, (n_networks, -1))
    # the slope of a ReLU is the sign of its output
    back = active.sign_().mul_(torch.bmm(error, wide.out.transpose(1, 2)))
    hidden = torch.bmm(samples.inputs.transpose(1, 2), back).unflatten(2, (n_networks, -1))
    own = torch.arange(n_networks)
    return torch.cat([hidden.transpose(1, 2).flatten(2), out[:, own, own]], 2)
