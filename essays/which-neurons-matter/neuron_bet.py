"""Two hundred neurons with what each knows, and the reader's bet on which sixty to delete."""

import numpy as np

from infodecomp.explorable import Axis, Choice, Label, Plot, Rect, figure
from infodecomp.explorable.graphics.marks.raster import Raster

from .digits import HIDDEN, LAYER_ROLES, SOURCES, measures, networks

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
ROWS = 4  # in which the neurons of a layer are shown
N_DELETED = 60


@figure(
    parameters=(BET,),
    title="Two hundred neurons",
    controls=("bet",),
    decimals=2,
    source=SOURCES,
    presets={f"bet-{name}": f"bet={name}" for name in BET.options},
)
def neuron_bet(bet):
    """What every neuron of the network with dropout knows, each read as active or not."""
    found = measures("mnist", "dropout", "2")
    return {
        "bet": bet,
        "neurons": {
            "neuron": np.arange(1, 2 * HIDDEN + 1),
            "layer": 1 + (np.arange(2 * HIDDEN) >= HIDDEN),
            "information": found.information,
        },
        "accuracy": networks("mnist", "dropout").network.accuracy(),
    }


@neuron_bet.draw
def picture(data):
    bits = np.maximum(np.asarray(data["neurons"]["information"]), 0).reshape(2, ROWS, HIDDEN // ROWS)
    columns = HIDDEN // ROWS
    marks: list = []
    for layer in (0, 1):
        top = 10 - 5 * layer
        marks += [
            Raster(0, top - ROWS, columns, top, bits[layer], LAYER_ROLES[layer]),
            Rect(0, top - ROWS, columns, top, "", stroke="noise"),
            Label(
                0,
                top,
                f"layer {layer + 1}: a hundred neurons, the fuller the more it knows",
                f"{LAYER_ROLES[layer]}-text",
                dy=-6,
                bold=True,
                narrow=f"layer {layer + 1}: a hundred neurons",
            ),
        ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, columns), hidden=True),
        Axis(domain=(0.8, 10), hidden=True),
        ratio=0.36,
        heights=(190, 300),
        margins=(26, 4, 4, 4),
    )


@neuron_bet.values
def values(data):
    bits = np.asarray(data["neurons"]["information"])
    return {"accuracy": data["accuracy"], "least_bits": float(bits.min()), "most_bits": float(bits.max())}


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
    return data["neurons"]
