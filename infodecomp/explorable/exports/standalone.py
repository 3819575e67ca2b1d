"""Standalone pictures: a figure with its title, caption and source in one self-contained SVG.

Text and picture are laid out at a size for reading and then scaled as a whole, so that a slide is not a small
picture on a large background.
"""

from dataclasses import dataclass, replace
from html import escape

from infodecomp.explorable.exports.documents.qr_code import qr_modules
from infodecomp.explorable.figures.credit import NO_CREDIT, Credit
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.graphics.drawing import SANS, Drawing
from infodecomp.explorable.graphics.plot import MAX_HEIGHT, DrawOptions
from infodecomp.explorable.graphics.scales import format_number
from infodecomp.explorable.graphics.slide_layout import fit
from infodecomp.explorable.graphics.text_metrics import FAMILY, font_faces, wrap_text
from infodecomp.explorable.graphics.theme import palette

LAYOUT_SIZE = (960, 540)  # pixels: larger pictures are laid out at this size and scaled up
MINIMUM_SIZE = (360, 320)  # pixels: smaller pictures are laid out at this size and scaled down
MARGIN = 24
QR_SIZE = 96  # pixels
GAP = 14  # pixels between caption and picture
FONTS = f"'{FAMILY}', {SANS}"
BACKGROUNDS = {"paper": "the page colour of its theme", "white": "white", "transparent": "none"}


@dataclass(frozen=True)
class TextStyle:
    """Font size and line height in pixels, weight and colour role."""

    size: float
    line_height: float
    weight: int = 400
    role: str = "ink"


TITLE, CAPTION, SOURCE = TextStyle(21, 27, 600), TextStyle(15, 20), TextStyle(12, 15, role="muted")
CAPTION_SIZES = (15, 14, 13, 12, 11)  # tried in this order where the number of lines is fixed


@dataclass(frozen=True)
class TextBlock:
    """Lines of text in one style."""

    lines: tuple[str, ...]
    style: TextStyle

    @property
    def height(self) -> float:
        return self.style.line_height * len(self.lines)

    def svg(self, x: float, top: float, theme: str) -> str:
        """Return the lines as <text> elements, whose text can be searched and copied."""
        style = self.style
        return "".join(
            f'<text x="{format_number(x)}" y="{format_number(top + style.line_height * (i + 0.76))}" '
            f'font-size="{style.size}" font-weight="{style.weight}" fill="{palette(theme)[style.role]}">'
            f"{escape(line)}</text>"
            for i, line in enumerate(self.lines)
            if line
        )


def _wrap(text: str, width: float, style: TextStyle) -> TextBlock:
    return TextBlock(tuple(wrap_text(text, width, style.size, style.weight)) if text else (), style)


def caption_line_count(view: FigureState, width: float, height: float | None = None) -> int:
    """Return how many lines the caption takes in a standalone picture of a size in pixels."""
    return len(_caption(view, width / _zoom(width, height) - 2 * MARGIN).lines)


def _caption(view: FigureState, width: float, line_count: int | None = None) -> TextBlock:
    """The caption; with a fixed number of lines it shrinks to fit and is padded with empty lines."""
    text = view.description if view.description != view.figure.title else ""
    if line_count is None:
        return _wrap(text, width, CAPTION)
    for size in CAPTION_SIZES:
        block = _wrap(text, width, replace(CAPTION, size=size))
        if len(block.lines) <= line_count:
            break
    return replace(block, lines=(*block.lines, *[""] * (line_count - len(block.lines))))


def standalone_svg(
    view: FigureState,
    width: float,
    height: float | None = None,
    theme: str = "light",
    background: str = "paper",
    credit: Credit = NO_CREDIT,
    embed_fonts: bool = True,
    caption_lines: int | None = None,
    has_qr: bool = False,
) -> Drawing:
    """Return a figure with title, caption and source as one SVG.

    Parameters
    ----------
    view : FigureState
    width : float
        In pixels.
    height : float, optional
        In pixels, exactly; by default what the content needs.
    theme : {"light", "dark"}
    background : {"paper", "white", "transparent"}
    credit : Credit
        For the line below the picture.
    embed_fonts : bool
        Whether the typeface is embedded.
    caption_lines : int, optional
        Fixed number of caption lines, so that the frames of an animation do not move.
    has_qr : bool
        Whether the address of the state stands in the lower right corner as a QR code.
    """
    zoom = _zoom(width, height)
    inner_width = width / zoom - 2 * MARGIN
    figure = view.figure
    title, caption = _wrap(figure.title, inner_width, TITLE), _caption(view, inner_width, caption_lines)
    foot_width = inner_width - (QR_SIZE + GAP if has_qr else 0)
    foot = _wrap(credit.line(view.source, figure.attribution), foot_width, SOURCE)
    foot_height = max(foot.height, QR_SIZE) if has_qr else foot.height
    title_top = MARGIN - 6
    picture_top = title_top + title.height + caption.height + GAP
    below = foot_height + 10 + MARGIN - 8
    picture, picture_height = _fit_picture(
        view, theme, inner_width, None if height is None else height / zoom - picture_top - below
    )
    total = picture_top + picture_height + below
    content = (
        title.svg(MARGIN, title_top, theme)
        + caption.svg(MARGIN, title_top + title.height, theme)
        + f'<g transform="translate({MARGIN} {format_number(picture_top)})">{picture}</g>'
        + foot.svg(MARGIN, total - foot.height - MARGIN + 8, theme)
    )
    if has_qr:
        left, top = width / zoom - MARGIN - QR_SIZE, total - QR_SIZE - MARGIN + 8
        content += qr_modules(credit.address, left, top, QR_SIZE)
    size, view_box = (width, height or total * zoom), (width / zoom, total)
    return _document(view, content, size, view_box, theme, background, embed_fonts)


def bare_svg(
    view: FigureState,
    width: float,
    max_height: float | None = None,
    theme: str = "light",
    background: str = "paper",
    embed_fonts: bool = True,
) -> Drawing:
    """Return the picture alone as one SVG: as `standalone_svg`, but with a maximum height in pixels."""
    picture, max_height = view.picture, MAX_HEIGHT if max_height is None else max_height
    size = (width, picture.height(width, max_height))
    content = picture.body(width, _still(theme), max_height)
    return _document(view, content, size, size, theme, background, embed_fonts)


def boxed_svg(view: FigureState, width: float, height: float, theme: str = "light") -> Drawing:
    """Return the picture alone, arranged and scaled to fill a box in pixels, without a background."""
    picture, height_drawn = _fit_picture(view, theme, width, height)
    size = (width, height_drawn)
    return _document(view, picture, size, size, theme, "transparent", embed_fonts=False)


def _document(
    view: FigureState,
    content: str,
    size: tuple[float, float],
    view_box: tuple[float, float],
    theme: str,
    background: str,
    embed_fonts: bool,
) -> Drawing:
    """Wrap content in an SVG document with its text alternative, its typeface and its background."""
    width, height = size
    inner_width, inner_height = (format_number(side, 3) for side in view_box)
    title, description = escape(view.figure.title), escape(view.description)
    style = f"<style>{font_faces(content)}</style>" if embed_fonts else ""
    fill = {"paper": palette(theme)["paper"], "white": "#ffffff"}.get(background)
    paper = f'<rect width="{inner_width}" height="{inner_height}" fill="{fill}"/>' if fill else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" '
        f'width="{format_number(width)}" height="{format_number(height)}" '
        f'viewBox="0 0 {inner_width} {inner_height}" role="img" font-family="{FONTS}" font-size="13">'
        f"<title>{title}</title><desc>{description}</desc>{style}{paper}{content}</svg>"
    )
    return Drawing(svg, float(format_number(width)), float(format_number(height)))


def _zoom(width: float, height: float | None) -> float:
    """The scale from layout to output: above 1 for a slide, below 1 where text would fill the picture."""
    height = height or 1e9
    zoom = max(1.0, min(width / LAYOUT_SIZE[0], height / LAYOUT_SIZE[1]))
    return min(zoom, width / MINIMUM_SIZE[0], height / MINIMUM_SIZE[1])


def _fit_picture(view: FigureState, theme: str, width: float, height: float | None) -> tuple[str, float]:
    """The picture at a width or, with a height, arranged and scaled to fill the space; and its height."""
    picture = view.picture
    if height is None:
        return picture.body(width, _still(theme)), picture.height(width)
    picture, drawn_width, scale = fit(picture, width, height)
    x, y = (width - scale * drawn_width) / 2, (height - scale * picture.height(drawn_width)) / 2
    return (
        f'<g transform="translate({format_number(x)} {format_number(y)}) scale({format_number(scale, 4)})">'
        f"{picture.body(drawn_width, _still(theme))}</g>"
    ), height


def _still(theme: str) -> DrawOptions:
    """A picture without what only pointers and keys on a page can use."""
    return DrawOptions(theme=theme, interactive=False)
