"""A row of a table to fill in: each column as a track of its possible values, shaded where the messages of
two values would look the same."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from infodecomp.explorable import (
    Axis,
    BitGauge,
    Dot,
    DragHandle,
    Heatmap,
    Highlight,
    Label,
    Line,
    Plot,
    Rect,
    StateLink,
)
from infodecomp.explorable.figures.parameters import Parameter
from infodecomp.explorable.graphics.marks import Mark

RIGHT, ROW = 62, 34  # the margin beside the tracks and the height of one, in pixels
LEAST_ROW = 27  # pixels: two lines of text, for the name of a column and for its value
ON_AMBER = 0.5  # from this likeness on, the name of an option is dark in both themes


class Track(NamedTuple):
    """A column to fill in.

    Attributes
    ----------
    parameter : Parameter
        Of the value; if it is categorical, its values are pressed one by one.
    values : list
        All values of the parameter.
    value : object
        The present one.
    alike : ndarray of shape (n_values,)
        How much the message of each value looks like that of the present one, 0 to 1.
    bits : float
    asked : bool
        Whether it gets bits that are worth showing.
    name, shown : str
        The column and its value, as the picture has them.
    words, narrow : sequence of str
        Of the options, in full and for a narrow picture.
    text : str
        The column for assistive technology; its name by default.
    full : sequence of str
        The options for assistive technology; words by default.
    """

    parameter: Parameter
    values: list
    value: object
    alike: np.ndarray
    bits: float
    asked: bool
    name: str
    shown: str
    words: Sequence[str] = ()
    narrow: Sequence[str] = ()
    text: str = ""
    full: Sequence[str] = ()

    @property
    def label(self) -> str:
        """What assistive technology calls it."""
        return self.text or self.name


def tracks_plot(tracks: Sequence[Track], heading: str, left: float) -> Plot:
    """Tracks one below the other, from 0 to minus their number; `value_at` inverts a point.

    Parameters
    ----------
    tracks : sequence of Track
    heading : str
    left : float
        Room for names and values, in pixels.

    Returns
    -------
    Plot
    """
    n = len(tracks)
    marks: list[Mark] = [
        Label(0, 0, heading, dx=9 - left, dy=-26, bold=True, size=14),
        Rect(0, 0.44, 0.055, 0.14, "selection", radius=2),
        Label(0.055, 0, "looks the same as your choice", "muted", dx=7, dy=-6, size=12.5),
    ]
    handles: list[Mark] = []
    for i, track in enumerate(tracks):
        own, knobs = _track(track, -i - 0.16, -i - 0.84)
        marks += own
        handles += knobs
    return Plot(
        (*marks, *handles),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(-n, 0), hidden=True),
        heights=(n * ROW + 50,) * 2,
        margins=(44, RIGHT, 6, left),
        grab="rows",
        least_plane=n * LEAST_ROW,
    )


def value_at(values: Sequence[tuple[Parameter, list]], x: float, y: float) -> dict:
    """The value at a point of the tracks.

    Parameters
    ----------
    values : sequence of (Parameter, list)
        The parameter of each track with all its values.
    x, y : float
        In the plane of `tracks_plot`.

    Returns
    -------
    dict
        Name of a parameter -> value.
    """
    parameter, own = values[min(max(int(-y), 0), len(values) - 1)]
    return {parameter.name: own[min(max(int(x * len(own)), 0), len(own) - 1)]}


def _track(track: Track, top: float, bottom: float) -> tuple[list[Mark], list[Mark]]:
    """The marks of a track, and its handle or its options. A column without bits is a thin line."""
    n, parameter, middle = len(track.values), track.parameter, (top + bottom) / 2
    at = (track.values.index(track.value) + 0.5) / n
    name = Label(0, middle, track.name, "ink" if track.asked else "muted", "end", dx=-9, dy=-3, size=12.5)
    value_role = "selection-text" if track.asked else "muted"
    chosen = Label(0, middle, track.shown, value_role, "end", dx=-9, dy=12, size=12.5, bold=track.asked)
    marks: list[Mark] = [name, Highlight(parameter.name, (chosen,))]
    if track.asked:
        marks += [
            Rect(0, bottom, 1, top, "wash", stroke="noise", radius=3),
            Heatmap(0, bottom, 1, top, 0.85 * track.alike[None], "selection"),
            Label(1, middle, f"{track.bits:.2f} bits", "ink", dx=9, dy=-2, size=12.5),
            BitGauge(1, middle, track.bits, "ink", side=7, dx=9, dy=8),
        ]
    else:
        marks += [
            Line((0, 1), (middle, middle), "noise", 1, dash="1 4"),
            Label(1, middle, "not asked", "muted", dx=9, dy=4, size=12),
        ]
    if parameter.is_categorical:
        return marks, [_option(track, i, (top, bottom)) for i in range(n)]
    role, rim = ("selection", "rim") if track.asked else ("paper", "muted")
    handle = DragHandle(
        at,
        middle,
        track.label,
        state={parameter.name: (track.value, parameter)},  # type: ignore[dict-item]  # a numeric parameter
        moves=parameter.name,
        axis="x",
        per_unit=n,
        text=track.shown,
        size=(44, 44),
        marks=(
            *([Line((at, at), (bottom, top), "selection", 3.2)] if track.asked else []),
            Dot(at, middle, role, 6.5 if track.asked else 5, rim=rim),
        ),
    )
    return marks, [handle]


def _option(track: Track, i: int, down: tuple[float, float]) -> StateLink:
    """One of a few named values, to be pressed; on strong amber its name is dark in both themes."""
    n, value = len(track.values), track.values[i]
    left, right, (top, bottom) = i / n, (i + 1) / n, down
    center, middle, chosen = (left + right) / 2, sum(down) / 2, value == track.value
    ink = "on-target" if track.alike[i] > ON_AMBER else "ink"
    inside: Mark = (
        Dot(
            center,
            middle,
            "selection" if track.asked else "paper",
            6.5 if track.asked else 5,
            rim="rim" if track.asked else "muted",
        )
        if chosen
        else Label(
            center,
            middle,
            track.words[i],
            ink if track.asked else "muted",
            "middle",
            dy=4,
            size=12,
            halo=not track.asked,
            narrow=track.narrow[i],
        )
    )
    return StateLink(
        f"{track.parameter.name}={value}",
        f"{track.label}: {(track.full or track.words)[i]}",
        (Rect(left, bottom, right, top, "paper", opacity=0.004, inset=1), inside),
        chosen,
    )
