"""Training a critic for the Donsker-Varadhan bound on correlated Gaussians, whose information is known."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch

from infodecomp.errors import InformationError
from infodecomp.estimators.estimate import Estimate
from infodecomp.estimators.variational import donsker_varadhan
from infodecomp.optim import Adam
from infodecomp.perceptron import initial_weights, layer_shapes, perceptron, split
from infodecomp.units import LN2
from infodecomp.validation import as_scalar

WIDTH = 64
N_STEPS, EVERY, BATCH = 1500, 50, 512
LEARNING_RATE = 2e-3
N_FRESH = 4096
FRESH_SEED = 987


def critic_bound(rho: float, a: float, b: float) -> float:
    """Donsker-Varadhan bound of the critic a x y - b (x^2 + y^2) for standard normals of correlation rho.

    Parameters
    ----------
    rho : float
        Between -1 and 1.
    a, b : float
        The bound is finite for |a| < 1 + 2 b.

    Returns
    -------
    float
        a rho - 2 b + log((1 + 2b)^2 - a^2) / 2, in bits; minus infinity where the mean of e^f is infinite.
    """
    spread = (1 + 2 * b) ** 2 - a**2
    if spread <= 0 or 1 + 2 * b <= 0:
        return -math.inf
    return (a * rho - 2 * b + 0.5 * math.log(spread)) / LN2


def best_critic(rho: float, b: float | None = None) -> tuple[float, float]:
    """Return the best (a, b); for a given b the best a.

    Raises
    ------
    InformationError
        If rho is not strictly between -1 and 1.
    """
    r = as_scalar(rho, "rho")
    if not -1 < r < 1:
        raise InformationError(f"rho = {r:.6g}; give a correlation strictly between -1 and 1")
    if b is None:
        return r / (1 - r**2), r**2 / (2 * (1 - r**2))
    width = 1 + 2 * b
    return (0.0 if r == 0 else (-1 + math.sqrt(1 + 4 * r**2 * width**2)) / (2 * r)), b


def gaussian_information(rho: float, dimensions: int = 1) -> float:
    """Mutual information -d/2 log2(1 - rho^2) of d pairs of standard normals of correlation rho, in bits."""
    return abs(dimensions / 2 * math.log2(1 - rho**2))


@dataclass(frozen=True)
class CriticSnapshot:
    """A critic after some steps.

    Parameters
    ----------
    step : int
    weights : torch.Tensor
    seen, fresh : Estimate
        Its bound on the samples that it is trained on, and on new ones.
    """

    step: int
    weights: torch.Tensor
    seen: Estimate
    fresh: Estimate


def gaussian_pairs(rho: float, dimensions: int, n: int, generator: torch.Generator) -> torch.Tensor:
    """Draw n pairs (n, 2 d) of d standard normals x and as many y."""
    x, noise = torch.randn(2, n, dimensions, generator=generator)
    return torch.cat([x, rho * x + math.sqrt(1 - rho**2) * noise], 1)


def bound_of(weights: torch.Tensor, pairs: torch.Tensor, dimensions: int) -> Estimate:
    """The Donsker-Varadhan bound of a critic for some pairs; x_i with y_{i+k}, k = 1..16, is independent."""
    tensors = split(weights, layer_shapes([2 * dimensions, WIDTH, WIDTH, 1]))
    with torch.no_grad():
        joint = perceptron(tensors, pairs)[:, 0].double()
        shifted = torch.cat([_shifted(pairs, dimensions, k) for k in range(1, 17)])
        return donsker_varadhan(joint, perceptron(tensors, shifted)[:, 0].double())


def _shifted(pairs: torch.Tensor, dimensions: int, k: int = 1) -> torch.Tensor:
    return torch.cat([pairs[:, :dimensions], pairs[:, dimensions:].roll(k, 0)], 1)


def fresh_pairs(rho: float, dimensions: int) -> torch.Tensor:
    """The pairs on which every critic is evaluated; none is trained on them."""
    generator = torch.Generator().manual_seed(FRESH_SEED)
    return gaussian_pairs(rho, dimensions, N_FRESH, generator)


def train_critic(rho: float, dimensions: int, n_samples: int = 0, seed: int = 0) -> Iterator[CriticSnapshot]:
    """Train a critic of two hidden layers of 64 units by gradient ascent on its bound.

    Parameters
    ----------
    rho : float
        Correlation of each pair of coordinates.
    dimensions : int
    n_samples : int
        Size of a fixed training set; 0 for new samples in each step.
    seed : int

    Yields
    ------
    CriticSnapshot
        Every 50 steps, from step 0 to step 1500.
    """
    generator = torch.Generator().manual_seed(seed)
    shapes = layer_shapes([2 * dimensions, WIDTH, WIDTH, 1])
    weights = initial_weights(shapes, generator)
    fixed = gaussian_pairs(rho, dimensions, n_samples, generator) if n_samples else None
    optimiser, fresh = Adam(weights, LEARNING_RATE), fresh_pairs(rho, dimensions)
    for step in range(N_STEPS + 1):
        pairs = gaussian_pairs(rho, dimensions, BATCH, generator) if fixed is None else fixed
        if step % EVERY == 0:
            seen, unseen = (bound_of(weights, sample, dimensions) for sample in (pairs, fresh))
            yield CriticSnapshot(step, weights.clone(), seen, unseen)
        leaf = weights.detach().requires_grad_()
        tensors = split(leaf, shapes)
        shuffled = _shifted(pairs, dimensions, 1 + step % (len(pairs) - 1))
        product = perceptron(tensors, shuffled)[:, 0].logsumexp(0) - math.log(len(pairs))
        loss = product - perceptron(tensors, pairs)[:, 0].mean()
        optimiser.step(torch.autograd.grad(loss, leaf)[0])
