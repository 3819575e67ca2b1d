"""Cost of large tables: `make bench-streams` writes CSV files, and measures time and memory of each part.

Each row is measured in a process of its own: CPU seconds of the two passes over the file (the first rows, the
levels, the codes), of the training and of the measurement, and the memory above that of the interpreter with
everything imported.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SIZES = ((100_000, 20), (1_000_000, 20), (5_000_000, 20), (1_000_000, 100))
BLOCK = 250_000
STEPS = 1500


def write_table(file: Path, rows: int, columns: int) -> None:
    """Numbers, text and whole numbers; the target depends on three columns."""
    import pyarrow as pa
    import pyarrow.csv

    rng, writer = np.random.default_rng(0), None
    for start in range(0, rows, BLOCK):
        n = min(BLOCK, rows - start)
        kinds = [rng.normal(size=n).round(4), rng.integers(0, 50, n), rng.integers(0, 4, n)]
        table = {f"x{i}": rng.normal(size=n).round(4) for i in range(columns - 6)}
        table |= {f"whole{i}": rng.integers(0, 50, n) for i in range(3)}
        table |= {
            f"text{i}": np.array(["alpha", "beta", "gamma", "delta"])[rng.integers(0, 4, n)] for i in range(3)
        }
        table["y"] = table["x0"] + 0.5 * table["x1"] * (table["whole0"] > 25) + 0.1 * kinds[0]
        batch = pa.table(table)
        writer = writer or pa.csv.CSVWriter(file, batch.schema)
        writer.write(batch)
    if writer:
        writer.close()


def measure(file: Path, steps: int) -> str:
    """One line of the table: run in a process of its own."""
    import pyarrow.csv  # imports count as the interpreter's own memory
    import pyarrow.types  # noqa: F401

    from infodecomp import DistributedBottleneck
    from infodecomp.bottleneck.training import Training
    from infodecomp.tables.large import open_table
    from infodecomp.tables.read import ReadOptions
    from infodecomp.tables.sources import csv_source

    own = _peak()
    start = time.process_time()
    table = open_table(csv_source([file], None, None), "y", ReadOptions(), whole_rows=50_000)
    times: list[float] = []
    memory: list[int] = []
    begin = Training.__init__

    def begin_training(*arguments) -> None:  # everything has been read and coded by then
        times.append(time.process_time())
        memory.append(_peak())
        begin(*arguments)

    Training.__init__ = begin_training  # type: ignore[method-assign]
    estimator = DistributedBottleneck(steps=steps, kinds=table.kinds)
    estimator.fit_stream(table.batches, "y")
    codes, whole = times[0] - start, time.process_time() - start
    rest = whole - codes - estimator.seconds_
    columns = len(table.readings)
    return (
        f"| {estimator.n_rows_:,} × {columns} | {file.stat().st_size / 1e6:,.0f} MB | {codes:.1f} s "
        f"| {estimator.seconds_:.0f} s | {rest:.0f} s "
        f"| {(memory[0] - own) / 2**20:.0f} MB | {(_peak() - own) / 2**20:.0f} MB |"
    )


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    print("| rows × columns | CSV | levels and codes | steps | measuring | memory to read | and to fit |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for rows, columns in SIZES:
            file = Path(folder) / "table.csv"
            write_table(file, rows, columns)
            subprocess.run([sys.executable, "-m", "tests.bench_streams", str(file)], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(Path(sys.argv[1]), int((sys.argv[2:] or [STEPS])[0])), flush=True)
    else:
        main()
