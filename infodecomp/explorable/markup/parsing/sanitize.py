"""What a page's strict policy would block anyhow is taken out of an essay: scripts, stylesheets, inline styles, handlers."""

from __future__ import annotations

import re

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.tree import Element

_ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "poster", "data")
_DANGEROUS = re.compile(
    r"(?:javascript|vbscript|data(?!:image/(?:png|gif|jpeg|webp|avif|svg)))\s*:", re.IGNORECASE
)
_NEVER = frozenset(("script", "style", "base", "meta", "title", "object", "embed", "noscript"))
_PAGE = frozenset(("html", "head", "body"))


def is_safe_address(address: str) -> bool:
    """Whether a link may lead there: nothing that runs as a script."""
    return not _DANGEROUS.match(re.sub(r"[\x00-\x20]+", "", address))


def sanitize(root: Element, diagnostics: Diagnostics) -> None:
    """Take out what the policy forbids, and say so in one warning, with the line of the first."""
    counts: dict[str, int] = {}
    first_line: int | None = None
    for element in list(root.walk()):
        what = _forbidden_element(element)
        if what:
            element.replace()
            found = [what]
        elif element.tag in _PAGE:
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
    if element.tag in _NEVER:
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
        elif name == "srcdoc" or (name in _ADDRESSES and not is_safe_address(value)):
            found.append("unsafe address")
        else:
            continue
        del element.attributes[name]
    return found
