"""The information plane of a network while it trains, as bins of the reader's choice see it."""

from bisect import bisect_right

import numpy as np

from infodecomp.experiments.neurons.plane_networks import BINS as COUNTS
from infodecomp.experiments.neurons.plane_networks import (
    EPOCHS,
    N_EPOCHS,
    N_LAYERS,
    PLANE_NETWORKS,
    WIDTHS,
)
from infodecomp.explorable import (
    Axis,
    Choice,
    Dot,
    HConcat,
    IterationSlider,
    Label,
    Line,
    Plot,
    figure,
)
from infodecomp.networks.plane import N_BITS, RULES

from .stored import stored

ACTIVATION = Choice(
    name="activation", label="activation", default="tanh", options={"tanh": "tanh", "relu": "ReLU"}
)
RULE = Choice(
    name="rule",
    label="range of the bins",
    default="fixed",
    options={"fixed": "−1 to 1", "min-max": "least to greatest"},
)
BINS = Choice(
    name="bins",
    label="bins",
    default="30",
    options={str(count): f"{count:,}" if count < 10**6 else "a million" for count in COUNTS},
)
EPOCH = IterationSlider(
    name="epoch",
    label="epoch",
    default=N_EPOCHS,
    high=N_EPOCHS,
    play_label="Play",
    max_rate=300,
    role="selection",
)
NAMES = (*(f"layer {index + 1}" for index in range(N_LAYERS - 1)), "output")
LOST = 0.5  # bits; a smaller fall is not pointed out
KNOWN = 0.95  # bits; who has more knows the label
SENTENCE, CLEARANCE = (
    2.2,
    0.7,
)  # the end of a sentence in the picture, in log epochs, and its distance to lines
ROLES = ("mix-6", "mix-5", "mix-4", "mix-2", "mix-1", "mix-0")


@figure(
    parameters=(ACTIVATION, RULE, BINS, EPOCH),
    title="The information plane, through bins",
    controls=("activation", "bins", "rule", "epoch"),
    decimals=2,
    presets={
        "plane-tanh": f"activation=tanh&rule=fixed&bins=30&epoch={N_EPOCHS}",
        "plane-relu": f"activation=relu&rule=min-max&bins=30&epoch={N_EPOCHS}",
        "plane-fine": "bins=1000000",
        "plane-thousand": "bins=1000",
        "plane-thirty": "bins=30",
        "plane-start": "epoch=0",
        "plane-end": f"epoch={N_EPOCHS}",
    },
    source=(
        f"One of five networks {'-'.join(map(str, WIDTHS))}, trained on 85% of all 4,096 inputs; "
        "information is that of all of them."
    ),
)
def network_plane(activation, rule, bins, epoch):
    """The binned information of every layer about input and label, up to an epoch."""
    known, at = stored(PLANE_NETWORKS, activation=activation), bisect_right(EPOCHS, epoch) - 1
    planes = known.planes[RULES.index(rule), COUNTS.index(int(bins))]
    return {
        "activation": activation,
        "bins": int(bins),
        "rule": rule,
        "epoch": epoch,
        "history": planes[: at + 1],
        "layers": planes[at],
        "drop": planes[: at + 1, :, 0].max(0) - planes[at, :, 0],
    }


@network_plane.draw
def picture(data):
    return HConcat((_over_epochs(data), _plane(data)), (1.15, 1), gap=26)


def _most_lost(data) -> tuple[int, float]:
    """The hidden layer that has lost most about the input, and how many bits."""
    drop = data["drop"][:-1]
    return int(drop.argmax()), float(drop.max())


def _widths(data) -> list[float]:
    """How thick the line of each layer is: the layer that has lost most stands out."""
    layer, drop = _most_lost(data)
    return [3.6 if index == layer and drop >= LOST else 1.7 for index in range(N_LAYERS)]


def _plane(data) -> Plot:
    marks: list = [Line((0, N_BITS), (0, 0), "faint", 1)]
    for layer, width in enumerate(_widths(data)):
        path = data["history"][:, layer]
        marks += [
            Line(path[:, 0], path[:, 1], ROLES[layer], width, opacity=0.8),
            Dot(path[0, 0], path[0, 1], "paper", 3.2, rim=ROLES[layer]),
        ]
    for layer in range(N_LAYERS):
        x, y = data["layers"][layer]
        marks += [
            Dot(x, y, ROLES[layer], 9, rim="paper"),
            Label(x, y, str(layer + 1), "paper", "middle", dy=4.5, size=12, bold=True),
        ]
    if data["layers"][:, 1].min() > KNOWN:
        marks.append(
            Label(5.2, 1, "all six know the label", "ink", "middle", dy=28, size=13, bold=True, halo=True)
        )
    marks.append(Label(12, 0, "ring: at the start, disc: now", "muted", "end", dy=-10, size=12.5, halo=True))
    return Plot(
        tuple(marks),
        Axis("bits about the input, I(X;T)", (0, 12.4), ticks=(0, 3, 6, 9, 12)),
        Axis("bits about the label, I(Y;T)", (0, 1.05), ticks=(0, 0.5, 1), grid=True),
        ratio=0.9,
        heights=(260, 380),
        margins=(34, 14, 46, 40),
    )


def _over_epochs(data) -> Plot:
    """I(X;T) of every layer over the epochs, on a logarithmic axis, and the largest fall."""
    shown = len(data["history"])
    x = np.log10(np.asarray(EPOCHS[:shown]) + 1)
    end = np.log10(EPOCHS[-1] + 1)
    marks: list = []
    for layer, width in enumerate(_widths(data)):
        marks.append(Line(x, data["history"][:, layer, 0], ROLES[layer], width))
    names = _apart(data["layers"][:, 0], 0.85)
    for layer, y in enumerate(names):
        marks.append(Label(x[-1], y, NAMES[layer], "ink", dx=8, dy=4, size=12, halo=True))
        marks.append(Line((x[-1], x[-1] + 0.06), (data["layers"][layer, 0], y), ROLES[layer], 0.9, "1 4"))
    layer, drop = _most_lost(data)
    if drop >= LOST:
        drawn = data["history"][x < SENTENCE, :, 0]
        below = np.vstack([drawn, names]) if x[-1] < SENTENCE else drawn
        now = float(data["layers"][layer, 0])
        marks += [
            Line((0, x[-1]), (now + drop,) * 2, ROLES[layer], 1.2, "2 3"),
            Line((x[-1],) * 2, (now, now + drop), ROLES[layer], 1.6, "2 3"),
            Label(
                0.1,
                _clear(below, now + drop / 2),
                f"layer {layer + 1} forgets {drop:.1f} bits",
                "ink",
                dy=5,
                size=15,
                bold=True,
                halo=True,
            ),
        ]
    ticks = {float(np.log10(epoch + 1)): f"{epoch:,}" for epoch in (0, 10, 100, 1500)}
    return Plot(
        tuple(marks),
        Axis("epoch", (0, end), ticks=tuple(ticks), names=ticks),
        Axis("bits about the input", (0, 12.4), ticks=(0, 3, 6, 9, 12), grid=True),
        ratio=0.9,
        heights=(260, 380),
        margins=(34, 66, 46, 34),
    )


def _clear(lines: np.ndarray, wanted: float) -> float:
    """The height nearest to the wanted one at which a line of text is clear of all lines."""
    heights = np.arange(0.5, 12, 0.25)
    clearance = np.abs(heights[:, None] - lines.ravel()).min(1)
    clear = heights[clearance >= min(CLEARANCE, clearance.max())]
    return float(clear[np.abs(clear - wanted).argmin()])


def _apart(heights: np.ndarray, gap: float) -> np.ndarray:
    """Heights moved apart so that labels at them are at least `gap` from each other, in their order."""
    order = np.argsort(-heights, kind="stable")  # from the top
    placed = heights[order].astype(float)
    placed[0] = min(placed[0], N_BITS + 0.2)
    for i in range(1, len(placed)):
        placed[i] = min(placed[i], placed[i - 1] - gap)
    lowest = placed[-1]
    if lowest < 0.1:  # pushed out at the bottom: push back up
        placed[-1] = 0.1
        for i in range(len(placed) - 2, -1, -1):
            placed[i] = max(placed[i], placed[i + 1] + gap)
    out = np.empty_like(placed)
    out[order] = placed
    return out


@network_plane.values
def values(data):
    found = {"layers": N_LAYERS, "largest_drop": float(data["drop"].max())}
    for layer in range(N_LAYERS):
        found[f"i_xt_{layer + 1}"], found[f"i_ty_{layer + 1}"] = map(float, data["layers"][layer])
    return found


@network_plane.describe
def description(data):
    layer, drop = _most_lost(data)
    seen = f"Seen through {data['bins']:,} bins"
    kept = data["layers"][layer, 0]
    if drop < 0.05:
        return f"{seen}, at epoch {data['epoch']:,}, no hidden layer has lost anything about the input."
    if drop < LOST:
        return (
            f"{seen}, at epoch {data['epoch']:,}, no hidden layer has lost more than "
            f"{max(drop, 0):.1f} bits about the input."
        )
    return (
        f"{seen}, layer {layer + 1} has lost {drop:.1f} bits about the input by epoch {data['epoch']:,} "
        f"and keeps {kept:.1f} of 12."
    )


@network_plane.value_text
def value_text(data):
    _, drop = _most_lost(data)
    words = f"at most {drop:.1f} bits lost by a hidden layer"
    return {"epoch": f"epoch {data['epoch']:,}; {words}"}


@network_plane.table
def table(data):
    return {
        "layer": list(NAMES),
        "i_xt": data["layers"][:, 0],
        "i_ty": data["layers"][:, 1],
        "lost_since_peak": data["drop"],
    }
