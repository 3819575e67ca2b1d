"""Plots: marks over two axes, drawn as SVG for each width.

On a page colours are custom properties; a standalone picture has a theme and holds its colours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from infodecomp.explorable.graphics.axes import draw_axes
from infodecomp.explorable.graphics.marks import DragHandle, Mark, MarkGroup, PlotContext, walk_groups
from infodecomp.explorable.graphics.scales import Axis, Scale, format_number
from infodecomp.explorable.graphics.theme import palette

MAX_HEIGHT = 2000.0  # pixels
NARROW = 480  # pixels: narrower pictures are drawn for a phone


@dataclass(frozen=True)
class DrawOptions:
    """How a picture is drawn, besides its size.

    Parameters
    ----------
    theme : {"light", "dark"}, optional
        The palette of a standalone picture; None uses the custom properties of the page.
    interactive : bool
        Whether to draw what only a page needs: handles, links, the surface for pointers.
    tooltips : bool
        Whether the surface for pointers names the data columns of its tooltip.
    simplify : bool
        Whether lines drop points that make no visible difference; False lets two pictures be interpolated.
    """

    theme: str | None = None
    interactive: bool = True
    tooltips: bool = True
    simplify: bool = True


PAGE = DrawOptions()


@dataclass(frozen=True)
class Tooltip:
    """What a page shows of the nearest data point.

    Parameters
    ----------
    columns : str
        Which entry of the figure's data holds the columns.
    x, y : str
        The columns that lie along the axes.
    tip : str
        The text; {bits_a:2} stands for a number with two decimals, {day} for a text.
    """

    columns: str
    x: str
    y: str
    tip: str


@dataclass(frozen=True)
class Plot:
    """Marks over two axes.

    Parameters
    ----------
    marks : tuple of Mark or None
        In drawing order; None is skipped.
    x, y : Axis
    ratio : float
        Height to width.
    heights : (float, float)
        Limits of the height, in pixels.
    margins : (float, float, float, float)
        Top, right, bottom and left, in pixels.
    least_plane : float
        The least height between the margins, in pixels; it comes before both limits.
    hover : Tooltip, optional
    grab : bool or "rows"
        Whether a press anywhere in the plane moves the handle there; "rows" keeps the pointer in the row
        where the press began.
    equal : bool
        Whether a unit is as long on both axes, so that a circle is round at every size.
    """

    marks: tuple[Mark | None, ...]
    x: Axis = Axis(hidden=True)
    y: Axis = Axis(hidden=True)
    ratio: float = 0.6
    heights: tuple[float, float] = (200, 460)
    margins: tuple[float, float, float, float] = (30, 18, 44, 46)
    hover: Tooltip | None = None
    grab: bool | str = False
    equal: bool = False
    least_plane: float = 60

    def height(self, width: float, max_height: float = MAX_HEIGHT) -> float:
        """Return the height at a width, at most `max_height` but enough for the margins and the plane."""
        preferred = min(max(width * self.ratio, self.heights[0]), self.heights[1])
        return round(max(min(preferred, max_height), self.margins[0] + self.margins[2] + self.least_plane))

    def widths(self, width: float) -> list[float]:
        """Return the width of each plot when the picture has a width."""
        return [width]

    def groups(self) -> Iterator[MarkGroup]:
        """Yield the mark groups of the picture, at every depth."""
        return walk_groups(self.marks)

    def handle_position(self) -> tuple[float, float] | None:
        """Return where the handle of the plane lies, as shares of its width and height from the top left."""
        if not self.grab:
            return None
        for group in self.groups():
            if isinstance(group, DragHandle) and not group.moves:
                (x0, x1), (y0, y1) = self.x.span(), self.y.span()
                return (group.x - x0) / (x1 - x0), (y1 - group.y) / (y1 - y0)
        return None

    def body(self, width: float, options: DrawOptions = PAGE, max_height: float = MAX_HEIGHT) -> str:
        """Return the SVG elements of the picture, without the document around them."""
        context = PlotContext(
            *self._scales(width, self.height(width, max_height)),
            palette(options.theme).__getitem__,
            width < NARROW,
            options.interactive,
            options.simplify,
        )
        axes = draw_axes(self.x, self.y, context)
        plane = ""
        if options.interactive and (self.hover or self.grab):
            hover = self.hover if options.tooltips else None
            plane = _plane(context.x, context.y, hover, self.grab, context.colour("paper"))
        return axes + plane + "".join([mark.svg(context) for mark in self.marks if mark is not None])

    def _scales(self, width: float, height: float) -> tuple[Scale, Scale]:
        """The scales of both axes; where a unit is as long on both, the plane lies in the middle."""
        top, right, bottom, left = self.margins
        (x0, x1), (y0, y1) = self.x.span(), self.y.span()
        across, up = width - left - right, height - top - bottom
        spare_x = spare_y = 0.0
        if self.equal:
            unit = min(across / (x1 - x0), up / (y1 - y0))
            spare_x, spare_y = (across - unit * (x1 - x0)) / 2, (up - unit * (y1 - y0)) / 2
        return (
            Scale(x0, x1, left + spare_x, width - right - spare_x),
            Scale(y0, y1, height - bottom - spare_y, top + spare_y),
        )


@lru_cache(maxsize=256)
def _plane(x: Scale, y: Scale, hover: Tooltip | None, grab: bool | str, paper: str) -> str:
    """The surface that receives pointer events, with the scales that convert its pixels to values."""
    tooltip = ""
    if hover:
        tooltip = (
            f' data-columns="{hover.columns}" data-column-x="{hover.x}" '
            f'data-column-y="{hover.y}" data-tip="{escape(hover.tip)}"'
        )
    grab_attribute = f' data-grab="{"rows" if grab == "rows" else ""}"' if grab else ""
    return (
        f'<rect class="plane" data-x="{x.attribute()}" data-y="{y.attribute()}"{tooltip}{grab_attribute} '
        f'x="{format_number(x.start)}" y="{format_number(y.stop)}" '
        f'width="{format_number(x.stop - x.start)}" height="{format_number(y.start - y.stop)}" '
        f'fill="{paper}" fill-opacity="0"/>'
    )
