"""How a picture is laid out to fill a slide: at which width it is drawn, and which of its parts stand side by side.

What is tall on a page would be small on a slide, and its words with it. So parts that a page stacks may stand beside each other,
and the picture may be drawn for another width and scaled: words first, then the room that is filled.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from infodecomp.explorable.graphics.plot import HConcat, Plot

WIDTHS = tuple(
    share / 20 for share in range(32, 7, -1)
)  # at which it is tried, in parts of the width that there is
PHONE = 350  # pixels: of a page on which everything is still read; no part is drawn narrower than there
LEGIBLE = 12 / 11  # a scale at which the smallest words, of 11 pixels, are as large as 12
Picture = Plot | HConcat


def arrangements(picture: Picture) -> Iterator[Picture]:
    """The picture itself, then all ways to set side by side what it stacks."""
    yield picture
    if isinstance(picture, Plot):
        return
    every = product(*map(list, map(arrangements, picture.pictures)), dict.fromkeys((picture.stack_below, 0)))
    for *parts, stack_below in islice(every, 1, None):
        yield replace(picture, pictures=tuple(parts), stack_below=stack_below)


def fit(picture: Picture, across: float, room: float) -> tuple[Picture, float, float]:
    """The arrangement, the width at which it is drawn and the scale that fill a room best, which is `across` wide and `room` high.

    First come arrangements whose words are legible, or those with the largest words where none are; among them the largest pictures.
    """
    least, best = picture.widths(PHONE), None
    for arranged in arrangements(picture):
        for share in WIDTHS:
            drawn = across * share
            if arranged is not picture and any(
                own < needed for own, needed in zip(arranged.widths(drawn), least, strict=True)
            ):
                continue
            height = arranged.height(drawn)
            scale = min(across / drawn, room / height)
            rank = (
                round(min(scale, LEGIBLE), 3),
                round(scale**2.5 * drawn * height),
            )  # of two as large, larger words
            if best is None or rank > best[0]:
                best = rank, arranged, drawn, scale
    return best[1:]
