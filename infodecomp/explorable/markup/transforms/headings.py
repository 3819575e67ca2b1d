"""Headings: their levels, their ids, the table of contents, and the links that lead to them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from infodecomp.explorable.core.diagnostics import Diagnostics, did_you_mean
from infodecomp.explorable.markup.parsing.tree import Element, Markup

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ID = re.compile(r'\sid="([^"]+)"')


def slug(text: str) -> str:
    """The slug of a heading, as GitHub makes it: ``It's Full of Stars`` is ``its-full-of-stars``."""
    text = unicodedata.normalize("NFC", text).lower().strip()
    text = re.sub(r"[^\w\s-]", "", text)
    return re.sub(r"[\s-]+", "-", text).strip("-")


def key_slug(key: str) -> str:
    """The key of a note or a reference as an ASCII part of an id."""
    plain = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_-]+", "-", plain).strip("-") or "x" + format(sum(map(ord, key)), "x")


def _dashed_slug(text: str) -> str:
    """The slug with a dash for whatever is not a letter: ``it-s-full-of-stars``, ``what-then-``."""
    return re.sub(r"[^\w]+", "-", text.casefold())


def _letters(name: str) -> str:
    """A name reduced to its letters and digits, to compare slugs made by different rules."""
    return re.sub(r"[^\w]+", "", name.casefold())


def number_headings(root: Element, taken: set[str], top: Collection[Element] = ()) -> None:
    """Give every heading its level and its id.

    The title of the page is the h1, so the essay's first level becomes h2, and no level is skipped on the
    way down.

    Parameters
    ----------
    root : Element
        The page.
    taken : set of str
        Ids that must not be used.
    top : collection of Element
        Headings of sections that belong to the page, which are h2 whatever their level in the source.
    """
    levels: list[int] = []
    used = taken | {element.id for element in root.walk() if element.id}
    for heading in root.find(*HEADINGS):
        source_level = int(heading.tag[1])
        is_top = any(heading is known for known in top)
        while levels and (levels[-1] >= source_level or is_top):
            levels.pop()
        levels.append(source_level)
        heading.tag = f"h{min(len(levels) + 1, 6)}"
        text = " ".join(heading.text().split())
        if not heading.id:
            heading.attributes["id"] = unique(slug(text) or "section", used)
        heading.aliases = frozenset((_dashed_slug(text), slug(text)))


def table_of_contents(root: Element) -> list[tuple[int, str, str]]:
    """The table of contents as ``(level, id, text)``."""
    return [
        (int(heading.tag[1]), heading.id, " ".join(heading.text().split()))
        for heading in root.find(*HEADINGS)
        if heading.id
    ]


def unique(name: str, used: set[str]) -> str:
    """The first of ``name``, ``name-2``, ``name-3`` … that is not in `used`, to which it is added."""
    candidate, number = name, 1
    while candidate in used:
        number += 1
        candidate = f"{name}-{number}"
    used.add(candidate)
    return candidate


def keep_ids_unique(root: Element, diagnostics: Diagnostics) -> None:
    """Remove the id of an element if an earlier element has the same one."""
    seen: set[str] = set()
    for element in root.walk():
        identifier = element.attributes.get("id")
        if identifier is not None and (identifier in seen or not identifier.strip()):
            del element.attributes["id"]
            diagnostics.warning(
                element.line, f"the id '{identifier}' stands on the page before; this one is left out"
            )
        elif identifier is not None:
            seen.add(identifier)


def check_links(root: Element, line_of: dict[str, int], diagnostics: Diagnostics) -> None:
    """Correct links inside the page that spell a heading's slug differently, and report links to nothing.

    Parameters
    ----------
    root : Element
        The page.
    line_of : dict of str to int
        The line of each address that is written in Markdown.
    diagnostics : Diagnostics
        Receives the broken links.
    """
    ids: set[str] = set()
    id_by_letters: dict[str, str] = {}
    for element in (root, *root.walk()):
        if element.id:
            ids.add(element.id)
        for name in element.aliases:
            id_by_letters.setdefault(_letters(name), element.id)
        for child in element.children:
            if isinstance(child, Markup) and child.block:
                ids.update(_ID.findall(child.html))
    for link in root.find("a"):
        href = link.attributes.get("href") or ""
        target = href[1:]
        if not href.startswith("#") or target in ids or target in ("", "top"):
            continue
        if _letters(target) in id_by_letters:
            link.attributes["href"] = "#" + id_by_letters[_letters(target)]
        else:
            line = link.line or line_of.get(href)
            names = [name for name in ids if not name.startswith(("fn-", "fnref-", "ref-", "citeref-"))]
            diagnostics.warning(line, f"the link '{href}' leads nowhere{did_you_mean(target, sorted(names))}")
