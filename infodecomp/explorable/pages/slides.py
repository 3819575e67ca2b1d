"""Slides derived from an essay: one for each figure; the prose around it becomes the notes.

A deck is never written by hand: a better essay gives a better talk.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace

from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.markup.parsing.tree import Element, Markup, Node, html_of, is_blank
from infodecomp.explorable.markup.transforms.headings import HEADINGS
from infodecomp.explorable.pages.slide_links import button_texts, state_links

_EXCLUDED_CLASSES = {"footnotes", "references"}  # blocks that are no part of a talk
_REFERENCE_CLASSES = {"footnote-ref", "cite"}  # marks that notes leave out


@dataclass
class Slide:
    """A slide with one figure.

    Attributes
    ----------
    figure : str
        Name of the figure.
    heading : str
        Heading of its section, or else the title of the figure.
    id : str
        Anchor of its section.
    controls : tuple of str
        The parameters that have a control on the slide.
    links : tuple of (str, str)
        Text and query of the buttons that lead the figure to the states that its section links to.
    notes : str
        The prose around the figure, as HTML.
    """

    figure: str
    heading: str
    id: str
    controls: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    notes: str


@dataclass(frozen=True)
class ClosingSlide:
    """The last slide, with the conclusion of the essay.

    Attributes
    ----------
    heading : str
        Of the first section after the last figure that a reader can move.
    points : tuple of (str, str)
        What that section stresses, each with the sentence after it; or "" and its last paragraph.
    notes : str
        The prose of that section and of those after it, as HTML, where no slide before has it.
    """

    heading: str
    points: tuple[tuple[str, str], ...]
    notes: str


@dataclass
class SlideDeck:
    """The slides of an essay; opening: the prose before its first figure, as HTML for the title slide."""

    opening: str
    slides: list[Slide]
    closing: ClosingSlide | None = None


@dataclass
class _Section:
    heading: str
    id: str
    nodes: list[Node]


def make_slides(root: Element, figures: Mapping[str, Figure]) -> SlideDeck:
    """Derive the slides of an essay.

    The prose of a section belongs to the figure before it, or else to the section's first figure. That of a
    section without figures goes to the slide before, under its heading, or else to the closing slide.

    Parameters
    ----------
    root : Element
        The tree of the essay.
    figures : mapping of str to Figure
        The figures that it mounts. Those that draw nothing are panels of controls and get no slide.
    """
    deck = SlideDeck("", [])
    sections = [(section, _mounted(section, figures)) for section in _sections(root)]
    movable = [
        i for i, (_, mounted) in enumerate(sections) if any(figures[name].controls for name in mounted)
    ]
    conclusion = movable[-1] + 1 if movable else len(sections)
    for i, (section, mounted) in enumerate(sections):
        drawn = [name for name in mounted if figures[name].has("draw")]
        if i == conclusion:  # whose figures have their own titles as headings
            deck.closing = ClosingSlide(section.heading, _points(section.nodes), "")
            section = replace(section, heading="") if drawn else section
        if drawn:
            deck.slides += _section_slides(section, mounted, drawn, figures)
            continue
        heading = f"<h3>{html_of(section.heading)}</h3>" if section.heading else ""
        notes = heading + _notes_html(section.nodes)
        if deck.closing:
            deck.closing = replace(deck.closing, notes=deck.closing.notes + notes)
        elif deck.slides:
            deck.slides[-1].notes += notes
        else:
            deck.opening += notes
    return deck


def _mounted(section: _Section, figures: Mapping[str, Figure]) -> list[str]:
    return [node.figure for node in section.nodes if isinstance(node, Markup) and node.figure in figures]


def _points(nodes: list[Node]) -> tuple[tuple[str, str], ...]:
    """The stressed sentences of some prose, each with the one after it; or its last paragraph."""
    paragraphs = [_simplified(node) for node in nodes if isinstance(node, Element) and node.tag == "p"]
    points = []
    for paragraph in paragraphs:
        for strong in paragraph.find("strong"):
            stressed = _plain(strong)
            if stressed.endswith((".", "?", "!")):
                rest = _plain(paragraph).partition(stressed)[2]
                points.append((stressed, next(iter(_sentences(rest)), "")))
    if points or not paragraphs:
        return tuple(points)
    last = [sentence for sentence in _sentences(_plain(paragraphs[-1])) if not sentence.endswith(":")]
    return (("", " ".join(last)),)


def _plain(element: Element) -> str:
    return " ".join(element.text().split())


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!]) ", text.strip())


def _section_slides(
    section: _Section, mounted: list[str], drawn: list[str], figures: Mapping[str, Figure]
) -> Iterator[Slide]:
    """The slides of one section: its panels control all of its figures."""
    controlled = {control for name in mounted for control in figures[name].controls}
    links = state_links(section.nodes)
    for name, prose in zip(drawn, _prose_of_figures(section.nodes, drawn)):
        figure = figures[name]
        yield Slide(
            name,
            section.heading or figure.title,
            section.id,
            tuple(p.name for p in figure.parameters if p.name in controlled),
            tuple(button_texts(links, figure.parameters)),
            _notes_html(prose),
        )


def _sections(root: Element) -> Iterator[_Section]:
    """The essay split at its headings, without its footnotes and references."""
    section = _Section("", "", [])
    for node in _blocks(root):
        if isinstance(node, Element) and node.tag in HEADINGS:
            yield section
            section = _Section(" ".join(node.text().split()), node.attributes.get("id") or "", [])
        else:
            section.nodes.append(node)
    yield section


def _blocks(element: Element) -> Iterator[Node]:
    """The blocks of an element; containers are replaced by what they contain."""
    for child in element.children:
        if is_blank(child) or (isinstance(child, Element) and _EXCLUDED_CLASSES & set(child.classes)):
            continue
        if isinstance(child, Element) and child.tag in ("div", "section", "details"):
            yield from _blocks(child)
        else:
            yield child


def _prose_of_figures(nodes: list[Node], drawn: list[str]) -> list[list[Node]]:
    """The prose of a section, divided among its figures."""
    prose: list[list[Node]] = [[] for _ in drawn]
    current = -1
    for node in nodes:
        if isinstance(node, Markup) and node.figure:
            current += current + 1 < len(drawn) and node.figure == drawn[current + 1]
        else:
            prose[max(current, 0)].append(node)
    return prose


def _notes_html(nodes: list[Node]) -> str:
    """Prose as speaker notes: without figures, reference marks, ids, and links within the page."""
    return "".join(
        html_of(_simplified(node) if isinstance(node, Element) else node)
        for node in nodes
        if not (isinstance(node, Markup) and node.figure)
    )


def _simplified(node: Element) -> Element:
    copy = deepcopy(node, {id(node.parent): None})
    container = Element("", children=[copy])
    copy.parent = container
    for element in list(container.walk()):
        element.attributes.pop("id", None)
        if _REFERENCE_CLASSES & set(element.classes):
            element.replace()
        elif element.tag == "a" and (element.attributes.get("href") or "").startswith("#"):
            element.unwrap()
    return container
