"""Parameters: what a reader can turn. Each knows its bounds, reads itself from an address and writes itself back.

A parameter is declared once; the query string, the control on the page, the check and the documentation follow from it.
Two figures that use the same parameter object move together on a page.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from infodecomp.explorable.core.diagnostics import did_you_mean
from infodecomp.explorable.core.errors import ParameterError


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """What all parameters share. name: as in the address. label: what it is called beside its control. role: its colour.

    active_when: (name, value) of a choice under which its control is shown; it keeps its value under the others.
    """

    name: str
    label: str
    default: object
    unit: str = ""
    role: str = "ink"
    active_when: tuple[str, object] | None = None
    kind: str = field(default="", init=False)

    def parse(self, text: str):
        """The value of a text in an address; a value that is text itself stands there as it is."""
        return self.check(text)

    def write(self, value) -> str:
        """The value in an address."""
        return value

    def show(self, value) -> str:
        """The value as a reader sees it."""
        return value

    def bounds(self) -> str:
        raise NotImplementedError

    def check(self, value):
        """The value, if it is one that this parameter can take; ParameterError otherwise."""
        raise NotImplementedError

    def refuse(self, value, why: str) -> ParameterError:
        shown = str(value)[:80]
        return ParameterError(
            f"{self.name} = {shown!r} {why}: give {self.bounds()}.",
            parameter=self.name,
            value=shown,
            bounds=self.bounds(),
        )


@dataclass(frozen=True, kw_only=True)
class Range(Parameter):
    """A number between two bounds. step: of its slider; decimals: how many are shown; a step of 1 makes it whole.

    format: what a reader sees in place of a number that means nothing to people, such as the date of the 89th week. It stands in an
    address as a number still; on a page its words come with the picture of the figure that controls it.
    """

    low: float
    high: float
    step: float = 0.01
    default: float = 0.0
    format: Callable[[float], str] | None = None
    kind: str = field(default="range", init=False)

    @property
    def whole(self) -> bool:
        return float(self.step).is_integer() and float(self.low).is_integer()

    @property
    def decimals(self) -> int:
        return 0 if self.whole else max(0, -math.floor(math.log10(self.step) + 1e-9))

    def bounds(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        unit = f" {self.unit}" if self.unit else ""
        low, high = (
            self.write(end) + (f" ({self.format(end)})" if self.format else "")
            for end in (self.low, self.high)
        )
        return f"{kind} from {low} to {high}{unit}"

    def check(self, value, given=None):
        """given: how the value was written, for the message."""
        given = value if given is None else given
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.refuse(given, "is no number")
        if not math.isfinite(value):
            raise self.refuse(given, "is not finite")
        if not self.low <= value <= self.high:
            raise self.refuse(given, "is out of bounds")
        if self.whole and not float(value).is_integer():
            raise self.refuse(given, "is not whole")
        return int(value) if self.whole else float(value) + 0.0  # there is one zero

    def parse(self, text: str):
        plain = text.strip()
        try:
            # float() also takes "1_000" and other alphabets' digits: an address has one way to write a number.
            value = float(plain) if plain.isascii() and "_" not in plain else None
        except ValueError:
            value = None
        if value is None:
            raise self.refuse(text, "is no number")
        return self.check(value, text)

    def write(self, value) -> str:
        text = f"{value:.12g}"
        return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text

    def show(self, value) -> str:
        """The value as a reader sees it."""
        return self.format(value) if self.format else f"{value:.{self.decimals}f}"

    def snap(self, value: float):
        """The nearest value on the slider's steps and within the bounds: for what a hand points at."""
        stepped = self.low + round((min(max(value, self.low), self.high) - self.low) / self.step) * self.step
        return self.check(min(max(round(stepped, 10), self.low), self.high))


@dataclass(frozen=True, kw_only=True)
class IterationSlider(Range):
    """The step that a long computation has reached. A button beside its slider plays it from there, or from the first at the end.

    resets_on: the names of the parameters that fix the computation; a page where one of them changes goes back to the first step.
    play_label, stop_label: what the button says at rest and while it plays. max_rate: steps a second at most, so that what is known already can
    be watched too; 0 for no limit.
    """

    resets_on: tuple[str, ...] = ()
    play_label: str = "Play"
    stop_label: str = "Stop"
    max_rate: float = 0
    low: float = 0
    step: float = 1

    def played(self, step: int) -> Iterator[int]:
        """The steps that a press of the button at this step goes through, at its pace."""
        start = time.monotonic()
        steps = range(self.low if step >= self.high else step, self.high + 1)
        for count, at in enumerate(steps):
            if self.max_rate and (ahead := start + count / self.max_rate - time.monotonic()) > 0:
                time.sleep(ahead)
            yield at


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter):
    """One of a few named values. options: value in the address -> its label."""

    options: dict = field(hash=False)
    kind: str = field(default="choice", init=False)

    def bounds(self) -> str:
        return "one of " + ", ".join(self.options)

    def check(self, value):
        if value not in self.options:
            raise self.refuse(value, "is not known")
        return value

    def show(self, value) -> str:
        return self.options[value]


@dataclass(frozen=True, kw_only=True)
class Toggle(Parameter):
    """On or off; 1 or 0 in the address."""

    default: bool = False
    kind: str = field(default="toggle", init=False)

    def bounds(self) -> str:
        return "0 or 1"

    def check(self, value):
        if not isinstance(value, (bool, int)) or value not in (0, 1):
            raise self.refuse(value, "is neither on nor off")
        return bool(value)

    def parse(self, text: str):
        if text not in ("0", "1"):
            raise self.refuse(text, "is neither on nor off")
        return text == "1"

    def write(self, value) -> str:
        return "1" if value else "0"

    def show(self, value) -> str:
        return "on" if value else "off"


def parse_query(
    parameters: Iterable[Parameter], items: Iterable[tuple[str, str]], strict: bool = True
) -> dict:
    """Read a state from the pairs of a query string, each value checked, in the order of the parameters.

    strict: a name that no parameter has is an error; otherwise it is passed over (an essay's address gets tracking tags).
    Raises ParameterError for a bad value, a name given twice and, if strict, an unknown name.
    """
    known = {parameter.name: parameter for parameter in parameters}
    given = {}
    for name, text in items:
        if name not in known:
            if strict:
                raise ParameterError(
                    f"{name[:80]!r} is no parameter of this figure{did_you_mean(name, known)}; it has "
                    f"{', '.join(known) or 'none'}.",
                    parameter=name[:80],
                    known=list(known),
                )
            continue
        if name in given:
            raise known[name].refuse(text, "is given a second time; say it once")
        given[name] = known[name].parse(text)
    return {name: given.get(name, parameter.default) for name, parameter in known.items()}


def check_state(parameters: Iterable[Parameter], values: dict) -> dict:
    """The full state for some values given from Python: checked, completed with the defaults, in order."""
    known = {parameter.name: parameter for parameter in parameters}
    for name in values:
        if name not in known:
            raise ParameterError(
                f"{name!r} is no parameter of this figure{did_you_mean(name, known)}.", parameter=name
            )
    return {name: parameter.check(values.get(name, parameter.default)) for name, parameter in known.items()}


def write_query(parameters: Iterable[Parameter], state: dict) -> str:
    """The canonical query string of a state: in the order of the parameters, defaults left out, and what another choice rules."""
    return "&".join(
        f"{parameter.name}={parameter.write(state[parameter.name])}"
        for parameter in parameters
        if state[parameter.name] != parameter.default and is_active(parameter, state)
    )


def is_active(parameter: Parameter, state: dict) -> bool:
    """Whether a parameter says anything in this state: not where it belongs to another choice than the one made."""
    return (
        parameter.active_when is None
        or state.get(parameter.active_when[0], parameter.active_when[1]) == parameter.active_when[1]
    )
