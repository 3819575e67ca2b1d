"""Footnotes: numbered in reading order, with their text at the end of the page and a link back."""

from __future__ import annotations

from infodecomp.explorable.core.diagnostics import did_you_mean
from infodecomp.explorable.markup.parsing.tree import Element
from infodecomp.explorable.markup.transforms.definitions import Definition
from infodecomp.explorable.markup.transforms.endnotes import EndnoteSection

TITLES = frozenset(("footnotes", "notes", "endnotes", "footnote"))
"""Headings, in lower case, under which an essay may list its footnotes."""


class Footnotes(EndnoteSection):
    """The footnotes of one page."""

    css_class, role, default_title = "footnotes", "doc-endnotes", "Notes"
    unused_message, reference_id = "nothing refers to the footnote", "fnref"

    def refer(self, mark: Element) -> Definition | None:
        """Replace ``<a class='footstart' key='k'></a>`` by a numbered reference.

        Returns
        -------
        Definition or None
            The note, where this is the first reference to it.
        """
        key = (mark.attributes.get("key") or "").strip()
        definition = self.definitions.by_key.get(key)
        if definition is None:
            near = did_you_mean(key, self.definitions.by_key)
            self.diagnostics.error(mark.line, f"no footnote has the key '{key}'{near}")
            error = Element("span", {"class": "problem", "role": "note"}, [f"no note '{key}'"])
            mark.replace(error, *mark.children)
            return None
        is_first = key not in self.numbers
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
        _strip_space_before(mark)
        mark.replace(link, *mark.children)
        return definition if is_first else None

    def item(self, key: str) -> Element:
        """The list item of one note."""
        item = Element.of("li", {"id": f"fn-{self.slug(key)}"}, self.definitions.by_key[key].blocks)
        self.append_back_link(item, key, f"Back to note {self.numbers[key]} in the text")
        return item


def _strip_space_before(mark: Element) -> None:
    """Remove white space before a note, so that its number never begins a line; part two notes by a comma."""
    siblings = mark.container.children
    index = mark.index()
    before = siblings[index - 1] if index else None
    if isinstance(before, str):
        siblings[index - 1] = before.rstrip()
        if not before.strip() and index > 1:
            before = siblings[index - 2]
    if isinstance(before, Element) and "footnote-ref" in before.classes:
        siblings.insert(mark.index(), Element("sup", children=[","], parent=mark.parent))
