"""The start page: the first essay with its first figure, the others as cards, and a strip of figures."""

from functools import partial

from markupsafe import Markup

from infodecomp.explorable.pages.cards import Thumbnail, essay_cards, first_thumbnail
from infodecomp.explorable.pages.essay import QueryItems, Render, figure_html, page_data, with_state_in_links
from infodecomp.explorable.site.library import Library
from infodecomp.explorable.site.mounts import FigureMounts

STRIP_LENGTH = 9  # figures
STRIP_WIDTH = 640  # pixels; the pictures are shown smaller


def index_page(render: Render, library: Library, items: QueryItems, origin: str) -> str:
    """Render the start page.

    Parameters
    ----------
    render : callable
        (template name, **values) -> HTML.
    library : Library
    items : iterable of (name, text)
        The pairs of the query string: the state of the figure. Unknown names are ignored.
    origin : str
        The public address of the site, with a slash at its end.

    Raises
    ------
    ParameterError
    """
    cards = essay_cards(library)
    mounts = FigureMounts(library.figures, items, partial(figure_html, render))
    lead = lead_figure(library)
    html = mounts.mount(lead, ("lead-figure",), False) if lead else ""
    query = mounts.views[lead].query if lead else ""
    return render(
        "index.html",
        cards=cards,
        figure=Markup(with_state_in_links(html, query)),
        strip=_strip(library, lead),
        site_pages=library.pages(),
        **page_data(mounts.parameters.values(), origin),
    )


def lead_figure(library: Library) -> str | None:
    """Return the name of the figure that the start page shows: the first of the first essay."""
    essays = library.essays()
    figures = library.outlines[essays[0].slug].figures if essays else ()
    return figures[0] if figures else None


def _strip(library: Library, lead: str | None) -> list[Thumbnail]:
    """Thumbnails of the figures that the site names, or of some from all essays, evenly spread."""
    named = [name for name in library.config.figures if name in library.figures]
    names = [name for name in library.figure_order() if library.figures[name].has("draw") and name != lead]
    step = max(1, len(names) // STRIP_LENGTH)
    found = (first_thumbnail(library, (name,), STRIP_WIDTH) for name in named or names[::step][:STRIP_LENGTH])
    return [picture for picture in found if picture]
