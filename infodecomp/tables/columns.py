"""What each column of a table is taken for, with warnings for a reader who may know better."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from infodecomp.bottleneck.features import KINDS, MAX_CATEGORIES, Column, Feature, LevelLimits, learn_feature
from infodecomp.bottleneck.preprocessing import category_order, column_array
from infodecomp.tables.advice import Advice, ColumnError
from infodecomp.tables.text_values import are_codes, are_grouped, read_dates, read_numbers

if TYPE_CHECKING:
    import pandas as pd

CIRCLES = {  # names of columns whose numbers usually wrap around: lowest and highest value, period
    "hour": (0, 23, 24),
    "hr": (0, 23, 24),
    "month": (1, 12, 12),
    "mnth": (1, 12, 12),
    "weekday": (0, 7, 7),
    "dayofweek": (0, 7, 7),
    "minute": (0, 59, 60),
    "direction": (0, 360, 360),
    "angle": (0, 360, 360),
}
LINE = "line"  # the name of an index that counts the lines of a file
MIN_NAMES = 20  # different texts; fewer are not called names of rows
EXACT = 2**53  # the last of the whole numbers that differ from their neighbours as floats
SOME = 1000  # values of a column that tell how it is written
MAX_EXAMPLE = 24  # characters


@dataclass(frozen=True)
class ColumnReading:
    """How a column was read.

    Attributes
    ----------
    name : str
    kind : str
        'categorical', 'ordinal', 'circular', 'continuous' or 'date'; empty for a column that is left out.
    different, missing : int
        Different values, and rows without one.
    examples : tuple of str
        A few values as the file writes them.
    note : str
        How text was read, in a few words.
    warning : Advice or None
        What a reader should check, and how to correct it.
    unit : str
    decimal : str
        The decimal mark of text that was read as numbers; empty for all others.
    period : float or None
        Of a circular column.
    levels : int
        Levels that the fit distinguishes, with the one for missing values.
    """

    name: str
    kind: str
    different: int
    missing: int
    examples: tuple[str, ...]
    note: str = ""
    warning: Advice | None = None
    unit: str = ""
    decimal: str = ""
    period: float | None = None
    levels: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The fields as JSON-compatible values, with the warning as a shell says it."""
        warning = "" if self.warning is None else self.warning.in_shell
        return asdict(self) | {"examples": list(self.examples), "warning": warning}

    def counted(self, feature: Feature) -> "ColumnReading":
        """The reading with the levels and the period of the feature that was learnt from it."""
        return replace(self, levels=feature.n_levels, period=feature.period)


class ReadColumns:
    """How the columns of a table are read, as an estimator and a reader want to know it."""

    readings: list[ColumnReading]
    target: ColumnReading

    @property
    def warnings(self) -> list[Advice]:
        """What the reader should check, the target first."""
        return [reading.warning for reading in (self.target, *self.readings) if reading.warning]

    @property
    def dates(self) -> list[str]:
        """Columns of dates."""
        return [reading.name for reading in self.readings if reading.kind == "date"]

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of each column, as an estimator takes it."""
        return {
            reading.name: "continuous" if reading.kind == "date" else reading.kind
            for reading in self.readings
        }

    @property
    def periods(self) -> dict[str, float]:
        """The periods of circular columns."""
        return {reading.name: reading.period for reading in self.readings if reading.period is not None}


def read_column(
    name: str, values: "pd.Series", kind: str | None, decimal: str | None, separator: str
) -> tuple[np.ndarray, ColumnReading]:
    """Decide what a column is, and convert it.

    Parameters
    ----------
    name : str
    values : Series of shape (n_samples,)
        As pandas reads it from CSV: numbers, booleans or text.
    kind : str, optional
        One of KINDS, if the reader has said so.
    decimal, separator : str
        See `read_numbers`.

    Returns
    -------
    ndarray or Categorical of shape (n_samples,)
        Numbers, dates or categories; a Categorical if these are in order.
    ColumnReading
    """
    import pandas as pd

    codes, uniques = pd.factorize(values)  # missing values are -1
    missing, examples = int((codes < 0).sum()), tuple(_shown(value) for value in uniques[:3])
    reading = ColumnReading(name, kind or "categorical", len(uniques), missing, examples)
    if kind in (None, "categorical") and isinstance(values.dtype, pd.CategoricalDtype) and values.cat.ordered:
        return values.array, replace(reading, kind="categorical", note="in order")
    if pd.api.types.is_bool_dtype(values):
        return np.asarray(values), replace(reading, kind=kind or "categorical")
    if pd.api.types.is_numeric_dtype(values):
        warning = None if kind else _number_warning(name, values, uniques)
        if kind == "categorical":  # 1.0 and 1 are the same name
            return column_array(name, values), reading
        return column_array(name, values), replace(reading, kind=kind or "continuous", warning=warning)
    if kind != "categorical" and missing < len(values) and all(isinstance(value, date) for value in uniques):
        return column_array(name, values), replace(reading, kind=kind or "date")
    if kind == "categorical" or not all(isinstance(value, str) for value in uniques):
        return column_array(name, values), reading
    has_codes = are_codes(uniques.tolist())
    if kind is None and has_codes and len(uniques) <= max_classes(len(values) - missing):
        return column_array(name, values), replace(reading, note="leading zeros, so names")
    for parse, new_kind in (
        (read_dates, "date"),
        (lambda texts: read_numbers(texts, decimal, separator), "continuous"),
    ):
        text = parse(uniques.tolist())
        if text.values is not None:
            blank = np.datetime64("NaT", "s") if text.values.dtype.kind == "M" else np.nan
            converted = np.append(text.values, blank)[codes]  # code -1 is the last one
            absent = np.isnat(converted) if text.values.dtype.kind == "M" else np.isnan(converted)
            finding = f"{name} is text, read by guess ({text.note})"
            return converted, replace(
                reading,
                kind=kind or new_kind,
                different=len(np.unique(converted[~absent])),
                missing=int(absent.sum()),
                note=text.note or ("without leading zeros" if has_codes else "text"),
                warning=Advice(name, finding, "categorical") if text.is_guess else None,
                unit=text.unit,
                decimal=text.decimal,
            )
        if text.note:
            note = text.note
            if text.odd is not None:
                note = note.replace("and the", f"and, in {_place(values, codes == text.odd)}, the", 1)
            reading = replace(reading, warning=Advice(name, f"{name}: {note}", text.remedy))
    if not reading.warning and _names_rows(len(uniques), len(values) - missing):
        finding = f"{name} has {len(uniques):,} different texts in {len(values):,} rows and may name rows"
        reading = replace(reading, warning=Advice(name, finding, "ignore"))
    return column_array(name, values), reading


def max_classes(n_rows: int) -> int:
    """The most different texts that are called classes, and not names of rows."""
    return min(MAX_CATEGORIES, n_rows // 2)


def decimal_marks(frame: "pd.DataFrame", decimal: str | None, separator: str) -> dict[str, str | None]:
    """The decimal mark of each column, None where its texts have to say: beside decimal commas, 1.100
    is 1100.

    Parameters
    ----------
    frame : DataFrame
        Text that may have points as thousands marks is text there; see `infodecomp.tables.read.read_frame`.
    decimal, separator : str
        See `read_numbers`.
    """
    grouped = [name for name in frame if decimal is None and are_grouped(_different_texts(frame[name]))]
    if grouped and not has_decimal_commas(frame, separator):
        grouped = []
    return {name: "," if name in grouped else decimal for name in frame}


def has_decimal_commas(frame: "pd.DataFrame", separator: str) -> bool:
    """Whether a column of text has numbers with decimal commas, judged by some of its values."""
    some = (_different_texts(frame[name])[:SOME] for name in frame)
    return any(texts and read_numbers(texts, None, separator).decimal == "," for texts in some)


def _different_texts(values: "pd.Series") -> list[str]:
    """The different values of a column of text; empty for all others."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values):
        return []
    uniques = values.dropna().unique().tolist()
    return uniques if all(isinstance(value, str) for value in uniques) else []


def _place(values: "pd.Series", is_there: np.ndarray) -> str:
    """Where the first of some cells is: its line, if the rows of the file are its lines, or its row."""
    label = values.index[int(is_there.argmax())]
    return f"line {label}" if values.index.name == LINE else f"row {label + 1}"


def doubt_points(readings: list[ColumnReading], frame: "pd.DataFrame") -> list[ColumnReading]:
    """The readings, with a warning where points may be thousands marks: others have decimal commas.

    Parameters
    ----------
    readings : list of ColumnReading
    frame : DataFrame
        The columns as they were before they were read.
    """
    other = next((reading.name for reading in readings if reading.decimal == ","), None)
    return [
        reading
        if other is None or reading.warning or not _may_be_grouped(frame[reading.name])
        else replace(
            reading,
            warning=Advice(
                reading.name,
                f"{reading.name} is read with decimal points, and {other} has decimal commas",
                "thousands",
            ),
        )
        for reading in readings
    ]


def _may_be_grouped(values: "pd.Series") -> bool:
    """Whether numbers with a point, as in 1.5, may be thousands, as in 1.500."""
    if values.dtype.kind != "f":
        return False
    present = values.dropna().to_numpy()
    if not (present != np.floor(present)).any() or ((present != 0) & (abs(present) < 1)).any():
        return False  # 0.101 is no thousand
    thousandths = 1000 * present
    return np.allclose(thousandths, np.round(thousandths), rtol=0, atol=1e-6)


def learn_levels(
    name: str,
    values: np.ndarray,
    reading: ColumnReading,
    period: float | None,
    limits: LevelLimits,
) -> ColumnReading:
    """The reading with its levels as a fit finds them; raises InformationError where it could not."""
    kind = reading.kind if reading.kind in KINDS else "continuous"
    column = Column(name, column_array(name, values), kind, period, category_order(name, values))
    return reading.counted(learn_feature(column, limits))


def check_categories(reading: ColumnReading, n_rows: int) -> None:
    """Raise ColumnError for a column with too many different names."""
    if reading.kind == "categorical" and reading.different > MAX_CATEGORIES:
        finding = (
            f"{reading.name!r} has {reading.different:,} different texts in {n_rows:,} rows, more than "
            f"{MAX_CATEGORIES:,}"
        )
        raise ColumnError(Advice(reading.name, finding, "shorten"))


def readings_table(readings: list[ColumnReading]) -> str:
    """The readings for a terminal, one line each."""
    heads = ("column", "kind", "levels", "missing", "period", "examples")
    rows = [
        (
            _short(reading.name, 28),
            reading.kind or "left out",
            _levels(reading),
            f"{reading.missing:,}" if reading.missing else "",
            f"{reading.period:g}" if reading.period is not None else "",
            " · ".join(reading.examples) + (f"  ({reading.note})" if reading.note else ""),
        )
        for reading in readings
    ]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads) - 1)]
    lines = []
    for row in [heads, *rows]:
        cells = [
            f"{cell:>{width}}" if i in (2, 3, 4) else f"{cell:<{width}}"
            for i, (cell, width) in enumerate(zip(row, widths))
        ]
        lines.append("  " + "  ".join([*cells, row[-1]]).rstrip())
    return "\n".join(lines)


def _levels(reading: ColumnReading) -> str:
    """How many levels the fit tells apart, and of how many values if they are fewer."""
    if not reading.levels:
        return ""
    fewer = reading.levels < reading.different
    return f"{reading.levels:,} of {reading.different:,}" if fewer else f"{reading.levels:,}"


def _number_warning(name: str, values: "pd.Series", uniques: Any) -> Advice | None:
    present = values.dropna()
    plain = "".join(letter for letter in name.casefold() if letter.isalpha())
    whole = len(uniques) and bool((present == np.floor(present)).all())
    low, high = (present.min(), present.max()) if len(present) else (0, 0)
    if plain in CIRCLES and whole and len(uniques) > 2:
        least, most, period = CIRCLES[plain]
        if least <= low and high <= most:
            return Advice(name, f"{name} may wrap around", "circular", period)
    if values.dtype.kind in "iu" and max(abs(int(low)), abs(int(high))) > EXACT:
        finding = f"{name} has whole numbers beyond 2^53, whose last digits are lost, and may name rows"
        return Advice(name, finding, "ignore")
    counts_rows = whole and len(present) == len(uniques) == high - low + 1 and len(present) >= MIN_NAMES
    if counts_rows:
        return Advice(name, f"{name} has another number in every row and may count the rows", "ignore")
    return None


def _names_rows(different: int, n_rows: int) -> bool:
    return different >= MIN_NAMES and different > n_rows / 2


def _shown(value: Any) -> str:
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return f"{value:g}" if abs(float(value)) < 1e15 else f"{value:.3g}"
    text = str(value).removesuffix(" 00:00:00")  # of a day
    return _short(" ".join(text.split()), MAX_EXAMPLE)


def _short(text: str, length: int) -> str:
    printable = "".join(letter if letter.isprintable() else "·" for letter in text)
    return printable if len(printable) <= length else printable[: length - 1] + "…"
