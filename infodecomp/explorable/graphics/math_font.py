"""The mathematics font: STIX Two Math (SIL Open Font License), cut down to the characters that a site's formulas use.

A browser sets MathML well only with a font that has a MATH table, and few systems carry one.
"""

import importlib.util
import io
import re
from functools import lru_cache
from pathlib import Path

from fontTools import subset

_FORMULA = re.compile(r"<math.*?</math>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ITALIC = {
    **{chr(ord("A") + i): chr(0x1D434 + i) for i in range(26)},
    **{chr(ord("a") + i): chr(0x1D44E + i) for i in range(26)},
    "h": "\u210e",
}  # a browser draws the letter of a lone <mi> in its mathematical italic


def characters(html: str) -> str:
    """The characters of a page's formulas, each once, in order."""
    text = "".join(_TAG.sub("", formula) for formula in _FORMULA.findall(html))
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return "".join(sorted({*text, *(_ITALIC[c] for c in text if c in _ITALIC)} - {"\n", " "}))


@lru_cache(maxsize=8)
def math_font(text: str) -> bytes:
    """A WOFF2 font with the glyphs of `text`, their stretched and scripted forms, and the MATH table."""
    options = subset.Options(flavor="woff2", hinting=False, layout_features=["ssty", "dtls", "flac", "ccmp"])
    # Found and not imported: of ziamath only its font is wanted.
    folder = Path(importlib.util.find_spec("ziamath").submodule_search_locations[0])
    font = subset.load_font(folder / "fonts" / "STIXTwoMath-Regular.ttf", options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    packed = io.BytesIO()
    subset.save_font(font, packed, options)
    return packed.getvalue()
