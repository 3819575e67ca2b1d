"""Batches of a table as arrays: frames, Arrow data, mappings, and the columns of text as codes."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from infodecomp.bottleneck.preprocessing import column_array
from infodecomp.errors import InformationError, extra_command

if TYPE_CHECKING:
    import pandas as pd

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
    """

    codes: np.ndarray
    values: list

    def __len__(self) -> int:
        return len(self.codes)


def optional(name: str) -> Any:
    """Import a package that only large tables need; raises InformationError where it is missing."""
    try:
        return importlib.import_module(name)
    except ImportError:
        package = name.split(".")[0]
        raise InformationError(
            f"This needs {package}, which is not installed here: {extra_command('big')}."
        ) from None


def reread(source: Any) -> Callable[[], Iterator[Batch]]:
    """A function that reads a table from its beginning, as batches.

    Parameters
    ----------
    source : DataFrame, Arrow data, mapping, list of these, or callable
        One table, several with the same columns, or a function that returns an iterator over some. What has
        ``__arrow_c_stream__`` is read as Arrow data.

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
    if isinstance(part, Mapping):
        yield {str(name): column_values(str(name), values) for name, values in part.items()}
    elif hasattr(part, "iloc"):  # pandas
        yield {str(name): column_values(str(name), part[name]) for name in part.columns}
    elif hasattr(part, "__arrow_c_stream__") or hasattr(part, "__arrow_c_array__"):
        yield from arrow_batches(part)
    elif hasattr(part, "columns"):  # such as Polars without Arrow
        yield {str(name): column_values(str(name), part[name]) for name in part.columns}
    else:
        raise InformationError(
            f"a batch is a {type(part).__name__}: give a DataFrame, Arrow data, or a mapping of names to "
            "arrays"
        )


def column_values(name: str, values: Any) -> "np.ndarray | Coded":
    """A column as float64, or as codes if it holds text or booleans."""
    if isinstance(values, Coded):
        return values
    array = column_array(name, values)
    return array.astype(float) if array.dtype.kind in "iuf" else encode(array)


def encode(array: np.ndarray) -> Coded:
    """The codes of an array of text, booleans and None."""
    index: dict[Any, int] = {}
    codes = np.array(
        [
            -1 if value is None or value != value else index.setdefault(value, len(index))
            for value in array.tolist()
        ],
        np.int64,
    )
    return Coded(codes, list(index))


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
        name: Coded(values.codes[chosen], values.values) if isinstance(values, Coded) else values[chosen]
        for name, values in batch.items()
    }


def arrow_batches(data: Any) -> Iterator[Batch]:
    """The batches of anything that has Arrow's C interface: pyarrow, Polars, a DuckDB relation."""
    pa = optional("pyarrow")
    if hasattr(data, "__arrow_c_stream__"):
        reader = pa.RecordBatchReader.from_stream(data)
    else:
        reader = [pa.record_batch(data)]
    for batch in reader:
        yield from record_batches(batch)


def is_arrow(table: Any) -> bool:
    """Whether a table has Arrow's C interface alone, unlike the frames of pandas and Polars."""
    has_series = hasattr(table, "iloc") or hasattr(table, "get_column")
    return hasattr(table, "__arrow_c_stream__") and not has_series


def arrow_frame(table: Any) -> "pd.DataFrame":
    """A pyarrow table or a DuckDB relation as a DataFrame: dates and decimals stay numbers."""
    pa, types = optional("pyarrow"), optional("pyarrow.types")
    whole = pa.RecordBatchReader.from_stream(table).read_all()
    for i, field in enumerate(whole.schema):
        if types.is_decimal(field.type):
            whole = whole.set_column(i, field.name, whole.column(i).cast(pa.float64(), safe=False))
    return whole.to_pandas(date_as_object=False)


def record_batches(batch: Any) -> Iterator[Batch]:
    """A pyarrow RecordBatch in pieces of at most ARROW_ROWS rows."""
    for start in range(0, batch.num_rows, ARROW_ROWS):
        piece = batch.slice(start, ARROW_ROWS)
        yield {
            str(name): arrow_values(str(name), column)
            for name, column in zip(piece.schema.names, piece.columns)
        }


def arrow_values(name: str, column: Any) -> "np.ndarray | Coded":
    """An Arrow array as float64, days since 1970, or codes."""
    pa, types = optional("pyarrow"), optional("pyarrow.types")
    kind = column.type
    if types.is_dictionary(kind) or types.is_boolean(kind) or _is_text(types, kind):
        encoded = column if types.is_dictionary(kind) else column.dictionary_encode()
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        return Coded(codes, encoded.dictionary.to_pylist())
    if types.is_null(kind):
        return np.full(len(column), np.nan)
    if types.is_temporal(kind):
        return column_array(name, column.to_numpy(zero_copy_only=False)).astype(float)
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    raise InformationError(f"{name!r} has the type {kind}: a cell must be a string, a number or a date.")


def _is_text(types: Any, kind: Any) -> bool:
    return types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
