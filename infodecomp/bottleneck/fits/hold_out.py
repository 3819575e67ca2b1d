"""Which rows are held out to measure the error: random ones, whole groups of rows, or the last in time."""

import math
import numbers
from typing import Any

import numpy as np

from infodecomp.bottleneck.preprocessing import check_one_per_row, column_array, shown_name
from infodecomp.errors import InformationError, number_of

FEWEST = 2  # rows on either side: a standard error needs two


def held_out_mask(
    n: int, fraction: float, seed: int, by: Any = None, last: Any = None, name: str | None = None
) -> np.ndarray:
    """Choose the rows on which the error is measured.

    Parameters
    ----------
    n : int
        Rows of the table.
    fraction : float
        Of the rows to hold out, between 0 and 1.
    seed : int
        The same seed gives the same rows.
    by : array_like of shape (n,), optional
        Rows with the same value stay together: whole groups are held out, of random values.
    last : array_like of shape (n,), optional
        Numbers or dates: the rows with the largest are held out. Equal ones stay together.
    name : str, optional
        What messages call these values; by default the name of a pandas column, or that of the argument.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    InformationError
        For a fraction out of bounds, and for values that leave nothing on one side.
    """
    check_fraction(fraction)
    if by is not None and last is not None:
        raise InformationError("hold_out_by and hold_out_last were both given: choose one of them.")
    size = min(max(FEWEST, math.floor(fraction * n)), n - FEWEST)
    if by is not None:
        name = name or shown_name("hold_out_by", by)
        return _groups(name, _values(name, by, n), size, seed)
    if last is not None:
        name = name or shown_name("hold_out_last", last)
        times = _values(name, last, n)
        return times >= first_of_the_last(name, times, size, np.asarray(last))
    mask = np.zeros(n, bool)
    mask[np.random.default_rng(seed).permutation(n)[:size]] = True
    return mask


def check_fraction(fraction: float) -> None:
    """Raise InformationError for a fraction of rows to hold out that is not between 0 and 1."""
    if not isinstance(fraction, numbers.Real) or not 0 < fraction < 1:
        raise InformationError(
            f"validation_fraction = {fraction!r} is out of bounds: give a fraction between 0 and 1."
        )


def _values(name: str, values: Any, n: int) -> np.ndarray:
    array = check_one_per_row(name, column_array(name, values), n)
    absent = sum(value is None or value != value for value in array.tolist())
    if absent:
        raise InformationError(f"{name} is missing in {absent} of {n} rows: fill them in, or leave them out.")
    return array


def _groups(name: str, values: np.ndarray, size: int, seed: int) -> np.ndarray:
    names, codes = np.unique(values.astype(str) if values.dtype == object else values, return_inverse=True)
    counts, chosen, rows = np.bincount(codes), np.zeros(len(names), bool), 0
    for group in np.random.default_rng(seed).permutation(len(names)):
        if rows < size and rows + counts[group] <= len(values) - FEWEST:
            chosen[group] = True
            rows += counts[group]
    if rows < FEWEST:
        raise too_few_groups(name, len(names), counts.max(), len(values))
    return chosen[codes]


def too_few_groups(name: str, n_groups: int, largest: int, n_rows: int) -> InformationError:
    """The error for groups of rows of which none can be held out."""
    return InformationError(
        f"{name} has {number_of(n_groups, 'different value')}, of which one is in "
        f"{largest} of {n_rows} rows: give a column with smaller groups of rows."
    )


def first_of_the_last(name: str, values: np.ndarray, size: int, given: np.ndarray) -> float:
    """The smallest of the values that are held out, if those of the last `size` rows and equal ones are.

    Parameters
    ----------
    name : str
        Of the column or the argument, for messages.
    values : ndarray of shape (n,)
    size : int
    given : ndarray of shape (n,)
        The values as they were given, for messages.
    """
    if values.dtype.kind not in "iuf":
        raise InformationError(
            f"{name} holds {str(values[0])[:40]!r}: give numbers or dates, which have an order."
        )
    boundary = np.argsort(values)[len(values) - size]
    first = values[boundary]
    for mask in (values >= first, values > first):
        if FEWEST <= mask.sum() <= len(values) - FEWEST:
            return values[mask].min()
    shown = f"{first:g}" if given.dtype.kind in "iuf" else str(given[boundary])
    raise InformationError(
        f"{name} is {shown} in {(values == first).sum()} of {len(values)} rows: give a column that "
        "orders the rows."
    )
