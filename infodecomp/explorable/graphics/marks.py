"""Marks: what a picture is made of. Each is data in the plot's own units and turns itself into SVG in a frame.

What decides how fast a browser draws is the number of nodes, so a thousand dots are one path for each colour.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

import numpy as np

from infodecomp.explorable.graphics.paths import dots, path
from infodecomp.explorable.graphics.scales import Scale, number

MONO = ' font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace"'
MONO_WIDTH = 0.602  # of its size is a digit of these wide


@dataclass(frozen=True)
class PlotContext:
    """Where marks land: the scales of the plot, its colours, and whether it is drawn narrow."""

    x: Scale
    y: Scale
    colour: Callable[[str], str]
    narrow: bool = False


@dataclass(frozen=True)
class Dots:
    """Many dots in a few classes. x, y: (n,). classes: (n,) index into roles."""

    x: object
    y: object
    roles: tuple
    classes: object = None
    radius: float = 2.2

    def svg(self, context: PlotContext) -> str:
        px, py = _tenths(context.x, self.x), _tenths(context.y, self.y)
        classes = np.zeros(len(px), np.int64) if self.classes is None else np.asarray(self.classes, np.int64)
        drawn = dots(np.stack((classes, px, py)))
        paths = [f'<path stroke="{context.colour(self.roles[index])}" d="{d}"/>' for index, d in drawn]
        width = number(self.radius * (16 if context.narrow else 20))
        return f'<g transform="scale(.1)" fill="none" stroke-linecap="round" stroke-width="{width}">{"".join(paths)}</g>'


def _tenths(scale: Scale, values) -> np.ndarray:
    return np.rint(scale(np.asarray(values, dtype=float)) * 10).astype(int)


@dataclass(frozen=True)
class Line:
    """A line through points in order. x, y: (n,); a point that is not finite breaks it."""

    x: object
    y: object
    role: str = "ink"
    width: float = 2
    dash: str = ""
    opacity: float = 1

    def svg(self, context: PlotContext) -> str:
        dash = f' stroke-dasharray="{self.dash}"' if self.dash else ""
        opacity = f' opacity="{self.opacity:g}"' if self.opacity < 1 else ""
        d = path(context.x(np.asarray(self.x, float)), context.y(np.asarray(self.y, float)))
        return (
            f'<path d="{d}" fill="none" stroke="{context.colour(self.role)}" stroke-width="{self.width:g}" '
            f'stroke-linejoin="round" stroke-linecap="round"{dash}{opacity}/>'
        )


@dataclass(frozen=True)
class Area:
    """The area between two lines over the same x. low, high: (n,) or a number."""

    x: object
    low: object
    high: object
    role: str = "noise"
    opacity: float = 0.25

    def svg(self, context: PlotContext) -> str:
        x = np.asarray(self.x, float)
        low, high = (context.y(np.broadcast_to(np.asarray(v, float), x.shape)) for v in (self.low, self.high))
        px = context.x(x)
        d = path(px, high) + path(px[::-1], low[::-1]).replace("M", "L", 1) + "Z"
        return f'<path d="{d}" fill="{context.colour(self.role)}" opacity="{self.opacity:g}"/>'


@dataclass(frozen=True)
class Rect:
    """A rectangle from (x0, y0) to (x1, y1). inset: pixels kept free at each side."""

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
        left, right = sorted((context.x(self.x0), context.x(self.x1)))
        top, bottom = sorted((context.y(self.y0), context.y(self.y1)))
        fill = f'fill="{context.colour(self.role)}"' if self.role else 'fill="none"'
        opacity = f' fill-opacity="{number(self.opacity, 3)}"' if self.opacity < 1 else ""
        stroke = (
            f' stroke="{context.colour(self.stroke)}" stroke-width="{self.stroke_width:g}"'
            if self.stroke
            else ""
        )
        radius = f' rx="{self.radius:g}"' if self.radius else ""
        return (
            f'<rect x="{number(left + self.inset)}" y="{number(top + self.inset)}" '
            f'width="{number(max(right - left - 2 * self.inset, 0))}" '
            f'height="{number(max(bottom - top - 2 * self.inset, 0))}"{radius} {fill}{opacity}{stroke}/>'
        )


@dataclass(frozen=True)
class Bars:
    """Bars of one look between 0 and their heights, as one path. left, right, heights: (n,). inset: pixels kept free at each side."""

    left: object
    right: object
    heights: object
    role: str = "noise"
    opacity: float = 1
    inset: float = 0.5

    def svg(self, context: PlotContext) -> str:
        left, right = (_tenths(context.x, edge) for edge in (self.left, self.right))
        top, floor = _tenths(context.y, self.heights), round(context.y(0) * 10)
        inset = round(self.inset * 10)
        bars = np.column_stack(
            (left + inset, top - floor, np.maximum(right - left - 2 * inset, 1), floor - top)
        )[top != floor]
        d = f"M%d {floor}v%dh%dv%dz" * len(bars) % tuple(bars.ravel().tolist())
        opacity = f' opacity="{self.opacity:g}"' if self.opacity < 1 else ""
        return f'<path transform="scale(.1)" d="{d}" fill="{context.colour(self.role)}"{opacity}/>'


@dataclass(frozen=True)
class Dot:
    """One dot, with a rim where it matters."""

    x: float
    y: float
    role: str = "ink"
    radius: float = 4
    rim: str = ""
    opacity: float = 1

    def svg(self, context: PlotContext) -> str:
        rim = f' stroke="{context.colour(self.rim)}" stroke-width="1.5"' if self.rim else ""
        opacity = f' opacity="{self.opacity:g}"' if self.opacity < 1 else ""
        return (
            f'<circle cx="{number(context.x(self.x))}" cy="{number(context.y(self.y))}" r="{self.radius:g}" '
            f'fill="{context.colour(self.role)}"{rim}{opacity}/>'
        )


@dataclass(frozen=True)
class Label:
    """Words at a point, moved by (dx, dy) pixels. anchor: start, middle or end. halo: readable over other marks.

    narrow: shorter words for a narrow picture, if the others do not fit there.
    """

    x: float
    y: float
    text: str
    role: str = "ink"
    anchor: str = "start"
    dx: float = 0
    dy: float = 0
    size: float = 13
    bold: bool = False
    halo: bool = False
    strike: bool = False
    mono: bool = False
    narrow: str | None = None

    def svg(self, context: PlotContext) -> str:
        style = "".join(
            (
                f' text-anchor="{self.anchor}"' if self.anchor != "start" else "",
                f' font-size="{self.size:g}"' if self.size != 13 else "",
                ' font-weight="600"' if self.bold else "",
                ' text-decoration="line-through"' if self.strike else "",
                MONO if self.mono else "",
                f' paint-order="stroke" stroke="{context.colour("paper")}" stroke-width="4" stroke-linejoin="round"'
                if self.halo
                else "",
            )
        )
        text = self.text if self.narrow is None or not context.narrow else self.narrow
        return (
            f'<text x="{number(context.x(self.x) + self.dx)}" y="{number(context.y(self.y) + self.dy)}" '
            f'fill="{context.colour(self.role)}"{style}>{escape(text)}</text>'
        )


@dataclass(frozen=True)
class Digits:
    """Digits of one width in a row, each centred over a place of its own: one text. x: (n,); digits: n characters."""

    x: object
    y: float
    digits: str
    role: str = "ink"
    dy: float = 0
    size: float = 14
    bold: bool = False
    strike: bool = False

    def svg(self, context: PlotContext) -> str:
        if not self.digits:
            return ""
        half = MONO_WIDTH * self.size / 2
        places = " ".join(number(at - half) for at in context.x(np.asarray(self.x, float)).tolist())
        style = ' font-weight="600"' * self.bold + ' text-decoration="line-through"' * self.strike
        return (
            f'<text x="{places}" y="{number(context.y(self.y) + self.dy)}" fill="{context.colour(self.role)}" '
            f'font-size="{self.size:g}"{style}{MONO}>{self.digits}</text>'
        )


@dataclass(frozen=True)
class BitGauge:
    """An amount of bits as it always looks: rounded squares, the last one filled as far as it goes.

    (x, y): the left middle of the first square, moved by (dx, dy) pixels. amount: in bits. whole: squares drawn at least.
    """

    x: float
    y: float
    amount: float
    role: str = "ink"
    whole: int = 1
    side: float = 13
    dx: float = 0
    dy: float = 0

    def svg(self, context: PlotContext) -> str:
        side, colour = self.side, context.colour(self.role)
        left, top = context.x(self.x) + self.dx, context.y(self.y) + self.dy - side / 2
        squares = []
        for index in range(max(self.whole, int(np.ceil(self.amount - 1e-9)))):
            x = left + index * (side + 4)
            part = min(max(self.amount - index, 0), 1)
            if part > 0:
                squares.append(
                    f'<rect x="{number(x)}" y="{number(top + side * (1 - part))}" width="{number(side)}" '
                    f'height="{number(side * part)}" rx="{number(min(2.5, side * part / 2))}" fill="{colour}"/>'
                )
            squares.append(
                f'<rect x="{number(x)}" y="{number(top)}" width="{number(side)}" height="{number(side)}" '
                f'rx="2.5" fill="none" stroke="{colour}" stroke-width="1.2"/>'
            )
        return "".join(squares)


@dataclass(frozen=True)
class Symbol:
    """A drawing of our own: SVG paths in its own units, put at (x, y) and scaled; strokes keep one weight.

    paths: (d, fill role or '', stroke role or '') each. scale: pixels per unit of the drawing; narrow: how much smaller it is
    in a narrow picture.
    """

    x: float
    y: float
    paths: tuple
    scale: float = 1
    dx: float = 0
    dy: float = 0
    weight: float = 1.6
    opacity: float = 1
    narrow: float = 1

    def svg(self, context: PlotContext) -> str:
        drawn = []
        for d, fill, stroke in self.paths:
            paint = f'fill="{context.colour(fill) if fill else "none"}"'
            paint += f' stroke="{context.colour(stroke)}"' if stroke else ""
            drawn.append(f'<path d="{d}" {paint}/>')
        opacity = f' opacity="{self.opacity:g}"' if self.opacity < 1 else ""
        at = f"{number(context.x(self.x) + self.dx)} {number(context.y(self.y) + self.dy)}"
        scale = self.scale * (self.narrow if context.narrow else 1)
        return (
            f'<g transform="translate({at}) scale({number(scale, 3)})" stroke-linecap="round" '
            f'stroke-linejoin="round" stroke-width="{number(self.weight / scale, 2)}"{opacity}>{"".join(drawn)}</g>'
        )


@dataclass(frozen=True)
class Heatmap:
    """A matrix of shares between 0 and 1 as fields in tones of one role, filling the box from (x0, y0) to (x1, y1); row 0 is on top.

    values: (rows, columns). Neighbours of one tone are drawn as one stroke and each tone is one path, so that a large matrix is a
    few nodes in the page's own colours, light or dark. tones: how many are told apart; the lightest is left empty. gap: pixels
    kept free between two fields, which are then drawn one by one.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    values: object = field(hash=False)
    role: str = "ink"
    tones: int = 12
    gap: float = 0

    def svg(self, context: PlotContext) -> str:
        values = np.atleast_2d(np.asarray(self.values, float))
        rows, columns = values.shape
        tone = np.rint(np.clip(values, 0, 1) * self.tones).astype(int)
        begins = np.ones((rows, columns), bool)
        if not self.gap:
            begins[:, 1:] = tone[:, 1:] != tone[:, :-1]
        at, start = np.nonzero(begins)
        length = np.diff(np.append(at * columns + start, rows * columns))
        shade = tone[at, start]
        left, right = sorted((context.x(self.x0), context.x(self.x1)))
        top, bottom = sorted((context.y(self.y0), context.y(self.y1)))
        wide, high = (right - left) / columns, (bottom - top) / rows  # of a field, in pixels
        counts = np.bincount(shade, minlength=self.tones + 1).tolist()
        fields = np.stack((start, 2 * at + 1, length), axis=1)[shade.argsort(kind="stable")[counts[0] :]]
        if self.gap:
            fields = fields + (self.gap / 2 / wide, 0, -self.gap / wide)
        stroke = "M%.4g %dh%.4g" if self.gap else "M%d %dh%d"
        paths = "".join(
            f'<path d="{stroke * count}" opacity="{number(level / self.tones, 3)}"/>'
            for level, count in enumerate(counts)
            if level and count
        ) % tuple(fields.ravel().tolist())
        crisp = "" if self.gap else ' shape-rendering="crispEdges"'
        return (
            f'<g transform="translate({number(left)} {number(top)}) scale({number(wide, 4)} {number(high / 2, 4)})" '
            f'stroke="{context.colour(self.role)}" stroke-width="{number(2 - 2 * self.gap / high, 3)}" fill="none"{crisp}>'
            f"{paths}</g>"
        )


@dataclass(frozen=True)
class DragHandle:
    """What a hand can take: a point that moves one parameter along an axis, or several at once over the plane.

    Along an axis (`moves` names one parameter and `axis` says x or y) `per_unit` is the change of the parameter for one unit
    of that axis. Over the plane (`plane` names the figure's grab) the server finds the parameters for the point in hand;
    the arrow keys then move `keys`: the parameter for left and right, and the one for up and down.
    state: name -> (value, Range) for what it shows to people who cannot see it.
    """

    x: float
    y: float
    label: str
    state: dict = field(hash=False)
    moves: str = ""
    axis: str = "y"
    per_unit: float = 1
    keys: tuple = ()
    text: str = ""
    marks: tuple = ()
    size: tuple = (44, 44)  # pixels
    decorative: bool = False  # of another handle that the keys and the ear already have

    def svg(self, context: PlotContext) -> str:
        name = self.moves or self.keys[0]
        value, parameter = self.state[name]
        width, height = self.size
        x, y = context.x(self.x), context.y(self.y)
        scale = context.x if self.axis == "x" else context.y
        how = (
            f'data-moves="{name}" data-axis="{self.axis}" data-per-pixel="{number(self.per_unit / scale.slope, 8)}"'
            if self.moves
            else f'data-keys="{" ".join(self.keys)}"'
        )
        told = (
            'aria-hidden="true"'
            if self.decorative
            else (
                f'tabindex="0" role="slider" aria-label="{escape(self.label)}" aria-valuemin="{parameter.low:g}" '
                f'aria-valuemax="{parameter.high:g}" aria-valuenow="{value:.6g}" aria-valuetext="{escape(self.text)}"'
            )
        )
        return (
            f'<g class="handle" data-handle="{escape("-".join(self.state))}" {told} {how}>'
            f'<rect class="target" x="{number(x - width / 2)}" y="{number(y - height / 2)}" width="{number(width)}" '
            f'height="{number(height)}" rx="6" fill="{context.colour("paper")}" fill-opacity="0"/>'
            + "".join(mark.svg(context) for mark in self.marks)
            + "</g>"
        )


@dataclass(frozen=True)
class StateLink:
    """Marks that lead to another state when they are pressed: a link, so that it works with no script too.

    query: the parameters that it sets, as in an address. label: what it is called. on_hover: whether coming over it is enough.
    screen_only: an invitation to press and nothing more, which a picture that stands alone leaves out.
    """

    query: str
    label: str
    marks: tuple
    chosen: bool = False
    on_hover: bool = False
    screen_only: bool = False

    def svg(self, context: PlotContext) -> str:
        now = ' aria-current="true"' if self.chosen else ""
        kind = "pick" + " aside" * self.screen_only + " peek" * self.on_hover
        return (
            f'<a class="{kind}" href="?{escape(self.query)}" data-set="{escape(self.query)}" aria-label="{escape(self.label)}"{now}>'
            + "".join(mark.svg(context) for mark in self.marks)
            + "</a>"
        )


@dataclass(frozen=True)
class Highlight:
    """Marks that show a value: pointing at that number in the prose lights them up. values: names, as in Figure.values."""

    values: str
    marks: tuple

    def svg(self, context: PlotContext) -> str:
        return (
            f'<g data-tells="{escape(self.values)}">'
            + "".join(mark.svg(context) for mark in self.marks)
            + "</g>"
        )
