"""Tables in files of any size and in databases, read as Arrow record batches as often as needed."""

import glob
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import Any

from infodecomp.bottleneck.streams.arrow import arrow_records, optional
from infodecomp.errors import InformationError
from infodecomp.tables.csv_text import (
    BEGINNING_BYTES,
    BROKEN_UTF_16,
    CONTROL,
    GZIP,
    MISSING,
    SEPARATORS,
    UTF_8,
    check_header,
    encoding_of,
)
from infodecomp.tables.several import check_columns, check_kinds
from infodecomp.tables.text_values import are_codes

RESULTS = {"SELECT", "MULTI", "CALL"}  # statements of DuckDB that give a table; a pivot is MULTI
PREPARATIONS = {"", "SET", "VARIABLE_SET", "LOAD", "ATTACH", "CREATE", "CREATE_FUNC", "PRAGMA"}
MAX_MESSAGE = 200  # characters of what pyarrow says
BLOCK_BYTES = 2**20  # of a CSV file; the reader holds about 32 of them


@dataclass(frozen=True)
class Source:
    """A table that can be read several times.

    Attributes
    ----------
    name : str
        For messages.
    batches : callable
        Returns an iterator over pyarrow record batches.
    files : list of Path
        Empty for a query.
    separator : str
        Of CSV files.
    left_out : mapping of column name to text
        Columns that hold no numbers, texts or dates, and what they hold.
    """

    name: str
    batches: Callable[[], Iterator[Any]]
    files: list[Path]
    separator: str = ","
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def notes(self) -> list[str]:
        """A sentence for each column that is left out."""
        return [f"{name} holds {what}, and is left out." for name, what in self.left_out.items()]


def find_files(pattern: str) -> list[Path]:
    """The files that a path or a pattern such as 'data/*.parquet' names, in the order of their names.

    Raises InformationError if a pattern names none, or files of different kinds.
    """
    if not glob.has_magic(pattern) or Path(pattern).exists():
        return [Path(pattern)]
    found = [Path(name) for name in sorted(glob.glob(pattern, recursive=True)) if Path(name).is_file()]
    if not found:
        raise InformationError(f"{pattern} names no file: check the pattern, and put it in quotes.")
    check_kinds(pattern, found)
    return found


def csv_source(
    files: Sequence[Path], separator: str | None, decimal: str | None, text: Sequence[str] = ()
) -> Source:
    """CSV files with the same header, one after the other; numbers are float64.

    Parameters
    ----------
    files : sequence of Path
    separator, decimal : str, optional
    text : sequence of str
        Columns that are not to be read as numbers.
    """
    csv, pa = optional("pyarrow.csv"), optional("pyarrow")
    separator = separator or _dialect(files[0])[0]

    @contextmanager
    def opened(file: Path, types: dict[str, Any]) -> Iterator[Any]:
        """The reader of a file with some columns' types; what goes wrong with it becomes a sentence."""
        encoding = _dialect(file)[1]  # raises for what is no text
        conversion = csv.ConvertOptions(
            column_types=types,
            null_values=MISSING,
            strings_can_be_null=True,
            decimal_point=decimal or ".",
        )
        try:
            reading = csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES, encoding=encoding)
            with csv.open_csv(file, reading, csv.ParseOptions(delimiter=separator), conversion) as content:
                yield content
        except UnicodeError as error:
            raise InformationError(BROKEN_UTF_16.format(file)) from error
        except (OSError, pa.ArrowException) as error:
            raise InformationError(_csv_sentence(file, first_line(error), list(types))) from error

    def first_block(file: Path, text: Sequence[str]) -> Any:
        """The first rows of a file; whole numbers may become fractions later."""
        with opened(file, dict.fromkeys(text, pa.string())) as head:
            return next(iter(head), pa.RecordBatch.from_pylist([], head.schema))

    def batches() -> Iterator[Any]:
        found = [first_block(file, first_block(file, []).schema.names) for file in files]
        codes = [name for batch in found for name in batch.schema.names if _holds_codes(batch.column(name))]
        as_text = {*text, *(name.strip() for name in codes)}
        schemas = [
            first_block(file, [name for name in batch.schema.names if name.strip() in as_text]).schema
            for file, batch in zip(files, found)
        ]
        columns = [{one.name.strip(): _as_read(pa, one.type) for one in schema} for schema in schemas]
        check_columns(files, columns, ", or say --categorical {column}")
        types = {name: _widest(pa, [own[name] for own in columns]) for name in columns[0]}
        for file, schema in zip(files, schemas):
            own = {name: types[name.strip()] for name in schema.names}
            with opened(file, own) as content:
                for batch in content:
                    yield batch.rename_columns([name.strip() for name in batch.schema.names])

    return Source(shown_files(files), batches, list(files), separator)


def query_source(sql: str, database: str | None) -> Source:
    """The result of a query, by DuckDB; the database is opened for reading alone."""
    duckdb = optional("duckdb")
    optional("pyarrow")
    if database is not None and not Path(database).is_file():
        raise InformationError(f"{database} cannot be read: No such file or directory.")

    def batches() -> Iterator[Any]:
        try:
            with duckdb.connect(database or ":memory:", read_only=database is not None) as connection:
                *before, last = ["", *(one.type.name for one in connection.extract_statements(sql))]
                if last not in RESULTS or not PREPARATIONS.issuperset(before):
                    raise InformationError(
                        f"The query {sql[:60]!r} does not only read one table: give one select, after what "
                        "prepares it, such as load or attach."
                    )
                result = connection.sql(sql)
                yield from arrow_records(result)
        except duckdb.Error as error:
            raise InformationError(f"The query cannot be run: {first_line(error)}.") from error

    return Source("the query", batches, [Path(database)] if database else [])


def _holds_codes(values: Any) -> bool:
    """Whether a column of text holds codes with leading zeros, as postcodes are."""
    return are_codes(values.unique().drop_null().to_pylist())


def _as_read(pa: Any, kind: Any) -> Any:
    """The type by which a column of a CSV file is read: times of day are names, as in a small file."""
    return pa.string() if pa.types.is_time(kind) else kind


def _widest(pa: Any, kinds: list[Any]) -> Any:
    """The type of a column for all files: that of the first that is not empty, or dates with a time."""
    given = [kind for kind in kinds if not pa.types.is_null(kind)]
    kind = next(filter(pa.types.is_timestamp, given), given[0] if given else pa.string())
    return pa.float64() if pa.types.is_integer(kind) else kind


def _csv_sentence(file: Path, message: str, names: list[str]) -> str:
    """What pyarrow says about a CSV file, with the column's name and a remedy."""
    if found := re.match(r"In CSV column #(\d+): .*invalid value '([^']*)'", message):
        name = names[int(found[1])] if int(found[1]) < len(names) else f"column {int(found[1]) + 1}"
        return (
            f"{file}: {name!r} holds {found[2][:40]!r} after numbers or dates: correct that cell, or say "
            f"--categorical {quote(name)}."
        )
    shown = "".join(letter if letter.isprintable() else "·" for letter in message[:MAX_MESSAGE])
    return f"{file} is not a table that can be read ({shown})."


def _dialect(file: Path) -> tuple[str, str]:
    """The separator and the encoding of a CSV file, by its header."""
    import gzip

    try:
        with file.open("rb") as stream:
            compressed = stream.read(2) == GZIP
        with gzip.open(file, "rb") if compressed else file.open("rb") as stream:
            beginning = stream.read(BEGINNING_BYTES)
            encoding = encoding_of(beginning)
            if encoding == UTF_8 and CONTROL.search(beginning):
                raise InformationError(f"{file} is no text: save the table as CSV (UTF-8).")
            stream.seek(0)
            text = io.TextIOWrapper(stream, encoding)
            header = next(check_header(file, iter(lambda: text.readline(2**20), "")))
    except (OSError, UnicodeError, EOFError) as error:
        raise InformationError(f"{file} cannot be read: {getattr(error, 'strerror', error)}.") from error
    return max(SEPARATORS, key=header.count), "utf8" if encoding == UTF_8 else encoding


def shown_files(files: Sequence[Path]) -> str:
    """The name of several files for messages."""
    return str(files[0]) if len(files) == 1 else f"{files[0]} and {len(files) - 1} more"


def first_line(error: Exception) -> str:
    """What an exception of another package says, without a full stop."""
    return str(error).strip().split("\n")[0].rstrip(".")
