"""The axes of a plot as SVG."""

from html import escape

from infodecomp.explorable.graphics.marks.context import PlotContext
from infodecomp.explorable.graphics.scales import Axis, number

LABEL_LEFT = 4  # pixels: where the label of y begins


def draw_axes(x: Axis, y: Axis, context: PlotContext) -> str:
    """Draw thin axes with few ticks; the label of y stands above its axis, where it is easy to read.

    Parameters
    ----------
    x, y : Axis
    context : PlotContext

    Returns
    -------
    str
        SVG elements; empty for hidden axes.
    """
    return _horizontal(x, context) + _vertical(y, context)


def _horizontal(axis: Axis, context: PlotContext) -> str:
    if axis.hidden:
        return ""
    x, y, ink = context.x, context.y, context.colour("muted")
    ticks = [(number(x(value)), text) for value, text in axis.marks()]
    bars = "".join(f"M{at} {number(y.start)}v5" for at, _ in ticks)
    labels = "".join(f'<text x="{at}" y="{number(y.start + 19)}">{escape(text)}</text>' for at, text in ticks)
    return (
        f'<path d="M{number(x.start)} {number(y.start)}H{number(x.stop)}{bars}" stroke="{ink}" fill="none"/>'
        f'<g fill="{ink}" font-size="12" text-anchor="middle">{labels}</g>'
        f'<text x="{number(x.stop)}" y="{number(y.start + 37)}" fill="{ink}" font-size="12" '
        f'text-anchor="end">{escape(axis.label)}</text>'
    )


def _vertical(axis: Axis, context: PlotContext) -> str:
    if axis.hidden:
        return ""
    x, y, ink = context.x, context.y, context.colour("muted")
    ticks = [(number(y(value)), text) for value, text in axis.marks()]
    grid = ""
    if axis.grid and ticks:
        bars = "".join(f"M{number(x.start)} {at}H{number(x.stop)}" for at, _ in ticks)
        grid = f'<path d="{bars}" stroke="{context.colour("faint")}" fill="none"/>'
    labels = "".join(
        f'<text x="{number(x.start - 8)}" y="{at}" dy=".34em">{escape(text)}</text>' for at, text in ticks
    )
    return (
        f'{grid}<g fill="{ink}" font-size="12" text-anchor="end">{labels}</g>'
        f'<text x="{LABEL_LEFT}" y="{number(y.stop - 14)}" fill="{ink}" '
        f'font-size="12">{escape(axis.label)}</text>'
    )
