"""The links of a section as buttons of a slide, where the sentences around them are missing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from infodecomp.explorable.figures.parameters import Parameter
from infodecomp.explorable.markup.parsing.tree import Element, Node

MAX_SETTINGS, MAX_LENGTH = 3, 90  # of a text that says what a button sets; beyond these it is the link's own


@dataclass(frozen=True)
class StateLink:
    """A link that leads figures to another state: its own text, and what its query sets."""

    text: str
    query: str

    @property
    def values(self) -> dict[str, str]:
        """Parameter -> value, as in an address."""
        return dict(parse_qsl(self.query, keep_blank_values=True))


def state_links(nodes: Iterable[Node]) -> list[StateLink]:
    """The links of some blocks that lead figures to another state, one for each state."""
    texts: dict[str, str] = {}
    for node in nodes:
        for link in node.find("a") if isinstance(node, Element) else ():
            query = link.attributes.get("data-set")
            if query:
                texts.setdefault(query, " ".join(link.text().split()))
    return [StateLink(text, query) for query, text in texts.items()]


def button_texts(links: Iterable[StateLink], parameters: Iterable[Parameter]) -> list[tuple[str, str]]:
    """Return (text, query) of the buttons of a slide: of the links that move its figure, one for each text.

    A button says what it sets, such as "points: XOR · hidden neurons: two": what differs from the default,
    and what other links set to something else where that is no more than two settings. Where it would be too
    much, or is neither a choice nor a number, the text is the link's own.

    Parameters
    ----------
    links : iterable of StateLink
    parameters : iterable of Parameter
        Those of the figure.
    """
    known = {parameter.name: parameter for parameter in parameters}
    moving = [link for link in links if link.values.keys() & known.keys()]
    values = {name: {link.values[name] for link in moving if name in link.values} for name in known}
    varied = {name for name, found in values.items() if len(found) > 1}
    texts: dict[str, str] = {}
    for link in moving:
        own = {known[name]: value for name, value in link.values.items() if name in known}
        texts.setdefault(_button_text(own, varied) or link.text, link.query)
    return list(texts.items())


def _button_text(own: Mapping[Parameter, str], varied: set[str]) -> str:
    """What a link sets, in words; empty where that is too much. varied: names that links set differently."""
    # A run that all links show at the same step is no news.
    steady = [p for p in own if not p.is_played or p.name in varied]
    changed = [p for p in steady if p.parse(own[p]) != p.default]
    said = [p for p in steady if p in changed or p.name in varied]
    if len(said) > 2:
        said = changed or said
    said = said or steady or list(own)
    if len(said) > MAX_SETTINGS or not all(p.is_numeric or p.is_categorical for p in said):
        return ""
    text = " · ".join(_setting(p, p.parse(own[p])) for p in said)
    return text if len(text) <= MAX_LENGTH else ""


def _setting(parameter: Parameter, value: Any) -> str:
    """A parameter and its value, as its control names them."""
    if value is True:
        return parameter.label
    shown = parameter.show(value)
    if parameter.is_numeric:
        shown = re.sub(r"(\.\d*?)0+$", r"\1", shown).removesuffix(".")
        shown += "" if parameter.unit in parameter.label.split() else parameter.spaced_unit
    return f"{parameter.label}{'' if ':' in parameter.label else ':'} {shown}"
