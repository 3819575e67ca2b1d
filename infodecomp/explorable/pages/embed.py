"""Embedding a figure in another page: the frame, its HTML code, and the oEmbed endpoint."""

from dataclasses import dataclass, replace
from html import escape
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from infodecomp.explorable.core.errors import NotFound, ParameterError, Unsupported
from infodecomp.explorable.exports.formats import FORMATS
from infodecomp.explorable.exports.query_options import DOWNLOAD, QueryItems, add_underscores, split_options
from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.parameters import Choice, Integer, Toggle, is_active, write_query
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.graphics.marks import DragHandle
from infodecomp.explorable.pages.metadata import CARD_SIZE, card_address
from infodecomp.explorable.site.library import Library

CONTROLS = Choice(
    name="_controls",
    label="controls",
    default="full",
    options={
        "full": "all of them, the table and the menu",
        "min": "the figure's own",
        "none": "none; handles in the picture still work",
    },
)
FRAME_THEME = Choice(
    name="_theme",
    label="colours",
    default="auto",
    options={"auto": "as the reader's system", "light": "light", "dark": "dark"},
)
FRAME_BACKGROUND = Choice(
    name="_background",
    label="background",
    default="paper",
    options={"paper": "the page colour of its theme", "transparent": "none"},
)
RESIZE = Toggle(
    name="_resize", label="whether it tells the page around it how high it would like to be", default=True
)
FRAME_OPTIONS = (CONTROLS, FRAME_THEME, FRAME_BACKGROUND, RESIZE)
_OPTION_NAMES = tuple(option.name for option in FRAME_OPTIONS)
MAXWIDTH = Integer(
    name="maxwidth", label="maximum width", default=None, low=200, high=100_000, step=1, unit="pixels"
)
MAXHEIGHT = replace(MAXWIDTH, name="maxheight", label="maximum height")
DEFAULT_WIDTH, MAX_WIDTH = 640, 1600  # pixels: of a frame, and up to which its content grows


@dataclass(frozen=True)
class Frame:
    """A figure in a frame: its state, and the values of `FRAME_OPTIONS`."""

    view: FigureState
    controls: str = "full"
    theme: str = "auto"
    background: str = "paper"
    resize: bool = True

    @property
    def options(self) -> dict[str, Any]:
        """The values of `FRAME_OPTIONS` by name."""
        return dict(zip(_OPTION_NAMES, (self.controls, self.theme, self.background, self.resize)))

    @property
    def key(self) -> tuple:
        """Cache key: the same for all addresses of the same frame."""
        return self.view.figure.name, *self.view.state.values(), *self.options.values()

    @property
    def control_names(self) -> list[str]:
        """The parameters that have a control."""
        figure = self.view.figure
        return {
            "full": lambda: [parameter.name for parameter in figure.parameters],
            "min": lambda: essential_controls(self.view),
            "none": list,
        }[self.controls]()


def essential_controls(view: FigureState) -> list[str]:
    """Return the fewest controls with which a figure can be shown: its own, and a slider at least.

    The sliders of a figure without one of its own are those of what its first handle moves, or else its first
    slider.
    """
    figure = view.figure
    sliders = [p.name for p in figure.parameters if p.is_numeric and is_active(p, view.state)]
    own = list(figure.controls)
    if set(own) & set(sliders):
        return own
    handles = (group for group in view.picture.groups()) if figure.has("draw") else ()
    held = next((set(group.state) for group in handles if isinstance(group, DragHandle)), set())
    added = [name for name in sliders if name in held] or sliders[:1]
    return [p.name for p in figure.parameters if p.name in own or p.name in added]


def read_frame(figure: Figure, items: QueryItems) -> Frame:
    """Parse a frame from query pairs; `FRAME_OPTIONS` may be written without their underscore.

    Raises
    ------
    ParameterError
    """
    options, state = split_options(FRAME_OPTIONS, add_underscores(figure, FRAME_OPTIONS, items))
    return Frame(figure.read(state), *(options[name] for name in _OPTION_NAMES))


def embed_address(frame: Frame, origin: str) -> str:
    """Return the address of a frame, without what is at its default."""
    view = frame.view
    options = write_query(FRAME_OPTIONS, frame.options)
    query = "&".join(filter(None, (view.query, options)))
    return f"{origin}embed/{view.figure.name}{'?' if query else ''}{query}"


def oembed_address(address: str, origin: str) -> str:
    """Return the address of the oEmbed description of another address, for discovery."""
    return f"{origin}oembed?{urlencode({'url': address})}"


def embed_code(frame: Frame, origin: str, width: str = "100%", height: int | None = None) -> str:
    """Return the HTML that embeds a frame in another page.

    Parameters
    ----------
    frame : Frame
    origin : str
        The public address of the site, with a slash at its end.
    width : str
        In pixels or percent.
    height : int, optional
        In pixels; by default `frame_height`.
    """
    address = escape(embed_address(frame, origin))
    return (
        f'<iframe src="{address}" width="{width}" height="{height or frame_height(frame, DEFAULT_WIDTH)}" '
        f'title="{escape(frame.view.figure.title)}" loading="lazy"></iframe>'
    )


def frame_height(frame: Frame, width: int) -> int:
    """Estimate the height of a frame at a width, in pixels, before it reports its own."""
    view = frame.view
    picture = view.picture.height(max(width - 32, 200)) + 60 if view.figure.has("draw") else 0
    rows = -(-len(frame.control_names) // max(width // 270, 1))
    return round(picture + 72 * rows + 110)


def oembed(library: Library, items: QueryItems, origin: str) -> dict:
    """Return the oEmbed 1.0 description of an address of this site: a frame with the figure in that state.

    Parameters
    ----------
    library : Library
    items : iterable of (name, text)
        The pairs of the query string: url, and optionally format, maxwidth and maxheight.
    origin : str
        The public address of the site, with a slash at its end.

    Raises
    ------
    ParameterError
        If url is missing or a value is bad.
    NotFound
        If url is not an address of this site or shows no figure.
    Unsupported
        For a format other than JSON.

    References
    ----------
    https://oembed.com
    """
    query = dict(items)
    if query.get("format", "json") != "json":
        raise Unsupported(
            f"format = {query['format'][:40]!r} is not supported; ask for format=json.", parameter="format"
        )
    if not query.get("url"):
        raise ParameterError(
            "url is missing: give the address of an essay or a figure here.", parameter="url"
        )
    frame = find_frame(library, query["url"], origin)
    view = frame.view
    max_width, max_height = (
        parameter.parse(query[parameter.name]) if parameter.name in query else None
        for parameter in (MAXWIDTH, MAXHEIGHT)
    )
    width = min(max_width or DEFAULT_WIDTH, MAX_WIDTH)
    height = min(frame_height(frame, width), max_height or 10**6)
    return {
        "version": "1.0",
        "type": "rich",
        "title": view.figure.title,
        "provider_name": library.config.title,
        "provider_url": origin,
        "cache_age": 3600,
        "width": width,
        "height": height,
        "html": embed_code(frame, origin, str(width), height),
        "thumbnail_url": card_address(view, origin),
        "thumbnail_width": CARD_SIZE[0],
        "thumbnail_height": CARD_SIZE[1],
    }


def find_frame(library: Library, url: str, origin: str) -> Frame:
    """Return the frame for an address of this site: its figure in its state and, of a frame, its options.

    The address is that of an embed, of a figure by itself or in any format, or of an essay: then its fragment
    names the figure, or else it is the first one that differs from its default state.

    Raises
    ------
    NotFound
        If the address belongs to another site or shows no figure.
    ParameterError
        If it is not an address or has a bad value.
    """
    parts = _own_address(url, origin)
    folder, _, name = parts.path.strip("/").rpartition("/")
    items = parse_qsl(parts.query, keep_blank_values=True)
    if folder == "embed":
        return read_frame(library.figure(name), items)
    if folder == "figures":
        name, _, kind = name.partition(".")
        figure = library.figure(name)
        if not kind:
            return Frame(figure.read(items))
        if kind not in FORMATS:
            raise NotFound(
                f"There is no format {kind[:20]!r}; it is one of {', '.join(FORMATS)}.", format=kind[:20]
            )
        form = FORMATS[kind]
        items = split_options((*form.options, DOWNLOAD), add_underscores(figure, form.short_options, items))[
            1
        ]
        return Frame(figure.read(items))
    if folder == "essays":
        views = library.essay(name, items).views
        if parts.fragment in views:
            return Frame(views[parts.fragment])
        drawn = [view for view in views.values() if view.figure.has("draw")]
        if drawn:
            return Frame(next((view for view in drawn if view.query), drawn[0]))
    raise NotFound(
        f"{url[:120]!r} shows no figure; give the address of an essay, of /embed/NAME or of /figures/NAME.",
        url=url[:200],
    )


def _own_address(url: str, origin: str) -> SplitResult:
    """The parts of an address of this site."""
    try:
        parts, own = urlsplit(url), urlsplit(origin)
    except ValueError as error:
        raise ParameterError(
            f"url = {url[:120]!r} is no address ({error}): give one that begins with {origin}.",
            parameter="url",
            value=url[:120],
        ) from error
    if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        raise NotFound(
            f"{url[:120]!r} is not an address of this site; give one that begins with {origin}.",
            url=url[:200],
        )
    return parts
