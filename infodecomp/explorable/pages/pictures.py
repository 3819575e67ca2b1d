"""Which pictures an essay's page contains, and which its script fetches as the reader comes near them."""

import re
from dataclasses import dataclass

from infodecomp.explorable.exports.query_options import FONTS, FRAME, THEME, WIDTH
from infodecomp.explorable.figures.parameters import Choice, write_query
from infodecomp.explorable.figures.state import NARROW, WIDE, FigureState
from infodecomp.explorable.graphics.theme import THEMES

PICTURES = Choice(
    name="_pictures",
    label="pictures in the page: those near its top, or all",
    default="near",
    options={"near": "near the top", "all": "all"},
)
PICTURE_ELEMENTS = 1000  # of all pictures in a page, each of which is there at two widths
BREAKOUT = (
    (960, "broad"),
    (800, "middle"),
)  # pixels and class of a wide figure's picture, as in the stylesheet
PHONE = "(max-width: 480px)"  # media query under which the narrow picture is shown, as in the stylesheet

_ELEMENT = re.compile("<[a-z]")


class EagerPictures:
    """Admits the pictures of a page in their order, until they have too many elements.

    A browser's work at loading, and at every later change of style, grows with the number of elements. The
    pictures that are left out are fetched when they come near; the page holds their sizes.

    Parameters
    ----------
    limit : int, optional
        How many elements the pictures may have together; without a limit every picture is admitted. The first
        picture always is.
    """

    def __init__(self, limit: int | None = PICTURE_ELEMENTS):
        self.limit, self.elements, self.is_full = limit, 0, False

    def admit(self, view: FigureState, is_wide: bool = False) -> bool:
        """Count the picture of a state; whether it goes into the page.

        A wide figure's width depends on the window, so its picture is left out wherever one may be.
        """
        if self.limit is None or not view.figure.has("draw"):
            return True
        if self.is_full or is_wide:
            return False
        size = sum(count_elements(view.svg(width)) for width in (WIDE, NARROW))
        self.is_full = 0 < self.elements > self.limit - size
        self.elements += 0 if self.is_full else size
        return not self.is_full


def picture_sizes(is_wide: bool) -> list[tuple[int, str]]:
    """The widths at which a page holds a picture or its place, each with its class; see the stylesheet."""
    return [*(BREAKOUT if is_wide else ()), (WIDE, "wide"), (NARROW, "narrow")]


def count_elements(svg: str) -> int:
    """The number of elements in some markup."""
    return len(_ELEMENT.findall(svg))


@dataclass(frozen=True)
class PictureSource:
    """The query of a picture file, for the windows that a media query describes."""

    media: str
    query: str


def picture_sources(view: FigureState) -> list[PictureSource]:
    """The files that show a state without a script, by width of the window and colours; the last fits any."""
    sources = []
    for width, window in ((NARROW, PHONE), (WIDE, "")):
        for theme in sorted(THEMES, key=lambda theme: theme == THEME.default):
            colours = "" if theme == THEME.default else f"(prefers-color-scheme: {theme})"
            values = {WIDTH.name: width, THEME.name: theme, FRAME.name: False, FONTS.name: False}
            query = "&".join(filter(None, (view.query, write_query((WIDTH, THEME, FRAME, FONTS), values))))
            media = " and ".join(filter(None, (window, colours)))
            sources.append(PictureSource(media, query))
    return sources
