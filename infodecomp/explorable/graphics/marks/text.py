"""Text in a plot: labels, and digits of equal width."""

from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import ArrayLike

from infodecomp.explorable.core.numbers import minus_signs
from infodecomp.explorable.graphics.marks.context import PlotContext, is_finite
from infodecomp.explorable.graphics.scales import format_number

MONOSPACE = ' font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace"'
DIGIT_WIDTH = 0.602  # width of a monospaced digit, in font sizes
DEFAULT_SIZE = 13


@dataclass(frozen=True)
class Label:
    """Text at a point.

    Parameters
    ----------
    x, y : float
    text : str
    role : str
        Palette role of its colour.
    anchor : {"start", "middle", "end"}
        Which part of the text lies at the point.
    dx, dy : float
        Offset in pixels.
    size : float
        Font size in pixels.
    bold, strike, mono : bool
        Semibold, struck through, monospaced.
    halo : bool
        Whether an outline in the colour of the background keeps it readable over other marks.
    narrow : str, optional
        A shorter text for a narrow picture.
    """

    x: float
    y: float
    text: str
    role: str = "ink"
    anchor: str = "start"
    dx: float = 0
    dy: float = 0
    size: float = DEFAULT_SIZE
    bold: bool = False
    halo: bool = False
    strike: bool = False
    mono: bool = False
    narrow: str | None = None

    def svg(self, context: PlotContext) -> str:
        if not is_finite(self.x, self.y):
            return ""
        text = minus_signs(self.text if self.narrow is None or not context.narrow else self.narrow)
        x, y = context.point(self.x, self.y, self.dx, self.dy)
        fill, style = context.colour(self.role), self._style(context)
        if not self.halo:
            return f'<text x="{x}" y="{y}" fill="{fill}"{style}>{escape(text)}</text>'
        paper = context.colour("paper")
        outline = f' stroke="{paper}" stroke-width="4" stroke-linejoin="round"'
        if context.interactive:
            style += f' paint-order="stroke"{outline}'
            return f'<text x="{x}" y="{y}" fill="{fill}"{style}>{escape(text)}</text>'
        # programs that open a standalone picture ignore paint-order: there the outline is a text beneath
        return (
            f'<text x="{x}" y="{y}" fill="{paper}"{style}{outline} aria-hidden="true">{escape(text)}</text>'
            f'<text x="{x}" y="{y}" fill="{fill}"{style}>{escape(text)}</text>'
        )

    def _style(self, context: PlotContext) -> str:
        style = f' text-anchor="{self.anchor}"' if self.anchor != "start" else ""
        if self.size != DEFAULT_SIZE:
            style += f' font-size="{self.size:g}"'
        if self.bold:
            style += ' font-weight="600"'
        if self.strike:
            style += ' text-decoration="line-through"'
        if self.mono and context.interactive:
            style += MONOSPACE
        return style


@dataclass(frozen=True)
class Digits:
    """Monospaced digits in a row, each centred at its own x, as one text element.

    Parameters
    ----------
    x : array-like, shape (n,)
    y : float
    digits : str
        n characters.
    role : str
        Palette role of its colour.
    dy : float
        Offset in pixels.
    size : float
        Font size in pixels.
    bold, strike : bool
        Semibold, struck through.
    """

    x: ArrayLike
    y: float
    digits: str
    role: str = "ink"
    dy: float = 0
    size: float = 14
    bold: bool = False
    strike: bool = False

    def svg(self, context: PlotContext) -> str:
        across = context.x(np.asarray(self.x, float)).tolist()
        shown = [(at, digit) for at, digit in zip(across, self.digits) if is_finite(at, self.y)]
        if not shown:
            return ""
        half = DIGIT_WIDTH * self.size / 2
        positions = " ".join(format_number(at - half) for at, _ in shown)
        digits = escape("".join(digit for _, digit in shown))
        style = ' font-weight="600"' * self.bold + ' text-decoration="line-through"' * self.strike
        font = MONOSPACE if context.interactive else ""
        return (
            f'<text x="{positions}" y="{format_number(context.y(self.y) + self.dy)}" '
            f'fill="{context.colour(self.role)}" font-size="{self.size:g}"{style}{font}>{digits}</text>'
        )
