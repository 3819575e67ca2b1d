"""The figures of a reader's own table: declared for its fit, and served from a cache that only they use."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Response, render_template, url_for

from infodecomp.bottleneck.fits.stored import StoredFit, read_growth
from infodecomp.errors import CheckpointError
from infodecomp.explorable.core.errors import NotFound
from infodecomp.explorable.exports.menu import menu_groups
from infodecomp.explorable.figures.parameters import parse_query, write_query
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.pages.essay import figure_html, page_data, with_state_in_links
from infodecomp.explorable.serving.cache import ResponseCache
from infodecomp.explorable.site.library import Library
from infodecomp.explorable.site.mounts import FigureMounts
from infodecomp.pictures.fit_figures import fit_figures
from infodecomp.pictures.fit_growing import growing_figure
from infodecomp.tables.table_folder import TableFile
from infodecomp.web.essays import send_page
from infodecomp.web.services import Services
from infodecomp.web.tables.store import TableStore

KINDS_OF_FIGURES = ("svg", "png", "pdf", "pptx", "csv", "json", "txt")
CACHE_BYTES = 4 * 2**20  # of the responses about one table
MAX_WAITERS = 24  # threads that wait for them

Items = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class OwnFigures:
    """The figures of one table.

    Parameters
    ----------
    services : Services
        Those of the application, but with a response cache that holds nothing else, in memory alone, and goes
        with the table.
    library : Library
        Holds the figures alone: no list, search or feed of the site knows it.
    path : str
        Below which the figures are served.
    results : dict
        As `report_parts` in `infodecomp.cli.report` makes them.
    """

    services: Services
    library: Library
    path: str
    results: dict[str, Any]

    def send_page(self, kind: str, items: Items, render: Callable[[Items], str]) -> Response:
        """Send a page in a state of its figures, as `infodecomp.web.essays.send_page` does.

        Parameters
        ----------
        kind : str
            Which page of the table it is.
        items : iterable of (name, text)
            The pairs of the query string.
        render : callable
            Pairs -> the HTML.
        """
        state = parse_query(self.parameters, items, strict=False)
        key = (self.services.site.library.revision, kind, *state.values())
        return send_page(self.services, key, lambda: render(items))

    @property
    def parameters(self) -> list:
        """The parameters of all figures, each once."""
        figures = self.library.figures.values()
        return list({p.name: p for figure in figures for p in figure.parameters}.values())


def load_figures(services: Services, store: TableStore, name: str) -> OwnFigures:
    """The figures of a table, which few tables have in memory at a time. Raises NotFound."""

    def load(folder: Path) -> OwnFigures:
        try:
            results, fit = json.loads((folder / TableFile.RESULTS).read_bytes()), StoredFit.load(folder)
        except (OSError, CheckpointError):  # removed at this moment, or made by an earlier release
            raise NotFound("The results of this table are not here any more: bring it again.") from None
        cache = ResponseCache(CACHE_BYTES, MAX_WAITERS, services.settings["DEADLINE"])
        library = Library(figures=fit_figures(fit, results["about"]))
        path = url_for("tables.states", name=name).removesuffix(".json")
        return OwnFigures(replace(services, cache=cache), library, path, results)

    return store.loaded(name, TableFile.RESULTS, load)


def results_page(own: OwnFigures, items: Items, **values: Any) -> str:
    """Render the results: the figures in a state, the numbers and the files.

    Parameters
    ----------
    own : OwnFigures
    items : iterable of (name, text)
        The pairs of the query string.
    **values
        Further values of the template.
    """

    def html(view: FigureState, layout: Any, mount: int, controls: Any, texts: dict[str, str]) -> str:
        return figure_html(render_template, view, layout, mount, controls, texts, path=own.path)

    mounts = FigureMounts(own.library.figures, items, html)
    figures = {figure: mounts.mount(figure, (), False) for figure in own.library.figures}
    query = write_query(mounts.parameters.values(), mounts.state)
    return render_template(
        "table_results.html",
        **values,
        results=own.results,
        figures={figure: with_state_in_links(text, query) for figure, text in figures.items()},
        hidden={
            name: parameter.write(mounts.state[name])
            for name, parameter in mounts.parameters.items()
            if name not in mounts.form_controls and mounts.state[name] != parameter.default
        },
        figures_path=own.path,
        **page_data(mounts.parameters.values(), "", KINDS_OF_FIGURES),
    )


def growing_plane(store: TableStore, name: str, target: str) -> tuple[str, tuple[int, int] | None]:
    """Render the plane of a table that is being fitted; an empty place of its size before it is measured.

    Returns
    -------
    str
        The HTML.
    tuple of two ints, or None
        Rows and columns of the fit, which leaves out rows without a target and columns with one value.
    """

    def draw(growth: dict[str, Any] | None) -> tuple[str, tuple[int, int] | None]:
        view = growing_figure(target, growth).read(())
        html = figure_html(render_template, view, (), 1, (), {}, show_about=False)
        return html, None if growth is None else (growth["about"]["rows"], len(growth["features"]))

    try:
        return store.loaded(
            name, TableFile.GROWTH, lambda folder: draw(read_growth(folder / TableFile.GROWTH))
        )
    except (NotFound, FileNotFoundError):  # not yet, or not any more
        return draw(None)


def own_figure_page(own: OwnFigures, figure: str, name: str, items: Items) -> str:
    """Render the page of one figure: in a state, with all its controls, formats and parameters."""
    view = own.library.figure(figure).read(items, strict=False)
    controls = [parameter.name for parameter in view.figure.parameters]
    html = figure_html(
        render_template,
        view,
        (),
        1,
        controls,
        view.value_text,
        controls,
        menu=menu_groups(view, False, own.path, KINDS_OF_FIGURES),
        path=own.path,
    )
    return render_template(
        "table_figure.html",
        name=name,
        view=view,
        figure=with_state_in_links(html, view.query),
        figures_path=own.path,
        **page_data(view.figure.parameters, "", KINDS_OF_FIGURES),
    )
