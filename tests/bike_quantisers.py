"""What quantisers reach on the bike rentals: codes that cut each column into cells, for boosted trees.

The bits of a code are the sum of the entropies of its cells, as those of a bottleneck's messages that are
never confused. Codes are found on the training hours and chosen on the validation hours; the trees that are
tested learn from both. Nothing is shared between two codes: at a budget, the best one within it counts.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.tree import DecisionTreeRegressor

from infodecomp.bottleneck.features import Feature, affordable_levels
from infodecomp.bottleneck.fits.column_groups import learn_columns
from infodecomp.bottleneck.fits.quantiser import Sample, quantisers
from infodecomp.bottleneck.preprocessing import level_indices, name_columns
from infodecomp.data.bikes import KINDS, PERIODS, Split, load_bikes
from infodecomp.experiments.bikes import BikeTable

SEARCHES = 3  # that differ in the order of the rows
SHARE = 0.03  # of the nats, which are merged away between two fits of the trees
CHOOSING = {"max_iter": 100, "early_stopping": False, "random_state": 0}
TESTED = {"max_iter": 300, "learning_rate": 0.06, "early_stopping": False, "random_state": 0}
FIRST_TREES = {"max_iter": 30, "learning_rate": 0.3, "early_stopping": False, "random_state": 0}
MOST_BITS = 15.5

Code = list[np.ndarray]  # a cell for each level of each column


class Rows(NamedTuple):
    """Level indices (n_rows, n_features) and rentals (n_rows,)."""

    levels: np.ndarray
    rentals: np.ndarray

    def cells(self, code: Code) -> np.ndarray:
        """Cells in the order of their mean rentals, (n_rows, n_features)."""
        return np.stack([own[column] for own, column in zip(code, self.levels.T)], axis=1).astype(float)


class Parts(NamedTuple):
    """The hours of a split."""

    training: Rows
    validation: Rows
    test: Rows


def quantiser_errors(split: Split, budgets: Sequence[int]) -> tuple[list[float], list[float]]:
    """Test errors at some budgets in bits: of merged cells, and of one tree for each column.

    A budget that no code is within has NaN.
    """
    rows = np.concatenate([split.training, split.validation])
    table = BikeTable(rows)
    columns = name_columns(table.columns, [table[name] for name in table.columns], KINDS, PERIODS)
    features = learn_columns(columns, affordable_levels([column.kind for column in columns], None, len(rows)))

    def read(part: np.ndarray) -> Rows:
        table = BikeTable(part)
        own = name_columns(table.columns, [table[name] for name in table.columns], KINDS, PERIODS)
        return Rows(level_indices(features, own), load_bikes().count[part])

    parts = Parts(*map(read, split))
    merged, leaves = merged_codes(features, parts.training), tree_codes(features, parts)
    return _tested(features, merged, parts, budgets), _tested(features, leaves, parts, budgets)


def merged_codes(features: list[Feature], training: Rows) -> list[Code]:
    """Cells that were merged pair by pair, those first that cost the least error for each bit."""
    codes: list[Code] = []
    for seed in range(SEARCHES):
        order = np.random.default_rng(seed).permutation(len(training.rentals))
        target = (training.rentals[order] - training.rentals.mean()) / training.rentals.std()
        sample = Sample(training.levels[order], target, target, 1.0)
        codes += [found.cells for found in quantisers(sample, features, seed, SHARE)]
    return codes


def tree_codes(features: list[Feature], parts: Parts) -> list[Code]:
    """The leaves of one regression tree for each column; that tree gets one more leaf which lowers the error
    on the validation hours most for each bit."""
    training = parts.training
    grown: list[list[np.ndarray]] = []
    for j, feature in enumerate(features):
        own = training.levels[:, j : j + 1]
        trees = [
            DecisionTreeRegressor(max_leaf_nodes=n).fit(own, training.rentals) if n > 1 else None
            for n in range(1, feature.n_levels + 1)
        ]
        levels = np.arange(feature.n_levels)[:, None]
        means = [np.zeros(len(levels)) if tree is None else tree.predict(levels) for tree in trees]
        grown.append([np.unique(mean, return_inverse=True)[1] for mean in means])
    leaves = [1] * len(features)
    codes: list[Code] = []
    code = [cuts[0] for cuts in grown]
    error, spent = float(np.var(training.rentals)), 0.0
    while spent < MOST_BITS:
        best = None
        for j, cuts in enumerate(grown):
            if leaves[j] == len(cuts) or cuts[leaves[j]].max() == code[j].max():
                continue
            longer = code[:j] + [cuts[leaves[j]]] + code[j + 1 :]
            model = HistGradientBoostingRegressor(**FIRST_TREES).fit(training.cells(longer), training.rentals)
            squares = (model.predict(parts.validation.cells(longer)) - parts.validation.rentals) ** 2
            more = bits(features, longer) - spent
            gain = (error - float(squares.mean())) / max(more, 1e-9)
            if best is None or gain > best[0]:
                best = gain, j, longer, float(squares.mean())
        if best is None:
            break
        _, j, code, error = best
        leaves[j] += 1
        spent = bits(features, code)
        codes.append(code)
    return codes


def bits(features: list[Feature], code: Code) -> float:
    """The sum of the entropies of a code's cells."""
    p = np.concatenate([np.bincount(own, feature.p) for own, feature in zip(code, features)])
    p = p[p > 0]
    return float(-(p * np.log2(p)).sum())


def _tested(features: list[Feature], codes: list[Code], parts: Parts, budgets: Sequence[int]) -> list[float]:
    both = Rows(*(np.concatenate(pair) for pair in zip(parts.training, parts.validation)))
    spent = np.array([bits(features, code) for code in codes])
    chosen = [
        _error(code, parts.training, parts.validation, CHOOSING) if spending <= MOST_BITS else math.inf
        for code, spending in zip(codes, spent)
    ]
    errors: list[float] = []
    tested: dict[int, float] = {}
    for budget in budgets:
        within = np.flatnonzero(spent <= budget)
        if not len(within):
            errors.append(math.nan)
            continue
        best = int(within[np.argmin(np.array(chosen)[within])])
        if best not in tested:
            tested[best] = _error(codes[best], both, parts.test, TESTED)
        errors.append(tested[best])
    return errors


def _error(code: Code, fitted: Rows, others: Rows, settings: dict) -> float:
    model = HistGradientBoostingRegressor(**settings).fit(fitted.cells(code), fitted.rentals)
    return float(np.sqrt(np.mean((model.predict(others.cells(code)) - others.rentals) ** 2)))
