"""Two neurons and one label: what each knows alone, and what they know together."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from infodecomp.explorable import Axis, Choice, Dot, HConcat, Label, Line, Plot, Rect, figure
from infodecomp.explorable.graphics.marks.raster import Raster
from infodecomp.networks.neurons import PairInformation, pair_information

from .digits import DATA, DROPOUT_ON_MNIST, HIDDEN, N_NEURONS, REGULARISATION, SOURCES, hidden, networks

PAIR = Choice(
    name="pair",
    label="pair",
    default="xor",
    options={
        "xor": "XOR",
        "copy": "copies",
        "halves": "one half each",
        "inactive": "one is dead",
        "synergistic": "the network's most synergistic",
        "redundant": "its most redundant",
        "best": "its most informative",
    },
)
BUILT = ("xor", "copy", "halves", "inactive")
STATES = ("neither", "b alone", "a alone", "both")
CELLS = 48  # of the map of all pairs, along each edge
SUM_LIMIT, INTERACTION_LIMIT = 2.0, 1.1


class Pair(NamedTuple):
    """Two neurons on some samples: active (n, 2), labels (n,), their names, and what is known of them."""

    active: np.ndarray
    labels: np.ndarray
    names: tuple[str, str]
    information: tuple[float, float, float]


def built(pair: str) -> Pair:
    """A pair that is made by hand, on all of its inputs, each as often."""
    bits = np.array([[i >> 1, i & 1] for i in range(4)], bool)
    if pair == "xor":
        active, labels = bits, bits[:, 0] ^ bits[:, 1]
    elif pair == "copy":
        active, labels = bits[:, [0, 0]], bits[:, 0]
    elif pair == "halves":
        active, labels = bits, 2 * bits[:, 0] + bits[:, 1]
    else:
        active, labels = bits & np.array([True, False]), bits[:, 0]
    found = pair_information(active, labels.astype(int), correct=False)
    known = (float(found.single[0]), float(found.single[1]), float(found.joint[0, 1]))
    return Pair(active, labels.astype(int), ("a", "b"), known)


@lru_cache(maxsize=8)
def all_pairs(data: str, regularisation: str) -> PairInformation:
    """What all pairs of neurons of a network know about the digit, each read as active or not."""
    return pair_information(hidden(data, regularisation) > 0, networks(data, regularisation).network.labels)


def trained(pair: str, data: str, regularisation: str) -> Pair:
    """The pair of a trained network that is the most synergistic, redundant or informative."""
    found = all_pairs(data, regularisation)
    score = {
        "synergistic": found.interaction,
        "redundant": -found.interaction,
        "best": found.joint,
    }[pair]
    rows, columns = np.triu_indices(N_NEURONS, 1)
    best = int(score[rows, columns].argmax())
    a, b = int(rows[best]), int(columns[best])
    known = (float(found.single[a]), float(found.single[b]), float(found.joint[a, b]))
    names = tuple(f"{index % HIDDEN + 1} of layer {1 + index // HIDDEN}" for index in (a, b))
    active = hidden(data, regularisation)[:, [a, b]] > 0
    return Pair(active, networks(data, regularisation).network.labels, (names[0], names[1]), known)


@figure(
    parameters=(PAIR, DATA, REGULARISATION),
    title="Two neurons together",
    controls=("pair", "data", "regularisation"),
    decimals=2,
    source=SOURCES,
    presets={
        f"pair-{name}": f"pair={name}{'' if name in BUILT else f'&{DROPOUT_ON_MNIST}'}"
        for name in PAIR.options
    },
)
def neuron_pairs(pair, data, regularisation):
    """A pair of neurons, and all pairs of a trained network."""
    chosen = built(pair) if pair in BUILT else trained(pair, data, regularisation)
    states = 2 * chosen.active[:, 0] + chosen.active[:, 1]
    n_labels = int(chosen.labels.max()) + 1
    return {
        "pair": pair,
        "names": chosen.names,
        "known": chosen.information,
        "states": np.bincount(states * n_labels + chosen.labels, minlength=4 * n_labels).reshape(4, n_labels),
        **of_all_pairs(data, regularisation),
    }


@lru_cache(maxsize=8)
def of_all_pairs(data: str, regularisation: str) -> dict:
    """How many pairs of a network lie where on the map, and the shares that interact."""
    found = all_pairs(data, regularisation)
    rows, columns = np.triu_indices(N_NEURONS, 1)
    interaction = found.interaction[rows, columns].round(12)  # rounding does not decide on which side 0 falls
    cells = [
        np.floor(part * CELLS).astype(int)
        for part in (
            (interaction + INTERACTION_LIMIT) / (2 * INTERACTION_LIMIT),
            (found.single[rows] + found.single[columns]) / SUM_LIMIT,
        )
    ]
    inside = np.logical_and(*((0 <= each) & (each < CELLS) for each in cells))
    counts = np.bincount((cells[0] * CELLS + cells[1])[inside], minlength=CELLS**2)
    return {
        "map": counts.reshape(CELLS, CELLS).astype(float),
        "redundant": float((interaction < -0.01).mean()),
        "synergistic": float((interaction > 0.01).mean()),
    }


@neuron_pairs.draw
def picture(data):
    left = HConcat((_bars(data), _states(data)), (1, 1), stack_below=float("inf"))
    return HConcat((left, _map(data)), (1.1, 1), gap=26)


def _bars(data) -> Plot:
    """What is known alone, one after the other, and together."""
    i_a, i_b, i_ab = (max(bits, 0) for bits in data["known"])
    interaction = data["known"][2] - data["known"][0] - data["known"][1]
    high = max(2.0, i_a + i_b, i_ab) * 1.02
    marks: list = [
        Rect(0, 1.12, high, 1.62, "", stroke="faint"),
        Rect(0, 0.12, high, 0.62, "", stroke="faint"),
        Rect(0, 1.12, i_a, 1.62, "series-1", opacity=0.85),
        Rect(i_a, 1.12, i_a + i_b, 1.62, "series-2", opacity=0.85),
        Rect(0, 0.12, i_ab, 0.62, "ink", opacity=0.8),
        Label(0, 1.62, f"a alone {i_a:.2f} + b alone {i_b:.2f}", "ink", dy=-6, bold=True),
        Label(0, 0.62, f"together {i_ab:.2f} bits", "ink", dy=-6, bold=True),
        Line((i_a + i_b,) * 2, (0.02, 1.7), "muted", 1.2, dash="3 3"),
    ]
    if i_a + i_b < 0.005:
        marks.append(Label(0, 1.37, "nothing", "muted", dx=8, dy=5))
    if abs(interaction) >= 0.005:
        left, right = sorted((i_a + i_b, i_ab))
        word = "synergy" if interaction > 0 else "redundancy"
        marks += [
            Rect(left, 0.12, right, 0.62, "target" if interaction > 0 else "noise", opacity=0.75),
            Label(
                high,
                0.62,
                f"{word} {abs(interaction):.2f}",
                "target-text" if interaction > 0 else "muted",
                "end",
                dy=-6,
                bold=True,
                halo=True,
            ),
        ]
    return Plot(
        tuple(marks),
        Axis("bits about the label", (0, high), ticks=(0, 0.5, 1, 1.5, 2)),
        Axis(domain=(0, 2), hidden=True),
        heights=(168, 168),
        margins=(6, 10, 44, 4),
    )


def _states(data) -> Plot:
    """The labels that occur in each of the four states of the pair, as shares of the state."""
    counts = np.asarray(data["states"], float)
    totals = counts.sum(1, keepdims=True)
    shares = counts / np.maximum(totals, 1)
    n = counts.shape[1]
    marks: list = [Label(0, 4, "which label, in which state of the two", "ink", dx=-92, dy=-24, bold=True)]
    for row, name in enumerate(STATES):
        y = 3 - row
        weight = float(totals[row, 0] / counts.sum())
        marks += [
            Raster(0, y + 0.08, n, y + 0.92, np.sqrt(shares[row : row + 1]), "target"),
            Rect(0, y + 0.08, n, y + 0.92, "", stroke="faint"),
            Label(
                0,
                y + 0.5,
                f"{name} {weight:.0%}",
                "ink" if weight else "muted",
                "end",
                dx=-6,
                dy=4.5,
                size=12.5,
            ),
        ]
    marks += [Label(label + 0.5, 4, str(label), "muted", "middle", dy=-5, size=12) for label in range(n)]
    return Plot(
        tuple(marks),
        Axis(domain=(0, n), hidden=True),
        Axis(domain=(0, 4), hidden=True),
        heights=(160, 160),
        margins=(42, 10, 4, 96),
    )


def _map(data) -> Plot:
    """All pairs of the network by the sum of what they know alone, and by their interaction."""
    counts = np.asarray(data["map"])
    i_a, i_b, i_ab = data["known"]
    x, y = min(i_a + i_b, SUM_LIMIT), i_ab - i_a - i_b
    marks = (
        Raster(
            0,
            -INTERACTION_LIMIT,
            SUM_LIMIT,
            INTERACTION_LIMIT,
            np.log1p(counts[::-1]) / np.log(400),
            "series-1",
        ),
        Line((-0.09, SUM_LIMIT), (0, 0), "ink", 1),
        Label(
            SUM_LIMIT / 2, INTERACTION_LIMIT, "synergy", "target-text", "middle", dy=16, bold=True, halo=True
        ),
        Label(
            SUM_LIMIT / 2, -INTERACTION_LIMIT, "redundancy", "muted", "middle", dy=-8, bold=True, halo=True
        ),
        Label(SUM_LIMIT, 0, "all 19,900 pairs", "series-1-text", "end", dy=-30, bold=True, halo=True),
        Label(SUM_LIMIT, 0, "of the network", "series-1-text", "end", dy=-14, bold=True, halo=True),
        Dot(x, y, "selection", 8, rim="rim"),
    )
    return Plot(
        marks,
        Axis("a alone + b alone, bits", (-0.09, SUM_LIMIT), ticks=(0, 0.5, 1, 1.5, 2)),
        Axis(
            "interaction, bits",
            (-INTERACTION_LIMIT, INTERACTION_LIMIT),
            ticks=(-1, -0.5, 0, 0.5, 1),
            grid=True,
        ),
        ratio=0.95,
        heights=(280, 380),
        margins=(30, 12, 46, 46),
    )


@neuron_pairs.values
def values(data):
    i_a, i_b, i_ab = data["known"]
    return {
        "i_a": i_a,
        "i_b": i_b,
        "i_ab": i_ab,
        "interaction": i_ab - i_a - i_b,
        "share_redundant": data["redundant"],
        "share_synergistic": data["synergistic"],
    }


@neuron_pairs.describe
def description(data):
    i_a, i_b, i_ab = data["known"]
    a, b = data["names"] if data["pair"] not in BUILT else ("One neuron", "the other")
    interaction = i_ab - i_a - i_b
    verdict = (
        f"{interaction:.2f} more than the sum: synergy"
        if interaction > 0.005
        else f"{-interaction:.2f} less than the sum: redundancy"
        if interaction < -0.005
        else "just the sum"
    )
    who = f"{a} knows" if data["pair"] in BUILT else f"Neuron {a} knows"
    return (
        f"{who} {max(i_a, 0):.2f} bits, {b} {max(i_b, 0):.2f}, and together they know {i_ab:.2f}, {verdict}."
    )


@neuron_pairs.table
def table(data):
    counts = np.asarray(data["states"])
    return {"state": list(STATES)} | {f"label_{label}": counts[:, label] for label in range(counts.shape[1])}
