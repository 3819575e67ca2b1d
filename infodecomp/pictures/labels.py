"""Names beside marks: shortened to a width, moved apart, and listed in a sentence."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from infodecomp.explorable.graphics.text_metrics import text_width

NAME_HEIGHT = 15  # pixels between two names


@lru_cache(maxsize=8192)
def fit_text(text: str, width: float, size: float = 12.5) -> str:
    """A text of one line, shortened with an ellipsis to a width in pixels.

    Parameters
    ----------
    text : str
    width : float
    size : float
        Of the font, in pixels.

    Returns
    -------
    str
    """
    if text_width(text, size) <= width:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _shortened_width(text, middle, size) <= width else (low, middle - 1)
    return text[:low].rstrip() + "…"


def _shortened_width(text: str, length: int, size: float) -> float:
    return text_width(text[:length] + "…", size)


def separate_names(places: dict, least: float = -4) -> dict:
    """Heights in pixels, moved as little as possible to lie NAME_HEIGHT apart (least squares, by pooling).

    Parameters
    ----------
    places : dict of name to float
    least : float
        The lowest height of all.

    Returns
    -------
    dict of name to float
        In ascending order.
    """
    names = sorted(places, key=places.__getitem__)
    groups: list[tuple[float, list]] = []  # the height of the first, and all members
    for name in names:
        start, members = places[name], [name]
        while groups and groups[-1][0] + NAME_HEIGHT * len(groups[-1][1]) > start:
            members = groups.pop()[1] + members
            start = float(np.mean([places[one] - NAME_HEIGHT * i for i, one in enumerate(members)]))
        groups.append((max(start, least), members))
    return {name: start + NAME_HEIGHT * i for start, members in groups for i, name in enumerate(members)}


def listed_bits(amounts: Sequence[tuple[str, float]], silent: float, most: int = 4) -> str:
    """The columns with most bits and the rest: '1.85 bits of hour, 0.86 of year and 0.04 of the rest'.

    Parameters
    ----------
    amounts : sequence of (str, float)
        Names of columns and their bits.
    silent : float
        Columns with fewer bits are among the rest.
    most : int
        Columns that are named.

    Returns
    -------
    str
    """
    leading = sorted(((bits, name) for name, bits in amounts if bits >= silent), reverse=True)[:most]
    named = [(round(bits, 2), name) for bits, name in leading]
    others = round(
        sum(bits for _, bits in amounts) - sum(bits for bits, _ in named), 2
    )  # all add up as shown
    if others > 0:
        named.append((others, "the rest"))
    parts = [f"{bits:.2f}{' bits' if i == 0 else ''} of {name}" for i, (bits, name) in enumerate(named)]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
