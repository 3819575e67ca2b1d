"""Essays as people write them: front matter, Markdown mixed with HTML, notes, citations, formulas, mounts; read, checked, rendered.

documents.py reads a file, page.py renders it, check.py says what an author should mend; the others are one idea each.
"""
