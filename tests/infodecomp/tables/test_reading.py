"""How columns of text are read: numbers in any notation, units, dates, names; and the warnings."""

import math

import numpy as np
import pandas as pd
import pytest

from infodecomp import InformationError
from infodecomp.tables.advice import ColumnError
from infodecomp.tables.columns import ColumnReading, check_categories, readings_table
from infodecomp.tables.large import open_table
from infodecomp.tables.read import ReadOptions, interpret, read_table
from infodecomp.tables.sources import csv_source
from infodecomp.tables.text_values import read_dates, read_numbers

READ = [  # texts, separator, decimal, values, note
    (["1,5", "2,25", "?"], ";", None, [1.5, 2.25, math.nan], "decimal commas; '?' read as missing"),
    (["1,234", "12,000"], ",", None, [1234, 12000], "commas as thousands marks"),
    (["1,234", "12,000"], ";", ",", [1.234, 12], "decimal commas"),
    (["1,234", "12,000"], ";", ".", [1234, 12000], ""),
    (["1,234,567", "12,000"], ";", None, [1234567, 12000], "commas as thousands marks"),
    (["1.234,5", "12,0"], ";", None, [1234.5, 12], "decimal commas"),
    (["1,234.5", "7,000"], ";", None, [1234.5, 7000], "commas as thousands marks"),
    (["1.234.567", "12.000"], ";", None, [1234567, 12000], "points as thousands marks"),
    (["1'234", "2 000", "5"], ";", None, [1234, 2000, 5], ""),
    (["0,123", "0,456"], ";", None, [0.123, 0.456], "decimal commas"),
    (["1,234 g", "900 g"], ",", None, [1234, 900], "commas as thousands marks; unit g"),
    (["12 %", "-3.5%", "n/a"], ",", None, [12, -3.5, math.nan], "unit %; 'n/a' read as missing"),
    (["$5", "-$1,200"], ",", None, [5, -1200], "commas as thousands marks; unit $"),
    (["−5 °C", "1e3 °C"], ",", None, [-5, 1000], "unit °C"),
]
LEFT = [  # texts, separator, part of the note
    (["1,234", "12,000"], ";", "'1,234' may be 1234 or 1.234"),
    (["5 kg", "7 lb"], ",", "several units ('kg', 'lb')"),
    (["1", "2", "3", "4", "x"], ",", "the text 'x', so it is read as names"),
    (["1", "2", "3", "4", "1o"], ",", "the text '1o', so it is read as names"),
    (["12:30", "0:15", "?"], ",", "times such as '12:30', read as names; write them in hours"),
    (["12:30", "noon"], ",", ""),
    (["A1", "B7"], ",", ""),
    (["10-20", "20-30"], ",", ""),
    (["1.2.3", "1.2.4"], ",", ""),
    (["?", "-"], ",", ""),
]
DATES = [
    (["2024-01-31", "2024-02-01"], "2024-01-31", "", False),
    (["31.01.2024", "01.02.2024"], "2024-01-31", "dates, day first", False),
    (["01/31/2024", "02/01/2024"], "2024-01-31", "dates, month first", False),
    (["31/1/24", "1/2/24"], "2024-01-31", "dates, day first", False),
    (["2024/01/31", "2024/02/01"], "2024-01-31", "dates, year first", False),
    (["02.01.2024", "03.02.2024"], "2024-01-02", "dates, taken to have the day first", True),
    (["Jan 2024", "Sept 2023", "may 2024"], "2024-01-01", "months", False),
    (["January, 2024", "Feb. 2024"], "2024-01-01", "months", False),
    (["2024-01", "2024-12"], "2024-01-01", "months", False),
    (["4711-03", "2024-12"], "4711-03-01", "months, as '4711-03' looks like one", True),
    (["31-Jan-2024", "1-Feb-2024"], "2024-01-31", "dates", False),
    (["Jan 31, 2024", "Feb 1, 2024"], "2024-01-31", "dates", False),
    (["31.01.2024 17:30", "01.02.2024 00:00"], "2024-01-31T17:30", "dates, day first", False),
]


@pytest.mark.parametrize("texts, separator, decimal, values, note", READ)
def test_numbers_are_read_in_any_notation(texts, separator, decimal, values, note):
    reading = read_numbers(texts, decimal, separator)
    assert reading.values is not None and reading.values.tolist() == pytest.approx(values, nan_ok=True)
    assert reading.note == note


@pytest.mark.parametrize("texts, separator, note", LEFT)
def test_texts_that_are_no_numbers_for_certain_are_left_with_the_reason(texts, separator, note):
    reading = read_numbers(texts, None, separator)
    assert reading.values is None and note in reading.note and bool(note) == bool(reading.note)


def test_a_long_cell_takes_no_long_time():
    assert read_numbers(["1" + " " * 1_000_000 + "!"]).values is None


@pytest.mark.parametrize("texts, first, note, is_guess", DATES)
def test_dates_are_read_in_the_order_that_they_show(texts, first, note, is_guess):
    reading = read_dates(texts)
    assert reading.values is not None and pd.Timestamp(reading.values[0]) == pd.Timestamp(first)
    assert (reading.note, reading.is_guess) == (note, is_guess)


def test_dates_of_which_the_order_cannot_be_known_are_left():
    assert "'01/02/2007' may have the day or the month first" in read_dates(["01/02/2007", "03/04/2007"]).note
    assert read_dates(["2024-01-31", "2024-13-31"]).values is None
    assert read_dates(["2024-01", "2024-13"]).values is None
    assert read_dates(["Jan 2024", "1 Jan 2024"]).values is None
    assert read_dates(["31 Feb 2024"]).values is None and read_dates(["Ja 2024"]).values is None
    assert read_dates(["Jan 2024", "Mars 2024"]).values is None
    assert read_dates(["31.01.2024", "2024.01.31"]).values is None


def table(n: int = 60) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "number": range(1, n + 1),
            "name": [f"car {i}" for i in range(n)],
            "hour": [i % 24 for i in range(n)],
            "again": ["no" if i % 3 else "yes" for i in range(n)],
            "weight": [f"{i % 7},5" for i in range(n)],
            "flag": [int(i % 3 == 0) for i in range(n)],
        }
    )


def test_a_reader_is_warned_of_what_is_probably_wrong():
    read = interpret(table(), "cars.csv", "flag", ReadOptions(), separator=";")
    kinds = {reading.name: reading.kind for reading in read.readings}
    assert kinds == {
        "number": "continuous",
        "name": "categorical",
        "hour": "continuous",
        "again": "categorical",
        "weight": "continuous",
    }
    warnings = "\n".join(warning.in_shell for warning in read.warnings)
    assert "flag is 0 or 1 and is predicted as a number; --classes makes it a class" in warnings
    assert "number has another number in every row and may count the rows; --ignore number" in warnings
    assert "name has 60 different texts in 60 rows and may name rows; --ignore name" in warnings
    assert "hour may wrap around; --circular hour:24 says so" in warnings
    assert "again says exactly what flag is, row by row; --ignore again" in warnings
    assert len(read.warnings) == 5  # the decimal commas are certain
    assert [(warning.column, warning.remedy, warning.period) for warning in read.warnings] == [
        ("flag", "classes", None),
        ("number", "ignore", None),
        ("name", "ignore", None),
        ("hour", "circular", 24),
        ("again", "ignore", None),
    ]


def test_a_page_speaks_of_no_option_of_the_shell_whatever_a_column_is_called():
    frame = table().rename(columns={"name": "my name", "hour": "Hour", "weight": "1 000"})
    frame["1 000"] = [f"{i},000" for i in range(1, 61)]
    frame["day"] = [f"{1 + i % 12:02}.{1 + i % 11:02}.2026" for i in range(60)]
    read = interpret(frame, "cars.csv", "flag", ReadOptions(), separator=";")
    sentences = [warning.on_page for warning in read.warnings]
    assert len(sentences) == 7 and not any("--" in sentence for sentence in sentences)
    assert "my name has 60 different texts in 60 rows and may name rows; you may leave it out" in sentences
    assert "Hour may wrap around; if so, it starts again after 24" in sentences
    assert "1 000: '1,000' may be 1000 or 1; write these numbers with a decimal point" in sentences
    assert any(one.startswith("day is text, read by guess") for one in sentences)
    too_many = ColumnReading("my id", "categorical", 2000, 0, ())
    with pytest.raises(ColumnError, match="leave it out with --ignore 'my id', or group") as raised:
        check_categories(too_many, 3000)
    assert raised.value.advice.on_page.endswith("more than 1,000; leave it out, or group its values first")


@pytest.mark.parametrize(
    "decimal, texts, named",
    [
        (",", ["1.5", "2.25"], "'1.5' is no number with a decimal comma"),
        (".", ["1,5", "2"], "a decimal point"),
    ],
)
def test_a_decimal_mark_that_makes_numbers_into_text_is_named_as_the_cause(decimal, texts, named):
    reading = read_numbers(texts, decimal, ";")
    assert reading.values is None and named in reading.note
    assert not read_numbers(["1.2.3", "1.2.4"], decimal, ";").note  # no number in any notation
    frame = pd.DataFrame({"a": [1, 2] * 15, "y": [f"{i}{texts[0]}" for i in range(30)]})
    with pytest.raises(ColumnError, match="The target y: .*; leave out --decimal, or give the other mark"):
        interpret(frame, "x.csv", "y", ReadOptions(decimal=decimal), separator=";")


@pytest.mark.parametrize("values, found", [([0.5, 1] * 15, "holds 0.5"), (range(30), "another number")])
def test_numbers_that_are_no_classes_are_named_without_a_word_of_python(values, found):
    frame = pd.DataFrame({"a": [1, 2] * 15, "y": list(values)})
    with pytest.raises(ColumnError, match=f"The target 'y' .*{found}.*; leave out --classes"):
        interpret(frame, "x.csv", "y", ReadOptions(kinds={"y": "categorical"}))


@pytest.mark.parametrize("whole_rows", [10, 1000])
def test_points_beside_decimal_commas_may_be_thousands_marks(tmp_path, whole_rows):
    pytest.importorskip("pyarrow")
    rows = "".join(
        f"{1 + i / 1000:.3f};{13 * i % 50}.0025{i % 7};0.{11 * i % 50 + 100};{7 * i % 50},5;{i % 5}\n"
        for i in range(100, 150)
    )
    (tmp_path / "x.csv").write_text("people;exact;share;price;y\n" + rows)

    def read(decimal):
        source = csv_source([tmp_path / "x.csv"], None, decimal)
        return open_table(source, "y", ReadOptions(decimal=decimal), whole_rows)

    (warning,) = read(None).warnings
    assert warning.in_shell == (
        "people is read with decimal points, and price has decimal commas; "
        "--decimal , says that its points are thousands marks"
    )
    followed = read(",")
    assert not any(one.column == "people" for one in followed.warnings)
    assert followed.kinds["people"] == "continuous" and followed.kinds["share"] == "categorical"  # not 101


def test_points_that_can_only_be_thousands_marks_beside_decimal_commas_are_read_so(tmp_path):
    rows = [f"1.{100 + i};{'0.' if i % 2 else '1.'}{100 + i};999;{i},5;{i % 5}" for i in range(50)]
    (tmp_path / "x.csv").write_text("people;share;few;price;y\n" + "\n".join(rows) + "\n2.000;;1.000;7,5;1\n")
    read = read_table(tmp_path / "x.csv", "y")
    notes = {reading.name: reading.note for reading in read.readings}
    assert notes["people"] == notes["few"] == "points as thousands marks"
    assert read.X["people"].tolist() == [*range(1100, 1150), 2000] and read.X["few"].max() == 1000
    assert read.X["share"].max() < 2 and not notes["share"]
    for text in ("1.100;3\n1.200;4\n", "1.100;3.5\n1.200;4.5\n"):  # no decimal comma says so
        (tmp_path / "x.csv").write_text("a;y\n" + text * 9)
        assert read_table(tmp_path / "x.csv", "y").X["a"].max() == 1.2


@pytest.mark.parametrize("whole_rows", [100, 1000])
def test_postcodes_with_leading_zeros_stay_text(tmp_path, whole_rows):
    pytest.importorskip("pyarrow")
    for part, first in (("a", 1069), ("b", 10115)):  # the second file has no leading zero
        rows = "".join(f"{first + i % 9:05},{i % 24:02}30,{first + i:05},{i}\n" for i in range(300))
        (tmp_path / f"{part}.csv").write_text("town,at,number,y\n" + rows)
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    several = open_table(csv_source(files, None, None), "y", ReadOptions(), whole_rows)
    for read in (read_table(files[0], "y"), several):
        town, at, number = read.readings
        assert (town.kind, town.note, town.examples[0]) == ("categorical", "leading zeros, so names", "01069")
        assert at.kind == number.kind == "continuous" and number.note == "without leading zeros"
    as_numbers = read_table(files[0], "y", ReadOptions(kinds={"town": "continuous"}))
    assert as_numbers.X["town"].min() == 1069


def test_numbers_of_more_digits_than_a_computer_tells_apart_are_named():
    n = 60
    frame = pd.DataFrame({"id": np.arange(n, dtype=np.uint64) + 2**63, "key": 10**17 + 7 * np.arange(n)})
    frame["text"], frame["y"] = [str(10**25 + i) for i in range(n)], np.arange(n) % 7
    frame["of csv"] = pd.Series([10**25 + i for i in range(n)], dtype=object)  # as read_csv has it
    read = interpret(frame, "x.csv", "y", ReadOptions())
    assert read.notes == [
        f"The values of {name} are one number in a computer's precision, and it is left out."
        for name in ("id", "text", "of csv")
    ]
    (warning,) = read.warnings
    assert warning.in_shell.startswith("key has whole numbers beyond 2^53, whose last digits are lost")
    for columns, target, message in (
        (["id", "y"], "y", "No column of x.csv"),
        (["id", "y"], "id", "values of the target 'id' are one number in a computer's precision"),
    ):
        with pytest.raises(InformationError, match=message):
            interpret(frame[columns], "x.csv", target, ReadOptions())
    few = pd.DataFrame({"a": np.arange(n), "y": 2**60 + np.arange(n) % 3})
    with pytest.raises(ColumnError, match="are one number in a computer's precision; --classes makes it a"):
        interpret(few, "x.csv", "y", ReadOptions())
    assert interpret(few, "x.csv", "y", ReadOptions(kinds={"y": "categorical"})).target.different == 3
    names = interpret(frame[["id", "y"]], "x.csv", "y", ReadOptions(kinds={"id": "categorical"}))
    assert names.readings[0].levels == n


def test_the_cell_that_keeps_a_target_from_being_numbers_is_shown():
    frame = pd.DataFrame({"a": [1, 2] * 30, "y": ["many", *map(str, range(59))]})
    with pytest.raises(InformationError, match="y: holds numbers and, in row 1, the text 'many'.*correct"):
        interpret(frame, "x.csv", "y", ReadOptions())


@pytest.mark.parametrize("header, place", [("a,y", "line 9"), ('"a",y', "line 9"), ('a,"y\n"', "row 8")])
def test_a_cell_that_is_no_number_among_numbers_is_named_with_its_line(tmp_path, header, place):
    rows = "".join(f"{'1o' if i == 7 else i},{i % 5}\n" for i in range(50))
    (tmp_path / "x.csv").write_text(f"{header}\n{rows}\n")
    (warning,) = read_table(tmp_path / "x.csv", "y").warnings
    assert warning.in_shell == (
        f"a: holds numbers and, in {place}, the text '1o', so it is read as names; "
        "correct that cell, or leave it empty"
    )


def test_a_column_that_another_one_repeats_is_named_and_no_other():
    rng, n = np.random.default_rng(0), 300
    x, town = rng.normal(size=n), rng.integers(0, 3, n)
    x[7], x[-1] = np.nan, x[0]
    frame = pd.DataFrame({"x": x, "in feet": 3.28 - x, "town": town, "a code": np.array([7, 9, 8])[town]})
    frame["z"], frame["y"] = rng.normal(size=n), rng.normal(size=n)
    read = interpret(frame, "houses.csv", "y", ReadOptions(), separator=",")
    assert [warning.in_shell for warning in read.warnings] == [
        f"{other} says exactly what {first} is, row by row, so either can carry the bits of both; "
        f"--ignore '{other}' leaves it out"
        for other, first in (("in feet", "x"), ("a code", "town"))
    ]
    assert "15 of 300" in readings_table(read.readings) and "3 of" not in readings_table(read.readings)


def test_what_the_reader_says_silences_the_warnings():
    options = ReadOptions(
        ignore=("number", "name", "again"),
        kinds={"flag": "categorical", "weight": "categorical"},
        periods={"hour": 24},
        levels=8,
    )
    read = interpret(table(), "cars.csv", "flag", options, separator=";")
    assert not read.warnings
    assert [(r.name, r.kind, r.period, r.levels) for r in read.readings] == [
        ("hour", "circular", 24, 8),
        ("weight", "categorical", None, 7),
    ]
