"""The page of a bad parameter: named as its control is, with the nearest state that can be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from infodecomp.explorable.core.diagnostics import nearest
from infodecomp.explorable.core.errors import ExplorableError, NotFound
from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.parameters import Parameter
from infodecomp.explorable.pages.essay import QueryItems
from infodecomp.explorable.site.library import Library


@dataclass(frozen=True)
class Remedy:
    """What an error page says about a bad parameter.

    Attributes
    ----------
    sentence : str
        Names the parameter by its label, its bounds and what was given.
    query : str
        The query string of the nearest state that can be shown.
    shown : str
        The label of the parameter and its value in that state.
    figure : str or None
        A figure with this parameter that draws a picture.
    figure_query : str
        The query string of that figure.
    title : str
        Of that figure.
    """

    sentence: str
    query: str
    shown: str
    figure: str | None = None
    figure_query: str = ""
    title: str = ""


def find_remedy(library: Library, path: str, name: str, items: QueryItems) -> Remedy | None:
    """Find the nearest state that can be shown instead of one with a bad parameter.

    Parameters
    ----------
    library : Library
    path : str
        The path of the page.
    name : str
        The bad parameter.
    items : iterable of (name, text)
        The pairs of the query string.

    Returns
    -------
    Remedy or None
        None if the page has no such parameter.
    """
    figures = _figures_of(library, path)
    parameters = _by_name(parameter for figure in figures for parameter in figure.parameters)
    if name not in parameters:
        return None
    items = list(items)
    texts = dict(items)
    fixed = {key: _legal_text(parameters[key], text) for key, text in texts.items() if key in parameters}
    parameter = parameters[name]
    value = parameter.parse(fixed[name]) if name in fixed else parameter.default
    shown = f"“{parameter.label}” at {parameter.show(value)}"
    if [key for key, _ in items].count(name) > 1:
        sentence = f"“{parameter.label}” is given more than once."
    else:
        sentence = f"“{parameter.label}” must be {parameter.bounds()}; you gave {texts.get(name, '')[:80]}."
    drawn = next((f for f in figures if f.has("draw") and name in _by_name(f.parameters)), None)
    query = urlencode(fixed)
    if drawn is None:
        return Remedy(sentence, query, shown)
    own = {key: text for key, text in fixed.items() if key in _by_name(drawn.parameters)}
    return Remedy(sentence, query, shown, drawn.name, urlencode(own), drawn.title)


def nearest_page(library: Library, path: str, error: NotFound) -> tuple[str, str] | None:
    """Find the page whose name is nearest to an unknown one.

    Parameters
    ----------
    library : Library
    path : str
        The path that leads nowhere.
    error : NotFound
        Its details hold the unknown name of a figure or of an essay.

    Returns
    -------
    (str, str) or None
        Path and title of the page; None if no name is near.
    """
    titles = {
        "figure": {name: figure.title for name, figure in library.figures.items()},
        "essay": {slug: document.title for slug, document in library.documents.items()},
    }
    for kind, known in titles.items():
        given = str(error.details.get(kind, ""))
        close = nearest(given, known)
        if given and close:
            before, _, after = path.rpartition(f"/{given}")  # not the first: /figures/figure
            return f"{before}/{close}{after}", known[close]
    return None


def _figures_of(library: Library, path: str) -> list[Figure]:
    """The figures of a page: of an essay or a start page all that draw, else the one that it is about."""
    kind, _, rest = path.strip("/").partition("/")
    slug = rest.partition("/")[0]
    if kind == "essays" and slug in library.outlines:
        names: Iterable[str] = library.outlines[slug].figures
    elif kind in ("figures", "embed"):
        names = [slug]
    else:
        names = [name for outline in library.outlines.values() for name in outline.figures]
    return [library.figures[name] for name in names if name in library.figures]


def _by_name(parameters: Iterable[Parameter]) -> dict[str, Parameter]:
    return {parameter.name: parameter for parameter in parameters}


def _legal_text(parameter: Parameter, text: str) -> str:
    """A text itself if the parameter takes it, else that of the nearest value."""
    try:
        return parameter.write(parameter.parse(text))
    except ExplorableError:
        return parameter.write(parameter.nearest(text))
