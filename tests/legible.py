"""Whether the text of a picture is large enough to be read."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

SMALLEST = 11  # pixels


def assert_legible(svg: str) -> None:
    """Fail unless an SVG has text, all of it in a size that can be read."""
    sizes = list(text_sizes(ET.fromstring(svg)))
    assert sizes, "a picture without text"
    assert min(sizes) >= SMALLEST, min(sizes)


def text_sizes(node: ET.Element, size: float | None = None) -> Iterator[float]:
    """The font size of each piece of text, its own or that of what it lies in."""
    own = node.get("font-size")
    size = size if own is None else float(own)
    if node.tag.rpartition("}")[2] in ("text", "tspan") and (node.text or "").strip():
        assert size is not None, f"{node.text!r} has no size"
        yield size
    for child in node:
        yield from text_sizes(child, size)
