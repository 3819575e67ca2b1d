"""Footnotes: numbered in the order in which a reader meets them, with the text at the end and a link back."""

from __future__ import annotations

from infodecomp.explorable.markup.definitions import Definition, Definitions
from infodecomp.explorable.markup.headings import key_slug, unique
from infodecomp.explorable.problems import Problems, did_you_mean
from infodecomp.explorable.markup.tree import Element

TITLES = frozenset(("footnotes", "notes", "endnotes", "footnote"))


class Notes:
    """The notes of one page: their numbers, and how often the text has referred to each."""

    def __init__(self, definitions: Definitions, problems: Problems):
        self.definitions, self.problems = definitions, problems
        self.numbers: dict[str, int] = {}
        self.uses: dict[str, int] = {}
        used: set[str] = set()
        self.slugs = {key: unique(key_slug(key), used) for key in definitions.by_key}

    def refer(self, mark: Element) -> Definition | None:
        """Put a reference in the place of ``<a class='footstart' key='k'></a>``; the note, where this is its first."""
        key = (mark.attributes.get("key") or "").strip()
        definition = self.definitions.by_key.get(key)
        if definition is None:
            near = did_you_mean(key, self.definitions.by_key)
            self.problems.error(mark.line, f"no footnote has the key '{key}'{near}")
            mark.replace(Element("span", {"class": "problem", "role": "note"}, [f"no note '{key}'"]), *mark.children)
            return None
        first = key not in self.numbers
        number = self.numbers.setdefault(key, len(self.numbers) + 1)
        self.uses[key] = self.uses.get(key, 0) + 1
        name = self.slugs[key]
        identifier = f"fnref-{name}" if self.uses[key] == 1 else f"fnref-{name}-{self.uses[key]}"
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

    def number_unused(self) -> list[Definition]:
        """Report the notes that nothing refers to, and number them last."""
        unused = [definition for key, definition in self.definitions.by_key.items() if key not in self.numbers]
        for definition in unused:
            self.numbers[definition.key] = len(self.numbers) + 1
            self.problems.warning(definition.line, f"nothing refers to the footnote '{definition.key}'")
        return unused

    def section(self) -> Element | None:
        """The end notes, under the essay's own heading where it has one."""
        if not self.numbers:
            return None
        heading = self.definitions.heading or Element("h2", {"id": "footnotes"}, ["Notes"])
        section = Element("section", {"class": "footnotes", "role": "doc-endnotes"})
        section.attributes["aria-labelledby"] = heading.attributes["id"]
        if heading.parent is not None:
            heading.replace(section)
        section.append(heading)
        items = section.append(Element("ol"))
        for key in sorted(self.numbers, key=self.numbers.get):
            items.append(self._item(key))
        return section

    def _item(self, key: str) -> Element:
        name, number = self.slugs[key], self.numbers[key]
        item = Element("li", {"id": f"fn-{name}"}).take(self.definitions.by_key[key].blocks)
        if self.uses.get(key):
            label = f"Back to note {number} in the text"
            append_back_link(item, f"#fnref-{name}", label)
        return item


def append_back_link(item: Element, href: str, label: str) -> None:
    """A link back to the text, at the end of an item's last paragraph."""
    link = Element("a", {"class": "footnote-back", "href": href, "role": "doc-backlink", "aria-label": label}, ["↩"])
    last = item.children[-1] if item.children and isinstance(item.children[-1], Element) else None
    home = last if last is not None and last.tag == "p" else item
    if home.children:
        home.append("\u00a0")
    home.append(link)


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
