"""Benchmark of the estimators (`make bench-estimators`): writes the table of models/ESTIMATORS.md.

Every estimator gets the same samples of each distribution of known information. Beside the mean error stands
how many of the 95 % intervals contain the truth. `make bench-estimators ARGS=ksg` measures only the
estimators whose title contains a word, and keeps the other columns of the table.
"""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from infodecomp.estimators.benchmark import (
    ESTIMATORS,
    FEW_NEIGHBOURS,
    HALVINGS,
    TRAINED,
    public_benchmark_tasks,
)
from infodecomp.estimators.distributions import Task
from infodecomp.estimators.estimate import Estimate
from infodecomp.estimators.nearest_neighbours import rank_normalised
from infodecomp.units import LN2

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
GROUPS: dict[str, Callable[[Task], bool]] = {
    f"mean error, at most {LOW} dimensions": lambda task: task.dimensions <= LOW,
    "mean error, 3 and 5 dimensions": lambda task: LOW < task.dimensions <= 5,
    "mean error, 25 and 50 dimensions": lambda task: task.dimensions > 5,
}


class Measured:
    """One estimator on all tasks, and the CPU seconds of an estimate."""

    def __init__(self, tasks: Sequence[Task], name: str):
        self.tasks, self.name = tasks, name
        self.ranked: dict[bytes, Estimate] = {}  # maps of each coordinate leave the ranks as they are
        self.found: dict[str, list[Estimate]] = {}
        self.seconds: list[float] = []
        for task in tasks:
            seeds = TRAINED_SEEDS if name in TRAINED or task.dimensions > 5 else SEEDS
            self.found[task.name] = [self.estimate(task, seed) for seed in range(seeds)]
            print(f"{TITLES[name]}, {task.name}: {self.nats(task):.3f} of {task.bits * LN2:.3f}", flush=True)

    def estimate(self, task: Task, seed: int) -> Estimate:
        x, y = task.sample(N, seed)
        ranks = b""
        if self.name == "neighbours-ranked":
            ties = np.random.default_rng(0)
            x, y = rank_normalised(x, ties), rank_normalised(y, ties)
            ranks = x.tobytes() + y.tobytes()
            if ranks in self.ranked:
                return self.ranked[ranks]
        start = time.process_time()
        found = ESTIMATORS[self.name](x, y)
        self.seconds.append(time.process_time() - start)
        if ranks:
            self.ranked[ranks] = found
        return found

    def nats(self, task: Task) -> float:
        return float(np.mean([estimate.bits for estimate in self.found[task.name]])) * LN2

    def mean_error(self, keep: Callable[[Task], bool], with_bias: bool = False) -> float:
        """Mean absolute error in nats over all samples of some tasks; with the bias subtracted if wished."""
        errors = [
            abs(one.bits - with_bias * one.bias - task.bits) * LN2
            for task in self.tasks
            if keep(task)
            for one in self.found[task.name]
        ]
        return float(np.mean(errors))

    def coverage(self) -> float:
        """Share of the intervals in few dimensions that contain the truth."""
        return float(
            np.mean(
                [
                    low <= task.bits <= high
                    for task in self.tasks
                    if task.dimensions <= LOW
                    for low, high in (one.interval() for one in self.found[task.name])
                ]
            )
        )

    def column(self) -> list[str]:
        """The cells of the table below the title."""
        return [
            *(f"{self.nats(task):.3f}" for task in self.tasks),
            *(f"{self.mean_error(keep):.3f}" for keep in GROUPS.values()),
            f"{self.coverage():.0%}",
            f"{np.mean(self.seconds):.2f}",
        ]


def kept_columns(n_rows: int) -> dict[str, list[str]]:
    """The columns of the table that the file has, by title."""
    rows = [line.strip("|\n ").split(" | ") for line in FILE.read_text().splitlines() if line.startswith("|")]
    titles, _, *body = rows
    if len(body) != n_rows:
        raise SystemExit(f"{FILE.name} has {len(body)} rows and needs {n_rows}: measure all estimators.")
    return {title: [cells[index] for cells in body] for index, title in enumerate(titles)}


def table(tasks: Sequence[Task], columns: dict[str, list[str]]) -> str:
    names = [
        *(task.name for task in tasks),
        *(f"**{group}**" for group in GROUPS),
        f"**intervals that cover, at most {LOW} dimensions**",
        "CPU s of an estimate",
    ]
    true = [f"{task.bits * LN2:.3f}" for task in tasks]
    true += [""] * (len(names) - len(true))
    rows = zip(names, true, *(columns[title] for title in TITLES.values()), strict=True)
    lines = [["distribution", "true", *TITLES.values()], ["---"] * (2 + len(TITLES)), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def correction(measured: dict[str, Measured], tasks: Sequence[Task]) -> str:
    """What subtracting the bias would do, from the estimates just made or from the text of the file."""
    if "neighbours-ranked" not in measured:
        text = FILE.read_text()
        start = text.index("Of the tasks")
        return text[start : text.index("\n\n", start)]
    ksg = measured["neighbours-ranked"]
    low = GROUPS[f"mean error, at most {LOW} dimensions"]
    spiral = next(task for task in tasks if task.name.startswith("spiral") and task.dimensions == LOW)
    mended = np.mean([one.bits - one.bias for one in ksg.found[spiral.name]]) * LN2
    seen, true = f"{ksg.nats(spiral):.2f}", f"{spiral.bits * LN2:.2f}"
    with_bias, without = f"{ksg.mean_error(low, True):.3f}", f"{ksg.mean_error(low):.3f}"
    return f"""\
Of the tasks in few dimensions the spiral is the hardest: it turns within the distance of a few neighbours,
and KSG sees {seen} of {true} nats. Subtracting the bias would give {mended:.2f}, but over all tasks of at
most {LOW} dimensions the mean error would be {with_bias} instead of {without}, since a bias that is known
only roughly adds an error of its own. So it widens the interval and is not subtracted."""


def main(words: Sequence[str]) -> None:
    torch.set_num_threads(1)
    tasks = list(public_benchmark_tasks().values())
    chosen = [
        name for name, title in TITLES.items() if not words or any(w.lower() in title.lower() for w in words)
    ]
    if not chosen:
        raise SystemExit(
            f"No estimator is called {' or '.join(words)}: choose from {', '.join(TITLES.values())}."
        )
    columns = kept_columns(len(tasks) + len(GROUPS) + 2) if words else {}
    measured = {name: Measured(tasks, name) for name in chosen}
    columns |= {TITLES[name]: one.column() for name, one in measured.items()}
    FILE.write_text(
        f"""# Estimators of mutual information

`make bench-estimators` writes this file: {len(tasks)} distributions of known information after the
public benchmark of Czyz et al. (2023), {N:,} samples each. In nats; the mean over {SEEDS} seeds, over
{TRAINED_SEEDS} beyond five dimensions and for the two trained critics, which give lower bounds. KSG looks at
{FEW_NEIGHBOURS} neighbours, with each coordinate replaced by the normal deviate of its rank, or not;
"Gaussian" pretends that everything is normal; the bins are of the first coordinate of each variable.

A 95 % interval is 1.96 errors on each side. The error of KSG is the root of the squares of its standard error
and of its bias. For the bias, {HALVINGS} random splits into halves show how the estimate depends on the
number of samples; it falls like n^(-2/d) in d dimensions, x and y together, since a density is even among a
few neighbours but for the square of their distance. The other intervals count only the standard error.

{correction(measured, tasks)}

{table(tasks, columns)}
"""
    )


if __name__ == "__main__":
    main(sys.argv[1:])
