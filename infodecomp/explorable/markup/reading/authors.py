"""The authors of an essay: a list of names or of ``{name, url}``, or one text with names and links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from infodecomp.explorable.markup.parsing.sanitize import is_safe_address
from infodecomp.explorable.markup.parsing.source import tokenize

_SEPARATOR = re.compile(r"\s*(?:,\s*and\s+|,\s*&\s*|,|;|\s&\s|\sand\s)\s*")


@dataclass(frozen=True)
class Authors:
    """The authors of an essay.

    Parameters
    ----------
    html : str
        The names with their links, safe to put in a page.
    names : tuple of str
        The names in plain text.
    """

    html: str = ""
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names)


def read_authors(value: object) -> Authors:
    """Read the authors from the front matter.

    Parameters
    ----------
    value : object
        A text such as ``<a href=…>Ada</a>, Alan Turing``, or a list of names or of ``{name, url}``.

    Returns
    -------
    Authors
        Without what is not safe to link to.
    """
    if isinstance(value, list):
        people = [person for item in value for person in _people(item)]
    else:
        people = _people(value)
    html = [f'<a href="{escape(url)}">{escape(name)}</a>' if url else escape(name) for name, url in people]
    return Authors(", ".join(html), tuple(name for name, _ in people))


def _people(value: object) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        name, url = str(value.get("name") or ""), str(value.get("url") or value.get("href") or "")
        return [(name.strip(), _safe_url(url))] if name.strip() else []
    source = tokenize(str(value or ""))
    people: list[tuple[str, str]] = []
    name, url = "", ""
    for piece in re.split("(\ufdd0\\d+\ufdd1)", source.text):
        if piece.startswith("\ufdd0"):
            token = source.tokens[int(piece[1:-1])]
            if token.kind == "open" and token.tag == "a":
                url = _safe_url(token.attributes.get("href") or "")
            continue
        parts = _SEPARATOR.split(piece.replace("&amp;", "&").replace("&lt;", "<"))
        for index, part in enumerate(parts):
            if index:
                people.append((" ".join(name.split()), url))
                name, url = "", ""
            name += part
    people.append((" ".join(name.split()), url))
    return [(name, url) for name, url in people if name]


def _safe_url(url: str) -> str:
    return url.strip() if is_safe_address(url) else ""
