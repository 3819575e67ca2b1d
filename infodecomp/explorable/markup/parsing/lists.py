"""Re-indents lists to the four spaces per level that Python-Markdown expects; people write two, three or
four.
"""

from __future__ import annotations

import re

LIST_ITEM = re.compile(r"([ ]*)([-*+]|\d{1,9}[.)])([ \t]+)(?=\S)")
_MAY_INTERRUPT_PARAGRAPH = re.compile(r"[ ]{0,3}(?:[-*+]|1[.)])[ \t]+\S")
_THEMATIC_BREAK = re.compile(r"[ ]{0,3}([-*_])([ \t]*\1){2,}[ \t]*$")


class ListIndenter:
    """Re-indents the lines of a document one after the other, and tracks how deep in a list they are."""

    def __init__(self) -> None:
        self._content_columns: list[int] = []
        self.after_blank = True

    @property
    def is_inside(self) -> bool:
        """Whether the last line was in a list."""
        return bool(self._content_columns)

    def blank(self) -> None:
        """Register a blank line."""
        self.after_blank = True

    def line(self, text: str) -> tuple[str, bool]:
        """Re-indent a line.

        Returns
        -------
        line : str
            The line with its new indentation and marker.
        begins_list : bool
            Whether a list begins here.
        """
        item = LIST_ITEM.match(text) if not _THEMATIC_BREAK.match(text) else None
        after_blank, self.after_blank = self.after_blank, False
        indent = len(text) - len(text.lstrip(" "))
        if item is None:
            if self.is_inside and after_blank and self._depth(indent) == 0:
                self._content_columns = []
            depth = self._depth(indent) if self.is_inside else 0
            return " " * max(indent, 4 * depth) + text[indent:] if depth else text, False
        begins = not self.is_inside
        if begins and not _MAY_INTERRUPT_PARAGRAPH.match(text) and not (after_blank and indent < 4):
            return text, False
        depth = self._depth(indent)
        del self._content_columns[depth:]
        self._content_columns.append(item.end())
        marker = item[2].replace(")", ".")
        return " " * (4 * depth) + marker + item[3] + text[item.end() :], begins

    def _depth(self, indent: int) -> int:
        return sum(1 for content in self._content_columns if content <= indent)
