"""Citations: one bracket of numbers for one tag, references in the order of first use, and their BibTeX."""

from __future__ import annotations

from dataclasses import dataclass

from infodecomp.explorable.core.diagnostics import Diagnostics, did_you_mean
from infodecomp.explorable.markup.parsing.tree import Element
from infodecomp.explorable.markup.reading.bibtex import Entry
from infodecomp.explorable.markup.transforms.definitions import Definition, Definitions
from infodecomp.explorable.markup.transforms.end_lists import EndList
from infodecomp.explorable.markup.transforms.reference_lines import entry_from_reference, reference_from_entry

TITLES = frozenset(("references", "bibliography", "citations", "sources", "literature", "further reading"))


@dataclass(frozen=True)
class Reference:
    """One reference as the page lists it; ``bibtex`` is its entry, given or made from the line."""

    key: str
    number: int
    id: str
    html: str
    text: str
    bibtex: str


class Citations(EndList):
    """The citations of one page; ``entries`` are the BibTeX entries given beside the essay or in its front matter."""

    kind, role, id, title = "references", "doc-bibliography", "references", "References"
    unused, mark = "nothing cites the reference", "citeref"

    def __init__(self, definitions: Definitions, entries: dict[str, Entry], diagnostics: Diagnostics):
        super().__init__(definitions, diagnostics)
        self.entries = entries
        self.references: list[Reference] = []

    def cite(self, mark: Element) -> list[Definition]:
        """Put a bracket in the place of ``<a class='citestart' key='k1 k2'></a>``; the references met for the first time."""
        keys = (mark.attributes.get("key") or "").replace(",", " ").split()
        if not keys:
            self.diagnostics.error(mark.line, "a citation without a key; write key='…' in its tag")
        bracket = Element("span", {"class": "cite"}, ["["])
        first_met = []
        for index, key in enumerate(dict.fromkeys(keys)):
            if index:
                bracket.append(", ")
            definition = self._find(key)
            if definition is None:
                self._dangling(key, mark.line, bracket)
                continue
            if key not in self.numbers:
                first_met.append(definition)
            bracket.append(self._link(key))
        bracket.append("]")
        _keep_with_word(mark)
        mark.replace(*([bracket] if keys else []), *mark.children)
        return first_met

    def _find(self, key: str) -> Definition | None:
        definition = self.definitions.by_key.get(key)
        if definition is None and key in self.entries:
            definition = Definition(key, 0, [Element("p").take(reference_from_entry(self.entries[key]))])
            self.definitions.by_key[key] = definition
        return definition

    def _dangling(self, key: str, line: int | None, bracket: Element) -> None:
        known = [*self.definitions.by_key, *self.entries]
        self.diagnostics.error(line, f"no reference has the key '{key}'{did_you_mean(key, known)}")
        bracket.append(Element("span", {"class": "problem", "role": "note"}, [f"no reference '{key}'"]))

    def _link(self, key: str) -> Element:
        number, identifier = self.use(key)
        name = self.slug(key)
        attributes = {
            "href": f"#ref-{name}",
            "id": identifier,
            "data-note": f"ref-{name}",
            "role": "doc-biblioref",
            "aria-label": f"Reference {number}",
        }
        return Element("a", attributes, [str(number)])

    def item(self, key: str) -> Element:
        definition, name, number = self.definitions.by_key[key], self.slug(key), self.numbers[key]
        blocks = definition.blocks
        only = blocks[0].children if len(blocks) == 1 and blocks[0].tag == "p" else blocks
        item = Element("li", {"id": f"ref-{name}"}).take(list(only))
        html, text = "".join(_inner(item)), " ".join(item.text().split())
        entry = self.entries.get(key)
        bibtex = entry.source if entry is not None else entry_from_reference(key, item)
        self.references.append(Reference(key, number, f"ref-{name}", html, text, bibtex))
        self.append_back_link(item, key, f"Back to the first citation of reference {number}")
        return item


def _inner(item: Element) -> str:
    return Element("").take(item.children).html()


def _keep_with_word(mark: Element) -> None:
    """Make the space before a bracket one that does not break, so that the bracket never begins a line."""
    place = mark.place()
    siblings = mark.parent.children
    if place and isinstance(siblings[place - 1], str):
        text = siblings[place - 1]
        if text != text.rstrip() and (text.strip() or place > 1):
            siblings[place - 1] = text.rstrip() + "\u00a0"
