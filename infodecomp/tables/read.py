"""Read a CSV table: features, target, and how each column was read; errors say what to do."""

import difflib
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infodecomp.bottleneck.features import affordable_levels
from infodecomp.bottleneck.preprocessing import MIN_ROWS, NO_WEIGHT, check_weights, column_array
from infodecomp.errors import InformationError, number_of
from infodecomp.tables.advice import Advice, ColumnError
from infodecomp.tables.columns import (
    LINE,
    SOME,
    ColumnReading,
    ReadColumns,
    check_categories,
    decimal_marks,
    doubt_points,
    has_decimal_commas,
    learn_levels,
    max_classes,
    read_column,
)
from infodecomp.tables.csv_text import MISSING, Dialect, check_csv
from infodecomp.tables.text_values import are_codes, are_grouped

NOTHING_VARIES = (
    "No column of {} that is left has two values or more, so there is nothing to decompose: add a column "
    "that varies."
)
MAX_TARGET = 1e150  # its square must be a number too


@dataclass(frozen=True)
class ReadOptions:
    """What a reader says about a table.

    Attributes
    ----------
    ignore : sequence of str
        Columns to leave out.
    kinds : mapping of column name to kind
        Columns that are not to be guessed.
    periods : mapping of column name to period
    separator, decimal : str, optional
        By default found from the file.
    levels : int, optional
        The most levels of a column of numbers; by default they follow the number of rows.
    held_out_by : str, optional
        A column that says which rows are held out together, and is no column to fit.
    weight : str, optional
        A column of weights of the rows, and no column to fit.
    """

    ignore: Sequence[str] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    periods: Mapping[str, float] = field(default_factory=dict)
    separator: str | None = None
    decimal: str | None = None
    levels: int | None = None
    held_out_by: str | None = None
    weight: str | None = None

    def unfitted(self, target: str) -> dict[str, str]:
        """What the columns beside the target are for that are not fitted, in the words of messages.

        Raises InformationError where one of them is the target.
        """
        roles = {self.held_out_by: "say which rows are held out", self.weight: "give the rows their weights"}
        found = {name: role for name, role in roles.items() if name is not None}
        if target in found:
            raise InformationError(f"The target {target!r} cannot {found[target]}: choose another column.")
        return found


@dataclass(frozen=True)
class Table(ReadColumns):
    """Features and target of a file.

    Attributes
    ----------
    X : DataFrame
        The columns to fit.
    y : ndarray of shape (n_samples,)
        The target.
    readings : list of ColumnReading
        One for each column of X.
    target : ColumnReading
    notes : list of str
        What was left out.
    separator : str
    held_out_values : Series of shape (n_samples,), optional
        The column that says which rows are held out together: numbers, dates, or text.
    weights : ndarray of float64, shape (n_samples,), optional
        Of the rows.
    """

    X: pd.DataFrame
    y: np.ndarray
    readings: list[ColumnReading]
    target: ColumnReading
    notes: list[str]
    separator: str
    held_out_values: pd.Series | None = None
    weights: np.ndarray | None = None


def read_frame(
    file: Path, separator: str | None = None, decimal: str | None = None
) -> tuple[pd.DataFrame, str]:
    """Read a CSV file (UTF-8 or UTF-16, with a header, also compressed by gzip) as it is, and its separator.

    Raises
    ------
    InformationError
        For a file that is no table; see `check_csv`.
    """
    dialect = check_csv(file, separator)
    written: dict[str, Any] = {
        "sep": dialect.separator,
        "encoding": dialect.encoding,
        "compression": "gzip" if dialect.compressed else None,
    }
    try:
        header = pd.read_csv(file, header=None, nrows=1, dtype=str, keep_default_na=False, **written)
        check_different([name for name in header.iloc[0] if name.strip()], str(file))  # pandas renames them
        written |= {"na_values": MISSING, "keep_default_na": False}
        frame = pd.read_csv(file, decimal=decimal or ".", low_memory=False, **written)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        message = str(error).strip().removeprefix("Error tokenizing data. C error: ")
        if found := re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message):
            named, line, fields = map(int, found.groups())
            remedy = (
                "correct that line" if named > 1 else "begin the file with the line that names the columns"
            )
            raise InformationError(
                f"{file}: line {line} has {number_of(fields, 'field')}, and the header names "
                f"{number_of(named, 'column')}: {remedy}."
            ) from error
        raise InformationError(
            f"{file} is not a table that can be read ({message}): correct that line."
        ) from error
    if not isinstance(frame.index, pd.RangeIndex):  # pandas took the surplus fields for an index
        raise InformationError(
            f"{file} has {number_of(len(frame.columns), 'name')} in its header but "
            f"{len(frame.columns) + frame.index.nlevels} fields in its rows: give every column a name."
        )
    frame.columns = [str(name).strip() for name in frame.columns]
    if frame.empty:
        raise InformationError(
            f"{file} has a header ({number_of(len(frame.columns), 'column')}) and no rows."
        )
    _keep_texts(frame, lambda **what: pd.read_csv(file, dtype=str, **what, **written), decimal, dialect)
    if len(frame) == dialect.lines - 1:
        frame.index = pd.RangeIndex(2, dialect.lines + 1, name=LINE)
    return frame, dialect.separator


def _keep_texts(
    frame: pd.DataFrame, read: Callable[..., pd.DataFrame], decimal: str | None, dialect: Dialect
) -> None:
    """Put texts in the place of numbers that say less: codes with leading zeros, and numbers with points
    as thousands marks in a table with decimal commas."""
    numeric = [i for i, dtype in enumerate(frame.dtypes) if dtype.kind in "iuf"]
    commas = decimal is None and has_decimal_commas(frame, dialect.separator)

    def say_more(texts: pd.Series) -> bool:
        different = texts.dropna().unique().tolist()
        return are_codes(different) or (commas and are_grouped(different))

    if not numeric:
        return
    beginning = read(usecols=numeric, nrows=SOME)
    candidates = [column for i, column in enumerate(numeric) if say_more(beginning.iloc[:, i])]
    whole = read(usecols=candidates) if candidates else beginning
    for i, column in enumerate(candidates):
        if say_more(whole.iloc[:, i]):
            frame.isetitem(column, whole.iloc[:, i].to_numpy(object))


def check_different(names: list[str], source: str) -> None:
    """Raise InformationError if two columns have one name, apart from blanks around it."""
    names = [name.strip() for name in names]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InformationError(f"{source} has two columns named {twice!r}: give each a name of its own.")


def read_table(file: Path, target: str, options: ReadOptions = ReadOptions()) -> Table:
    """Read a CSV file and decide what each column is.

    Rows without a target and columns of one value are left out, with a note. Text is read as numbers or
    dates where every cell is one.

    Parameters
    ----------
    file : Path
    target : str
        Name of the target's column.
    options : ReadOptions

    Raises
    ------
    InformationError
        For a file that is missing, empty, neither UTF-8 nor UTF-16, or too large for the memory, for unknown
        columns, for text with too many different values, and for a target that is constant or names rows.
    """
    frame, separator = read_frame(file, options.separator, options.decimal)
    return interpret(frame, str(file), target, options, separator)


def interpret(
    frame: pd.DataFrame, source: str, target: str, options: ReadOptions, separator: str = ","
) -> Table:
    """Decide what each column of a frame is; see `read_table`."""
    unfitted = options.unfitted(target)
    for name in (target, *options.ignore, *options.kinds, *unfitted):
        check_column(name, list(frame.columns), source)
    marks = decimal_marks(frame, options.decimal, separator)
    y, target_reading = read_column(
        target, frame[target], options.kinds.get(target), marks[target], separator
    )
    absent, notes = np.asarray(pd.isna(y)), []
    if absent.all():
        raise InformationError(f"{target!r} is missing in every row of {source}: choose another target.")
    if absent.any():
        notes.append(f"{absent.sum():,} of {len(frame):,} rows have no {target} and were left out.")
        frame, y = frame[~absent], y[~absent]
    has_classes = options.kinds.get(target) == "categorical"
    _check_target(target_reading, y, source, has_classes)
    others = {}
    for name in unfitted:
        values, _ = read_column(name, frame[name], None, marks[name], separator)
        others[name] = np.asarray(values)
    notes += unfitted_notes(options)
    X = frame.drop(columns=[target, *{*options.ignore, *unfitted} - {target}])
    single = [name for name in X if X[name].nunique(dropna=False) < 2]
    if single:
        notes.append(f"One value everywhere, so without information and left out: {', '.join(single)}.")
        X = X.drop(columns=single)
    if X.shape[1] == 0:
        raise InformationError(NOTHING_VARIES.format(source))
    read, found, repeated = {}, [], _RepeatedColumns(target, y)
    for name in X:
        kind = options.kinds.get(name) or ("circular" if name in options.periods else None)
        values, reading = read_column(name, X[name], kind, marks[name], separator)
        check_categories(reading, len(X))
        if _is_one_number(values, reading.kind):
            notes.append(
                f"The values of {name} are one number in a computer's precision, and it is left out."
            )
            continue
        found.append(repeated.warn(reading, values))
        read[name] = values
    if not found:
        raise InformationError(NOTHING_VARIES.format(source))
    if options.decimal is None:
        target_reading, *found = doubt_points([target_reading, *found], frame)
    y = np.asarray(column_array(target, pd.Series(y)))
    kinds = [reading.kind for reading in found]
    limits = affordable_levels(kinds, options.levels, len(X), has_classes or y.dtype.kind not in "iuf")
    readings = [
        learn_levels(reading.name, read[reading.name], reading, options.periods.get(reading.name), limits)
        for reading in found
    ]
    weights = None if options.weight is None else check_weight_column(options.weight, others[options.weight])
    if weights is not None and not weights.any():
        raise InformationError(NO_WEIGHT.format(repr(options.weight)))
    held_out_by = options.held_out_by
    return Table(
        pd.DataFrame(read),
        y,
        readings,
        replace(
            target_reading,
            warning=_target_warning(target, y, options.kinds.get(target)) or target_reading.warning,
        ),
        notes,
        separator,
        None if held_out_by is None else pd.Series(others[held_out_by], name=held_out_by),
        weights,
    )


def _is_one_number(values: np.ndarray, kind: str) -> bool:
    """Whether numbers that differ in writing are all the same to a computer, as 2^60 and 2^60 + 1."""
    if values.dtype.kind not in ("f" if kind == "categorical" else "iuf"):
        return False
    numbers = values.astype(float)
    return len(numbers) > 0 and bool((numbers == numbers[0]).all())


def unfitted_notes(options: ReadOptions) -> list[str]:
    """A sentence for each column that is not fitted."""
    notes = []
    if options.held_out_by is not None:
        notes.append(f"{options.held_out_by} says which rows are held out, and is not fitted.")
    if options.weight is not None:
        notes.append(f"{options.weight} is the weight of each row, and is not fitted.")
    return notes


def check_weight_column(name: str, values: np.ndarray) -> np.ndarray:
    """Weights as numbers; raises InformationError for anything else than numbers from 0 on."""
    if values.dtype.kind not in "biuf":
        raise InformationError(f"{name!r} holds {str(values[0])[:40]!r}: weights are numbers from 0 on.")
    weights = values.astype(float)
    check_weights(weights, repr(name))
    return weights


def check_column(name: str, names: list[str], source: str) -> None:
    """Raise InformationError, with the nearest name, if a table has no such column."""
    if name not in names:
        plain = {one.casefold(): one for one in names}
        near = [plain[one] for one in difflib.get_close_matches(name.strip().casefold(), plain, 1, 0.4)]
        shown = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
        raise InformationError(
            f"{source} has no column {name!r}"
            + (f"; did you mean {near[0]!r}?" if near else ".")
            + f" It has {shown}."
        )


def _check_target(reading: ColumnReading, values: np.ndarray, source: str, has_classes: bool) -> None:
    name = reading.name
    if len(values) < MIN_ROWS:
        raise InformationError(
            f"{source} has {number_of(len(values), 'row')} with a {name}: "
            f"give at least {MIN_ROWS}, better hundreds."
        )
    different = pd.Series(values).nunique()
    if different < 2:
        raise InformationError(
            f"The target {name!r} is {values[0]} in every row, so there is nothing to predict: "
            "choose another target."
        )
    if _is_one_number(values, reading.kind):
        finding = f"The values of the target {name!r} are one number in a computer's precision"
        if different <= max_classes(len(values)):
            raise ColumnError(Advice(name, finding, "classes"))
        raise InformationError(f"{finding}: choose another target.")
    if values.dtype.kind not in "iufM" and different > max_classes(len(values)):
        if reading.warning is not None and "decimal" in reading.warning.remedy:
            raise ColumnError(replace(reading.warning, finding=f"The target {reading.warning.finding}"))
        if reading.warning is not None and reading.warning.remedy in ("", "cell"):
            raise InformationError(
                f"The target {reading.warning.finding}, and {different:,} of {len(values):,} names differ: "
                "correct its cells, or choose another target."
            )
        raise InformationError(
            f"The target {name!r} holds {different:,} different texts in {len(values):,} rows: "
            "these name rows, not "
            "classes. Choose another target; if they are numbers, write them with a decimal "
            "point and without units."
        )
    if values.dtype.kind == "f" and np.isfinite(values).all() and np.abs(values).max() > MAX_TARGET:
        raise InformationError(
            f"The target {name!r} holds {values[np.abs(values).argmax()]:g}: give numbers of at most "
            f"{MAX_TARGET:g} in size, in other units."
        )
    if has_classes:
        check_classes(name, values)


def check_classes(name: str, values: np.ndarray) -> None:
    """Raise ColumnError if a target that is to be of classes holds numbers that are none."""
    if values.dtype.kind not in "iuf":
        return
    fractions = values[values != np.floor(values)]
    if len(fractions):
        finding = f"The target {name!r} holds {fractions[0]:g}, and classes are whole numbers"
        raise ColumnError(Advice(name, finding, "no classes"))
    if len(np.unique(values)) == len(values):
        finding = f"The target {name!r} has another number in every row, and a class is in several rows"
        raise ColumnError(Advice(name, finding, "no classes"))


def _target_warning(name: str, y: np.ndarray, kind: str | None) -> Advice | None:
    if kind is None and y.dtype.kind in "iuf" and len(np.unique(y)) == 2:
        low, high = np.unique(y)
        finding = f"the target {name} is {low:g} or {high:g} and is predicted as a number"
        return Advice(name, finding, "classes")
    return None


class _RepeatedColumns:
    """Finds columns that say the same as the target or as an earlier column, row by row."""

    def __init__(self, target: str, y: np.ndarray):
        self._target = target
        self._names = {self._code(y): target}

    def warn(self, reading: ColumnReading, values: np.ndarray) -> ColumnReading:
        """The reading, with a warning if its column is another one under a new name."""
        name = reading.name
        same = self._names.setdefault(self._code(values), name)
        if same == name or (reading.warning and same != self._target):
            return reading
        says = f"{name} says exactly what {same} is, row by row"
        if same != self._target:
            says += ", so either can carry the bits of both"
        return replace(reading, warning=Advice(name, says, "ignore"))

    @staticmethod
    def _code(values: np.ndarray) -> bytes:
        """A digest of which rows have the same value; where nearly all differ, of their order."""
        codes, uniques = pd.factorize(values, use_na_sentinel=False)
        if values.dtype.kind in "iufM" and 2 * len(uniques) > len(values):
            present = ~pd.isna(values)
            _, ranks = np.unique(values[present], return_inverse=True)
            falling = ranks.max() - ranks
            different = np.flatnonzero(ranks != falling)  # the first row of which decides the direction
            is_rising = not len(different) or ranks[different[0]] < falling[different[0]]
            codes = np.full(len(values), -1)
            codes[present] = ranks if is_rising else falling
            codes[present] += len(values)  # no code of names that all differ
        return hashlib.blake2b(codes.astype(np.int64).tobytes()).digest()
