"""A process that reads and decomposes one reader's table, with limits on memory, time and size of files.

The web application starts it as ``python -m infodecomp.cli.table_job FOLDER ACTION``, where ACTION is
``inspect`` or ``decompose``. It works in FOLDER alone: table, about.json and options.json go in;
columns.json, progress.json, growth.json, error.json and the results come out.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infodecomp.tables.table_folder import TableFile

if TYPE_CHECKING:
    from infodecomp.bottleneck.estimator import DistributedBottleneck
    from infodecomp.bottleneck.training import Training
    from infodecomp.cli.record import DecomposeOptions
    from infodecomp.tables.read import Table

MEMORY = 4 * 2**30  # bytes of address space; torch alone maps more than one
SECONDS = {"inspect": 60, "decompose": 1800}  # of CPU time
FILE_BYTES = 256 * 2**20
PROGRESS_SECONDS = 0.4
MAX_COLUMNS = 200
MAX_SHOWN = 60  # characters of a name in the progress
PAGE_PARTS = ("error", "names", "order", "rows", "entropies", "overfitting", "comparison")
TOO_LARGE = "This table takes more memory than there is for it here. Bring fewer rows or columns."


def limit(action: str) -> None:
    """Limit this process: memory, CPU time, size of files, no core dump."""
    for kind, soft, hard in (
        (resource.RLIMIT_AS, MEMORY, MEMORY),
        (
            resource.RLIMIT_CPU,
            SECONDS[action],
            SECONDS[action] + 1,
        ),  # SIGXCPU: by SIGKILL others could end it, too
        (resource.RLIMIT_FSIZE, FILE_BYTES, FILE_BYTES),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(kind, (soft, hard))
    os.nice(10)


def inspect(folder: Path, about: dict[str, Any]) -> None:
    """Write columns.json: what each column would be taken for."""
    from infodecomp.tables.columns import decimal_marks, read_column
    from infodecomp.tables.csv_text import is_parquet
    from infodecomp.tables.large import first_rows
    from infodecomp.tables.parquet import parquet_source
    from infodecomp.tables.read import read_frame

    notes: list[str] = []
    if is_parquet(folder / TableFile.TABLE):
        source = parquet_source([folder / TableFile.TABLE])
        (frame, _), separator, notes = first_rows(source, about["max_rows"]), source.separator, source.notes
    else:
        frame, separator = read_frame(folder / TableFile.TABLE)
    columns, marks = [], decimal_marks(frame, None, separator)
    for name in frame:
        _, reading = read_column(name, frame[name], None, marks[name], separator)
        columns.append(reading.as_dict() | {"warning": reading.warning and reading.warning.on_page})
    found = {"columns": columns, "rows": len(frame), "separator": separator, "notes": notes}
    write(folder, TableFile.COLUMNS, found)


def decompose(folder: Path, about: dict[str, Any]) -> None:
    """Decompose the table with the options of options.json, and write all results."""
    from infodecomp.bottleneck.fits.stored import write_rows
    from infodecomp.cli.decompose import describe_run
    from infodecomp.cli.report import report_parts, write_results
    from infodecomp.cli.table_fits import compare, new_estimator
    from infodecomp.cli.table_growth import Growth

    options = _asked(folder, about)
    table = read_file(folder / TableFile.TABLE, options, about["max_rows"])
    estimator = new_estimator(options, table)
    run = describe_run(options, table, [folder / TableFile.TABLE], len(table.y))
    growth = Growth(run, table.y, lambda content: write(folder, TableFile.GROWTH, content))
    shown = [0.0, 0]

    def report(step: int, steps: int, sentence: str) -> None:
        progress = {"step": step, "steps": steps, "sentence": sentence, "pictures": growth.count}
        write(folder, TableFile.PROGRESS, progress)

    def show(training) -> None:
        growth(training)
        if training.step == training.config.steps:
            report(
                training.step, training.step, "Measuring the bits and the error on rows that were held out."
            )
        elif time.monotonic() - shown[0] > PROGRESS_SECONDS or growth.count > shown[1]:
            shown[:] = time.monotonic(), growth.count
            step, steps = training.step, training.config.steps
            explained = max(0, round(100 * (1 - training.unexplained)))
            again = "Once more, for columns that matter only together. " if training.config.annealing else ""
            report(
                step,
                steps,
                f"{again}Step {step:,} of {steps:,}: {training.bits:.1f} bits explain {explained}% of "
                f"{options.target[:MAX_SHOWN]}, in the rows just seen.",
            )

    fit(estimator, table, show, folder / TableFile.CHECKPOINT)
    steps = estimator.n_steps_
    report(steps, steps, "Measuring what other methods find on the same rows.")
    run |= compare(estimator, table, options)
    write_results(estimator, folder, run)
    write_rows(estimator, table.X, table.y, folder)
    parts = report_parts(estimator, run)
    write(folder, TableFile.RESULTS, {name: parts[name] for name in PAGE_PARTS} | {"about": run})
    for name in (TableFile.GROWTH, TableFile.CHECKPOINT, TableFile.SECOND_CHECKPOINT):
        (folder / name).unlink(missing_ok=True)


def fit(
    estimator: "DistributedBottleneck",
    table: "Table",
    callback: Callable[["Training"], None],
    checkpoint: Path,
) -> None:
    """Fit, from the checkpoints if there are some; those that cannot be used are removed first.

    Parameters
    ----------
    estimator : DistributedBottleneck
    table : Table
    callback : callable
        Called with the training after every step.
    checkpoint : Path
        May be damaged, or of another fit.
    """
    from infodecomp.bottleneck.fits.fitting import second_checkpoint

    has_begun = False

    def after_step(training: "Training") -> None:
        nonlocal has_begun
        has_begun = True
        callback(training)

    try:
        estimator.fit(table.X, table.y, callback=after_step, checkpoint=checkpoint)
    except (ValueError, KeyError, RuntimeError):  # of its file, its settings or its tensors
        if has_begun or not checkpoint.exists():
            raise
        checkpoint.unlink()
        second_checkpoint(checkpoint).unlink(missing_ok=True)
        estimator.fit(table.X, table.y, callback=callback, checkpoint=checkpoint)


def read_file(file: Path, options: "DecomposeOptions", max_rows: int) -> "Table":
    """The table; a Parquet file whose footer hides some of its rows is refused."""
    from infodecomp.errors import InformationError
    from infodecomp.tables.csv_text import is_parquet
    from infodecomp.tables.large import open_table
    from infodecomp.tables.parquet import parquet_source
    from infodecomp.tables.read import Table, read_table

    if not is_parquet(file):
        return read_table(file, options.target, options.reading())
    table = open_table(parquet_source([file]), options.target, options.reading(), max_rows)
    if not isinstance(table, Table):
        raise InformationError(f"{file} has more rows than it declares.")
    return table


def _asked(folder: Path, about: dict[str, Any]) -> "DecomposeOptions":
    """What the form asked for, as the options of the command that does the same."""
    from infodecomp.cli.record import DecomposeOptions

    asked = json.loads((folder / TableFile.OPTIONS).read_bytes())

    def columns(kind: str) -> tuple[str, ...]:
        return tuple(name for name, own in asked["kinds"].items() if own == kind)

    return DecomposeOptions(
        file=about["name"],
        target=asked["target"],
        ignore=tuple(asked["ignore"]),
        circular=tuple(f"{name}:{period:.15g}" for name, period in asked["periods"].items()),
        categorical=columns("categorical"),
        ordinal=columns("ordinal"),
        continuous=columns("continuous"),
        classes=asked["classes"],
    )


def write(folder: Path, name: str, content: Any) -> None:
    """Write a JSON file whole; ends this process if the table has been deleted."""
    from infodecomp.artifacts import write_atomic

    if not (folder / TableFile.ABOUT).exists():
        sys.exit("the table has been deleted")
    write_atomic(folder / name, json.dumps(content).encode())


def main(folder: Path, action: str) -> None:
    """Run one action; what goes wrong is one sentence in error.json."""
    limit(action)
    from infodecomp.errors import InformationError
    from infodecomp.tables.advice import ColumnError
    from infodecomp.tables.limits import TableLimits, check_limits

    about = json.loads((folder / TableFile.ABOUT).read_bytes())
    try:
        check_limits(
            folder / TableFile.TABLE, TableLimits(about["max_rows"], MAX_COLUMNS, about["max_bytes"])
        )
        {"inspect": inspect, "decompose": decompose}[action](folder, about)
    except InformationError as error:
        said = f"{error.advice.on_page}." if isinstance(error, ColumnError) else str(error)
        sentence = said.replace(str(folder / TableFile.TABLE), about["name"]).replace(f"{folder}{os.sep}", "")
        write(folder, TableFile.ERROR, {"sentence": sentence})
    except (MemoryError, RuntimeError) as error:  # torch's allocator raises RuntimeError
        is_memory = isinstance(error, MemoryError) or "memory" in str(error)
        if not is_memory:
            raise
        write(folder, TableFile.ERROR, {"sentence": TOO_LARGE})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
