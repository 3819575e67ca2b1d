"""The elements that are open while a tree is built: what a tag ends, and what ends by itself."""

from __future__ import annotations

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.source import BLOCK_TAGS
from infodecomp.explorable.markup.parsing.tree import VOID, Element

MAX_DEPTH = 100
"""Elements nested deeper than this are dropped, and their content kept, so that no input exhausts the
stack.
"""

OPTIONAL_CLOSING_TAG = frozenset("p li dt dd td th tr thead tbody tfoot option colgroup".split())
"""Elements that need no closing tag."""

_ENDS_PARAGRAPH = BLOCK_TAGS | {"p", "pre"}
_ENDED_BY_SIBLING = {
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "tr": {"tr", "td", "th"},
    "option": {"option"},
}


class OpenElements:
    """A tree that grows at its innermost open element. Raw tags never close elements that Markdown made.

    Parameters
    ----------
    diagnostics : Diagnostics
        Receives unbalanced tags.
    quiet : bool
        Whether elements that are never closed are not reported.
    """

    def __init__(self, diagnostics: Diagnostics, quiet: bool):
        self.diagnostics, self.quiet = diagnostics, quiet
        self.root = self.current = Element("")
        self.depth = 0

    def add_text(self, text: str) -> None:
        """Append text to the innermost element."""
        children = self.current.children
        if children and isinstance(children[-1], str):
            children[-1] += text
        else:
            children.append(text)

    def start(
        self, tag: str, attributes: dict, line: int | None, written: bool, matched: bool = True
    ) -> bool:
        """Open an element, and end those that cannot hold it; False where MAX_DEPTH are open already."""
        if tag in _ENDS_PARAGRAPH:
            self._leave_paragraph()
        while self.current.written and tag in _ENDED_BY_SIBLING.get(self.current.tag, ()):
            if self.current.tag == "tr" and tag != "tr":
                break
            self.leave()
        element = Element(tag, attributes, line=line, written=written, matched=matched)
        if self.depth >= MAX_DEPTH and tag not in VOID:
            return False
        self.current.append(element)
        if tag not in VOID:
            self.current = element
            self.depth += 1
        return True

    def end_written(self, tag: str, line: int, quiet: bool = False) -> None:
        """End the innermost raw element of a tag and those in it; report one that closes nothing."""
        if tag in VOID or tag == "p" and self.current.tag != "p":
            return
        target = self.current
        while target is not self.root and target.written and target.tag != tag:
            target = target.container
        if target is self.root or not target.written:
            if tag != "p" and not quiet:
                self.diagnostics.warning(line, f"</{tag}> closes nothing and is left out")
            return
        self.leave_to(target)
        target.end_line = line
        target.matched = True
        self.leave(closed=True)

    def _leave_paragraph(self) -> None:
        paragraph = self.current
        while paragraph is not self.root and paragraph.tag not in _ENDS_PARAGRAPH:
            paragraph = paragraph.container
        if paragraph.tag == "p":
            self.leave_to(paragraph)
            self.leave()

    def leave_to(self, target: Element) -> None:
        """End all elements inside an open one."""
        while self.current is not target:
            self.leave()

    def leave(self, closed: bool = False) -> None:
        """End the innermost element; report one that should have been closed."""
        element = self.current
        self.current = element.container
        self.depth -= 1
        if element.written and not closed and element.line is not None and not self.quiet:
            if element.tag not in OPTIONAL_CLOSING_TAG and not element.matched:
                self.diagnostics.warning(
                    element.line, f"<{element.tag}> is never closed; it ends here for you"
                )
