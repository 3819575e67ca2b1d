"""A truth table that the reader draws, and twenty networks that learn it while the reader watches."""

from functools import lru_cache

import numpy as np

from infodecomp.experiments.same_computation.drawn_functions import (
    CUTOFF,
    DRAWN_FUNCTION,
    N_NETWORKS,
    N_SNAPSHOTS,
    NETWORK,
    STEPS_PER_SNAPSHOT,
    inputs,
)
from infodecomp.explorable import (
    Axis,
    CellGrid,
    Choice,
    Dots,
    HConcat,
    IterationSlider,
    Label,
    Line,
    Plot,
    Range,
    Raster,
    Rect,
    StateLink,
    figure,
)
from infodecomp.networks.gauss_newton import effective_parameters, gauss_newton_eigenvalues
from infodecomp.networks.weight_noise import survival_under_weight_noise
from infodecomp.representations.kernels import information_ratio, kernel_information, pair_information
from infodecomp.representations.tolerance_classes import (
    mean_absolute_differences,
    merge_tolerances,
    same_class,
)

from .forty import LAYER_NAMES, TOLERANCE, power_text
from .peaks import CURVATURE

TABLE = CellGrid(name="table", label="your table by rows; r to z mean .1 to .9", default="0110" * 4)
FINDER_SEED = Range(name="finder_seed", label="seed", default=0, low=0, high=99, step=1)
FINDER_STEP = IterationSlider(
    name="finder_step",
    label="training",
    default=N_SNAPSHOTS,
    high=N_SNAPSHOTS,
    resets_on=("table", "finder_seed"),
    play_label="Train twenty",
    max_rate=30,
    role="selection",
)
BRUSH = Choice(
    name="finder_brush",
    label="A press",
    default="turn",
    options={"turn": "turns a square", "more": "adds .1", "less": "takes .1"},
)
NOISES = (0.02, 0.05, 0.1, 0.2)
N_DRAWS = 40
PAIRS = ("00", "01", "10", "11")
TABLES = {
    "finder-first-bit": "0000000011111111",
    "finder-parity": "0110100110010110",
    "finder-random": "0100110111010010",
    "finder-two": "0110" * 4,
}


def _config(table: str, seed: int) -> dict:
    cells = TABLE.probabilities(table)
    return {"table": tuple(cell for row in cells for cell in row), "seed": int(seed)}


@figure(
    parameters=(TABLE, FINDER_STEP, FINDER_SEED, TOLERANCE, BRUSH),
    title="Twenty networks learn your function",
    controls=("finder_step", "tolerance", "finder_seed", "finder_brush", "table"),
    decimals=2,
    source=(
        "Rows are the first two bits, columns the last two. The green square has the ratios of layer 3 for "
        "all pairs; below it, the stiff directions and the share of copies that survive a noise of 0.05."
    ),
    presets={name: f"table={table}&finder_step=0" for name, table in TABLES.items()}
    | {"finder-done": f"finder_step={N_SNAPSHOTS}"},
)
def function_finder(table, finder_step, finder_seed, tolerance, finder_brush):
    """Twenty networks at a step: their losses, bits by layer, ratios, breadth and stiffness."""
    config = _config(table, finder_seed)
    snapshots = DRAWN_FUNCTION.until(finder_step, **config)
    y = np.array(config["table"])
    measured = _measured(table, finder_seed, finder_step, tolerance)
    return {
        "table": table,
        "brush": finder_brush,
        "tolerance": tolerance,
        "step": snapshots[-1].step,
        "steps": np.array([one.step for one in snapshots]),
        "loss": np.array([_loss(table, finder_seed, one.step) for one in snapshots]),
        "target": y,
        **measured,
    }


@lru_cache(maxsize=4096)
def _loss(table: str, seed: int, step: int) -> tuple[float, ...]:
    """The loss of every network after some steps of the optimiser, a multiple of STEPS_PER_SNAPSHOT."""
    config = _config(table, seed)
    parameters = DRAWN_FUNCTION.at(step // STEPS_PER_SNAPSHOT, **config).parameters
    outputs = NETWORK.forward(parameters, inputs())[-1][..., 0].numpy()
    return tuple(((outputs - np.array(config["table"])) ** 2).mean(1).tolist())


@lru_cache(maxsize=256)
def _measured(table: str, seed: int, step: int, tolerance: float) -> dict:
    """What the figures above measured of forty networks, for these twenty."""
    config = _config(table, seed)
    parameters = DRAWN_FUNCTION.at(step, **config).parameters.double()
    layers = NETWORK.forward(parameters, inputs().double())
    kernels = [
        same_class(merge_tolerances(mean_absolute_differences(layer)), 10**tolerance).double()
        for layer in layers
    ]
    y = np.array(config["table"])
    can_count = bool((y != 0.5).all())
    survivors = (
        survival_under_weight_noise(NETWORK, parameters, inputs(), y, NOISES, N_DRAWS).mean(0).numpy()
        if can_count
        else np.full(len(NOISES), np.nan)
    )
    eigenvalues = gauss_newton_eigenvalues(NETWORK, parameters, inputs().double())
    return {
        "outputs": layers[-1][..., 0].numpy(),
        "bits": np.array([kernel_information(kernel).numpy() for kernel in kernels]),
        "ratio": information_ratio(pair_information(kernels[2])).numpy(),
        "survival": survivors,
        "effective": float(effective_parameters(eigenvalues, CURVATURE).mean()),
    }


@function_finder.is_cached
def finder_is_cached(state):
    return DRAWN_FUNCTION.is_cached(state["finder_step"], **_config(state["table"], state["finder_seed"]))


@function_finder.advance
def advance_finder(state):
    DRAWN_FUNCTION.advance(state["finder_step"], **_config(state["table"], state["finder_seed"]))


@function_finder.draw
def finder_picture(data):
    left = HConcat((_board(data), _learning(data)), (1, 1.5), gap=18, stack_below=300)
    return HConcat((left, HConcat((_layers(data), _matrix(data)), (1.3, 1), gap=18, stack_below=0)), (1, 1))


def _board(data) -> Plot:
    """The table, whose squares are links to the table after a press."""
    cells, marks = TABLE.probabilities(data["table"]), []
    for index in range(16):
        row, column = divmod(index, 4)
        value = cells[row][column]
        if data["brush"] == "turn":
            after, verb = TABLE.toggled(data["table"], index), "turn"
        else:
            tenths = 1 if data["brush"] == "more" else -1
            after, verb = TABLE.shifted(data["table"], index, tenths), f"{'add' if tenths > 0 else 'take'} .1"
        box: tuple = (
            Rect(
                column,
                3 - row,
                column + 1,
                4 - row,
                "target",
                opacity=0.06 + 0.94 * value,
                inset=1.5,
                radius=4,
                stroke="noise",
            ),
        )
        if 0 < value < 1:
            text = f"{value:.1f}".replace("0.", ".")
            ink = "on-target" if value > 0.6 else "ink"
            box += (Label(column + 0.5, 3.5 - row, text, ink, "middle", dy=4, size=12),)
        marks.append(StateLink(f"table={after}", f"input {index:04b}: {value:g}; press to {verb}", box))
    marks += [Label(i + 0.5, 4, bits, "muted", "middle", dy=-5, size=11) for i, bits in enumerate(PAIRS)]
    marks += [Label(0, 3.5 - i, bits, "muted", "end", dx=-4, dy=4, size=11) for i, bits in enumerate(PAIRS)]
    marks.append(Label(0, 4, "your table", "ink", dy=-22, bold=True, size=12))
    return Plot(
        tuple(marks),
        Axis(domain=(0, 4), hidden=True),
        Axis(domain=(0, 4), hidden=True),
        ratio=1.2,
        heights=(150, 230),
        margins=(40, 2, 6, 22),
    )


def _learning(data) -> Plot:
    """The loss of each network over the steps, in powers of ten."""
    steps, loss = np.asarray(data["steps"], float), np.log10(np.maximum(np.asarray(data["loss"]), 1e-8))
    rows = np.concatenate((loss.T, np.full((N_NETWORKS, 1), np.nan)), 1)
    x = np.tile(np.append(steps, np.nan), N_NETWORKS)
    learnt = int((np.asarray(data["loss"])[-1] < 10 * CUTOFF).sum())
    last = N_SNAPSHOTS * STEPS_PER_SNAPSHOT
    return Plot(
        (
            Line(x, rows.ravel(), "noise", 1.2, opacity=0.8),
            Line((0, last), (np.log10(CUTOFF),) * 2, "target", 1.2, dash="3 3"),
            Label(
                0,
                0,
                f"{learnt} of {N_NETWORKS} have learnt it",
                "target-text",
                dx=4,
                dy=-6,
                size=12,
                bold=True,
            ),
        ),
        Axis("steps", (0, last), ticks=(0, last // 2, last)),
        Axis("loss", (-6, 0), ticks=(-6, -4, -2, 0), names={-6: "1e-6", -4: "1e-4", -2: "0.01", 0: "1"}),
        heights=(200, 240),
        margins=(34, 10, 44, 40),
    )


def _layers(data) -> Plot:
    """The bits of each layer, a dot for each network, and the copies that survive noise."""
    bits, marks = np.asarray(data["bits"]), []
    for layer, name in enumerate(LAYER_NAMES):
        y = 3.4 - layer
        mean = float(bits[layer].mean())
        marks += [
            Line((0, 4), (y, y), "faint", 1),
            Dots(bits[layer], np.full(N_NETWORKS, y), ("series-1",), radius=3),
            Line((mean, mean), (y - 0.16, y + 0.16), "ink", 2.4),
            Label(0, y, f"{name}: {mean:.2f} bits", "ink", dy=-13, size=12),
        ]
    return Plot(
        tuple(marks),
        Axis(f"bits at a tolerance of {power_text(data['tolerance'])}", (-0.05, 4.05), ticks=(0, 1, 2, 3, 4)),
        Axis(domain=(0, 4), hidden=True),
        heights=(220, 250),
        margins=(8, 10, 44, 8),
    )


def _matrix(data) -> Plot:
    """Ratios of layer 3 for all pairs, and in words how stiff and how hardy the networks are."""
    ratio, n = np.asarray(data["ratio"]), N_NETWORKS
    other = ~np.eye(n, dtype=bool)
    marks = [
        Raster(0, 0, n, n, ratio, "target"),
        Rect(0, 0, n, n, "", stroke="noise"),
        Label(0, n, f"ratio {ratio[other].mean():.2f}", "ink", dy=-7, size=12, bold=True),
        Label(0, 0, f"{data['effective']:.1f} stiff", "ink", dy=18, size=12),
    ]
    if np.isfinite(data["survival"]).all():
        words = f"{data['survival'][1]:.0%} survive"
        marks.append(Label(0, 0, words, "ink", dy=35, size=12))
    return Plot(
        tuple(marks),
        Axis(domain=(0, n), hidden=True),
        Axis(domain=(0, n), hidden=True),
        ratio=1.25,
        heights=(190, 250),
        margins=(24, 4, 44, 4),
    )


@function_finder.values
def finder_values(data):
    bits, survival = np.asarray(data["bits"]).mean(1), np.asarray(data["survival"])
    other = ~np.eye(N_NETWORKS, dtype=bool)
    known = bool(np.isfinite(survival).all())
    return {
        "learnt": int((np.asarray(data["loss"])[-1] < 10 * CUTOFF).sum()),
        **{f"layer_{layer + 1}": float(value) for layer, value in enumerate(bits)},
        "ratio": float(np.asarray(data["ratio"])[other].mean()),
        "effective": data["effective"],
        "survival": float(survival[1]) if known else None,
    }


@function_finder.describe
def finder_description(data):
    numbers = finder_values(data)
    return (
        f"After {data['step']} steps {numbers['learnt']} of {N_NETWORKS} networks have learnt it; "
        f"third layers keep {numbers['layer_3']:.2f} of 4 bits, ratio {numbers['ratio']:.2f} between two."
    )


@function_finder.value_text
def finder_value_text(data):
    numbers = finder_values(data)
    words = f"step {data['step']}; {numbers['learnt']} of {N_NETWORKS} have learnt it"
    return {"finder_step": words, "table": words}


@function_finder.table
def finder_table(data):
    bits = np.asarray(data["bits"])
    return {"network": np.arange(1, N_NETWORKS + 1), "loss": np.asarray(data["loss"])[-1]} | {
        name.replace(" ", "_"): bits[layer] for layer, name in enumerate(LAYER_NAMES)
    }
