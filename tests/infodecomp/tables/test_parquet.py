"""Parquet files: which columns become numbers, texts and dates, and what is refused before it is read."""

import gzip
import sys
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from infodecomp import InformationError
from infodecomp.cli.record import DecomposeOptions
from infodecomp.cli.table_job import read_file
from infodecomp.tables.csv_text import is_parquet
from infodecomp.tables.large import first_rows, open_table
from infodecomp.tables.limits import TableLimits, check_limits
from infodecomp.tables.parquet import parquet_size, parquet_source
from infodecomp.tables.read import ReadOptions

pa = pytest.importorskip("pyarrow", reason="make test installs it: pip install 'infodecomp[big]'")
parquet = pytest.importorskip("pyarrow.parquet")
ROWS = 24
MOST = TableLimits(500, 20, 50_000)


@pytest.fixture
def written(tmp_path):
    """A function that writes columns into a Parquet file."""

    def write(columns, **options):
        parquet.write_table(pa.table(columns), tmp_path / "x.parquet", **options)
        return tmp_path / "x.parquet"

    return write


def test_every_type_becomes_numbers_texts_or_dates_or_is_left_out_by_name(written):
    begin = datetime(2026, 1, 31, 22, tzinfo=UTC)
    hours = pa.array([begin + timedelta(hours=i) for i in range(ROWS)], pa.timestamp("us", "Europe/Berlin"))
    file = written(
        {
            "decimal": pa.array([Decimal(i) / 4 for i in range(ROWS)], pa.decimal128(10, 2)),
            "zone": hours,
            "coded": pa.array(["<b>", None] * 12).dictionary_encode(),
            "clock": pa.array([time(i, 30) for i in range(ROWS)]),
            "stay": pa.array([timedelta(days=i) for i in range(ROWS)]),
            "far": pa.array([3_000_000 + i for i in range(ROWS)], pa.int32()).cast(pa.date32()),
            "day": pa.array([date(2026, 1, 1 + i) for i in range(ROWS)]),
            "empty": pa.nulls(ROWS),
            " dots.in it ": pa.array(range(ROWS)),
            "list": pa.array([[1]] * ROWS),
            "raw": pa.array([b"\xff"] * ROWS),
            "__index_level_0__": pa.array(range(ROWS)),
            "y": pa.array([i % 4 for i in range(ROWS)]),
        }
    )
    source = parquet_source([file])
    frame, _ = first_rows(source, 1000)
    last = frame.iloc[-1]
    assert (last["decimal"], last["clock"], last["stay"], last["dots.in it"]) == (5.75, 23.5, 23, 23)
    assert last["zone"] == pd.Timestamp("2026-02-01 21:00") and last["day"] == pd.Timestamp("2026-01-24")
    assert source.left_out == {"list": "lists or records", "raw": "raw bytes"}
    table = open_table(source, "y", ReadOptions(ignore=("list",)))
    kinds = {reading.name: reading.kind for reading in table.readings}
    assert kinds["coded"] == "categorical" and kinds["far"] == kinds["day"] == kinds["zone"] == "date"
    assert "raw holds raw bytes, and is left out." in table.notes
    assert "__index_level_0__" not in kinds and not {"empty", "list", "raw"} & set(kinds)
    with pytest.raises(InformationError, match="'list' holds lists or records, which cannot be predicted"):
        open_table(source, "list", ReadOptions())


@pytest.mark.parametrize("whole_rows", [ROWS, 10], ids=["whole", "in batches"])
def test_ordered_categories_of_a_parquet_file_keep_their_order(written, whole_rows):
    names = ["10", "9", "11"]  # no numbers, since they are in another order
    sizes = pd.Categorical(names * (ROWS // 3), names, ordered=True)
    file = written({"size": pa.array(sizes), "y": pa.array(range(ROWS))}, row_group_size=7)
    table = open_table(parquet_source([file]), "y", ReadOptions(), whole_rows)
    assert table.readings[0].kind == "categorical" and table.readings[0].note == "in order"
    if whole_rows == ROWS:
        assert list(table.X["size"].cat.categories) == names and table.X["size"].cat.ordered
    else:
        assert {batch["size"].order for batch in table.batches()} == {tuple(names)}


def test_a_table_is_the_same_from_parquet_and_from_csv(written, tmp_path):
    columns = {
        "a": [i % 7 for i in range(ROWS)],
        "b": ["x", "y", None] * 8,
        "y": [i % 5 for i in range(ROWS)],
    }
    pd.DataFrame(columns).to_csv(tmp_path / "x.csv", index=False)
    options = DecomposeOptions("x", target="y")
    one, other = (read_file(file, options, 500) for file in (written(columns), tmp_path / "x.csv"))
    assert one.X.equals(other.X) and (one.y == other.y).all() and one.readings == other.readings
    with pytest.raises(InformationError, match="more rows than it declares"):
        read_file(written(columns), options, ROWS - 1)


def test_a_small_file_that_grows_is_refused_by_what_it_declares(written, tmp_path):
    assert parquet_size(written({"a": [1.5] * 100, "b": [1] * 100}))[:2] == (100, 2)
    check_limits(written({"a": [1.5] * 100}), MOST)
    for columns, sentence in (
        ({"a": [0] * 501}, "about 501 rows, and at most 500"),
        ({f"a{i}": [0] for i in range(21)}, "about 21 columns, and at most 20"),
        ({f"a{i}": [0] * 400 for i in range(20)}, "unpacks to more than"),  # equal numbers take no room in it
        ({"a": ["x" * 10_000 + str(i) for i in range(10)]}, "unpacks to more than"),
    ):
        file = written(columns, compression="zstd")
        with pytest.raises(InformationError, match=sentence):
            check_limits(file, MOST)
        assert file.stat().st_size < MOST.bytes
    for content, sentence in (
        (gzip.compress(b"a,y\n" + b"1" * 10**7), "unpacks to more than"),
        (gzip.compress(b"a,y\n" + b"1,2\n" * 600), "about 600 rows"),
        (gzip.compress(b"a,y\n1,2\n")[:-9], "cannot be unpacked"),
    ):
        (tmp_path / "x.csv").write_bytes(content)
        with pytest.raises(InformationError, match=sentence):
            check_limits(tmp_path / "x.csv", MOST)


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(written, tmp_path):
    content = written({"a": [1.5] * 10}).read_bytes()
    for damaged, sentence in (
        (content[: len(content) // 2], "cannot be read as Parquet"),
        (content[:-8] + b"\xff\xff\xff\x7fPAR1", "cannot be read as Parquet"),
        (content[:4] + b"\0" * (len(content) - 8) + b"PAR1", "cannot be read as Parquet"),
        (b"PARE" + content[4:], "is an encrypted Parquet file"),
    ):
        (tmp_path / "x").write_bytes(damaged)
        assert is_parquet(tmp_path / "x")
        with pytest.raises(InformationError, match=sentence):
            check_limits(tmp_path / "x", MOST)
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], ["a", "a "])
    for table, sentence in (
        (twice, "two columns named 'a'"),
        (pa.table({"a": pa.array([], pa.int64())}), "has no rows"),
        (pa.table({"a": [[1]]}), "has no column of numbers, texts or dates"),
        (pa.table({"a": pa.array([b"\xff"]).view(pa.string())}), "cannot be read as Parquet .*UTF8"),
    ):
        parquet.write_table(table, tmp_path / "x")
        with pytest.raises(InformationError, match=sentence):
            first_rows(parquet_source([tmp_path / "x"]), 5)


def test_without_pyarrow_a_parquet_file_is_named_with_what_helps(written, monkeypatch):
    file = written({"a": [1.5] * 10})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InformationError, match=r"pyarrow.*is not installed here: save the table as CSV, or"):
        check_limits(file, MOST)
