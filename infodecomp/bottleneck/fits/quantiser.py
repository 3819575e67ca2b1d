"""Where the encoders of a fit can begin: at the cells of quantisers that are found with boosted trees.

Encoders that begin at random settle for the columns that are learnt fastest, and keep them: the weekday of a
bike rental then speaks for the working day, and misses the holidays. Here each column is first cut into
cells, about as fine as its levels. Trees predict the target from the cells; those pairs of cells are merged
that cost least for each bit; then the trees learn anew, until nothing is left. On the way lies a good
quantiser for each β, at which the encoders begin.
"""

import math
from typing import NamedTuple

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from infodecomp.bottleneck.features import INDICATOR, Feature
from infodecomp.bottleneck.network import Network
from infodecomp.bottleneck.training import Examples, TrainingConfig
from infodecomp.random_streams import short_seed

MAX_COLUMNS, MAX_CLASSES = 40, 12  # with more, the trees take too long
MAX_ROWS = 8000  # from which they learn
MAX_PERMUTED = 1_000_000  # rows; of more, hardly one is drawn twice
FITTED = 0.8  # share of these rows that they learn from; their error is measured on the rest
ROUNDS, FEWEST_ROUNDS = 30, 8  # of boosting; with several classes, each of which has a tree in each, fewer
LEARNING_RATE = 0.3
MAX_CELLS = 32
CELLS = 12  # of a column with more levels than that
PROFILE_ROWS = 1200  # in which the cells of a column are exchanged for one another
SHARE = 0.06  # of the nats, which are merged away between two fits of the trees
FINE = 18 * math.log(2)  # nats: above, twice that share
RADIUS = 1.3  # of the circle on which the messages lie
SEPARATION, OVERLAP = 3.5, 1.5  # standard deviations between neighbouring cells; where β is high
MIN_SIGMA = 0.02
LEAST = 1e-3  # of a probability, where errors are measured


class Quantiser(NamedTuple):
    """A cell for each level of each column.

    Attributes
    ----------
    nats : float
        Sum of the entropies of the cells.
    error : float
        Of boosted trees that see the cells, in the units of the fit's loss.
    cells : list of ndarray of int64, shape (n_levels,)
        One for each column.
    """

    nats: float
    error: float
    cells: list[np.ndarray]


class Sample(NamedTuple):
    """Rows from which the trees learn.

    Attributes
    ----------
    levels : ndarray of int64, shape (n_rows, n_features)
        Level indices.
    target : ndarray of shape (n_rows,)
        Standardised numbers, or class indices of type int64.
    order : ndarray of float64, shape (n_rows,)
        A number whose means put cells in an order: the target, or whether the row is of the largest class.
    scale : float
        Nats by which the loss of a class is divided.
    """

    levels: np.ndarray
    target: np.ndarray
    order: np.ndarray
    scale: float

    @classmethod
    def draw(cls, examples: Examples, start: torch.Tensor, seed: int) -> "Sample":
        """Rows in a random order, in proportion to their weights.

        Parameters
        ----------
        examples : Examples
        start : Tensor of int64, shape (n_features,)
            The flat index of each feature's first level.
        seed : int
        """
        n, generator = examples.rows.shape[0], torch.Generator().manual_seed(short_seed(seed))
        if examples.weights is None and n <= MAX_PERMUTED:
            chosen = torch.randperm(n, generator=generator)[:MAX_ROWS]
        else:
            chosen = examples.draw((1, min(n, MAX_ROWS)), generator)[0]
        levels, target = (examples.rows[chosen] - start).numpy(), examples.target[chosen].numpy()
        if target.dtype.kind == "f":
            return cls(levels, target, target.astype(float), 1.0)
        return cls(levels, target, (target == np.bincount(target).argmax()).astype(float), examples.scale)

    @property
    def n_fitted(self) -> int:
        return int(FITTED * len(self.target))

    def means(self, cells: np.ndarray, column: int) -> np.ndarray:
        """Mean of `order` in each cell of a column."""
        own, n = cells[self.levels[:, column]], int(cells.max()) + 1
        return np.bincount(own, self.order, n) / np.maximum(np.bincount(own, minlength=n), 1)


def is_affordable(features: list[Feature], n_outputs: int) -> bool:
    """Whether quantisers of a table are found in a small part of the time of its fit."""
    return len(features) <= MAX_COLUMNS and n_outputs <= MAX_CLASSES


def start_at_cells(
    network: Network, features: list[Feature], config: TrainingConfig, examples: Examples, seed: int
) -> None:
    """Let the encoders of a new network begin at the best quantiser for each knot's β.

    Parameters
    ----------
    network : Network
    features : list of Feature
    config : TrainingConfig
    examples : Examples
        The rows to fit.
    seed : int

    Notes
    -----
    At the lowest β, the cells are the finest. Where no quantiser is worth its bits, it is the coarsest, and
    the messages of its cells overlap. Nothing is done if all rows of the sample are of one class.
    """
    sample = Sample.draw(examples, network.layout.start, seed)
    if len(np.unique(sample.target[: sample.n_fitted])) < 2:
        return
    with threadpool_limits(1, "openmp"):  # so that results do not depend on the number of cores
        found = quantisers(sample, features, seed)
    nats, errors = np.array([one.nats for one in found]), np.array([one.error for one in found])
    betas = config.beta_at(torch.linspace(0, 1, network.knots, dtype=torch.float64)).numpy()
    costs = errors + betas[:, None] * nats  # (knots, quantisers)
    chosen = costs.argmin(1)
    chosen[-1] = 0
    separation = np.where(costs.min(1) < 1, SEPARATION, OVERLAP)
    with torch.no_grad():
        for parameter in (network.mean_base, network.spread_base, network.knot_weights, network.gain_knots):
            parameter.zero_()
        first = 0
        for j, feature in enumerate(features):
            positions = _positions([one.cells[j] for one in found], network.dimension)
            for knot, number in enumerate(chosen):
                mean, sigma = _encoding(positions, found[number].cells[j], separation[knot])
                own = network.knot_weights[knot, first : first + feature.n_levels, 0]
                own.copy_(torch.from_numpy(mean / INDICATOR))
                network.offset_knots[knot, j] = 2 * math.log(sigma)
            first += feature.n_basis


def quantisers(sample: Sample, features: list[Feature], seed: int, share: float = SHARE) -> list[Quantiser]:
    """Nested quantisers, from the finest to one of two cells.

    Parameters
    ----------
    sample : Sample
    features : list of Feature
    seed : int
    share : float
        Of the nats, which are merged away between two fits of the trees.

    Notes
    -----
    Merging two cells of probabilities p and q costs pq/(p + q) · E(f − f')², where f and f' are the trees'
    predictions for a row that has the one or the other, as in Ward's clustering; for classes, f is the square
    root of twice their probabilities, so that this is about the lost information in nats.

    References
    ----------
    Ward, Hierarchical grouping to optimize an objective function, JASA 1963.
    """
    generator = np.random.default_rng(seed)
    found: list[Quantiser] = []
    cells = [_finest(feature, sample, j) for j, feature in enumerate(features)]
    while True:
        for j, own in enumerate(cells):  # in the order of their means, so that one cut parts high from low
            cells[j] = sample.means(own, j).argsort(kind="stable").argsort()[own]
        p = [np.bincount(own, feature.p) for own, feature in zip(cells, features)]
        nats = sum(float(_entropies(one).sum()) for one in p)
        if all(len(one) == 1 for one in p):
            return found
        table = np.stack([own[column] for own, column in zip(cells, sample.levels.T)], axis=1).astype(float)
        trees = _Trees(sample, table)
        found.append(Quantiser(nats, trees.error(), list(cells)))
        rows = table[generator.permutation(len(table))[:PROFILE_ROWS]]
        merges = sorted(merge for j, own in enumerate(p) for merge in _merges(trees, rows, j, own))
        cells = _merged(cells, merges, nats * share * (2 if nats > FINE else 1))


class _Trees:
    """Boosted trees that predict the target from cells."""

    def __init__(self, sample: Sample, table: np.ndarray):
        self.sample, n = sample, sample.n_fitted
        self.is_regression = sample.target.dtype.kind == "f"
        kind = HistGradientBoostingRegressor if self.is_regression else HistGradientBoostingClassifier
        n_classes = 1 if self.is_regression else int(sample.target.max()) + 1
        self.model = kind(
            max_iter=max(FEWEST_ROUNDS, min(ROUNDS, 2 * ROUNDS // n_classes)),
            learning_rate=LEARNING_RATE,
            early_stopping=False,
            random_state=0,
        ).fit(table[:n], sample.target[:n])
        self.others = table[n:]

    def error(self) -> float:
        """The loss on the rows that were not learnt from."""
        target = self.sample.target[self.sample.n_fitted :]
        if self.is_regression:
            return float(np.mean((self.model.predict(self.others) - target) ** 2))
        p = np.zeros((len(target), int(self.sample.target.max()) + 1))
        p[:, self.model.classes_] = self.model.predict_proba(self.others)
        return float(-np.log(p[np.arange(len(target)), target].clip(LEAST)).mean()) / self.sample.scale

    def profile(self, table: np.ndarray) -> np.ndarray:
        """What to compare of predictions, (n_rows, n): squared distances are losses."""
        if self.is_regression:
            return self.model.predict(table)[:, None]
        return np.sqrt(2 / self.sample.scale * self.model.predict_proba(table))


def _merges(
    trees: _Trees, rows: np.ndarray, column: int, p: np.ndarray
) -> list[tuple[float, int, int, int, float]]:
    """Cost for each nat, column, two cells, and nats, of all pairs of cells of a column."""
    n = len(p)
    if n == 1:
        return []
    table = np.repeat(rows[None], n, axis=0)
    table[:, :, column] = np.arange(n)[:, None]
    profile = trees.profile(table.reshape(-1, rows.shape[1])).reshape(n, len(rows), -1)
    distance, counts = np.zeros((n, n)), np.zeros(n)
    for cell in range(n):
        own = rows[:, column] == cell
        counts[cell] = own.sum()
        distance[cell] = np.square(profile[:, own] - profile[cell, own]).sum((1, 2))
    distance = (distance + distance.T) / np.maximum(counts[:, None] + counts, 1)
    first, second = np.triu_indices(n, 1)
    together = p[first] + p[second]
    cost = p[first] * p[second] / np.maximum(together, 1e-300) * distance[first, second]
    nats = _entropies(p[first]) + _entropies(p[second]) - _entropies(together)
    ratios = cost / np.maximum(nats, 1e-12)
    return [
        (ratio, column, *pair)
        for ratio, *pair in zip(ratios.tolist(), first.tolist(), second.tolist(), nats.tolist())
    ]


def _merged(
    cells: list[np.ndarray], merges: list[tuple[float, int, int, int, float]], budget: float
) -> list[np.ndarray]:
    """The cells after the cheapest merges, at least one, whose nats are within a budget."""
    merged, spent = [own.copy() for own in cells], 0.0
    taken: set[tuple[int, int]] = set()
    for _, column, first, second, nats in merges:
        if taken & {(column, first), (column, second)}:
            continue
        if taken and spent + nats > budget:
            break
        taken |= {(column, first), (column, second)}
        spent += nats
        merged[column][cells[column] == second] = first
    return [np.unique(own, return_inverse=True)[1] for own in merged]


def _finest(feature: Feature, sample: Sample, column: int) -> np.ndarray:
    """The cells to begin with: the levels, or groups of about equally many rows, in the order of the levels
    or, if they have none, of their means. Missing values have a cell of their own."""
    levels = np.arange(feature.n_levels)
    if feature.n_levels <= MAX_CELLS:
        return levels
    known = levels[: len(feature.levels)]
    if feature.kind not in ("ordinal", "circular", "continuous") and not feature.ordered:
        known = sample.means(levels, column)[known].argsort(kind="stable")
    p = feature.p[known] / max(feature.p[known].sum(), 1e-300)
    levels[len(known) :] = CELLS
    levels[known] = ((p.cumsum() - p / 2) * CELLS).clip(0, CELLS - 1)
    return np.unique(levels, return_inverse=True)[1]


def _entropies(p: np.ndarray) -> np.ndarray:
    """−p log p in nats."""
    return -p * np.log(p.clip(1e-300))


def _positions(nested: list[np.ndarray], dimension: int) -> np.ndarray:
    """Positions of levels (n_levels, dimension) on a circle or a line; those of a cell follow one another."""
    n = len(nested[0])
    keys = [np.arange(n)]
    for cells in nested:  # the coarsest decides first
        keys.append(np.array([np.flatnonzero(cells == cell)[0] for cell in range(cells.max() + 1)])[cells])
    place = np.lexsort(keys).argsort() / n
    positions = np.zeros((n, dimension))
    if dimension == 1:
        positions[:, 0] = RADIUS * (2 * place - 1)
    else:
        positions[:, 0], positions[:, 1] = (RADIUS * turn(2 * np.pi * place) for turn in (np.cos, np.sin))
    return positions


def _encoding(positions: np.ndarray, cells: np.ndarray, separation: float) -> tuple[np.ndarray, float]:
    """Means of the levels (n_levels, dimension), at the centres of their cells, and a standard deviation."""
    n = int(cells.max()) + 1
    if n == 1:
        return np.zeros_like(positions), 1.0
    centres = np.stack([np.bincount(cells, axis) / np.bincount(cells) for axis in positions.T], axis=1)
    distances = np.linalg.norm(centres[:, None] - centres, axis=2)[np.triu_indices(n, 1)]
    return centres[cells], float(np.clip(distances.min() / separation, MIN_SIGMA, 1))
