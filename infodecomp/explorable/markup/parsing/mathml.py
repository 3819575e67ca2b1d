"""Converts LaTeX to MathML without inline styles, which the Content-Security-Policy forbids."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from math_core import LatexError, LatexToMathML

from infodecomp.explorable.core.errors import ExplorableError

MACROS = {
    "E": r"\mathbb{E}",
    "Q": r"\mathbb{Q}",
    "C": r"\mathbb{C}",
    "KL": r"D_{\mathrm{KL}}",
    "norm": r"\left\lVert #1 \right\rVert",
    "abs": r"\left| #1 \right|",
    "dd": r"\mathrm{d}",
    "diff": r"\mathrm{d}",
    "given": r"\mid",
    "indep": r"\mathrel{\perp\!\!\!\perp}",
    "Perp": r"\mathrel{\perp\!\!\!\perp}",
    "defeq": r"\coloneqq",
    "dotsc": r"\ldots",
    "mathds": r"\mathbb{#1}",
    "mbox": r"\text{#1}",
    "hbox": r"\text{#1}",
    "smallsetminus": r"\setminus",
    "widetilde": r"\tilde{#1}",
    "ensuremath": "#1",
    "xspace": "",
    "hfill": r"\quad",
}
"""Commands that essays use and the converter does not know."""

MATH_CLASSES = {
    "math-right": "text-align: right; justify-items: end",
    "math-left": "text-align: left; justify-items: start",
    "math-joins-right": "padding-right: 0",
    "math-joins-left": "padding-left: 0",
    "math-apart": "padding-left: 1em",
    "math-back": "margin-left: -0.1667em",
    "math-rule-top": "border-top: 0.05em solid currentcolor",
    "math-rule-bottom": "border-bottom: 0.05em solid currentcolor",
    "math-rule-left": "border-left: 0.05em solid currentcolor",
    "math-rule-right": "border-right: 0.05em solid currentcolor",
}
"""The stylesheet rules of the classes that replace inline styles."""

_STYLE = re.compile(r' style="([^"]*)"')
_TAG_WITH_STYLE = re.compile(r'<(\w+)((?: [\w-]+="[^"]*")*? style="[^"]*"[^>]*)>')
_DECLARATIONS = (
    (re.compile(r"text-align:\s*right"), "math-right"),
    (re.compile(r"text-align:\s*left"), "math-left"),
    (re.compile(r"padding-right:\s*0;"), "math-joins-right"),
    (re.compile(r"padding-left:\s*0;"), "math-joins-left"),
    (re.compile(r"padding-left:\s*1em"), "math-apart"),
    (re.compile(r"margin-left:\s*-"), "math-back"),
    (re.compile(r"border-top:"), "math-rule-top"),
    (re.compile(r"border-bottom:"), "math-rule-bottom"),
    (re.compile(r"border-left:"), "math-rule-left"),
    (re.compile(r"border-right:"), "math-rule-right"),
)
_UNNUMBERED = {"align": "aligned", "gather": "gathered", "multline": "gathered", "equation": None}
_ENVIRONMENT = re.compile(r"\\(begin|end)\{(align|gather|equation|multline)\*?\}")
_TEXT_WITH_MATH = re.compile(r"\\text\{([^{}$]*(?:\$[^$]*\$[^{}$]*)+)\}")
_TAGS = re.compile(r"<[^>]*>")

_converter = LatexToMathML(macros=MACROS, fancy_error=False)


class MathError(ExplorableError):
    """A formula that is not valid LaTeX."""


@lru_cache(maxsize=4096)
def to_mathml(latex: str, display: bool = False) -> str:
    """Convert a formula.

    Parameters
    ----------
    latex : str
        The formula without delimiters.
    display : bool
        Whether it is a block of its own rather than part of a line.

    Returns
    -------
    str
        One ``<math>`` element.

    Raises
    ------
    MathError
        If the formula is not valid LaTeX.
    """
    source = _ENVIRONMENT.sub(_without_numbers, latex.strip())
    source = _TEXT_WITH_MATH.sub(_text_around_math, source)
    try:
        mathml = _converter.convert_with_local_state(source, displaystyle=display)
    except LatexError as error:
        raise MathError(re.sub(r"^\d+:\s*", "", str(error)).strip()) from None
    mathml = mathml.replace("&ApplyFunction;", "\u2061").replace("&InvisibleTimes;", "\u2062")
    return _TAG_WITH_STYLE.sub(_class_for_style, mathml)


def math_text(mathml: str) -> str:
    """A formula as plain text, such as ``I(X;Y)``, for titles and alternative texts."""
    text = html.unescape(_TAGS.sub("", mathml))
    return re.sub(r"\s+", " ", text.replace("\u2061", "").replace("\u2062", "").replace("\u2063", "")).strip()


def _without_numbers(match: re.Match) -> str:
    """Replace a numbered environment by its unnumbered form, as every formula would get the number 1."""
    environment = _UNNUMBERED[match[2]]
    return f"\\{match[1]}{{{environment}}}" if environment else ""


def _text_around_math(match: re.Match) -> str:
    """Split ``\\text{a $x$ b}`` into text, formula, text."""
    parts = match[1].split("$")
    return "".join(part if index % 2 else f"\\text{{{part}}}" for index, part in enumerate(parts) if part)


def _class_for_style(match: re.Match) -> str:
    tag, attributes = match[1], match[2]
    style = "".join(_STYLE.findall(attributes)) + ";"
    attributes = _STYLE.sub("", attributes)
    slash = "/" if attributes.endswith("/") else ""
    classes = [name for pattern, name in _DECLARATIONS if pattern.search(style)]
    if classes:
        attributes = f'{attributes.removesuffix("/")} class="{" ".join(classes)}"{slash}'
    if colour := re.search(r"(?<!-)color:\s*(#?\w+)", style):
        attributes = f'{attributes.removesuffix("/")} mathcolor="{colour[1]}"{slash}'
    return f"<{tag}{attributes}>"
