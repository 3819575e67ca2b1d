"""Measures that move before the accuracy does: which of them foretells that the network will know the sum?"""

from functools import lru_cache

import numpy as np

from infodecomp.errors import CheckpointError
from infodecomp.experiments.grokking.modular import N_FRAMES, PER_MOMENT, SLOW_MOMENTS
from infodecomp.experiments.grokking.modular_measures import MEASURES, MOD_PROGRESS
from infodecomp.explorable import Axis, Dot, HConcat, Label, Line, Plot, figure
from infodecomp.explorable.core.errors import Missing

from .runs import KNOWN, LEARNED, MEASURED_SEED, STEP, first_step, slow_run

WORDS = {
    "test_accuracy": "accuracy on pairs held back",
    "restricted_loss": "restricted loss",
    "excluded_loss": "excluded loss",
    "norm": "size of the weights",
    "sparsity": "sparsity of the spectrum",
    "learning_coefficient": "local learning coefficient",
}


@lru_cache(maxsize=8)
def progress_of(seed: int) -> dict:
    """Every measure of a slow run at its moments, and when each had gone half of its way.

    The way of a measure leads from its value when the pairs are known by heart to its value when the sum is.
    """
    try:
        measured, run = MOD_PROGRESS.at(0, seed=seed), slow_run(seed)
    except CheckpointError as error:
        raise Missing(str(error)) from error
    moments = run[::PER_MOMENT]
    columns = {"test_accuracy": np.array([one.test_accuracy for one in moments])}
    columns |= {name: getattr(measured, name).double().numpy() for name in MEASURES}
    memorised = first_step(run, "accuracy", LEARNED)
    known = first_step(run, "test_accuracy", KNOWN)
    half = {
        name: half_way(np.array(SLOW_MOMENTS, float), column, memorised, known)
        for name, column in columns.items()
    }
    return {
        "step": np.array(SLOW_MOMENTS),
        "columns": columns,
        "memorised": memorised,
        "known": known,
        "half": half,
    }


def half_way(steps: np.ndarray, values: np.ndarray, start: int | None, end: int | None) -> float | None:
    """When values, between two steps, have gone half of their way for good; None without a way."""
    if start is None or end is None:
        return None
    first, last = np.interp([start, end], steps, values)
    inside = (steps >= start) & (steps <= end)
    x, y = steps[inside], (values[inside] - first) / (last - first if last != first else np.inf)
    below = np.flatnonzero(y < 0.5)
    if not len(x) or not len(below) or below[-1] + 1 >= len(x):
        return None
    i = below[-1]
    return float(np.interp(0.5, y[i : i + 2], x[i : i + 2]))


@figure(
    parameters=(MEASURED_SEED, STEP),
    title="What moves before the accuracy",
    controls=("mod_step", "grok_seed"),
    source=(
        "Losses in bits; sparsity is a Gini coefficient; the local learning coefficient is an estimate from "
        "two short chains. The dot marks half of the way between knowing the pairs and knowing the sum."
    ),
    presets={"progress-end": f"mod_step={N_FRAMES // PER_MOMENT}"},
    decimals=0,
)
def grok_progress(grok_seed, mod_step):
    """Measures of progress of a slow run, with the moment that the other figures show."""
    return progress_of(int(grok_seed)) | {"seed": int(grok_seed), "moment": mod_step}


@grok_progress.draw
def progress_picture(data):
    names = list(data["columns"])
    rows = tuple(_row(data, name, last=name == names[-1]) for name in names)
    return HConcat(rows, (1,) * len(rows), stack_below=float("inf"))


def _row(data, name, last) -> Plot:
    x, y = data["step"], data["columns"][name]
    low, high = float(y.min()), float(y.max())
    room = max(high - low, 1e-9)
    marks = [
        Line((at, at), (low, high), "noise", 1, dash="2 4") for at in (data["memorised"], data["known"]) if at
    ]
    now = int(x[data["moment"]])
    marks += [
        Line((now, now), (low, high), "selection", 1.6),
        Line(x, y, "series-2" if name == "test_accuracy" else "series-1", 2.2),
        Label(0, high, WORDS[name], "ink", dx=6, dy=-5, size=12, bold=True, halo=True),
        Label(
            x[-1], high, shown(float(y[data["moment"]])), "selection-text", "end", dy=-5, size=12, halo=True
        ),
    ]
    half = data["half"][name]
    if half is not None:
        marks.append(Dot(half, float(np.interp(half, x, y)), "ink", 4.5))
    height = 116 if last else 74
    return Plot(
        tuple(marks),
        Axis("steps of training", (0, int(x[-1])), ticks=(0, 2500, 5000, 7500))
        if last
        else Axis(domain=(0, int(x[-1])), hidden=True),
        Axis(domain=(low - 0.04 * room, high + 0.04 * room), hidden=True),
        heights=(height, height),
        margins=(22, 18, 46 if last else 4, 10),
    )


def shown(value: float) -> str:
    """A value with three digits, or as 0.00."""
    return f"{value:.3g}" if abs(value) >= 0.005 else "0.00"


@grok_progress.values
def progress_values(data):
    accuracy = data["half"]["test_accuracy"]
    leads = {
        f"{name}_lead": None if half is None or accuracy is None else accuracy - half
        for name, half in data["half"].items()
        if name != "test_accuracy"
    }
    return {"memorised": data["memorised"], "known": data["known"], "accuracy_half": accuracy} | leads


@grok_progress.describe
def progress_description(data):
    values = progress_values(data)
    leads = {name: values[f"{name}_lead"] for name in MEASURES if values[f"{name}_lead"] is not None}
    if not leads:
        return f"Seed {data['seed']}: this network does not come to know the sum, so nothing is foretold."
    first = max(leads, key=leads.__getitem__)
    return (
        f"Seed {data['seed']}: the accuracy has gone half of its way at step {values['accuracy_half']:,.0f}; "
        f"the {WORDS[first]} did so {leads[first]:,.0f} steps earlier, before the others."
    )


@grok_progress.table
def progress_table(data):
    return {"step": data["step"]} | data["columns"]
