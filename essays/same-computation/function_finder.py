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
from infodecomp.explorable import Choice, IterationSlider, Range, figure
from infodecomp.networks.gauss_newton import effective_parameters, gauss_newton_eigenvalues
from infodecomp.networks.weight_noise import survival_under_weight_noise
from infodecomp.representations.kernels import information_ratio, kernel_information, pair_information
from infodecomp.representations.tolerance_classes import (
    mean_absolute_differences,
    merge_tolerances,
    same_class,
)

from .forty import LAYER_NAMES, TOLERANCE, own
from .peaks import CURVATURE
from .pictures.finder import TABLE, finder_picture

FINDER_SEED = Range(name="finder_seed", label="seed", default=0, low=0, high=99, step=1)
FINDER_STEP = IterationSlider(
    name="finder_step",
    label="training",
    default=N_SNAPSHOTS,
    high=N_SNAPSHOTS,
    resets_on=("table", "finder_seed"),
    play_label="Train twenty",
    format=lambda index: f"{round(index) * STEPS_PER_SNAPSHOT:,} steps",
    max_rate=30,
    role="selection",
)
BRUSH = Choice(
    name="finder_brush",
    label="Pressing a square",
    default="turn",
    options={"turn": "turns it over", "more": "adds 0.1", "less": "subtracts 0.1"},
)
OPENING = "finder_seed=0&finder_tolerance=-2&finder_brush=turn"
NOISES = (0.02, 0.05, 0.1, 0.2)
N_DRAWS = 40
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
    parameters=(TABLE, FINDER_STEP, FINDER_SEED, *own("finder", TOLERANCE), BRUSH),
    title="Twenty networks learn your function",
    controls=("finder_step", "finder_tolerance", "finder_brush", "finder_seed"),
    decimals=2,
    collapsed=("finder_seed",),
    source=(
        "Rows are the first two bits, columns the last two. The green square has the ratios of layer 3 for "
        "all pairs; below it, the directions in which weights are pinned down, and the share of copies that "
        "survive a noise of 0.05. A blue dot is a network."
    ),
    presets={name: f"table={table}&finder_step={N_SNAPSHOTS}&{OPENING}" for name, table in TABLES.items()}
    | {"finder-done": f"finder_step={N_SNAPSHOTS}&{OPENING}"},
)
def function_finder(table, finder_step, finder_seed, finder_tolerance, finder_brush):
    """Twenty networks at a step: their losses, bits by layer, ratios, and breadth."""
    config = _config(table, finder_seed)
    snapshots = DRAWN_FUNCTION.until(finder_step, **config)
    y = np.array(config["table"])
    measured = _measured(table, finder_seed, finder_step, finder_tolerance)
    return {
        "table": table,
        "brush": finder_brush,
        "tolerance": finder_tolerance,
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


function_finder.draw(finder_picture)


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
        f"After {data['step']:,} steps {numbers['learnt']} of {N_NETWORKS} networks have learnt it. Layer 3 "
        f"keeps {numbers['layer_3']:.2f} of 4 bits; two networks have a ratio of {numbers['ratio']:.2f}."
    )


@function_finder.value_text
def finder_value_text(data):
    numbers = finder_values(data)
    words = f"step {data['step']:,}; {numbers['learnt']} of {N_NETWORKS} have learnt it"
    return {"finder_step": words, "table": words}


@function_finder.table
def finder_table(data):
    bits = np.asarray(data["bits"])
    return {"network": np.arange(1, N_NETWORKS + 1), "loss": np.asarray(data["loss"])[-1]} | {
        name.replace(" ", "_"): bits[layer] for layer, name in enumerate(LAYER_NAMES)
    }
