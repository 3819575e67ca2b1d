"""The axes of a plot as SVG."""

from html import escape

from infodecomp.explorable.graphics.marks.context import PlotContext
from infodecomp.explorable.graphics.scales import Axis, format_number

LABEL_LEFT = 4  # pixels: where the label of the vertical axis begins


def draw_axes(x: Axis, y: Axis, context: PlotContext) -> str:
    """Draw two axes; the label of the vertical one stands above it.

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
    ticks = [(format_number(x(value)), text) for value, text in axis.labelled_ticks()]
    left, right, bottom = format_number(x.start), format_number(x.stop), format_number(y.start)
    baseline = format_number(y.start + 19)
    bars = "".join(f"M{position} {bottom}v5" for position, _ in ticks)
    labels = "".join(f'<text x="{position}" y="{baseline}">{escape(text)}</text>' for position, text in ticks)
    return (
        f'<path d="M{left} {bottom}H{right}{bars}" stroke="{ink}" fill="none"/>'
        f'<g fill="{ink}" font-size="12" text-anchor="middle">{labels}</g>'
        f'<text x="{right}" y="{format_number(y.start + 37)}" fill="{ink}" font-size="12" '
        f'text-anchor="end">{escape(axis.label)}</text>'
    )


def _vertical(axis: Axis, context: PlotContext) -> str:
    if axis.hidden:
        return ""
    x, y, ink = context.x, context.y, context.colour("muted")
    ticks = [(format_number(y(value)), text) for value, text in axis.labelled_ticks()]
    grid = ""
    if axis.grid and ticks:
        left, right = format_number(x.start), format_number(x.stop)
        bars = "".join(f"M{left} {position}H{right}" for position, _ in ticks)
        grid = f'<path d="{bars}" stroke="{context.colour("faint")}" fill="none"/>'
    end = format_number(x.start - 8)
    labels = "".join(
        f'<text x="{end}" y="{position}" dy=".34em">{escape(text)}</text>' for position, text in ticks
    )
    return (
        f'{grid}<g fill="{ink}" font-size="12" text-anchor="end">{labels}</g>'
        f'<text x="{LABEL_LEFT}" y="{format_number(y.stop - 14)}" fill="{ink}" '
        f'font-size="12">{escape(axis.label)}</text>'
    )
