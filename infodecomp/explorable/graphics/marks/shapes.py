"""Basic shapes: line, area, rectangle, dot, symbol."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from infodecomp.explorable.graphics.marks.context import PlotContext, is_finite
from infodecomp.explorable.graphics.paths import path
from infodecomp.explorable.graphics.scales import format_number


@dataclass(frozen=True)
class Line:
    """A line through points in order, interrupted where one is not finite.

    Parameters
    ----------
    x, y : array-like, shape (n,)
    role : str
        Palette role of its colour.
    width : float
        In pixels.
    dash : str
        SVG dash pattern.
    opacity : float
    """

    x: ArrayLike
    y: ArrayLike
    role: str = "ink"
    width: float = 2
    dash: str = ""
    opacity: float = 1

    def svg(self, context: PlotContext) -> str:
        dash = f' stroke-dasharray="{self.dash}"' if self.dash else ""
        opacity = f' stroke-opacity="{self.opacity:g}"' if self.opacity < 1 else ""
        x, y = np.asarray(self.x, float), np.asarray(self.y, float)
        d = path(context.x(x), context.y(y), context.simplify)
        return (
            f'<path d="{d}" fill="none" stroke="{context.colour(self.role)}" stroke-width="{self.width:g}" '
            f'stroke-linejoin="round" stroke-linecap="round"{dash}{opacity}/>'
        )


@dataclass(frozen=True)
class Area:
    """The area between two lines over the same x, interrupted where one is not finite.

    Parameters
    ----------
    x : array-like, shape (n,)
    low, high : array-like, shape (n,), or float
    role : str
        Palette role of its colour.
    opacity : float
    """

    x: ArrayLike
    low: ArrayLike
    high: ArrayLike
    role: str = "noise"
    opacity: float = 0.25

    def svg(self, context: PlotContext) -> str:
        x = context.x(np.asarray(self.x, float))
        low, high = np.asarray(self.low, float), np.asarray(self.high, float)
        finite = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
        if finite.all():
            d = _outline(context, x, low, high)
        else:
            low, high = np.broadcast_to(low, x.shape), np.broadcast_to(high, x.shape)
            ends = np.flatnonzero(np.diff(finite, prepend=False, append=False)).reshape(-1, 2)
            d = "".join(_outline(context, x[i:j], low[i:j], high[i:j]) for i, j in ends.tolist())
        if not d:
            return ""  # of no points
        return f'<path d="{d}" fill="{context.colour(self.role)}" fill-opacity="{self.opacity:g}"/>'


def _outline(context: PlotContext, x: np.ndarray, low: np.ndarray, high: np.ndarray) -> str:
    """The path around an area; x in pixels."""
    upper = path(x, context.y(high), context.simplify)
    if not upper:
        return ""
    backwards = low[::-1] if low.ndim else low
    lower = path(x[::-1], context.y(backwards), context.simplify).replace("M", "L", 1)
    return f"{upper}{lower}Z"


@dataclass(frozen=True)
class Rect:
    """A rectangle from (x0, y0) to (x1, y1).

    Parameters
    ----------
    x0, y0, x1, y1 : float
        Two opposite corners.
    role, stroke : str
        Palette roles of its fill and its outline; an empty string leaves that out.
    opacity : float
        Of the fill.
    radius, inset, stroke_width : float
        Corner radius, space at each side, and width of the outline, in pixels.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    role: str = "noise"
    opacity: float = 1
    radius: float = 0
    inset: float = 0
    stroke: str = ""
    stroke_width: float = 1

    def svg(self, context: PlotContext) -> str:
        if not is_finite(self.x0, self.y0, self.x1, self.y1):
            return ""
        left, right = sorted((context.x(self.x0), context.x(self.x1)))
        top, bottom = sorted((context.y(self.y0), context.y(self.y1)))
        fill = f'fill="{context.colour(self.role)}"' if self.role else 'fill="none"'
        opacity = f' fill-opacity="{format_number(self.opacity, 3)}"' if self.opacity < 1 else ""
        stroke = ""
        if self.stroke:
            stroke = f' stroke="{context.colour(self.stroke)}" stroke-width="{self.stroke_width:g}"'
        radius = f' rx="{self.radius:g}"' if self.radius else ""
        return (
            f'<rect x="{format_number(left + self.inset)}" y="{format_number(top + self.inset)}" '
            f'width="{format_number(max(right - left - 2 * self.inset, 0))}" '
            f'height="{format_number(max(bottom - top - 2 * self.inset, 0))}"'
            f"{radius} {fill}{opacity}{stroke}/>"
        )


@dataclass(frozen=True)
class Dot:
    """One dot.

    Parameters
    ----------
    x, y : float
        Its centre.
    role : str
        Palette role of its colour.
    radius : float
        In pixels.
    rim : str
        Palette role of its outline; an empty string leaves that out.
    opacity : float
    """

    x: float
    y: float
    role: str = "ink"
    radius: float = 4
    rim: str = ""
    opacity: float = 1

    def svg(self, context: PlotContext) -> str:
        if not is_finite(self.x, self.y):
            return ""
        rim = f' stroke="{context.colour(self.rim)}" stroke-width="1.5"' if self.rim else ""
        opacity = f' opacity="{self.opacity:g}"' if self.opacity < 1 else ""
        x, y = context.point(self.x, self.y)
        return (
            f'<circle cx="{x}" cy="{y}" r="{self.radius:g}" '
            f'fill="{context.colour(self.role)}"{rim}{opacity}/>'
        )


@dataclass(frozen=True)
class Symbol:
    """A small drawing in its own units, scaled and placed at (x, y); its strokes are not scaled.

    Parameters
    ----------
    x, y : float
        Where the origin of the drawing lies.
    paths : tuple of (str, str, str)
        SVG path data, palette role of the fill and of the stroke; an empty role leaves that out.
    scale : float
        Pixels per unit of the drawing.
    dx, dy : float
        Offset in pixels.
    weight : float
        Width of the strokes in pixels.
    opacity : float
    narrow : float
        Factor applied to the scale in a narrow picture.
    """

    x: float
    y: float
    paths: tuple[tuple[str, str, str], ...]
    scale: float = 1
    dx: float = 0
    dy: float = 0
    weight: float = 1.6
    opacity: float = 1
    narrow: float = 1

    def svg(self, context: PlotContext) -> str:
        if not is_finite(self.x, self.y):
            return ""
        drawn = []
        for d, fill, stroke in self.paths:
            paint = f'fill="{context.colour(fill) if fill else "none"}"'
            paint += f' stroke="{context.colour(stroke)}"' if stroke else ""
            drawn.append(f'<path d="{d}" {paint}/>')
        opacity = f' opacity="{self.opacity:g}"' if self.opacity < 1 else ""
        origin = " ".join(context.point(self.x, self.y, self.dx, self.dy))
        scale = self.scale * (self.narrow if context.narrow else 1)
        return (
            f'<g transform="translate({origin}) scale({format_number(scale, 3)})" stroke-linecap="round" '
            f'stroke-linejoin="round" stroke-width="{format_number(self.weight / scale, 2)}"{opacity}>'
            f"{''.join(drawn)}</g>"
        )
