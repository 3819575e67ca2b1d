"""The engine that turns figures and Markdown into pages: parameters, figures, pictures, essays. It knows no science and no server."""

from infodecomp.explorable.boards import Board
from infodecomp.explorable.figures import Figure, View, figure
from infodecomp.explorable.marks import Area, Bars, Bits, Box, Digits, Dot, Dots, Drawing, Handle, Label, Line, Pick, Tells, Tones
from infodecomp.explorable.parameters import Choice, Range, Steps, Toggle
from infodecomp.explorable.plot import Columns, Hover, Plot
from infodecomp.explorable.runs import Runs
from infodecomp.explorable.scales import Axis

__all__ = ["Area", "Axis", "Bars", "Bits", "Board", "Box", "Choice", "Columns", "Digits", "Dot", "Dots", "Drawing", "Figure", "Handle", "Hover", "Label",
           "Line", "Pick", "Plot", "Range", "Runs", "Steps", "Tells", "Tones", "Toggle", "View", "figure"]
