"""Text outside a page: the typeface that a standalone picture carries with it, and line breaking in it.

On a page a picture uses the reader's system font. A standalone picture must look the same and break its lines
the same way everywhere, so it embeds Source Sans Pro (SIL Open Font License), subset to the characters
that it shows.
"""

import base64
import io
from functools import lru_cache

from fontTools import subset, ttLib

from infodecomp.explorable.graphics.font_packages import font_folder

FAMILY = "Source Sans Pro"
WEIGHTS = {400: "Regular", 600: "Semibold"}
FOLDER = font_folder("font_source_sans_pro", "files")
FILES = {weight: FOLDER / f"SourceSansPro-{style}.ttf" for weight, style in WEIGHTS.items()}
PLAIN = "".join(map(chr, range(32, 127)))


class Advances(dict[str, float]):
    """Advance width of each character in ems; a character that the typeface lacks is as wide as an m."""

    def __missing__(self, character: str) -> float:
        return self["m"]


@lru_cache(maxsize=2)
def advances(weight: int) -> Advances:
    """Read the advance widths of the typeface at a weight, 400 or 600."""
    font = ttLib.TTFont(FILES[weight], lazy=True)
    widths, unit = font["hmtx"], font["head"].unitsPerEm
    return Advances({chr(code): widths[glyph][0] / unit for code, glyph in font.getBestCmap().items()})


def text_width(text: str, size: float, weight: int = 400) -> float:
    """Return the width of one line of text in pixels.

    Parameters
    ----------
    text : str
    size : float
        Font size in pixels.
    weight : {400, 600}

    Returns
    -------
    float
    """
    return size * sum(map(advances(weight).__getitem__, text))


def wrap_text(text: str, width: float, size: float, weight: int = 400) -> list[str]:
    """Break text into lines of at most a width.

    A word that is wider than a line, such as a URL, is broken.

    Parameters
    ----------
    text : str
    width : float
        In pixels.
    size : float
        Font size in pixels.
    weight : {400, 600}

    Returns
    -------
    list of str
        At least one line, which may be empty.
    """
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size, weight) <= width:
            lines[-1] = longer
            continue
        while text_width(word, size, weight) > width and len(word) > 1:
            head = _head(word, width, size, weight)
            lines.append(head)
            word = word[len(head) :]
        lines.append(word)
    return [line for line in lines if line] or [""]


def _head(word: str, width: float, size: float, weight: int) -> str:
    """The longest start of a word that fits on a line, cut at a URL's punctuation if there is some."""
    length = max((n for n in range(1, len(word)) if text_width(word[:n], size, weight) <= width), default=1)
    return word[: max((n for n in range(1, length + 1) if word[n - 1] in "/?&#-"), default=length)]


def font_faces(text: str) -> str:
    """Return the @font-face rules, with embedded fonts, for the text of a standalone picture.

    Parameters
    ----------
    text : str
        Every character that the picture shows; basic Latin is always included.

    Returns
    -------
    str
        CSS.
    """
    more = "".join(sorted(character for character in set(text) if ord(character) > 126))
    return "".join(_face(weight, PLAIN + more) for weight in WEIGHTS)


@lru_cache(maxsize=64)
def _face(weight: int, characters: str) -> str:
    options = subset.Options(flavor="woff2", hinting=False, layout_features=["kern"])
    font = subset.load_font(FILES[weight], options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    packed = io.BytesIO()
    subset.save_font(font, packed, options)
    data = base64.b64encode(packed.getvalue()).decode()
    source = f"url(data:font/woff2;base64,{data}) format('woff2')"
    return f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};src:{source}}}"
