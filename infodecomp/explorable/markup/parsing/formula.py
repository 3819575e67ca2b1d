"""Turns one formula of an essay into a node of its tree."""

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.mathml import MathError, math_text, to_mathml
from infodecomp.explorable.markup.parsing.source import Token
from infodecomp.explorable.markup.parsing.tree import Element, Markup


def formula(token: Token, diagnostics: Diagnostics) -> Markup | Element:
    """A formula as MathML, or its source as code if it is invalid."""
    try:
        mathml = to_mathml(token.body, token.display)
    except MathError as error:
        diagnostics.error(token.line, f"the formula '{_shorten(token.body)}' cannot be read: {error}")
        return Element("code", {"class": "problem"}, [token.body], line=token.line)
    return Markup(mathml, math_text(mathml), block=token.display)


def _shorten(text: str, length: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
