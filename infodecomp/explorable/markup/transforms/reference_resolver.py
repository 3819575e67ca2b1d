"""Notes and citations of a page resolved in the order in which a reader meets them: first the text, then note by note."""

from __future__ import annotations

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.tree import Element
from infodecomp.explorable.markup.reading.bibtex import Entry
from infodecomp.explorable.markup.transforms import citations
from infodecomp.explorable.markup.transforms import footnotes as notes
from infodecomp.explorable.markup.transforms.citations import Citations
from infodecomp.explorable.markup.transforms.definitions import Definition, collect
from infodecomp.explorable.markup.transforms.footnotes import Notes


class ReferenceResolver:
    """The notes and references of one essay, taken out of its tree."""

    def __init__(self, root: Element, entries: dict[str, Entry], diagnostics: Diagnostics):
        self.root = root
        self.citations = Citations(
            collect(root, "citeend", "reference", citations.TITLES, diagnostics), entries, diagnostics
        )
        self.notes = Notes(collect(root, "footend", "footnote", notes.TITLES, diagnostics), diagnostics)

    def resolve(self) -> None:
        """Number and link every note and citation; what the text never refers to comes last."""
        self._resolve_all([self.root])
        self._resolve_all([definition.body() for definition in self.notes.number_unused()])
        self._resolve_all([definition.body() for definition in self.citations.number_unused()])

    def _resolve_all(self, bodies: list[Element]) -> None:
        waiting = list(bodies)
        while waiting:
            for definition in self._resolve_marks(waiting.pop(0)):
                body = definition.body()
                waiting.append(body)

    def _resolve_marks(self, body: Element) -> list[Definition]:
        met: list[Definition] = []
        references: list[Definition] = []
        for mark in list(body.find("a")):
            if mark.parent is None:
                continue
            if "footstart" in mark.classes:
                note = self.notes.refer(mark)
                met += [note] if note is not None else []
            elif "citestart" in mark.classes:
                references += self.citations.cite(mark)
        return met + references

    def own_ids(self) -> set[str]:
        """The ids of the headings that the essay leaves to the page."""
        ids = {"footnotes"} if self.notes.numbers and self.notes.definitions.heading is None else set()
        return ids | (
            {"references"} if self.citations.numbers and self.citations.definitions.heading is None else set()
        )

    def headings(self) -> list[Element]:
        """The essay's own headings above its notes and its references."""
        headings = (self.notes.definitions.heading, self.citations.definitions.heading)
        return [heading for heading in headings if heading is not None]

    def place_sections(self) -> None:
        """Put the end notes and the references under their headings, or at the end of the page."""
        note_section = self.notes.section()
        reference_section = self.citations.section()
        if note_section is not None and note_section.parent is None:
            self._place_before(note_section, reference_section)
        if reference_section is not None and reference_section.parent is None:
            self.root.append(reference_section)

    def _place_before(self, section: Element, following: Element | None) -> None:
        if following is not None and following.parent is self.root:
            self.root.children.insert(following.place(), section)
            section.parent = self.root
        else:
            self.root.append(section)
