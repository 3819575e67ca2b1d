"""Features: the columns of a table as levels, and what makes two levels alike.

An encoder is a table over the levels of its feature. Its rows are combinations of a basis: half an indicator of the level itself
beside Gaussian kernels of the distance to the others, so that neighbours learn from each other and each can still differ.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from infodecomp.errors import InformationError

KINDS = ("categorical", "ordinal", "circular", "continuous")
LENGTHS = (0.03, 0.1, 0.3)  # of the kernels, as parts of the whole range; of a circle, of its half
MOST_CATEGORIES = 1000
LEVELS = 128  # of a continuous feature; more distinct values are gathered at quantiles


class Column(NamedTuple):
    """A column of a table: its name, its values, shape (n_samples,), and its kind."""

    name: str
    values: np.ndarray
    kind: str
    period: float | None = None


@dataclass(frozen=True)
class Feature:
    """A feature with its levels. kind: one of KINDS. levels: its distinct values, ascending where they are numbers, shape
    (n_known,); a continuous feature with many has the medians of its quantile bins. missing: whether there is one more level
    for values that are missing. period: of a circular feature, in its own units. p: how often each level occurs, (n_levels,).
    """

    name: str
    kind: str
    levels: np.ndarray
    missing: bool
    p: np.ndarray
    period: float | None = None

    @property
    def n_levels(self) -> int:
        return len(self.p)

    @property
    def entropy(self) -> float:
        """In bits."""
        p = self.p[self.p > 0]
        return float(-(p * np.log2(p)).sum())

    def as_dict(self) -> dict:
        """As far as JSON goes."""
        return {
            "name": self.name,
            "kind": self.kind,
            "levels": self.levels.tolist(),
            "missing": self.missing,
            "p": self.p.tolist(),
            "period": self.period,
        }

    @classmethod
    def from_dict(cls, stored: dict) -> "Feature":
        levels = np.array(stored["levels"], object if stored["kind"] == "categorical" else None)
        return cls(**stored | {"levels": levels, "p": np.array(stored["p"])})

    def level_indices(self, values) -> np.ndarray:
        """The level of each value, int64 of shape (n_samples,): the nearest one; −1 for a category that was never seen, and for a
        missing value where none was missing before."""
        values, absent = _clean(values, self.kind)
        unknown = len(self.levels) if self.missing else -1
        if self.kind == "categorical":
            place = {value: i for i, value in enumerate(self.levels.tolist())}
            found = np.array([place.get(value, -1) for value in values.tolist()], np.int64).reshape(-1)
        else:
            found = self._nearest(np.where(absent, self.levels[0], values).astype(float))
        found[absent] = unknown
        return found

    def _nearest(self, values: np.ndarray) -> np.ndarray:
        if self.kind == "circular":
            around = np.concatenate([self.levels - self.period, self.levels, self.levels + self.period])
            start = self.levels.min()
            values = start + np.mod(values - start, self.period)
            return _nearest(around, values) % len(self.levels)
        return _nearest(self.levels, values)

    def basis(self) -> np.ndarray:
        """What the encoder's rows are made of, shape (n_levels, n_basis): half an indicator, and kernels of each length."""
        parts = [np.eye(self.n_levels) / 2]
        known = len(self.levels)
        if self.kind != "categorical" and known > 2:
            away = np.abs(self.levels[:, None] - self.levels[None, :]).astype(float)
            whole = np.ptp(self.levels.astype(float))
            if self.kind == "circular":
                away = np.minimum(away, self.period - away)
                whole = self.period / 2
            for length in LENGTHS:
                kernel = np.exp(-0.5 * (away / (length * whole)) ** 2)
                kernel /= np.linalg.norm(kernel, axis=1, keepdims=True)
                parts.append(np.pad(kernel, ((0, self.n_levels - known), (0, 0))))
        return np.concatenate(parts, axis=1)


def learn_feature(column: Column, levels: int = LEVELS) -> Feature:
    """The levels of a column and how often they occur.

    levels: how many a continuous feature has at most. Raises InformationError for an unknown kind, a column of one value, numbers that
    are infinite, a circular column whose period does not hold its values, and more than 1,000 categories.
    """
    name, _, kind, period = column
    if kind not in KINDS:
        raise InformationError(f"The kind of {name!r} is {kind!r}: give one of {', '.join(KINDS)}.")
    values, absent = _clean(column.values, kind, name)
    known = (
        np.unique(values[~absent])
        if kind != "categorical"
        else np.array(sorted(set(values[~absent].tolist()), key=str), object)
    )
    if len(known) + absent.any() < 2:
        raise InformationError(f"{name!r} has one value everywhere and can tell nothing: leave it out.")
    if kind == "categorical" and len(known) > MOST_CATEGORIES:
        raise InformationError(
            f"{name!r} has {len(known):,} different categories, more than {MOST_CATEGORIES:,}: leave it out if it "
            f"names rows, group its values, or turn it into a number."
        )
    if kind == "circular":
        period = float(period or (np.ptp(known) + np.diff(known).min()))
        if np.ptp(known) >= period:
            raise InformationError(
                f"{name!r} goes from {known[0]:g} to {known[-1]:g}: that is no circle of period {period:g}."
            )
    if kind != "categorical" and len(known) > levels:
        known = _quantile_levels(values[~absent], levels)
    feature = Feature(name, kind, known, bool(absent.any()), np.ones(len(known) + absent.any()), period)
    counts = np.bincount(feature.level_indices(column.values), minlength=feature.n_levels)
    return Feature(name, kind, known, feature.missing, counts / counts.sum(), period)


def guess_kind(values: np.ndarray) -> str:
    """What a column is where nobody says: text and truth values are categorical, numbers continuous."""
    values = np.asarray(values)
    if values.dtype.kind in "iuf":
        return "continuous"
    return "categorical"


def _clean(values, kind: str, name: str = "a column") -> tuple[np.ndarray, np.ndarray]:
    """The values as floats, or as they are where they are categories; and which of them are missing."""
    values = np.asarray(values)
    if kind == "categorical":
        values = values.astype(object)
        absent = np.array([value is None or value != value for value in values.tolist()], bool).reshape(-1)
        return values, absent
    try:
        values = values.astype(float)
    except (TypeError, ValueError) as error:
        raise InformationError(
            f"{name!r} is {kind} but holds something that is no number ({error}); call it categorical."
        ) from error
    if np.isinf(values).any():
        raise InformationError(f"{name!r} holds infinity; give finite numbers, or leave the cell empty.")
    return values, np.isnan(values)


def _quantile_levels(values: np.ndarray, levels: int) -> np.ndarray:
    """The median of each of `levels` bins with equally many values; fewer where values repeat."""
    ordered = np.sort(values)
    return np.unique([part[len(part) // 2] for part in np.array_split(ordered, levels)])


def _nearest(levels: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Of ascending levels, the index of the nearest to each value."""
    right = np.clip(np.searchsorted(levels, values), 1, len(levels) - 1)
    return (right - (values - levels[right - 1] <= levels[right] - values)).astype(np.int64)
