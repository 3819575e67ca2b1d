"""A digit network whose neurons or weights have fewer and fewer bits."""

import numpy as np

from infodecomp.experiments.neurons.digit_networks import DEPTHS, REGULARISATIONS
from infodecomp.explorable import (
    Axis,
    Choice,
    Dot,
    DragHandle,
    HConcat,
    Label,
    Line,
    Plot,
    Range,
    figure,
)
from infodecomp.explorable.graphics.marks import Bars
from infodecomp.networks.quantisation import quantise_activations, quantise_weights

from .digits import DATA, DROPOUT_ON_MNIST, PERCENT, REGULARISATION, SOURCES, networks
from .neuron_budget import BUDGET, budget_data, budget_description, budget_picture, n_paid

PART = Choice(
    name="part",
    label="few bits for",
    default="neurons",
    options={
        "neurons": "the neurons, all alike",
        "weights": "the weights behind them",
        "bottleneck": "layer 1, by a bottleneck",
    },
)
DEPTH = Range(
    name="depth",
    label="bits each",
    default=2,
    low=DEPTHS[0],
    high=DEPTHS[-1],
    step=1,
    role="selection",
)
ROLES = {
    "none": ("noise", "muted", "2 4"),
    "l2": ("series-2", "series-2-text", "7 4"),
    "dropout": ("series-1", "series-1-text", ""),
}


@figure(
    parameters=(PART, DEPTH, BUDGET, DATA, REGULARISATION),
    title="How many bits does a neuron need?",
    controls=("part", "budget", "depth", "regularisation", "data"),
    decimals=3,
    source=SOURCES,
    presets={
        "bits-one": f"depth=1&part=neurons&{DROPOUT_ON_MNIST}",
        "bits-two": f"depth=2&part=neurons&{DROPOUT_ON_MNIST}",
        "bits-eight": "depth=8",
        "bits-weights": f"part=weights&depth=1&{DROPOUT_ON_MNIST}",
        "bits-bottleneck": "part=bottleneck&budget=8",
    },
)
def quantised_network(part, depth, budget, data, regularisation):
    """Accuracy of the three networks with few bits, or what a bottleneck over the first layer buys."""
    if part == "bottleneck":
        return budget_data(budget, depth)
    row = 0 if part == "neurons" else 1
    each = {name: networks(data, name).quantised[row] for name in REGULARISATIONS}
    network = networks(data, regularisation).network
    values = network.first[:, network.first.any(0)] if part == "neurons" else network.weight_2
    rounded = quantise_activations(values, depth) if part == "neurons" else quantise_weights(values, depth)
    if part == "neurons":
        top = np.maximum(values.max(0), 1e-9)
        values, rounded = values / top, rounded / top
    return {
        "part": part,
        "depth": depth,
        "regularisation": regularisation,
        "curves": {"bits": np.array(DEPTHS)} | each,
        "accuracy": float(each[regularisation][depth]),
        "values": np.histogram(values, bins=64, range=_range(part, values)),
        "rounded": np.histogram(rounded, bins=64, range=_range(part, values)),
    }


def _range(part: str, values: np.ndarray) -> tuple[float, float]:
    return (0.0, 1.0) if part == "neurons" else (float(values.min()), float(values.max()))


@quantised_network.draw
def picture(data):
    if data["part"] == "bottleneck":
        return budget_picture(data)
    return HConcat((_curves(data), _histograms(data)), (1.4, 1), gap=26)


def _curves(data) -> Plot:
    x, y = data["depth"], data["accuracy"]
    marks: list = []
    names = {"none": "nothing extra", "l2": "L2 penalty", "dropout": "dropout"}
    for row, name in enumerate(("dropout", "none", "l2")):
        role, text, dash = ROLES[name]
        mark = {"none": "·····", "l2": "– –", "dropout": "—"}[name]
        marks += [
            Line(
                DEPTHS, data["curves"][name], role, 2.6 if name == data["regularisation"] else 1.8, dash=dash
            ),
            Label(8, 0.36 - 0.085 * row, f"{mark} {names[name]}", text, "end", bold=True, halo=True),
        ]
    marks += [
        Line((x, x), (0, y), "selection", 1.4),
        DragHandle(
            x,
            y,
            "bits each",
            state={"depth": (x, DEPTH)},
            moves="depth",
            axis="x",
            text=f"{_bits_each(x)}: {y:.0%} correct",
            marks=(Dot(x, y, "selection", 8, rim="rim"),),
        ),
        Label(
            x,
            y,
            f"{y:.0%}",
            "ink",
            "end" if x > 6 else "start",
            dx=-12 if x > 6 else 12,
            dy=20,
            bold=True,
            halo=True,
        ),
    ]
    what = "bits of each neuron" if data["part"] == "neurons" else "bits of each weight of layers 2 and 3"
    return Plot(
        tuple(marks),
        Axis(what, (0, 8), ticks=tuple(range(9))),
        Axis("test images read correctly, %", (0, 1.02), ticks=tuple(PERCENT), names=PERCENT, grid=True),
        ratio=0.75,
        heights=(270, 380),
        margins=(34, 16, 46, 42),
    )


def _histograms(data) -> Plot:
    """How the activations or weights are spread before and after they are rounded."""
    counts, edges = data["values"]
    rounded = data["rounded"][0]
    before, after = (np.sqrt(part / part.sum()) for part in (counts, rounded))
    top = max(float(before.max()), float(after.max())) * 1.12
    what = "activations of layer 1" if data["part"] == "neurons" else "weights into layer 2"
    marks = (
        Bars(edges[:-1], edges[1:], before + 0, "noise", opacity=0.45, inset=0),
        Bars(edges[:-1], edges[1:], after, "selection", inset=0.6),
        Label(float(edges[0]), top, f"{what}", "ink", dy=-14, bold=True),
        Label(float(edges[-1]), top * 0.93, "grey: as trained", "muted", "end", size=12.5, halo=True),
        Label(
            float(edges[-1]),
            top * 0.81,
            "amber: rounded",
            "selection-text",
            "end",
            size=12.5,
            bold=True,
            halo=True,
        ),
    )
    label = "share of the neuron's largest" if data["part"] == "neurons" else "weight"
    return Plot(
        marks,
        Axis(label, (float(edges[0]), float(edges[-1])), count=4),
        Axis(domain=(0, top), hidden=True),
        ratio=0.9,
        heights=(190, 380),
        margins=(34, 10, 46, 8),
    )


@quantised_network.values
def values(data):
    if data["part"] == "bottleneck":
        return {
            "accuracy": None,
            "unknown": data["unknown"],
            "n_paid": n_paid(data),
        }
    return {"accuracy": data["accuracy"]} | {
        f"accuracy_{name}": float(data["curves"][name][data["depth"]]) for name in REGULARISATIONS
    }


def _bits_each(depth: int) -> str:
    return "one bit" if depth == 1 else f"{depth} bits"


@quantised_network.describe
def description(data):
    if data["part"] == "bottleneck":
        return budget_description(data)
    what = "neuron" if data["part"] == "neurons" else "weight"
    unit, three = _bits_each(data["depth"]), data["curves"]
    return (
        f"With {unit} a {what} the network with dropout reads {three['dropout'][data['depth']]:.0%} "
        f"correctly, that with an L2 penalty {three['l2'][data['depth']]:.0%}, that with nothing extra "
        f"{three['none'][data['depth']]:.0%}."
    )


@quantised_network.value_text
def value_text(data):
    if data["part"] == "bottleneck":
        return {"budget": f"{data['budget']:.1f} bits: {data['unknown']:.2f} bits unknown"}
    return {"depth": f"{_bits_each(data['depth'])}: {data['accuracy']:.0%} read correctly"}


@quantised_network.table
def table(data):
    return data["neurons"] if data["part"] == "bottleneck" else data["curves"]
