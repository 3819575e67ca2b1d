"""Citations: a bracket of numbers for each citation, references in the order of first use, and their
BibTeX.
"""

from __future__ import annotations

from dataclasses import dataclass

from infodecomp.explorable.core.diagnostics import Diagnostics, did_you_mean
from infodecomp.explorable.markup.parsing.tree import Element, Node
from infodecomp.explorable.markup.reading.bibtex import Entry
from infodecomp.explorable.markup.transforms.definitions import Definition, Definitions
from infodecomp.explorable.markup.transforms.endnotes import EndnoteSection
from infodecomp.explorable.markup.transforms.reference_format import format_reference, guess_bibtex

TITLES = frozenset(("references", "bibliography", "citations", "sources", "literature", "further reading"))
"""Headings, in lower case, under which an essay may list its references."""


@dataclass(frozen=True)
class Reference:
    """One reference as the page lists it.

    Parameters
    ----------
    key, number, id
        Its key in the essay, its number on the page, and the id of its list item.
    html, text
        The item as HTML and as plain text.
    bibtex
        Its BibTeX entry, as given or guessed from the item.
    """

    key: str
    number: int
    id: str
    html: str
    text: str
    bibtex: str


class Citations(EndnoteSection):
    """The citations of one page.

    Parameters
    ----------
    definitions : Definitions
        The references that the essay itself lists.
    entries : dict of str to Entry
        BibTeX entries from its front matter and from the shared bibliography, by key.
    diagnostics : Diagnostics
        Receives unknown and unused keys.
    """

    css_class, role, default_title = "references", "doc-bibliography", "References"
    unused_message, reference_id = "nothing cites the reference", "citeref"

    def __init__(self, definitions: Definitions, entries: dict[str, Entry], diagnostics: Diagnostics):
        super().__init__(definitions, diagnostics)
        self.entries = entries
        self.references: list[Reference] = []

    def cite(self, mark: Element) -> list[Definition]:
        """Replace ``<a class='citestart' key='k1 k2'></a>`` by a bracket of numbers.

        Returns
        -------
        list of Definition
            The references that are cited here for the first time.
        """
        keys = (mark.attributes.get("key") or "").replace(",", " ").split()
        if not keys:
            self.diagnostics.error(mark.line, "a citation without a key; write key='…' in its tag")
        bracket = Element("span", {"class": "cite"}, ["["])
        first_cited = []
        for index, key in enumerate(dict.fromkeys(keys)):
            if index:
                bracket.append(", ")
            definition = self._find(key)
            if definition is None:
                self._report_unknown(key, mark.line, bracket)
                continue
            if key not in self.numbers:
                first_cited.append(definition)
            bracket.append(self._link(key))
        bracket.append("]")
        _make_space_before_unbreakable(mark)
        mark.replace(*([bracket] if keys else []), *mark.children)
        return first_cited

    def _find(self, key: str) -> Definition | None:
        definition = self.definitions.by_key.get(key)
        if definition is None and key in self.entries:
            definition = Definition(key, 0, [Element.of("p", children=format_reference(self.entries[key]))])
            self.definitions.by_key[key] = definition
        return definition

    def _report_unknown(self, key: str, line: int | None, bracket: Element) -> None:
        known = [*self.definitions.by_key, *self.entries]
        self.diagnostics.error(line, f"no reference has the key '{key}'{did_you_mean(key, known)}")
        bracket.append(Element("span", {"class": "problem", "role": "note"}, [f"no reference '{key}'"]))

    def _link(self, key: str) -> Element:
        number, identifier = self.use(key)
        name = self.slug(key)
        attributes: dict[str, str | None] = {
            "href": f"#ref-{name}",
            "id": identifier,
            "data-note": f"ref-{name}",
            "role": "doc-biblioref",
            "aria-label": f"Reference {number}",
        }
        return Element("a", attributes, [str(number)])

    def item(self, key: str) -> Element:
        """The list item of one reference, which is also added to `references`."""
        definition, name, number = self.definitions.by_key[key], self.slug(key), self.numbers[key]
        blocks = definition.blocks
        is_one_line = len(blocks) == 1 and blocks[0].tag == "p"
        content: list[Node] = list(blocks[0].children) if is_one_line else list(blocks)
        item = Element.of("li", {"id": f"ref-{name}"}, content)
        html, text = Element.of("", children=item.children).html(), " ".join(item.text().split())
        item.set_children(item.children)
        entry = self.entries.get(key)
        bibtex = entry.source if entry is not None else guess_bibtex(key, item)
        self.references.append(Reference(key, number, f"ref-{name}", html, text, bibtex))
        self.append_back_link(item, key, f"Back to the first citation of reference {number}")
        return item


def _make_space_before_unbreakable(mark: Element) -> None:
    """Keep a bracket on the line of the word before it."""
    siblings = mark.container.children
    index = mark.index()
    before = siblings[index - 1] if index else None
    if isinstance(before, str) and before != before.rstrip() and (before.strip() or index > 1):
        siblings[index - 1] = before.rstrip() + "\u00a0"
