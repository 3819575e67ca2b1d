"""A large table as codes: a first pass finds the levels of each column, a second one writes the codes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from infodecomp.bottleneck.features import KINDS, MAX_CATEGORIES, Column, Feature, LevelLimits, learn_feature
from infodecomp.bottleneck.streams.batches import Batch, Coded
from infodecomp.bottleneck.streams.row_sample import RowSample
from infodecomp.errors import InformationError

Read = Callable[[], Iterator[Batch]]


class ColumnScan:
    """What the first pass learns about a column: whether it holds text, its categories, missing values."""

    def __init__(self, name: str, kind: str | None):
        if kind is not None and kind not in KINDS:
            raise InformationError(f"The kind of {name!r} is {kind!r}: give one of {', '.join(KINDS)}.")
        self.name, self.kind, self.missing = name, kind, 0
        self._index: dict = {}

    def add(self, values: "np.ndarray | Coded") -> np.ndarray:
        """The values of a batch as numbers: of a column of text, positions among its categories, or NaN."""
        if isinstance(values, np.ndarray) and self.kind == "categorical":
            values = _encode_numbers(values)
        if isinstance(values, Coded):
            if self.kind is None:
                self.kind = "categorical"
            if self.kind != "categorical":
                if any(value is not None for value in values.values):
                    raise self._mixed(values.values[0])
                values = np.full(len(values), np.nan)
        elif self.kind is None and not np.isnan(values).all():
            self.kind = "continuous"
        numbers = values if isinstance(values, np.ndarray) else self._positions(values)
        self.missing += int(np.isnan(numbers).sum())
        return numbers

    def column(self, numbers: np.ndarray, period: float | None) -> Column:
        """Some of the values, as they were read, with the kind."""
        if self.kind != "categorical":
            return Column(self.name, numbers, self.kind or "continuous", period)
        values = np.array([*self._index, None], object)
        return Column(
            self.name, values[np.where(np.isnan(numbers), -1, numbers).astype(int)], self.kind, period
        )

    @property
    def categories(self) -> list:
        """All categories, in the order in which they came."""
        return list(self._index)

    def _positions(self, values: Coded) -> np.ndarray:
        table = np.array([self._index.setdefault(value, len(self._index)) for value in values.values], float)
        if len(self._index) > MAX_CATEGORIES:
            raise InformationError(
                f"{self.name!r} has more than {MAX_CATEGORIES:,} different categories: leave it out if it "
                "names rows, group its values, or turn it into a number."
            )
        return np.append(table, np.nan)[values.codes]

    def _mixed(self, value: object) -> InformationError:
        return InformationError(
            f"{self.name!r} holds numbers and then the text {str(value)[:40]!r}: give it one type."
        )


def _encode_numbers(values: np.ndarray) -> Coded:
    known, codes = np.unique(values, return_inverse=True)
    return Coded(np.where(np.isnan(values), -1, codes), [value for value in known.tolist() if value == value])


@dataclass(frozen=True)
class Scan:
    """The result of the first pass.

    Attributes
    ----------
    n : int
        Rows.
    columns : list of ColumnScan
    target : ColumnScan
    sample : list of ndarray
        The numbers of each column in the sample of rows, and last those of the target.
    is_complete : bool
        Whether the sample holds all rows.
    """

    n: int
    columns: list[ColumnScan]
    target: ColumnScan
    sample: list[np.ndarray]
    is_complete: bool


def scan(
    read: Read, target: str, kinds: Mapping[str, str] | None, sample_rows: int, seed: int, is_class: bool
) -> Scan:
    """The first pass over a table.

    Parameters
    ----------
    read : callable
        Returns an iterator over batches.
    target : str
    kinds : mapping of column name to kind, optional
    sample_rows : int
        Rows from which levels are learnt.
    seed : int
    is_class : bool
        Whether the target's numbers are classes.

    Raises
    ------
    InformationError
        If there are no rows, if batches differ in their columns, and for missing values of the target.
    """
    columns: list[ColumnScan] = []
    sample, goal = RowSample(sample_rows, seed), ColumnScan(target, "categorical" if is_class else None)
    for batch in read():
        if target not in batch:
            raise InformationError(f"There is no column {target!r}: choose from {', '.join(batch)}.")
        names = [name for name in batch if name != target]
        if not columns:
            columns = [ColumnScan(name, (kinds or {}).get(name)) for name in names]
        if names != [column.name for column in columns]:
            raise InformationError(
                f"Batches differ in their columns: {', '.join(column.name for column in columns)} and then "
                f"{', '.join(names)}."
            )
        if lengths := {len(values) for values in batch.values()} - {len(batch[target])}:
            raise InformationError(
                f"The columns of a batch have {len(batch[target])} and {lengths.pop()} rows."
            )
        sample.add([*(column.add(batch[column.name]) for column in columns), goal.add(batch[target])])
    if not sample.n:
        raise InformationError("There are no rows: give at least 5, better hundreds.")
    if not columns:
        raise InformationError(f"There is no column beside {target!r}.")
    if goal.missing:
        raise InformationError(f"The target is missing or NaN in {goal.missing} rows: leave them out.")
    _, values = sample.take()
    return Scan(sample.n, columns, goal, values, sample.n <= sample_rows)


def learn_features(scanned: Scan, periods: Mapping[str, float] | None, limits: LevelLimits) -> list[Feature]:
    """The features of all columns: levels of numbers from the sample, categories from all rows."""
    features = []
    for column, numbers in zip(scanned.columns, scanned.sample):
        learnt = column.column(numbers, (periods or {}).get(column.name))
        if column.kind == "categorical":  # each category once more, as some may not be in the sample
            learnt = learnt._replace(values=np.append(learnt.values, np.array(column.categories, object)))
        elif column.missing:
            learnt = learnt._replace(values=np.append(learnt.values, np.nan))
        if column.missing and column.kind == "categorical":
            learnt = learnt._replace(values=np.append(learnt.values, np.array([None], object)))
        features.append(learn_feature(learnt, limits))
    return features


class Encoder:
    """The level of each value of a feature, as `Feature.level_indices` finds it, for many values quickly."""

    def __init__(self, feature: Feature):
        self.feature = feature
        graded = feature.kind != "categorical" and (feature.kind != "circular" or feature.period is None)
        self._edges = largest_below(feature.levels.astype(float)) if graded else None

    def encode(self, values: "np.ndarray | Coded") -> np.ndarray:
        """Level indices; -1 for what was never seen."""
        feature = self.feature
        if feature.kind == "categorical":
            coded = values if isinstance(values, Coded) else _encode_numbers(values)
            absent = len(feature.levels) if feature.missing else -1
            known = feature.level_indices(np.array([*coded.values, None], object)[:-1])
            return np.append(known, absent)[coded.codes]
        numbers = np.full(len(values), np.nan) if isinstance(values, Coded) else values
        if self._edges is None:
            return feature.level_indices(numbers)
        if np.isinf(numbers).any():
            raise InformationError(
                f"{feature.name!r} holds infinity; give finite numbers, or leave it empty."
            )
        found = np.searchsorted(self._edges, numbers)
        absent = np.isnan(numbers)
        if absent.any():
            found[absent] = len(feature.levels) if feature.missing else -1
        return found


def largest_below(levels: np.ndarray) -> np.ndarray:
    """For each pair of neighbouring levels, the largest number that is as near to the lower one: (n − 1,)."""
    low, high = levels[:-1], levels[1:]
    edge = low + (high - low) / 2
    for _ in range(4):  # rounding moves the boundary by a few units in the last place
        edge = np.where(edge - low <= high - edge, edge, np.nextafter(edge, -np.inf))
    for _ in range(8):
        above = np.nextafter(edge, np.inf)
        edge = np.where(above - low <= high - above, above, edge)
    return edge


@dataclass(frozen=True)
class CodedTable:
    """A table as codes.

    Attributes
    ----------
    codes : ndarray of uint8 or uint16, shape (n_samples, n_features)
        Level indices, mapped from a file.
    target : ndarray of float64 or object positions, shape (n_samples,)
        Mapped from a file: numbers, or positions among the categories.
    features : list of Feature
        With the frequencies of all rows.
    """

    codes: np.ndarray
    target: np.ndarray
    features: list[Feature]


def write_codes(read: Read, scanned: Scan, features: list[Feature], folder: Path) -> CodedTable:
    """The second pass over a table: write the codes and the target into two files, and map them.

    Raises
    ------
    InformationError
        If the table has other rows than in the first pass.
    """
    sizes = [feature.n_levels for feature in features]
    dtype = np.uint8 if max(sizes) <= 256 else np.uint16
    encoders, counts = [Encoder(feature) for feature in features], [np.zeros(size, int) for size in sizes]
    n = 0
    with (folder / "codes").open("wb") as codes_file, (folder / "target").open("wb") as target_file:
        for batch in read():
            goal = scanned.target.add(batch[scanned.target.name])
            codes = np.empty((len(goal), len(features)), dtype)
            for i, encoder in enumerate(encoders):
                found = encoder.encode(batch[encoder.feature.name])
                if len(found) and found.min() < 0:
                    raise InformationError(
                        f"{encoder.feature.name!r} holds a value that it did not hold before: the table has "
                        "changed while it was read."
                    )
                codes[:, i] = found
                counts[i] += np.bincount(found, minlength=sizes[i])
            codes.tofile(codes_file)
            goal.tofile(target_file)
            n += len(goal)
    if n != scanned.n:
        raise InformationError(
            f"The table had {scanned.n:,} rows when it was read first, and then {n:,}: give a table that "
            "can be read twice."
        )
    return CodedTable(
        np.memmap(folder / "codes", dtype, "r", shape=(n, len(features))),
        np.memmap(folder / "target", float, "r", shape=(n,)),
        [replace(feature, p=count / count.sum()) for feature, count in zip(features, counts)],
    )
