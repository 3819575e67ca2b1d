"""Lists at the end of a page, of what its text refers to by number: in the order of first use, each with a link back."""

from __future__ import annotations

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.tree import Element
from infodecomp.explorable.markup.transforms.definitions import Definition, Definitions
from infodecomp.explorable.markup.transforms.headings import key_slug, unique


class EndList:
    """The numbers of what is defined, how often the text has referred to each, and the list of them all."""

    kind: str  # the list's class
    role: str
    id: str
    title: str  # its heading, where the essay has none of its own
    unused: str  # what is said of a definition that nothing refers to
    mark: str  # what the identifiers of references in the text begin with

    def __init__(self, definitions: Definitions, diagnostics: Diagnostics):
        self.definitions, self.diagnostics = definitions, diagnostics
        self.numbers: dict[str, int] = {}
        self.uses: dict[str, int] = {}
        self.slugs: dict[str, str] = {}
        for key in definitions.by_key:
            self.slug(key)

    def slug(self, key: str) -> str:
        if key not in self.slugs:
            self.slugs[key] = unique(key_slug(key), set(self.slugs.values()))
        return self.slugs[key]

    def use(self, key: str) -> tuple[int, str]:
        """The number of what the text refers to here, and the identifier of this reference to it."""
        number = self.numbers.setdefault(key, len(self.numbers) + 1)
        self.uses[key] = self.uses.get(key, 0) + 1
        first = f"{self.mark}-{self.slug(key)}"
        return number, first if self.uses[key] == 1 else f"{first}-{self.uses[key]}"

    def number_unused(self) -> list[Definition]:
        """Report what nothing refers to, and number it last."""
        unused = [
            definition for key, definition in self.definitions.by_key.items() if key not in self.numbers
        ]
        for definition in unused:
            self.numbers[definition.key] = len(self.numbers) + 1
            self.diagnostics.warning(definition.line, f"{self.unused} '{definition.key}'")
        return unused

    def section(self) -> Element | None:
        """The list, under the essay's own heading where it has one."""
        if not self.numbers:
            return None
        heading = self.definitions.heading or Element("h2", {"id": self.id}, [self.title])
        section = Element(
            "section", {"class": self.kind, "role": self.role, "aria-labelledby": heading.attributes["id"]}
        )
        if heading.parent is not None:
            heading.replace(section)
        section.append(heading)
        items = section.append(Element("ol"))
        for key in sorted(self.numbers, key=self.numbers.get):
            items.append(self.item(key))
        return section

    def item(self, key: str) -> Element:
        raise NotImplementedError

    def append_back_link(self, item: Element, key: str, label: str) -> None:
        """A link back to the first reference in the text, at the end of an item's last paragraph, where there is one."""
        if not self.uses.get(key):
            return
        attributes = {
            "class": "footnote-back",
            "href": f"#{self.mark}-{self.slug(key)}",
            "role": "doc-backlink",
            "aria-label": label,
        }
        last = item.children[-1] if item.children and isinstance(item.children[-1], Element) else None
        home = last if last is not None and last.tag == "p" else item
        if home.children:
            home.append("\u00a0")
        home.append(Element("a", attributes, ["↩"]))
