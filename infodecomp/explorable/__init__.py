"""The engine: typed parameters, figures, SVG pictures and Markdown essays.

It imports neither the science nor the web server.
"""

from infodecomp.explorable.figures.cell_grid import CellGrid
from infodecomp.explorable.figures.figure import Figure, figure
from infodecomp.explorable.figures.key_numbers import key_number
from infodecomp.explorable.figures.parameters import Choice, IterationSlider, PowerOfTen, Range, Toggle
from infodecomp.explorable.figures.recalled_bets import (
    RecalledBet,
    recalled_bets,
    recalled_sentence,
    recalled_table,
)
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.graphics.concat import HConcat
from infodecomp.explorable.graphics.marks import (
    Area,
    Bars,
    BitGauge,
    Digits,
    Dot,
    Dots,
    DragHandle,
    Heatmap,
    Highlight,
    Label,
    Line,
    Raster,
    Rect,
    StateLink,
    Symbol,
)
from infodecomp.explorable.graphics.plot import Plot, Tooltip
from infodecomp.explorable.graphics.scales import Axis

__all__ = [
    "Area",
    "Axis",
    "Bars",
    "BitGauge",
    "CellGrid",
    "Rect",
    "Choice",
    "HConcat",
    "Digits",
    "Dot",
    "Dots",
    "Symbol",
    "Figure",
    "DragHandle",
    "Tooltip",
    "Label",
    "Line",
    "StateLink",
    "Plot",
    "PowerOfTen",
    "Range",
    "RecalledBet",
    "Raster",
    "IterationSlider",
    "Highlight",
    "Heatmap",
    "Toggle",
    "FigureState",
    "figure",
    "key_number",
    "recalled_bets",
    "recalled_sentence",
    "recalled_table",
]
