"""The axes of a plot as SVG. They are cached: most stay the same while a handle is dragged."""

from functools import lru_cache
from html import escape

from infodecomp.explorable.graphics.marks.context import PlotContext
from infodecomp.explorable.graphics.scales import Axis, Scale, format_number

LABEL_LEFT = 4  # pixels: where the label of the vertical axis begins
TICK_DROP = 4.1  # pixels from the middle of a label of 12 pixels to its baseline: not all programs read em
CACHED_AXES = 512  # about a kilobyte each


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
    horizontal = "" if x.hidden else _horizontal(x, context.x, context.y.start, context.colour("muted"))
    if y.hidden:
        return horizontal
    return horizontal + _vertical(y, context.y, context.x, context.colour("muted"), context.colour("faint"))


@lru_cache(maxsize=CACHED_AXES)
def _horizontal(axis: Axis, x: Scale, baseline: float, ink: str) -> str:
    ticks = [(format_number(x(value)), text) for value, text in axis.labelled_ticks()]
    left, right, bottom = format_number(x.start), format_number(x.stop), format_number(baseline)
    labels_y = format_number(baseline + 19)
    bars = "".join([f"M{position} {bottom}v5" for position, _ in ticks])
    labels = "".join(
        [f'<text x="{position}" y="{labels_y}">{escape(text)}</text>' for position, text in ticks]
    )
    return (
        f'<path d="M{left} {bottom}H{right}{bars}" stroke="{ink}" fill="none"/>'
        f'<g fill="{ink}" font-size="12" text-anchor="middle">{labels}</g>'
        f'<text x="{right}" y="{format_number(baseline + 37)}" fill="{ink}" font-size="12" '
        f'text-anchor="end">{escape(axis.label)}</text>'
    )


@lru_cache(maxsize=CACHED_AXES)
def _vertical(axis: Axis, y: Scale, x: Scale, ink: str, faint: str) -> str:
    ticks = [(format_number(y(value)), text) for value, text in axis.labelled_ticks()]
    grid = ""
    if axis.grid and ticks:
        left, right = format_number(x.start), format_number(x.stop)
        bars = "".join([f"M{left} {position}H{right}" for position, _ in ticks])
        grid = f'<path d="{bars}" stroke="{faint}" fill="none"/>'
    end = format_number(x.start - 8)
    labels = "".join(
        [
            f'<text x="{end}" y="{format_number(y(value) + TICK_DROP)}">{escape(text)}</text>'
            for value, text in axis.labelled_ticks()
        ]
    )
    return (
        f'{grid}<g fill="{ink}" font-size="12" text-anchor="end">{labels}</g>'
        f'<text x="{LABEL_LEFT}" y="{format_number(y.stop - 14)}" fill="{ink}" '
        f'font-size="12">{escape(axis.label)}</text>'
    )
