"""Splits an essay into Markdown and tokens: formulas, code blocks and raw tags, each with its line in the
file.

Markdown sees a placeholder instead of a token, so nothing inside a formula is emphasis and a ``|`` does not
end a table cell. Where a placeholder ends up inside code, the source of the token is put back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from html import unescape

OPEN_MARK, CLOSE_MARK = "\ufdd0", "\ufdd1"
"""Around the number of a token in a placeholder. Unicode reserves these characters; `encoding` removes
them.
"""

MARK = re.compile(f"{OPEN_MARK}(\\d+){CLOSE_MARK}")

BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt"
    " fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li"
    " link main menu meta nav ol section summary table tbody td tfoot th thead title tr ul".split()
)
INLINE_TAGS = frozenset(
    "a abbr animate b bdi bdo big br button cite code coloredtext data del dfn digits em font i img input ins"
    " kbd label mark output q ruby s samp select small span strike strong sub sup time tt u v var wbr".split()
)

_ATTRIBUTE = r"""\s+[^\s"'<>/=`]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
_OPAQUE_TAGS = "script|style|svg|math|pre|textarea|select|iframe|video|audio|canvas|object|noscript"
_TOKEN = re.compile(
    rf"""
    (?P<fenced>^(?P<fence_indent>[ \t>]*)(?P<fence>`{{3,}}|~{{3,}})[ \t]*(?P<info>[^`\n]*)\n
        (?P<fence_body>(?:.*\n)*?)[ \t>]*(?P=fence)[`~]*[ \t]*$)
  | (?P<comment><!--[\s\S]*?-->)
  | (?P<opaque><(?P<opaque_tag>{_OPAQUE_TAGS})
        (?P<opaque_attributes>(?:{_ATTRIBUTE})*)\s*>(?P<opaque_body>[\s\S]*?)</(?P=opaque_tag)\s*>)
  | (?P<math>(?<!`)`(?P<dollars>\${{1,2}})(?P<latex>[^`]+?)(?P=dollars)`(?!`))
  | (?P<code>(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n)[\s\S])+?(?<!`)(?P=ticks)(?!`))
  | (?P<escape>\\[\\`<>])
  | (?P<tag>(?<!\]\()<(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)
        (?P<attributes>(?:{_ATTRIBUTE})*)\s*(?P<closed>/?)>)
  | (?P<broken><(?=/?(?:div|p|span|a|section|figure|img|script|v|data|digits|animate)\b)|<!--)
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_ATTRIBUTE_PARTS = re.compile(r"""([^\s"'<>/=`]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")


@dataclass(eq=False)
class Token:
    """A piece of the source that is not Markdown.

    Parameters
    ----------
    kind : str
        ``open``, ``close``, ``single`` (``<br>``, ``<x/>``), ``math``, ``code`` (a fenced block) or
        ``opaque`` (an element that contains no Markdown, such as a script or an SVG).
    source, line
        Its text and its line in the file.
    tag, attributes
        Of an element.
    body : str
        The content of a formula, a code block or an opaque element.
    display : bool
        Whether a formula is a block of its own.
    block : bool
        Whether it is a block rather than part of a line.
    matched : bool
        Whether an opening tag has a closing one.
    """

    kind: str
    source: str
    line: int
    tag: str = ""
    attributes: dict[str, str | None] = field(default_factory=dict)
    body: str = ""
    display: bool = False
    block: bool = False
    matched: bool = True


@dataclass
class Source:
    """A tokenized essay.

    Parameters
    ----------
    text : str
        Markdown with a placeholder for each token.
    tokens : list of Token
        What the placeholders stand for.
    broken : list of (int, str)
        Line and text of each ``<`` that looks like a tag but never ends.
    """

    text: str
    tokens: list[Token]
    broken: list[tuple[int, str]]


def parse_attributes(text: str) -> dict[str, str | None]:
    """The attributes of a tag. If a name occurs twice, the first one counts, as in a browser."""
    attributes: dict[str, str | None] = {}
    for name, double, single, unquoted in _ATTRIBUTE_PARTS.findall(text):
        has_value = (
            f"{name}=" in re.sub(r"\s*=\s*", "=", text) if not (double or single or unquoted) else True
        )
        value = unescape(double or single or unquoted) if has_value else None
        attributes.setdefault(name.lower(), value)
    return attributes


def protected_spans(text: str) -> list[tuple[int, int]]:
    """The (start, end) of code, formulas, scripts and tags, in which no character may be changed."""
    return [match.span() for match in _TOKEN.finditer(text)]


def tokenize(text: str, first_line: int = 1) -> Source:
    """Split a text into Markdown and tokens.

    Parameters
    ----------
    text : str
        The essay without its front matter.
    first_line : int
        The line of the file on which it begins.

    Returns
    -------
    Source
    """
    text = text.replace(OPEN_MARK, "").replace(CLOSE_MARK, "")  # front matter may have them as escapes
    starts = [0] + [match.end() for match in re.finditer("\n", text)]
    tokens: list[Token] = []
    broken: list[tuple[int, str]] = []
    pieces: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        line = first_line + bisect_right(starts, match.start()) - 1
        pieces.append(text[end : match.start()])
        end = match.end()
        if match["comment"] is not None:
            continue
        if match["code"] is not None:
            pieces.append(match[0])
        elif match["escape"] is not None:
            pieces.append({"\\<": "&lt;", "\\>": "\\>"}.get(match[0], match[0]))
        elif match["broken"] is not None:
            broken.append((line, text[match.start() : match.start() + 24].split("\n")[0]))
            pieces.append("&lt;" + match[0][1:])
        else:
            token = _token(match, line)
            before = match["fence_indent"] if match["fenced"] is not None else ""
            pieces.append(f"{before}{OPEN_MARK}{len(tokens)}{CLOSE_MARK}")
            tokens.append(token)
    pieces.append(text[end:])
    _match_tags(tokens)
    return Source("".join(pieces), tokens, broken)


def _token(match: re.Match, line: int) -> Token:
    if match["fenced"] is not None:
        return _fence(match, line)
    if match["opaque"] is not None:
        return _opaque(match, line)
    if match["math"] is not None:
        return Token("math", match[0], line, body=match["latex"].strip(), display=match["dollars"] == "$$")
    tag = match["name"].lower()
    kind = "close" if match["slash"] else "single" if match["closed"] or tag in _SINGLE else "open"
    attributes = parse_attributes(match["attributes"])
    return Token(kind, match[0], line, tag, attributes, block=tag in BLOCK_TAGS)


_SINGLE = frozenset("area base br col embed hr img input link meta param source track wbr".split())


def _fence(match: re.Match, line: int) -> Token:
    """The token of a fenced block; if its language is ``math``, it is a formula."""
    indent = len(match["fence_indent"])
    lines = match["fence_body"].split("\n")
    body = "\n".join(row[min(indent, len(row) - len(row.lstrip(" \t>"))) :] for row in lines)
    language = (match["info"].split() or [""])[0].strip("{}")
    if language == "math":
        return Token("math", match[0].lstrip(), line, body=body.strip(), display=True)
    has_language = re.fullmatch(r"[\w+#-]+", language)
    attributes: dict[str, str | None] = {"class": f"language-{language}"} if has_language else {}
    return Token("code", match[0].lstrip(), line, "pre", attributes, body=body, block=True)


def _opaque(match: re.Match, line: int) -> Token:
    tag, body = match["opaque_tag"].lower(), match["opaque_body"]
    attributes = parse_attributes(match["opaque_attributes"])
    kind = (attributes.get("type") or "").lower()
    if tag == "script" and kind.startswith("math/tex"):
        latex = body.strip()
        dollars = re.fullmatch(r"\$\$([\s\S]*)\$\$", latex) or re.fullmatch(r"\$([\s\S]*)\$", latex)
        display = latex.startswith("$$") or "mode=display" in kind.replace(" ", "")
        return Token("math", match[0], line, body=(dollars[1] if dollars else latex).strip(), display=display)
    block = tag in {"script", "style", "pre", "iframe", "video", "noscript"}
    return Token("opaque", match[0], line, tag, attributes, body=body, block=block)


def _match_tags(tokens: list[Token]) -> None:
    """Find the opening tags that have no closing tag."""
    unclosed: list[Token] = []
    for token in tokens:
        if token.kind == "open":
            token.matched = False
            unclosed.append(token)
        elif token.kind == "close":
            for index in range(len(unclosed) - 1, -1, -1):
                if unclosed[index].tag == token.tag:
                    unclosed[index].matched = True
                    del unclosed[index:]
                    break
