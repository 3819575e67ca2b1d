"""Gaussian codes: a value x is sent as U ~ N(mean_x, deviation_x^2), a cloud on a line, and what is left of the differences.

Two values can be told apart as far as their clouds do not overlap. Everything in bits; the information is the true one,
against the mixture of the clouds, and the divergence from a prior is only a bound on it.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.information import kernels
from infodecomp.validation import as_distribution

LN2 = math.log(2)
NODES = 64  # of Gauss and Hermite, for each cloud; a mixture of four is right to about 1e-6 bits


class EncoderInformation(NamedTuple):
    """information: I(X;U), true. divergence: sum_x p(x) KL(N_x || N(0,1)), an upper bound of it. gap: the bound less the truth."""

    information: torch.Tensor
    divergence: torch.Tensor
    gap: torch.Tensor


def gaussian_divergence(mean, deviation) -> torch.Tensor:
    """KL(N(mean, deviation^2) || N(0, 1)) of each cloud, in bits: (mean^2 + s^2 - 1 - ln s^2) / (2 ln 2)."""
    mean, deviation = _checked(mean, deviation)
    return (mean.square() + deviation.square() - 1 - 2 * deviation.log()) / (2 * LN2)


def distinguishability(mean, deviation) -> torch.Tensor:
    """1 - Bhattacharyya coefficient of every two clouds: 0 the same, 1 never confused. mean, deviation: (..., n). (..., n, n).

    The coefficient of two Gaussians is sqrt(2 s t / (s^2 + t^2)) exp(-(m - l)^2 / (4 (s^2 + t^2))) (Bhattacharyya 1943).
    """
    mean, deviation = _checked(mean, deviation)
    s, t = deviation[..., :, None], deviation[..., None, :]
    spread = s.square() + t.square()
    apart = (mean[..., :, None] - mean[..., None, :]).square() / (4 * spread)
    return (1 - (2 * s * t / spread).sqrt() * torch.exp(-apart)).clamp(0, 1)


def gaussian_encoder_information(mean, deviation, p=None) -> EncoderInformation:
    """The true information of a code and its bound, in bits.

    mean, deviation: (..., n); deviation above 0. p: (n,) probabilities of the values, uniform if not given. Each result (...).
    Gauss-Hermite quadrature in each cloud of log2 p(u|x) / sum_x' p(x') p(u|x'). Raises InformationError.
    """
    mean, deviation = _checked(mean, deviation)
    n = mean.shape[-1]
    p = torch.full((n,), 1 / n, dtype=torch.float64) if p is None else as_distribution(p)
    u, weights = quadrature_nodes(mean, deviation)  # (..., n, NODES)
    log_density = _log_density(
        u[..., None], mean[..., None, None, :], deviation[..., None, None, :]
    )  # (..., n, NODES, n)
    own = log_density.diagonal(dim1=-3, dim2=-1).movedim(-1, -2)  # (..., n, NODES)
    mixture = torch.logsumexp(log_density + p.clamp_min(kernels.TINY).log(), -1)
    information = (p * ((own - mixture) * weights).sum(-1)).sum(-1).clamp_min(0) / LN2
    divergence = (p * gaussian_divergence(mean, deviation)).sum(-1)
    return EncoderInformation(information, divergence, divergence - information)


def quadrature_nodes(
    mean: torch.Tensor, deviation: torch.Tensor, nodes: int = NODES
) -> tuple[torch.Tensor, torch.Tensor]:
    """Points (..., n, nodes) of each cloud and their weights (nodes,), which sum to 1: E[f(U)|x] is their weighted sum."""
    z, weights = _hermite(nodes)
    return mean[..., None] + deviation[..., None] * z, weights


@lru_cache(maxsize=8)
def _hermite(nodes: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Nodes and weights for a standard normal (Golub & Welsch 1969), from the eigenvectors of the three-term recurrence."""
    side = torch.arange(1, nodes, dtype=torch.float64).sqrt()
    z, vectors = torch.linalg.eigh(torch.diag(side, 1) + torch.diag(side, -1))
    return z, vectors[0].square()


def posterior(u: torch.Tensor, mean: torch.Tensor, deviation: torch.Tensor) -> torch.Tensor:
    """p(x|u) of uniform values at points u (...), as (..., n)."""
    return torch.softmax(_log_density(u[..., None], mean, deviation), -1)


def _log_density(u, mean, deviation):
    return -((u - mean) / deviation).square() / 2 - deviation.log() - 0.5 * math.log(2 * math.pi)


def _checked(mean, deviation) -> tuple[torch.Tensor, torch.Tensor]:
    mean, deviation = (torch.as_tensor(value, dtype=torch.float64) for value in (mean, deviation))
    mean, deviation = torch.broadcast_tensors(mean, deviation)
    if not bool(torch.isfinite(mean).all()):
        raise InformationError("a mean is not finite; give finite numbers")
    if not bool(((deviation > 0) & torch.isfinite(deviation)).all()):
        raise InformationError(
            f"a deviation of {deviation.min().item():.6g}: a cloud has a finite width above 0"
        )
    return mean, deviation
