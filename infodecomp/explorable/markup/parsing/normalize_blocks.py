"""Rearranges an essay's lines so that each raw block tag is a paragraph of its own and the rest is
Markdown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from infodecomp.explorable.markup.parsing.lists import ListIndenter
from infodecomp.explorable.markup.parsing.source import INLINE_TAGS, MARK, Source, Token

_HASH_WITHOUT_SPACE = re.compile(r"^(#{1,6})(?=[^#\s])")


@dataclass
class _Output:
    """The lines written so far, and the context of the next one: open raw elements and lists."""

    tokens: list[Token]
    lines: list[str] = field(default_factory=list)
    indents: list[int | None] = field(default_factory=list)
    lists: ListIndenter = field(default_factory=ListIndenter)

    def blank(self, prefix: str = "") -> None:
        self.lines.append(prefix.rstrip())

    def is_after_blank(self) -> bool:
        return not self.lines or not self.lines[-1].strip(" >")


def normalize_blocks(source: Source) -> str:
    """Rearrange the text of an essay for the Markdown converter.

    Raw block tags become paragraphs of their own. Lines that are indented with the raw element around them
    are moved to the left, as Markdown would take them for code. A list may follow a line of prose without a
    blank line.

    Parameters
    ----------
    source : Source
        The tokenized essay. Its tokens of unknown block elements are marked as blocks.

    Returns
    -------
    str
        Markdown with placeholders.
    """
    output = _Output(source.tokens)
    for line in source.text.split("\n"):
        line = line.expandtabs(4)
        if not line.strip():
            output.blank()
            output.lists.blank()
            continue
        _write_line(_dedent(line, output), output)
    return "\n".join(output.lines)


def _write_line(line: str, output: _Output) -> None:
    line, begins_list = output.lists.line(line)
    if begins_list and not output.is_after_blank():
        output.blank()
    marks = _block_marks(line, output)
    if marks:
        _write_tags(line, marks, output)
    else:
        output.lines.append(_HASH_WITHOUT_SPACE.sub(lambda match: "\\" + match[1], line))


def _dedent(line: str, output: _Output) -> str:
    """Remove the indentation that a line shares with the raw element around it."""
    if not output.indents:
        return line
    own = len(line) - len(line.lstrip(" "))
    mark = MARK.match(line.strip())
    token = output.tokens[int(mark[1])] if mark else None
    if token is not None and token.kind == "close" and token.block:
        return line[own:]
    shared = output.indents[-1]
    if shared is None:
        shared = output.indents[-1] = own
    return line[min(own, shared) :]


def _block_marks(line: str, output: _Output) -> list[re.Match]:
    """The placeholders of raw block tags in a line; none if its indentation makes the line code."""
    indent = len(line) - len(line.lstrip(" "))
    if indent >= 4 and not output.lists.is_inside and not output.indents and output.is_after_blank():
        return []
    marks = list(MARK.finditer(line))
    if len(marks) == 1 and marks[0][0] == line.strip() and output.is_after_blank():
        _promote(output.tokens[int(marks[0][1])])
    return [mark for mark in marks if _is_block(output.tokens[int(mark[1])])]


def _promote(token: Token) -> None:
    """Treat an unknown element as a block if its tag is alone in its paragraph, as CommonMark does."""
    if token.kind in ("open", "close") and token.tag not in INLINE_TAGS:
        token.block = True


def _is_block(token: Token) -> bool:
    return token.block or token.tag == "p"


def _write_tags(line: str, marks: list[re.Match], output: _Output) -> None:
    prefix = line[: len(line) - len(line.lstrip(" >"))]
    if not prefix.strip() and not output.lists.is_inside:
        prefix = ""
    end, opened_paragraph = len(prefix), ""
    for mark in marks:
        token = output.tokens[int(mark[1])]
        _write_text(prefix, opened_paragraph + line[end : mark.start()], output)
        end, opened_paragraph = mark.end(), ""
        output.blank(prefix)
        if token.tag == "p":
            # The attributes go to the paragraph that Markdown makes from the text after the tag.
            opened_paragraph = mark[0] if token.kind != "close" else ""
            continue
        output.lines.append(prefix + mark[0])
        output.blank(prefix)
        if token.kind == "open":
            output.indents.append(None)
        elif token.kind == "close" and output.indents:
            output.indents.pop()
    _write_text(prefix, opened_paragraph + line[end:], output)
    output.lists.after_blank = output.is_after_blank()


def _write_text(prefix: str, text: str, output: _Output) -> None:
    if text.strip():
        output.lines.append(prefix + text.strip(" "))
