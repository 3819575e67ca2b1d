"""Passes that clean up paragraphs, pictures and tables."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.tree import Element, Markup, is_blank, trimmed
from infodecomp.explorable.markup.transforms.headings import HEADINGS

_HOLDS_A_LINE = frozenset(
    ("li", "dt", "dd", "td", "th", "figcaption", "summary", "caption", "legend", *HEADINGS)
)
MANY_COLUMNS = 4  # from here on the columns of a table are too narrow on a phone
ROLES = {
    "table": "table",
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tr": "row",
    "th": "columnheader",
    "td": "cell",
}
_NEVER_A_PARAGRAPH = frozenset(("summary", "caption", "legend", "figcaption", "th", *HEADINGS))


def tidy_paragraphs(root: Element) -> None:
    """Remove empty paragraphs, and unwrap those that are the only line of a cell, a caption or a title."""
    for paragraph in list(root.find("p")):
        if paragraph.parent is None:
            continue
        content = trimmed(paragraph.children)
        has_attributes = paragraph.attributes.get("id") or paragraph.attributes.get("class")
        if not content and not (has_attributes and not paragraph.children):
            paragraph.replace()
            continue
        paragraph.set_children(content)
        if (
            len(content) == 1
            and isinstance(content[0], Markup)
            and content[0].block
            and not paragraph.attributes
        ):
            paragraph.replace(Element("div", {"class": "math-block"}, content))
        elif not paragraph.attributes and _is_only_line(paragraph):
            container = paragraph.container
            paragraph.unwrap()
            container.set_children(trimmed(container.children))


def _is_only_line(paragraph: Element) -> bool:
    container = paragraph.container
    if container.tag in _NEVER_A_PARAGRAPH:
        return True
    is_alone = all(child is paragraph or is_blank(child) for child in container.children)
    one_line = (
        container.tag == "div"
        and container.written
        and container.line is not None
        and container.line == container.end_line
    )
    return is_alone and container.written and (container.tag in _HOLDS_A_LINE or one_line)


def check_pictures(root: Element, folder: Path, line_of: dict[str, int], diagnostics: Diagnostics) -> None:
    """Make every picture lazy and give it an alternative text; report missing texts and missing files.

    Parameters
    ----------
    root : Element
        The page.
    folder : Path
        Where the files of relative addresses are.
    line_of : dict of str to int
        The line of each address that is written in Markdown.
    diagnostics : Diagnostics
        Receives what is missing.
    """
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
    """Give every table its class and every header cell its scope."""
    for table in root.find("table"):
        table.attributes["class"] = " ".join(dict.fromkeys([*table.classes, "table"]))
    for cell in root.find("th"):
        row = cell.closest("tr")
        in_head = cell.closest("thead") is not None
        cells = [child for child in row.children if isinstance(child, Element)] if row is not None else [cell]
        heads_row = not in_head and cells[0] is cell and any(other.tag == "td" for other in cells)
        cell.attributes.setdefault("scope", "row" if heads_row else "col")
    for table in root.find("table"):
        name_columns(table)


def name_columns(table: Element) -> None:
    """Let a table of many columns show each row as a block on a phone, where a cell names its column.

    Its roles keep it a table for assistive technology, whatever a style sheet makes of it.
    """
    heads, *rows = [list(row.find("th", "td")) for row in table.find("tr")] or [[]]
    if len(heads) < MANY_COLUMNS or any(cell.tag != "th" for cell in heads) or not all(rows):
        return
    table.attributes["class"] = " ".join([*table.classes, "many"])
    for element in [table, *table.find(*ROLES)]:
        element.attributes["role"] = ROLES[element.tag]
    for first, *others in rows:
        first.attributes["role"] = "rowheader"
        for head, cell in zip(heads[1:], others):
            cell.attributes["data-column"] = head.text()
