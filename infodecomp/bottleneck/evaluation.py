"""What a trained bottleneck spends and achieves at each price, each with its standard error."""

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from infodecomp.bottleneck.network import Encodings, Layout, Network, sample
from infodecomp.bottleneck.training import losses

LEAST_MESSAGES = (
    8192  # of a feature, to measure what it says; at most LEAST_SHARE times the draws that were asked for
)
LEAST_SHARE = 64


class Estimate(NamedTuple):
    """A mean and its standard error, of one shape."""

    mean: np.ndarray
    standard_error: np.ndarray


@torch.no_grad()
def feature_information(codes: Encodings, layout: Layout, draws: int, seed: int = 0) -> Estimate:
    """I(X_i; U_i) = E log2[p(u|x) / Σ_x' p(x') p(u|x')] of each feature in bits, shape (n_t, n_features).

    A point estimate from at least `draws` messages of each level, weighed by how often the level occurs; more where there are
    few levels, so that every feature is known as well as the others; float64.
    """
    generator = torch.Generator().manual_seed(seed)
    means, errors = [], []
    for at in layout.slices():
        mean, log_variance = codes.mean[:, at].double(), codes.log_variance[:, at].double()
        p = layout.p[at]
        n = max(draws, math.ceil(min(LEAST_MESSAGES, LEAST_SHARE * draws) / len(p)))
        noise = torch.randn(*mean.shape[:2], n, mean.shape[2], generator=generator, dtype=torch.float64)
        u = mean[:, :, None] + (log_variance / 2).exp()[:, :, None] * noise
        told = torch.stack(
            [_told(*one, p) for one in zip(mean, log_variance, u, noise)]
        )  # (n_t, n_levels, draws)
        means.append(told.mean(2) @ p)
        errors.append((told.var(2) / n @ p.square()).sqrt())
    return Estimate(torch.stack(means, 1).numpy() / math.log(2), torch.stack(errors, 1).numpy() / math.log(2))


def _told(mean: Tensor, log_variance: Tensor, u: Tensor, noise: Tensor, p: Tensor) -> Tensor:
    """log p(u|x) − log Σ p(x') p(u|x') in nats of messages u, shape (n_levels, draws, d) → (n_levels, draws)."""
    precision = (-log_variance).exp()
    flat = u.flatten(0, 1)
    density = torch.cat([flat.square(), flat], 1) @ torch.cat([-0.5 * precision, mean * precision], 1).T
    density += -0.5 * (mean.square() * precision + log_variance).sum(1)
    own = -0.5 * (noise.square().sum(2) + log_variance.sum(1)[:, None])
    # The message's own level is among those of the mixture, so that nothing runs out of range.
    ratio = density.view(*own.shape, -1) - own[:, :, None]
    return -torch.logsumexp(ratio + p.clamp_min(1e-300).log(), 2)


@torch.no_grad()
def prediction_error(network: Network, t: Tensor, rows: Tensor, noise: Tensor, target: Tensor) -> Estimate:
    """The mean loss at each price of predictions from ONE sample of the messages, shape (n_t,): squared errors of numbers, in
    standard deviations squared, or cross-entropies of classes in nats; with the standard error over the rows.

    rows: positions of levels (n_samples, n_features). noise: standard normal, (n_samples, n_features, dimension). target: (n_samples,).
    """
    codes = network.encodings(t)
    means, errors = [], []
    for i in range(len(t)):
        u, _, _ = sample(
            Encodings(codes.mean[i : i + 1], codes.log_variance[i : i + 1]), rows[None], noise[None]
        )
        loss = losses(network.decode(u.flatten(2), t[i : i + 1]), target[None])[0].double()
        means.append(loss.mean().item())
        errors.append((loss.std() / math.sqrt(len(loss))).item())
    return Estimate(np.array(means), np.array(errors))


def distinguishability(mean: Tensor, log_variance: Tensor) -> Tensor:
    """1 − the Bhattacharyya coefficient ∫ √(p(u|x) p(u|x')) du of each pair of Gaussian codes: shape (n_levels, d) twice →
    (n_levels, n_levels); 0 where two values get the same code, 1 where their codes never overlap."""
    one, other = torch.triu_indices(len(mean), len(mean))
    matrix = torch.empty(len(mean), len(mean), dtype=torch.float64)
    matrix[one, other] = matrix[other, one] = pair_distinguishability(mean, log_variance, one, other)
    return matrix


def pair_distinguishability(mean: Tensor, log_variance: Tensor, one: Tensor, other: Tensor) -> Tensor:
    """As distinguishability, of some pairs of codes alone. one, other: (n_pairs,) which of the codes. Returns (n_pairs,)."""
    mean, variance = mean.double().T.contiguous(), log_variance.double().exp().T.contiguous()  # (d, n_levels)
    variance_one, variance_other = variance[:, one], variance[:, other]
    middle = (variance_one + variance_other) / 2
    away = ((mean[:, one] - mean[:, other]).square() / middle).sum(0)
    wider = (middle.square() / (variance_one * variance_other)).prod(
        0
    )  # 1 exactly where the codes are the same
    return -torch.expm1(-(away / 8 + wider.log() / 4))
