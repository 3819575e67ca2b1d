"""Neurons stacked on neurons: the hidden layer bends the plane until one line suffices."""

from functools import lru_cache

import numpy as np

from infodecomp.experiments.neurons.stacked import (
    EVERY,
    N_SEEDS,
    N_STEPS,
    STACKED_RUN,
    accuracies,
    output_weights,
    points_of,
    responses,
)
from infodecomp.explorable import (
    Axis,
    Choice,
    HConcat,
    IterationSlider,
    Label,
    Line,
    Plot,
    Range,
    Rect,
    StateLink,
    figure,
)

from .points import KINDS, LIMIT, SKETCH, class_dots, grid, plane, shade

SHAPE = Choice(
    name="shape",
    label="points",
    default="moons",
    options=KINDS | {"own": "your own from above"},
)
WIDTHS = {"2": (2,), "3": (3,), "2-2": (2, 2), "3-3": (3, 3)}
HIDDEN = Choice(
    name="hidden",
    label="hidden neurons",
    default="3",
    options={"2": "two", "3": "three", "2-2": "two, then two", "3-3": "three, then three"},
)
STACK_SEED = Range(
    name="stack_seed",
    label="network",
    default=0,
    low=0,
    high=N_SEEDS - 1,
    step=1,
    format=lambda seed: f"{seed + 1:.0f} of {N_SEEDS}",
    role="selection",
)
LAST = N_STEPS // EVERY
STACK_STEP = IterationSlider(
    name="stack_step",
    label="step of the training",
    default=LAST,
    high=LAST,
    format=lambda step: f"{step * EVERY:.0f}",
    resets_on=("shape", "hidden", "sketch"),
    play_label="Train",
    max_rate=60,
    role="selection",
)
STUCK = 0.95  # share of the points below which a network counts as stuck
MESH = 7  # lines of the grid that is bent, in each direction
GRID = 2.1  # the grid reaches about as far as the points do


@figure(
    parameters=(SHAPE, HIDDEN, STACK_STEP, STACK_SEED, SKETCH),
    title="What the hidden layer sees",
    controls=("shape", "hidden", "stack_step", "stack_seed"),
    decimals=2,
    presets={
        "stack-start": "stack_step=0",
        "stack-end": f"stack_step={LAST}",
        "stack-moons": f"shape=moons&hidden=3&stack_step={LAST}",
        "stack-moons-two": f"shape=moons&hidden=2&stack_step={LAST}",
        "stack-circles-two": f"shape=circles&hidden=2&stack_step={LAST}",
        "stack-circles": f"shape=circles&hidden=3&stack_step={LAST}",
        "stack-xor-two": f"shape=xor&hidden=2&stack_step={LAST}",
        "stack-xor": f"shape=xor&hidden=3&stack_step={LAST}",
        "stack-own": f"shape=own&hidden=3&stack_step={LAST}",
    },
)
def stacked_regression(shape, hidden, stack_step, stack_seed, sketch):
    """A network at a step of its training: its answer in the plane, and its last hidden layer."""
    settings = _settings(shape, hidden, sketch)
    config = STACKED_RUN.configured(**settings)
    snapshot = STACKED_RUN.at(stack_step, **settings)
    x, y = points_of(config)
    seen, logit = responses(config, snapshot, stack_seed, x)
    mesh = _mesh()
    weights, bias = output_weights(config, snapshot, stack_seed)
    flat = _projection(weights, seen)
    bent = responses(config, snapshot, stack_seed, mesh)[0] @ flat
    reach = 1.06 * max(1.0, float(np.abs(bent).max()))
    right = accuracies(config, snapshot).numpy()
    return {
        "hidden": hidden,
        "step": stack_step,
        "seed": stack_seed,
        "x": x,
        "y": y,
        "probability": _sigmoid(responses(config, snapshot, stack_seed, grid())[1]),
        "seen": seen @ flat,
        "mesh": mesh,
        "bent": bent,
        "reach": reach,
        "shade": _sigmoid(grid() * (reach / LIMIT) @ (weights @ flat) + bias),
        "line": _line(weights @ flat, bias),
        "logit": logit,
        "accuracies": right,
        "accuracy": float(right[stack_seed]),
    }


def _settings(shape: str, hidden: str, sketch: str) -> dict:
    """The settings of the run; the reader's own points are left out where they are not trained on."""
    return {"kind": shape, "hidden": WIDTHS[hidden], "points": sketch if shape == "own" else ""}


def _settings_of(state: dict) -> dict:
    return _settings(state["shape"], state["hidden"], state["sketch"])


@stacked_regression.is_cached
def step_is_cached(state):
    return STACKED_RUN.is_cached(state["stack_step"], **_settings_of(state))


@stacked_regression.advance
def advance(state):
    STACKED_RUN.advance(state["stack_step"], **_settings_of(state))


def _sigmoid(logit):
    return 1 / (1 + np.exp(-np.clip(logit, -30, 30)))


@lru_cache(maxsize=1)
def _mesh() -> np.ndarray:
    """Points along the lines of a grid over the middle of the plane, (2 * MESH * 41, 2)."""
    across, along = np.linspace(-GRID, GRID, MESH), np.linspace(-GRID, GRID, 41)
    lines = np.stack(np.meshgrid(across, along, indexing="ij"), -1)  # (MESH, 41, 2)
    return np.concatenate((lines, lines[..., ::-1])).reshape(-1, 2)


def _projection(weights: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Two directions of the hidden layer, (width, 2).

    Of two neurons, themselves. Of three, a view along the plane that separates: the first direction is across
    it, and the second the widest at a right angle to that.
    """
    if len(weights) == 2:
        return np.eye(2)
    across = weights / max(float(np.linalg.norm(weights)), 1e-9)
    centred = seen - seen.mean(0)
    rest = centred - np.outer(centred @ across, across)
    along = np.linalg.svd(rest, full_matrices=False)[2][0]
    along -= (along @ across) * across
    along /= max(float(np.linalg.norm(along)), 1e-9)
    return np.stack((across, along * np.sign(along[np.abs(along).argmax()])), 1)


def _line(weights: np.ndarray, bias: float) -> np.ndarray:
    """Two points of the line w.h + b = 0, far apart, (2, 2)."""
    norm = max(float(np.hypot(*weights)), 1e-9)
    along = np.array([-weights[1], weights[0]]) / norm
    return -bias * weights / norm**2 + np.outer((-4, 4), along)


@stacked_regression.draw
def picture(data):
    planes = HConcat((_input(data), _hidden(data)), (1, 1), gap=26, stack_below=420)
    return HConcat((planes, _networks(data)), (4, 1), gap=26)


def _input(data) -> Plot:
    marks = [
        shade(data["probability"]),
        _web(data["mesh"]),
        *class_dots(data["x"], data["y"], radius=3),
        Label(-LIMIT, LIMIT, "the points", "ink", dy=-8, bold=True),
    ]
    return plane(marks, (168, 358), bottom=26, ratio=1.05)


def _web(points: np.ndarray) -> Line:
    """The lines of the grid, straight or bent, as one line with gaps."""
    gap = np.full((2 * MESH, 1, 2), np.nan)
    web = np.concatenate((points.reshape(2 * MESH, 41, 2), gap), axis=1).reshape(-1, 2)
    return Line(web[:, 0], web[:, 1], "ink", 0.8, opacity=0.3)


def _hidden(data) -> Plot:
    """The points and a bent grid in the last hidden layer, with the line that separates them there."""
    reach = data["reach"]
    line = _clipped(data["line"], reach)
    axes = "across: neuron 1, up: neuron 2" if WIDTHS[data["hidden"]][-1] == 2 else "a view of three neurons"
    marks = [
        shade(data["shade"], reach),
        _web(data["bent"]),
        *class_dots(data["seen"], data["y"], radius=3),
        Line(line[:, 0], line[:, 1], "ink", 2.4) if len(line) else None,
        Label(-reach, reach, "what the last neuron sees", "ink", dy=-8, bold=True),
        Label(-reach, -reach, axes, "muted", dy=17, size=12.5),
    ]
    return Plot(
        tuple(marks),
        Axis(domain=(-reach, reach), hidden=True),
        Axis(domain=(-reach, reach), hidden=True),
        ratio=1.05,
        heights=(168, 358),
        margins=(26, 6, 26, 6),
    )


def _clipped(ends: np.ndarray, reach: float) -> np.ndarray:
    """The part of a line within the square: its two ends, or none."""
    line = np.linspace(ends[0], ends[1], 401)
    inside = line[(np.abs(line) <= reach).all(1)]
    return inside[[0, -1]] if len(inside) > 1 else inside[:0]


def _networks(data) -> Plot:
    """How many points each of the twelve networks gets right; a press looks into one."""
    marks = [Label(0, N_SEEDS, "twelve networks", "ink", dy=-8, bold=True)]
    for index, right in enumerate(data["accuracies"].tolist()):
        y, chosen = N_SEEDS - 1 - index, index == data["seed"]
        failed = right < STUCK and data["step"] == LAST
        role = "selection" if chosen else "series-2" if failed else "noise"
        ring = Rect(0, y + 0.1, 1, y + 0.9, "paper", opacity=0, stroke="faint", radius=3)
        bar = Rect(0, y + 0.1, max(right, 0.02), y + 0.9, role, opacity=0.75, radius=3)
        text = f"{right:.0%}" + (", stuck" if failed else "")
        name = Label(0.04, y + 0.5, text, "ink", dy=4.5, size=12, bold=chosen)
        marks.append(
            StateLink(
                f"stack_seed={index}", f"network {index + 1}: {right:.0%} right", (ring, bar, name), chosen
            )
        )
    return Plot(
        tuple(marks),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(0, N_SEEDS), hidden=True),
        ratio=2.2,
        heights=(268, 358),
        margins=(26, 6, 26, 4),
    )


@stacked_regression.values
def values(data):
    right = data["accuracies"]
    return {
        "accuracy": data["accuracy"],
        "best": float(right.max()),
        "median": float(np.median(right)),
        "stuck": int((right < STUCK).sum()),
    }


@stacked_regression.describe
def description(data):
    right, stuck = data["accuracies"], int((data["accuracies"] < STUCK).sum())
    begun = f"After {data['step'] * EVERY} steps" if data["step"] else "Before training"
    if data["step"] < LAST:
        return f"{begun} this network has {data['accuracy']:.0%} of the points on the right side."
    those = {0: "none of the twelve is stuck", 12: "all twelve are stuck", 1: "one of the twelve is stuck"}
    return (
        f"{begun} this network has {data['accuracy']:.0%} of the points on the right side; "
        f"{those.get(stuck, f'{stuck} of the twelve are stuck')} below {STUCK:.0%}, "
        f"and the best reaches {right.max():.0%}."
    )


@stacked_regression.value_text
def value_text(data):
    right = f"{data['accuracy']:.0%} of the points right"
    return {
        "stack_step": f"step {data['step'] * EVERY}: {right}",
        "stack_seed": f"network {data['seed'] + 1}: {right}",
    }


@stacked_regression.table
def table(data):
    return {"network": list(range(1, N_SEEDS + 1)), "share_right": data["accuracies"]}
