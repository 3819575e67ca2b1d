"""Parameters: the typed inputs of a figure.

A parameter is declared once. The query string, the control on the page, the validation, the JSON schema,
the offline samples and the values of an animation follow from that declaration. Two figures that share a
parameter object move together on a page.

A new parameter type is one subclass of `Parameter`: the rest of the package calls its methods and never
tests for its class.
"""

from infodecomp.explorable.figures.parameters.base import Parameter
from infodecomp.explorable.figures.parameters.categorical import Choice, Toggle
from infodecomp.explorable.figures.parameters.iteration import IterationSlider
from infodecomp.explorable.figures.parameters.numeric import Integer, PowerOfTen, Range
from infodecomp.explorable.figures.parameters.query import (
    check_state,
    describe_for_page,
    is_active,
    parse_query,
    write_query,
)
from infodecomp.explorable.figures.parameters.text import FreeText

__all__ = [
    "Choice",
    "FreeText",
    "Integer",
    "IterationSlider",
    "Parameter",
    "PowerOfTen",
    "Range",
    "Toggle",
    "check_state",
    "describe_for_page",
    "is_active",
    "parse_query",
    "write_query",
]
