"""The engine that turns figures and Markdown into pages: parameters, figures, pictures, essays. It knows no science and no server."""

from infodecomp.explorable.figures.cell_grid import CellGrid
from infodecomp.explorable.figures.figure import Figure, FigureState, figure
from infodecomp.explorable.graphics.marks import Area, Bars, BitGauge, Rect, Digits, Dot, Dots, Symbol, DragHandle, Label, Line, StateLink, Highlight, Heatmap
from infodecomp.explorable.figures.parameters import Choice, Range, IterationSlider, Toggle
from infodecomp.explorable.graphics.plot import HConcat, Tooltip, Plot
from infodecomp.explorable.figures.runs import Runs
from infodecomp.explorable.graphics.scales import Axis

__all__ = ["Area", "Axis", "Bars", "Bits", "Board", "Box", "Choice", "Columns", "Digits", "Dot", "Dots", "Drawing", "Figure", "Handle", "Hover", "Label",
           "Line", "Pick", "Plot", "Range", "Runs", "Steps", "Tells", "Tones", "Toggle", "View", "figure"]
