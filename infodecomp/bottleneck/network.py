"""The network of a distributed bottleneck: one encoder per feature and one decoder, conditioned on beta.

A single network serves every beta. t in [0, 1] is the position on the logarithmic beta scale, from the
highest beta (t = 0, no information passes) to the lowest (t = 1). What depends on t is a combination of hat
functions, so that neighbouring values of beta learn from each other.
"""

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from infodecomp.bottleneck.features import INDICATOR, Feature, kernel_weights
from infodecomp.random_streams import short_seed

MIN_SIGMA = math.exp(-5)
MAX_WEIGHTS = 2**21  # of the basis functions at several t; with more, one t is computed at a time


class Encodings(NamedTuple):
    """Gaussian encodings of all levels of all features.

    Attributes
    ----------
    mean, log_variance : Tensor of shape (n_t, n_levels, dimension)
        The levels of the features follow one another in the order of the features.
    """

    mean: Tensor
    log_variance: Tensor


class Group(NamedTuple):
    """Features with equally many levels.

    Attributes
    ----------
    features : Tensor of int64, shape (n_group,)
    levels : Tensor of int64, shape (n_group, size)
        Flat indices of their levels.
    """

    features: Tensor
    levels: Tensor


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
    groups : list of Group
        The features of each number of levels, which are computed together.
    """

    def __init__(self, features: list[Feature]):
        self.sizes = torch.tensor([feature.n_levels for feature in features])
        self.start = torch.cumsum(self.sizes, 0) - self.sizes
        self.feature_of = torch.repeat_interleave(torch.arange(len(features)), self.sizes)
        self.p = torch.cat([torch.as_tensor(feature.p, dtype=torch.float64) for feature in features])
        self.groups = [
            Group(members := (self.sizes == size).nonzero()[:, 0], block_indices(self.start[members], size))
            for size in self.sizes.unique().tolist()
        ]

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


def block_indices(start: Tensor, size: int) -> Tensor:
    """Consecutive indices from each start: shape (n,) to (n, size)."""
    return start[:, None] + torch.arange(size)


def hat_functions(t: Tensor, knots: int) -> Tensor:
    """Piecewise linear hat functions on an even grid over [0, 1]: shape (n_t,) to (n_t, knots); they sum to
    1."""
    distance = (t[:, None] * (knots - 1) - torch.arange(knots, dtype=t.dtype)).abs()
    return (1 - distance).clamp_min(0)


class Bases(nn.Module):
    """The bases of all features, applied together to those of equal size: the cost is linear in the levels.

    Parameters
    ----------
    features : list of Feature
    layout : Layout
    own_level : float
        Weight of the indicator of a level, where levels also have kernels.
    smoothness : float
        By how much shorter kernels weigh less; see `kernel_weights`.

    Attributes
    ----------
    size : int
        Number of basis functions of all features. Those of a feature follow one another.
    """

    _own_level = INDICATOR  # of networks that were pickled before it could be set

    def __init__(
        self, features: list[Feature], layout: Layout, own_level: float = INDICATOR, smoothness: float = 0.0
    ):
        super().__init__()
        self._own_level = own_level
        sizes = torch.tensor([feature.n_basis for feature in features])
        start = torch.cumsum(sizes, 0) - sizes
        self.size = int(sizes.sum())
        self._kernels: list[str] = []
        inputs, outputs = [], []
        for shape in sorted({(feature.n_levels, feature.n_basis) for feature in features}):
            members = [
                i for i, feature in enumerate(features) if (feature.n_levels, feature.n_basis) == shape
            ]
            kernels = np.stack([features[i].kernels() for i in members])
            kernels *= kernel_weights(kernels.shape[2], smoothness)
            self._kernels.append(f"kernels_{shape[0]}_{shape[1]}")
            self.register_buffer(
                self._kernels[-1], torch.as_tensor(kernels, dtype=torch.float32), persistent=False
            )
            inputs.append(block_indices(start[members], shape[1]).flatten())
            outputs.append(block_indices(layout.start[members], shape[0]).flatten())
        self._inputs, self._outputs = _permutation(inputs), _permutation(outputs, inverse=True)

    def forward(self, weights: Tensor) -> Tensor:
        """The rows of all levels for weights of all basis functions: (size, n) to (n_levels, n)."""
        if self._inputs is not None:
            weights = weights.index_select(0, self._inputs)
        kernels = [self.get_buffer(name) for name in self._kernels]
        shapes = [(len(of), of.shape[1], of.shape[1] + of.shape[2]) for of in kernels]
        parts = weights.split([n * n_basis for n, _, n_basis in shapes])
        rows = []
        for of, part, (n, n_levels, n_basis) in zip(kernels, parts, shapes):
            own, others = part.view(n, n_basis, -1).split([n_levels, n_basis - n_levels], 1)
            scaled = own * (self._own_level if others.shape[1] else INDICATOR)
            rows.append((torch.baddbmm(scaled, of, others) if others.shape[1] else scaled).flatten(0, 1))
        joined = torch.cat(rows)
        return joined if self._outputs is None else joined.index_select(0, self._outputs)


def _permutation(parts: list[Tensor], inverse: bool = False) -> Tensor | None:
    """The order of joined indices, or the inverse order; None where they are in order already."""
    order = torch.cat(parts)
    if bool((order == torch.arange(len(order))).all()):
        return None
    return order.argsort() if inverse else order


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
    bases : Bases, optional
        Those of another network for the same features, to be shared.
    own_level : float
        How far a level of a graded feature differs from its neighbours at first; see `Bases`.
    smoothness : float
        See `Bases`.
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
        bases: Bases | None = None,
        own_level: float = INDICATOR,
        smoothness: float = 0.0,
    ):
        super().__init__()
        generator = torch.Generator().manual_seed(short_seed(seed))
        self.knots, self.dimension, self.n_features = knots, dimension, len(features)
        self.layout = Layout(features)
        self.bases = bases or Bases(features, self.layout, own_level, smoothness)
        n_basis = self.bases.size
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
        if not torch.is_grad_enabled() and len(t) > 1 and len(t) * self.bases.size > MAX_WEIGHTS:
            return torch.cat([self.rows(part) for part in t.split(1)])
        own = torch.einsum("tk,kbcd->btcd", hat_functions(t, self.knots), self.knot_weights)
        shared = torch.stack([self.mean_base, self.spread_base], 1)[:, None]
        # One product for all t: (n_levels, n_t + 1, 2, d).
        rows = self.bases(torch.cat([own, shared], 1).flatten(1)).view(-1, len(t) + 1, 2, self.dimension)
        return (rows[:, :-1] + rows[:, -1:]).transpose(0, 1)

    def scaled(self, rows: Tensor, t: Tensor) -> Encodings:
        """Apply the gains and offsets at t to encoder rows."""
        hat, feature_of = hat_functions(t, self.knots), self.layout.feature_of
        rows, spread = rows.unbind(2)
        mean = (hat @ self.gain_knots).exp().index_select(1, feature_of)[..., None] * rows
        offset = torch.einsum("tk,kfd->tfd", hat, self.offset_knots).index_select(1, feature_of)
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
    # Made without values, it leaves torch's global generator alone; skip_init would import sympy.
    layer = nn.Linear(inputs, outputs, device="meta", dtype=torch.float32)
    limit = 1 / math.sqrt(inputs)
    weight = torch.empty(outputs, inputs, dtype=torch.float32).uniform_(-limit, limit, generator=generator)
    layer.weight, layer.bias = nn.Parameter(weight), _zeros(outputs)
    return layer
