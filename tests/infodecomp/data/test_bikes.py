"""The bike rentals: the file as published, its values and units, and a fixed split."""

import gzip
import hashlib
from importlib.resources import files

import numpy as np
import pytest

from infodecomp.data import bikes
from infodecomp.errors import InformationError

DISTINCT = {
    "season": (4, 2.00),
    "year": (2, 1.00),
    "month": (12, 3.58),
    "hour": (24, 4.58),
    "holiday": (2, 0.19),
    "weekday": (7, 2.81),
    "workingday": (2, 0.90),
    "weather": (4, 1.20),
    "temperature": (50, 5.20),
    "apparent_temperature": (65, 5.40),
    "humidity": (89, 5.99),
    "wind": (30, 3.83),
}  # number of values, and their entropy in bits


def test_the_file_has_its_recorded_hash_and_its_source_is_named():
    folder = files("infodecomp") / "data"
    assert hashlib.sha256((folder / "bikes.csv.gz").read_bytes()).hexdigest() == bikes.SHA256
    note = (folder / "README.md").read_text()
    for text in (bikes.SHA256, "CC BY 4.0", "Fanaee", "10.24432/C5W894", "hanged"):
        assert text in note


def test_there_are_17379_hours_in_order():
    data = bikes.load_bikes()
    assert len(data.count) == len(data.date) == 17_379 and data.count.sum() == 3_292_679
    assert data.date[0] == np.datetime64("2011-01-01") and data.date[-1] == np.datetime64("2012-12-31")
    hours = data.date.astype("datetime64[h]") + data.columns["hour"]
    assert (np.diff(hours.astype(int)) > 0).all()


@pytest.mark.parametrize("name", DISTINCT)
def test_values_and_entropies_equal_the_published_ones(name):
    values, counts = np.unique(bikes.load_bikes().columns[name], return_counts=True)
    p = counts / counts.sum()
    number, bits = DISTINCT[name]
    assert len(values) == number and -(p * np.log2(p)).sum() == pytest.approx(bits, abs=0.03)


def test_weather_is_in_natural_units():
    columns = bikes.load_bikes().columns
    limits = {name: (float(columns[name].min()), float(columns[name].max())) for name in bikes.UNITS}
    assert (
        limits["humidity"] == (0, 100)
        and -8 <= limits["temperature"][0] < 0
        and 38 < limits["temperature"][1] <= 41
    )
    assert limits["apparent_temperature"] == (-16, 50) and limits["wind"] == (0, 57)
    january, july = (columns["temperature"][columns["month"] == month].mean() for month in (1, 7))
    assert january < 8 and july > 27  # °C


def test_calendar_columns_are_consistent():
    data, columns = bikes.load_bikes(), bikes.load_bikes().columns
    weekday = (data.date.astype("datetime64[D]").astype(int) + 4) % 7  # 1 January 1970 was a Thursday
    assert (columns["weekday"] == weekday).all()
    assert (columns["month"] == data.date.astype("datetime64[M]").astype(int) % 12 + 1).all()
    assert (columns["workingday"] == ((weekday % 6 > 0) & (columns["holiday"] == 0))).all()
    assert set(columns["month"][columns["season"] == "winter"]) == {12, 1, 2, 3}


def test_a_split_is_reproducible_and_holds_every_row_once():
    split = bikes.split_bikes(3)
    assert [len(part) for part in split] == [11_123, 2_780, 3_476]
    assert (np.sort(np.concatenate(split)) == np.arange(17_379)).all()
    assert all((first == second).all() for first, second in zip(split, bikes.split_bikes(3)))
    assert len(np.intersect1d(split.test, bikes.split_bikes(4).test)) < 1000
    assert hashlib.sha256(split.test.astype(np.int64).tobytes()).hexdigest().startswith("666863e16da4")


def test_a_damaged_or_missing_file_is_reported(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bikes.csv.gz").write_bytes(gzip.compress(b"date,count\n"))
    bikes.load_bikes.cache_clear()
    monkeypatch.setattr(bikes, "files", lambda package: tmp_path)
    try:
        with pytest.raises(InformationError, match="damaged: their sha256 begins"):
            bikes.load_bikes()
        (tmp_path / "data" / "bikes.csv.gz").unlink()
        with pytest.raises(InformationError, match="missing .* install the package again"):
            bikes.load_bikes()
    finally:
        bikes.load_bikes.cache_clear()


@pytest.mark.parametrize(
    "feature, value, name",
    [
        ("month", 3, "March"),
        ("hour", 17, "17:00"),
        ("weekday", 0, "Sunday"),
        ("temperature", -3.28, "−3.3 °C"),
        ("wind", 57, "57 km/h"),
        ("workingday", 1, "yes"),
        ("weather", "mist", "mist"),
    ],
)
def test_values_are_formatted_for_readers(feature, value, name):
    assert bikes.value_name(feature, value) == name
