"""What every neuron of a digit network knows, and what excites one of them."""

import numpy as np

from infodecomp.explorable import (
    Axis,
    Dot,
    Dots,
    DragHandle,
    HConcat,
    Label,
    Line,
    Plot,
    Range,
    Rect,
    figure,
)
from infodecomp.explorable.graphics.marks.raster import Raster
from infodecomp.information.entropy import binary_entropy

from .digits import (
    DATA,
    HIDDEN,
    LAYER_ROLES,
    N_NEURONS,
    QUANTISER,
    REGULARISATION,
    SOURCES,
    hidden,
    measures,
    networks,
)

NEURON = Range(
    name="neuron",
    label="neuron",
    default=138,
    low=1,
    high=N_NEURONS,
    step=1,
    role="selection",
    format=lambda number: f"{(number - 1) % HIDDEN + 1:.0f} of layer {1 if number <= HIDDEN else 2}",
)
N_IMAGES = 6  # that excite a neuron most, shown where images are at hand


@figure(
    parameters=(DATA, REGULARISATION, QUANTISER, NEURON),
    title="What a neuron knows",
    controls=("data", "regularisation", "quantiser", "neuron"),
    decimals=2,
    source=SOURCES,
    presets={
        "neuron-dropout": "regularisation=dropout&data=mnist",
        "neuron-l2": "regularisation=l2&data=mnist",
        "neuron-eight": "quantiser=8",
        "neuron-bit": "quantiser=2",
        "neuron-small": "data=digits",
    },
)
def neuron_information(data, regularisation, quantiser, neuron):
    """Information and activity of all neurons, and the digits on which one of them is active."""
    found, index = measures(data, regularisation, quantiser), neuron - 1
    activation = hidden(data, regularisation)[:, index]
    labels = networks(data, regularisation).network.labels
    active = activation > 0
    share = np.array([active[labels == digit].mean() for digit in range(10)])
    return {
        "quantiser": quantiser,
        "neurons": {
            "neuron": np.arange(1, N_NEURONS + 1),
            "layer": 1 + (np.arange(N_NEURONS) >= HIDDEN),
            "information": found.information,
            "entropy": found.entropy,
            "active": found.active,
            "selectivity": found.selectivity,
            "prefers": found.preferred,
        },
        "neuron": neuron,
        "share": share,
        "pictures": pictures(data, regularisation, index, activation),
        "means": [float(part.mean()) for part in np.split(found.information, 2)],
    }


def pictures(data: str, regularisation: str, index: int, activation: np.ndarray) -> list[np.ndarray]:
    """The mean of the images that excite a neuron most, and the first of them where they are at hand."""
    found = networks(data, regularisation)
    mean = found.pictures[index] / 255
    if not len(found.images) or not activation.any():
        return [mean]
    exciting = np.argsort(-activation, kind="stable")[:N_IMAGES]
    return [mean, *(found.images[exciting] / 255)]


@neuron_information.draw
def picture(data):
    one = HConcat((_excites(data), _tells(data)), (1, 1), stack_below=float("inf"))
    return HConcat((_plane(data), one), (1.35, 1), gap=26)


def _top(data) -> float:
    return 1.05 if data["quantiser"] == "2" else max(1.05, 1.08 * float(data["neurons"]["information"].max()))


def _plane(data) -> Plot:
    """All neurons by the share of images on which they are active, and by what they know."""
    neurons, top, chosen = data["neurons"], _top(data), data["neuron"] - 1
    x, y = np.asarray(neurons["active"]), np.maximum(neurons["information"], 0)
    first = np.asarray(neurons["layer"]) == 1
    marks: list = []
    if data["quantiser"] == "2":
        share = np.linspace(0, 1, 81)
        limit = binary_entropy(share).numpy()
        marks += [
            Line(share, limit, "noise", 1.4, dash="4 4"),
            Label(0.5, 1, "a bit can know no more", "muted", "middle", dy=24, size=12, halo=True, narrow=""),
        ]
    marks += [
        Dots(x[first], y[first], (LAYER_ROLES[0],), radius=4),
        Dots(x[~first], y[~first], (LAYER_ROLES[1],), radius=4),
        Dots(x[~first], y[~first], ("paper",), radius=2.2),
        DragHandle(
            float(x[chosen]),
            float(y[chosen]),
            "the chosen neuron",
            state={"neuron": (data["neuron"], NEURON)},
            keys=("neuron",),
            text=f"neuron {NEURON.show(data['neuron'])}",
            marks=(
                Dot(float(x[chosen]), float(y[chosen]), "selection", 8.5, rim="rim"),
                Dot(float(x[chosen]), float(y[chosen]), LAYER_ROLES[int(chosen >= HIDDEN)], 3.5),
            ),
        ),
        *(
            Label(
                1,
                top,
                f"{mark}, layer {layer + 1}: mean {data['means'][layer]:.2f} bits",
                f"{LAYER_ROLES[layer]}-text",
                "end",
                dy=-25 + 17 * layer,
                bold=True,
                halo=True,
            )
            for layer, mark in enumerate(("dots", "rings"))
        ),
    ]
    return Plot(
        tuple(marks),
        Axis("share of images on which it is active", (-0.02, 1.02), ticks=(0, 0.25, 0.5, 0.75, 1)),
        Axis("bits about the digit", (-0.02, top), ticks=None, grid=True),
        ratio=0.95,
        heights=(290, 420),
        margins=(54, 12, 46, 44),
        grab=True,
    )


@neuron_information.invert_point
def nearest_neuron(state, x, y):
    found = measures(state["data"], state["regularisation"], state["quantiser"])
    top = max(1.05, float(found.information.max()))
    distance = np.hypot(found.active - x, (np.maximum(found.information, 0) - y) / top)
    return {"neuron": int(distance.argmin()) + 1}


def _excites(data) -> Plot:
    """The mean of the twenty images that excite the neuron most, and some of them."""
    shown = data["pictures"]
    title = f"neuron {NEURON.show(data['neuron'])}: what excites it"
    marks: list = [Label(0, 4, title, "ink", dy=-8, bold=True)]
    if not data["neurons"]["active"][data["neuron"] - 1]:
        marks.append(Label(0, 2, "nothing: it is never active", "muted", dy=4))
        shown = []
    for index, image in enumerate(shown):
        if index == 0:
            box = (0.0, 0.0, 4.0, 4.0)
        else:
            row, column = divmod(index - 1, 3)
            box = (4.3 + 1.9 * column, 2.1 - 2.1 * row, 4.3 + 1.9 * column + 1.8, 3.9 - 2.1 * row)
        marks += [Rect(*box, "", stroke="faint"), Raster(*box, image, "target", smooth=index == 0)]
    if len(shown) == 1:
        for row, words in enumerate(("the mean of the twenty", "test images that excite", "it most")):
            marks.append(Label(4.3, 3.4 - 0.62 * row, words, "muted", size=12.5))
    return Plot(
        tuple(marks),
        Axis(domain=(0, 10), hidden=True),
        Axis(domain=(0, 4), hidden=True),
        ratio=0.45,
        heights=(140, 176),
        margins=(26, 6, 4, 2),
    )


def _tells(data) -> Plot:
    """On which share of the images of each digit the neuron is active."""
    share = data["share"]
    marks: list = [
        Rect(digit + 0.12, 0, digit + 0.88, max(float(share[digit]), 0.008), "target", opacity=0.85, radius=2)
        for digit in range(10)
    ]
    mean = float(data["neurons"]["active"][data["neuron"] - 1])
    marks += [
        Line((0, 10), (mean, mean), "ink", 1.2, dash="3 4"),
        *(Label(digit + 0.5, 0, str(digit), "ink", "middle", dy=17, size=13) for digit in range(10)),
        Label(0, 1, "how often each digit wakes it", "ink", dy=-10, bold=True),
    ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, 10), hidden=True),
        Axis(domain=(0, 1), hidden=True),
        ratio=0.5,
        heights=(150, 190),
        margins=(30, 6, 26, 2),
    )


def _chosen(data) -> dict:
    return {name: column[data["neuron"] - 1].item() for name, column in data["neurons"].items()}


def _telling(data, one) -> str:
    """Which state of the neuron says most: of two, the one in which the digit is likelier than otherwise."""
    if data["quantiser"] != "2":
        return "the level that says most"
    return "its activity" if data["share"][one["prefers"]] > one["active"] else "its silence"


@neuron_information.values
def values(data):
    one = _chosen(data)
    return {
        "information": one["information"],
        "entropy": one["entropy"],
        "active": one["active"],
        "selectivity": one["selectivity"],
        "bits_layer_1": data["means"][0],
        "bits_layer_2": data["means"][1],
        "inactive": int((np.asarray(data["neurons"]["active"]) < 0.001).sum()),
    }


@neuron_information.describe
def description(data):
    one = _chosen(data)
    name = f"Neuron {NEURON.show(data['neuron'])}"
    if one["active"] == 0:
        return f"{name} is active on no test image at all: it knows nothing."
    return (
        f"{name} is active on {one['active']:.0%} of the images and knows "
        f"{max(one['information'], 0):.2f} bits about the digit; "
        f"{_telling(data, one)} points to {'an' if one['prefers'] == 8 else 'a'} "
        f"{one['prefers']}."
    )


@neuron_information.value_text
def value_text(data):
    one = _chosen(data)
    return {"neuron": f"{NEURON.show(data['neuron'])}: {one['information']:.2f} bits"}


@neuron_information.table
def table(data):
    return data["neurons"]
