"""Embeds figures in a page: mounts, number inputs, links to presets, and numbers computed by figures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from infodecomp.explorable.core.diagnostics import Diagnostics, did_you_mean
from infodecomp.explorable.markup.mounts import Mounts
from infodecomp.explorable.markup.parsing.tree import Element, Markup, Node, is_blank

LAYOUT = frozenset(
    "row wide sticky sticky-container x-sticky x-sticky-lower container slider-container"
    " appendix num-inputs controls-above".split()
)
"""Classes that say where a mount is placed; every other class may name a figure."""

RECIRC = "<!-- recirc -->"
"""Placeholder for the list of other essays."""

FEEDBACK = "<!-- feedback -->"
"""Placeholder for the feedback form."""

_VALUE = re.compile(r"([A-Za-z][\w-]*)\.([A-Za-z_][\w.-]*)")
_NUMBERED_VALUE = re.compile(r"v(\d*)")


class FigureEmbedder:
    """Replaces the placeholders of one page by figures, inputs, links and live numbers.

    Parameters
    ----------
    mounts : Mounts
        Knows the figures.
    diagnostics : Diagnostics
        Receives unknown names.

    Attributes
    ----------
    mounted : list of str
        The names of the figures on the page, in order.
    used_values : list of str
        The values shown in the text, as ``figure.value``.
    """

    def __init__(self, mounts: Mounts, diagnostics: Diagnostics):
        self.mounts, self.diagnostics = mounts, diagnostics
        self.mounted: list[str] = []
        self.used_values: list[str] = []
        self._links: list[Element] = []
        self._animations: list[tuple[Element, str, str]] = []  # with their queries and the figures they name
        self._mount_lines: dict[str, int] = {}
        self._last_mount: str | None = None
        self._last_mount_at_note: dict[str, str | None] = {}

    def visit(self, element: Element) -> None:
        """Process one element. The elements of a page must come in document order."""
        if element.parent is None:
            return
        if element.tag == "animate":
            self._animate(element)
        elif element.tag == "digits":
            element.tag, element.attributes = "span", element.attributes | {"class": "digits"}
        elif element.tag == "a" and "footnote-ref" in element.classes:
            self._last_mount_at_note.setdefault(element.attributes["data-note"] or "", self._last_mount)
        elif element.tag == "li" and element.id in self._last_mount_at_note:
            # A note is read where the text refers to it, so its <v> means the figure before that place.
            self._last_mount = self._last_mount_at_note[element.id]
        elif element.tag == "data" and _VALUE.fullmatch(path := element.attributes.get("value") or ""):
            self._live_value(element, path)
        elif element.tag == "data" and (path := element.attributes.get("data-value") or ""):
            self._live_value(element, path)
        elif match := _NUMBERED_VALUE.fullmatch(element.tag):
            self._nearest_value(element, int(match[1] or 1))
        elif element.tag == "input" and _is_number_input(element):
            self._number_input(element)
        elif element.tag in ("div", "p", "span", "section"):
            self._box(element)

    def _figure_name(self, element: Element) -> str | None:
        return next(
            (name for name in element.classes if name in self.mounts.names and name not in LAYOUT), None
        )

    def _box(self, element: Element) -> None:
        name = self._figure_name(element)
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
        layout = tuple(name for name in element.classes if name in LAYOUT)
        html = self.mounts.mount(name, layout, name in self.mounted)
        if name not in self.mounted:
            self.mounted.append(name)
            self._mount_lines[name] = element.line or 0
        self._last_mount = name
        remaining = [] if element.is_empty() else list(element.children)
        if remaining:
            self.diagnostics.warning(
                element.line, f"the place of '{name}' is not empty; what it holds comes after the figure"
            )
        _put(element, Markup(html, block=True, figure=name), *remaining)

    def _unknown(self, element: Element) -> None:
        names = [name for name in element.classes if name not in LAYOUT]
        if not names:
            return
        message = (
            f"no figure or control panel is called '{names[0]}'{did_you_mean(names[0], self.mounts.names)}"
        )
        self.diagnostics.error(element.line, message)
        box = Element("div", {"class": "problem", "role": "note"})
        box.append(f"{self.diagnostics.path}:{element.line}: {message}")
        _put(element, box)

    def _animate(self, element: Element) -> None:
        name = (element.attributes.get("data-animate") or "").strip()
        query = self.mounts.preset_query(name)
        if query is None:
            near = did_you_mean(name, self.mounts.presets)
            self.diagnostics.error(element.line, f"no step is called '{name}'{near}")
            element.unwrap()
            return
        # A link rather than a button: it breaks over lines like text, and it works without script.
        link = Element("a", {"class": "animate", "href": f"?{query}", "data-set": query}, line=element.line)
        element.replace(link.set_children(element.children))
        self._animations.append((link, query, (element.attributes.get("data-figure") or "").strip()))

    def _live_value(self, element: Element, path: str) -> None:
        fold = element.closest("details")
        text = self.mounts.value(path, fold is not None and "answer" in fold.classes)
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
        # The number links to its figure, unless it is inside a link already.
        if element.closest("a"):
            element.replace(data)
            return
        link = Element("a", {"class": "from", "href": f"#{path.partition('.')[0]}"}, [data])
        element.replace(link)
        self._links.append(link)

    def finish(self) -> None:
        """Complete the links, now that all figures of the page are known.

        A link to a state leads to the picture that it names or else to the nearest one that it changes, also
        without script. A live number whose figure is not on the page has no link.
        """
        for link in self._links:
            if (link.attributes["href"] or "")[1:] not in self.mounted:
                link.unwrap()
        for link, query, named in self._animations:
            lines, line = self._mount_lines, link.line or 0
            drawn = [name for name in self.mounts.drawn_from(query) if name in lines]
            if named in drawn:
                link.attributes |= {"href": f"?{query}#{named}", "data-to": named}
            elif named:
                message = f"'{named}' is no picture of this page that the step changes"
                self.diagnostics.error(link.line, f"{message}{did_you_mean(named, drawn)}")
            elif drawn:
                nearest = min((abs(lines[name] - line), place, name) for place, name in enumerate(drawn))[-1]
                link.attributes["href"] = f"?{query}#{nearest}"

    def _paths(self, figure: str) -> list[str]:
        return [f"{figure}.{value}" for value in self.mounts.values(figure)]

    def _nearest_value(self, element: Element, number: int) -> None:
        """``<v></v>`` is the first value of the mount before it, ``<v2></v2>`` the second, unless it names
        one.
        """
        path = (element.attributes.get("value") or element.attributes.get("data-value") or "").strip()
        if not path and self._last_mount is not None:
            names: Sequence[str] = [known.partition(".")[2] for known in self._paths(self._last_mount)]
            path = f"{self._last_mount}.{names[number - 1]}" if 0 < number <= len(names) else ""
        if path:
            self._live_value(element, path)
            return
        where = "no figure is mounted before it"
        if self._last_mount is not None:
            where = f"the figure '{self._last_mount}' before it has no value number {number}"
        self.diagnostics.error(
            element.line, f"<{element.tag}> shows nothing: {where}; write value='figure.value'"
        )
        element.replace(_missing("no value"), *element.children)

    def _number_input(self, element: Element) -> None:
        name = next((name for name in element.classes), element.attributes.get("name") or "")
        attributes = {key: value for key, value in element.attributes.items() if key not in ("class", "type")}
        html = self.mounts.number_input(name, attributes)
        label = element.closest("span")
        if label is not None and label.text().strip() and len(list(label.find("input"))) == 1:
            label.tag = "label"
        if html is None:
            near = did_you_mean(name, self.mounts.parameters)
            self.diagnostics.error(element.line, f"no parameter is called '{name}'{near}")
            element.attributes["disabled"] = None
            return
        element.replace(Markup(html))


def _is_number_input(element: Element) -> bool:
    container = element.closest("div")
    while container is not None and "num-inputs" not in container.classes:
        container = container.closest("div")
    return container is not None and element.attributes.get("type", "number") == "number"


def _missing(text: str) -> Element:
    return Element("span", {"class": "problem", "role": "note"}, [text])


def _put(element: Element, *nodes: Node) -> None:
    """Replace an element by blocks; inside a paragraph, they come after that paragraph."""
    paragraph = element.closest("p")
    if paragraph is None or element.tag == "p":
        element.replace(*nodes)
        return
    element.replace()
    container = paragraph.container
    index = paragraph.index() + 1
    container.children[index:index] = nodes
    for node in nodes:
        if isinstance(node, Element):
            node.parent = container
    if all(is_blank(child) for child in paragraph.children):
        paragraph.replace()
