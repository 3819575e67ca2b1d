"""Builds one balanced tree from Markdown's output and the raw tags of the essay."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.formula import formula
from infodecomp.explorable.markup.parsing.open_elements import OpenElements
from infodecomp.explorable.markup.parsing.source import CLOSE_MARK, MARK, OPEN_MARK, Source, Token
from infodecomp.explorable.markup.parsing.tree import VOID, Element, Markup

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
    opaque_line : int, optional
        The line of an element with HTML but no Markdown, such as an SVG, if that is what is parsed.
    """

    def __init__(self, tokens: list[Token], diagnostics: Diagnostics, opaque_line: int | None = None):
        super().__init__(convert_charrefs=True)
        self.tokens, self.diagnostics, self.opaque_line = tokens, diagnostics, opaque_line
        self.open = OpenElements(diagnostics, quiet=opaque_line is not None)
        self.code_depth = 0
        self.buffer: list[str] = []

    # Elements made by Markdown

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self._flush()
        found = {name: self._plain_attribute(value) for name, value in attributes}
        if self.opaque_line is not None:
            self.open.start(tag, dict(found), self.opaque_line, written=True)
            return
        if tag in _HEADINGS:
            while self.open.current.written and not self.open.current.matched:
                self.open.leave()
        self.open.start(tag, found, None, written=False)
        self.code_depth += tag in ("code", "pre")

    def handle_startendtag(self, tag: str, attributes: list) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._flush()
        if self.opaque_line is not None:
            self.open.end_written(tag, self.opaque_line, quiet=True)
            return
        if tag in ("code", "pre"):
            self.code_depth = max(0, self.code_depth - 1)
        target = self.open.current
        while target is not self.open.root and (target.written or target.tag != tag):
            target = target.container
        if target is self.open.root:
            return
        self.open.leave_to(target)
        self.open.leave()

    def handle_data(self, data: str) -> None:
        self.buffer.append(data)

    def finish(self) -> Element:
        """Close what is open and return the root."""
        self.close()
        self._flush()
        self.open.leave_to(self.open.root)
        return self.open.root

    # Tags written in the essay

    def _flush(self) -> None:
        text, self.buffer = "".join(self.buffer), []
        parts = MARK.split(text)
        for index, part in enumerate(parts):
            if index % 2 and int(part) < len(self.tokens):
                self._token(self.tokens[int(part)])
            elif part and not index % 2:
                self.open.add_text(_STRAY_MARK.sub("", part))

    def _token(self, token: Token) -> None:
        if self.code_depth:
            self.open.add_text(_STRAY_MARK.sub("", token.source))
        elif token.kind == "open":
            self._start_written(token)
        elif token.kind == "close":
            self.open.end_written(token.tag, token.line)
        elif token.kind == "single":
            if self._start_written(token) and token.tag not in VOID:
                self.open.leave()
        elif token.kind == "math":
            self.open.current.append(formula(token, self.diagnostics))
        elif token.kind == "code":
            self._code(token)
        elif token.tag in ("script", "style"):
            self.open.current.append(
                Element(token.tag, dict(token.attributes), line=token.line, written=True)
            )
        else:
            self._opaque(token)

    def _code(self, token: Token) -> None:
        opened = int(self.open.start("pre", {}, token.line, written=True))
        opened += self.open.start("code", dict(token.attributes), token.line, written=True)
        self.open.add_text(_STRAY_MARK.sub("", token.body))
        for _ in range(opened):
            self.open.leave()

    def _opaque(self, token: Token) -> None:
        """Parse an element that contains HTML but no Markdown, such as an SVG."""
        inner = TreeBuilder(self.tokens, self.diagnostics, token.line)
        inner.feed(_DECLARATION.sub("&lt;!", token.source))
        for child in inner.finish().children:
            self.open.current.append(child)

    def _start_written(self, token: Token) -> bool:
        """Open an element, or give its attributes to the paragraph around it; False if it is too deep."""
        if (
            token.tag == "p"
            and self.open.current.tag == "p"
            and not self.open.current.written
            and self.open.current.is_empty()
        ):
            self.open.current.attributes.update(token.attributes)
            self.open.current.line = token.line
            return True
        attributes = dict(token.attributes)
        return self.open.start(token.tag, attributes, token.line, written=True, matched=token.matched)

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
