"""Presentation: in which formats a state of a figure can be had, and which arguments say how it is to look.

Arguments are parameters whose names begin with an underscore, so that they read, check and explain themselves as a figure's own
do. FORMATS is the one list of formats: addresses, menus, the appendix and the documentation follow from it.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from infodecomp.explorable.answers import Answer
from infodecomp.explorable.errors import NotFound
from infodecomp.explorable.figures import HEIGHTS, WIDE, WIDTHS, Figure, View
from infodecomp.explorable.palette import THEMES
from infodecomp.explorable.parameters import Choice, Parameter, Range, parse_query


class Whole(Range):
    """A whole number, written in plain digits."""

    def parse(self, text: str) -> int:
        if not (text.isascii() and text.isdigit()):
            raise self.refuse(text, "is no whole number")
        return self.check(int(text[:9]), text)


@dataclass(frozen=True, kw_only=True)
class Words(Parameter):
    """Words that whoever uses them checks. told: what they may be, for messages and documentation."""

    told: str
    default: str = ""

    def parse(self, text: str) -> str:
        return text

    def check(self, value) -> str:
        return str(value)

    def write(self, value) -> str:
        return value

    def bounds(self) -> str:
        return self.told


WIDTH = Whole(name="_width", label="width", default=WIDE, low=WIDTHS[0], high=WIDTHS[1], step=1, unit="pixels")
HEIGHT = Whole(name="_height", label="greatest height", default=HEIGHTS[1], low=HEIGHTS[0], high=HEIGHTS[1], step=1, unit="pixels")
THEME = Choice(name="_theme", label="colours", default="light", options={theme: theme for theme in THEMES})
SCALE = Whole(name="_scale", label="pixels of the file for each of the picture's", default=2, low=1, high=4, step=1)
FIELDS = Words(name="_fields", label="parts of the answer", told="names of its parts with commas between them")
PLAY = Words(name="_play", label="the parameter that plays", told="the name of a parameter that a button plays")
GRAB = Words(name="_grab", label="a point of the plane that the state is to lie nearest to", told="two finite numbers, 'x,y'")


@dataclass(frozen=True)
class Format:
    """One of the forms of a state. kind: how its address ends. make: (view, presentation arguments) -> the body.

    label: what a menu calls it.
    """

    kind: str
    label: str
    mimetype: str
    arguments: tuple[Parameter, ...]
    make: Callable[[View, dict], bytes]


def _json(view: View, show: dict) -> bytes:
    if show["_grab"]:
        view = view.figure.grabbed(view.state, show["_grab"])
    return view.json(show["_fields"].split(",") if show["_fields"] else None, show["_width"], show["_height"])


def _svg(view: View, show: dict) -> bytes:
    return view.svg(show["_width"], show["_theme"], show["_height"]).encode()


def _png(view: View, show: dict) -> bytes:
    return view.png(show["_width"], show["_theme"], show["_scale"], show["_height"])


def _csv(view: View, show: dict) -> bytes:
    return view.csv().encode()


FORMATS = {form.kind: form for form in (
    Format("svg", "SVG", "image/svg+xml", (WIDTH, HEIGHT, THEME), _svg),
    Format("png", "PNG", "image/png", (WIDTH, HEIGHT, THEME, SCALE), _png),
    Format("csv", "CSV", "text/csv; charset=utf-8", (), _csv),
    Format("json", "JSON", "application/json", (WIDTH, HEIGHT, FIELDS, GRAB), _json),
)}


def separate(arguments: Iterable[Parameter], items: Iterable[tuple[str, str]]) -> tuple[dict, list[tuple[str, str]]]:
    """The presentation arguments among the pairs of a query string, checked and completed, and the pairs that are left."""
    names, items = {argument.name for argument in arguments}, list(items)
    return parse_query(arguments, [pair for pair in items if pair[0] in names]), [pair for pair in items if pair[0] not in names]


def format_of(kind: str) -> Format:
    """The format that an address ends in; raises NotFound."""
    if kind not in FORMATS:
        raise NotFound(f"There is no format {kind[:20]!r}; ask for .{', .'.join(FORMATS)}.", format=kind[:20])
    return FORMATS[kind]


def present(figure: Figure, kind: str, items: Iterable[tuple[str, str]], computing: AbstractContextManager = nullcontext()) -> Answer:
    """One state of a figure in one format, both from the pairs of a query string. computing: held while it is made.

    Raises NotFound for a format or a form of the figure that there is not, ParameterError for bad values.
    """
    form = format_of(kind)
    show, state = separate(form.arguments, items)
    with computing:
        return Answer(form.make(figure.read(state), show), form.mimetype)
