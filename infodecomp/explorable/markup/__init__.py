"""Essays as people write them, read, checked and rendered: Markdown with raw HTML, notes, citations,
formulas, figures.

`reading` turns files into documents, `parsing` turns text into a tree, `transforms` are passes over that
tree. `page` renders a document and `lint` reports what its author should fix.
"""
