"""Endnotes: a section at the end of a page, numbered by first use, each item with a link back to the text."""

from __future__ import annotations

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.tree import Element
from infodecomp.explorable.markup.transforms.definitions import Definition, Definitions
from infodecomp.explorable.markup.transforms.headings import key_slug, unique


class EndnoteSection:
    """Numbers the definitions of one kind, counts the references to each, and builds the section that lists
    them.

    Subclasses set the class attributes and build one item.

    Parameters
    ----------
    definitions : Definitions
        What the essay defines.
    diagnostics : Diagnostics
        Receives the definitions that nothing refers to.
    """

    css_class: str
    role: str
    default_title: str
    """The heading of the section, where the essay has none of its own; its id is `css_class`."""
    unused_message: str
    reference_id: str
    """Prefix of the ids of references in the text."""

    def __init__(self, definitions: Definitions, diagnostics: Diagnostics):
        self.definitions, self.diagnostics = definitions, diagnostics
        self.numbers: dict[str, int] = {}
        self._uses: dict[str, int] = {}
        self._slugs: dict[str, str] = {}
        for key in definitions.by_key:
            self.slug(key)

    def slug(self, key: str) -> str:
        """The part of an id that stands for a key."""
        if key not in self._slugs:
            self._slugs[key] = unique(key_slug(key), set(self._slugs.values()))
        return self._slugs[key]

    def use(self, key: str) -> tuple[int, str]:
        """Register a reference in the text; return the number of its definition and the id of this
        reference.
        """
        number = self.numbers.setdefault(key, len(self.numbers) + 1)
        self._uses[key] = self._uses.get(key, 0) + 1
        first = f"{self.reference_id}-{self.slug(key)}"
        return number, first if self._uses[key] == 1 else f"{first}-{self._uses[key]}"

    def number_unused(self) -> list[Definition]:
        """Number the definitions that nothing refers to after the others, report them and return them."""
        unused = [
            definition for key, definition in self.definitions.by_key.items() if key not in self.numbers
        ]
        for definition in unused:
            self.numbers[definition.key] = len(self.numbers) + 1
            self.diagnostics.warning(definition.line, f"{self.unused_message} '{definition.key}'")
        return unused

    def section(self) -> Element | None:
        """The section, in the place of the essay's own heading where there is one; None if it would be
        empty.
        """
        if not self.numbers:
            return None
        heading = self.definitions.heading or Element("h2", {"id": self.css_class}, [self.default_title])
        section = Element(
            "section", {"class": self.css_class, "role": self.role, "aria-labelledby": heading.id}
        )
        if heading.parent is not None:
            heading.replace(section)
        section.append(heading)
        items = section.append(Element("ol"))
        for key in sorted(self.numbers, key=lambda key: self.numbers[key]):
            items.append(self.item(key))
        return section

    def item(self, key: str) -> Element:
        """The list item of one definition."""
        raise NotImplementedError

    def append_back_link(self, item: Element, key: str, label: str) -> None:
        """End an item with a link to the first reference in the text, where there is one."""
        if not self._uses.get(key):
            return
        attributes: dict[str, str | None] = {
            "class": "footnote-back",
            "href": f"#{self.reference_id}-{self.slug(key)}",
            "role": "doc-backlink",
            "aria-label": label,
        }
        last = item.children[-1] if item.children else None
        target = last if isinstance(last, Element) and last.tag == "p" else item
        if target.children:
            target.append("\u00a0")
        target.append(Element("a", attributes, ["↩"]))
