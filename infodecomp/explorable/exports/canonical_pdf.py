"""Rewrites a PDF so that equal pictures are equal files.

The library that makes PDFs writes the fonts and groups of a page in an order of chance, which differs between
two processes. Here the entries of resource dictionaries are sorted, and the objects are numbered and written
in the order in which the catalogue leads to them.
"""

import re

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_ENTRIES = re.compile(rb"(?:[ ]*/\w+ \d+ 0 R\n){2,}")  # of a resource dictionary
_SIZE = re.compile(rb"/Size \d+")
_XREF_ENTRY = re.compile(rb"(\d{10}) \d{5} n")


def canonical_pdf(pdf: bytes) -> bytes:
    """Write the objects of a PDF anew, in an order that depends on its content alone.

    Parameters
    ----------
    pdf : bytes
        With a cross-reference table, and references outside of streams only.

    Returns
    -------
    bytes
        The same document. A file of another structure is returned as it is.
    """
    table = pdf.rfind(b"\nxref\n") + 1
    trailer = pdf.find(b"trailer", table)
    offsets = sorted(int(offset) for offset in _XREF_ENTRY.findall(pdf, table, trailer))
    if not table or trailer < 0 or not offsets:
        return pdf
    objects: dict[int, tuple[bytes, bytes]] = {}  # dictionary and stream, by number
    for start, end in zip(offsets, [*offsets[1:], table]):
        number, _, content = pdf[start:end].partition(b" 0 obj")
        head, stream, body = content.partition(b"\nstream")
        objects[int(number)] = _ENTRIES.sub(_sorted_entries, head), stream + body
    ending = pdf[trailer:].partition(b"startxref")[0]
    numbers: dict[int, int] = {}
    _number(ending, objects, numbers)

    def renumber(text: bytes) -> bytes:
        return _REFERENCE.sub(lambda found: b"%d 0 R" % numbers[int(found[1])], text)

    written, places = pdf[: offsets[0]], []
    for old, new in numbers.items():
        head, rest = objects[old]
        places.append(len(written))
        written += b"%d 0 obj" % new + renumber(head) + rest
    entries = b"".join(b"%010d 00000 n\r\n" % place for place in places)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f\r\n" % (len(places) + 1) + entries
    return (
        written
        + _SIZE.sub(b"/Size %d" % (len(places) + 1), renumber(ending))
        + b"startxref\n%d\n%%%%EOF" % start
    )


def _sorted_entries(found: re.Match[bytes]) -> bytes:
    return b"".join(sorted(found[0].splitlines(True)))


def _number(text: bytes, objects: dict[int, tuple[bytes, bytes]], numbers: dict[int, int]) -> None:
    """Number the objects that a text refers to, and those that they refer to, as they come."""
    pending = [iter(_REFERENCE.findall(text))]
    while pending:
        reference = next(pending[-1], None)
        if reference is None:
            pending.pop()
        elif (old := int(reference)) not in numbers:
            numbers[old] = len(numbers) + 1
            pending.append(iter(_REFERENCE.findall(objects[old][0])))
