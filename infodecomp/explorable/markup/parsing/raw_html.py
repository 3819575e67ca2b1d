"""Builds one balanced tree from Markdown's output and the raw tags of the essay."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.formula import formula
from infodecomp.explorable.markup.parsing.source import BLOCK_TAGS, CLOSE_MARK, MARK, OPEN_MARK, Source, Token
from infodecomp.explorable.markup.parsing.tree import VOID, Element, Markup

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
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_DECLARATION = re.compile(r"<!(?!--)")
_STRAY_MARK = re.compile(f"[{OPEN_MARK}{CLOSE_MARK}]")
_LONE_MARK = re.compile(rf"<p>\s*({MARK.pattern})\s*</p>")


class TreeBuilder(HTMLParser):
    """Parses HTML with placeholders and builds the tree. Raw tags never close elements that Markdown made.

    Parameters
    ----------
    tokens : list of Token
        What the placeholders stand for.
    diagnostics : Diagnostics
        Receives unbalanced tags and invalid formulas.
    """

    def __init__(self, tokens: list[Token], diagnostics: Diagnostics):
        super().__init__(convert_charrefs=True)
        self.tokens, self.diagnostics = tokens, diagnostics
        self.root = self.current = Element("")
        self.depth = 0
        self.code_depth = 0
        self.buffer: list[str] = []
        self.opaque_line: int | None = None

    # Elements made by Markdown

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self._flush()
        found = {name: self._plain_attribute(value) for name, value in attributes}
        if self.opaque_line is not None:
            self._start(tag, dict(found), self.opaque_line, written=True)
            return
        if tag in _HEADINGS:
            while self.current.written and not self.current.matched:
                self._leave()
        self._start(tag, found, None, written=False)
        self.code_depth += tag in ("code", "pre")

    def handle_startendtag(self, tag: str, attributes: list) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._flush()
        if self.opaque_line is not None:
            self._end_written(tag, self.opaque_line, quiet=True)
            return
        if tag in ("code", "pre"):
            self.code_depth = max(0, self.code_depth - 1)
        target = self.current
        while target is not self.root and (target.written or target.tag != tag):
            target = target.container
        if target is self.root:
            return
        while self.current is not target:
            self._leave()
        self._leave()

    def handle_data(self, data: str) -> None:
        self.buffer.append(data)

    def finish(self) -> Element:
        """Close what is open and return the root."""
        self.close()
        self._flush()
        while self.current is not self.root:
            self._leave()
        return self.root

    # Tags written in the essay

    def _flush(self) -> None:
        text, self.buffer = "".join(self.buffer), []
        parts = MARK.split(text)
        for index, part in enumerate(parts):
            if index % 2 and int(part) < len(self.tokens):
                self._token(self.tokens[int(part)])
            elif part and not index % 2:
                self._text(part)

    def _text(self, text: str) -> None:
        text = _STRAY_MARK.sub("", text)
        children = self.current.children
        if children and isinstance(children[-1], str):
            children[-1] += text
        else:
            children.append(text)

    def _token(self, token: Token) -> None:
        if self.code_depth:
            self._text(token.source)
        elif token.kind == "open":
            self._start_written(token)
        elif token.kind == "close":
            self._end_written(token.tag, token.line)
        elif token.kind == "single":
            self._start_written(token)
            if token.tag not in VOID:
                self._leave()
        elif token.kind == "math":
            self.current.append(formula(token, self.diagnostics))
        elif token.kind == "code":
            self._code(token)
        elif token.tag in ("script", "style"):
            self.current.append(Element(token.tag, dict(token.attributes), line=token.line, written=True))
        else:
            self._opaque(token)

    def _code(self, token: Token) -> None:
        self._start("pre", {}, token.line, written=True)
        self._start("code", dict(token.attributes), token.line, written=True)
        self._text(token.body)
        self._leave()
        self._leave()

    def _opaque(self, token: Token) -> None:
        """Parse an element that contains HTML but no Markdown, such as an SVG."""
        inner = TreeBuilder(self.tokens, self.diagnostics)
        inner.opaque_line = token.line
        inner.feed(_DECLARATION.sub("&lt;!", token.source))
        for child in inner.finish().children:
            self.current.append(child)

    def _start_written(self, token: Token) -> None:
        if (
            token.tag == "p"
            and self.current.tag == "p"
            and not self.current.written
            and self.current.is_empty()
        ):
            self.current.attributes.update(token.attributes)
            self.current.line = token.line
            return
        self._start(token.tag, dict(token.attributes), token.line, written=True, matched=token.matched)

    def _start(
        self, tag: str, attributes: dict, line: int | None, written: bool, matched: bool = True
    ) -> None:
        if tag in _ENDS_PARAGRAPH:
            self._leave_paragraph()
        while self.current.written and tag in _ENDED_BY_SIBLING.get(self.current.tag, ()):
            if self.current.tag == "tr" and tag != "tr":
                break
            self._leave()
        element = Element(tag, attributes, line=line, written=written, matched=matched)
        if self.depth >= MAX_DEPTH and tag not in VOID:
            return
        self.current.append(element)
        if tag not in VOID:
            self.current = element
            self.depth += 1

    def _end_written(self, tag: str, line: int, quiet: bool = False) -> None:
        if tag in VOID or tag == "p" and self.current.tag != "p":
            return
        target = self.current
        while target is not self.root and target.written and target.tag != tag:
            target = target.container
        if target is self.root or not target.written:
            if tag != "p" and not quiet:
                self.diagnostics.warning(line, f"</{tag}> closes nothing and is left out")
            return
        while self.current is not target:
            self._leave()
        target.end_line = line
        target.matched = True
        self._leave(closed=True)

    def _leave_paragraph(self) -> None:
        paragraph = self.current
        while paragraph is not self.root and paragraph.tag not in _ENDS_PARAGRAPH:
            paragraph = paragraph.container
        if paragraph.tag == "p":
            while self.current is not paragraph:
                self._leave()
            self._leave()

    def _leave(self, closed: bool = False) -> None:
        element = self.current
        self.current = element.container
        self.depth -= 1
        if element.written and not closed and element.line is not None and self.opaque_line is None:
            if element.tag not in OPTIONAL_CLOSING_TAG and not element.matched:
                self.diagnostics.warning(
                    element.line, f"<{element.tag}> is never closed; it ends here for you"
                )

    def _plain_attribute(self, value: str | None) -> str | None:
        """An attribute's value with its placeholders as plain text, such as a formula in an alternative
        text.
        """
        if value is None:
            return None
        return _STRAY_MARK.sub("", MARK.sub(lambda match: self._token_text(int(match[1])), value))

    def _token_text(self, number: int) -> str:
        token = self.tokens[number] if number < len(self.tokens) else None
        if token is None or token.kind != "math":
            return ""
        node = formula(token, self.diagnostics)
        return node.text if isinstance(node, Markup) else node.text()


def build(html: str, source: Source, diagnostics: Diagnostics) -> Element:
    """Build the tree of Markdown's output.

    Parameters
    ----------
    html : str
        The output, with placeholders.
    source : Source
        The tokens that the placeholders stand for.
    diagnostics : Diagnostics
        Receives unbalanced tags and invalid formulas.

    Returns
    -------
    Element
        The root.
    """

    def unwrap_block(match: re.Match) -> str:
        token = source.tokens[int(match[2])] if int(match[2]) < len(source.tokens) else None
        return match[1] if token is not None and token.block else match[0]

    builder = TreeBuilder(source.tokens, diagnostics)
    builder.feed(_LONE_MARK.sub(unwrap_block, html))
    return builder.finish()
