"""What is predicted for an hour, and which values of each feature look the same."""

import numpy as np

from infodecomp.explorable import Axis, Bars, HConcat, Label, Line, Plot
from infodecomp.explorable.core.numbers import minus_signs, with_unit
from infodecomp.pictures.tracks import Track, tracks_plot

from ..bikes import SILENT, by_entry, label
from ..own_hour import ASK, BINS, selectable_values

FEW = 20  # hours: a smaller number is not shown, since each hour counts only in part
LEFT = 80  # the margin beside the rows, in pixels


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
    tracks = [_track(data, feature) for feature in by_entry()]
    asked = sum(track.asked for track in tracks)
    return tracks_plot(tracks, f"asked: {asked} of 12 columns", LEFT)


def _track(data, feature) -> Track:
    values, _ = selectable_values(feature)
    value, bits = data["asked"][feature], data["spent"][feature]
    words = [shown_value(feature, option) for option in values]
    return Track(
        ASK[feature],
        values,
        value,
        data["alike"][feature],
        bits,
        bits >= SILENT,
        label(feature),
        shown_value(feature, value),
        words,
        [text.partition(" ")[0] for text in words],
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
