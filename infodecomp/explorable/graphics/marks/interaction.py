"""Marks that readers interact with: drag handles, links to other states, highlights of a value in the text.

They work on a page only. In a standalone picture just the marks inside them are drawn.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import ClassVar, Protocol

from infodecomp.explorable.core.numbers import minus_signs
from infodecomp.explorable.graphics.marks.context import Mark, PlotContext
from infodecomp.explorable.graphics.scales import format_number


class NumericParameter(Protocol):
    """The bounds of a parameter that a handle moves."""

    @property
    def low(self) -> float: ...

    @property
    def high(self) -> float: ...


class MarkGroup:
    """A mark that contains other marks."""

    marks: tuple[Mark, ...]
    is_focusable: ClassVar[bool] = False

    def content(self, context: PlotContext) -> str:
        """Return the SVG of the marks inside."""
        return "".join([mark.svg(context) for mark in self.marks])


def walk_groups(marks: Iterable[Mark | None]) -> Iterator[MarkGroup]:
    """Yield all mark groups among some marks, at every depth, in drawing order."""
    for mark in marks:
        if isinstance(mark, MarkGroup):
            yield mark
            yield from walk_groups(mark.marks)


TILE = 48  # pixels: larger handles are tiles, which stay where they are while their value is dragged


@dataclass(frozen=True)
class DragHandle(MarkGroup):
    """A point that a reader drags, along one axis or over the plane.

    Parameters
    ----------
    x, y : float
        Its centre.
    label : str
        Its accessible name.
    state : dict of str to (float, Range)
        Name -> value and parameter, for each parameter that it moves.
    moves : str
        Along an axis: the name of the parameter. Empty over the plane, where the figure's `invert_point`
        computes the parameters of a point.
    axis : {"x", "y"}
        Which axis it moves along; over the plane "x" says that only its horizontal position counts.
    per_unit : float
        Change of the parameter per unit of that axis.
    keys : tuple of str
        Over the plane: the parameter of the left and right arrow keys, and that of up and down.
    text : str
        Its value in words, for assistive technology.
    marks : tuple of Mark
        Its visible parts.
    size : (float, float)
        Width and height of the area that can be pressed, in pixels.
    decorative : bool
        Whether it is hidden from keyboard and screen reader, because another handle serves them.
    """

    x: float
    y: float
    label: str
    state: dict[str, tuple[float, NumericParameter]] = field(hash=False)
    moves: str = ""
    axis: str = "y"
    per_unit: float = 1
    keys: tuple[str, ...] = ()
    text: str = ""
    marks: tuple[Mark, ...] = ()
    size: tuple[float, float] = (44, 44)
    decorative: bool = False
    is_focusable: ClassVar[bool] = True

    def svg(self, context: PlotContext) -> str:
        if not context.interactive:
            return f"<g>{self.content(context)}</g>"
        width, height = self.size
        x, y = context.point(self.x, self.y, -width / 2, -height / 2)
        return (
            f'<g class="handle" data-handle="{escape("-".join(self.state))}" {self._role()} '
            f"{self._movement(context)}>"
            f'<rect class="target" x="{x}" y="{y}" '
            f'width="{format_number(width)}" height="{format_number(height)}" rx="6" '
            f'fill="{context.colour("paper")}" fill-opacity="0"/>{self.content(context)}{self._grip(context)}'
            "</g>"
        )

    def _grip(self, context: PlotContext) -> str:
        """Arrow heads on the sides to which it can be dragged; a tile has room for a grip among its marks."""
        if max(self.size) > TILE:
            return ""
        x, y = context.point(self.x, self.y)
        heads = _arrow_heads(min(self.size) / 2 - 5, self._directions())
        return (
            f'<path class="grip" transform="translate({x} {y})" d="{heads}" fill="none" '
            f'stroke="{context.colour("ink")}"/>'
        )

    def _directions(self) -> str:
        """The axes along which it can be dragged."""
        return self.axis if self.moves or self.axis == "x" else "xy"

    def _role(self) -> str:
        if self.decorative:
            return 'aria-hidden="true"'
        value, parameter = self.state[self.moves or self.keys[0]]
        return (
            f'tabindex="0" role="slider" aria-label="{escape(self.label)}" aria-valuemin="{parameter.low:g}" '
            f'aria-valuemax="{parameter.high:g}" aria-valuenow="{value:.6g}" '
            f'aria-valuetext="{escape(minus_signs(self.text))}"'
        )

    def _movement(self, context: PlotContext) -> str:
        if not self.moves:
            return f'data-keys="{" ".join(self.keys)}"'
        scale = context.x if self.axis == "x" else context.y
        per_pixel = format_number(self.per_unit / scale.slope, 8)
        return f'data-moves="{self.moves}" data-axis="{self.axis}" data-per-pixel="{per_pixel}"'


@lru_cache
def _arrow_heads(reach: float, axes: str) -> str:
    """The path of arrow heads around the origin, `reach` pixels away, to both sides along each axis."""
    sides = {"x": ((1, 0), (-1, 0)), "y": ((0, 1), (0, -1))}
    points = ((reach - 4, -4), (reach, 0), (reach - 4, 4))  # ahead of the centre, and to the side of it
    return "".join(
        "M"
        + "L".join(
            f"{right * ahead - down * side:g} {down * ahead + right * side:g}" for ahead, side in points
        )
        for axis in axes
        for right, down in sides[axis]
    )


@dataclass(frozen=True)
class StateLink(MarkGroup):
    """Marks that link to another state; they also work without a script.

    Parameters
    ----------
    query : str
        The parameters that it sets, as a query string.
    label : str
        Its accessible name.
    marks : tuple of Mark
    chosen : bool
        Whether it links to the current state.
    on_hover : bool
        Whether hovering over it is enough.
    screen_only : bool
        Whether it is left out of a standalone picture, because it is only something to press.
    """

    query: str
    label: str
    marks: tuple[Mark, ...]
    chosen: bool = False
    on_hover: bool = False
    screen_only: bool = False
    is_focusable: ClassVar[bool] = True

    def svg(self, context: PlotContext) -> str:
        if not context.interactive:
            return "" if self.screen_only else f"<g>{self.content(context)}</g>"
        current = ' aria-current="true"' if self.chosen else ""
        kind = "pick" + " aside" * self.screen_only + " peek" * self.on_hover
        query = escape(self.query)
        return (
            f'<a class="{kind}" href="?{query}" data-set="{query}" '
            f'aria-label="{escape(self.label)}"{current}>'
            f"{self.content(context)}</a>"
        )


@dataclass(frozen=True)
class Highlight(MarkGroup):
    """Marks that show a value: they are highlighted while the pointer is over that number in the text.

    Parameters
    ----------
    values : str
        Names of `Figure.values`, separated by spaces.
    marks : tuple of Mark
    """

    values: str
    marks: tuple[Mark, ...]

    def svg(self, context: PlotContext) -> str:
        return f'<g data-tells="{escape(self.values)}">{self.content(context)}</g>'
