"""Batches of a table as arrays: frames, Arrow data, mappings, and the columns of text as codes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from infodecomp.bottleneck.preprocessing import category_order, column_array
from infodecomp.bottleneck.streams.arrow import (
    arrow_records,
    check_different,
    conversion,
    exchanged,
    is_exchangeable,
    is_lazy,
    is_text,
    no_single_values,
    optional,
)
from infodecomp.errors import InformationError

ARROW_ROWS = 65_536  # of a batch, at most
Batch = dict[str, "np.ndarray | Coded"]


class Coded(NamedTuple):
    """A column of categories.

    Attributes
    ----------
    codes : ndarray of int64, shape (n_rows,)
        Positions in `values`; -1 for a missing value.
    values : list
        The categories: texts, booleans or numbers.
    order : tuple, optional
        All categories in their order, where they have one.
    """

    codes: np.ndarray
    values: list
    order: tuple | None = None

    def __len__(self) -> int:
        return len(self.codes)

    def select(self, chosen: np.ndarray) -> "Coded":
        """The chosen rows, bool (n_rows,)."""
        return Coded(self.codes[chosen], self.values, self.order)


def reread(source: Any) -> Callable[[], Iterator[Batch]]:
    """A function that reads a table from its beginning, as batches.

    Parameters
    ----------
    source : DataFrame, Arrow data, mapping, list of these, or callable
        One table, several with the same columns, or a function that returns an iterator over some. What has
        ``__arrow_c_stream__`` is read as Arrow data; a LazyFrame of Polars is computed in batches.

    Raises
    ------
    InformationError
        For an iterator, which can be read only once.
    """
    if callable(source) and not hasattr(source, "__arrow_c_stream__"):
        return lambda: (batch for part in source() for batch in part_batches(part))
    if isinstance(source, Iterator) or type(source).__name__ == "RecordBatchReader":
        raise InformationError(
            "The batches are read twice, and an iterator can be read only once: give a list, or a function "
            "that returns a new iterator."
        )
    if isinstance(source, list | tuple):
        return lambda: (batch for part in source for batch in part_batches(part))
    return lambda: part_batches(source)


def part_batches(part: Any) -> Iterator[Batch]:
    """The batches of one table."""
    if is_lazy(part):
        for piece in part.collect_batches():
            yield from part_batches(piece)
    elif is_exchangeable(part):
        yield from arrow_batches(exchanged(part))
    elif isinstance(part, Mapping):
        yield _named_columns(part)
    elif not hasattr(part, "iloc") and (
        hasattr(part, "__arrow_c_stream__") or hasattr(part, "__arrow_c_array__")
    ):
        yield from arrow_batches(part)
    elif hasattr(part, "columns"):  # pandas, and Polars without Arrow
        yield _named_columns(part, part.columns)
    else:
        raise InformationError(
            f"a batch is a {type(part).__name__}: give a DataFrame, Arrow data, or a mapping of names to "
            "arrays"
        )


def _named_columns(table: Any, names: Iterable | None = None) -> Batch:
    names = list(table if names is None else names)
    check_different(names)
    return {str(name): column_values(str(name), table[name]) for name in names}


def column_values(name: str, values: Any) -> "np.ndarray | Coded":
    """A column as float64, or as codes if it holds text or booleans."""
    if isinstance(values, Coded):
        return values
    array, order = column_array(name, values), category_order(name, values)
    if array.ndim != 1:
        raise InformationError(f"{name!r} has the shape {array.shape}: give one value for each row.")
    if array.dtype.kind in "iuf":
        array = array.astype(float)
        if order is None:
            return array
    return encode(array, order)


def encode(array: np.ndarray, order: tuple | None = None) -> Coded:
    """The codes of an array of text, booleans and None."""
    index: dict[Any, int] = {}
    codes = np.array(
        [
            -1 if value is None or value != value else index.setdefault(value, len(index))
            for value in array.tolist()
        ],
        np.int64,
    )
    return Coded(codes, list(index), order)


def uncoded(values: "np.ndarray | Coded", kind: str | None) -> "np.ndarray | Coded":
    """Ordered numbers as numbers, unless their kind is categorical; all other columns as they are."""
    if isinstance(values, np.ndarray) or kind == "categorical" or not values.order:
        return values
    is_number = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values.order)
    return np.append(np.array(values.values, float), np.nan)[values.codes] if is_number else values


def decode(values: "np.ndarray | Coded") -> np.ndarray:
    """A column as it was before it was coded: numbers, or objects with None for missing values."""
    if isinstance(values, np.ndarray):
        return values
    return np.array([*values.values, None], object)[values.codes]


def select_rows(batch: Batch, chosen: np.ndarray) -> Batch:
    """The chosen rows of a batch, bool (n_rows,)."""
    if chosen.all():
        return batch
    return {
        name: values.select(chosen) if isinstance(values, Coded) else values[chosen]
        for name, values in batch.items()
    }


def arrow_batches(data: Any) -> Iterator[Batch]:
    """The batches of anything that has Arrow's C interface: pyarrow, Polars, a DuckDB relation."""
    for record in arrow_records(data):
        yield from record_batches(record)


def record_batches(batch: Any) -> Iterator[Batch]:
    """A pyarrow RecordBatch in pieces of at most ARROW_ROWS rows."""
    check_different(batch.schema.names)
    for start in range(0, batch.num_rows, ARROW_ROWS):
        piece = batch.slice(start, ARROW_ROWS)
        yield {name: arrow_values(name, column) for name, column in zip(piece.schema.names, piece.columns)}


def arrow_values(name: str, column: Any) -> "np.ndarray | Coded":
    """An Arrow array as float64, days since 1970, or codes."""
    pa = optional("pyarrow")
    types = pa.types
    convert = conversion(column.type)
    if convert is None:
        raise no_single_values(name, column.type)
    if types.is_dictionary(column.type):
        return _dictionary_values(pa, name, column)
    column = convert(column)
    if types.is_boolean(column.type) or is_text(column.type):
        encoded = column.dictionary_encode()
        return Coded(_codes(pa, encoded), encoded.dictionary.to_pylist())
    if types.is_null(column.type):
        return np.full(len(column), np.nan)
    if types.is_temporal(column.type):
        return column_array(name, column.to_numpy(zero_copy_only=False)).astype(float)
    return column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)


def _dictionary_values(pa: Any, name: str, column: Any) -> "np.ndarray | Coded":
    codes, values = _codes(pa, column), arrow_values(name, column.dictionary)
    if isinstance(values, np.ndarray):
        if not column.type.ordered:
            return np.append(values, np.nan)[codes]
        values = encode(values)
    order = tuple(values.values) if column.type.ordered else None
    return Coded(np.append(values.codes, -1)[codes], values.values, order)


def _codes(pa: Any, column: Any) -> np.ndarray:
    """The codes of a dictionary, which may be of an unsigned type; -1 for a missing value."""
    return column.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
