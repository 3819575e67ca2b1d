"""One layer of one network, measured by bins of every width, by neighbours, through noise, and exactly."""

from functools import lru_cache

import numpy as np

from infodecomp.experiments.neurons.plane_networks import (
    EPOCHS,
    MEASURED,
    N_LAYERS,
    NOISES,
    PLANE_NETWORKS,
    POWERS,
    layers,
)
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
    PowerOfTen,
    Range,
    figure,
)
from infodecomp.explorable.core.numbers import power_text
from infodecomp.explorable.graphics.marks import Bars
from infodecomp.networks.plane import N_BITS, exact_information

from .network_plane import ACTIVATION
from .stored import stored

LAYER = Range(
    name="layer",
    label="layer",
    default=5,
    low=1,
    high=N_LAYERS,
    step=1,
    format=lambda layer: "output" if layer == N_LAYERS else f"{layer:.0f}",
)
WHEN = Choice(
    name="when",
    label="epoch",
    default="end",
    options={name: f"{EPOCHS[index]:,}" for name, index in MEASURED.items()},
)
RULER = PowerOfTen(
    name="ruler",
    label="width of the bins",
    default=-1.2,
    low=-6,
    high=-0.4,
    step=0.1,
    role="selection",
)
LINE = 1.05  # bits from one line of text to the next
WIDEST = -0.3


@figure(
    parameters=(ACTIVATION, LAYER, WHEN, RULER),
    title="One layer, four rulers",
    controls=("activation", "layer", "when", "ruler"),
    decimals=2,
    presets={
        "rulers-tanh": "activation=tanh&layer=5&when=end",
        "rulers-relu": "activation=relu&layer=5&when=end",
        "rulers-start": "when=start",
        "rulers-end": "when=end",
        "rulers-first": "layer=1",
    },
    source="Bins, exact values and kernel bounds of all 4,096 inputs, neighbours of 1,000 of them.",
)
def plane_estimators(activation, layer, when, ruler):
    """I(X;T) of a layer by four estimators."""
    known = stored(PLANE_NETWORKS, activation=activation)
    row = list(MEASURED).index(when)
    exact, histogram = measured(activation, layer, when)
    kernel, (fixed, least_greatest) = known.kernel[row, layer - 1], known.widths[row, layer - 1]
    return {
        "activation": activation,
        "layer": layer,
        "epoch": EPOCHS[MEASURED[when]],
        "ruler": ruler,
        "bins": {"width": 10.0**POWERS, "fixed": fixed, "min_max": least_greatest},
        "noise": {"deviation": np.array(NOISES), "lower": kernel[:, 0], "upper": kernel[:, 1]},
        "ksg": float(known.ksg[row, layer - 1]),
        "exact": exact,
        "seen": float(np.interp(ruler, POWERS, fixed)),
        "histogram": histogram,
    }


@lru_cache(maxsize=40)
def measured(activation: str, layer: int, when: str) -> tuple[float, tuple[np.ndarray, np.ndarray]]:
    """I(X;T) of a layer exactly, and a histogram of its activations."""
    parameters = stored(PLANE_NETWORKS, activation=activation).parameters[MEASURED[when], :1]
    values = layers(activation, parameters)[layer - 1][0]
    return exact_information(values), np.histogram(
        values, bins=60, range=(-1, 1) if activation == "tanh" else None
    )


@plane_estimators.draw
def picture(data):
    return HConcat((_rulers(data), _histogram(data)), (1.7, 1), gap=26)


def _rulers(data) -> Plot:
    noise, x = np.log10(data["noise"]["deviation"]), data["ruler"]
    marks: list = [
        Area(noise, data["noise"]["lower"], data["noise"]["upper"], "target", opacity=0.35),
        Line(noise, data["noise"]["lower"], "target", 1.4),
        Line(noise, data["noise"]["upper"], "target", 1.4),
        Line((-6, WIDEST), (data["exact"],) * 2, "ink", 1.6, dash="2 4"),
        Line(POWERS, data["bins"]["min_max"], "noise", 1.8, dash="6 4"),
        Line(POWERS, data["bins"]["fixed"], "series-1", 2.8),
        Line((-6, WIDEST), (max(data["ksg"], 0),) * 2, "series-2", 1.8, dash="8 3"),
        Line((x, x), (0, 12.4), "selection", 1.4),
        DragHandle(
            x,
            data["seen"],
            "width of the bins",
            state={"ruler": (x, RULER)},
            moves="ruler",
            axis="x",
            text=f"bins of width {power_text(x)}: {data['seen']:.1f} bits",
            marks=(Dot(x, data["seen"], "selection", 8, rim="rim"),),
        ),
        Label(-5.95, data["exact"], f"exactly: {data['exact']:.2f} bits", "ink", dy=-6, bold=True, halo=True),
        *_names(data),
    ]
    names = {-5.0: "0.00001", -3.0: "0.001", -2.0: "0.01", -1.0: "0.1"}
    return Plot(
        tuple(marks),
        Axis(
            "width of a bin, or standard deviation of the noise",
            (-6, WIDEST),
            ticks=tuple(names),
            names=names,
        ),
        Axis("bits about the input", (0, 12.6), ticks=(0, 3, 6, 9, 12), grid=True),
        ratio=0.7,
        heights=(290, 400),
        margins=(34, 12, 46, 36),
    )


def _names(data):
    """The names of the other three rulers at the left, a line of text apart."""
    noise = float(np.log10(data["noise"]["deviation"][-1]))
    bins, bounds, ksg = (
        float(data["bins"]["fixed"][0]),
        float(data["noise"]["upper"][-1]),
        max(data["ksg"], 0),
    )
    if max(bins, ksg) < 3:  # all of them at the foot of the picture: names one above the other
        ksg = max(bins, bounds, ksg) + 0.8
        bins, bounds = ksg + LINE, ksg + 2 * LINE
    else:
        close = abs(bounds - LINE - bins) < 2 * LINE  # to the line of the bins or to its name
        bins, ksg = bins - LINE, ksg + 0.75
        bounds = bins - LINE if close else bounds - LINE
        ksg = min(bins, bounds) - LINE if min(abs(ksg - bins), abs(ksg - bounds)) < LINE else ksg
    scaled = float(data["bins"]["min_max"][0]) - 0.8 * LINE
    if scaled - bins > 1.4 * LINE:  # the two kinds of bins differ
        yield Label(-5.95, scaled, "bins, least to greatest", "muted", dy=4, bold=True, halo=True)
    for x, y, words, role, anchor, dx in (
        (-5.95, ksg, f"neighbours (KSG): {data['ksg']:.2f}", "series-2-text", "start", 0),
        (noise, bounds, "noise: bounds", "target-text", "end", -6),
        (-5.95, bins, "bins, −1 to 1", "series-1-text", "start", 0),
    ):
        yield Label(x, y, words, role, anchor, dx=dx, dy=4, bold=True, halo=True)


def _histogram(data) -> Plot:
    """The activations themselves, in sixty bins."""
    counts, edges = data["histogram"]
    shares = np.sqrt(counts / counts.sum())
    width = min(10 ** data["ruler"], float(edges[-1] - edges[0]))
    top = float(shares.max()) * 1.15
    middle = (edges[0] + edges[-1]) / 2
    marks = (
        Bars(edges[:-1], edges[1:], shares, "series-1", inset=0),
        Line((middle - width / 2, middle + width / 2), (top * 0.9,) * 2, "selection", 6),
        Label(
            middle, top * 0.9, "your bin", "selection-text", "middle", dy=-9, size=12.5, bold=True, halo=True
        ),
        Label(float(edges[0]), top, "where its activations lie", "ink", dy=-12, bold=True),
    )
    return Plot(
        marks,
        Axis("activation", (float(edges[0]), float(edges[-1])), count=4),
        Axis(domain=(0, top), hidden=True),
        ratio=0.9,
        heights=(180, 400),
        margins=(34, 16, 46, 16),
    )


@plane_estimators.values
def values(data):
    noise = data["noise"]
    nearest = int(np.abs(np.log10(noise["deviation"]) - data["ruler"]).argmin())
    return {
        "bins": data["seen"],
        "exact": data["exact"],
        "ksg": data["ksg"],
        "noise": float(noise["deviation"][nearest]),
        "noise_lower": float(noise["lower"][nearest]),
        "noise_upper": float(noise["upper"][nearest]),
    }


@plane_estimators.describe
def description(data):
    name = "The output" if data["layer"] == N_LAYERS else f"Layer {data['layer']}"
    width = power_text(data["ruler"])
    return (
        f"{name} keeps exactly {data['exact']:.1f} of {N_BITS} bits about the input at epoch "
        f"{data['epoch']:,}; bins of width {width} see {data['seen']:.1f}, and the nearest-neighbour "
        f"estimate is {data['ksg']:.1f}."
    )


@plane_estimators.value_text
def value_text(data):
    return {"ruler": f"bins of width {power_text(data['ruler'])} see {data['seen']:.1f} bits"}


@plane_estimators.table
def table(data):
    return data["bins"]
