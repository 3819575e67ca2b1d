"""A process that reads and decomposes one reader's table, with limits on memory, time and size of files.

The web application starts it as ``python -m infodecomp.cli.table_job FOLDER ACTION``, where ACTION is
``inspect`` or ``decompose``. It works in FOLDER alone: table.csv, about.json and options.json go in;
columns.json, progress.json, error.json and the results come out.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infodecomp.cli.record import DecomposeOptions

MEMORY = 4 * 2**30  # bytes of address space; torch alone maps more than one
SECONDS = {"inspect": 60, "decompose": 1800}  # of CPU time
FILE_BYTES = 256 * 2**20
PROGRESS_SECONDS = 0.4
MAX_COLUMNS = 200
PAGE_PARTS = ("error", "names", "order", "rows", "entropies", "overfitting", "comparison")
TOO_LARGE = "This table takes more memory than there is for it here. Bring fewer rows or columns."


def limit(action: str) -> None:
    """Limit this process: memory, CPU time, size of files, no core dump."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS[action]),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    os.nice(10)


def check_size(table: Path, max_rows: int) -> None:
    """Refuse a table with too many rows or columns, before anything parses it."""
    from infodecomp.errors import InformationError

    with table.open("rb") as stream:
        header = stream.readline(2**20)
        if header.startswith(b"\x1f\x8b"):
            raise InformationError("This file is compressed. Unpack it first.")
        rows = sum(block.count(b"\n") for block in iter(lambda: stream.read(2**20), b""))
    if rows > max_rows + 1:
        raise InformationError(
            f"This table has about {rows:,} rows, and at most {max_rows:,} are read here. Bring a random "
            "part of it, or run infodecomp yourself."
        )
    columns = 1 + max(header.count(mark) for mark in (b",", b";", b"\t", b"|"))
    if columns > MAX_COLUMNS:
        raise InformationError(
            f"This table has about {columns:,} columns, and at most {MAX_COLUMNS} are read here. "
            "Leave some out."
        )


def inspect(folder: Path, about: dict[str, Any]) -> None:
    """Write columns.json: what each column would be taken for."""
    from infodecomp.tables.columns import read_column
    from infodecomp.tables.read import read_frame

    frame, separator = read_frame(folder / "table.csv")
    columns = []
    for name in frame:
        _, reading = read_column(name, frame[name], None, None, separator)
        columns.append(reading.as_dict())
    write(folder, "columns.json", {"columns": columns, "rows": len(frame), "separator": separator})


def decompose(folder: Path, about: dict[str, Any]) -> None:
    """Decompose the table with the options of options.json, and write all results."""
    from infodecomp.bottleneck.fits.stored import write_rows
    from infodecomp.cli.decompose import describe_run
    from infodecomp.cli.report import report_parts, write_results
    from infodecomp.cli.table_fits import compare, new_estimator
    from infodecomp.tables.read import read_table

    options = _asked(folder, about)
    table = read_table(folder / "table.csv", options.target, options.reading())
    estimator = new_estimator(options, table)
    shown = [0.0]

    def show(training) -> None:
        if time.monotonic() - shown[0] > PROGRESS_SECONDS:
            shown[0] = time.monotonic()
            progress = {
                "step": training.step,
                "steps": training.config.steps,
                "bits": round(training.bits, 2),
            }
            progress["explained"] = round(100 * (1 - training.unexplained))
            write(folder, "progress.json", progress)

    estimator.fit(table.X, table.y, callback=show)
    write(folder, "progress.json", {"step": estimator.n_steps_, "steps": estimator.n_steps_})
    run = describe_run(options, table, [folder / "table.csv"], estimator.n_rows_)
    run |= compare(estimator, table, options)
    write_results(estimator, folder, run)
    write_rows(estimator, table.X, table.y, folder)
    parts = report_parts(estimator, run)
    write(folder, "page.json", {name: parts[name] for name in PAGE_PARTS} | {"about": run})


def _asked(folder: Path, about: dict[str, Any]) -> "DecomposeOptions":
    """What the form asked for, as the options of the command that does the same."""
    from infodecomp.cli.record import DecomposeOptions

    asked = json.loads((folder / "options.json").read_bytes())

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
    """Write a JSON file whole."""
    from infodecomp.artifacts import write_atomic

    write_atomic(folder / name, json.dumps(content).encode())


def main(folder: Path, action: str) -> None:
    """Run one action; what goes wrong is one sentence in error.json."""
    limit(action)
    from infodecomp.errors import InformationError

    about = json.loads((folder / "about.json").read_bytes())
    try:
        check_size(folder / "table.csv", about["max_rows"])
        {"inspect": inspect, "decompose": decompose}[action](folder, about)
    except InformationError as error:
        sentence = str(error).replace(str(folder / "table.csv"), about["name"])
        write(folder, "error.json", {"sentence": sentence})
    except (MemoryError, RuntimeError) as error:  # torch's allocator raises RuntimeError
        is_memory = isinstance(error, MemoryError) or "memory" in str(error)
        if not is_memory:
            raise
        write(folder, "error.json", {"sentence": TOO_LARGE})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
