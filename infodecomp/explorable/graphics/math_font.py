"""The mathematics font: STIX Two Math (SIL Open Font License), subset to the characters of a site's formulas.

Browsers set MathML well only with a font that has a MATH table, and few systems have one.
"""

import io
import re
from functools import lru_cache

from fontTools import subset

from infodecomp.explorable.graphics.font_packages import font_folder

_FORMULA = re.compile(r"<math.*?</math>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ITALIC = {
    **{chr(ord("A") + i): chr(0x1D434 + i) for i in range(26)},
    **{chr(ord("a") + i): chr(0x1D44E + i) for i in range(26)},
    "h": "\u210e",
}  # a browser draws the letter of a lone <mi> in mathematical italic


def formula_characters(html: str) -> str:
    """Return the distinct characters of the MathML formulas in a page, sorted."""
    text = "".join(_TAG.sub("", formula) for formula in _FORMULA.findall(html))
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return "".join(sorted({*text, *(_ITALIC[c] for c in text if c in _ITALIC)} - {"\n", " "}))


@lru_cache(maxsize=8)
def math_font(characters: str) -> bytes:
    """Subset the mathematics font.

    Parameters
    ----------
    characters : str
        The characters that it must contain.

    Returns
    -------
    bytes
        A WOFF2 font with their glyphs, the stretched and script forms of these, and the MATH table.
    """
    options = subset.Options(flavor="woff2", hinting=False, layout_features=["ssty", "dtls", "flac", "ccmp"])
    font = subset.load_font(font_folder("ziamath", "fonts") / "STIXTwoMath-Regular.ttf", options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    packed = io.BytesIO()
    subset.save_font(font, packed, options)
    return packed.getvalue()
