"""Query options: what an address says about the form of a response, besides the state of its figure.

Options are parameters whose names begin with an underscore, so they parse, check and document themselves as
the parameters of a figure do.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from infodecomp.explorable.exports.standalone import BACKGROUNDS
from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.parameters import (
    Choice,
    FreeText,
    Integer,
    Parameter,
    Toggle,
    parse_query,
)
from infodecomp.explorable.figures.state import HEIGHTS, WIDE, WIDTHS
from infodecomp.explorable.graphics.theme import THEMES

QueryItems = Iterable[tuple[str, str]]

WIDTH = Integer(
    name="_width", label="width", default=WIDE, low=WIDTHS[0], high=WIDTHS[1], step=1, unit="pixels"
)
HEIGHT = Integer(
    name="_height",
    label="maximum height",
    default=HEIGHTS[1],
    low=HEIGHTS[0],
    high=HEIGHTS[1],
    step=1,
    unit="pixels",
)
EXACT_HEIGHT = replace(HEIGHT, label="exact height; the maximum height of a bare picture", default=None)
THEME = Choice(name="_theme", label="colours", default="light", options={theme: theme for theme in THEMES})
BACKGROUND = Choice(name="_background", label="background", default="paper", options=BACKGROUNDS)
FRAME = Toggle(name="_frame", label="title, caption and source around it", default=True)
QR = Toggle(name="_qr", label="the address of the state as a QR code in its corner")
FONTS = Toggle(name="_fonts", label="the typeface in the file", default=True)
TEXT = Choice(
    name="_text",
    label="its letters",
    default="text",
    options={"text": "text, in an embedded typeface", "paths": "outlines, which look the same everywhere"},
)
SCALE = Integer(
    name="_scale", label="pixels of the file for each of the picture's", default=1, low=1, high=4, step=1
)
FIELDS = FreeText(
    name="_fields", label="parts of the response", allowed="names of its parts with commas between them"
)
PLAY = FreeText(
    name="_play", label="the parameter that plays", allowed="the name of a parameter that a button plays"
)
GRAB = FreeText(
    name="_grab",
    label="a point of the plane; the nearest state is shown",
    allowed="two finite numbers, 'x,y'",
)
AHEAD = Toggle(name="_ahead", label="only while nobody asks for anything else")
DOWNLOAD = Toggle(name="_download", label="save it rather than show it")
PICTURE_OPTIONS = (WIDTH, EXACT_HEIGHT, THEME, BACKGROUND, FRAME, QR)


def split_options(
    options: Iterable[Parameter], items: QueryItems
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Split the pairs of a query string into options and the rest.

    Parameters
    ----------
    options : iterable of Parameter
        The options that the address accepts.
    items : iterable of (name, text)
        The pairs of the query string.

    Returns
    -------
    values : dict
        The value of every option, checked, defaults filled in.
    rest : list of (name, text)
        The pairs that are no options.

    Raises
    ------
    ParameterError
        If an option has a bad value or is given twice.
    """
    options, items = tuple(options), list(items)
    names = {option.name for option in options}
    values = parse_query(options, [pair for pair in items if pair[0] in names])
    return values, [pair for pair in items if pair[0] not in names]


def add_underscores(figure: Figure, options: Iterable[Parameter], items: QueryItems) -> list[tuple[str, str]]:
    """Return query pairs in which options may be written without their underscore.

    A name that the figure uses for a parameter of its own stays that parameter.
    """
    short = {option.name[1:] for option in options} - {parameter.name for parameter in figure.parameters}
    return [(f"_{name}" if name in short else name, value) for name, value in items]
