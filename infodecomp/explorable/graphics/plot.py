"""Plots: marks, two axes and a size become one SVG, drawn anew for the width that it gets.

There is one renderer. On a page colours are the page's custom properties; a picture that stands alone has a theme and
holds its own. Text is never smaller than 11 pixels: what gives way on a narrow page is the number of ticks.
"""

from dataclasses import dataclass
from html import escape

from infodecomp.explorable.graphics.marks import PlotContext
from infodecomp.explorable.graphics.scales import Axis, Scale, number
from infodecomp.explorable.graphics.theme import colour

MOST = 2000.0  # pixels: no picture is higher
NARROW = 480  # pixels: below this a picture is drawn for a phone
SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


@dataclass(frozen=True)
class Tooltip:
    """Which columns of the data lie under the pointer, and what is said of the nearest: `tip` names columns as {bits_a:2} for
    numbers with two decimals, or {day} for words."""

    columns: str
    x: str
    y: str
    tip: str


@dataclass(frozen=True)
class Plot:
    """Marks over two axes. ratio: height to width; heights: the limits of the height, in pixels.

    margins: top, right, bottom, left, in pixels. grab: whether a press anywhere in the plane takes the handle there; 'rows': a hand stays on the row that it pressed.
    """

    marks: tuple
    x: Axis = Axis(hidden=True)
    y: Axis = Axis(hidden=True)
    ratio: float = 0.6
    heights: tuple = (200, 460)
    margins: tuple = (30, 18, 44, 46)
    hover: Tooltip | None = None
    grab: bool | str = False

    def height(self, width: float, most: float = MOST) -> float:
        """The height at a width; `most` cuts it, down to what the margins and a little more need."""
        wanted = min(max(width * self.ratio, self.heights[0]), self.heights[1])
        return round(max(min(wanted, most), self.margins[0] + self.margins[2] + 60))

    def widths(self, width: float) -> list[float]:
        """The width of each plot in a picture of a width."""
        return [width]

    def body(self, width: float, theme: str | None, most: float = MOST) -> str:
        top, right, bottom, left = self.margins
        (x0, x1), (y0, y1) = self.x.span(), self.y.span()
        context = PlotContext(
            Scale(x0, x1, left, width - right),
            Scale(y0, y1, self.height(width, most) - bottom, top),
            lambda role: colour(role, theme),
            width < NARROW,
        )
        plane = ""
        if self.hover or self.grab:
            plane = self._plane(context)
        return (
            _axes(self, context)
            + plane
            + "".join(mark.svg(context) for mark in self.marks if mark is not None)
        )

    def _plane(self, context: PlotContext) -> str:
        """The surface that pointers meet, with the scales that turn a place on it into numbers."""
        hover = ""
        if self.hover:
            hover = (
                f' data-columns="{self.hover.columns}" data-column-x="{self.hover.x}" data-column-y="{self.hover.y}" '
                f'data-tip="{escape(self.hover.tip)}"'
            )
        grab = f' data-grab="{"rows" if self.grab == "rows" else ""}"' if self.grab else ""
        return (
            f'<rect class="plane" data-x="{context.x.inverse()}" data-y="{context.y.inverse()}"{hover}{grab} '
            f'x="{number(context.x.start)}" y="{number(context.y.stop)}" width="{number(context.x.stop - context.x.start)}" '
            f'height="{number(context.y.start - context.y.stop)}" fill="{context.colour("paper")}" fill-opacity="0"/>'
        )


def _axes(plot: Plot, context: PlotContext) -> str:
    """Thin axes with few ticks; the label of y stands above it, where it is read without turning one's head."""
    x, y, ink, line = context.x, context.y, context.colour("muted"), context.colour("faint")
    parts = []
    if not plot.x.hidden:
        ticks = [(number(x(value)), text) for value, text in plot.x.marks()]
        bars = "".join(f"M{at} {number(y.start)}v5" for at, _ in ticks)
        parts.append(
            f'<path d="M{number(x.start)} {number(y.start)}H{number(x.stop)}{bars}" stroke="{ink}" fill="none"/>'
        )
        words = "".join(
            f'<text x="{at}" y="{number(y.start + 19)}">{escape(text)}</text>' for at, text in ticks
        )
        parts.append(f'<g fill="{ink}" font-size="12" text-anchor="middle">{words}</g>')
        parts.append(
            f'<text x="{number(x.stop)}" y="{number(y.start + 37)}" fill="{ink}" font-size="12" '
            f'text-anchor="end">{escape(plot.x.label)}</text>'
        )
    if not plot.y.hidden:
        ticks = [(number(y(value)), text) for value, text in plot.y.marks()]
        if plot.y.grid and ticks:
            bars = "".join(f"M{number(x.start)} {at}H{number(x.stop)}" for at, _ in ticks)
            parts.append(f'<path d="{bars}" stroke="{line}" fill="none"/>')
        words = "".join(
            f'<text x="{number(x.start - 8)}" y="{at}" dy=".34em">{escape(text)}</text>' for at, text in ticks
        )
        parts.append(f'<g fill="{ink}" font-size="12" text-anchor="end">{words}</g>')
        parts.append(
            f'<text x="{number(max(x.start - plot.margins[3] + 4, 0))}" y="{number(y.stop - 14)}" fill="{ink}" '
            f'font-size="12">{escape(plot.y.label)}</text>'
        )
    return "".join(parts)


@dataclass(frozen=True)
class HConcat:
    """Pictures side by side with shares of the width, or one above the other where that would be narrow."""

    pictures: tuple
    weights: tuple
    gap: float = 24
    stack_below: float = 560

    def _places(self, width: float, most: float) -> list[tuple[float, float, float, float]]:
        """(x, y, width, most) of each picture."""
        places, offset = [], 0.0
        stacked = width < self.stack_below
        share = most / len(self.pictures) if stacked else most
        room = width - self.gap * (len(self.pictures) - 1)
        for picture, weight in zip(self.pictures, self.weights, strict=True):
            own = width if stacked else round(room * weight / sum(self.weights))
            places.append((0, offset, own, share) if stacked else (offset, 0, own, share))
            offset += picture.height(own, share) + 8 if stacked else own + self.gap
        return places

    def height(self, width: float, most: float = MOST) -> float:
        return max(
            y + picture.height(own, share)
            for picture, (_, y, own, share) in zip(self.pictures, self._places(width, most))
        )

    def widths(self, width: float) -> list[float]:
        return [
            own
            for picture, (_, _, part, _) in zip(self.pictures, self._places(width, MOST))
            for own in picture.widths(part)
        ]

    def body(self, width: float, theme: str | None, most: float = MOST) -> str:
        return "".join(
            f'<g transform="translate({number(x)} {number(y)})">{picture.body(own, theme, share)}</g>'
            for picture, (x, y, own, share) in zip(self.pictures, self._places(width, most))
        )


def render(picture, width: float = 640, theme: str | None = None, label: str = "", most: float = MOST) -> str:
    """The SVG of a picture at a width in pixels.

    theme: None on a page, 'light' or 'dark' to stand alone. label: its description. most: a limit of the height.
    """
    body, height = picture.body(width, theme, most), picture.height(width, most)
    role = (
        "group" if 'class="handle"' in body or 'class="pick' in body else "img"
    )  # an image has no parts that one could focus
    ground = (
        ""
        if theme is None
        else f'<rect width="{number(width)}" height="{number(height)}" fill="{colour("paper", theme)}"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(width)}" height="{number(height)}" '
        f'viewBox="0 0 {number(width)} {number(height)}" role="{role}" aria-label="{escape(label)}" '
        f'font-family="{SANS}" font-size="13">{ground}{body}</svg>'
    )
