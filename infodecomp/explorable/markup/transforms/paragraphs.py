"""The small repairs that make a tree good HTML: paragraphs, pictures, tables."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.tree import Element, Markup, is_blank, trimmed
from infodecomp.explorable.markup.transforms.headings import HEADINGS

_HOLDS_A_LINE = frozenset(
    ("li", "dt", "dd", "td", "th", "figcaption", "summary", "caption", "legend", *HEADINGS)
)
_NEVER_A_PARAGRAPH = frozenset(("summary", "caption", "legend", "figcaption", "th", *HEADINGS))


def tidy_paragraphs(root: Element) -> None:
    """Leave out paragraphs of nothing but line breaks, and those around the only line of a cell, a caption, a title."""
    for paragraph in list(root.find("p")):
        if paragraph.parent is None:
            continue
        kept = trimmed(paragraph.children)
        keeps_place = paragraph.attributes.get("id") or paragraph.attributes.get("class")
        if not kept and not (keeps_place and not paragraph.children):
            paragraph.replace()
            continue
        paragraph.take(kept)
        if len(kept) == 1 and isinstance(kept[0], Markup) and kept[0].block and not paragraph.attributes:
            paragraph.replace(Element("div", {"class": "math-block"}, kept))
        elif not paragraph.attributes and _is_only_line(paragraph):
            around = paragraph.parent
            paragraph.unwrap()
            around.take(trimmed(around.children))


def _is_only_line(paragraph: Element) -> bool:
    around = paragraph.parent
    if around.tag in _NEVER_A_PARAGRAPH:
        return True
    is_alone = all(child is paragraph or is_blank(child) for child in around.children)
    one_line = (
        around.tag == "div" and around.written and around.line is not None and around.line == around.end_line
    )
    return is_alone and around.written and (around.tag in _HOLDS_A_LINE or one_line)


def check_pictures(root: Element, folder: Path, line_of: dict[str, int], diagnostics: Diagnostics) -> None:
    """Every picture gets an alternative text; report the missing texts and the missing files."""
    for picture in root.find("img"):
        address = picture.attributes.get("src") or ""
        line = picture.line or line_of.get(address)
        if picture.attributes.get("alt") is None:
            picture.attributes["alt"] = ""
            remedy = 'write alt="…", or alt="" for decoration'
            diagnostics.warning(line, f"the picture '{address}' has no alternative text; {remedy}")
        picture.attributes.setdefault("loading", "lazy")
        if not address:
            diagnostics.warning(line, 'a picture without an address; write src="…"')
        elif _is_missing(address, folder):
            diagnostics.warning(line, f"the picture '{address}' is not beside the essay")


def _is_missing(address: str, folder: Path) -> bool:
    try:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or address.startswith("/"):
            return False
        return not (folder / unquote(parts.path)).is_file()
    except (ValueError, OSError):
        return True


def scope_tables(root: Element) -> None:
    """Every table gets its class, and every header cell says whether it heads a column or a row."""
    for table in root.find("table"):
        table.attributes["class"] = " ".join(dict.fromkeys([*table.classes, "table"]))
    for cell in root.find("th"):
        row = cell.closest("tr")
        in_head = cell.closest("thead") is not None
        cells = [child for child in row.children if isinstance(child, Element)] if row is not None else [cell]
        heads_row = not in_head and cells[0] is cell and any(other.tag == "td" for other in cells)
        cell.attributes.setdefault("scope", "row" if heads_row else "col")
