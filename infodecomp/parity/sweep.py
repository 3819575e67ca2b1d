"""A sweep over sparse parity: how much data, how many neurons and how much weight decay make a network
memorise, generalise, or first the one and then the other.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch

from infodecomp.parity.training import train_parity

N_SEEDS = 9
MEMORISED = 0.99  # training accuracy from which a network knows its training set
KNOWS = 0.95  # test accuracy from which it knows the rule
DELAYED = 0.9  # test accuracy, when the training set is known, below which the rule comes later
OUTCOMES = ("neither", "memorised", "grokked", "generalised")
STEPS = (*range(0, 400, 20), *range(400, 1000, 50), *range(1000, 1501, 100))


class SweepCurves(NamedTuple):
    """The trainings of a group of networks, at the steps `STEPS`.

    Attributes
    ----------
    train_accuracy, test_accuracy : torch.Tensor, shape (n_networks, n_steps)
    train_loss, test_loss : torch.Tensor, shape (n_networks, n_steps)
        Cross-entropy in nats.
    """

    train_accuracy: torch.Tensor
    test_accuracy: torch.Tensor
    train_loss: torch.Tensor
    test_loss: torch.Tensor


def train_group(
    n_train: int,
    width: int,
    decays: tuple[float, ...],
    learning_rate: float,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> SweepCurves:
    """Train nine networks, one for each seed, with each weight decay.

    Parameters
    ----------
    n_train : int
        Number of training sequences.
    width : int
        Number of hidden neurons.
    decays : tuple of float
        Decoupled weight decays, as in AdamW.
    learning_rate : float
    report : callable, optional
        Called as ``report(step, steps)`` in between.

    Returns
    -------
    SweepCurves
        Networks in the order of the decays, nine seeds of each.
    """
    rows = []
    for snapshot in train_parity(
        n_train, width, range(N_SEEDS), decays, STEPS[-1], "decay", learning_rate, STEPS
    ):
        rows.append(torch.stack(snapshot[2:]).transpose(1, 2).flatten(1))  # (4, n_networks)
        report(snapshot.step, STEPS[-1])
    return SweepCurves(*torch.stack(rows, dim=-1))


def outcomes(curves: SweepCurves) -> torch.Tensor:
    """What each network has come to: an index into `OUTCOMES`.

    A network knows the rule if its last test accuracy is at least .95. It grokked if, at the first checkpoint
    with a training accuracy of at least .99, its test accuracy was still below .9; otherwise it generalised
    while it learnt its training set. A network that never knows the rule has memorised, or done neither.

    Returns
    -------
    torch.Tensor, int64, shape (n_networks,)
    """
    fits = curves.train_accuracy >= MEMORISED
    first = fits.float().argmax(1, keepdim=True)
    delayed = fits.any(1) & (curves.test_accuracy.gather(1, first)[:, 0] < DELAYED)
    knows = curves.test_accuracy[:, -1] >= KNOWS
    memorised, grokked, generalised = (OUTCOMES.index(name) for name in OUTCOMES[1:])
    return torch.where(knows, torch.where(delayed, grokked, generalised), fits.any(1) * memorised)


def first_step(accuracy: torch.Tensor, level: float) -> torch.Tensor:
    """The first of `STEPS` at which each accuracy reaches a level; -1 where it never does.

    Parameters
    ----------
    accuracy : torch.Tensor, shape (n_networks, n_steps)
    level : float

    Returns
    -------
    torch.Tensor, int64, shape (n_networks,)
    """
    reached = accuracy >= level
    steps = torch.tensor(STEPS)[reached.float().argmax(1)]
    return torch.where(reached.any(1), steps, -1)
