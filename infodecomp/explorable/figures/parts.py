"""The functions that a figure is made of, registered with decorators."""

from collections.abc import Callable
from typing import TypeVar

Part = TypeVar("Part", bound=Callable)

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


class FigureParts:
    """Compute function and optional parts of a figure.

    Parameters
    ----------
    compute : callable
        Parameters by name -> data.

    Attributes
    ----------
    parts : dict of str to callable
        The function of each part that was declared; its names are among `PARTS`.
    """

    def __init__(self, compute: Callable):
        self._compute = compute
        self.parts: dict[str, Callable] = {}

    def _register(self, name: str, function: Part) -> Part:
        self.parts[name] = function
        return function

    def draw(self, function: Part) -> Part:
        """Decorate the function data -> picture."""
        return self._register("draw", function)

    def values(self, function: Part) -> Part:
        """Decorate the function data -> {name: number} for the values that the text can show."""
        return self._register("values", function)

    def describe(self, function: Part) -> Part:
        """Decorate the function data -> one sentence about the picture; see also `key_number`."""
        return self._register("describe", function)

    def value_text(self, function: Part) -> Part:
        """Decorate the function data -> {parameter: value in words}, for assistive technology."""
        return self._register("value_text", function)

    def table(self, function: Part) -> Part:
        """Decorate the function data -> {column: values}."""
        return self._register("table", function)

    def invert_point(self, function: Part) -> Part:
        """Decorate the function (state, x, y) -> {parameter: value} that moves the handle to a point."""
        return self._register("invert_point", function)

    def derive(self, function: Part) -> Part:
        """Decorate the function state -> {parameter: value} for parameters that follow from others."""
        return self._register("derive", function)

    def partial_results(self, function: Part) -> Part:
        """Decorate the function state -> iterator of data, for a long computation.

        The last item is what `compute` returns.
        """
        return self._register("partial_results", function)

    def advance(self, function: Part) -> Part:
        """Decorate the function state -> None that advances a long run to the step of this state.

        It is called for every step that is played; pictures are drawn only as fast as they can be sent.
        """
        return self._register("advance", function)

    def is_cached(self, function: Part) -> Part:
        """Decorate the function state -> bool: whether the data needs no long computation."""
        return self._register("is_cached", function)

    def has(self, part: str) -> bool:
        """Return whether a part was declared.

        Parameters
        ----------
        part : str
            One of `PARTS`.

        Returns
        -------
        bool

        Raises
        ------
        ValueError
            For any other name.
        """
        if part not in PARTS:
            raise ValueError(f"{part!r} is not a part of a figure: choose from {', '.join(PARTS)}")
        return part in self.parts

    def function(self, part: str) -> Callable:
        """Return the function that was declared as a part, or as "compute"."""
        return self._compute if part == "compute" else self.parts[part]

    def part(self, name: str, *arguments):
        """Call the function of a declared part."""
        return self.parts[name](*arguments)
