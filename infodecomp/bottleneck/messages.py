"""Messages: the noise that they are drawn with, samples of them, and the information that they carry.

The noise is a function of the row: the same row always gets the same message. Predictions from one sample of
the messages are therefore repeatable, and do not depend on the other rows of a table.
"""

import numpy as np
import torch
from scipy.special import ndtri
from torch import Tensor

from infodecomp.bottleneck.network import Encodings, Group, Layout
from infodecomp.split_mix import INCREMENT, mix

CACHED = 100_000  # numbers that the processor keeps at hand
TINY = 1e-300


def row_noise(levels: np.ndarray, dimension: int, seed: int, draw: int = 0) -> Tensor:
    """Standard normal numbers for rows of level indices.

    Parameters
    ----------
    levels : ndarray of int64, shape (n_samples, n_features)
    dimension : int
        Of each message.
    seed, draw : int
        Other seeds and other draws give independent numbers.

    Returns
    -------
    Tensor of float32, shape (n_samples, n_features, dimension)
    """
    return rows_noise(levels, dimension, seed, np.array([draw]))[0]


def rows_noise(levels: np.ndarray, dimension: int, seed: int, draws: np.ndarray) -> Tensor:
    """`row_noise` of several draws (n_draws,) at once: float32 (n_draws, n_samples, n_features, dimension).

    Notes
    -----
    A counter-based generator, the finaliser of SplitMix64, on the content of the row, the seed and the draw.
    """
    with np.errstate(over="ignore"):
        key = mix(np.uint64(seed % 2**64) + draws.astype(np.uint64)[:, None] * INCREMENT)  # (n_draws, 1)
        for column in levels.T:
            key = mix(key ^ (column.astype(np.int64).view(np.uint64) + INCREMENT))  # (n_draws, n_samples)
        n = levels.shape[1] * dimension
        counters = np.arange(1, n + 1, dtype=np.uint64) * INCREMENT
        bits = mix(key[..., None] + counters)
    uniform = ((bits >> np.uint64(11)).astype(float) + 0.5) / 2**53
    return torch.from_numpy(ndtri(uniform).astype(np.float32)).view(
        len(draws), len(levels), levels.shape[1], dimension
    )


def sample(encodings: Encodings, rows: Tensor, noise: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Draw one message of each feature for rows of a table.

    Parameters
    ----------
    encodings : Encodings
        At n_t values of t.
    rows : Tensor of int64, shape (n_t, n_rows, n_features)
        Flat level indices.
    noise : Tensor of shape (n_t, n_rows, n_features, dimension)
        Standard normal numbers.

    Returns
    -------
    u, mean, log_variance : Tensor of the shape of noise
        The messages, and the encodings that they were drawn from.
    """
    n_t, n_rows, n_features = rows.shape
    dimension = encodings.mean.shape[-1]
    indices = rows.reshape(n_t, -1, 1).expand(-1, -1, dimension)
    mean = encodings.mean.gather(1, indices).view(n_t, n_rows, n_features, dimension)
    log_variance = encodings.log_variance.gather(1, indices).view(n_t, n_rows, n_features, dimension)
    return mean + (log_variance / 2).exp() * noise, mean, log_variance


def sampled_information(
    encodings: Encodings, layout: Layout, u: Tensor, noise: Tensor, log_variance: Tensor
) -> Tensor:
    """log p(u|x) − log Σ_x' p(x') p(u|x') of messages in nats, averaged over rows: an estimate of I(X; U).

    The squares are multiplied out, so that one matrix product serves all levels of a feature:
    u²/s² − 2uμ/s² + μ²/s².

    Parameters
    ----------
    encodings : Encodings
        At n_t values of t.
    layout : Layout
    u, noise, log_variance : Tensor of shape (n_t, n_rows, n_features, dimension)
        The messages, and what `sample` drew them with.

    Returns
    -------
    Tensor of shape (n_t, n_features)
    """
    precision = (-encodings.log_variance).exp()  # (n_t, n_levels, d)
    log_p = layout.p.clamp_min(TINY).log().to(u.dtype)
    constant = log_p - 0.5 * (encodings.mean.square() * precision + encodings.log_variance).sum(-1)
    ones = torch.ones_like(constant[..., None])
    levels = torch.cat([-0.5 * precision, encodings.mean * precision, constant[..., None], ones], 2)
    own_density = -0.5 * (noise.square() + log_variance).sum(-1, keepdim=True)
    messages = torch.cat([u.square(), u, torch.ones_like(own_density), -own_density], 3)
    return -_MeanLogMixture.apply(levels, messages, layout.groups)


class _MeanLogMixture(torch.autograd.Function):
    """mean_r log Σ_l exp(messages_r · levels_l) within each feature: (n_t, n_features).

    Each row has the same weight, so that the gradients are known, up to a factor, while the mixture is
    computed. Nothing of the size rows × levels leaves the processor's cache.
    """

    @staticmethod
    def forward(ctx, levels: Tensor, messages: Tensor, groups: list[Group]) -> Tensor:
        n_t, n_rows, n_features, k = messages.shape
        result = messages.new_empty(n_features, n_t)
        needed = ctx.needs_input_grad[0] or ctx.needs_input_grad[1]
        of_levels = torch.empty_like(levels) if needed else None
        of_messages = messages.new_empty(n_features, n_t, n_rows, k) if needed else None
        by_feature = messages.permute(2, 0, 1, 3)
        for group in groups:
            size = group.levels.shape[1]
            at_once = max(1, CACHED // (n_t * n_rows * size))
            for features, indices in zip(group.features.split(at_once), group.levels.split(at_once)):
                own = levels[:, indices].transpose(0, 1).reshape(-1, size, k)  # (n · n_t, size, k)
                rows = by_feature[features].reshape(-1, n_rows, k)  # (n · n_t, n_rows, k)
                ratio = torch.bmm(rows, own.transpose(1, 2)).clamp_(max=60).exp_()
                # The last number of each level is 1, so that the last product is the mixture itself.
                products = torch.bmm(own.transpose(1, 2), ratio.transpose(1, 2))
                mixture = products[:, -1:].clamp_min(1e-30)  # (n · n_t, 1, n_rows)
                result[features] = mixture.log().mean((1, 2)).view(-1, n_t)
                if of_levels is not None and of_messages is not None:
                    gradient = (
                        torch.bmm(rows.transpose(1, 2) / mixture, ratio)
                        .view(-1, n_t, k, size)
                        .permute(1, 0, 3, 2)
                    )
                    of_levels[:, indices.flatten()] = gradient.reshape(n_t, -1, k)
                    products.div_(mixture)
                    of_messages[features] = products.transpose(1, 2).reshape(-1, n_t, n_rows, k)
        if needed:
            ctx.save_for_backward(of_levels, of_messages)
            ctx.feature_of = torch.empty(levels.shape[1], dtype=torch.long)
            for group in groups:
                ctx.feature_of[group.levels] = group.features[:, None]
        return result.T

    @staticmethod
    def backward(ctx, gradient: Tensor):
        of_levels, of_messages = ctx.saved_tensors
        scale = gradient / of_messages.shape[2]
        return (
            of_levels * scale[:, ctx.feature_of, None],
            (of_messages * scale.T[:, :, None, None]).permute(1, 2, 0, 3),
            None,
        )


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL divergence of Gaussian encodings from a standard normal in nats: shape (..., dimension) to (...)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(-1)
