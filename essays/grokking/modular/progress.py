"""Measures that move before the accuracy does: which of them foretells that the network will know the sum?"""

from functools import lru_cache

import numpy as np

from infodecomp.errors import CheckpointError
from infodecomp.experiments.grokking.modular import N_FRAMES, PER_MOMENT, SLOW_MOMENTS
from infodecomp.experiments.grokking.modular_measures import MEASURES, MOD_PROGRESS
from infodecomp.explorable import Axis, Choice, Dot, HConcat, Label, Line, Plot, Rect, Toggle, figure
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
MEANINGS = {
    "restricted_loss": "the error if only the final waves are kept",
    "excluded_loss": "the error without the final waves",
    "norm": "the length of all weights together",
    "sparsity": "how few waves make up the weights",
    "learning_coefficient": "how finely the weights have to be set",
}
BET = Choice(
    name="bet_measure",
    label="Your bet: which one moves first",
    default="open",
    options={"open": "not yet"} | {name: WORDS[name] for name in MEASURES},
    role="selection",
)
SHOW = Toggle(name="show_measure", label="Show what each line did next")


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
    parameters=(MEASURED_SEED, STEP, BET, SHOW),
    title="What moves before the accuracy",
    controls=("bet_measure", "show_measure", "grok_seed"),
    source=(
        "Losses in bits; sparsity is a Gini coefficient; the local learning coefficient is an estimate from "
        "two short chains. The dot marks half of the way between knowing the pairs and knowing the sum."
    ),
    presets={
        "progress-end": f"mod_step={N_FRAMES // PER_MOMENT}",
        "progress-show": f"show_measure=1&mod_step={N_FRAMES // PER_MOMENT}",
    },
    decimals=0,
)
def grok_progress(grok_seed, mod_step, bet_measure, show_measure):
    """Measures of progress of a slow run, with the moment that the other figures show."""
    known = progress_of(int(grok_seed))
    covered_from = int(np.searchsorted(known["step"], known["memorised"] or 0))
    end = len(known["step"]) if show_measure else covered_from + 1
    return known | {
        "seed": int(grok_seed),
        "moment": min(mod_step, end - 1),
        "bet": bet_measure,
        "shown": show_measure,
        "end": end,
    }


@grok_progress.draw
def progress_picture(data):
    names = list(data["columns"])
    half = (len(names) + 1) // 2
    columns = tuple(
        HConcat(
            tuple(_row(data, name, last=name == column[-1]) for name in column),
            (1,) * len(column),
            stack_below=float("inf"),
        )
        for column in (names[:half], names[half:])
    )
    return HConcat(columns, (1, 1), gap=22, stack_below=480)


def _row(data, name, last) -> Plot:
    """A measure over the steps; while it is covered, only until the pairs are known by heart."""
    x, y = data["step"], data["columns"][name]
    low, high = float(y.min()), float(y.max())
    room, covered = max(high - low, 1e-9), not data["shown"] and name != "test_accuracy"
    now, end = int(x[data["moment"]]), data["end"]
    start = 0 if covered else x[end - 1]
    marks = [] if data["shown"] else [Rect(start, low, x[-1], high, "wash", radius=4)]
    for at, words in ((data["memorised"], "knows the pairs"), (data["known"], "knows the sum")):
        if at and not covered:
            marks.append(Line((at, at), (low, high), "noise", 1, dash="2 4"))
            if name == "test_accuracy":
                marks.append(Label(at, (low + high) / 2, words, "muted", dx=5, size=12, halo=data["shown"]))
    role = "series-2" if name == "test_accuracy" else "selection" if name == data["bet"] else "series-1"
    marks.append(Label(0, high, WORDS[name], "ink", dx=6, dy=-5, size=12, bold=True, halo=True))
    if covered:
        text = "selection-text" if name == data["bet"] else "muted"
        marks.append(Label(0, (low + high) / 2, MEANINGS[name], text, dx=8, dy=4, size=12))
    else:
        marks += [
            Line((now, now), (low, high), "selection", 1.6),
            Line(x[:end], y[:end], role, 2.2),
            Label(x[-1], high, _margin(data, name), "selection-text", "end", dy=-5, size=12, halo=True),
        ]
    half = data["half"][name]
    if half is not None and data["shown"]:
        accuracy = data["half"]["test_accuracy"]
        marks.append(Line((accuracy, accuracy), (low, high), "series-2", 1, opacity=0.7))
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
        least_plane=48,
    )


def _margin(data, name) -> str:
    """How far a measure is ahead of the accuracy, or while that is covered, its value."""
    lead = leads_of(data).get(name) if data["shown"] else None
    if lead is None:
        return shown(float(data["columns"][name][data["moment"]]))
    return f"{abs(lead):,.0f} steps {'ahead' if lead > 0 else 'behind'}"


def shown(value: float) -> str:
    """A value with three digits, or as 0.00."""
    return f"{value:.3g}" if abs(value) >= 0.005 else "0.00"


def leads_of(data) -> dict[str, float | None]:
    """By how many steps each measure is ahead of the accuracy."""
    accuracy = data["half"]["test_accuracy"]
    return {
        name: None if half is None or accuracy is None else accuracy - half
        for name, half in data["half"].items()
        if name != "test_accuracy"
    }


@grok_progress.values
def progress_values(data):
    """When the accuracy rose and by how much each measure led; the leads are None while they are covered."""
    leads = {f"{name}_lead": lead if data["shown"] else None for name, lead in leads_of(data).items()}
    known = {name: data[name] for name in ("memorised", "known")}
    half = data["half"]["test_accuracy"]
    steps = {"accuracy": half} | {name: leads[f"{name}_lead"] for name in leads_of(data)}
    words = {
        f"{name}_steps": None if number is None else f"{abs(number):,.0f}" for name, number in steps.items()
    }
    return known | {"accuracy_half": half} | leads | words


@grok_progress.describe
def progress_description(data):
    bet = data["bet"]
    if not data["shown"]:
        yours = f"your bet is on the {WORDS[bet]}" if bet != "open" else "you have not bet yet"
        last = data["step"][data["end"] - 1]
        run = f"The slow run of seed {data['seed']}"
        known = f"{run}: the accuracy stops at step {last:,}, when the pairs are known by heart"
        return f"{known}; {yours}."
    leads = {name: lead for name, lead in leads_of(data).items() if lead is not None}
    if not leads:
        return (
            f"The slow run of seed {data['seed']}: this network does not come to know the sum, "
            "so nothing is foretold."
        )
    first = max(leads, key=leads.__getitem__)
    verdict = ""
    if bet == first:
        verdict = " You bet on it."
    elif bet != "open":
        way = "earlier" if leads[bet] > 0 else "later"
        verdict = f" You bet on the {WORDS[bet]}: {abs(leads[bet]):,.0f} steps {way}."
    return (
        f"The slow run of seed {data['seed']}: the accuracy has gone half of its way at step "
        f"{data['half']['test_accuracy']:,.0f}; the {WORDS[first]} did so {leads[first]:,.0f} steps earlier, "
        f"before the others.{verdict}"
    )


@grok_progress.table
def progress_table(data):
    end = data["end"]
    shown = data["columns"] if data["shown"] else ("test_accuracy",)
    return {"step": data["step"][:end]} | {name: data["columns"][name][:end] for name in shown}
