"""How messages meet a predictor: a line from each feature to one network, as thick as its bits."""

import numpy as np

from infodecomp.explorable import Axis, Label, Line, Plot, Rect, figure

from .bikes import ATTRIBUTION, BITS, FEATURES, hue, label, model, ranked, spent

SEEN = 0.05  # bits: thinner lines are drawn as unused
WIDTH = 4.5  # pixels of a line for each bit
ROW = 25  # pixels of a feature
END = 1.35  # right side of the network; it begins at 1
CURVE = np.linspace(0, 1, 25)


@figure(
    parameters=(BITS,),
    title="Twelve clerks and one network",
    controls=("bits",),
    decimals=1,
    attribution=ATTRIBUTION,
)
def bike_messages(bits):
    """The bits of each feature's message and the error of the prediction made from all of them."""
    return {"bits": bits, "spent": spent(bits), "rmse": model().plane.at(bits).error}


@bike_messages.draw
def messages_picture(data):
    count = len(FEATURES)
    middle = -count / 2
    marks = []
    for i, name in enumerate(ranked()):
        marks += _line(-i - 0.5, middle, name, data["spent"][name])
    marks += [
        Rect(1, middle + 1.5, END, middle - 1.5, "wash", stroke="ink", radius=6),
        Label((1 + END) / 2, middle + 1.5, "network", "ink", "middle", dy=-7, size=12.5, bold=True),
        Label(END, middle, "guesses,", "ink", dx=10, dy=-13, size=13),
        Label(END, middle, f"off by {data['rmse']:.0f}", "selection-text", dx=10, dy=6, size=15, bold=True),
        Label(END, middle, "bikes an hour", "ink", dx=10, dy=24, size=13),
        Label(0, 0, "one clerk each", "muted", "end", dx=-8, dy=-18, size=12),
        Label(0, 0, "bits sent", "muted", dx=8, dy=-18, size=12),
    ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, END), hidden=True),
        Axis(domain=(-count, 0), hidden=True),
        heights=(count * ROW + 34,) * 2,
        margins=(40, 104, 6, 110),
    )


def _line(y: float, to: float, name: str, bits: float):
    """A feature's name and its message, which bends towards the network."""
    used = bits >= SEEN
    end = to + (y - to) * 0.22
    bend = y + (end - y) * (3 * CURVE**2 - 2 * CURVE**3)
    yield Label(0, y, label(name), "ink" if used else "muted", "end", dx=-8, dy=4, size=13, bold=used)
    yield Line(
        CURVE,
        bend,
        hue(name) if used else "noise",
        1 + WIDTH * bits if used else 1,
        "" if used else "2 5",
        opacity=0.75,
    )
    if used:
        yield Label(0.06, y, f"{bits:.2f}", "ink", dy=-4 - WIDTH * bits / 2, size=11.5, halo=True)


@bike_messages.values
def messages_values(data):
    return {"rmse": data["rmse"], "used": sum(bits >= SEEN for bits in data["spent"].values())}


@bike_messages.describe
def messages_description(data):
    used = messages_values(data)["used"]
    features = "1 of the twelve features sends" if used == 1 else f"{used} of the twelve features send"
    return (
        f"With {data['bits']:.1f} bits, {features} a message; the network's guess from them is off by "
        f"{data['rmse']:.0f} bikes an hour."
    )


@bike_messages.value_text
def messages_value_text(data):
    return {"bits": f"{data['bits']:.1f} bits; off by {data['rmse']:.0f} bikes an hour"}


@bike_messages.table
def messages_table(data):
    return {
        "feature": [label(name) for name in ranked()],
        "bits": [round(data["spent"][name], 3) for name in ranked()],
    }
