"""A table that readers draw, how networks learn it, and what their layers share."""

import numpy as np

from infodecomp.experiments.same_computation.drawn_functions import (
    CUTOFF,
    N_NETWORKS,
    N_SNAPSHOTS,
    STEPS_PER_SNAPSHOT,
)
from infodecomp.explorable import Axis, CellGrid, Dots, HConcat, Label, Line, Plot, Raster, Rect, StateLink
from infodecomp.explorable.core.numbers import power_text

from ..forty import LAYER_NAMES

TABLE = CellGrid(name="table", label="your table by rows; r to z mean .1 to .9", default="0110" * 4)
PAIRS = ("00", "01", "10", "11")


def finder_picture(data):
    left = HConcat((_board(data), _learning(data)), (1, 1.5), gap=18, stack_below=300)
    return HConcat(
        (left, HConcat((_layers(data), _matrix(data)), (1.3, 1), gap=18, stack_below=0)),
        (1, 1),
        stack_below=800,
    )


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
    marks += [Label(i + 0.5, 4, bits, "muted", "middle", dy=-5, size=12) for i, bits in enumerate(PAIRS)]
    marks += [Label(0, 3.5 - i, bits, "muted", "end", dx=-4, dy=4, size=12) for i, bits in enumerate(PAIRS)]
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
        Axis("loss", (-6, 0), ticks=(-4, -2, 0), names={-4: "0.0001", -2: "0.01", 0: "1"}),
        heights=(200, 240),
        margins=(34, 10, 44, 46),
    )


def _layers(data) -> Plot:
    """The bits of each layer, a dot for each network, and the copies that survive noise."""
    bits = np.asarray(data["bits"])
    marks = [Label(0, 4, "what each layer keeps", "ink", dy=-12, size=12, bold=True)]
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
        heights=(240, 270),
        margins=(28, 10, 44, 8),
    )


def _matrix(data) -> Plot:
    """Ratios of layer 3 for all pairs; in words, the directions pinned down and the copies that survive."""
    ratio, n = np.asarray(data["ratio"]), N_NETWORKS
    other = ~np.eye(n, dtype=bool)
    marks = [
        Raster(0, 0, n, n, ratio, "target"),
        Rect(0, 0, n, n, "", stroke="noise"),
        Label(0, n, "layer 3 of each pair", "ink", dy=-12, size=12, bold=True),
        Label(0, 0, f"ratio {ratio[other].mean():.2f} on average", "ink", dy=18, size=12),
        Label(0, 0, f"{data['effective']:.1f} directions fixed", "ink", dy=35, size=12),
    ]
    if np.isfinite(data["survival"]).all():
        words = f"{data['survival'][1]:.0%} survive noise"
        marks.append(Label(0, 0, words, "ink", dy=52, size=12))
    return Plot(
        tuple(marks),
        Axis(domain=(0, n), hidden=True),
        Axis(domain=(0, n), hidden=True),
        ratio=1.25,
        heights=(212, 272),
        margins=(28, 4, 60, 4),
    )
