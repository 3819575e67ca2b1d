"""Estimators race on distributions whose information is known."""

from functools import lru_cache

import numpy as np

from infodecomp.estimators.benchmark import benchmark_tasks
from infodecomp.experiments.deterministic import ESTIMATOR_RACE, race_counts
from infodecomp.explorable import Axis, Choice, Dot, HConcat, Label, Line, Plot, figure

TASK = Choice(
    name="task",
    label="Distribution",
    default="normal",
    options={
        "normal": "normal",
        "two-modes": "two modes",
        "long-tails": "long tails",
        "uniform": "uniform",
        "student": "Student",
        "two-pairs": "two pairs",
        "spiral": "spiral",
        "sparse-25": "25 + 25, sparse",
        "dense-50": "50 + 50, dense",
    },
)
SAMPLES_DRAWN = Choice(
    name="drawn",
    label="Samples",
    default="1000",
    options={"100": "100", "300": "300", "1000": "1,000", "3000": "3,000"},
)
NAMES = {
    "neighbours-ranked": "nearest neighbours of ranks",
    "neighbours": "nearest neighbours",
    "gaussian": "as if it were normal",
    "bins": "eight bins each",
}
ROLES = ("series-1", "series-1", "series-2", "muted")


@figure(
    parameters=(TASK, SAMPLES_DRAWN),
    title="The race of the estimators",
    controls=("task", "drawn"),
    decimals=2,
    presets={
        "race-normal": "task=normal&drawn=1000",
        "race-tails": "task=long-tails&drawn=1000",
        "race-few": "task=normal&drawn=100",
        "race-dense": "task=dense-50&drawn=1000",
        "race-sparse": "task=sparse-25&drawn=1000",
    },
    source="Distributions after Czy\u017c et al. (2023); in many dimensions at most 1,000 samples.",
)
def estimator_race(task, drawn):
    """The estimates of one distribution at one number of samples, and at all numbers."""
    counts = race_counts(task)
    n = min(int(drawn), counts[-1])
    runs = {count: _run(task, count) for count in counts}
    return {
        "task": task,
        "n": n,
        "truth": _truth(task),
        "dimensions": benchmark_tasks()[task].dimensions,
        "estimates": {
            "estimator": list(NAMES),
            "bits": np.array([runs[n][name].bits for name in NAMES]),
            "error": np.array([runs[n][name].standard_error for name in NAMES]),
        },
        "growth": {
            "samples": np.array(counts),
            **{name: np.array([runs[count][name].bits for count in counts]) for name in NAMES},
        },
    }


@lru_cache(maxsize=64)
def _run(task: str, n: int) -> dict:
    return ESTIMATOR_RACE.at(0, task=task, n=n)


@lru_cache(maxsize=16)
def _truth(task: str) -> float:
    return benchmark_tasks()[task].bits


@estimator_race.draw
def picture(data):
    return HConcat((_finish(data), _growth(data)), (1.2, 1), gap=28)


def _top(data) -> float:
    growth = np.concatenate([data["growth"][name] for name in NAMES])
    return max(float(min(growth.max(), 4 * data["truth"] + 2)), data["truth"]) * 1.1


def _finish(data) -> Plot:
    found, truth, top = data["estimates"], data["truth"], _top(data)
    low = -0.05 * top
    marks: list = [
        Line((truth, truth), (0, len(NAMES)), "ink", 2, dash="6 4"),
        Label(truth, len(NAMES), f"truth {truth:.2f}", "ink", "middle", dy=-8, bold=True),
    ]
    for index, label in enumerate(NAMES.values()):
        y = len(NAMES) - 1 - index + 0.3
        bits, error = float(found["bits"][index]), 1.96 * float(found["error"][index])
        at = min(max(bits, low), top)
        ends = np.clip([bits - error, bits + error], low, top)
        missed = not bits - error <= truth <= bits + error
        word = "" if not missed else " (too low)" if bits < truth else " (too high)"
        marks += [
            Label(low, y, label, "ink", dy=-13, size=12.5, halo=True),
            Label(top, y, f"{bits:.2f}{word}".replace("-", "\u2212"), "ink", "end", dy=-13, size=12.5,
                  bold=True, halo=True),
            Line(ends, (y, y), ROLES[index], 5, opacity=0.4),
            Dot(at, y, ROLES[index], 5.5),
        ]  # fmt: skip
    return Plot(
        tuple(marks),
        Axis("bits, with 95 % intervals", (low, top), count=4),
        Axis(domain=(0, len(NAMES)), hidden=True),
        heights=(270, 270),
        ratio=0.8,
        margins=(30, 14, 44, 12),
    )


def _growth(data) -> Plot:
    growth, truth, top = data["growth"], data["truth"], _top(data)
    x = np.log10(growth["samples"])
    marks: list = [Line((2, 3.48), (truth, truth), "ink", 1.6, dash="6 4")]
    for name, role, dash in zip(NAMES, ROLES, ("", "4 3", "", "2 3")):
        marks.append(Line(x, np.clip(growth[name], 0, top), role, 2.4, dash))
    at = np.log10(data["n"])
    marks.append(Line((at, at), (0, top), "selection", 1.6, dash="2 3"))
    names = {2.0: "100", 2.477: "300", 3.0: "1,000", 3.477: "3,000"}
    return Plot(
        tuple(marks),
        Axis("samples", (1.95, 3.55), ticks=tuple(names), names=names),
        Axis("bits", (0, top), count=4, grid=True),
        heights=(230, 270),
        ratio=0.8,
        margins=(30, 10, 44, 30),
    )


@estimator_race.values
def values(data):
    bits = dict(zip(NAMES, data["estimates"]["bits"].tolist()))
    return {
        "truth": data["truth"],
        "ranked": bits["neighbours-ranked"],
        "neighbours": bits["neighbours"],
        "gaussian": bits["gaussian"],
        "bins": bits["bins"],
        "samples": data["n"],
    }


@estimator_race.describe
def describe(data):
    best = int(np.abs(data["estimates"]["bits"] - data["truth"]).argmin())
    name = list(NAMES.values())[best]
    return (
        f"{data['n']:,} samples of {TASK.show(data['task'])}: there are {data['truth']:.2f} bits, and "
        f"\u201c{name}\u201d comes closest with {data['estimates']['bits'][best]:.2f}."
    )


@estimator_race.table
def table(data):
    return data["estimates"]
