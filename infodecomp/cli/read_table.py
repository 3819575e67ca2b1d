"""Read a CSV table for `decompose`, with errors that say what to do."""

import codecs
import difflib
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from infodecomp.bottleneck.features import MAX_CATEGORIES
from infodecomp.bottleneck.preprocessing import MIN_ROWS, column_array
from infodecomp.errors import InformationError

MEMORY_FACTOR = 8  # bytes of memory for each byte of the file while it is read


class Table(NamedTuple):
    """Features and target of a file.

    Attributes
    ----------
    X : DataFrame
        The columns to fit.
    y : ndarray of shape (n_samples,)
        The target.
    notes : list of str
        What was left out, for the reader.
    dates : list of str
        Columns of dates.
    """

    X: pd.DataFrame
    y: np.ndarray
    notes: list[str]
    dates: list[str]


def read_table(
    file: Path, target: str, ignore: tuple[str, ...] = (), categorical: tuple[str, ...] = ()
) -> Table:
    """Read a CSV file (UTF-8, with a header; commas, semicolons or tabs).

    Rows without a target and columns of one value are left out, with a note. Text that is an ISO 8601 date
    in every row becomes a date.

    Parameters
    ----------
    file : Path
    target : str
        Name of the target's column.
    ignore : tuple of str
        Columns to leave out.
    categorical : tuple of str
        Columns whose values are names.

    Raises
    ------
    InformationError
        For a file that is missing, empty, not UTF-8 or too large for the memory, for unknown columns, for
        text with too many different values, and for a target that is constant or names rows.
    """
    frame = _read(file)
    for name in (target, *ignore):
        check_column(name, list(frame.columns), file)
    absent, notes = frame[target].isna(), []
    if absent.any():
        notes.append(f"{absent.sum():,} of {len(frame):,} rows have no {target} and were left out.")
        frame = frame[~absent]
    if frame.empty:
        raise InformationError(f"{target!r} is missing in every row of {file}: choose another target.")
    _check_target(target, frame[target], file)
    X = frame.drop(columns=[target, *ignore])
    single = [name for name in X if X[name].nunique(dropna=False) < 2]
    if single:
        notes.append(f"One value everywhere, so without information and left out: {', '.join(single)}.")
        X = X.drop(columns=single)
    if X.shape[1] == 0:
        raise InformationError(
            f"No column of {file} that is left has two values or more, so there is nothing to decompose: "
            "add a column that varies."
        )
    dates = [name for name in X if name not in categorical and _is_date(X[name])]
    for name in dates:
        X[name] = pd.to_datetime(X[name], format="ISO8601", utc=True).dt.tz_localize(None)
    for name in X:
        _check_categories(name, X[name], name in categorical)
    return Table(X, np.asarray(column_array(target, frame[target])), notes, dates)


def _is_date(values: pd.Series) -> bool:
    """Whether every cell is a date, with or without a time, as in 2026-11-21 or 2026-11-21T17:30."""
    if (
        pd.api.types.is_numeric_dtype(values)
        or not values.dropna().astype(str).str.match(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d|$)").all()
    ):
        return False
    return bool(
        pd.to_datetime(values, format="ISO8601", utc=True, errors="coerce").notna().eq(values.notna()).all()
    )


def _check_target(name: str, values: pd.Series, file: Path) -> None:
    if len(values) < MIN_ROWS:
        raise InformationError(
            f"{file} has {len(values)} row{'s' * (len(values) > 1)} with a {name}: "
            f"give at least {MIN_ROWS}, better hundreds."
        )
    different = values.nunique()
    if different < 2:
        raise InformationError(
            f"The target {name!r} is {values.iloc[0]} in every row, so there is nothing to predict: "
            "choose another target."
        )
    if not pd.api.types.is_numeric_dtype(values) and different > min(MAX_CATEGORIES, len(values) // 2):
        raise InformationError(
            f"The target {name!r} holds {different:,} different texts in {len(values):,} rows: "
            "these name rows, not "
            "classes. Choose another target; if they are numbers, write them with a decimal "
            "point and without units."
        )


def check_column(name: str, names: list[str], file: Path) -> None:
    """Raise InformationError, with the nearest name, if a table has no such column."""
    if name not in names:
        near = difflib.get_close_matches(name, names, 1, 0.4)
        shown = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
        raise InformationError(
            f"{file} has no column {name!r}"
            + (f"; did you mean {near[0]!r}?" if near else ".")
            + f" It has {shown}."
        )


def _check_categories(name: str, values: pd.Series, categorical: bool) -> None:
    if categorical or column_array(name, values.head(200)).dtype.kind not in "iuf":
        different = values.nunique()
        if different > MAX_CATEGORIES:
            raise InformationError(
                f"{name!r} has {different:,} different texts in {len(values):,} rows, more than "
                f"{MAX_CATEGORIES:,}: "
                f"leave it out with --ignore {name}, or group its values first."
            )


def _read(file: Path) -> pd.DataFrame:
    try:
        size = file.stat().st_size
        if size == 0:
            raise InformationError(f"{file} is empty: it needs a header and rows.")
        _check_memory(file, size)
        separator = _check_text(file)
        frame = pd.read_csv(file, sep=separator, low_memory=False, encoding="utf-8-sig")
    except OSError as error:
        raise InformationError(f"{file} cannot be read: {error.strerror or error}.") from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InformationError(
            f"{file} is not a table that can be read ({str(error).strip()}): correct that line."
        ) from error
    if not isinstance(frame.index, pd.RangeIndex):  # pandas took the surplus fields for an index
        raise InformationError(
            f"{file} has {len(frame.columns)} names in its header but "
            f"{len(frame.columns) + frame.index.nlevels} fields in "
            "its rows: give every column a name."
        )
    frame.columns = [str(name).strip() for name in frame.columns]
    if frame.empty:
        raise InformationError(f"{file} has a header ({len(frame.columns)} columns) and no rows.")
    return frame


def _check_memory(file: Path, size: int) -> None:
    available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else None
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():  # includes caches that can be freed
        available = next(
            int(line.split()[1]) * 1024
            for line in meminfo.read_text().splitlines()
            if line.startswith("MemAvailable")
        )
    if available is not None and size * MEMORY_FACTOR > available:
        raise InformationError(
            f"{file} has {size / 1e9:.1f} GB; reading it takes up to "
            f"{size * MEMORY_FACTOR / 1e9:.1f} GB of memory and "
            f"{available / 1e9:.1f} GB are free: take a random part of its rows, or fewer columns."
        )


def _check_text(file: Path) -> str:
    """Check that the file is UTF-8, line by line, and return the separator of its header."""
    decoder, header = codecs.getincrementaldecoder("utf-8-sig")(), ""
    with file.open("rb") as stream:
        for line, content in enumerate(stream, 1):
            try:
                text = decoder.decode(content)
            except UnicodeDecodeError as error:
                raise InformationError(
                    f"{file} is not UTF-8: line {line} holds the byte "
                    f"0x{error.object[error.start]:02x} at position "
                    f"{error.start + 1}. Save it as UTF-8, for example: iconv -f latin1 -t utf-8."
                ) from error
            if line == 1:
                header = text
    return max(",;\t", key=header.count)
