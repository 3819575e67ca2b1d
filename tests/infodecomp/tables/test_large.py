"""Parquet files, patterns, queries and CSV files larger than the memory; pyarrow and DuckDB are extras."""

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from infodecomp import DistributedBottleneck, InformationError
from infodecomp.bottleneck.streams.batches import Coded
from infodecomp.cli.decompose import default_folder
from infodecomp.cli.main import main
from infodecomp.tables.csv_text import MISSING
from infodecomp.tables.large import LargeTable, open_table
from infodecomp.tables.parquet import parquet_source
from infodecomp.tables.read import ReadOptions, Table, read_frame, read_table
from infodecomp.tables.sources import csv_source, find_files, query_source

pa = pytest.importorskip("pyarrow", reason="make test installs it: pip install 'infodecomp[big]'")
ROWS = 120


@pytest.fixture
def file(tmp_path):
    lines = ["town;weight;y"]
    lines += [f"{'AB'[i % 2]};{i % 9},5;{'' if i == 70 else i % 4}" for i in range(ROWS)]
    (tmp_path / "small.csv").write_text("\n".join(lines) + "\n")
    return tmp_path / "small.csv"


def decompose(*arguments):
    return CliRunner().invoke(main, ["decompose", *map(str, arguments), "--target", "y", "--steps", "1"])


def test_a_small_table_is_the_same_by_either_reader(file):
    own, arrow = read_table(file, "y"), open_table(csv_source([file], None, None), "y", ReadOptions())
    assert isinstance(arrow, Table)
    assert [(r.name, r.kind, r.levels, r.note) for r in arrow.readings] == [
        (r.name, r.kind, r.levels, r.note) for r in own.readings
    ]
    assert (arrow.y == own.y).all() and (arrow.X["weight"] == own.X["weight"]).all()


def test_a_large_table_is_read_in_batches_with_the_kinds_of_its_first_rows(file):
    table = open_table(csv_source([file], None, None), "y", ReadOptions(), whole_rows=50)
    assert isinstance(table, LargeTable)
    assert [(r.name, r.kind) for r in table.readings] == [("town", "categorical"), ("weight", "continuous")]
    for _ in range(2):  # it can be read twice
        batches = list(table.batches())
        town, weight, y = ([batch[name] for batch in batches] for name in ("town", "weight", "y"))
        assert sum(map(len, y)) == ROWS - 1  # one row has no target
        assert isinstance(town[0], Coded) and np.concatenate(weight)[:3].tolist() == [0.5, 1.5, 2.5]


def test_the_same_cells_are_missing_for_either_reader(tmp_path):
    cells = [*MISSING, "", "-1.#IND", "#N/A N/A", "n.a.", "NONE"]
    rows = "".join(f'{cell},"{cell}",{i % 3}\n' for i, cell in enumerate(cells * 2))
    (tmp_path / "x.csv").write_text("a,quoted,y\n" + rows)
    for text in (["a", "quoted"], []):
        (batch,) = csv_source([tmp_path / "x.csv"], None, None, text).batches()
        frame = read_frame(tmp_path / "x.csv")[0]
        assert batch["a"].to_pandas().tolist()[-2:] == frame["a"].tolist()[-2:] == ["n.a.", "NONE"]
        for name in ("a", "quoted"):
            missing = batch[name].is_null().to_numpy(zero_copy_only=False)
            assert missing.tolist() == frame[name].isna().tolist() == [cell in MISSING for cell in cells] * 2


def test_points_as_thousands_marks_are_read_in_batches_too(tmp_path):
    rows = "".join(f"{'1.234.567' if i % 2 else '2.500'};{i % 4}\n" for i in range(ROWS))
    (tmp_path / "x.csv").write_text("a;y\n" + rows)
    table = open_table(csv_source([tmp_path / "x.csv"], None, None), "y", ReadOptions(), whole_rows=50)
    assert np.concatenate([batch["a"] for batch in table.batches()])[:2].tolist() == [2500, 1234567]


def test_a_text_after_many_numbers_is_named(tmp_path):
    rows = [f"{i},{i % 3}" for i in range(200_000)]
    rows[190_000] = "many,1"
    (tmp_path / "x.csv").write_text("a,y\n" + "\n".join(rows) + "\n")
    table = open_table(csv_source([tmp_path / "x.csv"], None, None), "y", ReadOptions(), whole_rows=1000)
    with pytest.raises(InformationError, match="'a' holds 'many' after numbers.*--categorical a"):
        list(table.batches())


def test_parquet_files_patterns_and_queries_give_the_numbers_of_a_frame(tmp_path):
    parquet, duckdb = pytest.importorskip("pyarrow.parquet"), pytest.importorskip("duckdb")
    frame = pd.DataFrame({"a": np.arange(ROWS) % 7, "b": ["x", "y", None] * 40, "y": np.arange(ROWS) % 5.0})
    for i in range(2):
        half = pa.Table.from_pandas(frame[60 * i : 60 * i + 60], preserve_index=False)
        parquet.write_table(half, tmp_path / f"part{i}.parquet")
    with duckdb.connect(tmp_path / "x.duckdb") as connection:
        connection.execute("create table t as select * from frame")
    frame.to_csv(tmp_path / "x.csv", index=False)
    given = {
        "csv": [tmp_path / "x.csv"],
        "parquet": [tmp_path / "part*.parquet"],
        "sql": ["--sql", "select * from t", "--db", tmp_path / "x.duckdb"],
    }
    errors = {}
    for name, arguments in given.items():
        result = decompose(*arguments, "--out", tmp_path / name)
        assert result.exit_code == 0, result.output
        record = json.loads((tmp_path / name / "plane.json").read_text())
        errors[name] = record["plane"]["error"]
        assert record["rows"] == ROWS and len(record["sha256"]) == 64
    assert errors["csv"] == errors["parquet"] == errors["sql"]


@pytest.mark.parametrize("rows", [ROWS, 50], ids=["whole", "in batches"])
def test_dates_of_a_parquet_file_are_dates_also_of_rows_that_are_held_out(tmp_path, rows):
    parquet = pytest.importorskip("pyarrow.parquet")
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(ROWS), "D")
    frame = pd.DataFrame({"time": days, "day": days.date, "last": days.date, "y": np.arange(ROWS) % 5.0})
    parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), tmp_path / "x.parquet")
    options = ReadOptions(held_out_by="last")
    table = open_table(parquet_source([tmp_path / "x.parquet"]), "y", options, whole_rows=rows)
    assert table.kinds == {"time": "continuous", "day": "continuous"} and table.dates == ["time", "day"]
    assert table.readings[0].examples[0] == table.readings[1].examples[0] == "2026-01-01"
    assert isinstance(table, Table) == (rows == ROWS)
    last = table.held_out_values if rows == ROWS else np.concatenate([b["last"] for b in table.batches()])
    assert (np.diff(last) == 1).all()


def test_levels_of_a_large_table_stand_beside_their_columns_where_some_share_a_message(file):
    table = open_table(csv_source([file], None, None), "y", ReadOptions(), whole_rows=50)
    groups = {"both": ["town", "weight"]}
    fit = DistributedBottleneck(steps=1, kinds=table.kinds, groups=groups)
    fit.fit_stream(table.batches, "y", sample_rows=60)
    assert [reading.levels for reading in table.with_features(fit.features_).readings] == [2, 8]


def test_bad_sources_are_refused(tmp_path):
    (tmp_path / "x.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(InformationError, match="cannot be read as Parquet"):
        list(parquet_source([tmp_path / "x.parquet"]).batches())
    with pytest.raises(InformationError, match="names no file"):
        find_files(str(tmp_path / "*.csv"))
    pytest.importorskip("duckdb")
    with pytest.raises(InformationError, match="The query cannot be run"):
        list(query_source("select * from nowhere", None).batches())
    for sql in (f"copy (select 1 a) to '{tmp_path}/t.csv'", "select 1 a; select 2 a", "set threads = 1", ""):
        with pytest.raises(InformationError, match="give one select, after what prepares it"):
            list(query_source(sql, None).batches())
    assert not (tmp_path / "t.csv").exists()
    assert list(query_source("set threads = 1; select 1 a", None).batches())[0].num_rows == 1
    with pytest.raises(InformationError, match="No such file"):
        query_source("select 1", str(tmp_path / "none.duckdb"))
    for arguments in ((), ("x.csv", "--sql", "select 1")):
        assert "Give a FILE, or a query by --sql" in decompose(*arguments).output


SEVERAL = [  # texts of two files, and what is said of them; None where they are one table
    (("a,b,y\n1,2,3\n", "y,b,a\n1,2.5,3\n"), None),
    (("a,b,y\n1,,3\n", "a,b,y\n1,2,3\n"), None),
    (("a,b,y\n1,2024-01-01,3\n", "a,b,y\n1,2024-01-01 12:00,3\n"), None),
    (
        ("a,b,y\n1,2,3\n", "a,z,y\n1,2,3\n"),
        "q.csv has no column 'b' and the column 'z', unlike .*p.csv: name",
    ),
    (("a,b,y\n1,2,3\n", "a,y\n1,3\n"), "q.csv has no column 'b', unlike"),
    (
        ("a,b,y\n1,x,3\n", "a,b,y\n1,2,3\n"),
        "'b' holds numbers in .*q.csv, and text in .*p.csv: .*--categorical b",
    ),
    (("a,b,y\n1,2,3\n", "\x01\x02a,b,y\n"), "q.csv is no text"),
    (("a,b,y\n1,2,3\n", "\ufeffa,b,y\n1,2,3\n"), None),  # of two encodings, in either order
    (("\ufeffa,b,y\n1,2,3\n", "a,b,y\n1,2,3\n"), None),
    (("a,b,y\n1,2,3\n", "\ufeffa,b,y\n" + "1,2,3\n" * 3000 + "\udc00"), "q.csv begins as UTF-16 does"),
    (("a,b,y\n1,10:30,3\n", "a,b,y\n1,noon,3\n"), None),
    (("a,b,y\n1,10:30:00,3\n", "a,b,y\n1,2,3\n"), "'b' holds numbers in .*q.csv, and text in .*p.csv"),
    (("a,b c,y\n1,true,3\n", "a,b c,y\n1,2,3\n"), "true and false in .*p.csv: .*--categorical 'b c'"),
]


@pytest.mark.parametrize("texts, message", SEVERAL, ids=range(len(SEVERAL)))
def test_several_files_are_one_table_if_their_columns_agree(tmp_path, texts, message):
    for name, text in zip("pq", texts):
        encoding = "utf-16-le" if text.startswith("\ufeff") else "utf-8"
        (tmp_path / f"{name}.csv").write_bytes(text.encode(encoding, "surrogatepass"))
    source = csv_source(find_files(str(tmp_path / "?.csv")), None, None)
    if message is None:
        rows = pa.Table.from_batches([batch.select(["a", "b", "y"]) for batch in source.batches()])
        assert rows.num_rows == 2 and rows["a"].to_pylist() == [1, 3 if texts[1][0] == "y" else 1]
    else:
        with pytest.raises(InformationError, match=message):
            list(source.batches())


def test_a_column_of_names_may_look_like_numbers_in_one_of_several_files(tmp_path):
    for name, text in (("p", "b,y\nx,3\n"), ("q", "b,y\n07,3\n")):
        (tmp_path / f"{name}.csv").write_text(text)
    source = csv_source(find_files(str(tmp_path / "*.csv")), None, None, ["b"])
    assert [batch["b"].to_pylist() for batch in source.batches()] == [["x"], ["07"]]


def test_times_of_day_in_a_csv_file_are_names_by_either_reader(tmp_path):
    (tmp_path / "x.csv").write_text("at,y\n" + "".join(f"{i % 3:02}:30,{i % 4}\n" for i in range(ROWS)))
    for table in (
        read_table(tmp_path / "x.csv", "y"),
        open_table(csv_source([tmp_path / "x.csv"], None, None), "y", ReadOptions()),
    ):
        assert table.readings[0].kind == "categorical" and set(table.X["at"]) == {"00:30", "01:30", "02:30"}


def test_several_parquet_files_are_one_table_if_their_columns_agree(tmp_path):
    write = pytest.importorskip("pyarrow.parquet").write_table
    write(pa.table({"b": [1, 2], "t": pa.array([1, 2], pa.duration("s"))}), tmp_path / "1.parquet")
    write(pa.table({"b": [1.5], "t": pa.array([3000], pa.duration("ms"))}), tmp_path / "2.parquet")
    batches = list(parquet_source(find_files(str(tmp_path / "*.parquet"))).batches())
    assert (86_400 * np.concatenate([batch["t"] for batch in batches])).round(6).tolist() == [1, 2, 3]
    write(pa.table({"b": ["3k"], "t": [4.5]}), tmp_path / "3.parquet")
    with pytest.raises(InformationError, match="'b' holds text in .*3.parquet, and numbers in .*1.parquet"):
        parquet_source(find_files(str(tmp_path / "*.parquet")))


def test_a_pattern_for_files_of_different_kinds_is_refused(tmp_path):
    (tmp_path / "x.csv").write_text("a,y\n1,2\n")
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    with pytest.raises(InformationError, match=r"x\.parquet, which is Parquet, and x\.csv, which is not"):
        find_files(str(tmp_path / "x.*"))
    (tmp_path / "x.csv.gz").touch()
    with pytest.raises(InformationError, match=r"x\.csv and x\.csv\.gz, probably the same rows twice"):
        find_files(str(tmp_path / "x.csv*"))


def test_results_lie_beside_the_table():
    assert default_folder("data/flats.csv.gz", "-bits").as_posix() == "data/flats-bits"
    assert default_folder("data/part*.parquet", "-bits").as_posix() == "data/part-bits"
    assert default_folder("*/x.csv", "-bits").as_posix() == "x-bits"
