"""Definitions of notes and references: ``<a class='footend' key='k'></a> text``, and ``citeend`` alike."""

from __future__ import annotations

from dataclasses import dataclass, field

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.tree import Element, Node, is_blank, trimmed
from infodecomp.explorable.markup.transforms.headings import HEADINGS

_CONTINUES = frozenset("p ul ol dl blockquote pre table figure".split())
_HOSTS = ("p", "li", "dd", "td", "div", "section", "")


@dataclass
class Definition:
    """The text of one note or reference, with its key and its line in the file."""

    key: str
    line: int
    blocks: list[Element] = field(default_factory=list)

    def body(self) -> Element:
        """The blocks under one root."""
        return Element.of("", children=self.blocks)


@dataclass
class Definitions:
    """All definitions of one kind in the order of the file, and the essay's own heading for them, if any."""

    by_key: dict[str, Definition] = field(default_factory=dict)
    heading: Element | None = None


def collect(
    root: Element, marker: str, kind: str, titles: frozenset[str], diagnostics: Diagnostics
) -> Definitions:
    """Move the definitions that begin with ``<a class='marker' key='…'></a>`` out of the tree.

    Parameters
    ----------
    root : Element
        The page; definitions are removed from it.
    marker : str
        The class that marks the beginning of a definition.
    kind : str
        What a definition is called in diagnostics.
    titles : frozenset of str
        Headings, in lower case, under which definitions are listed.
    diagnostics : Diagnostics
        Receives missing and repeated keys.

    Returns
    -------
    Definitions

    Notes
    -----
    A definition is the rest of its paragraph; ``<span class='fn-break'></span>`` splits it into paragraphs.
    Under one of `titles` it also takes the blocks that follow, up to the next definition.
    """
    definitions = Definitions()
    hosts: list[Element] = []
    for element in root.find("a"):
        if marker in element.classes:
            host = _host(element)
            if not any(host is known for known in hosts):
                hosts.append(host)
    for host in hosts:
        heading = _heading_before(host)
        titled = heading is not None and heading.text().strip().casefold() in titles
        if (
            definitions.heading is None
            and heading is not None
            and (titled or _is_directly_below(heading, host))
        ):
            definitions.heading = heading
        followers = _followers(host, hosts) if titled and host.tag == "p" else []
        found = _split(host, marker)
        for definition in found:
            _add(definitions, definition, kind, diagnostics)
        if found:
            for follower in followers:
                follower.replace()
                found[-1].blocks.append(follower)
    definitions.heading = definitions.heading or _empty_heading(root, titles)
    return definitions


def _host(marker: Element) -> Element:
    """The block that contains a marker; a marker inside bold or italic text is moved in front of it."""
    ancestor = marker.container
    while ancestor.tag not in _HOSTS:
        index = ancestor.index()
        marker.replace()
        ancestor.container.children.insert(index, marker)
        marker.parent = ancestor = ancestor.container
    return ancestor


def _empty_heading(root: Element, titles: frozenset[str]) -> Element | None:
    """A heading that is one of ``titles`` and has nothing below it, because its items are defined
    elsewhere.
    """
    for tag in HEADINGS:
        for heading in root.find(tag):
            rest = heading.container.children[heading.index() + 1 :]
            below = next((node for node in rest if not is_blank(node)), None)
            empty = below is None or (isinstance(below, Element) and below.tag in HEADINGS)
            if empty and heading.text().strip().casefold() in titles:
                return heading
    return None


def _heading_before(host: Element) -> Element | None:
    if host.parent is None:
        return None
    before = host.container.children[: host.index()]
    return next(
        (node for node in reversed(before) if isinstance(node, Element) and node.tag in HEADINGS), None
    )


def _is_directly_below(heading: Element, host: Element) -> bool:
    between = host.container.children[heading.index() + 1 : host.index()]
    return all(is_blank(node) for node in between)


def _followers(host: Element, hosts: list[Element]) -> list[Element]:
    """The blocks after ``host`` that belong to its last definition."""
    followers: list[Element] = []
    for node in host.container.children[host.index() + 1 :]:
        if is_blank(node):
            continue
        if not isinstance(node, Element) or node.tag not in _CONTINUES or node.id:
            break
        if any(node is known or known.closest(node.tag) is node for known in hosts):
            break
        if node.tag == "p" and node.is_empty():
            break
        followers.append(node)
    return followers


def _split(host: Element, marker: str) -> list[Definition]:
    """Split the definitions off a block, which keeps the text before the first of them."""
    before: list[Node] = []
    found: list[Definition] = []
    paragraphs: list[list[Node]] = []
    is_container = host.tag in ("div", "section", "")

    def finish() -> None:
        if found:
            texts = [trimmed(nodes) for nodes in paragraphs]
            found[-1].blocks = [Element.of("p", children=nodes) for nodes in texts if nodes]

    after: list[Node] = []
    for node in host.children:
        if isinstance(node, Element) and node.tag == "a" and marker in node.classes:
            finish()
            found.append(Definition((node.attributes.get("key") or "").strip(), node.line or 1))
            paragraphs, after = [list(node.children)], []
        elif not found:
            before.append(node)
        elif isinstance(node, Element) and "fn-break" in node.classes:
            paragraphs.append([])
        elif (
            is_container
            and isinstance(node, Element)
            and (after or node.tag in HEADINGS or node.tag in ("div", "section"))
        ):
            after.append(node)
        elif is_container and after:
            after.append(node)
        else:
            paragraphs[-1].append(node)
    finish()
    _keep(host, before + after if is_container else before, is_container)
    return found


def _keep(host: Element, rest: list[Node], is_container: bool) -> None:
    """Leave a block with what is no definition; a paragraph of which nothing is left goes."""
    if not is_container and all(is_blank(node) for node in rest):
        host.replace()
    else:
        host.set_children(rest)


def _add(definitions: Definitions, definition: Definition, kind: str, diagnostics: Diagnostics) -> None:
    first = definitions.by_key.get(definition.key)
    if not definition.key:
        diagnostics.error(definition.line, f"a {kind} without a key; write key='…' in its tag")
    elif first is not None:
        diagnostics.error(
            definition.line, f"the {kind} '{definition.key}' was defined before, on line {first.line}"
        )
        first.blocks.extend(definition.blocks)
    else:
        definitions.by_key[definition.key] = definition
