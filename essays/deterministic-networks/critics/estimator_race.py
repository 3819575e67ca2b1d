"""Estimators race on distributions whose information is known."""

from functools import lru_cache

import numpy as np

from infodecomp.estimators.benchmark import benchmark_tasks
from infodecomp.experiments.deterministic import ESTIMATOR_RACE, race_counts
from infodecomp.explorable import Axis, Choice, Dot, HConcat, Label, Line, Plot, Rect, figure

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
SHORT_NAMES = {
    "neighbours-ranked": "neighbours of ranks",
    "neighbours": "nearest neighbours",
    "gaussian": "as if normal",
    "bins": "eight bins each",
    "mine": "critic, MINE",
    "info-nce": "critic, InfoNCE",
}
# colours of mark and words where the interval lies above the truth, below it, around it, or is very wide
HIGH, LOW = ("series-2", "series-2-text"), ("series-1", "series-1-text")
RIGHT, UNSURE = ("target", "target-text"), ("noise", "muted")


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
            "low": np.array([runs[n][name].interval()[0] for name in NAMES]),
            "high": np.array([runs[n][name].interval()[1] for name in NAMES]),
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
    return HConcat((_finish(data), _growth(data)), (3.4, 1), gap=18, stack_below=0)


def _row(index: int) -> float:
    """Where the line of an estimator lies; its name is above it."""
    return len(NAMES) - 1 - index + 0.3


def _finish(data) -> Plot:
    """Each estimate with its interval, and how far it lies from the truth."""
    found, truth = data["estimates"], data["truth"]
    top = 1.25 * max(float(found["bits"].max()), truth)
    low = -0.05 * top
    marks: list = [
        Line((truth, truth), (0, len(NAMES)), "ink", 1.4, "2 3"),
        Label(truth, len(NAMES), f"truth {truth:.2f}", "ink", "middle", dy=-8, bold=True),
    ]
    for index, (name, label) in enumerate(NAMES.items()):
        y, bits = _row(index), float(found["bits"][index])
        interval = float(found["low"][index]), float(found["high"][index])
        (role, text), word, short = _verdict(interval, truth, found["kind"][index])
        at = min(max(bits, low), top)
        shown = f"{bits:.2f}"
        marks += [
            Rect(min(truth, at), y - 0.09, max(truth, at), y + 0.09, role, opacity=0.28),
            Line(np.clip(interval, low, top), (y, y), role, 2.2),
            Dot(at, y, role, 6, rim="paper"),
            Label(low, y, label, "ink", dy=-15, size=13, halo=True, narrow=SHORT_NAMES[name]),
            Label(top, y, f"{shown}{word}", text, "end", dy=-15, size=13, bold=True, halo=True,
                  narrow=f"{shown}{short}"),
        ]  # fmt: skip
    return Plot(
        tuple(marks),
        Axis("bits, with 95% intervals", (low, top), count=4),
        Axis(domain=(0, len(NAMES)), hidden=True),
        heights=(390, 400),
        ratio=0.8,
        margins=(30, 6, 44, 12),
    )


def _verdict(interval: tuple[float, float], truth: float, kind: str) -> tuple[tuple[str, str], str, str]:
    """Colours and words for where the truth lies; a lower bound may lie below it."""
    low, high = interval
    if high - low > 2 * truth:
        return UNSURE, ", unsure", ", unsure"
    if low > truth:
        return HIGH, ", too high", ", high"
    if high < truth:
        return LOW, ", as a lower bound may" if kind == "lower" else ", too low", ", low"
    return RIGHT, "", ""


def _growth(data) -> Plot:
    """A small curve beside each estimate: how it comes to the truth, or not, with more samples."""
    growth, truth = data["growth"], data["truth"]
    x, at = np.log10(growth["samples"]), np.log10(data["n"])
    reach = 1.5 * truth  # curves are cut off at 1.1 truths below it and 2.1 above
    marks: list = [
        Label((x[0] + x[-1]) / 2, len(NAMES), "samples \u2192", "muted", "middle", dy=-8, size=12),
        Line((at, at), (0, len(NAMES)), "selection", 1.4, "2 3"),
    ]
    for index, name in enumerate(NAMES):
        y = _row(index)
        curve = y + 0.36 * np.clip((growth[name] - truth) / reach, -0.75, 1.4)
        marks += [
            Line((x[0], x[-1]), (y, y), "ink", 1, "2 3"),
            Line(x, curve, "muted", 2.2),
            Dot(at, float(np.interp(at, x, curve)), "selection", 4, rim="rim"),
        ]
    names = {float(x[0]): "100", float(x[-1]): f"{growth['samples'][-1]:,}"}
    return Plot(
        tuple(marks),
        Axis("", (float(x[0]) - 0.15, float(x[-1]) + 0.15), ticks=tuple(names), names=names),
        Axis(domain=(0, len(NAMES)), hidden=True),
        heights=(390, 400),
        ratio=0.8,
        margins=(30, 14, 44, 10),
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
