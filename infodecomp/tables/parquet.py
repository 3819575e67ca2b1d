"""Parquet files as tables: what their footers declare, and their columns as numbers, texts and dates."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from infodecomp.bottleneck.streams.arrow import conversion, optional
from infodecomp.errors import InformationError, extra_command
from infodecomp.tables.csv_text import ENCRYPTED
from infodecomp.tables.several import check_columns
from infodecomp.tables.sources import Source, first_line, shown_files

BATCH_ROWS = 65_536
CELL_BYTES = 8  # of a number in memory
PANDAS_INDEX = re.compile(r"__index_level_\d+__")  # the numbers of a frame's rows


class ParquetSize(NamedTuple):
    """What a Parquet file declares.

    Attributes
    ----------
    rows, columns : int
    bytes : int
        In memory, at least.
    """

    rows: int
    columns: int
    bytes: int


def parquet_size(file: Path) -> ParquetSize:
    """The size of a Parquet file by its footer, before any cell is read.

    Raises
    ------
    InformationError
        If it has no readable footer, or pyarrow is not installed.
    """
    footer = _read_footer(file).metadata
    groups = [footer.row_group(i) for i in range(footer.num_row_groups)]
    rows = max(footer.num_rows, sum(group.num_rows for group in groups))
    unpacked = sum(
        max(group.column(i).total_uncompressed_size, CELL_BYTES * group.num_rows)
        for group in groups
        for i in range(group.num_columns)
    )
    return ParquetSize(rows, footer.num_columns, unpacked)


def parquet_source(files: Sequence[Path]) -> Source:
    """Parquet files with the same columns, one after the other.

    Decimals, durations (in days) and times of day (in hours) are numbers, and dates with a time zone are in
    UTC. What holds no single values, such as a list, is left out.

    Raises
    ------
    InformationError
        For a file that cannot be read, is encrypted, has two columns of one name, here and in its batches,
        or has other columns than the first; or if pyarrow is not installed.
    """
    pa, parquet = _pyarrow(files[0])
    schemas = [_columns(file) for file in files]
    check_columns(files, schemas)
    kept = [name for name, kind in schemas[0].items() if conversion(kind) is not None]
    left_out = {name: _type_name(pa, kind) for name, kind in schemas[0].items() if name not in kept}
    if not kept:
        raise InformationError(f"{files[0]} has no column of numbers, texts or dates.")

    def batches() -> Iterator[Any]:
        for file in files:
            try:
                with parquet.ParquetFile(file) as content:
                    written = {name.strip(): name for name in content.schema_arrow.names}
                    names = [written[name] for name in kept]
                    for batch in content.iter_batches(BATCH_ROWS, columns=names, use_threads=False):
                        columns = [_converted(batch.column(name)) for name in names]
                        read = pa.RecordBatch.from_arrays(columns, kept)
                        read.validate(full=True)  # such as texts that are not UTF-8
                        yield read
            except MemoryError as error:
                raise InformationError(
                    f"{file} takes more memory than there is for it: bring fewer rows or columns."
                ) from error
            except (OSError, KeyError, pa.ArrowException) as error:
                raise _unreadable(file, error) from error

    return Source(shown_files(files), batches, list(files), left_out=left_out)


def _columns(file: Path) -> dict[str, Any]:
    """The columns of a file and their Arrow types, without those that pandas adds for itself."""
    schema = _read_footer(file).schema_arrow
    names = [name.strip() for name in schema.names]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InformationError(f"{file} has two columns named {twice[0]!r}: give each a name of its own.")
    return {name: kind for name, kind in zip(names, schema.types) if not PANDAS_INDEX.fullmatch(name)}


def _converted(column: Any) -> Any:
    convert = conversion(column.type)
    return column if convert is None else convert(column)


def _pyarrow(file: Path) -> tuple[Any, Any]:
    """pyarrow and its module for Parquet; raises InformationError where they are missing."""
    try:
        return optional("pyarrow"), optional("pyarrow.parquet")
    except InformationError:
        raise InformationError(
            f"{file} is a Parquet file, and pyarrow, which reads them, is not installed here: save the table "
            f"as CSV, or install it ({extra_command('big')})."
        ) from None


def _read_footer(file: Path) -> Any:
    """A closed ParquetFile with its metadata."""
    pa, parquet = _pyarrow(file)
    try:
        with file.open("rb") as stream:
            encrypted = stream.read(4) == ENCRYPTED
        if not encrypted:
            with parquet.ParquetFile(file) as content:
                content.schema_arrow  # noqa: B018  # names that are not UTF-8 raise here
                return content
    except (OSError, ValueError, MemoryError, pa.ArrowException) as error:
        raise _unreadable(file, error) from error
    raise InformationError(f"{file} is an encrypted Parquet file: save it without encryption.")


def _unreadable(file: Path, error: Exception) -> InformationError:
    return InformationError(f"{file} cannot be read as Parquet ({first_line(error)}).")


def _type_name(pa: Any, kind: Any) -> str:
    if pa.types.is_nested(kind):
        return "lists or records"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return "raw bytes"
    return f"values of the type {str(kind)[:40]}"
