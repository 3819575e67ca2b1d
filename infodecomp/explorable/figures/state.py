"""One state of a figure: its data, values, description, table and picture, each computed on first use."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import orjson

from infodecomp.explorable.core.errors import NotFound, ParameterError
from infodecomp.explorable.core.lazy import lazy_property
from infodecomp.explorable.figures.parameters import IterationSlider, write_query
from infodecomp.explorable.figures.values import format_value, to_json_type
from infodecomp.explorable.graphics.concat import Picture
from infodecomp.explorable.graphics.drawing import Drawing, render
from infodecomp.explorable.graphics.plot import MAX_HEIGHT, PAGE, DrawOptions

if TYPE_CHECKING:
    from infodecomp.explorable.figures.figure import Figure

WIDE, NARROW = 640, 350  # pixels: a page contains each picture at these widths until its script has measured
WIDTHS, HEIGHTS = (200, 2000), (120, 2000)  # pixels: limits of a picture


class FigureState:
    """A figure with a value for each parameter. It is immutable, and everything is computed on first use.

    Parameters
    ----------
    figure : Figure
    state : dict
        Name -> checked value of every parameter, in declared order.
    data : mapping, optional
        What the figure's `compute` returns, if it is known already.
    """

    def __init__(self, figure: "Figure", state: dict, data: Mapping | None = None):
        self.figure, self.state = figure, state
        if data is not None:
            self.data = data

    @property
    def query(self) -> str:
        """The canonical query string of the state."""
        return write_query(self.figure.parameters, self.state)

    @property
    def is_expensive(self) -> bool:
        """Whether its data may take a long computation."""
        return self.figure.streams and not (
            self.figure.has("is_cached") and self.figure.part("is_cached", self.state)
        )

    @lazy_property
    def data(self) -> Mapping:
        """What the figure's `compute` returns."""
        return self.figure.function("compute")(**self.state)

    def _part(self, name: str, default):
        return self.figure.part(name, self.data) if self.figure.has(name) else default

    @lazy_property
    def values(self) -> dict:
        """Name -> value, for the text of an essay."""
        return {name: to_json_type(value) for name, value in self._part("values", {}).items()}

    @lazy_property
    def formatted_values(self) -> dict:
        """Name -> text of each value and of each parameter that has a format; an ellipsis for None."""
        shown = {
            parameter.name: parameter.show(self.state[parameter.name])
            for parameter in self.figure.parameters
            if parameter.has_format
        }
        return shown | {
            name: format_value(value, self.figure.decimals) for name, value in self.values.items()
        }

    @lazy_property
    def description(self) -> str:
        """One sentence about the picture; the title if the figure has no description."""
        return self._part("describe", self.figure.title)

    @lazy_property
    def value_text(self) -> dict:
        """Parameter -> its value in words, for assistive technology."""
        return self._part("value_text", {})

    @lazy_property
    def table(self) -> dict:
        """Column name -> array of its values."""
        return {name: np.asarray(column) for name, column in self._part("table", {}).items()}

    @lazy_property
    def picture(self) -> Picture:
        """The plots of this state."""
        if not self.figure.has("draw"):
            raise NotFound(
                f"{self.figure.name} is a panel of controls and draws nothing; "
                "ask for a figure that it moves."
            )
        return self.figure.part("draw", self.data)

    def svg(self, width: float = WIDE, theme: str | None = None, max_height: float = MAX_HEIGHT) -> str:
        """Return the picture as SVG.

        Parameters
        ----------
        width, max_height : float
            In pixels.
        theme : {"light", "dark"}, optional
            By default the picture uses the custom properties of a page.

        Returns
        -------
        str

        Raises
        ------
        ParameterError
            If a size is out of bounds.
        NotFound
            If the figure draws nothing.
        """
        return self.drawing(width, DrawOptions(theme=theme) if theme else PAGE, max_height).svg

    def drawing(
        self, width: float = WIDE, options: DrawOptions = PAGE, max_height: float = MAX_HEIGHT
    ) -> Drawing:
        """Return the picture as SVG with its size, cached by size and options.

        Parameters
        ----------
        width, max_height : float
            In pixels.
        options : DrawOptions

        Returns
        -------
        Drawing

        Raises
        ------
        ParameterError
            If a size is out of bounds.
        NotFound
            If the figure draws nothing.
        """
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
        """Return the table of this state as CSV with a header, numbers in full precision.

        Returns
        -------
        str

        Raises
        ------
        NotFound
            If the figure has no table.
        """
        if not self.table:
            raise NotFound(f"{self.figure.name} has no table.")
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.table)
        writer.writerows(zip(*(column.tolist() for column in self.table.values()), strict=True))
        return text.getvalue()

    def to_dict(
        self, fields: Iterable[str] | None = None, width: float = WIDE, max_height: float = MAX_HEIGHT
    ) -> dict:
        """Return the content of /figures/NAME.json.

        Parameters
        ----------
        fields : iterable of str, optional
            The keys to include; all by default.
        width, max_height : float
            Of the picture, in pixels.

        Returns
        -------
        dict

        Raises
        ------
        ParameterError
            For an unknown field or a size that is out of bounds.
        """
        getters: dict[str, Callable[[], object]] = {
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
        fields = list(getters) if fields is None else fields
        for field in fields:
            if field not in getters:
                raise ParameterError(
                    f"_fields names {field[:40]!r}: choose from {', '.join(getters)}.",
                    parameter="_fields",
                    value=field[:40],
                    bounds=", ".join(getters),
                )
        return {field: getters[field]() for field in fields}

    def json(
        self, fields: Iterable[str] | None = None, width: float = WIDE, max_height: float = MAX_HEIGHT
    ) -> bytes:
        """Return `to_dict` as JSON."""
        return orjson.dumps(
            self.to_dict(fields, width, max_height), default=to_json_type, option=orjson.OPT_SERIALIZE_NUMPY
        )

    def frames(self, play: str = "") -> Iterator["FigureState"]:
        """Iterate over the partial results of a long computation, or over the steps of a played slider.

        Parameters
        ----------
        play : str
            The parameter to play; by default the first that can be played.

        Returns
        -------
        iterator of FigureState
            Each is computed when the iterator reaches it.

        Raises
        ------
        ParameterError
            If the parameter cannot be played.
        """
        slider = self._played(play)
        if slider is None:
            return (
                FigureState(self.figure, self.state, data)
                for data in self.figure.part("partial_results", self.state)
            )
        return self._play_steps(slider)

    def max_rate(self, play: str = "") -> float:
        """Return the maximum number of frames per second of a stream, 0 for no limit; see `frames`."""
        slider = self._played(play)
        return slider.max_rate if slider else 0

    def _played(self, play: str) -> IterationSlider | None:
        """The slider to play: by name, or the first; None for a figure that streams partial results."""
        sliders = {parameter.name: parameter for parameter in self.figure.played}
        if play and play not in sliders:
            raise ParameterError(
                f"_play = {play[:40]!r} is nothing that plays: give one of {', '.join(sliders) or 'none'}.",
                parameter="_play",
                value=play[:40],
                bounds=", ".join(sliders),
            )
        return sliders[play] if play else next(iter(sliders.values()), None)

    def _play_steps(self, slider: IterationSlider) -> Iterator["FigureState"]:
        for step in slider.steps_from(self.state[slider.name]):
            frame = self.figure.state_for(self.state | {slider.name: step})
            if self.figure.has("advance"):
                self.figure.part("advance", frame.state)
            yield frame

    def _repr_svg_(self) -> str:
        return self.svg(theme="light")
