"""`infodecomp decompose`: where in a table is the information about one of its columns? And `rerun`."""

import importlib.util
import json
import math
import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from infodecomp.cli.progress import Interrupted, use_one_thread
from infodecomp.cli.record import (
    DEFAULT_FITS,
    MANY_ROWS,
    DecomposeOptions,
    SideBySide,
    compare_planes,
    read_plane,
    sha256_of,
    versions,
)
from infodecomp.errors import InformationError

FILES = ("plane.json", "plane.csv", "plane.svg", "model.safetensors", "report.html")
SMALL_BYTES = 50 * 2**20  # CSV files of more are read by pyarrow, where it is installed
CHECKPOINT = "unfinished.safetensors"


WORKERS = click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Processes for the fits after the first; the numbers are the same for any number.",
)
SCHEDULER = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="A dask scheduler, as tcp://host:8786, whose workers compute the fits after the first.",
)


class Folder(click.Path):
    """The folder that an option names."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, path_type=Path)

    def convert(self, value, param, ctx):
        """The path. An empty text would mean the current folder, where no one asked for results."""
        if value == "":
            self.fail("name a folder.", param, ctx)
        return super().convert(value, param, ctx)


class BadInput(click.ClickException):
    """A table or an option that cannot be used: one sentence, and exit code 2."""

    exit_code = 2


@click.command()
@click.argument("file", required=False, default="")
@click.option("--target", required=True, help="The column to predict.")
@click.option(
    "--ignore", multiple=True, help="A column to leave out. This option and the next four can be repeated."
)
@click.option(
    "--circular",
    multiple=True,
    metavar="COLUMN[:PERIOD]",
    help="A column of numbers that wrap around, as in hour:24.",
)
@click.option("--categorical", multiple=True, help="A column of numbers that are names.")
@click.option(
    "--ordinal", multiple=True, help="A column of numbers of which only the order and the distances matter."
)
@click.option("--continuous", multiple=True, help="A column of numbers, whatever it was taken for.")
@click.option("--classes", is_flag=True, help="The target's numbers are class labels.")
@click.option(
    "--levels",
    type=click.IntRange(2, 1000),
    help="The most levels of a column of numbers; by default one for each 20 rows, 8 to 128.",
)
@click.option("--sep", metavar="MARK", help="The mark between columns; found from the header by default.")
@click.option("--sql", help="A query whose result is the table, in place of FILE; it needs DuckDB.")
@click.option(
    "--db", metavar="FILE", help="The DuckDB database that the query reads, opened for reading alone."
)
@click.option("--decimal", type=click.Choice([".", ","]), help="The decimal mark; found by default.")
@click.option(
    "--steps",
    type=click.IntRange(1),
    help="Steps of the optimiser; by default one for each 4 rows, 150 to 1,500, and up to 3,000 with over "
    "50,000 rows.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="The same seed gives the same numbers.",
)
@click.option(
    "--fits",
    default=None,
    show_default=f"{DEFAULT_FITS}, or 1 with more than {MANY_ROWS:,} rows",
    type=click.IntRange(1, 100),
    help="Fits with consecutive seeds: how much the bits of each column change, and which trade places.",
)
@click.option(
    "--controls",
    is_flag=True,
    help="Fit once more beside a shuffled copy of each column: what does a column get that says nothing?",
)
@click.option(
    "--group",
    multiple=True,
    metavar="NAME=COLUMN,COLUMN",
    help="Columns that share one message, as in place=x,y; can be repeated.",
)
@click.option(
    "--weight",
    metavar="COLUMN",
    help="A column of numbers from 0 on: how much each row counts. It is not fitted.",
)
@click.option(
    "--hold-out-by",
    metavar="COLUMN",
    help="Measure the error on whole groups of rows: rows with the same value are never on both sides.",
)
@click.option(
    "--hold-out-last",
    metavar="COLUMN",
    help="Measure the error on the rows with the largest numbers or the latest dates in this column.",
)
@click.option(
    "--out",
    type=Folder(),
    help="The folder for the results; FILE's name with -bits by default.",
)
@click.option("--overwrite", is_flag=True, help="Replace results in the folder.")
@WORKERS
@SCHEDULER
def decompose(
    file: str, out: Path | None, overwrite: bool, workers: int, scheduler: str | None, **chosen
) -> None:
    """Fit a distributed information bottleneck to the table FILE (CSV, also .csv.gz, or Parquet; or several
    files by a pattern in quotes, as 'data/*.parquet') and report which columns are worth their bits.

    Shows first how each column is read. Writes plane.json, plane.csv, plane.svg, model.safetensors and
    report.html. An interrupted fit resumes when the same command is given again, and `infodecomp rerun
    plane.json` repeats a finished one.
    """
    if chosen["sep"] is not None:
        chosen["sep"] = chosen["sep"].replace("\\t", "\t")
    side_by_side = SideBySide(workers, scheduler)
    folder = out or default_folder(file or "query", "-bits")
    chosen["fits"] = chosen["fits"] or 0
    run(DecomposeOptions(file, **chosen), folder, overwrite, side_by_side)


@click.command()
@click.argument("plane", type=click.Path(path_type=Path))
@click.option("--file", type=click.Path(path_type=Path), help="The table, if it has moved.")
@click.option(
    "--out",
    type=Folder(),
    help="The folder for the results; that of the record with -rerun by default.",
)
@click.option("--overwrite", is_flag=True, help="Replace results in the folder.")
@WORKERS
@SCHEDULER
def rerun(
    plane: Path, file: Path | None, out: Path | None, overwrite: bool, workers: int, scheduler: str | None
) -> None:
    """Repeat the decomposition whose record is the file PLANE (a plane.json), and compare the numbers.

    Exits with 1 if a number, the file or a version differs.
    """
    try:
        options, before = read_plane(plane)
    except InformationError as error:
        raise BadInput(str(error)) from None
    if file is not None:
        options = replace(options, file=str(file))
    elif (
        options.file
        and not Path(options.file).exists()
        and (beside := plane.parent.parent / before["file"]).exists()
    ):
        options = replace(options, file=str(beside))
    folder = plane.resolve().parent
    out = out or folder.with_name(folder.name + "-rerun")
    run(options, out, overwrite, SideBySide(workers, scheduler))
    sentences = compare_planes(before, json.loads((out / "plane.json").read_text()))
    click.echo("\n".join(sentences) if sentences else f"the same numbers as in {plane}")
    if sentences:
        raise SystemExit(1)


def default_folder(file: str, ending: str) -> Path:
    """The folder beside a table in which its results go: flats-bits for flats.csv.gz or flats*.csv."""
    name = Path(file).name.removesuffix(".gz").rsplit(".", 1)[0]
    plain = "".join(letter for letter in name if letter not in "*?[]").strip("-_ ") or "table"
    parent = Path(file).parent
    return (Path() if any(letter in str(parent) for letter in "*?[") else parent) / (plain + ending)


def run(options: DecomposeOptions, out: Path, overwrite: bool, side_by_side: SideBySide) -> None:
    """Decompose, with each foreseeable failure as one sentence."""
    if side_by_side.workers > 1 and side_by_side.scheduler:
        raise BadInput("--workers and --scheduler were both given: choose one of them.")
    if side_by_side.is_used and options.fits == 1:
        raise BadInput(
            "--workers and --scheduler are for the fits after the first, and there is one fit: leave them "
            "out, or decompose with --fits 2 or more."
        )
    try:
        _decompose(options, out, overwrite, side_by_side)
    except InformationError as error:
        raise BadInput(str(error)) from None
    except Interrupted:
        raise click.ClickException(
            f"stopped; the fit so far is in {out / CHECKPOINT}. Give the same command again to go on."
        ) from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror or error}.") from None


def _decompose(options: DecomposeOptions, out: Path, overwrite: bool, side_by_side: SideBySide) -> None:
    from infodecomp.cli.report import terminal_table, write_results
    from infodecomp.cli.report_comparison import comparison_sentences
    from infodecomp.cli.table_fits import (
        check_size,
        compare,
        fit_all,
        new_estimator,
        remove_checkpoints,
    )
    from infodecomp.experiments.parallel import check_scheduler
    from infodecomp.tables.columns import readings_table
    from infodecomp.tables.large import LargeTable

    use_one_thread()
    options.check()
    _check_folder(out)
    existing = [name for name in FILES if (out / name).exists()]
    if existing and not overwrite:
        raise InformationError(
            f"{out} already holds {', '.join(existing)}: choose another --out, or say --overwrite."
        )
    if side_by_side.scheduler:
        check_scheduler(side_by_side.scheduler)  # the first fit may take an hour
    click.echo(f"reading {options.file or 'the query'}", err=True)
    table, files = open_source(options, options.reading())
    check_size(options, table, side_by_side)
    n_rows = math.inf if isinstance(table, LargeTable) else len(table.y)
    options = options.with_fits(1 if side_by_side.is_used else n_rows)
    _show_readings(options, table)
    for name, columns in options.groups().items():
        click.echo(f"{name}: one message about {', '.join(columns)}")
    estimator = new_estimator(options, table)
    fit_all(estimator, table, options, out / CHECKPOINT, side_by_side)
    if isinstance(table, LargeTable):
        table = table.with_features(estimator.features_)
        click.echo(f"{estimator.n_rows_:,} rows; levels of all columns:")
        click.echo(readings_table(table.readings))
    click.echo(terminal_table(estimator))
    comparison = compare(estimator, table, options)
    click.echo("\n".join(comparison_sentences(estimator, comparison)))
    write_results(estimator, out, describe_run(options, table, files, estimator.n_rows_) | comparison)
    remove_checkpoints(out / CHECKPOINT, options)
    click.echo(f"\nwrote {', '.join(FILES)} into {out}")


def _check_folder(out: Path) -> None:
    """Raise InformationError, before anything is computed, where the results could not be written."""
    existing = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    if not existing.is_dir():
        raise InformationError(f"{out} cannot be written: {existing} is a file. Choose another --out.")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise InformationError(f"{out} cannot be written: there is no permission to. Choose another --out.")


def open_source(options: DecomposeOptions, reading) -> tuple[Any, list[Path]]:
    """The table that the options name, whole or to be read in batches, and its files."""
    from infodecomp.tables.csv_text import is_parquet
    from infodecomp.tables.large import open_table
    from infodecomp.tables.parquet import parquet_source
    from infodecomp.tables.read import read_table
    from infodecomp.tables.sources import csv_source, find_files, query_source

    if options.sql is not None:
        source = query_source(options.sql, options.db)
        return open_table(source, options.target, reading), source.files
    files = find_files(options.file)
    if is_parquet(files[0]):
        if options.sep is not None:
            raise InformationError(f"--sep is for CSV files, and {files[0]} is Parquet: leave it out.")
        return open_table(parquet_source(files), options.target, reading), files
    small = len(files) == 1 and (not files[0].is_file() or files[0].stat().st_size <= SMALL_BYTES)
    if small or (len(files) == 1 and importlib.util.find_spec("pyarrow") is None):
        return read_table(files[0], options.target, reading), files
    text = [name for name, kind in reading.kinds.items() if kind == "categorical"]
    unfitted = reading.unfitted(options.target)
    text += [name for name in reading.ignore if name not in unfitted]  # whatever these columns hold
    return open_table(csv_source(files, options.sep, options.decimal, text), options.target, reading), files


def describe_run(options: DecomposeOptions, table, files: list[Path], n_rows: int) -> dict:
    """What plane.json says about a run beside its numbers: enough to run it again."""
    return {
        "file": Path(options.file).name or "query",
        "sha256": sha256_of(files),
        "target": options.target,
        "rows": n_rows,
        "command": options.command,
        "options": asdict(options),
        "separator": table.separator,
        "ignored": list(options.ignore),
        "columns": [reading.as_dict() for reading in table.readings],
        "target_column": table.target.as_dict(),
        "notes": table.notes,
        "warnings": [warning.in_shell for warning in table.warnings],
        "dates": table.dates,
        "versions": versions(),
    }


def _show_readings(options: DecomposeOptions, table) -> None:
    from infodecomp.tables.columns import readings_table

    for note in table.notes:
        click.echo(note)
    mark = {"\t": "tabs", ",": "commas", ";": "semicolons"}.get(table.separator, repr(table.separator))
    is_text = options.file.endswith((".csv", ".csv.gz", ".tsv", ".txt"))
    click.echo(
        f"how {Path(options.file).name or 'the result of the query'} is read"
        + (f" ({mark} between columns):" if is_text else ":")
    )
    click.echo(readings_table(table.readings))
    click.echo("target:\n" + readings_table([table.target]).split("\n", 1)[1])
    for warning in table.warnings:
        click.echo(f"! {warning.in_shell}.")
