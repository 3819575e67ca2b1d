"""Features: the columns of a table as discrete levels, and which levels are similar.

An encoder has one row for each level of its feature. The rows are combinations of a basis: half an
indicator of the level itself, and Gaussian kernels of the distance to the other levels. Neighbouring levels
therefore learn from each other, and each can still differ.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from infodecomp.errors import InformationError

KINDS = ("categorical", "ordinal", "circular", "continuous")
KERNEL_LENGTHS = (0.03, 0.1, 0.3)  # fractions of the whole range; of half the circle for a circular feature
INDICATOR = 0.5  # the weight of a level's own basis function
MAX_CATEGORIES = 1000
MIN_LEVELS, MAX_TOTAL_LEVELS = 16, 4096  # of a column and of all, in a wide table
MAX_LEVELS = 128  # of a continuous feature; more distinct values are binned at quantiles
ROWS_OF_A_LEVEL, FEWEST_LEVELS, KEPT_LEVELS = 20, 8, 32  # in a table with few rows


class LevelLimits(NamedTuple):
    """How many levels a column of numbers may have.

    Attributes
    ----------
    most : int
        Of a column with many distinct values, which is binned at quantiles.
    kept : int
        Up to so many distinct values stay apart, even if `most` is less: the hours of a day are not grouped.
    """

    most: int = MAX_LEVELS
    kept: int = 0


FULL_LEVELS = LevelLimits()


class Column(NamedTuple):
    """A column of a table.

    Attributes
    ----------
    name : str
    values : ndarray of shape (n_samples,)
    kind : str
        One of KINDS.
    period : float, optional
        Of a circular column.
    """

    name: str
    values: np.ndarray
    kind: str
    period: float | None = None
    order: tuple | None = None
    """The categories in their order, where they have one."""
    members: tuple["Column", ...] = ()
    """The columns of a group, whose values have the shape (n_samples, n_members)."""
    positions: tuple[int, ...] = ()
    """The numbers of these columns in the table."""


@dataclass(frozen=True)
class Feature:
    """A column with its levels.

    Attributes
    ----------
    name : str
    kind : str
        One of KINDS.
    levels : ndarray of shape (n_known,)
        Distinct values, ascending if they are numbers; medians of quantile bins for a continuous feature
        with many.
    missing : bool
        Whether there is one more level for missing values.
    p : ndarray of shape (n_levels,)
        Relative frequency of each level.
    period : float or None
        Of a circular feature, in its own units.
    ordered : bool
        Whether the levels of a categorical feature are in an order, so that neighbours are alike.
    """

    name: str
    kind: str
    levels: np.ndarray
    missing: bool
    p: np.ndarray
    period: float | None = None
    ordered: bool = False

    @property
    def n_levels(self) -> int:
        """Number of levels, including the one for missing values."""
        return len(self.p)

    @property
    def entropy(self) -> float:
        """Entropy of the levels in bits."""
        p = self.p[self.p > 0]
        return float(-(p * np.log2(p)).sum())

    def as_dict(self) -> dict:
        """The fields as JSON-compatible values."""
        return {
            "name": self.name,
            "kind": self.kind,
            "levels": self.levels.tolist(),
            "missing": self.missing,
            "p": self.p.tolist(),
            "period": self.period,
            "ordered": self.ordered,
        }

    @classmethod
    def from_dict(cls, stored: dict) -> "Feature":
        """The inverse of as_dict."""
        levels = np.array(stored["levels"], object if stored["kind"] == "categorical" else None)
        return cls(**stored | {"levels": levels, "p": np.array(stored["p"])})

    def level_indices(self, values) -> np.ndarray:
        """The nearest level of each value.

        Parameters
        ----------
        values : array_like of shape (n_samples,)

        Returns
        -------
        ndarray of int64, shape (n_samples,)
            -1 for a category never seen, and for a missing value if none was missing before.
        """
        values, absent = _parse_values(values, self.kind, self.name)
        if self.kind == "categorical":
            index = {value: i for i, value in enumerate(self.levels.tolist())}
            found = np.array([index.get(value, -1) for value in values.tolist()], np.int64).reshape(-1)
        else:
            found = self._nearest(np.where(absent, self.levels[0], values).astype(float))
        found[absent] = len(self.levels) if self.missing else -1
        return found

    def _nearest(self, values: np.ndarray) -> np.ndarray:
        if self.kind == "circular" and self.period is not None:
            unrolled = np.concatenate([self.levels - self.period, self.levels, self.levels + self.period])
            start = self.levels.min()
            values = start + np.mod(values - start, self.period)
            return _nearest(unrolled, values) % len(self.levels)
        return _nearest(self.levels, values)

    @property
    def n_basis(self) -> int:
        """Number of basis functions: an indicator of each level, and kernels of each length."""
        return self.n_levels + len(KERNEL_LENGTHS) * len(self.levels) * self._is_graded

    def basis(self) -> np.ndarray:
        """The basis of the encoder's rows, (n_levels, n_basis): half an indicator, and kernels of each
        length."""
        return np.concatenate([np.eye(self.n_levels) * INDICATOR, self.kernels()], axis=1)

    def kernels(self) -> np.ndarray:
        """The kernels of the basis alone, the shortest first, (n_levels, n_basis − n_levels)."""
        if not self._is_graded:
            return np.zeros((self.n_levels, 0))
        positions = np.arange(len(self.levels)) if self.ordered else self.levels
        distance = np.abs(positions[:, None] - positions[None, :]).astype(float)
        extent = np.ptp(positions.astype(float))
        if self.kind == "circular" and self.period is not None:
            distance = np.minimum(distance, self.period - distance)
            extent = self.period / 2
        parts = []
        for length in KERNEL_LENGTHS:
            kernel = np.exp(-0.5 * (distance / (length * extent)) ** 2)
            kernel /= np.linalg.norm(kernel, axis=1, keepdims=True)
            parts.append(np.pad(kernel, ((0, self.n_levels - len(self.levels)), (0, 0))))
        return np.concatenate(parts, axis=1)

    @property
    def _is_graded(self) -> bool:
        """Whether some levels are nearer to each other than to the rest."""
        return (self.kind != "categorical" or self.ordered) and len(self.levels) > 2

    def weighted(self, levels: np.ndarray, weights: np.ndarray) -> "Feature":
        """The feature with the frequencies of its levels in weighted rows, each of shape (n_samples,)."""
        counts = np.bincount(levels, weights, self.n_levels)
        return replace(self, p=counts / counts.sum())


def kernel_weights(n_kernels: int, smoothness: float) -> np.ndarray:
    """Weights of the kernels of a feature, of shape (n_kernels,): (length / longest length)^smoothness.

    A kernel that is shorter than the mean distance of two levels counts as if it were as long as that.
    """
    n = n_kernels // len(KERNEL_LENGTHS)
    lengths = np.clip(KERNEL_LENGTHS, 1 / max(1, n - 1), max(KERNEL_LENGTHS))
    return np.repeat((lengths / max(KERNEL_LENGTHS)) ** smoothness, n)


def learn_feature(column: Column, limits: LevelLimits = FULL_LEVELS) -> Feature:
    """Find the levels of a column and how often they occur.

    Parameters
    ----------
    column : Column
    limits : LevelLimits
        Of a feature that is not categorical.

    Raises
    ------
    InformationError
        For an unknown kind, a column of one value, infinite numbers, a circular column whose period does
        not hold its values or is no finite number above 0, and more than 1,000 categories.
    """
    name, kind, period = column.name, column.kind, column.period
    if kind not in KINDS:
        raise InformationError(f"The kind of {name!r} is {kind!r}: give one of {', '.join(KINDS)}.")
    values, absent = _parse_values(column.values, kind, name)
    known = _distinct(values[~absent], kind)
    ordered = kind == "categorical" and column.order is not None
    if ordered:
        present = set(known.tolist())
        known = np.array([value for value in column.order or () if value in present], object)
    if len(known) + absent.any() < 2:
        raise InformationError(f"{name!r} has one value everywhere and carries no information: leave it out.")
    if kind == "categorical" and len(known) > MAX_CATEGORIES:
        raise InformationError(
            f"{name!r} has {len(known):,} different categories, more than {MAX_CATEGORIES:,}: "
            "leave it out if it "
            f"names rows, group its values, or turn it into a number."
        )
    if kind == "circular":
        period = _check_period(name, known, period)
    if kind != "categorical" and len(known) > max(limits):
        known = _quantile_levels(values[~absent], limits.most)
    feature = Feature(
        name, kind, known, bool(absent.any()), np.ones(len(known) + absent.any()), period, ordered
    )
    counts = np.bincount(feature.level_indices(column.values), minlength=feature.n_levels)
    return replace(feature, p=counts / counts.sum())


def affordable_levels(
    kinds: Sequence[str], max_levels: int | None, n_rows: int, has_classes: bool = False
) -> LevelLimits:
    """The limits for each numeric column of a table: at most max_levels, and fewer in a wide table.

    By default one level for each 20 rows, 8 to 128: with more, a level learns its few rows by heart. Where
    classes are predicted, weight decay prevents that, and there are 32 or more.
    """
    kept = 0
    if max_levels is None:
        kept = KEPT_LEVELS
        fewest = KEPT_LEVELS if has_classes else FEWEST_LEVELS
        max_levels = min(MAX_LEVELS, max(fewest, n_rows // ROWS_OF_A_LEVEL))
    n_numeric = sum(kind != "categorical" for kind in kinds)
    return LevelLimits(min(max_levels, max(MIN_LEVELS, MAX_TOTAL_LEVELS // max(1, n_numeric))), kept)


def guess_kind(values: np.ndarray) -> str:
    """The kind of a column that was not named: text and booleans are categorical, numbers continuous."""
    return "continuous" if np.asarray(values).dtype.kind in "iuf" else "categorical"


def _distinct(values: np.ndarray, kind: str) -> np.ndarray:
    if kind == "categorical":
        return np.array(sorted(set(values.tolist()), key=str), object)
    return np.unique(values)


def _check_period(name: str, known: np.ndarray, period: float | None) -> float:
    """The period of a circular column; by default its range and one more step."""
    if period is None and len(known) == 1:
        raise InformationError(
            f"{name!r} has one value, {known[0]:g}, where it is not missing, and no period: give its "
            "period, or call it continuous."
        )
    if period is None:
        period = np.ptp(known) + np.diff(known).min()
    if not isinstance(period, int | float | np.number) or not 0 < period < math.inf:
        raise InformationError(f"The period of {name!r} is {period!r}: give a finite number above 0.")
    period = float(period)
    if np.ptp(known) >= period:
        raise InformationError(
            f"{name!r} goes from {known[0]:g} to {known[-1]:g}: that is no circle of period {period:g}."
        )
    return period


def _parse_values(values, kind: str, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The values as floats, or unchanged for categories; and which of them are missing."""
    values = np.asarray(values)
    if kind == "categorical":
        values = values.astype(object)
        return values, missing_values(values).reshape(-1)
    try:
        values = values.astype(float)
    except (TypeError, ValueError) as error:
        raise InformationError(
            f"{name!r} is {kind} but holds something that is not a number ({error}); call it categorical."
        ) from error
    if np.isinf(values).any():
        raise InformationError(f"{name!r} holds infinity; give finite numbers, or leave the cell empty.")
    return values, np.isnan(values)


def missing_values(values: np.ndarray) -> np.ndarray:
    """Which values (n,) are None, NaN, no date or pandas.NA, bool (n,)."""
    return np.array([_is_missing(value) for value in values.tolist()], bool)


def _is_missing(value) -> bool:
    try:
        return value is None or bool(value != value)
    except (TypeError, ValueError):  # pandas.NA is neither equal nor unequal to itself; an array is both
        return type(value).__name__ == "NAType"


def _quantile_levels(values: np.ndarray, n_bins: int) -> np.ndarray:
    """Values that would fill a bin by themselves, and the medians of as many bins as are left with equally
    many of the others; fewer than n_bins in all where values repeat."""
    known, counts = np.unique(values, return_counts=True)
    alone = np.zeros(len(known), bool)
    while True:  # each that stands alone leaves fewer rows for the bins that are left
        full = ~alone & (counts * (n_bins - alone.sum()) >= counts[~alone].sum())
        if not full.any():
            break
        alone |= full
    others = np.repeat(known[~alone], counts[~alone])
    medians = [part[len(part) // 2] for part in np.array_split(others, n_bins - alone.sum())]
    return np.union1d(known[alone], medians)


def _nearest(levels: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The index of the nearest of ascending levels to each value."""
    if len(levels) == 1:
        return np.zeros(np.shape(values), np.int64)
    right = np.clip(np.searchsorted(levels, values), 1, len(levels) - 1)
    return (right - (values - levels[right - 1] <= levels[right] - values)).astype(np.int64)
