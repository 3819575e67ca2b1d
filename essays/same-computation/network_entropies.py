"""How many bits each layer of forty networks keeps under a tolerance."""

import numpy as np

from infodecomp.explorable import Axis, Dots, HConcat, Highlight, Label, Line, Plot, Rect, figure
from infodecomp.explorable.core.numbers import power_text

from .bets import BET_BITS
from .forty import (
    KEEP,
    LAYER_NAMES,
    N_LAYERS,
    NETWORKS,
    ROLES,
    SOURCE,
    TASK_NAMES,
    TASK_WORDS,
    TOLERANCE,
    batch_means,
    layer_bits,
    n_failed,
    task_means,
)

BIN = 0.1  # bits: networks that are nearer than this stand on each other


@figure(
    parameters=(*NETWORKS, TOLERANCE, BET_BITS),
    title="What each layer still tells apart",
    controls=("tolerance", "architecture", "cutoff", "batch"),
    collapsed=("batch",),
    decimals=2,
    source=SOURCE + " A short bar spans the means of three batches.",
    presets={
        "ruler-coarse": "tolerance=-.5&architecture=relu-8&cutoff=1e-5&batch=1",
        "ruler-fine": "tolerance=-5&architecture=relu-8&cutoff=1e-5&batch=1",
        "ruler-middle": "tolerance=-2&architecture=relu-8&cutoff=1e-5&batch=1",
        "ruler-early": "tolerance=-5&architecture=relu-8&cutoff=1e-3&batch=1",
        "ruler-late": "tolerance=-5&architecture=relu-8&cutoff=1e-7&batch=1",
        "ruler-tanh": "tolerance=-1.5&architecture=tanh-8&cutoff=1e-5&batch=1",
        "ruler-narrow": "tolerance=-2&architecture=relu-5&cutoff=1e-5&batch=1",
    },
)
def network_entropies(architecture, cutoff, batch, tolerance, bet_bits):
    """The entropies of the classes of inputs, layer by layer, and their means in every batch."""
    bits = layer_bits(architecture, cutoff, batch, tolerance)
    return {
        "architecture": architecture,
        "cutoff": cutoff,
        "tolerance": tolerance,
        "bits": bits,
        "mean": task_means(bits),
        "batches": batch_means(architecture, cutoff, tolerance),
        "failed": n_failed(architecture, batch),
        "bet": bet_bits,
    }


@network_entropies.draw
def entropies_picture(data):
    halves = [
        HConcat(tuple(_strip(data, layer) for layer in pair), (1, 1), gap=22, stack_below=0)
        for pair in ((0, 1), (2, 3))
    ]
    return HConcat(tuple(halves), (1, 1), gap=22)


def stacked(bits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions of networks as stacks of dots: bits in bins, and the place of each in its stack from 0."""
    bins = np.rint(bits / BIN).astype(int)
    place = np.array([np.sum(bins[:i] == one) for i, one in enumerate(bins)])
    return bins * BIN, place


def _strip(data, layer: int) -> Plot:
    """One layer: the simple task above its line, the complex one below, a dot for each network.

    The bar at the end of a mean spans the means of all batches.
    """
    marks = [Line((0, 5), (0, 0), "faint", 1)]
    for task, side, start in zip(TASK_NAMES, (1, -1), (0, KEEP), strict=True):
        x, place = stacked(data["bits"][layer, start : start + KEEP])
        mean = float(data["mean"][task][layer])
        batches = data["batches"][task][:, layer]
        marks += [
            Line((batches.min(), batches.max()), (side * 19.5, side * 19.5), ROLES[task], 4, opacity=0.5),
            Dots(x, side * (place + 1.6), (ROLES[task],), radius=2.6),
            Highlight(
                f"{task}_{layer + 1}",
                (
                    Line((mean, mean), (0, side * 23), ROLES[task], 1.6, dash="3 3"),
                    Label(
                        mean,
                        side * 23,
                        f"{mean:.2f}",
                        f"{ROLES[task]}-text",
                        "end" if mean > 3.9 else "start",
                        dx=-5 if mean > 3.9 else 5,
                        dy=4,
                        bold=True,
                        halo=True,
                    ),
                ),
            ),
        ]
    if layer == 2 and data["bet"]:
        centre = float(data["mean"]["simple"][2])
        end = min(max(centre + data["bet"], 0), 5)
        marks += [
            Rect(centre, -1.1, end, 1.1, "selection", radius=2),
            Label(
                (centre + end) / 2, -1.1, "your bet", "selection-text", "middle", dy=14, size=12, halo=True
            ),
        ]
    marks.append(Label(0, 27, LAYER_NAMES[layer], "ink", dy=-8, bold=True))
    if layer == 0:
        low = float(data["mean"]["simple"][0]) < 2.5  # the dots are on the left
        x, anchor, dx = (5, "end", -2) if low else (0, "start", 2)
        for task, y in zip(TASK_NAMES, (14, -14), strict=True):
            text = f"{ROLES[task]}-text"
            marks.append(Label(x, y, TASK_WORDS[task], text, anchor, dx, size=12, bold=True, halo=True))
            if stuck := data["failed"][task]:
                words = f"{stuck} seed{'s' * (stuck > 1)} got stuck"
                marks.append(Label(x, y, words, text, anchor, dx, 15, size=12, halo=True))
    return Plot(
        tuple(marks),
        Axis("bits" if layer == N_LAYERS - 1 else "", (-0.1, 5.1), ticks=(0, 1, 2, 3, 4, 5)),
        Axis(domain=(-27, 27), hidden=True),
        heights=(230, 230),
        margins=(24, 8, 42, 8),
    )


@network_entropies.values
def entropies_values(data):
    return {
        f"{task}_{layer + 1}": float(data["mean"][task][layer])
        for task in TASK_NAMES
        for layer in range(N_LAYERS)
    } | {
        "gap": float(data["mean"]["complex"][2] - data["mean"]["simple"][2]),
        "gap_low": float(_gaps(data).min()),
        "gap_high": float(_gaps(data).max()),
        "failed_simple": data["failed"]["simple"],
        "failed_complex": data["failed"]["complex"],
    }


def _gaps(data) -> np.ndarray:
    """By how many bits the random tables keep more in layer 3, in each batch."""
    return data["batches"]["complex"][:, 2] - data["batches"]["simple"][:, 2]


@network_entropies.describe
def entropies_description(data):
    simple, complicated = (float(data["mean"][task][2]) for task in TASK_NAMES)
    return (
        f"To a tolerance of {power_text(data['tolerance'])}, layer 3 keeps {simple:.2f} of 5 bits where the "
        f"first bit was learnt, and {complicated:.2f} where a random table was; "
        f"{_gap_words(_gaps(data))} in three batches."
    )


def _gap_words(gaps: np.ndarray) -> str:
    """How many bits more the random tables keep, or fewer, as words."""
    low, high = float(gaps.min()), float(gaps.max())
    if high < 0:
        return f"{-high:.2f} to {-low:.2f} less"
    return f"{low:.2f} to {high:.2f} more" if low >= 0 else f"{-low:.2f} less to {high:.2f} more"


@network_entropies.value_text
def entropies_value_text(data):
    simple, complicated = (float(data["mean"][task][2]) for task in TASK_NAMES)
    return {
        "tolerance": f"{power_text(data['tolerance'])}; layer 3 keeps {simple:.2f} and {complicated:.2f} bits"
    }


@network_entropies.table
def entropies_table(data):
    bits = np.asarray(data["bits"])
    return {"network": np.arange(1, 2 * KEEP + 1), "task": np.repeat(TASK_NAMES, KEEP)} | {
        name.replace(" ", "_"): bits[layer] for layer, name in enumerate(LAYER_NAMES)
    }
