"""What a mark needs to know about the plot that it is drawn in."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Protocol

from infodecomp.explorable.graphics.scales import Scale, format_number


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
        Whether the picture is shown on a page. Otherwise handles, links and pointer surfaces are left out,
        and all text uses the embedded typeface.
    simplify : bool
        Whether lines drop points that make no visible difference.
    """

    x: Scale
    y: Scale
    colour: Callable[[str], str]
    narrow: bool = False
    interactive: bool = True
    simplify: bool = True

    def point(self, x: float, y: float, dx: float = 0, dy: float = 0) -> tuple[str, str]:
        """Return the pixels of a point, moved by an offset in pixels, as texts."""
        across, up = self.x, self.y
        return (
            format_number(across.start + (x - across.low) * across.slope + dx),
            format_number(up.start + (y - up.low) * up.slope + dy),
        )


def is_finite(*values: float) -> bool:
    """Whether all of some positions and sizes are finite; a mark of which one is not is left out."""
    return all(map(isfinite, values))


class Mark(Protocol):
    """Anything that draws itself in a plot; a figure may define marks of its own."""

    def svg(self, context: PlotContext) -> str:
        """Return the SVG elements of the mark."""
        ...
