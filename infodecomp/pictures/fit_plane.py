"""The information plane of a fit: what bits buy, and which columns they are spent on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from infodecomp.explorable import (
    Area,
    Axis,
    Dot,
    DragHandle,
    Figure,
    HConcat,
    Label,
    Line,
    Plot,
    Tooltip,
    figure,
    key_number,
)
from infodecomp.explorable.figures.state import NARROW
from infodecomp.explorable.graphics.marks import Mark
from infodecomp.explorable.graphics.text_metrics import text_width
from infodecomp.pictures.decomposition import drawn_points, split
from infodecomp.pictures.labels import fit_text, listed_bits
from infodecomp.pictures.shares import Share, budget_marks, share_bands, share_edges
from infodecomp.pictures.shown_fit import SILENT, ShownFit, ShownPlane, keyed

LEFT, RIGHT = 50, 112  # margins in pixels, the same for both plots
ERROR, ABOVE, BELOW = 250, 34, 26  # height and margins of the upper plot, in pixels
ERROR_SIZE, LABEL_GAP = 14, 12  # pixels: of the letters beside the dot, and between it and them
SHARES, TOP, BOTTOM = 318, 48, 44  # height and margins of the lower plot, in pixels
MOST_BANDS = 10  # with a name; the other columns share one
STRONGEST, FAINTEST = 0.95, 0.25  # opacity of the bands
REST = "the others"
CAPTION = Label(0, 100, "what they are spent on, in percent", "muted", dx=4 - LEFT, dy=13 - TOP, size=12)
ROOM, NAMES = SHARES - TOP - BOTTOM, RIGHT - 10  # pixels: height of the bands, and width of their names


def plane_title(target: str) -> str:
    """The title of the figure."""
    return f"What bits buy about {target}"


def plane_figure(shown: ShownFit) -> Figure:
    """The figure of a fit's plane."""

    @figure(
        parameters=(shown.bits, shown.column),
        title=plane_title(shown.target),
        controls=("bits",),
        decimals=2,
        source=shown.source,
    )
    def plane(bits, column):
        """Error and bits of each column over all budgets, on the rows that were held out."""
        measured = shown.fit.plane
        budgets, error, spread, features = drawn_points(
            measured, measured.error, measured.error_standard_error, np.maximum(measured.features, 0)
        )
        budget = shown.within(bits)
        at = measured.at(budget)
        known = {name: (shown.yardsticks or {}).get(name) for name in ("nothing", "trees")}
        top = max(*(value or 0.0 for value in known.values()), float((error + 2 * spread).max()), 1e-9)
        factor, unit = shown.scaled_axis(top)
        return {
            "front": {
                "bits": budgets,
                "error": error,
                "height": error / factor,
                "standard_error": spread,
                "text": [f"{b:.1f} bits: {shown.error_text(e)}" for b, e in zip(budgets, error.tolist())],
            },
            "features": features.T,
            "bits": bits,
            "budget": budget,
            "column": int(column) - 1,
            "error": at.error,
            "error_standard_error": at.error_standard_error,
            "enough": max(measured.best_bits, 0.0),
            "spent": at.features.clip(0),
            "known": known,
            "top": 1.08 * top,
            "factor": factor,
            "unit": unit,
        }

    @plane.draw
    def picture(data):
        return HConcat(
            (_error_plot(shown, data), _shares_plot(shown, data)), (1, 1), stack_below=float("inf")
        )

    @plane.invert_point
    def budget_at(state, x, y):
        """Pressing anywhere in a plane moves the budget there."""
        return {"bits": shown.bits.snap(x)}

    @plane.values
    def values(data):
        named = {"bits": "budget", "error": "error", "error_standard_error": "error_standard_error"}
        return {name: data[part] for name, part in named.items()}

    @plane.describe
    def description(data):
        error = key_number(keyed(shown.error_text(data["error"])), "selection")
        amounts = [(column.brief, bits) for column, bits in zip(shown.columns, data["spent"].tolist())]
        if data["spent"].max() >= SILENT:
            end = f" They buy {listed_bits(amounts, SILENT)}."
        else:
            end = " No column gets more than a trace of them."
        guess = "a guess is" if shown.is_regression else "a guess is still"
        return f"With {shown.bits_text(data['bits'])} {guess} {error}.{end}"

    @plane.value_text
    def value_text(data):
        return {"bits": _budget_text(shown, data)}

    @plane.table
    def table(data):
        front = data["front"]
        columns = {"bits": front["bits"], "error": front["error"], "standard error": front["standard_error"]}
        names = unique_names([f"bits of {column.name}" for column in shown.columns], columns)
        return columns | dict(zip(names, data["features"]))

    return plane


def unique_names(names: list[str], taken) -> list[str]:
    """Names with a number behind those that occur before: two columns may differ in invisible letters."""
    unique: list[str] = []
    for name in names:
        number, own = 1, name
        while own in unique or own in taken:
            number += 1
            own = f"{name} ({number})"
        unique.append(own)
    return unique


def _budget_text(shown: ShownFit, data: dict[str, Any]) -> str:
    return f"{shown.bits_text(data['bits'])}; {shown.error_text(data['error'])}"


def _error_plot(shown: ShownFit, data: dict[str, Any]) -> Plot:
    """Total bits against the error, with what is known without any bits and what boosted trees reach."""
    front, bits, enough = data["front"], data["bits"], data["enough"]
    budgets = front["bits"]
    factor, unit, known = data["factor"], data["unit"], data["known"]
    height, spread, top = front["height"], 2 * front["standard_error"] / factor, data["top"] / factor
    end, error = float(budgets[-1]), data["error"] / factor
    before, after = split(budgets, height, enough)
    below = 15 if (known["trees"] or 0) > 0.12 * data["top"] else -5
    trees_at = 0.0 if bits > 0.3 * end else 0.45 * end  # not where the dot is
    marks: list[Mark | None] = [
        Area(budgets, np.maximum(height - spread, 0), height + spread, "noise", 0.3),
        *nothing_known(end, known["nothing"], factor, dy=-5 if bits > 0.3 * end else 15),
        *_level(end, known["trees"], factor, Label(trees_at, 0, "boosted trees", dx=5, dy=below)),
        Line(*after, "muted", 1.4, dash="3 4") if after[0][-1] > enough else None,
        Line(*before, "best", 2.6),
        Line((enough, enough), (0, top), "muted", 1, dash="2 3"),
        Label(
            enough,
            (0.72 if error < top / 2 else 0.28) * top,
            "enough",
            "muted",
            "end" if enough > 0.15 * end else "start",
            dx=-5 if enough > 0.15 * end else 5,
            size=12,
            halo=True,
        ),
        Line((bits, bits), (0, top), "selection", 1.6),
        DragHandle(
            bits,
            error,
            "Bits in all",
            state={"bits": (bits, shown.bits)},
            moves="bits",
            axis="x",
            text=_budget_text(shown, data),
            marks=(Dot(bits, error, "selection", 8, rim="rim"),),
        ),
        _error_label(shown, data, end),
    ]
    hover = Tooltip("front", "bits", "height", "{text}")
    return error_plot(shown, marks, end, top, unit, grab=True, hover=hover)


def _error_label(shown: ShownFit, data: dict[str, Any], end: float) -> Label:
    """The error at the budget in words: to the right of the dot, where the line is lower, if there is room in
    the narrow picture; else to its left, above the line."""
    front, bits = data["front"], data["bits"]
    text, pixels = shown.error_text(data["error"]), NARROW - LEFT - RIGHT
    width = LABEL_GAP + text_width(text, ERROR_SIZE, 600)
    is_right = pixels * (1 - bits / end) + RIGHT - 6 >= width
    reach = bits + (width if is_right else -width) * end / pixels
    beside = (front["bits"] >= min(bits, reach)) & (front["bits"] <= max(bits, reach))
    highest = max(
        [data["error"], *front["error"][beside], float(np.interp(reach, front["bits"], front["error"]))]
    )
    room = (ERROR - ABOVE - BELOW) / data["top"]  # pixels for each unit of the error
    return Label(
        bits,
        data["error"] / data["factor"],
        text,
        "ink",
        "start" if is_right else "end",
        dx=LABEL_GAP if is_right else -LABEL_GAP,
        dy=-LABEL_GAP - (highest - data["error"]) * room,
        bold=True,
        halo=True,
        size=ERROR_SIZE,
    )


def error_plot(
    shown: ShownPlane, marks: Sequence[Mark | None], end: float, top: float, unit: str, **options: Any
) -> Plot:
    """The upper plot: total bits up to an end against the error, divided for its unit, up to a top."""
    measure = "RMSE" if shown.is_regression else "cross-entropy"
    words = f"off by, {unit}" if unit else "off by"
    name = f"{fit_text(words, 150)} ({measure})" if shown.is_regression else f"uncertain by, bits ({measure})"
    return Plot(
        tuple(marks),
        Axis("", (0, end)),
        Axis(name, (0, top), grid=True),
        heights=(ERROR, ERROR),
        margins=(ABOVE, RIGHT, BELOW, LEFT),
        **options,
    )


def nothing_known(end: float, error: float | None, factor: float, dy: float = -5) -> list[Mark]:
    """The error without any bits; its name is so many pixels below the line."""
    return _level(end, error, factor, Label(end, 0, "nothing known", anchor="end", dx=-4, dy=dy))


def _level(end: float, error: float | None, factor: float, label: Label) -> list[Mark]:
    """A dotted line at an error that needs no bits, or all; with its name."""
    if error is None:
        return []
    y = error / factor
    own = replace(label, y=y, role="muted", size=12, halo=True)
    return [Line((0, end), (y, y), "muted", 1, dash="1 4"), own]


def _shares_plot(shown: ShownFit, data: dict[str, Any]) -> Plot:
    """What each budget is spent on: the share of every column, stacked; columns with few bits as one."""
    bits, budgets, chosen = data["bits"], data["front"]["bits"], data["column"]
    named = named_columns(shown, data["features"])
    if chosen not in named:
        named = [*named[: MOST_BANDS - 1], chosen]
    texts = [_share_text(shown, data, i) for i in range(len(shown.columns))]
    columns, shares = stacked_shares(shown, data["features"], named, texts, is_chosen=True)
    edges, place = share_edges(columns), named.index(chosen)
    within = with_bits(columns)
    own = [(low[within], high[within]) for low, high in edges]
    amount, name = float(data["spent"][chosen]), shown.columns[chosen].name
    spent, narrow = (f"{amount:.2f} bits of {fit_text(name, width, 14)}" for width in (180, 80))
    is_right = bits < 0.55 * budgets[-1]
    marks: list[Mark] = [
        *share_bands(budgets[within], shares, own, place, ROOM, NAMES),
        *budget_marks(budgets[within], bits, own[place], CAPTION, spent, is_right, narrow),
    ]
    return shares_plot(marks, float(budgets[-1]), grab=True)


def shares_plot(marks: Sequence[Mark | None], end: float, **options: Any) -> Plot:
    """The lower plot: total bits up to an end against shares in percent."""
    return Plot(
        tuple(marks),
        Axis("bits in all", (0, end)),
        Axis("", (0, 100), ticks=(0, 25, 50, 75, 100)),
        heights=(SHARES, SHARES),
        margins=(TOP, RIGHT, BOTTOM, LEFT),
        **options,
    )


def named_columns(shown: ShownPlane, features: np.ndarray) -> list[int]:
    """The columns with a band of their own: those with most bits, if they have some at any budget."""
    return [i for i in shown.ranked if features[i].max() >= SILENT][:MOST_BANDS]


def stacked_shares(
    shown: ShownPlane, features: np.ndarray, named: list[int], texts: list[str], is_chosen: bool
) -> tuple[list[np.ndarray], list[Share]]:
    """The bands from the lowest up: of the named columns, and one of all others.

    Parameters
    ----------
    shown : ShownPlane
    features : ndarray of shape (n_columns, n_budgets)
        Bits.
    named : list of int
    texts : list of str
        Of the columns, for assistive technology.
    is_chosen : bool
        Whether bands can be chosen.

    Returns
    -------
    list of ndarray of shape (n_budgets,), list of Share
        Bits and looks of the bands.
    """
    others = [i for i in range(len(shown.columns)) if i not in named]
    columns = [features[i] for i in named]
    opacities = np.linspace(STRONGEST, FAINTEST, len(named)) if len(named) > 1 else [STRONGEST]
    shares = [
        Share(f"column={i + 1}" if is_chosen else "", shown.columns[i].name, texts[i], opacity=float(opacity))
        for i, opacity in zip(named, opacities)
    ]
    if others:
        columns.append(features[others].sum(0))
        words = REST if len(others) > 1 else shown.columns[others[0]].name
        shares.append(Share("", words, words, "noise", 0.3))
    return columns, shares


def with_bits(columns: list[np.ndarray]) -> slice:
    """The budgets that are more than next to nothing, of which shares mean nothing."""
    start = np.flatnonzero(sum(columns) > SILENT)
    return slice(int(start[0]) if len(start) else 0, None)


def _share_text(shown: ShownFit, data: dict[str, Any], column: int) -> str:
    return f"{shown.columns[column].name}: {data['spent'][column]:.2f} of {shown.bits_text(data['bits'])}"
