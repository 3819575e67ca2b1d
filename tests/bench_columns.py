"""Benchmark of DistributedBottleneck over rows and columns (`make bench-columns`): see docs/columns.md.

Each fit runs in a process of its own, for its memory, and takes a few steps only: the CPU time of all 1,500
steps is that of the mean step, plus what comes before the first step and after the last.
"""

import resource
import subprocess
import sys
import time

import numpy as np

TABLES = [  # rows, columns, kind
    (5_000, 10, "numeric"),
    (5_000, 100, "numeric"),
    (5_000, 1_000, "numeric"),
    (5_000, 1_000, "binary"),
    (100_000, 20, "numeric"),
]
STEPS = 1500


def cost(n_rows: int, n_columns: int, kind: str) -> None:
    """Print a row of the table."""
    import torch

    from infodecomp import DistributedBottleneck

    torch.set_num_threads(1)
    generator = np.random.default_rng(0)
    shape = n_rows, n_columns
    x = generator.normal(size=shape) if kind == "numeric" else generator.integers(0, 2, shape).astype(float)
    y = x[:, 0] + x[:, 1] * x[:, 2] + 0.3 * generator.normal(size=n_rows)
    ends: list[float] = []
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    DistributedBottleneck(steps=max(5, 300 // n_columns)).fit(
        x, y, callback=lambda training: ends.append(time.process_time())
    )
    end, peak = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first, step, after = ends[0] - start, (ends[-1] - ends[0]) / (len(ends) - 1), end - ends[-1]
    print(
        f"| {n_rows:,} × {n_columns:,} {kind} | {first + after + STEPS * step:.0f} | {1000 * step:.0f} "
        f"| {first:.1f} | {after:.1f} | {(peak - before) / 1e6:.2f} |",
        flush=True,
    )


def main() -> None:
    print(f"| rows × columns | CPU s of {STEPS:,} steps | ms a step | s before | s after | GB added |")
    print("|---|---|---|---|---|---|", flush=True)
    for table in TABLES:
        subprocess.run([sys.executable, "-m", "tests.bench_columns", *map(str, table)], check=True)


if __name__ == "__main__":
    if sys.argv[1:]:
        cost(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    else:
        main()
