"""Numbers on a slider: a range, a whole number in plain digits, a power of ten."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import ClassVar

import numpy as np

from infodecomp.explorable.core.numbers import minus_signs, power_text, with_unit
from infodecomp.explorable.figures.parameters.base import Parameter

WARMUP_MAXIMUM = 201  # positions; a longer slider selects a random seed or counts the steps of a run
MAX_DIGITS = 310  # one more than any number of double precision has
SWEEP_FRAMES = 40  # default length of an animation


@dataclass(frozen=True, kw_only=True)
class Range(Parameter[float]):
    """A number between two bounds.

    Parameters
    ----------
    low, high : float
        The bounds, both included.
    step : float
        The step of its slider, which also sets how many decimals are shown. A whole step from a whole lower
        bound makes the parameter an integer.
    format : callable, optional
        Value -> text, for values that readers do not know as numbers, such as the date of the 89th week.
        Query strings hold the number.
    end_labels : (str, str, str), optional
        What the lower bound, the middle and the upper bound mean, in a word each, shown below its slider.
    former_bounds : (float, float), optional
        Wider bounds that it once had: a value of an address between them is moved to the nearest bound.
    """

    low: float
    high: float
    step: float = 0.01
    default: float | None = 0.0
    format: Callable[[float], str] | None = None
    end_labels: tuple[str, str, str] | None = None
    former_bounds: tuple[float, float] | None = None
    kind: ClassVar[str] = "range"
    is_numeric: ClassVar[bool] = True
    can_sweep: ClassVar[bool] = True

    @cached_property
    def whole(self) -> bool:
        """Whether it is an integer."""
        return float(self.step).is_integer() and float(self.low).is_integer()

    @property
    def is_continuous(self) -> bool:
        return not self.whole

    @property
    def has_format(self) -> bool:
        return self.format is not None or max(-self.low, self.high) >= 1000  # with a comma, as in 1,000

    @property
    def decimals(self) -> int:
        """How many decimals its values are shown with."""
        return 0 if self.whole else max(0, -math.floor(math.log10(self.step) + 1e-9))

    @property
    def n_steps(self) -> int:
        """How many steps its slider has from end to end."""
        return round((self.high - self.low) / self.step)

    def bounds(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        low, high = (
            self.write(end) + (f" ({self.format(end)})" if self.format else "")
            for end in (self.low, self.high)
        )
        return with_unit(f"{kind} from {low} to {high}", self.unit)

    def check(self, value: object) -> float:
        return self._check(value, value)

    def _check_real(self, value: object, text: object) -> float:
        """Check that a value is a finite number; `text` is how it was written, for the error message."""
        if isinstance(value, bool) or not isinstance(value, Real):
            raise self.refuse(text, "is no number")
        try:
            number = float(value)
        except OverflowError:  # an integer of more than 308 digits
            raise self.refuse(text, "is out of bounds") from None
        if not math.isfinite(number):
            raise self.refuse(text, "is not finite")
        return number

    def _check(self, value: object, text: object) -> float:
        """Check a value and its bounds."""
        number = self._check_real(value, text)
        if not self.low <= number <= self.high:
            raise self.refuse(text, "is out of bounds")
        if not self.whole:
            return number + 0.0  # -0.0 becomes 0.0: one value, one cache key
        if not number.is_integer():
            raise self.refuse(text, "is not whole")
        return int(number)

    def parse(self, text: str) -> float:
        plain = text.strip()
        try:
            # float() also accepts "1_000" and digits of other scripts; query strings allow one notation
            value = float(plain) if plain.isascii() and "_" not in plain else None
        except ValueError:
            value = None
        if value is None:
            raise self.refuse(text, "is no number")
        if self.former_bounds and self.former_bounds[0] <= value <= self.former_bounds[1]:
            value = min(max(value, self.low), self.high)
        return self._check(value, text)

    def nearest(self, text: str) -> float | None:
        try:
            value = float(text)
        except ValueError:
            return self.default
        if math.isnan(value):
            return self.default
        inside = min(max(value, self.low), self.high)
        return round(inside) if self.whole else inside

    def write(self, value: float) -> str:
        text = f"{value:.12g}"
        return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text

    def show(self, value: float) -> str:
        return minus_signs(self.format(value) if self.format else f"{value:,.{self.decimals}f}")

    def snap(self, value: float) -> float:
        """Return the position of the slider nearest to a value."""
        stepped = self.low + round((min(max(value, self.low), self.high) - self.low) / self.step) * self.step
        return self.check(min(max(round(stepped, 10), self.low), self.high))

    def level(self, value: float) -> float:
        """Return where a value lies in its range, from 0 to 1, for the bit gauge beside the slider."""
        return round((value - self.low) / (self.high - self.low), 4)

    def values(self) -> list[float]:
        return self._at_steps(range(self.n_steps + 1))

    def samples(self, count: int) -> list[float]:
        steps = self.n_steps
        count = min(count, steps + 1)
        return self._at_steps(round(i * steps / max(count - 1, 1)) for i in range(count))

    def _at_steps(self, steps: Iterable[int]) -> list[float]:
        return [self.snap(self.low + step * self.step) for step in steps]

    def warmup_values(self) -> list[float]:
        return super().warmup_values() if self.n_steps < WARMUP_MAXIMUM else []

    def ends(self) -> tuple[float, float]:
        return self.low, self.high

    def sweep(self, first: float, last: float, count: int | None = None) -> list[float]:
        points = np.linspace(first, last, count or SWEEP_FRAMES).tolist()
        return list(dict.fromkeys(self.check(round(x) if self.whole else round(x, 10)) for x in points))

    def json_schema(self) -> dict:
        return self._with_default(
            {
                "type": "integer" if self.whole else "number",
                "minimum": self.low,
                "maximum": self.high,
            }
        )

    def number_input(self, value: float) -> str:
        return (
            f'<input type="number" form="state" name="{self.name}" data-parameter="{self.name}" '
            f'min="{self.low:g}" max="{self.high:g}" step="{self.step:g}" value="{value:.{self.decimals}f}" '
            f'autocomplete="off">'
        )

    def _page_fields(self) -> dict:
        return {
            "label": self.label,
            "low": self.low,
            "high": self.high,
            "step": self.step,
            "decimals": self.decimals,
        }


class Integer(Range):
    """A whole number that query strings write in plain digits only."""

    def parse(self, text: str) -> int:
        if not (text.isascii() and text.isdigit()):
            raise self.refuse(text, "is no whole number")
        digits = text.lstrip("0")[:MAX_DIGITS] or "0"
        return int(self._check(int(digits), text))


class PowerOfTen(Range):
    """A power of ten on a slider of its exponent, for numbers that span many orders of magnitude.

    Its values are exponents, none of them above 0. A positive number stands for itself, so that -2 and .01
    are the same value in a query string.
    """

    @property
    def has_format(self) -> bool:
        return True

    def bounds(self) -> str:
        itself = f"{10**self.low:g} to {10**self.high:g}"
        return f"{super().bounds()} as a power of ten, or the number itself, {itself}"

    def _check(self, value: object, text: object) -> float:
        number = self._check_real(value, text)
        exponent = round(math.log10(number), 10) if number > 0 else number
        return super()._check(exponent, text)

    def show(self, value: float) -> str:
        return self.format(value) if self.format else power_text(value)

    def json_schema(self) -> dict:
        return self._with_default({"type": "number", "minimum": self.low, "maximum": 10**self.high})
