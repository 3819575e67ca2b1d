"""What a fit to a table costs: `make bench-tables` (about 25 CPU minutes) prints the tables of docs/cost.md.

    make bench-tables [ARGS='grid csv large']

grid   rows × columns × levels, from blocks of random numbers that are made as they are read
csv    files of numbers and text, read by pyarrow
large  100 million rows of 12 columns, with all steps

Each fit runs in a process of its own, for its memory. It reads its table in batches (`fit_stream`), and takes
a few steps only, except in the last part: the CPU time of all steps is that of the median step, times the
default number. Memory is what the process takes at its peak above what it takes with everything imported.
"""

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

ROWS = (10**4, 10**5, 10**6, 10**7)
LEVELS = {10: (8, 16, 32), 100: (8, 16, 32), 1000: (16,)}  # by columns; so wide a table has 16 at the most
MAX_CELLS = 10**8  # of a table with more than a million rows that is measured
CHECKED = (10**7, 100, 16)  # is measured too, to see whether the rule for more rows holds
LARGE = 10**8, 12, 16
CSV_SIZES = ((1_000_000, 20), (5_000_000, 20))
BLOCK = 250_000  # rows of a CSV file that are written at once
BLOCK_CELLS = 2_000_000


class Cost(NamedTuple):
    """What a fit took.

    Attributes
    ----------
    codes : float
        CPU seconds of both readings: levels and codes.
    step : float
        Median CPU seconds of a step.
    measuring : float
        CPU seconds after the last step.
    memory : float
        Bytes at the peak, above those of the interpreter with everything imported.
    """

    codes: float
    step: float
    measuring: float
    memory: float

    def whole(self, rows: int) -> float:
        """CPU seconds of a whole fit to a table with so many rows."""
        from infodecomp.bottleneck.training import default_steps

        return self.codes + default_steps(rows) * self.step + self.measuring


def blocks(rows: int, columns: int) -> Iterator[dict[str, np.ndarray]]:
    """Random numbers; the target depends on three of the columns. The same again at each reading."""
    size = max(1000, min(65_536, BLOCK_CELLS // columns))
    for number, start in enumerate(range(0, rows, size)):
        generator, n = np.random.default_rng([0, number]), min(size, rows - start)
        x = generator.random((columns, n))
        y = x[0] + x[1] * (x[2] > 0.5) + 0.3 * generator.random(n)
        yield {f"x{i}": own for i, own in enumerate(x)} | {"y": y}


def measured(read: Callable[[], Any], steps: int | None, **settings) -> tuple[Cost, Any]:
    """The cost of one fit, and the fit."""
    from infodecomp import DistributedBottleneck
    from infodecomp.bottleneck.training import Training

    begun: list[float] = []
    ends: list[float] = []
    begin = Training.__init__

    def begin_training(*arguments) -> None:  # everything has been read and coded by then
        begun.append(time.process_time())
        begin(*arguments)

    Training.__init__ = begin_training  # type: ignore[method-assign]
    own, start = peak(), time.process_time()
    fit = DistributedBottleneck(steps=steps, **settings)
    fit.fit_stream(read, "y", callback=lambda training: ends.append(time.process_time()))
    step = statistics.median(np.diff([begun[0], *ends]))
    return Cost(begun[0] - start, step, time.process_time() - ends[-1], peak() - own), fit


def peak() -> int:
    """Bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def grid_cost(rows: int, columns: int, levels: int) -> Cost:
    """Of a fit to random numbers."""
    steps = max(5, 400 // columns)
    return measured(lambda: blocks(rows, columns), steps, levels=levels, kinds=None)[0]


def in_own_process(*arguments: Any) -> str:
    """What this module prints for some arguments."""
    command = [sys.executable, "-m", "tests.bench_tables", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def grid() -> None:
    """Rows × columns × levels."""
    print(
        "| rows | columns | levels | levels and codes, CPU s | a step, ms | measuring, CPU s "
        "| all steps, CPU s | memory, MB |\n|---|---|---|---|---|---|---|---|",
        flush=True,
    )
    for columns, all_levels in LEVELS.items():
        for levels in all_levels:
            last = None
            for rows in ROWS:
                few = rows <= 10**6 or rows * columns <= MAX_CELLS
                if few or (rows, columns, levels) == CHECKED:
                    last, mark = Cost(*json.loads(in_own_process(rows, columns, levels))), ""
                else:
                    last, mark = _extrapolated(last), "≈ "
                print(_line(rows, columns, levels, last, mark), flush=True)


def _extrapolated(cost: Cost) -> Cost:
    """Ten times as many rows: ten times as many codes; steps, measuring and memory stay."""
    return cost._replace(codes=10 * cost.codes)


def _line(rows: int, columns: int, levels: int, cost: Cost, mark: str) -> str:
    return (
        f"| {rows:,} | {columns:,} | {levels} | {mark}{cost.codes:.1f} | {mark}{1000 * cost.step:.0f} "
        f"| {mark}{cost.measuring:.1f} | {mark}{cost.whole(rows):.0f} | {mark}{cost.memory / 1e6:.0f} |"
    )


def write_csv(file: Path, rows: int, columns: int) -> None:
    """Numbers, text and whole numbers; the target depends on three columns."""
    import pyarrow as pa
    import pyarrow.csv

    rng, writer = np.random.default_rng(0), None
    for start in range(0, rows, BLOCK):
        n = min(BLOCK, rows - start)
        table = {f"x{i}": rng.normal(size=n).round(4) for i in range(columns - 6)}
        table |= {f"whole{i}": rng.integers(0, 50, n) for i in range(3)}
        texts = np.array(["alpha", "beta", "gamma", "delta"])
        table |= {f"text{i}": texts[rng.integers(0, 4, n)] for i in range(3)}
        table["y"] = table["x0"] + 0.5 * table["x1"] * (table["whole0"] > 25) + 0.1 * rng.normal(size=n)
        batch = pa.table(table)
        writer = writer or pa.csv.CSVWriter(file, batch.schema)
        writer.write(batch)
    if writer:
        writer.close()


def csv_cost(file: Path) -> Cost:
    """Of a fit to a CSV file, with the reading of its first rows."""
    import pyarrow.csv  # imports count as the interpreter's own memory
    import pyarrow.types  # noqa: F401

    from infodecomp.tables.large import open_table
    from infodecomp.tables.read import ReadOptions
    from infodecomp.tables.sources import csv_source

    start, own = time.process_time(), peak()
    table = open_table(csv_source([file], None, None), "y", ReadOptions(), whole_rows=50_000)
    first, memory = time.process_time() - start, peak() - own
    cost, _ = measured(table.batches, 30, kinds=table.kinds)
    return cost._replace(codes=cost.codes + first, memory=cost.memory + memory)


def csv() -> None:
    """CSV files."""
    print(
        "| rows × columns | CSV | levels and codes, CPU s | a step, ms | measuring, CPU s "
        "| all steps, CPU s | memory, MB |\n|---|---|---|---|---|---|---|",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        for rows, columns in CSV_SIZES:
            file = Path(folder) / "table.csv"
            write_csv(file, rows, columns)
            cost = Cost(*json.loads(in_own_process(file)))
            print(
                f"| {rows:,} × {columns} | {file.stat().st_size / 1e6:,.0f} MB | {cost.codes:.1f} "
                f"| {1000 * cost.step:.0f} | {cost.measuring:.1f} | {cost.whole(rows):.0f} "
                f"| {cost.memory / 1e6:.0f} |",
                flush=True,
            )


def large() -> None:
    """100 million rows, with all steps."""
    rows, columns, levels = LARGE
    needed, free = rows * (columns + 8), shutil.disk_usage(tempfile.gettempdir()).free
    if free < 2 * needed:
        sys.exit(f"The codes take {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free: set TMPDIR.")
    start = time.process_time()
    for _ in blocks(rows, columns):
        pass
    making = time.process_time() - start
    cost, fit = measured(lambda: blocks(rows, columns), None, levels=levels)
    plane = fit.information_plane_
    at = plane.at(fit.best_bits_)
    lines = (
        f"{rows:,} × {columns}, {levels} levels, {needed / 1e9:.1f} GB on disk",
        f"levels and codes {cost.codes:.0f} CPU s, of which {2 * making:.0f} for making the numbers twice",
        f"{fit.n_steps_:,} steps {fit.seconds_:.0f} CPU s",
        f"measuring {cost.measuring:.0f} CPU s",
        f"memory {cost.memory / 1e6:.0f} MB",
        f"error {at.error:.4f} of {plane.error[0]:.4f}, with the {fit.best_bits_:.2f} bits that are enough",
        f"bits of the columns {np.array2string(at.features, precision=3)}",
    )
    print("\n".join(lines), flush=True)


PARTS = {"grid": grid, "csv": csv, "large": large}


def main(arguments: list[str]) -> None:
    """Print some parts; or, for one table, its cost."""
    import torch

    torch.set_num_threads(1)
    if len(arguments) == 3 and arguments[0].isdigit():
        print(json.dumps(grid_cost(*map(int, arguments))))
    elif len(arguments) == 1 and arguments[0] not in PARTS:
        print(json.dumps(csv_cost(Path(arguments[0]))))
    else:
        for part in arguments or PARTS:
            PARTS[part]()


if __name__ == "__main__":
    main(sys.argv[1:])
