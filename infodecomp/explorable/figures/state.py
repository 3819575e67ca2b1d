"""One state of a figure: its data, values, description, table and picture, each computed on first use."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from infodecomp.explorable.core.cells import plain_cell
from infodecomp.explorable.core.errors import NotFound, ParameterError
from infodecomp.explorable.core.lazy import lazy_property
from infodecomp.explorable.core.numbers import minus_signs
from infodecomp.explorable.figures.content import state_content
from infodecomp.explorable.figures.key_numbers import plain_sentence, sentence_html
from infodecomp.explorable.figures.parameters import Parameter, write_query
from infodecomp.explorable.figures.play import play_steps, played_slider
from infodecomp.explorable.figures.values import format_values, to_json_type, to_json_types
from infodecomp.explorable.graphics.concat import Picture
from infodecomp.explorable.graphics.drawing import Drawing, render
from infodecomp.explorable.graphics.plot import MAX_HEIGHT, PAGE, DrawOptions

if TYPE_CHECKING:
    from infodecomp.explorable.figures.figure import Figure

WIDE, NARROW = 640, 350  # pixels: a page contains each picture at these widths until its script has measured
WIDTHS, HEIGHTS = (200, 2000), (120, 2000)  # pixels: limits of a picture
MAX_DRAWINGS = 4  # of a state that are kept: a page has two widths, and may be both light and dark


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
    def name(self) -> str:
        """The name of the figure."""
        return self.figure.name

    @property
    def query(self) -> str:
        """The canonical query string of the state."""
        return write_query(self.figure.parameters, self.state)

    @property
    def is_expensive(self) -> bool:
        """Whether its data may take a long computation."""
        is_cached = self.figure.parts.get("is_cached")
        return self.figure.streams and not (is_cached and is_cached(self.state))

    @lazy_property
    def data(self) -> Mapping:
        """What the figure's `compute` returns."""
        return self.figure.function("compute")(**self.state)

    def _part(self, name: str, default):
        function = self.figure.parts.get(name)
        return default if function is None else function(self.data)

    @lazy_property
    def values(self) -> dict:
        """Name -> value, for the text of an essay."""
        return to_json_types(self._part("values", {}))

    @property
    def source(self) -> str:
        """Where the data of this state comes from."""
        by_choice = self.figure.source_of
        return by_choice.texts[self.state[by_choice.choice]] if by_choice else self.figure.source

    @lazy_property
    def formatted_values(self) -> dict:
        """Name -> text of each value, an ellipsis for None, of each parameter that has a format, and of a
        source that depends on the state.

        A value of the same name as such a parameter has the parameter's text, which the read-out of its
        slider shows.
        """
        shown = {parameter.name: text for parameter, text in self._shown_parameters()}
        source = {"source": self.source} if self.figure.source_of else {}
        return format_values(self.values, self.figure.decimals) | shown | source

    def _shown_parameters(self) -> Iterator[tuple[Parameter, str]]:
        """The parameters that have a format, with the text that their sliders show."""
        for parameter in self.figure.formatted_parameters:
            yield parameter, parameter.show(self.state[parameter.name])

    @lazy_property
    def _sentence(self) -> str:
        return self._part("describe", self.figure.title)

    @lazy_property
    def description(self) -> str:
        """One sentence about the picture, as plain text; the title if the figure has no description."""
        return plain_sentence(self._sentence)

    @lazy_property
    def description_html(self) -> str:
        """The same as HTML, with its key numbers in the colour of their role; see `key_number`."""
        return sentence_html(self._sentence)

    @lazy_property
    def value_text(self) -> dict:
        """Parameter -> its value in words, for assistive technology; by default what its slider shows."""
        shown = {parameter.name: text + parameter.spaced_unit for parameter, text in self._shown_parameters()}
        return shown | {name: minus_signs(text) for name, text in self._part("value_text", {}).items()}

    @lazy_property
    def table(self) -> dict:
        """Column name -> array of its values."""
        return {name: np.asarray(column) for name, column in self._part("table", {}).items()}

    @lazy_property
    def picture(self) -> Picture:
        """The plots of this state."""
        draw = self.figure.parts.get("draw")
        if draw is None:
            raise NotFound(
                f"{self.figure.name} is a panel of controls and draws nothing; "
                "ask for a figure that it moves."
            )
        return draw(self.data)

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
        return self._render(width, options, self.description, max_height)

    @lazy_property
    def _render(self) -> Callable[..., Drawing]:
        return lru_cache(MAX_DRAWINGS)(partial(render, self.picture))

    def csv(self) -> str:
        """Return the table of this state as CSV with a header, numbers in full precision, no cell a formula.

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
        writer.writerow(plain_cell(name) for name in self.table)
        for row in zip(*(column.tolist() for column in self.table.values()), strict=True):
            writer.writerow(plain_cell(cell) if isinstance(cell, str) else cell for cell in row)
        return text.getvalue()

    def json(
        self, fields: Iterable[str] | None = None, width: float = WIDE, max_height: float = MAX_HEIGHT
    ) -> bytes:
        """Return the content of /figures/NAME.json; see `state_content`."""
        import orjson  # of the extra serve; pictures of a fit do without it

        return orjson.dumps(
            state_content(self, fields, width, max_height),
            default=to_json_type,
            option=orjson.OPT_SERIALIZE_NUMPY,
        )

    def frames(self, play: str = "") -> Iterator["FigureState"]:
        """Iterate over the partial results of a long computation or the steps of a run; see `play`."""
        slider = played_slider(self.figure, play)
        if slider is None:
            return (
                FigureState(self.figure, self.state, data)
                for data in self.figure.part("partial_results", self.state)
            )
        return play_steps(self, slider)

    def max_rate(self, play: str = "") -> float:
        """Return the maximum number of frames per second of a stream, 0 for no limit; see `frames`."""
        slider = played_slider(self.figure, play)
        return slider.max_rate if slider else 0

    def _repr_svg_(self) -> str:
        return self.drawing(WIDE, DrawOptions(theme="light", interactive=False)).svg
