"""A page as a tree of elements, text and finished markup: what is written out of a tree is always balanced."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())


@dataclass(eq=False)
class Markup:
    """Finished HTML that is not looked into: a formula, a figure; ``text`` is what it says in plain words.

    ``figure`` names the figure or panel that is mounted there.
    """

    html: str
    text: str = ""
    block: bool = False
    figure: str = ""


@dataclass(eq=False)
class Element:
    """One element; ``written`` says that its tag stands in the essay itself, at ``line``, and was not made of Markdown."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    parent: Element | None = None
    line: int | None = None
    end_line: int | None = None
    written: bool = False
    matched: bool = True
    aliases: frozenset[str] = frozenset()

    @property
    def classes(self) -> list[str]:
        return (self.attributes.get("class") or "").split()

    def append(self, node: Node) -> Node:
        self.children.append(node)
        if isinstance(node, Element):
            node.parent = self
        return node

    def take(self, nodes: list[Node]) -> Element:
        """Make ``nodes`` the children, and itself the parent of those that are elements."""
        self.children = []
        for node in nodes:
            self.append(node)
        return self

    def replace(self, *nodes: Node) -> None:
        """Put ``nodes`` in the place of this element."""
        siblings = self.parent.children
        place = self.place()
        siblings[place : place + 1] = nodes
        for node in nodes:
            if isinstance(node, Element):
                node.parent = self.parent
        self.parent = None if self not in nodes else self.parent

    def unwrap(self) -> None:
        """Leave the children in the place of this element."""
        self.replace(*self.children)

    def place(self) -> int:
        """The index of this element among its parent's children."""
        return next(index for index, node in enumerate(self.parent.children) if node is self)

    def is_empty(self) -> bool:
        """Whether nothing but white space is inside."""
        return all(isinstance(child, str) and not child.strip() for child in self.children)

    def walk(self) -> Iterator[Element]:
        """The elements below this one, in document order; those walked may be replaced on the way."""
        for child in list(self.children):
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def find(self, *tags: str) -> Iterator[Element]:
        return (element for element in self.walk() if element.tag in tags)

    def closest(self, *tags: str) -> Element | None:
        """The nearest element around this one with one of ``tags``."""
        around = self.parent
        while around is not None and around.tag not in tags:
            around = around.parent
        return around

    def text(self) -> str:
        return "".join(text_of(child) for child in self.children)

    def html(self) -> str:
        inner = "".join(html_of(child) for child in self.children)
        if not self.tag:
            return inner
        start = f"<{self.tag}{''.join(map(_attribute, self.attributes.items()))}>"
        return start if self.tag in VOID else f"{start}{inner}</{self.tag}>"


Node = Element | Markup | str


def html_of(node: Node) -> str:
    """The HTML of a node; text is escaped here and nowhere else."""
    if isinstance(node, str):
        return html.escape(node, quote=False)
    return node.html if isinstance(node, Markup) else node.html()


def text_of(node: Node) -> str:
    if isinstance(node, str):
        return node
    return node.text if isinstance(node, Markup) else node.text()


def is_blank(node: Node) -> bool:
    return isinstance(node, str) and not node.strip()


def trimmed(nodes: list[Node]) -> list[Node]:
    """``nodes`` without white space and line breaks at either end."""
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
