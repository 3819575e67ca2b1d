"""Plates: a picture with its title, its sentence and its source, made to leave the page and be understood without it.

A plate is one SVG with all that it needs inside. Its words and its picture are laid out at a size for reading and then scaled as
a whole, so that a slide is not a small picture on a large ground.
"""

import re
from dataclasses import dataclass, replace
from html import escape

from infodecomp.explorable.figures.figure import FigureState
from infodecomp.explorable.graphics.plot import MOST, SANS
from infodecomp.explorable.graphics.scales import number
from infodecomp.explorable.graphics.slide_layout import fit
from infodecomp.explorable.graphics.text_metrics import FAMILY, broken, font_faces
from infodecomp.explorable.graphics.theme import colour

ROOM = (960, 540)  # pixels: the size that a larger plate is laid out at
LEAST = (360, 320)  # pixels: no plate is laid out smaller
MARGIN = 24
TITLE, CAPTION, SOURCE = (21, 27), (15, 20), (12, 15)  # size and height of a line, in pixels
FONTS = f"'{FAMILY}', {SANS}"
GROUNDS = {"paper": "the paper of its colours", "white": "white", "transparent": "none"}
# What only a page needs: surfaces for pointers, handles for keys, links to other states.
_LIVE = re.compile(
    r'<rect class="(?:plane|target)"[^>]*/>|<a class="pick aside".*?</a>|(?<=<g) class="handle"[^>]*|'
    r' font-family="ui-monospace[^"]*"',
    re.DOTALL,
)
_LINK = re.compile(r'<a class="pick[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True)
class Lines:
    """A block of words as set: its lines, how large, how far apart, how bold, in which role."""

    words: tuple[str, ...]
    size: float
    step: float
    weight: int
    role: str

    @property
    def height(self) -> float:
        return self.step * len(self.words)

    def svg(self, x: float, top: float, theme: str) -> str:
        """The lines below `top`, each as text that can be searched and copied."""
        return "".join(
            f'<text x="{number(x)}" y="{number(top + self.step * (i + 0.76))}" font-size="{self.size}" '
            f'font-weight="{self.weight}" fill="{colour(self.role, theme)}">{escape(line)}</text>'
            for i, line in enumerate(self.words)
            if line
        )


def _lines(text: str, width: float, kind: tuple, weight: int, role: str) -> Lines:
    return Lines(tuple(broken(text, width, kind[0], weight)) if text else (), *kind, weight, role)


def caption_lines(view: FigureState, width: float, height: float | None = None) -> int:
    """How many lines the sentence of a plate takes."""
    return len(_caption(view, width / _zoom(width, height) - 2 * MARGIN).words)


def _caption(view: FigureState, across: float, room: int | None = None) -> Lines:
    """The sentence of a plate; smaller where it has room for so many lines only."""
    words = view.description if view.description != view.figure.title else ""
    for size in (15, 14, 13, 12, 11):
        lines = _lines(words, across, (size, CAPTION[1]), 400, "ink")
        if room is None or len(lines.words) <= room:
            break
    return lines if room is None else replace(lines, words=(*lines.words, *[""] * (room - len(lines.words))))


def standalone_svg(
    view: FigureState,
    width: float,
    height: float | None = None,
    theme: str = "light",
    ground: str = "paper",
    source: str = "",
    fonts: bool = True,
    lines: int | None = None,
) -> str:
    """The SVG of a plate. width, height: in pixels, exactly; without a height it takes what it needs.

    ground: one of GROUNDS. source: where it comes from. fonts: whether the typeface is inside. lines: how many its sentence
    takes, whatever it says, so that the frames of a film stand still.
    """
    zoom = _zoom(width, height)
    across = width / zoom - 2 * MARGIN
    figure = view.figure
    title, caption = _lines(figure.title, across, TITLE, 600, "ink"), _caption(view, across, lines)
    foot = _lines(
        "  ·  ".join(filter(None, (figure.source, figure.attribution, source))), across, SOURCE, 400, "muted"
    )
    top = MARGIN - 6 + title.height + caption.height + 14
    below = foot.height + 10 + MARGIN - 8
    picture, tall = _fitted(view, theme, across, None if height is None else height / zoom - top - below)
    down = top + tall + below
    inside = (
        title.svg(MARGIN, MARGIN - 6, theme)
        + caption.svg(MARGIN, MARGIN - 6 + title.height, theme)
        + f'<g transform="translate({MARGIN} {number(top)})">{picture}</g>'
        + foot.svg(MARGIN, down - foot.height - MARGIN + 8, theme)
    )
    return _standing(view, inside, (width, height or down * zoom), (width / zoom, down), theme, ground, fonts)


def bare_svg(
    view: FigureState,
    width: float,
    most: float | None = None,
    theme: str = "light",
    ground: str = "paper",
    fonts: bool = True,
) -> str:
    """The SVG of the picture alone, at a width and at most so high, in pixels."""
    picture, most = view.picture, MOST if most is None else most
    size = (width, picture.height(width, most))
    return _standing(view, still(picture.body(width, theme, most)), size, size, theme, ground, fonts)


def _standing(
    view: FigureState, inside: str, size: tuple, box: tuple, theme: str, ground: str, fonts: bool
) -> str:
    """Marks as a picture that stands alone: its words for those who cannot see it, its typeface, its ground."""
    across, down = (number(side, 3) for side in box)
    style = f"<style>{font_faces(inside)}</style>" if fonts else ""
    fill = {"paper": colour("paper", theme), "white": "#ffffff"}.get(ground)
    paper = f'<rect width="{across}" height="{down}" fill="{fill}"/>' if fill else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(size[0])}" height="{number(size[1])}" '
        f'viewBox="0 0 {across} {down}" role="img" font-family="{FONTS}" font-size="13">'
        f"<title>{escape(view.figure.title)}</title><desc>{escape(view.description)}</desc>{style}{paper}{inside}</svg>"
    )


def _zoom(width: float, height: float | None) -> float:
    """How much larger a plate is than its layout: more than once for a slide, less where words would fill it."""
    wide, high = width / ROOM[0], (height or 1e9) / ROOM[1]
    zoom = max(1.0, min(wide, high))
    return min(zoom, width / LEAST[0], (height or 1e9) / LEAST[1])


def _fitted(view: FigureState, theme: str, across: float, room: float | None) -> tuple[str, float]:
    """The picture drawn for a width or, if the height is given, as it fills its room best; its height."""
    picture = view.picture
    if room is None:
        return still(picture.body(across, theme)), picture.height(across)
    picture, drawn, scale = fit(picture, across, room)
    x, y = (across - scale * drawn) / 2, (room - scale * picture.height(drawn)) / 2
    return (
        f'<g transform="translate({number(x)} {number(y)}) scale({number(scale, 4)})">'
        f"{still(picture.body(drawn, theme))}</g>"
    ), room


def still(body: str) -> str:
    """A picture without what only a hand or a key on a page could use."""
    return _LINK.sub(r"<g>\1</g>", _LIVE.sub("", body))
