"""What the bits of a budget are spent on: the share of each column as a band, stacked, over all budgets."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from infodecomp.explorable import Area, Label, Line, StateLink
from infodecomp.explorable.graphics.marks import Mark
from infodecomp.pictures.labels import fit_text, separate_names

ABOVE = 8  # pixels: how far above the plane a name may stand

Edges = tuple[np.ndarray, np.ndarray]


class Share(NamedTuple):
    """A column's band.

    Attributes
    ----------
    query : str
        The state in which it is chosen; empty for a band that cannot be chosen.
    name, text : str
        Beside its end, and for assistive technology.
    role : str
    opacity : float
    """

    query: str
    name: str
    text: str
    role: str = "series-1"
    opacity: float = 1


def share_edges(columns: Sequence[np.ndarray]) -> list[Edges]:
    """The lower and the upper edge of each column's share of the bits, in percent.

    Parameters
    ----------
    columns : sequence of ndarray of shape (n_budgets,)
        Bits, at least 0, from the lowest band up.

    Returns
    -------
    list of (ndarray, ndarray)
    """
    shares = np.stack(columns)
    total = np.maximum(shares.sum(0), 1e-12)
    edges = 100 * np.vstack([np.zeros(shares.shape[1]), np.cumsum(shares, 0) / total])
    return [(edges[i], edges[i + 1]) for i in range(len(shares))]


def share_bands(
    bits: np.ndarray, shares: Sequence[Share], edges: Sequence[Edges], chosen: int, room: float, width: float
) -> list[Mark]:
    """The bands, with their names to the right of the end and an outline around the chosen one.

    Parameters
    ----------
    bits : ndarray of shape (n_budgets,)
    shares : sequence of Share
        From the lowest up.
    edges : sequence of (ndarray, ndarray)
        From `share_edges`.
    chosen : int
        Position of the band that is chosen; -1 for none.
    room : float
        Height of the plane in pixels.
    width : float
        Room for the names in pixels.

    Returns
    -------
    list of Mark
    """
    middles = {i: float(low[-1] + high[-1]) / 200 * room for i, (low, high) in enumerate(edges)}
    heights = separate_names(middles)
    excess = max(0.0, max(heights.values()) - room - ABOVE)
    places = {i: 100 * (y - excess) / room for i, y in heights.items()}
    marks: list[Mark] = []
    for i, share in enumerate(shares):
        band = _band(bits, share, edges[i], places[i], i == chosen, width)
        marks += [StateLink(share.query, share.text, band, i == chosen)] if share.query else band
    marks += [Line(bits, high, "paper", 1) for _, high in edges]
    if chosen >= 0:
        marks += [Line(bits, edge, "selection", 2.4) for edge in edges[chosen]]
    return marks


def budget_marks(
    budgets: np.ndarray,
    bits: float,
    edges: Edges,
    caption: Label,
    spent: str,
    is_right: bool,
    narrow: str | None = None,
) -> list[Mark]:
    """A line at a budget, which is light within the chosen band, and what is spent on its column.

    Parameters
    ----------
    budgets : ndarray of shape (n_budgets,)
    bits : float
        The budget.
    edges : (ndarray, ndarray)
        Of the chosen band.
    caption : Label
        Of the whole picture.
    spent : str
    is_right : bool
        Whether the text is to the right of the line.
    narrow : str, optional
        The text in a narrow picture.

    Returns
    -------
    list of Mark
    """
    at = [float(np.interp(bits, budgets, edge)) for edge in edges]
    side, dx = ("start", -4) if is_right else ("end", 4)
    return [
        Line((bits, bits), (0, 104), "ink", 1.6),
        Line((bits, bits), at, "rim", 5),
        caption,
        Label(bits, 100, spent, "selection-text", side, dx=dx, dy=-13, bold=True, narrow=narrow),
    ]


def _band(
    bits: np.ndarray, share: Share, edges: Edges, place: float, chosen: bool, width: float
) -> tuple[Mark, ...]:
    """A band and its name beside the end, with a leader where names lie too close."""
    low, high = edges
    end = bits[-1] * 1.004, bits[-1] * 1.022
    return (
        Area(bits, low, high, share.role, share.opacity),
        Line(end, (float(low[-1] + high[-1]) / 2, place), "selection" if chosen else "noise", 1),
        Label(
            end[1],
            place,
            fit_text(share.name, width),
            "selection-text" if chosen else "ink",
            dx=3,
            dy=4,
            size=12.5,
            bold=chosen,
        ),
    )
