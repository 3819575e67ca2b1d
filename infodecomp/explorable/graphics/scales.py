"""Scales and axes: from numbers in their own units to pixels, and the few ticks that say so."""

import math
from dataclasses import dataclass, field
from functools import cached_property


def number(value: float, decimals: int = 1) -> str:
    """A coordinate or a label with no needless zeros and no negative zero."""
    text = "%.*f" % (decimals, value)  # a picture has hundreds: a third faster than the same as an f-string
    if decimals:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True)
class Scale:
    """Linear, from the domain (in units) to the range (in pixels); works on numbers and on arrays."""

    low: float
    high: float
    start: float
    stop: float

    @cached_property
    def slope(self) -> float:
        return (self.stop - self.start) / (self.high - self.low)

    def __call__(self, value):
        return self.start + (value - self.low) * self.slope

    def inverse(self) -> str:
        """What a page needs to read a pixel as a number: 'low high start stop'."""
        return " ".join(number(v, 6) for v in (self.low, self.high, self.start, self.stop))


@dataclass(frozen=True)
class Axis:
    """An axis of a plot. domain: (low, high). ticks: given, or about `count` round ones. hidden: a frame without marks."""

    label: str = ""
    domain: tuple[float, float] = (0.0, 1.0)
    ticks: tuple | None = None
    names: dict = field(default_factory=dict, hash=False)  # tick -> the words in its place
    count: int = 5
    hidden: bool = False
    grid: bool = False

    def span(self) -> tuple[float, float]:
        """The domain, widened where it is empty: all the same value is still a picture."""
        low, high = (float(v) for v in self.domain)
        return (low, high) if high - low > 1e-9 else (low, low + 1.0)

    def marks(self) -> list[tuple[float, str]]:
        if self.hidden:
            return []
        low, high = self.span()
        ticks = round_ticks(low, high, self.count) if self.ticks is None else self.ticks
        decimals = max((len(number(t, 6).partition(".")[2]) for t in ticks), default=0)
        return [(t, self.names.get(t, f"{t:.{decimals}f}" if t else "0")) for t in ticks]


def round_ticks(low: float, high: float, count: int) -> list[float]:
    """About `count` ticks at 1, 2 or 5 times a power of ten."""
    rough = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((m * power for m in (1, 2, 5) if m * power >= rough * 0.99), 10 * power)
    first = math.ceil(low / step - 1e-9)
    return [round(i * step, 12) for i in range(first, math.floor(high / step + 1e-9) + 1)]
