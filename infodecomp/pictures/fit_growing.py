"""The information plane of a fit that goes on: the same picture as at its end, without a budget to choose."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from infodecomp.explorable import Area, Axis, Figure, HConcat, Line, Plot, figure
from infodecomp.explorable.graphics.concat import Picture
from infodecomp.explorable.graphics.marks import Mark
from infodecomp.pictures.decomposition import drawn_points
from infodecomp.pictures.fit_plane import (
    CAPTION,
    ERROR,
    NAMES,
    ROOM,
    SHARES,
    error_plot,
    named_columns,
    nothing_known,
    plane_title,
    shares_plot,
    stacked_shares,
    with_bits,
)
from infodecomp.pictures.shares import share_bands, share_edges
from infodecomp.pictures.shown_fit import ShownPlane, brief, one_line

EMPTY = "The picture begins after the first steps."


def growing_figure(target: str, growth: Mapping[str, Any] | None) -> Figure:
    """The figure of a fit that goes on.

    Parameters
    ----------
    target : str
        Name of its column.
    growth : mapping or None
        step and steps; end of the bits, top of the error and error with nothing known; about, features,
        classes and plane as `ShownPlane` takes them. None before the first measurement: the picture is then
        empty, and as high as the later ones.
    """

    @figure(title=plane_title(brief(one_line(target))))
    def plane():
        """Error and bits of each column over all budgets, on rows that are held out."""
        return {"growth": growth}

    @plane.draw
    def picture(data):
        return _empty() if growth is None else _picture(growth)

    @plane.describe
    def description(data):
        if growth is None:
            return EMPTY
        return (
            f"After {growth['step']:,} of {growth['steps']:,} steps, on rows that are held out: "
            "the error, and what the bits are spent on."
        )

    return plane


def _empty() -> Picture:
    hidden = Axis(domain=(0, 1), hidden=True)
    plots = (Plot((), hidden, hidden, heights=(height, height)) for height in (ERROR, SHARES))
    return HConcat(tuple(plots), (1, 1), stack_below=float("inf"))


def _picture(growth: Mapping[str, Any]) -> Picture:
    plane = growth["plane"]
    shown = ShownPlane(growth["features"], growth["classes"], plane, growth["about"])
    points = drawn_points(plane, plane.error, 2 * plane.error_standard_error, plane.features.clip(0))
    budgets, error, spread, spent = until(growth["end"], *points)
    factor, unit = shown.scaled_axis(growth["top"])
    end, top = growth["end"], growth["top"] / factor
    low, line, high = ((error + sign * spread).clip(0, growth["top"]) / factor for sign in (-1, 0, 1))
    upper: list[Mark] = [
        Area(budgets, low, high, "noise", 0.3),
        *nothing_known(end, growth["nothing"], factor),
        Line(budgets, line, "best", 2.6),
    ]
    named = named_columns(shown, spent.T)
    columns, shares = stacked_shares(
        shown, spent.T, named, [column.name for column in shown.columns], is_chosen=False
    )
    within = with_bits(columns)
    edges = [(low[within], high[within]) for low, high in share_edges(columns)]
    lower = [*share_bands(budgets[within], shares, edges, -1, ROOM, NAMES), CAPTION]
    return HConcat(
        (error_plot(shown, upper, end, top, unit), shares_plot(lower, end)), (1, 1), stack_below=float("inf")
    )


def until(end: float, bits: np.ndarray, *columns: np.ndarray) -> tuple[np.ndarray, ...]:
    """Bits, ascending, and columns over them, with what lies beyond an end left out.

    Parameters
    ----------
    end : float
    bits : ndarray of shape (n_points,)
    *columns : ndarray of shape (n_points, ...)

    Returns
    -------
    tuple of ndarray
        The last point lies at the end if there are some beyond.
    """
    if bits[-1] <= end or bits[0] >= end:
        return bits.clip(0, end), *columns
    last = int(np.searchsorted(bits, end))
    share = (end - bits[last - 1]) / (bits[last] - bits[last - 1])
    return tuple(
        np.concatenate((column[:last], ((1 - share) * column[last - 1] + share * column[last])[None]))
        for column in (bits, *columns)
    )
