"""The circular construction at any size: how far its answers are off, and which harmonics do it."""

import math

import numpy as np

from infodecomp.explorable import Area, Axis, Choice, Dots, HConcat, Label, Line, Plot, Range, Rect, figure
from infodecomp.modular.circle import (
    MAX_MODULUS,
    MAX_NEURONS,
    MIN_MODULUS,
    MIN_NEURONS,
    alias_orders,
    circle_accuracy,
    circle_error,
    fine_angles,
    first_failure,
    relu_harmonic,
)

DEGREES = 180 / math.pi
HIGHEST = 24  # harmonic that is drawn
N_NEURONS = Range(name="n_neurons", label="neurons", default=5, low=MIN_NEURONS, high=MAX_NEURONS, step=1)
MODULUS = Range(name="modulus", label="modulus", default=67, low=MIN_MODULUS, high=MAX_MODULUS, step=1)
ACTIVATION = Choice(
    name="activation",
    label="Each neuron",
    default="relu",
    options={"relu": "drops what is negative (ReLU)", "square": "squares"},
)


@figure(
    parameters=(N_NEURONS, MODULUS, ACTIVATION),
    title="Adding with neurons on a circle",
    controls=("n_neurons", "modulus", "activation"),
    presets={
        "debug-five": "n_neurons=5&modulus=67&activation=relu",
        "debug-breaks": "n_neurons=5&modulus=119&activation=relu",
        "debug-six": "n_neurons=6&modulus=67&activation=relu",
        "debug-seven": "n_neurons=7&modulus=119&activation=relu",
        "debug-square": "n_neurons=5&modulus=500&activation=square",
    },
)
def debug_vis(n_neurons, modulus, activation):
    """The angular error of the construction at every sum, exactly over all ordered pairs."""
    result = circle_accuracy(n_neurons, modulus, activation)
    angle = fine_angles()
    return {
        "n_neurons": n_neurons,
        "modulus": modulus,
        "activation": activation,
        "sums": {
            "angle": result.angle.numpy() * DEGREES,
            "error": result.error.numpy() * DEGREES,
            "pairs": result.n_pairs.numpy(),
        },
        "curve": {
            "angle": angle.numpy() * DEGREES,
            "error": circle_error(angle, n_neurons, activation).numpy() * DEGREES,
        },
        "half": 180 / modulus,
        "accuracy": result.accuracy,
        "max_angle_error": result.max_angle_error,
        "undecided": result.undecided,
        "first_failure": first_failure(n_neurons, activation),
    }


@debug_vis.draw
def construction_picture(data):
    return HConcat((_errors(data), _harmonics(data)), (1.75, 1), gap=26)


def _errors(data) -> Plot:
    sums, half = data["sums"], data["half"]
    seen = sums["pairs"] > 0
    wrong = np.abs(sums["error"]) >= half
    largest = float(np.abs(sums["error"][seen]).max())
    top = max(1.25 * half, min(1.15 * largest, 180))
    error = data["curve"]["error"].copy()
    error[1:][np.abs(np.diff(error)) > 90] = np.nan  # where it passes ±180°
    marks: list = [
        Area((0, 360), -half, half, "target", 0.16),
        Line(data["curve"]["angle"], error, "muted", 1.2),
        Dots(
            sums["angle"][seen],
            sums["error"][seen],
            ("series-1", "series-2"),
            wrong[seen].astype(int),
            2.4 if data["modulus"] < 200 else 1.7,
        ),
        Label(360, top, "in the band: right", "target-text", "end", dy=-14, size=12.5, bold=True),
    ]
    return Plot(
        tuple(marks),
        Axis(
            "angle of a + b on the circle",
            (0, 360),
            ticks=(0, 90, 180, 270, 360),
            names=_degrees((0, 90, 180, 270, 360)),
        ),
        Axis("how far the answer is off, degrees", (-top, top), count=4, grid=True),
        ratio=0.72,
        heights=(230, 300),
        margins=(34, 18, 46, 44),
    )


def _degrees(ticks) -> dict[float, str]:
    return {float(tick): f"{tick}°" for tick in ticks}


FLOOR = 1e-3  # of the second harmonic: lower ones are not drawn


def harmonic_table(n_neurons: int, activation: str) -> dict[str, list]:
    """Harmonics of the activation relative to the second, and what N neurons make of each."""
    aliases = alias_orders(n_neurons, HIGHEST)
    orders = list(range(2, HIGHEST + 1, 2)) if activation == "relu" else [2]
    size = [abs(relu_harmonic(k) / relu_harmonic(2)) if activation == "relu" else 1.0 for k in orders]
    role = ["wanted" if k == 2 else "confused" if k in aliases else "cancelled" for k in orders]
    return {"order": orders, "size": size, "what": role}


def _harmonics(data) -> Plot:
    table = harmonic_table(data["n_neurons"], data["activation"])
    colours = {"wanted": "target", "confused": "series-2", "cancelled": "noise"}
    low = math.log10(FLOOR)
    marks: list = []
    for order, size, what in zip(table["order"], table["size"], table["what"]):
        top = max(math.log10(size), low)
        marks.append(
            Rect(order - 0.62, low, order + 0.62, top, colours[what], 0.35 if what == "cancelled" else 1)
        )
    marks.append(Label(2, 0, "wanted", "target-text", dx=10, dy=2, size=12.5, bold=True))
    if "confused" in table["what"]:
        marks.append(
            Label(HIGHEST + 1, -0.45, "mistaken for it", "series-2-text", "end", size=12.5, bold=True)
        )
    ticks = {float(power): f"{10.0**power:g}" for power in (-3, -2, -1, 0)}
    return Plot(
        tuple(marks),
        Axis("harmonic of the activation", (0.8, HIGHEST + 1.2), ticks=(2, 8, 12, 18, 24)),
        Axis("size, logarithmic", (low, 0.12), ticks=tuple(ticks), names=ticks, grid=True),
        ratio=0.9,
        heights=(230, 300),
        margins=(34, 8, 46, 44),
    )


@debug_vis.values
def construction_values(data):
    return {
        "accuracy": data["accuracy"],
        "max_angle_error": data["max_angle_error"],
        "first_failure": data["first_failure"] if data["first_failure"] else "none up to 500",
        "undecided": data["undecided"],
        "percent": 100 * data["accuracy"],
    }


@debug_vis.describe
def construction_description(data):
    if data["first_failure"] is None:
        reach = f"It makes no mistake at any modulus up to {MAX_MODULUS}."
    else:
        reach = f"The first modulus at which it errs is {data['first_failure']}."
    left_out = (
        f" The {data['undecided']} pairs with a − b = {data['modulus'] // 2} cancel and are left out."
        if data["undecided"]
        else ""
    )
    right = math.floor(1000 * data["accuracy"] + 1e-9) / 10
    return (
        f"With {data['n_neurons']} neurons, {right:.1f}% of all sums modulo "
        f"{data['modulus']} come out right; "
        f"the answer is off by {data['max_angle_error'] * DEGREES:.2f}° at most, and "
        f"{data['half']:.2f}° would be allowed. {reach}{left_out}"
    )


@debug_vis.value_text
def construction_value_text(data):
    right = f"{100 * data['accuracy']:.1f}% right"
    return {
        "n_neurons": f"{data['n_neurons']} neurons; {right}",
        "modulus": f"modulus {data['modulus']}; {right}",
    }


@debug_vis.table
def construction_table(data):
    return data["sums"]
