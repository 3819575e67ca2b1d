"""The network of a distributed bottleneck: one encoder per feature and one decoder, conditioned on beta.

A single network serves every beta. t in [0, 1] is the position on the logarithmic beta scale, from the
highest beta (t = 0, no information passes) to the lowest (t = 1). What depends on t is a combination of hat
functions, so that neighbouring values of beta learn from each other.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from infodecomp.bottleneck.features import Feature

MIN_SIGMA = math.exp(-5)


class Encodings(NamedTuple):
    """Gaussian encodings of all levels of all features.

    Attributes
    ----------
    mean, log_variance : Tensor of shape (n_t, n_levels, dimension)
        The levels of the features follow one another in the order of the features.
    """

    mean: Tensor
    log_variance: Tensor


class Layout:
    """The flat index of all levels of all features.

    Attributes
    ----------
    sizes, start : Tensor of int64, shape (n_features,)
        Number of levels of each feature, and the flat index of its first one.
    feature_of : Tensor of int64, shape (n_levels,)
        The feature of each level.
    p : Tensor of float64, shape (n_levels,)
        Probability of each level within its feature.
    """

    def __init__(self, features: list[Feature]):
        self.sizes = torch.tensor([feature.n_levels for feature in features])
        self.start = torch.cumsum(self.sizes, 0) - self.sizes
        self.feature_of = torch.repeat_interleave(torch.arange(len(features)), self.sizes)
        self.p = torch.cat([torch.as_tensor(feature.p, dtype=torch.float64) for feature in features])

    def flat_indices(self, levels: Tensor, noise: Tensor | None = None) -> Tensor:
        """Convert level indices of each feature to flat indices.

        Parameters
        ----------
        levels : Tensor of int64, shape (n_samples, n_features)
            -1 (never seen) becomes a random level, drawn with the probabilities of the levels.
        noise : Tensor of shape (n_samples, n_features, dimension), optional
            Standard normal numbers that choose the random levels; without them the median level is used.
        """
        if (levels < 0).any():
            levels = levels.clone()
            for i, own in enumerate(self.slices()):
                unseen = levels[:, i] < 0
                if noise is None:
                    quantile = torch.full((int(unseen.sum()),), 0.5, dtype=torch.float64)
                else:
                    quantile = torch.special.ndtr(noise[unseen, i, 0]).double()
                drawn = torch.searchsorted(self.p[own].cumsum(0), quantile)
                levels[unseen, i] = drawn.clamp(max=int(self.sizes[i]) - 1)
        return levels + self.start

    def slices(self) -> list[slice]:
        """The range of flat indices of each feature."""
        return [slice(int(start), int(start + size)) for start, size in zip(self.start, self.sizes)]


def hat_functions(t: Tensor, knots: int) -> Tensor:
    """Piecewise linear hat functions on an even grid over [0, 1]: shape (n_t,) to (n_t, knots); they sum to
    1."""
    distance = (t[:, None] * (knots - 1) - torch.arange(knots, dtype=t.dtype)).abs()
    return (1 - distance).clamp_min(0)


class Network(nn.Module):
    """Encoders and decoder, float32 whatever torch's default dtype is.

    Parameters
    ----------
    features : list of Feature
        The columns of the table.
    dimension : int
        Of each feature's message.
    outputs : int
        1 for a number, or the number of classes.
    width : int
        Of the decoder's two hidden layers.
    knots : int
        Of the hat functions over t.
    seed : int
        Of the initial weights.
    init_log_scale : tuple of float
        Logarithm of the initial scale of the means, at the highest and at the lowest beta.
    """

    basis: Tensor

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
        gains = torch.linspace(*init_log_scale, knots, dtype=torch.float32)
        self.mean_base = nn.Parameter(
            torch.randn(n_basis, dimension, generator=generator, dtype=torch.float32)
        )
        self.knot_weights = _zeros(knots, n_basis, 2, dimension)
        self.gain_knots = nn.Parameter(gains[:, None].repeat(1, len(features)))
        self.spread_base = _zeros(n_basis, dimension)
        self.offset_knots = _zeros(knots, len(features), dimension)
        sizes = (len(features) * dimension, width, width, outputs)
        self.layers = nn.ModuleList(_linear(i, o, generator) for i, o in zip(sizes, sizes[1:]))
        self.film = nn.ParameterList([_zeros(knots, 2, width) for _ in range(2)])
        self.skip = _zeros(knots, outputs)

    def encodings(self, t: Tensor) -> Encodings:
        """Encodings of all levels at t, shape (n_t,)."""
        return self.scaled(self.rows(t), t)

    def rows(self, t: Tensor) -> Tensor:
        """Unscaled encoder rows of all levels at t: (n_t, n_levels, 2, dimension); linear in t between two
        knots."""
        weights = torch.stack([self.mean_base, self.spread_base], 1) + torch.einsum(
            "tk,kbcd->tbcd", hat_functions(t, self.knots), self.knot_weights
        )
        # One matrix product for all t: (n_levels, n_t · 2 d).
        rows = self.basis @ weights.transpose(0, 1).flatten(1)
        return rows.view(len(rows), len(t), 2, -1).transpose(0, 1)

    def scaled(self, rows: Tensor, t: Tensor) -> Encodings:
        """Apply the gains and offsets at t to encoder rows."""
        hat, feature_of = hat_functions(t, self.knots), self.layout.feature_of
        rows, spread = rows.unbind(2)
        mean = (hat @ self.gain_knots).exp()[:, feature_of, None] * rows
        offset = torch.einsum("tk,kfd->tfd", hat, self.offset_knots)[:, feature_of]
        log_variance = (spread + offset).clamp(2 * math.log(MIN_SIGMA), 4)
        return Encodings(mean, log_variance)

    def decode(self, u: Tensor, t: Tensor) -> Tensor:
        """Outputs for messages u (n_t, n_rows, n_features · dimension) at t: shape (n_t, n_rows, outputs)."""
        hat = hat_functions(t, self.knots)
        h = u
        for layer, film in zip(self.layers, self.film):
            scale, shift = torch.einsum("tk,kcw->ctw", hat, film)
            if len(t) == 1:  # folding the modulation into the weights saves two passes over all rows
                scale = 1 + scale[0]
                h = torch.nn.functional.linear(
                    h, layer.weight * scale[:, None], layer.bias * scale + shift[0]
                )
            else:
                h = layer(h) * (1 + scale[:, None]) + shift[:, None]
            h = torch.nn.functional.silu(h, inplace=not torch.is_grad_enabled())
        return self.layers[-1](h) + (hat @ self.skip)[:, None]


def _zeros(*shape: int) -> nn.Parameter:
    return nn.Parameter(torch.zeros(*shape, dtype=torch.float32))


def _linear(inputs: int, outputs: int, generator: torch.Generator) -> nn.Linear:
    # skip_init leaves torch's global generator alone.
    layer = torch.nn.utils.skip_init(nn.Linear, inputs, outputs, dtype=torch.float32)
    limit = 1 / math.sqrt(inputs)
    with torch.no_grad():
        layer.weight.uniform_(-limit, limit, generator=generator)
        layer.bias.zero_()
    return layer
