"""The first pass over a table in batches: what each column holds, and a sample of rows for its levels."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from infodecomp.bottleneck.features import KINDS, MAX_CATEGORIES, Column, Feature, LevelLimits
from infodecomp.bottleneck.fits.column_groups import group_columns, learn_columns
from infodecomp.bottleneck.preprocessing import NO_WEIGHT
from infodecomp.bottleneck.streams.batches import Batch, Coded, decode, uncoded
from infodecomp.bottleneck.streams.roles import Roles
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
        self._order: tuple | None = ()  # of the categories so far; None where a batch has none

    def add(self, values: "np.ndarray | Coded") -> np.ndarray:
        """The values of a batch as numbers: of a column of text, positions among its categories, or NaN."""
        values = uncoded(values, self.kind)
        if isinstance(values, np.ndarray) and self.kind == "categorical":
            values = encode_numbers(values)
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
        chosen = values[np.where(np.isnan(numbers), -1, numbers).astype(int)]
        return Column(self.name, chosen, self.kind, period, self._order or None)

    @property
    def categories(self) -> list:
        """All categories, in the order in which they came."""
        return list(self._index)

    def _take_order(self, order: tuple | None) -> None:
        """Keep the longer of two orders that agree; batches without an order have none together."""
        if self._order is None or order is None:
            self._order = None
        elif is_part(self._order, order):
            self._order = order
        elif not is_part(order, self._order):
            raise InformationError(
                f"{self.name!r} has its categories in the order {_shown(self._order)}, and then "
                f"{_shown(order)}: give all batches the same order."
            )

    def _positions(self, values: Coded) -> np.ndarray:
        self._take_order(values.order)
        table = np.full(len(values.values), np.nan)
        occurring = np.flatnonzero(np.bincount(values.codes[values.codes >= 0]))
        for code in occurring.tolist():  # the values may be those of other rows too, without a weight
            table[code] = self._index.setdefault(values.values[code], len(self._index))
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


def is_part(some: tuple, order: tuple) -> bool:
    """Whether some categories are all in an order, and in that order."""
    rest = iter(order)
    return all(one in rest for one in some)


def _shown(order: tuple) -> str:
    return ", ".join(map(str, order[:5])) + (" …" if len(order) > 5 else "")


def encode_numbers(values: np.ndarray) -> Coded:
    """The codes of numbers that are names."""
    known, codes = np.unique(values, return_inverse=True)
    return Coded(np.where(np.isnan(values), -1, codes), [value for value in known.tolist() if value == value])


@dataclass(frozen=True)
class Scan:
    """The result of the first pass.

    Attributes
    ----------
    n : int
        Rows with a weight.
    n_given : int
        All rows.
    roles : Roles
    columns : list of ColumnScan
    target : ColumnScan
    sample : list of ndarray
        The numbers of each column in the sample of rows.
    y : ndarray of float64
        Those of the target.
    weights : ndarray or None
        Weights of the sampled rows.
    hold_out : ndarray or None
        What they hold in the column that says which rows are held out.
    with_weight : ndarray of bool, shape (n_given,), or None
        Which rows have a weight; None for all, and where the sample does not hold all of these.
    is_complete : bool
        Whether the sample holds all rows.
    """

    n: int
    n_given: int
    roles: Roles
    columns: list[ColumnScan]
    target: ColumnScan
    sample: list[np.ndarray]
    y: np.ndarray
    weights: np.ndarray | None
    hold_out: np.ndarray | None
    with_weight: np.ndarray | None
    is_complete: bool


def scan(
    read: Read, roles: Roles, kinds: Mapping[str, str] | None, sample_rows: int, seed: int, is_class: bool
) -> Scan:
    """The first pass over a table.

    Parameters
    ----------
    read : callable
        Returns an iterator over batches.
    roles : Roles
    kinds : mapping of column name to kind, optional
    sample_rows : int
        Rows from which levels are learnt.
    seed : int
    is_class : bool
        Whether the target's numbers are classes.

    Raises
    ------
    InformationError
        If there are no rows, if batches differ in their columns, for missing values of the target or of the
        column that says which rows are held out, and for impossible weights.
    """
    roles.check()
    scanner = _Scanner(roles, kinds or {}, RowSample(sample_rows, seed), is_class)
    for batch in read():
        scanner.add(batch)
    return scanner.result()


class _Scanner:
    """The first pass, batch by batch."""

    def __init__(self, roles: Roles, kinds: Mapping[str, str], sample: RowSample, is_class: bool):
        self._roles, self._kinds, self._sample = roles, kinds, sample
        self._target = ColumnScan(roles.target, "categorical" if is_class else None)
        self._columns: list[ColumnScan] = []
        self._with_weight: list[np.ndarray] = []
        self._hold_out_type: np.dtype | None = None
        self._n_given = self._missing = (
            0  # rows; of these, without a value that says whether they are held out
        )

    def add(self, given: Batch) -> None:
        """Read a batch."""
        self._check(given)
        roles, n_rows = self._roles, len(given[self._roles.target])
        self._n_given += n_rows
        batch, weights, kept = roles.weighted(given)
        parts = [column.add(batch[column.name]) for column in [*self._columns, self._target]]
        if weights is not None:
            parts.append(weights)
        if roles.hold_out is not None:
            parts.append(self._hold_out_values(roles.hold_out, decode(batch[roles.hold_out])))
        self._sample.add(parts)
        if kept is not None and self._is_complete:
            self._with_weight.append(kept)

    def result(self) -> Scan:
        """What was found. Raises InformationError for a table that cannot be fitted."""
        self._check_table()
        _, values = self._sample.take()
        columns, (y, *others) = values[: len(self._columns)], values[len(self._columns) :]
        with_weight = None
        if self._is_complete and self._sample.n < self._n_given:
            with_weight = np.concatenate(self._with_weight)
        return Scan(
            n=self._sample.n,
            n_given=self._n_given,
            roles=self._roles,
            columns=self._columns,
            target=self._target,
            sample=columns,
            y=y,
            weights=None if self._roles.sample_weight is None else others[0],
            hold_out=None if self._roles.hold_out is None else others[-1],
            with_weight=with_weight,
            is_complete=self._is_complete,
        )

    def _hold_out_values(self, name: str, values: np.ndarray) -> np.ndarray:
        self._missing += sum(value is None or value != value for value in values.tolist())
        self._hold_out_type = self._hold_out_type or values.dtype
        if values.dtype != self._hold_out_type:
            raise InformationError(f"{name!r} holds numbers and then text, or the reverse: give it one type.")
        return values

    @property
    def _is_complete(self) -> bool:
        return self._sample.n <= self._sample.size

    def _check(self, batch: Batch) -> None:
        names = self._roles.fitted(batch)
        if not self._columns:
            self._columns = [ColumnScan(name, self._kinds.get(name)) for name in names]
        if set(names) != set(before := [column.name for column in self._columns]):
            raise InformationError(
                f"Batches differ in their columns: {', '.join(before)} and then {', '.join(names)}."
            )
        n_rows = len(batch[self._roles.target])
        if lengths := {len(values) for values in batch.values()} - {n_rows}:
            raise InformationError(f"The columns of a batch have {n_rows} and {lengths.pop()} rows.")

    def _check_table(self) -> None:
        if not self._n_given:
            raise InformationError("There are no rows: give at least 5, better hundreds.")
        if not self._sample.n:
            raise InformationError(NO_WEIGHT.format(repr(self._roles.sample_weight)))
        if not self._columns:
            used = " and ".join(repr(name) for name in self._roles if name)
            raise InformationError(f"There is no column beside {used}.")
        if self._target.missing:
            raise InformationError(
                f"The target is missing or NaN in {self._target.missing} rows: leave them out."
            )
        if self._missing:
            raise InformationError(
                f"{self._roles.hold_out!r} is missing in {self._missing} of {self._sample.n} rows: fill them "
                "in, or leave them out."
            )


def learn_features(
    scanned: Scan,
    periods: Mapping[str, float],
    limits: LevelLimits,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> list[Feature]:
    """The features of all columns: levels of numbers from the sample, categories from all rows.

    The levels of a group are the combinations that occur in the sample.
    """
    sampled, whole = [], {}
    for column, numbers in zip(scanned.columns, scanned.sample):
        own = column.column(numbers, periods.get(column.name))
        sampled.append(own)
        extra: list = column.categories  # each category once more, as some may not be in the sample
        if column.missing:
            extra = [*extra, None if column.kind == "categorical" else np.nan]
        whole[own.name] = own._replace(values=np.append(own.values, np.array(extra, own.values.dtype)))
    return learn_columns(
        [
            column._replace(members=tuple(whole[member.name] for member in column.members))
            if column.members
            else whole[column.name]
            for column in group_columns(sampled, groups)
        ],
        limits,
    )
