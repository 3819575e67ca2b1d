"""The appendix: every figure of a site with its picture, its parameters, its forms and the code that embeds it; and each on a page
of its own, live.

All of it is read off the declarations, so it cannot fall behind them.
"""

from dataclasses import dataclass

from infodecomp.explorable.exports.formats import FORMATS, Format, has_format
from infodecomp.explorable.exports.menu import menu_groups
from infodecomp.explorable.figures.figure import NARROW, WIDE, FigureState, initial
from infodecomp.explorable.pages.embed import discovery, embed_code
from infodecomp.explorable.pages.essay import Render, data_of, keep_state, show_figure
from infodecomp.explorable.pages.metadata import card
from infodecomp.explorable.site.library import Library

_PHONE, _DARK = "(max-width: 480px)", "(prefers-color-scheme: dark)"
LOOKS = (
    (NARROW, "dark", f"screen and {_PHONE} and {_DARK}"),
    (NARROW, "light", f"screen and {_PHONE}"),
    (WIDE, "dark", f"screen and {_DARK}"),
    (WIDE, "light", "all"),
)


@dataclass(frozen=True)
class Entry:
    """A figure of the list, in its default state.

    sizes: of its picture, each a width, a height (pixels), the colours and for which media; none of a panel. forms: its formats.
    code: what embeds it. essay: the slug of the first essay that mounts it.
    """

    view: FigureState
    sizes: tuple[tuple[int, int, str, str], ...]
    forms: tuple[Format, ...]
    code: str
    essay: str | None
    essay_title: str


def _entry(library: Library, name: str, origin: str) -> Entry:
    view = initial(library.figures[name])
    figure, essay = view.figure, library.essay_of(name)
    sizes = (
        [(width, round(view.picture.height(width)), theme, media) for width, theme, media in LOOKS]
        if figure.has("draw")
        else ()
    )
    return Entry(
        view,
        tuple(sizes),
        tuple(form for form in FORMATS.values() if has_format(figure, form.kind)),
        embed_code(view, origin),
        essay,
        library.document(essay).title if essay else "",
    )


def figures_page(render: Render, library: Library, origin: str) -> str:
    """The list of all figures. origin: the site's address, for readers elsewhere."""
    return render(
        "figures.html",
        entries=[_entry(library, name, origin) for name in library.figure_order()],
        forms=FORMATS.values(),
    )


def figure_page(render: Render, library: Library, view: FigureState, origin: str) -> str:
    """One figure in one state, live, with all that can be had of it."""
    figure, name = view.figure, view.figure.name
    essay = library.essay_of(name)
    shown = [parameter.name for parameter in figure.parameters]
    picture = keep_state(
        show_figure(render, view, (), 1, shown, view.value_text, shown, forms=menu_groups(view)), view.query
    )
    url = f"{origin}figures/{name}{'?' if view.query else ''}{view.query}"
    example = next((f"{p.name}={p.write(view.state[p.name])}" for p in figure.parameters), "")
    return render(
        "alone.html",
        view=view,
        figure=picture,
        hidden={},
        url=f"{origin}figures/{name}",
        discovery=discovery(url, origin),
        image=card(view, origin) if figure.has("draw") else "",
        essay=essay,
        essay_title=library.document(essay).title if essay else "",
        code=embed_code(view, origin),
        example=f"/figures/{name}?{view.query or example}",
        **data_of(figure.parameters),
    )
