"""What is predicted for an hour, and which values of each feature look the same."""

import numpy as np

from infodecomp.explorable import (
    Axis,
    Bars,
    BitGauge,
    Dot,
    DragHandle,
    HConcat,
    Heatmap,
    Highlight,
    Label,
    Line,
    Plot,
    Rect,
    StateLink,
)
from infodecomp.explorable.core.numbers import minus_signs, with_unit

from ..bikes import SILENT, by_entry, label
from ..own_hour import ASK, BINS, selectable_values

FEW = 20  # hours: a smaller number is not shown, since each hour counts only in part
LEFT, RIGHT, ROW = 80, 62, 34  # the margins beside the rows and the height of one, in pixels
LEAST_ROW = 27  # pixels: two lines of text, for the name of a feature and for its value


def ask_picture(data):
    return HConcat((_distribution(data), _rows(data)), (1, 1), stack_below=float("inf"))


def _distribution(data) -> Plot:
    """Predictions over many messages, and outlined the rentals of the real hours that look the same."""
    columns, few = data["beliefs"], data["similar"] < 0.5
    predicted = columns["believed"]
    rented = np.zeros(len(BINS) - 1) if few else columns["rented"]
    top = max(predicted.max(), rented.max(), 1e-9)
    edges = np.repeat(BINS, 2).astype(float)
    outline = np.concatenate(([0.0], np.repeat(rented / top, 2), [0.0]))
    middle = min(data["believed"], 1000.0)
    marks = [
        Bars(columns["from"], columns["to"], predicted / top, "selection"),
        *([] if few else [Line(edges, outline, "ink", 1.5)]),
        Line((middle, middle), (0, 1.06), "selection-text", 1.6, dash="3 3"),
        Label(0, 1, f"predicted: {data['believed']:.0f} bikes", "selection-text", dy=-50, bold=True, size=15),
        Label(
            0,
            1,
            f"{data['low']:.0f} to {data['high']:.0f} in 80% of messages",
            "muted",
            dy=-32,
            size=12.5,
        ),
        Label(
            0,
            1,
            f"outlined: {similar_hours_text(data)}",
            "ink",
            dy=-16,
            size=12.5,
            narrow=f"outlined: {similar_hours_text(data, True)}",
        ),
    ]
    return Plot(
        tuple(marks),
        Axis("bikes an hour", (0, 1000), ticks=(0, 200, 400, 600, 800, 1000)),
        Axis(domain=(0, 1), hidden=True),
        heights=(220, 220),
        margins=(70, 24, 46, 12),
    )


def similar_hours_text(data, narrow: bool = False) -> str:
    n, hours = data["similar"], data["hours"]
    if n < 0.5:
        return "no real hour looks like it"
    if n < FEW:  # each of them counts as far as it looks the same, so that their number is a sum of parts
        many = "one real hour that looks" if hours == 1 else "a few real hours that look"
        return (
            f"rented in {'one hour' if hours == 1 else 'a few hours'} like it"
            if narrow
            else f"rented in {many} much the same"
        )
    return (
        f"rented in {n:,.0f} hours like it"
        if narrow
        else f"rented in the {n:,.0f} real hours that look the same"
    )


def _rows(data) -> Plot:
    """The features, each as a track of its possible values; amber where the messages would look the same."""
    asked = sum(bits >= SILENT for bits in data["spent"].values())
    marks = [
        Label(0, 0, f"asked: {asked} of 12 columns", dx=9 - LEFT, dy=-26, bold=True, size=14),
        Rect(0, 0.44, 0.055, 0.14, "selection", radius=2),
        Label(0.055, 0, "looks the same as your choice", "muted", dx=7, dy=-6, size=12.5),
    ]
    handles = []
    for i, feature in enumerate(by_entry()):
        track, knobs = _row(data, feature, -i - 0.16, -i - 0.84)
        marks += track
        handles += knobs
    return Plot(
        (*marks, *handles),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(-12, 0), hidden=True),
        heights=(12 * ROW + 50,) * 2,
        margins=(44, RIGHT, 6, LEFT),
        grab="rows",
        least_plane=12 * LEAST_ROW,
    )


def _row(data, feature, top, bottom) -> tuple[list, list]:
    """The marks of a track, and its handle or its options. A feature without bits is a thin line."""
    values, _ = selectable_values(feature)
    n, value, parameter, middle = len(values), data["asked"][feature], ASK[feature], (top + bottom) / 2
    at = (values.index(value) + 0.5) / n
    shown, bits = shown_value(feature, value), data["spent"][feature]
    asked = bits >= SILENT
    name = Label(0, middle, label(feature), "ink" if asked else "muted", "end", dx=-9, dy=-3, size=12.5)
    value_role = "selection-text" if asked else "muted"
    chosen = Label(0, middle, shown, value_role, "end", dx=-9, dy=12, size=12.5, bold=asked)
    marks = [name, Highlight(parameter.name, (chosen,))]
    if asked:
        marks += [
            Rect(0, bottom, 1, top, "wash", stroke="noise", radius=3),
            Heatmap(0, bottom, 1, top, 0.85 * data["alike"][feature][None], "selection"),
            Label(1, middle, f"{bits:.2f} bits", "ink", dx=9, dy=-2, size=12.5),
            BitGauge(1, middle, bits, "ink", side=7, dx=9, dy=8),
        ]
    else:
        marks += [
            Line((0, 1), (middle, middle), "noise", 1, dash="1 4"),
            Label(1, middle, "not asked", "muted", dx=9, dy=4, size=12),
        ]
    role, rim = ("selection", "rim") if asked else ("paper", "muted")
    if parameter.is_categorical:
        return marks, [
            _option(feature, option, (i / n, (i + 1) / n), (top, bottom), option == value, (role, rim), alike)
            for i, (option, alike) in enumerate(zip(values, data["alike"][feature], strict=True))
        ]
    handle = DragHandle(
        at,
        middle,
        label(feature),
        state={parameter.name: (value, parameter)},
        moves=parameter.name,
        axis="x",
        per_unit=n,
        text=shown,
        size=(44, 44),
        marks=(
            *([Line((at, at), (bottom, top), "selection", 3.2)] if asked else []),
            Dot(at, middle, role, 6.5 if asked else 5, rim=rim),
        ),
    )
    return marks, [handle]


def _option(feature, option, across, down, chosen, dot, alike) -> StateLink:
    """One of a few named values, to be pressed; on strong amber its name is dark in both themes."""
    ink = "on-target" if alike > 0.5 else "ink"
    (left, right), (top, bottom) = across, down
    center, middle, words = sum(across) / 2, sum(down) / 2, shown_value(feature, option)
    inside = (
        Dot(center, middle, dot[0], 6.5 if dot[0] == "selection" else 5, rim=dot[1])
        if chosen
        else Label(
            center,
            middle,
            words,
            ink if dot[0] == "selection" else "muted",
            "middle",
            dy=4,
            size=12,
            halo=dot[0] != "selection",
            narrow=words.partition(" ")[0],
        )
    )
    return StateLink(
        f"{ASK[feature].name}={option}",
        f"{label(feature)}: {words}",
        (Rect(left, bottom, right, top, "paper", opacity=0.004, inset=1), inside),
        chosen,
    )


def shown_value(feature: str, value) -> str:
    """A value in few words."""
    if feature in ("hour", "weekday", "month"):
        return ASK[feature].show(value)
    if feature == "weather":
        return {"light": "light rain", "heavy": "heavy rain"}.get(value, value)
    if ASK[feature].is_categorical:
        return value
    return minus_signs(with_unit(str(value), ASK[feature].unit))
