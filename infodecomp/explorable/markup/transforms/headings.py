"""Headings: levels without a gap, ids as the usual slugs, the table of contents, and links that lead to them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from infodecomp.explorable.core.diagnostics import Diagnostics, did_you_mean
from infodecomp.explorable.markup.parsing.tree import Element, Markup

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ID = re.compile(r'\sid="([^"]+)"')


def slug(text: str) -> str:
    """The slug of a heading as code forges make it: ``It's Full of Stars`` is ``its-full-of-stars``."""
    text = unicodedata.normalize("NFC", text).lower().strip()
    text = re.sub(r"[^\w\s-]", "", text)
    return re.sub(r"[\s-]+", "-", text).strip("-")


def key_slug(key: str) -> str:
    """A note's or a reference's key as part of an id that a stylesheet can name."""
    plain = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_-]+", "-", plain).strip("-") or "x" + format(sum(map(ord, key)), "x")


def _word_slug(text: str) -> str:
    """The slug that puts a dash for whatever is no letter: ``it-s-full-of-stars``, ``what-then-``."""
    return re.sub(r"[^\w]+", "-", text.casefold())


def _bare(name: str) -> str:
    return re.sub(r"[^\w]+", "", name.casefold())


def number_headings(root: Element, taken: set[str], top: Collection[Element] = ()) -> None:
    """Give every heading its level and its id; those of ``top`` head the page's own sections, whatever their level.

    The page's own title is the h1, so the first level of the essay is h2, and no level is left out on the way down.
    """
    levels: list[int] = []
    used = taken | {element.attributes["id"] for element in root.walk() if element.attributes.get("id")}
    for heading in root.find(*HEADINGS):
        source_level = int(heading.tag[1])
        is_top = any(heading is known for known in top)
        while levels and (levels[-1] >= source_level or is_top):
            levels.pop()
        levels.append(source_level)
        heading.tag = f"h{min(len(levels) + 1, 6)}"
        text = " ".join(heading.text().split())
        if not heading.attributes.get("id"):
            heading.attributes["id"] = unique(slug(text) or "section", used)
        heading.aliases = frozenset((_word_slug(text), slug(text)))


def contents_of(root: Element) -> list[tuple[int, str, str]]:
    """The table of contents as ``(level, id, text)``."""
    headings = (heading for heading in root.find(*HEADINGS) if heading.attributes.get("id"))
    return [
        (int(heading.tag[1]), heading.attributes["id"], " ".join(heading.text().split()))
        for heading in headings
    ]


def unique(name: str, used: set[str]) -> str:
    """``name``, or ``name-2``, ``name-3`` …, the first that is not used yet; it is used from now on."""
    candidate, number = name, 1
    while candidate in used:
        number += 1
        candidate = f"{name}-{number}"
    used.add(candidate)
    return candidate


def keep_ids_unique(root: Element, diagnostics: Diagnostics) -> None:
    """Of two elements with one id the first keeps it, as links lead there."""
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
    """Lead the links inside the page to their headings, and report those that lead nowhere."""
    ids = set()
    bare_svg: dict[str, str] = {}
    for element in root.walk():
        identifier = element.attributes.get("id")
        if identifier:
            ids.add(identifier)
        for name in element.aliases:
            bare_svg.setdefault(_bare(name), identifier)
        for child in element.children:
            if isinstance(child, Markup) and child.block:
                ids.update(_ID.findall(child.html))
    for child in root.children:
        if isinstance(child, Markup):
            ids.update(_ID.findall(child.html))
    for link in root.find("a"):
        href = link.attributes.get("href") or ""
        target = href[1:]
        if not href.startswith("#") or target in ids or target in ("", "top"):
            continue
        if _bare(target) in bare_svg:
            link.attributes["href"] = "#" + bare_svg[_bare(target)]
        else:
            line = link.line or line_of.get(href)
            names = [name for name in ids if not name.startswith(("fn-", "fnref-", "ref-", "citeref-"))]
            diagnostics.warning(line, f"the link '{href}' leads nowhere{did_you_mean(target, sorted(names))}")
