"""Numbers as readers see them; data, attributes and addresses keep the hyphen."""

import re

import numpy as np

MINUS = "\N{MINUS SIGN}"
_NEGATIVE = re.compile(r"(?<![\w.)\]-])-(?=\.?\d)")


def with_unit(number: str, unit: str) -> str:
    """A number and its unit, if any: after a space, except for %."""
    return number + (unit if unit in ("", "%") else f" {unit}")


def power_text(exponent: float) -> str:
    """A power of ten with two digits, as readers write it: 0.1, 0.032, 0.00001."""
    return np.format_float_positional(10**exponent, precision=2, fractional=False, trim="-")


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
