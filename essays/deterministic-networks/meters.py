"""Bars of bits with their names and numbers, which many figures of this essay share."""

from collections.abc import Sequence
from dataclasses import dataclass

from infodecomp.explorable import Axis, Label, Line, Plot, Rect

ROW = 46  # pixels


@dataclass(frozen=True)
class Meter:
    """One bar.

    Parameters
    ----------
    name : str
    bits : float or None
        None is infinite: the bar runs off the picture.
    role : str
        Palette role of its colour.
    note : str
        Words after the number.
    """

    name: str
    bits: float | None
    role: str = "series-1"
    note: str = ""


def bits_text(bits: float | None, decimals: int = 2) -> str:
    """A number of bits for a label; the sign of infinity for None."""
    return "\u221e bits" if bits is None else f"{round(bits, decimals) + 0.0:.{decimals}f} bits"


def meters(rows: Sequence[Meter], top: float, title: str = "", height: float = 0) -> Plot:
    """Draw bars over one scale from 0 to `top` bits, name and number above each."""
    n = len(rows)
    marks: list = []
    for index, row in enumerate(rows):
        y = n - 1 - index
        text = f"{row.role}-text" if row.role in ("series-1", "series-2", "target", "selection") else "ink"
        end = top if row.bits is None else min(max(row.bits, 0.0), top)
        marks += [
            Rect(0, y + 0.12, top, y + 0.5, "faint", opacity=0.55, radius=3),
            Rect(0, y + 0.12, end, y + 0.5, row.role, radius=3) if end > 0 else None,
            Label(0, y + 0.5, row.name, "ink", dy=-6),
            Label(top, y + 0.5, f"{bits_text(row.bits)}{row.note}", text, "end", dy=-6, bold=True),
        ]
        if row.bits is None:
            marks += [
                Line((top * k, top * (k + 0.02), top * k), (y + 0.12, y + 0.31, y + 0.5), "paper", 2)
                for k in (0.93, 0.95, 0.97)
            ]
    if title:
        marks.append(Label(0, n, title, "muted", dy=-4, size=12))
    tall = max(height, ROW * n + (24 if title else 10))
    return Plot(
        tuple(marks),
        Axis(domain=(0, top), hidden=True),
        Axis(domain=(0, n), hidden=True),
        heights=(tall, tall),
        margins=(20 if title else 6, 4, 4, 4),
    )
