"""Removes scripts, stylesheets, inline styles and event handlers: the Content-Security-Policy blocks them
anyway.
"""

from __future__ import annotations

import re

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.tree import Element

_ADDRESS_ATTRIBUTES = ("href", "src", "action", "formaction", "xlink:href", "poster", "data")
_SCRIPT_ADDRESS = re.compile(
    r"(?:javascript|vbscript|data(?!:image/(?:png|gif|jpeg|webp|avif|svg)))\s*:", re.IGNORECASE
)
_FORBIDDEN_TAGS = frozenset(("script", "style", "base", "meta", "title", "object", "embed", "noscript"))
_PAGE_TAGS = frozenset(("html", "head", "body"))


def is_safe_address(address: str) -> bool:
    """Whether an address may be linked to, that is, whether it runs no script."""
    return not _SCRIPT_ADDRESS.match(re.sub(r"[\x00-\x20]+", "", address))


def sanitize(root: Element, diagnostics: Diagnostics) -> None:
    """Remove forbidden elements and attributes; report them in one warning, at the line of the first."""
    counts: dict[str, int] = {}
    first_line: int | None = None
    for element in list(root.walk()):
        what = _forbidden_element(element)
        if what:
            element.replace()
            found = [what]
        elif element.tag in _PAGE_TAGS:
            element.unwrap()
            continue
        else:
            found = _clean_attributes(element)
        for what in found:
            counts[what] = counts.get(what, 0) + 1
            first_line = first_line or element.line
    if counts:
        parts = [f"{count} {what}{'s' if count > 1 else ''}" for what, count in counts.items()]
        verb = "was" if sum(counts.values()) == 1 else "were"
        diagnostics.warning(
            first_line, f"{', '.join(parts)} {verb} taken out: a page runs and styles nothing of its own"
        )


def _forbidden_element(element: Element) -> str | None:
    if element.tag == "link":
        return "stylesheet" if "stylesheet" in (element.attributes.get("rel") or "") else "link tag"
    if element.tag in _FORBIDDEN_TAGS:
        return {"script": "script", "style": "stylesheet"}.get(element.tag, f"<{element.tag}>")
    return None


def _clean_attributes(element: Element) -> list[str]:
    found = []
    for name in list(element.attributes):
        value = element.attributes[name] or ""
        if name == "style":
            found.append("style attribute")
        elif name.startswith("on"):
            found.append("event handler")
        elif name == "srcdoc" or (name in _ADDRESS_ATTRIBUTES and not is_safe_address(value)):
            found.append("unsafe address")
        else:
            continue
        del element.attributes[name]
    return found
