"""Figures: a compute function and a draw function with typed parameters.

Everything that can be asked of a figure follows from its declaration:

    @figure(parameters=(BITS,), title="What a bit buys")
    def storm_line(bits):            # compute: parameters -> data
        return {"information": ...}

    @storm_line.draw
    def picture(data):               # draw: data -> picture
        return Plot(...)

The name of the function is the name of the figure, with dashes: storm_line is addressed as `storm-line`. Calling
the figure, `storm_line(bits=.5)`, gives a `FigureState`.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

import numpy as np

from infodecomp.explorable.core.errors import DeclarationError, ParameterError
from infodecomp.explorable.figures.parameters import (
    IterationSlider,
    Parameter,
    check_state,
    parse_query,
)
from infodecomp.explorable.figures.state import FigureState

RECENT = 12  # cached states of a figure, with their data and pictures: about 100 kB each
PARTS = (
    "draw",
    "values",
    "describe",
    "value_text",
    "table",
    "invert_point",
    "derive",
    "partial_results",
    "advance",
    "is_cached",
)


class Figure:
    """A declared figure or, where nothing is drawn, a panel of controls.

    Parameters
    ----------
    compute : callable
        Parameters by name -> data; a pure function.
    parameters : iterable of Parameter
        In the order of its query string.
    title : str
    controls : iterable of str
        Names of the parameters whose controls are shown below it on a page.
    decimals : int
        Of its values in prose.
    source : str
        Shown below it.
    attribution : str
        Whose data it shows; accompanies its pictures everywhere.
    presets : mapping of str to str, optional
        Name -> query string of states that prose can link to.
    collapsed : iterable of str
        Numeric controls behind a disclosure, because handles do the same.

    Raises
    ------
    DeclarationError, ParameterError
        If the declaration contradicts itself.
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
        """Return whether a part was declared; `ValueError` for a name that is not one of `PARTS`."""
        if part not in PARTS:
            raise ValueError(f"{part!r} is not a part of a figure: choose from {', '.join(PARTS)}")
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
