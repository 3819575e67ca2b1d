"""One line that separates two classes: its weights, its loss and the sigmoid across it."""

from dataclasses import replace

import numpy as np

from infodecomp.explorable import (
    Axis,
    Choice,
    Dot,
    Dots,
    DragHandle,
    HConcat,
    Label,
    Line,
    Plot,
    Range,
    figure,
)
from infodecomp.networks.logistic import logistic_loss
from infodecomp.networks.logistic import logistic_regression as fit_line

from .points import (
    FILLED,
    KINDS,
    LIMIT,
    MAX_WRITTEN,
    PEN,
    RING,
    SKETCH,
    class_dots,
    drawn_at,
    grid,
    pen_buttons,
    plane,
    points,
    shade,
)

CLOUD = Choice(name="cloud", label="points", default="blobs", options=KINDS)
FIT = Choice(name="fit", label="weights", default="hand", options={"hand": "by hand", "trained": "trained"})
HAND = ("fit", "hand")
W1 = Range(name="w1", label="weight w₁", default=0.3, low=-6, high=6, step=0.1, active_when=HAND)
W2 = Range(name="w2", label="weight w₂", default=-1.2, low=-6, high=6, step=0.1, active_when=HAND)
W0 = Range(name="w0", label="bias w₀", default=0.4, low=-6, high=6, step=0.1, active_when=HAND)
ODD_X = Range(
    name="odd_x",
    label="odd point or pen, across",
    default=1.6,
    low=-2.9,
    high=2.9,
    step=0.1,
    role="selection",
)
ODD_Y = Range(
    name="odd_y", label="odd point or pen, up", default=2.3, low=-2.9, high=2.9, step=0.1, role="selection"
)
ODD_WEIGHT = 6  # the odd point counts as often, so that its pull shows
REACH = 6.0  # of the logit axis


@figure(
    parameters=(CLOUD, FIT, W1, W2, W0, ODD_X, ODD_Y, PEN, SKETCH),
    title="One neuron, one line",
    controls=("cloud", "pen", "fit", "w1", "w2", "w0", "odd_x", "odd_y"),
    collapsed=("odd_x", "odd_y"),
    presets={
        "line-trained": "fit=trained",
        "line-hand": "fit=hand",
        "line-blobs": "cloud=blobs",
        "line-moons": "cloud=moons&fit=trained",
        "line-circles": "cloud=circles&fit=trained",
        "line-xor": "cloud=xor&fit=trained",
        "line-own": "cloud=own&fit=trained",
    },
)
def logistic_regression(cloud, fit, w1, w2, w0, odd_x, odd_y, pen, sketch):
    """A logistic regression of two classes and one odd point, with weights by hand or trained.

    Among the reader's own points there is no odd one: its handle is the pen.
    """
    x, y = points(cloud, sketch)
    if cloud != "own":
        x, y = np.vstack((x, [[odd_x, odd_y]] * ODD_WEIGHT)), np.append(y, [0] * ODD_WEIGHT)
    best = fit_line(x, y)
    weights = best if fit == "trained" else np.array([w1, w2, w0], float)
    right = (x @ weights[:2] + weights[2] > 0) == y
    return {
        "cloud": cloud,
        "fit": fit,
        "sketch": sketch,
        "pen": pen,
        "odd": (odd_x, odd_y),
        "x": x,
        "y": y,
        "weights": weights,
        "loss": logistic_loss(weights, x, y),
        "best_loss": logistic_loss(best, x, y),
        "accuracy": float(right.mean()),
        "wrong": int((~right).sum()),
    }


@logistic_regression.draw
def picture(data):
    return HConcat((_plane(data), _sigmoid(data)), (1.1, 1), gap=26)


def _boundary(weights) -> tuple[np.ndarray, np.ndarray] | None:
    """The part of the line w.x + w_0 = 0 within the plane; None if no part of it is."""
    normal, norm = np.asarray(weights[:2]), float(np.hypot(*weights[:2]))
    if norm < 1e-9:
        return None
    foot = -weights[2] * normal / norm**2
    along = np.linspace(-3 * LIMIT, 3 * LIMIT, 601)[:, None] * np.array([-normal[1], normal[0]]) / norm
    line = (foot + along)[(np.abs(foot + along) <= LIMIT).all(1)]
    return (line[[0, -1], 0], line[[0, -1], 1]) if len(line) > 1 else None


def _plane(data) -> Plot:
    weights, (odd_x, odd_y) = data["weights"], data["odd"]
    probability = 1 / (1 + np.exp(-np.clip(grid() @ weights[:2] + weights[2], -30, 30)))
    own = data["cloud"] == "own"
    n = len(data["y"]) if own else -ODD_WEIGHT
    marks = [shade(probability), *class_dots(data["x"][:n], data["y"][:n])]
    line = _boundary(weights)
    if line is not None:
        marks.append(Line(*line, "ink", 2.4))
    role = {"filled": FILLED, "rings": RING, "erase": "paper"}[data["pen"]] if own else RING
    marks += [
        DragHandle(
            odd_x,
            odd_y,
            "the pen" if own else "the odd point",
            state={"odd_x": (odd_x, ODD_X), "odd_y": (odd_y, ODD_Y)},
            keys=("odd_x", "odd_y"),
            text=f"{odd_x:.1f} across, {odd_y:.1f} up",
            marks=(Dot(odd_x, odd_y, "selection", 9, rim="rim"), Dot(odd_x, odd_y, role, 4.5)),
        ),
        *(pen_buttons(data["sketch"], data["pen"], odd_x, odd_y) if own else ()),
        Label(-LIMIT, LIMIT, "the plane, and the line", "ink", dy=-8, size=13, bold=True),
    ]
    return replace(plane(marks), grab=True)


@logistic_regression.invert_point
def move_odd_point(state, x, y):
    """The odd point goes to the press; the pen goes there too, and draws."""
    at = {
        "odd_x": ODD_X.snap(min(max(x, ODD_X.low), ODD_X.high)),
        "odd_y": ODD_Y.snap(min(max(y, ODD_Y.low), ODD_Y.high)),
    }
    if state["cloud"] == "own":
        at["sketch"] = drawn_at(state["sketch"], state["pen"], at["odd_x"], at["odd_y"])
    return at


def _sigmoid(data) -> Plot:
    """Every point by its weighted sum, on the sigmoid of that sum."""
    sums = np.clip(data["x"] @ data["weights"][:2] + data["weights"][2], -REACH, REACH)
    z = np.linspace(-REACH, REACH, 121)
    y = data["y"]
    jitter = np.random.default_rng(0).uniform(0.015, 0.085, len(y))
    at = np.where(y == 1, 1 + jitter, -jitter)
    ring, filled = y == 0, y == 1
    marks = (
        Line((0, 0), (0, 1), "noise", 1.2, dash="3 4"),
        Line(z, 1 / (1 + np.exp(-z)), "ink", 2.4),
        Dots(sums[ring], at[ring], (RING,), radius=2.8),
        Dots(sums[ring], at[ring], ("paper",), radius=1.4),
        Dots(sums[filled], at[filled], (FILLED,), radius=2.8),
        Label(REACH, 1.13, f"loss {data['loss']:.2f} bits a point", "ink", "end", dy=-8, bold=True),
        Label(0.25, 0.12, "the line", "muted", size=12, halo=True),
    )
    return Plot(
        marks,
        Axis("weighted sum w₁x₁ + w₂x₂ + w₀", (-REACH, REACH), ticks=(-6, -3, 0, 3, 6)),
        Axis("probability of “filled”", (-0.1, 1.13), ticks=(0, 0.5, 1), grid=True),
        ratio=0.9,
        heights=(250, 400),
        margins=(26, 12, 46, 46),
    )


@logistic_regression.values
def values(data):
    return {
        "loss": data["loss"],
        "best_loss": data["best_loss"],
        "accuracy": data["accuracy"],
        "wrong": data["wrong"],
    }


@logistic_regression.describe
def description(data):
    n = len(data["y"])
    full = f" No more than {MAX_WRITTEN} points fit." if data["cloud"] == "own" and n >= MAX_WRITTEN else ""
    who = "The trained line" if data["fit"] == "trained" else "Your line"
    best = ""
    if data["fit"] == "hand":
        best = f" The best line loses {data['best_loss']:.2f}."
    return (
        f"{who} gets {data['accuracy']:.0%} of the points right and loses {data['loss']:.2f} bits a point; "
        f"knowing nothing loses 1.00.{best}{full}"
    )


@logistic_regression.value_text
def value_text(data):
    loss = f"loss {data['loss']:.2f} bits"
    names = dict(zip(("w1", "w2", "w0"), data["weights"].tolist()))
    return {name: f"{value:.1f}; {loss}" for name, value in names.items()} | {
        name: f"{value:.1f}; {loss}" for name, value in zip(("odd_x", "odd_y"), data["odd"])
    }


@logistic_regression.table
def table(data):
    z = data["x"] @ data["weights"][:2] + data["weights"][2]
    return {
        "x1": data["x"][:, 0],
        "x2": data["x"][:, 1],
        "class": data["y"],
        "probability": 1 / (1 + np.exp(-np.clip(z, -30, 30))),
    }
