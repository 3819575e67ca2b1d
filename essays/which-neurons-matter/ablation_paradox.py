"""Why information looks useless in the whole network and useful within a layer: the order mixes layers."""

import numpy as np

from infodecomp.explorable import Area, Axis, Choice, HConcat, Label, Line, Plot, Rect, figure
from infodecomp.explorable.graphics.marks import Bars

from .digits import (
    DATA,
    DROPOUT_ON_MNIST,
    LAYER_ROLES,
    PERCENT,
    REGULARISATION,
    SOURCES,
    STEP,
    curves,
    layer_of,
    measures,
)

ORDER = Choice(
    name="order",
    label="sorted by",
    default="whole",
    options={
        "whole": "information",
        "balanced": "rank within its layer",
        "layer-1": "layer 1 alone",
        "layer-2": "layer 2 alone",
    },
)
FIRST = 60  # neurons whose layer is counted
ZONE = (20, 40)  # percent switched off, where the reversal is read
SHARES = np.arange(0, 101, STEP)


@figure(
    parameters=(DATA, REGULARISATION, ORDER),
    title="The same neurons, sorted again",
    controls=("order", "regularisation", "data"),
    decimals=2,
    source=SOURCES,
    presets={
        "paradox-whole": "order=whole",
        "paradox-balanced": "order=balanced",
        "paradox-layer-1": "order=layer-1",
        "paradox-l2": "order=whole&regularisation=l2",
        "paradox-dropout": DROPOUT_ON_MNIST,
    },
)
def ablation_paradox(data, regularisation, order):
    """Neurons in an order, with their layers, and the ablation curves of that order from either end."""
    found = curves(data, regularisation, "2", order)
    information = measures(data, regularisation, "2").information
    layer = layer_of(found.order)
    zone = (SHARES >= ZONE[0]) & (SHARES <= ZONE[1])
    first = min(FIRST, len(layer))
    return {
        "order": order,
        "neurons": {"neuron": found.order, "layer": layer + 1, "information": information[found.order]},
        "low": found.low,
        "high": found.high,
        "random": found.random.mean(0),
        "share_low": float((layer[:first] == 0).mean()),
        "share_high": float((layer[::-1][:first] == 0).mean()),
        "means": [float(information[:100].mean()), float(information[100:].mean())],
        "difference": float((found.low - found.high)[zone].mean()),
    }


@ablation_paradox.draw
def picture(data):
    return HConcat((_strip(data), _curves(data)), (1.25, 1), gap=26)


def _strip(data) -> Plot:
    """A bar for each neuron, as long as its information: layer 1 up, layer 2 down; first off at the left."""
    layer, bits = np.asarray(data["neurons"]["layer"]), np.maximum(data["neurons"]["information"], 0)
    n, width = len(layer), 2 if data["order"] == "balanced" else 1
    marks: list = []
    for which, up in ((1, 1), (2, -1)):
        at = np.nonzero(layer == which)[0]
        role = LAYER_ROLES[which - 1]
        marks.append(Bars(at, at + width, up * (bits[at] + 0.012), role, inset=0.1))
        count = f"layer {which}" + ("" if len(at) else ": none")
        marks.append(
            Label(
                0, up * 1.0, count, f"{role}-text", dx=4, dy=5 if up > 0 else 3, size=13, bold=True, halo=True
            )
        )
    marks.append(Line((0, n), (0, 0), "ink", 1))
    marks += _end(min(FIRST, n), "first", 1 - data["share_low"], "end")
    if n > 2 * FIRST:
        marks += _end(n - FIRST, "last", 1 - data["share_high"], "start")
    names = {-1.0: "1", -0.5: "0.5", 0.0: "0", 0.5: "0.5", 1.0: "1"}
    return Plot(
        tuple(marks),
        Axis("neurons in this order", (0, n), ticks=tuple(range(0, n + 1, n // 4))),
        Axis("bits about the digit", (-1.08, 1.08), ticks=tuple(names), names=names, grid=True),
        ratio=0.75,
        heights=(270, 390),
        margins=(30, 12, 46, 40),
    )


def _end(x: float, which: str, layer_2: float, anchor: str) -> list:
    """A line that cuts off the first or the last neurons, and how many of them are of each layer."""
    side = -7 if anchor == "end" else 7
    ones, twos = round(FIRST * (1 - layer_2)), round(FIRST * layer_2)
    texts = (
        (1.0, 22, f"{ones} of the {which} {FIRST}", "series-1-text"),
        (-1.0, -18, f"{twos} of them", "series-2-text"),
    )
    return [
        Line((x, x), (-1.05, 1.05), "ink", 1.2, dash="3 4"),
        *(
            Label(
                x,
                y,
                text,
                role,
                anchor,
                dx=side,
                dy=dy,
                size=12.5,
                bold=True,
                halo=True,
                narrow=text.replace(f"the {which} ", ""),
            )
            for y, dy, text, role in texts
        ),
    ]


def _curves(data) -> Plot:
    low, high, gap = data["low"], data["high"], data["difference"]
    zone = (SHARES >= ZONE[0]) & (SHARES <= ZONE[1])
    marks: list = [
        Rect(ZONE[0], 0, ZONE[1], 1, "wash", opacity=1),
        Area(SHARES[zone], low[zone], high[zone], "series-2" if gap < 0 else "series-1", opacity=0.35),
        Line(SHARES, data["random"], "noise", 1.6, dash="2 4"),
        Line(SHARES, low, "series-1", 2.6),
        Line(SHARES, high, "series-2", 2.6, dash="7 4"),
        Label(2, 0.3, "— least first", "series-1-text", size=12.5, bold=True, halo=True),
        Label(2, 0.21, "– – most first", "series-2-text", size=12.5, bold=True, halo=True),
        Label(
            sum(ZONE) / 2,
            0.06,
            f"{_points(gap)} {'lower' if gap < 0 else 'higher'}",
            "ink",
            "middle",
            size=12.5,
            bold=True,
            halo=True,
        ),
    ]
    return Plot(
        tuple(marks),
        Axis("neurons switched off, %", (0, 100), ticks=(0, 20, 40, 60, 80, 100)),
        Axis("read correctly, %", (0, 1), ticks=tuple(PERCENT), names=PERCENT, grid=True),
        ratio=0.9,
        heights=(250, 380),
        margins=(30, 12, 46, 36),
    )


def _points(gap: float) -> str:
    """A difference of two shares, in whole percentage points."""
    points = round(100 * abs(gap))
    return f"{points} point{'' if points == 1 else 's'}" if points else "under 1 point"


@ablation_paradox.values
def values(data):
    return {
        "share_of_layer_1": data["share_low"],
        "share_of_layer_1_last": data["share_high"],
        "difference": data["difference"],
        "bits_layer_1": data["means"][0],
        "bits_layer_2": data["means"][1],
    }


@ablation_paradox.describe
def description(data):
    gap, who = data["difference"], {"layer-1": "layer 1", "layer-2": "layer 2"}.get(data["order"])
    verdict = (
        "losing the least informative hurts more, as if information were useless"
        if gap < -0.005
        else "losing the most informative hurts more"
        if gap > 0.005
        else "it makes no difference which end goes first"
    )
    by = f" (by {_points(gap)})" if abs(gap) > 0.005 else ""
    if who:
        return f"Within {who} alone, at 20 to 40% switched off, {verdict}{by}."
    return (
        f"{data['share_low']:.0%} of the {FIRST} least informative are of layer 1, and "
        f"{1 - data['share_high']:.0%} of the {FIRST} most informative of layer 2; at 20 to 40% off, "
        f"{verdict}{by}."
    )


@ablation_paradox.table
def table(data):
    return data["neurons"]
