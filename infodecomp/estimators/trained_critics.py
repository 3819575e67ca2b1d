"""Estimators that train a critic: the Donsker-Varadhan bound (MINE) and InfoNCE, cross-fitted.

Each half of the samples is scored by a critic that was trained on the other half, so that every sample counts
and no critic is asked about what it has learnt by heart. Training stops where a part of its own half that it
is not fitted to looks best, so that a critic that learns nothing certifies about nothing.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from infodecomp.errors import InformationError
from infodecomp.estimators.estimate import Estimate, as_paired_samples
from infodecomp.estimators.variational import donsker_varadhan, info_nce
from infodecomp.optim import Adam
from infodecomp.perceptron import initial_weights, layer_shapes, perceptron, split
from infodecomp.validation import as_integer, as_seed

WIDTH, EMBEDDING = 64, 16
STEPS, BATCH, LEARNING_RATE = 400, 256, 2e-3
CHECK_EVERY = 20  # steps between two looks at the samples that decide when to stop
CHECKED = 5  # one in so many samples of a half is kept for that
SHIFTS = 32  # x_i is paired with y_{i+k}, k = 1, 2, ..., as pairs that do not belong together
MIN_SAMPLES = 20

Scores = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]


def mine_information(x: Any, y: Any, seed: int = 0, steps: int = STEPS) -> Estimate:
    """Bound I(X;Y) from below by the Donsker-Varadhan bound of trained critics (MINE).

    Parameters
    ----------
    x, y : array_like, shape (n,) or (n, d)
        Paired samples of continuous variables, n of at least 20.
    seed : int
        Of the split into halves, of the weights and of the batches.
    steps : int
        Of each of the two trainings, at most.

    Returns
    -------
    Estimate
        A lower bound in expectation but for the logarithm of a sample mean, which makes it optimistic where
        information is high.

    Raises
    ------
    InformationError
        If the samples are not paired or finite, or too few.

    References
    ----------
    Belghazi et al. (2018), Mutual information neural estimation, alg. 1.
    """
    return _cross_fitted(x, y, seed, steps, _PairCritic())


def info_nce_information(x: Any, y: Any, seed: int = 0, steps: int = STEPS) -> Estimate:
    """Bound I(X;Y) from below by InfoNCE with trained critics f(x, y) = g(x) . h(y).

    Parameters and errors are those of `mine_information`.

    Returns
    -------
    Estimate
        A lower bound, at most log2(n / 2).

    References
    ----------
    Oord, Li & Vinyals (2018), Representation learning with contrastive predictive coding, eq. 4.
    """
    return _cross_fitted(x, y, seed, steps, _SeparableCritic())


class _PairCritic:
    """One network that sees both, scored by Donsker and Varadhan."""

    silenced = 4  # the weights that begin at 0, so that the critic begins by telling nothing apart

    def shapes(self, d_x: int, d_y: int) -> list[tuple[int, ...]]:
        return layer_shapes([d_x + d_y, WIDTH, WIDTH, 1])

    def _scores(self, tensors, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return perceptron(tensors, torch.cat([x, y], 1))[:, 0]

    def loss(self, tensors, x: torch.Tensor, y: torch.Tensor, step: int) -> torch.Tensor:
        strangers = self._scores(tensors, x, y.roll(1 + step % (len(x) - 1), 0))
        return strangers.logsumexp(0) - math.log(len(x)) - self._scores(tensors, x, y).mean()

    def bound(self, tensors, x: torch.Tensor, y: torch.Tensor) -> Estimate:
        shifts = range(1, min(SHIFTS, len(x) - 1) + 1)
        strangers = torch.cat([self._scores(tensors, x, y.roll(k, 0)) for k in shifts])
        return donsker_varadhan(self._scores(tensors, x, y).double(), strangers.double())


class _SeparableCritic:
    """Two networks, one for each variable, whose outputs are multiplied; scored by InfoNCE."""

    silenced = 2

    def shapes(self, d_x: int, d_y: int) -> list[tuple[int, ...]]:
        return [*layer_shapes([d_x, WIDTH, EMBEDDING]), *layer_shapes([d_y, WIDTH, EMBEDDING])]

    def _table(self, tensors, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return perceptron(tensors[:4], x) @ perceptron(tensors[4:], y).T

    def loss(self, tensors, x: torch.Tensor, y: torch.Tensor, step: int) -> torch.Tensor:
        table = self._table(tensors, x, y)
        return (table.logsumexp(1) - table.diagonal()).mean()

    def bound(self, tensors, x: torch.Tensor, y: torch.Tensor) -> Estimate:
        return info_nce(self._table(tensors, x, y).double())


def _cross_fitted(x: Any, y: Any, seed: int, steps: int, critic) -> Estimate:
    """The mean of the bounds of both halves, each by the critic of the other."""
    first, second = as_paired_samples(x, y)
    n, seed = len(first), as_seed(seed)
    if n < MIN_SAMPLES:
        raise InformationError(f"{n} samples are too few to train a critic; give at least {MIN_SAMPLES}")
    steps = as_integer(steps, "steps", 1)
    samples = [torch.from_numpy(_standardised(values)).float() for values in (first, second)]
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    halves = [[values[part] for values in samples] for part in (order[: n // 2], order[n // 2 :])]
    found = []
    for index, (own, other) in enumerate((halves, halves[::-1])):
        tensors = _train(critic, own, steps, torch.Generator().manual_seed(2 * seed + index))
        with torch.no_grad():
            found.append(critic.bound(tensors, *other))
    error = math.hypot(*(one.standard_error for one in found)) / 2
    return Estimate(sum(one.bits for one in found) / 2, error, "lower", n)


def _standardised(samples: np.ndarray) -> np.ndarray:
    """Columns with mean 0 and variance 1; a constant column becomes 0."""
    deviation = samples.std(0)
    return (samples - samples.mean(0)) / np.where(deviation > 0, deviation, 1)


def _train(critic, samples: list[torch.Tensor], steps: int, generator: torch.Generator) -> list[torch.Tensor]:
    """The weights at the step at which the bound of the samples kept for that was the best."""
    checked = max(len(samples[0]) // CHECKED, 2)
    kept, fitted = [v[:checked] for v in samples], [v[checked:] for v in samples]
    shapes = critic.shapes(*(values.shape[1] for values in samples))
    weights = initial_weights(shapes, generator)
    split(weights, shapes)[critic.silenced].zero_()
    optimiser, best, most = Adam(weights, LEARNING_RATE), weights.clone(), -math.inf
    for step in range(steps):
        if step % CHECK_EVERY == 0 or step == steps - 1:
            with torch.no_grad():
                bound = critic.bound(split(weights, shapes), *kept).bits
            if bound > most:
                best, most = weights.clone(), bound
        chosen = torch.randperm(len(fitted[0]), generator=generator)[:BATCH]
        leaf = weights.detach().requires_grad_()
        loss = critic.loss(split(leaf, shapes), *(values[chosen] for values in fitted), step)
        optimiser.step(torch.autograd.grad(loss, leaf)[0])
    return split(best, shapes)
