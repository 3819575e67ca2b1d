"""From text to a tree of HTML elements."""
