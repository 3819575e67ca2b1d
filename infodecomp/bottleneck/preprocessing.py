"""Prepare a table for a bottleneck: columns with names and kinds, and a target."""

import numbers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from infodecomp.bottleneck.features import Column, Feature, guess_kind, missing_values
from infodecomp.errors import InformationError, number_of

if TYPE_CHECKING:
    import torch

TASKS = ("auto", "regression", "classification")
MIN_ROWS = 5
COLLECTIONS = dict, list, set, tuple, np.ndarray
READ_TYPES = str, numbers.Number, Decimal, date, time, timedelta, np.generic, *COLLECTIONS
NO_WEIGHT = "Every weight in {} is zero: there is nothing to fit."


@dataclass(frozen=True)
class Target:
    """What is predicted.

    Attributes
    ----------
    mean : float
        Of a number.
    scale : float
        Standard deviation of a number, or entropy of the classes in nats.
    classes : list or None
        Names of the classes; None for a number.
    """

    mean: float
    scale: float
    classes: list | None = None

    @property
    def outputs(self) -> int:
        """Number of outputs of the decoder."""
        return 1 if self.classes is None else len(self.classes)

    def encode(self, y: np.ndarray) -> "torch.Tensor":
        """Standardised numbers (float32) or class indices (int64), shape (n_samples,).

        Raises InformationError for an unknown class.
        """
        import torch  # takes a second; readings of columns do without it

        if self.classes is None:
            return torch.as_tensor((np.asarray(y, float) - self.mean) / self.scale, dtype=torch.float32)
        index = {name: i for i, name in enumerate(self.classes)}
        try:
            return torch.tensor([index[name] for name in np.asarray(y).tolist()])
        except KeyError as error:
            raise InformationError(
                f"{error.args[0]!r} is none of the classes of this fit: {', '.join(map(str, self.classes))}."
            ) from error


def name_columns(
    names: Sequence[str],
    arrays: Sequence,
    kinds: Mapping[str, str] | None,
    periods: Mapping[str, float] | None,
) -> list[Column]:
    """Give columns their kinds: those that kinds and periods name, and a guess for the others.

    Parameters
    ----------
    names : sequence of str
    arrays : sequence of array_like, each of shape (n_samples,)
    kinds : mapping of column name to kind, optional
    periods : mapping of column name to period, optional

    Raises
    ------
    InformationError
        If kinds or periods name no column.
    """
    check_names(names, kinds, periods)
    kinds, periods = dict(kinds or {}), dict(periods or {})
    columns = []
    for name, values in zip(names, arrays):
        array = column_array(name, values)
        kind = kinds.get(name) or ("circular" if name in periods else guess_kind(array))
        columns.append(Column(name, array, kind, periods.get(name), category_order(name, values)))
    return columns


def category_order(name: str, values) -> tuple | None:
    """The categories of an ordered column of pandas or an Enum of Polars, as `column_array` gives them."""
    dtype: Any = getattr(values, "dtype", None)
    is_enum = type(dtype).__name__ == "Enum" and hasattr(dtype, "categories")
    if not is_enum and not getattr(dtype, "ordered", False):
        return None
    return tuple(column_array(name, np.asarray(dtype.categories)).tolist())


def check_names(
    names: Sequence[str], kinds: Mapping[str, str] | None, periods: Mapping[str, float] | None
) -> None:
    """Raise InformationError if kinds or periods name no column."""
    for name in [*(kinds or {}), *(periods or {})]:
        if name not in names:
            raise InformationError(
                f"There is no column {name!r} to be {(kinds or {}).get(name, 'circular')}: choose from "
                f"{', '.join(names)}."
            )


def column_array(name: str, values) -> np.ndarray:
    """A column as numbers, or as text, booleans and None.

    Dates become days since 1970, in UTC if they have a time zone, durations days and times of day hours; a
    column of objects that are all numbers becomes numbers.

    Parameters
    ----------
    name : str
        For error messages.
    values : array_like of shape (n_samples,)

    Raises
    ------
    InformationError
        For cells that hold a collection.
    """
    array = np.asarray(values)
    if array.dtype.kind == "M":
        return _days(array)
    if array.dtype.kind == "m":
        return array / np.timedelta64(1, "D")
    if array.dtype.kind != "O":
        return array
    given = [None if absent else value for value, absent in zip(array.tolist(), _absent(values, array))]
    if all(value is None or isinstance(value, date) for value in given) and given.count(None) < len(given):
        return _days(np.array([_without_time_zone(value) for value in given], "datetime64[s]"))
    if all(value is None or isinstance(value, time) for value in given) and given.count(None) < len(given):
        return np.array([np.nan if value is None else _hours(value) for value in given])
    cells = [None if value is None else _cell(name, value) for value in given]
    numeric = all(
        cell is None or (isinstance(cell, numbers.Real) and not isinstance(cell, bool)) for cell in cells
    )
    if numeric and any(cell is not None for cell in cells):
        return np.array(cells, float)
    return np.array(cells, object)


def _days(dates: np.ndarray) -> np.ndarray:
    """Days since 1970, to the second; NaN for no date."""
    seconds = dates.astype("datetime64[s]")
    return np.where(np.isnat(seconds), np.nan, seconds.astype(np.int64) / 86400)


def _hours(value: time) -> float:
    """A time of day in hours."""
    seconds = 3600 * value.hour + 60 * value.minute + value.second
    return (seconds * 10**6 + value.microsecond) / (3600 * 10**6)


def _without_time_zone(value):
    """A date, or a date and time in UTC; None for None."""
    return value.astimezone(UTC).replace(tzinfo=None) if getattr(value, "tzinfo", None) else value


def _absent(values, array: np.ndarray) -> np.ndarray:
    if hasattr(values, "isna"):  # pandas knows more kinds of missing values than NaN and None
        return np.asarray(values.isna())
    return missing_values(array)


def _cell(name: str, value):
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, COLLECTIONS):
        raise InformationError(
            f"{name!r} holds a {type(value).__name__}: a cell must be a string, a number, a boolean or empty."
        )
    return str(value)


def level_indices(features: Sequence[Feature], columns: Sequence[Column]) -> np.ndarray:
    """The levels of a table's rows, int64 (n_samples, n_features)."""
    return np.stack(
        [feature.level_indices(column.values) for feature, column in zip(features, columns)], axis=1
    )


def target_values(y, n_rows: int) -> np.ndarray:
    """The target as an array of shape (n_rows,), read like a column; see `target_array`.

    Raises InformationError for another shape, for missing values, for text and numbers together, and for too
    few rows.
    """
    y = target_array(y)
    if y.ndim != 1 or len(y) != n_rows:
        raise InformationError(
            f"The target has the shape {y.shape}: give one value for each of the {n_rows} rows."
        )
    absent = missing_values(y)
    if absent.any():
        raise InformationError(f"The target is missing or NaN in {absent.sum()} rows: leave them out.")
    kinds = sorted({type(value).__name__ for value in y.tolist()}) if y.dtype == object else []
    if len(kinds) > 1:
        raise InformationError(
            f"The target holds cells of several types ({', '.join(kinds)}): give numbers, or text only."
        )
    if n_rows < MIN_ROWS:
        raise InformationError(
            f"{number_of(n_rows, 'sample')} are too few: give at least {MIN_ROWS} rows, better hundreds."
        )
    return y


def target_array(y) -> np.ndarray:
    """A target as `column_array` reads a column: dates become days, and objects numbers if all of them are.

    Parameters
    ----------
    y : array_like of shape (n_rows,) or (n_rows, 1)

    Returns
    -------
    ndarray of shape (n_rows,)
        Objects that are whole numbers stay whole, as names of classes, and so do values of another type that
        has an order, such as intervals of pandas.
    """
    array = np.asarray(y)
    if array.ndim == 2 and array.shape[1] == 1:
        array, y = array[:, 0], array[:, 0]
    if array.ndim != 1 or array.dtype.kind not in "OmM":
        return array
    types = set(map(type, array.tolist())) if array.dtype == object else set()
    if types and all(issubclass(kind, numbers.Integral) and kind is not bool for kind in types):
        try:
            return array.astype(np.int64)
        except OverflowError:
            return array
    if len(types) == 1 and not issubclass(kind := types.pop(), READ_TYPES) and "__lt__" in vars(kind):
        return array
    return column_array("the target", y)


def weighted_rows(
    columns: list[Column], y: np.ndarray, sample_weight
) -> tuple[list[Column], np.ndarray, np.ndarray | None]:
    """The rows with a weight above 0, and their weights; all rows and None without weights.

    Raises InformationError for weights that are no finite numbers from 0 on, one for each row, and for too
    few rows that count.
    """
    if sample_weight is None:
        return columns, y, None
    try:
        weights = np.asarray(sample_weight, float)
    except (TypeError, ValueError) as error:
        raise InformationError(f"The sample_weight holds something that is no number ({error}).") from error
    weights = np.full(len(y), float(weights)) if weights.ndim == 0 else weights
    if weights.shape != y.shape:
        raise InformationError(
            f"The sample_weight has the shape {weights.shape}: give one weight for each of the {len(y)} rows."
        )
    check_weights(weights, shown_name("sample_weight", sample_weight))
    kept = weights > 0
    if not kept.any():
        raise InformationError(NO_WEIGHT.format(shown_name("sample_weight", sample_weight)))
    y, weights = y[kept], weights[kept]
    if kept.all():
        return columns, y, weights
    columns = [column._replace(values=column.values[kept]) for column in columns]
    return columns, target_values(y, len(y)), weights


def check_weights(weights: np.ndarray, name: str) -> None:
    """Raise InformationError, with the name, for a weight that is no finite number from 0 on."""
    wrong = ~np.isfinite(weights) | (weights < 0)
    if wrong.any():
        raise InformationError(f"{name} is {weights[wrong][0]} in a row: give finite numbers from 0 on.")


def has_weight(sample_weight) -> np.ndarray | None:
    """Which rows `weighted_rows` keeps, bool (n_samples,); None for all."""
    kept = np.asarray(1.0 if sample_weight is None else sample_weight, float) > 0
    return None if kept.all() else kept


def rows_with_weight(name: str, values, sample_weight):
    """The values, one for each row, of the rows that `weighted_rows` keeps; None for None.

    Raises InformationError, with the name, for another number of values.
    """
    kept = has_weight(sample_weight)
    if values is None or kept is None:
        return values
    array = check_one_per_row(name, np.asarray(values), len(kept))
    return values[kept] if hasattr(values, "iloc") else array[kept]  # a pandas column keeps its name


def shown_name(argument: str, values) -> str:
    """What messages call the values of an argument: the name of a pandas column, or else the argument's."""
    name = getattr(values, "name", None)
    return repr(name) if isinstance(name, str) else argument


def check_one_per_row(name: str, values: np.ndarray, n_rows: int) -> np.ndarray:
    """The values. Raises InformationError if their shape is not (n_rows,)."""
    if values.shape != (n_rows,):
        raise InformationError(
            f"{name} has the shape {values.shape}: give one value for each of the {n_rows} rows."
        )
    return values


def learn_target(y: np.ndarray, task: str, weights: np.ndarray | None = None) -> Target:
    """The mean and standard deviation of a target of numbers, or its classes.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
    task : {'auto', 'regression', 'classification'}
    weights : ndarray of shape (n_samples,), optional
        Of the rows, above 0.

    Raises
    ------
    InformationError
        For an unknown task, and for a target that is constant, that is infinite, that is text where numbers
        are wanted, or whose classes name rows.
    """
    if task not in TASKS:
        raise InformationError(f"task = {task!r} is not known: give one of {', '.join(TASKS)}.")
    if task == "regression" or (task == "auto" and y.dtype.kind in "iuf"):
        return _number_target(y, weights)
    classes, counts = np.unique(y, return_counts=True)
    if len(classes) < 2:
        raise InformationError(
            f"The target is {classes[0]!r} in every row, one class only: there is nothing to predict."
        )
    if counts.max() == 1 or y.dtype.kind == "f" and (y != np.floor(y)).any():
        raise InformationError(
            f"The target has {len(classes):,} different values in {len(y):,} rows. Unknown label "
            "type: these are no "
            f"classes; use task='regression' for numbers, and leave out a target that names rows."
        )
    p = counts / counts.sum()
    if weights is not None:
        p = np.bincount(np.searchsorted(classes, y), weights) / weights.sum()
    return Target(0.0, float(-(p * np.log(p)).sum()), classes.tolist())


def _number_target(y: np.ndarray, weights: np.ndarray | None) -> Target:
    try:
        y = y.astype(float)
    except (TypeError, ValueError) as error:
        raise InformationError(
            f"The target holds something that is not a number ({error}): use task='classification'."
        ) from error
    if not np.isfinite(y).all():
        raise InformationError("The target holds infinity; give finite numbers.")
    if y.std() == 0:
        raise InformationError(f"The target is {y[0]:g} in every row: there is nothing to predict.")
    if weights is None:
        return Target(float(y.mean()), float(y.std()))
    mean = np.average(y, weights=weights)
    return Target(float(mean), float(np.sqrt(np.average((y - mean) ** 2, weights=weights))))
