"""Plots: marks, two axes and a size become one SVG, drawn again for every width.

There is one renderer. On a page colours are the custom properties of the page; a standalone picture has a theme
and holds its own. Text is never smaller than 11 pixels: a narrow picture has fewer ticks instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import chain
from typing import NamedTuple

from infodecomp.explorable.graphics.axes import draw_axes
from infodecomp.explorable.graphics.marks import DragHandle, Mark, MarkGroup, PlotContext, walk_groups
from infodecomp.explorable.graphics.scales import Axis, Scale, number
from infodecomp.explorable.graphics.theme import colour

MAX_HEIGHT = 2000.0  # pixels
NARROW = 480  # pixels: a narrower picture is drawn for a phone
SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


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
class Drawing:
    """An SVG document and its size in pixels."""

    svg: str
    width: float
    height: float


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
    hover : Tooltip, optional
    grab : bool or "rows"
        Whether a press anywhere in the plane moves the handle there; "rows" keeps the pointer in the row that it
        pressed.
    """

    marks: tuple[Mark | None, ...]
    x: Axis = Axis(hidden=True)
    y: Axis = Axis(hidden=True)
    ratio: float = 0.6
    heights: tuple[float, float] = (200, 460)
    margins: tuple[float, float, float, float] = (30, 18, 44, 46)
    hover: Tooltip | None = None
    grab: bool | str = False

    def height(self, width: float, max_height: float = MAX_HEIGHT) -> float:
        """Return the height at a width, at most `max_height` but enough for the margins and 60 pixels."""
        preferred = min(max(width * self.ratio, self.heights[0]), self.heights[1])
        return round(max(min(preferred, max_height), self.margins[0] + self.margins[2] + 60))

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
        top, right, bottom, left = self.margins
        (x0, x1), (y0, y1) = self.x.span(), self.y.span()
        context = PlotContext(
            Scale(x0, x1, left, width - right),
            Scale(y0, y1, self.height(width, max_height) - bottom, top),
            lambda role: colour(role, options.theme),
            width < NARROW,
            options.interactive,
            options.simplify,
        )
        axes = draw_axes(self.x, self.y, context)
        has_plane = options.interactive and (self.hover or self.grab)
        plane = self._plane(context, options.tooltips) if has_plane else ""
        return axes + plane + "".join(mark.svg(context) for mark in self.marks if mark is not None)

    def _plane(self, context: PlotContext, tooltips: bool) -> str:
        """The surface that pointers meet, with the scales that turn a pixel on it into numbers."""
        hover = ""
        if self.hover and tooltips:
            hover = (
                f' data-columns="{self.hover.columns}" data-column-x="{self.hover.x}" '
                f'data-column-y="{self.hover.y}" data-tip="{escape(self.hover.tip)}"'
            )
        grab = f' data-grab="{"rows" if self.grab == "rows" else ""}"' if self.grab else ""
        x, y = context.x, context.y
        return (
            f'<rect class="plane" data-x="{x.inverse()}" data-y="{y.inverse()}"{hover}{grab} '
            f'x="{number(x.start)}" y="{number(y.stop)}" width="{number(x.stop - x.start)}" '
            f'height="{number(y.start - y.stop)}" fill="{context.colour("paper")}" fill-opacity="0"/>'
        )


class _Cell(NamedTuple):
    """Where one part of a concatenation is drawn."""

    x: float
    y: float
    width: float
    max_height: float


@dataclass(frozen=True)
class HConcat:
    """Pictures side by side, or one above the other where that would be too narrow.

    Parameters
    ----------
    pictures : tuple of Plot or HConcat
    weights : tuple of float
        Their shares of the width.
    gap : float
        Between two of them, in pixels.
    stack_below : float
        Narrower than this, in pixels, they are stacked.
    """

    pictures: "tuple[Plot | HConcat, ...]"
    weights: tuple[float, ...]
    gap: float = 24
    stack_below: float = 560

    def _cells(self, width: float, max_height: float) -> list[_Cell]:
        cells, offset = [], 0.0
        stacked = width < self.stack_below
        share = max_height / len(self.pictures) if stacked else max_height
        available = width - self.gap * (len(self.pictures) - 1)
        for picture, weight in zip(self.pictures, self.weights, strict=True):
            if stacked:
                cells.append(_Cell(0, offset, width, share))
                offset += picture.height(width, share) + 8
            else:
                part = round(available * weight / sum(self.weights))
                cells.append(_Cell(offset, 0, part, share))
                offset += part + self.gap
        return cells

    def height(self, width: float, max_height: float = MAX_HEIGHT) -> float:
        """Return the height at a width, at most about `max_height`."""
        return max(
            cell.y + picture.height(cell.width, cell.max_height)
            for picture, cell in zip(self.pictures, self._cells(width, max_height))
        )

    def widths(self, width: float) -> list[float]:
        """Return the width of each plot when the picture has a width."""
        cells = self._cells(width, MAX_HEIGHT)
        return [w for picture, cell in zip(self.pictures, cells) for w in picture.widths(cell.width)]

    def groups(self) -> Iterator[MarkGroup]:
        """Yield the mark groups of the picture, at every depth."""
        return chain.from_iterable(picture.groups() for picture in self.pictures)

    def handle_position(self) -> tuple[float, float] | None:
        """Return where the handle of the first plane that has one lies; see `Plot.handle_position`."""
        positions = (picture.handle_position() for picture in self.pictures)
        return next((position for position in positions if position), None)

    def body(self, width: float, options: DrawOptions = PAGE, max_height: float = MAX_HEIGHT) -> str:
        """Return the SVG elements of the picture, without the document around them."""
        return "".join(
            f'<g transform="translate({number(cell.x)} {number(cell.y)})">'
            f"{picture.body(cell.width, options, cell.max_height)}</g>"
            for picture, cell in zip(self.pictures, self._cells(width, max_height))
        )


Picture = Plot | HConcat


def render(
    picture: Picture,
    width: float = 640,
    options: DrawOptions = PAGE,
    label: str = "",
    max_height: float = MAX_HEIGHT,
) -> Drawing:
    """Draw a picture as an SVG document.

    Parameters
    ----------
    picture : Plot or HConcat
    width : float
        In pixels.
    options : DrawOptions
    label : str
        Its accessible description.
    max_height : float
        In pixels.

    Returns
    -------
    Drawing
    """
    body, height = picture.body(width, options, max_height), picture.height(width, max_height)
    # assistive technology does not look into an image, so a picture with focusable parts is a group
    focusable = options.interactive and any(group.is_focusable for group in picture.groups())
    background = ""
    if options.theme is not None:
        fill = colour("paper", options.theme)
        background = f'<rect width="{number(width)}" height="{number(height)}" fill="{fill}"/>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(width)}" height="{number(height)}" '
        f'viewBox="0 0 {number(width)} {number(height)}" role="{"group" if focusable else "img"}" '
        f'aria-label="{escape(label)}" font-family="{SANS}" font-size="13">{background}{body}</svg>'
    )
    return Drawing(svg, width, height)
