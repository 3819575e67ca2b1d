"""Two hundred neurons with what each knows, and the reader's bet on which sixty to delete."""

import numpy as np

from infodecomp.data.digits import MNIST_ATTRIBUTION
from infodecomp.explorable import Axis, Bars, Choice, Label, Line, Plot, Rect, Toggle, figure

from .digits import HIDDEN, LAYER_ROLES, layer_of, measures, networks

BET = Choice(
    name="bet",
    label="your bet: delete",
    default="open",
    options={
        "open": "not yet",
        "least": "the sixty that know least",
        "most": "the sixty that know most",
        "same": "either, it makes no difference",
    },
    role="selection",
)
LAYERS = Toggle(name="show_layers", label="Show the layers")
N_DELETED = 60
WIDTH = 50.0  # of the picture, in units of its axis


@figure(
    parameters=(BET, LAYERS),
    title="Two hundred neurons",
    controls=("bet", "show_layers"),
    decimals=2,
    source=MNIST_ATTRIBUTION,
    presets={f"bet-{name}": f"bet={name}" for name in BET.options} | {"bet-layers": "show_layers=1"},
)
def neuron_bet(bet, show_layers):
    """What every neuron of the network with dropout knows, each read as active or not."""
    found = measures("mnist", "dropout", "2")
    order = np.argsort(found.information, kind="stable")
    return {
        "bet": bet,
        "shown": show_layers,
        "neurons": {
            "neuron": order + 1,
            "layer": layer_of(order) + 1,
            "information": found.information[order],
        },
        "accuracy": networks("mnist", "dropout").network.accuracy(),
    }


@neuron_bet.draw
def picture(data):
    """A bar for every neuron, least first, with the sixty at either end: all or, on request, by layer."""
    bits, layer = (np.asarray(data["neurons"][name]) for name in ("information", "layer"))
    if not data["shown"]:
        words = "from the neuron that knows least to the one that knows most; a full bar is one bit"
        cells = _cells(bits, 0, 4, "target", words, "from least to most; a full bar is a bit")
        return _plot([*cells, *_ends(data["bet"])])
    marks: list = []
    for which in (1, 2):
        role = LAYER_ROLES[which - 1]
        marks += _cells(
            bits[layer == which],
            5.7 * (2 - which),
            4,
            role,
            f"layer {which}, by what each knows",
            f"layer {which}",
        )
    return _plot(marks, 9.7)


def _cells(bits: np.ndarray, bottom: float, height: float, role: str, words: str, narrow: str) -> list:
    """Neurons side by side over the width, each filled by what it knows of one bit."""
    wide, top = WIDTH / len(bits), bottom + height
    left = np.arange(len(bits)) * wide
    return [
        Bars(left, left + wide, np.full(len(bits), top), "faint", inset=0.3, base=bottom),
        Bars(left, left + wide, bottom + height * np.clip(bits, 0, 1), role, inset=0.3, base=bottom),
        Label(0, top, words, "ink" if role == "target" else f"{role}-text", dy=-6, bold=True, narrow=narrow),
    ]


def _ends(bet: str) -> list:
    """Brackets under the first and the last sixty neurons, and a box around those that the reader deletes."""
    share = WIDTH * N_DELETED / (2 * HIDDEN)
    marks: list = []
    for name, low, anchor in (("least", 0.0, "start"), ("most", WIDTH - share, "end")):
        high, chosen = low + share, bet == name
        words = "you'd delete these" if chosen else f"the sixty that know {name}"
        marks += [
            Line((low, low, high, high), (-0.1, -0.3, -0.3, -0.1), "muted", 1.4),
            Rect(low, 0, high, 4, "", stroke="selection", stroke_width=3) if chosen else None,
            Label(
                low if anchor == "start" else high,
                -0.3,
                words,
                "selection-text" if chosen else "muted",
                anchor,
                dy=17,
                bold=chosen,
            ),
        ]
    return marks


def _plot(marks: list, top: float = 4.0) -> Plot:
    return Plot(
        tuple(marks),
        Axis(domain=(0, WIDTH), hidden=True),
        Axis(domain=(-0.3, top), hidden=True),
        ratio=0.36 if top > 4 else 0.22,
        heights=(190, 300) if top > 4 else (140, 190),
        margins=(26, 4, 26, 4),
    )


@neuron_bet.values
def values(data):
    bits = np.asarray(data["neurons"]["information"])
    return {
        "accuracy": data["accuracy"],
        "least_bits": float(bits.min()),
        "sixtieth_bits": float(bits[N_DELETED - 1]),
        "most_bits": float(bits.max()),
    }


@neuron_bet.describe
def description(data):
    bits = np.asarray(data["neurons"]["information"])
    least, most = max(float(bits.min()), 0), float(bits.max())
    known = f"A neuron knows from {least:.2f} to {most:.2f} bits about the digit."
    bets = {"open": "No bet yet", "same": "You bet that it makes no difference"}
    bet = bets.get(data["bet"], f"You would delete {BET.options[data['bet']]}")
    return f"{known} {bet}."


@neuron_bet.table
def table(data):
    """The neurons; their layers only when they are shown."""
    hidden = () if data["shown"] else ("layer", "neuron")
    return {name: column for name, column in data["neurons"].items() if name not in hidden}
