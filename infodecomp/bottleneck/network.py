"""The network of a distributed bottleneck: one encoder a feature, one decoder, all conditioned on the price of a bit.

A single network answers at every price: t in [0, 1] runs from the dearest bit (t = 0, nothing is said) to the cheapest one. What
depends on t is a combination of hat functions, so that neighbouring prices learn from each other.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from infodecomp.bottleneck.features import Feature

LEAST_SIGMA = math.exp(-5)


class Encodings(NamedTuple):
    """Gaussian codes of all levels of all features at some prices: mean and log_variance of shape (n_t, n_levels, dimension);
    the levels of the features stand one after another."""

    mean: Tensor
    log_variance: Tensor


class Layout:
    """Where each feature's levels stand in the long row of all of them. of: (n_levels,) the feature of each level; start: (n_features,)
    its first level; p: (n_levels,) how often it occurs in its feature; member: (n_levels, n_features) zeros and ones."""

    def __init__(self, features: list[Feature]):
        sizes = torch.tensor([feature.n_levels for feature in features])
        self.sizes = sizes
        self.start = torch.cumsum(sizes, 0) - sizes
        self.feature_of = torch.repeat_interleave(torch.arange(len(features)), sizes)
        self.p = torch.cat([torch.as_tensor(feature.p) for feature in features])
        self.member = torch.nn.functional.one_hot(self.feature_of, len(features)).to(torch.float64)

    def flat_indices(self, codes: Tensor, noise: Tensor | None = None) -> Tensor:
        """Levels of each feature, int64 (n_samples, n_features), as positions in the long row. What was never seen (−1) becomes a
        random level, chosen by its noise (n_samples, n_features, dimension) as often as the level occurs; the middle one with no noise."""
        if (codes < 0).any():
            codes = codes.clone()
            for i, at in enumerate(self.slices()):
                unseen = codes[:, i] < 0
                chance = (
                    torch.full((int(unseen.sum()),), 0.5)
                    if noise is None
                    else torch.special.ndtr(noise[unseen, i, 0])
                )
                codes[unseen, i] = torch.searchsorted(self.p[at].cumsum(0), chance.double()).clamp(
                    max=int(self.sizes[i]) - 1
                )
        return codes + self.start

    def slices(self) -> list[slice]:
        return [slice(int(start), int(start + size)) for start, size in zip(self.start, self.sizes)]


def hat_functions(t: Tensor, knots: int) -> Tensor:
    """Piecewise linear hat functions on an even grid over [0, 1]: shape (n_t,) → (n_t, knots); they sum to 1."""
    away = (t[:, None] * (knots - 1) - torch.arange(knots, dtype=t.dtype)).abs()
    return (1 - away).clamp_min(0)


class Network(nn.Module):
    """Encoders and decoder.

    features: of the table. dimension: of each feature's code. outputs: 1 for a number, or the number of classes. width: of the decoder's two hidden layers.
    knots: of the hat_functions over the price. init_log_scale: logarithm of the scale of the means, untrained, at the dearest and at the cheapest price.
    """

    def __init__(
        self,
        features: list[Feature],
        dimension: int,
        outputs: int,
        width: int,
        knots: int,
        seed: int,
        init_log_scale: tuple[float, float] = (0.0, 0.0),
    ):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.knots, self.dimension, self.n_features = knots, dimension, len(features)
        self.layout = Layout(features)
        basis = [torch.as_tensor(feature.basis(), dtype=torch.float32) for feature in features]
        self.register_buffer("basis", torch.block_diag(*basis), persistent=False)
        n_basis = self.basis.shape[1]

        def normal(*shape, scale):
            return nn.Parameter(scale * torch.randn(*shape, generator=generator))

        self.mean_base = normal(n_basis, dimension, scale=1.0)
        self.knot_weights = nn.Parameter(torch.zeros(knots, n_basis, 2, dimension))
        self.gain_knots = nn.Parameter(
            torch.linspace(*init_log_scale, knots)[:, None].repeat(1, len(features))
        )
        self.spread_base = nn.Parameter(torch.zeros(n_basis, dimension))
        self.offset_knots = nn.Parameter(torch.zeros(knots, len(features), dimension))
        inputs = len(features) * dimension
        self.layers = nn.ModuleList(
            [nn.Linear(inputs, width), nn.Linear(width, width), nn.Linear(width, outputs)]
        )
        for layer in self.layers:
            bound = 1 / math.sqrt(layer.in_features)
            with torch.no_grad():
                layer.weight.uniform_(-bound, bound, generator=generator)
                layer.bias.zero_()
        self.film = nn.ParameterList([nn.Parameter(torch.zeros(knots, 2, width)) for _ in range(2)])
        self.skip = nn.Parameter(torch.zeros(knots, outputs))

    def encodings(self, t: Tensor) -> Encodings:
        """The codes of all levels at prices t, shape (n_t,)."""
        return self.scaled(self.rows(t), t)

    def rows(self, t: Tensor) -> Tensor:
        """What the codes of all levels are made of at prices t: (n_t, n_levels, 2, dimension); between two knots, on a straight line."""
        weights = torch.stack([self.mean_base, self.spread_base], 1) + torch.einsum(
            "tk,kbcd->tbcd", hat_functions(t, self.knots), self.knot_weights
        )
        rows = self.basis @ weights.transpose(0, 1).flatten(
            1
        )  # (n_levels, n_t · 2 d), one product for all prices
        return rows.view(len(rows), len(t), 2, -1).transpose(0, 1)

    def scaled(self, rows: Tensor, t: Tensor) -> Encodings:
        """The codes that such rows stand for at prices t."""
        hat, of = hat_functions(t, self.knots), self.layout.feature_of
        rows, spread = rows.unbind(2)
        mean = (hat @ self.gain_knots).exp()[:, of, None] * rows
        offset = torch.einsum("tk,kfd->tfd", hat, self.offset_knots)[:, of]
        log_variance = (spread + offset).clamp(2 * math.log(LEAST_SIGMA), 4)
        return Encodings(mean, log_variance)

    def decode(self, u: Tensor, t: Tensor) -> Tensor:
        """Outputs for messages u of shape (n_t, n_rows, n_features · dimension) at prices t: shape (n_t, n_rows, outputs)."""
        hat = hat_functions(t, self.knots)
        h = u
        for layer, film in zip(self.layers, self.film):
            scale, shift = torch.einsum("tk,kcw->ctw", hat, film)
            if (
                len(t) == 1
            ):  # one price may as well stand in the weights: that spares two passes over all rows
                scale = 1 + scale[0]
                h = torch.nn.functional.linear(
                    h, layer.weight * scale[:, None], layer.bias * scale + shift[0]
                )
            else:
                h = layer(h) * (1 + scale[:, None]) + shift[:, None]
            h = torch.nn.functional.silu(h, inplace=not torch.is_grad_enabled())
        return self.layers[-1](h) + (hat @ self.skip)[:, None]


def sample(codes: Encodings, rows: Tensor, noise: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """One message of each feature for rows of levels.

    codes: at n_t prices. rows: (n_t, n_rows, n_features), positions in the long row of levels. noise: standard normal,
    (n_t, n_rows, n_features, dimension). Returns the messages and the mean and log variance that they were drawn with, all of the shape of noise.
    """
    n_t, n_rows, n_features = rows.shape
    dimension = codes.mean.shape[-1]
    at = rows.reshape(n_t, -1, 1).expand(-1, -1, dimension)
    mean = codes.mean.gather(1, at).view(n_t, n_rows, n_features, dimension)
    log_variance = codes.log_variance.gather(1, at).view(n_t, n_rows, n_features, dimension)
    return mean + (log_variance / 2).exp() * noise, mean, log_variance


def sampled_information(
    codes: Encodings, layout: Layout, u: Tensor, noise: Tensor, log_variance: Tensor
) -> Tensor:
    """log p(u|x) − log Σ_x' p(x') p(u|x') of messages, in nats: shape (n_t, n_rows, n_features). Its mean is the true I(X;U).

    The mixture runs over the levels of the message's own feature. The squares are multiplied out, so that one product of
    matrices serves all features: u²/s² − 2uμ/s² + μ²/s².
    """
    precision = (-codes.log_variance).exp()  # (n_t, n_levels, d)
    pull = torch.cat([-0.5 * precision, codes.mean * precision], 2)
    constant = -0.5 * (codes.mean.square() * precision + codes.log_variance).sum(-1)  # (n_t, n_levels)
    powers = torch.cat([u.square(), u], 3)  # (n_t, n_rows, n_features, 2 d)
    own = -0.5 * (noise.square() + log_variance).sum(-1)  # (n_t, n_rows, n_features)
    p = layout.p.to(u.dtype)
    mixtures = []
    for i, at in enumerate(layout.slices()):
        density = torch.baddbmm(
            constant[:, None, at], powers[:, :, i], pull[:, at].transpose(1, 2)
        )  # log p(u|x'), but for a constant
        mixtures.append((density - own[:, :, i, None]).clamp(max=60).exp() @ p[at])
    return -torch.stack(mixtures, 2).clamp_min(1e-30).log()


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL of each code from a standard normal, in nats: shape (..., dimension) → (...)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(-1)
