"""Presentation: in which formats a state of a figure can be had.

FORMATS is the one list of formats: addresses, menus, the appendix and the documentation follow from it.
"""

import hashlib
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from infodecomp.explorable.core.errors import NotFound, ParameterError
from infodecomp.explorable.exports.animation import FILMED, SWEEP, Animation, can_be_filmed, sliders
from infodecomp.explorable.exports.query_options import (
    DOWNLOAD,
    FIELDS,
    GRAB,
    HEIGHT,
    LOOK,
    SCALE,
    WIDTH,
    Items,
    separate,
    underscored,
)
from infodecomp.explorable.exports.raster import Exports
from infodecomp.explorable.exports.script import script
from infodecomp.explorable.exports.standalone import bare_svg, standalone_svg
from infodecomp.explorable.figures.figure import Figure, FigureState
from infodecomp.explorable.figures.parameters import Parameter
from infodecomp.explorable.serving.cache import RenderedResponse
from infodecomp.explorable.site.library import Library

MOST_PIXELS = 20_000_000  # of one file: about 6000 x 3300


@dataclass(frozen=True)
class Format:
    """One of the forms of a state. kind: how its address ends. label: what a menu calls it. what: what it is, in a few words.

    make: (view, presentation arguments, where the state is to be found) -> the body. converts: make gives an SVG, and a
    converter makes the rest of it. short: arguments that an address may write without their underscore. flows: make gives a Film,
    and its bytes come one after the other. credited: it says where its state is to be found.
    """

    kind: str
    label: str
    what: str
    mimetype: str
    arguments: tuple[Parameter, ...]
    make: Callable[[FigureState, dict, str], str | bytes | Animation]
    converts: bool = False
    short: tuple[Parameter, ...] = ()
    flows: bool = False
    credited: bool = True


def picture_of(view: FigureState, show: dict, source: str, fonts: bool = True) -> str:
    """The SVG of a picture that stands alone, with or without its frame."""
    if show["_background"] == "white" and show["_theme"] == "dark":
        raise ParameterError(
            "_background = 'white' cannot be read in dark colours: give _theme=light, or paper or transparent.",
            parameter="_background",
            value="white",
            bounds="paper, transparent",
        )
    look = {"theme": show["_theme"], "ground": show["_background"], "fonts": fonts}
    if not show["_frame"]:
        return bare_svg(view, show["_width"], show["_height"], **look)
    return standalone_svg(view, show["_width"], show["_height"], source=source, **look)


def _for_conversion(view: FigureState, show: dict, source: str) -> str:
    svg = picture_of(view, show, source, fonts=False)
    width, height = map(float, re.match(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"', svg).groups())
    scale = show.get("_scale", 1)
    if width * height * scale**2 > MOST_PIXELS:
        raise ParameterError(
            f"_scale = {scale} makes {width * height * scale**2 / 1e6:.0f} million pixels; give a smaller _scale, "
            f"_width or _height, at most {MOST_PIXELS / 1e6:.0f} million in all.",
            parameter="_scale",
            value=scale,
        )
    return svg


def _json(view: FigureState, show: dict, source: str) -> bytes:
    if show["_grab"]:
        view = view.figure.grabbed(view.state, show["_grab"])
    return view.json(show["_fields"].split(",") if show["_fields"] else None, show["_width"], show["_height"])


FORMATS = {
    form.kind: form
    for form in (
        Format("svg", "SVG", "a picture whose text stays text", "image/svg+xml", LOOK, picture_of),
        Format(
            "png", "PNG", "a picture in pixels", "image/png", (*LOOK, SCALE), _for_conversion, converts=True
        ),
        Format("pdf", "PDF", "a picture for print", "application/pdf", LOOK, _for_conversion, converts=True),
        Format(
            "csv",
            "CSV",
            "its table",
            "text/csv; charset=utf-8",
            (),
            lambda view, show, source: view.csv(),
            credited=False,
        ),
        Format(
            "json",
            "JSON",
            "all of its numbers",
            "application/json",
            (WIDTH, HEIGHT, FIELDS, GRAB),
            _json,
            credited=False,
        ),
        Format(
            "py",
            "Python",
            "a script that recomputes it",
            "text/x-python; charset=utf-8",
            (),
            lambda view, show, source: script(view, source),
        ),
        Format(
            "gif",
            "GIF",
            "a film of it while one parameter moves: vary, from, to, frames",
            "image/gif",
            FILMED,
            Animation,
            converts=True,
            short=SWEEP,
            flows=True,
        ),
    )
}


MENU = (  # what a figure's menu offers, in groups: label, format, arguments
    (
        "Pictures",
        (
            ("SVG", "svg", ""),
            ("PNG", "png", ""),
            ("PNG 2\u00d7", "png", "_scale=2"),
            ("PNG 1920\u202f\u00d7\u202f1080", "png", "_width=1920&_height=1080"),
            ("PDF", "pdf", ""),
        ),
    ),
    ("Numbers", (("CSV", "csv", ""), ("JSON", "json", ""), ("Python script", "py", ""))),
)
FILM = "Film of"  # the group of a menu that has an entry for each slider


@dataclass(frozen=True)
class Offer:
    """An entry of a menu: what it is called, its format, the arguments of its own, its address."""

    label: str
    kind: str
    look: str
    href: str


def offers(view: FigureState) -> list[tuple[str, list[Offer]]]:
    """What the menu of a figure in this state offers, in groups, each with its name."""

    def offered(label: str, kind: str, look: str) -> Offer:
        return Offer(
            label,
            kind,
            look,
            f"/figures/{view.figure.name}.{kind}?"
            + "&".join(filter(None, (view.query, look, "_download=1"))),
        )

    groups = [
        (group, [offered(*entry) for entry in entries if has_format(view.figure, entry[1])])
        for group, entries in MENU
    ]
    if has_format(view.figure, "gif"):
        groups.insert(
            1,
            (
                FILM,
                [offered(parameter.label, "gif", f"vary={parameter.name}") for parameter in sliders(view)],
            ),
        )
    return [(group, entries) for group, entries in groups if entries]


def format_of(kind: str) -> Format:
    """The format that an address ends in; raises NotFound."""
    if kind not in FORMATS:
        raise NotFound(f"There is no format {kind[:20]!r}; ask for .{', .'.join(FORMATS)}.", format=kind[:20])
    return FORMATS[kind]


def has_format(figure: Figure, kind: str) -> bool:
    """Whether a figure can be had in a format: a panel draws nothing, and not every figure has a table."""
    if kind == "gif":
        return can_be_filmed(figure)
    return figure.has({"csv": "table"}.get(kind, "draw")) or kind in ("json", "py")


def is_cheap(library: Library, path: str) -> bool:
    """Whether what lies at a path of the site is computed in a moment: a state of a figure that has no long ones, in numbers or as SVG."""
    name, _, kind = path.removeprefix("/figures/").partition(".")
    return (
        kind in FORMATS
        and name in library.figures
        and not FORMATS[kind].converts
        and not library.figures[name].streams
    )


@dataclass(frozen=True)
class Asked:
    """One state of a figure in one format: what an address asks for, read and checked, and nothing computed yet."""

    view: FigureState
    form: Format
    show: dict

    @property
    def key(self) -> tuple:
        """The same for all addresses that ask for the same, however they write their numbers and in whatever order."""
        return self.form.kind, self.view.figure.name, *self.view.state.values(), *self.show.values()


def ask(figure: Figure, kind: str, items: Items) -> Asked:
    """What the pairs of a query string ask of a figure in a format. Raises NotFound for a format that there is not, ParameterError."""
    form = format_of(kind)
    show, state = separate((*form.arguments, DOWNLOAD), underscored(figure, form.short, items))
    return Asked(figure.read(state), form, show)


def present(
    asked: Asked,
    source: str = "",
    computing: AbstractContextManager = nullcontext(),
    exports: Exports | None = None,
) -> RenderedResponse:
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
    return RenderedResponse(body, form.mimetype, file_name(view, form.kind), show["_download"])


def file_name(view: FigureState, kind: str, more: str = "") -> str:
    """What a state is called where it is saved: its figure and what differs from the default."""
    name = ",".join(filter(None, (view.figure.name, view.query.replace("&", ","), more)))
    if len(name) > 90 or not re.fullmatch(r"[\w.,=+-]*", name, re.ASCII):
        name = f"{view.figure.name}-{hashlib.sha256(view.query.encode()).hexdigest()[:8]}"
    return f"{name}.{kind}"
