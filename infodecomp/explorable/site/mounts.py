"""What an essay's markup asks of its figures: their HTML, their live numbers, their presets and number
inputs.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from html import escape
from urllib.parse import parse_qsl

from infodecomp.explorable.core.diagnostics import Diagnostic
from infodecomp.explorable.core.errors import ExplorableError
from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.parameters import Parameter, parse_query
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.markup.reading.documents import Document

log = logging.getLogger("infodecomp")

Items = Iterable[tuple[str, str]]
RenderFigure = Callable[[FigureState, tuple[str, ...], int, list[str], dict[str, str]], str]
"""(state, layout classes, ordinal of the mount, controls in the page's form, texts of all controls) -> HTML
"""

ELLIPSIS = "\u2026"


def report_broken_figure(name: str, error: Exception, with_traceback: bool = True) -> str:
    """Log that a figure cannot be shown, and return the message for readers."""
    is_bug = not isinstance(error, ExplorableError)
    log.error("the figure %s cannot be shown", name, exc_info=is_bug and with_traceback)
    reason = f"{type(error).__name__}: {error}" if is_bug else str(error)
    return f"the figure '{name}' cannot be shown: {reason}"


def broken_figure_html(name: str, mount: int, message: str) -> str:
    """The note that stands in the place of a figure."""
    return f'<div class="problem" role="note" id="{mount_id(name, mount)}">{escape(message)}</div>'


class FigureMounts:
    """The figures mounted on one page, in the state of one query string.

    Implements the `Mounts` protocol of `markup.mounts`. Mutable, and used for one
    rendering.

    Parameters
    ----------
    figures
        All figures of the site, by name.
    items
        The (name, value) pairs of the query string.
    render_figure
        Makes the HTML of one mounted figure. Without it a mount is an empty element with the right id.

    Attributes
    ----------
    views : dict of str to FigureState
        The figures seen so far, each in its state.
    parameters : dict of str to Parameter
        The parameters of those figures.
    state : dict
        The value of each parameter.
    form_controls : set of str
        The parameters that have a control in the page's form.
    """

    def __init__(
        self, figures: Mapping[str, Figure], items: Items = (), render_figure: RenderFigure | None = None
    ):
        self.figures, self.items, self.render_figure = figures, list(items), render_figure
        self.names = figures.keys()
        self.views: dict[str, FigureState] = {}
        self.parameters: dict[str, Parameter] = {}
        self.state: dict[str, object] = {}
        self.form_controls: set[str] = set()
        self._mount_counts: dict[str, int] = {}
        self._errors: dict[str, None] = {}  # in order, without duplicates
        self._broken: set[str] = set()

    def view(self, name: str) -> FigureState:
        """The state of a figure; the first call registers its parameters."""
        if name not in self.views:
            figure = self.figures[name]
            view = figure.read(self.items, strict=False)
            for parameter in figure.parameters:
                if self.parameters.setdefault(parameter.name, parameter) is not parameter:
                    self._errors[
                        f"{name} declares its own parameter {parameter.name!r}, which another figure of this "
                        "essay has too: share one object or rename it"
                    ] = None
            self.state.update(view.state)
            self.views[name] = view
        return self.views[name]

    def value_text(self) -> dict[str, str]:
        """The values of all parameters as text for screen readers, from the figures mounted so far."""
        return {
            name: text
            for figure, view in self.views.items()
            if figure not in self._broken
            for name, text in view.value_text.items()
        }

    def mount(self, name: str, layout: tuple[str, ...], already_mounted: bool) -> str:
        """The HTML of one mount. An exception of the figure becomes a note in its place."""
        view = self.view(name)
        nth = self._mount_counts[name] = self._mount_counts.get(name, 0) + 1
        # Without script a page is one form, and a form must submit each parameter once.
        own = [control for control in view.figure.controls if control not in self.form_controls]
        self.form_controls.update(own)
        if not self.render_figure:
            return f'<figure id="{mount_id(name, nth)}"></figure>'
        try:
            return self.render_figure(view, layout, nth, own, self.value_text())
        except Exception as error:  # one broken figure must leave the rest of the essay readable
            return broken_figure_html(name, nth, self._report_broken(name, error))

    def _report_broken(self, name: str, error: Exception) -> str:
        message = report_broken_figure(name, error, with_traceback=name not in self._broken)
        self._broken.add(name)
        self._errors[message] = None
        return message

    def _formatted_values(self, name: str, checked: bool = False) -> Mapping[str, str]:
        """The values of a figure as text, perhaps of the state in which all boxes below it are checked."""
        if name not in self.figures or name in self._broken:
            return {}
        view = self.view(name)
        try:
            if checked:
                boxes = [p for p in view.figure.parameters if p.kind == "toggle"]
                own = {box.name: not box.default for box in boxes if box.name in view.figure.controls}
                view = view.figure(**(view.state | own))
            return view.formatted_values
        except Exception as error:
            self._report_broken(name, error)
            return {}

    def value(self, path: str, in_answer: bool = False) -> str | None:
        """The text of `figure.value`; an ellipsis if the figure is broken, None if there is no such value.

        In the answer to a bet a value that is covered has the text of the state in which the boxes of its
        figure are checked, so that it can be read on paper and without a script.
        """
        name, _, value = path.rpartition(".")
        text = self._formatted_values(name).get(value, ELLIPSIS if name in self._broken else None)
        if text != ELLIPSIS or not in_answer:
            return text
        return self._formatted_values(name, checked=True).get(value, ELLIPSIS)

    def values(self, name: str) -> list[str]:
        """The names of a figure's values."""
        return list(self._formatted_values(name))

    @property
    def presets(self) -> dict[str, str]:
        """The query strings of all figures' presets, by name."""
        return {name: query for figure in self.figures.values() for name, query in figure.presets.items()}

    def preset_query(self, name: str) -> str | None:
        """The query string of a preset, or None."""
        return self.presets.get(name)

    def drawn_from(self, query: str) -> list[str]:
        """The names of the figures with a picture that have all parameters of a query string."""
        names = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
        return [
            figure.name
            for figure in self.figures.values()
            if figure.has("draw") and names <= {parameter.name for parameter in figure.parameters}
        ]

    def number_input(self, name: str, attributes: Mapping[str, str | None]) -> str | None:
        """A number input bound to a parameter of any figure, mounted or not, or None."""
        parameters = (p for figure in self.figures.values() for p in figure.parameters)
        found = next((p for p in parameters if p.name == name), None)
        if found is None:
            return None
        self.parameters.setdefault(name, found)
        self.state.setdefault(name, parse_query([found], self.items, strict=False)[name])
        return found.number_input(self.state[name])

    def diagnostics(self, document: Document) -> list[Diagnostic]:
        """What went wrong with the figures of this page."""
        return [Diagnostic(document.name, 1, "error", message) for message in self._errors]


def mount_id(name: str, nth: int) -> str:
    """The id of a figure's n-th mount on a page. The first has the figure's name, so that links work."""
    return name if nth == 1 else f"{name}-{nth}"
