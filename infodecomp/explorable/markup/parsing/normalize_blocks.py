"""The lines of an essay laid out so that Markdown sees each raw block tag alone, and what stands between as Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from infodecomp.explorable.markup.parsing.lists import Lists
from infodecomp.explorable.markup.parsing.source import INLINE_TAGS, MARK, Source, Token

_NO_HEADING = re.compile(r"^(#{1,6})(?=[^#\s])")


@dataclass
class _State:
    """Where in the document a line stands: the indentation of the raw elements around it, and its lists."""

    tokens: list[Token]
    lines: list[str] = field(default_factory=list)
    indents: list[int | None] = field(default_factory=list)
    lists: Lists = field(default_factory=Lists)

    def blank(self, prefix: str = "") -> None:
        self.lines.append(prefix.rstrip())

    def is_after_blank(self) -> bool:
        return not self.lines or not self.lines[-1].strip(" >")


def normalize_blocks(source: Source) -> str:
    """The text of ``source`` for Markdown.

    Raw block tags come to stand in paragraphs of their own. What is indented along with the raw element around it is
    moved to the left, so that it is not taken for code. A list may follow a line of prose directly.
    """
    state = _State(source.tokens)
    for line in source.text.split("\n"):
        line = line.expandtabs(4)
        if not line.strip():
            state.blank()
            state.lists.blank()
            continue
        _lay_out_line(_dedented(line, state), state)
    return "\n".join(state.lines)


def _lay_out_line(line: str, state: _State) -> None:
    line, begins_list = state.lists.line(line)
    if begins_list and not state.is_after_blank():
        state.blank()
    marks = _block_marks(line, state)
    if marks:
        _lay_out_tags(line, marks, state)
    else:
        state.lines.append(_NO_HEADING.sub(lambda match: "\\" + match[1], line))


def _dedented(line: str, state: _State) -> str:
    """The line without the indentation that the raw element around it has."""
    if not state.indents:
        return line
    own = len(line) - len(line.lstrip(" "))
    mark = MARK.match(line.strip())
    token = state.tokens[int(mark[1])] if mark else None
    if token is not None and token.kind == "close" and token.block:
        return line[own:]
    if state.indents[-1] is None:
        state.indents[-1] = own
    return line[min(own, state.indents[-1]) :]


def _block_marks(line: str, state: _State) -> list[re.Match]:
    """The marks of raw block tags in a line, or none where the line is code by its indentation."""
    indent = len(line) - len(line.lstrip(" "))
    if indent >= 4 and not state.lists.inside and not state.indents and state.is_after_blank():
        return []
    marks = list(MARK.finditer(line))
    if len(marks) == 1 and marks[0][0] == line.strip() and state.is_after_blank():
        _promote(state.tokens[int(marks[0][1])])
    return [mark for mark in marks if _is_block(state.tokens[int(mark[1])])]


def _promote(token: Token) -> None:
    """An unknown element whose tag is alone in its paragraph holds blocks, as in CommonMark."""
    if token.kind in ("open", "close") and token.tag not in INLINE_TAGS:
        token.block = True


def _is_block(token: Token) -> bool:
    return token.block or token.tag == "p"


def _lay_out_tags(line: str, marks: list[re.Match], state: _State) -> None:
    prefix = line[: len(line) - len(line.lstrip(" >"))]
    if not prefix.strip() and not state.lists.inside:
        prefix = ""
    end, opened_paragraph = len(prefix), ""
    for mark in marks:
        token = state.tokens[int(mark[1])]
        _piece(prefix, opened_paragraph + line[end : mark.start()], state)
        end, opened_paragraph = mark.end(), ""
        state.blank(prefix)
        if token.tag == "p":
            # A paragraph's attributes go on the paragraph that Markdown makes of the text behind the tag.
            opened_paragraph = mark[0] if token.kind != "close" else ""
            continue
        state.lines.append(prefix + mark[0])
        state.blank(prefix)
        if token.kind == "open":
            state.indents.append(None)
        elif token.kind == "close" and state.indents:
            state.indents.pop()
    _piece(prefix, opened_paragraph + line[end:], state)
    state.lists.after_blank = state.is_after_blank()


def _piece(prefix: str, text: str, state: _State) -> None:
    if text.strip():
        state.lines.append(prefix + text.strip(" "))
