"""A site: a folder of essays and their figures, read from the files as they now are.

What is broken stays where it is broken: an essay that cannot be read or a module that does not import is reported on its own
page, and everything else goes on working.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from infodecomp.explorable.check import check_document
from infodecomp.explorable.documents import Document, read_document
from infodecomp.explorable.errors import NotFound
from infodecomp.explorable.figures import Figure, View, initial
from infodecomp.explorable.markup import Page, render
from infodecomp.explorable.modules import forget, import_figures
from infodecomp.explorable.names import nearest
from infodecomp.explorable.parameters import Parameter, parse_query, write_query
from infodecomp.explorable.problems import Problem

log = logging.getLogger("infodecomp")


@dataclass
class Essay:
    """An essay in one state: its document, the page made of it, and the views of the figures on it."""

    slug: str
    document: Document
    page: Page
    views: dict[str, View]
    parameters: dict[str, Parameter]
    state: dict
    problems: list[Problem] = field(default_factory=list)

    @property
    def query(self) -> str:
        return write_query(self.parameters.values(), self.state)


class Site:
    """The essays and figures of a folder. `essays()` and `essay()` look at the files' times first, so an edit shows at once."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)
        self.figures: dict[str, Figure] = {}
        self.problems: list[Problem] = []
        self._documents: dict[str, Document] = {}
        self._mounted: dict[str, str] = {}  # figure -> the first essay that mounts it
        self._seen: tuple | None = None
        self._lock = threading.RLock()
        self.refresh()

    def refresh(self) -> bool:
        """Read again what has changed since the last time; True where anything had."""
        with self._lock:
            seen = tuple(sorted((str(path), path.stat().st_mtime_ns) for pattern in ("*.md", "*.py", "*.bib")
                                for path in self.folder.glob(pattern)))
            if seen == self._seen:
                return False
            self._seen = seen
            self._load()
            return True

    def _load(self) -> None:
        self.figures, self.problems, self._documents = {}, [], {}
        forget(self.folder)
        for path in sorted(self.folder.glob("*.py")):
            try:
                self._add(path, import_figures(path))
            except Exception as error:  # a module that an author is editing may raise anything
                log.exception("the figures of %s cannot be read", path.name)
                self.problems.append(Problem(path, _line_of(error, path), "error", f"{type(error).__name__}: {error}"))
        for path in sorted(self.folder.glob("*.md")):
            self._documents[path.stem] = read_document(path)
        self._mounted = {}
        for slug in self._documents:
            for name in self.essay(slug, fresh=False).page.mounted:
                self._mounted.setdefault(name, slug)

    def _add(self, path: Path, figures: dict[str, Figure]) -> None:
        for name, figure in figures.items():
            known = self.figures.get(name)
            if known is not None and known is not figure:
                self.problems.append(Problem(path, 1, "error", f"the figure {name!r} is declared in two modules; rename one"))
            self.figures[name] = figure

    def figure(self, name: str) -> Figure:
        self.refresh()
        if name not in self.figures:
            raise NotFound(f"There is no figure {name[:80]!r}{nearest(name, self.figures)}.", figure=name[:80])
        return self.figures[name]

    def essay_of(self, figure: str) -> str | None:
        """The slug of the first essay that mounts a figure."""
        return self._mounted.get(figure)

    def essays(self) -> list[Document]:
        self.refresh()
        return list(self._documents.values())

    def essay(self, slug: str, items: Iterable[tuple[str, str]] = (), show: Callable[[View, tuple, bool], str] | None = None,
              fresh: bool = True) -> Essay:
        """An essay in the state that a query's pairs name; names that no figure on it has are passed over.

        show: (view, layout classes, mounted before) -> the HTML of a mounted figure. Raises NotFound, ParameterError.
        """
        if fresh:
            self.refresh()
        if slug not in self._documents:
            raise NotFound(f"There is no essay {slug[:80]!r}{nearest(slug, self._documents)}.", essay=slug[:80])
        document = self._documents[slug]
        mounts = Mounts(self.figures, items, show)
        page = render(document, mounts)
        problems = [*check_document(document, page, mounts), *mounts.problems(document), *self.problems]
        return Essay(slug, document, page, mounts.views, mounts.parameters, mounts.state, problems)


class Mounts:
    """What an essay's markup asks of the figures: their HTML, their live numbers, their named steps."""

    def __init__(self, figures: dict[str, Figure], items=(), show=None):
        self.figures, self.items, self.show = figures, list(items), show
        self.names = figures.keys()
        self.views: dict[str, View] = {}
        self.parameters: dict[str, Parameter] = {}
        self.state: dict = {}
        self.clashes: list[str] = []

    def view(self, name: str) -> View:
        if name not in self.views:
            figure = self.figures[name]
            view = figure.read(self.items, strict=False)
            for parameter in figure.parameters:
                if self.parameters.setdefault(parameter.name, parameter) is not parameter:
                    self.clashes.append(f"{name} declares its own parameter {parameter.name!r}, which another figure of this "
                                        "essay has too: share one object or rename it")
            self.state.update(view.state)
            self.views[name] = view
        return self.views[name]

    def mount(self, name: str, layout: tuple, again: bool) -> str:
        view = self.view(name)
        return self.show(view, layout, again) if self.show else ""

    def value(self, path: str) -> str | None:
        name, _, value = path.rpartition(".")
        return self.view(name).texts.get(value) if name in self.figures else None

    def step(self, name: str) -> str | None:
        return next((figure.steps[name] for figure in self.figures.values() if name in figure.steps), None)

    def number_input(self, name: str, attributes: dict) -> str | None:
        return None

    def problems(self, document: Document) -> list[Problem]:
        return [Problem(document.path, 1, "error", clash) for clash in self.clashes]


def _line_of(error: Exception, path: Path) -> int:
    """The last line of `path` that an error passed through."""
    line = getattr(error, "lineno", None) or 1
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path.resolve()):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
