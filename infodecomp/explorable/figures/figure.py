"""Figures: a pair of pure functions with typed parameters, from which everything that can be asked of a figure follows.

    @figure(parameters=(BITS,), title="What a bit buys")
    def storm_line(bits):            # compute: parameters -> data
        return {"information": ...}

    @storm_line.draw
    def picture(data):               # draw: data -> picture
        return Plot(...)

The function's name is the figure's, with dashes: storm_line is mounted and addressed as `storm-line`. Calling it, or asking
`at(bits=.5)`, gives a View: one state, with its data, values, description, table and picture, each made when asked for.
"""

import csv
import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

import numpy as np
import orjson

from infodecomp.explorable.core.errors import DeclarationError, NotFound, ParameterError
from infodecomp.explorable.core.lazy import lazy_property
from infodecomp.explorable.figures.parameters import (
    IterationSlider,
    Parameter,
    check_state,
    parse_query,
    write_query,
)
from infodecomp.explorable.graphics.plot import MAX_HEIGHT, PAGE, Drawing, DrawOptions, render

WIDE, NARROW = (
    640,
    350,
)  # pixels: the two widths in which a page carries a picture before it has measured itself
WIDTHS, HEIGHTS = (200, 2000), (120, 2000)
RECENT = 12  # states of a figure that are held, with their data and pictures: about 100 kB each


class Figure:
    """A declared figure or, where nothing is drawn, a panel of controls.

    parameters: in the order of its address. controls: the names of those that are shown below it on a page; folded: those
    that are numbers behind a word, as its handles do the same. decimals: of its values where prose shows them. source: the quiet
    line below it. attribution: whose data it shows, which goes wherever its pictures go. steps: named states, as query strings,
    that a word in an essay can lead to.
    """

    def __init__(
        self,
        compute: Callable,
        parameters=(),
        title: str = "",
        controls=(),
        decimals: int = 3,
        source: str = "",
        attribution: str = "",
        presets: Mapping[str, str] | None = None,
        collapsed=(),
    ):
        self.name = compute.__name__.replace("_", "-")
        self.parameters: tuple[Parameter, ...] = tuple(parameters)
        self.title, self.controls, self.decimals, self.source = title, tuple(controls), decimals, source
        self.attribution, self.collapsed = attribution, tuple(collapsed)
        self.__doc__ = compute.__doc__
        self.presets = dict(presets or {})
        self._compute = compute
        self._parts: dict[str, Callable] = {}
        self._recent: OrderedDict[tuple, FigureState] = OrderedDict()
        self._lock = threading.Lock()
        names = [parameter.name for parameter in self.parameters]
        if len(set(names)) < len(names):
            raise DeclarationError(f"figure {self.name} names a parameter twice: {', '.join(names)}")
        for name in (*self.controls, *self.collapsed):
            if name not in names:
                raise DeclarationError(
                    f"figure {self.name} shows a control for {name!r}, which is none of {', '.join(names)}"
                )
        for parameter in self.parameters:
            if parameter.name in self.collapsed and not parameter.is_numeric:
                raise DeclarationError(
                    f"figure {self.name} folds {parameter.name!r}, which is no number; leave it among its controls"
                )
        for name in [name for parameter in self.parameters for name in parameter.dependencies]:
            if name not in names:
                raise DeclarationError(
                    f"figure {self.name} plays a run of {name!r}, which is none of {', '.join(names)}"
                )
        for query in self.presets.values():
            parse_query(self.parameters, parse_qsl(query, keep_blank_values=True))

    def _part(self, name: str) -> Callable:
        def register(function: Callable) -> Callable:
            self._parts[name] = function
            return function

        return register

    @property
    def draw(self):
        """Decorates data -> picture."""
        return self._part("draw")

    @property
    def values(self):
        """Decorates data -> {name: number}: what prose can show."""
        return self._part("values")

    @property
    def describe(self):
        """Decorates data -> one sentence on what this state shows."""
        return self._part("describe")

    @property
    def value_text(self):
        """Decorates data -> {parameter: words}: what a control says of its value to those who cannot see the picture."""
        return self._part("value_text")

    @property
    def table(self):
        """Decorates data -> {column: values}: the state as a table."""
        return self._part("table")

    @property
    def invert_point(self):
        """Decorates (state, x, y) -> {parameter: value}: the state that puts the handle at a point of the plane."""
        return self._part("invert_point")

    @property
    def derive(self):
        """Decorates state -> {parameter: value}: what the others must be where parameters say the same thing twice."""
        return self._part("derive")

    @property
    def partial_results(self):
        """Decorates state -> data, data, …: what a long computation has found so far; the last is what compute returns."""
        return self._part("partial_results")

    @property
    def advance(self):
        """Decorates state -> None: takes the run of this state on to its step, so that showing it costs little afterwards.

        It is called for every step that a button plays; pictures are drawn of as many as there is time for.
        """
        return self._part("advance")

    @property
    def is_cached(self):
        """Decorates state -> whether a figure that streams knows this state already, so that it costs no long computation."""
        return self._part("is_cached")

    @property
    def played(self) -> tuple[IterationSlider, ...]:
        """The parameters that a button plays."""
        return tuple(parameter for parameter in self.parameters if parameter.is_played)

    @property
    def streams(self) -> bool:
        """Whether it has pictures of something that goes on for long."""
        return self.has("partial_results") or bool(self.played)

    def has(self, part: str) -> bool:
        return part in self._parts

    def function(self, part: str) -> Callable:
        """The function that was declared for a part, or "compute"."""
        return self._compute if part == "compute" else self._parts[part]

    def part(self, name: str, *arguments):
        return self._parts[name](*arguments)

    def __call__(self, **values) -> "FigureState":
        return self._view(check_state(self.parameters, values))

    def _view(self, state: dict) -> "FigureState":
        """The view of a state; one that was asked for lately is the same object, with all that has been made of it."""
        state = state | self.part("derive", state) if self.has("derive") else state
        key = tuple(state.values())
        with self._lock:
            view = self._recent.pop(key, None) or FigureState(self, state)
            self._recent[key] = view
            if len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        return view

    at = __call__

    def read(self, items, strict: bool = True) -> "FigureState":
        """The view of a query string's pairs; raises ParameterError."""
        return self._view(parse_query(self.parameters, items, strict))

    def grabbed(self, state: dict, point: str) -> "FigureState":
        """The view whose handle lies nearest to a point of the plane, given as 'x,y' in the units of its axes."""
        if not self.has("invert_point"):
            raise ParameterError(
                f"{self.name} has no handle in its plane.", parameter="_grab", value=point[:80]
            )
        try:
            x, y = (float(part) for part in point.split(","))
        except ValueError:
            x = y = float("nan")
        if not np.isfinite([x, y]).all():
            raise ParameterError(
                f"_grab = {point[:80]!r} is no point: give two finite numbers, 'x,y'.",
                parameter="_grab",
                value=point[:80],
                bounds="two finite numbers, 'x,y'",
            )
        return self(**(state | self.part("invert_point", state, x, y)))

    def __repr__(self) -> str:
        return f"<figure {self.name}({', '.join(parameter.name for parameter in self.parameters)})>"


def figure(parameters=(), title: str = "", **settings) -> Callable[[Callable], Figure]:
    """Declare a figure: decorates its compute function, whose arguments are the parameters' names."""
    return lambda compute: Figure(compute, parameters, title, **settings)


class FigureState:
    """A figure in one state. Everything is computed when it is first asked for, and once; nobody changes it."""

    def __init__(self, of: Figure, state: dict, data: Mapping | None = None):
        self.figure, self.state = of, state
        if data is not None:
            self.data = data

    @property
    def query(self) -> str:
        return write_query(self.figure.parameters, self.state)

    @property
    def is_expensive(self) -> bool:
        """Whether it takes a long computation, as far as is known."""
        return self.figure.streams and not (
            self.figure.has("is_cached") and self.figure.part("is_cached", self.state)
        )

    @lazy_property
    def data(self) -> Mapping:
        return self.figure._compute(**self.state)

    def _part(self, name: str, otherwise):
        return self.figure.part(name, self.data) if self.figure.has(name) else otherwise

    @lazy_property
    def values(self) -> dict:
        return {name: _plain(value) for name, value in self._part("values", {}).items()}

    @lazy_property
    def formatted_values(self) -> dict:
        """The values as prose shows them, and the parameters that have words of their own."""
        decimals = self.figure.decimals
        told = {one.name: one.show(self.state[one.name]) for one in self.figure.parameters if one.has_format}
        return told | {
            name: "\u2026"
            if value is None
            # what a state withholds
            else f"{round(value, decimals) + 0.0:.{decimals}f}"
            if isinstance(value, float)
            else str(value)
            for name, value in self.values.items()
        }

    @lazy_property
    def description(self) -> str:
        return self._part("describe", self.figure.title)

    @lazy_property
    def value_text(self) -> dict:
        return self._part("value_text", {})

    @lazy_property
    def table(self) -> dict:
        return {name: np.asarray(column) for name, column in self._part("table", {}).items()}

    @lazy_property
    def picture(self):
        if not self.figure.has("draw"):
            raise NotFound(
                f"{self.figure.name} is a panel of controls and draws nothing; ask for a figure that it moves."
            )
        return self.figure.part("draw", self.data)

    def svg(self, width: float = WIDE, theme: str | None = None, max_height: float = MAX_HEIGHT) -> str:
        """The picture at a width, at most so high (in pixels); on a page (no theme) it uses the page's colours."""
        return self.drawing(width, DrawOptions(theme=theme) if theme else PAGE, max_height).svg

    def drawing(
        self, width: float = WIDE, options: DrawOptions = PAGE, max_height: float = MAX_HEIGHT
    ) -> Drawing:
        """The picture as SVG with its size; drawn once for each size and options."""
        for name, value, (low, high) in (("_width", width, WIDTHS), ("_height", max_height, HEIGHTS)):
            if not low <= value <= high:
                raise ParameterError(
                    f"{name} = {value:g} is out of bounds: give {low} to {high} pixels.",
                    parameter=name,
                    value=value,
                    bounds=f"{low} to {high}",
                )
        key = (width, options, max_height)
        if key not in self._drawings:
            self._drawings[key] = render(self.picture, width, options, self.description, max_height)
        return self._drawings[key]

    @lazy_property
    def _drawings(self) -> dict[tuple, Drawing]:
        return {}

    def csv(self) -> str:
        """The table of this state, with a header; numbers in full."""
        if not self.table:
            raise NotFound(f"{self.figure.name} has no table.")
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.table)
        writer.writerows(zip(*(column.tolist() for column in self.table.values()), strict=True))
        return text.getvalue()

    def answer(self, fields=None, width: float = WIDE, max_height: float = MAX_HEIGHT) -> dict:
        """What /figures/NAME.json says; fields chooses some of its keys."""
        makers = {
            "figure": lambda: self.figure.name,
            "parameters": lambda: self.state,
            "query": lambda: self.query,
            "data": lambda: self.data,
            "values": lambda: self.values,
            "texts": lambda: self.formatted_values,
            "voice": lambda: self.value_text,
            "description": lambda: self.description,
            "table": lambda: self.table,
            "svg": lambda: self.svg(width, None, max_height) if self.figure.has("draw") else None,
        }
        fields = list(makers) if fields is None else fields
        for field in fields:
            if field not in makers:
                raise ParameterError(
                    f"_fields names {field[:40]!r}: choose from {', '.join(makers)}.",
                    parameter="_fields",
                    value=field[:40],
                    bounds=", ".join(makers),
                )
        return {field: makers[field]() for field in fields}

    def json(self, fields=None, width: float = WIDE, max_height: float = MAX_HEIGHT) -> bytes:
        return orjson.dumps(
            self.answer(fields, width, max_height), default=_plain, option=orjson.OPT_SERIALIZE_NUMPY
        )

    def frames(self, play: str = ""):
        """Views of what a stream has found so far, or of the steps of what plays, each as it is reached.

        play: which parameter plays, if there are several. Raises ParameterError for one that does not.
        """
        slider = self._played(play)
        if slider is None:
            return (
                FigureState(self.figure, self.state, data)
                for data in self.figure.part("partial_results", self.state)
            )
        return self._play_steps(slider)

    def max_rate(self, play: str = "") -> float:
        """How many frames a second a stream may send at most; 0 for no limit."""
        slider = self._played(play)
        return slider.max_rate if slider else 0

    def _played(self, play: str) -> IterationSlider | None:
        """The slider that plays, by its name or the first; None where a figure streams partial results."""
        sliders = {parameter.name: parameter for parameter in self.figure.played}
        if play and play not in sliders:
            raise ParameterError(
                f"_play = {play[:40]!r} is nothing that plays: give one of {', '.join(sliders) or 'none'}.",
                parameter="_play",
                value=play[:40],
                bounds=", ".join(sliders),
            )
        return sliders[play] if play else next(iter(sliders.values()), None)

    def _play_steps(self, played: IterationSlider):
        for step in played.steps_from(self.state[played.name]):
            view = self.figure._view(self.state | {played.name: step})
            if self.figure.has("advance"):
                self.figure.part("advance", view.state)
            yield view

    def _repr_svg_(self) -> str:
        return self.svg(theme="light")


def initial(of: Figure) -> FigureState:
    """The default state of a figure."""
    return of()


def _plain(value):
    """Tensors and NumPy's numbers as what JSON knows; a tuple of columns keeps its names."""
    if isinstance(value, float | int | str | bool) or value is None:
        return value
    if hasattr(value, "_asdict"):
        return {name: _plain(column) for name, column in value._asdict().items()}
    array = np.ascontiguousarray(value)
    if array.dtype.kind not in "fiub":
        return array.tolist()
    return array.item() if np.ndim(value) == 0 else array
