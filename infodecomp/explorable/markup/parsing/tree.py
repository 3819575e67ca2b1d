"""A page as a tree of elements, text and finished markup. HTML written from a tree is always balanced."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
"""Elements without content or closing tag."""


@dataclass(eq=False)
class Markup:
    """Finished HTML that the passes do not look into, such as a formula or a figure.

    Parameters
    ----------
    html : str
        The HTML.
    text : str
        The same in plain text.
    block : bool
        Whether it is a block rather than part of a line.
    figure : str
        The name of the figure or panel mounted here, if it is one.
    """

    html: str
    text: str = ""
    block: bool = False
    figure: str = ""


@dataclass(eq=False)
class Element:
    """One HTML element.

    Parameters
    ----------
    tag : str
        The name of the tag; empty for the root.
    attributes : mapping of str to str or None
        None is an attribute without a value.
    children : sequence of Node
        What is inside.
    parent : Element, optional
        The element around this one; None for the root and for elements taken out of the tree.
    line, end_line : int, optional
        Where its tags stand in the essay's file.
    written : bool
        Whether its tag stands in the essay itself, rather than being made from Markdown.
    matched : bool
        Whether its closing tag stands in the essay too.
    aliases : frozenset of str
        Other ids by which links may refer to a heading.
    """

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    parent: Element | None = None
    line: int | None = None
    end_line: int | None = None
    written: bool = False
    matched: bool = True
    aliases: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, tag: str, attributes: Mapping[str, str | None] | None = None, children: Sequence[Node] = ()
    ) -> Element:
        """An element with children, whose parent it becomes."""
        return cls(tag, dict(attributes or {})).set_children(children)

    @property
    def container(self) -> Element:
        """The parent of an element that is known to be in a tree. Raises ValueError for one that is not."""
        if self.parent is None:
            raise ValueError(f"<{self.tag}> is not in a tree")
        return self.parent

    @property
    def classes(self) -> list[str]:
        """The names in the class attribute."""
        return (self.attributes.get("class") or "").split()

    @property
    def id(self) -> str:
        """The id attribute, empty if there is none."""
        return self.attributes.get("id") or ""

    def append(self, node: NodeType) -> NodeType:
        """Add a last child and return it."""
        self.children.append(node)
        if isinstance(node, Element):
            node.parent = self
        return node

    def set_children(self, nodes: Sequence[Node]) -> Element:
        """Replace the children by `nodes`, and return this element."""
        self.children = []
        for node in nodes:
            self.append(node)
        return self

    def replace(self, *nodes: Node) -> None:
        """Put `nodes` in the place of this element."""
        container = self.container
        index = self.index()
        container.children[index : index + 1] = nodes
        for node in nodes:
            if isinstance(node, Element):
                node.parent = container
        if self not in nodes:
            self.parent = None

    def unwrap(self) -> None:
        """Leave the children in the place of this element."""
        self.replace(*self.children)

    def index(self) -> int:
        """The index of this element among its parent's children."""
        return next(index for index, node in enumerate(self.container.children) if node is self)

    def is_empty(self) -> bool:
        """Whether there is nothing but white space inside."""
        return all(isinstance(child, str) and not child.strip() for child in self.children)

    def walk(self) -> Iterator[Element]:
        """The elements below this one, in document order. An element may be replaced once it has been
        yielded.
        """
        for child in list(self.children):
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def find(self, *tags: str) -> Iterator[Element]:
        """The elements below this one that have one of `tags`."""
        return (element for element in self.walk() if element.tag in tags)

    def closest(self, *tags: str) -> Element | None:
        """The nearest ancestor that has one of `tags`."""
        ancestor = self.parent
        while ancestor is not None and ancestor.tag not in tags:
            ancestor = ancestor.parent
        return ancestor

    def text(self) -> str:
        """The content as plain text."""
        return "".join(text_of(child) for child in self.children)

    def html(self) -> str:
        """The element as HTML."""
        inner = "".join(html_of(child) for child in self.children)
        if not self.tag:
            return inner
        start = f"<{self.tag}{''.join(map(_attribute, self.attributes.items()))}>"
        return start if self.tag in VOID else f"{start}{inner}</{self.tag}>"


Node = Element | Markup | str
NodeType = TypeVar("NodeType", bound=Node)


def html_of(node: Node) -> str:
    """The HTML of a node. Text is escaped here and nowhere else."""
    if isinstance(node, str):
        return html.escape(node, quote=False)
    return node.html if isinstance(node, Markup) else node.html()


def text_of(node: Node) -> str:
    """The plain text of a node."""
    if isinstance(node, str):
        return node
    return node.text if isinstance(node, Markup) else node.text()


def is_blank(node: Node) -> bool:
    """Whether a node is text of white space only."""
    return isinstance(node, str) and not node.strip()


def trimmed(nodes: Sequence[Node]) -> list[Node]:
    """`nodes` without white space and line breaks at either end."""
    nodes = list(nodes)
    while nodes and _is_space(nodes[0]):
        nodes.pop(0)
    while nodes and _is_space(nodes[-1]):
        nodes.pop()
    if nodes and isinstance(nodes[0], str):
        nodes[0] = nodes[0].lstrip()
    if nodes and isinstance(nodes[-1], str):
        nodes[-1] = nodes[-1].rstrip()
    return nodes


def _is_space(node: Node) -> bool:
    return is_blank(node) or (isinstance(node, Element) and node.tag == "br")


def _attribute(item: tuple[str, str | None]) -> str:
    name, value = item
    return f" {name}" if value is None else f' {name}="{html.escape(value)}"'
