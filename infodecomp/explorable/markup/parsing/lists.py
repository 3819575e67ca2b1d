"""Lists as people indent them, two spaces or three or four, brought to the four that the Markdown converter wants."""

from __future__ import annotations

import re

ITEM = re.compile(r"([ ]*)([-*+]|\d{1,9}[.)])([ \t]+)(?=\S)")
_MAY_BEGIN = re.compile(r"[ ]{0,3}(?:[-*+]|1[.)])[ \t]+\S")
_RULE = re.compile(r"[ ]{0,3}([-*_])([ \t]*\1){2,}[ \t]*$")


class Lists:
    """Follows the lines of a document: whether they stand in a list, and how deep."""

    def __init__(self) -> None:
        self.contents: list[int] = []
        self.after_blank = True

    @property
    def inside(self) -> bool:
        return bool(self.contents)

    def blank(self) -> None:
        self.after_blank = True

    def line(self, text: str) -> tuple[str, bool]:
        """The line as the converter wants it, and whether a list begins with it."""
        item = ITEM.match(text) if not _RULE.match(text) else None
        after_blank, self.after_blank = self.after_blank, False
        indent = len(text) - len(text.lstrip(" "))
        if item is None:
            if self.inside and after_blank and self._depth(indent) == 0:
                self.contents = []
            depth = self._depth(indent) if self.inside else 0
            return " " * max(indent, 4 * depth) + text[indent:] if depth else text, False
        begins = not self.inside
        if begins and not _MAY_BEGIN.match(text) and not (after_blank and indent < 4):
            return text, False
        depth = self._depth(indent)
        del self.contents[depth:]
        self.contents.append(item.end())
        marker = item[2].replace(")", ".")
        return " " * (4 * depth) + marker + item[3] + text[item.end() :], begins

    def _depth(self, indent: int) -> int:
        return sum(1 for content in self.contents if content <= indent)
