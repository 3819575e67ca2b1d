"""What other methods find on the rows of a fit: trees, and each column alone."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from threadpoolctl import threadpool_limits

from infodecomp.bottleneck.evaluation import weighted_mean
from infodecomp.bottleneck.features import Column, Feature
from infodecomp.bottleneck.fits.column_groups import KIND, split_group
from infodecomp.bottleneck.preprocessing import Target
from infodecomp.estimators.estimate import Estimate
from infodecomp.estimators.plug_in import plug_in_information
from infodecomp.random_streams import short_seed

MAX_GROUPS = 16  # of the values of a number, where information is counted
ROWS_OF_A_CELL = 5  # expected, of a group of a column together with one of the target
MAX_ROWS = 20_000  # from which the single tree and the trees of single columns learn
MAX_ALONE = 200  # columns
QUICK_ROWS, MAX_CLASSES = 8000, 12  # for the trees that judge a fit
LEAST_ADVANTAGE = 0.2  # of trees over a fit, from which on it seems to miss columns that matter only together
MIN_LEAF = 5  # rows of a leaf of the single tree
MAX_CATEGORIES = 255  # of scikit-learn's boosted trees


class Yardsticks(NamedTuple):
    """Errors of other methods on the held-out rows of a fit, and the information in each column alone.

    Errors are measured as the fit's own: root mean squared error, or cross-entropy in bits.

    Attributes
    ----------
    nothing : float
        Error of a prediction without any column: the mean, or the frequencies of the classes.
    trees : float
        Error of boosted trees that see all columns: scikit-learn's, with their default settings.
    trees_standard_error : float
    tree : float
        Error of one decision tree whose leaves have an entropy of at most the budget asked for. It encodes
        all columns together, as messages about single columns cannot.
    tree_bits : float
        The entropy of its leaves on the rows that it learnt from.
    alone : ndarray of shape (n_features,)
        Error of boosted trees that see one column, or one group, alone; NaN beyond the 200th.
    information : ndarray of shape (n_features,)
        I(X_i; Y) in bits from all rows, with the correction of Miller and Madow. Numbers are put into at most
        16 groups of about equally many rows, fewer in a small table; the groups lose a part of it.
    information_standard_error : ndarray of shape (n_features,)
    """

    nothing: float
    trees: float
    trees_standard_error: float
    tree: float
    tree_bits: float
    alone: np.ndarray
    information: np.ndarray
    information_standard_error: np.ndarray

    def as_dict(self) -> dict[str, Any]:
        """The fields as JSON-compatible values; None in place of NaN."""
        values = {name: np.asarray(value).tolist() for name, value in self._asdict().items()}
        return values | {"alone": [None if math.isnan(one) else one for one in self.alone.tolist()]}


def measure_yardsticks(
    features: Sequence[Feature],
    target: Target,
    columns: Sequence[Column],
    y: np.ndarray,
    bits: float,
    held_out: np.ndarray,
    seed: int,
    weights: np.ndarray | None = None,
) -> Yardsticks:
    """Measure on the rows that a fit has held out.

    Parameters
    ----------
    features : sequence of Feature
    target : Target
    columns : sequence of Column
        The rows of the fit, in their order.
    y : ndarray of shape (n_samples,)
        The target.
    bits : float
        The budget of the single tree.
    held_out : ndarray of bool, shape (n_samples,)
        Rows on which the errors are measured.
    seed : int
    weights : ndarray of shape (n_samples,), optional
        Of the rows. The information in each column does without them.

    Returns
    -------
    Yardsticks
    """
    fitted, held_out = np.flatnonzero(~held_out), np.flatnonzero(held_out)
    generator = np.random.default_rng(seed)
    fewer = np.sort(generator.permutation(fitted)[:MAX_ROWS])
    parts = [split_group(*pair) for pair in zip(features, columns)]
    ends = np.cumsum([0, *map(len, parts)])
    single = [pair for part in parts for pair in part]
    values = np.stack([_numbers(*pair) for pair in single], axis=1)
    table = _Table([feature for feature, _ in single], target, values, target.encode(y).numpy(), weights)
    trees, trees_error = table.error(_Trees(table, fitted, seed), held_out)
    tree, tree_bits = _largest_tree(table, fewer, bits, seed)
    alone = np.full(len(features), math.nan)
    for i in range(min(len(features), MAX_ALONE)):
        members = slice(ends[i], ends[i + 1])
        own = table._replace(features=table.features[members], values=values[:, members])
        alone[i], _ = own.error(_Trees(own, fewer, seed), held_out)
    known = [table.information(*pair) for pair in zip(features, columns)]
    return Yardsticks(
        nothing=table.error(_Nothing(table, fitted), held_out)[0],
        trees=trees,
        trees_standard_error=trees_error,
        tree=table.error(tree, held_out)[0],
        tree_bits=tree_bits,
        alone=alone,
        information=np.array([estimate.bits for estimate in known]),
        information_standard_error=np.array([estimate.standard_error for estimate in known]),
    )


def advantage_of_trees(
    features: Sequence[Feature],
    target: Target,
    levels: np.ndarray,
    y: np.ndarray,
    error: float,
    held_out: np.ndarray,
    seed: int,
    weights: np.ndarray | None = None,
) -> float:
    """By how much boosted trees are nearer to the target than a fit.

    Parameters
    ----------
    features : sequence of Feature
    target : Target
    levels : ndarray of int64, shape (n_samples, n_features)
        Level indices: the trees see what the fit sees.
    y : ndarray of shape (n_samples,)
    error : float
        Of the fit, on the held-out rows.
    held_out : ndarray of bool, shape (n_samples,)
    seed : int
    weights : ndarray of shape (n_samples,), optional

    Returns
    -------
    float
        The difference of the errors as a share of the error without any column. The trees learn from at most
        8,000 rows; none are grown where the error of the fit is less than the share `LEAST_ADVANTAGE`, and
        none for more than 12 classes, each of which has trees of its own.
    """
    fitted, held_out = np.flatnonzero(~held_out), np.flatnonzero(held_out)
    table = _Table(features, target, levels, target.encode(y).numpy(), weights)
    nothing = table.error(_Nothing(table, fitted), held_out)[0]
    if error < LEAST_ADVANTAGE * nothing or target.outputs > MAX_CLASSES:
        return 0.0
    fewer = np.sort(np.random.default_rng(seed).permutation(fitted)[:QUICK_ROWS])
    with threadpool_limits(1, "openmp"):  # so that results do not depend on the number of cores
        trees = table.error(_Trees(table, fewer, seed), held_out)[0]
    return (error - trees) / max(nothing, 1e-300)


class _Table(NamedTuple):
    """The rows of a fit: numbers, and the level of each category; y as `Target.encode` has it."""

    features: Sequence[Feature]
    target: Target
    values: np.ndarray
    y: np.ndarray
    weights: np.ndarray | None

    def weights_of(self, rows: np.ndarray) -> np.ndarray | None:
        return None if self.weights is None else self.weights[rows]

    def frequencies(self, rows: np.ndarray) -> np.ndarray:
        """Of the classes among some rows."""
        counts = np.bincount(self.y[rows], self.weights_of(rows), self.target.outputs)
        return counts / counts.sum()

    def error(self, predictor, rows: np.ndarray) -> tuple[float, float]:
        """The error of a predictor on some rows, and its standard error."""
        predicted, y = predictor.predict(self.values[rows]), self.y[rows]
        if self.target.classes is None:
            losses = (predicted - y) ** 2
        else:
            losses = -np.log2(predicted[np.arange(len(rows)), y])
        loss, spread = weighted_mean(torch.as_tensor(losses), self.weights_of(rows))
        if self.target.classes is not None:
            return loss, spread
        root = math.sqrt(loss)
        return root * self.target.scale, spread * self.target.scale / (2 * max(root, 1e-12))

    def information(self, feature: Feature, column: Column) -> Estimate:
        """I(X_i; Y) of one column."""
        n_groups = min(MAX_GROUPS, max(2, int(math.sqrt(len(self.y) / ROWS_OF_A_CELL))))
        y = self.y if self.target.classes is not None else _groups(self.y, n_groups)
        own = feature.level_indices(column.values)
        if feature.kind not in ("categorical", KIND):
            own = _groups(own, n_groups)
        return plug_in_information(own, y, "miller-madow")


def _numbers(feature: Feature, column: Column) -> np.ndarray:
    if feature.kind == "categorical":
        return feature.level_indices(column.values).astype(float)
    return np.asarray(column.values, float)


def _groups(values: np.ndarray, n_groups: int) -> np.ndarray:
    """Groups of neighbouring values with about equally many rows."""
    edges = np.quantile(values, np.arange(1, n_groups) / n_groups, method="inverted_cdf")
    return np.searchsorted(np.unique(edges), values)


class _Nothing:
    """Predicts the mean, which is 0 in the target's encoding, or the frequencies of the classes."""

    def __init__(self, table: _Table, rows: np.ndarray):
        if table.target.classes is None:
            self.prediction = np.average(table.y[rows], weights=table.weights_of(rows))
        else:
            self.prediction = _smoothed(table.frequencies(rows)[None], table, rows)[0]

    def predict(self, values: np.ndarray) -> np.ndarray:
        return np.broadcast_to(self.prediction, (len(values), *np.shape(self.prediction)))


class _Trees:
    """Boosted trees, or another estimator of scikit-learn."""

    def __init__(self, table: _Table, rows: np.ndarray, seed: int, model=None):
        self.table, self.rows = table, rows
        if model is None:
            categorical = [
                feature.kind == "categorical" and feature.n_levels <= MAX_CATEGORIES
                for feature in table.features
            ]
            kind = (
                HistGradientBoostingRegressor
                if table.target.classes is None
                else HistGradientBoostingClassifier
            )
            model = kind(random_state=short_seed(seed), categorical_features=categorical)
            if table.target.classes is not None:  # the rows that say when to stop have some of each class
                rows = rows[np.bincount(table.y[rows])[table.y[rows]] > 1]
        self.model = model.fit(table.values[rows], table.y[rows], sample_weight=table.weights_of(rows))

    def predict(self, values: np.ndarray) -> np.ndarray:
        if self.table.target.classes is None:
            return self.model.predict(values)
        p = np.zeros((len(values), self.table.target.outputs))
        p[:, self.model.classes_] = self.model.predict_proba(values)
        return _smoothed(p, self.table, self.rows)


def _smoothed(p: np.ndarray, table: _Table, rows: np.ndarray) -> np.ndarray:
    """Probabilities (n, n_classes) that are never 0: with one row in addition, of no certain class."""
    return (len(rows) * p + 1 / table.target.outputs) / (len(rows) + 1)


def _largest_tree(table: _Table, rows: np.ndarray, bits: float, seed: int) -> tuple[Any, float]:
    """The decision tree with the most leaves whose entropy is at most a budget, and that entropy in bits.

    Trees that grow at the best split first are nested, so that their entropy rises with the number of leaves.
    """
    kind = DecisionTreeRegressor if table.target.classes is None else DecisionTreeClassifier

    def grown(n_leaves: int) -> tuple[_Trees, float]:
        model = kind(max_leaf_nodes=n_leaves, min_samples_leaf=MIN_LEAF, random_state=short_seed(seed))
        tree = _Trees(table, rows, seed, model)
        weights = table.weights_of(rows)
        counts = np.bincount(tree.model.apply(table.values[rows]), weights)
        p = counts[counts > 0] / counts.sum()
        return tree, float(-(p * np.log2(p)).sum())

    best: tuple[Any, float] = (_Nothing(table, rows), 0.0)
    low, high = 1, len(rows) // MIN_LEAF + 1
    while high - low > 1:
        middle = (low + high) // 2
        tree = grown(middle)
        if tree[1] <= bits:
            low, best = middle, tree
        else:
            high = middle
    return best
