"""The engine that turns figures and Markdown into pages: parameters, figures, pictures, essays. It knows no science and no server."""

from infodecomp.explorable.figures.cell_grid import Board
from infodecomp.explorable.figures.figure import Figure, View, figure
from infodecomp.explorable.graphics.marks import Area, Bars, Bits, Box, Digits, Dot, Dots, Drawing, Handle, Label, Line, Pick, Tells, Tones
from infodecomp.explorable.figures.parameters import Choice, Range, Steps, Toggle
from infodecomp.explorable.graphics.plot import Columns, Hover, Plot
from infodecomp.explorable.figures.runs import Runs
from infodecomp.explorable.graphics.scales import Axis

__all__ = ["Area", "Axis", "Bars", "Bits", "Board", "Box", "Choice", "Columns", "Digits", "Dot", "Dots", "Drawing", "Figure", "Handle", "Hover", "Label",
           "Line", "Pick", "Plot", "Range", "Runs", "Steps", "Tells", "Tones", "Toggle", "View", "figure"]
