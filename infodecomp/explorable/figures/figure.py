"""Figures: a compute function and a draw function with typed parameters.

Pages, JSON, SVG and exports of a figure follow from its declaration:

    @figure(parameters=(BITS,), title="What a bit buys")
    def storm_line(bits):            # compute: parameters -> data
        return {"information": ...}

    @storm_line.draw
    def picture(data):               # draw: data -> picture
        return Plot(...)

The name of the function, with dashes, is the name of the figure: storm_line declares `storm-line`. Calling
the figure, `storm_line(bits=.5)`, returns a `FigureState`.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import cast
from urllib.parse import parse_qsl

import numpy as np

from infodecomp.explorable.core.errors import DeclarationError, ParameterError
from infodecomp.explorable.figures.credit import SourceOf
from infodecomp.explorable.figures.parameters import (
    IterationSlider,
    Parameter,
    check_state,
    parse_query,
)
from infodecomp.explorable.figures.parts import FigureParts
from infodecomp.explorable.figures.state import FigureState

RECENT = 12  # cached states of a figure, with their data and pictures: about 100 kB each


class Figure(FigureParts):
    """A figure or, if it draws nothing, a panel of controls.

    Parameters
    ----------
    compute : callable
        Parameters by name -> data; a pure function.
    parameters : iterable of Parameter
        In the order of the query string.
    title : str
    controls : iterable of str
        Names of the parameters whose controls are shown below the figure on a page.
    decimals : int
        Number of decimals of its values in the text.
    source : str or SourceOf
        Where the data comes from; shown below the figure. The attribute is a text that names all sources.
    attribution : str
        Who made the data; included in every exported picture.
    presets : mapping of str to str, optional
        Name -> query string of states that the text can link to.
    collapsed : iterable of str
        Names of numeric parameters whose controls are in a closed disclosure, because handles do the same.
    headings : mapping of str to str, optional
        Name of a parameter -> heading of the group of controls that begins with it. Groups have two columns.
    former_parameters : iterable of str
        Names of parameters that it once had, which its addresses may still give and which have no effect.

    Attributes
    ----------
    played : tuple of IterationSlider
        The parameters whose values a button plays.
    formatted_parameters : tuple of Parameter
        The parameters whose values are shown in words.
    source_of : SourceOf or None
        The source, where it depends on the state.

    Raises
    ------
    DeclarationError
        If a parameter is declared twice, or a name is not one of the parameters.
    ParameterError
        If the query string of a preset is invalid.
    """

    def __init__(
        self,
        compute: Callable,
        parameters: Iterable[Parameter] = (),
        title: str = "",
        controls: Iterable[str] = (),
        decimals: int = 3,
        source: str | SourceOf = "",
        attribution: str = "",
        presets: Mapping[str, str] | None = None,
        collapsed: Iterable[str] = (),
        headings: Mapping[str, str] | None = None,
        former_parameters: Iterable[str] = (),
    ):
        super().__init__(compute)
        self.name = compute.__name__.replace("_", "-")
        self.parameters: tuple[Parameter, ...] = tuple(parameters)
        self.played = tuple(cast(IterationSlider, p) for p in self.parameters if p.is_played)
        self.formatted_parameters = tuple(p for p in self.parameters if p.has_format)
        self.title, self.controls, self.decimals = title, tuple(controls), decimals
        self.source, self.source_of = str(source), source if isinstance(source, SourceOf) else None
        self.attribution, self.collapsed = attribution, tuple(collapsed)
        self.former_parameters = frozenset(former_parameters)
        self.__doc__ = compute.__doc__
        self.presets, self.headings = dict(presets or {}), dict(headings or {})
        self._recent: OrderedDict[tuple, FigureState] = OrderedDict()
        self._lock = threading.Lock()
        self._check_declaration()

    def _check_declaration(self) -> None:
        names = [parameter.name for parameter in self.parameters]
        if len(set(names)) < len(names):
            raise DeclarationError(f"figure {self.name} names a parameter twice: {', '.join(names)}")
        dependencies = [name for parameter in self.parameters for name in parameter.dependencies]
        for verb, used in (
            ("shows a control for", (*self.controls, *self.collapsed)),
            ("has a heading above", self.headings),
            ("plays a run of", dependencies),
        ):
            for name in used:
                if name not in names:
                    known = ", ".join(names)
                    raise DeclarationError(f"figure {self.name} {verb} {name!r}, which is none of {known}")
        for parameter in self.parameters:
            if parameter.name in self.collapsed and not parameter.is_numeric:
                raise DeclarationError(
                    f"figure {self.name} folds {parameter.name!r}, which is no number; "
                    "leave it among its controls"
                )
        for query in self.presets.values():
            parse_query(self.parameters, parse_qsl(query, keep_blank_values=True))

    @property
    def streams(self) -> bool:
        """Whether it streams frames: partial results of a computation, or the steps of a run."""
        return "partial_results" in self.parts or bool(self.played)

    def control_groups(self, names: Iterable[str]) -> list[tuple[str, list[Parameter]]]:
        """Return the controls of some parameters in groups, each with its heading.

        Parameters
        ----------
        names : iterable of str
            The parameters whose controls are shown.

        Returns
        -------
        list of (str, list of Parameter)
            Heading, "" above controls that precede every heading, and parameters in declared order.
        """
        groups: list[tuple[str, list[Parameter]]] = []
        shown, heading = set(names), ""
        for parameter in self.parameters:
            heading = self.headings.get(parameter.name, heading)
            if parameter.name not in shown:
                continue
            if not groups or groups[-1][0] != heading:
                groups.append((heading, []))
            groups[-1][1].append(parameter)
        return groups

    def __call__(self, **values) -> FigureState:
        """Return the state with the given values, and defaults for the other parameters.

        Raises
        ------
        ParameterError
            For an invalid value or an unknown name.
        """
        return self.state_for(check_state(self.parameters, values))

    at = __call__

    def state_for(self, values: dict) -> FigureState:
        """Return the state with the given values; recent states are cached with their data and pictures.

        Parameters
        ----------
        values : dict
            A checked value for every parameter, in declared order.

        Returns
        -------
        FigureState
        """
        if derive := self.parts.get("derive"):
            values = values | derive(values)
        key = tuple(values.values())
        with self._lock:
            state = self._recent.pop(key, None) or FigureState(self, values)
            self._recent[key] = state
            if len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        return state

    def read(self, items: Iterable[tuple[str, str]], strict: bool = True) -> FigureState:
        """Return the state of a query string; see `parse_query`."""
        known = [item for item in items if item[0] not in self.former_parameters]
        return self.state_for(parse_query(self.parameters, known, strict))

    def at_point(self, values: dict, point: str) -> FigureState:
        """Return the state whose handle is nearest to a point of the plane.

        Parameters
        ----------
        values : dict
            The present values of the parameters.
        point : str
            'x,y' in units of the axes.

        Returns
        -------
        FigureState

        Raises
        ------
        ParameterError
            If the figure has no handle in the plane, or the point is invalid.
        """
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
        return self(**(values | self.part("invert_point", values, x, y)))

    def __repr__(self) -> str:
        return f"<figure {self.name}({', '.join(parameter.name for parameter in self.parameters)})>"


def figure(parameters: Iterable[Parameter] = (), title: str = "", **settings) -> Callable[[Callable], Figure]:
    """Declare a figure: decorates its compute function, whose arguments are the names of the parameters.

    Parameters
    ----------
    parameters : iterable of Parameter
    title : str
    **settings
        Further parameters of `Figure`.

    Returns
    -------
    callable
        The decorator.
    """
    return lambda compute: Figure(compute, parameters, title, **settings)
