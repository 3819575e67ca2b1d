"""The pictures of the best channels found: their frontier beside that of flipping lines, and the channels."""

import numpy as np

from infodecomp.explorable import (
    Area,
    Axis,
    Dot,
    Dots,
    DragHandle,
    HConcat,
    Label,
    Line,
    Plot,
    Range,
    Tooltip,
)

from ..storms import percent
from .arrows import NOTHING, arrows_picture

LEAST = 0.01  # bits: the scale of gains never shows less
BUDGET_ANY = Range(
    name="budget_any", label="bits in all", default=1, low=0, high=2, step=0.05, unit="bits", role="selection"
)


def any_line_picture(data):
    lines = HConcat(
        tuple(arrows_picture(town, line["bits"], line["p"]) for town, line in data["lines"].items()),
        (1, 1),
        gap=18,
        stack_below=300,
    )
    front = _gain_picture(data) if data["compare"] == "gain" else _fronts_picture(data)
    return HConcat((front, lines), (1.5, 1), gap=28)


def _fronts_picture(data) -> Plot:
    """Both frontiers."""
    front, at = data["front"], data["at"]
    budget, top = front["budget"], max(float(front["information"].max()), 0.02)
    marks = (
        Area(budget, front["flip_information"], front["information"], "target", 0.35),
        Line(budget, front["information"], "best", 2.2),
        Line(budget, front["flip_information"], "series-1", 2.2, dash="6 4"),
        Line((budget[at],) * 2, (0, front["information"][at]), "selection", 2, dash="2 3"),
        *(() if data["nothing"] else _front_labels(front, at)),
        DragHandle(
            budget[at],
            front["information"][at],
            "Bits in all",
            state={"budget_any": (float(budget[at]), BUDGET_ANY)},
            moves="budget_any",
            axis="x",
            text=spoken(data),
            marks=(Dot(budget[at], front["information"][at], "selection", 7, rim="rim"),),
        ),
    )
    return Plot(
        marks,
        Axis("bits received in all", (0, 2), ticks=(0, 0.5, 1, 1.5, 2)),
        Axis("bits learnt about your town", (0, top * 1.06), count=4, grid=True),
        heights=(338, 338),
        ratio=0.7,
        margins=(34, 14, 46, 58),
        hover=Tooltip(
            "front",
            "budget",
            "information",
            "{budget:2} bits: {information:4} by any lines, {flip_information:4} by flips",
        ),
    )


def _front_labels(front, at: int):
    """Names of both frontiers, and what is between them at the reader's budget."""
    budget = front["budget"]
    half = len(budget) // 2
    yield Label(
        budget[half],
        front["information"][half],
        "best lines found",
        "ink",
        "end",
        dx=-8,
        dy=-10,
        bold=True,
        halo=True,
    )
    yield Label(
        budget[half],
        front["flip_information"][half],
        "lines that flip, at best",
        "series-1-text",
        dx=10,
        dy=18,
        bold=True,
        halo=True,
    )
    yield Label(
        budget[at],
        0,
        f"+{front['gain'][at]:.4f} bits",
        "selection-text",
        "end" if budget[at] > 1 else "start",
        dx=-9 if budget[at] > 1 else 9,
        dy=-9,
        bold=True,
        halo=True,
    )


def _gain_picture(data) -> Plot:
    front, at = data["front"], data["at"]
    budget, gain = front["budget"], front["gain"]
    peak, most = int(gain.argmax()), float(gain.max())
    top = max(1.25 * most, LEAST)
    # the shortfall of half of the starts
    fell = np.stack([gain, np.maximum(gain - front["gap"], 0), np.full_like(gain, np.nan)], 1)
    marks = [
        Line(budget.repeat(3), fell.ravel(), "noise", 3),
        Line(budget, gain, "best", 2.2),
        Dots(budget, gain, ("ink",), radius=1.6),
        Line((budget[at],) * 2, (0, gain[at]), "selection", 2, dash="2 3"),
    ]
    if most < NOTHING:
        note = "no line was found that beats a flip line" if data["done"] == 1 else ""
        marks.append(Label(1, top * 0.375, note, "muted", "middle", dy=4, halo=True))
    else:
        marks.append(
            Label(
                budget[peak],
                most,
                "best lines found",
                "ink",
                "start" if budget[peak] < 0.5 else "end" if budget[peak] > 1.5 else "middle",
                dy=-14,
                bold=True,
                halo=True,
            )
        )
    if data["done"] < 1:
        marks.append(
            Label(2, top, f"searching, {percent(data['done'])}", "muted", "end", dy=12, size=12, halo=True)
        )
    if most > top / 4:  # elsewhere the line lies on the axis, which has a name
        marks.append(
            Label(
                _room(budget, gain, budget[at], top),
                0,
                "lines that flip",
                "muted",
                "middle",
                dy=-7,
                size=12,
                halo=True,
            )
        )
    marks.append(
        DragHandle(
            budget[at],
            gain[at],
            "Bits in all",
            state={"budget_any": (float(budget[at]), BUDGET_ANY)},
            moves="budget_any",
            axis="x",
            text=spoken(data),
            marks=(Dot(budget[at], gain[at], "selection", 7, rim="rim"),),
        )
    )
    return Plot(
        tuple(marks),
        Axis("bits received in all", (0, 2), ticks=(0, 0.5, 1, 1.5, 2)),
        Axis("bits learnt beyond what lines that flip can teach", (0, top), count=4, grid=True),
        heights=(338, 338),
        ratio=0.7,
        margins=(34, 14, 46, 58),
        hover=Tooltip("front", "budget", "gain", "{budget:2} bits: {gain:4} more than lines that flip"),
    )


def _room(budget, gain, taken: float, top: float) -> float:
    """A position for the label that is clear of the axis and the curve."""
    for x in (1.5, 0.7, 1.72, 1.1):
        near = gain[np.abs(budget - x) < 0.26]
        if abs(x - taken) > 0.26 and (near.min() > 0.12 * top or near.max() < NOTHING):
            return x
    return 1.5 if taken < 1.2 else 0.7


def row_of(data) -> dict:
    return {name: float(column[data["at"]]) for name, column in data["front"].items()}


def spoken(data) -> str:
    row = row_of(data)
    return f"{row['budget']:.2f} bits; the best lines found gain {row['gain']:.4f} bits over lines that flip"
