"""The layout of a picture on a slide: the width at which it is drawn, and which parts stand side by side.

A picture that is tall on a page would be small on a slide, and its text with it. So parts that a page stacks
may stand side by side, and the picture may be drawn for another width and then scaled. Legible text comes
first, then a large picture.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product
from typing import NamedTuple

from infodecomp.explorable.graphics.concat import Picture
from infodecomp.explorable.graphics.plot import Plot

WIDTHS = tuple(share / 20 for share in range(32, 7, -1))  # tried widths, in shares of the available one
PHONE = (
    350  # pixels: the width of a phone's page, on which everything is legible; parts are not drawn narrower
)
NARROWEST = 280  # pixels: a picture on the smallest page, 320 pixels wide; labels collide in a narrower one
LEGIBLE = 12 / 11  # the scale at which the smallest text, of 11 pixels, appears as large as 12


class SlideLayout(NamedTuple):
    """A picture, the width at which it is drawn in pixels, and the scale that is then applied."""

    picture: Picture
    width: float
    scale: float


def arrangements(picture: Picture) -> Iterator[Picture]:
    """Yield the picture itself, then every way to put the parts that it stacks side by side.

    Parameters
    ----------
    picture : Plot or HConcat

    Yields
    ------
    Plot or HConcat
    """
    yield picture
    if isinstance(picture, Plot):
        return
    limits = dict.fromkeys((picture.stack_below, 0.0))
    parts = product(*(tuple(arrangements(part)) for part in picture.pictures))
    for pictures, stack_below in islice(product(parts, limits), 1, None):
        yield replace(picture, pictures=pictures, stack_below=stack_below)


def within_height(picture: Picture, width: float, max_height: float) -> Picture:
    """Return a picture, with parts side by side where it would otherwise be higher than a limit.

    Parameters
    ----------
    picture : Plot or HConcat
    width, max_height : float
        In pixels.

    Returns
    -------
    Plot or HConcat
        The first of the `arrangements` within the limit whose parts are not too narrow, or else the lowest.
    """
    best, best_height = picture, picture.height(width, max_height)
    if best_height <= max_height:
        return picture
    for arranged in arrangements(picture):
        if not _is_legible(arranged, picture, width):
            continue
        height = arranged.height(width, max_height)
        if height <= max_height:
            return arranged
        if height < best_height:
            best, best_height = arranged, height
    return best


def _is_legible(arranged: Picture, picture: Picture, width: float) -> bool:
    """Whether no part of an arrangement is narrower than on a phone."""
    least = picture.widths(PHONE)
    return all(actual >= minimum for actual, minimum in zip(arranged.widths(width), least, strict=True))


def fit(picture: Picture, width: float, height: float) -> SlideLayout:
    """Find the arrangement, width and scale that fill a box best.

    Arrangements with legible text are preferred or, if there are none, those with the largest text;
    among them the largest picture.

    Parameters
    ----------
    picture : Plot or HConcat
    width, height : float
        The box, in pixels.

    Returns
    -------
    SlideLayout
    """
    best_rank, best = (0.0, 0), SlideLayout(picture, width, min(1, height / picture.height(width)))
    for arranged in arrangements(picture):
        for share in WIDTHS:
            drawn = width * share
            if drawn < min(width, NARROWEST):
                continue
            if arranged is not picture and not _is_legible(arranged, picture, drawn):
                continue
            drawn_height = arranged.height(drawn)
            scale = min(width / drawn, height / drawn_height)
            # of two pictures of one area, the one with larger text
            rank = round(min(scale, LEGIBLE), 3), round(scale**2.5 * drawn * drawn_height)
            if rank > best_rank:
                best_rank, best = rank, SlideLayout(arranged, drawn, scale)
    return best
