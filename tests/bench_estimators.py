"""Benchmark of the estimators (`make bench-estimators`): writes the table of models/ESTIMATORS.md.

Every estimator gets the same samples of each distribution of known information. Beside the mean error stands
how many of the 95 % intervals contain the truth.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch

from infodecomp.estimators.benchmark import ESTIMATORS, TRAINED, public_benchmark_tasks
from infodecomp.estimators.distributions import Task
from infodecomp.estimators.estimate import LN2, Estimate
from infodecomp.estimators.nearest_neighbours import ksg_information

FILE = Path(__file__).parent.parent / "models" / "ESTIMATORS.md"
N, SEEDS, TRAINED_SEEDS = 3000, 5, 1
TITLES = {
    "neighbours-ranked": "KSG, ranks",
    "neighbours": "KSG",
    "gaussian": "Gaussian",
    "bins": "8 bins",
    "mine": "MINE",
    "info-nce": "InfoNCE",
}
LOW = 2  # dimensions
NEIGHBOURS, HALVINGS = 3, 2  # of KSG: its authors advise 2 to 4 neighbours, for the least bias


def ksg(rank_normalise: bool, x: np.ndarray, y: np.ndarray) -> Estimate:
    return ksg_information(x, y, NEIGHBOURS, rank_normalise, HALVINGS)


MEASURED: dict[str, Callable[[np.ndarray, np.ndarray], Estimate]] = ESTIMATORS | {
    "neighbours-ranked": partial(ksg, True),
    "neighbours": partial(ksg, False),
}


def measure(task: Task, name: str) -> list[Estimate]:
    seeds = TRAINED_SEEDS if name in TRAINED or task.dimensions > 5 else SEEDS
    return [MEASURED[name](*task.sample(N, seed)) for seed in range(seeds)]


def nats(estimates: list[Estimate]) -> float:
    return float(np.mean([estimate.bits for estimate in estimates])) * LN2


def covers(task: Task, estimate: Estimate) -> bool:
    low, high = estimate.interval()
    return low <= task.bits <= high


def mean_error(tasks: list[Task], found: dict, name: str, keep: Callable[[Task], bool]) -> float:
    """Mean absolute error in nats over all samples of some tasks."""
    errors = [
        abs(estimate.bits - task.bits) * LN2
        for task in tasks
        if keep(task)
        for estimate in found[task.name, name]
    ]
    return float(np.mean(errors))


def table(tasks: list[Task], found: dict, seconds: dict[str, float]) -> str:
    def row(*cells: str) -> str:
        return "| " + " | ".join(cells) + " |"

    lines = [row("distribution", "true", *TITLES.values()), "|---" * (2 + len(TITLES)) + "|"]
    for task in tasks:
        cells = [f"{nats(found[task.name, name]):.3f}" for name in TITLES]
        lines.append(row(task.name, f"{task.bits * LN2:.3f}", *cells))
    groups: dict[str, Callable[[Task], bool]] = {
        f"mean error, at most {LOW} dimensions": lambda task: task.dimensions <= LOW,
        "mean error, 3 and 5 dimensions": lambda task: LOW < task.dimensions <= 5,
        "mean error, 25 and 50 dimensions": lambda task: task.dimensions > 5,
    }
    for title, keep in groups.items():
        lines.append(row(f"**{title}**", "", *(f"{mean_error(tasks, found, n, keep):.3f}" for n in TITLES)))
    shares = []
    for name in TITLES:
        low = [task for task in tasks if task.dimensions <= LOW]
        shares.append(f"{np.mean([covers(task, one) for task in low for one in found[task.name, name]]):.0%}")
    lines.append(row(f"**intervals that cover, at most {LOW} dimensions**", "", *shares))
    per_estimate = [
        f"{seconds[name] / sum(len(found[task.name, name]) for task in tasks):.2f}" for name in TITLES
    ]
    lines.append(row("CPU s of an estimate", "", *per_estimate))
    return "\n".join(lines)


def main() -> None:
    torch.set_num_threads(1)
    tasks = list(public_benchmark_tasks().values())
    found: dict[tuple[str, str], list[Estimate]] = {}
    seconds = dict.fromkeys(TITLES, 0.0)
    for task in tasks:
        for name in TITLES:
            start = time.process_time()
            found[task.name, name] = measure(task, name)
            seconds[name] += time.process_time() - start
        print(
            f"{task.name}: " + ", ".join(f"{nats(found[task.name, n]):.3f}" for n in TITLES), file=sys.stderr
        )
    FILE.write_text(
        f"""# Estimators of mutual information

`make bench-estimators` writes this file: {len(tasks)} distributions of known information after the
public benchmark of Czyz et al. (2023), {N:,} samples each. In nats; the mean over {SEEDS} seeds, over
{TRAINED_SEEDS} beyond five dimensions and for the two trained critics, which give lower bounds. KSG looks at
{NEIGHBOURS} neighbours, with each coordinate replaced by the normal deviate of its rank, or not; "Gaussian"
pretends that everything is normal; the bins are of the first coordinate of each variable.

A 95 % interval is 1.96 errors on each side. The error of KSG is the root of the squares of its standard error
and of its bias. For the bias, two random splits into halves show how the estimate depends on the number of
samples; it falls like n^(-2/d) in d dimensions, x and y together, since a density is even among a few
neighbours but for the square of their distance. The other intervals count only the standard error.

{table(tasks, found, seconds)}
"""
    )


if __name__ == "__main__":
    main()
