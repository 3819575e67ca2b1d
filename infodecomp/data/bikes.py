"""The bike rentals of Washington, D.C.: 17,379 hours of 2011 and 2012, with twelve features each.

Source: Fanaee-T (2013), UCI Machine Learning Repository, doi 10.24432/C5W894, CC BY 4.0. The changes made
here are listed in infodecomp/data/README.md.
"""

import csv
import gzip
import hashlib
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from infodecomp.errors import InformationError

SHA256 = "c682964220767a0da38338c6755991ab183c3563752e9422b25203b772da1624"
ATTRIBUTION = "Bike Sharing data: Fanaee-T & Gama (2013), UCI Machine Learning Repository, CC BY 4.0"
TARGET = "count"
KINDS = {
    "season": "categorical",
    "year": "ordinal",
    "month": "circular",
    "hour": "circular",
    "holiday": "categorical",
    "weekday": "circular",
    "workingday": "categorical",
    "weather": "categorical",
    "temperature": "continuous",
    "apparent_temperature": "continuous",
    "humidity": "continuous",
    "wind": "continuous",
}
FEATURES = tuple(KINDS)
PERIODS = {"month": 12, "hour": 24, "weekday": 7}
LABELS = {"workingday": "working day", "apparent_temperature": "feels like"}
UNITS = {"temperature": "°C", "apparent_temperature": "°C", "humidity": "%", "wind": "km/h"}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


class Split(NamedTuple):
    """Row numbers of a split, int64 and ascending.

    Attributes
    ----------
    training, validation, test : ndarray of shape (n_rows,)
    """

    training: np.ndarray
    validation: np.ndarray
    test: np.ndarray


@dataclass(frozen=True)
class Bikes:
    """The hours of the data set, in the order of time.

    Attributes
    ----------
    columns : dict of str to ndarray of shape (17379,)
        The twelve features in natural units.
    count : ndarray of float64, shape (17379,)
        Rentals in each hour.
    date : ndarray of datetime64[D], shape (17379,)
    """

    columns: dict[str, np.ndarray]
    count: np.ndarray
    date: np.ndarray


@cache
def load_bikes() -> Bikes:
    """Read the data set; it is cached. Raises InformationError if the file is missing or is not the shipped
    one."""
    file = files("infodecomp") / "data" / "bikes.csv.gz"
    try:
        compressed = file.read_bytes()
    except OSError as error:
        raise InformationError(
            f"The bike rentals are missing ({error}); install the package again."
        ) from error
    found = hashlib.sha256(compressed).hexdigest()
    if found != SHA256:
        raise InformationError(
            f"The bike rentals are damaged: their sha256 begins {found[:12]}, not {SHA256[:12]}; "
            "install the package again."
        )
    rows = csv.DictReader(io.StringIO(gzip.decompress(compressed).decode()))
    columns: dict[str, list[str]] = {name: [] for name in rows.fieldnames or ()}
    for row in rows:
        for name, value in row.items():
            columns[name].append(value)
    date = np.array(columns.pop("date"), "datetime64[D]")
    count = np.array(columns.pop(TARGET), float)
    return Bikes({name: _column(name, values) for name, values in columns.items()}, count, date)


def sample_csv(n_rows: int, seed: int = 0) -> bytes:
    """Some random hours in the order of time as a CSV file, with names in words.

    Parameters
    ----------
    n_rows : int
        At most all hours are there.
    seed : int
    """
    bikes = load_bikes()
    n = len(bikes.count)
    chosen = np.sort(np.random.default_rng(seed).choice(n, min(n_rows, n), replace=False))
    table = {LABELS.get(name, name): column[chosen] for name, column in bikes.columns.items()}
    table[TARGET] = bikes.count[chosen].astype(np.int64)
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n")
    write.writerow(table)
    write.writerows(zip(*(column.tolist() for column in table.values())))
    return text.getvalue().encode()


def _column(name: str, values: list[str]) -> np.ndarray:
    if name in ("season", "weather"):
        return np.array(values)
    return np.array(values, float if name == "temperature" else np.int64)


def split_bikes(seed: int = 0) -> Split:
    """Split the hours at random into 64% for training, 16% for validation and 20% for testing.

    Parameters
    ----------
    seed : int
        The same seed gives the same split.
    """
    n = len(load_bikes().count)
    order = np.random.default_rng(seed).permutation(n)
    first, second = round(0.64 * n), round(0.8 * n)
    return Split(*(np.sort(part) for part in (order[:first], order[first:second], order[second:])))


def value_name(feature: str, value: Any) -> str:
    """Format a value for readers: 'March', '17:00', 'Friday', '21.4 °C'.

    Parameters
    ----------
    feature : str
        One of FEATURES.
    value : str, int or float
        In the units of the data set.
    """
    if feature == "month":
        return MONTHS[int(value) - 1]
    if feature == "weekday":
        return WEEKDAYS[int(value)]
    if feature == "hour":
        return f"{int(value)}:00"
    if feature in ("holiday", "workingday"):
        return "yes" if int(value) else "no"
    if feature in UNITS:
        number = f"{value:.1f}" if feature == "temperature" else f"{int(value)}"
        unit = UNITS[feature]
        return f"{number}{'' if unit == '%' else ' '}{unit}".replace("-", "−")
    return str(value)
