"""Presentation: in which formats a state of a figure can be had, and which arguments say how it is to look.

Arguments are parameters whose names begin with an underscore, so that they read, check and explain themselves as a figure's own
do. FORMATS is the one list of formats: addresses, menus, the appendix and the documentation follow from it.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from infodecomp.explorable.answers import Answer
from infodecomp.explorable.errors import NotFound, ParameterError
from infodecomp.explorable.exports import Exports
from infodecomp.explorable.figures import HEIGHTS, WIDE, WIDTHS, Figure, View
from infodecomp.explorable.palette import THEMES
from infodecomp.explorable.parameters import Choice, Parameter, Range, Toggle, parse_query
from infodecomp.explorable.plates import GROUNDS, bare, plate
from infodecomp.explorable.scripts import script

Items = Iterable[tuple[str, str]]
MOST_PIXELS = 20_000_000  # of one file: about 6000 x 3300


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
EXACT_HEIGHT = replace(HEIGHT, label="height, exactly; of a bare picture the greatest", default=None)
THEME = Choice(name="_theme", label="colours", default="light", options={theme: theme for theme in THEMES})
GROUND = Choice(name="_background", label="ground", default="paper", options=GROUNDS)
FRAME = Toggle(name="_frame", label="title, sentence and source around it", default=True)
SCALE = Whole(name="_scale", label="pixels of the file for each of the picture's", default=1, low=1, high=4, step=1)
FIELDS = Words(name="_fields", label="parts of the answer", told="names of its parts with commas between them")
PLAY = Words(name="_play", label="the parameter that plays", told="the name of a parameter that a button plays")
GRAB = Words(name="_grab", label="a point of the plane that the state is to lie nearest to", told="two finite numbers, 'x,y'")
DOWNLOAD = Toggle(name="_download", label="save it rather than show it")
LOOK = (WIDTH, EXACT_HEIGHT, THEME, GROUND, FRAME)


@dataclass(frozen=True)
class Format:
    """One of the forms of a state. kind: how its address ends. label: what a menu calls it. what: what it is, in a few words.

    make: (view, presentation arguments, where the state is to be found) -> the body. converts: make gives an SVG, and a
    converter makes the rest of it.
    """

    kind: str
    label: str
    what: str
    mimetype: str
    arguments: tuple[Parameter, ...]
    make: Callable[[View, dict, str], str | bytes]
    converts: bool = False


def picture_of(view: View, show: dict, source: str, fonts: bool = True) -> str:
    """The SVG of a picture that stands alone, with or without its frame."""
    if show["_background"] == "white" and show["_theme"] == "dark":
        raise ParameterError("_background = 'white' cannot be read in dark colours: give _theme=light, or paper or transparent.",
                             parameter="_background", value="white", bounds="paper, transparent")
    look = {"theme": show["_theme"], "ground": show["_background"], "fonts": fonts}
    if not show["_frame"]:
        return bare(view, show["_width"], show["_height"], **look)
    return plate(view, show["_width"], show["_height"], source=source, **look)


def _for_conversion(view: View, show: dict, source: str) -> str:
    svg = picture_of(view, show, source, fonts=False)
    width, height = map(float, re.match(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"', svg).groups())
    scale = show.get("_scale", 1)
    if width * height * scale**2 > MOST_PIXELS:
        raise ParameterError(f"_scale = {scale} makes {width * height * scale**2 / 1e6:.0f} million pixels; give a smaller _scale, "
                             f"_width or _height, at most {MOST_PIXELS / 1e6:.0f} million in all.", parameter="_scale", value=scale)
    return svg


def _json(view: View, show: dict, source: str) -> bytes:
    if show["_grab"]:
        view = view.figure.grabbed(view.state, show["_grab"])
    return view.json(show["_fields"].split(",") if show["_fields"] else None, show["_width"], show["_height"])


FORMATS = {form.kind: form for form in (
    Format("svg", "SVG", "a picture whose text stays text", "image/svg+xml", LOOK, picture_of),
    Format("png", "PNG", "a picture in pixels", "image/png", (*LOOK, SCALE), _for_conversion, converts=True),
    Format("pdf", "PDF", "a picture for print", "application/pdf", LOOK, _for_conversion, converts=True),
    Format("csv", "CSV", "its table", "text/csv; charset=utf-8", (), lambda view, show, source: view.csv()),
    Format("json", "JSON", "all of its numbers", "application/json", (WIDTH, HEIGHT, FIELDS, GRAB), _json),
    Format("py", "Python", "a script that recomputes it", "text/x-python; charset=utf-8", (),
           lambda view, show, source: script(view, source)),
)}


MENU = (  # what a figure's menu offers, in groups: label, format, arguments
    ("Pictures", (("SVG", "svg", ""), ("PNG", "png", ""), ("PNG 2\u00d7", "png", "_scale=2"),
                  ("PNG 1920\u202f\u00d7\u202f1080", "png", "_width=1920&_height=1080"), ("PDF", "pdf", ""))),
    ("Numbers", (("CSV", "csv", ""), ("JSON", "json", ""), ("Python script", "py", ""))),
)


@dataclass(frozen=True)
class Offer:
    """An entry of a menu: what it is called, its format, the arguments of its own, its address."""

    label: str
    kind: str
    look: str
    href: str


def offers(view: View) -> list[tuple[str, list[Offer]]]:
    """What the menu of a figure in this state offers, in groups, each with its name."""
    def offered(label: str, kind: str, look: str) -> Offer:
        return Offer(label, kind, look, f"/figures/{view.figure.name}.{kind}?" + "&".join(filter(None, (view.query, look, "_download=1"))))

    groups = [(group, [offered(*entry) for entry in entries if has_format(view.figure, entry[1])]) for group, entries in MENU]
    return [(group, entries) for group, entries in groups if entries]


def separate(arguments: Iterable[Parameter], items: Items) -> tuple[dict, list[tuple[str, str]]]:
    """The presentation arguments among the pairs of a query string, checked and completed, and the pairs that are left."""
    arguments, items = tuple(arguments), list(items)
    names = {argument.name for argument in arguments}
    return parse_query(arguments, [pair for pair in items if pair[0] in names]), [pair for pair in items if pair[0] not in names]


def underscored(figure: Figure, arguments: Iterable[Parameter], items: Items) -> list[tuple[str, str]]:
    """The pairs of a query string in which arguments may be written without their underscore, unless the figure has that name."""
    short = {argument.name[1:] for argument in arguments} - {parameter.name for parameter in figure.parameters}
    return [(f"_{name}" if name in short else name, value) for name, value in items]


def format_of(kind: str) -> Format:
    """The format that an address ends in; raises NotFound."""
    if kind not in FORMATS:
        raise NotFound(f"There is no format {kind[:20]!r}; ask for .{', .'.join(FORMATS)}.", format=kind[:20])
    return FORMATS[kind]


def has_format(figure: Figure, kind: str) -> bool:
    """Whether a figure can be had in a format: a panel draws nothing, and not every figure has a table."""
    return figure.has({"csv": "table"}.get(kind, "draw")) or kind in ("json", "py")


@dataclass(frozen=True)
class Asked:
    """One state of a figure in one format: what an address asks for, read and checked, and nothing computed yet."""

    view: View
    form: Format
    show: dict

    @property
    def key(self) -> tuple:
        """The same for all addresses that ask for the same, however they write their numbers and in whatever order."""
        return self.form.kind, self.view.figure.name, *self.view.state.values(), *self.show.values()

    @property
    def dear(self) -> bool:
        """Whether it takes long, or a converter."""
        return self.form.converts or self.view.long


def ask(figure: Figure, kind: str, items: Items) -> Asked:
    """What the pairs of a query string ask of a figure in a format. Raises NotFound for a format that there is not, ParameterError."""
    form = format_of(kind)
    show, state = separate((*form.arguments, DOWNLOAD), items)
    return Asked(figure.read(state), form, show)


def present(asked: Asked, source: str = "", computing: AbstractContextManager = nullcontext(), exports: Exports | None = None) -> Answer:
    """The answer to what was asked.

    source: where the state is to be found. computing: held while its numbers are made, but not while a picture is converted.
    Raises NotFound for a form of the figure that there is not, ParameterError for values that do not go together, Busy.
    """
    view, form, show = asked.view, asked.form, asked.show
    with exports.place() if form.converts else nullcontext() as converter:
        with computing:
            body = form.make(view, show, source)
        if converter:
            body = converter.convert(body, form.kind, scale=show.get("_scale", 1))
    body = body.encode() if isinstance(body, str) else body
    return Answer(body, form.mimetype, file_name(view, form.kind), show["_download"])


def file_name(view: View, kind: str) -> str:
    """What a state is called where it is saved: its figure and what differs from the default."""
    name = ",".join(filter(None, (view.figure.name, view.query.replace("&", ","))))
    if len(name) > 90 or not re.fullmatch(r"[\w.,=+-]*", name, re.ASCII):
        name = f"{view.figure.name}-{hashlib.sha256(view.query.encode()).hexdigest()[:8]}"
    return f"{name}.{kind}"
