"""Where an essay meets its figures: mounts, number inputs, words that drive a figure, numbers that a figure writes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Protocol

from infodecomp.explorable.core.diagnostics import Diagnostics, did_you_mean
from infodecomp.explorable.markup.parsing.tree import Element, Markup, Node, is_blank

LAYOUT = frozenset(
    "row sticky sticky-container x-sticky x-sticky-lower container slider-container appendix num-inputs".split()
)
"""Classes that say where a mount goes, and name none."""

RECIRC = "<!-- recirc -->"
"""Stands where the page lists more essays."""

FEEDBACK = "<!-- feedback -->"
"""Stands where the page has its feedback form."""

_VALUE = re.compile(r"([A-Za-z][\w-]*)\.([A-Za-z_][\w.-]*)")
_NUMBERED_VALUE = re.compile(r"v(\d*)")


class Mounts(Protocol):
    """What an essay needs to know about the figures.

    Where they are there, ``values(name)`` lists the values of a figure (the first is what a bare ``<v></v>`` shows), and
    the collections ``presets`` and ``parameters`` give messages their nearest names.
    """

    names: Collection[str]

    def mount(self, name: str, layout: tuple[str, ...], already_mounted: bool) -> str: ...
    def value(self, path: str) -> str | None: ...
    def preset_query(self, name: str) -> str | None: ...
    def number_input(self, name: str, attributes: dict) -> str | None: ...


class NoMounts:
    """The mounts of an essay without figures."""

    names: Collection[str] = ()

    def mount(self, name: str, layout: tuple[str, ...], already_mounted: bool) -> str:
        return ""

    def value(self, path: str) -> str | None:
        return None

    def preset_query(self, name: str) -> str | None:
        return None

    def number_input(self, name: str, attributes: dict) -> str | None:
        return None


class FigureEmbedder:
    """Puts figures, inputs, links and live numbers in their places, and keeps what it has put."""

    def __init__(self, mounts: Mounts, diagnostics: Diagnostics):
        self.mounts, self.diagnostics = mounts, diagnostics
        self.mounted: list[str] = []
        self.used_values: list[str] = []
        self.links: list[Element] = []
        self.last: str | None = None
        self.last_at_note: dict[str, str | None] = {}

    def visit(self, element: Element) -> None:
        """Look at one element; those of a page come in document order."""
        if element.parent is None:
            return
        if element.tag == "animate":
            self._animate(element)
        elif element.tag == "digits":
            element.tag, element.attributes = "span", element.attributes | {"class": "digits"}
        elif element.tag == "a" and "footnote-ref" in element.classes:
            self.last_at_note.setdefault(element.attributes["data-note"], self.last)
        elif element.tag == "li" and element.attributes.get("id") in self.last_at_note:
            # A note is read where the text refers to it, so its <v> means the figure before that place.
            self.last = self.last_at_note[element.attributes["id"]]
        elif element.tag == "data" and _VALUE.fullmatch(element.attributes.get("value") or ""):
            self._live(element, element.attributes["value"])
        elif element.tag == "data" and element.attributes.get("data-value"):
            self._live(element, element.attributes["data-value"])
        elif match := _NUMBERED_VALUE.fullmatch(element.tag):
            self._nearest_value(element, int(match[1] or 1))
        elif element.tag == "input" and _is_number_input(element):
            self._number_input(element)
        elif element.tag in ("div", "p", "span", "section"):
            self._box(element)

    def known_name(self, element: Element) -> str | None:
        return next(
            (name for name in element.classes if name in self.mounts.names and name not in LAYOUT), None
        )

    def _box(self, element: Element) -> None:
        name = self.known_name(element)
        if element.attributes.get("id") == "recirc" and element.is_empty():
            _put(element, Markup(RECIRC, block=True))
        elif "recirc-feedback-form" in element.classes:
            _put(element, Markup(FEEDBACK, block=True))
        elif name is not None and element.tag == "span" and not element.is_empty():
            return
        elif name is not None and (element.is_empty() or element.written):
            self._mount(element, name)
        elif element.tag in ("div", "section") and element.written and element.is_empty():
            self._unknown(element)

    def _mount(self, element: Element, name: str) -> None:
        layout = tuple(word for word in element.classes if word in LAYOUT)
        html = self.mounts.mount(name, layout, name in self.mounted)
        if name not in self.mounted:
            self.mounted.append(name)
        self.last = name
        kept = [] if element.is_empty() else list(element.children)
        if kept:
            self.diagnostics.warning(
                element.line, f"the place of '{name}' is not empty; what it holds comes after the figure"
            )
        _put(element, Markup(html, block=True, figure=name), *kept)

    def _unknown(self, element: Element) -> None:
        words = [word for word in element.classes if word not in LAYOUT]
        if not words:
            return
        message = (
            f"no figure or control panel is called '{words[0]}'{did_you_mean(words[0], self.mounts.names)}"
        )
        self.diagnostics.error(element.line, message)
        box = Element("div", {"class": "problem", "role": "note"})
        box.append(f"{self.diagnostics.path}:{element.line}: {message}")
        _put(element, box)

    def _animate(self, element: Element) -> None:
        name = (element.attributes.get("data-animate") or "").strip()
        query = self.mounts.preset_query(name)
        if query is None:
            near = did_you_mean(name, getattr(self.mounts, "presets", ()))
            self.diagnostics.error(element.line, f"no step is called '{name}'{near}")
            element.unwrap()
            return
        # A link: it breaks over lines like any word, and leads to the state with no script too.
        word = Element("a", {"class": "animate", "href": f"?{query}", "data-set": query}, line=element.line)
        element.replace(word.take(element.children))

    def _live(self, element: Element, path: str) -> None:
        text = self.mounts.value(path)
        if text is None:
            figure = path.partition(".")[0]
            known = figure in self.mounts.names
            near = (
                did_you_mean(path, self._paths(figure)) if known else did_you_mean(figure, self.mounts.names)
            )
            self.diagnostics.error(element.line, f"no figure has the value '{path}'{near}")
            element.replace(*(element.children or [_missing("no value '" + path + "'")]))
            return
        if path not in self.used_values:
            self.used_values.append(path)
        data = Element(
            "data", {"class": "live", "data-value": path, "value": text}, [text], line=element.line
        )
        # The number leads to the figure that it comes from, unless it stands in a link already.
        if element.closest("a"):
            element.replace(data)
            return
        link = Element("a", {"class": "from", "href": f"#{path.partition('.')[0]}"}, [data])
        element.replace(link)
        self.links.append(link)

    def settle(self) -> None:
        """When all of the page has been seen: numbers of figures that are not on it lead nowhere."""
        for link in self.links:
            if link.attributes["href"][1:] not in self.mounted:
                link.unwrap()

    def _paths(self, figure: str) -> list[str]:
        values = getattr(self.mounts, "values", None)
        return [f"{figure}.{value}" for value in values(figure) or ()] if callable(values) else []

    def _nearest_value(self, element: Element, number: int) -> None:
        """``<v></v>`` is the first value of the mount before it, ``<v2></v2>`` the second, unless it names one."""
        path = (element.attributes.get("value") or element.attributes.get("data-value") or "").strip()
        if not path and self.last is not None:
            names: Sequence[str] = [known.partition(".")[2] for known in self._paths(self.last)]
            path = f"{self.last}.{names[number - 1]}" if 0 < number <= len(names) else ""
        if path:
            self._live(element, path)
            return
        where = "no figure is mounted before it"
        if self.last is not None:
            where = f"the figure '{self.last}' before it has no value number {number}"
        self.diagnostics.error(
            element.line, f"<{element.tag}> shows nothing: {where}; write value='figure.value'"
        )
        element.replace(_missing("no value"), *element.children)

    def _number_input(self, element: Element) -> None:
        name = next((word for word in element.classes), element.attributes.get("name") or "")
        attributes = {key: value for key, value in element.attributes.items() if key not in ("class", "type")}
        html = self.mounts.number_input(name, attributes)
        label = element.closest("span")
        if label is not None and label.text().strip() and len(list(label.find("input"))) == 1:
            label.tag = "label"
        if html is None:
            near = did_you_mean(name, getattr(self.mounts, "parameters", ()))
            self.diagnostics.error(element.line, f"no parameter is called '{name}'{near}")
            element.attributes["disabled"] = None
            return
        element.replace(Markup(html))


def _is_number_input(element: Element) -> bool:
    around = element.closest("div")
    while around is not None and "num-inputs" not in around.classes:
        around = around.closest("div")
    return around is not None and element.attributes.get("type", "number") == "number"


def _missing(text: str) -> Element:
    return Element("span", {"class": "problem", "role": "note"}, [text])


def _put(element: Element, *nodes: Node) -> None:
    """Put blocks in the place of ``element``; one that stands in a line of text goes behind its paragraph."""
    paragraph = element.closest("p")
    if paragraph is None or element.tag == "p":
        element.replace(*nodes)
        return
    element.replace()
    siblings = paragraph.parent.children
    place = paragraph.place() + 1
    siblings[place:place] = nodes
    for node in nodes:
        if isinstance(node, Element):
            node.parent = paragraph.parent
    if all(is_blank(child) for child in paragraph.children):
        paragraph.replace()
