"""The bike rentals of Washington, D.C.: 17,379 hours of 2011 and 2012, with twelve features each.

Source: Fanaee-T (2013), UCI Machine Learning Repository, doi 10.24432/C5W894, CC BY 4.0; what was changed is said in
infodecomp/data/README.md.
"""

import csv
import gzip
import hashlib
import io
from functools import cache
from importlib.resources import files
from typing import NamedTuple

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
    """Row numbers, int64, each ascending: shapes (n_training,), (n_validation,), (n_test,)."""

    training: np.ndarray
    validation: np.ndarray
    test: np.ndarray


class Bikes(NamedTuple):
    """columns: the twelve features in natural units, each of shape (17379,); count: rentals an hour, float64 (17379,);
    date: datetime64[D] (17379,). The rows stand in the order of time."""

    columns: dict[str, np.ndarray]
    count: np.ndarray
    date: np.ndarray


@cache
def load_bikes() -> Bikes:
    """The data set, read once. Raises InformationError where the file is missing or is not what was shipped."""
    file = files("infodecomp") / "data" / "bikes.csv.gz"
    try:
        packed = file.read_bytes()
    except OSError as error:
        raise InformationError(
            f"The bike rentals are missing ({error}); install the package again."
        ) from error
    found = hashlib.sha256(packed).hexdigest()
    if found != SHA256:
        raise InformationError(
            f"The bike rentals are damaged: their sha256 begins {found[:12]}, not {SHA256[:12]}; install the package again."
        )
    rows = csv.DictReader(io.StringIO(gzip.decompress(packed).decode()))
    columns = {name: [] for name in rows.fieldnames}
    for row in rows:
        for name, value in row.items():
            columns[name].append(value)
    date = np.array(columns.pop("date"), "datetime64[D]")
    count = np.array(columns.pop(TARGET), float)
    return Bikes({name: _column(name, values) for name, values in columns.items()}, count, date)


def _column(name: str, values: list[str]) -> np.ndarray:
    if name in ("season", "weather"):
        return np.array(values)
    return np.array(values, float if name == "temperature" else np.int64)


def split_bikes(seed: int = 0) -> Split:
    """A random split of the hours into 64 % for training, 16 % for validation and 20 % for the test; the same for the same seed."""
    n = len(load_bikes().count)
    order = np.random.default_rng(seed).permutation(n)
    first, second = round(0.64 * n), round(0.8 * n)
    return Split(*(np.sort(part) for part in (order[:first], order[first:second], order[second:])))


def value_name(feature: str, value) -> str:
    """How a reader sees a value: 'March', '17:00', 'Friday', '21.4 °C'."""
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
        return f"{number} {UNITS[feature]}".replace("-", "−")
    return str(value)
