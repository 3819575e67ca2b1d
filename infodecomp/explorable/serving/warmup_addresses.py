"""Ahead: what readers will ask for first, so that it can be made while nobody waits for it."""

from collections.abc import Iterator
from urllib.parse import urlencode

from infodecomp.explorable.figures.parameters import is_active
from infodecomp.explorable.figures.state import NARROW, WIDE
from infodecomp.explorable.site.library import Library

FIELDS = "svg,texts,voice,description,parameters"  # what a page asks for when a hand moves
LARGE_PHONE = (
    370  # pixels of a picture in a window of 412, the commonest that a page's own two pictures do not fit
)


def pages(library: Library) -> Iterator[str]:
    """The addresses of the essays, the newest first."""
    yield "/"
    for document in library.essays():
        yield f"/essays/{document.slug}"


def first_moves(library: Library) -> Iterator[str]:
    """The addresses that a page asks for when one control leaves its default, at the widths that are seen most; and before, where
    it does not carry the pictures itself.
    """
    quick = [
        library.figures[name]
        for name in library.figure_order()
        if library.figures[name].has("draw") and not library.figures[name].streams
    ]
    for width in (WIDE, NARROW, LARGE_PHONE):
        shown = urlencode({"_fields": FIELDS, "_width": width})
        if width == LARGE_PHONE:
            yield from (f"/figures/{figure.name}.json?{shown}" for figure in quick)
        for figure in quick:
            defaults = {parameter.name: parameter.default for parameter in figure.parameters}
            for parameter in figure.parameters:
                if is_active(parameter, defaults):
                    for value in parameter.warmup_values():
                        yield f"/figures/{figure.name}.json?{urlencode({parameter.name: parameter.write(value)})}&{shown}"
