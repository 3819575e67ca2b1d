"""Marks: the parts of a picture. Each holds data in the units of the axes and draws itself as SVG.

What is not finite is left out: a mark with such a position, size or value, one of many dots, bars or cells. A
line and an area are interrupted there.

The number of SVG nodes decides how fast a browser draws, so a thousand dots are one path per colour.
"""

from infodecomp.explorable.graphics.marks.context import Mark, PlotContext
from infodecomp.explorable.graphics.marks.data import Bars, BitGauge, Dots, Heatmap
from infodecomp.explorable.graphics.marks.interaction import (
    DragHandle,
    Highlight,
    MarkGroup,
    StateLink,
    walk_groups,
)
from infodecomp.explorable.graphics.marks.raster import Raster
from infodecomp.explorable.graphics.marks.shapes import Area, Dot, Line, Rect, Symbol
from infodecomp.explorable.graphics.marks.text import Digits, Label

__all__ = [
    "Area",
    "Bars",
    "BitGauge",
    "Digits",
    "Dot",
    "Dots",
    "DragHandle",
    "Heatmap",
    "Highlight",
    "Label",
    "Line",
    "Mark",
    "MarkGroup",
    "PlotContext",
    "Raster",
    "Rect",
    "StateLink",
    "Symbol",
    "walk_groups",
]
