"""Footnotes: numbered in the order in which a reader meets them, with the text at the end and a link back."""

from __future__ import annotations

from infodecomp.explorable.core.diagnostics import did_you_mean
from infodecomp.explorable.markup.parsing.tree import Element
from infodecomp.explorable.markup.transforms.definitions import Definition
from infodecomp.explorable.markup.transforms.end_lists import EndList

TITLES = frozenset(("footnotes", "notes", "endnotes", "footnote"))


class Notes(EndList):
    """The notes of one page."""

    kind, role, id, title = "footnotes", "doc-endnotes", "footnotes", "Notes"
    unused, mark = "nothing refers to the footnote", "fnref"

    def refer(self, mark: Element) -> Definition | None:
        """Put a reference in the place of ``<a class='footstart' key='k'></a>``; the note, where this is its first."""
        key = (mark.attributes.get("key") or "").strip()
        definition = self.definitions.by_key.get(key)
        if definition is None:
            near = did_you_mean(key, self.definitions.by_key)
            self.diagnostics.error(mark.line, f"no footnote has the key '{key}'{near}")
            mark.replace(
                Element("span", {"class": "problem", "role": "note"}, [f"no note '{key}'"]), *mark.children
            )
            return None
        first = key not in self.numbers
        number, identifier = self.use(key)
        name = self.slug(key)
        link = Element(
            "a",
            {
                "class": "footnote-ref",
                "id": identifier,
                "href": f"#fn-{name}",
                "role": "doc-noteref",
                "data-note": f"fn-{name}",
                "aria-label": f"Note {number}",
            },
        )
        link.append(Element("sup", children=[str(number)]))
        _pull_left(mark)
        mark.replace(link, *mark.children)
        return definition if first else None

    def item(self, key: str) -> Element:
        item = Element("li", {"id": f"fn-{self.slug(key)}"}).take(self.definitions.by_key[key].blocks)
        self.append_back_link(item, key, f"Back to note {self.numbers[key]} in the text")
        return item


def _pull_left(mark: Element) -> None:
    """Take away the white space before a note, so that its number never begins a line."""
    place = mark.place()
    siblings = mark.parent.children
    if place and isinstance(siblings[place - 1], str):
        siblings[place - 1] = siblings[place - 1].rstrip()
        if not siblings[place - 1] and place > 1:
            place -= 1
    if place and isinstance(siblings[place - 1], Element) and "footnote-ref" in siblings[place - 1].classes:
        comma = Element("sup", children=[","], parent=mark.parent)
        siblings.insert(mark.place(), comma)
