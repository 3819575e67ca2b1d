"""Passes over the tree: footnotes, citations, headings, figures."""
