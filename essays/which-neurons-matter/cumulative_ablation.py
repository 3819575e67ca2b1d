"""Switching neurons off one after the other, by their information or at random."""

import numpy as np

from infodecomp.experiments.neurons.digit_networks import DRAWS
from infodecomp.explorable import (
    Area,
    Axis,
    Choice,
    Dot,
    DragHandle,
    HConcat,
    Label,
    Line,
    Plot,
    Rect,
    figure,
)
from infodecomp.explorable.graphics.marks.raster import Raster
from infodecomp.networks.ablation import ablation_curves

from .digits import (
    DATA,
    LAYER_ROLES,
    N_NEURONS,
    PERCENT,
    QUANTISER,
    REGULARISATION,
    REMOVED,
    SCOPE,
    SOURCES,
    STEP,
    curves,
    layer_of,
    networks,
)
from .neuron_bet import BET

FIRST = Choice(
    name="first",
    label="in detail",
    default="low",
    options={"low": "least informative off first", "high": "most informative off first"},
)
SHARES = np.arange(0, 101, STEP)


@figure(
    parameters=(DATA, REGULARISATION, QUANTISER, SCOPE, REMOVED, FIRST, BET),
    title="Switching neurons off",
    controls=("data", "regularisation", "quantiser", "scope", "removed", "first"),
    decimals=2,
    source=SOURCES,
    presets={
        "ablate-whole": "scope=whole",
        "ablate-layer-1": "scope=layer-1",
        "ablate-layer-2": "scope=layer-2",
        "ablate-balanced": "scope=balanced",
        "ablate-dropout": "regularisation=dropout&data=mnist&scope=whole",
        "ablate-l2": "regularisation=l2&data=mnist&scope=whole",
        "ablate-half": "removed=50",
        "ablate-third": "removed=30",
    },
)
def cumulative_ablation(data, regularisation, quantiser, scope, removed, first, bet):
    """Accuracy while neurons are switched off in three orders, and the network at one point of them."""
    found = curves(data, regularisation, quantiser, scope)
    network = networks(data, regularisation).network
    count = round(len(found.order) * removed / 100)
    order = found.order if first == "low" else found.order[::-1]
    keep = np.ones(N_NEURONS, bool)
    keep[order[:count]] = False
    low, high = (
        np.interp(removed, SHARES, curve)
        if removed % STEP == 0
        else ablation_curves(network, [ends], [count])[0, 0]
        for curve, ends in ((found.low, found.order), (found.high, found.order[::-1]))
    )
    confusion = network.confusion(keep)
    return {
        "removed": removed,
        "count": count,
        "first": first,
        "scope": scope,
        "bet": bet,
        "curves": {
            "removed": SHARES,
            "low": found.low,
            "high": found.high,
            "random": found.random.mean(0),
            "random_least": found.random.min(0),
            "random_most": found.random.max(0),
        },
        "low": float(low),
        "high": float(high),
        "random": float(np.interp(removed, SHARES, found.random.mean(0))),
        "keep": keep,
        "order": found.order,
        "confusion": confusion,
        "accuracy": float(confusion.trace() / confusion.sum()),
    }


@cumulative_ablation.draw
def picture(data):
    side = HConcat((_strip(data), _confusion(data)), (1, 1), stack_below=float("inf"))
    return HConcat((_curves(data), side), (1.3, 1), gap=26)


def _curves(data) -> Plot:
    found, x = data["curves"], data["removed"]
    marks: list = [
        Area(found["removed"], found["random_least"], found["random_most"], "noise", opacity=0.3),
        Line(found["removed"], found["random"], "noise", 2, dash="2 4"),
        Line(found["removed"], found["low"], "series-1", 2.6),
        Line(found["removed"], found["high"], "series-2", 2.6, dash="7 4"),
        Line((x, x), (0, 1), "selection", 1.6),
    ]
    for key, role in (("random", "noise"), ("low", "series-1"), ("high", "series-2")):
        marks.append(Dot(x, data[key], role, 5.5, rim="paper"))
    marks += _names(found)
    marks.append(
        DragHandle(
            x,
            1.0,
            "share switched off",
            state={"removed": (x, REMOVED)},
            moves="removed",
            axis="x",
            text=f"{x:.0f}%",
            marks=(Dot(x, 1.0, "selection", 8, rim="rim"),),
        )
    )
    return Plot(
        tuple(marks),
        Axis("neurons switched off, %", (0, 100), ticks=(0, 20, 40, 60, 80, 100)),
        Axis("test images read correctly, %", (0, 1.0), ticks=tuple(PERCENT), names=PERCENT, grid=True),
        ratio=0.95,
        heights=(280, 420),
        margins=(34, 16, 46, 44),
    )


def _names(found) -> list[Label]:
    """The names of the three curves, in a corner that they leave free, in the order of their heights."""
    middle = len(SHARES) // 2
    names = {
        "low": ("least informative first", "series-1-text", "—", "least first"),
        "high": ("most informative first", "series-2-text", "– –", "most first"),
        "random": (f"random, {DRAWS} orders", "muted", "·····", "random"),
    }
    by_height = sorted(names, key=lambda key: -float(found[key][middle:].mean()))
    left = float(found["low"][:7].min()) > 0.5 and float(found["high"][:7].min()) > 0.5
    x, y = (2, 0.28) if left else (100, 0.93)
    return [
        Label(
            x,
            y - 0.085 * row,
            f"{names[key][2]} {names[key][0]}",
            names[key][1],
            "start" if left else "end",
            size=13,
            bold=True,
            halo=True,
            narrow=f"{names[key][2]} {names[key][3]}",
        )
        for row, key in enumerate(by_height)
    ]


def _strip(data) -> Plot:
    """Every neuron as a cell, a row for each layer in order of information; those switched off are empty."""
    marks: list = []
    ranked = np.asarray(data["order"])
    for layer in (0, 1):
        mine = ranked[layer_of(ranked) == layer]
        y = 1 - layer
        name = f"layer {layer + 1}"
        marks.append(Rect(0, y + 0.12, 100, y + 0.6, "paper", opacity=0, stroke="noise"))
        if len(mine):
            on = data["keep"][mine].astype(float)[None]
            marks.append(Raster(0, y + 0.12, 100, y + 0.6, on * 0.9, LAYER_ROLES[layer]))
            words = f"{name}: {int(on.sum())} of {len(mine)} on"
        else:
            marks.append(Rect(0, y + 0.12, 100, y + 0.6, LAYER_ROLES[layer], opacity=0.9))
            words = f"{name}: left alone"
        marks.append(Label(0, y + 0.6, words, f"{LAYER_ROLES[layer]}-text", dy=-6, size=12.5, bold=True))
    return Plot(
        tuple(marks),
        Axis(domain=(0, 100), hidden=True),
        Axis(domain=(0, 2), hidden=True),
        ratio=0.3,
        heights=(110, 124),
        margins=(8, 6, 12, 22),
    )


def _confusion(data) -> Plot:
    """Which digit is taken for which, as shares of the images of a digit."""
    counts = data["confusion"]
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    marks: list = [
        Rect(0, 0, 10, 10, "", stroke="faint"),
        Raster(0, 0, 10, 10, np.sqrt(shares), "target"),
        Label(0, 10, f"what {data['accuracy']:.0%} correct looks like", "ink", dy=-24, bold=True),
        Label(10, 10, "taken for", "muted", "end", dx=0, dy=-24, size=12, narrow=""),
    ]
    for digit in range(10):
        marks += [
            Label(digit + 0.5, 10, str(digit), "muted", "middle", dy=-6, size=12),
            Label(0, 9.5 - digit, str(digit), "muted", "end", dx=-6, dy=4, size=12),
        ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, 10), hidden=True),
        Axis(domain=(0, 10), hidden=True),
        ratio=0.8,
        heights=(220, 290),
        margins=(40, 6, 4, 22),
    )


@cumulative_ablation.values
def values(data):
    return {
        "accuracy_low": data["low"],
        "accuracy_high": data["high"],
        "accuracy_random": data["random"],
        "area_low_minus_high": float((data["curves"]["low"] - data["curves"]["high"]).mean()),
        "count": data["count"],
    }


@cumulative_ablation.describe
def description(data):
    where = {"layer-1": " of layer 1", "layer-2": " of layer 2"}.get(data["scope"], "")
    if not data["count"]:
        return (
            f"All neurons are on, and the network reads {data['accuracy']:.1%} of the test images correctly."
        )
    return _recalled(data) + (
        f"Without {data['count']} neurons{where} the network reads {data['low']:.0%} correctly if the least "
        f"informative went first, {data['high']:.0%} if the most informative did, "
        f"{data['random']:.0%} at random."
    )


def _recalled(data) -> str:
    """The reader's bet, and whether it holds in this state."""
    if data["bet"] == "open":
        return ""
    gap = data["low"] - data["high"]
    right = {"least": gap > 0.005, "most": gap < -0.005, "same": abs(gap) <= 0.005}[data["bet"]]
    return f"You bet on deleting {BET.options[data['bet']]}: {'right' if right else 'wrong'} here. "


@cumulative_ablation.value_text
def value_text(data):
    return {
        "removed": f"{data['removed']:.0f}% switched off: {data['low']:.0%} correct with the least "
        f"informative first, {data['high']:.0%} with the most informative first"
    }


@cumulative_ablation.table
def table(data):
    return data["curves"]
