"""The social card of an essay: its title, question and one figure, for previews of a link to it."""

from dataclasses import replace
from html import escape

from infodecomp.explorable.exports.standalone import FONTS, TextBlock, TextStyle
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.graphics.plot import DrawOptions
from infodecomp.explorable.graphics.scales import format_number
from infodecomp.explorable.graphics.slide_layout import fit
from infodecomp.explorable.graphics.text_metrics import font_faces, wrap_text
from infodecomp.explorable.graphics.theme import palette

CARD_SIZE = (1200, 630)  # pixels: what most sites show beside a link
MARGIN = 60
TEXT_WIDTH = 520  # pixels of the column at the left
TITLE, LINE, FOOT = TextStyle(72, 76, 600), TextStyle(29, 38, role="muted"), TextStyle(24, 30, role="muted")
TITLE_SIZES = (72, 64, 56, 48, 40)  # the first at which title and question fit
TOP, BOTTOM = 54, 520  # between which title and question stand
PANEL = (640, MARGIN, 500, 510)  # x, y, width and height of the frame around the picture
BIT = 30  # pixels: the side of the half-filled bit, the site's mark
# A hand that points to (0, 0): outline, and the lines between its fingers
HAND = (
    "M-7 8a7 7 0 0 1 14 0v26a6.5 6.5 0 0 1 13 0v3a6 6 0 0 1 12 0v4a5.5 5.5 0 0 1 11 0v20q0 12-8 20v12H1V83"
    "q-6-6-20-25-5-8 2-11 5-2 10 6z",
    "M7 34v17M20 37v14M32 41v11",
)


def social_card(title: str, question: str, foot: str, view: FigureState | None) -> str:
    """Draw the card as an SVG of `CARD_SIZE`.

    Parameters
    ----------
    title, question, foot : str
        The title of the essay, the line below it, and what stands beside the mark of the site.
    view : FigureState or None
        The state of the figure at the right.

    Returns
    -------
    str
    """
    width, height = CARD_SIZE
    colours = palette("light")
    heading, line = _fitted(title, question)
    content = (
        heading.svg(MARGIN, TOP, "light")
        + line.svg(MARGIN, TOP + heading.height + 22, "light")
        + _mark(MARGIN, height - MARGIN - BIT)
        + TextBlock((foot,), FOOT).svg(MARGIN + BIT + 16, height - MARGIN - BIT, "light")
        + (_picture(view) if view else "")
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" font-family="{FONTS}" font-size="13">'
        f"<title>{escape(title)}</title><style>{font_faces(content)}</style>"
        f'<rect width="{width}" height="{height}" fill="{colours["paper"]}"/>'
        f'<rect width="{width}" height="10" fill="{colours["selection"]}"/>{content}</svg>'
    )


def _fitted(title: str, question: str) -> tuple[TextBlock, TextBlock]:
    """Title and question, the title as large as the space allows; a question that is too long is cut."""
    room = BOTTOM - TOP - 22
    line = TextBlock(tuple(wrap_text(question, TEXT_WIDTH, LINE.size)) if question else (), LINE)
    for size in TITLE_SIZES:
        style = replace(TITLE, size=size, line_height=round(size * 1.06))
        heading = TextBlock(tuple(wrap_text(title, TEXT_WIDTH, size, 600)), style)
        if heading.height + line.height <= room:
            return heading, line
    shown = line.lines[: max(int((room - heading.height) // LINE.line_height), 0)]
    cut = shown[-1].rpartition(" ")[0] + "…" if shown else ""
    return heading, replace(line, lines=(*shown[:-1], cut) if shown else ())


def _mark(x: float, y: float) -> str:
    """A bit, half bought."""
    colours = palette("light")
    frame = f'x="{x}" y="{y}" width="{BIT}" height="{BIT}" rx="6"'
    return (
        f'<rect {frame} fill="none" stroke="{colours["selection"]}" stroke-width="3"/>'
        f'<path d="M{x} {y + BIT / 2}h{BIT}v{BIT / 2 - 6}a6 6 0 0 1 -6 6h{12 - BIT}a6 6 0 0 1 -6 -6z" '
        f'fill="{colours["selection"]}"/>'
    )


def _picture(view: FigureState) -> str:
    """The figure as large as its frame allows, and its title above it."""
    x, y, width, height = PANEL
    title = TextBlock(tuple(wrap_text(view.figure.title, width - 48, 20, 600)), TextStyle(20, 26, 600))
    top = y + 18 + title.height + 12
    layout = fit(view.picture, width - 48, y + height - 20 - top)
    picture, drawn_width, scale = layout
    drawn_height = scale * picture.height(drawn_width)
    left = x + (width - scale * drawn_width) / 2
    middle = top + (y + height - 20 - top - drawn_height) / 2
    body = picture.body(drawn_width, DrawOptions(theme="light", interactive=False))
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="14" fill="none" '
        f'stroke="{palette("light")["faint"]}" stroke-width="2"/>{title.svg(x + 24, y + 18, "light")}'
        f'<g transform="translate({format_number(left)} {format_number(middle)}) '
        f'scale({format_number(scale, 4)})">{body}</g>{_hand(x + width - 62, y + height - 66)}'
    )


def _hand(x: float, y: float) -> str:
    """A hand that points into the picture: it can be held."""
    colours = palette("light")
    outline, fingers = HAND
    return (
        f'<g transform="translate({x} {y}) rotate(-24)" stroke="{colours["ink"]}" stroke-width="3" '
        f'stroke-linecap="round" stroke-linejoin="round"><path d="{outline}" fill="{colours["paper"]}"/>'
        f'<path d="{fingers}" fill="none"/></g>'
    )
