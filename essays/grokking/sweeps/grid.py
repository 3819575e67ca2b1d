"""The grid of the parity sweep: a block for each weight decay, in it a cell for each size of training set and
of network, and in each cell nine seeds.
"""

from dataclasses import dataclass

import numpy as np

from infodecomp.experiments.grokking.parity_sweep import DECAYS, SIZES, WIDTHS
from infodecomp.explorable import Axis, Dots, DragHandle, Label, Plot, Rect
from infodecomp.explorable.graphics.marks import PlotContext
from infodecomp.explorable.graphics.scales import format_number
from infodecomp.parity.sweep import OUTCOMES

SIDE = 3  # the nine seeds of a cell stand in three rows
CELL, BLOCK_GAP = SIDE + 0.7, 2.2  # in units of the distance between two seeds
BLOCK = len(SIZES) * CELL + BLOCK_GAP
COLUMNS, ROWS = len(DECAYS) * len(SIZES) * SIDE, len(WIDTHS) * SIDE
NAMES = {
    "grokked": "grokked",
    "generalised": "knew at once",
    "memorised": "memorised",
    "neither": "neither",
}
ROLES = {"grokked": "series-1", "generalised": "target", "memorised": "series-2", "neither": "noise"}
RADII = {"grokked": 3.1, "generalised": 3.1, "memorised": 2.2, "neither": 1.2}  # pixels
LEGEND_UP = -46  # pixels
HOLE = 1.5  # pixels: a network that knew at once is drawn as a ring


def column_of(decay: int, size: int, seed: int) -> int:
    """The column of a network in the grid."""
    return (decay * len(SIZES) + size) * SIDE + seed % SIDE


def row_of(width: int, seed: int) -> int:
    """The row of a network in the grid, from the bottom."""
    return width * SIDE + seed // SIDE


def place_x(column):
    """Where a column stands in the picture."""
    group, seed = np.divmod(column, SIDE)
    decay, size = np.divmod(group, len(SIZES))
    return decay * BLOCK + size * CELL + seed


def place_y(row):
    """Where a row stands in the picture."""
    width, seed = np.divmod(row, SIDE)
    return width * CELL + seed


@dataclass(frozen=True)
class _Outcome:
    """An entry of the legend in the margin above the grid: a dot and a count. A phone has two in a row.

    Parameters
    ----------
    name : str
        The outcome.
    count : int
        How many networks have come to it.
    """

    name: str
    count: int

    def svg(self, context: PlotContext) -> str:
        name, columns = self.name, 2 if context.narrow else 4
        row, column = divmod(list(NAMES).index(name), columns)
        x = context.x.start - 25 + column * (context.x.stop - context.x.start + 25) / columns
        y = context.y.stop + (LEGEND_UP - 20 + 18 * row if context.narrow else LEGEND_UP)
        role = "muted" if name == "neither" else f"{ROLES[name]}-text"
        place = f'cx="{format_number(x)}" cy="{format_number(y)}"'
        hole = f'<circle {place} r="{HOLE + 0.6:g}" fill="{context.colour("paper")}"/>'
        return (
            f'<circle {place} r="{RADII[name] + 1:g}" fill="{context.colour(ROLES[name])}"/>'
            f"{hole * (name == 'generalised')}"
            f'<text x="{format_number(x + 8)}" y="{format_number(y + 4)}" fill="{context.colour(role)}" '
            f'font-size="12.5" font-weight="600">{NAMES[name]} {self.count}</text>'
        )


def grid_plot(data: dict, state: dict, text: str) -> Plot:
    """All networks, with a ring around the chosen one.

    Parameters
    ----------
    data
        Has `networks` (columns column, row, outcome), `counts`, and column and row of the chosen one.
    state
        What the handle moves; see `DragHandle`.
    text
        The chosen network in words.
    """
    networks = data["networks"]
    x, y = place_x(networks["column"]), place_y(networks["row"])
    marks: list = []
    for index, name in enumerate(OUTCOMES):
        those = networks["outcome"] == index
        if those.any():
            marks.append(Dots(x[those], y[those], (ROLES[name],), radius=RADII[name]))
            if name == "generalised":
                marks.append(Dots(x[those], y[those], ("paper",), radius=HOLE))
    last = len(DECAYS) * BLOCK - BLOCK_GAP + 0.5
    marks += [*_names(), *(_Outcome(name, data["counts"][name]) for name in NAMES)]
    here = float(place_x(data["column"])), float(place_y(data["row"]))
    x, y = here
    ring = (Rect(x - 1.1, y - 1.1, x + 1.1, y + 1.1, "", radius=9, stroke="selection", stroke_width=3),)
    keys = tuple(state)
    marks.append(DragHandle(*here, "Which network", state=state, keys=keys, text=text, marks=ring))
    return Plot(
        tuple(marks),
        Axis(domain=(-1, last), hidden=True),
        Axis(domain=(-0.8, len(WIDTHS) * CELL), hidden=True),
        ratio=0.4,
        heights=(266, 358),
        margins=(84, 8, 40, 34),
        grab=True,
    )


def _names():
    """The names of blocks, rows and columns."""
    top = len(WIDTHS) * CELL
    for index, decay in enumerate(DECAYS):
        middle = index * BLOCK + (len(SIZES) * CELL - 1.7) / 2
        yield Label(
            middle, top, f"decay {decay:g}", "ink", "middle", dy=-2, size=12.5, bold=True, narrow=f"{decay:g}"
        )
    for index, width in enumerate(WIDTHS):
        yield Label(-1, index * CELL + 1, str(width), "muted", "end", dx=-6, dy=4, size=12)
    yield Label(-1, top, "neurons", "muted", dx=-30, dy=-22, size=12, narrow="neurons; blocks: weight decay")
    sizes = ", ".join(f"{size:,}" for size in SIZES)
    for index in range(len(DECAYS)):
        for size, anchor in ((0, "start"), (len(SIZES) - 1, "end")):
            x = index * BLOCK + (size * CELL - 0.5 if size == 0 else size * CELL + SIDE - 0.5)
            yield Label(x, -0.8, f"{SIZES[size]:,}", "muted", anchor, dy=13, size=12)
    yield Label(
        -1,
        -0.8,
        f"in each block, from left to right: {sizes} training sequences",
        "muted",
        dy=31,
        size=12,
        narrow=f"in a block: {sizes} sequences",
    )
