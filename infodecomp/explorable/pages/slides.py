"""Slides: the deck that lies in an essay. A slide for each figure, under the heading of its section; the prose around it is what
the speaker says there.

A deck is derived and never written: a better essay gives a better talk.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass

from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.markup.parsing.tree import Element, Markup, Node, html_of, is_blank
from infodecomp.explorable.markup.transforms.headings import HEADINGS

_APPARATUS = ("footnotes", "references")
_MARKS = ("footnote-ref", "cite")


@dataclass
class Slide:
    """One figure. heading, id: of its section, or else the figure's title; controls: names of its parameters that the section has controls for; words:
    (words, query) that lead it to another state; notes: the prose around it, as HTML."""

    figure: str
    heading: str
    id: str
    controls: tuple[str, ...]
    words: tuple[tuple[str, str], ...]
    notes: str


@dataclass
class Deck:
    """The slides of an essay; opening: the prose before the first figure's section, for the title slide."""

    opening: str
    slides: list[Slide]


@dataclass
class _Section:
    heading: str
    id: str
    nodes: list[Node]


def make_deck(root: Element, figures: Mapping[str, Figure]) -> Deck:
    """The deck of an essay's tree. figures: those that it mounts, by name; what draws nothing is a panel and gets no slide.

    Prose belongs to the figure before it in its section, or else to the section's first. That of a section without figures
    goes to the slide before, under its heading.
    """
    opening, slides = "", []
    for section in _sections(root):
        mounted = [
            node.figure for node in section.nodes if isinstance(node, Markup) and node.figure in figures
        ]
        drawn = [name for name in mounted if figures[name].has("draw")]
        if not drawn:
            notes = (f"<h3>{html_of(section.heading)}</h3>" if section.heading else "") + _told(section.nodes)
            if slides:
                slides[-1].notes += notes
            else:
                opening += notes
            continue
        controlled = {control for name in mounted for control in figures[name].controls}
        words = _words(section.nodes)
        for name, prose in zip(drawn, _shares(section.nodes, drawn)):
            names = {parameter.name for parameter in figures[name].parameters}
            controls = tuple(p.name for p in figures[name].parameters if p.name in controlled)
            leading = tuple((text, query) for text, query, sets in words if sets & names)
            slides.append(
                Slide(
                    name, section.heading or figures[name].title, section.id, controls, leading, _told(prose)
                )
            )
    return Deck(opening, slides)


def _sections(root: Element) -> Iterator[_Section]:
    """The essay cut at its headings, its containers opened; notes and references are no part of a talk."""
    section = _Section("", "", [])
    for node in _blocks(root):
        if isinstance(node, Element) and node.tag in HEADINGS:
            yield section
            section = _Section(" ".join(node.text().split()), node.attributes.get("id") or "", [])
        else:
            section.nodes.append(node)
    yield section


def _blocks(element: Element) -> Iterator[Node]:
    for child in element.children:
        if is_blank(child) or (isinstance(child, Element) and set(child.classes) & set(_APPARATUS)):
            continue
        if isinstance(child, Element) and child.tag in ("div", "section"):
            yield from _blocks(child)
        else:
            yield child


def _shares(nodes: list[Node], drawn: list[str]) -> list[list[Node]]:
    """The prose of a section, shared among its figures."""
    shares: list[list[Node]] = [[] for _ in drawn]
    at = -1
    for node in nodes:
        if isinstance(node, Markup) and node.figure:
            at += at + 1 < len(drawn) and node.figure == drawn[at + 1]
        else:
            shares[max(at, 0)].append(node)
    return shares


def _words(nodes: list[Node]) -> list[tuple[str, str, set[str]]]:
    """The words of a section that lead figures to a state, each state once: (text, query, parameters)."""
    found = {}
    for node in nodes:
        for link in node.find("a") if isinstance(node, Element) else ():
            query = link.attributes.get("data-set")
            if query:
                found.setdefault(query, " ".join(link.text().split()))
    return [
        (text, query, {pair.partition("=")[0] for pair in query.split("&")}) for query, text in found.items()
    ]


def _told(nodes: list[Node]) -> str:
    """Prose as a speaker's notes: without marks of notes and citations, ids, and links to elsewhere on the page."""
    return "".join(html_of(_plain(node)) for node in nodes if not (isinstance(node, Markup) and node.figure))


def _plain(node: Node) -> Node:
    if not isinstance(node, Element):
        return node
    home = Element("", children=[deepcopy(node, {id(node.parent): None})])
    home.children[0].parent = home
    for element in list(home.walk()):
        element.attributes.pop("id", None)
        if set(element.classes) & set(_MARKS):
            element.replace()
        elif element.tag == "a" and (element.attributes.get("href") or "").startswith("#"):
            element.unwrap()
    return home
