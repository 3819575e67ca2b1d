"""The library: everything that one reading of a folder of essays found, immutable and safe to share between
threads.

Errors stay local: an essay that cannot be read or a module that does not import is reported on its own
page, and everything else goes on working.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from infodecomp.explorable.core.diagnostics import Diagnostic, did_you_mean
from infodecomp.explorable.core.errors import ExplorableError, NotFound
from infodecomp.explorable.figures.credit import Credit, is_public
from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.parameters import Parameter, parse_query, write_query
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.markup.lint import lint_document
from infodecomp.explorable.markup.page import Page, render
from infodecomp.explorable.markup.reading.documents import Document
from infodecomp.explorable.site.config import SiteConfig
from infodecomp.explorable.site.mounts import FigureMounts, Items, RenderFigure


@dataclass(frozen=True)
class EssayState:
    """An essay in one state of its figures.

    Parameters
    ----------
    slug, document
        The essay and its source.
    page
        The document rendered in this state.
    views
        The state of each figure on the page, by name, in the order of the page.
    parameters, state
        The parameters of the page and their values, by name.
    hidden
        Values, as query text, that differ from the default and have no control on the page. A form without
        script has to submit them too.
    diagnostics
        What the author should fix in the essay and in its module.
    """

    slug: str
    document: Document
    page: Page
    views: Mapping[str, FigureState]
    parameters: Mapping[str, Parameter]
    state: dict[str, object]
    hidden: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def query(self) -> str:
        """The query string of this state, without defaults."""
        return write_query(self.parameters.values(), self.state)


@dataclass(frozen=True)
class EssayOutline:
    """What lists of essays show of one.

    Parameters
    ----------
    minutes
        The time that it takes to read.
    figures
        The names of its figures that draw a picture, in the order of the page.
    """

    minutes: int = 1
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Library:
    """The essays and figures of a folder as they were read at one moment.

    An instance never changes. `Site` replaces it as a whole when the files change, so code that uses more
    than one method should hold on to one library.

    Parameters
    ----------
    config
        The contents of `site.toml`.
    figures, documents
        Figures by name and documents by slug.
    modules
        The file that declares each figure.
    mounted_in
        For each mounted figure the slug of the first essay that mounts it, in the order of the essays.
    essay_parameters, expensive_figures
        For each slug the parameters of its page, and the names of its figures that may need a long
        computation.
    outlines
        For each slug what lists of essays show of it.
    module_diagnostics
        What is wrong with the modules and with `site.toml`.
    formula_characters
        All characters in formulas: what the mathematics font must hold.
    page_characters
        All characters of the pages and figures: what the text fonts must hold.
    revision
        Counts the readings. Responses made from an older revision are stale.
    """

    config: SiteConfig = SiteConfig()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    modules: Mapping[str, Path] = field(default_factory=dict)
    mounted_in: Mapping[str, str] = field(default_factory=dict)
    essay_parameters: Mapping[str, tuple[Parameter, ...]] = field(default_factory=dict)
    expensive_figures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outlines: Mapping[str, EssayOutline] = field(default_factory=dict)
    module_diagnostics: tuple[Diagnostic, ...] = ()
    formula_characters: str = ""
    page_characters: str = ""
    revision: int = 0

    def figure(self, name: str) -> Figure:
        """The figure with a name.

        Raises
        ------
        NotFound
            If there is none; the message suggests the nearest name.
        """
        if name not in self.figures:
            raise NotFound(
                f"There is no figure {name[:80]!r}{did_you_mean(name[:80], self.figures)}.", figure=name[:80]
            )
        return self.figures[name]

    def figure_order(self) -> list[str]:
        """The names of all figures: those mounted in essays, in that order, then the others."""
        return list(dict.fromkeys([*self.mounted_in, *self.figures]))

    def essay_of(self, figure: str) -> str | None:
        """The slug of the first essay that mounts a figure, or None."""
        return self.mounted_in.get(figure)

    def credit(self, view: FigureState, origin: str) -> Credit:
        """The credit of a picture that leaves its page.

        Parameters
        ----------
        view : FigureState
            The state that it shows.
        origin : str
            The address of the site, ending in a slash. A loopback address leads nowhere from other
            machines, so the credit then has none.
        """
        name, licence = view.name, self.config.licence
        slug = self.mounted_in.get(name)
        if slug:
            title, path, fragment = self.documents[slug].title, f"essays/{slug}", f"#{name}"
        else:
            title, path, fragment = self.config.title, f"figures/{name}", ""
        address = f"{origin}{path}{'?' if view.query else ''}{view.query}{fragment}"
        return Credit(title, address if is_public(origin) else "", licence)

    def essays(self) -> list[Document]:
        """All essays: first those that `site.toml` lists, in its order, then the others, the newest first.

        The pages beside them are not among them.
        """
        config, known = self.config, self.documents
        listed = [known[slug] for slug in config.order if slug in known and slug not in config.pages]
        others = [known[slug] for slug in known if slug not in (*config.order, *config.pages)]
        others.sort(key=lambda document: (document.date or date.min, document.slug), reverse=True)
        return listed + others

    def pages(self) -> list[Document]:
        """The pages beside the essays, in the order of `site.toml`."""
        return [self.documents[slug] for slug in self.config.pages if slug in self.documents]

    def document(self, slug: str) -> Document:
        """The document of an essay.

        Raises
        ------
        NotFound
            If there is no such essay; the message suggests the nearest slug.
        """
        if slug not in self.documents:
            raise NotFound(
                f"There is no essay {slug[:80]!r}{did_you_mean(slug[:80], self.documents)}.", essay=slug[:80]
            )
        return self.documents[slug]

    def parameters(self, slug: str) -> tuple[Parameter, ...]:
        """The parameters of an essay's page. Raises NotFound."""
        self.document(slug)
        return self.essay_parameters[slug]

    def state(self, slug: str, items: Items) -> tuple:
        """The values of an essay's parameters: equal for all query strings of one state.

        Raises
        ------
        NotFound, ParameterError
        """
        return tuple(parse_query(self.parameters(slug), items, strict=False).values())

    def is_expensive(self, slug: str, items: Items) -> bool:
        """Whether an essay's page in one state of its figures needs a long computation. Raises NotFound."""
        items = list(items)
        self.document(slug)
        for name in self.expensive_figures[slug] if items else ():
            try:
                if self.figures[name].read(items, strict=False).is_expensive:
                    return True
            except ExplorableError:  # the page shows it in place of the figure
                pass
        return False

    def essay(self, slug: str, items: Items = (), render_figure: RenderFigure | None = None) -> EssayState:
        """Render an essay in the state of a query string. Names that no figure on the page has are ignored.

        Parameters
        ----------
        slug : str
            The essay.
        items : iterable of (str, str)
            The pairs of the query string.
        render_figure : callable, optional
            Makes the HTML of a mounted figure; see `mounts.RenderFigure`.

        Returns
        -------
        EssayState

        Raises
        ------
        NotFound, ParameterError
        """
        document = self.document(slug)
        mounts = FigureMounts(self.figures, items, render_figure)
        page = render(document, mounts)
        hidden = {
            name: parameter.write(mounts.state[name])
            for name, parameter in mounts.parameters.items()
            if name not in mounts.form_controls and mounts.state[name] != parameter.default
        }
        diagnostics = (
            *lint_document(document, page, mounts),
            *mounts.diagnostics(document),
            *(found for found in self.module_diagnostics if Path(found.path).name == f"{slug}.py"),
        )
        return EssayState(
            slug, document, page, mounts.views, mounts.parameters, mounts.state, hidden, diagnostics
        )

    def diagnostics(self) -> list[Diagnostic]:
        """What should be fixed in all essays and modules, without duplicates."""
        found: Iterable[Diagnostic] = (d for slug in self.documents for d in self.essay(slug).diagnostics)
        return list(dict.fromkeys([*found, *self.module_diagnostics]))
