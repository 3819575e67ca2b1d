"""The matrices of a fit: which values of each column the messages distinguish at one budget."""

from typing import Any

import numpy as np

from infodecomp.explorable import (
    Axis,
    BitGauge,
    Figure,
    HConcat,
    Label,
    Plot,
    Tooltip,
    figure,
    key_number,
)
from infodecomp.explorable.graphics.marks import Mark
from infodecomp.explorable.graphics.text_metrics import text_width
from infodecomp.pictures.fit_plane import unique_names
from infodecomp.pictures.labels import fit_text
from infodecomp.pictures.matrices import (
    ACROSS,
    SideLabel,
    Tile,
    alike_order,
    extremes_text,
    large_matrix,
    small_matrices,
)
from infodecomp.pictures.shown_fit import SILENT, ShownFit, brief

LARGE, SMALL = 32, 20  # levels of a matrix, at most, and one for missing values
LEFT, TOP, CELLS = 96, 58, 250  # pixels: margins, and about the side of the large matrix
MOST_NAMES = 12  # beside it
TILE_NAME, SIDE_NAME = 74, 86  # pixels


def matrices_figure(shown: ShownFit) -> Figure:
    """The figure of a fit's matrices."""

    @figure(
        parameters=(shown.bits, shown.column),
        title="Which values the messages tell apart",
        controls=("bits",),
        decimals=2,
        source=shown.source,
    )
    def matrices(bits, column):
        """1 minus the Bhattacharyya coefficient of the encodings of every two values, at a budget of bits."""
        chosen, budget = int(column) - 1, shown.within(bits)
        levels = shown_levels(shown, chosen, LARGE)
        matrix = shown.fit.distinguishability(chosen, budget, levels)
        size = len(levels)
        across, down = (part.ravel() for part in np.meshgrid(np.arange(size), np.arange(size)))
        names = np.array([shown.columns[chosen].levels[level] for level in levels], object)
        return {
            "bits": bits,
            "column": chosen,
            "levels": names.tolist(),
            "matrix": matrix,
            "spent": shown.spent(bits),
            "entropy": [feature.entropy for feature in shown.fit.features],
            "pairs": {
                "x": across + 0.5,
                "y": size - down - 0.5,
                "one": names[down].tolist(),
                "other": names[across].tolist(),
                "apart": matrix.ravel().round(4),
            },
        }

    @matrices.draw
    def picture(data):
        return HConcat((_large(shown, data), _small(shown, data)), (1.5, 1), gap=22, stack_below=560)

    @matrices.values
    def values(data):
        return {"bits": data["bits"], "column_bits": data["spent"][data["column"]]}

    @matrices.describe
    def description(data):
        chosen, n = data["column"], len(shown.columns)
        is_ordered = shown.columns[chosen].is_ordered  # the level of missing values is then the last one
        name, spent = shown.columns[chosen].brief, data["spent"]
        used = int((spent >= SILENT).sum())
        whole = {1: "the one column", 2: "both columns"}.get(n, f"all {n} columns")
        count = f"{used} of the {n} columns" if used < n else whole
        bits = key_number(shown.bits_text(data["bits"]), "selection")
        if used == 0:
            return f"With {bits} no column gets more than a trace: its values look much the same."
        start, named = f"Your {bits} go into {count}.", float(spent[spent >= SILENT].sum())
        if spent.sum() - named >= SILENT:  # many columns may have a little each
            start = f"Of your {bits}, {named:.2f} go into {count}; of the others, each gets a trace at most."
        if spent[chosen] < SILENT:
            return f"{start} Hardly any go into {name}: all its values look the same."
        known = slice(len(data["levels"]) - (shown.fit.features[chosen].missing and is_ordered))
        names = [brief(text) for text in data["levels"][known]]
        return f"{start} {extremes_text(data['matrix'][known, known], names, name, is_ordered)}"

    @matrices.value_text
    def value_text(data):
        name, bits = shown.columns[data["column"]].name, data["spent"][data["column"]]
        return {"bits": f"{shown.bits_text(data['bits'])} in all, {bits:.2f} of them for {name}"}

    @matrices.table
    def table(data):
        first = {shown.columns[data["column"]].name: data["levels"]}
        return first | dict(zip(unique_names(data["levels"], first), data["matrix"]))

    return matrices


def shown_levels(shown: ShownFit, column: int, most: int) -> np.ndarray:
    """The levels that a matrix has room for: evenly chosen ones of numbers, else the most frequent, of
    which those that look alike stand together.

    Returns
    -------
    ndarray of int64, shape (n_shown,)
    """
    feature = shown.fit.features[column]
    n = feature.n_levels
    if shown.columns[column].is_ordered:
        return np.unique(np.linspace(0, n - 1, min(n, most + feature.missing)).round().astype(int))
    levels = np.sort(np.argsort(-feature.p, kind="stable")[:most])
    if n == 2:
        return levels
    budget = shown.within(shown.bits.default or 0.0)  # so that no value moves while the budget does
    return levels[alike_order(shown.fit.distinguishability(column, budget, levels))]


def _large(shown: ShownFit, data: dict[str, Any]) -> Plot:
    """The matrix of the chosen column with its values named, and a key to its tones."""
    chosen, matrix = data["column"], data["matrix"]
    size, n_levels = len(matrix), shown.fit.features[chosen].n_levels
    bits, entropy, name = float(data["spent"][chosen]), data["entropy"][chosen], shown.columns[chosen].name
    title: list[Mark] = [
        Label(
            0,
            size,
            fit_text(name, LEFT + CELLS, 16),
            "selection-text",
            dx=-LEFT + 2,
            dy=-44,
            size=15,
            bold=True,
            narrow=fit_text(name, LEFT + 150, 16),
        ),
        BitGauge(0, size, bits, "series-1", dx=-LEFT + 2, dy=-26),
        Label(size, size, f"{bits:.2f} of its {entropy:.2f} bits", "ink", "end", dy=-22, bold=True),
    ]
    notes: list[Mark] = []
    if n_levels > size:
        which = "" if shown.columns[chosen].is_ordered else "most frequent "
        words = f"{size} {which}of its {n_levels} values"
        notes.append(Label(0, size, words, "muted", dy=-6, size=12))
    if bits < SILENT:
        notes.append(Label(size / 2, size / 2, "not used", "muted", "middle", dy=5, size=14))
    return Plot(
        tuple(large_matrix(matrix, "series-1", title, _side_labels(data["levels"]), notes)),
        Axis(domain=(0, size), hidden=True),
        Axis(domain=(-size * 0.19, size), hidden=True),
        ratio=1.28,
        heights=(370, 392),
        margins=(TOP, 6, 24, LEFT),
        hover=Tooltip("pairs", "x", "y", "{one} and {other}: {apart:2}"),
    )


def _side_labels(levels: list[str]) -> list[SideLabel]:
    """Names of some rows, and of the columns below them where these have room."""
    size = len(levels)
    step = -(-size // MOST_NAMES)
    rows = range(0, size, step)
    room = CELLS * 0.8 / size * step
    fits = all(text_width(levels[i], 12) < room - 4 for i in rows)
    return [SideLabel(i + 0.5, fit_text(levels[i], SIDE_NAME, 12), levels[i] if fits else "") for i in rows]


def _small(shown: ShownFit, data: dict[str, Any]) -> Plot:
    """The leading columns, those with most bits first."""
    budget = shown.within(data["bits"])

    def tile(column: int) -> Tile:
        bits, name = float(data["spent"][column]), shown.columns[column].name
        levels = shown_levels(shown, column, SMALL)
        return Tile(
            f"column={column + 1}",
            fit_text(name, TILE_NAME),
            f"{name}: {bits:.2f} bits",
            bits,
            shown.fit.distinguishability(column, budget, levels) if bits >= SILENT else None,
            chosen=column == data["column"],
        )

    tiles = [tile(column) for column in shown.ranked]
    used = [own for own in tiles if own.matrix is not None]
    rows = -(-len(tiles) // ACROSS)
    return small_matrices(used, [own for own in tiles if own.matrix is None], rows)
