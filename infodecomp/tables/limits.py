"""Limits on a table that somebody else has brought, checked before anything parses it."""

import gzip
import zlib
from pathlib import Path
from typing import NamedTuple

from infodecomp.errors import InformationError
from infodecomp.tables.csv_text import GZIP, SEPARATORS, is_parquet
from infodecomp.tables.parquet import parquet_size

BLOCK_BYTES = 2**20


class TableLimits(NamedTuple):
    """The most of a table that is read.

    Attributes
    ----------
    rows, columns : int
    bytes : int
        Unpacked, where the file is compressed.
    """

    rows: int
    columns: int
    bytes: int


def check_limits(file: Path, most: TableLimits) -> None:
    """Refuse a CSV or Parquet file with too many rows, columns or bytes.

    A Parquet file is judged by what it declares, a compressed CSV file by unpacking no more than the limit.

    Raises
    ------
    InformationError
        For such a file, and for one that cannot be unpacked.
    """
    rows, columns, unpacked = parquet_size(file) if is_parquet(file) else _csv_size(file, most.bytes)
    if rows > most.rows:
        raise InformationError(
            f"This table has about {rows:,} rows, and at most {most.rows:,} are read here. Bring a random "
            "part of it, or run infodecomp yourself."
        )
    if columns > most.columns:
        raise InformationError(
            f"This table has about {columns:,} columns, and at most {most.columns} are read here. "
            "Leave some out."
        )
    if unpacked > most.bytes:
        raise InformationError(
            f"This file unpacks to more than the {most.bytes / 1e6:,.4g} MB that are read here. Bring fewer "
            "rows or columns, or run infodecomp yourself."
        )


def _csv_size(file: Path, most_bytes: int) -> tuple[int, int, int]:
    """Lines below the header, columns and bytes; of a compressed file no more than just beyond the limit."""
    with file.open("rb") as stream:
        compressed = stream.read(2) == GZIP
    try:
        with gzip.open(file, "rb") if compressed else file.open("rb") as stream:
            header = stream.readline(BLOCK_BYTES)
            lines, size = 0, len(header)
            while size <= most_bytes and (block := stream.read(BLOCK_BYTES)):
                lines, size = lines + block.count(b"\n"), size + len(block)
    except (OSError, EOFError, zlib.error) as error:
        raise InformationError(
            f"{file} cannot be unpacked ({error}): compress it again, or bring it as it is."
        ) from error
    return lines, 1 + max(header.count(mark.encode()) for mark in SEPARATORS), size
