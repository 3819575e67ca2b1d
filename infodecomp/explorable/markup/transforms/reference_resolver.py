"""Resolves the notes and citations of a page in reading order: first the text, then note by note."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.tree import Element
from infodecomp.explorable.markup.reading.bibtex import Entry
from infodecomp.explorable.markup.transforms import citations, footnotes
from infodecomp.explorable.markup.transforms.definitions import Definition, collect


class ReferenceResolver:
    """The notes and references of one essay. Creating it moves their definitions out of the tree.

    Parameters
    ----------
    root : Element
        The page.
    entries : dict of str to Entry
        The BibTeX entries that the essay can cite, by key.
    diagnostics : Diagnostics
        Receives what does not resolve.
    """

    def __init__(self, root: Element, entries: dict[str, Entry], diagnostics: Diagnostics):
        self.root = root
        references = collect(root, "citeend", "reference", citations.TITLES, diagnostics)
        notes = collect(root, "footend", "footnote", footnotes.TITLES, diagnostics)
        self.citations = citations.Citations(references, entries, diagnostics)
        self.footnotes = footnotes.Footnotes(notes, diagnostics)

    def resolve(self) -> None:
        """Number and link every note and citation; those that the text never refers to come last."""
        self._resolve_all([self.root])
        self._resolve_all(definition.body() for definition in self.footnotes.number_unused())
        self._resolve_all(definition.body() for definition in self.citations.number_unused())

    def _resolve_all(self, bodies: Iterable[Element]) -> None:
        """Breadth first, as a note may itself refer to notes and references."""
        queue = deque(bodies)
        while queue:
            queue.extend(definition.body() for definition in self._resolve_marks(queue.popleft()))

    def _resolve_marks(self, body: Element) -> list[Definition]:
        notes: list[Definition] = []
        references: list[Definition] = []
        for mark in list(body.find("a")):
            if mark.parent is None:
                continue
            if "footstart" in mark.classes:
                note = self.footnotes.refer(mark)
                notes += [note] if note is not None else []
            elif "citestart" in mark.classes:
                references += self.citations.cite(mark)
        return notes + references

    def reserved_ids(self) -> set[str]:
        """The ids of the headings that the page adds because the essay has none for its notes or
        references.
        """
        sections = (self.footnotes, self.citations)
        return {
            section.css_class
            for section in sections
            if section.numbers and section.definitions.heading is None
        }

    def headings(self) -> list[Element]:
        """The essay's own headings for its notes and its references."""
        headings = (self.footnotes.definitions.heading, self.citations.definitions.heading)
        return [heading for heading in headings if heading is not None]

    def place_sections(self) -> None:
        """Put the notes and the references under their headings, or at the end of the page."""
        notes = self.footnotes.section()
        references = self.citations.section()
        if notes is not None and notes.parent is None:
            self._insert_before(notes, references)
        if references is not None and references.parent is None:
            self.root.append(references)

    def _insert_before(self, section: Element, following: Element | None) -> None:
        if following is not None and following.parent is self.root:
            self.root.children.insert(following.index(), section)
            section.parent = self.root
        else:
            self.root.append(section)
