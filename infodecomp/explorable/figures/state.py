"""One state of a figure: its data, values, description, table and picture, each computed on first use."""

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import orjson

from infodecomp.explorable.core.errors import NotFound, ParameterError
from infodecomp.explorable.core.lazy import lazy_property
from infodecomp.explorable.figures.parameters import IterationSlider, write_query
from infodecomp.explorable.graphics.plot import MAX_HEIGHT, PAGE, Drawing, DrawOptions, render

if TYPE_CHECKING:
    from infodecomp.explorable.figures.figure import Figure

WIDE, NARROW = (
    640,
    350,
)  # pixels: the two widths that a page carries a picture in before it has measured itself
WIDTHS, HEIGHTS = (200, 2000), (120, 2000)  # pixels: limits of a picture


class FigureState:
    """A figure in one state. Everything is computed once, when it is first needed, and is never changed."""

    def __init__(self, of: "Figure", state: dict, data: Mapping | None = None):
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
        return {name: _to_json_type(value) for name, value in self._part("values", {}).items()}

    @lazy_property
    def formatted_values(self) -> dict:
        """The values as prose shows them, and the parameters that have words of their own."""
        decimals = self.figure.decimals
        texts = {one.name: one.show(self.state[one.name]) for one in self.figure.parameters if one.has_format}
        return texts | {
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
            self.answer(fields, width, max_height), default=_to_json_type, option=orjson.OPT_SERIALIZE_NUMPY
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


def _to_json_type(value):
    """Tensors and NumPy's numbers as what JSON knows; a tuple of columns keeps its names."""
    if isinstance(value, float | int | str | bool) or value is None:
        return value
    if hasattr(value, "_asdict"):
        return {name: _to_json_type(column) for name, column in value._asdict().items()}
    array = np.ascontiguousarray(value)
    if array.dtype.kind not in "fiub":
        return array.tolist()
    return array.item() if np.ndim(value) == 0 else array
