"""`infodecomp decompose`: its results, its errors for bad tables, and fits that are killed and resumed."""

import csv
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from infodecomp import DistributedBottleneck
from infodecomp.artifacts import write_atomic
from infodecomp.cli import decompose, table_fits
from infodecomp.cli.main import main
from infodecomp.cli.record import DecomposeOptions
from infodecomp.cli.report import measured_on
from infodecomp.cli.report_ensemble import number_text
from infodecomp.errors import InformationError
from infodecomp.experiments import parallel
from infodecomp.tables import large
from infodecomp.tables.read import ReadOptions, read_table
from infodecomp.tables.sources import csv_source
from tests.live_server import wait_until

ROWS = 60
GENERATOR = np.random.default_rng(0)
QUICK = ("--steps", "5")
STEPS = 320  # the state is stored at 100, 200 and 300; a signal at 200 comes long before the end


def run(file: Path, *options: str):
    """One fit, unless the options say otherwise."""
    return CliRunner().invoke(main, ["decompose", str(file), "--fits", "1", *options])


def write_table(file: Path) -> Path:
    """The kind determines the price; also a date, a column of one value, and missing cells."""
    lines = ["kind;sold;area;country;price"]
    for i, kind in enumerate(GENERATOR.integers(0, 2, ROWS)):
        name, date = ("flat", "höuse")[kind], f"2024-0{1 + i % 9}-{10 + i % 19}"
        area, price = "" if i % 7 == 0 else i % 5, "" if i == 3 else 100 * kind
        lines.append(f"{name};{date};{area};CH;{price}")
    file.write_text("\n".join(lines) + "\n")
    return file


def test_results_are_numbers_a_picture_a_model_and_a_self_contained_report(tmp_path):
    result = run(write_table(tmp_path / "flats.csv"), "--target", "price", "--steps", "150")
    assert result.exit_code == 0, result.output
    assert "1 of 60 rows have no price" in result.output and "left out: country" in result.output
    assert "The held-out rows confirm the bits of every column" in result.output
    out = tmp_path / "flats-bits"
    assert sorted(path.name for path in out.iterdir()) == sorted(decompose.FILES)
    plane = json.loads((out / "plane.json").read_text())
    assert plane["features"] == ["kind", "sold", "area"] and plane["dates"] == ["sold"]
    assert plane["rows"] == 59
    assert plane["plane"]["error"][0] > 30 and min(plane["plane"]["error"]) < 10
    best = DistributedBottleneck.load(out / "model.safetensors").best_bits_
    assert re.search(rf"^ *{best:.1f} .*< enough$", result.output, re.MULTILINE)
    low, high = plane["best_bits_interval"]
    assert low <= plane["best_bits"] == best <= high
    assert f"Only at {low:.1f} bits is the error within" in result.output and f"{high:.1f}" == f"{low:.1f}"
    header = (out / "plane.csv").read_text().splitlines()[0].split(",")
    assert header[:3] == ["price", "bits", "bits_standard_error"] and "sold standard error" in header
    report = (out / "report.html").read_text()
    fetched = re.search(r"""(src|href)=|url\(|@import|https?:(?!//www.w3.org/)""", report)
    assert fetched is None
    assert "höuse" in report and "prefers-color-scheme: dark" in report
    assert report.rstrip().endswith("</html>")
    model = DistributedBottleneck.load(out / "model.safetensors")
    assert model.information_plane_.error.tolist() == plane["plane"]["error"]
    again = run(tmp_path / "flats.csv", "--target", "price", *QUICK)
    assert again.exit_code == 2 and "choose another --out, or say --overwrite" in again.output


def test_other_methods_and_shuffled_columns_stand_beside_the_fit(tmp_path, monkeypatch):
    file = write_table(tmp_path / "flats.csv")
    result = run(file, "--target", "price", "--controls", *QUICK)
    assert result.exit_code == 0 and "boosted trees that see kind alone" in result.output
    assert "Beside a shuffled copy of each column" in result.output
    assert "The held-out rows do not clearly confirm the bits of" in result.output  # after five steps
    out = tmp_path / "flats-bits"
    stored = json.loads((out / "plane.json").read_text())
    table = read_table(file, "price", ReadOptions())
    same = DistributedBottleneck(kinds=table.kinds, periods={}, steps=5).fit(table.X, table.y)
    assert stored["yardsticks"] == same.yardsticks(table.X, table.y).as_dict()
    assert stored["permutation"] == same.permutation_importances(table.X, table.y).as_dict()
    assert stored["controls"] == same.controls(table.X, table.y).as_dict()
    assert "--controls" in stored["command"] and stored["options"]["steps"] == 5
    report = (out / "report.html").read_text()
    assert "What other methods find" in report and "bits of its shuffled copy" in report
    assert "do not clearly confirm the bits of" in report
    monkeypatch.setattr(table_fits, "WHOLE_ROWS", 20)
    monkeypatch.delattr(table_fits, "_fit")  # refused before a fit
    refused = run(file, "--target", "price", "--controls", "--overwrite", *QUICK)
    assert refused.exit_code == 2 and "--controls needs a table of at most 20 rows" in refused.output


def test_several_fits_are_stored_printed_and_reported(tmp_path):
    file = write_table(tmp_path / "flats.csv")
    result = CliRunner().invoke(main, ["decompose", str(file), "--target", "price", *QUICK])
    assert result.exit_code == 0 and "3 fits with consecutive seeds" in result.output
    out = tmp_path / "flats-bits"
    assert sorted(path.name for path in out.iterdir()) == sorted(decompose.FILES)
    stored = json.loads((out / "plane.json").read_text())
    ensemble, table = stored["ensemble"], read_table(file, "price", ReadOptions())
    assert stored["options"]["fits"] == ensemble["fits"] == 3
    same = (
        DistributedBottleneck(kinds=table.kinds, periods={}, steps=5, n_fits=3)
        .fit(table.X, table.y)
        .ensemble_
    )
    assert ensemble["mean_error"] == same.mean_error.tolist()
    assert ensemble["twins"] == [list(group) for group in same.twins]
    assert ensemble["feature_spread"] == same.feature_spread.tolist()
    assert "How much another seed changes" in (out / "report.html").read_text()
    options = DecomposeOptions("x.csv", "y", fits=0)
    assert [options.with_fits(n).fits for n in (50_000, 50_001)] == [3, 1]
    assert DecomposeOptions("x.csv", "y", fits=2).with_fits(10**6).fits == 2


def test_markup_in_a_table_is_escaped(tmp_path):
    (tmp_path / "x.csv").write_text(
        "<script>a</script>,y\n" + "".join(f"<b>{i % 3},{i % 3}\n" for i in range(ROWS))
    )
    assert run(tmp_path / "x.csv", "--target", "y", "--steps", "100").exit_code == 0
    report = (tmp_path / "x-bits" / "report.html").read_text()
    assert "<script" not in report and "<b>" not in report and "&lt;script&gt;" in report


BAD = [
    ("", ["--target", "y"], "is empty: it needs a header and rows"),
    ("a,y\n", ["--target", "y"], r"has a header \(2 columns\) and no rows"),
    (
        "a,price\n" + "1,2\n2,3\n" * 9,
        ["--target", "prize"],
        "no column 'prize'; did you mean 'price'.* It has a, price",
    ),
    ("a,y\n" + "1,5\n2,5\n" * 9, ["--target", "y"], "'y' is 5 in every row.* choose another target"),
    ("a,y\n" + "1,\n2,\n" * 9, ["--target", "y"], "'y' is missing in every row"),
    (
        "a,y\n" + "1,2\n1,3\n" * 9,
        ["--target", "y"],
        "No column .* two values or more.* add a column that varies",
    ),
    ("a,y\n1,2\n2,3\n", ["--target", "y"], "2 rows with a y: give at least 5"),
    (
        "a,y\n" + "".join(f"{i % 3},name {i}\n" for i in range(50)),
        ["--target", "y"],
        "50 different texts in 50 rows.* Choose another target",
    ),
    ("a,y,b\n" + "1,2,3\n" * 9 + "1,2\n", ["--target", "y"], "line 11 has 2 fields, and the header names 3"),
    ("a,y\n" + "1,2\n" * 9 + "1\n", ["--target", "y"], "line 11 has 1 field, and the header names 2"),
    ("y\n" + "1,2\n" * 9, ["--target", "y"], "has 1 name in its header but 2 fields in its rows"),
    ("y\n", ["--target", "y"], r"has a header \(1 column\) and no rows"),
    ("a,y\n" + "1,2\n2,3\n" * 9, ["--target", "Y"], "no column 'Y'; did you mean 'y'"),
    ("a, a,y\n" + "1,2,3\n2,2,4\n" * 9, ["--target", "y"], "two columns named 'a': give each a name"),
    ("a,y,y\n" + "1,2,3\n2,2,4\n" * 9, ["--target", "y"], "two columns named 'y': give each a name"),
    ('"a",b,"a"\n' + "1,2,3\n2,2,4\n" * 9, ["--target", "b"], "two columns named 'a': give each a name"),
    ("a,y\n" + "1,2\n2,1e300\n" * 9, ["--target", "y"], "target 'y' holds 1e\\+300.*in other units"),
    ("PAR1 and so on", ["--target", "y"], "cannot be read as Parquet|needs pyarrow"),
    ("PK\x03\x04 and so on", ["--target", "y"], "a spreadsheet or a ZIP archive: save the table as CSV"),
    ("a,y\n1,\0\n", ["--target", "y"], "is no text: line 2 holds a zero byte"),
    ("a,y\n1,2\n", ["--target", "y", "--sep", "xx"], "--sep 'xx': give one mark"),
    (
        "a,y\n1,2\n2,3,4,5\n",
        ["--target", "y"],
        "line 3 has 4 fields, and the header names 2 columns: correct",
    ),
    (
        "Sales\nof 2020\na,y\n1,2\n",
        ["--target", "y"],
        "line 3 has 2 fields.* 1 column: begin the file with the line that",
    ),
    ('{"a":1,"y":2}\n' * 9, ["--target", "y"], r"is JSON, not CSV: save the table as CSV \(UTF-8\)"),
    ('[\n{"a":1,"y":2}]', ["--target", "y"], "is JSON, not CSV"),
    ("<!DOCTYPE html>\n<p>a,y\n", ["--target", "y"], "is a page of HTML or XML, not CSV"),
    ("%PDF-1.7\n", ["--target", "y"], "is a PDF, not CSV"),
    (
        "# of 2020\na,y\n1,2\n",
        ["--target", "y"],
        r"begins with 1 comment \('# of 2020'\): remove it, so that",
    ),
    ("# by me\n# of 2020\na,y\n1,2\n", ["--target", "y"], "begins with 2 comments.* remove them, so that"),
    ("a,y\n" + "1,2,3\n2,3,4\n" * 9, ["--target", "y"], "2 names in its header but 3 fields in its rows"),
    (
        "a,y\n" + "".join(f"{i},{'inf' if i == 7 else i}\n" for i in range(50)),
        ["--target", "y"],
        "infinity; give finite numbers",
    ),
    (
        "a,y\n" + "0,1\n5,2\n" * 9,
        ["--target", "y", "--circular", "a:x"],
        "'x' is not a number; write the period as in hour:24",
    ),
    ("a,y\n" + "0,1\n5,2\n" * 9, ["--target", "y", "--circular", "a:3"], "no circle of period 3"),
    ("a,y\n" + "0,1\n5,2\n" * 9, ["--target", "y", "--circular", "a:-1"], "the period must be above 0"),
    ("a,y\n" + "0,1\n5,2\n" * 9, ["--target", "y", "--ordinal", "b"], "no column 'b'"),
    (
        "a,y\n" + "k,1\nl,2\n" * 9,
        ["--target", "y", "--ordinal", "a"],
        "'a' is ordinal but holds something that is not a number.* categorical",
    ),
]


@pytest.mark.parametrize("content, options, message", BAD, ids=range(len(BAD)))
def test_a_bad_table_is_refused_with_advice(tmp_path, content, options, message):
    file = tmp_path / "bad.csv"
    file.write_text(content)
    result = run(file, *options, *QUICK)
    assert result.exit_code == 2 and isinstance(result.exception, SystemExit)
    assert re.search(message, result.output), result.output
    assert not (tmp_path / "bad-bits").exists()


CONTRADICTIONS = [
    (["--ignore", "sales"], "--target and --ignore were both given for 'sales': choose one of them"),
    (["--circular", "sales:3"], "--target and --circular were both given for 'sales'"),
    (["--ordinal", "sales"], "--target and --ordinal were both given for 'sales'"),
    (["--classes", "--continuous", "sales"], "--classes and --continuous were both given for 'sales'"),
    (
        ["--ordinal", "size", "--categorical", "size"],
        "--categorical and --ordinal were both given for 'size'",
    ),
    (["--ignore", "size", "--circular", "size:3"], "--ignore and --circular were both given for 'size'"),
    (["--circular", "size:3", "--circular", "size:4"], "--circular size:4: 'size' was given before"),
    (["--weight", "times", "--ordinal", "times"], "--weight and --ordinal were both given for 'times'"),
    (["--hold-out-last", "day", "--categorical", "day"], "--hold-out-last and --categorical were both given"),
    (["--hold-out-by", "shop", "--hold-out-last", "day"], "both given: choose one of them"),
    (["--group", "sales=shop,size"], "--group sales has the name of the target: give it another name"),
    (["--group", "a=shop,sales"], "--group and --target were both given for 'sales'"),
    (["--ignore", "shop", "--group", "a=shop,size"], "--group and --ignore were both given for 'shop'"),
    (["--weight", "times", "--group", "a=times,size"], "--group and --weight were both given for 'times'"),
    (["--fits", "2", "--workers", "2", "--scheduler", "tcp://h:1"], "--workers and --scheduler were both"),
    (["--sql", "select 1"], "Give a FILE, or a query by --sql, and not both"),
    (["--sep", "\n"], "give one mark, such as ';'"),
    (["--sep", "\r"], "give one mark, such as ';'"),
    (["--sep", "·"], "give one mark, such as ';'"),
    (["--out", ""], "Invalid value for '--out': name a folder"),
    (["--out", "shops.csv/bits"], "shops.csv/bits cannot be written: .*shops.csv is a file"),
]


@pytest.mark.parametrize("options, message", CONTRADICTIONS)
def test_options_that_cannot_be_together_are_refused_before_anything_is_read(
    tmp_path, monkeypatch, options, message
):
    monkeypatch.chdir(tmp_path)
    write_days(tmp_path / "shops.csv")
    result = run(Path("shops.csv"), "--target", "sales", *options, *QUICK)
    assert result.exit_code == 2 and re.search(message, result.output), result.output
    assert "reading" not in result.output and [path.name for path in tmp_path.iterdir()] == ["shops.csv"]


def test_a_mark_between_columns_is_for_csv_files(tmp_path):
    (tmp_path / "x.parquet").write_bytes(b"PAR1 and nothing else")
    for given, what in (([str(tmp_path / "x.parquet")], "x.parquet is Parquet"), (["--sql", "select 1"], "")):
        arguments = ["decompose", *given, "--target", "y", "--sep", ";"]
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 2 and "--sep is for CSV files" in result.output and what in result.output


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert "No such file" in run(tmp_path / "none.csv", "--target", "y").output
    for name in ("a.parquet", "b.csv.gz", "c.csv.gz", "notes.txt"):
        (tmp_path / name).touch()
    pattern = re.escape(f"'{tmp_path}/*.csv.gz'")
    assert re.search(f"is a folder: .* in quotes, as {pattern}", run(tmp_path, "--target", "y").output)


def test_text_that_is_not_utf8_is_reported_with_line_and_byte(tmp_path):
    (tmp_path / "bad.csv").write_bytes("town,y\nBonn,1\nKöln,2\n".encode("latin-1"))
    output = run(tmp_path / "bad.csv", "--target", "y").output
    assert "line 3 holds the byte 0xf6 at position 2." in output and "iconv" in output


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"]
)
def test_a_file_that_is_no_text_is_not_to_be_converted(tmp_path, content):
    for name, written in (("x.csv", content), ("x.csv.gz", gzip.compress(content))):
        (tmp_path / name).write_bytes(written)
        output = run(tmp_path / name, "--target", "y").output
        assert f"{name} is no text: save the table as CSV (UTF-8)." in output and "iconv" not in output


def test_a_column_may_begin_with_the_mark_of_a_comment(tmp_path):
    (tmp_path / "x.csv").write_text("#a,y\n" + "".join(f"{i % 7},{i}\n" for i in range(30)))
    for table in (
        read_table(tmp_path / "x.csv", "y"),
        large.open_table(csv_source([tmp_path / "x.csv"], None, None), "y", ReadOptions()),
    ):
        assert [(reading.name, reading.different) for reading in table.readings] == [("#a", 7)]
    (tmp_path / "x.csv").write_text("#a,y\n" + "".join(f"#{i % 7},{i}\n" for i in range(30)))
    assert read_table(tmp_path / "x.csv", "y").readings[0].different == 7
    for beginning, named in (("# a comment\na,y\n", "comment"), ("<html>\n", "HTML")):
        (tmp_path / "x.csv").write_text(beginning + "1,2\n" * 9)
        with pytest.raises(InformationError, match=named):
            large.open_table(csv_source([tmp_path / "x.csv"], None, None), "y", ReadOptions())


def test_utf16_as_excel_writes_it_is_read_whole_and_in_batches(tmp_path):
    text = "größe\tort\ty\r\n" + "".join(f"{i}\t{'ਊ北'[i % 2]}\t{i % 5}\r\n" for i in range(ROWS))
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    expected = read_table(tmp_path / "x.csv", "y")
    for encoding in ("utf-16-le", "utf-16-be"):
        (tmp_path / "x16.csv").write_bytes(("\ufeff" + text).encode(encoding))
        (tmp_path / "x16.csv.gz").write_bytes(gzip.compress(("\ufeff" + text).encode(encoding)))
        for name in ("x16.csv", "x16.csv.gz"):
            read = read_table(tmp_path / name, "y")
            assert read.X.equals(expected.X) and read.separator == "\t"
            pytest.importorskip("pyarrow")
            read = large.open_table(csv_source([tmp_path / name], None, None), "y", ReadOptions())
            assert read.X.equals(expected.X.astype({"größe": float})) and read.separator == "\t"
    (tmp_path / "x16.csv").write_bytes(("\ufeff" + text).encode("utf-16-le") + b"\x00\xd8\n\x00")
    assert "begins as UTF-16 does and goes on otherwise" in run(tmp_path / "x16.csv", "--target", "y").output


def test_a_byte_order_mark_and_tabs_are_read(tmp_path):
    (tmp_path / "tabs.csv").write_bytes("\ufeffa\ty\n".encode() + b"1\t2\n2\t3\n" * 9)
    assert list(read_table(tmp_path / "tabs.csv", "y").X) == ["a"]


def test_a_column_of_very_many_different_strings_is_refused(tmp_path):
    file = tmp_path / "many.csv"
    file.write_text("id,a,y\n" + "".join(f"row {i},{i % 3},{i % 5}\n" for i in range(30_000)))
    assert re.search(
        "30,000 different texts in 30,000 rows, more than 1,000; leave it out with --ignore id",
        run(file, "--target", "y").output,
    )
    assert list(read_table(file, "y", ReadOptions(ignore=("id",))).X) == ["a"]


def test_a_file_larger_than_the_memory_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # with it, the file would be read in batches
    file = tmp_path / "huge.csv"
    file.write_text("a,y\n1,2\n")
    os.truncate(file, 10**13)  # sparse, so it takes no space
    result = run(file, "--target", "y")
    assert re.search(
        r"has 10000\.0 GB; reading it takes up to 280000\.0 GB of memory and \d+\.\d GB are free: take a "
        "random part",
        result.output,
    )


def test_numbers_can_be_declared_to_be_classes(tmp_path):
    (tmp_path / "x.csv").write_text("a,y\n" + "".join(f"{i % 3},{i % 3}\n" for i in range(ROWS)))
    result = run(tmp_path / "x.csv", "--target", "y", "--classes", "--steps", "5")
    assert result.exit_code == 0 and "cross-entropy in bits" in result.output


def start(file: Path, out: Path) -> subprocess.Popen:
    options = ["--target", "price", "--steps", str(STEPS), "--out", str(out)]
    return subprocess.Popen(
        [sys.executable, "-m", "infodecomp.cli.main", "decompose", str(file), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def interrupt(file: Path, out: Path, signal_number: int) -> str:
    """Start a fit, and end it by a signal as soon as it has stored its state again; returns its output."""
    checkpoint = out / decompose.CHECKPOINT

    def stored() -> int:
        return checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0

    before, process = stored(), start(file, out)
    wait_until(lambda: stored() != before or process.poll() is not None, 120)
    process.send_signal(signal_number)
    output, _ = process.communicate(timeout=60)
    assert process.returncode in (-signal.SIGKILL, 1), output
    assert checkpoint.exists() and not (out / "plane.json").exists()
    return output


def test_a_fit_that_is_killed_and_then_interrupted_resumes_to_the_same_numbers(tmp_path):
    file, out, expected = write_table(tmp_path / "flats.csv"), tmp_path / "out", tmp_path / "uninterrupted"
    interrupt(file, out, signal.SIGKILL)
    assert "Give the same command again to go on" in interrupt(file, out, signal.SIGINT)
    for folder in (out, expected):
        result = run(file, "--target", "price", "--steps", str(STEPS), "--out", str(folder))
        assert result.exit_code == 0, result.output
    for name in ("plane.json", "model.safetensors"):
        assert (out / name).read_bytes() == (expected / name).read_bytes()
    assert not (out / decompose.CHECKPOINT).exists()


def test_a_record_runs_again_to_the_same_numbers_and_tells_what_has_changed(tmp_path):
    """Options that change the numbers: a period, names, levels, a seed; from a compressed file elsewhere."""
    rows = "".join(f"{i % 24};{i % 5};{i * 7 % 60},5;{i};{i % 24 // 6},25\n" for i in range(ROWS))
    content = ("hour;code;size;id;y\n" + rows).encode()
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(content))
    options = ["--circular", "hour:24", "--categorical", "code", "--levels", "9", "--ignore", "id"]
    result = run(tmp_path / "x.csv.gz", "--target", "y", "--seed", "3", *options, *QUICK)
    assert result.exit_code == 0, result.output
    record = json.loads((tmp_path / "x-bits" / "plane.json").read_text())
    assert [(c["kind"], c["levels"], c["period"]) for c in record["columns"]] == [
        ("circular", 9, 24),
        ("categorical", 5, None),
        ("continuous", 9, None),
    ]
    assert record["ignored"] == ["id"] and record["seed"] == 3 and record["separator"] == ";"
    assert {"python", "torch", "numpy", "infodecomp"} <= set(record["versions"])
    assert "--circular hour:24" in record["command"] and "--seed 3" in record["command"]
    again = CliRunner().invoke(main, ["rerun", str(tmp_path / "x-bits" / "plane.json")])
    assert again.exit_code == 0 and "the same numbers as in" in again.output, again.output
    (tmp_path / "y.csv").write_bytes(content.replace(b"0;0;0,5", b"0;0;90,5"))
    other = ["--file", str(tmp_path / "y.csv"), "--overwrite"]
    changed = CliRunner().invoke(main, ["rerun", str(tmp_path / "x-bits" / "plane.json"), *other])
    assert changed.exit_code == 1 and "its sha256 differs" in changed.output


def test_a_record_that_cannot_be_run_again_is_refused(tmp_path):
    (tmp_path / "plane.json").write_text('{"options": {"file": "x.csv"}}')
    for file, message in (("plane.json", "holds no record"), ("none.json", "No such file")):
        result = CliRunner().invoke(main, ["rerun", str(tmp_path / file)])
        assert result.exit_code == 2 and message in result.output


def test_no_cell_of_the_numbers_is_a_formula(tmp_path):
    (tmp_path / "x.csv").write_text("=cmd|' /C calc'!A0,@b,y\n" + "1,2,3\n2,1,4\n" * 30)
    assert run(tmp_path / "x.csv", "--target", "y", *QUICK).exit_code == 0
    (header, *_) = csv.reader((tmp_path / "x-bits" / "plane.csv").open())
    assert header[5] == "'=cmd|' /C calc'!A0 bits" and header[6] == "'@b bits"
    assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in header)


def test_a_full_disk_leaves_no_results(tmp_path, monkeypatch):
    def full(file, content):
        if Path(file).name == "report.html":
            raise OSError(28, "No space left on device")
        write_atomic(file, content)

    monkeypatch.setattr("infodecomp.cli.report.write_atomic", full)
    (tmp_path / "x.csv").write_text("a,y\n" + "1,3\n2,4\n" * 30)
    result = run(tmp_path / "x.csv", "--target", "y", *QUICK)
    assert result.exit_code == 1 and "No space left on device" in result.output
    assert not [name for name in decompose.FILES if (tmp_path / "x-bits" / name).exists()]


def test_results_respect_the_umask_and_a_pipe_is_no_file(tmp_path):
    previous = os.umask(0o077)
    try:
        write_atomic(tmp_path / "x", b"")
    finally:
        os.umask(previous)
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o600
    os.mkfifo(tmp_path / "pipe.csv")
    assert "is no regular file" in run(tmp_path / "pipe.csv", "--target", "y").output


def write_days(file: Path) -> Path:
    """Sixty rows of twelve shops on sixty days."""
    lines = ["shop,day,size,times,sales"]
    for i in range(ROWS):
        lines.append(f"s{i % 12},2026-{1 + i // 28:02}-{1 + i % 28:02},{i % 3},{i % 4},{i % 3}")
    file.write_text("\n".join(lines) + "\n")
    return file


@pytest.mark.parametrize(
    "option, column, text",
    [("--hold-out-by", "shop", "the same shop"), ("--hold-out-last", "day", "with the largest day")],
)
def test_rows_are_held_out_by_a_column_and_so_again(tmp_path, option, column, text):
    file = write_days(tmp_path / "shops.csv")
    result = run(file, "--target", "sales", option, column, *QUICK)
    assert result.exit_code == 0, result.output
    assert f"{column} says which rows are held out, and is not fitted" in result.output
    out = tmp_path / "shops-bits"
    stored = json.loads((out / "plane.json").read_text())
    assert f"{option} {column}" in stored["command"] and column not in stored["features"]
    assert text in (out / "report.html").read_text()
    again = CliRunner().invoke(main, ["rerun", str(out / "plane.json")])
    assert again.exit_code == 0 and "the same numbers" in again.output, again.output


def test_a_report_says_on_how_many_rows_the_error_was_measured(tmp_path):
    run(write_table(tmp_path / "flats.csv"), "--target", "price", *QUICK)
    text = (tmp_path / "flats-bits" / "report.html").read_text()
    rows = json.loads((tmp_path / "flats-bits" / "plane.json").read_text())["rows"]
    n = int(0.2 * rows)
    assert f"on the {n} rows that were held out, {100 * n / rows:.0f}% of all." in text
    large = SimpleNamespace(n_measured_=39_961, n_rows_=5_000_000, validation_fraction=0.2)
    none = {"hold_out_by": None, "hold_out_last": None}
    assert measured_on(large, none) == "the 39,961 rows that were held out, 0.8% of all"
    by = measured_on(large, none | {"hold_out_by": "shop"})
    assert by == "39,961 random ones of the rows that were held out, which are about 20% of the rows"


def test_rows_have_weights_and_so_again(tmp_path):
    file = write_days(tmp_path / "shops.csv")
    result = run(file, "--target", "sales", "--weight", "times", "--controls", "--ignore", "day", *QUICK)
    assert result.exit_code == 0, result.output
    assert "times is the weight of each row, and is not fitted" in result.output
    out = tmp_path / "shops-bits"
    stored = json.loads((out / "plane.json").read_text())
    assert stored["features"] == ["shop", "size"] and "--weight times" in stored["command"]
    assert "Rows count as times says" in (out / "report.html").read_text()
    table = read_table(file, "sales", ReadOptions(ignore=["day"], weight="times"))
    fit = DistributedBottleneck(steps=5, kinds=table.kinds).fit(table.X, table.y, table.weights)
    assert stored["plane"]["error"] == fit.information_plane_.error.tolist()
    assert stored["yardsticks"]["trees"] == fit.yardsticks(table.X, table.y, table.weights).trees
    again = CliRunner().invoke(main, ["rerun", str(out / "plane.json")])
    assert again.exit_code == 0 and "the same numbers" in again.output, again.output


@pytest.mark.parametrize("where", ["in memory", "in batches"])
def test_a_table_of_many_rows_has_weights_groups_and_hold_outs_too(tmp_path, monkeypatch, where):
    file = write_days(tmp_path / "shops.csv")
    options = ("--target", "sales", "--weight", "times", "--hold-out-last", "day", "--group", "all=shop,size")
    planes = []
    for name in ("whole", where):
        assert (result := run(file, *options, "--out", str(tmp_path / name), *QUICK)).exit_code == 0, (
            result.output
        )
        planes.append(json.loads((tmp_path / name / "plane.json").read_text()))
        if where == "in batches":
            pytest.importorskip("pyarrow")
            monkeypatch.setattr(decompose, "SMALL_BYTES", 0)
            monkeypatch.setattr(large, "open_table", partial(large.open_table, whole_rows=30))
        else:
            monkeypatch.setattr(table_fits, "WHOLE_ROWS", 30)
    assert planes[0]["plane"] == planes[1]["plane"] and planes[1]["features"] == ["all"]
    assert planes[0]["yardsticks"] and not planes[1]["yardsticks"]
    assert "times is the weight of each row, and is not fitted." in planes[1]["notes"]


def test_columns_that_are_not_fitted_may_hold_text_after_numbers_in_a_large_file(tmp_path, monkeypatch):
    pytest.importorskip("pyarrow")
    monkeypatch.setattr(decompose, "SMALL_BYTES", 0)
    monkeypatch.setattr("infodecomp.tables.sources.BLOCK_BYTES", 300)
    rows = "".join(f"{'x' * (i > 60)}{i},{'P' * (i > 60)}{i % 9},{i % 7},{i % 4}\n" for i in range(ROWS * 2))
    (tmp_path / "x.csv").write_text(" id,place,a,y\n" + rows)
    given = DecomposeOptions(file=str(tmp_path / "x.csv"), target="y", ignore=("id",), hold_out_by="place")
    with pytest.raises(InformationError, match="'place' holds 'P7' after numbers.*--categorical place"):
        decompose.open_source(given, given.reading())
    followed = replace(given, categorical=("place",))
    followed.check()
    table, _ = decompose.open_source(followed, followed.reading())
    assert list(table.X) == ["a"] and set(table.held_out_values) >= {"P7", "7"}


@pytest.mark.parametrize(
    "options, message",
    [
        (["--weight", "time"], "no column 'time'; did you mean 'times'"),
        (["--weight", "sales"], "'sales' cannot give the rows their weights: choose another"),
        (["--weight", "shop"], "'shop' holds 's0': weights are numbers from 0 on"),
        (["--hold-out-by", "shops"], "no column 'shops'; did you mean 'shop'"),
        (["--hold-out-by", "sales"], "'sales' cannot say which rows are held out: choose another"),
        (["--hold-out-last", "shop"], "'shop' holds 's0': give numbers or dates"),
        (["--hold-out-by", "once"], "'once' has 1 different value, of which one is in 60 of 60 rows"),
        (["--hold-out-by", "gaps"], "'gaps' is missing in 20 of 60 rows: fill them in"),
        (["--hold-out-last", "once", "--weight", "times"], "'once' is 7 in 45 of 45 rows: give a column"),
        (["--weight", "none"], "Every weight in 'none' is zero: there is nothing to fit"),
        (["--weight", "gaps"], "'gaps' is nan in a row: give finite numbers from 0 on"),
        (["--weight", "TIMES"], "no column 'TIMES'; did you mean 'times'"),
    ],
)
def test_columns_that_cannot_split_the_rows_are_named(tmp_path, options, message):
    lines = write_days(tmp_path / "shops.csv").read_text().split()
    more = [f"{line},7,{i % 3 or ''},0" for i, line in enumerate(lines[1:], 1)]
    (tmp_path / "shops.csv").write_text("\n".join([f"{lines[0]},once,gaps,none", *more]))
    result = run(tmp_path / "shops.csv", "--target", "sales", *options, *QUICK)
    assert result.exit_code == 2 and message in result.output, result.output
    assert not (tmp_path / "shops-bits").exists()


def test_a_group_of_columns_is_one_message_and_so_again(tmp_path):
    file = write_days(tmp_path / "shops.csv")
    result = run(file, "--target", "sales", "--group", "where=shop, size", *QUICK)
    assert result.exit_code == 0 and "where: one message about shop, size" in result.output, result.output
    out = tmp_path / "shops-bits"
    stored = json.loads((out / "plane.json").read_text())
    assert (
        stored["features"] == ["where", "day", "times"] and "--group 'where=shop, size'" in stored["command"]
    )
    again = CliRunner().invoke(main, ["rerun", str(out / "plane.json")])
    assert again.exit_code == 0 and "the same numbers" in again.output, again.output


@pytest.mark.parametrize(
    "options, message",
    [
        (
            ["--group", "where"],
            "--group where: give a name and two or more different columns, as in place=x,y",
        ),
        (["--group", "where=shop,"], "give a name and two or more different columns"),
        (["--group", "where=shop,shop,size"], "give a name and two or more different columns"),
        (["--group", "where=shop,sizes"], "no column 'sizes' for the group 'where'"),
        (["--group", "a=shop,size", "--group", "a=day,shop"], "'a' was given before"),
    ],
)
def test_a_group_that_is_none_is_named(tmp_path, options, message):
    result = run(write_days(tmp_path / "shops.csv"), "--target", "sales", *options, *QUICK)
    assert result.exit_code == 2 and message in result.output, result.output
    assert not (tmp_path / "shops-bits").exists()


@pytest.mark.parametrize("where", ["workers", "scheduler"])
def test_fits_side_by_side_have_the_same_numbers(tmp_path, where):
    file = write_days(tmp_path / "shops.csv")
    options = ("--target", "sales", "--fits", "3", "--hold-out-by", "shop", *QUICK)
    assert run(file, *options).exit_code == 0
    stored = json.loads((tmp_path / "shops-bits" / "plane.json").read_text())
    again = ["rerun", str(tmp_path / "shops-bits" / "plane.json")]
    if where == "workers":
        result = CliRunner().invoke(main, [*again, "--workers", "2"])
    else:
        distributed = pytest.importorskip("distributed")
        with distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
        ) as local:
            result = CliRunner().invoke(main, [*again, "--scheduler", local.scheduler_address])
    assert result.exit_code == 0 and "2 more fits side by side" in result.output, result.output
    other = json.loads((tmp_path / "shops-bits-rerun" / "plane.json").read_text())
    assert other["ensemble"] == stored["ensemble"] and other["command"] == stored["command"]
    left = sorted(path.name for path in (tmp_path / "shops-bits-rerun").iterdir())
    assert left == sorted(decompose.FILES)


@pytest.fixture
def ctrl_c():
    """Ctrl-C interrupts, also where the tests run in the background, with its signal ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def interrupted(*_):
    os.kill(os.getppid(), signal.SIGINT)
    time.sleep(60)


def disconnected(*_):
    raise ConnectionError("the scheduler went away")


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize(
    "lost, code, message",
    [
        (killed, 2, r"side by side broke off \(.+\): give the same command again to go on"),
        (disconnected, 2, r"side by side broke off \(the scheduler went away\): give the same command again"),
        (interrupted, 1, "stopped; the fit so far is in .+ Give the same command again to go on"),
    ],
)
def test_fits_side_by_side_that_break_off_go_on_with_the_same_command(
    tmp_path, monkeypatch, lost, code, message
):
    file = write_days(tmp_path / "shops.csv")
    options = ("--target", "sales", "--fits", "2", "--workers", "2", *QUICK)
    with monkeypatch.context() as patched:
        patched.setattr("infodecomp.bottleneck.fits.ensemble._plane", lost)
        result = run(file, *options)
    assert result.exit_code == code and re.search(message, result.output), result.output
    assert (tmp_path / "shops-bits" / decompose.CHECKPOINT).exists()
    again = run(file, *options)
    assert again.exit_code == 0 and "\nanother fit\n" in again.output, again.output


@pytest.mark.parametrize("option", [("--workers", "2"), ("--scheduler", "tcp://127.0.0.1:1")])
def test_one_fit_alone_is_not_spread_over_workers(tmp_path, option):
    file = write_days(tmp_path / "shops.csv")
    result = run(file, "--target", "sales", *option, *QUICK)
    assert result.exit_code == 2 and "are for the fits after the first, and there is one" in result.output
    assert run(file, "--target", "sales", *QUICK).exit_code == 0
    again = CliRunner().invoke(main, ["rerun", str(tmp_path / "shops-bits" / "plane.json"), *option])
    assert again.exit_code == 2 and "are for the fits after the first, and there is one" in again.output


def test_a_scheduler_that_does_not_answer_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(parallel, "SCHEDULER_SECONDS", 1)
    file = write_days(tmp_path / "shops.csv")
    result = run(file, "--target", "sales", "--fits", "2", "--scheduler", "tcp://127.0.0.1:1", *QUICK)
    assert result.exit_code == 2 and re.search(
        "No dask scheduler answers at|'infodecomp.cluster", result.output
    )
    assert "reading" not in result.output  # it is noticed before the first fit, which may take hours


@pytest.mark.parametrize(
    "value, digits, text",
    [
        (84_123.4, 4, "84,120"),
        (0.0123456, 4, "0.01235"),
        (123.456, 4, "123.5"),
        (142.0, 2, "140"),
        (-2500.4, 4, "-2,500"),
        (3e15, 4, "3e+15"),
    ],
)
def test_numbers_of_a_report_have_few_digits_and_no_exponent_where_none_is_needed(value, digits, text):
    assert number_text(value, digits) == text
