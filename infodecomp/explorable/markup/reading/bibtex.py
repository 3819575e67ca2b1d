"""BibTeX entries as they stand in a file: their fields in plain text, their source as it was written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_HEAD = re.compile(r"@\s*([A-Za-z]+)\s*([{(])\s*")
_FIELD = re.compile(r"\s*([A-Za-z][\w-]*)\s*=\s*")
_ACCENTS = dict(
    zip(
        "'`\"^~cv=.uHkr",
        "\u0301\u0300\u0308\u0302\u0303\u0327\u030c\u0304\u0307\u0306\u030b\u0328\u030a",
        strict=True,
    )
)
_LETTERS = {
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "aa": "å",
    "AA": "Å",
    "i": "i",
    "j": "j",
}


@dataclass(frozen=True)
class Entry:
    """One BibTeX entry: its kind (``article``), key, fields in plain text, its source as given, and its line."""

    kind: str
    key: str
    fields: dict[str, str]
    source: str
    line: int = 1


def parse_bibtex(text: str) -> tuple[list[Entry], list[tuple[int, str]]]:
    """The entries in ``text``, and what could not be read as ``(line, message)``."""
    entries: list[Entry] = []
    complaints: list[tuple[int, str]] = []
    strings: dict[str, str] = {}
    position = 0
    while head := _HEAD.search(text, position):
        line = text.count("\n", 0, head.start()) + 1
        end = _closing(text, head.end(2) - 1)
        if end is None:
            complaints.append((line, f"the entry '@{head[1]}' is never closed"))
            position = head.end()
            continue
        body, position = text[head.end() : end], end + 1
        kind = head[1].lower()
        if kind in ("comment", "preamble"):
            continue
        if kind == "string":
            strings.update(_fields(body, strings))
            continue
        key, comma, rest = body.partition(",")
        if not comma or not key.strip() or "=" in key:
            complaints.append((line, f"the entry '@{head[1]}' has no key"))
            continue
        entries.append(Entry(kind, key.strip(), _fields(rest, strings), text[head.start() : end + 1], line))
    return entries, complaints


def _closing(text: str, start: int) -> int | None:
    """Where the bracket that opens at ``start`` closes."""
    depth = 0
    closer = "}" if text[start] == "{" else ")"
    for index in range(start, len(text)):
        character = text[index]
        if character == "{" or (index == start):
            depth += 1
        elif character == "}" and closer == "}":
            depth -= 1
            if depth == 0:
                return index
        elif character == "}":
            depth -= 1
        elif character == closer and depth == 1:
            return index
    return None


def _fields(body: str, strings: dict[str, str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    position = 0
    while match := _FIELD.search(body, position):
        value, position = _value(body, match.end(), strings)
        fields.setdefault(match[1].lower(), plain_text(value))
    return fields


def _value(body: str, start: int, strings: dict[str, str]) -> tuple[str, int]:
    """A field's value, ``{…}``, ``"…"``, a number or a name, joined over ``#``, and where it ends."""
    parts = []
    while True:
        while start < len(body) and body[start].isspace():
            start += 1
        if start < len(body) and body[start] == "{":
            end = _closing(body, start)
            end = len(body) if end is None else end
            parts.append(body[start + 1 : end])
            start = end + 1
        elif start < len(body) and body[start] == '"':
            end, depth = start + 1, 0
            while end < len(body) and (body[end] != '"' or depth):
                depth += (body[end] == "{") - (body[end] == "}")
                end += 1
            parts.append(body[start + 1 : end])
            start = end + 1
        else:
            word = re.compile(r"[^,#}\s]*").match(body, start)
            parts.append(strings.get(word[0].lower(), word[0]))
            start = word.end()
        joined = re.compile(r"\s*#").match(body, start)
        if not joined:
            return "".join(parts), start
        start = joined.end()


def plain_text(value: str) -> str:
    """A field without BibTeX's braces and accents: ``{\\"o}`` is ``ö``."""

    def accent(match: re.Match) -> str:
        return unicodedata.normalize("NFC", match[2] + _ACCENTS[match[1]])

    value = re.sub(r"\\([a-zA-Z]+)(?![a-zA-Z])\s*", lambda match: _LETTERS.get(match[1], match[0]), value)
    value = re.sub(r"""\\(['`"^~=.])\s*\{?([A-Za-z])\}?""", accent, value)
    value = re.sub(r"\\([cvuHkr])(?:\s+|\s*\{)([A-Za-z])\}?", accent, value)
    value = re.sub(r"\\([&%$#_{}])", r"\1", value)
    value = value.replace("---", "—").replace("--", "–").replace("~", " ")
    return " ".join(re.sub(r"[{}]", "", value).split())
