"""Embeds: a figure alone in somebody else's page, and what such a page learns when it asks what lies behind an address."""

from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from infodecomp.explorable.core.errors import NotFound, ParameterError, Unsupported
from infodecomp.explorable.exports.formats import FORMATS
from infodecomp.explorable.exports.query_options import QueryItems, add_underscores, split_options
from infodecomp.explorable.figures.figure import Figure, FigureState
from infodecomp.explorable.figures.parameters import Choice, Integer
from infodecomp.explorable.pages.metadata import card
from infodecomp.explorable.site.library import Library

CONTROLS = Choice(
    name="_controls",
    label="controls",
    default="full",
    options={
        "full": "all of them, the table and the menu",
        "min": "the figure's own",
        "none": "none; handles in the picture still move",
    },
)
COLOURS = Choice(
    name="_theme",
    label="colours",
    default="auto",
    options={"auto": "as the reader's system", "light": "light", "dark": "dark"},
)
FRAME_OPTIONS = (CONTROLS, COLOURS)
LIMIT = {"low": 200, "high": 100_000, "step": 1, "unit": "pixels"}
MAXWIDTH = Integer(name="maxwidth", label="greatest width", default=None, **LIMIT)
MAXHEIGHT = Integer(name="maxheight", label="greatest height", default=None, **LIMIT)
USUAL = 640  # pixels: the width of a frame
CARD = (1200, 628)


@dataclass(frozen=True)
class Frame:
    """A figure in a frame: its view, which controls it has and its colours."""

    view: FigureState
    controls: str
    theme: str

    @property
    def key(self) -> tuple:
        """The same for all addresses that ask for the same frame."""
        return self.view.figure.name, *self.view.state.values(), self.controls, self.theme

    @property
    def shown(self) -> list[str]:
        figure = self.view.figure
        return {
            "full": [parameter.name for parameter in figure.parameters],
            "min": list(figure.controls),
            "none": [],
        }[self.controls]


def read_frame(figure: Figure, items: QueryItems) -> Frame:
    """The frame of a query's pairs; its arguments may be written without their underscore. Raises ParameterError."""
    options, state = split_options(FRAME_OPTIONS, add_underscores(figure, FRAME_OPTIONS, items))
    return Frame(figure.read(state), options["_controls"], options["_theme"])


def embed_address(view: FigureState, origin: str) -> str:
    return f"{origin}embed/{view.figure.name}{'?' if view.query else ''}{view.query}"


def discovery(address: str, origin: str) -> str:
    """Where a page tells what lies behind its address."""
    return f"{origin}oembed?{urlencode({'url': address})}"


def embed_code(view: FigureState, origin: str, width="100%", height: int | None = None) -> str:
    """The HTML that puts a state into another page."""
    address = escape(embed_address(view, origin))
    return (
        f'<iframe src="{address}" width="{width}" height="{height or frame_height(view, USUAL)}" '
        f'title="{escape(view.figure.title)}" loading="lazy"></iframe>'
    )


def frame_height(view: FigureState, width: int) -> int:
    """About how high a frame with all controls is at a width, before it says so itself, in pixels."""
    drawn = view.picture.height(max(width - 32, 200)) + 60 if view.figure.has("draw") else 0
    rows = -(-len(view.figure.parameters) // max(width // 270, 1))
    return round(drawn + 72 * rows + 110)


def oembed(library: Library, items: QueryItems, origin: str) -> dict:
    """What oEmbed 1.0 says of an address of ours: a frame with the figure in that state.

    Raises ParameterError without an address or with bad values, NotFound for an address that is none of ours or leads to no
    figure, Unsupported for another format than JSON.
    """
    asked = dict(items)
    if asked.get("format", "json") != "json":
        raise Unsupported(
            f"format = {asked['format'][:40]!r} is not spoken here; ask for format=json.", parameter="format"
        )
    if not asked.get("url"):
        raise ParameterError(
            "url is missing: give the address of an essay or a figure here.", parameter="url"
        )
    view = find_view(library, asked["url"], origin)
    most_wide, most_high = (
        parameter.parse(asked[parameter.name]) if parameter.name in asked else None
        for parameter in (MAXWIDTH, MAXHEIGHT)
    )
    width = min(USUAL, most_wide or USUAL)
    height = min(frame_height(view, width), most_high or 10**6)
    return {
        "version": "1.0",
        "type": "rich",
        "title": view.figure.title,
        "provider_name": library.config.title,
        "provider_url": origin,
        "cache_age": 3600,
        "width": width,
        "height": height,
        "html": embed_code(view, origin, str(width), height),
        "thumbnail_url": card(view, origin),
        "thumbnail_width": CARD[0],
        "thumbnail_height": CARD[1],
    }


def find_view(library: Library, url: str, origin: str) -> FigureState:
    """The view that an address of ours shows: an embed, a figure by itself or in any format, or an essay (its figure of the #fragment)."""
    try:
        parts, ours = urlsplit(url), urlsplit(origin)
    except ValueError as error:
        raise ParameterError(
            f"url = {url[:120]!r} is no address ({error}): give one that begins with {origin}.",
            parameter="url",
            value=url[:120],
        ) from error
    if (parts.scheme, parts.netloc) != (ours.scheme, ours.netloc):
        raise NotFound(
            f"{url[:120]!r} is not an address of this site; give one that begins with {origin}.",
            url=url[:200],
        )
    folder, _, name = parts.path.strip("/").rpartition("/")
    items = parse_qsl(parts.query, keep_blank_values=True)
    if folder == "embed":
        return read_frame(library.figure(name), items).view
    if folder == "figures":
        name, _, kind = name.partition(".")
        figure = library.figure(name)
        if not kind:
            return figure.read(items)
        if kind not in FORMATS:
            raise NotFound(
                f"There is no format {kind[:20]!r}; it is one of {', '.join(FORMATS)}.", format=kind[:20]
            )
        form = FORMATS[kind]
        return figure.read(split_options(form.options, add_underscores(figure, form.short_options, items))[1])
    if folder == "essays":
        views = library.essay(name, items).views
        if parts.fragment in views:
            return views[parts.fragment]
        drawn = [view for view in views.values() if view.figure.has("draw")]
        if drawn:
            return next((view for view in drawn if view.query), drawn[0])
    raise NotFound(
        f"{url[:120]!r} shows no figure; give the address of an essay, of /embed/NAME or of /figures/NAME.",
        url=url[:200],
    )
