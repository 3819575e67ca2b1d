"""Training networks on sparse parity, with a penalty on the size of their weights."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.optim import Adam
from infodecomp.parity.network import (
    N_TEST,
    TEST,
    ParitySamples,
    evaluate,
    gradient,
    initial_weights,
    stacked_samples,
)
from infodecomp.validation import as_integer, as_scalar

PENALTIES = ("l1", "l2", "decay")
BETAS = 0.9, 0.98


class ParitySnapshot(NamedTuple):
    """Networks after some steps.

    Attributes
    ----------
    step : int
    parameters : torch.Tensor, shape (n_seeds, n_strengths, 32 width)
    train_accuracy, test_accuracy : torch.Tensor, shape (n_seeds, n_strengths)
    train_loss, test_loss : torch.Tensor, shape (n_seeds, n_strengths)
        Cross-entropy in nats, without the penalty.
    """

    step: int
    parameters: torch.Tensor
    train_accuracy: torch.Tensor
    test_accuracy: torch.Tensor
    train_loss: torch.Tensor
    test_loss: torch.Tensor


def train_parity(
    n_train: int,
    width: int,
    seeds: Sequence[int],
    strengths: Sequence[float],
    steps: int,
    penalty: str = "decay",
    learning_rate: float = 3e-3,
    snapshots: Iterable[int] | None = None,
) -> Iterator[ParitySnapshot]:
    """Train a network for each seed and each strength of the penalty, all together, with Adam.

    Each step uses all training sequences. The penalty "l1" is strength * sum |w| and "l2" is
    strength / 2 * sum w**2; their gradients are added before Adam scales them. "decay" is decoupled weight
    decay (AdamW), which multiplies the weights by 1 - learning_rate * strength in each step.

    Parameters
    ----------
    n_train : int
        Number of training sequences.
    width : int
        Number of hidden neurons.
    seeds : sequence of int
        Each fixes training sequences, test sequences and initial weights, whatever the strength.
    strengths : sequence of float
        Of the penalty.
    steps : int
    penalty : {"l1", "l2", "decay"}
    learning_rate : float
    snapshots : iterable of int, optional
        Steps after which a snapshot is yielded; all of them if omitted.

    Yields
    ------
    ParitySnapshot

    Raises
    ------
    InformationError
        If an argument is out of its limits.

    References
    ----------
    Barak et al. (2022), sparse parities; Loshchilov & Hutter (2019), decoupled weight decay.
    """
    as_integer(steps, "steps", 0)
    as_scalar(learning_rate, "learning_rate", 0)
    for strength in strengths:
        as_scalar(strength, "strength", 0)
    if penalty not in PENALTIES:
        raise InformationError(f"penalty {penalty!r}: choose from {', '.join(PENALTIES)}")
    wanted = set(range(steps + 1) if snapshots is None else snapshots)
    parameters = initial_weights(width, seeds).unsqueeze(1).repeat(1, len(strengths), 1)
    samples = stacked_samples(n_train, seeds), stacked_samples(N_TEST, seeds, TEST)
    strength_column = torch.tensor(strengths, dtype=parameters.dtype)[:, None]  # (n_strengths, 1)
    return _train(parameters, samples, strength_column, steps, penalty, learning_rate, wanted)


def _train(
    parameters: torch.Tensor,
    samples: tuple[ParitySamples, ParitySamples],
    strength: torch.Tensor,
    steps: int,
    penalty: str,
    learning_rate: float,
    wanted: set[int],
) -> Iterator[ParitySnapshot]:
    optimiser = Adam(parameters, learning_rate, BETAS)
    for step in range(steps + 1):
        if step in wanted:
            train, test = (evaluate(parameters, part) for part in samples)
            yield ParitySnapshot(
                step, parameters.clone(), train.accuracy, test.accuracy, train.loss, test.loss
            )
        if step < steps:
            slope = gradient(parameters, samples[0])
            if penalty == "l1":
                slope.add_(strength * parameters.sign())
            elif penalty == "l2":
                slope.add_(strength * parameters)
            else:
                parameters.mul_(1 - learning_rate * strength)
            optimiser.step(slope)
