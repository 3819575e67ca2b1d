"""Numbers and dates that a table holds as text: decimal commas, thousands marks, units, days first."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

PLACEHOLDERS = {"", "?", "-", "--", "–", "—", ".", "..", "*", "na", "n/a", "n.a.", "none", "null", "nan"}
NUMBER = re.compile(
    r"(?P<sign>[-+−]?)\s?(?P<before>[€$£¥]?)\s?"
    r"(?P<digits>[-+−]?\d[\d.,'’\u00a0\u202f ]*(?:[eE][-+]?\d+)?|[-+−]?[.,]\d+)"
    r"\s*(?P<unit>[^\d\s.,'’\-+][^\d]{0,11}|[^\d\s.,'’\-+]{1,6}[23²³]?)?"
)
GROUPED = re.compile(r"[-+−]?[1-9]\d{0,2}([.,])\d{3}(\1\d{3})*")
GROUPED_POINTS = re.compile(r"[-+−]?[1-9]\d{0,2}(\.\d{3})*|0")  # whole numbers
CLOCK = re.compile(r"([01]\d|2[0-3])[0-5]\d")  # 0730 is a time, and no postcode
MIN_CODE = 4  # digits
MAX_LENGTH = 40  # characters of a number with its unit
MOSTLY = 0.8  # of the different texts; from this share on, a column was probably meant to be of numbers
TIME = re.compile(r"\d{1,2}:[0-5]\d(:[0-5]\d)?")
DATE = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})([ T]\d{1,2}:\d\d(?::\d\d)?)?")

MONTHS = "january february march april may june july august september october november december".split()
NAMED_MONTH = re.compile(r"[A-Za-z\d][A-Za-z\d .,/-]{5,20}")
USUAL = np.datetime64("1500"), np.datetime64("2200")  # of dates; 4711-03 is rather the number of a part
YEAR_AND_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class TextReading(NamedTuple):
    """What the texts of a column were read as.

    Attributes
    ----------
    values : ndarray of float64 or datetime64, or None
        One for each text; NaN or NaT for a missing value. None if the texts are left as they are.
    note : str
        How they were read, or why they were not; empty if there is nothing to say.
    unit : str
        Of the numbers, empty if none was written.
    is_guess : bool
        Whether another reading would be possible.
    decimal : str
        The decimal mark of the numbers; empty for dates and where there are none.
    remedy : str
        Where the texts are left as they are: the one of `infodecomp.tables.advice.REMEDIES` that changes it.
    odd : int or None
        The position of the first text that is no number, where the others are.
    """

    values: np.ndarray | None
    note: str = ""
    unit: str = ""
    is_guess: bool = False
    decimal: str = ""
    remedy: str = ""
    odd: int | None = None


def read_numbers(texts: Sequence[str], decimal: str | None = None, separator: str = ",") -> TextReading:
    """Read different texts as numbers, if every one of them is a number or a placeholder.

    Parameters
    ----------
    texts : sequence of str
        The different texts of a column.
    decimal : {'.', ','}, optional
        The decimal mark; by default found from the texts.
    separator : str
        Of the file's columns. In a file separated by commas, 1,234 has a thousands mark; in others it may
        just as well have a decimal comma, and is not read as a number.
    """
    stripped = [text.strip() for text in texts]
    absent = [text.casefold() in PLACEHOLDERS for text in stripped]
    times = [TIME.fullmatch(text) for text in stripped]
    if any(times) and all(time or missing for time, missing in zip(times, absent)):
        shown = next(time[0] for time in times if time)
        return TextReading(None, f"holds times such as {shown!r}, read as names; write them in hours, as 7.5")
    found = [
        None if missing or len(text) > MAX_LENGTH else NUMBER.fullmatch(text)
        for text, missing in zip(stripped, absent)
    ]
    matches = [match for match in found if match is not None]
    n_texts = len(stripped) - sum(absent)
    if not matches:
        return TextReading(None)
    if len(matches) < n_texts:
        mostly = len(matches) >= MOSTLY * n_texts and n_texts >= 5
        others = (i for i, (match, gone) in enumerate(zip(found, absent)) if not match and not gone)
        return _mostly_numbers(stripped, next(others)) if mostly else TextReading(None)
    units = Counter((match["before"] or match["unit"] or "").strip() for match in matches)
    if len(units) > 1:
        usual, count = units.most_common(1)[0]
        if not usual and count >= MOSTLY * n_texts and n_texts >= 5:
            others = (i for i, match in enumerate(found) if match and (match["before"] or match["unit"]))
            return _mostly_numbers(stripped, next(others))
        shown = ", ".join(repr(unit) for unit in sorted(units)[:3])
        is_mixed = "" in units or len(units) <= 3
        return TextReading(None, f"has numbers in several units ({shown}), read as names" if is_mixed else "")
    bodies = [match["sign"] + match["digits"].strip() for match in matches]
    mark, note, is_guess = _decimal_mark(bodies, decimal, separator)
    if mark is None:
        return TextReading(None, note, remedy="decimal")
    try:
        numbers = iter([_to_float(body, mark) for body in bodies])
    except ValueError:  # such as 1.2.3
        if decimal is None or read_numbers(texts, None, separator).values is None:
            return TextReading(None)
        odd = next(body for body in bodies if not _is_number(body, mark))
        named = {".": "point", ",": "comma"}[mark]
        return TextReading(None, f"{odd!r} is no number with a decimal {named}", remedy="other decimal")
    values = np.array([np.nan if match is None else next(numbers) for match in found])
    (unit,) = units
    notes = [note] if note else []
    if unit:
        notes.append(f"unit {unit}")
    placeholders = sorted({text for text, gone in zip(stripped, absent) if gone and text})
    if placeholders:
        notes.append(f"{' '.join(map(repr, placeholders[:3]))} read as missing")
    return TextReading(values, "; ".join(notes), unit, is_guess, mark)


def are_codes(texts: Sequence[str]) -> bool:
    """Whether different texts are codes such as postcodes: digits, equally many in each, some with a leading
    zero, and no times of day."""
    return (
        any(text.startswith("0") for text in texts)
        and len({len(text) for text in texts}) == 1
        and len(texts[0]) >= MIN_CODE
        and all(text.isascii() and text.isdigit() for text in texts)
        and not all(map(CLOCK.fullmatch, texts))
    )


def are_grouped(texts: Sequence[str]) -> bool:
    """Whether different texts are whole numbers that may have points as thousands marks, as in 1.100."""
    stripped = [text.strip() for text in texts]
    present = [text for text in stripped if text.casefold() not in PLACEHOLDERS]
    return any("." in text for text in present) and all(map(GROUPED_POINTS.fullmatch, present))


def _mostly_numbers(texts: Sequence[str], odd: int) -> TextReading:
    note = f"holds numbers and the text {texts[odd][:30]!r}, so it is read as names"
    return TextReading(None, note, remedy="cell", odd=odd)


def _decimal_mark(bodies: list[str], decimal: str | None, separator: str) -> tuple[str | None, str, bool]:
    """The decimal mark of some numbers, a note about it, and whether it is a guess; None if it is unknown."""
    commas = [body for body in bodies if "," in body]
    if decimal is not None:
        if decimal == "," and not commas and any("." in body for body in bodies):
            return decimal, "points as thousands marks", False
        return decimal, ("decimal commas" if decimal == "," and commas else ""), False
    if not commas:
        many = any(body.count(".") > 1 for body in bodies)
        return (",", "points as thousands marks", False) if many else (".", "", False)
    both = next((body for body in commas if "." in body), None)
    if both is not None:
        mark = both[max(both.rfind("."), both.rfind(","))]
        return mark, "decimal commas" if mark == "," else "commas as thousands marks", False
    if not all(map(GROUPED.fullmatch, commas)):
        return ",", "decimal commas", False
    if any(body.count(",") > 1 for body in commas):
        return ".", "commas as thousands marks", False
    if separator == ",":
        return ".", "commas as thousands marks", True
    shown = commas[0]
    return None, f"{shown!r} may be {_to_float(shown, '.'):g} or {_to_float(shown, ','):g}", True


def _is_number(text: str, decimal: str) -> bool:
    try:
        _to_float(text, decimal)
    except ValueError:
        return False
    return True


def _to_float(text: str, decimal: str) -> float:
    thousands = "." if decimal == "," else ","
    plain = re.sub(r"[ '’\u00a0\u202f]", "", text).replace("−", "-").replace("+-", "-")
    if thousands in plain and not GROUPED.fullmatch(plain.split(decimal)[0]):
        raise ValueError(text)
    return float(plain.replace(thousands, "").replace(decimal, "."))


def read_dates(texts: Sequence[str]) -> TextReading:
    """Read different texts as dates, if every one of them is a date in the same order of day and month.

    Parameters
    ----------
    texts : sequence of str
        The different texts of a column: 2026-11-21, 2026-11-21T17:30, 21.11.2026, 11/21/2026 and the like,
        and 21 Nov 2026, November 2026 and 2026-11, which is the first of the month.
    """
    import pandas as pd

    stripped = [text.strip() for text in texts]
    months = _read_months(stripped)
    if months is not None:
        return months
    matches = [DATE.match(text) for text in stripped]
    found = [match for match in matches if match]
    if not found or len(found) < len(stripped):
        return TextReading(None)
    if all(len(match[1]) == 4 and match[2] == "-" for match in found):
        dates = pd.to_datetime(pd.Series(stripped), format="ISO8601", utc=True, errors="coerce")
        complete = dates.notna().all()
        return TextReading(dates.dt.tz_localize(None).to_numpy() if complete else None)
    if any(match[0] != text for match, text in zip(found, stripped)) or any(
        len(match[3 if len(match[1]) == 4 else 4]) not in (1, 2, 4) for match in found
    ):
        return TextReading(None)
    order, note, is_guess = _date_order(found)
    if order is None:
        return TextReading(None, note)
    mark, year = found[0][2], "%Y" if max(len(match[1]) for match in found) == 4 else None
    year = year or ("%Y" if len(found[0][4]) == 4 else "%y")
    clock = next((match[5] for match in found if match[5]), "")
    layout = mark.join(year if part == "y" else f"%{part}" for part in order)
    if clock:
        layout += clock[0] + ("%H:%M:%S" if clock.count(":") == 2 else "%H:%M")
    dates = pd.to_datetime(pd.Series(stripped), format=layout, errors="coerce")
    if dates.isna().any():
        return TextReading(None, f"holds dates that are not all written as {stripped[0]!r} is")
    return TextReading(dates.to_numpy(), note, is_guess=is_guess)


def _date_order(found: list[re.Match]) -> tuple[str | None, str, bool]:
    """The order of day, month and year, a note, and whether it is a guess."""
    if all(len(match[1]) == 4 for match in found):
        return "ymd", "dates, year first", False
    first, second = (max(int(match[i]) for match in found) for i in (1, 3))
    if first > 12 >= second:
        return "dmy", "dates, day first", False
    if second > 12 >= first:
        return "mdy", "dates, month first", False
    if found[0][2] == "." and first <= 12 and second <= 12:
        return "dmy", "dates, taken to have the day first", True
    shown = found[0][0]
    return None, f"{shown!r} may have the day or the month first; write dates as 2026-11-30", True


def _read_months(texts: Sequence[str]) -> TextReading | None:
    """Dates whose month is a name, and months without a day; None if one of the texts is neither."""
    dates, days = [], set()
    for text in texts:
        date = _date_with_month(text)
        if date is None:
            return None
        dates.append(date[0])
        days.add(date[1])
    if len(days) != 1:  # some with a day and some without
        return None
    if days.pop():
        return TextReading(np.array(dates, "datetime64[s]"), "dates")
    is_usual = all(USUAL[0] <= date < USUAL[1] for date in dates)
    note = "months" if is_usual else f"months, as {texts[0]!r} looks like one"
    return TextReading(np.array(dates, "datetime64[s]"), note, is_guess=not is_usual)


def _date_with_month(text: str) -> tuple[np.datetime64, bool] | None:
    """A date such as 21 Nov 2026, Nov 2026 or 2026-11, and whether it has a day; None for other texts."""
    if found := YEAR_AND_MONTH.fullmatch(text):
        return np.datetime64(f"{found[0]}-01"), False
    parts = re.findall(r"[A-Za-z]+|\d+", text) if NAMED_MONTH.fullmatch(text) else []
    names = [part.casefold() for part in parts if part.isalpha()]
    years = [part for part in parts if len(part) == 4 and part.isdigit()]
    days = [part for part in parts if len(part) <= 2 and part.isdigit()]
    if len(names) != 1 or len(years) != 1 or len(days) > 1 or len(parts) != 2 + len(days):
        return None
    named = [i for i, month in enumerate(MONTHS, 1) if len(names[0]) >= 3 and month.startswith(names[0])]
    try:
        return np.datetime64(f"{years[0]}-{named[0]:02}-{int(days[0]) if days else 1:02}"), bool(days)
    except (ValueError, IndexError):  # no such day, no such month
        return None
