"""The catalogue: all figures of a site, with their formats and embed codes, and a page for each of them.

Everything is derived from the declarations of the figures, so it cannot become outdated.
"""

from dataclasses import dataclass

from infodecomp.explorable.exports.formats import FORMATS, Format, has_format
from infodecomp.explorable.exports.menu import menu_groups
from infodecomp.explorable.figures.credit import is_public
from infodecomp.explorable.figures.state import NARROW, WIDE, FigureState
from infodecomp.explorable.pages.embed import Frame, embed_code, oembed_address
from infodecomp.explorable.pages.essay import Render, figure_html, page_data, with_state_in_links
from infodecomp.explorable.pages.metadata import card_address
from infodecomp.explorable.site.library import Library

_PHONE, _DARK = "(max-width: 480px)", "(prefers-color-scheme: dark)"
VARIANTS = (  # of the picture of an entry: width, theme, media query
    (NARROW, "dark", f"screen and {_PHONE} and {_DARK}"),
    (NARROW, "light", f"screen and {_PHONE}"),
    (WIDE, "dark", f"screen and {_DARK}"),
    (WIDE, "light", "all"),
)


@dataclass(frozen=True)
class Entry:
    """A figure of the catalogue, in its default state.

    Attributes
    ----------
    view : FigureState
    sizes : tuple of (int, int, str, str)
        Width and height in pixels, theme and media query of each picture; empty for a panel.
    forms : tuple of Format
    code : str
        The HTML that embeds it.
    essay : str or None
        The slug of the first essay that mounts it.
    essay_title : str
    """

    view: FigureState
    sizes: tuple[tuple[int, int, str, str], ...]
    forms: tuple[Format, ...]
    code: str
    essay: str | None
    essay_title: str

    @property
    def text(self) -> str:
        """What a search looks through, in lower case."""
        figure = self.view.figure
        labels = [text for parameter in figure.parameters for text in (parameter.name, parameter.label)]
        return "\n".join(
            [figure.title, figure.name, self.view.description, self.essay_title, *labels]
        ).casefold()


def _entry(library: Library, name: str, origin: str) -> Entry:
    view = library.figures[name]()
    figure, essay = view.figure, library.essay_of(name)
    sizes = [
        (width, round(view.picture.height(width)), theme, media)
        for width, theme, media in VARIANTS
        if figure.has("draw")
    ]
    return Entry(
        view,
        tuple(sizes),
        tuple(form for form in FORMATS.values() if has_format(figure, form.kind, is_public(origin))),
        embed_code(Frame(view), origin),
        essay,
        library.document(essay).title if essay else "",
    )


def figures_page(render: Render, library: Library, origin: str, query: str = "") -> str:
    """Render the catalogue of all figures, or of those that a query finds.

    Parameters
    ----------
    render : callable
        (template name, **values) -> HTML.
    library : Library
    origin : str
        The public address of the site, with a slash at its end.
    query : str
        Words that a figure's title, name, parameters, sentence or essay must all contain.
    """
    entries = [_entry(library, name, origin) for name in library.figure_order()]
    words = query.casefold().split()
    return render(
        "figures.html",
        entries=[entry for entry in entries if all(word in entry.text for word in words)],
        total=len(entries),
        query=query,
        forms=FORMATS.values(),
    )


def figure_page(render: Render, library: Library, view: FigureState, origin: str) -> str:
    """Render the page of one figure: interactive, with its formats, its parameters and its embed code.

    Parameters
    ----------
    render, library, origin
        As for `figures_page`.
    view : FigureState
        The state that it shows.
    """
    figure, name = view.figure, view.figure.name
    essay = library.essay_of(name)
    controls = [parameter.name for parameter in figure.parameters]
    html = figure_html(
        render, view, (), 1, controls, view.value_text, controls, menu=menu_groups(view, is_public(origin))
    )
    url = f"{origin}figures/{name}{'?' if view.query else ''}{view.query}"
    example = next((f"{p.name}={p.write(view.state[p.name])}" for p in figure.parameters), "")
    return render(
        "alone.html",
        view=view,
        figure=with_state_in_links(html, view.query),
        hidden={},
        url=f"{origin}figures/{name}",
        state_url=url,
        discovery=oembed_address(url, origin),
        image=card_address(view, origin) if figure.has("draw") else "",
        essay=essay,
        essay_title=library.document(essay).title if essay else "",
        code=embed_code(Frame(view), origin),
        example=f"/figures/{name}?{view.query or example}",
        **page_data(figure.parameters, origin),
    )
