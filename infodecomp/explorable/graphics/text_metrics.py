"""Typesetting: the typeface that pictures carry with them when they leave the page, and lines of words set in it.

On a page a picture is set in the reader's own system font. One that stands alone must look and break its lines alike
everywhere: it holds Source Sans Pro (SIL Open Font License), cut down to the characters that it shows.
"""

import base64
import importlib.util
import io
from functools import lru_cache
from pathlib import Path

from fontTools import subset, ttLib

FAMILY = "Source Sans Pro"
WEIGHTS = {400: "Regular", 600: "Semibold"}
FOLDER = Path(importlib.util.find_spec("font_source_sans_pro").submodule_search_locations[0]) / "files"
FILES = {weight: FOLDER / f"SourceSansPro-{style}.ttf" for weight, style in WEIGHTS.items()}
PLAIN = "".join(map(chr, range(32, 127)))


class Advances(dict):
    """How wide each character is, in sizes of the font; one that the typeface lacks counts as an m."""

    def __missing__(self, character: str) -> float:
        return self["m"]


@lru_cache(maxsize=2)
def advances(weight: int) -> Advances:
    font = ttLib.TTFont(FILES[weight], lazy=True)
    widths, unit = font["hmtx"], font["head"].unitsPerEm
    return Advances({chr(code): widths[glyph][0] / unit for code, glyph in font.getBestCmap().items()})


def text_width(text: str, size: float, weight: int = 400) -> float:
    """The width of a line in pixels."""
    return size * sum(map(advances(weight).__getitem__, text))


def wrap_text(text: str, width: float, size: float, weight: int = 400) -> list[str]:
    """Words set in lines at most so wide, in pixels; a longer word, an address say, goes on in the next line."""
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
    """As much of a word as a line holds, up to a mark at which an address may be broken if there is one."""
    length = max((n for n in range(1, len(word)) if text_width(word[:n], size, weight) <= width), default=1)
    return word[: max((n for n in range(1, length + 1) if word[n - 1] in "/?&#-"), default=length)]


def font_faces(text: str) -> str:
    """The @font-face rules, fonts and all, that show a text: for the inside of a picture that stands alone."""
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
    return f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};src:url(data:font/woff2;base64,{data}) format('woff2')}}"
