"""What a trained bottleneck spends and achieves at each beta, with standard errors."""

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from infodecomp.bottleneck.features import MAX_LEVELS
from infodecomp.bottleneck.information_plane import InformationPlane
from infodecomp.bottleneck.messages import sample
from infodecomp.bottleneck.network import Encodings, Layout, Network
from infodecomp.bottleneck.preprocessing import Target
from infodecomp.bottleneck.training import losses
from infodecomp.random_streams import short_seed

MIN_MESSAGES = 8192  # of a feature, but at most MAX_RATIO times the draws asked for
MAX_RATIO = 64
CHUNK_SIZE = 32_768  # numbers
MAX_PAIRS = 12 * MAX_LEVELS**2  # of levels within columns; with more, there are fewer messages of each level
MIN_DRAWS = 4
MAX_PAIRED_ROWS = 50_000  # whose losses are compared between two values of t
NEGLIGIBLE = 1e-6  # bits: where a bound on the information is below, it is not estimated
TINY = 1e-300


class Estimate(NamedTuple):
    """A mean and its standard error, of the same shape."""

    mean: np.ndarray
    standard_error: np.ndarray


@torch.no_grad()
def measure_plane(
    network: Network,
    target: Target,
    t: Tensor,
    levels: np.ndarray,
    y: np.ndarray,
    noise: Tensor,
    draws: int,
    seed: int,
    weights: np.ndarray | None = None,
) -> InformationPlane:
    """Measure the information plane on rows of a table.

    Parameters
    ----------
    network : Network
    target : Target
    t : Tensor of shape (n_betas,)
        Where to measure.
    levels : ndarray of int64, shape (n_samples, n_features)
        Level indices.
    y : ndarray of shape (n_samples,)
        The target.
    noise : Tensor of shape (n_draws, n_samples, n_features, dimension)
        Of the messages from which the rows are predicted, one sample after the other.
    draws, seed : int
        Messages of each level from which the bits are estimated, and their seed.
    weights : ndarray of shape (n_samples,), optional
        Of the rows, in the error.
    """
    rows = torch.stack([network.layout.flat_indices(torch.as_tensor(levels), draw) for draw in noise])
    features = feature_information(network.encodings(t), network.layout, draws, seed)
    loss, excess = prediction_error(network, t, rows, noise, target.encode(y), weights)
    if target.classes is None:
        error = np.sqrt(loss.mean) * target.scale
        slope = target.scale**2 / (2 * np.maximum(error, 1e-12))
    else:
        error, slope = loss.mean / math.log(2), 1 / math.log(2)
    return InformationPlane(
        t=t.double().numpy(),
        bits=features.mean.sum(1),
        bits_standard_error=np.sqrt((features.standard_error**2).sum(1)),
        error=error,
        error_standard_error=loss.standard_error * slope,
        features=features.mean,
        features_standard_error=features.standard_error,
        excess_standard_error=excess * slope,
    )


@torch.no_grad()
def feature_information(encodings: Encodings, layout: Layout, draws: int, seed: int = 0) -> Estimate:
    """Estimate I(X_i; U_i) = E log2[p(u|x) / Σ_x' p(x') p(u|x')] of each feature.

    Parameters
    ----------
    encodings : Encodings
        At n_t values of t.
    layout : Layout
    draws : int
        Messages of each level, at least. Features with few levels get more, so that all are known about
        equally well. In tables of more than a dozen columns with many levels each there are fewer.
    seed : int
        Of the messages.

    Returns
    -------
    Estimate of shape (n_t, n_features)
        Bits, float64.
    """
    generator = torch.Generator().manual_seed(short_seed(seed))
    draws = min(draws, max(MIN_DRAWS, math.ceil(draws * MAX_PAIRS / int(layout.sizes.square().sum()))))
    means, errors = [], []
    for own in layout.slices():
        mean, log_variance = encodings.mean[:, own].double(), encodings.log_variance[:, own].double()
        p = layout.p[own]
        n = max(draws, math.ceil(min(MIN_MESSAGES, MAX_RATIO * draws) / len(p)))
        noise = torch.randn(*mean.shape[:2], n, mean.shape[2], generator=generator, dtype=torch.float64)
        bound = information_bound(mean, log_variance, p)
        estimate, variance = bound.clone(), torch.zeros_like(bound)
        for i in (bound > NEGLIGIBLE * math.log(2)).nonzero()[:, 0].tolist():
            u = mean[i][:, None] + (log_variance[i] / 2).exp()[:, None] * noise[i]
            ratios = log_density_ratio(mean[i], log_variance[i], u, noise[i], p)  # (n_levels, n)
            estimate[i] = ratios.mean(1) @ p
            variance[i] = ratios.var(1) / n @ p.square()
        means.append(estimate)
        errors.append(variance.sqrt())
    return Estimate(torch.stack(means, 1).numpy() / math.log(2), torch.stack(errors, 1).numpy() / math.log(2))


def information_bound(mean: Tensor, log_variance: Tensor, p: Tensor) -> Tensor:
    """An upper bound on I(X; U) in nats: messages of given variance have most entropy if Gaussian.

    Parameters
    ----------
    mean, log_variance : Tensor of float64, shape (n_t, n_levels, dimension)
    p : Tensor of float64, shape (n_levels,)

    Returns
    -------
    Tensor of shape (n_t,)

    References
    ----------
    Cover and Thomas, Elements of Information Theory, 2006, theorem 8.6.5.
    """
    weights = p[:, None] / p.sum()
    centred = mean - (weights * mean).sum(1, keepdim=True)
    log_mean = (weights * log_variance).sum(1)
    # relative to the geometric mean of the variances, so that nearly equal ones are compared exactly
    excess = torch.expm1(log_variance - log_mean[:, None]) + centred.square() * (-log_mean)[:, None].exp()
    return 0.5 * (weights * excess).sum(1).log1p().sum(1)


def log_density_ratio(mean: Tensor, log_variance: Tensor, u: Tensor, noise: Tensor, p: Tensor) -> Tensor:
    """log p(u|x) − log Σ_x' p(x') p(u|x') in nats.

    Parameters
    ----------
    mean, log_variance : Tensor of float64, shape (n_levels, dimension)
        Gaussian encodings of the levels x'.
    u : Tensor of float64, shape (n_levels, draws, dimension)
        Messages of each level x: mean + standard deviation · noise.
    noise : Tensor of float64, broadcastable to the shape of u
        Standard normal numbers.
    p : Tensor of float64, shape (n_levels,)
        Probabilities of the levels.

    Returns
    -------
    Tensor of shape (n_levels, draws)
    """
    precision = (-log_variance).exp()
    constant = p.clamp_min(TINY).log() - 0.5 * (mean.square() * precision + log_variance).sum(1)
    coefficients = torch.cat([-0.5 * precision, mean * precision], 1).T
    own_density = -0.5 * (noise.square().sum(2) + log_variance.sum(1)[:, None])
    flat = u.flatten(0, 1)
    powers = torch.cat([flat.square(), flat], 1)
    rows = math.ceil(CHUNK_SIZE / len(p))  # in chunks that fit the processor's cache, which is faster
    mixtures = []
    for chunk, own in zip(powers.split(rows), own_density.reshape(-1, 1).split(rows)):
        ratio = torch.addmm(constant, chunk, coefficients)  # (rows, n_levels)
        # No overflow, as the mean of p(u|x') / p(u|x) is 1; no underflow, as x itself is in the mixture.
        mixtures.append(ratio.sub_(own).exp_().sum(1))
    return -torch.cat(mixtures).log().view(u.shape[:2])


@torch.no_grad()
def prediction_error(
    network: Network,
    t: Tensor,
    rows: Tensor,
    noise: Tensor,
    target: Tensor,
    weights: np.ndarray | None = None,
) -> tuple[Estimate, np.ndarray]:
    """Estimate the mean loss of predictions from one sample of the messages, over several samples.

    Parameters
    ----------
    network : Network
    t : Tensor of shape (n_t,)
    rows : Tensor of int64, shape (n_draws, n_samples, n_features)
        Flat level indices.
    noise : Tensor of shape (n_draws, n_samples, n_features, dimension)
        Standard normal numbers.
    target : Tensor of shape (n_samples,)
        Encoded as in `Target.encode`.
    weights : ndarray of shape (n_samples,), optional
        Of the rows.

    Returns
    -------
    loss : Estimate of shape (n_t,)
        Squared errors of numbers, in variances, or cross-entropies of classes in nats; the standard error
        is over the rows.
    excess : ndarray of shape (n_t,)
        Standard error of the difference to the smallest loss, over the rows.
    """
    encodings = network.encodings(t)
    means, errors, paired = [], [], []
    step = -(-len(target) // MAX_PAIRED_ROWS)
    for i in range(len(t)):  # one t at a time, to save memory
        at_t = Encodings(encodings.mean[i : i + 1], encodings.log_variance[i : i + 1])
        u, _, _ = sample(at_t, rows.flatten(0, 1)[None], noise.flatten(0, 1)[None])
        outputs = network.decode(u.flatten(2), t[i : i + 1])
        loss = losses(outputs, target.repeat(len(noise))[None]).double().view(len(noise), -1).mean(0)
        mean, error = weighted_mean(loss, weights)
        means.append(mean)
        errors.append(error)
        paired.append(loss[::step].float())
    own = None if weights is None else weights[::step]
    best = paired[int(np.argmin(means))]
    excess = [weighted_mean((loss - best).double(), own)[1] / math.sqrt(step) for loss in paired]
    return Estimate(np.array(means), np.array(errors)), np.array(excess)


def weighted_mean(loss: Tensor, weights: np.ndarray | None) -> tuple[float, float]:
    """A mean over rows and its standard error.

    Parameters
    ----------
    loss : Tensor of shape (n_samples,)
    weights : ndarray of shape (n_samples,), optional
        Of the rows.
    """
    if weights is None:
        return loss.mean().item(), (loss.std() / math.sqrt(len(loss))).item()
    share = torch.as_tensor(weights / weights.sum())
    mean = share @ loss
    n = len(loss)
    return mean.item(), math.sqrt(float((share * (loss - mean)).square().sum()) * n / (n - 1))


def distinguishability(mean: Tensor, log_variance: Tensor) -> Tensor:
    """1 − the Bhattacharyya coefficient ∫ √(p(u|x) p(u|x')) du of each pair of Gaussian encodings.

    Parameters
    ----------
    mean, log_variance : Tensor of shape (n_levels, dimension)

    Returns
    -------
    Tensor of float64, shape (n_levels, n_levels)
        0 where two levels have the same encoding, 1 where their encodings never overlap.
    """
    first, second = torch.triu_indices(len(mean), len(mean))
    matrix = torch.empty(len(mean), len(mean), dtype=torch.float64)
    matrix[first, second] = matrix[second, first] = pair_distinguishability(mean, log_variance, first, second)
    return matrix


def pair_distinguishability(mean: Tensor, log_variance: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """`distinguishability` of some pairs only; first, second and the result have shape (n_pairs,)."""
    mean, variance = mean.double().T.contiguous(), log_variance.double().exp().T.contiguous()  # (d, n_levels)
    variance_1, variance_2 = variance[:, first], variance[:, second]
    middle = (variance_1 + variance_2) / 2
    distance = ((mean[:, first] - mean[:, second]).square() / middle).sum(0)
    widening = (middle.square() / (variance_1 * variance_2)).prod(0)  # exactly 1 for equal encodings
    return -torch.expm1(-(distance / 8 + widening.log() / 4))
