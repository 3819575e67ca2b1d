"""Arrow data as columns of numbers, texts, booleans and dates; and tables of other libraries as frames."""

import importlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from infodecomp.errors import InformationError, extra_command

if TYPE_CHECKING:
    import pandas as pd

PER_DAY = {"s": 86_400, "ms": 86_400 * 10**3, "us": 86_400 * 10**6, "ns": 86_400 * 10**9}
INTERVAL = np.dtype([("months", np.int32), ("days", np.int32), ("nanoseconds", np.int64)])
DAYS_OF_A_MONTH = 30  # of an interval, as databases compare them
Convert = Callable[[Any], Any]


def optional(name: str) -> Any:
    """Import a package that only large tables need; raises InformationError where it is missing."""
    try:
        return importlib.import_module(name)
    except ImportError:
        package = name.split(".")[0]
        raise InformationError(
            f"This needs {package}, which is not installed here: {extra_command('big')}."
        ) from None


def as_frame(table: Any) -> Any:
    """A table of another library as a DataFrame; a DataFrame, an array and anything else as it is.

    Parameters
    ----------
    table : object
        A pyarrow table, a DuckDB relation and what else has ``__arrow_c_stream__``, a LazyFrame of Polars, or
        what has ``__dataframe__`` alone.

    Raises
    ------
    InformationError
        For an xarray Dataset, for two columns of one name, and for cells that are no single values.
    """
    if is_lazy(table):
        return table.collect()
    if hasattr(table, "data_vars"):
        raise InformationError(f"A {type(table).__name__} is no table yet: give its .to_dataframe().")
    if is_exchangeable(table):
        table = exchanged(table)
    has_series = hasattr(table, "iloc") or hasattr(table, "get_column")
    is_column = hasattr(table, "__array__") and not hasattr(table, "columns")
    is_arrow = hasattr(table, "__arrow_c_stream__") and not has_series and not is_column
    return _arrow_frame(table) if is_arrow else table


def as_target(y: Any) -> np.ndarray:
    """A target as an array; of a table of another library with one column, that column."""
    frame = as_frame(y)
    array = np.asarray(frame)
    return array[:, 0] if frame is not y and array.ndim == 2 and array.shape[1] == 1 else array


def is_lazy(table: Any) -> bool:
    """Whether a table is a LazyFrame of Polars."""
    return type(table).__name__ == "LazyFrame" and hasattr(table, "collect_batches")


def is_exchangeable(table: Any) -> bool:
    """Whether a table has the dataframe interchange protocol and no other way to its columns."""
    others = "columns", "__arrow_c_stream__", "__arrow_c_array__", "__array__"
    return hasattr(table, "__dataframe__") and not any(hasattr(table, name) for name in others)


def exchanged(table: Any) -> Any:
    """What has ``__dataframe__`` as a pyarrow table."""
    interchange = optional("pyarrow.interchange")
    try:
        return interchange.from_dataframe(table)
    except (ValueError, NotImplementedError) as error:
        raise InformationError(
            f"A {type(table).__name__} cannot be read by way of __dataframe__ ({error}): give Arrow data, or "
            "a DataFrame of pandas or Polars."
        ) from error


def _arrow_frame(table: Any) -> "pd.DataFrame":
    pa = optional("pyarrow")
    records = list(arrow_records(table))
    for name, kind in zip(records[0].schema.names, records[0].schema.types):
        if conversion(kind) is None:
            raise no_single_values(name, kind)
    check_different(records[0].schema.names)
    return pa.Table.from_batches(records).to_pandas()


def check_different(names: Any) -> None:
    """Raise InformationError where two columns have one name."""
    known: set[str] = set()
    for name in map(str, names):
        if name in known:
            raise InformationError(f"Two columns are named {name!r}: give each a name of its own.")
        known.add(name)


def no_single_values(name: str, kind: Any) -> InformationError:
    """The error for a column of an Arrow type such as a list."""
    return InformationError(f"{name!r} has the type {kind}: a cell must be a string, a number or a date.")


def arrow_records(data: Any) -> Iterator[Any]:
    """The record batches, at least one, of what has Arrow's C interface.

    Their columns are as `conversion` makes them, with the categories of an ENUM of DuckDB in order. What
    holds no single values stays as it is.
    """
    pa = optional("pyarrow")
    if hasattr(data, "__arrow_c_stream__"):
        reader = pa.RecordBatchReader.from_stream(data)
    else:
        record = pa.record_batch(data)
        reader = pa.RecordBatchReader.from_batches(record.schema, [record])
    types = getattr(data, "types", ())  # of a DuckDB relation
    enums = {i for i, kind in enumerate(types) if getattr(kind, "id", None) == "enum"}
    is_empty = True
    for record in reader:
        is_empty = False
        yield _converted(pa, record, enums)
    if is_empty:
        yield _converted(pa, pa.RecordBatch.from_pylist([], reader.schema), enums)


def _converted(pa: Any, record: Any, enums: set[int]) -> Any:
    columns = []
    for i, column in enumerate(record.columns):
        if i in enums and pa.types.is_dictionary(column.type):
            column = pa.DictionaryArray.from_arrays(column.indices, column.dictionary, ordered=True)
        convert = conversion(column.type)
        columns.append(column if convert is None else convert(column))
    return pa.RecordBatch.from_arrays(columns, record.schema.names)


def conversion(kind: Any) -> Convert | None:
    """How a column of an Arrow type becomes numbers, texts, booleans or dates; None if it does not.

    Decimals become float64, durations and intervals days, times of day hours, and dates with a time zone
    dates in UTC. Categories stay only where they are in order.
    """
    pa = optional("pyarrow")
    types = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        stored = conversion(kind.storage_type)
        return stored and (lambda column: stored(column.storage))
    if types.is_dictionary(kind):
        inner = conversion(kind.value_type)
        if inner is not None and kind.ordered and not types.is_temporal(kind.value_type):
            return lambda column: column
        return inner and (lambda column: inner(_decoded(pa, column)))
    if types.is_decimal(kind):  # by way of text, since the direct cast is off in the last digit
        return lambda column: column.cast(pa.string()).cast(pa.float64())
    if types.is_float16(kind):
        return lambda column: column.cast(pa.float64())
    if types.is_duration(kind):
        return lambda column: _scaled(pa, column, PER_DAY[kind.unit])
    if types.is_time(kind):
        return lambda column: _scaled(pa, column, PER_DAY[kind.unit] / 24)
    if types.is_interval(kind):
        return lambda column: _days_of_intervals(pa, column)
    if types.is_timestamp(kind):
        return lambda column: column.cast(pa.timestamp("us"), safe=False)
    if types.is_date(kind):  # Python's dates end with the year 9999
        return lambda column: column.cast(pa.timestamp("s"))
    plain = types.is_boolean, types.is_integer, types.is_floating, types.is_null, is_text
    return (lambda column: column) if any(test(kind) for test in plain) else None


def is_text(kind: Any) -> bool:
    """Whether an Arrow type is text."""
    types = optional("pyarrow").types
    return types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)


def _decoded(pa: Any, column: Any) -> Any:
    """A dictionary's values in its rows."""
    if pa.types.is_string_view(column.type.value_type):  # pyarrow takes no rows of these
        column = pa.DictionaryArray.from_arrays(column.indices, column.dictionary.cast(pa.string()))
    return column.dictionary_decode()


def _scaled(pa: Any, column: Any, units: float) -> Any:
    """Times as float64, in steps of that many of their own units."""
    numbers = column.cast(pa.int64() if column.type.bit_width == 64 else pa.int32()).cast(pa.float64())
    return optional("pyarrow.compute").divide(numbers, units)


def _days_of_intervals(pa: Any, column: Any) -> Any:
    """Intervals of months, days and nanoseconds as float64, in days."""
    if not len(column):
        return pa.array([], pa.float64())
    parts = np.frombuffer(column.buffers()[1], INTERVAL)[column.offset : column.offset + len(column)]
    days = DAYS_OF_A_MONTH * parts["months"] + parts["days"] + parts["nanoseconds"] / PER_DAY["ns"]
    return pa.array(days, mask=column.is_null().to_numpy(zero_copy_only=False))
