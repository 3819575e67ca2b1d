"""Draws a picture as a complete SVG document."""

from dataclasses import dataclass
from html import escape

from infodecomp.explorable.graphics.concat import Picture
from infodecomp.explorable.graphics.plot import MAX_HEIGHT, PAGE, DrawOptions
from infodecomp.explorable.graphics.scales import format_number
from infodecomp.explorable.graphics.slide_layout import within_height
from infodecomp.explorable.graphics.theme import palette

SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


@dataclass(frozen=True)
class Drawing:
    """An SVG document and its size in pixels."""

    svg: str
    width: float
    height: float


def render(
    picture: Picture,
    width: float = 640,
    options: DrawOptions = PAGE,
    label: str = "",
    max_height: float = MAX_HEIGHT,
) -> Drawing:
    """Draw a picture as an SVG document.

    Parameters
    ----------
    picture : Plot or HConcat
    width : float
        In pixels.
    options : DrawOptions
    label : str
        Its accessible description.
    max_height : float
        In pixels. Parts that are stacked go side by side where the picture would be higher.

    Returns
    -------
    Drawing
    """
    picture = within_height(picture, width, max_height)
    body, height = picture.body(width, options, max_height), picture.height(width, max_height)
    w, h = format_number(width), format_number(height)
    # Assistive technology ignores what is inside an image, so a picture with focusable parts is a group.
    focusable = options.interactive and any(group.is_focusable for group in picture.groups())
    background = ""
    if options.theme is not None:
        fill = palette(options.theme)["paper"]
        background = f'<rect width="{w}" height="{h}" fill="{fill}"/>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" '
        f'viewBox="0 0 {w} {h}" role="{"group" if focusable else "img"}" '
        f'aria-label="{escape(label)}" font-family="{SANS}" font-size="13">{background}{body}</svg>'
    )
    return Drawing(svg, width, height)
