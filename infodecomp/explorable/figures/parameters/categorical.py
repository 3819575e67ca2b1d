"""A choice between a few values: radio buttons, or a checkbox."""

from dataclasses import dataclass, field
from numbers import Integral
from typing import ClassVar

import numpy as np

from infodecomp.explorable.core.errors import ParameterError
from infodecomp.explorable.figures.parameters.base import Parameter


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter[str]):
    """One of a few named values.

    Parameters
    ----------
    options : dict of str to str
        Value in the query string -> label beside the radio button, in order.
    """

    options: dict[str, str] = field(hash=False)
    kind: ClassVar[str] = "choice"
    is_categorical: ClassVar[bool] = True
    can_sweep: ClassVar[bool] = True

    def bounds(self) -> str:
        return "one of " + ", ".join(self.options)

    def check(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise self.refuse(value, "is not known")
        return str(value)

    def show(self, value: str) -> str:
        return self.options[value]

    def values(self) -> list[str]:
        return list(self.options)

    def ends(self) -> tuple[str, str]:
        options = list(self.options)
        return options[0], options[-1]

    def sweep(self, first: str, last: str, count: int | None = None) -> list[str]:
        if count is not None:
            raise ParameterError(
                f"frames has no meaning here: {self.name} is a choice and has one frame "
                "for each of its values. Leave it out.",
                parameter="frames",
                value=count,
            )
        options = list(self.options)
        start, stop = options.index(first), options.index(last)
        return options[start : stop + 1] if start < stop else options[stop : start + 1][::-1]

    def json_schema(self) -> dict:
        return self._with_default({"type": "string", "enum": list(self.options)})


@dataclass(frozen=True, kw_only=True)
class Toggle(Parameter[bool]):
    """On or off; 1 or 0 in a query string.

    Attributes
    ----------
    off_label : str
        What its checkbox says where it is on by default: the box is then checked when the toggle is off.
        A form without a script sends only checked boxes, so checking has to mean what is not the default.
    """

    default: bool | None = False
    off_label: str = ""
    kind: ClassVar[str] = "toggle"
    is_categorical: ClassVar[bool] = True

    @property
    def checkbox_label(self) -> str:
        """What checking the box does."""
        return (self.off_label or f"Without: {self.label}") if self.default else self.label

    def bounds(self) -> str:
        return "0 or 1"

    def check(self, value: object) -> bool:
        if not isinstance(value, (bool, Integral, np.bool_)) or value not in (0, 1):
            raise self.refuse(value, "is neither on nor off")
        return bool(value)

    def parse(self, text: str) -> bool:
        if text not in ("0", "1"):
            raise self.refuse(text, "is neither on nor off")
        return text == "1"

    def write(self, value: bool) -> str:
        return "1" if value else "0"

    def show(self, value: bool) -> str:
        return "on" if value else "off"

    def values(self) -> list[bool]:
        return [False, True]

    def json_schema(self) -> dict:
        schema: dict = {"type": "integer", "enum": [0, 1]}
        return schema if self.default is None else schema | {"default": int(self.default)}
