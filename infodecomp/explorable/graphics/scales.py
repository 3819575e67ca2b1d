"""Scales and axes: from units of the data to pixels, with a few round ticks."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np

from infodecomp.explorable.core.numbers import minus_signs

Position = TypeVar("Position", float, np.ndarray)


@lru_cache(maxsize=16384)
def format_number(value: float, decimals: int = 1) -> str:
    """Format a coordinate without trailing zeros and without a negative zero.

    Parameters
    ----------
    value : float
    decimals : int
        Maximum number of decimals.

    Returns
    -------
    str
    """
    # A picture has hundreds of these: with the % operator it takes a third less time than with an f-string.
    text = "%.*f" % (decimals, value)  # noqa: UP031
    if decimals:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True)
class Scale:
    """A linear scale.

    Parameters
    ----------
    low, high : float
        The domain, in units of the data.
    start, stop : float
        The pixels that they are mapped to.
    """

    low: float
    high: float
    start: float
    stop: float

    @cached_property
    def slope(self) -> float:
        """Pixels per unit."""
        return (self.stop - self.start) / (self.high - self.low)

    def __call__(self, value: Position) -> Position:
        """Return the pixel of a value, or of each value of an array."""
        return self.start + (value - self.low) * self.slope

    def attribute(self) -> str:
        """Return 'low high start stop', from which a page's script converts pixels to values."""
        return " ".join(format_number(end, 6) for end in (self.low, self.high, self.start, self.stop))


@dataclass(frozen=True)
class Axis:
    """An axis of a plot.

    Parameters
    ----------
    label : str
    domain : (float, float)
        Its lower and upper end.
    ticks : tuple of float, optional
        By default about `count` round numbers.
    names : mapping of float to str
        Texts shown in place of the numbers at some ticks.
    count : int
        About how many ticks there are.
    hidden : bool
        Whether nothing is drawn: the axis then only fixes the scale.
    grid : bool
        Whether lines cross the plot at its ticks; for a vertical axis.
    """

    label: str = ""
    domain: tuple[float, float] = (0.0, 1.0)
    ticks: tuple[float, ...] | None = None
    names: Mapping[float, str] = field(default_factory=dict, hash=False)
    count: int = 5
    hidden: bool = False
    grid: bool = False

    def span(self) -> tuple[float, float]:
        """Return the domain, widened to 1 if it is empty, so that constant data can be drawn."""
        low, high = float(self.domain[0]), float(self.domain[1])
        return (low, high) if high - low > 1e-9 else (low, low + 1.0)

    def labelled_ticks(self) -> list[tuple[float, str]]:
        """Return position and text of each tick; none for a hidden axis.

        Thousands have a comma unless the domain is a narrow one of large numbers, such as years.
        """
        if self.hidden:
            return []
        low, high = self.span()
        ticks = round_ticks(low, high, self.count) if self.ticks is None else self.ticks
        decimals = max((len(format_number(tick, 6).partition(".")[2]) for tick in ticks), default=0)
        form = f",.{decimals}f" if high > 2 * low else f".{decimals}f"
        return [
            (tick, self.names.get(tick, minus_signs(f"{tick:{form}}") if tick else "0")) for tick in ticks
        ]


def round_ticks(low: float, high: float, count: int) -> list[float]:
    """Choose about `count` ticks that are multiples of 1, 2 or 5 times a power of ten.

    Parameters
    ----------
    low, high : float
        Bounds of the ticks, with low < high.
    count : int

    Returns
    -------
    list of float
    """
    rough = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((m * power for m in (1, 2, 5) if m * power >= rough * 0.99), 10 * power)
    first = math.ceil(low / step - 1e-9)
    return [round(i * step, 12) for i in range(first, math.floor(high / step + 1e-9) + 1)]
