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
    "mine": "a trained critic, MINE",
    "info-nce": "a trained critic, InfoNCE",
}
ROLES = ("series-1", "series-1", "series-2", "muted", "target", "target")
DASHES = ("", "4 3", "", "2 3", "", "4 3")


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
            "kind": [runs[n][name].kind for name in NAMES],
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
    found, truth = data["estimates"], data["truth"]
    top = 1.25 * max(float(found["bits"].max()), truth)
    low = -0.05 * top
    marks: list = [
        Label(truth, len(NAMES), f"truth {truth:.2f}", "ink", "middle", dy=-8, bold=True),
    ]
    for index, label in enumerate(NAMES.values()):
        y = len(NAMES) - 1 - index + 0.3
        bits, error = float(found["bits"][index]), 1.96 * float(found["error"][index])
        at = min(max(bits, low), top)
        ends = np.clip([bits - error, bits + error], low, top)
        word = _verdict(bits, error, truth, found["kind"][index])
        marks += [
            Label(low, y, label, "ink", dy=-13, size=12.5, halo=True),
            Label(top, y, f"{bits:.2f}{word}".replace("-", "\u2212"), "ink", "end", dy=-13, size=12.5,
                  bold=True, halo=True),
            Line((truth, truth), (y - 0.22, y + 0.18), "ink", 2),
            Line(ends, (y, y), ROLES[index], 2.4, DASHES[index]),
            Dot(at, y, ROLES[index], 5.5),
        ]  # fmt: skip
    return Plot(
        tuple(marks),
        Axis("bits, with 95% intervals", (low, top), count=4),
        Axis(domain=(0, len(NAMES)), hidden=True),
        heights=(380, 380),
        ratio=0.8,
        margins=(30, 14, 44, 12),
    )


def _verdict(bits: float, error: float, truth: float, kind: str) -> str:
    """Where the truth is outside the interval of an estimate; a lower bound may lie below it."""
    if bits - error > truth:
        return " (too high)"
    if bits + error < truth:
        return " (a lower bound)" if kind == "lower" else " (too low)"
    return ""


def _growth(data) -> Plot:
    growth, truth, top = data["growth"], data["truth"], _top(data)
    x = np.log10(growth["samples"])
    marks: list = [Line((2, 3.48), (truth, truth), "ink", 1.6, dash="6 4")]
    for name, role, dash in zip(NAMES, ROLES, DASHES, strict=True):
        marks.append(Line(x, np.clip(growth[name], 0, top), role, 2.4, dash))
    at = np.log10(data["n"])
    marks.append(Line((at, at), (0, top), "selection", 1.6, dash="2 3"))
    names = {2.0: "100", 2.477: "300", 3.0: "1,000", 3.477: "3,000"}
    return Plot(
        tuple(marks),
        Axis("samples", (1.95, 3.55), ticks=tuple(names), names=names),
        Axis("bits", (0, top), count=4, grid=True),
        heights=(230, 380),
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
        "mine": bits["mine"],
        "info_nce": bits["info-nce"],
        "samples": data["n"],
    }


@estimator_race.describe
def describe(data):
    best = int(np.abs(data["estimates"]["bits"] - data["truth"]).argmin())
    name = list(NAMES.values())[best]
    return (
        f"{data['n']:,} samples from \u201c{TASK.show(data['task'])}\u201d: there are "
        f"{data['truth']:.2f} bits, and \u201c{name}\u201d comes closest with "
        f"{data['estimates']['bits'][best]:.2f}."
    )


@estimator_race.table
def table(data):
    return data["estimates"]
