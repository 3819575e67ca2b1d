"""A table of any size: read whole if it is small, else described by its first rows and read in batches."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from shlex import quote
from typing import Any

import numpy as np
import pandas as pd

from infodecomp.bottleneck.features import Feature
from infodecomp.bottleneck.fits.column_groups import table_columns
from infodecomp.bottleneck.streams.batches import Batch, Coded, record_batches, select_rows
from infodecomp.errors import InformationError
from infodecomp.tables.columns import (
    ColumnReading,
    ReadColumns,
    check_categories,
    decimal_marks,
    doubt_points,
    read_column,
)
from infodecomp.tables.read import (
    ReadOptions,
    Table,
    check_classes,
    check_column,
    check_different,
    check_weight_column,
    interpret,
    unfitted_notes,
)
from infodecomp.tables.sources import Source
from infodecomp.tables.text_values import read_numbers

WHOLE_ROWS = 200_000  # tables of more rows are read in batches
Convert = Callable[[Coded], np.ndarray]


@dataclass(frozen=True)
class LargeTable(ReadColumns):
    """A table that is read in batches.

    Attributes
    ----------
    batches : callable
        Returns an iterator over batches of the columns to fit, the target, weights, and the column that says
        which rows are held out; rows without a target are left out.
    readings : list of ColumnReading
        Of the first rows.
    target : ColumnReading
    notes : list of str
    separator : str
    """

    batches: Callable[[], Iterator[Batch]]
    readings: list[ColumnReading]
    target: ColumnReading
    notes: list[str]
    separator: str

    def with_features(self, features: list[Feature]) -> "LargeTable":
        """The table, with the levels that were learnt from all rows."""
        columns = table_columns(features)
        return replace(
            self, readings=[reading.counted(found) for reading, found in zip(self.readings, columns)]
        )


def open_table(
    source: Source, target: str, options: ReadOptions, whole_rows: int = WHOLE_ROWS
) -> Table | LargeTable:
    """Read a table whole if it has few rows; else read its first rows, and the rest in batches.

    Raises
    ------
    InformationError
        As `read_table`.
    """
    if target in source.left_out:
        raise InformationError(
            f"{target!r} holds {source.left_out[target]}, which cannot be predicted: choose another target."
        )
    options = replace(options, ignore=[name for name in options.ignore if name not in source.left_out])
    head, is_whole = first_rows(source, whole_rows)
    if is_whole:
        table = interpret(head, source.name, target, options, source.separator)
        return replace(table, notes=[*source.notes, *table.notes])
    unfitted = options.unfitted(target)
    for name in (target, *options.ignore, *options.kinds, *unfitted):
        check_column(name, list(head.columns), source.name)
    readings, converters = {}, {}
    marks = decimal_marks(head, options.decimal, source.separator)
    for name in head:
        if name in options.ignore and name not in unfitted:
            continue
        kind = options.kinds.get(name) or ("circular" if name in options.periods else None)
        values, reading = read_column(name, head[name], kind, marks[name], source.separator)
        if name == options.weight:
            check_weight_column(name, np.asarray(values))
        if name == target and kind == "categorical":
            check_classes(name, np.asarray(values)[~pd.isna(values)])
        if name not in unfitted:
            check_categories(reading, len(head))
        readings[name] = reading
        if not pd.api.types.is_numeric_dtype(head[name]) and values.dtype.kind == "f":
            converters[name] = _converter(name, reading.decimal)
        elif values.dtype.kind == "M" and head[name].dtype.kind != "M":
            raise InformationError(
                f"{name!r} holds dates as {reading.examples[0]!r}: in a table of more than {whole_rows:,} "
                "rows, write them as 2026-11-30, or leave the column out."
            )
    used = list(readings)
    if options.decimal is None:
        readings = dict(zip(used, doubt_points(list(readings.values()), head)))
    goal = readings.pop(target)
    for name in unfitted:
        del readings[name]
    note = f"The kinds are those of the first {whole_rows:,} rows; rows without {target} are left out."

    def batches() -> Iterator[Batch]:
        for record in source.batches():
            for batch in record_batches(record):
                yield _prepared(batch, target, used, converters)

    notes = [note, *source.notes, *unfitted_notes(options)]
    return LargeTable(batches, list(readings.values()), goal, notes, source.separator)


def first_rows(source: Source, n: int) -> tuple[pd.DataFrame, bool]:
    """The first n rows, and whether these are all; raises InformationError where there are none."""
    frames, rows, is_whole = [], 0, True
    for record in source.batches():
        check_different(record.schema.names, source.name)
        if rows + record.num_rows > n:
            record, is_whole = record.slice(0, n - rows), False
        frames.append(record)
        rows += record.num_rows
        if not is_whole:
            break
    if not rows:
        raise InformationError(f"{source.name} has no rows.")
    frame = pd.concat([_frame(record) for record in frames], ignore_index=True)
    return frame, is_whole


def _frame(record: Any) -> pd.DataFrame:
    frame = record.to_pandas()
    frame.columns = [str(name).strip() for name in frame.columns]
    return frame


def _prepared(batch: Batch, target: str, names: list[str], converters: dict[str, Convert]) -> Batch:
    """The columns to fit, with text read as numbers, of the rows that have a target."""
    columns = {}
    for name in names:
        values = batch[name]
        if isinstance(values, Coded) and name in converters:
            values = converters[name](values)
        columns[name] = values
    goal = columns[target]
    present = goal.codes >= 0 if isinstance(goal, Coded) else ~np.isnan(goal)
    return select_rows(columns, present)


def _converter(name: str, decimal: str) -> Convert:
    def convert(coded: Coded) -> np.ndarray:
        texts = [str(value) for value in coded.values]
        read = read_numbers(texts, decimal)
        if read.values is None and any(text.strip() for text in texts):
            raise InformationError(
                f"{name!r} holds numbers as text and then {read.note or repr(texts[0][:30])}: correct that, "
                f"or say --categorical {quote(name)}."
            )
        numbers = read.values if read.values is not None else np.full(len(texts), np.nan)
        return np.append(numbers, np.nan)[coded.codes]

    return convert
