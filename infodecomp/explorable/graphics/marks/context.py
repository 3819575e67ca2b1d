"""What a mark needs to know of the plot that it is drawn in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from infodecomp.explorable.graphics.scales import Scale


@dataclass(frozen=True)
class PlotContext:
    """The scales, colours and drawing options of one plot at one size.

    Parameters
    ----------
    x, y : Scale
        From the units of the axes to pixels.
    colour : callable
        Palette role -> CSS colour.
    narrow : bool
        Whether the plot is drawn for a phone.
    interactive : bool
        Whether the picture stays on a page. Elsewhere handles, links and pointer surfaces are left out, and all text
        is in the one typeface that the picture carries with it.
    simplify : bool
        Whether lines drop the points that the eye cannot tell apart.
    """

    x: Scale
    y: Scale
    colour: Callable[[str], str]
    narrow: bool = False
    interactive: bool = True
    simplify: bool = True


class Mark(Protocol):
    """Anything that draws itself in a plot; a figure may define marks of its own."""

    def svg(self, context: PlotContext) -> str:
        """Return the SVG elements of the mark."""
        ...
