"""Check the text of a CSV file before it is read: encoding, separator, fields in each line, memory."""

import codecs
import gzip
import io
import itertools
import os
import re
import stat
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from infodecomp.errors import InformationError, number_of

MEMORY_FACTOR = 28  # bytes of memory for each byte of the file while it is read, measured
SEPARATORS = ",;\t|"
MAX_COMMENTS = 100  # lines above a header that are looked at
GZIP, ZIP, PARQUET, ENCRYPTED = b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"PARE"
ENDINGS = (".csv", ".csv.gz", ".tsv", ".parquet")
UTF_8, UTF_16 = "utf-8-sig", "utf-16"  # either with a byte order mark, which UTF-8 can do without
BROKEN_UTF_16 = "{} begins as UTF-16 does and goes on otherwise: save the table as CSV (UTF-8)."
BEGINNING_BYTES = 1024  # that tell text from anything else
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # bytes that no text has
OTHER_TEXT = {  # what the first line of a file begins with that is no CSV
    r"[\[{]\s*($|[\[{\]}\"])": "JSON",
    r"<(!doctype|\?xml|html|head|body|table)\b": "a page of HTML or XML",
    r"%PDF-": "a PDF",
}
MISSING = ["", "NA", "N/A", "n/a", "#N/A", "#N/A N/A", "#NA", "<NA>", "null", "NULL", "None", "nan", "NaN"]
MISSING += ["-nan", "-NaN", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"]  # cells, for both readers


class Dialect(NamedTuple):
    """How a CSV file is written.

    Attributes
    ----------
    separator : str
    compressed : bool
        Whether it is compressed by gzip.
    encoding : str
        Of its text, as Python calls it.
    lines : int
        Up to the last that is not blank.
    """

    separator: str
    compressed: bool
    encoding: str
    lines: int


def check_csv(file: Path, separator: str | None = None) -> Dialect:
    """Check that a file is a table of text, line by line.

    Parameters
    ----------
    file : Path
    separator : str, optional
        Between columns; by default whichever of comma, semicolon, tab and bar the header has most of.

    Raises
    ------
    InformationError
        For a file that is missing, empty, too large for the memory, neither UTF-8 nor UTF-16, or no CSV file,
        and for a line with too few or too many fields.
    """
    try:
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InformationError(_of_a_folder(file))
        if not stat.S_ISREG(status.st_mode):
            raise InformationError(f"{file} is no regular file: save the table in one first.")
        if status.st_size == 0:
            raise InformationError(f"{file} is empty: it needs a header and rows.")
        with file.open("rb") as stream:
            beginning = stream.read(4)
        _check_format(file, beginning)
        compressed = beginning.startswith(GZIP)
        _check_memory(file, status.st_size * (4 if compressed else 1))
        with gzip.open(file, "rb") if compressed else file.open("rb") as stream:
            beginning = stream.read(BEGINNING_BYTES)
            stream.seek(0)
            encoding = encoding_of(beginning)
            lines = (
                _decoded_lines(file, stream, beginning) if encoding == UTF_8 else _utf_16_lines(file, stream)
            )
            separator, n_lines = _check_lines(file, lines, separator)
            return Dialect(separator, compressed, encoding, n_lines)
    except (OSError, EOFError, zlib.error) as error:
        raise InformationError(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or error}."
        ) from error


def _of_a_folder(folder: Path) -> str:
    """What to give in place of a folder: a pattern for the most frequent kind of file in it."""
    endings = ["".join(file.suffixes[-2:]) for file in folder.iterdir() if file.is_file()]
    common = max(sorted(set(endings) & set(ENDINGS)), key=endings.count, default=ENDINGS[0])
    return f"{folder} is a folder: name its files by a pattern in quotes, as {str(folder / f'*{common}')!r}."


def is_parquet(file: Path) -> bool:
    """Whether a file is Parquet, by its first bytes."""
    if not file.is_file():  # opening a pipe would wait for a writer
        return False
    try:
        with file.open("rb") as stream:
            return stream.read(4) in (PARQUET, ENCRYPTED)
    except OSError:
        return False


def _check_format(file: Path, beginning: bytes) -> None:
    if beginning == PARQUET:
        raise InformationError(
            f"{file} is a Parquet file, not CSV: give it to `infodecomp decompose`, which reads both."
        )
    if beginning == ZIP:
        raise InformationError(f"{file} is a spreadsheet or a ZIP archive: save the table as CSV (UTF-8).")


def _check_memory(file: Path, size: int) -> None:
    available = available_memory()
    if available is not None and size * MEMORY_FACTOR > available:
        raise InformationError(
            f"{file} has {size / 1e9:.1f} GB; reading it takes up to "
            f"{size * MEMORY_FACTOR / 1e9:.1f} GB of memory and "
            f"{available / 1e9:.1f} GB are free: take a random part of its rows, or fewer columns."
        )


def available_memory() -> int | None:
    """Bytes of memory that are free or can be freed; None where that is not known."""
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():  # includes caches that can be freed
        return next(
            int(line.split()[1]) * 1024
            for line in meminfo.read_text().splitlines()
            if line.startswith("MemAvailable")
        )
    if hasattr(os, "sysconf"):
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def encoding_of(beginning: bytes) -> str:
    """The encoding of a text by its first bytes: UTF-16 has a byte order mark, all others are UTF-8."""
    return UTF_16 if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else UTF_8


def check_header(file: Path, lines: Iterator[str]) -> Iterator[str]:
    """The lines of a file, the header first.

    Raises InformationError, with what to do, for another kind of file and for comments above the header.
    """
    header = next(lines, "")
    for pattern, kind in OTHER_TEXT.items():
        if re.match(pattern, header.lstrip(), re.IGNORECASE):
            raise InformationError(f"{file} is {kind}, not CSV: save the table as CSV (UTF-8).")
    above: list[str] = []
    row = header
    while row.startswith("#") and len(above) < MAX_COMMENTS:
        above.append(row)
        row = next(lines, "")
    comments, is_over = len(above), not row or row.startswith("#")
    if not is_over and any(_most_fields(line) != _most_fields(row) for line in above):
        raise InformationError(
            f"{file} begins with {number_of(comments, 'comment')} ({header.strip()[:40]!r}): remove "
            f"{'them' if comments > 1 else 'it'}, so that the first line names the columns."
        )
    return itertools.chain(above, [row] if row else [], lines)


def _most_fields(line: str) -> int:
    return max(map(line.count, SEPARATORS))


def _check_lines(file: Path, lines: Iterator[str], separator: str | None) -> tuple[str, int]:
    """The separator, and how many lines there are up to the last that is not blank."""
    lines = check_header(file, lines)
    header = next(lines, "")
    separator = separator or max(SEPARATORS, key=header.count)
    fields, is_plain, last = header.count(separator), '"' not in header, 1
    for number, line in enumerate(lines, 2):
        is_plain = is_plain and '"' not in line  # a quoted field may hold separators and line ends
        if not line.isspace():
            last = number
        if is_plain and last == number and line.count(separator) < fields:
            raise InformationError(
                f"{file}: line {number} has {number_of(line.count(separator) + 1, 'field')}, and the header "
                f"names {number_of(fields + 1, 'column')}: correct that line."
            )
    return separator, last


def _decoded_lines(file: Path, stream: Iterable[bytes], beginning: bytes) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(UTF_8)()
    for number, content in enumerate(stream, 1):
        try:
            text = decoder.decode(content)
        except UnicodeDecodeError as error:
            if CONTROL.search(beginning):
                raise InformationError(f"{file} is no text: save the table as CSV (UTF-8).") from error
            raise InformationError(
                f"{file} is not UTF-8: line {number} holds the byte "
                f"0x{error.object[error.start]:02x} at position "
                f"{error.start + 1}. Save it as UTF-8, for example: iconv -f latin1 -t utf-8."
            ) from error
        if "\0" in text:
            raise InformationError(f"{file} is no text: line {number} holds a zero byte. Save it as CSV.")
        yield text


def _utf_16_lines(file: Path, stream: gzip.GzipFile | io.BufferedReader) -> Iterator[str]:
    try:
        for line in io.TextIOWrapper(stream, UTF_16, newline="\n"):
            if "\0" in line:
                raise InformationError(f"{file} is no text: it holds a zero byte. Save it as CSV (UTF-8).")
            yield line
    except UnicodeError as error:
        raise InformationError(BROKEN_UTF_16.format(file)) from error
