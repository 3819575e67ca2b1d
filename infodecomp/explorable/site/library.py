"""A site: a folder of essays and their figures, read from the files as they now are.

What is broken stays where it is broken: an essay that cannot be read or a module that does not import is reported on its own
page, and everything else goes on working.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path

from infodecomp.explorable.core.diagnostics import Diagnostic, did_you_mean
from infodecomp.explorable.core.errors import ExplorableError, NotFound
from infodecomp.explorable.figures.controls import number_input
from infodecomp.explorable.figures.figure import Figure, FigureState
from infodecomp.explorable.figures.loader import forget, import_figures
from infodecomp.explorable.figures.parameters import Parameter, parse_query, write_query
from infodecomp.explorable.graphics.math_font import characters
from infodecomp.explorable.markup.lint import lint_document
from infodecomp.explorable.markup.page import Page, render
from infodecomp.explorable.markup.reading.documents import Document, display_path, read_document

log = logging.getLogger("infodecomp")
LATELY = 0.25  # seconds
KINDS = (".md", ".py", ".bib", ".html", ".xml", ".css", ".js", ".svg")


@dataclass
class Essay:
    """An essay in one state: its document, the page made of it, and the views of the figures on it."""

    slug: str
    document: Document
    page: Page
    views: dict[str, FigureState]
    parameters: dict[str, Parameter]
    state: dict
    hidden: dict[
        str, str
    ]  # what is not at its default and has no control: a form without script must say it too
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def query(self) -> str:
        return write_query(self.parameters.values(), self.state)


class Site:
    """The essays and figures of a folder. `essays()` and `essay()` look at the files' times first, so an edit shows at once."""

    def __init__(self, folder: Path, beside: Iterable[Path] = ()):
        """beside: other folders that pages are made with; an edit there makes what was answered before stale too, in a moment."""
        self.folder, self.beside = Path(folder), tuple(beside)
        self.figures: dict[str, Figure] = {}
        self.diagnostics: list[Diagnostic] = []
        self._documents: dict[str, Document] = {}
        self._declared: dict[str, Path] = {}  # figure -> its module
        self._mounted: dict[str, str] = {}  # figure -> the first essay that mounts it
        self._parameters: dict[str, list[Parameter]] = {}  # essay -> what can be set on its page
        self._slow: dict[str, list[str]] = {}  # essay -> the figures on it that may take long
        self.formula_characters = ""  # of all essays: what the mathematics font must hold
        self.revision = 0  # how often it has been read: an answer of an older one is stale
        self._seen: tuple | None = None
        self._seen_beside: tuple = ()
        self._looked = self._looked_beside = 0.0
        self._lock = threading.RLock()
        self.refresh()

    def current_revision(self) -> int:
        """The generation as of a quarter of a second ago at most: for what is asked so often that looking at the files would tell."""
        now = time.monotonic()
        if now > self._looked + LATELY:
            self.refresh()
        return self.revision

    def refresh(self) -> bool:
        """Read again what has changed since the last time; True where anything had."""
        with self._lock:
            self._looked = time.monotonic()
            if self._looked > self._looked_beside + LATELY:
                self._looked_beside, self._seen_beside = self._looked, tuple(map(_written, self.beside))
            seen = _written(self.folder), self._seen_beside
            if seen == self._seen:
                return False
            self._seen = seen
            self.revision += 1
            self._load()
            return True

    def _files(self, kind: str) -> list[Path]:
        return [self.folder / name for name, _ in self._seen[0] if name.endswith(kind) and "/" not in name]

    def _load(self) -> None:
        self.figures, self.diagnostics, self._documents, self._declared = {}, [], {}, {}
        forget(self.folder)
        for path in self._files(".py"):
            try:
                self._add(path, import_figures(path))
            except Exception as error:  # a module that an author is editing may raise anything
                log.exception("the figures of %s cannot be read", path.name)
                self.diagnostics.append(
                    Diagnostic(
                        display_path(path),
                        _line_of(error, path),
                        "error",
                        f"{type(error).__name__}: {error}; its figures are missing until it imports",
                    )
                )
        for path in self._files(".md"):
            self._documents[path.stem] = read_document(path)
        self._mounted, self._parameters, self._slow = {}, {}, {}
        formulas = ""
        for slug in self._documents:
            essay = self.essay(slug, fresh=False)
            page = essay.page
            self._parameters[slug] = list(essay.parameters.values())
            self._slow[slug] = [name for name in essay.views if self.figures[name].streams]
            formulas += characters(page.html)
            for name in page.mounted:
                self._mounted.setdefault(name, slug)
        self.formula_characters = "".join(sorted(set(formulas)))
        for name in [name for name in self.figures if self._documents and name not in self._mounted]:
            self.diagnostics.append(
                Diagnostic(
                    display_path(self._declared[name]),
                    1,
                    "error",
                    f"no essay mounts the figure {name!r}; "
                    f"write <div class='{name}'></div> where it belongs, or take it out",
                )
            )

    def _add(self, path: Path, figures: dict[str, Figure]) -> None:
        for name, figure in figures.items():
            if self.figures.setdefault(name, figure) is not figure:
                self.diagnostics.append(
                    Diagnostic(
                        display_path(path),
                        1,
                        "error",
                        f"the figure {name!r} is declared in "
                        f"{self._declared[name].name} too; rename one of them",
                    )
                )
            self._declared.setdefault(name, path)

    def figure(self, name: str) -> Figure:
        self.refresh()
        if name not in self.figures:
            raise NotFound(
                f"There is no figure {name[:80]!r}{did_you_mean(name[:80], self.figures)}.", figure=name[:80]
            )
        return self.figures[name]

    def essay_of(self, figure: str) -> str | None:
        """The slug of the first essay that mounts a figure."""
        return self._mounted.get(figure)

    def figure_order(self) -> list[str]:
        """The names of all figures: as they appear in the essays, then those that none mounts."""
        self.refresh()
        return list(dict.fromkeys([*(name for name in self._mounted if name in self.figures), *self.figures]))

    def credit(self, figure: str, origin: str) -> str:
        """Where a figure is to be found, for a picture that has left its page. origin: the site's address."""
        slug = self._mounted.get(figure)
        return f"{self._documents[slug].title}, {origin}essays/{slug}#{figure}" if slug else origin

    def essays(self) -> list[Document]:
        """All essays, the newest first."""
        self.refresh()
        return sorted(
            self._documents.values(),
            key=lambda document: (document.date or date.min, document.slug),
            reverse=True,
        )

    def document(self, slug: str) -> Document:
        self.refresh()
        if slug not in self._documents:
            raise NotFound(
                f"There is no essay {slug[:80]!r}{did_you_mean(slug[:80], self._documents)}.", essay=slug[:80]
            )
        return self._documents[slug]

    def state(self, slug: str, items: Iterable[tuple[str, str]]) -> tuple:
        """What a query's pairs make of an essay's parameters: the same for all addresses of one state. Raises NotFound, ParameterError."""
        return tuple(parse_query(self.parameters(slug), items, strict=False).values())

    def parameters(self, slug: str) -> list[Parameter]:
        """What can be set on an essay's page. Raises NotFound."""
        self.document(slug)
        return self._parameters[slug]

    def takes_long(self, slug: str, items: Iterable[tuple[str, str]]) -> bool:
        """Whether an essay's page in the state of a query's pairs needs a long computation."""
        items = list(items)
        self.document(slug)
        for name in self._slow[slug] if items else ():
            try:
                if self.figures[name].read(items, strict=False).is_expensive:
                    return True
            except ExplorableError:  # it is told in the figure's place
                pass
        return False

    def essay(
        self,
        slug: str,
        items: Iterable[tuple[str, str]] = (),
        show: Callable[[FigureState, tuple, int, list, dict], str] | None = None,
        fresh: bool = True,
    ) -> Essay:
        """An essay in the state that a query's pairs name; names that no figure on it has are passed over.

        show: (view, layout classes, which of its mounts it is, from 1, the controls that no figure above has, what the
        controls say) -> the HTML of a mounted figure. Raises NotFound, ParameterError.
        """
        document = self.document(slug) if fresh else self._documents[slug]
        mounts = Mounts(self.figures, items, show)
        page = render(document, mounts)
        diagnostics = [
            *lint_document(document, page, mounts),
            *mounts.diagnostics(document),
            *self._diagnostics_of(slug),
        ]
        hidden = {
            name: parameter.write(mounts.state[name])
            for name, parameter in mounts.parameters.items()
            if name not in mounts.owned and mounts.state[name] != parameter.default
        }
        return Essay(slug, document, page, mounts.views, mounts.parameters, mounts.state, hidden, diagnostics)

    def _diagnostics_of(self, slug: str) -> list[Diagnostic]:
        """What is wrong with the module beside an essay; the other modules' troubles are told on other pages."""
        return [diagnostic for diagnostic in self.diagnostics if Path(diagnostic.path).stem == slug]

    def all_diagnostics(self) -> list[Diagnostic]:
        """Every problem of every essay and module, each once."""
        found = [
            diagnostic for slug in self._documents for diagnostic in self.essay(slug, fresh=False).diagnostics
        ]
        return list(dict.fromkeys([*found, *self.diagnostics]))


class Mounts:
    """What an essay's markup asks of the figures: their HTML, their live numbers, their named steps."""

    def __init__(self, figures: dict[str, Figure], items=(), show=None):
        self.figures, self.items, self.show = figures, list(items), show
        self.names = figures.keys()
        self.views: dict[str, FigureState] = {}
        self.parameters: dict[str, Parameter] = {}
        self.state: dict = {}
        self.times: dict[str, int] = {}  # how often each has been mounted so far
        self.owned: set[str] = set()  # the parameters that have a control already
        self.clashes: list[str] = []
        self.broken: set[str] = set()  # what cannot be shown must not take the rest of the page with it

    def view(self, name: str) -> FigureState:
        if name not in self.views:
            figure = self.figures[name]
            view = figure.read(self.items, strict=False)
            for parameter in figure.parameters:
                if self.parameters.setdefault(parameter.name, parameter) is not parameter:
                    self.clashes.append(
                        f"{name} declares its own parameter {parameter.name!r}, which another figure of this "
                        "essay has too: share one object or rename it"
                    )
            self.state.update(view.state)
            self.views[name] = view
        return self.views[name]

    def voice(self) -> dict:
        """What the controls say in this state, by the figures mounted so far."""
        return {
            name: words
            for figure, view in self.views.items()
            if figure not in self.broken
            for name, words in view.value_text.items()
        }

    def mount(self, name: str, layout: tuple, again: bool) -> str:
        view = self.view(name)
        nth = self.times[name] = self.times.get(name, 0) + 1
        # A page is one form for those without script, and a form says each parameter once: by its first control.
        own = [control for control in view.figure.controls if control not in self.owned]
        self.owned.update(own)
        if not self.show:
            return f'<figure id="{place(name, nth)}"></figure>'
        try:
            return self.show(view, layout, nth, own, self.voice())
        except Exception as error:  # one broken figure leaves the rest of the essay readable
            told = self._break(name, error)
            return f'<div class="problem" role="note" id="{place(name, nth)}">{escape(told)}</div>'

    def _break(self, name: str, error: Exception) -> str:
        """Note that a figure cannot be shown; returns what is said in its place."""
        log.error(
            "the figure %s cannot be shown",
            name,
            exc_info=name not in self.broken and not isinstance(error, ExplorableError),
        )
        self.broken.add(name)
        why = str(error) if isinstance(error, ExplorableError) else f"{type(error).__name__}: {error}"
        told = f"the figure '{name}' cannot be shown: {why}"
        if told not in self.clashes:
            self.clashes.append(told)
        return told

    def _texts(self, name: str) -> dict:
        """The values of a figure in words; none of one that cannot be computed."""
        if name not in self.figures or name in self.broken:
            return {}
        view = self.view(name)
        try:
            return view.formatted_values
        except Exception as error:
            self._break(name, error)
            return {}

    def value(self, path: str) -> str | None:
        name, _, value = path.rpartition(".")
        return self._texts(name).get(value, "\u2026" if name in self.broken else None)

    def values(self, name: str) -> list[str]:
        return list(self._texts(name))

    @property
    def steps(self) -> dict[str, str]:
        """Named steps of all figures: step -> query string."""
        return {step: query for figure in self.figures.values() for step, query in figure.presets.items()}

    def step(self, name: str) -> str | None:
        return self.steps.get(name)

    def number_input(self, name: str, attributes: dict) -> str | None:
        """A number input bound to a parameter of any figure; a figure mounted further down will move with it."""
        found = next(
            (p for figure in self.figures.values() for p in figure.parameters if p.name == name), None
        )
        if found is None:
            return None
        self.parameters.setdefault(name, found)
        self.state.setdefault(name, parse_query([found], self.items, strict=False)[name])
        return number_input(found, self.state[name])

    def diagnostics(self, document: Document) -> list[Diagnostic]:
        return [Diagnostic(document.name, 1, "error", clash) for clash in self.clashes]


def _written(folder: Path) -> tuple[tuple[str, int], ...]:
    """What essays and pages are made of, each with when it was written; without what editors leave there for themselves."""
    try:
        with os.scandir(folder) as entries:
            found = []
            for entry in entries:
                if entry.name[0] in "._":
                    continue
                if entry.is_dir():  # an essay's own modules
                    found += [
                        (f"{entry.name}/{name}", written) for name, written in _written(Path(entry.path))
                    ]
                elif entry.name.endswith(KINDS):
                    found.append((entry.name, _changed(entry)))
            return tuple(sorted(found))
    except FileNotFoundError:
        return ()


def _changed(entry: os.DirEntry) -> int:
    """When a file was written, 0 for one that is just being replaced."""
    try:
        return entry.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def place(name: str, nth: int) -> str:
    """The id of a figure's nth mount on a page: its name, which links lead to, for the first."""
    return name if nth == 1 else f"{name}-{nth}"


def _line_of(error: Exception, path: Path) -> int:
    """The last line of `path` that an error passed through."""
    line = getattr(error, "lineno", None) or 1
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path.resolve()):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
