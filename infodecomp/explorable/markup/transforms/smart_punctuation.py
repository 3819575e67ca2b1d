"""Typographic quotation marks, apostrophes and dashes, outside code and formulas."""

from __future__ import annotations

import re

from infodecomp.explorable.markup.parsing.source import BLOCK_TAGS
from infodecomp.explorable.markup.parsing.tree import Element, Markup

_UNTOUCHED = frozenset(("code", "pre", "kbd", "samp", "svg", "math", "textarea", "var"))
_SKIPPED = frozenset(("digits", "problem"))
_BLOCKS = BLOCK_TAGS | {"p", "br", "hr"}
_MARK = re.compile(r"[\"']|(?<!-)--(?:-)?(?!-)")
_LOOSE_STOP = re.compile(r"^\s+(?=[.,;:!?](?:\s|$))")
_OPENS_AFTER = " \n\t\u00a0\u2009([{<–—/“‘-"


def smart_punctuation(root: Element) -> None:
    """Replace straight quotation marks and hyphens in all text below `root`, in place."""
    _replace_below(root, " ")


def _replace_below(element: Element, before: str) -> str:
    """Replace below `element`, which follows the character `before`; return the last character."""
    for index, child in enumerate(element.children):
        if isinstance(child, str):
            child = _LOOSE_STOP.sub("", child) if index and not before.isspace() else child
            element.children[index] = _replace_in(child, before)
            before = (before + child)[-1]
        elif isinstance(child, Markup):
            before = " " if child.block else "x"
        elif child.tag in _UNTOUCHED or not _SKIPPED.isdisjoint(child.classes):
            before = "x"
        elif "footnote-ref" in child.classes:
            continue
        elif child.tag in _BLOCKS:
            _replace_below(child, " ")
            before = " "
        else:
            before = _replace_below(child, before)
    return before


def _replace_in(text: str, before: str) -> str:
    def mark(match: re.Match) -> str:
        sign, start = match[0], match.start()
        preceding = text[start - 1] if start else before
        following = text[match.end() : match.end() + 1]
        if sign == "---":
            return "—"
        if sign == "--":
            joins = preceding.isalnum() and following.isalnum()
            return "–" if joins or (preceding.isspace() and (following.isspace() or not following)) else sign
        opens = preceding in _OPENS_AFTER
        if sign == "'":
            decade = re.match(r"\d\ds?\b", text[match.end() :])
            return "‘" if opens and not decade and not following.isspace() else "’"
        return "“" if opens and not following.isspace() else "”"

    return _MARK.sub(mark, text)
