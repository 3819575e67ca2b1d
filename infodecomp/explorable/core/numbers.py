"""Numbers as readers see them; data, attributes and addresses keep the hyphen."""

import re

MINUS = "\N{MINUS SIGN}"
_NEGATIVE = re.compile(r"(?<![\w.)\]-])-(?=\.?\d)")


def with_unit(number: str, unit: str) -> str:
    """A number and its unit, if any: after a space, except for %."""
    return number + (unit if unit in ("", "%") else f" {unit}")


def minus_signs(text: str) -> str:
    """Write the negative numbers of a text with a minus sign instead of a hyphen.

    A hyphen after a letter, a digit or a bracket, as in ReLU-8, 1e-5 and 2011-01, stays.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    return _NEGATIVE.sub(MINUS, text) if "-" in text else text
