"""How messages meet a predictor: a line from each feature to one network, as thick as its bits."""

import numpy as np

from infodecomp.explorable import Axis, Label, Line, Plot, Rect, figure

from .bikes import ATTRIBUTION, BITS, FEATURES, SILENT, hue, label, model, ranked, spent

WIDTH = 4.5  # pixels of a line for each bit
ROW = 25  # pixels of a feature
NUMBER = 44  # pixels between a feature's name and its line, where its bits stand
BOX = 1.9  # half the height of the network, in rows
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
    bits = np.array([data["spent"][name] for name in ranked()])
    marks = []
    for i, (name, arrives) in enumerate(zip(ranked(), middle + _arrivals(bits), strict=True)):
        marks += _line(-i - 0.5, float(arrives), name, float(bits[i]))
    marks += [
        Rect(1, middle + BOX, END, middle - BOX, "wash", stroke="ink", radius=6),
        Label(1, middle + BOX, "network", "ink", dy=-8, size=12.5, bold=True),
        Label(END, middle, "guesses,", "ink", dx=10, dy=-13, size=13),
        Label(END, middle, f"off by {data['rmse']:.0f}", "selection-text", dx=10, dy=6, size=15, bold=True),
        Label(END, middle, "bikes an hour", "ink", dx=10, dy=24, size=13),
        Label(0, 0, "one clerk each", "muted", "end", dx=-8 - NUMBER, dy=-18, size=12),
        Label(0, 0, "bits", "muted", "end", dx=-15, dy=-18, size=12),
    ]
    if rest := _rest(data):
        marks.append(Label(0.45, -count, f"dotted: {rest:.2f} bits", "muted", dy=-6, size=12))
    return Plot(
        tuple(marks),
        Axis(domain=(0, END), hidden=True),
        Axis(domain=(-count, 0), hidden=True),
        heights=(count * ROW + 34,) * 2,
        margins=(40, 104, 6, 146),
    )


def _rest(data) -> float:
    """The bits of all features that are drawn as unused, so that the numbers of the others add up with it."""
    used = [round(bits, 2) for bits in data["spent"].values() if bits >= SILENT]
    if len(used) == len(FEATURES):
        return 0.0
    return max(round(sum(data["spent"].values()) - sum(used), 2), 0)


def _arrivals(bits: np.ndarray) -> np.ndarray:
    """Where the lines reach the network, in rows above its middle: side by side, each as thick as it is."""
    wide = (_thickness(bits) + 1.5) / ROW
    return wide.sum() / 2 - np.cumsum(wide) + wide / 2


def _thickness(bits):
    """The pixels of a line."""
    return np.where(bits >= SILENT, 1 + WIDTH * bits, 1)


def _line(y: float, end: float, name: str, bits: float):
    """A feature's name, its bits and its message, which bends towards the network."""
    used = bits >= SILENT
    bend = y + (end - y) * (3 * CURVE**2 - 2 * CURVE**3)
    yield Label(
        0, y, label(name), "ink" if used else "muted", "end", dx=-8 - NUMBER, dy=4, size=13, bold=used
    )
    yield Line(
        CURVE,
        bend,
        hue(name) if used else "noise",
        float(_thickness(bits)),
        "" if used else "2 5",
        opacity=0.75,
    )
    if used:
        yield Label(0, y, f"{bits:.2f}", "ink", "end", dx=-15, dy=4, size=12.5)


@bike_messages.values
def messages_values(data):
    return {"rmse": data["rmse"], "used": sum(bits >= SILENT for bits in data["spent"].values())}


@bike_messages.describe
def messages_description(data):
    used = messages_values(data)["used"]
    features = "1 of the twelve features sends" if used == 1 else f"{used} of the twelve features send"
    others = f", and the others share {rest:.2f} bits" if (rest := _rest(data)) else ""
    return (
        f"With {data['bits']:.1f} bits, {features} a message{others}; the network's guess from them is "
        f"off by {data['rmse']:.0f} bikes an hour."
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
